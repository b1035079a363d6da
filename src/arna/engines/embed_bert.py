"""BERT encoders in CTranslate2: built once from weights of any source, kept in a folder, run in batches.

CTranslate2 (https://opennmt.net/CTranslate2/) multiplies in 8-bit integers: each row of a weight and each token's
activations have a scale of their own, so a token's numbers do not depend on its neighbours in the batch.
"""

from __future__ import annotations

import importlib
import os
import platform
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from arna.errors import EmbedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

Loaded = TypeVar("Loaded")

_ROWS = 1024  # rows of the word table quantised at once: half the time of all at once, and no copy of the table
_BUILDING, _STALE = ".building-", 86_400  # seconds; building takes seconds, minutes for the largest
_AVX512 = {"avx512f", "avx512cd", "avx512vl", "avx512bw", "avx512dq"}


@dataclass(frozen=True)
class BertWeights:
    """The shape of a BERT encoder and where its weights come from."""

    layers: int
    heads: int
    vocabulary: int
    epsilon: float
    activation: str
    """A name of ``ctranslate2.specs.Activation``: "GELU", "GELUTanh" or "RELU"."""
    positions: Floats
    """What is added to the token at each place: position and token type 0 together (places, dimensions)."""
    read: Callable[[str], Floats]
    """A weight by its name in Hugging Face's BertModel, such as "encoder.layer.0.attention.self.query.weight"."""
    rows: Callable[[int, int], Floats]
    """Rows of the word table, from one number up to another."""


def load_package(name: str, needed_for: str, install: str) -> Any:
    """An installed package.

    Raises:
        EmbedError: it is missing or cannot be loaded on this machine.
    """
    if name == "ctranslate2":
        _allow_avx512()
    try:
        return importlib.import_module(name)
    except (ImportError, OSError) as error:  # OSError: a library of the system is missing
        message = f"the package {name} is needed for {needed_for} and cannot be loaded ({error}); {install}"
        raise EmbedError(message) from error


def _allow_avx512() -> None:
    """Lets CTranslate2 use AVX-512 on AMD too, where it takes AVX2 by itself: 13 % more sentences on Zen 4."""
    if platform.machine() not in {"x86_64", "AMD64"}:
        return
    try:
        with Path("/proc/cpuinfo").open() as lines:
            flags = next((set(line.split()) for line in lines if line.startswith("flags")), set())
    except OSError:
        return
    if flags.issuperset(_AVX512):
        os.environ.setdefault("CT2_FORCE_CPU_ISA", "AVX512")


def build_encoder(weights: BertWeights, folder: Path) -> None:
    """Write a CTranslate2 encoder with 8-bit weights into a folder that exists.

    Raises:
        EmbedError: CTranslate2 is missing.
        OSError: the folder cannot be written.
    """
    load_ctranslate2()
    specs = importlib.import_module("ctranslate2.specs")
    numpy_variable = importlib.import_module("ctranslate2.specs.model_spec").NumpyVariable
    transformer = importlib.import_module("ctranslate2.specs.transformer_spec")
    encoder = transformer.TransformerEncoderSpec(
        weights.layers,
        weights.heads,
        pre_norm=False,
        activation=getattr(specs.Activation, weights.activation),
        layernorm_embedding=True,
    )
    encoder.scale_embeddings = False
    encoder.position_encodings.encodings = weights.positions
    encoder.embeddings[0].weight = weights.rows(0, 1)  # the whole table is put in below, in 8 bits
    _fill_norm(encoder.layernorm_embedding, weights, "embeddings.LayerNorm")
    for number, layer in enumerate(encoder.layer):
        _fill_layer(layer, weights, f"encoder.layer.{number}.")
    model = transformer.TransformerEncoderModelSpec(encoder)
    model.config.layer_norm_epsilon = weights.epsilon
    model.register_vocabulary([model.config.unk_token])
    model.validate()
    model.optimize(quantization="int8")
    table, scales = _quantise_rows(weights)
    encoder.embeddings[0].weight = numpy_variable(table)
    encoder.embeddings[0].weight_scale = numpy_variable(scales)
    model.register_vocabulary(list(map(str, range(weights.vocabulary))))
    model.save(str(folder))


def _fill_layer(layer: Any, weights: BertWeights, name: str) -> None:
    attention, feed = layer.self_attention, layer.ffn
    for kind in ("weight", "bias"):
        parts = [weights.read(f"{name}attention.self.{part}.{kind}") for part in ("query", "key", "value")]
        setattr(attention.linear[0], kind, np.concatenate(parts))
        setattr(attention.linear[1], kind, weights.read(f"{name}attention.output.dense.{kind}"))
        setattr(feed.linear_0, kind, weights.read(f"{name}intermediate.dense.{kind}"))
        setattr(feed.linear_1, kind, weights.read(f"{name}output.dense.{kind}"))
    _fill_norm(attention.layer_norm, weights, f"{name}attention.output.LayerNorm")
    _fill_norm(feed.layer_norm, weights, f"{name}output.LayerNorm")


def _fill_norm(norm: Any, weights: BertWeights, name: str) -> None:
    norm.gamma = weights.read(f"{name}.weight")
    norm.beta = weights.read(f"{name}.bias")


def _quantise_rows(weights: BertWeights) -> tuple[NDArray[np.int8], Floats]:
    """The word table in 8 bits, and what each row was multiplied with."""
    table = np.empty((weights.vocabulary, weights.positions.shape[1]), np.int8)
    scales = np.empty(weights.vocabulary, np.float32)
    for begin in range(0, weights.vocabulary, _ROWS):
        end = min(begin + _ROWS, weights.vocabulary)
        rows = weights.rows(begin, end)
        largest = np.maximum(rows.max(1), -rows.min(1))
        largest[largest == 0] = 127
        scales[begin:end] = 127 / largest
        table[begin:end] = np.rint(rows * scales[begin:end, None])
    return table, scales


def load_ctranslate2() -> Any:
    """The package that runs encoders."""
    return load_package(
        "ctranslate2",
        "embedding on this machine",
        "install it anew (pip install --force-reinstall ctranslate2), or set ARNA_EMBED to an address",
    )


class BertEncoder:
    """A built encoder: token ids in, one vector a token out. Runs ``threads`` batches at once."""

    def __init__(self, folder: Path, dimensions: int, threads: int) -> None:
        """Load what :func:`build_encoder` wrote.

        Raises:
            RuntimeError: the folder does not hold a whole model.
        """
        ctranslate2 = load_ctranslate2()
        # One thread a batch and several batches at once: no thread waits for another inside a batch.
        self._encoder = ctranslate2.Encoder(
            str(folder), device="cpu", compute_type="int8", intra_threads=1, inter_threads=threads
        )
        self._to_storage = ctranslate2.StorageView.from_array
        self.dimensions = dimensions
        self.parallel = threads

    def encode(self, ids: NDArray[np.int32], lengths: NDArray[np.int32]) -> Floats:
        """Hidden states (texts, places, dimensions) of ids (texts, places); past a text's length they mean nothing."""
        output = self._encoder.forward_batch(self._to_storage(ids), self._to_storage(lengths))
        return np.asarray(output.last_hidden_state)


def find_cache() -> Path:
    """Arna's part of the user's cache folder, as the XDG Base Directory Specification has it."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    base = Path(given) if Path(given).is_absolute() else Path("~/.cache").expanduser()
    return base / "arna"


def open_built(
    key: str, build: Callable[[Path], None], load: Callable[[Path], Loaded], cache: Path | None = None
) -> Loaded:
    """What ``load`` makes of the folder ``build`` filled, now or in an earlier run.

    Two processes may do this at once: each builds in a folder of its own, the first to be done gives it the name.
    Where nothing can be written into the cache, the folder is a temporary one and gone after loading.

    Args:
        key: name of the folder; another key for another content.
        build: writes files into an empty folder; may raise OSError.
        load: reads them whole; raises RuntimeError or OSError when they are damaged.
        cache: where the folder is kept; see :func:`find_cache`.

    Raises:
        EmbedError: the model can be written nowhere, or its weights are no model.
    """
    try:
        kept = (cache or find_cache()) / "models" / key
        if kept.is_dir():
            try:
                return load(kept)
            except (OSError, RuntimeError):  # cut off by a full disk or a power cut
                shutil.rmtree(kept, ignore_errors=True)
        kept.parent.mkdir(parents=True, exist_ok=True)
        _sweep(kept.parent)
        place = kept.parent
    except (OSError, RuntimeError):  # RuntimeError: a user without a home
        kept, place = None, None
    for parent in (place, None) if place else (None,):
        try:
            with tempfile.TemporaryDirectory(prefix=_BUILDING, dir=parent, ignore_cleanup_errors=True) as made:
                folder = Path(made) / "model"
                folder.mkdir()
                build(folder)
                if parent and kept:
                    folder = _keep(folder, kept)
                return load(folder)
        except OSError as error:
            failed = error
        except (RuntimeError, ValueError) as error:
            message = f"{key}: its weights do not fit together ({error}); copy the model again, or mend ARNA_EMBED"
            raise EmbedError(message) from error
    message = (
        f"no room to write the converted model ({failed}); it needs about as much as its package or folder has, in "
        f"the user's cache folder or in {tempfile.gettempdir()}: set XDG_CACHE_HOME or TMPDIR to a disk with room"
    )
    raise EmbedError(message) from failed


def _sweep(place: Path) -> None:
    """Remove what processes that were killed while building have left."""
    for left in place.glob(f"{_BUILDING}*"):
        if time.time() - left.stat().st_mtime > _STALE:
            shutil.rmtree(left, ignore_errors=True)


def _keep(folder: Path, kept: Path) -> Path:
    """Give a finished folder its name, unless another process was faster; the folder to read."""
    try:
        folder.rename(kept)
    except OSError:
        return kept if kept.is_dir() else folder
    return kept
