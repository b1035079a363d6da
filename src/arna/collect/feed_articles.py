"""Articles of a feed file: what its entries carry of their text."""

from __future__ import annotations

import gzip
import re
import zlib
from typing import TYPE_CHECKING, Any, Final

from arna.collect.delimited import Item, dump_article
from arna.collect.feed_entries import TEXT_FIELDS, EntryReader
from arna.collect.feed_markup import skip_doctype, walk_markup
from arna.collect.feeds import (
    LARGEST,
    MOST,
    clean_markup,
    clean_title,
    collapse,
    describe_walk,
    find_address,
    find_item_address,
    find_root,
    read_json_items,
    read_moment,
)
from arna.collect.pages import host_in
from arna.collect.plain_text import PlainText, read_markup_text
from arna.errors import InputError
from arna.text.charset import decode_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from arna.collect.feed_entries import RawEntry

_MARKUP: Final = re.compile(r"</?[a-z][^<>]*>|&(?:[a-z]+|#\d+);", re.IGNORECASE)
# What WordPress puts under every text of a feed; it stands on no page.
_APPEARED: Final = re.compile(
    r"appeared first on|впервые появил[а-я]{1,3} на|появил[а-я]{1,3} сначала на|вперше з.явил[а-я]{1,3} на"
)
_APPEARED_LENGTH: Final = 600  # letters at most: it repeats the title
_NO_TEXT: Final = "the entry carries no text, only {}; collect or import its page"
_NO_DATE: Final = "the entry has no time that can be believed"


def read_whole(path: Path) -> bytes:
    """A file's bytes, unpacked if gzip packed them.

    Raises:
        InputError: it is too large, or its gzip data are broken.
    """
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        try:
            body = (gzip.GzipFile(fileobj=raw) if packed else raw).read(LARGEST + 1)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise InputError(f"{path}: its gzip data cannot be undone: {error}; fetch or copy it again") from error
    if len(body) > LARGEST:
        raise InputError(f"{path}: is larger than {LARGEST >> 20} MB, which no feed or page is; split it")
    return body


def read_feed(path: Path) -> Iterator[Item]:
    """Articles of an RSS, Atom or JSON feed, one for each entry; one that cannot be an article comes with its trouble.

    The text is the whole one where the feed carries it, else the summary; ``text_from`` says which. The outlet is that
    of the entry's host.

    Raises:
        InputError: it is no feed.
    """
    text = clean_markup(decode_page(read_whole(path)).text)
    size = path.stat().st_size
    found: list[dict[str, Any]] = []
    root = find_root(text)
    if text.lstrip()[:1] == "{":
        items, trouble = read_json_items(text)
        if items is None:
            raise InputError(f"{path}: is no feed: {trouble}")
        found = [_article_of_item(given if isinstance(given, dict) else {}) for given in items[:MOST]]
    elif root:
        trouble = _walk_entries(text, root, found)
    else:
        raise InputError(f"{path}: is no feed: it has no <rss>, <feed> or <rdf:RDF>")
    if not found:
        raise InputError(f"{path}: is a feed without an entry{f': {trouble}' if trouble else ''}")
    for number, article in enumerate(found, 1):
        wrong = article.pop("trouble", "")
        yield Item(f"entry {number}", article, dump_article(article), wrong, size)
    if trouble:
        yield Item("the feed", {}, b"", trouble, size)


def _walk_entries(text: str, root: re.Match[str], found: list[dict[str, Any]]) -> str:
    reader = EntryReader(text, "", sitemap=False, wanted=TEXT_FIELDS, entities=skip_doctype(text)[1])

    def add(entry: RawEntry) -> bool:
        if len(found) < MOST:
            found.append(_article_of_entry(entry))
        return len(found) >= MOST

    reader.emit = add
    walk = walk_markup(text, root.start(), reader)
    if not walk.closed:
        # what is cut off is no article: the end of its text is missing
        reader.drop_entry()
    return "; ".join(describe_walk(text, walk))


def _article_of_entry(entry: RawEntry) -> dict[str, Any]:
    fields = entry.fields
    url = find_address(entry)
    title = collapse(fields.get("title", "")) if "title" in entry.plain else clean_title(fields.get("title", ""))
    source, plain = "", PlainText("", ())
    for name in ("content", "summary"):
        written = fields.get(name, "")
        if name in entry.plain:
            plain = PlainText("\n".join(filter(None, map(collapse, written.splitlines()))), ())
        else:
            plain = _read_text(written, url)
        if plain.text:
            source = name
            break
    moment = read_moment(fields.get("published", "")) or read_moment(fields.get("updated", ""))
    return _make_article(url, title, moment, plain, source, _clean_author(fields.get("author", "")))


def _article_of_item(item: dict[str, Any]) -> dict[str, Any]:
    def said(key: str) -> str:
        value = item.get(key)
        return value if isinstance(value, str) else ""

    url = find_item_address(item, "")
    source = next((key for key in ("content_html", "content_text", "summary") if said(key).strip()), "")
    if source == "content_html":
        plain = _read_text(said(source), url)
    else:
        plain = PlainText("\n".join(filter(None, map(collapse, said(source).splitlines()))), ())
    moment = read_moment(said("date_published")) or read_moment(said("date_modified"))
    authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    names = [author.get("name") for author in authors or () if isinstance(author, dict)]
    author = ", ".join(name.strip() for name in names if isinstance(name, str) and name.strip())
    return _make_article(url, collapse(said("title")), moment, plain, source.partition("_")[0], author)


def _make_article(
    url: str, title: str, moment: datetime | None, plain: PlainText, source: str, author: str
) -> dict[str, Any]:
    article: dict[str, Any] = {"url": url, "outlet": host_in(url), "title": title, "text": plain.text}
    if not url:
        article["trouble"] = "the entry names no web address"
    elif not plain.text:
        article["trouble"] = _NO_TEXT.format("a title" if title else "an address")
    elif moment is None:
        article["trouble"] = _NO_DATE
    else:
        article["published_at"] = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    if author:
        article["author"] = author
    if plain.links:
        article["links"] = [link._asdict() for link in plain.links]
    article["text_from"] = source
    return article


def _read_text(written: str, url: str) -> PlainText:
    """Paragraphs of a field: markup in nearly every feed, plain lines in some."""
    if not _MARKUP.search(written):
        return PlainText("\n".join(filter(None, map(collapse, written.splitlines()))), ())
    plain = read_markup_text(written, url)
    kept, _, last = plain.text.rpartition("\n")
    if not kept or len(last) > _APPEARED_LENGTH or not _APPEARED.search(last):
        return plain
    return PlainText(kept, tuple(link for link in plain.links if link.end <= len(kept)))


def _clean_author(written: str) -> str:
    """The name in an author's field: RSS puts it in brackets behind an address of mail."""
    name = clean_title(written)
    mail = re.fullmatch(r"\S+@\S+(?:\s*\((.+)\))?", name)
    return (mail[1] or "").strip() if mail else name
