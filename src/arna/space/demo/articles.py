"""Articles of the demo and where each stretch of their words comes from: the truth that tracing is compared with."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from arna.terms import OWN, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from arna.terms import Space

COPY, TRANSLATION = "copy", "translation"
_WORD = re.compile(r"\w+(?:['’ʻʼ-]\w+)*")


@dataclass(frozen=True)
class Trail:
    """A stretch of a paragraph and the stretch of another article's paragraph it was taken from.

    Offsets count code points of the paragraphs. ``clear`` is False where nobody can say who took from whom.
    """

    source: str
    paragraph: int
    begin: int
    end: int
    source_begin: int
    source_end: int
    kind: str = COPY
    clear: bool = True


@dataclass(frozen=True)
class Link:
    """A link in a paragraph's text."""

    begin: int
    end: int
    url: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph with its trails and links."""

    text: str
    trails: tuple[Trail, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Article:
    """An article as its outlet published it.

    ``core`` are the numbers of the first and one past the last paragraph of the story itself, without credit lines
    and what a paper adds; ``dateline`` is what stands before the story in the first of them. ``credits`` are the
    outlets it names as its source, in the lead or in a source line.
    """

    url: str
    outlet: str
    lang: str
    title: str
    paragraphs: tuple[Paragraph, ...]
    published_at: datetime
    case: str
    story: str = ""
    variant: str = ""
    core: tuple[int, int] = (0, 0)
    dateline: str = ""
    credits: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The body as a reader should extract it."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs)

    @property
    def links(self) -> list[str]:
        """Addresses the body links to."""
        return [link.url for paragraph in self.paragraphs for link in paragraph.links]

    def offset_of(self, number: int) -> int:
        """Where a paragraph begins in ``text``."""
        return sum(len(paragraph.text) + 1 for paragraph in self.paragraphs[:number])


def own_paragraphs(texts: Sequence[str]) -> list[Paragraph]:
    """Paragraphs that rest on nobody."""
    return [Paragraph(text) for text in texts]


def copy_paragraphs(source: Article, numbers: Sequence[int], dateline: str = "") -> list[Paragraph]:
    """The paragraphs of a source word for word, the first with the given dateline in place of its own."""
    copies: list[Paragraph] = []
    for number in numbers:
        text = source.paragraphs[number].text
        skip = len(source.dateline) if number == source.core[0] else 0
        lead = dateline if number == numbers[0] else ""
        if lead == source.dateline and skip:
            trail = Trail(source.url, number, 0, len(text), 0, len(text))
        else:
            trail = Trail(source.url, number, len(lead), len(lead) + len(text) - skip, skip, len(text))
        copies.append(Paragraph(lead + text[skip:], (trail,)))
    return copies


def pair_paragraphs(source: Article, texts: Sequence[str], kind: str) -> list[Paragraph]:
    """Paragraphs that each render the source's core paragraph of the same place: a translation or an edited copy.

    An edited copy's trail runs from the first to the last word it shares with its source, on both sides.

    Raises:
        ValueError: the numbers of paragraphs differ.
    """
    numbers = range(*source.core)
    made: list[Paragraph] = []
    for number, text in zip(numbers, texts, strict=True):
        other = source.paragraphs[number].text
        skip = len(source.dateline) if number == source.core[0] else 0
        begin, end, source_begin, source_end = 0, len(text), skip, len(other)
        if kind == COPY:
            begin, end, source_begin, source_end = _shared_stretch(text, other[skip:])
            source_begin, source_end = source_begin + skip, source_end + skip
        made.append(Paragraph(text, (Trail(source.url, number, begin, end, source_begin, source_end, kind),)))
    return made


def _shared_stretch(text: str, other: str) -> tuple[int, int, int, int]:
    mine, theirs = (list(_WORD.finditer(side)) for side in (text, other))
    matcher = difflib.SequenceMatcher(
        None, [word.group().lower() for word in mine], [word.group().lower() for word in theirs], autojunk=False
    )
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if not blocks:
        return 0, len(text), 0, len(other)
    first, last = blocks[0], blocks[-1]
    end, source_end = mine[last.a + last.size - 1].end(), theirs[last.b + last.size - 1].end()
    # The full stop after the last shared word belongs to the stretch when it ends both texts.
    if end + 1 == len(text) and source_end + 1 == len(other):
        end, source_end = len(text), len(other)
    return mine[first.a].start(), end, theirs[first.b].start(), source_end


def find_spans(article: Article, articles: Mapping[str, Article]) -> list[dict[str, object]]:
    """Spans of an article's text on the texts they were taken from; runs of whole paragraphs are one span."""
    spans: list[dict[str, object]] = []
    for number, paragraph in enumerate(article.paragraphs):
        for trail in paragraph.trails:
            base, other = article.offset_of(number), articles[trail.source].offset_of(trail.paragraph)
            span: dict[str, object] = {
                "begin": base + trail.begin,
                "end": base + trail.end,
                "source_url": trail.source,
                "source_begin": other + trail.source_begin,
                "source_end": other + trail.source_end,
                "kind": trail.kind,
                "direction": "forward" if trail.clear else "unclear",
                "root_url": _root_url(trail, articles),
            }
            if spans and trail.kind == COPY and _continues(spans[-1], span):
                spans[-1] |= {"end": span["end"], "source_end": span["source_end"]}
            else:
                spans.append(span)
    return spans


def _root_url(trail: Trail, articles: Mapping[str, Article]) -> str:
    """Where a chain of takings of one kind ends: the article that took these words from nobody in its language."""
    if trail.clear:
        for further in articles[trail.source].paragraphs[trail.paragraph].trails:
            if further.kind == trail.kind:
                return _root_url(further, articles)
    return trail.source


def _continues(last: Mapping[str, object], span: Mapping[str, object]) -> bool:
    same = all(last[key] == span[key] for key in ("source_url", "kind", "direction"))
    return same and all(
        span[begin] == int(str(last[end])) + 1 for begin, end in (("begin", "end"), ("source_begin", "source_end"))
    )


def find_origins(
    article: Article, articles: Mapping[str, Article], space: Space, *, translated: bool
) -> dict[str, float]:
    """Origin shares of an article by words, with or without following translations; they sum to 1.

    Copied words rest with the root's origin, through chains. A credit speaks for all words without a trail. The rest
    is the article's own. Copies of which nobody can say who had them first are unknown, unless the article that took
    them from there names its source.
    """
    words: Counter[str] = Counter()
    for paragraph in article.paragraphs:
        inside = 0
        for trail in _followed(paragraph, translated=translated):
            count = len(_WORD.findall(paragraph.text[trail.begin : trail.end]))
            words[_root_of_trail(article, trail, articles, space, translated=translated)] += count
            inside += count
        left = len(_WORD.findall(paragraph.text)) - inside
        if left:
            words[_untraced(article, space)] += left
    total = sum(words.values())
    return {origin: round(count / total, 4) for origin, count in sorted(words.items()) if count}


def _followed(paragraph: Paragraph, *, translated: bool) -> Iterator[Trail]:
    return (trail for trail in paragraph.trails if trail.kind == COPY or translated)


def _untraced(article: Article, space: Space) -> str:
    return space.origin_of(article.credits[0]) if article.credits else OWN


def _root_of_trail(
    article: Article, trail: Trail, articles: Mapping[str, Article], space: Space, *, translated: bool
) -> str:
    if not trail.clear:
        return UNKNOWN
    source = articles[trail.source]
    further = next(_followed(source.paragraphs[trail.paragraph], translated=translated), None)
    if further is None:
        root = _untraced(source, space)
    else:
        root = _root_of_trail(source, further, articles, space, translated=translated)
    if root == OWN and source.outlet != article.outlet:
        return space.origin_of(source.outlet)
    # Who had it first is in doubt, but not whom this article names.
    return _untraced(article, space) if root == UNKNOWN and article.credits else root
