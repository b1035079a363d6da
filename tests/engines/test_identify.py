from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arna.engines.identify import BUCKETS, Guess, NgramIdentifier, hash_ngrams, read_symbols
from arna.text.scripts import kazakh_spellings, kazakh_to_latin, turkmen_to_cyrillic, uzbek_to_cyrillic

IDENTIFIER = NgramIdentifier()

SENTENCES = {
    "kk-Cyrl": "Сыртқы істер министрі Киевке барып, екі ел арасындағы сауданы талқылады.",
    "uz-Latn": "Tashqi ishlar vaziri Kiyevga borib, ikki mamlakat oʻrtasidagi savdoni muhokama qildi.",
    "tk-Latn": "Daşary işler ministri Kiýewe baryp, iki ýurduň arasyndaky söwdany ara alyp maslahatlaşdy.",
    "ky-Cyrl": "Тышкы иштер министри Киевге барып, эки өлкөнүн соодасын талкуулады.",
    "tg-Cyrl": "Вазири корҳои хориҷӣ ба Киев рафта, тиҷорати ду кишварро баррасӣ кард.",
    "ru-Cyrl": "Министр иностранных дел приехал в Киев и обсудил торговлю двух стран.",
    "uk-Cyrl": "Міністр закордонних справ приїхав до Києва й обговорив торгівлю двох країн.",
    "en-Latn": "The foreign minister came to Kyiv and discussed trade between the two countries.",
}
SENTENCES["uz-Cyrl"] = uzbek_to_cyrillic(SENTENCES["uz-Latn"])
SENTENCES["tk-Cyrl"] = turkmen_to_cyrillic(SENTENCES["tk-Latn"])


def name_language(text: str) -> str:
    return IDENTIFIER.identify([text])[0].lang


@pytest.mark.parametrize(("tag", "text"), SENTENCES.items())
def test_a_sentence_and_its_first_words_are_told(tag: str, text: str) -> None:
    assert name_language(text) == tag
    assert name_language(" ".join(text.split()[:8])) == tag


@pytest.mark.parametrize(("tag", "text"), SENTENCES.items())
def test_capitals_tell_the_same_language(tag: str, text: str) -> None:
    assert name_language(text.upper()) == tag


@pytest.mark.parametrize("spelling", kazakh_spellings())
def test_kazakh_in_any_latin_spelling_is_no_other_turkic_language(spelling: str) -> None:
    assert name_language(kazakh_to_latin(SENTENCES["kk-Cyrl"], spelling)) == "kk-Latn"


@pytest.mark.parametrize("mark", ["'", "`", "’", "‘", "ʼ", ""])
def test_uzbek_is_told_with_any_apostrophe_or_none(mark: str) -> None:
    text = "Oʻzbekiston taʼlim vazirligi oʻquvchilar uchun qoʻshimcha darslar tashkil etdi"
    assert name_language(text.replace("ʻ", mark).replace("ʼ", mark)) == "uz-Latn"


def test_turkmen_typed_without_its_letters_is_told() -> None:
    assert name_language("Turkmenistanyn Prezidenti tazeden saylanan wekilleri kabul etdi") == "tk-Latn"


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("tr-Latn", "Dışişleri bakanı Kiev'e giderek iki ülke arasındaki ticareti görüştü."),
        ("az-Latn", "Xarici işlər naziri Kiyevə gedərək iki ölkə arasında ticarəti müzakirə etdi."),
        ("tt-Cyrl", "Тышкы эшләр министры Киевка барып, ике ил арасындагы сәүдә турында сөйләште."),
        ("be-Cyrl", "Міністр замежных спраў прыехаў у Кіеў і абмеркаваў гандаль дзвюх краін."),
        ("de-Latn", "Der Außenminister reiste nach Kiew und sprach über den Handel der beiden Länder."),
        ("pl-Latn", "Minister spraw zagranicznych przyjechał do Kijowa i omówił handel obu krajów."),
    ],
)
def test_a_neighbour_is_not_taken_for_one_of_ours(tag: str, text: str) -> None:
    assert name_language(text) == tag


def test_names_in_another_script_do_not_change_the_language() -> None:
    assert name_language("Apple мен Google компаниялары Қазақстанда кеңсе ашады, деп жазды Reuters") == "kk-Cyrl"


def test_latin_letters_typed_into_cyrillic_words_do_no_harm() -> None:
    assert name_language("Бiз кеше тойға бардық, бүгiн үйде отырмыз, ертең iс көп") == "kk-Cyrl"
    assert name_language("Вiн сказав, що потiм приїде i все розповiсть") == "uk-Cyrl"


def test_decomposed_letters_are_the_same_letters() -> None:
    assert name_language("Україна та її сусіди") == name_language("Украі\u0308на та і\u0308і\u0308 сусіди") == "uk-Cyrl"


def test_other_scripts_are_named_and_nothing_is_nothing() -> None:
    texts = ["أوكرانيا وكازاخستان", "乌克兰和哈萨克斯坦", "უკრაინა", "", "  \n", "2025 — 410 %", "😀😀", "\ud800"]
    assert [guess.lang for guess in IDENTIFIER.identify(texts)] == ["und-Arab", "und-Hans", "und-Geor"] + [
        "und-Zyyy"
    ] * 5
    assert IDENTIFIER.identify([""]) == [Guess("und-Zyyy", 0.0)]
    assert IDENTIFIER.identify([]) == []


def test_a_huge_text_is_read_by_its_beginning() -> None:
    text = SENTENCES["kk-Cyrl"] + " "
    assert IDENTIFIER.identify([text * 30_000])[0].lang == "kk-Cyrl"
    assert IDENTIFIER.identify([text * 100 + "hello " * 400_000]) == IDENTIFIER.identify([text * 100])


@given(st.lists(st.text(max_size=40), max_size=5))
def test_any_texts_get_one_guess_each(texts: list[str]) -> None:
    guesses = IDENTIFIER.identify(texts)
    assert len(guesses) == len(texts)
    assert all(0 <= guess.confidence <= 1 for guess in guesses)


@given(st.lists(st.sampled_from([*SENTENCES.values(), "", "123", "乌克兰", "o'", "'", "і"]), min_size=1, max_size=150))
def test_a_text_is_told_alike_alone_and_among_others(texts: list[str]) -> None:
    together = IDENTIFIER.identify(texts)
    for text, guess in zip(texts, together, strict=True):
        alone = IDENTIFIER.identify([text])[0]
        assert alone.lang == guess.lang
        assert alone.confidence == pytest.approx(guess.confidence, abs=1e-4)


@given(st.text(alphabet="абв г'd", max_size=30), st.text(alphabet="абв г'd", max_size=30))
def test_no_ngram_reaches_into_the_next_text(one: str, other: str) -> None:
    def buckets(texts: list[str]) -> list[int]:
        return sorted(int(b) for found, _ in hash_ngrams(*read_symbols(texts)) for b in found)

    assert buckets([one, other]) == sorted(buckets([one]) + buckets([other]))


def test_ngrams_are_of_one_to_four_letters_and_whole_words() -> None:
    orders = hash_ngrams(*read_symbols(["ел", ""]))
    # е л; _е ел л_; _ел ел_; _ел_; the word
    assert [counts.tolist() for _, counts in orders] == [[2, 0], [3, 0], [2, 0], [1, 0], [1, 0]]
    assert all(np.all((buckets >= 0) & (buckets < BUCKETS)) for buckets, _ in orders)


def test_the_model_knows_every_language_of_the_house() -> None:
    assert set(SENTENCES) | {"kk-Latn"} <= set(IDENTIFIER.languages)
