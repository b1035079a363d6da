from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arna.text.respell import respell
from arna.text.scripts import kazakh_spellings, kazakh_to_latin, turkmen_to_cyrillic, uzbek_to_cyrillic

WORDS = {
    "tk": "abcçdeäfgžhijklmnňoöprsştuüwyýz",
    "kk": "аәбвгғдежзийкқлмнңоөпрстуұүфхһцчшыіэюя",
}


@pytest.mark.parametrize(
    ("turkmen", "turkish"),
    [
        ("Prezident Germaniýa bilen gepleşikleri geçirdi.", "Cumhurbaşkanı Almanya ile müzakereleri düzenledi."),
        ("Bu mekdep Ukrainanyň günortasynda ýerleşýär.", "Bu okul Ukraynanın güneyinde yerleşiyor."),
        ("2025-nji ýylda üç adam öldi", "2025. yılda üç insan öldü"),
        ("Olar täze kanun üçin işleýärler", "Onlar yeni yasa için çalışıyorlar"),
        ("Barselona we Sewilýa", "Barselona ve Sevilya"),
        ("ABŞ ýaly ÄHLI ýurtlar", "ABD gibi TÜM ülkeler"),
    ],
)
def test_turkmen_is_respelt_towards_turkish(turkmen: str, turkish: str) -> None:
    assert respell(turkmen, "tk-Latn") == turkish


def test_turkmen_in_cyrillic_becomes_what_latin_becomes() -> None:
    text = "Hökümet täze ýol gurýar, ýöne Ýewropa bilen ylalaşyk ýok, eýýäm üç aý boldy"
    assert respell(turkmen_to_cyrillic(text), "tk-Cyrl") == respell(text, "tk-Latn")
    assert respell("Европа ве ер", "tk-Cyrl") == "Avrupa ve yer"


@pytest.mark.parametrize("spelling", [name for name in kazakh_spellings() if not name.startswith("ascii")])
def test_kazakh_in_latin_letters_comes_back_to_cyrillic(spelling: str) -> None:
    text = "Елшіміз жаңа көпірдің ашылғанын айтты"
    assert respell(kazakh_to_latin(text, spelling), "kk-Latn") == text


@pytest.mark.parametrize("spelling", ["ascii", "ascii-j", "ascii-k"])
def test_kazakh_without_signs_gets_its_letters_back_by_vowel_harmony(spelling: str) -> None:
    text = "Үкімет қаланың тұрғындары үшін және өз елінің әлемдегі орны туралы жаңа шешім шығарды"
    restored = respell(kazakh_to_latin(text, spelling), "kk-Latn").split()
    assert sum(one == two for one, two in zip(restored, text.split(), strict=True)) >= 11


def test_one_sign_is_enough_to_leave_the_letters_as_they_are_written() -> None:
    assert respell("Muz ben tuz jäne qum", "kk-Latn") == "Муз бен туз және қум"


def test_uzbek_goes_to_latin_with_one_apostrophe() -> None:
    latin = "Oʻzbekistonda toʻrtta gʻolib eʼlon qilindi"
    for sign in "ʻʼ'’`":
        assert respell(latin.replace("ʻ", sign), "uz-Latn").startswith("O‘zbekistonda to‘rtta g‘olib")
    assert respell(uzbek_to_cyrillic("Oʻzbekistonda toʻrtta gʻolib"), "uz-Cyrl") == "O‘zbekistonda to‘rtta g‘olib"


@pytest.mark.parametrize("lang", ["kk-Cyrl", "ky-Cyrl", "tg-Cyrl", "uk-Cyrl", "ru-Cyrl", "en-Latn", "az", "und"])
def test_what_the_model_knows_stays(lang: str) -> None:
    text = "Қазақстан мен Ўзбекистон, Україна, Oʻzbekiston ýa 2025-nji"
    assert respell(text, lang) == text


def test_a_tag_without_script_goes_by_the_letters() -> None:
    assert respell("Астанада жиын өтті", "kk") == "Астанада жиын өтті"
    assert respell("Astanada öner ötti", "kk") == "Астанада өнер өтті"
    assert respell("Тошкентда тўртта", "uz") == "Toshkentda to‘rtta"


@given(st.text(max_size=60), st.sampled_from(["tk-Latn", "tk-Cyrl", "tk", "kk-Latn", "kk", "uz-Latn", "uz-Cyrl"]))
def test_any_text_keeps_its_figures_and_line_breaks(text: str, lang: str) -> None:
    respelt = respell(text, lang)
    assert re.findall(r"[0-9]+|\n", respelt) == re.findall(r"[0-9]+|\n", text)


def test_the_table_has_no_letters_of_another_alphabet() -> None:
    table = tomllib.loads((files("arna.text") / "tables/respell.toml").read_text("utf-8"))
    for group in table["tk"].values():
        for turkmen, turkish in group.items():
            assert set(turkmen) <= set(WORDS["tk"] + "-"), turkmen
            assert turkish
            assert set(turkish.lower()) <= set("abcçdefgğhıijklmnoöprsştuüvyzâîû '-i̇"), turkish
    for plain, kazakh in table["kk"]["words"].items():
        assert set(plain + kazakh) <= set(WORDS["kk"]), plain
