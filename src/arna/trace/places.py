"""Words of articles as code points, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa
    from numpy.typing import NDArray


class Places:
    """Words of some articles as code points."""

    def __init__(self, number: Mapping[str, int], words: pa.Table) -> None:
        begins, ends = words["begins"].combine_chunks(), words["ends"].combine_chunks()
        self.at: dict[int, tuple[NDArray[np.int64], NDArray[np.int64]]] = {}
        offsets = begins.offsets.to_numpy()
        flat_begins, flat_ends = begins.values.to_numpy(), ends.values.to_numpy()
        for row, article in enumerate(words["article_id"].to_pylist()):
            span = slice(offsets[row], offsets[row + 1])
            self.at[number[article]] = (flat_begins[span], flat_ends[span])
        self.number = number

    def span(self, article: int, first: int, last: int) -> tuple[int, int]:
        """Code points of words ``[first, last)``."""
        begins, ends = self.at[article]
        return int(begins[first]), int(ends[last - 1])

    def words_of(self, article: int, begin: int, end: int) -> tuple[int, int]:
        """Words ``[first, last)`` that lie between two code points."""
        begins, ends = self.at[article]
        return int(np.searchsorted(ends, begin, side="right")), int(np.searchsorted(begins, end, side="left"))

    def passages(self, passages: pa.Table) -> dict[int, tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """First and last words of the passages of each article."""
        found: dict[int, tuple[NDArray[np.int64], NDArray[np.int64]]] = {}
        ordered = passages.sort_by([("article_id", "ascending"), ("n", "ascending")])
        articles = ordered["article_id"].to_pylist()
        begins, ends = ordered["begin"].to_numpy(), ordered["end"].to_numpy()
        low = 0
        while low < len(articles):
            high = low
            while high < len(articles) and articles[high] == articles[low]:
                high += 1
            article = self.number[articles[low]]
            word_begins, word_ends = self.at[article]
            found[article] = (
                np.searchsorted(word_ends, begins[low:high], side="right"),
                np.searchsorted(word_begins, ends[low:high], side="left"),
            )
            low = high
        return found
