"""From a chain of hits to the exact spans two articles share, in words.

Around each chain the two word sequences are aligned by their longest common subsequence (bit-parallel, Hyyrö 2004, in
rapidfuzz); equal words earn a point, a changed, missing or added word costs one, and the maximal scoring segments
(Ruzzo and Tompa 1999) are the shared spans. A text edited by 30 % still earns 0.4 a word; unrelated text loses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz.distance import LCSseq

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from arna.trace.hits import Chains, Corpus

MARGIN = 24
"""Words looked at beyond a chain on each side; more is fetched while a span runs into the edge."""

SHORTEST, LEAST = 8, 6
"""Words a span must have, and points it must earn: 8 words in a row of which one may be changed. Set expressions and
names of offices of six and seven words are shared by chance (300 times in the planted corpus)."""


class Match(NamedTuple):
    """Spans that two articles share: words ``[first, last)`` of each, and how many are equal.

    ``telling`` are the equal words that are no part of a stock phrase; it is set when the match is judged.
    """

    a: int
    b: int
    first: int
    last: int
    other_first: int
    other_last: int
    equal: int
    telling: int = 0


def align_chains(corpus: Corpus, chains: Chains) -> list[Match]:
    """Shared spans of all chains; spans of one pair never overlap in both articles."""
    matches: list[Match] = []
    pair, found = (-1, -1), list[Match]()
    for row in range(len(chains.a)):
        a, b = int(chains.a[row]), int(chains.b[row])
        if (a, b) != pair:
            matches += found
            pair, found = (a, b), []
        box = (
            int(chains.a_first[row]),
            int(chains.a_last[row]),
            int(chains.b_first[row]),
            int(chains.b_last[row]),
        )
        if any(_holds(match, box) for match in found):
            continue
        found = _add_matches(found, _words(corpus, a), _words(corpus, b), (a, b), box)
    return matches + found


def _add_matches(
    found: list[Match],
    a_words: NDArray[np.uint32],
    b_words: NDArray[np.uint32],
    pair: tuple[int, int],
    box: tuple[int, int, int, int],
) -> list[Match]:
    """Matches of a pair with those of one more chain; where it meets some of them, all are aligned again as one."""
    for match in _align_box(a_words, b_words, pair, box):
        met = [other for other in found if _overlaps(match, other)]
        found = [other for other in found if other not in met]
        if met:
            group = [match, *met]
            union = (
                min(item.first for item in group),
                max(item.last for item in group),
                min(item.other_first for item in group),
                max(item.other_last for item in group),
            )
            again = _align_box(a_words, b_words, pair, union)
            found += [item for item in again if not any(_overlaps(item, other) for other in found)]
        else:
            found.append(match)
    return found


def _words(corpus: Corpus, article: int) -> NDArray[np.uint32]:
    return corpus.hashes[corpus.offsets[article] : corpus.offsets[article + 1]]


def _holds(match: Match, box: tuple[int, int, int, int]) -> bool:
    a_first, a_last, b_first, b_last = box
    return (
        match.first <= a_first and a_last <= match.last and match.other_first <= b_first and b_last <= match.other_last
    )


def _overlaps(one: Match, two: Match) -> bool:
    return (
        one.first < two.last
        and two.first < one.last
        and one.other_first < two.other_last
        and two.other_first < one.other_last
    )


def _align_box(
    a_words: NDArray[np.uint32], b_words: NDArray[np.uint32], pair: tuple[int, int], box: tuple[int, int, int, int]
) -> list[Match]:
    margin = MARGIN
    while True:
        a_low, a_high = max(0, box[0] - margin), min(len(a_words), box[1] + margin)
        b_low, b_high = max(0, box[2] - margin), min(len(b_words), box[3] + margin)
        blocks = _equal_blocks(a_words[a_low:a_high].tolist(), b_words[b_low:b_high].tolist())
        segments = _find_segments(blocks)
        at_edge = any(
            (segment[0] == 0 and a_low > 0 and segment[2] == 0 and b_low > 0)
            or (a_low + segment[1] == a_high < len(a_words) and b_low + segment[3] == b_high < len(b_words))
            for segment in segments
        )
        if not at_edge:
            break
        margin *= 4
    return [
        Match(*pair, a_low + first, a_low + last, b_low + other_first, b_low + other_last, equal)
        for first, last, other_first, other_last, equal in segments
    ]


def _equal_blocks(a_words: Sequence[int], b_words: Sequence[int]) -> list[tuple[int, int, int]]:
    """Runs of equal words as (place in a, place in b, length), in order."""
    return [
        (op.src_start, op.dest_start, op.src_end - op.src_start)
        for op in LCSseq.opcodes(a_words, b_words)
        if op.tag == "equal"
    ]


def _find_segments(blocks: Sequence[tuple[int, int, int]]) -> list[tuple[int, int, int, int, int]]:
    """All maximal scoring segments of alternating equal runs and gaps, as (a, a end, b, b end, equal words)."""
    stack: list[tuple[int, int, int, int, int, int, int]] = []  # left sum, right sum, then the segment
    total, end_a, end_b = 0, 0, 0
    for place_a, place_b, length in blocks:
        total -= max(place_a - end_a, place_b - end_b)
        left, total = total, total + length
        end_a, end_b = place_a + length, place_b + length
        segment = (left, total, place_a, end_a, place_b, end_b, length)
        while True:
            at = next((n for n in range(len(stack) - 1, -1, -1) if stack[n][0] < segment[0]), None)
            if at is None or stack[at][1] >= segment[1]:
                stack.append(segment)
                break
            equal = segment[6] + sum(item[6] for item in stack[at:])
            segment = (stack[at][0], segment[1], stack[at][2], segment[3], stack[at][4], segment[5], equal)
            del stack[at:]
    return [
        item[2:]
        for item in stack
        if item[1] - item[0] >= LEAST and min(item[3] - item[2], item[5] - item[4]) >= SHORTEST
    ]
