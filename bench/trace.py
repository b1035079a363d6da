"""Copy tracing on the planted corpus: span recall, overlap and precision, edges, CPU time and memory.

Beside it, on the same corpus in the same run: an n-gram join in DuckDB (n = 4, postings in up to 100 articles) and
MinHash with LSH over documents (rensa), which gives pairs of documents and no spans.
"""

from __future__ import annotations

import time
import tracemalloc
from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pyarrow as pa

from arna.terms import SCHEMAS
from arna.trace.links import LINKS
from arna.trace.stage import Found, decide, gather_library, match_articles, tabulate_words
from bench.planted import make_space, plant

if TYPE_CHECKING:
    from bench.planted import Planted

ARTICLES = 2_400
Span = tuple[int, int, int, int, int, int]  # article, begin, end, source, source begin, source end


def run() -> dict[str, float]:
    planted = plant(ARTICLES, wires=2, carriers=200)
    print(f"{len(planted.articles)} articles, {len(planted.copies)} planted copies")
    figures: dict[str, float] = {}
    for name, find in (("arna", trace_arna), ("duckdb-4gram", trace_duckdb)):
        start = time.process_time()
        spans = find(planted)
        cpu = time.process_time() - start
        measured = score(planted, spans)
        measured["cpu_seconds"] = cpu
        show(name, measured)
        if name == "arna":
            figures |= measured
        else:
            figures["cpu_ratio_to_duckdb"] = cpu / figures["cpu_seconds"]
    tracemalloc.start()
    trace_arna(planted)
    figures["peak_mb"] = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    print(f"arna: peak memory {figures['peak_mb']:.0f} MB")
    figures |= compare_documents(planted, {(span[0], span[3]) for span in trace_arna(planted)})
    return figures


def trace_arna(planted: Planted) -> list[Span]:
    """All stages of tracing, as a run calls them."""
    rows = planted.articles
    ids = [f"{n:06d}" for n in range(len(rows))]
    articles = pa.table(
        {
            "id": ids,
            "outlet": [row["outlet"] for row in rows],
            "published_at": pa.array(
                [datetime.fromisoformat(str(row["published_at"])) for row in rows], pa.timestamp("us", tz="UTC")
            ),
            "published_from": ["import"] * len(rows),
        }
    )
    passages = pa.table(
        [ids, [0] * len(ids), [0] * len(ids), [len(str(row["text"])) for row in rows], ["ru-Cyrl"] * len(ids)],
        schema=SCHEMAS["passages"],
    )
    words = tabulate_words(pa.table({"id": ids, "text": [row["text"] for row in rows]}))
    library = gather_library(articles, words)
    matches = match_articles(library, SCHEMAS["matches"].empty_table())
    traced = decide(
        library,
        Found(matches, SCHEMAS["alignments"].empty_table(), SCHEMAS["credits"].empty_table(), LINKS.empty_table()),
        passages,
        words,
        make_space(),
    )
    return [
        (int(row["article_id"]), row["begin"], row["end"], int(row["source_article_id"]), row["source_begin"],
         row["source_end"])
        for row in traced.reliances.to_pylist()
    ]  # fmt: skip


def trace_duckdb(planted: Planted, size: int = 4, most: int = 100) -> list[Span]:
    """The peer: join on word n-grams, spans from the first to the last hit of a pair within 30 words."""
    gram_rows: list[tuple[int, int, int]] = []
    for number, row in enumerate(planted.articles):
        words = row["words"]
        gram_rows += [(hash(tuple(words[n : n + size])), number, n) for n in range(len(words) - size + 1)]
    columns = list(zip(*gram_rows, strict=True))
    grams = pa.table({"gram": pa.array(columns[0], pa.int64()), "article": columns[1], "place": columns[2]})
    times = pa.table(
        {"article": range(len(planted.articles)), "at": [str(row["published_at"]) for row in planted.articles]}
    )
    with duckdb.connect() as session:
        session.register("grams", grams)
        session.register("times", times)
        rows = session.sql(
            f"""WITH kept AS (SELECT * FROM grams WHERE gram IN (
                    SELECT gram FROM grams GROUP BY gram HAVING count(DISTINCT article) BETWEEN 2 AND {most})),
                hits AS (SELECT a.article AS a, b.article AS b, a.place AS p, b.place AS q FROM kept a JOIN kept b
                    USING (gram) JOIN times s ON s.article = a.article JOIN times t ON t.article = b.article
                    WHERE s.at > t.at),
                cuts AS (SELECT *, CASE WHEN p - lag(p) OVER w > 30 THEN 1 ELSE 0 END AS cut FROM hits
                    WINDOW w AS (PARTITION BY a, b ORDER BY p)),
                runs AS (SELECT *, sum(cut) OVER (PARTITION BY a, b ORDER BY p) AS run FROM cuts)
                SELECT a, b, min(p), max(p) + {size}, min(q), max(q) + {size} FROM runs GROUP BY a, b, run
                HAVING max(p) + {size} - min(p) >= 8"""
        ).fetchall()
    spans: list[Span] = []
    for a, b, first, last, other_first, other_last in rows:
        own, other = planted.articles[a]["spans"], planted.articles[b]["spans"]
        spans.append((a, own[first][0], own[last - 1][1], b, other[other_first][0], other[other_last - 1][1]))
    return spans


def score(planted: Planted, spans: list[Span]) -> dict[str, float]:
    """Recall: planted spans met with an overlap (intersection over union) of a half. Edges: the right source."""
    by_article: dict[int, list[Span]] = defaultdict(list)
    for span in spans:
        by_article[span[0]].append(span)
    found: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    planted_at: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for copy in planted.copies:
        number, begin, end = int(copy["article"]), int(copy["begin"]), int(copy["end"])
        planted_at[number].append((begin, end))
        best, edge = 0.0, False
        for span in by_article[number]:
            overlap = max(0, min(end, span[2]) - max(begin, span[1])) / (max(end, span[2]) - min(begin, span[1]))
            if overlap > best or (overlap == best and span[3] == copy["source"]):
                best, edge = overlap, span[3] == copy["source"]
        found[str(copy["kind"])].append((best, edge))
    inside = sum(
        max(0, min(end, span[2]) - max(begin, span[1])) for span in spans for begin, end in planted_at[span[0]]
    )
    figures: dict[str, float] = {"precision": inside / max(1, sum(span[2] - span[1] for span in spans))}
    for kind, values in sorted(found.items()):
        hits = [value for value in values if value[0] >= 0.5]
        figures[f"recall_{kind}"] = len(hits) / len(values)
        figures[f"overlap_{kind}"] = float(np.mean([value[0] for value in hits])) if hits else 0.0
        figures[f"edges_{kind}"] = sum(value[1] for value in hits) / max(1, len(hits))
    figures["false_pairs"] = len({(s[0], s[3]) for s in spans if not planted_at[s[0]]})
    return figures


def compare_documents(planted: Planted, ours: set[tuple[int, int]]) -> dict[str, float]:
    """Pairs of documents from rensa's MinHash (128 permutations, 4-word shingles, LSH at 0.5) beside ours."""
    try:
        from rensa import RMinHash, RMinHashLSH
    except ImportError:
        print("rensa is not installed: `make bench` installs it")
        return {}
    start = time.process_time()
    index = RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32)
    sketches = []
    for number, row in enumerate(planted.articles):
        sketch = RMinHash(num_perm=128, seed=42)
        words = row["words"]
        sketch.update([" ".join(words[n : n + 4]) for n in range(len(words) - 3)])
        index.insert(number, sketch)
        sketches.append(sketch)
    pairs = {
        (max(n, m), min(n, m)) for n, sketch in enumerate(sketches) for m in index.query(sketch)
        if m != n and sketch.jaccard(sketches[m]) >= 0.5
    }  # fmt: skip
    cpu = time.process_time() - start
    members: dict[int, set[int]] = defaultdict(set)
    for copy in planted.copies:
        members[int(copy["source"])] |= {int(copy["source"]), int(copy["article"])}
    truth = {(int(copy["article"]), int(copy["source"])) for copy in planted.copies}
    related = {(max(a, b), min(a, b)) for group in members.values() for a in group for b in group if a != b}
    theirs = sum((max(pair), min(pair)) in pairs for pair in truth) / len(truth)
    mine = sum(pair in ours for pair in truth) / len(truth)
    precise = sum(pair in related for pair in pairs) / max(1, len(pairs))
    print(f"pairs of articles: arna recall {mine:.3f}")
    print(f"  rensa recall {theirs:.3f}, precision {precise:.3f}, {cpu:.1f} s CPU")
    return {"pair_recall": mine, "rensa_pair_recall": theirs, "rensa_pair_precision": precise, "rensa_cpu_seconds": cpu}


def show(name: str, figures: dict[str, Any]) -> None:
    kinds = [key.removeprefix("recall_") for key in figures if key.startswith("recall_")]
    print(f"{name}: CPU {figures['cpu_seconds']:.1f} s, precision {figures['precision']:.3f}, "
          f"articles falsely traced {figures['false_pairs']:.0f}")  # fmt: skip
    for kind in kinds:
        print(
            f"  {kind:<18} recall {figures[f'recall_{kind}']:.3f}  overlap {figures[f'overlap_{kind}']:.3f}"
            f"  edges {figures[f'edges_{kind}']:.3f}"
        )
