"""Search over all texts in all languages: words in any of their forms, marked where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from arna.air.report_words import clean_text
from arna.errors import StoreError
from arna.observatory.sheets import Sheet, number_page, page
from arna.store.search import SearchIndex

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa

    from arna.observatory.visit import Visit

PAGE = 20
"""Hits on a page."""

MOST = 2_000
"""Hits that can be paged to and taken along; past them a query says too little."""

AROUND = 130
"""Letters shown before and after the first word found in a text."""

_kept: dict[Path, SearchIndex] = {}


@dataclass(frozen=True)
class Asked:
    """What is looked for; empty texts and None mean everything."""

    words: str
    lang: str
    outlet: str
    since: date | None
    until: date | None


@dataclass(frozen=True)
class Found:
    """An article found: its row of ``heads``, its title and a part of its text as (marked, words)."""

    head: dict[str, Any]
    title: tuple[tuple[bool, str], ...]
    part: tuple[tuple[bool, str], ...]


def open_index(folder: Path) -> SearchIndex:
    """The one index of a space in this process."""
    return _kept.setdefault(folder, SearchIndex(folder))


@page
def find(visit: Visit) -> Sheet:
    """Articles that hold the words asked for, the best first; without words, the newest."""
    asked = read_asked(visit)
    index, problem, total = open_index(visit.folder), "", 0
    found: list[Found] = []
    place = {"number": 1, "last": 1}
    try:
        total = _search(index, asked, 0, 0)[0]
        place = number_page(visit, min(total, MOST), PAGE)
        ids = _search(index, asked, PAGE, PAGE * (place["number"] - 1))[1]
        found = open_hits(visit, index, asked, ids)
    except StoreError as error:
        problem = str(error)
    title = gettext("Search: %(words)s") % {"words": clean_text(asked.words)} if asked.words else gettext("Search")
    return Sheet(
        template="search.html.j2",
        title=title,
        name="search",
        context={
            "asked": asked,
            "found": found,
            "total": total,
            "problem": problem,
            "most": MOST,
            "outlets": sorted(visit.space.outlets, key=lambda outlet: outlet.name.casefold()),
            **place,
        },
        rows=None if problem else lambda: tabulate_hits(visit, _search(index, asked, MOST, 0)[1]),
    )


def read_asked(visit: Visit) -> Asked:
    """What the address asks for; what makes no sense is left out."""
    query = visit.request.GET
    return Asked(
        words=query.get("q", "").strip()[:200],
        lang=query.get("lang", "") if query.get("lang", "") in visit.space.languages else "",
        outlet=query.get("outlet", "")[:300],
        since=_read_day(query.get("since", "")),
        until=_read_day(query.get("until", "")),
    )


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _search(index: SearchIndex, asked: Asked, limit: int, offset: int) -> tuple[int, list[str]]:
    result = index.search(
        asked.words, asked.lang or None, asked.outlet or None, asked.since, asked.until, limit=limit, offset=offset
    )
    return result.total, [hit.article_id for hit in result.hits]


def open_hits(visit: Visit, index: SearchIndex, asked: Asked, ids: Sequence[str]) -> list[Found]:
    """The articles of some hits with the words found; those the snapshot does not hold (yet) are passed over."""
    rows = visit.snapshot.open_articles(ids)
    by_id = {row["id"]: row for row in rows}
    found = []
    for row in (by_id[item] for item in ids if item in by_id):
        lang, text, title = row["lang"] or "und", clean_text(row.pop("text") or ""), clean_text(row["title"] or "")
        found.append(
            Found(row, mark_part(title, index.mark(title, asked.words, lang), whole=True),
                  mark_part(text, index.mark(text, asked.words, lang)))
        )  # fmt: skip
    return found


def mark_part(text: str, spans: Sequence[tuple[int, int]], *, whole: bool = False) -> tuple[tuple[bool, str], ...]:
    """A text, or what is around the first span in it, cut where marks begin and end."""
    begin, end = 0, len(text)
    if not whole:
        first = spans[0] if spans else (0, 0)
        begin, end = _snap(text, max(0, first[0] - AROUND), back=True), _snap(text, first[1] + AROUND, back=False)
    parts = [(False, "… ")] if begin else []
    at = begin
    for first_letter, after in spans:
        if begin <= first_letter and after <= end:
            parts += [(False, text[at:first_letter]), (True, text[first_letter:after])]
            at = after
    parts.append((False, text[at:end]))
    if end < len(text):
        parts.append((False, " …"))
    return tuple(part for part in parts if part[1])


def _snap(text: str, at: int, *, back: bool) -> int:
    """A place near ``at`` where a word begins or ends."""
    if at <= 0 or at >= len(text):
        return min(max(at, 0), len(text))
    space = text.rfind(" ", max(0, at - 30), at) if back else text.find(" ", at, at + 30)
    return at if space < 0 else space + (1 if back else 0)


def tabulate_hits(visit: Visit, ids: Sequence[str]) -> pa.Table:
    """Hits as rows, the best first."""
    return visit.snapshot.ask(
        """SELECT list_position($ids, id) AS place, id, url, outlet, title, published_at, lang FROM heads
           WHERE list_contains($ids, id) ORDER BY place""",
        {"ids": list(ids)},
    )
