"""Rows of ``alignments`` as spans of words, and what becomes of those that leave a translation in doubt."""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from arna.trace.align import Match
from arna.trace.choose import Doubt, Rendering, Vouchers, direct_pair, turn_match

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from arna.trace.choose import Clock, Evidence, Lean
    from arna.trace.verdicts import Verdicts

_Spans = dict[int, tuple["NDArray[np.int64]", "NDArray[np.int64]"]]
_Pair = list[tuple[Match, Rendering]]


def list_renderings(alignments: pa.Table, number: Mapping[str, int], spans: _Spans) -> tuple[list[_Pair], list[_Pair]]:
    """Pairs of articles with the spans of one that render spans of the other, in words: those told, those in doubt.

    Args:
        alignments: rows of ``alignments``, those of a pair one after the other.
        number: of an article id.
        spans: first and last word of the passages of each article.
    """
    told: list[_Pair] = []
    doubtful: list[_Pair] = []
    rows = alignments.to_pylist()
    for (article, other), some in groupby(rows, key=lambda row: (row["article_id"], row["other_id"])):
        a, b = number[article], number[other]
        pair: _Pair = []
        sure = False
        for row in some:
            first, last = int(spans[a][0][row["first"]]), int(spans[a][1][row["last"] - 1])
            other_first, other_last = int(spans[b][0][row["other_first"]]), int(spans[b][1][row["other_last"] - 1])
            sure = row["told"]
            if first < last and other_first < other_last:
                match = Match(a, b, first, last, other_first, other_last, 0, last - first)
                pair.append((match, Rendering(row["margin"], json.loads(row["compared"]))))
        if pair:
            (told if sure else doubtful).append(pair)
    return told, doubtful


def choose_doubts(
    pairs: Sequence[_Pair], leans: Sequence[Lean], evidence: Evidence, clock: Clock, verdicts: Verdicts | None = None
) -> list[Doubt]:
    """Spans that may render another article and lean on nothing for sure, of the article that came later.

    Where the clock cannot tell, those of both, or of the one whose time is less well known. A span has one doubt, by
    the pair with the best margin.
    """
    possible: dict[int, list[Doubt]] = defaultdict(list)
    for pair in pairs:
        for doubt in _direct_doubts(pair, evidence, clock):
            if verdicts is None or verdicts.allow(doubt):
                possible[doubt.match.a].append(doubt)
    covered: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for lean in leans:
        covered[lean.match.a].append((lean.match.first, lean.match.last))
    doubts = []
    for article in sorted(possible):
        taken = np.zeros(max(doubt.match.last for doubt in possible[article]), np.bool_)
        for first, last in covered[article]:
            taken[first:last] = True
        for doubt in sorted(possible[article], key=lambda item: (-item.rendering.margin, item.match)):
            span = slice(doubt.match.first, doubt.match.last)
            if 2 * np.count_nonzero(~taken[span]) >= span.stop - span.start:
                taken[span] = True
                doubts.append(doubt)
    return sorted(doubts, key=lambda item: item.match)


def _direct_doubts(pair: _Pair, evidence: Evidence, clock: Clock) -> list[Doubt]:
    a, b = pair[0][0][:2]
    if evidence.outlets[a] == evidence.outlets[b]:  # its own words either way
        return []
    sure = direct_pair([match for match, _ in pair], evidence, clock, Vouchers([], evidence))[1]
    more = clock.knows(a) - clock.knows(b) if sure == 0.5 else 0
    doubts = []
    if sure >= 0.5 and more <= 0:
        doubts += [Doubt(match, rendering) for match, rendering in pair]
    if sure <= 0.5 and more >= 0:
        doubts += [Doubt(turn_match(match), rendering.turn()) for match, rendering in pair]
    return doubts


def spread_doubts(doubts: Sequence[Doubt]) -> dict[int, list[tuple[int, int]]]:
    """Words in doubt per article."""
    words: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for doubt in doubts:
        words[doubt.match.a].append((doubt.match.first, doubt.match.last))
    return dict(words)
