"""The traced articles of the report: their text in order, and beside each part what it rests on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from arna.air.report_choice import choose_articles
from arna.air.report_pairs import count_passages, group_beads, read_bead, widen_span
from arna.air.report_sources import PASSAGE, REST, Sources, tell_direction
from arna.air.report_spans import FOLDED, WHOLE, Mark, cut_passage, lay_out
from arna.air.report_words import show_count, spell_number
from arna.air.voice import say, say_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from arna.air.report_choice import Choice
    from arna.air.report_pairs import Bead
    from arna.air.report_sources import Ground, Held, Hop
    from arna.air.report_spans import Piece
    from arna.store import Lake
    from arna.terms import Space


@dataclass(frozen=True)
class Limits:
    """How much of an article is shown.

    Attributes:
        spans: explained at the most; the rest are counted.
        pairs: sentences shown beside those they render.
        whole: letters up to which a stretch is shown whole; of a longer one, the parts without spans are folded.
        folded: letters kept in folds at the most.
    """

    spans: int = 24
    pairs: int = 40
    whole: int = WHOLE
    folded: int = FOLDED


_LETTER = re.compile(r"\w")


@dataclass(frozen=True)
class Pair:
    """What a sentence renders, or may render.

    Attributes:
        lean: the row of ``reliances`` that says so.
        head: the source's sentence, or its beginning.
        rest: what is folded away of it.
        compared: what was compared, in words.
        margin: how much closer the two are than unrelated ones, in words.
        shape: how many sentences there are on either side, if not one.
        moved: in the source it stands before what comes before it here.
        skipped: sentences of the source between the pair before and this one.
        left_out: their text.
    """

    lean: Mapping[str, Any]
    head: str
    rest: str
    compared: str
    margin: str
    shape: str
    moved: bool
    skipped: int
    left_out: str


@dataclass(frozen=True)
class Line:
    """A part of an article, what it renders, and the other sources of spans that begin in it."""

    pieces: tuple[Piece, ...]
    grounds: tuple[Ground, ...]
    pair: Pair | None = None


@dataclass(frozen=True)
class Head:
    """The source of some lines that were translated from it, or may have been.

    Attributes:
        source: the article.
        doubtful: it may be facts in common.
        again: the lines before the last own ones rest on it, too.
        sure: it is known who renders whom.
        direction: how it is known.
        tally: how many of its sentences are rendered, in words.
        hops: what these sentences rest on in turn.
    """

    source: Held
    doubtful: bool
    again: bool
    sure: bool
    direction: str
    tally: str
    hops: tuple[Hop, ...]


@dataclass(frozen=True)
class Block:
    """Lines with one source, or lines that render nothing."""

    head: Head | None
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Traced:
    """An article as the report shows it; ``parallel`` tells that it has sentences beside others."""

    id: str
    self: Held
    shapes: tuple[str, ...]
    languages: str
    carriers: int
    shares: Mapping[str, float]
    blocks: tuple[Block, ...]
    parallel: bool
    more: int


def gather_traced(lake: Lake, space: Space) -> tuple[Traced, ...]:
    """Choose the articles and explain their spans.

    Raises:
        StoreError: the lake cannot be read.
    """
    choices = choose_articles(lake, space)
    if not choices:
        return ()
    sources = Sources(lake, space, [choice.id for choice in choices])
    return tuple(open_article(sources, choice) for choice in choices)


def open_article(sources: Sources, choice: Choice, limits: Limits | None = None) -> Traced:
    """Explain the spans of one of the articles of ``sources``."""
    return _Page(sources, choice, limits or Limits()).open()


class _Page:
    """One article on its way to a page."""

    def __init__(self, sources: Sources, choice: Choice, limits: Limits) -> None:
        self.sources, self.choice, self.limits = sources, choice, limits
        self.text: str = sources.articles[choice.id]["text"]
        leans = sources.leans[choice.id]
        others = [lean for lean in leans if lean["kind"] != "translation"][: limits.spans]
        beads = [read_bead(lean) for lean in leans if lean["kind"] == "translation"]
        beads = [bead for bead in beads if 0 <= bead.begin < bead.end <= len(self.text)][: limits.pairs]
        self.more = len(leans) - len(others) - len(beads)
        self.marks = [Mark(n, lean["kind"], lean["begin"], lean["end"]) for n, lean in enumerate(others, start=1)]
        self.waiting = list(enumerate(others, start=1))
        self.beads, self.groups = beads, group_beads(beads)
        self.folded = limits.folded // (2 * len(beads) + 1)
        self.at = 0

    def open(self) -> Traced:
        blocks: list[Block] = []
        before: set[str] = set()
        for group in self.groups:
            begin = self._start(group[0])
            if begin > self.at:
                blocks.append(Block(None, (self._lay(begin),)))
            lines = tuple(self._align(group))
            blocks.append(Block(self._head(group, group[0].source in before), lines))
            before.add(group[0].source)
        if self.at < len(self.text.rstrip()) or self.waiting or not blocks:
            blocks.append(Block(None, (self._lay(len(self.text)),)))
        return Traced(
            id=self.choice.id,
            self=self.sources.name_article(self.choice.id),
            shapes=self.choice.shapes,
            languages=self.choice.languages,
            carriers=self.choice.carriers,
            shares=self.sources.shares[self.choice.id],
            blocks=tuple(blocks),
            parallel=bool(self.beads),
            more=self.more,
        )

    def _start(self, bead: Bead) -> int:
        """Where a bead begins to be shown: after what is shown, and right there if nothing but signs lies between."""
        begin = max(self.at, widen_span(self.text, bead.begin, bead.end)[0])
        return begin if _LETTER.search(self.text, self.at, begin) else self.at

    def _lay(self, end: int, pair: Pair | None = None) -> Line:
        """What has not been shown yet, up to a place."""
        pieces = lay_out(self.text, self.marks, self.at, end, self.folded, self.limits.whole)
        self.at = end
        due = [item for item in self.waiting if item[1]["begin"] < end or end >= len(self.text)]
        self.waiting = self.waiting[len(due) :]
        return Line(tuple(pieces), tuple(self.sources.explain(n, lean, self.text) for n, lean in due), pair)

    def _align(self, group: Sequence[Bead]) -> list[Line]:
        lines: list[Line] = []
        before: Bead | None = None
        for bead in group:
            begin = self._start(bead)
            if begin > self.at:
                lines.append(self._lay(begin))
            end = max(self.at, widen_span(self.text, bead.begin, bead.end)[1])
            lines.append(self._lay(end, self._pair(bead, before)))
            before = bead
        return lines

    def _pair(self, bead: Bead, before: Bead | None) -> Pair:
        source = self.sources.articles.get(bead.source)
        text: str = source["text"] if source else ""
        there = self.sources.passages.get(bead.source, [])
        begin, end = widen_span(text, bead.source_begin, bead.source_end) if bead.source_begin >= 0 else (0, 0)
        head, rest = cut_passage(text[begin:end].strip(), PASSAGE)
        counts = (
            count_passages(self.sources.passages.get(self.choice.id, []), bead.begin, bead.end),
            count_passages(there, bead.source_begin, bead.source_end),
        )
        skipped = []
        if before and before.source_end <= bead.source_begin:
            skipped = [span for span in there if before.source_end <= span[0] and span[1] <= bead.source_begin]
        return Pair(
            lean=bead.lean,
            head=head,
            rest=rest[:REST],
            compared=bead.compared,
            margin=bead.margin,
            shape=_tell_shape(*counts),
            moved=bool(before and bead.source_begin < before.source_begin),
            skipped=len(skipped),
            left_out=text[skipped[0][0] : skipped[-1][1]][:REST] if skipped else "",
        )

    def _head(self, group: Sequence[Bead], again: bool) -> Head:
        first = group[0]
        beads = [bead for bead in self.beads if (bead.source, bead.doubtful) == (first.source, first.doubtful)]
        here = _count_touched(self.sources.passages.get(self.choice.id, []), [(b.begin, b.end) for b in beads])
        spans = [(bead.source_begin, bead.source_end) for bead in beads]
        there = _count_touched(self.sources.passages.get(first.source, []), spans)
        return Head(
            source=self.sources.name_article(first.source),
            doubtful=first.doubtful,
            again=again,
            sure=first.direction != "unclear",
            direction=tell_direction(first.direction, first.sure),
            tally=_tell_tally(here, there),
            hops=() if first.doubtful else self.sources.follow(self.choice.id, first.source, spans),
        )


def _count_touched(passages: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """How many of an article's passages spans touch, and how many it has."""
    touched = [passage for passage in passages if any(begin < passage[1] and end > passage[0] for begin, end in spans)]
    return len(touched), len(passages)


def _tell_tally(here: tuple[int, int], there: tuple[int, int]) -> str:
    """How much of either article is in the other."""
    if not here[1] or not there[1]:
        return ""
    return say("{here} {there}", here=_tell_here(*here), there=_tell_there(*there))


def _tell_here(some: int, whole: int) -> str:
    """How many of this article's sentences, as the beginning of a line."""
    if some < whole:
        shown = show_count(some)
        return say_number(
            "{some} of the {count} sentence here", "{some} of the {count} sentences here", whole, some=shown
        )
    if whole == 1:
        return say("The only sentence here")
    if whole == 2:
        return say("Both sentences here")
    return say_number("All {count} sentence here", "All {count} sentences here", whole)


def _tell_there(some: int, whole: int) -> str:
    """How many of the source's sentences, as the end of a line."""
    if some < whole:
        return say_number(
            "beside {some} of the {count} sentence there", "beside {some} of the {count} sentences there", whole,
            some=show_count(some),
        )  # fmt: skip
    if whole == 1:
        return say("beside the only sentence there")
    if whole == 2:
        return say("beside both sentences there")
    return say_number("beside all {count} sentence there", "beside all {count} sentences there", whole)


def _tell_shape(here: int, there: int) -> str:
    """How many sentences stand beside how many; nothing where it is one beside one."""
    if max(here, there) < 2 or min(here, there) < 1:
        return ""
    return say(
        "{here}, {there}",
        here=say_number("{spelled} sentence here", "{spelled} sentences here", here, spelled=spell_number(here)),
        there=say_number("{spelled} there", "{spelled} there", there, spelled=spell_number(there)),
    )
