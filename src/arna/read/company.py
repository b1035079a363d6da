"""The company a block keeps: blocks marked up alike, repeated items, the label it stands under, its neighbours.

Paragraphs of a story are alike and say something each; teasers and comments are alike too, but come as items of
several blocks, begin with a link, or stand under a label.
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
    *("begins with link", "ends with link", "separators", "digits", "label"),
    *("section", "from section", "kin before section"),
    *("class kin", "class kin mass", "class kin links", "class kin begin with link", "class kin length"),
    *("class kin final marks", "class kin from"),
    *("items", "blocks of item", "links of items", "mass of items"),
    *("links before", "links after", "final mark before", "final mark after", "label before"),
)
"""Names of the columns ``describe_company`` gives."""

_SHORT: Final = 120  # characters; only lines up to here are looked through for separators and digits
_SEPARATOR: Final = re.compile(r" [|/•·»>›→—–-] | (?=[|»›])|,")
_DIGIT: Final = re.compile(r"\d")
_NUMBER: Final = re.compile(r"\d+")
_OPENING: Final = frozenset((RELATED, COMMENTS))  # labels that open a section; the others stand for themselves
_MAX_HEADING: Final = 80  # characters


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
    lines = np.array([_describe_line(block) for block in page.blocks], dtype=float)
    density = linked / length
    kin = _number_kin(page)
    firsts = np.full(len(kin), len(kin))
    np.minimum.at(firsts, kin, np.arange(len(kin)))
    return np.concatenate(
        [
            lines,
            _describe_sections(page, lines[:, 4].tolist(), firsts[kin]),
            _describe_kin(kin, firsts, length, linked, mass, lines[:, 0], final),
            _describe_items(page, length, linked, mass),
            _describe_neighbours(density, final, lines[:, 4]),
        ],
        axis=1,
    )


def _describe_line(block: Block) -> tuple[float, ...]:
    text, links = block.text, block.links
    begins = ends = 0.0
    if links:
        begins = float(not any(piece.strip() for piece in block.pieces[: links[0][1]]))
        ends = float(not any(piece.strip() for piece in block.pieces[links[-1][2] :]))
    if len(text) > _SHORT:
        label = read_label(text[:MAX_LABEL]) if ":" in text[:MAX_LABEL] else NONE
        return (begins, ends, 0.0, 0.0, label)
    return (begins, ends, len(_SEPARATOR.findall(text)), len(_DIGIT.findall(text)) / len(text), read_label(text[:MAX_LABEL]))


def _describe_sections(page: Page, labels: list[float], firsts: NDArray[np.int64]) -> NDArray[np.float64]:
    """The label a block stands under, the blocks since, and whether blocks marked up like it stood before it."""
    kind, since, at = NONE, 0, -1
    rows = []
    tags = page.tags
    for i, (block, label) in enumerate(zip(page.blocks, labels, strict=True)):
        if len(block.text) <= _MAX_HEADING and (label in _OPENING or tags[block.element] in HEADINGS) and not block.linked:
            kind, since, at = int(label) if label in _OPENING else OTHER, 0, i
        rows.append((kind, min(since, 40), at))
        since += 1
    table = np.array(rows, dtype=float)
    table[:, 2] = firsts < table[:, 2]
    return table


def _number_kin(page: Page) -> NDArray[np.int64]:
    index: dict[tuple[str, str, str, str, str], int] = {}
    tags, parents = page.tags, page.parents
    names = [_strip_numbers(name) if name else "" for name in page.names]
    kin = []
    for block in page.blocks:
        one = block.element
        two = parents[one]
        key = (tags[one], names[one] or block.names, tags[two], names[two], tags[parents[two]])
        kin.append(index.setdefault(key, len(index)))
    return np.array(kin)


def _describe_kin(
    kin: NDArray[np.int64],
    firsts: NDArray[np.int64],
    length: NDArray[np.float64],
    linked: NDArray[np.float64],
    mass: NDArray[np.float64],
    begins: NDArray[np.float64],
    final: NDArray[np.float64],
) -> NDArray[np.float64]:
    """What blocks of the same tags and classes are like together."""
    counts = np.bincount(kin)
    lengths = np.bincount(kin, weights=length)
    table = np.stack(
        [
            np.log1p(counts),
            np.bincount(kin, weights=mass) / max(float(mass.sum()), 1.0),
            np.bincount(kin, weights=linked) / lengths,
            np.bincount(kin, weights=begins) / counts,
            np.log1p(lengths / counts),
            np.bincount(kin, weights=final) / counts,
            firsts[: len(counts)] / len(kin),
        ],
        axis=1,
    )
    return table[kin]


def _describe_items(
    page: Page, length: NDArray[np.float64], linked: NDArray[np.float64], mass: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The innermost repeated item of several blocks around a block: siblings of one tag and class."""
    index: dict[tuple[int, str, str], int] = {}
    groups = []
    for parent, tag, names, first, last in zip(page.parents, page.tags, page.names, page.firsts, page.lasts, strict=True):
        if last - first > 1:
            groups.append(index.setdefault((parent, tag, _strip_numbers(names)), len(index)))
        else:
            groups.append(-1)
    group = np.array(groups)
    many = np.flatnonzero(group >= 0)
    counts = np.bincount(group[many], minlength=len(index) or 1)
    around = [-1] * len(groups)
    repeated = (np.append(counts, 0)[group] > 1).tolist()
    for i, parent in enumerate(page.parents):
        around[i] = groups[i] if repeated[i] else around[parent] if i else -1
    sums = np.cumsum(np.pad(np.stack([length, linked, mass, np.ones(len(length))]), ((0, 0), (1, 0))), axis=1)
    first, last = np.array(page.firsts)[many], np.array(page.lasts)[many]
    table = np.zeros((len(counts) + 1, 4))
    for column, values in enumerate(sums):
        table[:-1, column] = np.bincount(group[many], weights=values[last] - values[first], minlength=len(counts))
    out = np.zeros((len(table), 4))
    out[:-1] = np.stack(
        [
            np.log1p(counts),
            np.log1p(table[:-1, 3] / np.maximum(counts, 1)),
            table[:-1, 1] / np.maximum(table[:-1, 0], 1),
            table[:-1, 2] / max(float(mass.sum()), 1.0),
        ],
        axis=1,
    )
    return out[[around[block.element] for block in page.blocks]]


def _describe_neighbours(
    density: NDArray[np.float64], final: NDArray[np.float64], label: NDArray[np.float64]
) -> NDArray[np.float64]:
    links, ends, labels = (np.pad(values, 1, constant_values=-1) for values in (density, final, label))
    return np.stack([links[:-2], links[2:], ends[:-2], ends[2:], labels[:-2]], axis=1)
