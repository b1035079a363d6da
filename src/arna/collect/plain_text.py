"""Markup of an entry or post as plain paragraphs, with the spans of its links."""

from __future__ import annotations

import html
import re
from typing import Final, NamedTuple

from arna.collect.feed_entries import join_url
from arna.collect.feed_markup import read_attributes

_PART: Final = re.compile(
    r"<(?P<close>/)?(?P<name>[A-Za-z][\w:-]*+)(?P<rest>(?:[^<>\"']++|\"[^\"]{0,5000}+\"|'[^']{0,5000}+')*+|[^<>]*+)>"
    r"|<!--.*?(?:-->|\Z)|<[!?][^<>]*+>",
    re.DOTALL,
)
_LOST_NAMES: Final = "script style noscript iframe object svg math video audio form select button textarea figure"
_BLOCK_NAMES: Final = (
    "p div br li ul ol dl dt dd h1 h2 h3 h4 h5 h6 blockquote pre table tr td th section article aside header footer "
    "hr center main address"
)
_LOST: Final = frozenset(_LOST_NAMES.split())
_BLOCKS: Final = frozenset(_BLOCK_NAMES.split())
_BLANKS: Final = re.compile(r"\s+")
_INVISIBLE: Final = re.compile("[\u00ad\u200b\u2060\ufeff]")
_LINKS: Final = 1000  # links of a text; an article has a few dozen


class LinkSpan(NamedTuple):
    """A link: its address, absolute, and the code points of the text it spans."""

    url: str
    begin: int
    end: int


class PlainText(NamedTuple):
    """A text, its paragraphs on lines of their own, and its links."""

    text: str
    links: tuple[LinkSpan, ...]


def read_markup_text(markup: str, base: str) -> PlainText:
    """Plain paragraphs of a stretch of HTML; scripts, forms, embedded media and captions of figures are left out.

    Blanks collapse as a browser shows them; a line break is a line of its own. Links of http and https are kept
    where they have a text. Never raises.
    """
    builder = _Builder(base)
    last = 0
    for part in _PART.finditer(markup):
        builder.add_text(markup[last : part.start()])
        last = part.end()
        name = (part["name"] or "").lower()
        if name:
            builder.add_tag(name, part["rest"], closing=bool(part["close"]))
    builder.add_text(markup[last:])
    return builder.finish()


class _Builder:
    def __init__(self, base: str) -> None:
        self._base = base
        self._parts: list[str] = []
        self._length = 0
        self._gap = ""  # what goes before the next letter: a space or a line end
        self._lost = ""
        self._depth = 0
        self._href = ""
        self._begin = -1
        self._links: list[LinkSpan] = []

    def add_text(self, raw: str) -> None:
        if not raw or self._lost:
            return
        text = _INVISIBLE.sub("", html.unescape(raw))
        shown = text.strip()
        if text[:1].isspace() and not self._gap:
            self._gap = " "
        if not shown:
            return
        if self._gap and self._length:
            self._append(self._gap)
        self._gap = ""
        if self._href and self._begin < 0:
            self._begin = self._length
        self._append(_BLANKS.sub(" ", shown))
        if text[-1:].isspace():
            self._gap = " "

    def add_tag(self, name: str, rest: str, *, closing: bool) -> None:
        if self._lost:
            if name == self._lost:
                self._depth += -1 if closing else 1
                self._lost = self._lost if self._depth else ""
        elif name in _LOST and not closing:
            if not rest.endswith("/"):
                self._lost, self._depth = name, 1
        elif name in _BLOCKS:
            self._gap = "\n"
        elif name == "a":
            self._end_link()
            if not closing:
                href = read_attributes(rest).get("href", "").strip()
                self._href, self._begin = (join_url(self._base, href) if href else ""), -1

    def finish(self) -> PlainText:
        self._end_link()
        return PlainText("".join(self._parts), tuple(self._links))

    def _end_link(self) -> None:
        href, begin = self._href, self._begin
        self._href = ""
        if href.lower().startswith(("http://", "https://")) and 0 <= begin < self._length and len(self._links) < _LINKS:
            self._links.append(LinkSpan(href, begin, self._length))

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
