"""The hostile web itself: all hosts on one port, a log of what was asked, and levers to pull."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Self

from arna.text.urls import normalise_url

from .site import HTML, Answer, Site, Visit
from .sites_faults import make_faulty_sites
from .sites_plain import make_plain_sites
from .sites_robots import make_robots_sites
from .sites_traps import CANARY, UNLISTED, make_trap_sites
from .wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import TracebackType

    from .wire import Request

NEEDS_LINUX = "only Linux has the addresses 127.0.1.x without setting them up"
SUPPORTED = sys.platform.startswith("linux")

TROUBLES = {
    "robots": r"robots",
    "blocked": r"block|403|451|forbid|refus",
    "gone": r"gone|404|410|not found|missing",
    "large": r"large|big|size|MB|unpack|bomb",
    "unreachable": r"unreach|refus|connect|time|silen|answer|broke|broken|cut",
    "server": r"5\d\d|server",
    "off-list": r"list|elsewhere|other host|redirect|address|outlet",
    "broken": r"garbled|malformed|protocol|broken",
    "layout": r"layout|no text|text",
    "feed": r"feed|XML|damaged",
    "loop": r"redirect|circle|moved",
    "private": r"private|loopback|not public|allow",
}
"""What a reason says in one word or another, by kind of trouble."""


def make_sites() -> list[Site]:
    """Every host there is, in the order of their addresses."""
    return [*make_plain_sites(), *make_robots_sites(), *make_faulty_sites(), *make_trap_sites()]


class HostileWeb:
    """A web of the given hosts, or of those of :func:`make_sites` with the names given, or of all of them.

    As a context it listens while the context lasts.
    """

    def __init__(self, names: Iterable[str] = (), *, sites: Sequence[Site] | None = None) -> None:
        wanted = list(names)
        made = list(sites) if sites is not None else make_sites()
        unknown = set(wanted) - {site.name for site in made}
        if unknown:
            raise ValueError(f"no host {unknown}")
        for number, site in enumerate(made, start=1):
            site.address = f"127.0.1.{number}"
        self.sites = {site.name: site for site in made if not wanted or site.name in wanted}
        self._by_address = {site.address: site for site in self.sites.values()}
        self._counts: Counter[tuple[str, str]] = Counter()
        self.changed = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
        self.phase = 1
        self.wire = Wire(self._answer)

    def __enter__(self) -> Self:
        self.wire.start([*self._by_address, CANARY, UNLISTED])
        for site in self.sites.values():
            site.port = self.port
        if "never-there" in self.sites:
            self.darken("never-there")
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        self.wire.stop()

    @property
    def port(self) -> int:
        """The port all hosts listen on."""
        return self.wire.port

    @property
    def log(self) -> list[Request]:
        """All requests so far, in the order they came."""
        return list(self.wire.log)

    def requests(self, name: str, path: str = "") -> list[Request]:
        """Requests to a host, or for one of its paths."""
        site = self.sites[name]
        return [r for r in self.log if r.host == site.address and path in ("", r.path)]

    def site_of(self, address: str) -> Site | None:
        """The site of an address; None for hosts that nobody may contact."""
        return self._by_address.get(address)

    def strangers(self) -> list[str]:
        """Addresses that were contacted and that no outlet has."""
        return sorted({address for _, address in self.wire.contacts} - set(self._by_address))

    def darken(self, name: str) -> None:
        """Refuse connections to a host, and break those it has."""
        self.wire.refuse(self.sites[name].address)

    def light(self, name: str) -> None:
        """Take connections again."""
        self.wire.listen(self.sites[name].address)

    def publish(self, name: str, path: str) -> None:
        """A new page at a host, listed by its feeds from now on."""
        self.sites[name].page(path)

    def changed_at(self, site: Site) -> str:
        """The Last-Modified of a site, which moves with each page published."""
        return format_datetime(self.changed + timedelta(seconds=len(site.links)), usegmt=True)

    def forget(self) -> None:
        """Empty the log; hosts remember what was asked of them."""
        self.wire.log.clear()
        self.wire.contacts.clear()

    def pages(self) -> dict[str, str]:
        """What can be fetched politely: the address listed, and the address of the page behind it."""
        return {
            _whole(site, listed): _whole(site, final)
            for site in self.sites.values()
            for listed, final in site.must.items()
        }

    def allowed(self) -> set[str]:
        """Addresses whose pages may be kept."""
        more = {_whole(site, path) for site in self.sites.values() for path in site.may}
        return set(self.pages()) | set(self.pages().values()) | more

    def refused(self) -> dict[str, str]:
        """What is listed and can never be kept, and why."""
        return {_whole(site, path): why for site in self.sites.values() for path, why in site.cannot.items()}

    def _answer(self, request: Request) -> Answer:
        site = self.site_of(request.host)
        if site is None:
            return Answer(200, HTML, b"<p>You were not to come here.</p>")
        self._counts[request.host, request.target] += 1
        visit = Visit(request, self._counts[request.host, request.target], site, self)
        if request.path == "/robots.txt":
            if isinstance(site.robots, str):
                return Answer(200, (("Content-Type", "text/plain"),), site.robots.encode())
            return site.robots(visit)
        route = (
            site.routes.get(request.target) or site.routes.get(request.path) or site.routes.get(clean(request.target))
        )
        if route is None:
            return Answer(404, HTML, b"<html><body><p>404</p></body></html>")
        answer = route(visit)
        return replace(answer, close=True) if request.headers.get("connection", "").lower() == "close" else answer


def clean(target: str) -> str:
    """A target without what only tracks readers, in the one form addresses have."""
    whole = normalise_url(f"http://x.example{target}") or ""
    return whole.removeprefix("http://x.example")


def _whole(site: Site, path: str) -> str:
    return normalise_url(site.base + path) or ""
