"""Markup of feeds and sitemaps as events, of broken feeds too.

Feeds are broken in ordinary ways (a bare ampersand, an open tag, a cut end), and an XML parser either stops there or
mends by its own rules, which differ by version. Here a tag is what looks like one, an end tag closes the nearest of
its name, and what is text stays text. Document types are stepped over, never read: no entity of a feed's own, inner or
outer, has a meaning. Everything is one pass over the text; depth is bounded.
"""

from __future__ import annotations

import html
import re
from typing import Final, NamedTuple, Protocol

DEPTH: Final = 256
"""Elements inside each other at most; feeds have about ten, with the markup of an article thirty."""

# Every branch ends at the next "<" or takes all that is left, so that no input is scanned twice.
_TOKEN: Final = re.compile(
    r"<(?:(?P<close>/)?(?P<name>[A-Za-z_][\w:.-]*+)(?P<rest>(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+|[^<>]*+)>"
    r"|!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)|!--.*?(?:-->|\Z)|[!?][^<>]*+>)",
    re.DOTALL,
)
_ATTRIBUTE: Final = re.compile(r"(?<![\w:.-])([\w:.-]++)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)')")
_REFERENCE: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_DOCTYPE: Final = re.compile(r"<!DOCTYPE\s(?!\s*html\b)", re.IGNORECASE)
_PROLOGUE: Final = 10_000  # letters in which a document type begins; what stands before it is a line or two
_DOCTYPE_PART: Final = re.compile(r"<!--.*?(?:-->|\Z)|\"[^\"]*(?:\"|\Z)|'[^']*(?:'|\Z)|[\[\]>]", re.DOTALL)
_ENTITY: Final = re.compile(r"<!ENTITY\s+(?!%)([^\s\"'<>]{1,100})", re.IGNORECASE)


class Sink(Protocol):
    """What takes the events of a walk. Any of them may give True to end it."""

    def open(self, name: str, attributes: str) -> bool | None:
        """A start tag: its name as written, prefix and all, and the rest of the tag."""

    def close(self, name: str) -> bool | None:
        """The end of the innermost open element, which has that name."""

    def take(self, text: str, *, literal: bool) -> bool | None:
        """Text between tags; ``literal`` (from CDATA) has no references in it."""


class Walk(NamedTuple):
    """How a walk ended.

    ``broken`` is where tags do not match first (-1: nowhere), ``end`` where it stopped, ``deep`` whether because
    elements stand too deep; ``closed`` is false when some were left open.
    """

    broken: int
    end: int
    deep: bool
    closed: bool


def walk_markup(text: str, begin: int, sink: Sink) -> Walk:
    """Gives a text's tags and what stands between them to a sink, from a place to the end of the element there."""
    walker = _Walker(sink)
    last = begin
    for token in _TOKEN.finditer(text, begin):
        if token.start() > last:
            sink.take(text[last : token.start()], literal=False)
        last = token.end()
        name = token["name"]
        if name is None:
            if token["cdata"]:
                sink.take(token["cdata"], literal=True)
            continue
        done = walker.close(name, token.start()) if token["close"] else walker.open(name, token["rest"])
        if done or not walker.stack:
            return Walk(walker.broken, last, deep=False, closed=True)
        if len(walker.stack) > DEPTH:
            return Walk(walker.broken, token.start(), deep=True, closed=False)
    return Walk(walker.broken, last, deep=False, closed=False)


class _Walker:
    """Open elements, and the first place where tags do not match."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self.stack: list[str] = []
        self.broken = -1

    def open(self, name: str, rest: str) -> bool:
        self.stack.append(name)
        done = self._sink.open(name, rest)
        if rest.endswith("/"):
            done = self._sink.close(self.stack.pop()) or done
        return bool(done)

    def close(self, name: str, place: int) -> bool:
        depth = len(self.stack) - 1
        while depth >= 0 and self.stack[depth] != name:
            depth -= 1
        if depth != len(self.stack) - 1 and self.broken < 0:
            self.broken = place
        done = False
        while 0 <= depth < len(self.stack):
            done = bool(self._sink.close(self.stack.pop())) or done
        return done


def skip_doctype(text: str) -> tuple[int, frozenset[str]]:
    """Where the document type at the head of a text is over (0 when there is none), and names of entities it declares.

    A document type that is not closed before the text ends leaves nothing of it.
    """
    found = _DOCTYPE.search(text, 0, _PROLOGUE)
    if not found:
        return 0, frozenset()
    depth = 0
    for part in _DOCTYPE_PART.finditer(text, found.end()):
        mark = part[0]
        if mark == "[":
            depth += 1
        elif mark == "]":
            depth -= 1
        elif mark == ">" and depth <= 0:
            return part.end(), frozenset(_ENTITY.findall(text, found.end(), part.end()))
    return len(text), frozenset()


def read_attributes(written: str) -> dict[str, str]:
    """Attributes of a start tag, names in lower case, references resolved; of two with one name the first counts."""
    found: dict[str, str] = {}
    for name, double, single in _ATTRIBUTE.findall(written):
        found.setdefault(name.lower(), resolve_references(double or single))
    return found


def resolve_references(text: str) -> str:
    """Text with its character references resolved, HTML's named ones too; what is none stays as written.

    Only references with their semicolon count: ``?a=1&copy=2`` in an address means what it says.
    """
    return _REFERENCE.sub(_resolve, text) if "&" in text else text


def _resolve(match: re.Match[str]) -> str:
    return html.unescape(match[0])
