"""Space, Subject, Outlet, Origin, Topic and Example: what a space is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

OWN = "own"
"""Origin of words that rest on nobody else: the article's own reporting."""

UNKNOWN = "unknown"
"""Origin of words whose source is in doubt, and of outlets the space does not register."""

ARTICLE_MIME = "application/x-arna-article+json"
"""Content type of a document that is an article given as JSON, not a page."""


def base_language(tag: str) -> str:
    """The language of a BCP 47 tag without its script: ``kk`` of ``kk-Cyrl``."""
    return tag.partition("-")[0]


@dataclass(frozen=True)
class Ownership:
    """Who owned an outlet from a day on, and where that is written."""

    owner: str
    source: str
    since: date | None = None


@dataclass(frozen=True)
class Outlet:
    """Who publishes.

    ``names`` maps a base language (``ru``) to the names and aliases credits use in it, in the nominative.
    ``domains`` are host names without ``www.``; subdomains belong to them. ``reach`` is a weight of readership,
    1.0 for a small outlet. ``control`` says who decides over it. ``home``, ``feeds`` and ``sitemaps`` are addresses
    the collector begins at. ``channels`` are names of its public Telegram channels (``dalanews`` of ``t.me/dalanews``),
    or ``c/`` and the number of a channel whose export does not say its name. ``unverified`` names the fields that
    nobody has checked against a source.
    """

    id: str
    name: str
    origin: str
    country: str
    kind: str
    languages: tuple[str, ...]
    domains: tuple[str, ...]
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reach: float = 1.0
    ownership: tuple[Ownership, ...] = ()
    channels: tuple[str, ...] = ()
    control: str = field(default="", repr=False)
    region: str = field(default="", repr=False)
    home: str = field(default="", repr=False)
    feeds: tuple[str, ...] = field(default=(), repr=False)
    sitemaps: tuple[str, ...] = field(default=(), repr=False)
    wikidata: str = field(default="", repr=False)
    unverified: tuple[str, ...] = field(default=(), repr=False)
    # repr leaves out what no table depends on: a run repeats its work when the repr of its space changes


@dataclass(frozen=True)
class Origin:
    """Where reporting comes from, as the space groups it. ``titles`` are its titles in other languages (``uk``)."""

    id: str
    title: str
    titles: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Topic:
    """A part of the subject, told by word beginnings, by sentences, or both.

    ``stems`` maps a base language to word beginnings (lower case). ``sentences`` say in any language what the topic is
    about, or are typical of it. ``titles`` are its titles in other languages.
    """

    id: str
    title: str
    stems: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sentences: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Example:
    """A text whose topic is known. ``lang`` is a BCP 47 tag with script; empty where nobody told it."""

    topic: str
    text: str
    lang: str = ""


@dataclass(frozen=True)
class Subject:
    """What the space watches. ``own_origins`` are the origins that count as the subject's own reporting.

    ``titles`` are its titles in other languages.
    """

    id: str
    title: str
    stems: Mapping[str, tuple[str, ...]]
    own_origins: tuple[str, ...]
    titles: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Space:
    """A media space under watch. ``languages`` are BCP 47 tags with script, in the order tables show them.

    ``titles`` are its titles in other languages.
    """

    id: str
    title: str
    languages: tuple[str, ...]
    subject: Subject
    origins: tuple[Origin, ...]
    topics: tuple[Topic, ...]
    outlets: tuple[Outlet, ...]
    examples: tuple[Example, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict, repr=False)

    @cached_property
    def outlets_by_id(self) -> dict[str, Outlet]:
        """Outlets by their id."""
        return {outlet.id: outlet for outlet in self.outlets}

    @cached_property
    def _outlet_by_domain(self) -> dict[str, str]:
        return {domain: outlet.id for outlet in self.outlets for domain in outlet.domains}

    @cached_property
    def _outlet_by_channel(self) -> dict[str, str]:
        return {channel.lower(): outlet.id for outlet in self.outlets for channel in outlet.channels}

    def outlet_of_channel(self, name: str) -> str | None:
        """Id of the registered outlet a Telegram channel belongs to; names of channels have no case."""
        return self._outlet_by_channel.get(name.lower())

    def outlet_of_host(self, host: str) -> str | None:
        """Id of the registered outlet a host name belongs to: itself or the nearest parent domain.

        A port behind the name is looked at where the registry names that port, and passed over elsewhere.
        """
        name = host.lower().rstrip(".").removeprefix("www.")
        bare = name.rpartition(":")[0] if name.rpartition(":")[2].isdigit() else name
        found = self._outlet_by_domain.get(name)
        while bare and not found:
            found = self._outlet_by_domain.get(bare)
            bare = bare.partition(".")[2]
        return found

    def origin_of(self, outlet_id: str) -> str:
        """Origin an outlet counts as; ``unknown`` where the space does not register it."""
        outlet = self.outlets_by_id.get(outlet_id)
        return outlet.origin if outlet else UNKNOWN
