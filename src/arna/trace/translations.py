"""Articles in several languages in, rows of ``alignments`` out: passages of one that render passages of another.

The stages, in order: candidate pairs by portraits of whole articles (:mod:`arna.trace.candidates`); vectors of the
passages of those articles alone, every distinct text once; beads and chains of beads (:mod:`arna.trace.beads`); of a
pair's chains, whether they tell a translation, leave it in doubt, or are facts in common (:func:`judge_chains`).
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pyarrow as pa

from arna.engines.centres import centres_of_model, centres_of_pieces
from arna.terms import SCHEMAS
from arna.text.anchors import Anchor, Compared, compare_anchors, find_anchors
from arna.text.leads import lead_of
from arna.text.respell import respell
from arna.text.words import find_quotes
from arna.trace.beads import Side, bound_points, chain_beads, find_margins, give_points
from arna.trace.candidates import (
    WINDOW,
    Portraits,
    average_nearest,
    find_candidates,
    subtract_places,
)
from arna.trace.choose import DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from arna.engines.embed import Embedder
    from arna.trace.beads import Chain
    from arna.trace.stage import Library

TOLD, DOUBTFUL = 3.6, 3.0
"""Points of a pair's best chain from which it is a translation, and from which it may be one."""

FEW, ENOUGH = 2, 0.3
"""Beads of a chain that tell a translation only where they hold this part of one of the two articles."""

FURTHER, EASE = 1.5, 0.08
"""Points of a chain of a pair that is a translation, once every margin is raised by so much."""

CONFLICT = 2.0
"""Points a bead loses when each side has a number the other lacks: daily rates and tolls are worded alike."""

BANK, NEAREST = 500, 4
"""Passages of a language among which is looked up what a passage usually reaches, and how many of the nearest count."""

LEAST_USUAL, TYPICAL, SCARCE = 0.2, 0.28, 100
"""What a passage reaches at least; and at least where fewer than ``SCARCE`` passages are there to compare with. In the
bench's spaces the middle one reaches 0.26 to 0.31."""

PASSAGES = 60
"""Passages' worth of weight that the leads of a language have in its centre."""

LONGEST = 300
"""Passages of an article that are compared; what comes after is no news."""


class Sift(Protocol):
    """Sums of word pieces' vectors: a rough picture of a text at no cost."""

    def sum_pieces(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (texts, dimensions), not of unit length: a longer text weighs more."""
        ...


@dataclass(frozen=True)
class Press:
    """Articles to compare, in order of time, and their passages as columns.

    Attributes:
        numbers: int64 per article, its place in the library.
        tags: int16 per article, a number for its language and script.
        names: the language tag of every such number.
        leads: title and lead, as the model is given them.
        passages: text of every passage, as the model is given it; article after article.
        originals: the same as written.
        langs: language per passage.
        quoted: bool per passage, whether most of it stands in quotation marks.
        offsets: int64, shape (articles + 1,), into the passages.
    """

    numbers: NDArray[np.int64]
    tags: NDArray[np.int16]
    names: list[str]
    leads: list[str]
    passages: list[str]
    originals: list[str]
    langs: list[str]
    quoted: NDArray[np.bool_]
    offsets: NDArray[np.int64]

    @cached_property
    def sizes(self) -> NDArray[np.float32]:
        """Letters of every passage."""
        return np.fromiter(map(len, self.originals), np.float32, len(self.originals))


def list_near(library: Library) -> list[str]:
    """Ids of the articles that may render a new one or be rendered by it: new ones, and those published near them."""
    times, new = library.clock.times, library.corpus.new
    if (times[new] < 0).any():
        return library.ids
    dates = np.sort(times[new])
    at = np.searchsorted(dates, times)
    after = np.abs(dates[np.minimum(at, len(dates) - 1)] - times) if len(dates) else np.full(len(times), WINDOW * 2)
    before = np.abs(times - dates[np.maximum(at - 1, 0)]) if len(dates) else after
    near = (times < 0) | (np.minimum(after, before) <= WINDOW + DAY)
    return [library.ids[n] for n in np.flatnonzero(near).tolist()]


def gather_press(library: Library, articles: pa.Table, passages: pa.Table) -> Press:
    """Put texts in order.

    Args:
        library: all articles.
        articles: columns ``id``, ``title``, ``text``, ``lang`` of those to compare.
        passages: the same articles' rows of ``passages``.
    """
    number = {item: n for n, item in enumerate(library.ids)}
    rows = sorted(articles.to_pylist(), key=lambda row: number[row["id"]])
    spans: dict[str, list[tuple[int, int, int, str]]] = defaultdict(list)
    columns = (passages[name].to_pylist() for name in ("article_id", "n", "begin", "end", "lang"))
    for article, *span in zip(*columns, strict=True):
        spans[article].append(tuple(span))
    tags = {lang: n for n, lang in enumerate(sorted({row["lang"] for row in rows}))}
    originals: list[str] = []
    langs: list[str] = []
    quoted: list[bool] = []
    offsets = [0]
    for row in rows:
        quotes = find_quotes(row["text"])
        for _, begin, end, lang in sorted(spans[row["id"]])[:LONGEST]:
            originals.append(row["text"][begin:end])
            langs.append(lang or row["lang"])
            inside = sum(max(0, min(end, last) - max(begin, first)) for first, last in quotes)
            quoted.append(2 * inside > end - begin)
        offsets.append(len(originals))
    return Press(
        numbers=np.fromiter((number[row["id"]] for row in rows), np.int64, len(rows)),
        tags=np.fromiter((tags[row["lang"]] for row in rows), np.int16, len(rows)),
        names=list(tags),
        leads=[respell(lead_of(row["title"] or "", row["text"]), row["lang"]) for row in rows],
        passages=[respell(text, lang) for text, lang in zip(originals, langs, strict=True)],
        originals=originals,
        langs=langs,
        quoted=np.array(quoted, np.bool_),
        offsets=np.array(offsets, np.int64),
    )


def align_articles(library: Library, press: Press, model: Embedder, sift: Sift, known: pa.Table) -> pa.Table:
    """Rows of ``alignments``: those of pairs with a new article in them, found, and the known others.

    Args:
        library: all articles.
        press: those to compare.
        model: gives vectors of leads and passages.
        sift: gives the rough picture.
        known: rows of ``alignments`` of runs before.
    """
    new = library.corpus.new
    fresh = {library.ids[n] for n in np.flatnonzero(new).tolist()}
    kept = [row for row in known.to_pylist() if row["article_id"] not in fresh and row["other_id"] not in fresh]
    rows = kept
    if len(press.names) > 1 and new[press.numbers].any():
        leads = model.embed(press.leads)
        centres = centres_of_model(model.name)
        known_centres = None if centres is None else centres.look_up(press.names)
        sums = sift.sum_pieces(press.passages)
        portraits = Portraits(
            press.tags, leads, sums, press.offsets, known_centres, centres_of_pieces().look_up(press.names)
        )
        pairs = find_candidates(portraits, library.clock.pick(press.numbers), new[press.numbers])
        if pairs:
            passages = _Passages(press, portraits, pairs, model)
            rows += [row for one, two in pairs for row in _compare(library, press, passages, one, two)]
    rows.sort(key=lambda row: (row["article_id"], row["other_id"], row["first"], row["other_first"]))
    return pa.Table.from_pylist(rows, schema=SCHEMAS["alignments"])


def _sample(press: Press, passages: NDArray[np.int64]) -> NDArray[np.int64]:
    """``BANK`` of some passages, each text once: the first by their digests, so that a few new ones change little."""
    first = {press.passages[n]: n for n in passages[::-1].tolist()}
    ranked = sorted(first.items(), key=lambda item: hashlib.blake2b(item[0].encode("utf-8", "surrogatepass")).digest())
    return np.array(sorted(n for _, n in ranked[:BANK]), np.int64)


class _Passages:
    """Vectors of the passages of all articles in pairs, and what they usually reach."""

    def __init__(self, press: Press, portraits: Portraits, pairs: Sequence[tuple[int, int]], model: Embedder) -> None:
        self.press = press
        self.partners: dict[int, set[int]] = defaultdict(set)
        for one, two in pairs:
            self.partners[one].add(two)
            self.partners[two].add(one)
        of_article = np.repeat(np.arange(len(press.tags)), np.diff(press.offsets))
        bank = {tag: _sample(press, np.flatnonzero(press.tags[of_article] == tag)) for tag in range(len(press.names))}
        paired = np.flatnonzero(np.isin(of_article, sorted(self.partners)))
        self.chosen = np.unique(np.concatenate([paired, *bank.values()]))
        self.articles = of_article[self.chosen]
        self.bank = {tag: np.searchsorted(self.chosen, rows) for tag, rows in bank.items()}
        vectors = model.embed([press.passages[n] for n in self.chosen.tolist()])
        places = portraits.place_languages()
        for tag, rows in self.bank.items():
            places[tag] = (vectors[rows].sum(0) + PASSAGES * places[tag]) / (len(rows) + PASSAGES)
        self.vectors = subtract_places(vectors, places[press.tags[self.articles]])
        self._usual: dict[tuple[int, int], NDArray[np.float32]] = {}
        self._anchors: dict[int, list[Anchor]] = {}

    def rows_of(self, article: int) -> slice:
        """Rows of an article in a pair."""
        first, last = self.press.offsets[article], self.press.offsets[article + 1]
        return slice(int(np.searchsorted(self.chosen, first)), int(np.searchsorted(self.chosen, last)))

    def usual(self, article: int, tag: int) -> NDArray[np.float32]:
        """What an article's passages reach with those of unrelated articles in a language."""
        if (article, tag) not in self._usual:
            bank = self.bank[tag]
            related = np.array([*self.partners[article], article])
            away = bank[~np.isin(self.articles[bank], related)]
            reached = self.vectors[self.rows_of(article)] @ self.vectors[away].T
            if reached.shape[1] < NEAREST:
                reached = np.pad(
                    reached, ((0, 0), (0, NEAREST - reached.shape[1])), constant_values=np.float32(LEAST_USUAL)
                )
            least = np.float32(TYPICAL if len(away) < SCARCE else LEAST_USUAL)
            self._usual[article, tag] = np.maximum(average_nearest(reached, NEAREST), least)
        return self._usual[article, tag]

    def anchors(self, first: int, last: int) -> list[Anchor]:
        """Anchors of passages ``[first, last)`` of the press."""
        found = []
        for n in range(first, last):
            if n not in self._anchors:
                self._anchors[n] = find_anchors(self.press.originals[n], self.press.langs[n])
            found += self._anchors[n]
        return found

    def side(self, article: int, other: int) -> Side:
        """The passages of an article as they are compared with another's."""
        rows = self.rows_of(article)
        chosen = self.chosen[rows]
        usual = self.usual(article, int(self.press.tags[other]))
        return Side(self.vectors[rows], usual, self.press.sizes[chosen], self.press.quoted[chosen])


def judge_chains(chains: Sequence[Chain], here: Side, there: Side) -> tuple[bool, list[Chain]]:
    """Whether chains of a pair tell a translation, and which of them count; none where they are facts in common.

    A report of its own on the same event shares a sentence or two with the other, its beginning above all. A
    translation has several in a row. One sentence alone is never enough.
    """
    if not chains:
        return False, []
    best = chains[0]
    if len(best.beads) < FEW or best.points < DOUBTFUL:
        return False, []
    held = sum(here.sizes[bead.first : bead.last].sum() for bead in best.beads) / here.sizes.sum()
    held_there = sum(there.sizes[bead.other_first : bead.other_last].sum() for bead in best.beads) / there.sizes.sum()
    if best.points >= TOLD and (len(best.beads) > FEW or max(held, held_there) >= ENOUGH):
        return True, list(chains)
    return False, [best]


def _compare(library: Library, press: Press, passages: _Passages, one: int, two: int) -> list[dict[str, object]]:
    """Rows of ``alignments`` of a pair."""
    here, there = passages.side(one, two), passages.side(two, one)
    if not len(here.sizes) or not len(there.sizes):
        return []
    if bound_points(give_points(find_margins(here, there))) < DOUBTFUL:
        return []
    base, other_base = int(press.offsets[one]), int(press.offsets[two])

    def compare(first: int, last: int, other_first: int, other_last: int) -> Compared:
        return compare_anchors(
            passages.anchors(base + first, base + last),
            passages.anchors(other_base + other_first, other_base + other_last),
        )

    def adjust(first: int, last: int, other_first: int, other_last: int) -> float:
        return -CONFLICT if compare(first, last, other_first, other_last).conflicts else 0.0

    told, chains = judge_chains(chain_beads(here, there, adjust), here, there)
    if told:  # what lies between sentences that are rendered is most likely rendered, too
        chains = [chain for chain in chain_beads(here, there, adjust, EASE) if chain.points >= FURTHER]
    return [
        {
            "article_id": library.ids[press.numbers[one]],
            "other_id": library.ids[press.numbers[two]],
            "first": bead.first,
            "last": bead.last,
            "other_first": bead.other_first,
            "other_last": bead.other_last,
            "points": chain.points,
            "margin": bead.margin,
            "told": told,
            "compared": _describe(compare(*bead[:4])),
        }
        for chain in chains
        for bead in chain.beads
    ]


def _describe(compared: Compared) -> str:
    """What was compared beside the meaning, as JSON: how many numbers, dates and names are in both, and in one only."""
    kinds = {"numbers": compared.numbers, "dates": compared.dates, "names": compared.names}
    return json.dumps({kind: list(tally) for kind, tally in kinds.items()})
