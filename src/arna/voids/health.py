"""Health: per outlet and day, how many articles were to be expected and how many came.

An outlet's rate is its mean over the days from its first article to the last day of the space. A day is not ok when so
few articles (or so long a silence) would happen by chance, under a Poisson law of that rate, less than once in a
hundred times.
"""

from __future__ import annotations

from math import exp, lgamma, log
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from arna.terms import SCHEMAS

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHANCE = 0.01
"""Probability below which a day is not ok: a healthy outlet is wrongly flagged on three or four days a year."""


def measure_health(days: pa.Table) -> pa.Table:
    """Rows of ``health`` from counts.

    Args:
        days: columns ``outlet``, ``day`` (date32), ``articles``; a row for each outlet and day with an article.
    """
    if not days.num_rows:
        return SCHEMAS["health"].empty_table()
    outlets = days["outlet"].to_numpy()
    numbers = days["day"].cast(pa.int32()).to_numpy()
    counts = days["articles"].to_numpy()
    end = int(numbers.max()) + 1
    rows: dict[str, list[object]] = {name: [] for name in SCHEMAS["health"].names}
    for outlet in sorted(set(outlets.tolist())):
        own = outlets == outlet
        start = int(numbers[own].min())
        collected = np.zeros(end - start, dtype=np.int64)
        np.add.at(collected, numbers[own] - start, counts[own])
        rate = float(collected.mean())
        rows["outlet"] += [outlet] * len(collected)
        rows["day"] += list(range(start, end))
        rows["expected"] += [rate] * len(collected)
        rows["collected"] += collected.tolist()
        rows["ok"] += _judge_days(collected, rate).tolist()
    rows["day"] = pa.array(rows["day"], pa.int32()).cast(pa.date32())
    return pa.table(rows, schema=SCHEMAS["health"])


def _judge_days(collected: NDArray[np.int64], rate: float) -> NDArray[np.bool_]:
    ok = np.array([_at_most(int(count), rate) >= CHANCE for count in collected])
    day = 0
    while day < len(collected):
        after = day
        while after < len(collected) and collected[after] == 0:
            after += 1
        if after > day and exp(-rate * (after - day)) < CHANCE:
            ok[day:after] = False
        day = max(after, day + 1)
    return ok


def _at_most(count: int, rate: float) -> float:
    """Poisson probability of so many or fewer; 1 where the count is above the rate."""
    if count >= rate:
        return 1.0
    return sum(exp(n * log(rate) - rate - lgamma(n + 1)) for n in range(count + 1))
