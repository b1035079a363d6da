"""What a page's markup says beside its body: meta, links, headings, times and bylines, gathered in one pass."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from arna.read.hints import BITS, read_hints
from arna.text.normalise import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborHTMLParser, LexborNode

_SELECTOR: Final = (
    "base[href],title,meta,link[rel],script[type*=json],h1,time,[itemprop~=datePublished],"
    "[rel~=author],[itemprop~=author],[class*=byline],[class*=author],[class*=Author],[id*=author]"
)
_ELSEWHERE: Final = BITS["comment"] | BITS["related"] | BITS["navigation"] | BITS["consent"] | BITS["aside"]
_OTHER_PLACES: Final = frozenset({"aside", "nav", "footer", "form"})
_ANCESTORS: Final = 7  # how far up a mark's surroundings are read; deeper nesting adds wrappers, not meaning
_MAX_MARKS: Final = 2_000
_MAX_BYLINES: Final = 12
_UNSEEN: Final = frozenset({"script", "style", "noscript", "template", "svg", "select", "option", "button"})
_NO_BYLINE: Final = _UNSEEN | {"html", "body", "main", "article", "section", "img", "link", "input", "form"}
_WHITE: Final = re.compile(r"\s+")
_LONGEST: Final = 2_000  # characters of one mark; what is longer is no title, time or name


@dataclass
class Marks:
    """Marks of one page in the order they stand.

    ``meta`` maps the lower-case name, property or itemprop of ``<meta>`` to its first content that is not empty;
    ``published`` are values of ``itemprop=datePublished`` outside comments, ``times`` the other ``<time>``
    elements, ``bylines`` elements that may name an author; ``scripts`` the JSON-LD as written.
    """

    meta: dict[str, str] = field(default_factory=dict)
    page_title: str = ""
    canonical: str = ""
    base: str = ""
    headings: list[LexborNode] = field(default_factory=list)
    times: list[LexborNode] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    bylines: list[LexborNode] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)


def gather_marks(tree: LexborHTMLParser) -> Marks:
    """Gathers a page's marks with one query. The tree is not changed."""
    marks = Marks()
    seen: set[int] = set()
    for node in tree.css(_SELECTOR)[:_MAX_MARKS]:
        if node.mem_id in seen:
            continue
        seen.add(node.mem_id)
        _file(marks, node)
    return marks


def _file(marks: Marks, node: LexborNode) -> None:
    tag = node.tag
    attributes = node.attributes
    if tag == "meta":
        _file_meta(marks, attributes)
    elif tag == "link":
        if "canonical" in (attributes.get("rel") or "").lower().split() and not marks.canonical:
            marks.canonical = (attributes.get("href") or "").strip()
    elif tag == "script":
        if "ld+json" in (attributes.get("type") or "").lower():
            marks.scripts.append(node.text(deep=True))
    elif tag == "title":
        if not marks.page_title and node.parent is not None and node.parent.tag in {"head", "body"}:
            marks.page_title = text_of(node)
    elif tag == "base":
        marks.base = marks.base or (attributes.get("href") or "").strip()
    elif tag == "h1":
        marks.headings.append(node)
    else:
        _file_visible(marks, node, attributes)


def _file_meta(marks: Marks, attributes: dict[str, str | None]) -> None:
    content = attributes.get("content")
    if content and content.strip():
        for key in ("property", "name", "itemprop"):
            name = attributes.get(key)
            if name:
                marks.meta.setdefault(name.strip().lower(), content.strip())


def _file_visible(marks: Marks, node: LexborNode, attributes: dict[str, str | None]) -> None:
    kind = attributes.get("itemprop") or ""
    if "datePublished" in kind:
        value = attributes.get("datetime") or attributes.get("content") or text_of(node)
        if value and not is_elsewhere(node):
            marks.published.append(value)
    elif node.tag == "time":
        marks.times.append(node)
    elif len(marks.bylines) < _MAX_BYLINES and node.tag not in _NO_BYLINE:
        marks.bylines.append(node)


def is_elsewhere(node: LexborNode) -> bool:
    """Whether a mark belongs to something beside the article: a comment, a related article, navigation."""
    for place in ancestors(node):
        tag = place.tag
        if tag in _OTHER_PLACES:
            return True
        if tag in {"body", "html", "main", "article"}:
            return False
        if _names_elsewhere(place):
            return True
    return False


def _names_elsewhere(node: LexborNode) -> bool:
    attributes = node.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return len(names) > 1 and bool(read_hints(names) & _ELSEWHERE)


def ancestors(node: LexborNode, levels: int = _ANCESTORS) -> Iterator[LexborNode]:
    """The node and what it stands in, from inside out, that many levels."""
    place: LexborNode | None = node
    for _ in range(levels):
        if place is None:
            return
        yield place
        place = place.parent


def text_of(node: LexborNode, *, parted: bool = False) -> str:
    """Text of an element on one line, at most 2,000 characters.

    A ``<br>`` parts words, and every element does if ``parted``.
    """
    text = node.text(deep=True)
    if len(text) < _LONGEST and (parted or node.css_first("br") is not None):
        text = node.text(deep=True, separator=" ")
    return one_line(text[:_LONGEST])


def one_line(text: str) -> str:
    """Clean text (see ``arna.text.normalise.clean``) on one line."""
    return _WHITE.sub(" ", clean(text)).strip()


def texts_around(heading: LexborNode, after: int = 12, before: int = 6) -> Iterator[str]:
    """Short visible texts next to a heading, nearest first: those below it, then those above it.

    ``after`` and ``before`` bound how many texts that are not empty are looked at. Text inside the heading, and in
    comments, related articles and navigation, is left out.
    """
    yield from _walk_texts(heading, after, forward=True)
    yield from _walk_texts(heading, before, forward=False)


def _walk_texts(start: LexborNode, limit: int, *, forward: bool) -> Iterator[str]:
    found = 0
    node = _beside(start, forward=forward)
    for _ in range(60 * limit):  # steps; a page's header may hold hundreds of empty nodes
        if node is None or found >= limit:
            return
        if node.tag == "-text":
            text = (node.text_content or "").strip()
            if text:
                found += 1
                yield one_line(text)
        inner = None
        if node.is_element_node and node.tag not in _UNSEEN and not _names_elsewhere(node):
            inner = node.first_child if forward else node.last_child
        node = inner if inner is not None else _beside(node, forward=forward)


def _beside(node: LexborNode, *, forward: bool) -> LexborNode | None:
    """The next node in reading order (or the one before), outside ``node``, within the body."""
    place: LexborNode | None = node
    for _ in range(200):  # levels; a page nested deeper was made to be
        if place is None or place.tag in {"body", "html"}:
            return None
        neighbour = place.next if forward else place.prev
        if neighbour is not None:
            return neighbour
        place = place.parent
    return None
