"""Feeds and sitemaps as outlets write them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Sequence


class Entry(NamedTuple):
    """One entry: an address as the feed writes it, a headline, and when it was published."""

    link: str
    title: str
    at: datetime


def make_rss(title: str, entries: Sequence[Entry]) -> bytes:
    """RSS 2.0."""
    items = "".join(
        f"<item><title>{escape(e.title)}</title><link>{escape(e.link)}</link>"
        f'<guid isPermaLink="false">{escape(e.link)}</guid><pubDate>{format_datetime(e.at)}</pubDate></item>\n'
        for e in entries
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>{escape(title)}</title><link>/</link><description/>\n{items}</channel></rss>\n"
    ).encode()


def make_atom(title: str, entries: Sequence[Entry], *, base: str = "") -> bytes:
    """Atom 1.0, with ``xml:base`` where one is given."""
    based = f' xml:base="{escape(base)}"' if base else ""
    items = "".join(
        f"<entry><title>{escape(e.title)}</title><id>urn:{n}</id><updated>{e.at.isoformat()}</updated>"
        f'<link rel="enclosure" href="/sound/{n}.mp3"/><link rel="alternate" href="{escape(e.link)}"/></entry>\n'
        for n, e in enumerate(entries)
    )
    return (
        f'<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom"{based}><title>{escape(title)}</title>'
        f'<link rel="self" href="/feed"/><id>urn:feed</id>\n{items}</feed>\n'
    ).encode()


def make_json(title: str, entries: Sequence[Entry]) -> bytes:
    """JSON Feed 1.1."""
    items = [{"id": e.link, "url": e.link, "title": e.title, "date_published": e.at.isoformat()} for e in entries]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": title, "items": items}
    return json.dumps(feed, ensure_ascii=False).encode()


def make_rdf(title: str, entries: Sequence[Entry]) -> bytes:
    """RSS 1.0, which is RDF."""
    items = "".join(
        f'<item rdf:about="{escape(e.link)}"><title>{escape(e.title)}</title><link>{escape(e.link)}</link>'
        f"<dc:date>{e.at.isoformat()}</dc:date></item>\n"
        for e in entries
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://purl.org/rss/1.0/">'
        f'<channel rdf:about="/"><title>{escape(title)}</title></channel>\n{items}</rdf:RDF>\n'
    ).encode()


def make_sitemap(_title: str, entries: Sequence[Entry]) -> bytes:
    """A plain sitemap."""
    items = "".join(f"<url><loc>{escape(e.link)}</loc><lastmod>{e.at.isoformat()}</lastmod></url>\n" for e in entries)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{items}</urlset>\n'
    ).encode()


def make_news_sitemap(title: str, entries: Sequence[Entry]) -> bytes:
    """A news sitemap, each page with its picture, which is no page."""
    items = "".join(
        f"<url><loc>{escape(e.link)}</loc><news:news><news:publication><news:name>{escape(title)}</news:name>"
        f"<news:language>uk</news:language></news:publication>"
        f"<news:publication_date>{e.at.isoformat()}</news:publication_date>"
        f"<news:title>{escape(e.title)}</news:title></news:news>"
        f"<image:image><image:loc>{escape(e.link)}.jpg</image:loc></image:image></url>\n"
        for e in entries
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
        f'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">\n{items}</urlset>\n'
    ).encode()


def make_index(links: Sequence[str]) -> bytes:
    """A sitemap index, all of it changed just now."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    items = "".join(f"<sitemap><loc>{escape(link)}</loc><lastmod>{now}</lastmod></sitemap>\n" for link in links)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{items}</sitemapindex>\n'
    ).encode()
