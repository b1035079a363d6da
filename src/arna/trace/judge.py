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
from arna.trace.hits import GRAM, hash_grams, list_distinct, mark_grams, sift_grams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from arna.trace.hits import Corpus

LONG = 25
"""Equal words from which a span is no stock phrase. Set, not tuned: more than a long sentence."""

CLUSTERS = 4
"""Groups of articles in which a gram is stock. With 3, a sentence lifted by two papers would be lost."""

REPEATS = 3
"""Stories of one outlet in which a text is its furniture: a footer, a standing notice."""

INFORMATIVE = 6
"""Informative words a span needs: 8 words with two names or numbers among them still pass."""

NUMERIC = 0.2
"""Share of numbers from which a span is a list of figures. The demo's texts have 0.03 in the median and 0.11 at most; a
trade report more, so that a span with ``LONG`` other words is never a list."""


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
    """Judge matches: ``telling`` becomes the number of equal words outside stock phrases, 0 for what is no copy.

    Args:
        corpus: words of all articles.
        flags: uint8 per word, see :mod:`arna.text.words`.
        outlets: a number per article.
        matches: spans as :func:`arna.trace.align.align_chains` gives them, or judged before. Those judged before are
            judged again only where new articles hold some of their words.

    Returns:
        The copies, and those of the others that tie articles into groups. What is once judged a stock phrase is not
        kept, and stays one, even if later articles tie the groups it stands in together.
    """
    table = np.array(matches, dtype=np.int64).reshape(-1, len(Match._fields))
    begins, size, equal = corpus.offsets[table[:, 0]] + table[:, 2], table[:, 3] - table[:, 2], table[:, 6]

    def count(marked: NDArray[np.bool_]) -> NDArray[np.int64]:
        running = np.concatenate(([0], np.cumsum(marked, dtype=np.int64)))
        counted: NDArray[np.int64] = running[begins + size] - running[begins]
        return counted

    fact = (flags & (NUMBER | NAME | QUOTED)) != 0
    telling = equal - count(fact)
    listed = (count((flags & NUMBER) != 0) >= NUMERIC * size) & (telling < LONG)
    plain = (telling >= INFORMATIVE) & ~listed
    words = np.diff(corpus.offsets)
    same_story = plain & (2 * equal >= np.minimum(words[table[:, 0]], words[table[:, 1]]))
    ties = same_story | (plain & (equal >= LONG) & (outlets[table[:, 0]] != outlets[table[:, 1]]))
    grams = hash_grams(corpus)
    of_new = np.repeat(corpus.new, words)
    again = corpus.new[table[:, 0]] | corpus.new[table[:, 1]]
    if not again.all():
        again |= count(sift_grams(mark_grams(grams[of_new]), grams)) > 0
    stock = _find_stock(corpus, grams, outlets, table[plain & again], table[ties], table[same_story])
    copies = np.where(again, plain & (equal - count(fact | stock) >= INFORMATIVE), table[:, 7] > 0)
    telling = np.where(again, np.where(copies, equal - count(stock), 0), table[:, 7])
    return [matches[int(row)]._replace(telling=int(telling[row])) for row in np.flatnonzero(copies | ties)]


def _find_stock(
    corpus: Corpus,
    grams: NDArray[np.uint32],
    outlets: NDArray[np.int32],
    matches: NDArray[np.int64],
    ties: NDArray[np.int64],
    stories: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Per word of the corpus: whether it is part of a stock phrase or of furniture, of those that matches hold."""
    stock = np.zeros(len(corpus.hashes), dtype=np.bool_)
    held = _hold(corpus, grams, matches)
    _mark_stock(stock, held, _join(len(outlets), ties))
    _mark_furniture(stock, held, outlets, _join(len(outlets), stories))
    return stock


def _join(count: int, matches: NDArray[np.int64]) -> NDArray[np.int64]:
    clusters = Clusters(count)
    for one, two in matches[:, :2].tolist():
        clusters.join(one, two)
    return clusters.flatten()


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


def _hold(corpus: Corpus, grams: NDArray[np.uint32], matches: NDArray[np.int64]) -> _Held:
    """All places that hold a gram of the matches."""
    edges = np.zeros(len(corpus.hashes) + 1, dtype=np.int32)
    begins = corpus.offsets[matches[:, 0]]
    np.add.at(edges, begins + matches[:, 2], 1)
    np.add.at(edges, begins + matches[:, 3] - GRAM + 1, -1)
    wanted = list_distinct(grams[np.cumsum(edges[:-1]) > 0])
    if not len(wanted):
        nothing = np.empty(0, dtype=np.int64)
        return _Held(nothing, nothing, nothing)
    places = np.flatnonzero(sift_grams(mark_grams(wanted), grams))
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
        pairs = list_distinct(held.grams * len(groups) + groups[held.articles])
        spread = np.bincount(pairs // len(groups), minlength=int(held.grams.max()) + 1)
        held.mark(stock, spread[held.grams] >= CLUSTERS)


def _mark_furniture(
    stock: NDArray[np.bool_], held: _Held, outlets: NDArray[np.int32], stories: NDArray[np.int64]
) -> None:
    """Mark words of grams that an outlet repeats in several of its stories, however long the repeated text is.

    The outlet that had them first must repeat them, too: an agency's passage that a portal puts into several of its
    stories is no furniture.
    """
    if len(held.places):
        key = held.grams * (int(outlets.max()) + 1) + outlets[held.articles]
        keys = list_distinct(key)
        number = np.searchsorted(keys, key)
        pairs = list_distinct(number * len(stories) + stories[held.articles])
        repeats = np.bincount(pairs // len(stories), minlength=len(keys)) >= REPEATS
        first = np.full(int(held.grams.max()) + 1, len(held.grams))
        np.minimum.at(first, held.grams, np.arange(len(held.grams)))  # places are in order of time
        held.mark(stock, repeats[number] & repeats[number[first]][held.grams])
