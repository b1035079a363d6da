"""Who leans on whom: direction of each shared span, and the source of each span of an article."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from arna.trace.habits import follow_habit
from arna.trace.judge import Clusters

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence, Set

    from numpy.typing import NDArray

    from arna.trace.align import Match
    from arna.trace.verdicts import Verdicts

DAY = 86_400_000_000

CREDITED, LINKED, VOUCHED = 0.95, 0.9, 0.8
"""Confidence in a direction that the text itself states, or that other copies of it state. Set, not measured: a wrong
credit is rare."""

NEAR = 40
"""Words between a span and what a credit speaks for, so that the credit is for the span, too: two sentences."""

NEARLY = 0.8
"""Part of what the best source explains of an article from which an earlier one is preferred. Set, not tuned."""

LONE = 0.2, 8
"""Margin above which one sentence left over of a pair still counts, and words it must have. In the demo shorter ones
are credit lines, and those below are stock."""

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

    def pick(self, articles: NDArray[np.int64]) -> Clock:
        """The times of some articles."""
        return Clock(self.times[articles], self.coarse[articles], self.weak[articles])

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
class Rendering:
    """What was compared where one passage renders another.

    Attributes:
        margin: how much nearer the two are than either is to other stories.
        compared: per kind of anchor, how many are in both, in this passage only, and in the other only.
    """

    margin: float
    compared: Mapping[str, tuple[int, int, int]]

    def turn(self) -> Rendering:
        """The same seen from the other article."""
        return Rendering(
            self.margin, {kind: (both, there, here) for kind, (both, here, there) in self.compared.items()}
        )


@dataclass(frozen=True)
class Lean:
    """A span of article ``a`` that rests on a span of article ``b``, in words: copied, or rendered in its language."""

    match: Match
    direction: str
    confidence: float
    rendering: Rendering | None = None


@dataclass(frozen=True)
class Doubt:
    """A span of article ``a`` that may render a span of article ``b``, or may share its facts alone."""

    match: Match
    rendering: Rendering


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


def direct_pair(matches: Sequence[Match], evidence: Evidence, clock: Clock, vouchers: Vouchers) -> tuple[str, float]:
    """How, and how surely, one article of a pair renders the other: what is stated at one span holds for all."""
    told = [find_direction(evidence, clock, vouchers, match) for match in matches]
    return max(told, key=lambda item: (_RANKS.get(item[0], 0), abs(item[1] - 0.5)))


def turn_match(match: Match) -> Match:
    """The same match seen from the other article."""
    return type(match)(
        match.b, match.a, match.other_first, match.other_last, match.first, match.last, match.equal, match.telling
    )


def choose_sources(
    matches: Sequence[Match],
    evidence: Evidence,
    clock: Clock,
    renderings: Sequence[Sequence[tuple[Match, Rendering]]] = (),
    verdicts: Verdicts | None = None,
) -> list[Lean]:
    """For every article the spans that rest on others, each on one source, in order of the article and the span.

    What a person accepted comes first, and what a person rejected does not come.

    Of several sources for a span the closest in wording wins; among equally close ones the one whose direction is
    stated, then the one published first. Where a span is copied, it is not also a translation; of the articles it may
    be translated from the one that explains most of the article wins.

    Args:
        matches: copies, not yet directed.
        evidence: what articles say of their sources.
        clock: their times.
        renderings: per pair of articles, the spans of one that render spans of the other, not yet directed.
        verdicts: what people judged.
    """
    clear, unclear = _direct(matches, evidence, clock, renderings)
    if verdicts is not None:
        clear, unclear = (list(filter(verdicts.allow, leans)) for leans in (clear, unclear))
    given = verdicts.group_accepted() if verdicts is not None else {}
    candidates: dict[int, list[Lean]] = defaultdict(list, {article: [] for article in given})
    for lean in clear + follow_habit(clear, unclear, evidence, clock):
        if verdicts is None or not verdicts.is_accepted(lean):
            candidates[lean.match.a].append(lean)
    copies = {
        article: _cover([lean for lean in leans if lean.rendering is None], given.get(article, ()))
        for article, leans in sorted(candidates.items())
    }
    chosen: list[Lean] = []
    for article, found in copies.items():
        rendered = [lean for lean in candidates[article] if lean.rendering is not None]
        accepted = given.get(article, [])
        chosen += accepted + found + _cover_renderings(rendered, copies, evidence, accepted)
    return chosen


def _direct(
    matches: Sequence[Match],
    evidence: Evidence,
    clock: Clock,
    renderings: Sequence[Sequence[tuple[Match, Rendering]]],
) -> tuple[list[Lean], list[Lean]]:
    """Leans whose direction is clear, and those whose is not, each of these both ways unless one's time says less."""
    clear: list[Lean] = []
    unclear: list[Lean] = []
    vouchers = Vouchers(matches, evidence)
    directed: list[tuple[Match, Rendering | None, tuple[str, float]]] = [
        (match, None, find_direction(evidence, clock, vouchers, match)) for match in matches
    ]
    for pair in renderings:
        stated = direct_pair([match for match, _ in pair], evidence, clock, vouchers)
        directed += [(match, rendering, stated) for match, rendering in pair]
    for match, rendering, (how, sure) in directed:
        if sure > 0.5:
            clear.append(Lean(match, how, sure, rendering))
        elif sure < 0.5:
            clear.append(Lean(turn_match(match), how, 1 - sure, rendering and rendering.turn()))
        else:
            # Of an undated or day-only copy and a timed one only the former leans: it must not put the other in doubt.
            more = clock.knows(match.a) - clock.knows(match.b)
            unclear += [Lean(match, how, sure, rendering)] if more <= 0 else []
            unclear += [Lean(turn_match(match), how, sure, rendering and rendering.turn())] if more >= 0 else []
    return clear, unclear


def _cover(leans: list[Lean], given: Sequence[Lean] = ()) -> list[Lean]:
    """Beside what is given, take the best lean, then the best that adds at least half of itself, until none is left."""
    covered = _mark([*leans, *given], given)
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


def _mark(leans: Sequence[Lean], covering: Iterable[Lean]) -> NDArray[np.bool_]:
    """Per word of an article, up to the last that any of the leans holds, whether one of some holds it."""
    covered = np.zeros(max((lean.match.last for lean in [*leans, *covering]), default=0), dtype=np.bool_)
    for lean in covering:
        covered[lean.match.first : lean.match.last] = True
    return covered


def _count_fresh(covered: NDArray[np.bool_], match: Match) -> int:
    return int(np.count_nonzero(~covered[match.first : match.last]))


_RANKS = {"credit": 2, "link": 1}


def _rank(lean: Lean) -> int:
    return _RANKS.get(lean.direction, 0)


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


def _cover_renderings(
    leans: Sequence[Lean], copies: Mapping[int, Sequence[Lean]], evidence: Evidence, accepted: Sequence[Lean]
) -> list[Lean]:
    """Of one article's translated spans those that nothing accepted and no clear copy explains, each from one source.

    Sources are taken one after the other: those it is accepted to render before all, clear before unclear, the outlet's
    own text before others', stated before those the clock tells; of those that explain nearly as much of the article as
    the one that explains most, the one published first, and rather the text that was copied than its copy.
    """
    if not leans:
        return []
    copied = [lean for lean in copies.get(leans[0].match.a, ()) if lean.direction != "unclear"]
    covered = _mark(leans, [*copied, *accepted])
    vouched = {lean.match.b for lean in accepted if lean.rendering is not None}
    by_source: dict[int, list[Lean]] = defaultdict(list)
    for lean in leans:
        by_source[lean.match.b].append(lean)
    held = {source: len(some) for source, some in by_source.items()}
    chosen: list[Lean] = []
    while True:
        for source, some in list(by_source.items()):
            by_source[source] = [lean for lean in some if 2 * _count_fresh(covered, lean.match) >= _size(lean)]
        # A sentence left over where the rest is explained otherwise is no evidence by itself.
        by_source = {
            source: some
            for source, some in by_source.items()
            if _tells(some, held[source]) or (some and source in vouched)
        }
        if not by_source:
            return sorted(chosen, key=lambda lean: (lean.match.first, lean.match.last))
        for lean in by_source.pop(_pick_source(by_source, covered, copies, evidence, vouched)):
            covered[lean.match.first : lean.match.last] = True
            chosen.append(lean)


def _pick_source(
    by_source: Mapping[int, Sequence[Lean]],
    covered: NDArray[np.bool_],
    copies: Mapping[int, Sequence[Lean]],
    evidence: Evidence,
    vouched: Set[int],
) -> int:
    standing = {}
    for source, some in by_source.items():
        own = evidence.outlets[source] == evidence.outlets[some[0].match.a]
        standing[source] = (source in vouched, some[0].direction != "unclear", own, _rank(some[0]))
    first = [source for source in by_source if standing[source] == max(standing.values())]
    explained = {source: sum(_count_fresh(covered, lean.match) for lean in by_source[source]) for source in first}
    near = {source for source in first if explained[source] >= NEARLY * max(explained.values())}
    copied = {
        source
        for source in near
        if any(lean.match.b in near and lean.direction != "unclear" for lean in copies.get(source, ()))
    }
    return min(near - copied or near)


def _tells(left: Sequence[Lean], held: int) -> bool:
    """Whether those left of a pair's spans are evidence by themselves."""
    if len(left) != 1 or held == 1:
        return bool(left)
    rendering = left[0].rendering
    return rendering is not None and rendering.margin >= LONE[0] and _size(left[0]) >= LONE[1]


def _size(lean: Lean) -> int:
    return lean.match.last - lean.match.first
