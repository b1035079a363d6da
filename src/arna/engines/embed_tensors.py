"""Weights of BERT, RoBERTa and XLM-RoBERTa from a safetensors file.

Format: https://huggingface.co/docs/safetensors#format: the length of a header in eight bytes, the header as JSON, the
numbers. Reading it takes no package.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from arna.engines.embed_bert import BertWeights
from arna.errors import EmbedError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

FIRST_PLACES = {"bert": False, "roberta": True, "xlm-roberta": True, "camembert": True}
"""Model types that can be built; True where places are counted from behind the padding id."""

_KINDS = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
_ACTIVATIONS = {"gelu": "GELU", "gelu_new": "GELUTanh", "gelu_pytorch_tanh": "GELUTanh", "relu": "RELU"}
_PREFIXES = ("", "bert.", "roberta.", "model.", "0.auto_model.")


class Tensors:
    """Tensors of one safetensors file, read as they are asked for."""

    def __init__(self, path: Path) -> None:
        """Read the header.

        Raises:
            EmbedError: it is not such a file.
        """
        self.path = path
        try:
            self._data = np.memmap(path, np.uint8, "r")
            size = int.from_bytes(self._data[:8].tobytes(), "little")
            self._entries: dict[str, Any] = json.loads(self._data[8 : 8 + size].tobytes())
            self._begin = 8 + size
            found = (before for before in _PREFIXES if f"{before}embeddings.word_embeddings.weight" in self._entries)
            self._before = next(found, "")
        except (OSError, ValueError, TypeError) as error:
            message = (
                f"{path}: not a safetensors file ({error}); copy the model's folder again, with Git LFS if need be"
            )
            raise EmbedError(message) from error

    def __contains__(self, name: str) -> bool:
        return self._before + name in self._entries

    def read(self, name: str) -> Floats:
        """A tensor as 32-bit floats.

        Raises:
            EmbedError: it is missing, of a kind of number that is not read, or cut off.
        """
        return self.read_rows(name, None, None)

    def read_rows(self, name: str, begin: int | None, end: int | None) -> Floats:
        """Some rows of a tensor as 32-bit floats."""
        try:
            entry = self._entries[self._before + name]
            first, last = entry["data_offsets"]
            raw = self._data[self._begin + first : self._begin + last]
            values = raw.view(_KINDS[entry["dtype"]]).reshape(entry["shape"])[begin:end]
        except (KeyError, ValueError, TypeError) as error:
            message = f"{self.path}: the tensor {name} is missing, cut off or in a form Arna does not read ({error})"
            raise EmbedError(message) from error
        if entry["dtype"] == "BF16":  # the upper half of a 32-bit float
            return (values.astype(np.uint32) << 16).view(np.float32)
        return np.array(values, np.float32)


def read_bert(path: Path, config: dict[str, Any]) -> BertWeights:
    """The encoder in a safetensors file, as config.json describes it.

    Raises:
        EmbedError: the model is of another kind, or a tensor is missing.
    """
    kind, activation = str(config.get("model_type", "")), str(config.get("hidden_act", "gelu"))
    places = config.get("position_embedding_type") or "absolute"
    if kind not in FIRST_PLACES or activation not in _ACTIVATIONS or places != "absolute":
        message = (
            f"{path.parent}: a model of type '{kind or 'unknown'}' with activation '{activation}' and {places} "
            f"positions cannot be built; Arna builds {', '.join(FIRST_PLACES)} with absolute ones. "
            "Export it to ONNX and put model.onnx into the folder"
        )
        raise EmbedError(message)
    tensors = Tensors(path)
    words = "embeddings.word_embeddings.weight"
    positions = tensors.read("embeddings.position_embeddings.weight")
    if FIRST_PLACES[kind]:
        positions = positions[int(config.get("pad_token_id", 1)) + 1 :]
    if "embeddings.token_type_embeddings.weight" in tensors:
        positions = positions + tensors.read_rows("embeddings.token_type_embeddings.weight", 0, 1)
    try:
        return BertWeights(
            layers=int(config["num_hidden_layers"]),
            heads=int(config["num_attention_heads"]),
            vocabulary=int(config["vocab_size"]),
            epsilon=float(config.get("layer_norm_eps", 1e-12)),
            activation=_ACTIVATIONS[activation],
            positions=positions,
            read=tensors.read,
            rows=lambda begin, end: tensors.read_rows(words, begin, end),
        )
    except (KeyError, ValueError, TypeError) as error:
        message = f"{path.parent / 'config.json'}: {error} is missing or not a number; copy the model's folder again"
        raise EmbedError(message) from error
