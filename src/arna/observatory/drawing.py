"""Pictures as files of their own: SVG with its own colours and patterns, and PNG made from it without a browser."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import resvg_py

from arna.air.report_words import clean_text
from arna.errors import ArnaError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from arna.air.charts import Paint

WIDTH = 1200
"""Pixels across; a PNG has twice as many."""

MARGIN = 40

INK, SOFT, LINE, PAPER, EDGE = "#1b2126", "#555d64", "#d9dbd7", "#ffffff", "#7d858b"

FONTS = "'Noto Sans','DejaVu Sans','Liberation Sans','Segoe UI',Arial,sans-serif"

_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts", "/Library/Fonts",
                 "/System/Library/Fonts", "C:/Windows/Fonts")  # fmt: skip


class Drawing:
    """A picture that grows downwards: a title, a key, what is drawn, and a line that says where it is from.

    Attributes:
        y: where the next part begins.
    """

    def __init__(self, title: str, subtitle: str, paints: Mapping[str, Paint], width: int = WIDTH) -> None:
        self.width, self.parts = width, [_define(paints.values())]
        self.title, self.y = title, MARGIN + 26.0
        self.text(MARGIN, self.y, title, size=26, weight=700)
        self.y += 26
        self.text(MARGIN, self.y, subtitle, size=14, colour=SOFT)
        self.y += 20

    def key(self, paints: Iterable[Paint], more: Iterable[tuple[str, str]] = ()) -> None:
        """The key of colours, in as many lines as it takes; ``more`` are fills with what they mean."""
        x = float(MARGIN)
        self.y += 8
        for fill, title in [*((paint.fill, paint.title) for paint in paints), *more]:
            width = 26 + measure(title, 13) + 18
            if x + width > self.width - MARGIN:
                x, self.y = float(MARGIN), self.y + 22
            self.rect(x, self.y, 14, 14, fill, stroke=EDGE if fill in {"none", "url(#hatch)"} else "none")
            self.text(x + 21, self.y + 12, title, size=13)
            x += width
        self.y += 36

    def rect(self, x: float, y: float, width: float, height: float, fill: str, *, stroke: str = "none",
             dash: str = "", round_: float = 0) -> None:  # fmt: skip
        """A rectangle."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        rounded = f' rx="{round_:g}"' if round_ else ""
        self.parts.append(
            f'<rect x="{x:.2f}" y="{y:.2f}" width="{max(0.0, width):.2f}" height="{height:.2f}" fill="{fill}"'
            f' stroke="{stroke}"{dashed}{rounded}/>'
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: str = LINE) -> None:
        """A hair line."""
        self.parts.append(f'<path d="M{x1:.2f} {y1:.2f}L{x2:.2f} {y2:.2f}" stroke="{colour}" fill="none"/>')

    def path(self, path: str, fill: str, opacity: float = 1.0) -> None:
        """A filled shape."""
        self.parts.append(f'<path d="{path}" fill="{fill}" fill-opacity="{opacity:g}"/>')

    def text(self, x: float, y: float, text: str, *, size: float = 13, weight: int = 400, colour: str = INK,
             anchor: str = "start", room: float = 0) -> None:  # fmt: skip
        """A line of text, cut where it has only so much room."""
        said = clean_text(text)
        said = fit(said, size, room, weight) if room else said
        self.parts.append(
            f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size:g}" font-weight="{weight}" fill="{colour}"'
            f' text-anchor="{anchor}">{escape(said)}</text>'
        )

    def stack(self, x: float, y: float, width: float, height: float, shares: Mapping[str, float],
              paints: Mapping[str, Paint]) -> None:  # fmt: skip
        """Shares as a stacked bar."""
        for origin, paint in paints.items():
            share = shares.get(origin, 0.0)
            if share > 0:
                self.rect(x, y, share * width, height, paint.fill, stroke=PAPER)
                x += share * width

    def finish(self, source: str) -> str:
        """The whole file."""
        self.y += 14
        for line in wrap(source, 11, self.width - 2 * MARGIN):
            self.y += 15
            self.text(MARGIN, self.y, line, size=11, colour=SOFT)
        height = self.y + MARGIN / 2
        body = "\n".join(self.parts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{height:.0f}" '
            f'viewBox="0 0 {self.width} {height:.0f}" font-family="{FONTS}" role="img">'
            f"<title>{escape(clean_text(self.title))}</title>"
            f'<rect width="100%" height="100%" fill="{PAPER}"/>\n{body}\n</svg>\n'
        )


def measure(text: str, size: float, weight: int = 400) -> float:
    """About how wide a text is; a little more rather than less."""
    wide = sum(0.35 if letter in " .,:;il|!'" else 0.78 if letter.isupper() or letter in "мшщжюw%" else 0.6
               for letter in text)  # fmt: skip
    return wide * size * (1.12 if weight > 500 else 1.0)


def fit(text: str, size: float, room: float, weight: int = 400) -> str:
    """A text, cut with an ellipsis where it is wider than the room it has."""
    if measure(text, size, weight) <= room:
        return text
    while text and measure(text + "…", size, weight) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def wrap(text: str, size: float, room: float, weight: int = 400) -> list[str]:
    """A text in lines that fit, as far as it has spaces."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and measure(longer, size, weight) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _define(paints: Iterable[Paint]) -> str:
    patterns = []
    for paint in paints:
        if paint.texture:
            solid = paint.texture.endswith("z")
            how = 'fill="#000" fill-opacity=".42"' if solid else 'fill="none" stroke="#000" stroke-opacity=".45"'
            patterns.append(
                f'<pattern id="o{paint.number}" width="6" height="6" patternUnits="userSpaceOnUse">'
                f'<rect width="6" height="6" fill="{paint.colour}"/><path d="{paint.texture}" {how}/></pattern>'
            )
    patterns.append(
        '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path d="M1 0V6" stroke="#8b9298" stroke-width="1.5"/></pattern>'
    )
    return f"<defs>{''.join(patterns)}</defs>"


def rasterise(svg: str) -> bytes:
    """An SVG file as PNG, twice as large.

    Raises:
        ArnaError: the machine has no fonts, so that all words would be missing.
    """
    if not any(Path(folder).expanduser().is_dir() for folder in _FONT_FOLDERS):
        raise ArnaError(
            "PNG: this machine has no fonts to write with; take the SVG, or install a font such as DejaVu Sans"
        )
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=2, background=PAPER, sans_serif_family="DejaVu Sans"))
