"""Counts the void map for any filters from columns in memory, by the same code as ``arna run``.

Without filters the numbers are those of the tables ``voids`` and ``coverage``, to the last digit of the intervals.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from arna.air.report_facts import Week
from arna.observatory.filters import UNREGISTERED
from arna.terms import UNKNOWN
from arna.voids.rank import Cell, rank_cells, sum_languages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from arna.observatory.filters import Filters
    from arna.observatory.snapshot import Snapshot

OWN_GROUP, OTHERS = "own-reporting", "others"
"""Names of the two groups that origins can be put into; the third is ``unknown``."""


@dataclass(frozen=True)
class Square:
    """A topic in a language: a row of ``voids`` for the filters, and its shares by origin (or group)."""

    topic: str
    lang: str
    articles: int
    own_share: float
    low: float
    high: float
    top_origin: str | None
    top_share: float | None
    health: float | None
    demand: float
    status: str
    rank: int
    shares: Mapping[str, float]


@dataclass(frozen=True)
class VoidMap:
    """The void map for some filters.

    Attributes:
        squares: by topic and language.
        topics: rows, in order.
        langs: columns, in order.
        shares: of everything looked at.
        articles: everything looked at.
        collected: health by base language.
        first_week: of what is looked at; None where there is nothing.
        last_week: likewise.
    """

    squares: Mapping[tuple[str, str], Square]
    topics: tuple[str, ...]
    langs: tuple[str, ...]
    shares: Mapping[str, float]
    articles: int
    collected: Mapping[str, float]
    first_week: date | None
    last_week: date | None


class Columns:
    """The facts of a snapshot as numbers, in order of topic, language and article."""

    def __init__(self, snapshot: Snapshot) -> None:
        table = snapshot.ask(
            "SELECT n, topic, lang, week, outlet, origin, words FROM facts ORDER BY topic, lang, n, origin"
        )
        self.article = table["n"].to_numpy()
        self.week = table["week"].cast(pa.int32()).to_numpy()
        self.words = table["words"].to_numpy()
        self.topics, self.topic = _number(table["topic"])
        self.langs, self.lang = _number(table["lang"])
        self.outlets, self.outlet = _number(table["outlet"])
        self.origins, self.origin = _number(table["origin"])
        known = snapshot.space.outlets_by_id
        self.reach = np.array([known[name].reach if name in known else 1.0 for name in self.outlets])
        self.sorts = describe_outlets(snapshot, self.outlets)

    def choose(self, filters: Filters, *, period: bool = True) -> NDArray[np.intp]:
        """Places of the facts that filters let through."""
        good = np.ones(len(self.article), dtype=bool)
        if period and filters.since:
            good &= self.week >= _day_number(filters.since)
        if period and filters.until:
            good &= self.week <= _day_number(filters.until)
        if filters.topics:
            good &= np.isin(self.topic, [n for n, name in enumerate(self.topics) if name in filters.topics])
        if filters.kinds or filters.controls:
            taken = np.array([filters.takes(self.sorts[name]) for name in self.outlets], dtype=bool)
            good &= taken[self.outlet]
        return np.flatnonzero(good)


def describe_outlets(snapshot: Snapshot, outlets: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Kind and control of outlets."""
    known = snapshot.space.outlets_by_id
    return {
        name: (known[name].kind, known[name].control) if name in known else (UNREGISTERED, UNREGISTERED)
        for name in outlets
    }


def see_columns(snapshot: Snapshot) -> Columns:
    """The columns of a snapshot, made once."""
    return snapshot.know("columns", lambda: Columns(snapshot))


def count_map(snapshot: Snapshot, filters: Filters) -> VoidMap:
    """The void map for filters."""
    return snapshot.know(("map", filters), lambda: _count_map(snapshot, filters))


def _count_map(snapshot: Snapshot, filters: Filters) -> VoidMap:
    columns = see_columns(snapshot)
    places = columns.choose(filters)
    cells = _cut_cells(columns, places)
    collected = collect_languages(snapshot, filters)
    rows = rank_cells(cells, collected, snapshot.space)
    squares = {}
    for row in rows:
        if filters.topics and row["topic"] not in filters.topics:
            continue
        cell = cells.get((row["topic"], row["lang"]))
        words = dict(zip(cell.names, cell.matrix.sum(axis=0).tolist(), strict=True)) if cell else {}
        squares[row["topic"], row["lang"]] = _make_square(row, group_shares(snapshot, filters, words))
    order = [*(topic.id for topic in snapshot.space.topics)]
    tongues = list(snapshot.space.languages)
    totals = np.bincount(columns.origin[places], columns.words[places], minlength=len(columns.origins))
    weeks = columns.week[places]
    return VoidMap(
        squares=squares,
        topics=tuple(_in_order(order, {key[0] for key in squares})),
        langs=tuple(_in_order(tongues, {key[1] for key in squares})),
        shares=group_shares(snapshot, filters, dict(zip(columns.origins, totals.tolist(), strict=True))),
        articles=len(np.unique(columns.article[places])),
        collected=collected,
        first_week=_day(int(weeks.min())) if len(weeks) else None,
        last_week=_day(int(weeks.max())) if len(weeks) else None,
    )


def _make_square(row: dict[str, Any], shares: Mapping[str, float]) -> Square:
    wanted = ("topic", "lang", "articles", "own_share", "low", "high", "health", "demand", "status", "rank")
    return Square(
        **{name: row[name] for name in wanted},
        top_origin=row.get("top_origin"),
        top_share=row.get("top_share"),
        shares=shares,
    )


def _cut_cells(columns: Columns, places: NDArray[np.intp]) -> dict[tuple[str, str], Cell]:
    """Cells of the facts at some places, each as words by article and origin."""
    cells: dict[tuple[str, str], Cell] = {}
    if not len(places):
        return cells
    key = columns.topic[places].astype(np.int64) * len(columns.langs) + columns.lang[places]
    edges = [0, *(np.flatnonzero(np.diff(key)) + 1).tolist(), len(places)]
    for head, tail in pairwise(edges):
        some = places[head:tail]
        article = columns.article[some]
        first = np.concatenate(([True], article[1:] != article[:-1]))
        row = np.cumsum(first) - 1
        origins, column = np.unique(columns.origin[some], return_inverse=True)
        matrix = np.zeros((int(row[-1]) + 1, len(origins)))
        np.add.at(matrix, (row, column), columns.words[some])
        topic, lang = divmod(int(key[head]), len(columns.langs))
        cells[columns.topics[topic], columns.langs[lang]] = Cell(
            [columns.origins[n] for n in origins], matrix, float(columns.reach[columns.outlet[some][first]].sum())
        )
    return cells


def collect_languages(snapshot: Snapshot, filters: Filters) -> dict[str, float]:
    """Health by base language, of the outlets and days looked at."""
    sums = snapshot.rows(
        """SELECT outlet, sum(expected) AS expected, coalesce(sum(expected) FILTER (ok), 0) AS fine FROM health
           WHERE ($since IS NULL OR day >= $since) AND ($until IS NULL OR day <= $until) GROUP BY 1 ORDER BY 1""",
        since=filters.since,
        until=filters.until + timedelta(days=6) if filters.until else None,
    )
    kinds = describe_outlets(snapshot, [row["outlet"] for row in sums])
    return sum_languages(
        ((row["outlet"], row["expected"], row["fine"]) for row in sums if filters.takes(kinds[row["outlet"]])),
        snapshot.space,
    )


def count_weeks(snapshot: Snapshot, filters: Filters) -> tuple[Week, ...]:
    """All weeks of the space, whatever the period looked at."""
    return snapshot.know(("weeks", filters), lambda: _count_weeks(snapshot, filters))


def _count_weeks(snapshot: Snapshot, filters: Filters) -> tuple[Week, ...]:
    columns = see_columns(snapshot)
    if not len(columns.week):
        return ()
    start, end = int(columns.week.min()), int(columns.week.max())
    count = (end - start) // 7 + 1
    places = columns.choose(filters, period=False)
    week = (columns.week[places] - start) // 7
    size = len(columns.origins)
    words = np.bincount(week * size + columns.origin[places], columns.words[places], minlength=count * size)
    first = np.concatenate(([True], columns.article[places][1:] != columns.article[places][:-1]))[: len(places)]
    articles = np.bincount(week[first], minlength=count)
    return tuple(
        Week(
            _day(start + 7 * n),
            int(articles[n]),
            group_shares(snapshot, filters, dict(zip(columns.origins, row.tolist(), strict=True))),
        )
        for n, row in enumerate(words.reshape(count, size))
    )


def group_shares(snapshot: Snapshot, filters: Filters, words: Mapping[str, float]) -> dict[str, float]:
    """Shares of words by origin, or by group if the filters ask for groups."""
    total = sum(words.values())
    if total <= 0:
        return {}
    shares: dict[str, float] = {}
    for origin, count in words.items():
        name = name_group(snapshot, origin) if filters.group == "own" else origin
        if count > 0:
            shares[name] = shares.get(name, 0.0) + count / total
    return shares


def name_group(snapshot: Snapshot, origin: str) -> str:
    """The group an origin is put into."""
    if origin == UNKNOWN:
        return UNKNOWN
    return OWN_GROUP if origin in snapshot.space.subject.own_origins else OTHERS


def _number(column: pa.ChunkedArray) -> tuple[list[str], NDArray[np.int32]]:
    """Names in order, and each row as the number of its name."""
    coded = column.combine_chunks().dictionary_encode()
    names = np.array(coded.dictionary.to_pylist(), dtype=object)
    order = np.argsort(names.astype(str)) if len(names) else np.zeros(0, dtype=np.intp)
    place = np.empty(len(names), dtype=np.int32)
    place[order] = np.arange(len(names), dtype=np.int32)
    indices = coded.indices.to_numpy(zero_copy_only=False)
    return names[order].tolist(), place[indices] if len(names) else np.zeros(0, dtype=np.int32)


def _in_order(known: Sequence[str], met: set[str]) -> list[str]:
    return [name for name in known if name in met] + sorted(met - set(known))


def _day_number(day: date) -> int:
    return day.toordinal() - date(1970, 1, 1).toordinal()


def _day(number: int) -> date:
    return date.fromordinal(number + date(1970, 1, 1).toordinal())
