"""What the spans of the traced articles rest on: rows fetched once, and each source explained."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from arna.air.report_pairs import name_kind_of, read_bead, read_detail
from arna.air.report_spans import cut_passage
from arna.air.report_words import clean_text, mark_language, name_language, safe_url, show_count, show_share, show_time
from arna.air.voice import current_voice, say, say_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from arna.store import Lake
    from arna.terms import Space

HOPS = 4
"""Steps of a chain followed past an article's source."""

PASSAGE = 320
"""Of a source's passage, what is shown at once."""

REST = 4_000
"""Of a source's passage, what is folded away at the most."""


@dataclass(frozen=True)
class Place:
    """Who and where: an outlet by its id, as shown, with its origin and the language of its name."""

    id: str
    outlet: str
    lang: str
    origin: str
    registered: bool


@dataclass(frozen=True)
class Hop:
    """A further step of a chain, to the article ``id``; ``how`` is a verb."""

    id: str
    how: str
    place: Place
    language: str
    time: str


@dataclass(frozen=True)
class Held:
    """An article that another rests on, as the report names it; all empty if it is no longer held."""

    id: str = ""
    place: Place | None = None
    url: str = ""
    title: str = ""
    time: str = ""
    lang: str = ""
    language: str = ""


@dataclass(frozen=True)
class Ground:
    """What a span rests on, explained: the row ``lean`` of ``reliances`` in words.

    ``head`` and ``rest`` are the passage of the source, if there is one.
    """

    lean: Mapping[str, Any]
    number: int
    kind: str
    marked: bool
    source: Held
    place: Place | None
    said: str
    url: str
    head: str
    rest: str
    score: str
    direction: str
    sure: bool
    hops: tuple[Hop, ...]


class Sources:
    """Rows of some articles and of everything they rest on.

    Attributes:
        leans: rows of ``reliances`` by article.
        articles: rows of ``articles`` by id.
        shares: by article and origin.
        passages: begin and end of the passages of the articles and of what they may be translated from.
    """

    def __init__(self, lake: Lake, space: Space, ids: Sequence[str]) -> None:
        self.lake, self.space = lake, space
        self.leans: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.articles: dict[str, dict[str, Any]] = {}
        self.shares: dict[str, dict[str, float]] = defaultdict(dict)
        self.passages: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for row in self._fetch(
            "SELECT r.article_id, r.origin, r.share FROM origins r SEMI JOIN wanted USING (article_id) ORDER BY ALL",
            ("origins",),
            ids,
        ):
            self.shares[row["article_id"]][row["origin"]] = row["share"]
        held = self._fetch_leans(set(ids))
        rendered = [read_bead(row).source for id_ in ids for row in self.leans[id_] if row["kind"] == "translation"]
        for row in self.fetch_articles(sorted(held | set(rendered))):
            self.articles[row["id"]] = row | {"text": clean_text(row["text"] or "")}
        for row in self._fetch(
            """SELECT p.article_id, p."begin", p."end" FROM passages p SEMI JOIN wanted USING (article_id)
               ORDER BY p.article_id, p.n""",
            ("passages",),
            sorted({*ids, *rendered}),
        ):
            self.passages[row["article_id"]].append((row["begin"], row["end"]))

    def fetch_articles(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """Articles with their texts, those that are held."""
        return self._fetch(
            """SELECT a.id, a.url, a.outlet, a.title, a.published_at, a.published_from, a.lang, a.text
               FROM articles a JOIN wanted ON wanted.article_id = a.id ORDER BY a.id""",
            ("articles",),
            ids,
        )

    def _fetch_leans(self, wanted: set[str]) -> set[str]:
        """Fill in ``leans``; the ids of all articles met."""
        known: set[str] = set()
        for _ in range(HOPS + 2):
            if wanted <= known:
                break
            rows = self._fetch(
                """SELECT r.* FROM reliances r SEMI JOIN wanted USING (article_id)
                   ORDER BY article_id, begin, "end", kind, source_article_id, source_outlet, source_begin""",
                ("reliances",),
                sorted(wanted - known),
            )
            known |= wanted
            for row in rows:
                self.leans[row["article_id"]].append(row)
            wanted = {row["source_article_id"] for row in rows if row["source_article_id"]}
        return known | wanted

    def _fetch(self, sql: str, tables: tuple[str, ...], ids: Iterable[str]) -> list[dict[str, Any]]:
        given = {"wanted": pa.table({"article_id": pa.array(list(ids), pa.string())})}
        rows: list[dict[str, Any]] = self.lake.query(sql, tables, given).to_pylist()
        return rows

    def name_place(self, outlet_id: str) -> Place:
        """An outlet as shown."""
        outlet = self.space.outlets_by_id.get(outlet_id)
        if outlet is None:
            return Place(outlet_id, clean_text(outlet_id), "", "unknown", registered=False)
        return Place(outlet.id, outlet.name, mark_language(outlet.languages[0]), outlet.origin, registered=True)

    def name_article(self, article_id: str | None) -> Held:
        """An article as the report names it."""
        row = self.articles.get(article_id or "")
        if row is None:
            return Held()
        return Held(
            id=row["id"],
            place=self.name_place(row["outlet"]),
            url=safe_url(row["url"]),
            title=clean_text(row["title"] or "").strip() or say("(no title)"),
            time=_tell_time(row),
            lang=mark_language(row["lang"]),
            language=name_language(row["lang"] or "und"),
        )

    def explain(self, number: int, lean: dict[str, Any], text: str) -> Ground:
        """What a span that is no translation rests on."""
        source = self.articles.get(lean["source_article_id"] or "")
        detail = read_detail(lean["detail"])
        outlet = lean["source_outlet"] or (source["outlet"] if source else None)
        copied = lean["kind"] == "copy"
        head, rest = "", ""
        if source and copied and lean["source_begin"] is not None:
            head, rest = cut_passage(source["text"][lean["source_begin"] : lean["source_end"]], PASSAGE)
        held = self.name_article(lean["source_article_id"])
        return Ground(
            lean=lean,
            number=number,
            kind=lean["kind"],
            marked=0 <= lean["begin"] < lean["end"] <= len(text),
            source=held,
            place=self.name_place(outlet) if outlet else None,
            said=clean_text(str(detail.get("name") or detail.get("url") or "")),
            url=safe_url(str(detail.get("url", ""))) if lean["kind"] == "link" else held.url,
            head=head,
            rest=rest[:REST],
            score=_tell_score(lean, detail),
            direction=_tell_part(lean, detail) or tell_direction(lean["direction"], lean["direction_confidence"]),
            sure=lean["direction"] != "unclear",
            hops=self.follow(lean["article_id"], lean["source_article_id"], [_source_span(lean)]) if copied else (),
        )

    def follow(self, article_id: str, source_id: str | None, spans: Sequence[tuple[int, int]]) -> tuple[Hop, ...]:
        """What spans of an article's source rest on in turn, step by step."""
        hops: list[Hop] = []
        seen = {article_id, source_id}
        while len(hops) < HOPS:
            under: dict[str, list[dict[str, Any]]] = defaultdict(list)
            sizes: dict[str, int] = defaultdict(int)
            for lean in self.leans.get(source_id or "", ()):
                size = _overlap(lean, spans)
                if size and name_kind_of(lean) in {"copy", "translation"} and lean["source_article_id"] not in seen:
                    under[lean["source_article_id"]].append(lean)
                    sizes[lean["source_article_id"]] += size
            best = max(sorted(sizes), key=lambda key: sizes[key], default="")
            source = self.articles.get(best)
            if source is None or 2 * sizes[best] < sum(end - begin for begin, end in spans):
                break
            held = self.name_article(best)
            hops.append(
                Hop(best, _name_step(under[best][0]), self.name_place(source["outlet"]), held.language, held.time)
            )
            seen.add(best)
            source_id, spans = best, [_source_span(lean) for lean in under[best]]
        return tuple(hops)


def _name_step(lean: dict[str, Any]) -> str:
    if lean["direction"] == "unclear":
        return say("says the same as")
    return say("was translated from") if lean["kind"] == "translation" else say("was copied from")


def _source_span(lean: dict[str, Any]) -> tuple[int, int]:
    return lean["source_begin"] or 0, lean["source_end"] or 0


def _overlap(lean: dict[str, Any], spans: Sequence[tuple[int, int]]) -> int:
    return sum(max(0, min(end, lean["end"]) - max(begin, lean["begin"])) for begin, end in spans)


def _tell_time(row: dict[str, Any]) -> str:
    told = show_time(row["published_at"])
    return (
        say("{time} (when fetched)", time=told) if row["published_at"] and row["published_from"] == "fetched" else told
    )


def _tell_score(lean: dict[str, Any], detail: dict[str, Any]) -> str:
    if lean["kind"] != "copy" or lean["score"] is None:
        return ""
    equal, words = detail.get("equal_words"), detail.get("words")
    same = say("{share} alike", share=show_share(min(1.0, lean["score"])))
    if equal is None or words is None:
        return same
    return say_number(
        "{same}: {equal} of {count} word the same", "{same}: {equal} of {count} words the same", words, same=same,
        equal=show_count(equal),
    )  # fmt: skip


def _tell_part(lean: dict[str, Any], detail: dict[str, Any]) -> str:
    if lean["kind"] == "credit":
        return say("speaks for the whole article") if detail.get("whole") else say("speaks for its sentence")
    if lean["kind"] == "link":
        return say("the article is held") if lean["source_article_id"] else say("the page itself is not held")
    return ""


def tell_direction(direction: str | None, confidence: float | None) -> str:
    """How it is known who leans on whom, and how surely."""
    sure = current_voice().say_decimal(confidence, 2) if confidence is not None else say("not measured")
    told = {
        "credit": say("stated by a credit, confidence {sure}", sure=sure),
        "link": say("stated by a link, confidence {sure}", sure=sure),
        "clock": say("by the clock, confidence {sure}", sure=sure),
        "habit": say("by the habit of the two outlets, confidence {sure}", sure=sure),
        "judged": say("accepted by a person"),
        "unclear": say("unclear: neither the texts nor their times say who was first"),
    }
    return told.get(direction or "unclear", f"{clean_text(str(direction))}, {sure}")
