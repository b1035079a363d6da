"""The first half of a run: new documents become articles, with what is looked up in each article by itself."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from arna.runs.engine import map_in_order
from arna.runs.tasks import AnnotateTask, ReadTask, annotate_articles, read_documents
from arna.terms import SCHEMAS
from arna.text.urls import channel_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from arna.runs.run import Progress, RunSummary
    from arna.store import Lake, LakeWriter
    from arna.terms import Space

BATCH = 500
"""Documents in a partition, sorted by outlet so that its furniture shows. Set, not tuned: a second or two of work."""

COMMIT = 4
"""Partitions in one commit: at most 2,000 documents are read again after a kill."""

_OF_ARTICLE = ("passages", "words", "credits", "topics")
"""Tables with rows per article, written after ``articles`` and before ``outcomes``."""


def discard_unfinished(lake: LakeWriter) -> None:
    """Take out rows of documents whose outcome was never written: the run that wrote them was stopped."""
    for name in _OF_ARTICLE:
        stray = lake.query(
            f"""SELECT DISTINCT r.article_id FROM {name} r WHERE NOT EXISTS (
                SELECT 1 FROM articles a JOIN outcomes o ON o.document_id = a.document_id AND o.stage = 'read'
                WHERE a.id = r.article_id)""",
            [name, "articles", "outcomes"],
        )
        lake.delete(name, "article_id", stray["article_id"].to_pylist())
    stray = lake.query(
        """SELECT id FROM articles a WHERE NOT EXISTS (
           SELECT 1 FROM outcomes o WHERE o.document_id = a.document_id AND o.stage = 'read')""",
        ["articles", "outcomes"],
    )
    lake.delete("articles", "id", stray["id"].to_pylist())


def annotate_again(lake: LakeWriter, space: Space, progress: Progress, workers: int | None) -> bool:
    """Look for credits and topics in all articles anew: the space's description has changed. False if none is held."""
    ids = lake.query("SELECT id FROM articles ORDER BY id", ["articles"])
    if not ids.num_rows:
        return False
    progress.start("Applying the changed space", ids.num_rows)
    for name in ("documents", "articles"):
        _register_outlets(lake, name, space)

    def tasks() -> Iterator[AnnotateTask]:
        for begin in range(0, ids.num_rows, BATCH):
            given = {"batch": ids.slice(begin, BATCH)}
            yield AnnotateTask(
                lake.query("SELECT a.* FROM articles a SEMI JOIN batch USING (id) ORDER BY id", ["articles"], given),
                lake.query(
                    "SELECT p.* FROM passages p JOIN batch b ON b.id = p.article_id ORDER BY p.article_id, p.n",
                    ["passages"],
                    given,
                ),
                space,
            )

    parts: dict[str, list[pa.Table]] = defaultdict(list)
    for part in map_in_order(annotate_articles, tasks(), -(-ids.num_rows // BATCH), workers):
        for name, rows in part.items():
            parts[name].append(rows)
        progress.advance(part["topics"].num_rows)
    for name, tables in parts.items():
        lake.replace(name, pa.concat_tables(tables))
    return True


def _register_outlets(lake: LakeWriter, name: str, space: Space) -> None:
    """Give rows that stand under a host the outlet that has since been registered for it."""
    rows = lake.query(f"SELECT DISTINCT outlet FROM {name} WHERE outlet IS NOT NULL", [name])
    found = {
        outlet: space.outlet_of_channel(channel_of(outlet)) or space.outlet_of_host(outlet)
        for outlet in rows["outlet"].to_pylist()
        if outlet not in space.outlets_by_id
    }
    registered = {outlet: known for outlet, known in found.items() if known}
    if registered:
        table = lake.read(name)
        column = pa.array([registered.get(outlet, outlet) for outlet in table["outlet"].to_pylist()], pa.string())
        lake.replace(name, table.set_column(table.column_names.index("outlet"), "outlet", column))


def read_new(
    lake: LakeWriter, space: Space, warc_folder: Path, progress: Progress, summary: RunSummary, workers: int | None
) -> None:
    """Read the documents that have no outcome of the stage ``read`` yet."""
    pending = lake.query(
        """SELECT d.* FROM documents d WHERE NOT EXISTS (
           SELECT 1 FROM outcomes o WHERE o.document_id = d.id AND o.stage = 'read')
           ORDER BY d.outlet, d.fetched_at, d.id""",
        ["documents", "outcomes"],
    )
    if not pending.num_rows:
        return
    progress.start("Reading pages", pending.num_rows)
    tasks = (
        ReadTask(pending.slice(begin, BATCH).combine_chunks(), warc_folder, space)
        for begin in range(0, pending.num_rows, BATCH)
    )
    count = -(-pending.num_rows // BATCH)
    seen = _Addresses(lake)
    waiting: list[dict[str, pa.Table]] = []
    for n, result in enumerate(map_in_order(read_documents, tasks, count, workers), start=1):
        waiting.append(seen.settle(result))
        if len(waiting) == COMMIT or n == count:
            _commit(lake, waiting, summary)
            waiting = []
        progress.advance(result["outcomes"].num_rows)


def _commit(lake: LakeWriter, results: list[dict[str, pa.Table]], summary: RunSummary) -> None:
    for name in ("articles", *_OF_ARTICLE, "outcomes"):
        lake.append(name, pa.concat_tables([result[name] for result in results]))
    for result in results:
        summary.outcomes.update(result["outcomes"]["outcome"].to_pylist())
        summary.reasons.update(
            reason.partition(":")[0] for reason in result["outcomes"]["reason"].to_pylist() if reason
        )


class _Addresses:
    """Addresses whose article is kept: of several documents with one address the first read stays."""

    def __init__(self, lake: Lake) -> None:
        rows = lake.query("SELECT outlet, url FROM articles", ["articles"])
        self.seen = set(zip(rows["outlet"].to_pylist(), rows["url"].to_pylist(), strict=True))

    def settle(self, result: dict[str, pa.Table]) -> dict[str, pa.Table]:
        """The result without articles whose address was read before; their documents are dropped with a reason."""
        articles = result["articles"]
        repeated: dict[str, str] = {}
        ids = set()
        columns = (articles[name].to_pylist() for name in ("id", "document_id", "outlet", "url"))
        for article, document, outlet, url in zip(*columns, strict=True):
            if (outlet, url) in self.seen:
                repeated[document] = f"duplicate: another version of {url} is kept"
                ids.add(article)
            self.seen.add((outlet, url))
        if not ids:
            return result
        gone = pa.array(sorted(ids), pa.string())
        kept = {
            name: rows.filter(pc.invert(pc.is_in(rows["id" if name == "articles" else "article_id"], value_set=gone)))
            for name, rows in result.items()
            if name != "outcomes"
        }
        outcomes = [
            {**row, "outcome": "dropped", "reason": repeated[row["document_id"]]}
            if row["document_id"] in repeated
            else row
            for row in result["outcomes"].to_pylist()
        ]
        return {**kept, "outcomes": pa.Table.from_pylist(outcomes, schema=SCHEMAS["outcomes"])}
