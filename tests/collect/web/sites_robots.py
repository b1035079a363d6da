"""Hosts that say what may be fetched and how fast: robots.txt, refusals, and requests to wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

from .site import HTML, Answer, Site, always

if TYPE_CHECKING:
    from collections.abc import Callable

    from .site import Visit, Wrap

CRAWL_DELAY = 0.7
"""Seconds between requests that the host ``crawl-delay`` asks for."""

WAITS = {"waits-seconds": 1, "waits-date": 2}
"""Seconds that a host asks to wait, by its name."""


def make_robots_sites() -> list[Site]:
    """All of them."""
    return [
        _closed_whole(),
        _closed_part(),
        _closed_to_us(),
        _robots_broken(),
        _robots_huge(),
        _robots_missing(),
        _robots_html(),
        _crawl_delay(),
        _refuses_all(),
        _refuses_pages(),
        _waits_seconds(),
        _waits_date(),
        _feed_gone(),
        _pages_gone(),
    ]


def _closed_whole() -> Site:
    site = Site("closed-whole", "ru", "robots", robots="User-agent: *\nDisallow: /\n")
    for number in range(1, 4):
        site.bad(f"/news/{number}", "robots")
    return site.feed()


def _closed_part() -> Site:
    rules = "User-agent: *\nDisallow: /closed/\nAllow: /closed/open/\nDisallow: /*.pdf$\nDisallow: /news/*/print\n"
    site = Site("closed-part", "uk", "robots", robots=rules).pages(3)
    site.page("/closed/open/4")
    site.page("/files/a.pdf.html")
    for path in ("/closed/1", "/files/a.pdf", "/news/2/print"):
        site.bad(path, "robots")
    return site.feed()


def _closed_to_us() -> Site:
    rules = "User-agent: Arna\nDisallow: /not-for-arna/\n\nUser-agent: *\nDisallow: /\n"
    site = Site("closed-to-us", "kk", "robots", robots=rules).pages(3)
    site.bad("/not-for-arna/1", "robots")
    return site.feed()


def _robots_broken() -> Site:
    """RFC 9309: where robots.txt cannot be read for an error of the server, all is closed."""
    site = Site("robots-broken", "ru", "robots", robots=always(Answer(500, HTML, b"error")))
    for number in range(1, 3):
        site.bad(f"/news/{number}", "robots")
    return site.feed()


def _robots_huge() -> Site:
    filler = "".join(f"Disallow: /x/{number:06}/\n" for number in range(48_000))
    site = Site("robots-huge", "tk", "robots", robots=f"User-agent: *\nDisallow: /closed/\n{filler}").pages(3)
    site.bad("/closed/1", "robots")
    return site.feed()


def _robots_missing() -> Site:
    """RFC 9309: a robots.txt that is missing closes nothing."""
    return Site("robots-missing", "uz", robots=always(Answer(404, HTML, b"none"))).pages(3).feed()


def _robots_html() -> Site:
    page = b"<!DOCTYPE html><html><body><p>Our site</p><!-- User-agent: none --></body></html>"
    return Site("robots-html", "tg", robots=always(Answer(200, HTML, page))).pages(3).feed()


def _crawl_delay() -> Site:
    return Site("crawl-delay", "tg", robots=f"User-agent: *\nCrawl-delay: {CRAWL_DELAY}\n").pages(4).feed()


def _refuses_all() -> Site:
    """403 for everything, robots.txt and feed included."""
    site = Site("refuses-all", "kk", "blocked", robots=always(Answer(403, HTML, b"<p>Forbidden</p>")))
    site.feeds = ("/feed",)
    site.routes["/feed"] = always(Answer(403, HTML, b"<p>Forbidden</p>"))
    return site


def _refuses_pages() -> Site:
    site = Site("refuses-pages", "ru", "blocked")
    for number in range(1, 5):
        page = "<p>Недоступно по требованию ведомства</p>".encode()
        site.bad(f"/news/{number}", "blocked", always(Answer(451, HTML, page)))
    return site.feed()


def _waits_seconds() -> Site:
    return Site("waits-seconds", "uk").pages(4, _wait_once(429, "/news/2", lambda: str(WAITS["waits-seconds"]))).feed()


def _waits_date() -> Site:
    def say_when() -> str:  # dates have no parts of a second: one more, so that it is never less
        return format_datetime(datetime.now(UTC) + timedelta(seconds=WAITS["waits-date"] + 1), usegmt=True)

    return Site("waits-date", "ky").pages(3, _wait_once(503, "/news/1", say_when)).feed()


def _wait_once(status: int, path: str, say: Callable[[], str]) -> Wrap:
    def wrap(visit: Visit, answer: Answer) -> Answer:
        if visit.request.path == path and visit.count == 1:
            return Answer(status, (("Retry-After", say()), *HTML), b"<p>later</p>")
        return answer

    return wrap


def _feed_gone() -> Site:
    site = Site("feed-gone", "en", "gone", feeds=("/feed",))
    site.routes["/feed"] = always(Answer(410, HTML, b"<p>Gone</p>"))
    return site


def _pages_gone() -> Site:
    site = Site("pages-gone", "ru", "gone").pages(2)
    site.bad("/news/3", "gone", always(Answer(404, HTML, b"<p>404</p>")))
    site.bad("/news/4", "gone", always(Answer(410, HTML, b"<p>410</p>")))
    return site.feed()
