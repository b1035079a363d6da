"""Hosts whose servers fail: slow, silent, breaking off, in error, dark, or saying what is no HTTP."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

from .site import HTML, Answer, Site, always, first_times

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .site import Visit

ERROR = Answer(500, HTML, b"<p>Internal Server Error</p>")


def make_faulty_sites() -> list[Site]:
    """All of them."""
    return [
        _slow_page(),
        _slow_but_good(),
        _silent(),
        _drops_once(),
        _drops_always(),
        _heals(),
        _feed_heals(),
        _always_in_error(),
        _goes_dark(),
        _never_there(),
        _wrong_length(),
        _header_bombs(),
        _cookies(),
        _garbage(),
        _layout_changed(),
        _login_for_feed(),
        _empty_feed(),
    ]


def _slow_page() -> Site:
    """One page that never ends, a byte at a time, so that no read is ever late."""
    site = Site("slow-page", "uz", "unreachable").pages(3)

    def drip() -> Iterator[bytes]:
        return itertools.repeat(b".", 100_000)

    site.bad("/news/drip", "unreachable", always(Answer(200, HTML, drip, chunked=True, drip=0.1)))
    site.bad("/news/drip-head", "unreachable", always(Answer(raw=_drip_head, drip=0.1)))
    return site.feed()


def _drip_head() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nX-Long: "
    yield from itertools.repeat(b"a", 100_000)


def _slow_but_good() -> Site:
    """Slow, but within the limits."""
    return Site("slow-but-good", "tg").pages(2, lambda _visit, answer: replace(answer, delay=0.4)).feed()


def _silent() -> Site:
    site = Site("silent", "ky", "unreachable", robots=always(Answer(hang=True)), feeds=("/feed",))
    site.routes["/feed"] = always(Answer(hang=True))
    return site


def _drops_once() -> Site:
    def wrap(visit: Visit, answer: Answer) -> Answer:
        return replace(answer, cut=400) if visit.count == 1 else answer

    site = Site("drops-once", "kk").pages(2, wrap)
    site.page("/news/3", lambda visit, answer: replace(wrap(visit, answer), chunked=True))
    return site.feed()


def _drops_always() -> Site:
    site = Site("drops-always", "ru", "unreachable").pages(2)
    page = b"<html><body><article>" + b"<p>...</p>" * 200
    site.bad("/news/cut", "unreachable", always(Answer(200, HTML, page, cut=300)))
    site.bad("/news/cut-chunk", "unreachable", always(Answer(200, HTML, page, cut=300, chunked=True)))
    site.bad("/news/no-answer", "unreachable", always(Answer(raw=b"")))
    return site.feed()


def _heals() -> Site:
    site = Site("heals", "tk")
    site.page("/news/1", first_times(1, ERROR))
    site.page("/news/2", first_times(2, replace(ERROR, status=502)))
    site.page("/news/3", first_times(1, replace(ERROR, status=503)))
    return site.feed()


def _feed_heals() -> Site:
    return Site("feed-heals", "uk").pages(3).feed(wrap=first_times(1, replace(ERROR, status=504)))


def _always_in_error() -> Site:
    site = Site("always-in-error", "ru", "server").pages(2)
    site.bad("/news/3", "server", always(ERROR))
    return site.feed()


def _goes_dark() -> Site:
    """Good, until a test makes it dark."""
    return Site("goes-dark", "ru").pages(3).feed()


def _never_there() -> Site:
    """Dark from the beginning: every connection is refused."""
    return Site("never-there", "kk", "unreachable").pages(0).feed()


def _wrong_length() -> Site:
    site = Site("wrong-length", "uz").pages(2)
    site.doubtful("/news/says-less", lambda _visit, answer: replace(answer, length=200, close=True))
    site.doubtful("/news/says-more", lambda _visit, answer: replace(answer, length=1_000_000, close=True))
    site.doubtful(
        "/news/says-both",
        lambda _visit, answer: replace(answer, length=None, headers=(*answer.headers, ("Content-Length", "7"))),
    )
    site.doubtful(
        "/news/says-less-than-none",
        lambda _visit, answer: replace(answer, headers=(*answer.headers, ("Content-Length", "-5")), length=-1),
    )
    return site.feed()


def _header_bombs() -> Site:
    site = Site("header-bombs", "en", "broken").pages(2)
    many = tuple((f"X-Header-{number}", "a" * 8_000) for number in range(2_000))
    site.bad("/news/many-headers", "broken", always(Answer(200, (*HTML, *many), b"<p>.</p>")))
    site.bad("/news/endless-headers", "broken", always(Answer(raw=_endless_headers)))
    site.bad("/news/endless-status", "broken", always(Answer(raw=_endless_status)))
    return site.feed()


def _endless_headers() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\n"
    for number in itertools.count():
        yield b"".join(b"X-%d-%d: %b\r\n" % (number, part, b"a" * 500) for part in range(100))


def _endless_status() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 "
    yield from itertools.repeat(b"O" * 65_536)


def _cookies() -> Site:
    """A page that sends everyone round until a cookie comes back: without cookies it is a loop."""
    site = Site("cookies", "en")
    cookies = tuple(("Set-Cookie", f"c{number}={'v' * 3000}; Path=/; Max-Age=99999") for number in range(20))
    site.pages(3, lambda _visit, answer: replace(answer, headers=(*answer.headers, *cookies)))

    def wall(visit: Visit) -> Answer:
        if "seen=1" in visit.request.headers.get("cookie", ""):
            return site.make_route("/news/wall")(visit)
        return Answer(302, (("Location", "/news/wall"), ("Set-Cookie", "seen=1; Path=/"), *HTML), b"")

    site.routes["/news/wall"] = wall
    site.may.add("/news/wall")
    site.links.append("/news/wall")
    return site.feed()


def _garbage() -> Site:
    site = Site("garbage", "tk", "broken").pages(2)
    raws = {
        "old": b"<html><body><p>HTTP/0.9 had no head at all.</p></body></html>",
        "binary": bytes(range(256)) * 40,
        "lines": b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n<p>.</p>",
        "status": b"HTTP/1.1 two hundred\r\nContent-Length: 3\r\n\r\nabc",
        "chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n",
        "smuggled": b"HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n<p>.</p>",
        "tls": b"\x15\x03\x01\x00\x02\x02\x28",
    }
    for name, raw in raws.items():
        if name in ("lines", "smuggled"):  # some readers forgive these
            site.routes[f"/news/{name}"] = always(Answer(raw=raw))
            site.may.add(f"/news/{name}")
            site.links.append(f"/news/{name}")
        else:
            why = "unreachable" if name == "old" else "broken"  # without a head it looks like no answer
            site.bad(f"/news/{name}", why, always(Answer(raw=raw)))
    return site.feed()


def _layout_changed() -> Site:
    """Pages that arrive whole and hold no text: a script was to write it."""
    site = Site("layout-changed", "kk", "layout")
    shell = b'<!DOCTYPE html><html><head><title>App</title></head><body><div id="root"></div><script src="/a.js"></script></body></html>'

    def empty(visit: Visit, answer: Answer) -> Answer:
        return replace(answer, body=shell + b"<!-- %b -->" % visit.request.path.encode())

    return site.pages(6, empty).feed()


def _login_for_feed() -> Site:
    """A feed that answers 200 with a page to log in."""
    site = Site("login-for-feed", "ru", "feed", feeds=("/feed",))
    page = "<!DOCTYPE html><html><body><form><p>Войдите, чтобы читать</p><input name=login></form></body></html>"
    site.routes["/feed"] = always(Answer(200, HTML, page.encode()))
    return site


def _empty_feed() -> Site:
    """A feed without entries, which may be silence and is no error of the server."""
    return Site("empty-feed", "uz").feed()
