"""Lays out an article's text with its spans marked: what is shown at once, and what is folded away.

Offsets count Unicode code points of the text, as in the tables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WHOLE = 1_500
"""Length up to which a text is shown whole: about two screens of a phone."""

HEAD = 600
"""Of a longer span, what is shown of it."""

AROUND = 120
"""What is shown before and after a span of a long text."""

SNAP = 160
"""How far an edge of what is shown moves to meet a line's end; a word's end must be within a quarter of it."""

FOLDED = 20_000
"""What a text keeps in folds at the most; the rest of so long a text is left out, and said to be."""

_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True)
class Mark:
    """A span to mark, with the number under which it is explained."""

    number: int
    kind: str
    begin: int
    end: int


@dataclass(frozen=True)
class Run:
    """Text with the same marks throughout; ``starts`` are the numbers of the marks that begin with it."""

    text: str
    kinds: tuple[str, ...]
    starts: tuple[int, ...]
    opens: bool = False
    closes: bool = False


@dataclass(frozen=True)
class Piece:
    """Lines that are shown, or folded away; ``cut`` tells that a text begins or goes on outside."""

    shown: bool
    lines: tuple[tuple[Run, ...], ...]
    words: int
    cut_before: bool
    cut_after: bool
    left_out: int = 0


def lay_out(
    text: str,
    marks: Sequence[Mark],
    first: int = 0,
    last: int | None = None,
    folded: int = FOLDED,
    whole: int = WHOLE,
) -> list[Piece]:
    """Cut a text into pieces: whole if it is short, else the lead and what is around the spans, the rest folded.

    Args:
        text: all of it; places count from its begin.
        marks: spans to mark.
        first: where what is laid out begins.
        last: where it ends, exclusive.
        folded: letters kept in folds at the most.
        whole: length up to which it is shown whole.
    """
    last = len(text) if last is None else last
    marks = [mark for mark in marks if 0 <= mark.begin < mark.end <= len(text)]
    if not text[first:last].strip():
        return []
    ranges = [(first, last)] if last - first <= whole else _choose_shown(text, marks, first, last)
    edges = [first]
    for begin, end in ranges:
        edges += [begin, end]
    edges.append(last)
    pieces = []
    for n, (begin, end) in enumerate(pairwise(edges)):
        if not text[begin:end].strip():
            continue
        shown = n % 2 == 1
        stop = end if shown else min(end, begin + folded)
        folded -= 0 if shown else stop - begin
        lines = tuple(_mark_lines(text, begin, stop, marks))
        words = len(text[begin:end].split())
        inside = begin > first and _is_inside(text, begin), end < last and _is_inside(text, end)
        pieces.append(Piece(shown, lines, words, *inside, end - stop))
    return pieces


def _choose_shown(text: str, marks: Sequence[Mark], first: int, last: int) -> list[tuple[int, int]]:
    wanted = [(first, first + AROUND)]
    for mark in marks:
        begin, end = max(first, mark.begin), min(last, mark.end)
        if begin < end:
            end = end if end - begin <= HEAD + AROUND else begin + HEAD
            wanted.append((begin - AROUND, end + AROUND))
    merged: list[tuple[int, int]] = []
    for early, late in sorted(wanted):
        begin = max(first, _snap_back(text, max(first, early)))
        end = min(last, _snap_on(text, min(last, late)))
        if merged and begin <= merged[-1][1] + SNAP:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def _snap_back(text: str, at: int) -> int:
    """The line's begin if it is near, else the word's."""
    line = text.rfind("\n", max(0, at - SNAP), at)
    if line >= 0 or at <= SNAP:
        return line + 1
    word = text.rfind(" ", max(0, at - SNAP // 4), at)
    return word + 1 if word >= 0 else at


def _snap_on(text: str, at: int) -> int:
    line = text.find("\n", at, at + SNAP)
    if line >= 0 or at + SNAP >= len(text):
        return line if line >= 0 else len(text)
    word = text.find(" ", at, at + SNAP // 4)
    return word if word >= 0 else at


def _is_inside(text: str, at: int) -> bool:
    """Whether a place is inside a line."""
    return 0 < at < len(text) and text[at - 1] != "\n" and text[at] != "\n"


def _mark_lines(text: str, begin: int, end: int, marks: Sequence[Mark]) -> Iterator[tuple[Run, ...]]:
    near = [mark for mark in marks if mark.begin < end and mark.end > begin]
    for line in _LINE.finditer(text, begin, end):
        first, last = line.span()
        if line.group().strip():
            yield tuple(_cut_runs(text, first, last, [m for m in near if m.begin < last and m.end > first]))


def _cut_runs(text: str, first: int, last: int, marks: Sequence[Mark]) -> Iterator[Run]:
    edges = {first, last}
    for mark in marks:
        edges |= {max(first, mark.begin), min(last, mark.end)}
    for begin, end in pairwise(sorted(edges)):
        over = [mark for mark in marks if mark.begin <= begin and mark.end >= end]
        yield Run(
            text[begin:end],
            tuple(sorted({mark.kind for mark in over})),
            tuple(mark.number for mark in over if mark.begin == begin),
            opens=any(mark.kind == "credit" and mark.begin == begin for mark in over),
            closes=any(mark.kind == "credit" and mark.end == end for mark in over),
        )


def cut_passage(text: str, limit: int) -> tuple[str, str]:
    """A passage's head, up to the end of a line, a sentence or a word near the limit, and the rest."""
    if len(text) <= limit + SNAP:
        return text, ""
    for end, reach in (("\n", SNAP), (". ", SNAP), (" ", SNAP // 4)):
        at = text.rfind(end, limit - reach, limit)
        if at > 0:
            return text[: at + 1], text[at + 1 :]
    return text[:limit], text[limit:]
