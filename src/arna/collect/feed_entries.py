"""Entries of feeds and sitemaps as they stand in the markup: fields by what they mean, whatever they are called."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urljoin

from arna.collect.feed_markup import read_attributes, resolve_references

if TYPE_CHECKING:
    from collections.abc import Callable

LISTING_FIELDS: Final = frozenset({"title", "link", "guid", "published", "updated", "origin", "about", "news"})
"""What a list of addresses needs."""

TEXT_FIELDS: Final = LISTING_FIELDS | {"content", "summary", "author"}
"""What an article needs."""

_LONGEST: Final = 16 << 20  # letters of a field; an article with all its markup stays far below
_DECLARED: Final = 1000  # entities of a document type; what names more is no feed
_NAMESPACE: Final = re.compile(r"\bxmlns:([\w.-]{1,100})\s*=\s*[\"']([^\"'<>]{0,300})[\"']")
# Which family a namespace belongs to, by a part of its address; feeds write these addresses with many mistakes.
_FAMILIES: Final = (
    ("w3.org/2005/atom", ""),
    ("purl.org/atom", ""),
    ("rss/1.0/modules/content", "content"),
    ("purl.org/dc", "dc"),
    ("rss/1.0/modules", "other"),
    ("purl.org/rss", ""),
    ("netscape.com/rdf", ""),
    ("userland.com/rss", ""),
    ("feedburner", "feedburner"),
    ("sitemap-news", "news"),
    ("schemas/sitemap", ""),
    ("sitemaps.org", ""),
    ("rdf-syntax", ""),
    ("yandex", "yandex"),
)
# Families of prefixes that a feed uses without declaring them.
_USUAL: Final = {"content": "content", "dc": "dc", "atom": "", "a10": "", "rdf": "", "feedburner": "feedburner"}
_USUAL_MORE: Final = {"news": "news", "yandex": "yandex", "": ""}
_ENTRY, _CHILD, _BOX, _OTHER, _SILENT = "entry", "child", "box", "other", "silent"
_FEED_ROLES: Final = {
    ("", "item"): _ENTRY,
    ("", "entry"): _ENTRY,
    ("", "title"): "title",
    ("", "link"): "link",
    ("", "guid"): "guid",
    ("", "id"): "guid",
    ("", "pubdate"): "published",
    ("", "published"): "published",
    ("", "issued"): "published",
    ("", "created"): "published",
    ("", "date"): "published",
    ("dc", "date"): "published",
    ("dc", "created"): "published",
    ("dc", "issued"): "published",
    ("", "updated"): "updated",
    ("", "modified"): "updated",
    ("dc", "modified"): "updated",
    ("feedburner", "origlink"): "origin",
    ("content", "encoded"): "content",
    ("yandex", "full-text"): "content",
    ("", "content"): "content",
    ("", "description"): "summary",
    ("", "summary"): "summary",
    ("", "author"): "author",
    ("dc", "creator"): "author",
    ("", "name"): "name",
    ("", "email"): _SILENT,
    ("", "uri"): _SILENT,
}
_SITEMAP_ROLES: Final = {
    ("", "url"): _ENTRY,
    ("", "sitemap"): _CHILD,
    ("", "loc"): "link",
    ("", "lastmod"): "updated",
    ("news", "news"): _BOX,
    ("news", "title"): "title",
    ("news", "publication_date"): "published",
}


class Link(NamedTuple):
    """A ``<link href>`` of an entry: what it is to the entry, its media type, and its address as written."""

    rel: str
    mime: str
    href: str


@dataclass(slots=True)
class RawEntry:
    """An entry: its fields as text, references resolved, of two of a name the first that says something.

    ``base`` is what its addresses are relative to. ``kind`` is ``entry``, or ``child`` for a sitemap of an index.
    ``plain`` names fields that the feed calls plain text, ``markup`` those in XHTML.
    """

    kind: str
    base: str
    fields: dict[str, str] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    plain: set[str] = field(default_factory=set)
    permalink: bool = True


class EntryReader:
    """Gathers entries from the events of a walk and hands each one over when it is over.

    An entry begins where one is opened, even if the one before was not closed; so does a field. Fields count only
    where they belong to the entry itself: a title inside ``<source>`` or ``<media:group>`` is another's.
    """

    def __init__(
        self, text: str, base: str, *, sitemap: bool, wanted: frozenset[str], entities: frozenset[str] = frozenset()
    ) -> None:
        self.base = base
        self._entities = (
            re.compile(f"&(?:{'|'.join(map(re.escape, sorted(entities)[:_DECLARED]))});") if entities else None
        )
        self._families = find_families(text)
        self._table = _SITEMAP_ROLES if sitemap else _FEED_ROLES
        self._wanted = wanted
        self._roles: dict[str, str] = {}
        self._kinds: list[str] = []
        self._foreign = 0
        self._entry: RawEntry | None = None
        self._field = ""
        self._parts: list[str] = []
        self._size = 0
        self._xhtml = False
        self.emit: Callable[[RawEntry], bool] = lambda _entry: False

    def open(self, name: str, attributes: str) -> bool | None:
        """A start tag."""
        role = self._role_of(name)
        if role in {_ENTRY, _CHILD}:
            done = self.finish()
            self._entry = RawEntry(role, self._find_base(self.base, attributes))
            self._foreign = 0
            self._kinds.append(role)
            about = read_attributes(attributes).get("rdf:about", "") if "about" in attributes else ""
            if about:
                self._entry.fields["about"] = about
            return done
        if self._entry is None:
            self.base = self._find_base(self.base, attributes)
            self._kinds.append("")
        elif self._foreign or role in {_OTHER, _BOX}:
            self._open_unknown(name, attributes, role)
        elif role == "name":
            self._kinds.append("markup")  # of an author
        elif role == _SILENT and not self._field:
            self._kinds.append("markup")
        else:
            self._open_field(role, attributes)
        return None

    def close(self, name: str) -> bool | None:
        """The end of the innermost element."""
        kind = self._kinds.pop()
        if kind == _OTHER:
            self._foreign = max(0, self._foreign - 1)
        elif kind in {_ENTRY, _CHILD}:
            return self.finish()
        elif kind == self._field:
            self._end_field()
        elif kind == "markup" and self._xhtml:
            self._add(f"</{name.rpartition(':')[2]}>")
        return None

    def take(self, text: str, *, literal: bool) -> bool | None:
        """Text between tags."""
        if self._field and not self._foreign and self._field in self._wanted:
            if self._entities and not literal:
                text = self._entities.sub("", text)
            self._add(text if literal or self._xhtml else resolve_references(text))
        return None

    def finish(self) -> bool:
        """Hands over the entry at hand, if any; True when no more are wanted."""
        self._end_field()
        entry, self._entry = self._entry, None
        return self.emit(entry) if entry is not None else False

    def drop_field(self) -> None:
        """Forgets the field at hand, whose end was cut off."""
        self._field = ""

    def drop_entry(self) -> None:
        """Forgets the entry at hand, whose end was cut off."""
        self._field, self._entry = "", None

    def _open_unknown(self, name: str, attributes: str, role: str) -> None:
        """An element that is no field: markup where a field is open, another's where none is."""
        if self._field and not self._foreign:
            self._kinds.append("markup")
            if self._field in {"content", "summary"}:
                self._add(f"<{name.rpartition(':')[2]}{attributes}>")
            elif self._field == "title":
                self._add(" " if name.lower() in {"br", "br/", "p"} else "")
        elif role == _BOX:
            self._kinds.append(_BOX)
            self._note_news()
        else:
            self._kinds.append(_OTHER)
            self._foreign += 1

    def _open_field(self, role: str, attributes: str) -> None:
        self._end_field()
        self._kinds.append(role)
        entry = self._entry
        if entry is None:
            return
        self._field, self._parts, self._size = role, [], 0
        if role == "link" and "href" in attributes:
            given = read_attributes(attributes)
            base = self._find_base(entry.base, attributes)
            href = given.get("href", "").strip()
            link = Link(given.get("rel", "alternate").lower(), given.get("type", "").lower(), join_url(base, href))
            if href and len(entry.links) < 50:  # an entry has a handful
                entry.links.append(link)
            self._field = ""
        elif role == "guid":
            given = read_attributes(attributes)
            entry.permalink = given.get("ispermalink", "true").strip().lower() != "false"
        elif role in {"title", "content", "summary"}:
            mime = read_attributes(attributes).get("type", "").lower()
            self._xhtml = "xhtml" in mime
            if mime in {"text", "text/plain"}:
                entry.plain.add(role)

    def _end_field(self) -> None:
        name, entry = self._field, self._entry
        self._field, self._xhtml = "", False
        if name and entry is not None and name in self._wanted:
            value = "".join(self._parts).strip()
            if value and not entry.fields.get(name):
                entry.fields[name] = value

    def _note_news(self) -> None:
        if self._entry is not None:
            self._entry.fields["news"] = "yes"

    def _add(self, text: str) -> None:
        if self._size < _LONGEST:
            self._parts.append(text)
            self._size += len(text)

    def _role_of(self, name: str) -> str:
        role = self._roles.get(name)
        if role is None:
            prefix, _, local = name.rpartition(":")
            family = self._families.get(prefix, "other")
            role = self._table.get((family, local.lower()), _OTHER)
            if len(self._roles) < 1000:  # a feed has about fifty names
                self._roles[name] = role
        return role

    @staticmethod
    def _find_base(base: str, attributes: str) -> str:
        if "xml:base" not in attributes:
            return base
        return join_url(base, read_attributes(attributes).get("xml:base", "").strip()) or base


def find_families(text: str) -> dict[str, str]:
    """Which family each prefix of a feed stands for: by its address, else by what the prefix usually means."""
    families = _USUAL | _USUAL_MORE
    for found in _NAMESPACE.finditer(text):
        prefix, address = found[1], found[2].lower()
        family = next((name for part, name in _FAMILIES if part in address), "other")
        if len(families) < 200:
            families[prefix] = family
    return families


def join_url(base: str, written: str) -> str:
    """An address made absolute, otherwise as written; empty when it cannot be or nothing is written."""
    try:
        return urljoin(base, written) if written.strip() else ""
    except ValueError:
        return ""
