"""The void map: topics down, languages across; in each cell whose reporting its words rest on."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from django.utils.translation import gettext

from arna.observatory.counting import count_map, count_weeks, see_columns
from arna.observatory.filters import UNREGISTERED
from arna.observatory.pictures import draw_map, name_control, name_kind, tell_scope
from arna.observatory.sheets import Sheet, cite, page
from arna.observatory.speech import say_month
from arna.space.load import CONTROLS, KINDS

if TYPE_CHECKING:
    from datetime import date

    from arna.air.report_facts import Week
    from arna.observatory.counting import VoidMap
    from arna.observatory.filters import Filters
    from arna.observatory.visit import Visit

STATUSES = ("void", "too few articles", "not enough collected", "covered")


@dataclass(frozen=True)
class Month:
    """A month of the time strip: its weeks are those whose Monday lies in it."""

    title: str
    short: str
    filters: Filters
    chosen: bool
    x: float


@page
def see_map(visit: Visit) -> Sheet:
    """The map, the time strip and the filters; the same as a table, CSV, JSON, Parquet, SVG and PNG."""
    found = count_map(visit.snapshot, visit.filters)
    weeks = count_weeks(visit.snapshot, visit.filters)
    title = gettext("Void map")
    langs = choose_langs(visit, found)
    shown = [square for square in found.squares.values() if square.lang in langs]
    sheet = Sheet(
        template="map.html.j2",
        title=title,
        name="void-map",
        context={
            "found": found,
            "scope": tell_scope(visit, found),
            "langs": langs,
            "strange": [lang for lang in found.langs if lang not in langs],
            "cells": len(shown),
            "read": {square.topic for square in found.squares.values() if square.articles},
            "months": list_months(visit, weeks),
            "voids": sum(square.status == "void" for square in shown),
            **offer_choices(visit),
            "ranked": sorted(found.squares.values(), key=lambda square: square.rank),
            "states": name_states(),
            "whole": visit.request.GET.get("view") == "table",
        },
        rows=lambda: tabulate_map(visit, found),
        picture=lambda: draw_map(visit, found, langs, cite(visit, sheet)),
        how="voids",
    )
    return sheet


def choose_langs(visit: Visit, found: VoidMap) -> list[str]:
    """Columns of the map: the space's languages; others that were met only if they are asked for."""
    own = [lang for lang in found.langs if lang in visit.space.languages]
    return own if own and visit.request.GET.get("langs") != "all" else list(found.langs)


def offer_choices(visit: Visit) -> dict[str, Any]:
    """What the form of filters offers: weeks, kinds and controls that occur."""
    sorts = see_columns(visit.snapshot).sorts.values()
    kinds, controls = {kind for kind, _ in sorts}, {control for _, control in sorts}
    return {
        "weeks": count_weeks(visit.snapshot, visit.filters),
        "kinds": {kind: name_kind(kind) for kind in (*KINDS, UNREGISTERED) if kind in kinds},
        "controls": {
            control: name_control(control) for control in (*CONTROLS, "", UNREGISTERED) if control in controls
        },
    }


def name_states() -> dict[str, str]:
    """Words of ``voids.status`` in the reader's language."""
    return {
        "void": gettext("void"),
        "too few articles": gettext("too few articles"),
        "not enough collected": gettext("not enough collected"),
        "covered": gettext("covered"),
    }


def tabulate_map(visit: Visit, found: VoidMap) -> pa.Table:
    """The map as rows: a cell each, with a column for the share of each origin."""
    origins = list(visit.shown_paints)
    rows = []
    for square in sorted(found.squares.values(), key=lambda square: square.rank):
        row = {
            "rank": square.rank,
            "topic": square.topic,
            "lang": square.lang,
            "first_week": found.first_week,
            "last_week": found.last_week,
            "articles": square.articles,
            "own_share": square.own_share,
            "low": square.low,
            "high": square.high,
            "health": square.health,
            "demand": square.demand,
            "status": square.status,
        }
        extra = sorted(set(square.shares) - set(origins))
        origins += extra
        rows.append(row | {f"share_{origin}": share for origin, share in square.shares.items()})
    names = ["rank", "topic", "lang", "first_week", "last_week", "articles", "own_share", "low", "high", "health",
             "demand", "status"]  # fmt: skip
    columns = {name: [row.get(name) for row in rows] for name in names}
    columns |= {f"share_{origin}": [row.get(f"share_{origin}", 0.0) for row in rows] for origin in origins}
    return pa.table(columns)


def list_months(visit: Visit, weeks: tuple[Week, ...]) -> list[Month]:
    """The months that have weeks, each with the filters that look at it alone."""
    months: list[Month] = []
    seen: set[tuple[int, int]] = set()
    for n, week in enumerate(weeks):
        key = week.first.year, week.first.month
        if key in seen:
            continue
        seen.add(key)
        first, last = week.first, _last_monday(week.first)
        filters = visit.filters.change(since=first, until=last)
        months.append(
            Month(
                title=say_month(visit.code, week.first),
                short=say_month(visit.code, week.first, short=True),
                filters=filters,
                chosen=visit.filters.since == first and visit.filters.until == last,
                x=round(100 * n / len(weeks), 2),
            )
        )
    return months


def _last_monday(day: date) -> date:
    """The last Monday of a day's month."""
    last = day.replace(day=monthrange(day.year, day.month)[1])
    return last - timedelta(days=last.weekday())
