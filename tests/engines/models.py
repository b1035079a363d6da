"""Tiny models written by the tests: sentence-transformers folders and ONNX graphs, and what they must give."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

WORDS = [
    "киев",
    "астана",
    "toshkent",
    "bishkek",
    "dushanbe",
    "aşgabat",
    "kyiv",
    "кездесу",
    "өтті",
    "шықты",
    "бардық",
    "учрашув",
    "yigʻilish",
    "дустӣ",
    "query",
    ":",
]
SIZE, HEADS, LAYERS, INNER, PLACES = 32, 4, 2, 64, 16
SPECIAL = {"bert": ("[PAD]", "[UNK]", "[CLS]", "[SEP]"), "xlm-roberta": ("<s>", "<pad>", "</s>", "<unk>")}


def write_tokenizer(path: Path, kind: str = "bert") -> None:
    """Words and four special tokens; the first and last ids stand around every text."""
    tokenizers = pytest.importorskip("tokenizers", reason="the extra packages 'models' are not installed")
    names = SPECIAL[kind]
    padding, unknown, first, last = names if kind == "bert" else (names[1], names[3], names[0], names[2])
    table = {name: number for number, name in enumerate([*names, *WORDS])}
    made = tokenizers.Tokenizer(tokenizers.models.WordLevel(table, unk_token=unknown))
    made.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    made.post_processor = tokenizers.processors.TemplateProcessing(
        single=f"{first} $A {last}", special_tokens=[(first, table[first]), (last, table[last])]
    )
    made.add_special_tokens([padding, unknown, first, last])
    made.enable_truncation(5)
    made.enable_padding()
    made.save(str(path))


def make_ids(texts: list[str], kind: str = "bert") -> list[list[int]]:
    """What the tokenizer must give for texts of known words."""
    names = SPECIAL[kind]
    first, last = (2, 3) if kind == "bert" else (0, 2)
    return [[first, *(len(names) + WORDS.index(word) for word in text.split()), last] for text in texts]


def make_tensors(kind: str = "bert", seed: int = 1) -> dict[str, np.ndarray]:
    """Random weights under Hugging Face's names."""
    rng = np.random.default_rng(seed)
    shift = 2 if kind == "xlm-roberta" else 0
    rows = len(WORDS) + 4

    def draw(*shape: int) -> np.ndarray:
        return rng.normal(0, 1 / math.sqrt(shape[-1]), shape).astype(np.float32)

    tensors = {
        "embeddings.word_embeddings.weight": draw(rows, SIZE) * 6,
        "embeddings.position_embeddings.weight": draw(PLACES + shift, SIZE),
        "embeddings.token_type_embeddings.weight": draw(2, SIZE),
    }
    norms = ["embeddings.LayerNorm"]
    for number in range(LAYERS):
        name = f"encoder.layer.{number}."
        shapes = {
            "attention.self.query": (SIZE, SIZE),
            "attention.self.key": (SIZE, SIZE),
            "attention.self.value": (SIZE, SIZE),
            "attention.output.dense": (SIZE, SIZE),
            "intermediate.dense": (INNER, SIZE),
            "output.dense": (SIZE, INNER),
        }
        for part, shape in shapes.items():
            tensors[f"{name}{part}.weight"] = draw(*shape)
            tensors[f"{name}{part}.bias"] = draw(shape[0])
        norms += [f"{name}attention.output.LayerNorm", f"{name}output.LayerNorm"]
    for norm in norms:
        tensors[f"{norm}.weight"] = 1 + draw(SIZE) / 4
        tensors[f"{norm}.bias"] = draw(SIZE) / 4
    return tensors


def run_bert(tensors: dict[str, np.ndarray], ids: list[int], shift: int = 0) -> np.ndarray:
    """Hidden states of one text, worked out step by step in 64 bits."""
    get = {name: value.astype(np.float64) for name, value in tensors.items()}

    def norm(x: np.ndarray, name: str) -> np.ndarray:
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
        return scaled * get[f"{name}.weight"] + get[f"{name}.bias"]

    def linear(x: np.ndarray, name: str) -> np.ndarray:
        return x @ get[f"{name}.weight"].T + get[f"{name}.bias"]

    x = get["embeddings.word_embeddings.weight"][ids]
    x = x + get["embeddings.position_embeddings.weight"][shift : shift + len(ids)]
    x = norm(x + get["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for number in range(LAYERS):
        name = f"encoder.layer.{number}."
        query, key, value = (
            linear(x, f"{name}attention.self.{part}").reshape(len(ids), HEADS, -1) for part in ("query", "key", "value")
        )
        scores = np.einsum("qhd,khd->hqk", query, key) / math.sqrt(SIZE / HEADS)
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        weights /= weights.sum(-1, keepdims=True)
        mixed = np.einsum("hqk,khd->qhd", weights, value).reshape(len(ids), SIZE)
        x = norm(x + linear(mixed, f"{name}attention.output.dense"), f"{name}attention.output.LayerNorm")
        inner = linear(x, f"{name}intermediate.dense")
        inner = inner * 0.5 * (1 + np.vectorize(math.erf)(inner / math.sqrt(2)))
        x = norm(x + linear(inner, f"{name}output.dense"), f"{name}output.LayerNorm")
    return x


def write_safetensors(path: Path, tensors: dict[str, np.ndarray], kind: str = "F32") -> None:
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    parts, at = [], 0
    for name, tensor in tensors.items():
        if kind == "BF16":
            raw = (np.ascontiguousarray(tensor, "<f4").view(np.uint32) >> 16).astype("<u2").tobytes()
        else:
            raw = tensor.astype("<f2" if kind == "F16" else "<f4").tobytes()
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [at, at + len(raw)]}
        parts.append(raw)
        at += len(raw)
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(parts))


def write_folder(
    folder: Path, kind: str = "bert", pooling: str = "mean_tokens", **config: Any
) -> dict[str, np.ndarray]:
    """A sentence-transformers folder; gives its weights."""
    tensors = make_tensors(kind)
    (folder / "1_Pooling").mkdir(parents=True)
    steps = [("0", "", "Transformer"), ("1", "1_Pooling", "Pooling"), ("2", "2_Normalize", "Normalize")]
    modules = [
        {"idx": int(number), "name": number, "path": path, "type": f"sentence_transformers.models.{step}"}
        for number, path, step in steps
    ]
    modes = ("cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens")
    (folder / "modules.json").write_text(json.dumps(modules))
    (folder / "1_Pooling" / "config.json").write_text(
        json.dumps({"word_embedding_dimension": SIZE, **{f"pooling_mode_{mode}": mode == pooling for mode in modes}})
    )
    described = {
        "model_type": kind,
        "hidden_act": "gelu",
        "hidden_size": SIZE,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "vocab_size": len(WORDS) + 4,
        "layer_norm_eps": 1e-12,
        "max_position_embeddings": PLACES + (2 if kind == "xlm-roberta" else 0),
        "pad_token_id": 1 if kind == "xlm-roberta" else 0,
        **config,
    }
    (folder / "config.json").write_text(json.dumps(described))
    write_safetensors(folder / "model.safetensors", tensors)
    write_tokenizer(folder / "tokenizer.json", kind)
    return tensors


def _field(number: int, value: int | bytes) -> bytes:
    """One field of a protobuf message."""

    def varint(rest: int) -> bytes:
        out = b""
        while rest > 127:
            out += bytes([rest & 127 | 128])
            rest >>= 7
        return out + bytes([rest])

    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def _describe(name: str, kind: int, axes: list[str | int]) -> bytes:
    shape = b"".join(_field(1, _field(1, axis) if isinstance(axis, int) else _field(2, axis.encode())) for axis in axes)
    return _field(1, name.encode()) + _field(2, _field(1, _field(1, kind) + _field(2, shape)))


def write_onnx(
    path: Path, table: np.ndarray, *, pooled: bool = False, inputs: tuple[str, ...] = ("input_ids",)
) -> None:
    """A graph that looks ids up in a table: a vector a token, or (``pooled``) that of the first token.

    Written as the protobuf of onnx.proto; 1 is float, 7 is int64.
    """

    def node(kind: bytes, given: list[bytes], gives: bytes, more: bytes = b"") -> bytes:
        return _field(1, b"".join(_field(1, name) for name in given) + _field(2, gives) + _field(4, kind) + more)

    first = _field(5, _field(1, b"axis") + _field(3, 1) + _field(20, 2))
    graph = node(b"Gather", [b"table", b"input_ids"], b"last_hidden_state")
    output = _describe("last_hidden_state", 1, ["texts", "places", table.shape[1]])
    initial = _field(1, table.shape[0]) + _field(1, table.shape[1]) + _field(2, 1)
    graph += _field(5, initial + _field(8, b"table") + _field(9, table.astype("<f4").tobytes()))
    if pooled:
        graph = graph.replace(b"last_hidden_state", b"states_of_a_token")
        graph += node(b"Gather", [b"states_of_a_token", b"zero"], b"sentence_embedding", first)
        graph += _field(5, _field(2, 7) + _field(8, b"zero") + _field(9, bytes(8)))
        output = _describe("sentence_embedding", 1, ["texts", table.shape[1]])
    graph += _field(2, b"tiny")
    graph += b"".join(_field(11, _describe(name, 7, ["texts", "places"])) for name in inputs)
    graph += _field(12, output)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_field(1, 8) + _field(7, graph) + _field(8, _field(1, b"") + _field(2, 13)))
