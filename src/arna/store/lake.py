"""Delta tables (Parquet with atomic commits) in one folder, read through DuckDB.

A reader sees each table as of its last commit; a commit that was cut off is as if it had never been. Delta Lake has
no unsigned numbers, hence the signed word hashes.
"""

from __future__ import annotations

import fcntl
import os
import re
from functools import partial
from typing import TYPE_CHECKING, Literal, Self
from urllib.parse import unquote

import duckdb
from deltalake import DeltaTable, WriterProperties, write_deltalake
from deltalake.exceptions import DeltaError, TableNotFoundError

from arna.errors import BusyError, QueryError, StoreError
from arna.terms import KEYS, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    import pyarrow as pa

_MANY_FILES = 40
"""Files from which a table's small ones are put together: a commit a day would slow every reading down."""

_WRITER = WriterProperties(compression="ZSTD", compression_level=3)

_NOT_IN_PATHS = re.compile(r"[][^|\\\ud800-\udfff]|%[0-9A-Fa-f]{2}")
"""What deltalake 1.6 cannot have in a path: it panics, or takes it for something escaped."""


class Lake:
    """The read-only side of a lake.

    Raises:
        StoreError: the folder's path is one that Delta Lake cannot use.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        found = _NOT_IN_PATHS.search(str(folder.absolute()))
        if found:
            raise StoreError(f"{folder}: Delta Lake cannot keep tables in a path with {found[0]!a}; rename the folder")

    def files(self, name: str) -> list[str]:
        """Parquet files that make up a table as of its last commit; none if it was never written.

        Raises:
            StoreError: no such table in Arna, or its log cannot be read.
        """
        if name not in SCHEMAS:
            raise StoreError(f"no table '{name}'; there are {', '.join(SCHEMAS)}")
        table = self._open(name)
        return [] if table is None else sorted(unquote(uri) for uri in table.file_uris())

    def _open(self, name: str) -> DeltaTable | None:
        try:
            return DeltaTable(self.folder / name)
        except TableNotFoundError:
            return None
        except (DeltaError, OSError) as error:
            raise StoreError(f"{self.folder / name}: the table's log cannot be read: {_first_line(error)}") from error

    def connect(
        self, tables: Sequence[str] | None = None, given: Mapping[str, pa.Table] | None = None
    ) -> duckdb.DuckDBPyConnection:
        """DuckDB connection with a view for each table, and for each Arrow table given by name.

        Raises:
            StoreError: a table's files are missing or damaged.
        """
        session = duckdb.connect(config={"threads": os.cpu_count() or 1})
        session.execute("SET TimeZone = 'UTC'")
        for name in tables if tables is not None else SCHEMAS:
            files = self.files(name)
            if files:
                quoted = ", ".join(map(_quote, files))
                try:
                    session.execute(f'CREATE VIEW "{name}" AS SELECT * FROM read_parquet([{quoted}])')
                except duckdb.Error as error:
                    session.close()
                    raise StoreError(f"{self.folder / name}: cannot be read: {_first_line(error)}") from error
            else:
                session.register(name, SCHEMAS[name].empty_table())
        for name, rows in (given or {}).items():
            session.register(name, rows)
        return session

    def query(
        self, sql: str, tables: Sequence[str] | None = None, given: Mapping[str, pa.Table] | None = None
    ) -> pa.Table:
        """Run one SELECT over the tables (all, or those named) and Arrow tables given by name.

        Raises:
            StoreError: the tables cannot be read.
        """
        with self.connect(tables, given) as session:
            try:
                return session.sql(sql).to_arrow_table()
            except duckdb.Error as error:
                raise StoreError(f"{self.folder}: a table cannot be read: {_first_line(error)}") from error

    def query_by_user(self, sql: str) -> pa.Table:
        """Run a user's SELECT; nothing outside the lake's tables can be read or written.

        Of columns with one name, the second is called ``name_1`` and so on, as DuckDB's own tables do.

        Raises:
            QueryError: the SQL is wrong, or is not a query.
        """
        with self.connect() as session:
            try:
                statements = session.extract_statements(sql)
                if len(statements) != 1 or statements[0].type not in {
                    duckdb.StatementType.SELECT,
                    duckdb.StatementType.EXPLAIN,
                }:
                    raise QueryError("sql: only one SELECT is allowed; the tables are read-only")
                session.execute(f"SET allowed_directories = [{_quote(str(self.folder.absolute()))}]")
                session.execute("SET enable_external_access = false")
                rows = session.sql(sql).to_arrow_table()
                return rows.rename_columns(_name_apart(rows.column_names))
            except duckdb.Error as error:
                raise QueryError(f"sql: {_first_line(error)}") from error

    def recall(self, note: str) -> str | None:
        """What a writer noted under a name at the end of its work, or None."""
        try:
            return (self.folder / f".{note}").read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def read(self, name: str) -> pa.Table:
        """A whole table, with exactly its schema."""
        rows = self.query(f'SELECT * FROM "{name}"', [name])
        if rows.column_names != SCHEMAS[name].names:
            raise StoreError(
                f"{self.folder / name}: written by another version of Arna; move the lake folder away, import and run"
            )
        return rows.cast(SCHEMAS[name])


class LakeWriter(Lake):
    """The writing side: one at a time, as a context manager.

    Raises:
        BusyError: another writer is at work.
        StoreError: the disk is full or not writable; nothing half is left visible.
    """

    def __enter__(self) -> Self:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = (self.folder / ".lock").open("w")
        except OSError as error:
            raise StoreError(f"{self.folder}: cannot be written: {error.strerror}") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._lock.close()
            raise BusyError(f"{self.folder}: another arna is writing here; wait until it is done") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.close()

    def append(self, name: str, rows: pa.Table) -> None:
        """Add rows in one commit. The caller vouches that their keys are new."""
        if rows.num_rows:
            self._write(name, rows, "append")

    def append_new(self, name: str, rows: pa.Table) -> int:
        """Add the rows whose key is not there yet, each key once, in one commit; gives how many."""
        keys = ", ".join(KEYS[name])
        same = " AND ".join(f't."{key}" IS NOT DISTINCT FROM r."{key}"' for key in KEYS[name])
        fresh = self.query(
            f"""SELECT r.* EXCLUDE (row_no) FROM (
                    SELECT *, row_number() OVER () AS row_no FROM rows_given
                ) r WHERE NOT EXISTS (SELECT 1 FROM "{name}" t WHERE {same})
                QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY row_no) = 1 ORDER BY row_no""",
            [name],
            {"rows_given": rows},
        )
        self.append(name, fresh)
        return int(fresh.num_rows)

    def replace(self, name: str, rows: pa.Table) -> None:
        """Put rows in place of the whole table in one commit; versions older than a week are swept."""
        self._write(name, rows, "overwrite")

    def delete(self, name: str, column: str, values: Sequence[str]) -> None:
        """Take out rows by the value of a text column, in one commit."""
        table = self._open(name)
        if table is None or not values:
            return
        listed = ", ".join(map(_quote, values))
        self._guard(name, lambda: table.delete(f"{column} IN ({listed})"))

    def remember(self, note: str, value: str) -> None:
        """Note something for the next run, all of it or nothing."""

        def write() -> None:
            part = self.folder / f".{note}.part"
            part.write_text(value, encoding="utf-8")
            part.replace(self.folder / f".{note}")

        self._guard(f".{note}", write)

    def sweep(self) -> None:
        """Put small files together; drop what no version of the last week refers to: replaced rows, cut-off commits."""
        for name in SCHEMAS:
            table = self._open(name)
            if table is not None:
                if len(table.file_uris()) > _MANY_FILES:
                    self._guard(name, table.optimize.compact)
                self._guard(name, partial(table.vacuum, dry_run=False))

    def _write(self, name: str, rows: pa.Table, mode: Literal["append", "overwrite"]) -> None:
        data = rows.select(SCHEMAS[name].names).cast(SCHEMAS[name])
        if mode == "append":
            self._guard(
                name, lambda: write_deltalake(self.folder / name, data, mode="append", writer_properties=_WRITER)
            )
        else:
            self._guard(
                name,
                lambda: write_deltalake(
                    self.folder / name, data, mode="overwrite", schema_mode="overwrite", writer_properties=_WRITER
                ),
            )

    def _guard(self, name: str, action: Callable[[], object]) -> None:
        try:
            action()
        except (DeltaError, OSError) as error:
            message = _first_line(error)
            hint = "free some space and run again" if "space" in message.lower() else "check the folder and run again"
            raise StoreError(
                f"{self.folder / name}: cannot be written: {message}; {hint}; the table is as it was before"
            ) from error


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _name_apart(names: Sequence[str]) -> list[str]:
    seen = set(names)
    apart: list[str] = []
    for name in names:
        new, count = name, 0
        while new in apart or (count and new in seen):
            count += 1
            new = f"{name}_{count}"
        apart.append(new)
    return apart


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
