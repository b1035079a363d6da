"""What tracing concluded, as rows of the tables."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa

from arna.terms import OWN, SCHEMAS
from arna.trace.beads import score_margin

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from arna.trace.choose import Doubt, Lean, Rendering
    from arna.trace.places import Places


def tabulate_reliances(
    ids: Sequence[str],
    outlets: Sequence[str],
    leans: Sequence[Lean],
    doubts: Sequence[Doubt],
    places: Places,
    credit_rows: Sequence[dict[str, object]],
    link_rows: Sequence[dict[str, object]],
) -> pa.Table:
    """Rows of ``reliances``: copies, translations, doubts, credits and links, in order of article and span."""
    rows = [_describe_lean(ids, outlets, lean, places) for lean in leans]
    rows += [_describe_doubt(ids, doubt, places) for doubt in doubts]
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
        "direction_confidence": 1.0 if row["judged"] else row["score"],
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


def _describe_lean(ids: Sequence[str], outlets: Sequence[str], lean: Lean, places: Places) -> dict[str, object]:
    match = lean.match
    begin, end = places.span(match.a, match.first, match.last)
    source_begin, source_end = places.span(match.b, match.other_first, match.other_last)
    row = {
        "article_id": ids[match.a],
        "begin": begin,
        "end": end,
        "source_article_id": ids[match.b],
        "source_outlet": outlets[match.b],
        "source_begin": source_begin,
        "source_end": source_end,
        "direction": lean.direction,
        "direction_confidence": lean.confidence,
    }
    if lean.rendering is not None:
        return row | _describe_rendering(lean.rendering)
    size = max(match.last - match.first, match.other_last - match.other_first)
    return {
        **row,
        "kind": "copy",
        "score": match.equal / size,
        "detail": _dump({"equal_words": match.equal, "words": match.last - match.first}),
    }


def _describe_rendering(rendering: Rendering) -> dict[str, object]:
    detail = {"margin": round(rendering.margin, 3), **rendering.compared}
    return {"kind": "translation", "score": score_margin(rendering.margin), "detail": _dump(detail)}


def _describe_doubt(ids: Sequence[str], doubt: Doubt, places: Places) -> dict[str, object]:
    """A span that may be a translation: no source is named, what it may rest on stands in the detail."""
    match = doubt.match
    begin, end = places.span(match.a, match.first, match.last)
    source_begin, source_end = places.span(match.b, match.other_first, match.other_last)
    row = _describe_rendering(doubt.rendering)
    perhaps = {"perhaps": ids[match.b], "perhaps_begin": source_begin, "perhaps_end": source_end}
    return {
        **row,
        "article_id": ids[match.a],
        "begin": begin,
        "end": end,
        "direction": "unclear",
        "direction_confidence": 0.5,
        "detail": _dump(json.loads(str(row["detail"])) | perhaps),
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
