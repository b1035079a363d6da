"""Of each article, the share of its words whose root lies with each origin.

Every word of an article carries one label: an origin, ``own`` or ``unknown``. A word copied from another article takes
the label of the word it rests on there, so chains end at their root; a word that rests on nobody but is spoken for by a
credit takes the origin of the outlet named. ``docs/method.md`` tells the rules with a worked example.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from arna.terms import OWN, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from arna.trace.choose import Lean

_OWN, _UNKNOWN = 0, 1


@dataclass(frozen=True)
class Spoken:
    """Words ``[first, last)`` of an article that a credit speaks for; ``origin`` is the named outlet's."""

    first: int
    last: int
    origin: str


def share_origins(
    sizes: NDArray[np.int64],
    origins: Sequence[str],
    outlets: NDArray[np.int32],
    leans: Sequence[Lean],
    spoken: Mapping[int, Sequence[Spoken]],
    doubts: Mapping[int, Sequence[tuple[int, int]]] | None = None,
) -> dict[int, dict[str, float]]:
    """Origin shares of the articles that lean on something; all others are wholly their own.

    Args:
        sizes: words per article.
        origins: per article, the origin its outlet counts as.
        outlets: a number per article for its outlet.
        leans: spans and their sources; where two of an article overlap, the surer counts.
        spoken: per article, what its credits speak for; later ones win.
        doubts: per article, words ``[first, last)`` that may render another article; they are ``unknown`` unless a
            credit speaks for them or they lean on something.
    """
    doubts = doubts or {}
    names = [OWN, UNKNOWN]
    names += sorted({*origins, *(item.origin for items in spoken.values() for item in items)} - set(names))
    labels = _Labels(names, sizes, origins, outlets, leans, spoken, doubts)
    shares = {}
    for article in sorted({lean.match.a for lean in leans} | set(spoken) | set(doubts)):
        counts = np.bincount(labels.of(article), minlength=len(names))
        total = counts.sum()
        shares[article] = {names[number]: float(counts[number] / total) for number in np.flatnonzero(counts)} or {
            OWN: 1.0
        }
    return shares


class _Labels:
    """Labels of an article's words, worked out when first asked for, sources before those that lean on them."""

    def __init__(
        self,
        names: Sequence[str],
        sizes: NDArray[np.int64],
        origins: Sequence[str],
        outlets: NDArray[np.int32],
        leans: Sequence[Lean],
        spoken: Mapping[int, Sequence[Spoken]],
        doubts: Mapping[int, Sequence[tuple[int, int]]],
    ) -> None:
        self.number = {name: n for n, name in enumerate(names)}
        self.sizes, self.origins, self.outlets, self.spoken, self.doubts = sizes, origins, outlets, spoken, doubts
        self.leans: dict[int, list[Lean]] = defaultdict(list)
        for lean in sorted(leans, key=lambda lean: lean.confidence):
            self.leans[lean.match.a].append(lean)
        self.done: dict[int, NDArray[np.int16]] = {}

    def of(self, article: int) -> NDArray[np.int16]:
        """Labels of an article's words; a circle of leans is cut with ``unknown``."""
        path, on_path = [article], {article}
        while path:
            at = path[-1]
            if at in self.done:
                on_path.discard(path.pop())
                continue
            waits = [
                lean.match.b
                for lean in self.leans.get(at, ())
                if lean.match.b not in self.done and lean.match.b not in on_path
            ]
            if waits:
                path += waits[:1]
                on_path.add(waits[0])
            else:
                self.done[at] = self._label(at)
        return self.done[article]

    def _label(self, article: int) -> NDArray[np.int16]:
        said = np.full(int(self.sizes[article]), _OWN, dtype=np.int16)
        for item in self.spoken.get(article, ()):
            said[item.first : item.last] = self.number[item.origin]
        labels = said.copy()
        for first, last in self.doubts.get(article, ()):
            labels[first:last] = np.where(said[first:last] == _OWN, _UNKNOWN, said[first:last])
        for lean in self.leans.get(article, ()):
            span = slice(lean.match.first, lean.match.last)
            labels[span] = self._carry(lean, said[span])
        return labels

    def _carry(self, lean: Lean, said: NDArray[np.int16]) -> NDArray[np.int16]:
        """Labels a span takes from its source; ``said`` is what the article's own credits say of the span."""
        match, source = lean.match, lean.match.b
        size = match.last - match.first
        places = match.other_first + np.arange(size) * (match.other_last - match.other_first) // size
        below = self.done.get(source)
        if below is None:  # a circle: two unclear leans on each other say nothing of a third
            carried = np.full(size, _OWN if lean.direction == "unclear" else _UNKNOWN, np.int16)
        else:
            carried = below[places].copy()
        # Who had it first is in doubt, but not whom this article names.
        carried = np.where((carried == _UNKNOWN) & (said != _OWN), said, carried)
        home = self.number[self.origins[source]]
        if self.outlets[source] == self.outlets[match.a]:
            return carried
        roots = carried == _OWN
        if lean.direction == "clock":  # a credit to someone else beats the clock
            carried[roots] = np.where(said[roots] != _OWN, said[roots], home)
        elif lean.direction == "unclear" and self.origins[source] != self.origins[match.a]:
            carried[roots] = np.where(said[roots] != _OWN, said[roots], _UNKNOWN)
        else:
            carried[roots] = home
        return carried
