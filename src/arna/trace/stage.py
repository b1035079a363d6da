"""The stage trace: words and credits of articles in, matches and then Reliance, Family and origin shares out.

Arrow tables in, Arrow tables out. An article's number is its place in order of time; equal times go by id.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from arna.terms import SCHEMAS, UNKNOWN
from arna.text.words import find_words
from arna.trace.align import Match, align_chains
from arna.trace.choose import DAY, Clock, Evidence, choose_sources
from arna.trace.families import tie_passages
from arna.trace.hits import Corpus, find_chains
from arna.trace.judge import judge_matches
from arna.trace.places import Places
from arna.trace.renderings import choose_doubts, list_renderings, spread_doubts
from arna.trace.rows import tabulate_families, tabulate_origins, tabulate_reliances
from arna.trace.shares import Spoken, share_origins
from arna.trace.verdicts import judge_credits, judge_links, read_verdicts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from arna.terms import Judgement, Space

_AT_ONCE = 200
"""Texts whose words are found at once: their columns stay in the processor's cache (17 million characters a second)."""


def tabulate_words(articles: pa.Table) -> pa.Table:
    """Words of articles (columns ``id``, ``text``) as rows of the table ``words``."""
    parts = []
    for begin in range(0, articles.num_rows, _AT_ONCE):
        some = articles.slice(begin, _AT_ONCE)
        words = find_words(some["text"].to_pylist())
        offsets = pa.array(words.offsets, pa.int32())

        def lists(values: NDArray[np.generic], offsets: pa.Array = offsets) -> pa.Array:
            return pa.ListArray.from_arrays(offsets, pa.array(values))

        columns = [
            some["id"].combine_chunks(),
            lists(words.hashes.view(np.int32)),
            lists(words.begins),
            lists(words.ends),
            lists(words.flags.view(np.int8)),
        ]
        parts.append(pa.table(columns, schema=SCHEMAS["words"]))
    return pa.concat_tables(parts) if parts else SCHEMAS["words"].empty_table()


_NEVER = 1 << 61


@dataclass(frozen=True)
class Library:
    """All articles of a space, numbered in order of time, with their words as flat columns."""

    ids: list[str]
    outlets: list[str]
    clock: Clock
    corpus: Corpus
    flags: NDArray[np.uint8]

    @property
    def outlet_numbers(self) -> NDArray[np.int32]:
        """A number per article for its outlet."""
        return np.unique(self.outlets, return_inverse=True)[1].astype(np.int32)


def gather_library(articles: pa.Table, words: pa.Table, new: frozenset[str] | None = None) -> Library:
    """Put articles and words side by side.

    Args:
        articles: columns ``id``, ``outlet``, ``published_at``, ``published_from``; any order.
        words: the same articles' rows of ``words`` (columns ``article_id``, ``hashes``, ``flags``), any order.
        new: ids of articles not matched before; ``None`` for all.
    """
    at = articles["published_at"].cast(pa.int64()).fill_null(_NEVER).to_numpy()
    # A day without a time of day comes after that day's timed articles: it must not pass for their source.
    order = np.lexsort((articles["id"].to_numpy(zero_copy_only=False).astype(str), at + np.where(at % DAY, 0, DAY - 1)))
    ordered = articles.take(pa.array(order))
    ids = ordered["id"].to_pylist()
    rows = pc.index_in(pa.array(ids, pa.string()), value_set=words["article_id"].combine_chunks())
    taken = words.take(rows)
    hashes = taken["hashes"].combine_chunks()
    offsets = hashes.offsets.to_numpy().astype(np.int64)
    times = ordered["published_at"].cast(pa.int64()).fill_null(-1).to_numpy()
    return Library(
        ids=ids,
        outlets=ordered["outlet"].to_pylist(),
        clock=Clock(
            times=times,
            coarse=times % DAY == 0,
            weak=pc.equal(ordered["published_from"], "fetched").fill_null(True).to_numpy(zero_copy_only=False),
        ),
        corpus=Corpus(
            hashes=_flat(hashes).view(np.uint32),
            offsets=offsets - offsets[0],
            new=np.fromiter((new is None or item in new for item in ids), dtype=np.bool_, count=len(ids)),
        ),
        flags=_flat(taken["flags"].combine_chunks()).view(np.uint8),
    )


def _flat(lists: pa.ListArray) -> NDArray[np.generic]:
    values: NDArray[np.generic] = lists.flatten().to_numpy(zero_copy_only=False)
    return values


def match_articles(library: Library, known: pa.Table) -> pa.Table:
    """Rows of ``matches``: those that have a new article in them, found, and the known others, judged together."""
    found = align_chains(library.corpus, find_chains(library.corpus))
    number = {item: n for n, item in enumerate(library.ids)}
    new = library.corpus.new
    before = [match for match in _list_matches(known, number) if not (new[match.a] or new[match.b])]
    kept = judge_matches(library.corpus, library.flags, library.outlet_numbers, before + found)
    rows = np.array(kept, dtype=np.int32).reshape(-1, len(Match._fields))
    ids = pa.array(library.ids, pa.string())
    columns = [ids.take(pa.array(rows[:, 0])), ids.take(pa.array(rows[:, 1]))]
    return pa.table(
        [*columns, *(pa.array(rows[:, n]) for n in range(2, len(Match._fields)))], schema=SCHEMAS["matches"]
    )


def _list_matches(rows: pa.Table, number: Mapping[str, int]) -> list[Match]:
    ids = ([number[item] for item in rows[name].to_pylist()] for name in ("article_id", "other_id"))
    return [Match(*row) for row in zip(*ids, *(rows[name].to_pylist() for name in rows.column_names[2:]), strict=True)]


@dataclass(frozen=True)
class Found:
    """What was found in and between articles, before it is decided who leans on whom.

    Attributes:
        matches: rows of ``matches``.
        alignments: rows of ``alignments``.
        credits: rows of ``credits``; those that name the article's own outlet are passed over.
        links: columns ``article_id``, ``begin``, ``end``, ``url``, ``outlet`` (of the page linked to),
            ``target_id`` (the article, where it is held).
    """

    matches: pa.Table
    alignments: pa.Table
    credits: pa.Table
    links: pa.Table


@dataclass(frozen=True)
class Traced:
    """What the stage concludes: whole tables, to replace the ones before.

    ``lost`` are judgements of what the space does not hold.
    """

    reliances: pa.Table
    families: pa.Table
    origins: pa.Table
    lost: Sequence[Judgement] = ()


def decide(
    library: Library,
    found: Found,
    passages: pa.Table,
    words: pa.Table,
    space: Space,
    judgements: Sequence[Judgement] = (),
) -> Traced:
    """Decide who leans on whom, and whose reporting each article is.

    Args:
        library: all articles.
        found: what was found in and between them.
        passages: rows of ``passages`` of the articles in ``words``.
        words: rows of ``words`` (``article_id``, ``begins``, ``ends``) of every article that occurs in the others.
        space: for the origins of outlets.
        judgements: what people decided, which goes before all that was found.
    """
    number = {item: n for n, item in enumerate(library.ids)}
    places = Places(number, words)
    verdicts = read_verdicts(judgements, places)
    held = [item for item in judgements if item.article_id in places.number]
    credit_rows = judge_credits(
        held,
        [row for row in found.credits.to_pylist() if row["outlet"] != library.outlets[number[row["article_id"]]]],
    )
    link_rows = judge_links(held, found.links.to_pylist(), number)
    named = {row["outlet"] for row in [*credit_rows, *link_rows] if row["outlet"] is not None}
    outlet_names = sorted({*library.outlets, *(item.id for item in space.outlets), *named})
    outlet_number = {name: n for n, name in enumerate(outlet_names)}
    outlets = np.array([outlet_number[name] for name in library.outlets], dtype=np.int32)
    spans = places.passages(passages)
    speeches = _find_speeches(credit_rows, number, places, spans)
    evidence = _gather_evidence(speeches, link_rows, number, outlet_number, outlets)
    pairs = [match for match in _list_matches(found.matches, number) if match.telling]
    told, doubtful = list_renderings(found.alignments, number, spans)
    leans = choose_sources(pairs, evidence, library.clock, told, verdicts)
    doubts = choose_doubts(doubtful, leans, evidence, library.clock, verdicts)
    origins = [space.origin_of(name) for name in library.outlets]
    shares = share_origins(
        np.diff(library.corpus.offsets), origins, outlets, leans, _speak(speeches, space), spread_doubts(doubts)
    )
    return Traced(
        reliances=tabulate_reliances(library.ids, library.outlets, leans, doubts, places, credit_rows, link_rows),
        families=tabulate_families(library.ids, tie_passages(leans, spans)),
        origins=tabulate_origins(library.ids, shares),
        lost=verdicts.lost,
    )


@dataclass(frozen=True)
class _Speech:
    """Words ``[first, last)`` of an article that a credit to an outlet speaks for."""

    article: int
    outlet: str | None
    first: int
    last: int


def _find_speeches(
    credit_rows: Sequence[dict[str, Any]],
    number: Mapping[str, int],
    places: Places,
    spans: Mapping[int, tuple[NDArray[np.int64], NDArray[np.int64]]],
) -> list[_Speech]:
    """What credits speak for: the whole article, else the passage they stand in.

    In such an order that later ones count: the narrower over the whole, then the first in the text.
    """
    speeches = []
    for row in sorted(credit_rows, key=lambda row: (not row["whole"], -row["begin"])):
        article = number[row["article_id"]]
        if row["whole"]:
            extent = (0, len(places.at[article][0]))
        else:
            at = places.words_of(article, row["begin"], row["end"])[0]
            firsts, lasts = spans.get(article, (_NOWHERE, _NOWHERE))
            n = int(np.searchsorted(lasts, at, side="right"))
            extent = (int(firsts[n]), int(lasts[n])) if n < len(firsts) else (at, at)
        speeches.append(_Speech(article, row["outlet"], *extent))
    return speeches


_NOWHERE = np.empty(0, dtype=np.int64)


def _gather_evidence(
    speeches: Sequence[_Speech],
    link_rows: Sequence[dict[str, Any]],
    number: Mapping[str, int],
    outlet_number: Mapping[str, int],
    outlets: NDArray[np.int32],
) -> Evidence:
    evidence = Evidence(outlets)
    for speech in speeches:
        if speech.outlet is not None:
            said = (outlet_number[speech.outlet], speech.first, speech.last)
            evidence.credited.setdefault(speech.article, []).append(said)
    for row in link_rows:
        at = number[row["article_id"]]
        if row["target_id"] is not None:
            evidence.linked_articles.setdefault(at, set()).add(number[row["target_id"]])
        if row["outlet"] is not None:
            evidence.linked_outlets.setdefault(at, set()).add(outlet_number[row["outlet"]])
    return evidence


def _speak(speeches: Sequence[_Speech], space: Space) -> dict[int, list[Spoken]]:
    spoken: dict[int, list[Spoken]] = {}
    for speech in speeches:
        origin = UNKNOWN if speech.outlet is None else space.origin_of(speech.outlet)
        spoken.setdefault(speech.article, []).append(Spoken(speech.first, speech.last, origin))
    return spoken
