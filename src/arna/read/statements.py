"""What a page says of its own article: the title, and the ``articleBody`` of its JSON-LD.

Statements are evidence, not text to take: an ``articleBody`` may be a teaser, another article, or the whole page
without its paragraphs. Blocks that agree with it gain by it.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_WORD: Final = re.compile(r"\w+")
_TAG: Final = re.compile(r"<[^>]{0,500}>")
_MIN_BODY: Final = 200  # characters; shorter ones are teasers
_KEY: Final = "articleBody"


@dataclass(frozen=True, slots=True)
class Statements:
    """The title's words in lower case, and the stated body with white space collapsed ("" where none)."""

    title_words: frozenset[str]
    body: str


def read_statements(parser: LexborHTMLParser) -> Statements:
    """Reads the title and JSON-LD of a page; what is missing or broken is left empty."""
    return Statements(_read_title(parser), _read_body(parser))


def _read_title(parser: LexborHTMLParser) -> frozenset[str]:
    title = ""
    head = parser.head
    node = head.first_child if head is not None else None
    while node is not None:
        tag = node.tag
        if tag == "meta":
            attributes = node.attributes
            if attributes.get("property") == "og:title" and attributes.get("content"):
                title = attributes["content"] or ""
                break
        elif tag == "title" and not title:
            title = node.text(deep=True)
        node = node.next
    return frozenset(_WORD.findall(title.lower()))


def _read_body(parser: LexborHTMLParser) -> str:
    best = ""
    if _KEY.encode() not in (parser.raw_html or b""):
        return best
    for script in parser.css('script[type="application/ld+json"]'):
        text = script.text(deep=True)
        if _KEY not in text:
            continue
        try:
            stated = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        for body in _find_bodies(stated):
            if len(body) > len(best):
                best = body
    if len(best) < _MIN_BODY:
        return ""
    return " ".join(_TAG.sub(" ", html.unescape(best)).split())


def _find_bodies(stated: object) -> list[str]:
    """Every ``articleBody`` in a JSON-LD document, however it nests."""
    found = []
    waiting = [stated]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            body = value.get(_KEY)
            if isinstance(body, str):
                found.append(body)
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return found
