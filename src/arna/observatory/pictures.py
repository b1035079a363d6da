"""The pictures of the pages as files: the void map, flows, a family's timeline, an outlet's weeks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext

from arna.air.report_outlets import DAYS
from arna.air.report_words import (
    capitalise,
    name_language,
    show_count,
    show_day,
    show_days,
    show_interval,
    show_share,
)
from arna.observatory.drawing import EDGE, INK, LINE, MARGIN, PAPER, SOFT, Drawing, wrap
from arna.observatory.ribbons import BLOCK, LEFT, RIGHT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from arna.air.report_facts import Week
    from arna.air.report_outlets import Presence, Watch
    from arna.observatory.counting import Square, VoidMap
    from arna.observatory.ribbons import Ribbons
    from arna.observatory.timeline import Timeline
    from arna.observatory.views.flow import Row
    from arna.observatory.visit import Visit

_HEAD, _GAP, _LINE, _PAD = 150, 8, 16, 8


def draw_map(visit: Visit, found: VoidMap, langs: Sequence[str], source: str) -> str:
    """The void map."""
    drawing = Drawing(visit.title, tell_scope(visit, found), visit.shown_paints)
    drawing.key(
        visit.shown_paints.values(),
        [("none", gettext("void")), ("url(#hatch)", gettext("not enough collected"))],
    )
    step = (drawing.width - 2 * MARGIN - _HEAD) / max(1, len(langs))
    for n, lang in enumerate(langs):
        name = capitalise(name_language(lang))
        drawing.text(MARGIN + _HEAD + n * step, drawing.y + 8, name, colour=SOFT, room=step - _GAP)
    drawing.y += 20
    for topic in found.topics:
        lines = wrap(visit.topic(topic), 13, _HEAD - 2 * _GAP, 600)
        for n, line in enumerate(lines):
            drawing.text(MARGIN, drawing.y + 24 + 17 * n, line, weight=600, room=_HEAD - _GAP)
        faces = [_face(visit, found.squares.get((topic, lang)), step - _GAP - 2 * _PAD) for lang in langs]
        tall = max([34 + 17 * len(lines), *(face.height for face in faces)])
        for n, face in enumerate(faces):
            _draw_face(drawing, visit, face, MARGIN + _HEAD + n * step, (step - _GAP, tall))
        drawing.y += tall + _GAP
    return drawing.finish(source)


@dataclass(frozen=True)
class _Face:
    """What stands in a cell: lines above its bar and below it, cut to the cell's width."""

    square: Square | None
    status: str
    above: tuple[str, ...]
    below: tuple[str, ...]

    @property
    def bar(self) -> int:
        """Height of the bar; none where there are no articles."""
        if self.square is None or not self.square.articles:
            return 0
        return 12 if self.status == "covered" else 6

    @property
    def height(self) -> int:
        """Of the cell."""
        return 2 * _PAD + _LINE * (len(self.above) + len(self.below)) + (self.bar + 8 if self.bar else 0)


def _face(visit: Visit, square: Square | None, room: float) -> _Face:
    if square is None:
        return _Face(None, "none", (), tuple(wrap(gettext("no articles"), 12, room)))
    status = visit.status.get(square.status, "covered")
    head = {"void": gettext("void"), "uncollected": gettext("not enough collected")}.get(status)
    lines = [tell_articles(square.articles)]
    if square.articles:
        own = gettext("own reporting %(share)s") % {"share": show_share(square.own_share)}
        lines += [own, f"({show_interval(square.low, square.high)})"]
    if status == "few":
        lines.insert(1, gettext("interval too wide"))
    below = tuple(part for line in lines for part in wrap(line, 12, room))
    return _Face(square, status, tuple(wrap(head, 13, room, 700)) if head else (), below)


def _draw_face(drawing: Drawing, visit: Visit, face: _Face, x: float, size: tuple[float, float]) -> None:
    y, (width, tall) = drawing.y, size
    fill = {"covered": "#f1f2ee", "uncollected": "url(#hatch)"}.get(face.status, "none")
    stroke = {"void": INK, "few": LINE, "uncollected": EDGE}.get(face.status, "none")
    drawing.rect(x, y, width, tall, fill, stroke=stroke, dash="4 3" if face.status == "void" else "", round_=6)
    lines = len(face.above) + len(face.below)
    if face.status == "uncollected":  # words are not read through hatching
        drawing.rect(x + 4, y + 4, width - 8, _LINE * lines + face.bar + _PAD + 4, PAPER, round_=3)
    at = y + _PAD
    for line in face.above:
        drawing.text(x + _PAD, at + 12, line, weight=700, room=width - 2 * _PAD)
        at += _LINE
    if face.bar and face.square:
        drawing.stack(x + _PAD, at + 4, width - 2 * _PAD, face.bar, face.square.shares, visit.shown_paints)
        at += face.bar + 8
    colour = SOFT if face.status in ("few", "none") else INK
    for line in face.below:
        drawing.text(x + _PAD, at + 12, line, size=12, colour=colour, room=width - 2 * _PAD)
        at += _LINE


def tell_articles(count: int) -> str:
    """A number of articles in words."""
    return ngettext("%(n)s article", "%(n)s articles", count) % {"n": show_count(count)}


def tell_scope(visit: Visit, found: VoidMap) -> str:
    """What a map is of: articles, weeks, and what the filters leave out."""
    parts = [tell_articles(found.articles)]
    if found.first_week and found.last_week:
        parts.append(show_days(found.first_week, found.last_week.fromordinal(found.last_week.toordinal() + 6)))
    return " · ".join([*parts, *tell_filters(visit)])


def tell_filters(visit: Visit) -> list[str]:
    """What the filters but the period leave in, in words."""
    filters = visit.filters
    parts = [", ".join(visit.topic(topic) for topic in filters.topics)] if filters.topics else []
    parts += [", ".join(name_kind(kind) for kind in filters.kinds)] if filters.kinds else []
    parts += [", ".join(name_control(control) for control in filters.controls)] if filters.controls else []
    return parts


def name_kind(kind: str) -> str:
    """Kind of an outlet as a choice."""
    said = {
        "agency": gettext("Agencies"),
        "portal": gettext("Portals"),
        "newspaper": gettext("Newspapers"),
        "tv": gettext("Television"),
        "radio": gettext("Radio"),
        "channel": gettext("Telegram channels"),
        "unregistered": gettext("Not registered"),
    }
    return said.get(kind, kind)


def name_control(control: str) -> str:
    """Who decides over an outlet, as a choice."""
    said = {
        "state": gettext("State"),
        "private": gettext("Private"),
        "public": gettext("Public"),
        "foreign-funded": gettext("Funded from abroad"),
        "exile": gettext("In exile"),
        "community": gettext("Community"),
        "": gettext("Not told"),
        "unregistered": gettext("Not registered"),
    }
    return said.get(control, control)


def draw_outlet(visit: Visit, title: str, weeks: tuple[Week, ...], found: Presence | None, source: str) -> str:
    """An outlet: whom its words rest with, and its weeks."""
    drawing = Drawing(title, tell_articles(found.articles if found else 0), visit.paints)
    drawing.key(visit.paints.values(), [("none", gettext("own words"))])
    room = drawing.width - 2 * MARGIN
    drawing.rect(MARGIN, drawing.y, room, 26, "none", stroke=LINE)
    drawing.stack(MARGIN, drawing.y, room, 26, found.shares if found else {}, visit.paints)
    drawing.y += 60
    _draw_weeks(drawing, visit, weeks, 120)
    return drawing.finish(source)


def draw_outlets(visit: Visit, presences: Sequence[Presence], source: str) -> str:
    """A bar for every outlet: whom its words rest with; what is empty is its own."""
    drawing = Drawing(gettext("Outlets"), visit.title, visit.paints)
    drawing.key(visit.paints.values(), [("none", gettext("own words"))])
    room = drawing.width - 2 * MARGIN - 326
    for one in presences:
        drawing.text(MARGIN, drawing.y + 11, visit.outlet_name(one.id), size=12, room=250)
        drawing.text(MARGIN + 310, drawing.y + 11, show_count(one.articles), size=12, anchor="end", colour=SOFT)
        drawing.rect(MARGIN + 326, drawing.y, room, 13, "none", stroke=LINE)
        drawing.stack(MARGIN + 326, drawing.y, room, 13, one.shares, visit.paints)
        drawing.y += 18
    return drawing.finish(source)


def _draw_weeks(drawing: Drawing, visit: Visit, weeks: tuple[Week, ...], height: float) -> None:
    step = (drawing.width - 2 * MARGIN) / max(1, len(weeks))
    most = max((week.articles for week in weeks), default=0) or 1
    for n, week in enumerate(weeks):
        foot = drawing.y + height
        for origin, paint in visit.paints.items():
            tall = week.shares.get(origin, 0.0) * week.articles / most * height
            if tall > 0:
                foot -= tall
                drawing.rect(MARGIN + n * step, foot, step * 0.88, tall, paint.fill, stroke="#ffffff")
    drawing.y += height + 16
    if weeks:
        drawing.text(MARGIN, drawing.y, show_day(weeks[0].first), size=12, colour=SOFT)
        drawing.text(drawing.width - MARGIN, drawing.y, show_day(weeks[-1].first), size=12, colour=SOFT, anchor="end")


def draw_family(visit: Visit, title: str, timeline: Timeline, source: str) -> str:
    """A family's timeline."""
    drawing = Drawing(title, tell_articles(len(timeline.dots) + timeline.undated), visit.paints)
    drawing.key(visit.paints.values())
    top = drawing.y
    for tick in timeline.ticks:
        drawing.line(MARGIN + tick.x, top, MARGIN + tick.x, top + timeline.height - 20)
        drawing.text(MARGIN + tick.x, top + timeline.height - 4, tick.title, size=11, colour=SOFT, anchor="middle")
    for lane in timeline.lanes:
        drawing.line(MARGIN + 120, top + lane.foot, MARGIN + timeline.width, top + lane.foot, EDGE)
        drawing.text(MARGIN, top + lane.foot - 6, f"{lane.title} · {show_count(lane.count)}", size=12, room=118)
    for edge in timeline.edges:
        drawing.line(MARGIN + edge.x1, top + edge.y1, MARGIN + edge.x2, top + edge.y2, EDGE)
    for dot in timeline.dots:
        x, y, half = MARGIN + dot.x, top + dot.y, 5.5
        if dot.shape == "diamond":
            drawing.path(f"M{x} {y - 7}L{x + 7} {y}L{x} {y + 7}L{x - 7} {y}Z", dot.paint.fill)
        else:
            drawing.rect(x - half, y - half, 11, 11, dot.paint.fill, stroke=INK if dot.shape == "root" else "none")
    drawing.y = top + timeline.height
    return drawing.finish(source)


def draw_flow(visit: Visit, ribbons: Ribbons, langs: dict[str, Row], rows: dict[str, list[Row]], source: str) -> str:
    """Ribbons from origins to languages, and a bar for every outlet."""
    drawing = Drawing(gettext("Flow"), " · ".join([visit.title, *tell_filters(visit)]), visit.shown_paints)
    drawing.key(visit.shown_paints.values())
    top = drawing.y
    drawing.parts.append(f'<g transform="translate({MARGIN} {top})">')
    for ribbon in ribbons.ribbons:
        drawing.path(ribbon.path, ribbon.paint.colour, 0.55)
    for block in ribbons.origins:
        paint = visit.shown_paints[block.key]
        drawing.rect(LEFT, block.y, BLOCK, block.height, paint.fill)
        for foot, line in block.feet:
            drawing.text(LEFT - 8, foot, line, anchor="end")
    for block in ribbons.langs:
        drawing.rect(RIGHT, block.y, BLOCK, block.height, INK)
        for foot, line in block.feet:
            drawing.text(RIGHT + BLOCK + 8, foot, line)
    drawing.parts.append("</g>")
    drawing.y = top + ribbons.height + 20
    for lang, some in rows.items():
        name = capitalise(name_language(lang))
        drawing.text(MARGIN, drawing.y + 10, f"{name} · {tell_articles(langs[lang].articles)}", weight=700)
        drawing.y += 18
        for row in some:
            drawing.text(MARGIN, drawing.y + 11, visit.outlet_name(row.outlet), size=12, room=250)
            drawing.text(MARGIN + 310, drawing.y + 11, show_count(row.articles), size=12, anchor="end", colour=SOFT)
            drawing.stack(MARGIN + 326, drawing.y, drawing.width - 2 * MARGIN - 326, 13, row.shares, visit.shown_paints)
            drawing.y += 18
        drawing.y += 14
    return drawing.finish(source)


def draw_health(visit: Visit, watches: Sequence[Watch], last: date | None, source: str) -> str:
    """Days of the outlets that had short ones."""
    drawing = Drawing(gettext("Health"), visit.title, {})
    drawing.key([], [("#d8ecea", gettext("as expected")), ("url(#hatch)", gettext("short"))])
    step = (drawing.width - 2 * MARGIN - 260) / DAYS
    for watch in watches:
        drawing.text(MARGIN, drawing.y + 11, visit.outlet_name(watch.id), size=12, room=250)
        for day, _, _, ok in watch.days:
            place = DAYS - 1 - ((last or day) - day).days
            if place >= 0:
                fill, stroke = ("#d8ecea", "none") if ok else ("url(#hatch)", EDGE)
                drawing.rect(MARGIN + 260 + place * step, drawing.y, step * 0.86, 13, fill, stroke=stroke)
        drawing.y += 18
    return drawing.finish(source)
