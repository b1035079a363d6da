"""Which shared spans are copying, and which are facts, quotes and stock phrases in common.

A span counts by its informative words: those that are no number, no name, not inside quotation marks and not part of a
stock phrase. A stock phrase is told from a wire story by what it sits in: the copies of a wire share long spans and so
are one group of articles, however many; a stock phrase sits in many groups that share nothing else. What one outlet
repeats in several of its stories is its furniture, of whatever length.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from arna.text.words import NAME, NUMBER, QUOTED
from arna.trace.align import Match
from arna.trace.hits import GRAM, hash_grams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from arna.trace.hits import Corpus

LONG = 25
"""Equal words from which a span is no stock phrase. The longest stock phrases seen in news have about 20."""

CLUSTERS = 4
"""Groups of articles in which a gram is stock. With 3, a sentence lifted by two papers would be lost."""

REPEATS = 3
"""Stories of one outlet in which a text is its furniture: a footer, a standing notice."""

INFORMATIVE = 6
"""Informative words a span needs: 8 words with two names or numbers among them still pass."""

PHRASE = 8
"""Words from which a stock phrase at the end of a span is cut off; shorter ones are common to all writing."""

NUMERIC = 0.2
"""Share of numbers from which a span is a list of figures. Running news text has 0.03 to 0.12."""


class Clusters:
    """Union-find over articles."""

    def __init__(self, count: int) -> None:
        self.parent = np.arange(count)

    def find(self, item: int) -> int:
        """The number that stands for an article's cluster."""
        parent = self.parent
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return int(item)

    def join(self, one: int, two: int) -> None:
        """Put two articles into one cluster; the lower number stands for it."""
        one, two = sorted((self.find(one), self.find(two)))
        self.parent[two] = one

    def flatten(self) -> NDArray[np.int64]:
        """The cluster of every article."""
        return np.array([self.find(item) for item in range(len(self.parent))], dtype=np.int64)


def judge_matches(
    corpus: Corpus, flags: NDArray[np.uint8], outlets: NDArray[np.int32], matches: Sequence[Match]
) -> list[Match]:
    """The matches that are copying.

    Args:
        corpus: words of all articles.
        flags: uint8 per word, see :mod:`arna.text.words`.
        outlets: a number per article.
        matches: spans as :func:`arna.trace.align.align_chains` gives them.
    """
    groups, stories = Clusters(len(outlets)), Clusters(len(outlets))
    sizes = np.diff(corpus.offsets)
    for match in matches:
        same_story = 2 * match.equal >= min(sizes[match.a], sizes[match.b])
        if same_story:
            stories.join(match.a, match.b)
        if same_story or (match.equal >= LONG and outlets[match.a] != outlets[match.b]):
            groups.join(match.a, match.b)
    grams = hash_grams(corpus)
    stock = np.zeros(len(corpus.hashes), dtype=np.bool_)
    _mark_stock(stock, _hold(corpus, grams, [m for m in matches if m.equal < LONG]), groups.flatten())
    _mark_furniture(stock, _hold(corpus, grams, matches), outlets, stories.flatten())
    table = np.array(matches, dtype=np.int64).reshape(-1, len(Match._fields))
    begins, size = corpus.offsets[table[:, 0]] + table[:, 2], table[:, 3] - table[:, 2]

    def count(marked: NDArray[np.bool_]) -> NDArray[np.int64]:
        running = np.concatenate(([0], np.cumsum(marked, dtype=np.int64)))
        counted: NDArray[np.int64] = running[begins + size] - running[begins]
        return counted

    informative = table[:, 6] - count(((flags & (NUMBER | NAME | QUOTED)) != 0) | stock)
    listed = count((flags & NUMBER) != 0) >= NUMERIC * size
    kept = np.flatnonzero((informative >= INFORMATIVE) & ~listed)
    return [_trim_stock(corpus, stock, matches[int(row)]) for row in kept]


def _trim_stock(corpus: Corpus, stock: NDArray[np.bool_], match: Match) -> Match:
    """Cut whole stock phrases off the ends, where both articles have them word for word."""
    a, b = int(corpus.offsets[match.a]), int(corpus.offsets[match.b])
    same = min(match.last - match.first, match.other_last - match.other_first)
    forth = stock[a + match.first : a + match.first + same] & (
        corpus.hashes[a + match.first : a + match.first + same]
        == corpus.hashes[b + match.other_first : b + match.other_first + same]
    )
    back = stock[a + match.last - same : a + match.last] & (
        corpus.hashes[a + match.last - same : a + match.last]
        == corpus.hashes[b + match.other_last - same : b + match.other_last]
    )
    head, tail = _count_true(forth), _count_true(back[::-1])
    head, tail = (head if head >= PHRASE else 0), (tail if tail >= PHRASE and head < same else 0)
    return match._replace(
        first=match.first + head,
        last=match.last - tail,
        other_first=match.other_first + head,
        other_last=match.other_last - tail,
        equal=match.equal - head - tail,
    )


def _count_true(values: NDArray[np.bool_]) -> int:
    """How many values are true before the first that is not."""
    stops = np.flatnonzero(~values)
    return int(stops[0]) if len(stops) else len(values)


@dataclass(frozen=True)
class _Held:
    """Places in the corpus that hold one of some grams: the place, the gram's number, the article."""

    places: NDArray[np.int64]
    grams: NDArray[np.int64]
    articles: NDArray[np.int64]

    def mark(self, words: NDArray[np.bool_], which: NDArray[np.bool_]) -> None:
        """Mark the words of the grams at some of the places."""
        for shift in range(GRAM):
            words[self.places[which] + shift] = True


def _hold(corpus: Corpus, grams: NDArray[np.uint32], matches: Sequence[Match]) -> _Held:
    """All places that hold a gram of the matches."""
    spans = [np.arange(corpus.offsets[m.a] + m.first, corpus.offsets[m.a] + m.last - GRAM + 1) for m in matches]
    if not spans:
        nothing = np.empty(0, dtype=np.int64)
        return _Held(nothing, nothing, nothing)
    wanted = np.unique(grams[np.unique(np.concatenate(spans))])
    marks = np.zeros(1 << 24, dtype=np.bool_)  # a quick sift before the exact look-up
    marks[wanted >> np.uint32(8)] = True
    places = np.flatnonzero(marks[grams >> np.uint32(8)])
    index = np.searchsorted(wanted, grams[places])
    index[index == len(wanted)] = 0
    exact = wanted[index] == grams[places]
    places, index = places[exact], index[exact]
    articles = np.searchsorted(corpus.offsets, places, side="right") - 1
    inside = places + GRAM <= corpus.offsets[articles + 1]
    return _Held(places[inside], index[inside], articles[inside])


def _mark_stock(stock: NDArray[np.bool_], held: _Held, groups: NDArray[np.int64]) -> None:
    """Mark words of grams that stand in many groups of articles that share nothing else."""
    if len(held.places):
        pairs = np.unique(held.grams * len(groups) + groups[held.articles])
        spread = np.bincount(pairs // len(groups), minlength=int(held.grams.max()) + 1)
        held.mark(stock, spread[held.grams] >= CLUSTERS)


def _mark_furniture(
    stock: NDArray[np.bool_], held: _Held, outlets: NDArray[np.int32], stories: NDArray[np.int64]
) -> None:
    """Mark words of grams that an outlet repeats in several of its stories, however long the repeated text is."""
    if len(held.places):
        outlet = outlets[held.articles].astype(np.int64)
        key = held.grams * (int(outlets.max()) + 1) + outlet
        keys, number = np.unique(key, return_inverse=True)
        pairs = np.unique(number * len(stories) + stories[held.articles])
        spread = np.bincount(pairs // len(stories), minlength=len(keys))
        held.mark(stock, spread[number] >= REPEATS)
