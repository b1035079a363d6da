"""Who leans on whom: direction of each shared span, and the source of each span of an article."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from arna.trace.judge import Clusters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from arna.trace.align import Match

DAY = 86_400_000_000

CREDITED, LINKED, VOUCHED, HABIT = 0.95, 0.9, 0.8, 0.65
"""Confidence in a direction that the text itself states, that other copies of it state, or that is the two outlets'
habit. Set, not measured: a wrong credit is rare."""

NEAR = 40
"""Words between a span and what a credit speaks for, so that the credit is for the span, too: two sentences."""

SOURCE, TAKER = 0.8, 0.5
"""Part of an outlet's clear cases in which others lean on it: a source has at least, a taker at most so many."""

SAME = 0.03
"""Spans whose telling words differ by less are equally close, and the earliest wins; 2 words at the least."""


@dataclass(frozen=True)
class Clock:
    """When articles say they were published.

    Attributes:
        times: int64, microseconds since 1970 UTC; -1 where unknown.
        coarse: bool, only the day is known.
        weak: bool, the time is that of fetching.
    """

    times: NDArray[np.int64]
    coarse: NDArray[np.bool_]
    weak: NDArray[np.bool_]

    def knows(self, article: int) -> int:
        """How much is known of a time: 0 nothing, 1 the day, 2 the time of day."""
        return 0 if self.times[article] < 0 else 1 if self.coarse[article] else 2

    def compare(self, one: int, two: int) -> float:
        """Confidence that article ``two`` came first: above 0.5 yes, below no, 0.5 when the clock cannot tell."""
        a, b = int(self.times[one]), int(self.times[two])
        if a < 0 or b < 0:
            return 0.5
        if self.coarse[one] or self.coarse[two]:
            a, b = a // DAY * DAY, b // DAY * DAY
        if a == b:
            return 0.5
        # From 0.6 at a minute to 0.9 at a day: agencies backdate by minutes, seldom by days.
        sure = 0.6 + 0.3 * min(1.0, abs(a - b) / DAY)
        if self.weak[one] or self.weak[two]:
            sure = 0.5 + (sure - 0.5) / 2
        return sure if b < a else 1 - sure


@dataclass(frozen=True)
class Evidence:
    """What articles say of their sources. Numbers of articles and outlets, words as places.

    Attributes:
        outlets: int32 per article.
        credited: per article, outlets it credits with the words ``[first, last)`` each credit speaks for.
        linked_articles: articles each article links to.
        linked_outlets: outlets each article links to.
    """

    outlets: NDArray[np.int32]
    credited: dict[int, list[tuple[int, int, int]]] = field(default_factory=dict)
    linked_articles: dict[int, set[int]] = field(default_factory=dict)
    linked_outlets: dict[int, set[int]] = field(default_factory=dict)

    def credits(self, match: Match) -> bool:
        """Whether the match's article credits the outlet of the other, not its own, in or beside the span."""
        outlet = int(self.outlets[match.b])
        return outlet != self.outlets[match.a] and any(
            named == outlet and first < match.last + NEAR and match.first < last + NEAR
            for named, first, last in self.credited.get(match.a, ())
        )

    def links(self, match: Match) -> bool:
        """Whether the match's article links to the other."""
        return match.b in self.linked_articles.get(match.a, ())

    def names_by_link(self, match: Match) -> bool:
        """Whether the match's article links to some page of the other's outlet."""
        outlet = int(self.outlets[match.b])
        return outlet != self.outlets[match.a] and outlet in self.linked_outlets.get(match.a, ())


class Vouchers:
    """How many copies of an article's text, in its group of matching articles, credit its outlet."""

    def __init__(self, matches: Sequence[Match], evidence: Evidence) -> None:
        self.groups = Clusters(len(evidence.outlets))
        for match in matches:
            self.groups.join(match.a, match.b)
        self.outlets = evidence.outlets
        self.credits = Counter(
            (self.groups.find(article), outlet)
            for article, named in evidence.credited.items()
            for outlet in {item[0] for item in named}
        )

    def count(self, article: int) -> int:
        """Articles in the group of ``article`` that credit its outlet."""
        return self.credits[self.groups.find(article), int(self.outlets[article])]


@dataclass(frozen=True)
class Lean:
    """A span of article ``a`` that rests on a span of article ``b``, in words."""

    match: Match
    direction: str
    confidence: float


def find_direction(evidence: Evidence, clock: Clock, vouchers: Vouchers, match: Match) -> tuple[str, float]:
    """How, and how surely, article ``a`` of a match leans on ``b``; the confidence is below 0.5 if it is the other way.

    A credit for the span beats a link to the other article, a link beats a clock. Where the clock cannot tell, other
    copies of the same text may, if they credit the outlet of one of the two and never that of the other; then a link to
    any page of one of the two outlets. Else ``unclear``.
    """
    back = turn_match(match)
    for how, sure, states in (("credit", CREDITED, evidence.credits), ("link", LINKED, evidence.links)):
        if states(match) != states(back):
            return how, sure if states(match) else 1 - sure
    sure = clock.compare(match.a, match.b)
    if sure != 0.5:
        return "clock", sure
    of_one, of_two = vouchers.count(match.a), vouchers.count(match.b)
    if (of_two > 0) != (of_one > 0):
        return "credit", VOUCHED if of_two else 1 - VOUCHED
    if evidence.names_by_link(match) != evidence.names_by_link(back):
        return "link", VOUCHED if evidence.names_by_link(match) else 1 - VOUCHED
    return "unclear", 0.5


def _follow_habit(clear: Sequence[Lean], unclear: Sequence[Lean], evidence: Evidence, clock: Clock) -> list[Lean]:
    """Turn leans that a day without a time of day left unclear, where one outlet is a source and the other a taker.

    An outlet's standing is (times others clearly lean on it + 1) / (clear cases it is in + 2). Equal times of day stay
    unclear: both may have had the text from a third.
    """
    given, taken = Counter[int](), Counter[int]()
    for lean in clear:
        taker, source = int(evidence.outlets[lean.match.a]), int(evidence.outlets[lean.match.b])
        if taker != source:
            given[source] += 1
            taken[taker] += 1
    standing = [(given[n] + 1) / (given[n] + taken[n] + 2) for n in evidence.outlets.tolist()]
    turned = []
    for lean in unclear:
        one, two = lean.match.a, lean.match.b
        if not (clock.coarse[one] or clock.coarse[two]):
            turned.append(lean)
        elif standing[two] >= SOURCE and standing[one] <= TAKER:
            turned.append(Lean(lean.match, "habit", HABIT))
        elif not (standing[one] >= SOURCE and standing[two] <= TAKER):
            turned.append(lean)
    return turned


def turn_match(match: Match) -> Match:
    """The same match seen from the other article."""
    return type(match)(
        match.b, match.a, match.other_first, match.other_last, match.first, match.last, match.equal, match.telling
    )


def choose_sources(matches: Sequence[Match], evidence: Evidence, clock: Clock) -> list[Lean]:
    """For every article the spans that rest on others, each on one source, in order of the article and the span.

    Of several sources for a span the closest in wording wins; among equally close ones the one whose direction is
    stated, then the one published first.
    """
    clear: list[Lean] = []
    unclear: list[Lean] = []
    vouchers = Vouchers(matches, evidence)
    for match in matches:
        how, sure = find_direction(evidence, clock, vouchers, match)
        if sure > 0.5:
            clear.append(Lean(match, how, sure))
        elif sure < 0.5:
            clear.append(Lean(turn_match(match), how, 1 - sure))
        else:
            # Of an undated or day-only copy and a timed one only the former leans: it must not put the other in doubt.
            more = clock.knows(match.a) - clock.knows(match.b)
            unclear += [Lean(match, how, sure)] if more <= 0 else []
            unclear += [Lean(turn_match(match), how, sure)] if more >= 0 else []
    candidates: dict[int, list[Lean]] = defaultdict(list)
    for lean in clear + _follow_habit(clear, unclear, evidence, clock):
        candidates[lean.match.a].append(lean)
    chosen: list[Lean] = []
    for article in sorted(candidates):
        chosen += _cover(candidates[article])
    return chosen


def _cover(leans: list[Lean]) -> list[Lean]:
    """Take the best lean, then the best that adds at least half of itself, until none is left."""
    size = max(lean.match.last for lean in leans)
    covered = np.zeros(size, dtype=np.bool_)
    left = sorted(leans, key=lambda lean: (lean.direction == "unclear", -lean.match.telling, lean.match.b))
    chosen = []
    for lean in left:
        fresh = _count_fresh(covered, lean.match)
        if 2 * fresh < lean.match.last - lean.match.first:
            continue
        rivals = [other for other in left if _rivals(lean, other)]
        best = min(rivals, key=lambda other: (-_rank(other), other.match.b))
        covered[best.match.first : best.match.last] = True
        covered[lean.match.first : lean.match.last] = True
        chosen.append(best)
    return sorted(chosen, key=lambda lean: (lean.match.first, lean.match.last))


def _count_fresh(covered: NDArray[np.bool_], match: Match) -> int:
    return int(np.count_nonzero(~covered[match.first : match.last]))


def _rank(lean: Lean) -> int:
    return {"credit": 2, "link": 1}.get(lean.direction, 0)


def _rivals(lean: Lean, other: Lean) -> bool:
    """Whether another lean explains the same span about as closely, or is stated in the text and nearly as close."""
    one, two = lean.match, other.match
    if (lean.direction == "unclear") != (other.direction == "unclear"):
        return False
    shared = min(one.last, two.last) - max(one.first, two.first)
    if shared < 0.8 * (one.last - one.first):
        return False
    slack = max(2.0, SAME * one.telling) if _rank(other) == 0 else 0.3 * one.telling
    return two.telling >= one.telling - slack
