"""Health: per outlet and day, how many articles were to be expected, how many came, and why so few.

What an outlet usually publishes is learnt from its own days, each weekday apart, drawn towards the outlet's mean where
weeks are few; days that turn out not ok are left out and it is learnt again, so that a dark fortnight does not teach
that nothing is expected. A day is not ok when so few articles, or so long a silence, would come by chance less than
once in a hundred times, under a Poisson law, or a negative binomial one where the outlet's days vary more than that.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from math import exp, lgamma, log, log1p
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from arna.terms import SCHEMAS
from arna.terms.troubles import IDLE, LAYOUT, SILENT, name_trouble

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from numpy.typing import NDArray

CHANCE: Final = 0.01
"""Probability below which a day is not ok: a healthy outlet is wrongly flagged on three or four days a year."""

ROUNDS: Final = 5
"""Times a rate is learnt anew at most; two do for an outage of a third of the days."""

SHRINK: Final = 2.0
"""Weeks of the outlet's mean that a weekday's own mean is drawn towards. Set, not tuned."""

DAYS_SQL: Final = """
    SELECT outlet, CAST(published_at AS DATE) AS day, count(*) AS articles FROM articles
    WHERE published_at IS NOT NULL GROUP BY ALL ORDER BY ALL
"""
"""Articles of each outlet and day."""

ASKED_SQL: Final = """
    SELECT outlet, CAST(fetched_at AS DATE) AS day, kind, result, reason, count(*) AS n,
           count(*) FILTER (WHERE document_id IN (
               SELECT document_id FROM outcomes WHERE stage = 'read' AND outcome <> 'kept'
               AND NOT starts_with(reason, 'duplicate'))) AS textless,
           max(fetched_at) AS last
    FROM fetches GROUP BY ALL ORDER BY ALL
"""
"""Requests of each outlet and day by what came of them; ``textless`` are pages in which no article was found."""


def measure_health(days: pa.Table, asked: pa.Table | None = None) -> pa.Table:
    """Rows of ``health`` from counts.

    Args:
        days: columns ``outlet``, ``day`` (date32), ``articles``; a row for each outlet and day with an article.
        asked: rows of :data:`ASKED_SQL`; None where nothing was collected from live outlets.

    An outlet that was asked and never gave an article is expected to publish what outlets of the space publish in the
    median. The last day counts in part where the last request came before its end.
    """
    diary = _Diary(asked)
    outlets = days["outlet"].to_numpy(zero_copy_only=False)
    numbers = days["day"].cast(pa.int32()).to_numpy()
    counts = days["articles"].to_numpy()
    end = max([int(number) for number in numbers] + diary.ends, default=-1) + 1
    rows: dict[str, list[object]] = {name: [] for name in SCHEMAS["health"].names}
    rates: list[float] = []
    for outlet in sorted(set(outlets.tolist())):
        own = outlets == outlet
        start = int(numbers[own].min())
        collected = np.zeros(end - start, dtype=np.int64)
        np.add.at(collected, numbers[own] - start, counts[own])
        expected, ok = _learn(collected, start, diary.part_of_last(end))
        rates.append(float(expected.mean()))
        _add_rows(rows, outlet, start, expected, collected, ok, diary)
    usual = float(np.median(rates)) if rates else 0.0
    for outlet in sorted(diary.outlets - set(outlets.tolist())):
        start = diary.first_day(outlet)
        nothing = np.zeros(end - start, dtype=np.int64)
        expected = np.full(end - start, usual)
        expected[-1] *= diary.part_of_last(end)
        _add_rows(rows, outlet, start, expected, nothing, nothing.astype(bool), diary)
    rows["day"] = pa.array(rows["day"], pa.int32()).cast(pa.date32())
    return pa.table(rows, schema=SCHEMAS["health"])


def _add_rows(
    rows: dict[str, list[object]],
    outlet: str,
    start: int,
    expected: NDArray[np.float64],
    collected: NDArray[np.int64],
    ok: NDArray[np.bool_],
    diary: _Diary,
) -> None:
    days = range(start, start + len(collected))
    rows["outlet"] += [outlet] * len(collected)
    rows["day"] += list(days)
    rows["expected"] += expected.tolist()
    rows["collected"] += collected.tolist()
    rows["ok"] += ok.tolist()
    rows["reason"] += ["" if fine else diary.explain(outlet, day) for day, fine in zip(days, ok.tolist(), strict=True)]


# What is usual


def _learn(
    collected: NDArray[np.int64], start: int, part_of_last: float
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Expected articles of each day, and whether it is ok; ``start`` is the first day since 1970, a Thursday."""
    weekday = (np.arange(len(collected)) + start + 3) % 7
    share = np.ones(len(collected))
    share[-1] = part_of_last
    ok = np.ones(len(collected), dtype=bool)
    expected = np.zeros(len(collected))
    for _ in range(ROUNDS):
        used = ok if ok.any() else np.ones_like(ok)
        mean = collected[used].sum() / share[used].sum()
        by_weekday = np.full(7, mean)
        for day in range(7):
            those = used & (weekday == day)
            by_weekday[day] = (collected[those].sum() + SHRINK * mean) / (share[those].sum() + SHRINK)
        expected = by_weekday[weekday] * share
        spread = _measure_spread(collected[used], expected[used])
        judged = _judge_days(collected, expected, spread)
        if (judged == ok).all():
            break
        ok = judged
    return expected, ok


def _measure_spread(collected: NDArray[np.int64], expected: NDArray[np.float64]) -> float:
    """Variance of the counts beside their expectation, 1 at least: index of dispersion."""
    if len(collected) < 7 or not expected.all():
        return 1.0
    return max(1.0, float(np.mean((collected - expected) ** 2 / expected)))


def _judge_days(collected: NDArray[np.int64], expected: NDArray[np.float64], spread: float) -> NDArray[np.bool_]:
    pairs = zip(collected.tolist(), expected.tolist(), strict=True)
    ok = np.array([_at_most(count, rate, spread) >= CHANCE for count, rate in pairs])
    day = 0
    while day < len(collected):
        after = day
        while after < len(collected) and collected[after] == 0:
            after += 1
        if after > day and sum(_log_none(rate, spread) for rate in expected[day:after].tolist()) < log(CHANCE):
            ok[day:after] = False
        day = max(after, day + 1)
    return ok


def _log_none(rate: float, spread: float) -> float:
    """Logarithm of the probability of no article at all."""
    return -rate if spread <= 1.0 else -rate * log(spread) / (spread - 1.0)


def _at_most(count: int, rate: float, spread: float) -> float:
    """Probability of so many or fewer; 1 where the count is above the rate."""
    if count >= rate:
        return 1.0
    if spread <= 1.0:
        return sum(exp(n * log(rate) - rate - lgamma(n + 1)) for n in range(count + 1))
    size = rate / (spread - 1.0)  # of a negative binomial with this mean and variance rate * spread
    scale, odds = size * log(1.0 / spread), log1p(-1.0 / spread)
    return sum(exp(lgamma(n + size) - lgamma(size) - lgamma(n + 1) + scale + n * odds) for n in range(count + 1))


# Why so few


class _Diary:
    """What was asked of each outlet on each day, and what came of it."""

    def __init__(self, asked: pa.Table | None) -> None:
        rows: list[dict[str, Any]] = [] if asked is None else asked.to_pylist()
        self._days: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            self._days[row["outlet"], _number(row["day"])].append(row)
        self._last: datetime | None = max((row["last"] for row in rows), default=None)
        self.outlets = {outlet for outlet, _ in self._days}
        self.ends = [max(day for _, day in self._days)] if rows else []

    def first_day(self, outlet: str) -> int:
        return min(day for name, day in self._days if name == outlet)

    def part_of_last(self, end: int) -> float:
        """The part of the last day that was over at the last request, where that came on this day."""
        last = self._last
        if last is None or _number(last.date()) != end - 1:
            return 1.0
        return max(0.02, (last.hour * 3600 + last.minute * 60 + last.second) / 86400)

    def explain(self, outlet: str, day: int) -> str:
        """The likely reason why a day gave too little; empty where nothing is known of how it was collected."""
        if outlet not in self.outlets:
            return ""
        rows = self._days.get((outlet, day), [])
        if not rows:
            return IDLE
        pages = [row for row in rows if row["kind"] == "page"]
        lists = [row for row in rows if row["kind"] not in {"page", "robots"}]
        # a robots.txt that was had is no feed; one that was not closes all
        closed = [row for row in rows if row["kind"] == "robots" and row["result"] == "failed"]
        for counts in (_count_troubles(lists + closed), _count_troubles(pages)):
            worst = max((name for name in counts if name), key=lambda name: (counts[name], name), default="")
            if worst and counts[worst] >= counts[""]:
                return worst
        kept = sum(row["n"] for row in pages if row["result"] == "kept")
        textless = sum(row["textless"] for row in pages)
        if kept and 2 * textless > kept:
            return LAYOUT
        return SILENT if not kept else ""


def _count_troubles(rows: Iterable[dict[str, Any]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for row in rows:
        counts[name_trouble(row["result"], row["reason"])] += row["n"]
    return counts


def _number(day: date) -> int:
    return day.toordinal() - 719_163  # 1970-01-01
