"""What people judged, as spans of words: it goes before whatever the machine finds.

A span is told again, whatever model or rules found it this time, by the words it holds: a finding is the one that was
judged if at least :data:`SAME` of it, here and there, lies inside the spans that were judged.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from arna.terms import JUDGED
from arna.trace.align import Match
from arna.trace.beads import SLOPE, TURN
from arna.trace.choose import Lean, Rendering, turn_match

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from arna.terms import Judgement
    from arna.trace.choose import Doubt
    from arna.trace.places import Places

SAME = 1 / 3
"""Part of a finding that must lie inside what was judged. A sentence that is now found together with the next one is
half of the two or, if it is shorter, a third."""

_Row = dict[str, Any]


@dataclass
class Verdicts:
    """Judgements of copies and translations that hold.

    Attributes:
        accepted: per pair of articles, the leans that a person accepted.
        refused: per pair of articles, the words here and there that do not rest on each other, and whether as a
            translation.
        lost: judgements that name an article, or words, that the space does not hold.
    """

    accepted: dict[tuple[int, int], list[Lean]] = field(default_factory=lambda: defaultdict(list))
    refused: dict[tuple[int, int], list[tuple[Match, bool]]] = field(default_factory=lambda: defaultdict(list))
    lost: list[Judgement] = field(default_factory=list)

    def allow(self, found: Lean | Doubt) -> bool:
        """Whether something found is neither rejected, nor the other way round of what was accepted."""
        match, rendered = found.match, found.rendering is not None
        if any(rendered == other and _lies_in(match, judged) for judged, other in self.refused.get(match[:2], ())):
            return False
        back = turn_match(match)
        return not any(_lies_in(back, lean.match) for lean in self.accepted.get(back[:2], ()))

    def is_accepted(self, found: Lean) -> bool:
        """Whether something found is what a person accepted."""
        rendered = found.rendering is not None
        return any(
            rendered == (lean.rendering is not None) and _lies_in(found.match, lean.match)
            for lean in self.accepted.get(found.match[:2], ())
        )

    def group_accepted(self) -> dict[int, list[Lean]]:
        """Accepted leans by the article that rests on another, in order of the span."""
        grouped: dict[int, list[Lean]] = defaultdict(list)
        for lean in sorted((lean for some in self.accepted.values() for lean in some), key=lambda lean: lean.match):
            grouped[lean.match.a].append(lean)
        return grouped


def read_verdicts(judgements: Sequence[Judgement], places: Places) -> Verdicts:
    """Judgements of copies and translations in words; see below for credits and links."""
    verdicts = Verdicts()
    for judgement in judgements:
        if judgement.kind not in ("copy", "translation"):
            if judgement.article_id not in places.number:
                verdicts.lost.append(judgement)
            continue
        match = _place(judgement, places)
        if match is None:
            verdicts.lost.append(judgement)
        elif judgement.verdict == "accepted":
            rendering = _render(judgement) if judgement.kind == "translation" else None
            verdicts.accepted[match[:2]].append(Lean(match, JUDGED, 1.0, rendering))
        else:
            verdicts.refused[match[:2]].append((match, judgement.kind == "translation"))
    return verdicts


def _place(judgement: Judgement, places: Places) -> Match | None:
    source = judgement.source_article_id
    if judgement.article_id not in places.number or source not in places.number:
        return None
    a, b = places.number[judgement.article_id], places.number[str(source)]
    if a not in places.at or b not in places.at or a == b:
        return None
    first, last = places.words_of(a, judgement.begin, judgement.end)
    begin, end = judgement.source_begin or 0, judgement.source_end or 0
    other_first, other_last = places.words_of(b, begin, end)
    if first >= last or other_first >= other_last:
        return None
    size = max(last - first, other_last - other_first)
    score = 0.0 if judgement.kind == "translation" else judgement.score or 0.0
    equal = judgement.found.get("equal_words")
    equal = equal if isinstance(equal, int) else round(score * size)
    return Match(a, b, first, last, other_first, other_last, equal, last - first)


def _render(judgement: Judgement) -> Rendering:
    """What the machine had compared. The row's score is its margin, seen otherwise, and not rounded."""
    found, score = judgement.found, judgement.score
    margin = found.get("margin")
    if score is not None and 0 < score < 1:
        margin = TURN + math.log(score / (1 - score)) / SLOPE
    tallies = {kind: found[kind] for kind in ("numbers", "dates", "names") if _is_tally(found.get(kind))}
    compared = {kind: (both, here, there) for kind, (both, here, there) in tallies.items()}
    return Rendering(float(margin) if isinstance(margin, (int, float)) else TURN, compared)


def _is_tally(value: object) -> bool:
    return isinstance(value, list) and len(value) == 3 and all(isinstance(item, int) for item in value)


def _lies_in(found: Match, judged: Match) -> bool:
    return (
        (found.a, found.b) == (judged.a, judged.b)
        and _covers(found.first, found.last, judged.first, judged.last)
        and _covers(found.other_first, found.other_last, judged.other_first, judged.other_last)
    )


def _covers(first: int, last: int, judged_first: int, judged_last: int) -> bool:
    return min(last, judged_last) - max(first, judged_first) >= SAME * (last - first)


def judge_credits(judgements: Sequence[Judgement], rows: Sequence[_Row]) -> list[_Row]:
    """Rows of credits without those rejected; those accepted are ``judged``, and there even if not found any more."""

    def remake(judgement: Judgement) -> _Row:
        found = judgement.found
        return {
            "article_id": judgement.article_id,
            "begin": judgement.begin,
            "end": judgement.end,
            "outlet": judgement.source_outlet,
            "name": str(found.get("name", "")),
            "form": str(found.get("form", "")),
            "score": 1.0 if judgement.score is None else judgement.score,
            "whole": found.get("whole") is True,
        }

    return _settle([item for item in judgements if item.kind == "credit"], rows, remake)


def judge_links(judgements: Sequence[Judgement], rows: Sequence[_Row], held: Mapping[str, int]) -> list[_Row]:
    """Rows of links, likewise. ``held`` has the ids of the articles that a link may lead to."""

    def remake(judgement: Judgement) -> _Row:
        return {
            "article_id": judgement.article_id,
            "begin": judgement.begin,
            "end": judgement.end,
            "url": str(judgement.found.get("url", "")),
            "outlet": judgement.source_outlet,
            "target_id": judgement.source_article_id if judgement.source_article_id in held else None,
        }

    return _settle([item for item in judgements if item.kind == "link"], rows, remake)


def _settle(judgements: Sequence[Judgement], rows: Sequence[_Row], remake: Callable[[Judgement], _Row]) -> list[_Row]:
    by_article: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        by_article[judgement.article_id].append(judgement)
    kept, met = [], set[int]()
    for row in rows:
        about = [item for item in by_article.get(row["article_id"], ()) if _is_about(item, row)]
        accepted = [item for item in about if item.verdict == "accepted"]
        met |= {id(item) for item in accepted}
        if accepted or not about:
            kept.append(row | {"judged": bool(accepted)})
    lost = [item for item in judgements if item.verdict == "accepted" and id(item) not in met]
    return kept + [remake(item) | {"judged": True} for item in lost]


def _is_about(judgement: Judgement, row: _Row) -> bool:
    """Whether a credit or link is the one that was judged: of the same outlet and address, and the same place."""
    same_url = judgement.found.get("url", row.get("url")) == row.get("url")
    if row["outlet"] != judgement.source_outlet or not same_url:
        return False
    if judgement.end <= judgement.begin or row["end"] <= row["begin"]:  # a link whose place is not known
        return bool((row["begin"], row["end"]) == (judgement.begin, judgement.end))
    return _covers(row["begin"], row["end"], judgement.begin, judgement.end)
