"""Voids: cells of topic and language that are read a lot and where the subject's own reporting is missing."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from arna.terms import SCHEMAS, base_language
from arna.voids.coverage import arrange_cell, group_rows, spread

if TYPE_CHECKING:
    from arna.terms import Space

MISSING = 0.25
"""A cell is a void when the subject's own share, at the upper end of its interval, is below this. Set, not tuned: a
quarter is what readers of four outlets meet when one of them carries the subject's own reporting."""

HEALTHY = 0.8
"""Health below which a cell says "not enough collected" and never "void"."""

VOID, COVERED, FEW, UNCOLLECTED = "void", "covered", "too few articles", "not enough collected"


def rank_voids(facts: pa.Table, health: pa.Table, space: Space) -> pa.Table:
    """Rows of ``voids``: every topic and language of the space, voids first, the largest demand first.

    Demand is the number of articles on the subject in the language, weighted by the reach of their outlets, times the
    topic's share over all languages; or what the cell itself has, if that is more. So a topic that everyone else reads
    about and one language does not is a void although the cell is empty.

    Args:
        facts: settled facts (:data:`arna.voids.coverage.FACTS_SQL`).
        health: rows of ``health``.
        space: for topics, languages, reach and the subject's own origins.
    """
    if not facts.num_rows:
        return SCHEMAS["voids"].empty_table()
    cells = dict(group_rows(facts, ("topic", "lang")))
    reach = {key: _sum_reach(cell, space) for key, cell in cells.items()}
    total = sum(reach.values())
    of_topic: dict[object, float] = defaultdict(float)
    of_lang: dict[object, float] = defaultdict(float)
    for (topic, lang), value in reach.items():
        of_topic[topic] += value
        of_lang[lang] += value
    collected = measure_languages(health, space)
    weeks = facts["week"].to_pylist()
    topics = [topic.id for topic in space.topics]
    rows = []
    for topic in topics + sorted({str(key[0]) for key in cells} - set(topics)):
        for lang in list(space.languages) + sorted({str(key[1]) for key in cells} - set(space.languages)):
            demand = max(reach.get((topic, lang), 0.0), of_topic[topic] * of_lang[lang] / total)
            row = _describe_cell((topic, lang), cells.get((topic, lang)), collected.get(base_language(lang)), space)
            rows.append({**row, "demand": demand, "first_week": min(weeks), "last_week": max(weeks)})
    rows = [row for row in rows if row["demand"] > 0]
    order = {VOID: 0, FEW: 1, UNCOLLECTED: 2, COVERED: 3}
    rows.sort(
        key=lambda row: (order[row["status"]], -row["demand"] * (1 - row["own_share"]), row["topic"], row["lang"])
    )
    for rank, row in enumerate(rows, start=1):
        row["rank"] = rank
    return pa.Table.from_pylist(rows, schema=SCHEMAS["voids"])


def _sum_reach(cell: pa.Table, space: Space) -> float:
    outlets = dict(zip(cell["article_id"].to_pylist(), cell["outlet"].to_pylist(), strict=True))
    known = space.outlets_by_id
    return sum(known[outlet].reach if outlet in known else 1.0 for outlet in outlets.values())


def measure_languages(health: pa.Table, space: Space) -> dict[str, float]:
    """Per language, the part of the expected articles that fell on days that were ok, over its registered outlets."""
    expected: dict[str, float] = defaultdict(float)
    fine: dict[str, float] = defaultdict(float)
    for row in health.to_pylist():
        outlet = space.outlets_by_id.get(row["outlet"])
        for lang in outlet.languages if outlet else ():
            expected[base_language(lang)] += row["expected"]
            fine[base_language(lang)] += row["expected"] if row["ok"] else 0.0
    return {lang: fine[lang] / value for lang, value in expected.items() if value > 0}


def _describe_cell(
    key: tuple[str, str], cell: pa.Table | None, health: float | None, space: Space
) -> dict[str, object]:
    row: dict[str, object] = {"topic": key[0], "lang": key[1], "health": health, "articles": 0}
    poor = health is not None and health < HEALTHY
    if cell is None:
        return {**row, "own_share": 0.0, "low": 0.0, "high": 0.0, "status": UNCOLLECTED if poor else VOID}
    names, matrix = arrange_cell(cell["article_id"].to_pylist(), cell["origin"].to_pylist(), cell["words"].to_pylist())
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
