"""The embedder with the lake in front of it: no text is embedded twice in a space."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from arna.terms import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from arna.engines.embed import Embedder
    from arna.runs.run import Progress
    from arna.store import LakeWriter

AT_ONCE, COMMIT = 1_000, 8
"""Texts embedded between two words of progress, and how many such batches go into one commit: half a minute's work is
lost when a run is killed."""

_MODEL = "embedded-with"


class CachedEmbedder:
    """An embedder that looks into the table ``vectors`` first and keeps there what it had to work out.

    Vectors are kept in 8 bits a number, scaled to the largest; the cosine to the original is 0.9999.

    Attributes:
        embedded: texts given to the model so far.
        cached: texts found in the table so far.
        changed: the model before, if the space's vectors were another's; they have been dropped.
    """

    def __init__(self, lake: LakeWriter, model: Embedder, progress: Progress) -> None:
        """Take up what the space has.

        Args:
            lake: of the space.
            model: does the work; it is not asked before a text is missing.
            progress: told what happens.
        """
        self._lake, self._model, self._progress = lake, model, progress
        self.name, self.embedded, self.cached = model.name, 0, 0
        known = lake.recall(_MODEL)
        self.changed = known if known not in (None, model.name) else None
        if self.changed:
            lake.replace("vectors", SCHEMAS["vectors"].empty_table())
        if known != model.name:
            lake.remember(_MODEL, model.name)

    @property
    def dimensions(self) -> int:
        """Numbers in a vector."""
        return self._model.dimensions

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of length 1, shape (texts, dimensions), in order.

        Raises:
            EmbedError: the model cannot be used.
            StoreError: the lake cannot.
        """
        digests = [_digest(text) for text in texts]
        row: dict[str, int] = {}
        for digest in digests:
            row.setdefault(digest, len(row))
        found = self._look_up(list(row))
        distinct = dict(zip(digests, texts, strict=True))
        missing = [digest for digest in row if digest not in found]
        self.cached += len(row) - len(missing)
        if missing:
            self._progress.start("Reading for meaning", len(missing))
        for begin in range(0, len(missing), AT_ONCE * COMMIT):
            some = missing[begin : begin + AT_ONCE * COMMIT]
            packed = list(self._work_out([distinct[digest] for digest in some]))
            self._lake.append("vectors", pa.table([some, packed], schema=SCHEMAS["vectors"]))
            found.update(zip(some, packed, strict=True))
        vectors = _unpack([found[digest] for digest in row], self.dimensions)
        return vectors[[row[digest] for digest in digests]]

    def _work_out(self, texts: list[str]) -> Iterator[bytes]:
        for begin in range(0, len(texts), AT_ONCE):
            some = texts[begin : begin + AT_ONCE]
            yield from _pack(self._model.embed(some))
            self.embedded += len(some)
            self._progress.advance(len(some))

    def _look_up(self, digests: list[str]) -> dict[str, bytes]:
        rows = self._lake.query(
            "SELECT v.* FROM vectors v SEMI JOIN wanted w USING (digest)",
            ["vectors"],
            {"wanted": pa.table([digests], names=["digest"])},
        )
        return dict(zip(rows["digest"].to_pylist(), rows["vector"].to_pylist(), strict=True))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _pack(vectors: NDArray[np.float32]) -> list[bytes]:
    largest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-9)
    return [row.tobytes() for row in np.rint(vectors / largest * 127).astype(np.int8)]


def _unpack(packed: Sequence[bytes], dimensions: int) -> NDArray[np.float32]:
    if not packed:
        return np.empty((0, dimensions), np.float32)
    vectors = np.frombuffer(b"".join(packed), np.int8).reshape(len(packed), -1).astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: NDArray[np.float32] = vectors / np.maximum(lengths, np.float32(1e-9))
    return unit
