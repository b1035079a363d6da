"""Which traced articles the report opens: a telling variety, not the largest or the latest."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from arna.air.report_outlets import fetch_rows
from arna.air.report_words import name_language

if TYPE_CHECKING:
    from arna.store import Lake
    from arna.terms import Space

TRACED = 18
"""Articles shown."""

WIRE = 10
"""Outlets from which a family counts as a wire story."""

EDITED = 0.85
"""Share of equal words below which a copy counts as edited."""

PARTLY, SHORTENED = 0.6, 0.7
"""Share of an article that is translated below which it is so in part; of the source, below which it is shortened."""

FEWEST, FEW_OF = 2, 4
"""Sentences translated from one source from which an article is an example of it: so many, and one in so many."""

_ALIKE = 3
"""Candidates taken from each group of articles alike in all that is looked at."""

_SQL = f"""
    WITH families_seen AS (
        SELECT f.family, count(DISTINCT a.outlet) AS outlets
        FROM families f JOIN articles a ON a.id = f.article_id GROUP BY 1
    ), carried AS (
        SELECT f.article_id, max(s.outlets) AS outlets FROM families f JOIN families_seen s USING (family) GROUP BY 1
    ), leans AS (
        SELECT *, CASE WHEN kind <> 'translation' THEN kind WHEN source_article_id IS NULL THEN 'doubt'
                  WHEN count(*) OVER one < greatest({FEWEST}, count(*) OVER whole / {FEW_OF}) THEN 'sentence'
                  ELSE kind END AS sort,
               sort IN ('copy', 'translation') AS rests
        FROM reliances
        WINDOW one AS (PARTITION BY article_id, kind, source_article_id), whole AS (PARTITION BY article_id, kind)
    ), chained AS (
        SELECT r.article_id, max(len(list_distinct([d.lang, c.lang, b.lang, a.lang])) || ' '
                                 || concat_ws(' ', d.lang, c.lang, b.lang, a.lang)) AS path
        FROM leans r JOIN leans s
        ON s.article_id = r.source_article_id AND s.begin < r.source_end AND s.end > r.source_begin
        LEFT JOIN leans t ON t.rests AND t.source_article_id <> r.article_id
        AND t.article_id = s.source_article_id AND t.begin < s.source_end AND t.end > s.source_begin
        JOIN articles a ON a.id = r.article_id JOIN articles b ON b.id = s.article_id
        JOIN articles c ON c.id = s.source_article_id LEFT JOIN articles d ON d.id = t.source_article_id
        WHERE r.rests AND s.rests AND c.id <> a.id GROUP BY 1
    ), rendered AS (
        SELECT r.article_id, r.source_article_id, sum(r.end - r.begin) AS here,
               here / greatest(1, any_value(length(a.text))) AS part,
               sum(r.source_end - r.source_begin) / greatest(1, any_value(length(s.text))) AS used,
               any_value(s.lang) AS source_lang
        FROM leans r JOIN articles a ON a.id = r.article_id JOIN articles s ON s.id = r.source_article_id
        WHERE r.sort = 'translation' GROUP BY 1, 2
        QUALIFY row_number() OVER (PARTITION BY r.article_id ORDER BY here DESC, r.source_article_id) = 1
    ), leaning AS (
        SELECT article_id, list_sort(list(DISTINCT sort)) AS kinds,
               list_sort(coalesce(list(DISTINCT sort || ' ' || direction) FILTER (rests), [])) AS directions,
               count(DISTINCT source_article_id) FILTER (rests) AS sources,
               coalesce(min(score) FILTER (sort = 'copy'), 1) < {EDITED} AS edited,
               min(source_article_id) FILTER (sort <> 'credit') AS source,
               min(source_outlet) AS source_outlet, count(*) AS spans
        FROM leans GROUP BY 1
    ), candidates AS (
        SELECT a.id, a.outlet, a.lang, coalesce(t.on_subject, false) AS on_subject, l.*, c.path, d.source_lang,
               coalesce(d.part, 1) < {PARTLY} AS partly, coalesce(d.used, 1) < {SHORTENED} AS shortened,
               c.article_id IS NOT NULL AS chain, coalesce(w.outlets, 1) AS carriers
        FROM articles a JOIN leaning l ON l.article_id = a.id LEFT JOIN topics t ON t.article_id = a.id
        LEFT JOIN chained c ON c.article_id = a.id LEFT JOIN carried w ON w.article_id = a.id
        LEFT JOIN rendered d ON d.article_id = a.id
        QUALIFY row_number() OVER (
            PARTITION BY kinds, directions, sources > 1, edited, chain, coalesce(path, '2') < '3', partly, shortened,
                         carriers >= {WIRE}, a.lang, d.source_lang, on_subject
            ORDER BY spans > 16, length(a.text) NOT BETWEEN 300 AND 4000, a.id) <= {_ALIKE}
    )
    SELECT * EXCLUDE (article_id) FROM candidates ORDER BY id
"""


@dataclass(frozen=True)
class Choice:
    """An article to show.

    Attributes:
        id: of the article.
        shapes: what it is an example of.
        languages: those its text went through, in words; empty where it is no translation.
        carriers: outlets its story ran in.
    """

    id: str
    shapes: tuple[str, ...]
    languages: str
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
        chosen.append(Choice(best, tuple(_list_shapes(row)), _list_languages(row), row["carriers"]))
    return chosen


def _list_shapes(row: dict[str, Any]) -> list[str]:
    """What an article is an example of, in words."""
    kinds = set(row["kinds"])
    shapes = [_DIRECTIONS.get(direction, direction) for direction in row["directions"]]
    if "doubt" in kinds:
        shapes.append("perhaps a translation")
    elif not kinds & {"copy", "translation"}:
        alone = {"credit": "credit without a copy", "sentence": "one sentence translated", "link": "link only"}
        shapes += [said for kind, said in alone.items() if kind in kinds][:1]
    if "translation" in kinds:
        shapes += ["translated in part"] if row["partly"] else []
        shapes += ["shortened"] if row["shortened"] else []
    if row["sources"] > 1:
        shapes.append("two sources" if row["sources"] == 2 else f"{row['sources']} sources")
    if row["edited"]:
        shapes.append("edited")
    if (row["path"] or "") >= "3":
        shapes.append("chain over three languages")
    elif row["chain"]:
        shapes.append("chain")
    if row["carriers"] >= WIRE:
        shapes.append("wire story")
    return shapes


_DIRECTIONS = {
    f"{kind} {direction}": f"{kind}{told}"
    for kind in ("copy", "translation")
    for direction, told in {
        "credit": " with a credit",
        "link": " with a link",
        "clock": ", told by the clock",
        "habit": ", told by habit",
        "judged": ", accepted by a person",
        "unclear": ", direction unclear",
    }.items()
}


def _list_languages(row: dict[str, Any]) -> str:
    """Languages a text went through on its way to the article: "Ukrainian → Russian → Kazakh"."""
    tags = (row["path"] or "").split()[1:] if "translation" in row["kinds"] else []
    tags = [tag for tag, _ in groupby(tags)] if len(set(tags)) > 1 else [row["source_lang"], row["lang"]]
    return " → ".join(name_language(tag) for tag in tags) if all(tags) else ""


def _list_features(row: dict[str, Any], space: Space) -> dict[tuple[str, ...], float]:
    """What makes an article worth showing, with weights; set by looking at what the demo space then shows."""
    shapes = _list_shapes(row)
    # An article that is an example of everything at once explains nothing: its shapes share a weight.
    features: dict[tuple[str, ...], float] = {("shape", shape): 12.0 / len(shapes) for shape in shapes}
    features["lang", str(row["lang"])] = 3.0
    features["outlet", str(row["outlet"])] = 2.0
    features["source", str(row["source"])] = 3.0
    features["pair", space.origin_of(str(row["outlet"])), space.origin_of(str(row["source_outlet"]))] = 2.0
    if row["source_lang"]:
        features["languages", str(row["source_lang"]), str(row["lang"])] = 4.0
    for shape in _RARE & set(shapes):
        features["rare", shape] = 6.0
    return features


_RARE = {"perhaps a translation", "chain over three languages", "translated in part"}
"""Shapes to be shown once wherever there is one."""
