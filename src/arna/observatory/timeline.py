"""Lays out a family as a timeline that can be read with hundreds of members.

A lane for each language, time from left to right, a mark for each article: a square for a copy, a diamond for a
translation, a ring for the first. Most of a wire story's carriers follow within hours and the last after weeks, so the
axis is the logarithm of the hours that have passed. Marks that would cover each other are stacked upwards.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import log1p
from typing import TYPE_CHECKING, Any

from django.utils.translation import ngettext, pgettext

from arna.air.report_words import capitalise, name_language, show_count, show_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from arna.air.charts import Paint
    from arna.observatory.visit import Visit

WIDTH, LEFT, RIGHT = 1040.0, 128.0, 24.0
SIZE, STEP = 11.0, 14.0
_HOURS = (0, 1, 3, 6, 12, 24, 72, 168, 336, 720, 2160, 8760)


@dataclass(frozen=True)
class Dot:
    """An article: place of its middle, how it is drawn, where it leads, what it is in words."""

    x: float
    y: float
    shape: str
    paint: Paint
    href: str
    words: str
    article: str


@dataclass(frozen=True)
class Lane:
    """A language: its name, the line its marks stand on, how many there are."""

    title: str
    foot: float
    count: int


@dataclass(frozen=True)
class Tick:
    """A time on the axis."""

    x: float
    title: str


@dataclass(frozen=True)
class Edge:
    """From an article to the one it was translated from."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Timeline:
    """A family laid out in pixels."""

    width: float
    height: float
    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    dots: tuple[Dot, ...]
    edges: tuple[Edge, ...]
    undated: int


def lay_timeline(visit: Visit, members: Sequence[dict[str, Any]]) -> Timeline:
    """Lay out members (rows of the view's query), the root first where it is held."""
    dated = [member for member in members if member["published_at"]]
    if not dated:
        return Timeline(WIDTH, 0.0, (), (), (), (), len(members))
    start = min(member["published_at"] for member in dated)
    longest = max([1.0, *(_hours(start, member["published_at"]) for member in dated)])
    scale = (WIDTH - LEFT - RIGHT) / log1p(longest)
    lanes: list[Lane] = []
    dots: list[Dot] = []
    top = 8.0
    by_lang: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for member in dated:
        by_lang[member["lang"] or "und"].append(member)
    for lang, some in by_lang.items():
        columns: dict[int, int] = defaultdict(int)
        placed = []
        for member in sorted(some, key=lambda one: (one["published_at"], one["id"])):
            slot = round(log1p(_hours(start, member["published_at"])) * scale / STEP)
            placed.append((member, slot, columns[slot]))
            columns[slot] += 1
        tall = max(columns.values())
        foot = top + max(2, tall) * STEP + 6
        lanes.append(Lane(capitalise(name_language(lang)), foot, len(some)))
        dots += [
            _make_dot(visit, member, LEFT + slot * STEP, foot - (level + 0.5) * STEP - 2)
            for member, slot, level in placed
        ]
        top = foot + 10
    ticks = [Tick(LEFT + log1p(hours) * scale, _tell_hours(hours)) for hours in _HOURS if hours <= longest]
    return Timeline(
        WIDTH, top + 24, tuple(lanes), tuple(_thin(ticks)), tuple(dots), tuple(_find_edges(dated, dots)),
        len(members) - len(dated),
    )  # fmt: skip


def _make_dot(visit: Visit, member: dict[str, Any], x: float, y: float) -> Dot:
    shape = "root" if member["root"] else "diamond" if member["kind"] == "translation" else "square"
    words = f"{visit.outlet_name(member['outlet'])}, {show_time(member['published_at'])}"
    paint = visit.paint(visit.space.origin_of(member["outlet"]))
    return Dot(round(x, 2), round(y, 2), shape, paint, visit.to_article(member["id"]), words, member["id"])


def _find_edges(members: Sequence[dict[str, Any]], dots: Sequence[Dot]) -> list[Edge]:
    """A line to the first translation of an article into each language; all of them would hide what they join."""
    place = {dot.article: dot for dot in dots}
    edges: dict[tuple[str, str], Edge] = {}
    for member in sorted(members, key=lambda one: (one["published_at"], one["id"])):
        source = member["source_article_id"]
        if member["kind"] == "translation" and source in place:
            here, there = place[member["id"]], place[source]
            edges.setdefault((source, member["lang"]), Edge(there.x, there.y, here.x, here.y))
    return list(edges.values())


def _thin(ticks: list[Tick]) -> list[Tick]:
    """Times that have room for their names."""
    kept: list[Tick] = []
    for tick in ticks:
        if not kept or tick.x - kept[-1].x > 62:
            kept.append(tick)
    return kept


def _hours(start: datetime, moment: datetime) -> float:
    return max(0.0, (moment - start).total_seconds() / 3600)


def _tell_hours(hours: int) -> str:
    if not hours:
        return pgettext("start of a line of time", "first")
    if hours < 24:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": show_count(hours)}
    days = hours // 24
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": show_count(days)}
