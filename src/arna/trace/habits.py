"""Which of two outlets usually leans on the other, where nothing else tells."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arna.trace.choose import Clock, Evidence, Lean

HABIT = 0.65
"""Confidence in a direction that is the two outlets' habit. Set, not measured."""

SOURCE, TAKER = 0.8, 0.5
"""Part of an outlet's clear cases in which others lean on it: a source has at least, a taker at most so many."""


def follow_habit(clear: Sequence[Lean], unclear: Sequence[Lean], evidence: Evidence, clock: Clock) -> list[Lean]:
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
            turned.append(replace(lean, direction="habit", confidence=HABIT))
        elif not (standing[one] >= SOURCE and standing[two] <= TAKER):
            turned.append(lean)
    return turned
