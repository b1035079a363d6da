"""The texts of a snapshot, each to be had at once by its article's id.

Parquet keeps texts small and together: to get at twenty of them, nearly all are unpacked. So they are unpacked once per
snapshot into a file that is mapped into memory, without a name, and gone when nobody reads it any more.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from arna.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SCHEMA = pa.schema([("text", pa.large_string())])


class Texts:
    """Texts by id.

    Args:
        batches: record batches of ``id`` and ``text``.

    Raises:
        StoreError: there is no room for them in the folder for temporary files.
    """

    def __init__(self, batches: Iterable[pa.RecordBatch]) -> None:
        ids: list[pa.Array] = []
        starts = [0]
        try:
            with tempfile.TemporaryDirectory(prefix="arna-texts-") as folder:
                path = Path(folder) / "texts.arrow"
                with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, _SCHEMA) as writer:
                    for batch in batches:
                        if batch.num_rows:
                            ids.append(batch.column("id"))
                            text = batch.column("text").cast(pa.large_string())
                            writer.write_batch(pa.record_batch([text], schema=_SCHEMA))
                            starts.append(starts[-1] + batch.num_rows)
                self._file = pa.ipc.open_file(pa.memory_map(str(path)))
        except OSError as error:
            raise StoreError(
                f"{tempfile.gettempdir()}: no room to unpack the texts: {error.strerror or error}; free some space"
            ) from error
        self._starts = np.array(starts)
        column = pa.chunked_array(ids, pa.string())
        self._order = pc.sort_indices(column).to_numpy()
        self._ids = column.take(self._order).to_numpy()

    def find(self, ids: Sequence[str]) -> dict[str, str]:
        """Texts of the articles that are held."""
        found: dict[str, str] = {}
        for item in ids:
            place = int(np.searchsorted(self._ids, item))
            if place < len(self._ids) and self._ids[place] == item:
                row = int(self._order[place])
                batch = int(np.searchsorted(self._starts, row, side="right")) - 1
                text = self._file.get_batch(batch).column(0)[row - int(self._starts[batch])].as_py()
                found[item] = text or ""
        return found
