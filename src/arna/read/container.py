"""Where a page's article stands: the block that shows its title, what is foreign to it, the element that holds it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from arna.read.hints import BITS, read_hints

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from arna.read.blocks import Page

HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_TAGS: Final[dict[str, int]] = {
    **dict.fromkeys(("nav", "menu"), BITS["navigation"]),
    "footer": BITS["edge"],
    "aside": BITS["aside"],
    **dict.fromkeys(("figcaption", "figure"), BITS["caption"]),
    **dict.fromkeys(("form", "fieldset"), BITS["rating"]),
    "address": BITS["byline"],
}
_TEXT_TAGS: Final = frozenset(("p", "li", "ul", "ol", "td", "tr", "tbody", "blockquote"))  # their classes style text
_NAMES: Final = BITS["noun"] | BITS["part"] | BITS["body"]
_COMMENT: Final = BITS["comment"]
_FOREIGN: Final = sum(BITS[kind] for kind in ("related", "share", "navigation", "edge", "aside", "consent", "advert"))
_FOREIGN_SHARE: Final = 0.6  # what holds more of the page's text is the page, whatever its class says
_MIN_ARTICLE: Final = 400  # characters of prose from which the <article> that shows the title is all of it
_MIN_STATED: Final = 25  # characters; shorter blocks stand anywhere
_STATED_SHARE: Final = 0.6  # of a stated body, found on the page, from which it is believed
_WORD: Final = re.compile(r"\w+")


def find_title(page: Page, title: frozenset[str]) -> tuple[list[float], int]:
    """How like the stated title each block is (Dice over words, 0 to 1), and the block that shows it, or -1.

    Headings are preferred: the title also stands in breadcrumbs, share boxes and captions.
    """
    alike = [0.0] * len(page.blocks)
    best, best_at = 0.25, -1
    rare, rarer = ["", "", *sorted(title, key=lambda word: (len(word), word))][-2:]
    longest = 12 * len(title) + 60  # characters; a longer block cannot be much like the title
    for i, block in enumerate(page.blocks):
        text = block.text
        value = 0.0
        tag = page.tags[block.element]
        if title and len(text) < longest and (block.linked < 20 or tag in HEADINGS):
            text = text.lower()
            if (rare and rare in text) or rarer in text:
                words = set(_WORD.findall(text))
                common = len(words & title)
                value = alike[i] = 2 * common / (len(words) + len(title))
        if tag in HEADINGS:
            value += 0.3 if tag == "h1" else 0.1
        if value > best + 0.02:
            best, best_at = value, i
    return alike, best_at


def find_stated(page: Page, body: str) -> NDArray[np.float64]:
    """Which blocks stand in the stated body: 1 yes, 0 no, -1 where nothing can be said.

    Nothing is said unless most of the body is found on the page: a teaser, another text or a translation says
    nothing of this one.
    """
    stated = np.full(len(page.blocks), -1.0)
    if not body:
        return stated
    found = 0
    for i, block in enumerate(page.blocks):
        text = block.text
        if len(text) >= _MIN_STATED:
            stated[i] = text[:_MIN_STATED] in body and text[-_MIN_STATED:] in body
            found += len(text) * int(stated[i])
    return stated if found >= _STATED_SHARE * len(body) else np.full(len(page.blocks), -1.0)


def read_bits(page: Page, title_at: int) -> list[int]:
    """Hints of every element that holds text. What holds the title too is the page or the article, not an extra."""
    found = []
    for tag, names, first, last in zip(page.tags, page.names, page.firsts, page.lasts, strict=True):
        bits = 0
        if last > first and tag not in _TEXT_TAGS:
            bits = (read_hints(names) if names else 0) | _TAGS.get(tag, 0)
            if first <= title_at < last and last - first > 4:
                bits &= _NAMES
        found.append(bits)
    return found


def find_foreign(page: Page, bits: list[int], masses: NDArray[np.float64], title_at: int) -> list[bool]:
    """Which elements lie in something foreign to the article: comments, menus, related stories, other articles.

    Where an ``<article>`` shows the title, another ``<article>`` that is not inside it is another story; and where
    it has enough prose to be the story, all that stands outside it is foreign.
    """
    limit = _FOREIGN_SHARE * float(masses[0])
    sizes = masses.tolist()
    titled = [first <= title_at < last for first, last in zip(page.firsts, page.lasts, strict=True)]
    own = [False] * len(bits)  # inside the article that shows the title
    any_own = any(tag == "article" and holds for tag, holds in zip(page.tags, titled, strict=True))
    foreign = [False] * len(bits)
    whole = (
        any_own
        and max(size for size, tag, holds in zip(sizes, page.tags, titled, strict=True) if tag == "article" and holds)
        >= _MIN_ARTICLE
    )
    for i in range(1, len(bits)):
        parent = page.parents[i]
        article = page.tags[i] == "article"
        own[i] = own[parent] or (article and titled[i])
        found = bits[i]
        foreign[i] = (
            foreign[parent]
            or bool(found & _COMMENT)
            or (bool(found & _FOREIGN) and sizes[i] < limit)
            or (article and any_own and not own[i])
            or (whole and not own[i] and not titled[i])
        )
    return foreign


def find_container(score: NDArray[np.float64], first: NDArray[np.int64], last: NDArray[np.int64]) -> int:
    """The element whose blocks' scores add up to most; the innermost of equals."""
    sums = np.concatenate(([0.0], np.cumsum(score)))
    inside = sums[last] - sums[first]
    return int(len(inside) - 1 - np.argmax(inside[::-1]))
