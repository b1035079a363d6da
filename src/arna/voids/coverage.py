"""Coverage: of what was published on the subject, per topic, language and week, the words that rest with each origin.

An article's ``own`` words count for the origin of its outlet. Intervals are 95 % intervals of the Bayesian bootstrap
(Rubin 1981) over the articles of a cell, with half an article of average length added on either side (Jeffreys' prior):
the plain bootstrap would call three articles that are all alike a certainty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
import pyarrow as pa

from arna.terms import OWN, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from arna.terms import Space

DRAWS = 400
"""Bootstrap draws. With 4,000 the ends of the demo's intervals move by 0.003 in the median, a tenth by 0.04."""

FACTS_SQL = """
    SELECT t.topic, a.lang, CAST(date_trunc('week', a.published_at) AS DATE) AS week, a.id AS article_id,
           a.outlet, o.origin, t.words * o.share AS words
    FROM articles a JOIN topics t ON t.article_id = a.id JOIN origins o ON o.article_id = a.id
    WHERE t.on_subject AND a.published_at IS NOT NULL AND t.words > 0
    ORDER BY t.topic, a.lang, week, a.id, o.origin
"""
"""Words of each article on the subject by origin: what coverage and voids are counted from."""


def settle_own(facts: pa.Table, space: Space) -> pa.Table:
    """Facts with ``own`` put down to the origin of the article's outlet."""
    origins = [
        space.origin_of(outlet) if origin == OWN else origin
        for outlet, origin in zip(facts["outlet"].to_pylist(), facts["origin"].to_pylist(), strict=True)
    ]
    return facts.set_column(facts.column_names.index("origin"), "origin", pa.array(origins, pa.string()))


def spread(words: NDArray[np.float64], key: Sequence[object]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ends of the 95 % intervals of the columns' shares.

    Args:
        words: shape (articles, origins).
        key: what the cell is called; it seeds the draws, so a cell always gets the same interval.

    Returns:
        Two arrays of shape (origins,).
    """
    rng = np.random.default_rng(crc32(repr(key).encode()))
    total = words.sum(axis=1)
    weights = rng.exponential(size=(DRAWS, len(words)))
    prior = rng.gamma(0.5, size=(2, DRAWS, 1)) * total.mean()
    drawn = (weights @ words + prior[0]) / ((weights @ total)[:, None] + prior[0] + prior[1])
    low, high = np.percentile(drawn, (2.5, 97.5), axis=0)
    share = words.sum(axis=0) / total.sum()
    return np.minimum(low, share), np.maximum(high, share)


def arrange_cell(
    articles: Sequence[str], origins: Sequence[str], words: Sequence[float]
) -> tuple[list[str], NDArray[np.float64]]:
    """Origins of a cell and its words as a matrix of shape (articles, origins)."""
    names, column = np.unique(np.asarray(origins, dtype=object).astype(str), return_inverse=True)
    ids, row = np.unique(np.asarray(articles, dtype=object).astype(str), return_inverse=True)
    matrix = np.zeros((len(ids), len(names)))
    np.add.at(matrix, (row, column), np.asarray(words))
    return names.tolist(), matrix


def group_rows(facts: pa.Table, by: Sequence[str]) -> list[tuple[tuple[object, ...], pa.Table]]:
    """Facts cut into cells by some columns, cells in order of their key."""
    ordered = facts.sort_by([(name, "ascending") for name in by])
    keys = list(zip(*(ordered[name].to_pylist() for name in by), strict=True))
    heads = [n for n, key in enumerate(keys) if n == 0 or key != keys[n - 1]]
    tails = [*heads[1:], len(keys)] if heads else []
    return [(keys[head], ordered.slice(head, tail - head)) for head, tail in zip(heads, tails, strict=True)]


def count_coverage(facts: pa.Table) -> pa.Table:
    """Rows of ``coverage`` from settled facts."""
    rows = []
    for key, cell in group_rows(facts, ("topic", "lang", "week")):
        names, matrix = arrange_cell(
            cell["article_id"].to_pylist(), cell["origin"].to_pylist(), cell["words"].to_pylist()
        )
        low, high = spread(matrix, key)
        total = matrix.sum()
        for n, origin in enumerate(names):
            rows.append(
                (
                    *key,
                    origin,
                    int(np.count_nonzero(matrix[:, n])),
                    matrix[:, n].sum(),
                    matrix[:, n].sum() / total,
                    low[n],
                    high[n],
                )
            )
    columns = zip(*rows, strict=True) if rows else [()] * len(SCHEMAS["coverage"])
    return pa.table([list(column) for column in columns], schema=SCHEMAS["coverage"])
