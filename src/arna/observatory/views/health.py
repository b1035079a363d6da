"""Health: what was expected of each outlet and day and what came, and what that does to the numbers."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from arna.air.report_outlets import DAYS, watch_outlets
from arna.observatory.collecting import lay_squares, list_requests, tell_gap
from arna.observatory.counting import count_map
from arna.observatory.pictures import draw_health
from arna.observatory.reasons import tell_outcome, tell_trouble
from arna.observatory.sheets import Sheet, cite, page
from arna.terms import base_language
from arna.voids.rank import HEALTHY, MISSING

if TYPE_CHECKING:
    from datetime import date

    from arna.air.charts import Square
    from arna.air.report_outlets import Watch
    from arna.observatory.visit import Visit

SHOWN = 60
"""Outlets shown at once, the most missing first."""

STRETCHES = 4
"""Short stretches of an outlet told beside its days; its own page has all of them."""


@page
def see_health(visit: Visit) -> Sheet:
    """Languages with their health and the cells it silences; outlets day by day; documents without an article."""
    snapshot = visit.snapshot
    watches, fine = snapshot.know("watches", lambda: watch_outlets(snapshot))
    found = count_map(snapshot, visit.filters)
    last = max((watch.days[-1][0] for watch in watches), default=None)
    sheet = Sheet(
        template="health.html.j2",
        title=gettext("Health"),
        name="health",
        context={
            "languages": [tell_language(visit, lang) for lang in found.langs],
            "needed": HEALTHY,
            "watches": watches[:SHOWN],
            "more": watches[SHOWN:],
            "fine": fine,
            "first_day": last.fromordinal(last.toordinal() - DAYS + 1) if last else None,
            "last_day": last,
            "squares": {watch.id: _squares(watch, last) for watch in watches[:SHOWN]},
            "troubles": [(tell_trouble(name), days, outlets) for name, days, outlets in count_troubles(watches)],
            "never": [asked for asked in list_requests(snapshot).values() if not asked.held],
            "tell_gap": tell_gap,
            "tell_trouble": tell_trouble,
            "stretches": STRETCHES,
            "reasons": [
                {"reason": tell_outcome(row["reason"]), "n": row["n"]}
                for row in snapshot.know("reasons", lambda: count_reasons(visit))
            ],
            "totals": visit.counts,
        },
        rows=lambda: snapshot.ask("SELECT * FROM health ORDER BY outlet, day"),
        picture=lambda: draw_health(visit, watches[:SHOWN], last, cite(visit, sheet)),
        how="health",
    )
    return sheet


def _squares(watch: Watch, last: date | None) -> list[Square]:
    if last is None:
        return []
    first = last - timedelta(days=DAYS - 1)
    reasons = {
        gap.first + timedelta(days=n): gap.reason for gap in watch.gaps for n in range((gap.last - gap.first).days + 1)
    }
    days = [
        {"day": day, "expected": expected, "collected": collected, "ok": ok, "reason": reasons.get(day, "")}
        for day, expected, collected, ok in watch.days
        if day >= first
    ]
    return lay_squares(days, DAYS, first)


def count_troubles(watches: tuple[Watch, ...]) -> list[tuple[str, int, int]]:
    """Why days were short: the reason, days and outlets, the most days first; empty where no reason is known."""
    days: Counter[str] = Counter()
    outlets: Counter[str] = Counter()
    for watch in watches:
        for gap in watch.gaps:
            days[gap.reason] += (gap.last - gap.first).days + 1
        outlets.update({gap.reason for gap in watch.gaps})
    ranked = sorted(days, key=lambda reason: (not reason, -days[reason], reason))
    return [(reason, days[reason], outlets[reason]) for reason in ranked] if any(days) else []


def tell_language(visit: Visit, lang: str) -> dict[str, Any]:
    """A language's health, the cells that say "not enough collected", and what they would say otherwise."""
    found = count_map(visit.snapshot, visit.filters)
    squares = [square for (_, tongue), square in found.squares.items() if tongue == lang]
    silenced = [square for square in squares if square.status == "not enough collected"]
    return {
        "lang": lang,
        "health": found.collected.get(base_language(lang)),
        "cells": len(squares),
        "silenced": len(silenced),
        "otherwise": sum(square.high < MISSING for square in silenced),
        "outlets": sum(base_language(lang) in map(base_language, outlet.languages) for outlet in visit.space.outlets),
    }


def count_reasons(visit: Visit) -> list[dict[str, Any]]:
    """Why documents became no article, the most frequent first."""
    return visit.snapshot.rows(
        """SELECT split_part(reason, ':', 1) AS reason, count(*) AS n FROM outcomes
           WHERE outcome <> 'kept' AND coalesce(reason, '') <> '' GROUP BY 1 ORDER BY n DESC, 1 LIMIT 15"""
    )
