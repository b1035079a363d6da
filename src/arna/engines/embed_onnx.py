"""ONNX graphs of text models, run by ONNX Runtime."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from arna.engines.embed_bert import load_package
from arna.errors import EmbedError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

EXTRA = "install the extra packages: pip install 'arna[models]'"
_INPUTS = {"input_ids", "attention_mask", "token_type_ids"}
_POOLED, _TOKENS = "sentence_embedding", ("last_hidden_state", "token_embeddings")


class OnnxEncoder:
    """A graph from input_ids (and attention_mask, token_type_ids) to a vector a token, or one a text.

    Attributes:
        pooled: the graph gives one vector a text; it stands at the first place.
    """

    parallel = 1  # ONNX Runtime spreads a batch over its threads by itself

    def __init__(self, path: Path, threads: int) -> None:
        """Load the graph.

        Raises:
            EmbedError: onnxruntime is missing, or the graph is not one of a text encoder.
        """
        runtime: Any = load_package("onnxruntime", f"the model {path}", EXTRA)
        options = runtime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads, options.log_severity_level = threads, 1, 3
        try:
            self._session = runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's errors have no other common base
            message = f"{path}: onnxruntime cannot load it ({_first_line(error)}); export the model again"
            raise EmbedError(message) from error
        self._path = path
        self._inputs = {entry.name for entry in self._session.get_inputs()}
        outputs = {entry.name: entry for entry in self._session.get_outputs()}
        chosen = next((outputs[name] for name in (*_TOKENS, _POOLED) if name in outputs), next(iter(outputs.values())))
        rank = len(chosen.shape)
        if "input_ids" not in self._inputs or not self._inputs <= _INPUTS or rank not in {2, 3}:
            message = (
                f"{path}: not a text encoder: it takes {', '.join(sorted(self._inputs))} and gives {chosen.name} with "
                f"{rank} axes; export it for feature extraction"
            )
            raise EmbedError(message)
        self._output, self.pooled = chosen.name, rank == 2
        size = chosen.shape[-1]
        self.dimensions = size if isinstance(size, int) else self.encode(*_TRIAL).shape[-1]

    def encode(self, ids: NDArray[np.int32], lengths: NDArray[np.int32]) -> Floats:
        """Hidden states (texts, places, dimensions) of ids (texts, places); one place when the graph pools."""
        inside = np.arange(ids.shape[1]) < lengths[:, None]
        given = {
            "input_ids": ids.astype(np.int64),
            "attention_mask": inside.astype(np.int64),
            "token_type_ids": np.zeros(ids.shape, np.int64),
        }
        try:
            states = self._session.run([self._output], {name: given[name] for name in self._inputs})[0]
        except Exception as error:
            message = f"{self._path}: onnxruntime cannot run it ({_first_line(error)}); export the model again"
            raise EmbedError(message) from error
        return np.asarray(states[:, None] if self.pooled else states, np.float32)


_TRIAL = (np.zeros((1, 2), np.int32), np.full(1, 2, np.int32))


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]
