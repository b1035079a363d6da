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
_NEVER = 1 << 62

CREDITED, LINKED, VOUCHED, HABIT = 0.95, 0.9, 0.8, 0.65
"""Confidence in a direction that the text itself states, that other copies of it state, or that is the two outlets'
habit. Set, not measured: a wrong credit is rare."""

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
    """What articles say of their sources. Numbers of articles and outlets.

    Attributes:
        outlets: int32 per article.
        credited: outlets each article credits.
        linked_articles: articles each article links to.
        linked_outlets: outlets each article links to.
    """

    outlets: NDArray[np.int32]
    credited: dict[int, set[int]] = field(default_factory=dict)
    linked_articles: dict[int, set[int]] = field(default_factory=dict)
    linked_outlets: dict[int, set[int]] = field(default_factory=dict)

    def credits(self, one: int, two: int) -> bool:
        """Whether article ``one`` credits the outlet of article ``two``, another than its own."""
        outlet = int(self.outlets[two])
        return outlet != self.outlets[one] and outlet in self.credited.get(one, ())

    def links(self, one: int, two: int) -> bool:
        """Whether article ``one`` links to article ``two``, or to its outlet's pages."""
        outlet = int(self.outlets[two])
        return two in self.linked_articles.get(one, ()) or (
            outlet != self.outlets[one] and outlet in self.linked_outlets.get(one, ())
        )


class Vouchers:
    """How many copies of an article's text, in its group of matching articles, credit its outlet."""

    def __init__(self, matches: Sequence[Match], evidence: Evidence) -> None:
        self.groups = Clusters(len(evidence.outlets))
        for match in matches:
            self.groups.join(match.a, match.b)
        self.outlets = evidence.outlets
        self.credits = Counter(
            (self.groups.find(article), outlet) for article, named in evidence.credited.items() for outlet in named
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


def find_direction(evidence: Evidence, clock: Clock, vouchers: Vouchers, one: int, two: int) -> tuple[str, float]:
    """How, and how surely, article ``one`` leans on ``two``; the confidence is below 0.5 if it is the other way.

    A credit beats a link, a link beats a clock. Where the clock cannot tell, other copies of the same text may: if they
    credit the outlet of one of the two and never that of the other, it came first. Else ``unclear``.
    """
    for how, sure, states in (("credit", CREDITED, evidence.credits), ("link", LINKED, evidence.links)):
        forth, back = states(one, two), states(two, one)
        if forth != back:
            return how, sure if forth else 1 - sure
    sure = clock.compare(one, two)
    if sure != 0.5:
        return "clock", sure
    of_one, of_two = vouchers.count(one), vouchers.count(two)
    if (of_two > 0) != (of_one > 0):
        return "credit", VOUCHED if of_two else 1 - VOUCHED
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
        how, sure = find_direction(evidence, clock, vouchers, match.a, match.b)
        if sure > 0.5:
            clear.append(Lean(match, how, sure))
        elif sure < 0.5:
            clear.append(Lean(turn_match(match), how, 1 - sure))
        else:
            unclear += [Lean(match, how, sure), Lean(turn_match(match), how, sure)]
    candidates: dict[int, list[Lean]] = defaultdict(list)
    for lean in clear + _follow_habit(clear, unclear, evidence, clock):
        candidates[lean.match.a].append(lean)
    chosen: list[Lean] = []
    for article in sorted(candidates):
        chosen += _cover(candidates[article], clock)
    return chosen


def _cover(leans: list[Lean], clock: Clock) -> list[Lean]:
    """Take the best lean, then the best that adds at least half of itself, until none is left."""
    size = max(lean.match.last for lean in leans)
    covered = np.zeros(size, dtype=np.bool_)
    left = sorted(leans, key=lambda lean: (lean.direction == "unclear", -lean.match.telling, _earliest(lean, clock)))
    chosen = []
    for lean in left:
        fresh = _count_fresh(covered, lean.match)
        if 2 * fresh < lean.match.last - lean.match.first:
            continue
        rivals = [other for other in left if _rivals(lean, other)]
        best = min(rivals, key=lambda other: (-_rank(other), _earliest(other, clock)))
        covered[best.match.first : best.match.last] = True
        covered[lean.match.first : lean.match.last] = True
        chosen.append(best)
    return sorted(chosen, key=lambda lean: (lean.match.first, lean.match.last))


def _count_fresh(covered: NDArray[np.bool_], match: Match) -> int:
    return int(np.count_nonzero(~covered[match.first : match.last]))


def _earliest(lean: Lean, clock: Clock) -> tuple[int, int]:
    at = int(clock.times[lean.match.b])
    return (at if at >= 0 else _NEVER, lean.match.b)


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
