"""Texts are embedded once in a space, by one model, whatever happens in between."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arna.runs.run import Progress
from arna.runs.vectors import CachedEmbedder
from arna.store import Lake, LakeWriter
from arna.terms import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


class Counting:
    """Vectors by the digest of a text; remembers what it was given."""

    def __init__(self, name: str = "counting", dimensions: int = 32) -> None:
        self.name, self.dimensions = name, dimensions
        self.given: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.given += texts
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            seed = hashlib.sha256((self.name + text).encode("utf-8", "surrogatepass")).digest()
            vectors[row] = np.random.default_rng(list(seed)).normal(size=self.dimensions)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


TEXTS = ["Президенттер Нью-Йоркте кездесті.", "Президенты встретились.", "Prezidentler duşuşdylar.", ""]


def cosines(one: NDArray[np.float32], two: NDArray[np.float32]) -> NDArray[np.float32]:
    return (one * two).sum(1)


def test_every_text_has_its_models_vector_in_order(tmp_path: Path):
    model = Counting()
    with LakeWriter(tmp_path) as lake:
        found = CachedEmbedder(lake, model, Progress()).embed([*TEXTS, *TEXTS[::-1], TEXTS[1]])
    wanted = Counting().embed([*TEXTS, *TEXTS[::-1], TEXTS[1]])
    assert found.shape == wanted.shape
    assert found.dtype == np.float32
    assert cosines(found, wanted).min() > 0.999
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


def test_nothing_is_embedded_twice(tmp_path: Path):
    model = Counting()
    with LakeWriter(tmp_path) as lake:
        vectors = CachedEmbedder(lake, model, Progress())
        first = vectors.embed(TEXTS * 2)
        assert (vectors.embedded, vectors.cached) == (4, 0)
        again = vectors.embed([*TEXTS[:2], "Жаңа мәтін."])
        assert (vectors.embedded, vectors.cached) == (5, 2)
    assert sorted(model.given) == sorted({*TEXTS, "Жаңа мәтін."})
    np.testing.assert_array_equal(again[:2], first[:2])
    later = Counting()
    with LakeWriter(tmp_path) as lake:
        vectors = CachedEmbedder(lake, later, Progress())
        np.testing.assert_array_equal(vectors.embed(TEXTS), first[:4])
        assert (vectors.embedded, vectors.cached, vectors.changed) == (0, 4, None)
    assert later.given == []


def test_no_texts_ask_for_nothing(tmp_path: Path):
    model = Counting()
    with LakeWriter(tmp_path) as lake:
        assert CachedEmbedder(lake, model, Progress()).embed([]).shape[0] == 0
        assert CachedEmbedder(lake, model, Progress()).changed is None
    assert model.given == []


def test_one_letter_makes_another_text(tmp_path: Path):
    texts = ["Қазақстан", "Казахстан", "Қазақстан ", "қазақстан"]
    with LakeWriter(tmp_path) as lake:
        found = CachedEmbedder(lake, Counting(), Progress()).embed(texts)
    assert (found @ found.T)[~np.eye(4, dtype=bool)].max() < 0.9


def test_broken_characters_are_texts_like_others(tmp_path: Path):
    texts = ["\ud800", "\udc00", "\x00", "🇰🇿"]
    with LakeWriter(tmp_path) as lake:
        vectors = CachedEmbedder(lake, Counting(), Progress())
        np.testing.assert_array_equal(vectors.embed(texts), vectors.embed(texts))
        assert vectors.embedded == 4


def test_another_model_begins_anew_and_says_so(tmp_path: Path):
    with LakeWriter(tmp_path) as lake:
        CachedEmbedder(lake, Counting("e5-small"), Progress()).embed(TEXTS)
    other = Counting("bge-m3", 64)
    with LakeWriter(tmp_path) as lake:
        vectors = CachedEmbedder(lake, other, Progress())
        assert (vectors.changed, vectors.name, vectors.dimensions) == ("e5-small", "bge-m3", 64)
        found = vectors.embed(TEXTS[:2])
    assert other.given == TEXTS[:2]
    assert cosines(found, Counting("bge-m3", 64).embed(TEXTS[:2])).min() > 0.999
    held = Lake(tmp_path).read("vectors")
    assert held.num_rows == 2
    assert {len(vector) for vector in held["vector"].to_pylist()} == {64}
    with LakeWriter(tmp_path) as lake:
        assert CachedEmbedder(lake, other, Progress()).changed is None
        back = CachedEmbedder(lake, Counting("e5-small"), Progress())
        assert back.changed == "bge-m3"
        assert back.embed(TEXTS[:1]).shape == (1, 32)


def test_what_was_committed_before_a_stop_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("arna.runs.vectors.AT_ONCE", 3)
    monkeypatch.setattr("arna.runs.vectors.COMMIT", 2)
    texts = [f"{n}-хабар" for n in range(20)]

    class Stopping(Counting):
        def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
            if len(self.given) >= 9:
                raise KeyboardInterrupt
            return super().embed(texts)

    with LakeWriter(tmp_path) as lake, pytest.raises(KeyboardInterrupt):
        CachedEmbedder(lake, Stopping(), Progress()).embed(texts)
    assert Lake(tmp_path).read("vectors").num_rows == 9
    model = Counting()
    with LakeWriter(tmp_path) as lake:
        vectors = CachedEmbedder(lake, model, Progress())
        assert cosines(vectors.embed(texts), Counting().embed(texts)).min() > 0.999
        assert (vectors.embedded, vectors.cached) == (11, 9)
    assert model.given == texts[9:]
    digests = Lake(tmp_path).read("vectors")["digest"].to_pylist()
    assert len(digests) == len(set(digests)) == 20


def test_progress_ends_where_it_said_it_would(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("arna.runs.vectors.AT_ONCE", 2)
    told: list[object] = []
    progress = Progress(lambda step, size: told.append((step, size)), told.append)
    with LakeWriter(tmp_path) as lake:
        vectors = CachedEmbedder(lake, Counting(), progress)
        vectors.embed(TEXTS[:1])
        told.clear()
        vectors.embed(TEXTS * 2)
        vectors.embed(TEXTS)
    assert [told[0][1], sum(told[1:])] == [3, 3]  # type: ignore[index, arg-type]


def test_a_vector_without_length_stays_one(tmp_path: Path):
    class Mute(Counting):
        def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
            return np.zeros((len(texts), self.dimensions), np.float32)

    with LakeWriter(tmp_path) as lake:
        assert not CachedEmbedder(lake, Mute(), Progress()).embed(["…"]).any()


@given(st.lists(st.lists(st.sampled_from(["а", "ә", "б", "", "г ", "ґ"]), max_size=6), max_size=4))
def test_laws_of_the_cache(calls: list[list[str]]):
    model, memory = Counting(), Memory()
    vectors = CachedEmbedder(memory, model, Progress())  # type: ignore[arg-type]
    for texts in calls:
        assert vectors.embed(texts).shape == (len(texts), 32 if texts else 0)
    assert sorted(model.given) == sorted({text for texts in calls for text in texts})
    assert vectors.embedded + vectors.cached == sum(len(set(texts)) for texts in calls)


class Memory:
    """A lake of one table, in memory."""

    def __init__(self) -> None:
        self.rows, self.notes = SCHEMAS["vectors"].empty_table(), dict[str, str]()

    def recall(self, note: str) -> str | None:
        return self.notes.get(note)

    def remember(self, note: str, value: str) -> None:
        self.notes[note] = value

    def replace(self, _name: str, rows: pa.Table) -> None:
        self.rows = rows

    def append(self, _name: str, rows: pa.Table) -> None:
        self.rows = pa.concat_tables([self.rows, rows])

    def query(self, _sql: str, _tables: list[str], given: dict[str, pa.Table]) -> pa.Table:
        wanted = set(given["wanted"]["digest"].to_pylist())
        return pa.Table.from_pylist(
            [row for row in self.rows.to_pylist() if row["digest"] in wanted], schema=SCHEMAS["vectors"]
        )
