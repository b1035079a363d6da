"""What the demo's press publishes beside the events: everyday news, and the cases that cut across events."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from arna.space.demo.articles import Article, Paragraph, copy_paragraphs
from arna.space.demo.layouts import layout_of
from arna.space.demo.plan import Groups
from arna.space.demo.press import DARK_FROM, DARK_OUTLET, DARK_UNTIL, FIRST_DAY, LAST_DAY, Credit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from arna.space.demo.press import Press
    from arna.space.demo.texts import Text

HOSTS = 2
"""Fillers of each language kept back as the host of a merged article."""

_MERGED = ("ru", "kk", "ru", "uz", "uk", "ru", "kk", "en")
_STOCKED = ("filler", "reprint-trimmed", "chain", "reprint-verbatim", "filler-reprint")
_STOCK_OF_OUTLET = 2
_EARLY = ("line", "dateline", "link", "line")


@dataclass(frozen=True)
class Everyday:
    """Everyday news: a filler, its first publisher, who reprints it (or nobody), and the day."""

    lang: str
    text: Text
    outlet: str
    reprinter: str
    day: date


def publish_everyday_news(press: Press) -> None:
    """Publish the fillers over the eight weeks, most of them reprinted once by another outlet the next day.

    The outlet that goes dark publishes on each other day, so that its silence stands out.
    """
    for number, item in enumerate((*_fill_dark_outlet(press), *_fill_others(press))):
        at = datetime.combine(item.day, time(5, 0), tzinfo=UTC) + press.hours(0, 7)
        source = press.write(item.outlet, item.lang, item.text, at, case="filler", variant="filler")
        if item.reprinter and item.day < LAST_DAY:
            later = datetime.combine(item.day + timedelta(days=1), time(8, 0), tzinfo=UTC) + press.hours(0, 7)
            credit = Credit("line", item.outlet) if number % 3 == 0 else Credit("none")
            press.reprint(source, item.reprinter, later, credit=credit, case="filler-reprint", variant="filler")


def _fill_dark_outlet(press: Press) -> Iterator[Everyday]:
    groups = Groups(press.space.outlets)
    texts = [
        (lang, text)
        for pair in zip(*(press.texts.fillers[lang][HOSTS:] for lang in ("kk", "ru")), strict=True)
        for lang, text in zip(("kk", "ru"), pair, strict=True)
    ]
    served = {article.published_at.date() for article in press.articles.values() if article.outlet == DARK_OUTLET}
    days = [day for day in _days() if not DARK_FROM <= day <= DARK_UNTIL and day not in served]
    for number, (lang, text) in enumerate(texts):
        day = days[number % len(days)]
        noon = datetime.combine(day, time(12, 0), tzinfo=UTC)
        other = press.take_turn(groups[f"{lang}-papers"], noon, set())
        if number % 2 and day > FIRST_DAY:
            yield Everyday(lang, text, other, DARK_OUTLET, day - timedelta(days=1))
        else:
            yield Everyday(lang, text, DARK_OUTLET, other if number % 5 else "", day)


def fill_quiet_days(press: Press, versions: Sequence[Mapping[str, Article]]) -> None:
    """Let the outlet that goes dark reprint something on each day it would have published nothing."""
    served = {article.published_at.date() for article in press.articles.values() if article.outlet == DARK_OUTLET}
    carried = {article.story for article in press.articles.values() if article.outlet == DARK_OUTLET}
    quiet = [day for day in _days() if not DARK_FROM <= day <= DARK_UNTIL and day not in served]
    for day in quiet:
        at = datetime.combine(day, time(6, 0), tzinfo=UTC) + press.hours(0, 7)
        recent = [
            found[lang]
            for found in versions
            for lang in ("kk", "ru")
            if lang in found and found[lang].published_at < at and found[lang].story not in carried
        ]
        if recent:
            source = max(recent, key=lambda article: (article.published_at, article.url))
            carried.add(source.story)
            press.reprint(source, DARK_OUTLET, at, case="reprint-verbatim", variant="base")


def _fill_others(press: Press) -> Iterator[Everyday]:
    groups = Groups(press.space.outlets)
    days = _days()
    for lang in ("uz", "tk", "uk", "en"):
        texts = press.texts.fillers[lang][HOSTS:]
        for number, text in enumerate(texts):
            day = days[number * (len(days) - 2) // len(texts)]
            noon = datetime.combine(day, time(12, 0), tzinfo=UTC)
            taken: set[str] = set()
            outlet = press.take_turn(groups[f"{lang}-papers"], noon, taken)
            other = press.take_turn((*groups[f"{lang}-papers"], *groups[f"{lang}-portals"]), noon, taken)
            yield Everyday(lang, text, outlet, other if number % 6 else "", day)


def _days() -> list[date]:
    return [FIRST_DAY + timedelta(days=number) for number in range((LAST_DAY - FIRST_DAY).days + 1)]


def publish_merged(press: Press, versions: Sequence[Mapping[str, Article]]) -> None:
    """Publish articles put together from two outlets' stories after a paragraph of their own."""
    used: set[str] = set()
    for number, lang in enumerate(_MERGED):
        pair = _find_pair([found[lang] for found in versions if lang in found], press, used)
        used |= {article.url for article in pair}
        at = max(article.published_at for article in pair) + press.hours(20, 40)
        groups = Groups(press.space.outlets)
        outlet = press.take_turn(groups[f"{lang}-papers"], at, {article.outlet for article in pair})
        host = press.texts.fillers[lang][_MERGED[:number].count(lang) % HOSTS]
        paragraphs = [Paragraph(host.paragraphs[_MERGED[:number].count(lang) // HOSTS])]
        for article in pair:
            first, _ = article.core
            paragraphs += copy_paragraphs(article, range(first, first + 2))
        draft = Article(
            url="", outlet=outlet, lang=lang, title=host.title, paragraphs=tuple(paragraphs), published_at=at,
            case="merged", story=" ".join(article.story for article in pair), variant="merged",
            core=(0, len(paragraphs)),
        )  # fmt: skip
        press.publish(draft, after=max(article.published_at for article in pair))


def _find_pair(candidates: Sequence[Article], press: Press, used: set[str]) -> tuple[Article, Article]:
    special = {*press.texts.cases["equal"], press.texts.cases["wire"]["story"]}
    ordered = sorted(
        (item for item in candidates if item.url not in used and item.story not in special),
        key=lambda item: (item.published_at, item.url),
    )
    for first, second in pairwise(ordered):
        if first.outlet != second.outlet:
            return first, second
    raise ValueError("no two stories of different outlets are left to merge")


def publish_early_reprints(press: Press, versions: Sequence[Mapping[str, Article]]) -> None:
    """Publish reprints dated hours before their source, which they name or link to."""
    groups = Groups(press.space.outlets)
    roots = [next(iter(found.values())) for found in versions]
    special = {*press.texts.cases["equal"], press.texts.cases["wire"]["story"]}
    fit = [root for root in roots if root.story not in special and root.published_at.date() > FIRST_DAY]
    for number, form in enumerate(_EARLY):
        root = fit[2 + number * 7]
        at = root.published_at - press.hours(4, 20)
        group = (*groups[f"{root.lang}-portals"], *groups[f"{root.lang}-papers"])
        taken = {item.outlet for item in press.articles.values() if item.story == root.story}
        exact = [name for name in group if layout_of(press.space.outlets_by_id[name]).dated == "exact"]
        outlet = press.take_turn(exact, at, taken)
        credit = Credit("none" if form == "link" else form, root.outlet)
        made = press.reprint(root, outlet, at, credit=credit, case="before-source", variant="base")
        if form == "link":
            press.amend(made, press.link_to(root.lang, root))


def publish_extras(press: Press, versions: Mapping[str, Mapping[str, Article]]) -> None:
    """Publish everything beside the events."""
    publish_merged(press, list(versions.values()))
    publish_early_reprints(press, list(versions.values()))
    publish_everyday_news(press)
    fill_quiet_days(press, list(versions.values()))
    add_stock_phrase(press)


def add_stock_phrase(press: Press) -> None:
    """End articles that have nothing to do with each other with the same sentence about a press service.

    One article of a story or filler at most, and few of an outlet: it is a habit of the trade, not of one outlet.
    """
    seen: set[tuple[str, str]] = set()
    uses: Counter[str] = Counter()
    for article in sorted(press.articles.values(), key=lambda article: article.case != "filler"):
        subject = (article.story or article.title, article.lang)
        if article.lang not in ("ru", "kk") or article.case not in _STOCKED or subject in seen:
            continue
        if uses[article.outlet] >= _STOCK_OF_OUTLET:
            continue
        seen.add(subject)
        uses[article.outlet] += 1
        phrase = Paragraph(press.furniture(article.lang)["stock_phrase"])
        case = "stock-phrase" if article.case == "filler" else article.case
        press.amend(article, phrase, mark="stock-phrase", case=case)
