"""What a feed or sitemap lists: bytes in, addresses with their titles and times out."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from arna.collect.feed_entries import LISTING_FIELDS, EntryReader, join_url
from arna.collect.feed_markup import DEPTH, skip_doctype, walk_markup
from arna.collect.heads import find_canonical, find_feeds
from arna.text.charset import decode_page
from arna.text.dates import parse_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arna.collect.feed_entries import RawEntry
    from arna.collect.feed_markup import Walk

__all__ = ["MOST", "Listed", "Listing", "find_canonical", "find_feeds", "read_listing"]

MOST: Final = 50_000
"""Entries read of one file: what the sitemap protocol allows; feeds have a few hundred at most."""

LARGEST: Final = 64 << 20
"""Bytes read of one file; the sitemap protocol allows 50 MB."""

_EARLIEST: Final = datetime(1995, 1, 1, tzinfo=UTC)  # news sites are not older
_AHEAD: Final = timedelta(days=2)  # zones and clocks are wrong by hours, not by days
_ROOT: Final = re.compile(
    r"<(?:[\w.-]+:)?(rss|rdf|feed|urlset|sitemapindex|channel|html)(?=[\s/>])|<!doctype\s+(html)\b", re.IGNORECASE
)
_TAG: Final = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?(?:-->|\Z)", re.DOTALL)
_BREAK: Final = re.compile(r"[\t\r\n]+")
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_WEB: Final = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
# Addresses that need no parser to be told for whole ones: nearly all, and sitemaps hold 50,000.
_SIMPLE: Final = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]{1,5})?(?:[/?#][^\s\[\]\\]*)?")
_SIMPLE_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")
_VALUE: Final = re.compile(r"[^\s,]")
_LONGEST_TITLE: Final = 1000  # letters; a headline has two hundred at most
_LONGEST_URL: Final = 4000  # letters; what is longer is data


@dataclass(frozen=True, slots=True)
class Listed:
    """An address a feed or sitemap names; times in UTC, None where it says none that can be true."""

    url: str
    title: str
    published_at: datetime | None
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Listing:
    """What a feed or sitemap lists.

    ``kind`` is ``rss``, ``atom``, ``json``, ``sitemap``, ``news-sitemap``, ``index``, or ``none`` for what is no
    list at all. ``children`` are the sitemaps of an index. ``trouble`` says in a sentence what is wrong; what could
    be read is given all the same.
    """

    kind: str
    entries: tuple[Listed, ...] = ()
    children: tuple[Listed, ...] = ()
    trouble: str = ""


@dataclass
class _Gathered:
    """Entries as they come, each address once."""

    url: str
    entries: dict[str, Listed] = field(default_factory=dict)
    children: dict[str, Listed] = field(default_factory=dict)
    count: int = 0
    nameless: int = 0
    news: bool = False
    full: bool = False
    cut: bool = False

    def add(self, entry: RawEntry) -> bool:
        """Takes an entry of XML; True when there are enough."""
        fields = entry.fields
        self.news = self.news or "news" in fields
        title = fields.get("title", "")
        title = collapse(title) if "title" in entry.plain else clean_title(title)
        return self.put(
            find_address(entry), title, fields.get("published", ""), fields.get("updated", ""), entry.kind == "child"
        )

    def put(self, url: str, title: str, published: str, updated: str, child: bool = False) -> bool:
        """Takes an entry; True when there are enough."""
        if self.count >= MOST:
            self.full = True
            return True
        if not url and self.cut:
            return False
        self.count += 1
        if not url:
            self.nameless += 1
            return False
        place = self.children if child else self.entries
        if url not in place:
            place[url] = Listed(url, title[:_LONGEST_TITLE], read_moment(published), read_moment(updated))
        return False

    def list_as(self, kind: str, *troubles: str) -> Listing:
        """The listing, with what is wrong."""
        said = [text for text in troubles if text]
        if self.full:
            said.append(f"it lists more than {MOST:,} addresses, of which the first {MOST:,} are read")
        if self.nameless:
            said.append(f"{self.nameless} of its {self.count} entries name no web address")
        if not self.entries and not self.children and not said:
            said.append("it lists nothing")
        trouble = "; ".join(said)
        return Listing(kind, tuple(self.entries.values()), tuple(self.children.values()), trouble)


def read_listing(body: bytes, url: str, charset: str | None = None) -> Listing:
    """Reads RSS 0.9 to 2.0, Atom, JSON Feed, sitemaps (XML and text), news sitemaps and sitemap indexes.

    Entries come in the order of the file, each address once, at most ``MOST``. Addresses are absolute, resolved
    against ``xml:base`` or ``url``, and otherwise as written. An entry without a web address is counted in the
    trouble. Never raises.

    Args:
        body: the file as fetched, content encoding undone.
        url: where it was fetched.
        charset: the charset its HTTP header names.
    """
    cut = "" if len(body) <= LARGEST else f"it is larger than {LARGEST >> 20} MB, of which the first are read"
    text = clean_markup(decode_page(body[:LARGEST], charset).text)
    start = text.lstrip()[:1]
    if not start:
        return Listing("none", trouble="the answer is empty")
    if start in "{[":
        return _read_json(text, url, cut)
    root = _ROOT.search(text, skip_doctype(text)[0])
    if root and find_root(text):
        return _read_xml(text, root, url, cut)
    if root:
        return Listing("none", trouble="it is a web page (HTML), not a feed or sitemap")
    if start != "<" and _WEB.match(text.lstrip()):
        return _read_lines(text, url, cut)
    return Listing("none", trouble=f"it is neither a feed nor a sitemap; it begins with {text.lstrip()[:40]!r}")


def clean_markup(text: str) -> str:
    """A text without the control characters that XML does not have."""
    return _CONTROLS.sub("", text)


def find_root(text: str) -> re.Match[str] | None:
    """Where the first element of a feed or sitemap begins, its name as the first group; None in a web page."""
    found = _ROOT.search(text, skip_doctype(text)[0])
    return found if found and found[1] and found[1].lower() != "html" else None


def _read_xml(text: str, root: re.Match[str], url: str, cut: str) -> Listing:
    name = root[1].lower()
    sitemap = name in {"urlset", "sitemapindex"}
    gathered = _Gathered(url)
    reader = EntryReader(text, url, sitemap=sitemap, wanted=LISTING_FIELDS, entities=skip_doctype(text)[1])
    reader.emit = gathered.add
    walk = walk_markup(text, root.start(), reader)
    if not walk.closed:
        # what stands open at the end may be half an address, and half an entry need not have one
        gathered.cut = True
        reader.drop_field()
        reader.finish()
    kind = {"urlset": "sitemap", "sitemapindex": "index", "feed": "atom"}.get(name, "rss")
    if kind == "sitemap" and gathered.news:
        kind = "news-sitemap"
    return gathered.list_as(kind, cut, *describe_walk(text, walk))


def describe_walk(text: str, walk: Walk) -> list[str]:
    """What is wrong with markup, in words."""
    troubles = []
    if walk.deep:
        troubles.append(f"its elements stand more than {DEPTH} deep from line {_line_of(text, walk.end)} on")
    elif not walk.closed:
        troubles.append(f"it is cut off at line {_line_of(text, len(text.rstrip()))}")
    if walk.broken >= 0:
        troubles.append(f"its XML is broken from line {_line_of(text, walk.broken)} on")
    return troubles


def _line_of(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _read_lines(text: str, url: str, cut: str) -> Listing:
    gathered = _Gathered(url)
    for line in iterate_lines(text):
        if gathered.put(as_web_address(line), "", "", ""):
            break
    return gathered.list_as("sitemap", cut)


def iterate_lines(text: str) -> Iterator[str]:
    """Lines of a text that are not blank, one at a time."""
    for found in re.finditer(r"[^\r\n]+", text):
        line = found[0].strip()
        if line:
            yield line


def _read_json(text: str, url: str, cut: str) -> Listing:
    items, trouble = read_json_items(text)
    if items is None:
        return Listing("none", trouble=trouble)
    gathered = _Gathered(url)
    for given in items:
        item = given if isinstance(given, dict) else {}
        found = find_item_address(item, url)
        title = collapse(html.unescape(_text_of(item, "title")))
        if gathered.put(found, title, _text_of(item, "date_published"), _text_of(item, "date_modified")):
            break
    return gathered.list_as("json", cut, trouble)


def find_item_address(item: dict[str, Any], base: str) -> str:
    """The web address of an item of a JSON Feed; empty when it names none."""
    said = (_text_of(item, "url").strip(), _text_of(item, "external_url").strip())
    address = next(filter(None, said), "")
    return as_web_address(join_url(base, address) if address else _text_of(item, "id"))


def read_json_items(text: str) -> tuple[list[Any] | None, str]:
    """Items of a JSON Feed, those before the damage where it is broken; None with the reason when it is no feed."""
    try:
        given = json.loads(text.lstrip())
    except RecursionError:
        return None, "it is JSON nested too deep"
    except ValueError as error:
        saved = _save_items(text)
        reason = f"its JSON is broken: {error}"
        return (saved, reason) if saved else (None, reason)
    items = given.get("items") if isinstance(given, dict) else None
    if not isinstance(items, list):
        return None, "it is JSON, but no JSON Feed: it has no list 'items'"
    return items, ""


def _save_items(text: str) -> list[Any]:
    """The items that are whole in broken JSON."""
    begin = re.search(r"\"items\"\s*:\s*\[", text)
    found: list[Any] = []
    decoder = json.JSONDecoder()
    place = begin.end() if begin else len(text)
    while start := _VALUE.search(text, place):
        try:
            item, place = decoder.raw_decode(text, start.start())
        except (ValueError, RecursionError):
            break
        found.append(item)
    return found


def _text_of(item: dict[str, Any], key: str) -> str:
    value = item.get(key)
    return value if isinstance(value, str) else ""


def find_address(entry: RawEntry) -> str:
    """The web address of an entry: what a reader's click opens, absolute; empty when it names none.

    In order: the address before FeedBurner's, ``<link>`` as text, ``<link rel="alternate">``, preferably a page,
    a guid that is a permanent link, what RDF says the entry is about.
    """
    fields = entry.fields
    pages = [link.href for link in entry.links if link.rel == "alternate" and "html" in (link.mime or "html")]
    others = [link.href for link in entry.links if link.rel == "alternate"]
    said = [fields.get("origin", ""), fields.get("link", "")]
    for written in said:
        found = _resolve(entry.base, written) if written else ""
        if found:
            return found
    for href in (*pages, *others):
        found = as_web_address(href)
        if found:
            return found
    guid = fields.get("guid", "") if entry.permalink else ""
    return as_web_address(guid) or as_web_address(fields.get("about", ""))


def _resolve(base: str, written: str) -> str:
    whole = len(written) <= _LONGEST_URL and _SIMPLE.fullmatch(written)
    return written if whole else as_web_address(join_url(base, written))


def as_web_address(written: str) -> str:
    """An absolute http or https address without line ends in it; empty for everything else."""
    address = _BREAK.sub("", written).strip()
    if len(address) > _LONGEST_URL:
        return ""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return ""
    return address if host and parts.scheme in {"http", "https"} else ""


def clean_title(written: str) -> str:
    """A title without markup, references (resolved once more: many feeds escape twice) and line ends."""
    if "<" in written:
        written = _TAG.sub("", written)
    return collapse(html.unescape(written) if "&" in written else written)


def collapse(text: str) -> str:
    """Text with each stretch of blanks as one space."""
    return " ".join(text.split())


def read_moment(written: str) -> datetime | None:
    """The time a feed writes, in UTC; None when it is none, before 1995 or more than two days ahead.

    A time without a zone counts as UTC, a day as its midnight.
    """
    if not written:
        return None
    try:
        simple = _SIMPLE_TIME.fullmatch(written)
        found = datetime.fromisoformat(written) if simple else parse_date(written)
    except ValueError:
        return None
    if found is None:
        return None
    if not isinstance(found, datetime):
        found = datetime(found.year, found.month, found.day, tzinfo=UTC)
    try:
        at = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except OverflowError:
        return None
    return at if _EARLIEST <= at <= datetime.now(UTC) + _AHEAD else None
