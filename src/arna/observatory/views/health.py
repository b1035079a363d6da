"""Health: what was expected of each outlet and day and what came, and what that does to the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from arna.air.report_outlets import DAYS, watch_outlets
from arna.observatory.counting import count_map
from arna.observatory.pictures import draw_health
from arna.observatory.sheets import Sheet, cite, page
from arna.observatory.views.outlets import lay_squares
from arna.terms import base_language
from arna.voids.rank import HEALTHY, MISSING

if TYPE_CHECKING:
    from datetime import date

    from arna.observatory.visit import Visit

SHOWN = 60
"""Outlets shown at once, the most missing first."""


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
            "squares": {watch.id: _squares(watch.days, last) for watch in watches[:SHOWN]},
            "reasons": snapshot.know("reasons", lambda: count_reasons(visit)),
            "totals": visit.counts,
        },
        rows=lambda: snapshot.ask("SELECT * FROM health ORDER BY outlet, day"),
        picture=lambda: draw_health(visit, watches[:SHOWN], last, cite(visit, sheet)),
        how="health",
    )
    return sheet


def _squares(days: tuple[tuple[date, float, int, bool], ...], last: date | None) -> list[Any]:
    if last is None:
        return []
    first = last.fromordinal(last.toordinal() - DAYS + 1)
    names = ("day", "expected", "collected", "ok")
    return lay_squares([dict(zip(names, day, strict=True)) for day in days if day[0] >= first], DAYS, first)


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
