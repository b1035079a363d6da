"""The demo's press: outlets that publish, translate, reprint and credit, each at its own time and address."""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Any

from arna.space.demo.articles import (
    TRANSLATION,
    Article,
    Link,
    Paragraph,
    copy_paragraphs,
    own_paragraphs,
    pair_paragraphs,
)
from arna.space.demo.layouts import layout_of
from arna.space.demo.texts import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

    from arna.space.demo.texts import Text, Texts
    from arna.terms import Outlet, Space

FIRST_DAY, LAST_DAY = date(2025, 9, 22), date(2025, 11, 16)
"""First and last day of the demo's eight weeks."""

DARK_OUTLET, DARK_FROM, DARK_UNTIL = "dala-zhanalyqtary", date(2025, 10, 13), date(2025, 10, 26)
"""The outlet of which nothing was collected for two weeks, and these weeks' first and last day."""

_END = datetime.combine(LAST_DAY, time(18, 30), tzinfo=UTC)
_HOURS_EAST = {"kz": 5, "uz": 5, "tm": 5, "tj": 5, "kg": 6, "ru": 3, "gb": 1, "ro": 3, "de": 2, "ua": 3}
_WINTER_TIME = datetime(2025, 10, 26, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Credit:
    """How an article names its source: ``form`` is dateline, sentence, line or none; ``city`` a key of the cities."""

    form: str
    outlet: str = ""
    city: str = "kz"


NO_CREDIT = Credit("none")


def zone_of(outlet: Outlet, at: datetime) -> timezone:
    """The clock an outlet writes its times by."""
    hours = _HOURS_EAST[outlet.country]
    if at >= _WINTER_TIME and outlet.country in {"gb", "ro", "de", "ua"}:
        hours -= 1
    return timezone(timedelta(hours=hours))


def is_dark(outlet: str, at: datetime) -> bool:
    """Whether nothing of an outlet was collected that day."""
    return outlet == DARK_OUTLET and DARK_FROM <= at.date() <= DARK_UNTIL


class Press:
    """What all outlets published, by address, in the order it was written."""

    def __init__(self, space: Space, texts: Texts, rng: Random) -> None:
        self.space = space
        self.texts = texts
        self.rng = rng
        self.articles: dict[str, Article] = {}
        self._turns: Counter[tuple[tuple[str, ...], str]] = Counter()

    def take_turn(self, outlets: Sequence[str], at: datetime, avoid: set[str]) -> str:
        """The outlet of a group whose turn it is and that is neither dark nor to be avoided.

        The outlet taken is added to ``avoid``.
        """
        group = tuple(outlets)
        fit = [name for name in group if name not in avoid and not is_dark(name, at)] or [
            name for name in group if not is_dark(name, at)
        ]
        chosen = min(fit, key=lambda name: (self._turns[group, name], group.index(name)))
        self._turns[group, chosen] += 1
        avoid.add(chosen)
        return chosen

    def furniture(self, lang: str) -> Mapping[str, Any]:
        """Interface texts of a language."""
        return self.texts.furniture[lang]

    def name_of(self, outlet: str, lang: str) -> str:
        """An outlet's name as credits in a language write it."""
        registered = self.space.outlets_by_id[outlet]
        return registered.names[lang][0] if lang in registered.names else registered.name

    def format_date(self, lang: str, day: date, form: str, **more: str) -> str:
        """A day in a language's own form: ``date``, ``date_time`` or ``dateline`` of its furniture."""
        words = self.furniture(lang)
        return str(words[form]).format(
            day=day.day,
            day_th=f"{day.day}-{'njy' if day.day % 10 in (6, 9, 0) and day.day != 20 else 'nji'}",
            month=words["months"][day.month - 1],
            year=day.year,
            **more,
        )

    def hours(self, first: float, last: float) -> timedelta:
        """A delay between so many hours, in whole minutes."""
        return timedelta(minutes=self.rng.randint(int(first * 60), int(last * 60)))

    def morning(self, day: date) -> datetime:
        """A time of day at which agencies publish, in UTC."""
        return datetime.combine(day, time(4, 0), tzinfo=UTC) + self.hours(0, 5)

    def publish(self, draft: Article, *, after: datetime | None = None) -> Article:
        """File an article under an address of its outlet.

        Outlets whose pages show only the day publish what they copied so late that no clock or zone leaves a doubt.
        """
        at = min(draft.published_at, _END)
        if after is not None and layout_of(self.space.outlets_by_id[draft.outlet]).dated == "day":
            zone = zone_of(self.space.outlets_by_id[draft.outlet], at)
            while datetime.combine(at.astimezone(zone).date(), time(), tzinfo=UTC) <= after + timedelta(days=1):
                at += timedelta(hours=8)
        article = replace(draft, published_at=at, url=self._address(draft, at))
        self.articles[article.url] = article
        return article

    def _address(self, draft: Article, at: datetime) -> str:
        outlet = self.space.outlets_by_id[draft.outlet]
        number = zlib.crc32(f"{draft.outlet} {draft.lang} {draft.title} {at.isoformat()}".encode())
        site, day = outlet.domains[0], at.astimezone(zone_of(outlet, at)).date()
        style = layout_of(outlet).address
        path = {
            "news": f"{site}/{draft.lang}/news/{number % 900000 + 100000}",
            "dated": f"www.{site}/{day:%Y/%m/%d}/{number:08x}/",
            "page": f"{site}/{number:08x}.html",
            "query": f"www.{site}/index.php?id={number % 90000 + 10000}",
        }[style]
        url = f"https://{path}"
        if url in self.articles:
            raise ValueError(f"two articles at {url}; change a title or a time")
        return url

    def write(
        self, outlet: str, lang: str, text: Text, at: datetime, *, credit: Credit = NO_CREDIT, **facts: Any
    ) -> Article:
        """Publish a text as the outlet's own."""
        draft = _draft(outlet, lang, text.title, own_paragraphs(text.paragraphs), at, facts)
        return self.publish(self._credit(draft, credit, self._dateline(lang, credit, at)))

    def reprint(
        self, source: Article, outlet: str, at: datetime, *, keep: int = 99, credit: Credit = NO_CREDIT, **facts: Any
    ) -> Article:
        """Publish the first ``keep`` paragraphs of a source's story word for word."""
        first, last = source.core
        dateline = self._dateline(source.lang, credit, at)
        if dateline and self.name_of(credit.outlet, source.lang) in source.dateline:
            dateline = source.dateline
        paragraphs = copy_paragraphs(source, range(first, min(last, first + keep)), dateline)
        draft = _draft(outlet, source.lang, source.title, paragraphs, at, facts, source)
        return self.publish(self._credit(draft, credit, dateline), after=source.published_at)

    def render(
        self, source: Article, outlet: str, lang: str, text: Text, at: datetime, *,
        kind: str = TRANSLATION, credit: Credit = NO_CREDIT, **facts: Any,
    ) -> Article:  # fmt: skip
        """Publish a translation or an edited copy: paragraph for paragraph the source's story in other words."""
        paragraphs = pair_paragraphs(source, text.paragraphs, kind)
        draft = _draft(outlet, lang, text.title, paragraphs, at, facts, source)
        dateline = self._dateline(lang, credit, at)
        return self.publish(self._credit(draft, credit, dateline), after=source.published_at)

    def _dateline(self, lang: str, credit: Credit, at: datetime) -> str:
        if credit.form != "dateline":
            return ""
        city = self.furniture(lang)["cities"][credit.city]
        return self.format_date(lang, at.date(), "dateline", city=city, agency=self.name_of(credit.outlet, lang))

    def _credit(self, draft: Article, credit: Credit, dateline: str) -> Article:
        if credit.form == "none":
            return draft
        named = () if credit.outlet == draft.outlet else (credit.outlet,)
        body = list(draft.paragraphs)
        if credit.form == "dateline":
            if not body[0].text.startswith(dateline):
                body[0] = prefixed(body[0], dateline)
            return replace(draft, paragraphs=tuple(body), dateline=dateline, credits=named)
        key = {"sentence": "credit_sentence", "line": "source_line"}[credit.form]
        line = self.furniture(draft.lang)[key].format(agency=self.name_of(credit.outlet, draft.lang))
        if credit.form == "line":
            return replace(draft, paragraphs=(*body, Paragraph(line)), credits=named)
        first, last = draft.core
        return replace(draft, paragraphs=(Paragraph(line), *body), credits=named, core=(first + 1, last + 1))

    def amend(self, article: Article, *paragraphs: Paragraph, mark: str = "", case: str = "") -> Article:
        """Add paragraphs at the end of a published article, where they move nothing that was taken from it."""
        marks = (*article.marks, mark) if mark else article.marks
        amended = replace(
            article, paragraphs=(*article.paragraphs, *paragraphs), marks=marks, case=case or article.case
        )
        self.articles[article.url] = amended
        return amended

    def link_to(self, lang: str, target: Article) -> Paragraph:
        """A sentence that links to another outlet's article and takes nothing from it."""
        before, anchor, after = self.furniture(lang)["link_sentence"]
        return Paragraph(before + anchor + after, links=(Link(len(before), len(before + anchor), target.url),))


def prefixed(paragraph: Paragraph, prefix: str) -> Paragraph:
    """A paragraph with words put before it, its trails moved along."""
    size = len(prefix)
    trails = tuple(replace(trail, begin=trail.begin + size, end=trail.end + size) for trail in paragraph.trails)
    return Paragraph(prefix + paragraph.text, trails, paragraph.links)


def _draft(
    outlet: str,
    lang: str,
    title: str,
    paragraphs: Sequence[Paragraph],
    at: datetime,
    facts: Mapping[str, Any],
    source: Article | None = None,
) -> Article:
    if lang not in LANGUAGES:
        raise ValueError(f"no language '{lang}' in the demo")
    known = {"story": source.story} if source else {}
    return Article(
        url="",
        outlet=outlet,
        lang=lang,
        title=title,
        paragraphs=tuple(paragraphs),
        published_at=at,
        core=(0, len(paragraphs)),
        **(known | dict(facts)),
    )
