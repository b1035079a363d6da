"""Lays out flows from origins on the left to languages on the right as ribbons as wide as they have words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from arna.air.report_words import capitalise, name_language, show_share
from arna.observatory.drawing import wrap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from arna.air.charts import Paint

WIDTH, HEIGHT, GAP, BLOCK = 1040.0, 420.0, 10.0, 14.0
LEFT, RIGHT = 330.0, 860.0
LEAST = 14.0
"""Pixels from a line of a name to the next."""


@dataclass(frozen=True)
class Block:
    """An origin or a language: its place from top to bottom, the lines of its name and share, and their middle."""

    key: str
    y: float
    height: float
    middle: float
    lines: tuple[str, ...]

    @property
    def feet(self) -> list[tuple[float, str]]:
        """Lines of the name with the places they stand on."""
        top = self.middle - LEAST * (len(self.lines) - 1) / 2 + 4
        return [(round(top + LEAST * n, 2), line) for n, line in enumerate(self.lines)]


@dataclass(frozen=True)
class Ribbon:
    """Words of an origin in a language; ``path`` is a filled shape."""

    paint: Paint
    origin: str
    lang: str
    path: str
    share: float


@dataclass(frozen=True)
class Ribbons:
    """The whole picture."""

    origins: tuple[Block, ...]
    langs: tuple[Block, ...]
    ribbons: tuple[Ribbon, ...]
    height: float


def lay_ribbons(flows: Mapping[tuple[str, str], float], paints: Mapping[str, Paint], langs: Sequence[str]) -> Ribbons:
    """Lay out flows of words by origin and language."""
    total = sum(flows.values())
    if total <= 0:
        return Ribbons((), (), (), 0.0)
    origins = [name for name in paints if any(flows.get((name, lang), 0.0) > 0 for lang in langs)]
    left = _stack(
        [(name, paints[name].title, sum(flows.get((name, lang), 0.0) for lang in langs) / total) for name in origins],
        LEFT - 10,
    )
    right = _stack(
        [
            (lang, capitalise(name_language(lang)), sum(flows.get((name, lang), 0.0) for name in origins) / total)
            for lang in langs
        ],
        WIDTH - RIGHT - BLOCK - 8,
    )
    out = {block.key: block.y for block in left}
    into = {block.key: block.y for block in right}
    ribbons = []
    for name in origins:
        for lang in langs:
            share = flows.get((name, lang), 0.0) / total
            if share <= 0:
                continue
            tall = share * HEIGHT
            ribbons.append(Ribbon(paints[name], name, lang, _bend(out[name], into[lang], tall), share))
            out[name] += tall
            into[lang] += tall
    bottom = max(max(block.y + block.height, block.feet[-1][0]) for block in (*left, *right))
    return Ribbons(tuple(left), tuple(right), tuple(ribbons), bottom + 12)


def _stack(shares: Sequence[tuple[str, str, float]], room: float) -> list[Block]:
    """Blocks for (key, title, share), one below the other; names take the lines they need and never meet."""
    blocks: list[Block] = []
    y, lowest = 8.0, 0.0
    for key, title, share in shares:
        tall = share * HEIGHT
        lines = tuple(wrap(f"{title} {show_share(share)}", 13, room))
        middle = max(y + tall / 2, lowest + LEAST * (len(lines) + 1) / 2)
        blocks.append(Block(key, round(y, 2), round(tall, 2), round(middle, 2), lines))
        lowest = middle + LEAST * (len(lines) - 1) / 2
        y += tall + GAP
    return blocks


def _bend(y1: float, y2: float, tall: float) -> str:
    x1, x2 = LEFT + BLOCK, RIGHT
    half = (x1 + x2) / 2
    return (
        f"M{x1:g} {y1:.1f}C{half:g} {y1:.1f} {half:g} {y2:.1f} {x2:g} {y2:.1f}V{y2 + tall:.1f}"
        f"C{half:g} {y2 + tall:.1f} {half:g} {y1 + tall:.1f} {x1:g} {y1 + tall:.1f}Z"
    )
