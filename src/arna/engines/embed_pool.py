"""From token ids to one vector a text: windows, batches of like length, pooling. The same for every local engine."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_STEP = 4
"""Texts are padded to the next multiple of this, whatever stands beside them, so that a text has the same vector in
every batch; only attention pays for padding. Steps of 8 and 16 are 2 and 4 % slower."""

_BATCH_TOKENS = 512
"""Tokens in a batch: 512 to 1,024 are alike, 128 and 4,096 cost a tenth and a third (caches)."""


class TokenEncoder(Protocol):
    """Runs a model over batches of token ids."""

    dimensions: int
    parallel: int
    """Batches that may run at once."""

    def encode(self, ids: NDArray[np.int32], lengths: NDArray[np.int32]) -> Floats:
        """Hidden states (texts, places, dimensions) of ids (texts, places), each text ``lengths`` long."""
        ...


@dataclass(frozen=True)
class Framing:
    """How ids become the model's input and its output one vector."""

    head: tuple[int, ...]
    """Ids before every window, such as <s>."""
    tail: tuple[int, ...]
    """Ids after it, such as </s>."""
    window: int
    """Ids between head and tail at most; longer texts are cut into windows, averaged by their ids."""
    padding: int = 0
    first_token: bool = False
    """The vector of the first token instead of the mean of all."""


def embed_ids(encoder: TokenEncoder, framing: Framing, texts: Sequence[Sequence[int]]) -> Floats:
    """Vectors of texts given as ids (without head and tail), not yet of length 1: (texts, dimensions)."""
    owners, windows, weights = _cut_windows(framing, texts)
    vectors = np.empty((len(windows), encoder.dimensions), np.float32)
    lengths = np.fromiter(map(len, windows), np.int32, len(windows))
    batches = list(_make_batches(lengths))

    def run(batch: NDArray[np.intp]) -> None:
        vectors[batch] = _encode_batch(encoder, framing, [windows[place] for place in batch], lengths[batch])

    if encoder.parallel > 1 and len(batches) > 1:
        with ThreadPoolExecutor(encoder.parallel) as pool:
            for _ in pool.map(run, batches):
                pass
    else:
        for batch in batches:
            run(batch)
    if len(windows) == len(texts):
        return vectors
    sums = np.zeros((len(texts), encoder.dimensions), np.float64)
    np.add.at(sums, owners, vectors * weights[:, None])
    return (sums / np.bincount(owners, weights)[:, None]).astype(np.float32)


def scale_to_unit(vectors: Floats) -> Floats:
    """The same directions with length 1; a row of zeros stays."""
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64))[:, None]
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def _cut_windows(
    framing: Framing, texts: Sequence[Sequence[int]]
) -> tuple[NDArray[np.intp], list[list[int]], NDArray[np.float64]]:
    """Windows with head and tail, the text each belongs to, and what it weighs in that text's mean."""
    owners, windows, weights = [], [], []
    for number, ids in enumerate(texts):
        for begin in range(0, max(1, len(ids)), framing.window):
            part = ids[begin : begin + framing.window]
            owners.append(number)
            windows.append([*framing.head, *part, *framing.tail])
            weights.append(max(1, len(part)))
    return np.array(owners, np.intp), windows, np.array(weights, np.float64)


def _make_batches(lengths: NDArray[np.int32]) -> Iterator[NDArray[np.intp]]:
    """Places of windows of one padded length, the longest first so that threads end together."""
    padded = -(-lengths // _STEP) * _STEP
    order = np.argsort(-padded, kind="stable")
    begin = 0
    while begin < len(order):
        length = padded[order[begin]]
        same = int(np.searchsorted(-padded[order], -length, side="right"))
        end = min(same, begin + max(1, _BATCH_TOKENS // int(length)))
        yield order[begin:end]
        begin = end


def _encode_batch(
    encoder: TokenEncoder, framing: Framing, windows: list[list[int]], lengths: NDArray[np.int32]
) -> Floats:
    width = -(-int(lengths.max()) // _STEP) * _STEP
    inside = np.arange(width) < lengths[:, None]
    ids = np.full((len(windows), width), framing.padding, np.int32)
    ids[inside] = np.concatenate([np.array(window, np.int32) for window in windows])
    states = encoder.encode(ids, lengths)
    if framing.first_token:
        return states[:, 0]
    if not inside.all():
        states = np.where(inside[:, :, None], states, np.float32(0))
    return np.asarray(states.sum(axis=1) / lengths[:, None].astype(np.float32), np.float32)
