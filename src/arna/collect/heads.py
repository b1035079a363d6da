"""What the head of a page says about addresses: its feeds, and the address it goes by."""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from arna.collect.feed_entries import join_url
from arna.collect.feed_markup import read_attributes
from arna.text.charset import decode_page

_HEAD: Final = 256 << 10
"""Bytes of a page that are searched: some put scripts and styles of 200 kB before their links."""

_CANONICAL: Final = re.compile(rb"canonical", re.IGNORECASE)
_LINK: Final = re.compile(rb"<link\b([^<>]*)>|<(body)\b|<base\b([^<>]*)>|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL)
_UNQUOTED: Final = re.compile(r"(?<![\w:.-])([\w:.-]++)\s*+=\s*+([^\s\"'>]+)")
_FEED_TYPES: Final = (
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/json",
    "application/xml",
    "text/xml",
    "text/rss+xml",
    "text/rss",
)
_UNSURE: Final = ("application/json", "application/xml", "text/xml")  # also what is no feed, such as an API
_FEED_HINT: Final = re.compile(r"rss|atom|feed|\.rdf", re.IGNORECASE)
_API: Final = re.compile(r"/wp-json/|oembed", re.IGNORECASE)
_COMMENTS: Final = re.compile(r"comment|коммент|комент|пікір|пикир|izoh|teswir", re.IGNORECASE)
_MOST: Final = 20  # feeds of one page; a portal names one for each section


def find_feeds(page: bytes, url: str, charset: str | None = None) -> tuple[str, ...]:
    """Feeds that a page names in ``<link rel="alternate">``, absolute, in its order, feeds of comments last.

    Args:
        page: an HTML page, content encoding undone.
        url: where it was fetched; ``<base href>`` goes before it.
        charset: the charset its HTTP header names.
    """
    tree = LexborHTMLParser(decode_page(page[: 4 * _HEAD], charset).text)
    base = url
    named = tree.css_first("base[href]")
    if named is not None:
        base = join_url(url, (named.attributes.get("href") or "").strip()) or url
    found: dict[str, bool] = {}
    for link in tree.css("link[rel][href]"):
        given = {name: value or "" for name, value in link.attributes.items()}
        rel = given.get("rel", "").lower().split()
        mime = given.get("type", "").partition(";")[0].strip().lower()
        written = given.get("href", "").strip()
        if not {"alternate", "feed"} & set(rel) or (mime not in _FEED_TYPES and "feed" not in rel):
            continue
        if "stylesheet" in rel or _API.search(written) or (mime in _UNSURE and not _FEED_HINT.search(written)):
            continue
        address = join_url(base, written)
        if address.lower().startswith(("http://", "https://")) and address not in found:
            found[address] = bool(_COMMENTS.search(f"{given.get('title', '')} {written}"))
    return tuple(sorted(found, key=found.__getitem__)[:_MOST])


def find_canonical(page: bytes, url: str) -> str:
    """The address a page says it goes by (``<link rel="canonical">``), absolute; empty when it says none.

    Only the head is looked at, without a parser: this runs on every page fetched.
    """
    head = page[:_HEAD]
    if not _CANONICAL.search(head):
        return ""
    base = url
    for found in _LINK.finditer(head):
        if found[2]:
            return ""
        written = (found[1] or found[3] or b"").decode("utf-8", "replace")
        given = read_attributes(written)
        for name, value in _UNQUOTED.findall(written):
            given.setdefault(name.lower(), value)
        href = given.get("href", "").strip()
        if found[3] and href and base == url:
            base = join_url(url, href) or url
        elif "canonical" in given.get("rel", "").lower().split() and href:
            address = join_url(base, href)
            return address if address.lower().startswith(("http://", "https://")) else ""
    return ""
