"""Hosts where nothing is wrong, each told of in another way and sent in another form."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from .feeds import make_atom, make_index, make_json, make_news_sitemap, make_rdf, make_sitemap
from .site import HTML, XML, Answer, Site, always, chain, conditional, pack, packed, redirect

if TYPE_CHECKING:
    from .site import Visit


def make_plain_sites() -> list[Site]:
    """All of them."""
    return [
        Site("rss-plain", "kk").pages(6).feed(wrap=conditional, mime="application/rss+xml; charset=utf-8"),
        Site("atom-plain", "ru").pages(5).feed("/atom.xml", make_atom, conditional, mime="application/atom+xml"),
        _atom_relative(),
        Site("json-feed", "en").pages(5).feed("/feed.json", make_json, conditional, mime="application/feed+json"),
        Site("rdf-feed", "uz").pages(5).feed("/index.rdf", make_rdf, mime="application/rdf+xml"),
        _news_sitemap(),
        _sitemap_index(),
        _sitemap_loop(),
        _found_at_home(),
        _found_in_robots(),
        _tracked_links(),
        _repeating_feed(),
        _moved_feed(),
        _odd_addresses(),
        _gzip_pages(),
        _other_codings(),
        _closing(),
        _early_hints(),
        _same_body(),
        _redirects(),
        _canonical(),
    ]


def _atom_relative() -> Site:
    site = Site("atom-relative", "uz").pages(4, folder="/yangilik")
    site.links = ["=1", "=./2", "=../yangilik/3", "={base}/yangilik/4#top"]
    return site.feed("/atom", partial(make_atom, base="/yangilik/"), mime="application/atom+xml")


def _news_sitemap() -> Site:
    site = Site("news-sitemap", "uk", sitemaps=("/news-sitemap.xml",)).pages(6)
    site.list_with("/news-sitemap.xml", make_news_sitemap)
    return site


def _sitemap_index() -> Site:
    site = Site("sitemap-index", "tk", sitemaps=("/sitemap.xml",)).pages(7)
    site.list_with("/map-1.xml.gz", make_sitemap, _gzip_file, links=site.links[:3])
    site.list_with("/map-2.xml.gz", make_sitemap, packed("gzip"), links=site.links[3:5])  # only the name says gz
    site.list_with("/map-3.xml", make_news_sitemap, links=site.links[5:])
    _index(site, "/sitemap.xml", "/map-1.xml.gz", "/map-2.xml.gz", "/map-3.xml")
    return site


def _index(site: Site, path: str, *parts: str) -> None:
    site.routes[path] = lambda visit: Answer(200, XML, make_index([visit.site.complete(part) for part in parts]))


def _gzip_file(_visit: Visit, answer: Answer) -> Answer:
    assert isinstance(answer.body, bytes)
    return replace(answer, body=pack(answer.body, "gzip"), headers=(("Content-Type", "application/octet-stream"),))


def _sitemap_loop() -> Site:
    site = Site("sitemap-loop", "ky", sitemaps=("/sitemap.xml",)).pages(4)
    site.list_with("/pages.xml", make_sitemap)
    _index(site, "/sitemap.xml", "/sitemap.xml", "/inner.xml", "/pages.xml")
    _index(site, "/inner.xml", "/sitemap.xml", "/inner.xml")
    return site


def _found_at_home() -> Site:
    site = Site("found-at-home", "tg").pages(4)
    site.list_with("/lenta/rss", mime="text/xml")
    links = (
        '<link rel="alternate" type="application/rss+xml" title="RSS" href="lenta/rss">'
        '<link rel="alternate" hreflang="ru" href="/ru/"><link rel="stylesheet" href="/style.css">'
    )
    site.routes["/"] = always(Answer(200, HTML, f"<html><head>{links}</head><body><p>Хабарҳо</p></body>".encode()))
    return site


def _found_in_robots() -> Site:
    site = Site("found-in-robots", "ru").pages(4)
    site.list_with("/deep/map.xml", make_sitemap)

    def robots(visit: Visit) -> Answer:
        text = f"User-agent: *\nDisallow:\nSitemap: {visit.site.base}/deep/map.xml\n"
        return Answer(200, (("Content-Type", "text/plain"),), text.encode())

    site.robots = robots
    site.routes["/"] = always(Answer(200, HTML, b"<html><body><p>no feeds here</p></body></html>"))
    return site


def _tracked_links() -> Site:
    site = Site("tracked-links", "kk").pages(3)
    site.page("/index.php?id=7&lang=kk")
    site.links = [
        "/news/1?utm_source=rss&utm_medium=feed",
        "/news/1?fbclid=IwAR0",
        "/news/1#comments",
        "/news/2?utm_campaign=x",
        "/news/2",
        "= {base}/news/3 \n",  # blanks around an address, as hand-made feeds have them
        "/index.php?id=7&lang=kk&utm_source=rss",
        "/index.php?id=7&lang=kk",
    ]
    return site.feed()


def _repeating_feed() -> Site:
    site = Site("repeating-feed", "uz").pages(4)
    site.links = site.links * 5
    return site.feed("/rss/all").feed("/rss/main")


def _moved_feed() -> Site:
    site = Site("moved-feed", "ru", feeds=("/old/rss",)).pages(4)
    site.list_with("/new/rss")
    site.routes["/old/rss"] = redirect("/new/rss", 301)
    return site


def _odd_addresses() -> Site:
    """Addresses in Cyrillic letters, half encoded, and with signs that mean something."""
    site = Site("odd-addresses", "kk")
    site.page(quote("/жазба/қазақстан-жаңалық"), link="=/жазба/қазақстан-жаңалық")
    site.page(quote("/жазба/өзен үсті"), link="=/жазба/өзен%20үсті")
    site.page("/a%2Bb%20%26%20c", link="=/a%2bb%20%26%20c")
    return site.feed()


def _gzip_pages() -> Site:
    site = Site("gzip-pages", "uk").pages(3, packed("gzip"))
    site.page("/news/4", chain(packed("gzip"), _chunk))
    site.page("/news/5", chain(packed("gzip"), _small_chunks))
    return site.feed(wrap=packed("gzip"))


def _chunk(_visit: Visit, answer: Answer) -> Answer:
    return replace(answer, chunked=True)


def _small_chunks(_visit: Visit, answer: Answer) -> Answer:
    body = answer.body
    assert isinstance(body, bytes)
    return replace(answer, chunked=True, body=lambda: (body[n : n + 7] for n in range(0, len(body), 7)))


def _other_codings() -> Site:
    site = Site("other-codings", "ky")
    for coding in ("br", "zstd", "deflate"):
        site.page(f"/news/{coding}", packed(coding))
    return site.feed(wrap=packed("zstd"))


def _closing() -> Site:
    site = Site("closing", "uz").pages(2, lambda _visit, answer: replace(answer, close=True))
    site.page("/news/3", lambda _visit, answer: replace(answer, length=-1))
    site.page("/news/4", lambda _visit, answer: replace(answer, length=-1, version="1.0"))
    return site.feed()


def _early_hints() -> Site:
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
    return Site("early-hints", "en").pages(3, lambda _visit, answer: replace(answer, before=hints)).feed()


def _same_body() -> Site:
    return Site("same-body", "uk").pages(3).feed()


def _redirects() -> Site:
    site = Site("redirects", "ru")
    for status in (301, 302, 307, 308):
        final = f"/landed/{status}"
        site.routes[final] = site.make_route(final)
        site.routes[f"/go/{status}"] = redirect(f"../landed/{status}" if status == 302 else final, status)
        site.must[f"/go/{status}"] = final
        site.links.append(f"/go/{status}")
    site.routes["/go/far"] = redirect("/go/near", 301)
    site.routes["/go/near"] = redirect("{base}/landed/far", 302)
    site.routes["/landed/far"] = site.make_route("/landed/far")
    site.must["/go/far"] = "/landed/far"
    site.links.append("/go/far")
    site.page("/landed/listed")  # reached by two addresses, and to be fetched once
    site.routes["/go/listed"] = redirect("/landed/listed", 301)
    site.must["/go/listed"] = "/landed/listed"
    site.links.append("/go/listed")
    return site.feed()


def _canonical() -> Site:
    site = Site("canonical", "en")
    site.page("/story/1", head='<link rel="canonical" href="{base}/story/1">')
    site.page("/amp/2", head='<link rel="canonical" href="{base}/story/2">')
    site.page("/story/3?page=1", head='<link rel="canonical" href="/story/3">')
    return site.feed()
