"""Where texts of a language lie, before a space has enough texts of its own to tell.

Means of the sentences of SIB-200 (FLORES-200) by language, for the model in the box and for sums of its pieces; written
by ``bench/train_centres.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from arna.engines.embed import DEFAULT
from arna.terms import base_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True)
class Centres:
    """Means of unit vectors, float32, shape (languages, dimensions)."""

    langs: tuple[str, ...]
    vectors: NDArray[np.float32]

    def look_up(self, tags: Sequence[str]) -> NDArray[np.float32]:
        """A row for each language tag; the mean of all languages where one is not known."""
        every = self.vectors.mean(0)
        rows = [self.langs.index(base_language(tag)) if base_language(tag) in self.langs else -1 for tag in tags]
        return np.stack([every if row < 0 else self.vectors[row] for row in rows])


@cache
def _load(name: str) -> Centres:
    with (files("arna.engines") / "centres.npz").open("rb") as file, np.load(file) as table:
        return Centres(tuple(table["langs"].tolist()), table[name].astype(np.float32))


def centres_of_model(name: str) -> Centres | None:
    """Of an embedder by its name; None for all but the one in the box."""
    return _load("centres") if re.match(rf"{DEFAULT} \S+ e5-small q4", name) else None


def centres_of_pieces() -> Centres:
    """Of the sums of pieces (:mod:`arna.engines.sift`)."""
    return _load("pieces")
