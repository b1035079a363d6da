"""Articles of the demo as web pages: bytes in their outlet's layout, with all that news pages have around a text."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from arna.space.demo.layouts import layout_of
from arna.space.demo.press import FIRST_DAY, zone_of
from arna.space.demo.texts import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from arna.space.demo.articles import Article, Paragraph
    from arna.space.demo.press import Press
    from arna.terms import Outlet

_TEASER = 140  # characters of a story's opening that another page shows


@dataclass(frozen=True)
class Card:
    """A pointer to another article: headline, address, opening, clock time."""

    title: str
    url: str
    teaser: str
    clock: str


@dataclass(frozen=True)
class Comment:
    """A reader's comment."""

    number: int
    text: str
    when: str


class Printer:
    """Renders pages; the same article gives the same bytes."""

    def __init__(self, press: Press) -> None:
        self._press = press
        self._environment = Environment(
            autoescape=True, loader=PackageLoader("arna.space.demo", "pages"), undefined=StrictUndefined
        )

    def print_article(self, article: Article) -> bytes:
        """An article's page in its outlet's layout and charset."""
        outlet = self._press.space.outlets_by_id[article.outlet]
        layout = layout_of(outlet)
        page = self._describe(article, outlet)
        text = self._render(f"{layout.name}.html", article.lang, page)
        return text.encode(layout.charset, errors="xmlcharrefreplace")

    def print_front(self, outlet: Outlet, lang: str) -> bytes:
        """An outlet's front page: headlines and openings, no article."""
        cards = self._cards(outlet, lang, seed=1, count=8)
        page = {"lang": lang, "outlet": outlet.name, "related": cards, "copyright": self._copyright(outlet, lang)}
        return self._render("front.html", lang, page).encode()

    def print_missing(self, outlet: Outlet, lang: str) -> bytes:
        """An outlet's page for an address it does not have."""
        return self._render("missing.html", lang, {"lang": lang, "outlet": outlet.name}).encode()

    def _render(self, template: str, lang: str, page: Mapping[str, Any]) -> str:
        return self._environment.get_template(template).render(p=page, f=self._press.furniture(lang))

    def _copyright(self, outlet: Outlet, lang: str) -> str:
        return str(self._press.furniture(lang)["footer"]).format(year=FIRST_DAY.year, outlet=outlet.name)

    def _describe(self, article: Article, outlet: Outlet) -> dict[str, Any]:
        furniture, lang = self._press.furniture(article.lang), article.lang
        seed = zlib.crc32(article.url.encode())
        local = article.published_at.astimezone(zone_of(outlet, article.published_at))
        described = self._json_ld(article, outlet, local)
        return {
            "lang": lang,
            "charset": layout_of(outlet).charset,
            "outlet": outlet.name,
            "url": article.url,
            "number": seed % 1000000,
            "title": article.title,
            "lead": article.paragraphs[0].text,
            "paragraphs": [_runs(paragraph) for paragraph in article.paragraphs],
            "byline": furniture["desks"][seed % len(furniture["desks"])],
            "iso": local.isoformat(timespec="seconds"),
            "shown": self._press.format_date(lang, local.date(), "date_time", time=f"{local:%H:%M}"),
            "day": self._press.format_date(lang, local.date(), "date"),
            "views": furniture["views"].format(number=seed % 5000 + 40),
            "tags": furniture["tags"][seed % 3 : seed % 3 + 3],
            "copyright": self._copyright(outlet, lang),
            "related": self._cards(outlet, lang, seed, 3, article),
            "popular": self._cards(outlet, lang, seed // 7, 4, article),
            "comments": self._comments(lang, seed, local),
            "json_ld": _script(described),
            "json_ld_graph": _script(_in_graph(described)),
            "json_ld_future": _script(described | {"datePublished": "2099-01-01T00:00:00+00:00"}),
        }

    def _json_ld(self, article: Article, outlet: Outlet, local: datetime) -> dict[str, Any]:
        return {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": article.title,
            "datePublished": local.isoformat(timespec="seconds"),
            "inLanguage": LANGUAGES[article.lang],
            "mainEntityOfPage": article.url,
            "publisher": {"@type": "Organization", "name": outlet.name},
        }

    def _comments(self, lang: str, seed: int, local: datetime) -> list[Comment]:
        texts: Sequence[str] = self._press.furniture(lang)["comments"]
        chosen = [texts[(seed + step * 3) % len(texts)] for step in range(seed % 5)]
        return [
            Comment(number, text, f"{local + timedelta(hours=number):%d.%m.%Y %H:%M}")
            for number, text in enumerate(chosen, start=1)
        ]

    def _cards(self, outlet: Outlet, lang: str, seed: int, count: int, page_of: Article | None = None) -> list[Card]:
        """Other news the page points to: events of earlier days, and everyday news."""
        day = page_of.published_at.date() if page_of else FIRST_DAY
        texts = [event.base[lang] for event in self._press.texts.events if lang in event.base and event.day < day]
        texts = [
            text
            for text in (*texts, *self._press.texts.fillers[lang])
            if page_of is None or text.title != page_of.title
        ]
        cards: list[Card] = []
        for step in range(count):
            text = texts[(seed + step * 5) % len(texts)]
            number = zlib.crc32(f"{outlet.id} {text.title}".encode()) % 90000 + 10000
            cards.append(
                Card(
                    title=text.title,
                    url=f"https://{outlet.domains[0]}/{lang}/{number}",
                    teaser=text.paragraphs[0][:_TEASER].rpartition(" ")[0] + "…",
                    clock=f"{seed % 12 + 8:02}:{(seed + step * 17) % 60:02}",
                )
            )
        return cards


def _runs(paragraph: Paragraph) -> list[tuple[str, str]]:
    """Stretches of a paragraph and the address each links to, empty where it is plain text."""
    runs: list[tuple[str, str]] = []
    at = 0
    for link in paragraph.links:
        runs += [(paragraph.text[at : link.begin], ""), (paragraph.text[link.begin : link.end], link.url)]
        at = link.end
    return [run for run in (*runs, (paragraph.text[at:], "")) if run[0]]


def _in_graph(described: Mapping[str, Any]) -> dict[str, Any]:
    inner = {key: value for key, value in described.items() if key != "@context"}
    site = {"@type": "WebSite", "name": described["publisher"]["name"]}
    return {"@context": "https://schema.org", "@graph": [site, {"@type": "BreadcrumbList"}, inner]}


def _script(described: Mapping[str, Any]) -> Markup:
    # Safe inside a script element: no "</" can be left in it.
    return Markup(json.dumps(described, ensure_ascii=False, sort_keys=True).replace("</", "<\\/"))  # noqa: S704
