"""The report: a space's lake as one HTML file that loads nothing, runs no script and reads well on a phone.

The same lake gives the same bytes: nothing in the file depends on the time or the machine.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from arna.air import charts, report_words
from arna.air.report_facts import COVERED, FEW, UNCOLLECTED, VOID, WEEKS, gather_facts, name_origins, name_topics
from arna.air.report_outlets import DAYS
from arna.air.report_traced import gather_traced
from arna.air.voice import say, say_number
from arna.errors import StoreError
from arna.space import load_space
from arna.store import Lake
from arna.terms import OWN, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from arna.air.charts import Bar, Column, Paint, Square
    from arna.air.report_facts import Facts, Week
    from arna.air.report_outlets import Watch
    from arna.terms import Space

LISTED = 30
"""Rows of a long table shown at once; the rest are folded away."""

COLUMN_HEIGHT = 72.0
"""Pixels of a full column of the weeks."""


_SHARES = (
    "SELECT {0}, origin, sum(words) / sum(sum(words)) OVER (PARTITION BY {0}) AS share "
    "FROM coverage GROUP BY {0}, origin ORDER BY {0}, share DESC"
)
QUERIES = (
    _SHARES.format("lang"),
    _SHARES.format("topic"),
    "SELECT outlet, day, expected, collected FROM health WHERE NOT ok ORDER BY outlet, day",
)
"""SQL that gives the shares by language and by topic, and the short days, as shown."""


def write_report(folder: Path, output: Path | None = None) -> Path:
    """Write the report of a space.

    Args:
        folder: the space.
        output: the file; ``report.html`` in the folder by default.

    Returns:
        The file written. Until it is whole, the one before stays.

    Raises:
        SpaceError: the space's description is wrong.
        StoreError: the lake cannot be read, or the file not written.
    """
    page = render_report(load_space(folder), Lake(folder / "lake"), folder.resolve().name)
    path = output or folder / "report.html"
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(page, encoding="utf-8", newline="\n")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StoreError(
            f"{path}: cannot be written: {error.strerror}; free some space or name another file"
        ) from error
    return path


def render_report(space: Space, lake: Lake, name: str) -> str:
    """The report as HTML; ``name`` is what commands call the space's folder.

    Raises:
        StoreError: the lake cannot be read.
    """
    facts = gather_facts(lake, space)
    environment = Environment(
        loader=PackageLoader("arna.air"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= report_words.FILTERS
    environment.globals |= {"say": say, "say_number": say_number}
    shown = _Pictures(space, facts)
    return environment.get_template("report.html.j2").render(
        space=space,
        facts=facts,
        totals=facts.totals,
        view=shown,
        traced=gather_traced(lake, space),
        folder=shlex.quote(name),
        show_interval=report_words.show_interval,
        show_days=report_words.show_days,
        listed=LISTED,
        week_limit=WEEKS,
        queries=QUERIES,
        day_limit=DAYS,
    )


class _Pictures:
    """What templates ask for: titles, and pictures ready to be drawn."""

    status: Mapping[str, str] = {VOID: "void", FEW: "few", UNCOLLECTED: "uncollected", COVERED: "covered"}
    column_height = COLUMN_HEIGHT

    def __init__(self, space: Space, facts: Facts) -> None:
        self.space, self.facts = space, facts
        self.topics = name_topics(space)
        self.origins = name_origins(space, facts)
        self.paints = charts.paint_origins(self.origins, UNKNOWN)
        self.cells = {(cell.topic, cell.lang): cell for cell in facts.cells}
        self.own_titles = [self.origins.get(origin, origin) for origin in space.subject.own_origins]

    def paint(self, origin: str) -> Paint:
        """Paint of an origin; of one nobody has heard of, that of ``unknown``."""
        return self.paints.get(origin, self.paints[UNKNOWN])

    def topic(self, topic: str) -> str:
        """Title of a topic."""
        return self.topics.get(topic, report_words.clean_text(topic))

    def bar(self, shares: Mapping[str, float], rest: str = "") -> Bar:
        """Shares as a bar; what rests on nobody (``own``) stays empty."""
        return charts.stack_shares({key: share for key, share in shares.items() if key != OWN}, self.paints, rest)

    def own_share(self, shares: Mapping[str, float]) -> float:
        """Share of the subject's own reporting."""
        return sum(shares.get(origin, 0.0) for origin in self.space.subject.own_origins)

    def weeks(self, weeks: Sequence[Week]) -> list[Column]:
        """Weeks of a language as columns."""
        items = [(f"Week of {report_words.show_day(week.first)}", week.shares, week.articles) for week in weeks]
        return charts.stack_columns(items, self.paints, COLUMN_HEIGHT)

    def first_day(self) -> date:
        """First day of the collection picture."""
        days = [day[0] for watch in self.facts.watches for day in watch.days]
        return max(min(days), self.last_day().fromordinal(self.last_day().toordinal() - DAYS + 1))

    def last_day(self) -> date:
        """Last day of the collection picture."""
        return max(day[0] for watch in self.facts.watches for day in watch.days)

    def days(self, watch: Watch) -> list[Square]:
        """Days of an outlet as squares."""
        first, last = self.first_day().toordinal(), self.last_day().toordinal()
        items = [
            (day.toordinal() - first, ok, f"{report_words.show_day(day)}: {collected} of {expected:.1f} expected")
            for day, expected, collected, ok in watch.days
            if day.toordinal() >= first
        ]
        return charts.lay_days(items, last - first + 1)

    def outlet_name(self, outlet_id: str) -> str:
        """Name of an outlet, its id where the space does not register it."""
        outlet = self.space.outlets_by_id.get(outlet_id)
        return outlet.name if outlet else report_words.clean_text(outlet_id)
