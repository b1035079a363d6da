"""Sentences that render sentences of another language, or may: put together by source, and what was compared in words.

A row here is one of ``reliances`` as a mapping, its ``detail`` being JSON.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from arna.air.voice import current_voice, say, say_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


DOUBT = "doubt"
"""What a row of kind ``translation`` without a source is called."""

STRONG, CLEAR, FAIR = 0.9, 0.7, 0.5
"""Scores from which a margin is called so; at 0.5 it is as likely between sentences of two independent reports."""

_CLOSING = re.compile(r"[^\w\s]*")
_OPENING = re.compile(r"[^\w\s]*\Z")


@dataclass(frozen=True)
class Bead:
    """A sentence, or two, and what it renders or may render of another article.

    Attributes:
        lean: the row of ``reliances`` that says so.
        begin: place in the article, in code points.
        end: exclusive.
        source: id of the other article, empty if none is told.
        source_begin: place there.
        source_end: exclusive.
        doubtful: it may be facts in common.
        direction: how it is known who renders whom.
        sure: confidence in the direction.
        compared: what was compared, in words.
        margin: the margin, in words.
    """

    lean: Mapping[str, Any] = field(repr=False, compare=False)
    begin: int
    end: int
    source: str
    source_begin: int
    source_end: int
    doubtful: bool
    direction: str
    sure: float | None
    compared: str
    margin: str


def read_detail(detail: str | None) -> dict[str, Any]:
    """The ``detail`` of a row; empty where it is no JSON object."""
    try:
        parsed = json.loads(detail or "{}")
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def name_kind_of(row: Mapping[str, Any]) -> str:
    """Kind of a row, ``doubt`` being one of its own."""
    doubtful = row["kind"] == "translation" and not row["source_article_id"]
    return DOUBT if doubtful else str(row["kind"])


def read_bead(row: Mapping[str, Any]) -> Bead:
    """A row of kind ``translation``."""
    detail, doubtful = read_detail(row["detail"]), name_kind_of(row) == DOUBT
    keys = ("perhaps_begin", "perhaps_end") if doubtful else ("source_begin", "source_end")
    places = [value for key in keys if isinstance(value := (detail if doubtful else row).get(key), int)]
    begin, end = places if len(places) == 2 else (-1, -1)
    return Bead(
        lean=row,
        begin=row["begin"],
        end=row["end"],
        source=str((detail.get("perhaps") if doubtful else row["source_article_id"]) or ""),
        source_begin=begin,
        source_end=end,
        doubtful=doubtful,
        direction=row["direction"] or "unclear",
        sure=row["direction_confidence"],
        compared=tell_compared(detail),
        margin=tell_margin(detail, row["score"]),
    )


def group_beads(beads: Iterable[Bead]) -> list[list[Bead]]:
    """Beads in the order of the article, those next to each other with one source together."""
    ordered = sorted(beads, key=lambda bead: (bead.begin, bead.end, bead.source_begin))
    return [list(some) for _, some in groupby(ordered, key=lambda bead: (bead.doubtful, bead.source, bead.direction))]


def tell_compared(detail: Mapping[str, Any]) -> str:
    """What was compared: "2 numbers and 3 names in both; 1 number only here"; empty where nothing is said of it."""
    tallies = [(noun, tally) for noun in ("number", "date", "name") if (tally := _read_tally(detail.get(noun + "s")))]
    if not tallies:
        return ""
    places = (say("{counts} in both"), say("{counts} only here"), say("{counts} only there"))
    told = [
        place.format(counts=_join([_count(tally[n], noun) for noun, tally in tallies if tally[n]]))
        for n, place in enumerate(places)
        if any(tally[n] for _, tally in tallies)
    ]
    return "; ".join(told) or say("no number, date or name in either")


def tell_margin(detail: Mapping[str, Any], score: float | None) -> str:
    """A margin and how much it is: "margin 0.31, strong"; empty where there is none."""
    margin = detail.get("margin")
    if not isinstance(margin, int | float) or isinstance(margin, bool):
        return ""
    value = current_voice().say_decimal(margin, 2)
    if score is None:
        return say("margin {value}", value=value)
    if score >= STRONG:
        return say("margin {value}, strong", value=value)
    if score >= CLEAR:
        return say("margin {value}, clear", value=value)
    if score >= FAIR:
        return say("margin {value}, fair", value=value)
    return say("margin {value}, weak", value=value)


def _read_tally(value: object) -> Sequence[int]:
    good = isinstance(value, list) and len(value) == 3 and all(isinstance(item, int) for item in value)
    return value if good and isinstance(value, list) else ()


def _count(value: int, noun: str) -> str:
    if noun == "number":
        return say_number("{count} number", "{count} numbers", value)
    if noun == "date":
        return say_number("{count} date", "{count} dates", value)
    return say_number("{count} name", "{count} names", value)


def _join(items: Sequence[str]) -> str:
    if len(items) < 2:
        return items[0]
    return say("{some} and {last}", some=", ".join(items[:-1]), last=items[-1])


def widen_span(text: str, begin: int, end: int) -> tuple[int, int]:
    """A span of words with the marks that open and close it: quotation marks, the full stop."""
    opening, closing = _OPENING.search(text, max(0, begin - 8), begin), _CLOSING.match(text, end)
    return (opening.start() if opening else begin), (closing.end() if closing else end)


def count_passages(passages: Sequence[tuple[int, int]], begin: int, end: int) -> int:
    """How many of an article's passages a span touches."""
    return sum(first < end and last > begin for first, last in passages)
