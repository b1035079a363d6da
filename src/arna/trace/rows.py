"""What tracing concluded, as rows of the tables."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa

from arna.terms import OWN, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from arna.trace.choose import Lean
    from arna.trace.places import Places


def tabulate_reliances(
    ids: Sequence[str],
    outlets: Sequence[str],
    leans: Sequence[Lean],
    places: Places,
    credit_rows: Sequence[dict[str, object]],
    link_rows: Sequence[dict[str, object]],
) -> pa.Table:
    """Rows of ``reliances``: copies, credits and links, in order of article and span."""
    rows = [_describe_copy(ids, outlets, lean, places) for lean in leans]
    rows += [_describe_credit(row) for row in credit_rows]
    rows += [_describe_link(row) for row in link_rows]
    rows.sort(key=lambda row: (row["article_id"], row["begin"], row["end"], row["kind"], row["detail"]))
    return pa.Table.from_pylist(rows, schema=SCHEMAS["reliances"])


def _describe_credit(row: Mapping[str, object]) -> dict[str, object]:
    return {
        **{key: row[key] for key in ("article_id", "begin", "end", "score")},
        "kind": "credit",
        "source_outlet": row["outlet"],
        "direction": "credit",
        "direction_confidence": row["score"],
        "detail": _dump({"name": row["name"], "form": row["form"], "whole": row["whole"]}),
    }


def _describe_link(row: Mapping[str, object]) -> dict[str, object]:
    return {
        **{key: row[key] for key in ("article_id", "begin", "end")},
        "kind": "link",
        "source_article_id": row["target_id"],
        "source_outlet": row["outlet"],
        "score": 1.0,
        "direction": "link",
        "direction_confidence": 1.0,
        "detail": _dump({"url": row["url"]}),
    }


def _describe_copy(ids: Sequence[str], outlets: Sequence[str], lean: Lean, places: Places) -> dict[str, object]:
    match = lean.match
    begin, end = places.span(match.a, match.first, match.last)
    source_begin, source_end = places.span(match.b, match.other_first, match.other_last)
    size = max(match.last - match.first, match.other_last - match.other_first)
    return {
        "article_id": ids[match.a],
        "begin": begin,
        "end": end,
        "kind": "copy",
        "source_article_id": ids[match.b],
        "source_outlet": outlets[match.b],
        "source_begin": source_begin,
        "source_end": source_end,
        "score": match.equal / size,
        "direction": lean.direction,
        "direction_confidence": lean.confidence,
        "detail": _dump({"equal_words": match.equal, "words": match.last - match.first}),
    }


def tabulate_families(ids: Sequence[str], rows: Sequence[tuple[int, int, int, int]]) -> pa.Table:
    """Rows of ``families`` from :func:`arna.trace.families.tie_passages`."""
    return pa.Table.from_pylist(
        [
            {
                "family": f"{ids[root]}:{root_n}",
                "article_id": ids[article],
                "n": n,
                "root": (root, root_n) == (article, n),
            }
            for root, root_n, article, n in rows
        ],
        schema=SCHEMAS["families"],
    )


def tabulate_origins(ids: Sequence[str], shares: Mapping[int, Mapping[str, float]]) -> pa.Table:
    """Rows of ``origins``; an article without shares is wholly its own."""
    own = {OWN: 1.0}
    rows = [
        (article, origin, share)
        for n, article in enumerate(ids)
        for origin, share in sorted(shares.get(n, own).items())
    ]
    articles, origins, values = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.table([articles, origins, values], schema=SCHEMAS["origins"])


def _dump(detail: Mapping[str, object]) -> str:
    return json.dumps(detail, ensure_ascii=False, sort_keys=True)
