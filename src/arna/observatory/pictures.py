"""The pictures of the pages as files: the void map, flows, a family's timeline, an outlet's weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext

from arna.air.report_outlets import DAYS
from arna.air.report_words import name_language, show_count, show_day, show_days, show_interval, show_share
from arna.observatory.drawing import EDGE, INK, LINE, MARGIN, SOFT, Drawing, wrap
from arna.observatory.ribbons import BLOCK, LEFT, RIGHT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from arna.air.report_outlets import Presence, Watch
    from arna.observatory.counting import Square, VoidMap, Week
    from arna.observatory.ribbons import Ribbons
    from arna.observatory.timeline import Timeline
    from arna.observatory.views.flow import Row
    from arna.observatory.visit import Visit

_HEAD, _ROW, _GAP = 150, 92, 8


def draw_map(visit: Visit, found: VoidMap, langs: Sequence[str], source: str) -> str:
    """The void map."""
    drawing = Drawing(visit.space.title, tell_scope(visit, found), visit.shown_paints)
    drawing.key(
        visit.shown_paints.values(),
        [("none", gettext("void")), ("url(#hatch)", gettext("not enough collected"))],
    )
    step = (drawing.width - 2 * MARGIN - _HEAD) / max(1, len(langs))
    for n, lang in enumerate(langs):
        drawing.text(MARGIN + _HEAD + n * step, drawing.y, name_language(lang), colour=SOFT, room=step - _GAP)
    drawing.y += 10
    for topic in found.topics:
        for n, line in enumerate(wrap(visit.topic(topic), 13, _HEAD - 2 * _GAP, 600)[:4]):
            drawing.text(MARGIN, drawing.y + 24 + 17 * n, line, weight=600, room=_HEAD - _GAP)
        for n, lang in enumerate(langs):
            square = found.squares.get((topic, lang))
            _draw_square(drawing, visit, square, MARGIN + _HEAD + n * step, step - _GAP)
        drawing.y += _ROW
    return drawing.finish(source)


def _draw_square(drawing: Drawing, visit: Visit, square: Square | None, x: float, width: float) -> None:
    y, tall = drawing.y, _ROW - _GAP
    if square is None:
        drawing.text(x + 8, y + tall / 2, gettext("no articles"), size=12, colour=SOFT)
        return
    status = visit.status.get(square.status, "covered")
    fill = {"covered": "#f1f2ee", "uncollected": "url(#hatch)"}.get(status, "none")
    stroke = {"void": INK, "few": LINE, "uncollected": EDGE}.get(status, "none")
    drawing.rect(x, y, width, tall, fill, stroke=stroke, dash="4 3" if status == "void" else "", round_=6)
    at = y + 20
    if status in ("void", "uncollected"):
        said = gettext("void") if status == "void" else gettext("not enough collected")
        if status == "uncollected":
            drawing.rect(x + 5, at - 13, width - 10, 18, "#ffffff")
        drawing.text(x + 8, at, said, weight=700, room=width - 16)
        at += 16
    else:
        at += 4
    if square.articles:
        drawing.stack(x + 8, at - 8, width - 16, 6 if status != "covered" else 12, square.shares, visit.shown_paints)
        at += 20
    lines = [tell_articles(square.articles)]
    if square.articles:
        own = gettext("own %(share)s") % {"share": show_share(square.own_share)}
        lines.append(f"{own} ({show_interval(square.low, square.high)})")
    for line in lines:
        if status == "uncollected":
            drawing.rect(x + 5, at - 12, width - 10, 16, "#ffffff")
        drawing.text(x + 8, at, line, size=12, colour=SOFT if status == "few" else INK, room=width - 16)
        at += 16


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
        "channel": gettext("Channels"),
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
    drawing = Drawing(gettext("Outlets"), visit.space.title, visit.paints)
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
    drawing = Drawing(gettext("Flow"), " · ".join([visit.space.title, *tell_filters(visit)]), visit.shown_paints)
    drawing.key(visit.shown_paints.values())
    top = drawing.y
    drawing.parts.append(f'<g transform="translate({MARGIN} {top})">')
    for ribbon in ribbons.ribbons:
        drawing.path(ribbon.path, ribbon.paint.colour, 0.55)
    for block in ribbons.origins:
        paint = visit.shown_paints[block.key]
        drawing.rect(LEFT, block.y, BLOCK, block.height, paint.fill)
        drawing.text(
            LEFT - 8, block.middle + 4, f"{paint.title} {show_share(block.share)}", anchor="end", room=LEFT - 10
        )
    for block in ribbons.langs:
        drawing.rect(RIGHT, block.y, BLOCK, block.height, INK)
        drawing.text(RIGHT + BLOCK + 8, block.middle + 4, f"{name_language(block.key)} {show_share(block.share)}")
    drawing.parts.append("</g>")
    drawing.y = top + ribbons.height + 20
    for lang, some in rows.items():
        drawing.text(
            MARGIN, drawing.y + 10, f"{name_language(lang)} · {tell_articles(langs[lang].articles)}", weight=700
        )
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
    drawing = Drawing(gettext("Health"), visit.space.title, {})
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
