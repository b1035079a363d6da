"""Rows in the formats other programs read: Parquet, JSON lines, CSV; times as ``2026-05-01T00:00:00Z``."""

from __future__ import annotations

import csv
import io
import json
import math
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from arna.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FORMATS = ("parquet", "jsonl", "csv")

_ROWS_AT_ONCE = 5_000


def plain(value: Any) -> Any:
    """A value as JSON holds it: times in UTC with a Z, days as ``2026-05-01``, what is no number as null."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return _plain_rare(value)


def _plain_rare(value: object) -> str | int | float:
    """A time, or what only a user's own query gives."""
    if isinstance(value, datetime):
        at = value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
        text = at.isoformat(timespec="microseconds" if value.microsecond else "seconds")
        return text.replace("+00:00", "Z")
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, date) else str(value)


def list_rows(rows: pa.Table) -> Iterator[dict[str, Any]]:
    """Rows as dicts of plain values, a few thousand in memory at a time."""
    for begin in range(0, rows.num_rows, _ROWS_AT_ONCE):
        for row in rows.slice(begin, _ROWS_AT_ONCE).to_pylist():
            yield {key: plain(value) for key, value in row.items()}


def dump(value: object) -> str:
    """One line of JSON, letters as they are."""
    return json.dumps(value, ensure_ascii=False)


def write_lines(rows: pa.Table, form: str, write: Callable[[str], object]) -> None:
    """Write rows as ``jsonl`` or ``csv``; nested values are JSON inside CSV."""
    for line in _list_csv(rows) if form == "csv" else (dump(row) + "\n" for row in list_rows(rows)):
        write(line)


def _list_csv(rows: pa.Table) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(rows.column_names)
    yield buffer.getvalue()
    for row in list_rows(rows):
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([dump(item) if isinstance(item, (dict, list)) else item for item in row.values()])
        yield buffer.getvalue()


def write_parquet(rows: pa.Table, stream: IO[bytes]) -> None:
    """Write rows as Parquet to a stream that need not be seekable."""
    packed = pa.BufferOutputStream()
    pq.write_table(rows, packed, compression="zstd")
    stream.write(packed.getvalue())


def write_file(rows: pa.Table, form: str, path: Path) -> None:
    """Write rows to a file, whole or not at all.

    Raises:
        StoreError: the file cannot be written.
    """
    part = path.parent / f".{path.name}.part"
    try:
        if form == "parquet":
            pq.write_table(rows, part, compression="zstd")
        else:
            with part.open("w", encoding="utf-8", newline="") as file:
                write_lines(rows, form, file.write)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StoreError(f"{path}: cannot be written: {error.strerror or error}; choose another -o FILE") from error
