"""A post of a public channel as an article: its address, title, links, and whom it is forwarded from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from arna.collect.delimited import Item, dump_article
from arna.collect.plain_text import LinkSpan
from arna.text.sentences import split_passages
from arna.text.urls import channel_of, normalise_url

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator
    from datetime import datetime

    from arna.terms import Outlet, Space

TITLE_LENGTH: Final = 160
"""Letters of a post's title at most: a long headline; a first sentence that is longer is cut at a word."""

_PASSED_OVER: Final = {
    "service": ("service messages", "they tell of the channel itself"),
    "poll": ("polls", "a poll has no text of its own"),
    "album": ("further pictures of albums", "the text stands with another picture"),
    "media": ("media without text", "there is nothing to read"),
    "empty": ("messages without text", "there is nothing to read"),
    "broken": ("messages that are no JSON objects", "they cannot be read"),
    "person": ("messages of persons", "Arna reads public channels only"),
}
_WORD: Final = re.compile(r"[^\W_]")
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


@dataclass
class Post:
    """A post: its channel's name (or ``c/`` and number), its number, text, links with their spans, and time."""

    channel: str
    number: int
    text: str
    links: list[LinkSpan]
    published_at: datetime | None
    author: str = ""
    forwarded_url: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The post's public address."""
        return f"https://t.me/{self.channel}/{self.number}"


class Links:
    """Gathers the text and links of a message of an export.

    A mention (``@dalanews``) is a link where a registered outlet has that channel; other mentions may be persons, of
    whom nothing is noted.
    """

    def __init__(self, space: Space) -> None:
        self._space = space
        self.found: list[LinkSpan] = []

    def add_parts(self, parts: Any) -> str:
        """The text of a message, given as a text or as a list of texts and entities, without blanks around it."""
        pieces: list[str] = []
        length = 0
        for part in parts if isinstance(parts, list) else [parts]:
            given = part if isinstance(part, Mapping) else {"text": part}
            text = given.get("text")
            if not isinstance(text, str) or not text:
                continue
            url = self._find_link(given, text)
            if url:
                self.found.append(LinkSpan(url, length, length + len(text)))
            pieces.append(text)
            length += len(text)
        whole = "".join(pieces)
        shift = len(whole) - len(whole.lstrip())
        whole = whole.strip()
        self.found = [
            LinkSpan(link.url, max(0, link.begin - shift), min(link.end - shift, len(whole))) for link in self.found
        ]
        return whole

    def _find_link(self, entity: Mapping[str, Any], text: str) -> str:
        kind, href = entity.get("type"), entity.get("href")
        if kind == "text_link" and isinstance(href, str):
            return href if normalise_url(href) else ""
        if kind == "link":
            written = text.strip()
            address = written if _SCHEME.match(written) else f"https://{written}"
            return address if normalise_url(address) else ""
        if kind == "mention":
            channel = channel_of(f"t.me/{text.strip().removeprefix('@')}")
            return f"https://t.me/{channel}" if channel and self._space.outlet_of_channel(channel) else ""
        return ""


class Forwards:
    """Notes whom a post is forwarded from, if that is a channel.

    A reader sees "Forwarded from …" above such a post. It stays out of the text, whose spans count what was written;
    ``extra`` keeps it as ``forwarded_from``, and a link without a span leads to the channel, or to the registered
    outlet of that name, which is what tracing goes by. Of a message that is forwarded from a person no name is kept.
    """

    def __init__(self, space: Space) -> None:
        self._space = space
        self._by_name: dict[str, Outlet] = {}
        for outlet in space.outlets:
            for name in (outlet.name, *(alias for names in outlet.names.values() for alias in names)):
                self._by_name.setdefault(_fold(name), outlet)

    def note(self, post: Post, name: Any, given_id: Any = None) -> None:
        """Notes what an export says: a name, and in newer ones whose (``channel1234``, ``user1234``)."""
        post.extra["forwarded"] = True
        said = name.strip() if isinstance(name, str) else ""
        kind = re.fullmatch(r"([a-z]+)(\d{1,16})", given_id) if isinstance(given_id, str) else None
        if kind and kind[1] != "channel":
            return
        channel = f"c/{int(kind[2])}" if kind else ""
        outlet = self._by_name.get(_fold(said)) if said else None
        if channel:
            known = self._space.outlet_of_channel(channel)
            outlet = self._space.outlets_by_id[known] if known else outlet
        if outlet:
            self.note_channel(post, said or outlet.name, _address_of(outlet, channel))
        elif channel or said:
            self.note_channel(post, said, f"https://t.me/{channel}" if channel else "")

    def note_channel(self, post: Post, name: str, url: str) -> None:
        """Notes a channel by its name and address."""
        post.extra["forwarded"] = True
        post.extra["forwarded_from"] = name
        post.forwarded_url = url


def _fold(name: str) -> str:
    return " ".join(name.casefold().split())


def _address_of(outlet: Outlet, channel: str) -> str:
    named = next((name for name in outlet.channels if "/" not in name), "") or channel
    if named:
        return f"https://t.me/{named}"
    return outlet.home or f"https://{outlet.domains[0]}/"


def find_post_trouble(post: Post) -> str:
    """What keeps a post from being an article, or empty."""
    if not post.number:
        return "it has no number"
    return "" if post.published_at else "it has no time that can be believed"


def make_post(post: Post, place: str, space: Space, done: int, trouble: str) -> Item:
    """A post as an article in JSON."""
    article: dict[str, Any] = {
        "url": post.url,
        "outlet": space.outlet_of_channel(post.channel) or f"t.me/{post.channel}",
        "title": title_of(post.text),
        "text": post.text,
    }
    if post.published_at:
        article["published_at"] = f"{post.published_at:%Y-%m-%dT%H:%M:%SZ}"
    if post.author:
        article["author"] = post.author
    links: list[dict[str, Any]] = [link._asdict() for link in post.links]
    if post.forwarded_url:
        links.append({"url": post.forwarded_url})
    if links:
        article["links"] = links
    article |= post.extra
    return Item(place, article, dump_article(article), trouble, done)


def title_of(text: str) -> str:
    """The first sentence of a post's first line that has letters, cut at a word where it is long."""
    line = next((line.strip() for line in text.splitlines() if _WORD.search(line)), text.strip())[:2000]
    spans = split_passages(line)
    sentence = next((line[begin:end] for begin, end in spans if _WORD.search(line[begin:end])), line)
    title = " ".join(sentence.split())
    if len(title) <= TITLE_LENGTH:
        return title
    cut = title[:TITLE_LENGTH]
    return f"{cut.rpartition(' ')[0] or cut[:-1]}…"


def count_passed(passed: Counter[str], place: str, done: int) -> Iterator[Item]:
    """Items that say how many messages of each sort are no posts."""
    for sort, count in sorted(passed.items()):
        what, why = _PASSED_OVER[sort]
        yield Item(f"{place}{what}", {}, b"", f"{count} passed over: {why}", done)
