"""A model of one's own in a folder gives what it gives elsewhere; what cannot be run says why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from arna.engines import embed_bert
from arna.engines.embed import Embedder, open_embedder
from arna.errors import EmbedError
from tests.engines import models

TEXTS = ["киев кездесу өтті", "toshkent yigʻilish", "kyiv", "астана бардық шықты өтті кездесу"]


def open_tiny(folder: Path, **more: Any) -> Embedder:
    return open_embedder(str(folder), cache=folder.parent / "cache", threads=1, **more)


def unit(rows: Any) -> np.ndarray:
    rows = np.asarray(rows)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def cosines(one: np.ndarray, other: np.ndarray) -> list[float]:
    return [float(value) for value in np.sum(one * unit(other), axis=1)]


@pytest.mark.parametrize("kind", ["bert", "xlm-roberta"])
@pytest.mark.parametrize("pooling", ["mean_tokens", "cls_token"])
def test_a_sentence_transformers_folder_gives_the_model_s_vectors(tmp_path: Path, kind: str, pooling: str) -> None:
    tensors = models.write_folder(tmp_path / "tiny", kind, pooling)
    shift = 2 if kind == "xlm-roberta" else 0
    states = [models.run_bert(tensors, ids, shift) for ids in models.make_ids(TEXTS, kind)]
    expected = [state[0] if pooling == "cls_token" else state.mean(0) for state in states]
    embedder = open_tiny(tmp_path / "tiny")
    assert min(cosines(embedder.embed(TEXTS), np.array(expected))) > 0.999
    assert embedder.dimensions == models.SIZE
    assert embedder.name.startswith("tiny ")


@pytest.mark.parametrize("kind", ["F16", "BF16"])
def test_half_precision_weights_are_read(tmp_path: Path, kind: str) -> None:
    tensors = models.write_folder(tmp_path / "tiny")
    prefixed = {f"bert.{name}": value for name, value in tensors.items()}  # as AutoModelForMaskedLM saves them
    models.write_safetensors(tmp_path / "tiny" / "model.safetensors", prefixed, kind)
    expected = [models.run_bert(tensors, ids).mean(0) for ids in models.make_ids(TEXTS)]
    assert min(cosines(open_tiny(tmp_path / "tiny").embed(TEXTS), np.array(expected))) > 0.998


def test_a_text_past_the_window_is_averaged_not_cut(tmp_path: Path) -> None:
    tensors = models.write_folder(tmp_path / "tiny")
    words = (models.WORDS * 2)[: models.PLACES + 4]
    window = models.PLACES - 2
    parts = [" ".join(words[:window]), " ".join(words[window:])]
    first, rest = (models.run_bert(tensors, ids).mean(0) for ids in models.make_ids(parts))
    expected = (first * window + rest * (len(words) - window)) / len(words)
    assert cosines(open_tiny(tmp_path / "tiny").embed([" ".join(words)]), expected[None])[0] > 0.999


def test_a_dense_layer_behind_pooling_is_applied(tmp_path: Path) -> None:
    tensors = models.write_folder(tmp_path / "tiny")
    modules = json.loads((tmp_path / "tiny" / "modules.json").read_text())
    modules.insert(2, {"path": "2_Dense", "type": "sentence_transformers.models.Dense"})
    (tmp_path / "tiny" / "modules.json").write_text(json.dumps(modules))
    (tmp_path / "tiny" / "2_Dense").mkdir()
    config = {"activation_function": "torch.nn.modules.activation.Tanh", "bias": True}
    (tmp_path / "tiny" / "2_Dense" / "config.json").write_text(json.dumps(config))
    rng = np.random.default_rng(2)
    weight, bias = rng.normal(size=(8, models.SIZE)), rng.normal(size=8)
    models.write_safetensors(
        tmp_path / "tiny" / "2_Dense" / "model.safetensors", {"linear.weight": weight, "linear.bias": bias}
    )
    means = np.array([models.run_bert(tensors, ids).mean(0) for ids in models.make_ids(TEXTS)])
    embedder = open_tiny(tmp_path / "tiny")
    assert min(cosines(embedder.embed(TEXTS), np.tanh(means @ weight.T + bias))) > 0.998
    assert embedder.dimensions == 8


def test_another_model_of_the_same_name_has_another_name_and_cache(tmp_path: Path) -> None:
    models.write_folder(tmp_path / "tiny")
    first = open_tiny(tmp_path / "tiny")
    before = first.embed(TEXTS)
    models.write_safetensors(tmp_path / "tiny" / "model.safetensors", models.make_tensors(seed=5))
    second = open_tiny(tmp_path / "tiny")
    assert first.name != second.name
    assert not np.allclose(before, second.embed(TEXTS), atol=0.1)


@pytest.mark.parametrize(
    ("name", "said", "prefix"),
    [
        ("tiny", {}, ""),
        ("multilingual-e5-tiny", {}, "query: "),
        ("multilingual-e5-tiny-instruct", {}, ""),
        ("tiny", {"prompts": {"query": "query : ", "passage": "x "}, "default_prompt_name": None}, "query : "),
        ("tiny", {"prompts": {"query": "a ", "sts": "b "}, "default_prompt_name": "sts"}, "b "),
        ("tiny", {"prompts": {"query": "", "document": ""}}, ""),
    ],
)
def test_the_prefix_a_model_was_trained_with_is_found(
    tmp_path: Path, name: str, said: dict[str, Any], prefix: str
) -> None:
    models.write_folder(tmp_path / name)
    (tmp_path / name / "config_sentence_transformers.json").write_text(json.dumps(said))
    found = open_tiny(tmp_path / name)
    assert (f"prefix {prefix!r}" in found.name) if prefix else ("prefix" not in found.name)
    given = open_tiny(tmp_path / name, prefix=prefix)
    bare = open_tiny(tmp_path / name, prefix="")
    np.testing.assert_array_equal(found.embed(["киев"]), given.embed(["киев"]))
    np.testing.assert_array_equal(found.embed(["киев"]), bare.embed([f"{prefix}киев"]))


def test_odd_texts_are_embedded_too(tmp_path: Path) -> None:
    models.write_folder(tmp_path / "tiny")
    vectors = open_tiny(tmp_path / "tiny").embed(["", "\ud800", "a\0b", "😀", "киев", ""])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(vectors[0], vectors[5])


def write_onnx_folder(folder: Path, place: str = "model.onnx", **more: Any) -> np.ndarray:
    table = np.random.default_rng(3).normal(size=(len(models.WORDS) + 4, 6)).astype(np.float32)
    pytest.importorskip("onnxruntime", reason="the extra packages 'models' are not installed")
    models.write_onnx(folder / place, table, **more)
    models.write_tokenizer(folder / "tokenizer.json")
    return table


@pytest.mark.parametrize("place", ["model.onnx", "onnx/model.onnx"])
@pytest.mark.parametrize("inputs", [("input_ids",), ("input_ids", "attention_mask", "token_type_ids")])
def test_an_onnx_folder_gives_the_mean_of_its_tokens(tmp_path: Path, place: str, inputs: tuple[str, ...]) -> None:
    table = write_onnx_folder(tmp_path / "tiny", place, inputs=inputs)
    embedder = open_tiny(tmp_path / "tiny")
    expected = [table[ids].mean(0) for ids in models.make_ids(TEXTS)]
    np.testing.assert_allclose(embedder.embed(TEXTS), unit(expected), atol=1e-6)
    assert embedder.dimensions == 6


def test_an_onnx_folder_pools_as_it_says(tmp_path: Path) -> None:
    table = write_onnx_folder(tmp_path / "tiny")
    (tmp_path / "tiny" / "1_Pooling").mkdir()
    config = {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}
    (tmp_path / "tiny" / "1_Pooling" / "config.json").write_text(json.dumps(config))
    expected = unit([table[ids[0]] for ids in models.make_ids(TEXTS)])
    np.testing.assert_allclose(open_tiny(tmp_path / "tiny").embed(TEXTS), expected, atol=1e-6)


def test_an_onnx_graph_that_pools_by_itself_is_taken_at_its_word(tmp_path: Path) -> None:
    table = write_onnx_folder(tmp_path / "tiny", pooled=True)
    expected = unit([table[ids[0]] for ids in models.make_ids(TEXTS)])
    np.testing.assert_allclose(open_tiny(tmp_path / "tiny").embed(TEXTS), expected, atol=1e-6)


def test_weights_of_another_kind_are_run_by_the_graph_beside_them(tmp_path: Path) -> None:
    models.write_folder(tmp_path / "tiny", model_type="mpnet")
    table = write_onnx_folder(tmp_path / "tiny", "onnx/model.onnx")
    expected = unit([table[ids].mean(0) for ids in models.make_ids(TEXTS)])
    np.testing.assert_allclose(open_tiny(tmp_path / "tiny").embed(TEXTS), expected, atol=1e-6)


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("config.json", '{"model_type": "modernbert"}', "modernbert.*model.onnx"),
        ("config.json", '{"model_type": "bert", "position_embedding_type": "relative_key"}', "relative_key"),
        ("config.json", '{"model_type": "bert", "hidden_act": "silu"}', "silu"),
        ("config.json", '{"model_type": "bert"}', "num_hidden_layers.*config.json|config.json.*num_hidden_layers"),
        ("config.json", "{", "not JSON"),
        ("modules.json", '[{"type": "x.LSTM", "path": ""}]', "LSTM"),
        (
            "1_Pooling/config.json",
            '{"pooling_mode_max_tokens": true, "pooling_mode_mean_tokens": true}',
            "max and mean",
        ),
        ("1_Pooling/config.json", '{"pooling_mode": "lasttoken"}', "lasttoken"),
        ("model.safetensors", "version https://git-lfs.github.com/spec/v1\n", "safetensors.*Git LFS"),
        ("tokenizer.json", "{}", "tokenizer.json.*cannot read"),
        ("model.safetensors", None, "no model in it.*model.onnx.*model.safetensors"),
        ("tokenizer.json", None, "no tokenizer.json"),
    ],
)
def test_what_cannot_be_run_says_why_and_where(tmp_path: Path, file: str, content: str | None, said: str) -> None:
    models.write_folder(tmp_path / "tiny")
    path = tmp_path / "tiny" / file
    path.unlink()
    if content is not None:
        path.write_text(content)
    with pytest.raises(EmbedError, match=said) as caught:
        open_tiny(tmp_path / "tiny").embed(TEXTS)
    assert str(tmp_path / "tiny") in str(caught.value)


def test_a_missing_tensor_is_named(tmp_path: Path) -> None:
    tensors = models.write_folder(tmp_path / "tiny")
    del tensors["encoder.layer.1.output.dense.bias"]
    models.write_safetensors(tmp_path / "tiny" / "model.safetensors", tensors)
    with pytest.raises(EmbedError, match=r"encoder\.layer\.1\.output\.dense\.bias"):
        open_tiny(tmp_path / "tiny").embed(TEXTS)


def test_a_broken_graph_is_no_traceback(tmp_path: Path) -> None:
    write_onnx_folder(tmp_path / "tiny")
    (tmp_path / "tiny" / "model.onnx").write_bytes(b"not a graph")
    with pytest.raises(EmbedError, match=r"model\.onnx: onnxruntime cannot load it"):
        open_tiny(tmp_path / "tiny")


@pytest.mark.parametrize("package", ["onnxruntime", "tokenizers"])
def test_missing_extra_packages_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    write_onnx_folder(tmp_path / "tiny")
    there = embed_bert.importlib.import_module

    def find(name: str) -> Any:
        if name == package:
            raise ImportError(name)
        return there(name)

    monkeypatch.setattr(embed_bert.importlib, "import_module", find)
    with pytest.raises(EmbedError, match=rf"{package} is needed for .*tiny.*arna\[models\]"):
        open_tiny(tmp_path / "tiny").embed(TEXTS)
