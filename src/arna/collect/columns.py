"""Rows of articles in Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from arna.collect.delimited import REQUIRED, Item, dump_article, mend_number
from arna.collect.scan import EXPANDED, RATIO
from arna.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ROWS: Final = 256  # rows in memory at once


def read_parquet(path: Path) -> Iterator[Item]:
    """Articles of a Parquet file; ``published_at`` is a time, a day or text, ``links`` a list of text or structs.

    A row group that cannot be read is one item with its trouble, and the next one is read.

    Raises:
        InputError: it is no Parquet file, or lacks a required column.
    """
    try:
        source = pq.ParquetFile(path, pre_buffer=False)
        names = source.schema_arrow.names
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read as Parquet: {_first_line(error)}") from error
    with source:
        missing = [name for name in REQUIRED if name not in names]
        if missing:
            raise InputError(f"{path}: lacks the columns {', '.join(missing)}; needed are {', '.join(REQUIRED)}")
        number, groups = 0, source.metadata.num_row_groups
        for group in range(groups):
            rows = source.metadata.row_group(group).num_rows
            done = path.stat().st_size * (group + 1) // groups
            read = 0
            try:
                _check_ratio(source, group)
                for batch in source.iter_batches(_ROWS, row_groups=[group]):
                    for row in _cast_times(batch).to_pylist():
                        read += 1
                        article = _clean_row(row)
                        yield Item(f"row {number + read}", article, dump_article(article), "", done)
            except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
                trouble = f"the rest of its row group, {rows - read} rows, is lost: {_first_line(error)}"
                yield Item(f"row {number + read + 1}", {}, b"", trouble, done)
            else:
                if read < rows:
                    trouble = f"{rows - read} rows of its row group are missing"
                    yield Item(f"row {number + read + 1}", {}, b"", trouble, done)
            number += rows


def _check_ratio(source: pq.ParquetFile, group: int) -> None:
    columns = source.metadata.row_group(group)
    packed = sum(columns.column(n).total_compressed_size for n in range(columns.num_columns))
    if columns.total_byte_size > max(EXPANDED, RATIO * packed):
        raise ValueError(f"it expands more than {RATIO} to 1, as a bomb does")


def _cast_times(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Times in nanoseconds as microseconds, which is what Python has."""
    for n, field in enumerate(batch.schema):
        if pa.types.is_timestamp(field.type) and field.type.unit == "ns":
            times = batch.column(n).cast(pa.timestamp("us", field.type.tz), safe=False)
            batch = batch.set_column(n, field.name, times)
    return batch


def _clean_row(row: dict[str, Any]) -> dict[str, Any]:
    """A row without its nulls: what is missing is not there, as in JSONL."""
    mended = {name: mend_number(value) for name, value in row.items()}
    return {name: value for name, value in mended.items() if value is not None}


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
