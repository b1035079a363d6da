"""A page walked once: blocks of text, the elements that hold them, and the links inside.

A block is what a reader sees as one paragraph, heading, list item or cell: text between two boundaries, where a
boundary is the start or end of any element that is not inline, or an empty line made with two ``<br>``. The walk
keeps its own stack, so depth of nesting costs nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

LINE: Final = "\x1e"
"""Stands for one ``<br>`` in a block's raw text; ``clean`` makes it a line break."""

_SKIPPED_TAGS: Final = (
    "script style noscript template svg math iframe object embed applet audio video canvas map select datalist button "
    "textarea input progress meter head title link meta base frameset noframes img picture source wbr nav -comment "
    "amp-img amp-ad amp-iframe amp-video amp-analytics amp-sidebar amp-consent amp-social-share amp-state"
)
_BLOCK, _INLINE, _PLAIN, _BOLD, _LINK, _SKIP, _TEXT, _BR, _RULE = range(9)
_ACTIONS: Final[dict[str, int]] = {
    action: kind
    for kind, tags in (
        (_INLINE, "abbr bdi bdo cite code data del dfn em font hl i ins kbd label mark span time q"),
        (_PLAIN, "acronym big nobr rb rp rt ruby s samp small strike sub sup tt u var"),
        (_BOLD, "b strong"),
        (_LINK, "a"),
        (_SKIP, _SKIPPED_TAGS),
        (_TEXT, "-text"),
        (_BR, "br"),
        (_RULE, "hr"),
    )
    for action in tags.split()
}
_MAX_BLOCKS: Final = 20_000  # a page of 2 MB with a block every 100 characters; the rest of a longer one is not read
_SKIPPED_NAME: Final = re.compile(
    r"\bsr-only\b|visually-?hidden|screen-reader|no-?print|print-?only|mw-editsection"
    r"|(?:^| )(?:(?:main|sub|site|top|nav|header|footer|dropdown|mega|primary|mobile)[-_]?)?"
    r"(?:menu|nav|navbar|navigation|breadcrumbs?|footer|pagination)(?: |$)"
    r"|(?:^| )(?:comments|comments?-?list|comments-(?:area|section|wrapper|container)|disqus_thread)(?: |$)"
)
"""Class names, whole, of what no article stands in."""
_CELLS: Final = frozenset(("td", "th"))
_MAX_CELL: Final = 80  # characters; the cells of a row up to here are one block, longer ones lay out the page
_BLANK: Final = frozenset(("\u200b", "\ufeff", "\u00ad", "\u200e"))
_MAX_NAMES: Final = 100  # characters; longer ones are of page wrappers, which say all they contain
_TOP_TAGS: Final = frozenset(("main", "article", "body"))


class Block(NamedTuple):
    """One block of a page.

    ``pieces`` are its raw text nodes in order, ``text`` the same with white space collapsed and ``LINE`` kept;
    ``links`` are (element, first piece, last piece excluded); ``linked`` and ``bold`` count characters inside links and
    bold type; ``names`` are the classes of an inline element it begins with.
    """

    element: int
    text: str
    pieces: list[str]
    links: list[tuple[LexborNode, int, int]]
    linked: int
    bold: int
    names: str


@dataclass(slots=True)
class Page:
    """The blocks of a page in reading order, and the elements that bound them as columns; element 0 is the body.

    An element comes after the one around it (``parents``). ``firsts`` and ``lasts`` are the range of its blocks,
    last excluded; ``names`` its class, id, role and itemprop.
    """

    blocks: list[Block] = field(default_factory=list)
    parents: list[int] = field(default_factory=lambda: [0])
    tags: list[str] = field(default_factory=lambda: ["body"])
    names: list[str] = field(default_factory=lambda: [""])
    firsts: list[int] = field(default_factory=lambda: [0])
    lasts: list[int] = field(default_factory=lambda: [-1])


def parse_page(html: str) -> LexborHTMLParser:
    """Parses a page as browsers do (HTML 5 tree construction); broken markup is mended, never an error.

    The caller bounds the size.
    """
    return LexborHTMLParser(html)


def is_hidden(attributes: dict[str, str | None]) -> bool:
    """Whether an element keeps itself from the reader: hidden, aria-hidden, display none."""
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    style = attributes.get("style")
    if not style or ("none" not in style and "hidden" not in style):
        return False
    style = style.replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style


@lru_cache(maxsize=20_000)
def _is_skipped(names: str) -> bool:
    return len(names) < _MAX_NAMES and _SKIPPED_NAME.search(names) is not None


def walk_page(parser: LexborHTMLParser, *, everything: bool = False) -> Page:
    """Walks a parsed page to its blocks.

    Left out are scripts, forms' fields, pictures, what is hidden from readers, and what calls itself a menu, the
    page's foot or its comments. ``everything`` takes all that can be text: some pages show their article by a script
    only, or call it a comment.
    """
    body = parser.body or parser.root
    walk = _Walk(everything=everything)
    if body is not None:
        walk.run(body)
    page = walk.page
    end = len(page.blocks)
    page.lasts = [end if last < 0 else last for last in page.lasts]
    return page


class _Walk:
    """State of one walk: open elements, open links and the block being filled."""

    def __init__(self, *, everything: bool) -> None:
        self.page = Page()
        self.everything = everything
        self.stack: list[tuple[LexborNode, int, int]] = []  # open nodes, how they end, the element around them
        self.pieces: list[str] = []
        self.links: list[tuple[LexborNode, int, int]] = []
        self.open_links: list[tuple[LexborNode, int]] = []
        self.bold_depth = 0
        self.linked = self.bold = 0
        self.names = ""
        self.filled = False
        self.preformatted = False
        self.current = 0

    def run(self, body: LexborNode) -> None:
        """Goes through the tree below ``body`` in reading order, without recursion."""
        actions = _ACTIONS
        node = body.first_child
        while node is not None:
            action = actions.get(node.tag or "", _BLOCK)
            if action <= _LINK:
                child = node.first_child
                if child is not None and self.enter(node, action):
                    node = child
                    continue
                if child is None and action == _BLOCK and self.pieces:
                    self.flush()
            elif action == _TEXT:
                text = node.text_content
                if text and (self.filled or not text.isspace()):
                    self.write(text)
            elif action == _BR:
                self.break_line()
            elif action == _RULE:
                self.flush()
            node = self.go_on(node)
        self.flush()

    def go_on(self, node: LexborNode) -> LexborNode | None:
        """The next node in reading order after ``node`` and all it holds; closes the elements that end there."""
        stack = self.stack
        following = node.next
        while following is None and stack:
            node, action, around = stack.pop()
            if action != _INLINE:
                self.leave(action, around)
            following = node.next
        return following

    def enter(self, node: LexborNode, action: int) -> bool:
        """Opens an element; false skips it with all it holds."""
        around = self.current
        if action == _BOLD:
            self.bold_depth += 1
        elif action == _LINK:
            self.open_links.append((node, len(self.pieces)))
        elif action != _PLAIN:
            tag = node.tag or ""
            names = self.read_names(node, tag)
            if names is None:
                return False
            if action == _INLINE:
                if names and not self.filled:
                    self.names = names
            elif ":" not in tag:  # <o:p>, <fb:like>: names of another vocabulary
                self.open_block(tag, names)
        self.stack.append((node, action, around))
        return True

    def read_names(self, node: LexborNode, tag: str) -> str | None:
        """Class, id and itemprop of an element; None when it is to be skipped."""
        attributes = node.attributes
        if not attributes:
            return ""
        names = attributes.get("class") or ""
        if "id" in attributes:
            names = f"{names} {attributes['id']}"
        if "itemprop" in attributes:
            names = f"{names} {attributes['itemprop']}"
        if self.everything:
            return names
        hiding = "style" in attributes or "hidden" in attributes or "aria-hidden" in attributes
        if hiding and is_hidden(attributes):
            return None
        if names and _is_skipped(names) and tag not in _TOP_TAGS:
            return None
        return names

    def open_block(self, tag: str, names: str) -> None:
        """Opens an element that bounds blocks."""
        if self.pieces and (tag not in _CELLS or self.is_long()):
            self.flush()
        page = self.page
        page.parents.append(self.current)
        page.tags.append(tag)
        page.names.append(names)
        page.firsts.append(len(page.blocks))
        self.current = len(page.lasts)
        page.lasts.append(-1)
        self.preformatted = tag == "pre"

    def leave(self, action: int, around: int) -> None:
        """Closes what ``enter`` opened."""
        if action == _BLOCK:
            if self.current != around:
                self.close_block()
                self.current = around
        elif action == _LINK:
            link, start = self.open_links.pop()
            if len(self.pieces) > start:
                self.links.append((link, start, len(self.pieces)))
        elif action == _BOLD:
            self.bold_depth -= 1

    def close_block(self) -> None:
        """Closes the element in hand. A short cell leaves its text to the row."""
        page = self.page
        if self.pieces:
            holds_blocks = page.firsts[self.current] < len(page.blocks)
            if page.tags[self.current] not in _CELLS or holds_blocks or self.is_long():
                self.flush()
            else:
                self.pieces.append(" ")
        end = len(page.blocks)
        self.preformatted = False
        if self.pieces or page.firsts[-1] < end or self.current + 1 < len(page.lasts):
            page.lasts[self.current] = end
            return
        for column in (page.parents, page.tags, page.names, page.firsts, page.lasts):
            column.pop()  # it held no text, and nothing stands on it

    def is_long(self) -> bool:
        """Whether the block in hand is more than a cell of a table of data: long, or of several lines."""
        return sum(map(len, self.pieces)) > _MAX_CELL or LINE in self.pieces

    def write(self, text: str) -> None:
        """Takes a text node that says something, or parts words that do."""
        if self.preformatted:
            text = text.replace("\n", LINE)
        self.pieces.append(text)
        if not self.filled:
            self.filled = True
        if self.open_links:
            self.linked += len(text.strip())
        if self.bold_depth:
            self.bold += len(text.strip())

    def break_line(self) -> None:
        """Takes a ``<br>``: a line break, or the end of the block after another one or after a line all in bold."""
        if not self.filled:
            return
        if self.bold and self.bold >= sum(len(piece.strip()) for piece in self.pieces):
            self.flush()
            return
        for piece in reversed(self.pieces):
            if piece == LINE:
                self.flush()
                return
            if not piece.isspace():
                break
        self.pieces.append(LINE)

    def flush(self) -> None:
        """Ends the block in hand. A link that goes on is cut here and goes on in the next block."""
        pieces = self.pieces
        if self.filled:
            for link, start in self.open_links:
                if len(pieces) > start:
                    self.links.append((link, start, len(pieces)))
            text = "".join(pieces)
            if LINE in text:
                lines = (" ".join(line.split()) for line in text.split(LINE))
                text = LINE.join(line for line in lines if line)
            else:
                text = " ".join(text.split())
            if text not in _BLANK and len(self.page.blocks) < _MAX_BLOCKS:
                self.page.blocks.append(
                    Block(self.current, text, pieces, self.links, self.linked, self.bold, self.names)
                )
            self.filled = False
            self.links = []
            self.linked = self.bold = 0
            self.names = ""
        self.pieces = []
        if self.open_links:
            self.open_links = [(link, 0) for link, _ in self.open_links]
