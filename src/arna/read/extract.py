"""The body of an article page: its text in paragraphs, and the links inside it with their places.

The page is walked once to blocks (``blocks``), each block is described by numbers (``features``), a small boosted
forest says how likely it is part of the article (``forest``, trained by ``bench/train_extract.py``), and the blocks
that are, in reading order, are the text. The design follows boilerpipe (Kohlschütter et al. 2010) in its shallow
features of a block and its neighbours, and Readability in choosing one container; the container is one more
feature here, not a verdict.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

import numpy as np

from arna.read.blocks import LINE, Block, Page, parse_page, walk_page
from arna.read.choose import choose_blocks, keep_runs
from arna.read.features import describe_blocks, find_candidates
from arna.read.furniture import Furniture
from arna.read.labels import MAX_LABEL, read_label
from arna.read.statements import read_statements
from arna.read.weights import FOREST
from arna.text.normalise import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from selectolax.lexbor import LexborHTMLParser

__all__ = ["Extraction", "Furniture", "Link", "extract_body", "list_block_texts", "parse_page"]

_MIN_TEXT: Final = 25  # characters; less is no article


@dataclass(frozen=True)
class Link:
    """A link in a text: ``url`` as the page writes it, ``text[begin:end]`` its words (code points)."""

    url: str
    begin: int
    end: int


@dataclass(frozen=True)
class Extraction:
    """Text of an article as ``clean`` gives it, one paragraph a line; ``blocks`` are the lines' (begin, end)."""

    text: str
    links: tuple[Link, ...]
    blocks: tuple[tuple[int, int], ...]


def extract_body(page: LexborHTMLParser, furniture: Furniture | None = None) -> Extraction | None:
    """Gives the article's text without headline, byline, date, captions, comments and everything around it.

    Args:
        page: from ``parse_page``; it is not changed.
        furniture: what this outlet shows on many pages; blocks it knows are left out.

    Returns:
        The text, or None where the page has none (an empty page, a gallery, a list of links).
    """
    for everything in (False, True):
        walked = _drop_constant(walk_page(page, everything=everything), furniture)
        if walked.blocks:
            extraction = _write_text(_read_blocks(walked, page, furniture, comments=everything))
            if len(extraction.text) >= _MIN_TEXT:
                return extraction
    return None


def list_block_texts(page: LexborHTMLParser) -> list[str]:
    """The texts of all blocks of a page, as ``Furniture.learn`` takes them."""
    return [block.text for block in walk_page(page).blocks]


def _drop_constant(page: Page, furniture: Furniture | None) -> Page:
    """The page without the blocks an outlet shows everywhere; elements keep their ranges over what is left.

    Labels stay: what stands under "Comments" is told by it.
    """
    if furniture is None or not furniture.constant:
        return page
    kept: list[Block] = []
    place = [0]
    for block in page.blocks:
        if read_label(block.text[:MAX_LABEL]) or not furniture.is_constant(block.text):
            kept.append(block)
        place.append(len(kept))
    return replace(
        page,
        blocks=kept,
        firsts=[place[first] for first in page.firsts],
        lasts=[place[last] for last in page.lasts],
    )


def _read_blocks(page: Page, parser: LexborHTMLParser, furniture: Furniture | None, *, comments: bool) -> list[Block]:
    rows = describe_blocks(page, read_statements(parser))
    candidates = find_candidates(rows)
    likely = np.zeros(len(rows))
    likely[candidates] = FOREST.find_probability(rows[candidates])
    chosen = choose_blocks(page, rows, likely, comments=comments)
    if furniture is not None and furniture.names:
        repeated = {i for i in chosen if furniture.is_furniture(page.blocks[i].text)}
        chosen = keep_runs(page, chosen, repeated)
    return [page.blocks[i] for i in chosen]


def _write_text(blocks: Sequence[Block]) -> Extraction:
    """Joins blocks to one clean text and carries the links along."""
    parts: list[str] = []
    links: list[Link] = []
    spans: list[tuple[int, int]] = []
    at = 0
    for block, text in zip(blocks, _clean_blocks(blocks), strict=True):
        if not text:
            continue
        if block.links:
            links.extend(_place_links(block, text, at))
        for line in text.split("\n"):
            spans.append((at, at + len(line)))
            at += len(line) + 1
        parts.append(text)
    return Extraction("\n".join(parts), tuple(links), tuple(spans))


def _clean_blocks(blocks: Sequence[Block]) -> list[str]:
    """The clean text of each block: all odd ones at once, or one by one where ``clean`` drops a line."""
    texts = [block.text for block in blocks]
    odd = [i for i, text in enumerate(texts) if not (text.isascii() and text.isprintable())]
    if odd:
        raw = [texts[i].replace(LINE, "\n") for i in odd]
        counts = [text.count("\n") + 1 for text in raw]
        lines = clean("\n".join(raw)).split("\n")
        waiting = iter(lines)
        whole = len(lines) == sum(counts)
        for i, text, count in zip(odd, raw, counts, strict=True):
            texts[i] = "\n".join(islice(waiting, count)) if whole else clean(text)
    return texts


def _place_links(block: Block, text: str, at: int) -> list[Link]:
    """Finds each link of a block in its clean text: where the words before it end, its own words begin."""
    placed = []
    reached = 0
    for element, first, last in block.links:
        words = _clean_pieces(block.pieces[first:last])
        href = element.attributes.get("href")
        if not words or not href:
            continue
        begin = text.find(words, reached)
        if begin >= 0 and text.find(words, begin + 1) >= 0:
            before = len(_clean_pieces(block.pieces[:first]))
            begin = text.find(words, max(reached, before))
        if begin < 0:
            continue
        reached = begin + len(words)
        placed.append(Link(href, at + begin, at + reached))
    return placed


def _clean_pieces(pieces: Sequence[str]) -> str:
    """Pieces of a block as ``clean`` writes them: white space of the markup is one space, ``<br>`` a line."""
    text = "".join(pieces)
    if LINE not in text:
        text = " ".join(text.split())
        return text if text.isascii() and text.isprintable() else clean(text)
    return clean("\n".join(" ".join(line.split()) for line in text.split(LINE)))
