"""Evaluates a boosted forest of small complete trees with numpy: every tree and block at once, one step a level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Forest:
    """Complete binary trees of one depth, and the log-odds they add to.

    ``columns`` and ``limits`` are trees × inner nodes in breadth-first order (go right when the value is above the
    limit); ``leaves`` are trees × leaves, in units of log-odds.
    """

    columns: NDArray[np.intp]
    limits: NDArray[np.float64]
    leaves: NDArray[np.float64]
    start: float

    def find_probability(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """The probability each row belongs to the text, 0 to 1."""
        trees, inner = self.columns.shape
        columns, limits = self.columns.ravel(), self.limits.ravel()
        values = rows.ravel()
        row = (np.arange(len(rows)) * rows.shape[1])[:, None]
        tree = np.arange(trees) * inner
        node = np.zeros((len(rows), trees), dtype=np.intp)
        for _ in range((inner + 1).bit_length() - 1):
            here = node + tree
            above = values.take(row + columns.take(here)) > limits.take(here)
            node = 2 * node + 1 + above
        odds = self.start + self.leaves.ravel().take(node - inner + np.arange(trees) * (inner + 1)).sum(axis=1)
        return np.asarray(1.0 / (1.0 + np.exp(-odds)))


def read_forest(columns: str, limits: str, leaves: str, inner: int, start: float) -> Forest:
    """Builds a forest from numbers written one after another, ``inner`` inner nodes a tree."""
    return Forest(
        np.array(columns.split(), dtype=np.intp).reshape(-1, inner),
        np.array(limits.split(), dtype=np.float64).reshape(-1, inner),
        np.array(leaves.split(), dtype=np.float64).reshape(-1, inner + 1),
        start,
    )
