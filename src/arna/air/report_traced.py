"""The traced articles of the report: their text with spans, and beside each span what it rests on."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from arna.air.report_choice import choose_articles
from arna.air.report_spans import Mark, cut_passage, lay_out
from arna.air.report_words import clean_text, mark_language, name_language, safe_url, show_share, show_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from arna.air.report_choice import Choice
    from arna.air.report_spans import Piece
    from arna.store import Lake
    from arna.terms import Space

SPANS = 24
"""Spans of an article explained at the most; the rest are counted."""

HOPS = 4
"""Steps of a chain followed past an article's source."""

PASSAGE = 320
"""Of a source's passage, what is shown at once."""

REST = 4_000
"""Of a source's passage, what is folded away at the most."""

_UNSAID = "unclear: neither the texts nor their times say who was first"


@dataclass(frozen=True)
class Place:
    """Who and where: an outlet as shown, with its origin and the language of its name."""

    outlet: str
    lang: str
    origin: str
    registered: bool


@dataclass(frozen=True)
class Hop:
    """A further step of a chain."""

    place: Place
    time: str


@dataclass(frozen=True)
class Ground:
    """What a span rests on, explained. ``head`` and ``rest`` are the passage of the source, if there is one."""

    number: int
    kind: str
    marked: bool
    place: Place | None
    said: str
    url: str
    title: str
    time: str
    lang: str
    language: str
    head: str
    rest: str
    score: str
    direction: str
    sure: bool
    hops: tuple[Hop, ...]


@dataclass(frozen=True)
class Traced:
    """An article as the report shows it."""

    id: str
    title: str
    url: str
    time: str
    lang: str
    language: str
    place: Place
    shapes: tuple[str, ...]
    carriers: int
    shares: Mapping[str, float]
    pieces: tuple[Piece, ...]
    grounds: tuple[Ground, ...]
    more: int


def gather_traced(lake: Lake, space: Space) -> tuple[Traced, ...]:
    """Choose the articles and explain their spans.

    Raises:
        StoreError: the lake cannot be read.
    """
    choices = choose_articles(lake, space)
    return _Opener(lake, space, [choice.id for choice in choices]).open(choices) if choices else ()


class _Opener:
    """Rows of the chosen articles and of everything they rest on, fetched once."""

    def __init__(self, lake: Lake, space: Space, ids: list[str]) -> None:
        self.lake, self.space = lake, space
        self.leans: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.articles: dict[str, dict[str, Any]] = {}
        self.shares: dict[str, dict[str, float]] = defaultdict(dict)
        for row in self._fetch(
            "SELECT r.article_id, r.origin, r.share FROM origins r SEMI JOIN wanted USING (article_id) ORDER BY ALL",
            ("origins",),
            ids,
        ):
            self.shares[row["article_id"]][row["origin"]] = row["share"]
        known: set[str] = set()
        wanted = set(ids)
        for _ in range(HOPS + 2):
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
        for row in self._fetch(
            """SELECT a.id, a.url, a.outlet, a.title, a.published_at, a.published_from, a.lang, a.text
               FROM articles a JOIN wanted ON wanted.article_id = a.id ORDER BY a.id""",
            ("articles",),
            sorted(known | wanted),
        ):
            self.articles[row["id"]] = row

    def _fetch(self, sql: str, tables: tuple[str, ...], ids: Iterable[str]) -> list[dict[str, Any]]:
        given = {"wanted": pa.table({"article_id": pa.array(list(ids), pa.string())})}
        rows: list[dict[str, Any]] = self.lake.query(sql, tables, given).to_pylist()
        return rows

    def open(self, choices: list[Choice]) -> tuple[Traced, ...]:
        return tuple(self._open_article(choice) for choice in choices)

    def _open_article(self, choice: Choice) -> Traced:
        row = self.articles[choice.id]
        leans = self.leans[choice.id]
        text = clean_text(row["text"] or "")
        kept = leans[:SPANS]
        marks = [Mark(n, _mark_kind(lean["kind"]), lean["begin"], lean["end"]) for n, lean in enumerate(kept, start=1)]
        return Traced(
            id=choice.id,
            title=clean_text(row["title"] or "").strip() or "(no title)",
            url=safe_url(row["url"]),
            time=_tell_time(row),
            lang=mark_language(row["lang"]),
            language=name_language(row["lang"] or "und"),
            place=self._place(row["outlet"]),
            shapes=choice.shapes,
            carriers=choice.carriers,
            shares=self.shares[choice.id],
            pieces=tuple(lay_out(text, marks)),
            grounds=tuple(self._explain(n, lean, text) for n, lean in enumerate(kept, start=1)),
            more=len(leans) - len(kept),
        )

    def _place(self, outlet_id: str) -> Place:
        outlet = self.space.outlets_by_id.get(outlet_id)
        if outlet is None:
            return Place(clean_text(outlet_id), "", "unknown", registered=False)
        return Place(outlet.name, mark_language(outlet.languages[0]), outlet.origin, registered=True)

    def _explain(self, number: int, lean: dict[str, Any], text: str) -> Ground:
        source = self.articles.get(lean["source_article_id"] or "")
        detail = _parse_detail(lean["detail"])
        outlet = lean["source_outlet"] or (source["outlet"] if source else None)
        copied = lean["kind"] in {"copy", "translation"}
        head, rest = "", ""
        if source and copied and lean["source_begin"] is not None:
            passage = clean_text(source["text"] or "")[lean["source_begin"] : lean["source_end"]]
            head, rest = cut_passage(passage, PASSAGE)
        url = str(detail.get("url", "")) if lean["kind"] == "link" else (source["url"] if source else "")
        return Ground(
            number=number,
            kind=lean["kind"],
            marked=0 <= lean["begin"] < lean["end"] <= len(text),
            place=self._place(outlet) if outlet else None,
            said=clean_text(str(detail.get("name") or detail.get("url") or "")),
            url=safe_url(url),
            title=clean_text(source["title"] or "").strip() or "(no title)" if source else "",
            time=_tell_time(source) if source else "",
            lang=mark_language(source["lang"]) if source else "",
            language=name_language(source["lang"] or "und") if source else "",
            head=head,
            rest=rest[:REST],
            score=_tell_score(lean, detail),
            direction=_tell_direction(lean, detail),
            sure=lean["direction"] != "unclear",
            hops=tuple(self._follow(lean)) if copied else (),
        )

    def _follow(self, lean: dict[str, Any]) -> list[Hop]:
        """What the source's passage rests on in turn, step by step."""
        hops: list[Hop] = []
        seen = {lean["article_id"], lean["source_article_id"]}
        while len(hops) < HOPS:
            under = [
                (_overlap(lean, other), other)
                for other in self.leans.get(lean["source_article_id"] or "", ())
                if other["kind"] in {"copy", "translation"} and other["source_article_id"] not in seen
            ]
            size, best = max(under, key=lambda item: item[0], default=(0, lean))
            if not under or 2 * size < (lean["source_end"] or 0) - (lean["source_begin"] or 0):
                break
            source = self.articles.get(best["source_article_id"])
            if source is None:
                break
            hops.append(Hop(self._place(source["outlet"]), _tell_time(source)))
            seen.add(best["source_article_id"])
            lean = best
        return hops


def _mark_kind(kind: str) -> str:
    return "copy" if kind == "translation" else kind


def _overlap(lean: dict[str, Any], other: dict[str, Any]) -> int:
    if lean["source_begin"] is None:
        return 0
    return int(min(lean["source_end"], other["end"]) - max(lean["source_begin"], other["begin"]))


def _tell_time(row: dict[str, Any]) -> str:
    told = show_time(row["published_at"])
    return f"{told} (when fetched)" if row["published_at"] and row["published_from"] == "fetched" else told


def _parse_detail(detail: str | None) -> dict[str, Any]:
    try:
        parsed = json.loads(detail or "{}")
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _tell_score(lean: dict[str, Any], detail: dict[str, Any]) -> str:
    if lean["kind"] not in {"copy", "translation"} or lean["score"] is None:
        return ""
    equal, words = detail.get("equal_words"), detail.get("words")
    same = f"{show_share(min(1.0, lean['score']))} alike"
    return f"{same}: {equal} of {words} words the same" if equal is not None and words is not None else same


def _tell_direction(lean: dict[str, Any], detail: dict[str, Any]) -> str:
    sure = f"{lean['direction_confidence']:.2f}" if lean["direction_confidence"] is not None else "not measured"
    if lean["kind"] == "credit":
        return "speaks for the whole article" if detail.get("whole") else "speaks for its sentence"
    if lean["kind"] == "link":
        return "the article is held" if lean["source_article_id"] else "the page itself is not held"
    told = {
        "credit": f"stated by a credit, {sure}",
        "link": f"stated by a link, {sure}",
        "clock": f"by the clock, {sure}",
        "unclear": _UNSAID,
    }
    return told.get(lean["direction"] or "unclear", f"{lean['direction']}, {sure}")
