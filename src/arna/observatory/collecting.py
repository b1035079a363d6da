"""How outlets were collected: days and why they were short, and what was asked of live outlets.

``health`` says what came of each day, ``fetches`` what was asked. Outlets that gave no article are in both.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from arna.air import charts
from arna.air.report_outlets import DAYS, Gap
from arna.air.report_words import show_count, show_days
from arna.air.voice import current_voice
from arna.observatory.reasons import tell_trouble
from arna.terms.troubles import name_trouble

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from arna.air.charts import Square
    from arna.observatory.snapshot import Snapshot


@dataclass(frozen=True)
class Requests:
    """What was asked of an outlet.

    Attributes:
        outlet: id.
        count: requests in all.
        last: time of the last one.
        troubles: how many of them came to nothing, by kind of trouble, the most frequent first.
        held: articles of it are held.
    """

    outlet: str
    count: int
    last: datetime
    troubles: tuple[tuple[str, int], ...]
    held: bool


def list_requests(snapshot: Snapshot) -> dict[str, Requests]:
    """Requests of each outlet that was asked."""
    return snapshot.know("requests", lambda: _list_requests(snapshot))


def _list_requests(snapshot: Snapshot) -> dict[str, Requests]:
    held = {row["outlet"] for row in snapshot.rows("SELECT DISTINCT outlet FROM heads")}
    troubles: dict[str, Counter[str]] = defaultdict(Counter)
    counts: Counter[str] = Counter()
    last: dict[str, datetime] = {}
    for row in snapshot.rows(
        """SELECT outlet, result, split_part(coalesce(reason, ''), ':', 1) AS reason, count(*) AS n,
                  max(fetched_at) AS last FROM fetches WHERE outlet <> '' GROUP BY ALL ORDER BY ALL"""
    ):
        name = row["outlet"]
        counts[name] += row["n"]
        last[name] = max(last.get(name, row["last"]), row["last"])
        trouble = name_trouble(row["result"] or "", row["reason"])
        if trouble:
            troubles[name][trouble] += row["n"]
    return {
        name: Requests(name, count, last[name], tuple(_rank(troubles[name])), name in held)
        for name, count in sorted(counts.items())
    }


def _rank(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def list_days(snapshot: Snapshot, outlet_id: str) -> list[dict[str, Any]]:
    """The outlet's days, in order."""
    return snapshot.rows(
        "SELECT day, expected, collected, ok, coalesce(reason, '') AS reason FROM health WHERE outlet = $outlet"
        " ORDER BY day",
        outlet=outlet_id,
    )


def lay_health(snapshot: Snapshot, outlet_id: str) -> dict[str, Any]:
    """The outlet's last days as squares, the stretches that were short, and its health over all of its days."""
    all_days = list_days(snapshot, outlet_id)
    days = all_days[-DAYS:]
    expected = sum(day["expected"] for day in all_days)
    fine = sum(day["expected"] for day in all_days if day["ok"])
    return {
        "days": days,
        "squares": lay_squares(days, DAYS),
        "short": sum(not day["ok"] for day in days),
        "short_ever": sum(not day["ok"] for day in all_days),
        "healthy": fine / expected if expected else None,
        "gaps": find_gaps(days)[::-1],
    }


def find_gaps(days: Sequence[Mapping[str, Any]]) -> list[Gap]:
    """Stretches of days that were short for one reason, in order."""
    gaps: list[Gap] = []
    for day in days:
        if day["ok"]:
            continue
        before = gaps[-1] if gaps else None
        if before and before.last == day["day"] - timedelta(days=1) and before.reason == day["reason"]:
            gaps[-1] = Gap(before.first, day["day"], before.expected + day["expected"],
                           before.collected + day["collected"], before.reason)  # fmt: skip
        else:
            gaps.append(Gap(day["day"], day["day"], day["expected"], day["collected"], day["reason"]))
    return gaps


def lay_squares(days: Sequence[Mapping[str, Any]], count: int, first: date | None = None) -> list[Square]:
    """Days of ``health`` on a line of ``count`` days from ``first`` on; those alike in a row are one stretch."""
    if not days:
        return []
    start = first or days[-1]["day"] - timedelta(days=count - 1)
    runs = []
    for (ok, reason), some in groupby(days, key=lambda day: (bool(day["ok"]), day["reason"])):
        run = list(some)
        place = (run[0]["day"] - start).days
        collected, expected = sum(day["collected"] for day in run), sum(day["expected"] for day in run)
        words = tell_gap(Gap(run[0]["day"], run[-1]["day"], expected, collected, reason))
        runs.append((place, len(run), ok, words))
    return charts.lay_runs(runs, count)


def tell_gap(gap: Gap) -> str:
    """A stretch of days in words: when, what came of what was expected, and why so little."""
    values = {
        "days": show_days(gap.first, gap.last),
        "collected": show_count(gap.collected),
        "expected": current_voice().say_decimal(gap.expected, 1),
    }
    said = gettext("%(days)s: %(collected)s of %(expected)s expected") % values
    return f"{said}, {tell_trouble(gap.reason)}" if gap.reason else said
