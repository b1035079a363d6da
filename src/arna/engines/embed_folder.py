"""Models in a folder: sentence-transformers (BERT, RoBERTa, XLM-RoBERTa) or ONNX, with their tokenizer.json.

A sentence-transformers folder is built into the same CTranslate2 encoder as the engine in the box; an ONNX graph is run
by ONNX Runtime as it is. Ids come from the ``tokenizers`` package. Formats: https://sbert.net/docs (modules.json and
the folders it lists).
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from arna.engines.embed_bert import BertEncoder, build_encoder, load_package, open_built
from arna.engines.embed_onnx import EXTRA, OnnxEncoder
from arna.engines.embed_pool import Framing, embed_ids, scale_to_unit
from arna.engines.embed_tensors import FIRST_PLACES, Tensors, read_bert
from arna.errors import EmbedError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from arna.engines.embed_pool import TokenEncoder

    Floats = NDArray[np.float32]

_BUILD = 1  # raise it when anything changes that is kept in the cache, or that changes a vector
_ONNX = ("model.onnx", "onnx/model.onnx")
_POOLINGS = {"mean": False, "mean_sqrt_len_tokens": False, "cls": True}  # the same direction; True: the first token
_CURVES: dict[str, Callable[[Floats], Floats]] = {"Identity": np.asarray, "Tanh": np.tanh}
_E5 = re.compile(r"(?<![a-z0-9])e5(?![a-z0-9])", re.IGNORECASE)
_SAMPLES, _SAMPLE = 64, 4096  # of a file of weights, for its fingerprint: training changes every part of it


@dataclass(frozen=True)
class _Model:
    """What runs, before its tokens are pooled."""

    name: str
    width: int
    places: int
    open: Callable[[], TokenEncoder]
    pooled: bool = False


@dataclass(frozen=True)
class _Dense:
    """A layer behind pooling."""

    weight: Floats
    bias: Floats | float
    curve: Callable[[Floats], Floats]


class FolderEmbedder:
    """Embeds with the model of a folder; loads it at the first text."""

    def __init__(self, folder: Path, *, prefix: str | None = None, threads: int = 1, cache: Path | None = None) -> None:
        """Read what the folder says of itself.

        Args:
            folder: with modules.json and safetensors weights, or with model.onnx or onnx/model.onnx.
            prefix: put before every text; by default what :func:`find_prefix` finds.
            threads: processor threads.
            cache: where a converted model is kept.

        Raises:
            EmbedError: files or packages are missing, or the model is of a kind Arna cannot run.
        """
        modules = _read_modules(folder)
        transformer = modules.get("Transformer", folder)
        config = _read_json(transformer / "config.json")
        self._tokenizer_file = next(
            (path for path in (transformer / "tokenizer.json", folder / "tokenizer.json") if path.is_file()), None
        )
        if not self._tokenizer_file:
            message = f"{folder}: no tokenizer.json; load the tokenizer with transformers and save it as a fast one"
            raise EmbedError(message)
        self._model = _choose_model(folder, transformer, config, threads, cache)
        self._prefix = find_prefix(folder, config) if prefix is None else prefix
        self._first_token = self._model.pooled or _read_pooling(modules.get("Pooling", folder / "1_Pooling"))
        self._dense = _read_dense(modules["Dense"]) if "Dense" in modules and not self._model.pooled else None
        limit = _read_json(transformer / "sentence_bert_config.json").get("max_seq_length")
        self._places = min(int(limit or self._model.places), self._model.places)
        around = _sign_descriptions({folder, transformer, *modules.values()})
        self.name = f"{self._model.name}, {around}" + (f", prefix {self._prefix!r}" if self._prefix else "")
        self.dimensions = self._dense.weight.shape[0] if self._dense else self._model.width

    @cached_property
    def _encoder(self) -> TokenEncoder:
        return self._model.open()

    @cached_property
    def _tokenizer(self) -> Any:
        package = load_package("tokenizers", f"the model {self._tokenizer_file}", EXTRA)
        try:
            tokenizer = package.Tokenizer.from_file(str(self._tokenizer_file))
        except Exception as error:  # the package raises Exception itself
            message = f"{self._tokenizer_file}: tokenizers cannot read it ({error}); copy the model's folder again"
            raise EmbedError(message) from error
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _framing(self) -> Framing:
        """What the tokenizer puts around a text, found by letting it do so."""
        framed = self._tokenizer.encode("a")
        inner = [place for place, special in enumerate(framed.special_tokens_mask) if not special]
        first, last = (inner[0], inner[-1] + 1) if inner else (len(framed.ids), len(framed.ids))
        head, tail = tuple(framed.ids[:first]), tuple(framed.ids[last:])
        padding = next(filter(None, map(self._tokenizer.token_to_id, ("<pad>", "[PAD]"))), 0)
        return Framing(head, tail, max(1, self._places - len(head) - len(tail)), padding, self._first_token)

    def embed(self, texts: Sequence[str]) -> Floats:
        """Vectors (len(texts), dimensions) of length 1, in order; long texts are averaged over windows."""
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        places: dict[str, int] = {}
        order = [places.setdefault(self._prefix + text, len(places)) for text in texts]
        whole = [text.encode("utf-8", "replace").decode() for text in places]
        ids = [found.ids for found in self._tokenizer.encode_batch(whole, add_special_tokens=False)]
        vectors = embed_ids(self._encoder, self._framing, ids)
        if self._dense:
            vectors = self._dense.curve(vectors @ self._dense.weight.T + self._dense.bias)
        return scale_to_unit(vectors)[order]


def find_prefix(folder: Path, config: dict[str, Any]) -> str:
    """What the model wants before each of two texts to be compared, as far as its folder says so.

    In this order: the default prompt of config_sentence_transformers.json; its prompt for queries; "query: " for a
    model whose name has "e5" in it and not "instruct"; nothing.
    """
    said = _read_json(folder / "config_sentence_transformers.json")
    prompts = said.get("prompts") or {}
    prompt = prompts.get(said.get("default_prompt_name") or "query")
    if prompt:
        return str(prompt)
    names = f"{folder.resolve().name} {config.get('_name_or_path', '')}"
    return "query: " if _E5.search(names) and "instruct" not in names.lower() else ""


def _choose_model(folder: Path, transformer: Path, config: dict[str, Any], threads: int, cache: Path | None) -> _Model:
    """The weights in the folder if Arna builds their kind, else its ONNX graph."""
    graph = next((folder / name for name in _ONNX if (folder / name).is_file()), None)
    weights = transformer / "model.safetensors"
    title = folder.resolve().name
    if weights.is_file() and (not graph or config.get("model_type") in FIRST_PLACES):
        bert = read_bert(weights, config)
        places, width = bert.positions.shape
        name = f"{title} {_make_fingerprint(weights)}, int8, build {_BUILD}"

        def build(made: Path) -> None:
            build_encoder(bert, made)

        def load(made: Path) -> BertEncoder:
            return BertEncoder(made, width, threads)

        key = re.sub(r"[^\w.-]+", "-", name)
        return _Model(name, width, places, lambda: open_built(key, build, load, cache))
    if not graph:
        message = (
            f"{folder}: no model in it; it needs {' or '.join(_ONNX)}, or modules.json and model.safetensors as "
            "sentence-transformers saves them (load and save an older pytorch_model.bin with sentence-transformers)"
        )
        raise EmbedError(message)
    encoder = OnnxEncoder(graph, threads)
    places = int(config.get("max_position_embeddings", 512))
    if FIRST_PLACES.get(str(config.get("model_type"))):
        places -= int(config.get("pad_token_id", 1)) + 1
    name = f"{title} {_make_fingerprint(graph)}, onnx, build {_BUILD}"
    return _Model(name, encoder.dimensions, places, lambda: encoder, encoder.pooled)


def _sign_descriptions(folders: set[Path]) -> str:
    """Tells apart what stands around one file of weights: tokenizer, pooling, length."""
    sign = hashlib.blake2b(digest_size=6)
    for path in sorted(path for folder in folders for path in folder.glob("*.json")):
        sign.update(path.read_bytes())
    return sign.hexdigest()


def _make_fingerprint(path: Path) -> str:
    """Tells one file of weights from another by its size and samples throughout."""
    size = path.stat().st_size
    sign = hashlib.blake2b(str(size).encode(), digest_size=6)
    with path.open("rb") as file:
        for number in range(_SAMPLES):
            file.seek(number * max(0, size - _SAMPLE) // (_SAMPLES - 1))
            sign.update(file.read(_SAMPLE))
    return sign.hexdigest()


def _read_modules(folder: Path) -> dict[str, Path]:
    """Folders of the steps modules.json lists, by the last part of their types.

    Raises:
        EmbedError: one is of a kind Arna does not know.
    """
    listed = _read_json(folder / "modules.json", [])
    found = {str(module["type"]).rpartition(".")[2]: folder / str(module.get("path", "")) for module in listed}
    unknown = set(found) - {"Transformer", "Pooling", "Dense", "Normalize"}
    if unknown or len(found) < len(listed):
        message = f"{folder / 'modules.json'}: Arna does not know {', '.join(unknown) or 'steps that stand twice'}"
        raise EmbedError(f"{message}; it runs Transformer, Pooling, one Dense and Normalize")
    return found


def _read_pooling(folder: Path) -> bool:
    """Whether the first token is the vector; else the mean of all is."""
    config = _read_json(folder / "config.json")
    modes = [name.removeprefix("pooling_mode_") for name, chosen in config.items() if chosen is True]
    modes = [mode.removesuffix("_token").removesuffix("_tokens") for mode in modes if f"pooling_mode_{mode}" in config]
    given = config.get("pooling_mode", modes or "mean")
    chosen = [given] if isinstance(given, str) else list(given)
    if len(chosen) != 1 or chosen[0] not in _POOLINGS:
        message = (
            f"{folder / 'config.json'}: Arna pools by mean or cls, not by {' and '.join(chosen)}; take another model"
        )
        raise EmbedError(message)
    return _POOLINGS[chosen[0]]


def _read_dense(folder: Path) -> _Dense:
    config = _read_json(folder / "config.json")
    curve = str(config.get("activation_function", "Identity")).rpartition(".")[2]
    if curve not in _CURVES:
        message = f"{folder / 'config.json'}: Arna does not know the activation {curve}; it knows {', '.join(_CURVES)}"
        raise EmbedError(message)
    tensors = Tensors(folder / "model.safetensors")
    bias = tensors.read("linear.bias") if "linear.bias" in tensors else 0.0
    return _Dense(tensors.read("linear.weight"), bias, _CURVES[curve])


def _read_json(path: Path, missing: Any = None) -> Any:
    """A file's JSON; an empty object (or ``missing``) where there is no such file.

    Raises:
        EmbedError: it is not JSON.
    """
    if not path.is_file():
        return {} if missing is None else missing
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        message = f"{path}: not JSON ({error}); copy the model's folder again"
        raise EmbedError(message) from error
