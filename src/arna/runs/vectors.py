"""The embedder with the lake in front of it: no text is embedded twice in a space."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from arna.errors import EmbedError
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
        model: what does the work.
        embedded: texts given to the model so far.
        cached: texts found in the table so far.
        changed: the model before, if the space's vectors were another's; they go when the first
            of this one's are there.
    """

    def __init__(self, lake: LakeWriter, model: Embedder, progress: Progress) -> None:
        """Take up what the space has.

        Args:
            lake: of the space.
            model: does the work; it is not asked before a text is missing.
            progress: told what happens.
        """
        self._lake, self.model, self._progress = lake, model, progress
        self.name, self.embedded, self.cached = model.name, 0, 0
        known = lake.recall(_MODEL)
        self.changed = known if known and known != model.name else None
        self._fresh = known == model.name

    @property
    def dimensions(self) -> int:
        """Numbers in a vector."""
        return self.model.dimensions

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of length 1, shape (texts, dimensions), in order.

        Raises:
            EmbedError: the model cannot be used.
            StoreError: the lake cannot.
        """
        if not texts:
            return np.empty((0, 0), np.float32)
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
            packed: list[bytes] = []
            try:
                for vector in self._work_out([distinct[digest] for digest in some]):
                    packed.append(vector)  # noqa: PERF402 - what is there when the model fails is kept
            finally:
                self._keep(some[: len(packed)], packed)
            found.update(zip(some, packed, strict=True))
        vectors = _unpack([found[digest] for digest in row])
        return vectors[[row[digest] for digest in digests]]

    def _work_out(self, texts: list[str]) -> Iterator[bytes]:
        for begin in range(0, len(texts), AT_ONCE):
            some = texts[begin : begin + AT_ONCE]
            yield from _pack(self.model.embed(some))
            self.embedded += len(some)
            self._progress.advance(len(some))

    def _keep(self, digests: list[str], packed: list[bytes]) -> None:
        """Add to the table; another model's vectors go when the first of this one's are there."""
        if not packed:
            return
        rows = pa.table([digests, packed], schema=SCHEMAS["vectors"])
        if self._fresh:
            self._lake.append("vectors", rows)
        else:
            self._lake.remember(_MODEL, "")
            self._lake.replace("vectors", rows)
            self._lake.remember(_MODEL, self.model.name)
            self._fresh = True

    def _look_up(self, digests: list[str]) -> dict[str, bytes]:
        if not self._fresh:
            return {}
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


def _unpack(packed: Sequence[bytes]) -> NDArray[np.float32]:
    if len(set(map(len, packed))) > 1:
        message = (
            "the model gives vectors of another length than those of this space: it is another model under the same "
            "name; give it a name of its own in ARNA_EMBED_MODEL"
        )
        raise EmbedError(message)
    vectors = np.frombuffer(b"".join(packed), np.int8).reshape(len(packed), -1).astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: NDArray[np.float32] = vectors / np.maximum(lengths, np.float32(1e-9))
    return unit
