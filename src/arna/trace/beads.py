"""Passages of two articles in two languages put side by side: which renders which.

How alike two passages are is their cosine less what each of them reaches with passages of other stories in the other's
language: the margin (CSLS of Lample et al. 2018; Artetxe and Schwenk 2019 use the ratio). A margin earns or costs
points; a bead is one passage with one, one with two or two with one (Gale and Church 1993), two passages being compared
by the mean of their vectors. The best chains of beads in order (Smith and Waterman 1981) are taken out one after the
other, so that a passage that was moved is a chain of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SLOPE, TURN, MOST = 14.0, 0.13, 3.0
"""Points of a margin: ``SLOPE`` times what it is above ``TURN``, within ``MOST``. Close to the logarithm of how much
more often a translated passage has the margin than one of an independent report has, on the demo's stories in 15 pairs
of languages."""

CONTRAST = 0.5
"""Part of a passage's next best margin in the other article that its margin loses: where everything is alike, nothing
tells. With it 3 wrong pairs of 1,589 are left instead of 7, at the same recall (bench/translations.py)."""

SKIP = 0.2, 0.7
"""Points a passage without a mate costs inside a chain: of the article left out from, and of the one that has more."""

QUOTE = 0.5
"""Points of a bead of two quotations at the most: two reporters may have heard the same speech."""

MERGE = 0.3
"""Points a bead of three passages costs. Its margin must be above that of either of the two with the third alone."""

CHAIN = 1.0
"""Points from which a chain is one."""


Adjust = Callable[[int, int, int, int], float]
"""Points to add to a bead, given as its passages: first, last, other first, other last."""


class Bead(NamedTuple):
    """Passages ``[first, last)`` of one article beside ``[other_first, other_last)`` of the other."""

    first: int
    last: int
    other_first: int
    other_last: int
    margin: float
    points: float


class Chain(NamedTuple):
    """Beads in the order of both articles, and the points they earn together."""

    points: float
    beads: tuple[Bead, ...]


@dataclass(frozen=True)
class Side:
    """Passages of an article.

    Attributes:
        vectors: float32, shape (passages, dimensions), unit length, centred by language.
        usual: float32 per passage, cosine it reaches with passages of other stories in the other article's language.
        sizes: float32 per passage, letters.
        quoted: bool per passage, whether it is somebody's words in quotation marks.
    """

    vectors: NDArray[np.float32]
    usual: NDArray[np.float32]
    sizes: NDArray[np.float32]
    quoted: NDArray[np.bool_]

    def join_neighbours(self) -> Side:
        """Every two neighbouring passages as one."""
        mixed = self.vectors[:-1] * self.sizes[:-1, None] + self.vectors[1:] * self.sizes[1:, None]
        length = np.linalg.norm(mixed, axis=1, keepdims=True)
        vectors = (mixed / np.maximum(length, 1e-9)).astype(np.float32)
        usual = ((self.usual[:-1] + self.usual[1:]) / 2).astype(np.float32)
        return Side(vectors, usual, self.sizes[:-1] + self.sizes[1:], self.quoted[:-1] & self.quoted[1:])


def find_margins(one: Side, two: Side) -> NDArray[np.float32]:
    """Margins of all passages of one side with all of the other."""
    usual = (one.usual[:, None] + two.usual[None]) / 2
    return (one.vectors @ two.vectors.T - usual).astype(np.float32)


def give_points(margins: NDArray[np.float32]) -> NDArray[np.float32]:
    """Points of margins."""
    points: NDArray[np.float32] = np.clip(SLOPE * (margins - TURN), -MOST, MOST)
    return points


def score_margin(margin: float) -> float:
    """A margin as a number from 0 to 1: 0.5 where it earns nothing."""
    return float(1 / (1 + np.exp(-SLOPE * (margin - TURN))))


def bound_points(points: NDArray[np.float32]) -> float:
    """No chain of two sides with these points earns much more than this: a quick sift."""
    return float(np.minimum(points.max(1).clip(0).sum(), points.max(0).clip(0).sum()))


_ONE, _TWO_HERE, _TWO_THERE, _SKIP_HERE, _SKIP_THERE = 1, 2, 3, 4, 5
_MOVES = {_ONE: (1, 1), _TWO_HERE: (2, 1), _TWO_THERE: (1, 2), _SKIP_HERE: (1, 0), _SKIP_THERE: (0, 1)}
_BEADS = (_ONE, _TWO_HERE, _TWO_THERE)
_NEVER = -1e9


class _Tables(NamedTuple):
    """Margins and points of the three shapes of beads, shape (passages, passages) each, by their last passages."""

    margins: dict[int, NDArray[np.float32]]
    points: dict[int, NDArray[np.float32]]

    def take(self, bead: Bead) -> None:
        """Let no other bead have the passages of this one."""
        for move, points in self.points.items():
            here, there = _MOVES[move]
            points[bead.first : bead.last + here - 1] = _NEVER
            points[:, bead.other_first : bead.other_last + there - 1] = _NEVER


def chain_beads(one: Side, two: Side, adjust: Adjust | None = None, ease: float = 0.0) -> list[Chain]:
    """Chains of beads of two articles, the best first; no passage is in two of them.

    Args:
        one: the article that may render the other; what it has more costs more than what it leaves out.
        two: the other article.
        adjust: what else is known of two passages that earn points.
        ease: added to every margin before it earns points.
    """
    tables = _tabulate_points(one, two, adjust, ease)
    chains: list[Chain] = []
    while True:
        chain = _find_best(tables)
        if chain.points < CHAIN:
            return chains
        chains.append(chain)
        for bead in chain.beads:
            tables.take(bead)


def _find_rivals(margins: NDArray[np.float32]) -> NDArray[np.float32]:
    """The best margin that either passage of a pair has with the rest of the other article, its neighbours left out."""
    rivals = np.zeros_like(margins)
    for table, found in ((margins, rivals), (margins.T, rivals.T)):
        if table.shape[1] > 2:
            np.maximum(found[:, 2:], np.maximum.accumulate(table, axis=1)[:, :-2], out=found[:, 2:])
            np.maximum(found[:, :-2], np.maximum.accumulate(table[:, ::-1], axis=1)[:, ::-1][:, 2:], out=found[:, :-2])
    return rivals


def _tabulate_points(one: Side, two: Side, adjust: Adjust | None, ease: float) -> _Tables:
    margins: dict[int, NDArray[np.float32]] = {}
    points: dict[int, NDArray[np.float32]] = {}
    singles = find_margins(one, two)
    rivals = _find_rivals(singles)
    for move in _BEADS:
        here, there = _MOVES[move]
        sides = one if here == 1 else one.join_neighbours(), two if there == 1 else two.join_neighbours()
        found = find_margins(*sides)
        earned = give_points(found + ease - CONTRAST * rivals[: len(found), : found.shape[1]]) - (
            MERGE if move != _ONE else 0.0
        )
        if move != _ONE:
            parts = (singles[:-1], singles[1:]) if here == 2 else (singles[:, :-1], singles[:, 1:])
            earned = np.where(found > np.maximum(*parts), earned, -MOST)
        both = sides[0].quoted[:, None] & sides[1].quoted[None]
        earned = np.where(both, np.minimum(earned, QUOTE), earned)
        if adjust is not None:
            for i, j in np.argwhere(earned > 0).tolist():
                earned[i, j] += adjust(i, i + here, j, j + there)
        before = ((here - 1, 0), (there - 1, 0))
        margins[move], points[move] = np.pad(found, before), np.pad(earned, before, constant_values=_NEVER)
    return _Tables(margins, points)


def _find_best(tables: _Tables) -> Chain:
    """The chain with the most points; without beads if there is none."""
    single, double_here, double_there = (tables.points[move].tolist() for move in _BEADS)
    height, width = tables.points[_ONE].shape
    # The last row and column stay empty: what lies before the first passage is looked up there, at -1 and -2.
    totals = [[0.0] * (width + 2) for _ in range(height + 2)]
    moves = [[0] * width for _ in range(height)]
    left_out, more = SKIP
    best, at = 0.0, (-1, -1)
    for i in range(height):
        row, above, higher = totals[i], totals[i - 1], totals[i - 2]
        for j in range(width):
            total, move = max(
                (0.0, 0),
                (above[j - 1] + single[i][j], _ONE),
                (higher[j - 1] + double_here[i][j], _TWO_HERE),
                (above[j - 2] + double_there[i][j], _TWO_THERE),
                (above[j] - more, _SKIP_HERE),
                (row[j - 1] - left_out, _SKIP_THERE),
            )
            row[j], moves[i][j] = total, move
            if total > best:
                best, at = total, (i, j)
    return Chain(best, _trace_back(tables, moves, *at))


def _trace_back(tables: _Tables, moves: list[list[int]], i: int, j: int) -> tuple[Bead, ...]:
    beads = []
    while i >= 0 and j >= 0 and moves[i][j]:
        move = moves[i][j]
        here, there = _MOVES[move]
        if move in _BEADS:
            margin, points = float(tables.margins[move][i, j]), float(tables.points[move][i, j])
            beads.append(Bead(i + 1 - here, i + 1, j + 1 - there, j + 1, margin, points))
        i, j = i - here, j - there
    return tuple(reversed(beads))
