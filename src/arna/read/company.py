"""The company a block keeps: blocks marked up alike, and the label it stands under.

Paragraphs of a story are alike and say something each. Teasers and comments are alike too, but begin with a link, end
no sentence, or stand under a label ("Комментарии", "Shu mavzuda") that nothing like them stood before.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from arna.read.container import HEADINGS
from arna.read.labels import COMMENTS, MAX_LABEL, NONE, OTHER, RELATED, read_label

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from arna.read.blocks import Block, Page

COMPANY: Final = (
    *("begins with link", "label", "section", "from section", "kin before section"),
    *("class kin", "class kin mass", "class kin links", "class kin begin with link", "class kin length"),
    *("class kin final marks", "class kin from"),
)
"""Names of the columns ``describe_company`` gives."""

_NUMBER: Final = re.compile(r"\d+")
_OPENING: Final = frozenset((RELATED, COMMENTS))  # labels that open a section; the others stand for themselves
_MAX_HEADING: Final = 80  # characters
_FAR: Final = 40  # blocks; farther from a label is all one


@lru_cache(maxsize=20_000)
def _strip_numbers(names: str) -> str:
    return _NUMBER.sub("", names)


def describe_company(
    page: Page,
    length: NDArray[np.float64],
    linked: NDArray[np.float64],
    mass: NDArray[np.float64],
    final: NDArray[np.float64],
) -> NDArray[np.float64]:
    """One row a block, columns as in ``COMPANY``.

    Args:
        page: blocks and elements.
        length: characters of each block.
        linked: of these, inside links.
        mass: the length of prose, 0 for what is no prose.
        final: 1 where a block ends with a final mark.
    """
    n = len(page.blocks)
    kin, firsts = _number_kin(page)
    begins = np.array([_begins_with_link(block) for block in page.blocks])
    counts = np.bincount(kin)
    lengths = np.bincount(kin, weights=length)
    alike = np.stack(
        [
            np.log1p(counts),
            np.bincount(kin, weights=mass) / max(float(mass.sum()), 1.0),
            np.bincount(kin, weights=linked) / lengths,
            np.bincount(kin, weights=begins) / counts,
            np.log1p(lengths / counts),
            np.bincount(kin, weights=final) / counts,
            np.array(firsts) / n,
        ],
        axis=1,
    )
    out = np.empty((n, len(COMPANY)))
    out[:, 0] = begins
    out[:, 1:5] = _describe_sections(page, kin, firsts)
    out[:, 5:] = alike[kin]
    return out


def _begins_with_link(block: Block) -> bool:
    if not block.linked or not block.links:
        return False
    first = block.links[0][1]
    return first == 0 or not any(piece.strip() for piece in block.pieces[:first])


def _describe_sections(page: Page, kin: list[int], firsts: list[int]) -> list[tuple[int, int, int, bool]]:
    """Of each block its label, the label it stands under, the blocks since, and whether its kin stood before that."""
    kind, since, at = NONE, 0, -1
    rows = []
    tags = page.tags
    for i, block in enumerate(page.blocks):
        text = block.text
        label = NONE
        if block.linked < len(text):
            if len(text) <= _MAX_HEADING or ":" in text[:MAX_LABEL]:
                label = read_label(text[:MAX_LABEL])
            if (
                not block.linked
                and len(text) <= _MAX_HEADING
                and (label in _OPENING or tags[block.element] in HEADINGS)
            ):
                kind, since, at = label if label in _OPENING else OTHER, 0, i
        rows.append((label, kind, min(since, _FAR), firsts[kin[i]] < at))
        since += 1
    return rows


def _number_kin(page: Page) -> tuple[list[int], list[int]]:
    """For each block the number of its kin (tags and classes of two elements, tag of a third); where each begins."""
    index: dict[tuple[str, str, str, str, str], int] = {}
    tags, parents = page.tags, page.parents
    names = [_strip_numbers(name) if name else "" for name in page.names]
    kin: list[int] = []
    firsts: list[int] = []
    for block in page.blocks:
        one = block.element
        two = parents[one]
        key = (tags[one], names[one] or block.names, tags[two], names[two], tags[parents[two]])
        number = index.get(key)
        if number is None:
            number = index[key] = len(firsts)
            firsts.append(len(kin))
        kin.append(number)
    return kin, firsts
