"""Voids: cells of topic and language that are read a lot and where the subject's own reporting is missing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from arna.terms import SCHEMAS, base_language
from arna.voids.coverage import arrange_cell, group_rows, spread

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from arna.terms import Space

MISSING = 0.25
"""A cell is a void when the subject's own share, at the upper end of its interval, is below this. Set, not tuned: a
quarter is what readers of four outlets meet when one of them carries the subject's own reporting."""

HEALTHY = 0.8
"""Health below which a cell says "not enough collected" and never "void"."""

VOID, COVERED, FEW, UNCOLLECTED = "void", "covered", "too few articles", "not enough collected"


@dataclass(frozen=True)
class Cell:
    """What lies in a topic and language.

    Attributes:
        names: origins.
        matrix: words, of shape (articles, origins).
        reach: sum of the reach of the articles' outlets.
    """

    names: list[str]
    matrix: NDArray[np.float64]
    reach: float


def rank_voids(facts: pa.Table, health: pa.Table, space: Space) -> pa.Table:
    """Rows of ``voids``: every topic and language of the space, voids first, the largest demand first.

    Args:
        facts: settled facts (:data:`arna.voids.coverage.FACTS_SQL`).
        health: rows of ``health``.
        space: for topics, languages, reach and the subject's own origins.
    """
    if not facts.num_rows:
        return SCHEMAS["voids"].empty_table()
    weeks = facts["week"].to_pylist()
    cells = {}
    for (topic, lang), cell in group_rows(facts, ("topic", "lang")):
        columns = (cell[name].to_pylist() for name in ("article_id", "origin", "words"))
        cells[str(topic), str(lang)] = Cell(*arrange_cell(*columns), _sum_reach(cell, space))
    ranked = rank_cells(cells, measure_languages(health, space), space)
    rows = [row | {"first_week": min(weeks), "last_week": max(weeks)} for row in ranked]
    return pa.Table.from_pylist(rows, schema=SCHEMAS["voids"])


def rank_cells(
    cells: Mapping[tuple[str, str], Cell], collected: Mapping[str, float], space: Space
) -> list[dict[str, Any]]:
    """Every topic and language of the space as rows of ``voids`` without their weeks, in order of rank.

    Demand is the number of articles on the subject in the language, weighted by the reach of their outlets, times the
    topic's share over all languages; or what the cell itself has, if that is more. So a topic that everyone else reads
    about and one language does not is a void although the cell is empty.

    Args:
        cells: by topic and language; each has at least one article.
        collected: part of the expected articles that fell on days that were ok, by base language.
        space: for topics, languages and the subject's own origins.
    """
    total = sum(cell.reach for cell in cells.values())
    of_topic: dict[str, float] = defaultdict(float)
    of_lang: dict[str, float] = defaultdict(float)
    for (topic, lang), cell in cells.items():
        of_topic[topic] += cell.reach
        of_lang[lang] += cell.reach
    topics = [topic.id for topic in space.topics]
    rows = []
    for topic in topics + sorted({key[0] for key in cells} - set(topics)):
        for lang in list(space.languages) + sorted({key[1] for key in cells} - set(space.languages)):
            found = cells.get((topic, lang))
            demand = max(found.reach if found else 0.0, of_topic[topic] * of_lang[lang] / (total or 1.0))
            row = _describe_cell((topic, lang), found, collected.get(base_language(lang)), space)
            rows.append({**row, "demand": demand})
    rows = [row for row in rows if row["demand"] > 0]
    order = {VOID: 0, FEW: 1, UNCOLLECTED: 2, COVERED: 3}
    rows.sort(
        key=lambda row: (order[row["status"]], -row["demand"] * (1 - row["own_share"]), row["topic"], row["lang"])
    )
    for rank, row in enumerate(rows, start=1):
        row["rank"] = rank
    return rows


def _sum_reach(cell: pa.Table, space: Space) -> float:
    outlets = dict(zip(cell["article_id"].to_pylist(), cell["outlet"].to_pylist(), strict=True))
    known = space.outlets_by_id
    return sum(known[outlet].reach if outlet in known else 1.0 for outlet in outlets.values())


def measure_languages(health: pa.Table, space: Space) -> dict[str, float]:
    """Per language, the part of the expected articles that fell on days that were ok, over its registered outlets."""
    rows = zip(*(health[name].to_pylist() for name in ("outlet", "expected", "ok")), strict=True)
    return sum_languages(((outlet, expected, expected if ok else 0.0) for outlet, expected, ok in rows), space)


def sum_languages(outlets: Iterable[tuple[str, float, float]], space: Space) -> dict[str, float]:
    """The same from (outlet, articles expected, those of them on days that were ok)."""
    expected: dict[str, float] = defaultdict(float)
    fine: dict[str, float] = defaultdict(float)
    for name, due, good in outlets:
        outlet = space.outlets_by_id.get(name)
        for lang in outlet.languages if outlet else ():
            expected[base_language(lang)] += due
            fine[base_language(lang)] += good
    return {lang: fine[lang] / value for lang, value in expected.items() if value > 0}


def _describe_cell(key: tuple[str, str], cell: Cell | None, health: float | None, space: Space) -> dict[str, Any]:
    row: dict[str, Any] = {"topic": key[0], "lang": key[1], "health": health, "articles": 0}
    poor = health is not None and health < HEALTHY
    if cell is None:
        return {**row, "own_share": 0.0, "low": 0.0, "high": 0.0, "status": UNCOLLECTED if poor else VOID}
    names, matrix = cell.names, cell.matrix
    words = matrix.sum(axis=0)
    own = np.array([name in space.subject.own_origins for name in names])
    low, high = spread(np.column_stack((matrix[:, own].sum(axis=1), matrix[:, ~own].sum(axis=1))), key)
    top = int(np.argmax(words))
    if poor:
        status = UNCOLLECTED
    elif high[0] < MISSING:
        status = VOID
    else:
        status = FEW if words[own].sum() < MISSING * words.sum() else COVERED
    return {
        **row,
        "articles": len(matrix),
        "own_share": float(words[own].sum() / words.sum()),
        "low": float(low[0]),
        "high": float(high[0]),
        "top_origin": names[top],
        "top_share": float(words[top] / words.sum()),
        "status": status,
    }
