"""Which language a text is in: the Protocol, and the linear character n-gram model Arna ships."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Protocol

import numpy as np

from arna.text.scripts import letter_script, script_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Ids = NDArray[np.int64]
    Floats = NDArray[np.float32]

READ_CHARACTERS = 2000
"""How much of a text is read; more changes no answer on running text."""

BUCKETS = 1 << 16
"""Rows of each weight table; n-grams are hashed into them. Half as many cost 0.1 to 0.4 points on short sentences."""

_BATCH = 128  # texts weighed at once; 16 are a fifth slower, 256 no faster beyond the noise of the machine
_SPACE, _APOSTROPHE, _DROPPED = 0, 0x27, 1
_APOSTROPHES = "'`´ʹʻʼʽˈ‘’‛′＇"
_SCRIPTS = ("Cyrl", "Latn")
# Latin letters that stand for Cyrillic ones in pages typed on two keyboards ("потiм", "түнi").
_LOOKALIKES = ("aceiopxyhj", "асеіорхуһј")
_MIXERS = (np.uint32(0x9E3779B1), np.uint32(0x85EBCA77), np.uint32(0xC2B2AE3D), np.uint32(0x27D4EB2F))
_WORD_MIXER = np.uint32(0x165667B1)


@dataclass(frozen=True)
class Guess:
    """A language, as a BCP 47 tag with script, and how sure the engine is of it, from 0 to 1."""

    lang: str
    confidence: float


class Identifier(Protocol):
    """Tells languages."""

    def identify(self, texts: Sequence[str]) -> list[Guess]:
        """One guess for each text, in order."""
        ...


@dataclass(frozen=True)
class _Model:
    """The classes of one script and the weights of each n-gram bucket for each of them."""

    tags: tuple[str, ...]
    weights: NDArray[np.int8]  # BUCKETS x classes
    bias: Floats
    scale: float


class NgramIdentifier:
    """A softmax over hashed character n-grams (one to four characters) and words, one table a script.

    Letters only, without case; an apostrophe of any kind counts as a letter after a letter. Scripts other than
    Cyrillic and Latin are answered by the script alone ("und-Arab"), texts without letters by "und-Zyyy" with
    confidence 0. ``bench/train_identify.py`` makes the weights.
    """

    def __init__(self, weights: Path | None = None) -> None:
        if weights is None:
            with as_file(files("arna.engines") / "identify.npz") as path:
                self._models = _load_models(path)
        else:
            self._models = _load_models(weights)

    @property
    def languages(self) -> tuple[str, ...]:
        """The tags the model knows."""
        return tuple(tag for model in self._models.values() for tag in model.tags)

    def identify(self, texts: Sequence[str]) -> list[Guess]:
        """One guess for each text, in order; only the first 2,000 characters of a text are read."""
        guesses: list[Guess] = [Guess("und-Zyyy", 0.0)] * len(texts)
        for start in range(0, len(texts), _BATCH):
            heads = [text[:READ_CHARACTERS] for text in texts[start : start + _BATCH]]
            symbols, lengths = read_symbols(heads)
            scripts = _majority_scripts(symbols, lengths)
            for number, model in enumerate(self._models.values()):
                chosen = np.flatnonzero(scripts == number)
                if len(chosen):
                    kept = np.repeat(scripts == number, lengths)
                    _weigh(model, symbols[kept], lengths[chosen], (chosen + start).tolist(), guesses)
            for place in np.flatnonzero(scripts < 0).tolist():
                script = script_of(heads[place])
                if script != "Zyyy":
                    guesses[start + place] = Guess(f"und-{script}", 1.0)
        return guesses


def read_symbols(texts: Sequence[str]) -> tuple[NDArray[np.uint32], Ids]:
    """The letters of texts as numbers, and how many each text has.

    Every text begins and ends with a space; runs of what is no letter are one space (0).
    """
    joined = "".join(f"\n{text}\n" for text in texts)
    if not joined.isascii() and not unicodedata.is_normalized("NFC", joined):
        texts = [unicodedata.normalize("NFC", text) for text in texts]
        joined = "".join(f"\n{text}\n" for text in texts)
    lengths = np.array([len(text) + 2 for text in texts], dtype=np.int64)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    symbols = _symbol_table()[np.minimum(codes, 0xFFFF)]
    starts = np.cumsum(lengths) - lengths
    before = np.empty_like(symbols)
    before[0] = _SPACE
    before[1:] = symbols[:-1]
    symbols[(symbols == _APOSTROPHE) & (before <= _APOSTROPHE)] = _SPACE
    before[1:] = symbols[:-1]
    symbols = _mend_lookalikes(symbols)
    kept = ((symbols != _SPACE) | (before != _SPACE)) & (symbols != _DROPPED)
    kept[starts] = True
    return symbols[kept].astype(np.uint32), np.add.reduceat(kept, starts, dtype=np.int64)


def _mend_lookalikes(symbols: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Symbols with Latin letters inside Cyrillic words replaced by the Cyrillic ones they look like."""
    latin = (symbols > _APOSTROPHE) & (symbols < 0x100)
    cyrillic = (symbols >= 0x400) & (symbols < 0x530)
    beside = np.zeros_like(latin)
    beside[1:] = cyrillic[:-1]
    beside[:-1] |= cyrillic[1:]
    beside &= latin
    if beside.any():
        for old, new in zip(*_LOOKALIKES, strict=True):
            symbols[beside & (symbols == ord(old))] = ord(new)
    return symbols


def hash_ngrams(symbols: NDArray[np.uint32], lengths: Ids) -> list[tuple[Ids, Ids]]:
    """Buckets of the n-grams of texts given by :func:`read_symbols`: for each order, buckets and counts a text.

    Orders are one to four characters within a word and the spaces around it, then whole words.
    """
    letter = symbols != _SPACE
    starts = np.cumsum(lengths) - lengths
    hashed = symbols * _MIXERS[0]
    valid = letter
    orders = [_pick(hashed, valid, starts)]
    for order in (2, 3, 4):
        hashed = (hashed[:-1] ^ symbols[order - 1 :]) * _MIXERS[order - 1]
        # no space may stand inside an n-gram, only at its ends
        valid = letter[:-1] | letter[1:] if order == 2 else _inner_letters(letter, order)
        orders.append(_pick(hashed, np.concatenate([valid, np.zeros(order - 1, dtype=bool)]), starts))
    orders.append(_hash_words(symbols, letter, starts))
    return orders


def _inner_letters(letter: NDArray[np.bool_], order: int) -> NDArray[np.bool_]:
    """Where an n-gram of an order has letters everywhere but at its ends."""
    valid = letter[1 : len(letter) - order + 2].copy()
    for step in range(2, order - 1):
        valid &= letter[step : len(letter) - order + 1 + step]
    return valid


def _pick(hashed: NDArray[np.uint32], valid: NDArray[np.bool_], starts: Ids) -> tuple[Ids, Ids]:
    """The buckets of the valid n-grams, and how many each text has."""
    places = np.flatnonzero(valid)
    values = hashed[places]
    buckets = ((values ^ (values >> np.uint32(15))) * _WORD_MIXER) >> np.uint32(16)
    return buckets.astype(np.int64), np.add.reduceat(valid, starts, dtype=np.int64)


def _hash_words(symbols: NDArray[np.uint32], letter: NDArray[np.bool_], starts: Ids) -> tuple[Ids, Ids]:
    """The buckets of whole words: a sum over a word of its letters mixed with their places."""
    first = letter.copy()
    first[1:] &= ~letter[:-1]
    begins = np.flatnonzero(first)
    if not len(begins):
        return begins, np.zeros(len(starts), dtype=np.int64)
    number = np.cumsum(first) - 1
    place = np.arange(len(symbols)) - begins[np.maximum(number, 0)]
    mixed = (symbols ^ (place.astype(np.uint32) << np.uint32(17))) * _WORD_MIXER
    mixed ^= mixed >> np.uint32(13)
    mixed *= _MIXERS[1]
    mixed[~letter] = 0
    sums = np.add.reduceat(mixed, begins, dtype=np.uint32)
    buckets = ((sums ^ (sums >> np.uint32(15))) * _MIXERS[2]) >> np.uint32(16)
    return buckets.astype(np.int64), np.add.reduceat(first, starts, dtype=np.int64)


def _weigh(model: _Model, symbols: NDArray[np.uint32], lengths: Ids, places: list[int], guesses: list[Guess]) -> None:
    """Put the model's guesses for texts of its script at their places."""
    sums = np.zeros((len(lengths), len(model.tags)), dtype=np.float32)
    total = np.zeros(len(lengths), dtype=np.int64)
    for buckets, counts in hash_ngrams(symbols, lengths):
        filled = np.flatnonzero(counts)
        if len(filled):
            begins = (np.cumsum(counts) - counts)[filled]
            sums[filled] += np.add.reduceat(model.weights[buckets], begins, axis=0, dtype=np.int32)
            total += counts
    logits = sums * (model.scale / np.sqrt(np.maximum(total, 1)))[:, None].astype(np.float32) + model.bias
    best = logits.argmax(axis=1)
    shares = 1 / np.exp(logits - logits.max(axis=1, keepdims=True)).sum(axis=1)
    for place, winner, share in zip(places, best.tolist(), shares.tolist(), strict=True):
        guesses[place] = Guess(model.tags[winner], share)


def _majority_scripts(symbols: NDArray[np.uint32], lengths: Ids) -> NDArray[np.int8]:
    """For each text the number of the script, of ours, most of its letters are in; -1 where it is another."""
    kinds = _script_table()[symbols]
    starts = np.cumsum(lengths) - lengths
    counts = np.stack([np.add.reduceat(kinds == kind, starts, dtype=np.int64) for kind in range(3)])
    winner: NDArray[np.int8] = counts.argmax(axis=0).astype(np.int8)
    winner[(winner == len(_SCRIPTS)) | (counts.sum(axis=0) == 0)] = -1
    return winner


@cache
def _symbol_table() -> NDArray[np.uint16]:
    """For each code point of the basic plane the small letter it counts as, or a space."""
    table = np.zeros(0x10000, dtype=np.uint16)
    for code in range(0x10000):
        char = chr(code)
        if char.isalpha():
            lower = char.lower()
            table[code] = ord(lower[0])
        elif unicodedata.category(char) in {"Mn", "Cf"}:
            table[code] = _DROPPED
    for char in _APOSTROPHES:
        table[ord(char)] = _APOSTROPHE
    return table


@cache
def _script_table() -> NDArray[np.int8]:
    """For each code point of the basic plane its script's number: ours, 2 for another, 3 for none."""
    table = np.full(0x10000, 3, dtype=np.int8)
    for code in range(0x80, 0x10000):
        script = letter_script(chr(code))
        if script:
            table[code] = _SCRIPTS.index(script) if script in _SCRIPTS else len(_SCRIPTS)
    table[ord("a") : ord("z") + 1] = _SCRIPTS.index("Latn")
    return table


def _load_models(path: Path) -> dict[str, _Model]:
    """The models of a file by script, in the order of ``_SCRIPTS``."""
    with np.load(path) as arrays:
        return {
            script: _Model(
                tags=tuple(str(arrays[f"{script}_tags"]).split()),
                weights=np.ascontiguousarray(arrays[f"{script}_weights"]),
                bias=arrays[f"{script}_bias"].astype(np.float32),
                scale=float(arrays[f"{script}_scale"]),
            )
            for script in _SCRIPTS
        }
