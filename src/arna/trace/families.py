"""Families: passages tied by copying, each with its root. A passage without a row is a family of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from arna.trace.choose import Lean


def tie_passages(
    leans: Sequence[Lean], passages: dict[int, tuple[NDArray[np.int64], NDArray[np.int64]]]
) -> list[tuple[int, int, int, int]]:
    """Families of two passages or more.

    Args:
        leans: spans and their sources, in words.
        passages: per article, first and last (exclusive) word of its passages.

    Returns:
        Rows (root article, root passage, article, passage), every passage at most once, the root's own row included.
        A passage follows the source of the larger part of it; its root is where that ends.
    """
    source: dict[tuple[int, int], tuple[int, int]] = {}
    weight: dict[tuple[int, int], int] = {}
    for lean in leans:
        match = lean.match
        firsts, lasts = passages[match.a]
        other_firsts, other_lasts = passages[match.b]
        low = int(np.searchsorted(lasts, match.first, side="right"))
        high = int(np.searchsorted(firsts, match.last, side="left"))
        for n in range(low, high):
            shared = min(lasts[n], match.last) - max(firsts[n], match.first)
            if 2 * shared < lasts[n] - firsts[n] or shared <= weight.get((match.a, n), 0):
                continue
            middle = (max(firsts[n], match.first) + min(lasts[n], match.last)) / 2 - match.first
            scale = (match.other_last - match.other_first) / (match.last - match.first)
            place = match.other_first + int(middle * scale)
            m = int(np.searchsorted(other_lasts, place, side="right"))
            if m < len(other_firsts):
                source[match.a, n], weight[match.a, n] = (match.b, m), shared
    return sorted({(*_find_root(passage, source), *passage) for pair in source.items() for passage in pair})


def _find_root(passage: tuple[int, int], source: dict[tuple[int, int], tuple[int, int]]) -> tuple[int, int]:
    """Where following the sources ends; of a circle, its least member."""
    seen = [passage]
    while seen[-1] in source:
        after = source[seen[-1]]
        if after in seen:
            return min(seen[seen.index(after) :])
        seen.append(after)
    return seen[-1]
