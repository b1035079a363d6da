"""What a block looks like beside the rest of its page, as numbers: one row a block.

Nothing here knows a language but the labels of ``company``: lengths, punctuation, links, the place in the page, the
company a block keeps (the element around it and the one around that), the hints of class names, and agreement with
the page's own statements (its title, the ``articleBody`` of its JSON-LD).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from arna.read.blocks import LINE
from arna.read.company import COMPANY, describe_company
from arna.read.container import find_container, find_foreign, find_stated, find_title, read_bits
from arna.read.hints import BITS, read_hints

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from arna.read.blocks import Block, Page
    from arna.read.statements import Statements

_HINTS: Final = ("body", "noun", "part", "comment", "caption", "date", "promotion", "quote")
_PLACES: Final[dict[str, int]] = {
    tag: i for i, tags in enumerate(("ul ol dl", "table", "blockquote", "h1 h2 h3 h4 h5 h6")) for tag in tags.split()
}
COLUMNS: Final[tuple[str, ...]] = (
    *("words", "sentence ends", "ends a word", "final mark", "capitals", "bold", "links", "link density", "length"),
    *("mass of place", "length of place", "link density of place", "blocks of place", "prose of place"),
    *("mass of around", "length of around", "link density of around", "blocks of around", "prose of around"),
    *(f"share of nearest {kind}" for kind in (*_HINTS, "list", "table", "quote", "heading")),
    *("repeats", "tag"),
    *("position", "mass before", "length before", "length after", "mass near"),
    *("like title", "from title"),
    *("in container", "foreign", "container before", "container share", "before text", "after text"),
    *("container mass", "stated"),
    *COMPANY,
)
"""Names of the columns, in order."""

_DENSITY: Final = COLUMNS.index("link density")
_LENGTH: Final = COLUMNS.index("length")
_READ: Final = sum(BITS[kind] for kind in _HINTS)
_NOWHERE: Final = 2.0  # stands for "no such element around"; shares themselves end at 1
_MIN_PROSE: Final = 60  # characters outside links from which a block counts as prose
# A short block that is all link is an item of a menu or a headline: never text, and most of a page's blocks.
_POINTER_DENSITY: Final = 0.9
_MAX_POINTER: Final = 100  # characters
_LOG_POINTER: Final = math.log1p(_MAX_POINTER) - 1e-9  # as the column "length" has it
_END: Final = re.compile(r"[.!?…։。][\"'»”’)\]]*(?:\s|$)")
_CLOSING: Final = "\"'»”’)]"
_TAG_CODES: Final[dict[str, int]] = {
    "p": 1, "li": 2, "td": 3, "th": 3, "h1": 4, "h2": 5, "h3": 6, "h4": 7, "h5": 8, "h6": 8,
    "blockquote": 9, "figcaption": 10, "dd": 11, "dt": 11, "pre": 12,
}  # fmt: skip


@dataclass(slots=True)
class _Sizes:
    """Sizes of blocks, and of elements by adding up; ``mass`` is the length of prose, 0 for what is no prose."""

    length: NDArray[np.float64]
    linked: NDArray[np.float64]
    mass: NDArray[np.float64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    lengths: NDArray[np.float64]
    links: NDArray[np.float64]
    masses: NDArray[np.float64]


def describe_blocks(page: Page, statements: Statements) -> NDArray[np.float64]:
    """One row a block, columns as in ``COLUMNS``.

    Args:
        page: blocks and elements of the page, with at least one block.
        statements: what the page says of itself.
    """
    sizes = _measure(page)
    alike, title_at = find_title(page, statements.title_words)
    stated = find_stated(page, statements.body)
    bits = read_bits(page, title_at)
    texts = np.array([_describe_text(block) for block in page.blocks])
    return np.concatenate(
        [
            texts,
            _describe_around(page, sizes),
            _describe_hints(page, bits, sizes),
            _describe_form(page),
            _describe_order(sizes),
            _describe_title(alike, title_at),
            _describe_container(page, bits, sizes, title_at, stated),
            describe_company(page, sizes.length, sizes.linked, sizes.mass, texts[:, 3]),
        ],
        axis=1,
    )


def find_candidates(rows: NDArray[np.float64]) -> NDArray[np.intp]:
    """Numbers of the rows that can be text at all: what is more than a short link."""
    return np.flatnonzero((rows[:, _DENSITY] < _POINTER_DENSITY) | (rows[:, _LENGTH] >= _LOG_POINTER))


def _measure(page: Page) -> _Sizes:
    length = np.array([len(block.text) for block in page.blocks], dtype=float)
    linked = np.minimum(np.array([block.linked for block in page.blocks], dtype=float), length)
    plain = length - linked
    mass = np.where((plain >= _MIN_PROSE) & (linked < 0.4 * length), plain, 0.0)
    first, last = np.array(page.firsts), np.array(page.lasts)
    sums = np.zeros((3, len(length) + 1))
    np.cumsum((length, linked, mass), axis=1, out=sums[:, 1:])
    lengths, links, masses = sums[:, last] - sums[:, first]
    return _Sizes(length, linked, mass, first, last, lengths, links, masses)


def _describe_text(block: Block) -> tuple[float, ...]:
    text = block.text
    length = len(text)
    density = block.linked / length
    words = text.count(" ") + text.count(LINE) + 1.0
    if density >= _POINTER_DENSITY and length < _MAX_POINTER:
        return (words, 0.0, 0.0, 0.0, 1.0, 0.0, len(block.links), density, math.log1p(length))
    ends = len(_END.findall(text))
    last = text[-1]
    if last in _CLOSING:
        last = text.rstrip(_CLOSING)[-1:]
    heads = text[:80].split()
    return (
        words,
        ends,
        ends / words,
        1.0 if last in ".!?…" else 0.5 if last in ":;," else 0.0,
        sum([head[0].isupper() for head in heads]) / len(heads),
        block.bold / length,
        len(block.links),
        density,
        math.log1p(length),
    )


def _describe_around(page: Page, sizes: _Sizes) -> NDArray[np.float64]:
    """Shares and densities of the element around a block, and of the next one that holds more blocks."""
    counts = (sizes.last - sizes.first).tolist()
    wider = [0] * len(counts)
    for i, parent in enumerate(page.parents):
        wider[i] = parent if counts[parent] > counts[i] else wider[parent]
    around = np.array(wider)
    lengths = np.maximum(sizes.lengths, 1.0)
    table = np.stack(
        [
            sizes.masses / max(sizes.masses[0], 1.0),
            sizes.lengths / lengths[0],
            sizes.links / lengths,
            np.log1p(sizes.last - sizes.first),
            sizes.masses / lengths,
        ],
        axis=1,
    )
    place = np.array([block.element for block in page.blocks])
    place = np.where(np.array(counts)[place] <= 1, around[place], place)
    return np.concatenate([table[place], table[around[place]]], axis=1)


def _describe_hints(page: Page, bits: list[int], sizes: _Sizes) -> NDArray[np.float64]:
    """For each block and kind, the share of the page's text in the nearest element around with that hint."""
    kinds = len(_HINTS)
    rows: list[int] = []  # for each element its row in the table; those without hints have their parent's
    table = [[len(bits)] * (kinds + 4)]
    for i, (tag, found, parent) in enumerate(zip(page.tags, bits, page.parents, strict=True)):
        above = rows[parent] if i else 0
        columns = _list_columns(found & _READ) if found else ()
        place = _PLACES.get(tag)
        if columns or place is not None:
            row = table[above].copy()
            for column in columns:
                row[column] = i
            if place is not None:
                row[kinds + place] = i
            above = len(table)
            table.append(row)
        rows.append(above)
    total = max(float(sizes.lengths[0]), 1.0)
    shares = np.append(sizes.lengths / total, _NOWHERE)[np.array(table)]
    hints = np.asarray(shares[[rows[block.element] for block in page.blocks]])
    for i, block in enumerate(page.blocks):
        if block.names:
            for column in _list_columns(read_hints(block.names) & _READ):
                hints[i, column] = sizes.length[i] / total
    return hints


@lru_cache(maxsize=4096)
def _list_columns(found: int) -> tuple[int, ...]:
    return tuple(column for column, kind in enumerate(_HINTS) if found & BITS[kind])


def _describe_form(page: Page) -> NDArray[np.float64]:
    """How often a block's text stands on the page, and its tag."""
    seen = Counter([block.text for block in page.blocks])
    tags = page.tags
    return np.array([(seen[block.text], _TAG_CODES.get(tags[block.element], 0)) for block in page.blocks], dtype=float)


def _describe_order(sizes: _Sizes) -> NDArray[np.float64]:
    """Place in the page, and the neighbours' length."""
    n = len(sizes.length)
    total = max(float(sizes.masses[0]), 1.0)
    length = np.zeros(n + 2)
    length[1:-1] = np.log1p(sizes.length)
    near = np.zeros(n + 9)
    near[5:-4] = sizes.mass
    near = np.cumsum(near)
    return np.stack(
        [
            np.arange(n) / n,
            (np.cumsum(sizes.mass) - sizes.mass) / total,
            length[:-2],
            length[2:],
            (near[9:] - near[:-9]) / total,
        ],
        axis=1,
    )


def _describe_title(alike: list[float], title_at: int) -> NDArray[np.float64]:
    """Agreement with the title, and the way from the title to the block."""
    n = len(alike)
    way = (np.arange(n) - title_at).clip(-3, 60) if title_at >= 0 else np.full(n, -9)
    return np.stack([np.array(alike), way], axis=1)


def _describe_container(
    page: Page, bits: list[int], sizes: _Sizes, title_at: int, stated: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Where blocks stand to the element that holds most prose for its links and foreign parts."""
    foreign = find_foreign(page, bits, sizes.masses, title_at)
    out = np.array([foreign[block.element] for block in page.blocks]) & (stated < 1)
    place = np.arange(len(out))
    links = 12 + 2.0 * sizes.linked  # what a link costs: by trying 1 to 3 on the gold pages, all alike
    score = np.where(place <= title_at, -links, sizes.length - sizes.linked - links)
    score = np.where(out, -5 - 0.05 * sizes.length, score)
    score = np.where(stated > 0, 2 * sizes.length, score)
    chosen = find_container(score, sizes.first, sizes.last)
    inside = (place >= sizes.first[chosen]) & (place < sizes.last[chosen])
    own = np.where(inside & ~out, sizes.mass, 0.0)
    total = max(float(own.sum()), 1.0)
    upto = np.cumsum(own)
    return np.stack(
        [
            inside,
            out,
            (upto - own) / total,
            own / total,
            np.where(inside, upto - own <= 0, -1),
            np.where(inside, upto >= total, -1),
            np.full(len(out), total / max(float(sizes.masses[0]), 1.0)),
            stated,
        ],
        axis=1,
    )
