"""One reader's request: the space as it is now, what is asked for, and what things are called."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from django.conf import settings
from django.utils.translation import get_language, gettext

from arna.air import charts
from arna.air.report_words import clean_text, mark_language, show_day
from arna.observatory.counting import OTHERS, OWN_GROUP
from arna.observatory.filters import read_filters
from arna.observatory.snapshots import Snapshots
from arna.observatory.speech import choose_title
from arna.terms import OWN, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from arna.air.charts import Bar, Column, Paint
    from arna.air.report_facts import Week
    from arna.observatory.filters import Filters
    from arna.observatory.snapshots import Present
    from arna.terms import Outlet, Space

WEEK_HEIGHT = 64.0
"""Pixels of the tallest column of the time strip."""

STATUS = {"void": "void", "too few articles": "few", "not enough collected": "uncollected", "covered": "covered"}
"""Class of a cell by the words of ``voids.status``."""

_kept: dict[Path, Snapshots] = {}


def keep_snapshots(folder: Path) -> Snapshots:
    """The one keeper of a space's snapshots in this process."""
    return _kept.setdefault(folder, Snapshots(folder))


class Visit:
    """What views and templates ask for.

    Attributes:
        snapshot: the space's columns.
        running: a run is writing; what is shown is from before it.
        code: language of the interface.
    """

    status = STATUS

    def __init__(self, request: HttpRequest, present: Present) -> None:
        self.request, self.snapshot, self.running = request, present.snapshot, present.running
        self.code = (get_language() or "en").partition("-")[0]

    @property
    def space(self) -> Space:
        """The space as described."""
        return self.snapshot.space

    @property
    def folder(self) -> Path:
        """The space's folder."""
        return Path(settings.ARNA_SPACE)

    @cached_property
    def filters(self) -> Filters:
        """What the address asks for."""
        return read_filters(self.request.GET, self.space)

    @cached_property
    def subject(self) -> str:
        """What the space watches, in the reader's language."""
        return choose_title(self.code, self.space.subject.title, self.space.subject.titles)

    @cached_property
    def title(self) -> str:
        """The space's title in the reader's language."""
        return choose_title(self.code, self.space.title, self.space.titles)

    @cached_property
    def topic_titles(self) -> dict[str, str]:
        """Titles of the space's topics."""
        titles = {topic.id: choose_title(self.code, topic.title, topic.titles) for topic in self.space.topics}
        return titles | {"other": gettext("Other matters")}

    def topic(self, topic: str | None) -> str:
        """Title of a topic."""
        return self.topic_titles.get(topic or "", clean_text(topic or ""))

    @cached_property
    def origin_titles(self) -> dict[str, str]:
        """Titles of origins in the order of pictures: the subject's own first, unknown last."""
        own = [origin for origin in self.space.origins if origin.id in self.space.subject.own_origins]
        rest = [origin for origin in self.space.origins if origin not in own]
        titles = {origin.id: choose_title(self.code, origin.title, origin.titles) for origin in [*own, *rest]}
        return titles | {UNKNOWN: gettext("Unknown")}

    def origin(self, origin: str | None) -> str:
        """Title of an origin."""
        return gettext("own words") if origin == OWN else self.origin_titles.get(origin or "", clean_text(origin or ""))

    @cached_property
    def paints(self) -> dict[str, Paint]:
        """Colours and textures of the origins, each by itself."""
        return charts.paint_origins(self.origin_titles, UNKNOWN)

    @cached_property
    def shown_paints(self) -> dict[str, Paint]:
        """Colours of what shares are counted by: origins, or the groups the filters ask for."""
        if self.filters.group != "own":
            return self.paints
        titles = {OWN_GROUP: self.own_titles, OTHERS: gettext("All others"), UNKNOWN: gettext("Unknown")}
        painted = charts.paint_origins(titles, UNKNOWN)
        # their patterns stand in one page with those of the origins
        return {key: replace(paint, number=paint.number + len(self.paints)) for key, paint in painted.items()}

    @property
    def all_paints(self) -> list[Paint]:
        """Everything that needs a pattern."""
        grouped = self.shown_paints is not self.paints
        return [*self.paints.values(), *(self.shown_paints.values() if grouped else ())]

    @cached_property
    def own_titles(self) -> str:
        """Titles of the origins that are the subject's own."""
        return ", ".join(self.origin_titles.get(origin, origin) for origin in self.space.subject.own_origins)

    def paint(self, origin: str | None) -> Paint:
        """Paint of an origin; of one nobody has heard of, that of ``unknown``."""
        return self.paints.get(origin or "", self.paints[UNKNOWN])

    def bar(self, shares: Mapping[str, float], rest: str = "", *, grouped: bool = False) -> Bar:
        """Shares as a bar; what rests on nobody (``own``) stays empty."""
        paints = self.shown_paints if grouped else self.paints
        return charts.stack_shares({key: share for key, share in shares.items() if key != OWN}, paints, rest)

    def strip(self, weeks: tuple[Week, ...]) -> list[Column]:
        """Weeks as columns as tall as they have articles."""
        most = max((week.articles for week in weeks), default=0) or 1
        items = [
            (
                gettext("Week of %(day)s") % {"day": show_day(week.first)},
                {key: share * week.articles / most for key, share in week.shares.items()},
                week.articles,
            )
            for week in weeks
        ]
        return charts.stack_columns(items, self.shown_paints, WEEK_HEIGHT)

    def outlet(self, outlet_id: str | None) -> Outlet | None:
        """A registered outlet."""
        return self.space.outlets_by_id.get(outlet_id or "")

    def outlet_name(self, outlet_id: str | None) -> str:
        """Name of an outlet, its id where the space does not register it."""
        outlet = self.outlet(outlet_id)
        return outlet.name if outlet else clean_text(outlet_id or "")

    def outlet_lang(self, outlet_id: str | None) -> str:
        """Language of an outlet's name for a ``lang`` attribute."""
        outlet = self.outlet(outlet_id)
        return mark_language(outlet.languages[0]) if outlet else ""

    def to_outlet(self, outlet_id: str | None) -> str:
        """Address of an outlet's page."""
        return f"/outlet/{quote(outlet_id or '', safe='')}/"

    def to_article(self, article_id: str) -> str:
        """Address of an article's page."""
        return f"/article/{quote(article_id, safe='')}/"

    def to_story(self, article_id: str) -> str:
        """Address of the page of the family whose root an article is."""
        return f"/family/{quote(article_id, safe='')}/"

    def to_articles(self, **names: str | None) -> str:
        """Address of the list of articles for the filters and more."""
        return "/articles/" + self.filters.query(*((key, value or "") for key, value in names.items()))

    def to_cell(self, topic: str, lang: str) -> str:
        """Address of the articles of a cell."""
        return "/articles/" + self.filters.change(topics=(topic,)).query(("lang", lang))

    def without(self, name: str) -> str:
        """This page without one of the things asked for."""
        return self.with_query(**{name: None, "page": None})

    @property
    def searched(self) -> str:
        """Words looked for in the texts, on the page that does so."""
        return self.request.GET.get("q", "")[:200] if self.request.path == "/search/" else ""

    @cached_property
    def counts(self) -> dict[str, int]:
        """Documents and articles held."""
        return self.snapshot.know("totals", self._count)

    def _count(self) -> dict[str, int]:
        sql = "SELECT (SELECT count(*) FROM documents) AS documents, (SELECT count(*) FROM heads) AS articles"
        return {key: int(value) for key, value in self.snapshot.rows(sql)[0].items()}

    def with_query(self, **changes: str | int | None) -> str:
        """The query of this page with some values changed; None takes a name out."""
        pairs = [(key, value) for key, values in self.request.GET.lists() for value in values if key not in changes]
        pairs += [(key, str(value)) for key, value in changes.items() if value is not None]
        return "?" + urlencode(pairs) if pairs else self.request.path
