from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arna.text.normalise import clean, fold

ANY = st.text(alphabet=st.one_of(st.characters(), st.sampled_from(" \n\t\r\x00\u00a0\u200b\u202e\u0301\u0308её\ud800")))


@given(ANY)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once


@given(ANY)
def test_clean_text_is_composed_and_can_be_written_to_a_file(text: str) -> None:
    cleaned = clean(text)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert "  " not in cleaned
    assert "\n\n" not in cleaned
    assert not {c for c in cleaned if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}} - {"\n"}
    assert not {c for c in cleaned if unicodedata.category(c) == "Zs"} - {" "}
    cleaned.encode()


@given(ANY)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("messy", "tidy"),
    [
        ("Қазақстан\u00a0мен  Украина", "Қазақстан мен Украина"),
        ("Бірін\u00adші\u200b абзац. \r\n\r\n\t Екінші.", "Бірінші абзац.\nЕкінші."),
        ("Київ\u2029\u2028 Львів ", "Київ\nЛьвів"),
        ("и\u0306о\u0301д", "йо́д"),
        ("\u202bAşgabat\u202c", "Aşgabat"),
        ("\ufeff Toshkent\x00", "Toshkent"),
        ("", ""),
    ],
)
def test_pages_lose_what_no_reader_sees(messy: str, tidy: str) -> None:
    assert clean(messy) == tidy


def test_apostrophes_of_one_word_meet() -> None:
    spellings = [
        "Oʻzbekiston",
        "O‘zbekiston",
        "O’zbekiston",
        "O'zbekiston",
        "O`zbekiston",
        "O´ZBEKISTON",
        "oʼzbekiston",
    ]
    assert {fold(word) for word in spellings} == {"o'zbekiston"}
    assert fold("п’ять") == fold("П'ЯТЬ") == fold("пʼять")


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        ("QAZAQSTANNIŃ ŞIĞYSY", "Qazaqstannıń şığysy"),
        ("İSTANBUL", "istanbul"),
        ("ISI", "ısı"),
        ("САМОЛЁТ", "самолет"),
        ("І\u0308ЖАК", "їжак"),
        ("ҚАЗАҚСТАН ҢӨҮҰҺІӘҒ", "қазақстан ңөүұһіәғ"),
        ("TÜRKMENIŇ ÝYLY", "türkmeniň ýyly"),
    ],
)
def test_headlines_in_capitals_equal_the_text(upper: str, lower: str) -> None:
    assert fold(upper) == fold(lower)
