"""Which articles in two languages may be one the rendering of the other: pairs worth a look at their passages.

Two portraits of every article are compared, each centred by language and less what the article usually reaches in the
other's language: title and lead as the model sees them, and the whole text as a weighted sum of word pieces, which
costs nothing. The same sums of single passages tell whether two articles have passages in common, be it in the middle.

The stages, in order: the nearest by lead and whole text among what was published in the ``WINDOW`` before, so many of
each language; of those the ones whose score, passages included, reaches ``WORTH``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from arna.trace.choose import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from arna.trace.choose import Clock

WINDOW = 30 * DAY
"""Time between a text and its rendering at the most. Set, not tuned: what is rendered later is a book, not news."""

NEAREST = 12
"""Articles of each other language whose passages are compared in the rough."""

WEIGHTS = 10.0, 5.0
"""Of lead and whole text in the score, beside the points of passages."""

ROUGH_SLOPE, ROUGH_TURN, ROUGH_MOST = 10.0, -0.03, 3.0
"""Points of passages in the rough: ``ROUGH_SLOPE`` times what the margin is above ``ROUGH_TURN``, and no more than
``ROUGH_MOST``."""

WORTH = 0.9
"""Score from which the passages of a pair are compared by the model. With these weights, of thirty combinations, .99 of
the translated pairs of the demo and the written cases are kept, .98 of the partial ones, beside 14 in a hundred of the
others among the nearest; of FLORES-200 .98 and 1 in a hundred."""

BANK, USUAL = 600, 5
"""Articles of a language among which is looked up what an article usually reaches, and how many count of the nearest,
the very nearest left out."""

PRIOR = 20
"""Articles' worth of weight that all languages together have in the centre of one."""

_AT_ONCE = 512


@dataclass(frozen=True)
class Portraits:
    """What articles look like, in order of time.

    Attributes:
        tags: int16 per article, a number for its language and script.
        leads: float32, shape (articles, dimensions), unit length.
        passages: float32, shape (passages, dimensions of the sift), sums of pieces, article after article.
        offsets: int64, shape (articles + 1,), into the passages.
        centres: per tag, where leads of its language lie, as far as that is known beforehand.
        centres_of_sums: likewise for the sums of pieces, as unit vectors.
    """

    tags: NDArray[np.int16]
    leads: NDArray[np.float32]
    passages: NDArray[np.float32]
    offsets: NDArray[np.int64]
    centres: NDArray[np.float32] | None
    centres_of_sums: NDArray[np.float32] | None

    def place_languages(self) -> NDArray[np.float32]:
        """Per tag, where texts of its language lie, by the leads and what is known beforehand."""
        common = self.leads.mean(0)
        places = np.empty((int(self.tags.max()) + 1, self.leads.shape[1]), np.float32)
        for tag in range(len(places)):
            of_tag = self.leads[self.tags == tag]
            before, weight = (common, 1) if self.centres is None else (self.centres[tag], PRIOR)
            places[tag] = (of_tag.sum(0) + weight * before) / (len(of_tag) + weight)
        return places

    def sum_articles(self) -> NDArray[np.float32]:
        """Sums of the pieces of whole articles, shape (articles, dimensions of the sift)."""
        sums = np.zeros((len(self.tags), self.passages.shape[1]), np.float32)
        some = np.flatnonzero(np.diff(self.offsets))
        if len(some):
            sums[some] = np.add.reduceat(self.passages, self.offsets[some], axis=0)
        return sums


def centre_vectors(
    vectors: NDArray[np.float32], tags: NDArray[np.int16], prior: NDArray[np.float32] | None = None, weight: int = PRIOR
) -> NDArray[np.float32]:
    """Unit vectors without what all texts of a language have in common.

    Args:
        vectors: shape (n, dimensions).
        tags: a number per row for its language and script.
        prior: per tag, what counts as ``weight`` more rows; by default the mean of all rows.
        weight: so many.
    """
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = vectors / np.maximum(lengths, 1e-9)
    places = np.zeros((int(tags.max(initial=-1)) + 1, unit.shape[1]), np.float32)
    common = unit.mean(0) if len(unit) else 0
    for tag in np.unique(tags).tolist():
        rows = tags == tag
        known = common if prior is None else prior[tag]
        places[tag] = (unit[rows].sum(0) + weight * known) / (rows.sum() + weight)
    return subtract_places(unit, places[tags])


def subtract_places(vectors: NDArray[np.float32], places: NDArray[np.float32]) -> NDArray[np.float32]:
    """Vectors, shape (n, dimensions), less the place of each one's language, scaled to length 1."""
    centred = vectors - places
    lengths = np.linalg.norm(centred, axis=1, keepdims=True)
    return np.where(lengths > 1e-6, centred / np.maximum(lengths, 1e-6), 0).astype(np.float32)


class _View:
    """One portrait: vectors, and what each usually reaches in each language."""

    def __init__(
        self, vectors: NDArray[np.float32], tags: NDArray[np.int16], centres: NDArray[np.float32] | None
    ) -> None:
        self.vectors = centre_vectors(vectors, tags, centres)
        self.usual = np.zeros((len(vectors), int(tags.max(initial=-1)) + 1), np.float32)
        for tag in np.unique(tags).tolist():
            rows = np.flatnonzero(tags == tag)
            bank = self.vectors[rows[np.linspace(0, len(rows) - 1, min(BANK, len(rows))).astype(np.int64)]]
            for begin in range(0, len(vectors), _AT_ONCE):
                reached = self.vectors[begin : begin + _AT_ONCE] @ bank.T
                self.usual[begin : begin + _AT_ONCE, tag] = average_nearest(reached, USUAL, skip=1)

    def margins(
        self, ones: NDArray[np.int64], tag: int, twos: NDArray[np.int64], tags: NDArray[np.int16]
    ) -> NDArray[np.float32]:
        """Margins of rows ``ones`` with rows ``twos``, which are of one language."""
        met = self.vectors[ones] @ self.vectors[twos].T
        margins: NDArray[np.float32] = met - (self.usual[ones, tag][:, None] + self.usual[twos][:, tags[ones]].T) / 2
        return margins


def average_nearest(reached: NDArray[np.float32], count: int, skip: int = 0) -> NDArray[np.float32]:
    """Mean of the ``count`` highest values of each row after the first ``skip``; 0 where there are none."""
    width = reached.shape[1]
    if width <= skip:
        return np.zeros(len(reached), np.float32)
    kept = min(count + skip, width)
    top = np.sort(np.partition(reached, width - kept, axis=1)[:, width - kept :], axis=1)[:, ::-1][:, skip:]
    average: NDArray[np.float32] = top.mean(1)
    return average


def find_candidates(portraits: Portraits, clock: Clock, new: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Pairs (article, earlier article) worth comparing passage by passage.

    Args:
        portraits: of articles in order of time.
        clock: their times.
        new: only pairs with a new article in them are wanted; the old ones take their places among the nearest all the
            same, so that what is found does not depend on what came when.
    """
    tags = portraits.tags
    lead = _View(portraits.leads, tags, portraits.centres)
    whole = _View(portraits.sum_articles(), tags, portraits.centres_of_sums)
    rough = _Rough(portraits)
    pairs = []
    of_lead, of_whole = WEIGHTS
    for ones, tag, twos in _walk_blocks(tags, clock):
        score = of_lead * lead.margins(ones, tag, twos, tags) + of_whole * whole.margins(ones, tag, twos, tags)
        score = np.where((twos[None] < ones[:, None]) & _within(clock, ones, twos), score, -np.inf)
        for row in np.flatnonzero(new[ones] | new[twos].any()).tolist():
            one = int(ones[row])
            best = np.argsort(-score[row], kind="stable")[:NEAREST]
            for at in best[np.isfinite(score[row, best])].tolist():
                two = int(twos[at])
                if (new[one] or new[two]) and score[row, at] + rough.give_points(one, two) >= WORTH:
                    pairs.append((one, two))
    return sorted(pairs)


def _walk_blocks(tags: NDArray[np.int16], clock: Clock) -> Iterator[tuple[NDArray[np.int64], int, NDArray[np.int64]]]:
    """Blocks of articles, and for each other language those that may come before some of them."""
    times = np.where(clock.times < 0, np.iinfo(np.int64).max, clock.times)
    for tag in np.unique(tags).tolist():
        rows = np.flatnonzero(tags == tag)
        for begin in range(0, len(rows), _AT_ONCE):
            ones = rows[begin : begin + _AT_ONCE]
            for other in np.unique(tags).tolist():
                twos = np.flatnonzero(tags[: int(ones[-1])] == other)
                if other == tag or not len(twos):
                    continue
                earliest = times[ones].min() - WINDOW - DAY
                near = twos[(times[twos] >= earliest) | (times[ones].max() == np.iinfo(np.int64).max)]
                if len(near):
                    yield ones, other, near


def _within(clock: Clock, ones: NDArray[np.int64], twos: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether two articles lie within the window, or the time of one is not known."""
    one, two = clock.times[ones][:, None], clock.times[twos][None]
    near: NDArray[np.bool_] = (one < 0) | (two < 0) | (np.abs(one - two) <= WINDOW + DAY)
    return near


class _Rough:
    """Passages of articles, compared by their pieces."""

    def __init__(self, portraits: Portraits) -> None:
        self.offsets = portraits.offsets
        self.tags = portraits.tags
        tags = np.repeat(portraits.tags, np.diff(portraits.offsets))
        self.view = _View(portraits.passages, tags, portraits.centres_of_sums)

    def give_points(self, one: int, two: int) -> float:
        """No alignment of two articles earns more points in the rough than this."""
        here = slice(self.offsets[one], self.offsets[one + 1])
        there = slice(self.offsets[two], self.offsets[two + 1])
        met = self.view.vectors[here] @ self.view.vectors[there].T
        if not met.size:
            return 0.0
        usual = self.view.usual[here, self.tags[two]][:, None] + self.view.usual[there, self.tags[one]][None]
        points = np.clip(ROUGH_SLOPE * (met - usual / 2 - ROUGH_TURN), 0, ROUGH_MOST)
        return float(min(points.max(1).sum(), points.max(0).sum()))
