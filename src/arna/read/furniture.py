"""What repeats on an outlet's pages is not its articles: newsletter boxes, editors' notes, calls to subscribe."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from arna.read.source_lines import is_credit
from arna.text.normalise import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

_MIN_PAGES: Final = 3  # two pages may carry one story twice; from three on a block is looked at
_MIN_SHARE: Final = 0.02  # a box shown in one section of a large outlet still shows on a fiftieth of its pages
# A story's page and two or three that show its teaser must not make its sentence constant, even at a small outlet.
_MIN_CONSTANT_PAGES: Final = 5
_MIN_CONSTANT: Final = 0.5  # share of pages; teasers of one story stand on fewer, boxes on more
_MAX_REPRINTS: Final = 200  # pages; no outlet carries one story more often, and time grows with its square
_MAX_COMMON: Final = 0.5  # pages that have more of their text in common are one story, counted as one page


_NUMBER: Final = re.compile(r"\d(?:[\d ,.:]*\d)?")


@lru_cache(maxsize=8192)  # menus and boxes come again on the next page
def _name_block(text: str) -> str:
    """One form of a block: clean, lower case, every number as 0, so that counters and dates do not part equals.

    "" for what is never furniture: lines that name a source, and numbers alone.
    """
    if is_credit(text):
        return ""
    name = _NUMBER.sub("0", clean(text).lower().replace("\n", " "))
    return name if any(map(str.isalpha, name)) else ""


@dataclass(frozen=True)
class Furniture:
    """Blocks an outlet shows on many different pages. An empty one knows nothing and removes nothing.

    ``constant`` are those of ``names`` that half of the pages show, and five pages at least or all there are. The
    others may be a sentence of a story that other pages show as its teaser, or one that several stories end with.
    """

    names: frozenset[str] = frozenset()
    constant: frozenset[str] = frozenset()

    @classmethod
    def learn(cls, pages: Sequence[Sequence[str]]) -> Furniture:
        """Learns from the block texts of many pages of one outlet.

        A block is furniture when at least three pages with different bodies show it, and at least 2 % of them.
        Pages that share most of their remaining text (one wire story carried twice, one page under two addresses)
        count once, so a story never becomes furniture by being reprinted.
        """
        named = [frozenset(name for text in page if (name := _name_block(text))) for page in pages]
        counts: dict[str, list[int]] = {}
        for number, names in enumerate(named):
            for name in names:
                counts.setdefault(name, []).append(number)
        needed = max(_MIN_PAGES, _MIN_SHARE * len(pages))
        common = {name: numbers for name, numbers in counts.items() if len(numbers) >= needed}
        bodies = _number_bodies(named, counts)
        shown = {name: len({bodies[number] for number in numbers}) for name, numbers in common.items()}
        names = frozenset(name for name, times in shown.items() if times >= needed)
        different = len(set(bodies))
        limit = min(max(_MIN_CONSTANT_PAGES, _MIN_CONSTANT * different), different)
        return cls(names, frozenset(name for name in names if shown[name] >= limit))

    def is_furniture(self, block_text: str) -> bool:
        """Whether this block is one of the outlet's repeated ones."""
        return bool(self.names) and _name_block(block_text) in self.names

    def is_constant(self, block_text: str) -> bool:
        """Whether so many pages show this block that it is no story's, wherever it stands."""
        return bool(self.constant) and _name_block(block_text) in self.constant


def _number_bodies(named: Sequence[frozenset[str]], counts: dict[str, list[int]]) -> list[int]:
    """A number for each page; pages with the same body have the same one.

    Two pages have one body when the long blocks they share are most of the long text of either. Long blocks shown by
    more than half of all pages, or by hundreds, say nothing about bodies.
    """
    limit = max(_MIN_PAGES, min(len(named) // 2, _MAX_REPRINTS))
    long_blocks = [{name for name in names if len(name) >= 80 and len(counts[name]) <= limit} for names in named]
    sizes = [sum(map(len, names)) for names in long_blocks]
    bodies = list(range(len(named)))
    for number, names in enumerate(long_blocks):
        shared: dict[int, int] = {}
        for name in names:
            for other in counts[name]:
                if other < number:
                    shared[other] = shared.get(other, 0) + len(name)
        for other, size in shared.items():
            if size > _MAX_COMMON * min(sizes[number], sizes[other]):
                bodies[number] = bodies[other]
                break
    return bodies
