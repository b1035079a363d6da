"""Geometry of the report's pictures: shares as stacked bars, intervals, weeks, days; colours and textures of origins.

Widths and places across are per cent of the picture, heights are pixels: a picture fits a phone and a page, and its
text and textures keep their size. Drawing itself is in ``templates/charts.html.j2``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from arna.air.report_words import show_share
from arna.air.voice import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#56B4E9", "#CC79A7", "#D55E00", "#F0E442")
"""Okabe and Ito (2008), told apart by colour-blind readers; blue first, as the only one that takes no texture."""

GREY = "#B4B8BD"
"""Of ``unknown``."""

TEXTURES = (
    "",
    "M2.5 0V6",  # upright lines
    "M1 1h2.4v2.4h-2.4z",  # dots
    "M0 2.5H6",  # level lines
    "M2.5 0V6M0 2.5H6",  # a grid
    "M0 0h3v3h-3zM3 3h3v3h-3z",  # a chessboard
    "M1 4L3 1L5 4",  # chevrons
)
"""SVG paths in a square of 6, one for each colour. Slanting lines are kept for poor collection."""

LABELLED = 0.13
"""Share from which a bar carries its number: it then has 35 pixels for it on a phone 360 wide."""


@dataclass(frozen=True)
class Paint:
    """How an origin is drawn: number of its pattern, colour, texture (an SVG path), colour of text on it."""

    number: int
    title: str
    colour: str
    texture: str
    ink: str

    @property
    def fill(self) -> str:
        """Value of ``fill``: plain where there is no texture, which prints smaller."""
        return f"url(#o{self.number})" if self.texture else self.colour


@dataclass(frozen=True)
class Segment:
    """A part of a bar; ``x`` and ``width`` in per cent, ``label`` empty where there is no room."""

    paint: Paint
    x: float
    width: float
    label: str


@dataclass(frozen=True)
class Bar:
    """A stacked bar and what it says in words."""

    segments: tuple[Segment, ...]
    words: str


@dataclass(frozen=True)
class Column:
    """A week in small: place and width in per cent, parts as (paint, top, height) in pixels, and its count."""

    x: float
    width: float
    parts: tuple[tuple[Paint, float, float], ...]
    count: int
    words: str


@dataclass(frozen=True)
class Square:
    """A day of an outlet; ``x`` and ``width`` in per cent."""

    x: float
    width: float
    ok: bool
    words: str


def paint_origins(titles: Mapping[str, str], unknown: str) -> dict[str, Paint]:
    """Paint for each origin, in the order given; ``unknown`` is plain grey whatever its place."""
    paints: dict[str, Paint] = {}
    for number, (origin, title) in enumerate(titles.items()):
        turn = len([name for name in paints if name != unknown])
        if origin == unknown:
            paints[origin] = Paint(number, title, GREY, "", "#000000")
            continue
        colour = COLOURS[turn % len(COLOURS)]
        # Past seven, colours come round with the next texture, so that no two origins look alike.
        texture = TEXTURES[(turn + turn // len(COLOURS)) % len(TEXTURES)]
        paints[origin] = Paint(number, title, colour, texture, "#FFFFFF" if colour == COLOURS[0] else "#000000")
    return paints


def stack_shares(shares: Mapping[str, float], paints: Mapping[str, Paint], rest: str = "") -> Bar:
    """A bar of shares in the order of the paints.

    Args:
        shares: by origin; what they lack of 1 is left empty.
        paints: by origin; an origin without paint is left out.
        rest: what the empty part is called in words, if anything.
    """
    segments, said, x = [], [], 0.0
    for origin, paint in paints.items():
        share = shares.get(origin, 0.0)
        if share <= 0:
            continue
        label = show_share(share) if share >= LABELLED else ""
        segments.append(Segment(paint, round(100 * x, 2), round(100 * share, 2), label))
        said.append(f"{paint.title} {show_share(share)}")
        x += share
    if rest and x < 1 - 1e-9:
        said.append(f"{rest} {show_share(1 - x)}")
    return Bar(tuple(segments), ", ".join(said) or say("nothing"))


def stack_columns(
    weeks: Sequence[tuple[str, Mapping[str, float], int]], paints: Mapping[str, Paint], height: float
) -> list[Column]:
    """Columns of shares, one per week.

    Args:
        weeks: name, shares by origin (empty where nothing was published) and count of each week, in order.
        paints: by origin, bottom first.
        height: of a full column, in pixels.
    """
    step = 100 / max(1, len(weeks))
    columns = []
    for n, (name, shares, count) in enumerate(weeks):
        parts, foot = [], height
        for origin, paint in paints.items():
            tall = shares.get(origin, 0.0) * height
            if tall > 0:
                parts.append((paint, round(foot - tall, 2), round(tall, 2)))
                foot -= tall
        words = (
            f"{name}: {stack_shares(shares, paints).words}" if shares else say("{name}: nothing published", name=name)
        )
        columns.append(Column(round(n * step + 0.06 * step, 2), round(0.88 * step, 2), tuple(parts), count, words))
    return columns


def lay_runs(runs: Iterable[tuple[int, int, bool, str]], count: int) -> list[Square]:
    """Stretches of days for (number of the first, how many, ok, words) on a line of ``count`` days."""
    step = 100 / max(1, count)
    return [Square(round(n * step, 2), round((long - 0.14) * step, 2), ok, words) for n, long, ok, words in runs]


def lay_days(days: Iterable[tuple[int, bool, str]], count: int) -> list[Square]:
    """Squares for (number of the day, ok, words) on a line of ``count`` days."""
    step = 100 / max(1, count)
    return [Square(round(n * step, 3), round(0.86 * step, 3), ok, words) for n, ok, words in days]
