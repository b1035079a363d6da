"""Which traced articles the report opens: a telling variety, not the largest or the latest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from arna.air.report_outlets import fetch_rows

if TYPE_CHECKING:
    from arna.store import Lake
    from arna.terms import Space

TRACED = 20
"""Articles shown."""

WIRE = 10
"""Outlets from which a family counts as a wire story."""

EDITED = 0.85
"""Share of equal words below which a copy counts as edited."""

_ALIKE = 3
"""Candidates taken from each group of articles alike in all that is looked at."""

_SQL = f"""
    WITH families_seen AS (
        SELECT f.family, count(DISTINCT a.outlet) AS outlets
        FROM families f JOIN articles a ON a.id = f.article_id GROUP BY 1
    ), carried AS (
        SELECT f.article_id, max(s.outlets) AS outlets FROM families f JOIN families_seen s USING (family) GROUP BY 1
    ), chained AS (
        SELECT DISTINCT r.article_id FROM reliances r JOIN reliances s
        ON s.article_id = r.source_article_id AND s.begin < r.source_end AND s.end > r.source_begin
        WHERE r.kind IN ('copy', 'translation') AND s.kind IN ('copy', 'translation')
          AND s.source_article_id <> r.article_id
    ), leaning AS (
        SELECT article_id, list_sort(list(DISTINCT kind)) AS kinds,
               list_sort(coalesce(list(DISTINCT direction) FILTER (kind = 'copy'), [])) AS directions,
               count(DISTINCT source_article_id) FILTER (kind IN ('copy', 'translation')) AS sources,
               coalesce(min(score) FILTER (kind = 'copy'), 1) < {EDITED} AS edited,
               min(source_article_id) FILTER (kind <> 'credit') AS source,
               min(source_outlet) AS source_outlet, count(*) AS spans
        FROM reliances GROUP BY 1
    ), candidates AS (
        SELECT a.id, a.outlet, a.lang, coalesce(t.on_subject, false) AS on_subject, l.*,
               c.article_id IS NOT NULL AS chain, coalesce(w.outlets, 1) AS carriers
        FROM articles a JOIN leaning l ON l.article_id = a.id LEFT JOIN topics t ON t.article_id = a.id
        LEFT JOIN chained c ON c.article_id = a.id LEFT JOIN carried w ON w.article_id = a.id
        QUALIFY row_number() OVER (
            PARTITION BY kinds, directions, sources > 1, edited, chain, carriers >= {WIRE}, a.lang, on_subject
            ORDER BY spans > 6, length(a.text) NOT BETWEEN 300 AND 4000, a.id) <= {_ALIKE}
    )
    SELECT * EXCLUDE (article_id) FROM candidates ORDER BY id
"""


@dataclass(frozen=True)
class Choice:
    """An article to show, what it is an example of, and in how many outlets its story ran."""

    id: str
    shapes: tuple[str, ...]
    carriers: int


def choose_articles(lake: Lake, space: Space, count: int = TRACED) -> list[Choice]:
    """Articles that rest on others, each the one that adds most to what the ones before it show.

    Raises:
        StoreError: the lake cannot be read.
    """
    left = {row["id"]: row for row in fetch_rows(lake, _SQL, "articles", "reliances", "families", "topics")}
    features = {key: _list_features(row, space) for key, row in left.items()}
    seen: dict[tuple[str, ...], int] = {}
    chosen: list[Choice] = []
    while left and len(chosen) < count:
        # The same again is worth half of what it was worth before; ties go to the lesser id.
        worth = {
            key: sum(weight / 2 ** seen.get(feature, 0) for feature, weight in features[key].items())
            + (6.0 if left[key]["on_subject"] else 0.0)
            for key in left
        }
        best = min(left, key=lambda key: (-worth[key], key))
        for feature in features[best]:
            seen[feature] = seen.get(feature, 0) + 1
        row = left.pop(best)
        chosen.append(Choice(best, tuple(_list_shapes(row)), row["carriers"]))
    return chosen


def _list_shapes(row: dict[str, Any]) -> list[str]:
    """What an article is an example of, in words."""
    kinds, shapes = set(row["kinds"]), []
    if "copy" in kinds:
        shapes += [_DIRECTIONS.get(direction, f"copy, {direction}") for direction in row["directions"]]
    if "translation" in kinds:
        shapes.append("translation")
    if not kinds & {"copy", "translation"}:
        shapes.append("credit without a copy" if "credit" in kinds else "link only")
    if row["sources"] > 1:
        shapes.append("two sources" if row["sources"] == 2 else f"{row['sources']} sources")
    if row["edited"]:
        shapes.append("edited")
    if row["chain"]:
        shapes.append("chain")
    if row["carriers"] >= WIRE:
        shapes.append("wire story")
    return shapes


_DIRECTIONS = {
    "credit": "copy with a credit",
    "link": "copy with a link",
    "clock": "copy, told by the clock",
    "unclear": "copy, direction unclear",
}


def _list_features(row: dict[str, Any], space: Space) -> dict[tuple[str, ...], float]:
    """What makes an article worth showing, with weights; set by looking at what the demo space then shows."""
    shapes = _list_shapes(row)
    # An article that is an example of everything at once explains nothing: its shapes share a weight.
    features: dict[tuple[str, ...], float] = {("shape", shape): 12.0 / len(shapes) for shape in shapes}
    features["lang", str(row["lang"])] = 3.0
    features["outlet", str(row["outlet"])] = 2.0
    features["source", str(row["source"])] = 3.0
    features["pair", space.origin_of(str(row["outlet"])), space.origin_of(str(row["source_outlet"]))] = 2.0
    return features
