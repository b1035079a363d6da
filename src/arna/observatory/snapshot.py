"""A lake at one moment: narrow columns in memory, texts where they lie, for pages that answer at once.

A page must not open Delta logs and Parquet files for every number. What pages count and list is read once per version
of the lake into tables in memory; texts stay in their files and are fetched by the article's id.
"""

from __future__ import annotations

import os
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb
import pyarrow as pa

from arna.errors import StoreError
from arna.observatory.texts import Texts
from arna.store import Lake
from arna.terms import OWN, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from arna.terms import Space

Value = TypeVar("Value")

IN_FILES = ("articles", "documents", "fetches", "outcomes", "words", "credits", "matches", "vectors", "alignments")
"""Tables that stay in their files; the others are held in memory."""

_ORDERS = {
    "reliances": 'article_id, "begin", "end"',
    "origins": "article_id, origin",
    "topics": "article_id",
    "passages": "article_id, n",
    "health": "outlet, day",
    "coverage": "topic, lang, week, origin",
    "voids": "rank",
}

_HEADS = """
    CREATE TABLE heads AS
    SELECT CAST(row_number() OVER (ORDER BY a.id) - 1 AS INTEGER) AS n, a.id, a.url, a.outlet, a.title, a.published_at,
           a.published_from, a.lang, CAST(date_trunc('week', a.published_at) AS DATE) AS week, t.topic,
           coalesce(t.on_subject, false) AS on_subject, coalesce(t.words, 0) AS words,
           coalesce(t.on_subject, false) AND a.published_at IS NOT NULL AND coalesce(t.words, 0) > 0 AS counted,
           coalesce(r.copies, 0) AS copies, coalesce(r.translations, 0) AS translations,
           coalesce(r.doubts, 0) AS doubts, coalesce(r.credits, 0) AS credits, coalesce(r.links, 0) AS links,
           coalesce(o.own, 1.0) AS own
    FROM articles a LEFT JOIN topics t ON t.article_id = a.id
    LEFT JOIN (
        SELECT article_id, count(*) FILTER (kind = 'copy') AS copies,
               count(*) FILTER (kind = 'translation' AND source_article_id IS NOT NULL) AS translations,
               count(*) FILTER (kind = 'translation' AND source_article_id IS NULL) AS doubts,
               count(*) FILTER (kind = 'credit') AS credits, count(*) FILTER (kind = 'link') AS links
        FROM reliances GROUP BY 1
    ) r ON r.article_id = a.id
    LEFT JOIN (SELECT article_id, coalesce(sum(share) FILTER (origin = 'own'), 0.0) AS own FROM origins GROUP BY 1) o
    ON o.article_id = a.id
    ORDER BY a.id
"""

_FACTS = """
    CREATE TABLE facts AS
    SELECT h.n, h.topic, coalesce(h.lang, 'und') AS lang, h.week, h.outlet,
           CASE WHEN o.origin = ? THEN coalesce(s.origin, 'unknown') ELSE o.origin END AS origin,
           sum(h.words * o.share) AS words
    FROM heads h JOIN origins o ON o.article_id = h.id LEFT JOIN outlet_origins s ON s.outlet = h.outlet
    WHERE h.counted GROUP BY ALL ORDER BY h.topic, 3, h.n, 6
"""

_STORIES = """
    CREATE TABLE members AS
    SELECT split_part(f.family, ':', 1) AS story, CAST(split_part(f.family, ':', 2) AS INTEGER) AS passage,
           f.article_id, f.n, f.root
    FROM families f ORDER BY story, article_id, f.n
"""


class Snapshot(Lake):
    """A lake as of one moment; safe to read from several threads.

    Tables in memory beside those of the lake: ``heads`` (articles without their texts, ``n`` counting them by id),
    ``facts`` (words by origin of every article that counts for the map, ``own`` settled), ``members`` (passages of
    families, by the article that is the root).

    Attributes:
        version: of the lake and the space's description.
        space: as described at that moment.
        texts: of the articles, by id.

    Raises:
        StoreError: the lake cannot be read.
    """

    def __init__(self, folder: Path, space: Space, version: object) -> None:
        super().__init__(folder)
        self.space, self.version = space, version
        self._known: dict[object, Any] = {}
        self._lock = Lock()
        self._session = duckdb.connect(config={"threads": os.cpu_count() or 1})
        try:
            self._load()
        except duckdb.Error as error:
            raise StoreError(f"{folder}: a table cannot be read: {str(error).splitlines()[0]}") from error

    def _load(self) -> None:
        self._session.execute("SET TimeZone = 'UTC'")
        self._session.execute("SET preserve_insertion_order = true")
        for name in SCHEMAS:
            self._open_table(name, self.files(name))
        origins = {outlet.id: outlet.origin for outlet in self.space.outlets}
        self._session.register(
            "outlet_origins",
            pa.table({"outlet": pa.array(origins, pa.string()), "origin": pa.array(origins.values(), pa.string())}),
        )
        batches = self._session.sql("SELECT id, text FROM articles").to_arrow_reader(2_048)
        self.texts = Texts(batches)
        self._session.execute(_HEADS)
        self._session.execute(_FACTS, [OWN])
        self._session.execute(_STORIES)
        self._session.unregister("outlet_origins")

    def _open_table(self, name: str, files: Sequence[str]) -> None:
        """Make a table of a lake's files; columns that an older Arna did not write are empty in it."""
        self._session.register("given", SCHEMAS[name].empty_table())
        if name not in IN_FILES or not files:
            sql = "SELECT * FROM given"
            if files:
                sql += f" UNION ALL BY NAME SELECT * FROM read_parquet([{_list_files(files)}], union_by_name = true)"
                sql = f"SELECT * FROM ({sql}) ORDER BY {_ORDERS[name]}" if name in _ORDERS else sql
            self._session.execute(f'CREATE TABLE "{name}" AS {sql}')
        else:
            self._session.execute(f'CREATE VIEW "{name}" AS SELECT * FROM read_parquet([{_list_files(files)}])')
        self._session.unregister("given")

    def query(
        self,
        sql: str,
        tables: Sequence[str] | None = None,  # noqa: ARG002  # all are there
        given: Mapping[str, pa.Table] | None = None,
    ) -> pa.Table:
        """Run one SELECT of Arna's own over the tables."""
        return self.ask(sql, given=given)

    def ask(
        self, sql: str, values: Mapping[str, object] | None = None, given: Mapping[str, pa.Table] | None = None
    ) -> pa.Table:
        """Run one SELECT with values for its ``$names``.

        Raises:
            StoreError: a file of the lake has gone or is damaged.
        """
        with self._session.cursor() as cursor:
            for name, rows in (given or {}).items():
                cursor.register(name, rows)
            try:
                return cursor.sql(sql, params=dict(values or {})).to_arrow_table()
            except duckdb.IOException as error:
                raise StoreError(f"{self.folder}: a table cannot be read: {str(error).splitlines()[0]}") from error

    def rows(self, sql: str, **values: object) -> list[dict[str, Any]]:
        """Rows of a SELECT as dicts."""
        found: list[dict[str, Any]] = self.ask(sql, values).to_pylist()
        return found

    def open_articles(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """Rows of ``heads`` with their ``text``, in order of id."""
        rows = self.rows("SELECT * FROM heads WHERE list_contains($ids, id) ORDER BY id", ids=list(ids))
        texts = self.texts.find([row["id"] for row in rows])
        return [row | {"text": texts.get(row["id"], "")} for row in rows]

    def know(self, key: object, find: Callable[[], Value]) -> Value:
        """What was found under a key before, or is found now; a few hundred answers are kept."""
        with self._lock:
            if key in self._known:
                self._known[key] = self._known.pop(key)
                value: Value = self._known[key]
                return value
        value = find()
        with self._lock:
            self._known[key] = value
            while len(self._known) > 256:
                self._known.pop(next(iter(self._known)))
        return value

    def close(self) -> None:
        """Free what is held."""
        self._session.close()


def _list_files(files: Sequence[str]) -> str:
    return ", ".join("'" + file.replace("'", "''") + "'" for file in files)
