"""Words of many texts at once, as columns of numbers: what tracing compares.

A word is a run of letters and digits; an apostrophe or soft hyphen between two of them joins (``oʻzbek``, ``п’ять``)
and leaves no trace in the hash, so every way of writing it is the same word. Case, ё and the endings past the sixth
letter are folded away: a re-inflected word is still the same word. The work is done on the code points of a whole
batch with NumPy; there is no loop over words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

PREFIX = 6
"""Letters of a word that count. Of the demo's edited reprints 6 keep 1 to 7 words in a hundred more than whole words
do; 5 to 8 give the same figures on the planted corpus (``bench/trace.py``)."""

NUMBER, NAME, QUOTED = 1, 2, 4
"""Flags of a word: begins with a digit; capitalised inside a sentence; stands in quotation marks."""

_JOINERS = "'`´ʹʻʼʽ‘’ˈ\u00ad\u200b\u200c\u200d"  # apostrophes, soft hyphen, zero-width
_TRANSPARENT = ' \t\u00a0«»“”„‟"()[]{}—–-‑*•'
_SENTENCE_ENDS = ".!?…\n:;\r"
_QUOTES = re.compile(r"«[^«»\n]{1,900}»|“[^“”\n]{1,900}”|„[^„“”\n]{1,900}[“”]|\"[^\"\n]{1,900}\"")
_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so it has an inverse modulo 2**64


@dataclass(frozen=True)
class Words:
    """The words of a batch of texts, text after text.

    Attributes:
        offsets: shape (texts + 1,); words of text ``i`` are ``offsets[i]:offsets[i + 1]``.
        hashes: uint32, equal for equal folded words.
        begins: int32, code points from the start of the word's own text.
        ends: int32, likewise, exclusive.
        flags: uint8, a sum of ``NUMBER``, ``NAME`` and ``QUOTED``.
    """

    offsets: NDArray[np.int64]
    hashes: NDArray[np.uint32]
    begins: NDArray[np.int32]
    ends: NDArray[np.int32]
    flags: NDArray[np.uint8]


_LETTER, _DIGIT, _JOINER, _UPPER, _CLEAR, _STOP = 1, 2, 4, 8, 16, 32


@cache
def _tables() -> tuple[NDArray[np.uint8], NDArray[np.uint16]]:
    """Class bits and folded code point of every character of the basic plane."""
    classes = np.zeros(65536, dtype=np.uint8)
    folded = np.arange(65536, dtype=np.uint16)
    for code in range(65536):
        char = chr(code)
        if char.isalpha() or unicodedata.category(char) == "Mn":
            classes[code] = _LETTER | (_UPPER if char.isupper() else 0)
            lower = char.lower()
            if len(lower) == 1:
                folded[code] = ord(lower)
        elif char.isdigit():
            classes[code] = _LETTER | _DIGIT
    for chars, bit in ((_JOINERS, _JOINER), (_TRANSPARENT, _CLEAR), (_SENTENCE_ENDS, _STOP)):
        for char in chars:
            classes[ord(char)] = bit
    folded[ord("ё")] = folded[ord("Ё")] = ord("е")
    folded[ord("I")] = folded[ord("İ")] = folded[ord("ı")] = ord("i")  # one letter for every Latin alphabet here
    return classes, folded


def _prefix_hashes(
    letters: NDArray[np.uint16], begins: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.uint32]:
    """Polynomial hash of the first ``PREFIX`` letters of each word, from one running sum over all letters."""
    count = len(letters)
    powers = np.cumprod(np.full(count + 1, _BASE, dtype=np.uint64))
    inverse = np.uint64(pow(int(_BASE), -1, 2**64))
    inverses = np.cumprod(np.full(count + 1, inverse, dtype=np.uint64))
    running = np.zeros(count + 1, dtype=np.uint64)
    np.cumsum(letters.astype(np.uint64) * powers[:count], out=running[1:])
    value = (running[np.minimum(ends, begins + PREFIX)] - running[begins]) * inverses[begins]
    value ^= value >> np.uint64(29)
    value *= np.uint64(0xBF58476D1CE4E5B9)
    return (value >> np.uint64(32)).astype(np.uint32)


def find_quotes(text: str) -> list[tuple[int, int]]:
    """Spans in quotation marks, marks included, in code points; a quotation ends with its line."""
    return [span.span() for span in _QUOTES.finditer(text)]


def find_words(texts: Sequence[str]) -> Words:
    """Find the words of all texts; ``begins`` and ``ends`` are exact code points of each text.

    A character outside the basic plane (an emoji) is never part of a word.
    """
    joined = "\n".join(texts) + "\n"
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    classes, folded = _tables()
    narrow = np.where(codes < 65536, codes, 0).astype(np.uint16)
    kind = classes[narrow]
    letter = (kind & _LETTER) != 0
    inside = letter.copy()
    joiner = np.flatnonzero((kind & _JOINER) != 0)
    joiner = joiner[(joiner > 0)]
    inside[joiner] = letter[joiner - 1] & letter[joiner + 1]
    edges = np.flatnonzero(np.diff(np.concatenate(([False], inside, [False])).astype(np.int8)))
    begins, ends = edges[0::2], edges[1::2]

    letter_count = np.concatenate(([0], np.cumsum(letter)))
    hashes = _prefix_hashes(folded[narrow[letter]], letter_count[begins], letter_count[ends])

    sizes = np.fromiter((len(text) + 1 for text in texts), dtype=np.int64, count=len(texts))
    starts = np.concatenate(([0], np.cumsum(sizes)))
    offsets = np.searchsorted(begins, starts)
    base = np.repeat(starts[:-1], np.diff(offsets))
    return Words(
        offsets=offsets,
        hashes=hashes,
        begins=(begins - base).astype(np.int32),
        ends=(ends - base).astype(np.int32),
        flags=_flag_words(joined, kind, begins),
    )


def _flag_words(joined: str, kind: NDArray[np.uint8], begins: NDArray[np.int64]) -> NDArray[np.uint8]:
    first = kind[begins]
    flags = np.where((first & _DIGIT) != 0, NUMBER, 0).astype(np.uint8)
    solid = np.where((kind & _CLEAR) == 0, np.arange(len(kind)), -1)
    before = np.maximum.accumulate(solid)[np.maximum(begins - 1, 0)]
    stopped = (begins == 0) | (before < 0) | ((kind[before] & _STOP) != 0)
    flags[((first & _UPPER) != 0) & ~stopped] |= NAME
    quoted = np.zeros(len(kind) + 1, dtype=np.int32)
    for begin, end in find_quotes(joined):
        quoted[begin] += 1
        quoted[end] -= 1
    flags[np.cumsum(quoted)[begins] > 0] |= QUOTED
    return flags
