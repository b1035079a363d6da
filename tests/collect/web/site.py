"""A host of the hostile web: what it answers, and the truth about what can be collected from it."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from .feeds import Entry, make_rss
from .texts import make_page, make_text
from .wire import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .hostile import HostileWeb
    from .texts import Text
    from .wire import Request

HTML = (("Content-Type", "text/html; charset=utf-8"),)
XML = (("Content-Type", "application/xml"),)
ROBOTS = "User-agent: *\nDisallow: /admin/\n"


class Visit(NamedTuple):
    """One request to a site; ``count`` says how many times its target was asked for, this time included."""

    request: Request
    count: int
    site: Site
    web: HostileWeb


if TYPE_CHECKING:
    Route = Callable[[Visit], Answer]
    Wrap = Callable[[Visit, Answer], Answer]


def keep(_visit: Visit, answer: Answer) -> Answer:
    """The wrap that changes nothing."""
    return answer


@dataclass
class Site:
    """A host, which is one outlet.

    Attributes:
        name: the outlet's id.
        lang: language of its pages.
        trouble: what health is to name, a key of ``tests.collect.web.TROUBLES``; "" where nothing is wrong.
        feeds: paths the registry names.
        sitemaps: paths the registry names.
        home: path of the home page.
        robots: text of robots.txt, or a route.
        must: what can be fetched politely: the path listed, and the path of the page behind it.
        may: paths that a careful collector may fetch or leave.
        cannot: paths that are listed and never to be kept, and why (robots, blocked, gone, large, unreachable, server,
            off-list, broken).
        texts: what the pages of ``must`` and ``may`` say, by the path of the page.
        links: what its feeds list, in order.
    """

    name: str
    lang: str
    trouble: str = ""
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    home: str = "/"
    robots: str | Route = ROBOTS
    must: dict[str, str] = field(default_factory=dict)
    may: set[str] = field(default_factory=set)
    cannot: dict[str, str] = field(default_factory=dict)
    texts: dict[str, Text] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    routes: dict[str, Route] = field(default_factory=dict)
    address: str = ""
    port: int = 0
    started: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    @property
    def base(self) -> str:
        """``http://127.0.1.7:8123``."""
        return f"http://{self.address}:{self.port}"

    def page(
        self, path: str, wrap: Wrap = keep, *, link: str | None = None, charset: str = "utf-8", head: str = ""
    ) -> Route:
        """A page with a text of its own, which the feeds list and which can be fetched; ``link`` is how they write it."""
        route = self.make_route(path, wrap, charset=charset, head=head)
        self.routes[path] = route
        self.must[path] = path
        self.links.append(path if link is None else link)
        return route

    def make_route(self, path: str, wrap: Wrap = keep, *, charset: str = "utf-8", head: str = "") -> Route:
        """The route of a page that nothing lists."""
        text = self.texts[path] = make_text(self.lang, f"{self.name} {path}")
        at = self.time_of(len(self.texts)).isoformat()

        def answer(visit: Visit) -> Answer:
            whole = head.replace("{base}", self.base)
            return wrap(visit, Answer(200, HTML, make_page(text, at, charset=charset, head=whole)))

        return answer

    def pages(self, count: int, wrap: Wrap = keep, *, first: int = 1, folder: str = "/news") -> Site:
        """So many pages that can be fetched."""
        for number in range(first, first + count):
            self.page(f"{folder}/{number}", wrap)
        return self

    def bad(self, path: str, reason: str, route: Route | None = None) -> None:
        """A page that is listed and cannot be kept; without a route it is a good page that must not be asked for."""
        self.routes[path] = route or self.make_route(path)
        self.cannot[path] = reason
        self.links.append(path)

    def doubtful(self, path: str, wrap: Wrap) -> None:
        """A page that is listed and may be kept or left."""
        self.routes[path] = self.make_route(path, wrap)
        self.may.add(path)
        self.links.append(path)

    def list_with(
        self,
        path: str,
        make: Callable[[str, Sequence[Entry]], bytes] = make_rss,
        wrap: Wrap = keep,
        *,
        mime: str = "application/xml",
        links: Sequence[str] | None = None,
    ) -> None:
        """A feed or sitemap of what the site lists at that moment, or of the links given; "{base}" is put in."""

        def answer(visit: Visit) -> Answer:
            entries = self.entries(self.links if links is None else links)
            return wrap(visit, Answer(200, (("Content-Type", mime),), make(self.name, entries)))

        self.routes[path] = answer

    def feed(
        self,
        path: str = "/feed",
        make: Callable[[str, Sequence[Entry]], bytes] = make_rss,
        wrap: Wrap = keep,
        *,
        mime: str = "application/xml",
        links: Sequence[str] | None = None,
    ) -> Site:
        """A feed that the registry names."""
        self.list_with(path, make, wrap, mime=mime, links=links)
        self.feeds = (*self.feeds, path)
        return self

    def entries(self, links: Sequence[str]) -> list[Entry]:
        """Entries of links, the newest last."""
        return [
            Entry(self.complete(link), f"№ {number} {self.name}", self.time_of(number))
            for number, link in enumerate(links)
        ]

    def complete(self, link: str) -> str:
        """A path as a whole address; what begins with "=" stands as it is without it, "{base}" put in."""
        if link.startswith("="):
            return link[1:].replace("{base}", self.base).replace("{port}", str(self.port))
        return self.base + link if link.startswith("/") else link.replace("{port}", str(self.port))

    def time_of(self, number: int) -> datetime:
        """When the n-th page was published: minutes ago, so that all are of today."""
        return self.started - timedelta(minutes=90 - min(number, 89))


def packed(coding: str) -> Wrap:
    """Sends a page in a content coding, if the request takes it."""

    def wrap(visit: Visit, answer: Answer) -> Answer:
        taken = visit.request.headers.get("accept-encoding", "")
        if coding not in taken or not isinstance(answer.body, bytes):
            return answer
        body = pack(answer.body, coding)
        return replace(answer, body=body, headers=(*answer.headers, ("Content-Encoding", coding)))

    return wrap


def pack(body: bytes, coding: str) -> bytes:
    """Bytes in a content coding."""
    if coding == "gzip":
        return gzip.compress(body, 6, mtime=0)
    if coding == "deflate":
        return zlib.compress(body)
    return bytes(pa.compress(body, codec={"br": "brotli"}.get(coding, coding), asbytes=True))


def conditional(visit: Visit, answer: Answer) -> Answer:
    """Adds ETag and Last-Modified, and answers 304 where the request has either of today's."""
    assert isinstance(answer.body, bytes)
    tag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
    stamps = (("ETag", tag), ("Last-Modified", visit.web.changed_at(visit.site)))
    if visit.request.headers.get("if-none-match") == tag:
        return Answer(304, stamps)
    if "if-none-match" not in visit.request.headers and visit.request.headers.get("if-modified-since") == stamps[1][1]:
        return Answer(304, stamps)
    return replace(answer, headers=(*answer.headers, *stamps))


def chain(*wraps: Wrap) -> Wrap:
    """Wraps one after another."""

    def wrap(visit: Visit, answer: Answer) -> Answer:
        for step in wraps:
            answer = step(visit, answer)
        return answer

    return wrap


def first_times(count: int, instead: Answer) -> Wrap:
    """Another answer for the first so many requests of each page."""

    def wrap(visit: Visit, answer: Answer) -> Answer:
        return instead if visit.count <= count else answer

    return wrap


def always(answer: Answer) -> Route:
    """The route that gives one answer."""
    return lambda _visit: answer


def redirect(location: str, status: int = 302) -> Route:
    """The route that sends on; "{base}" and "{port}" are put in."""

    def answer(visit: Visit) -> Answer:
        place = location.replace("{base}", visit.site.base).replace("{port}", str(visit.site.port))
        for name in visit.web.sites:
            place = place.replace(f"{{{name}}}", visit.web.sites[name].base)
        return Answer(status, (("Location", place), *HTML), b"<p>moved</p>")

    return answer
