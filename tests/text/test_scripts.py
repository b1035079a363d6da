from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arna.text.scripts import (
    kazakh_spellings,
    kazakh_to_cyrillic,
    kazakh_to_latin,
    script_of,
    turkmen_to_cyrillic,
    uzbek_to_cyrillic,
    uzbek_to_latin,
)


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Қазақстан мен Украина", "Cyrl"),
        ("Oʻzbekiston va Ukraina", "Latn"),
        ("TASS: в Астане прошла встреча", "Cyrl"),
        ("Президент Apple Inc. туралы", "Cyrl"),
        ("أوكرانيا", "Arab"),
        ("乌克兰", "Hans"),
        ("ウクライナの大統領", "Jpan"),
        ("우크라이나", "Kore"),
        ("უკრაინა", "Geor"),
        ("Ουκρανία", "Grek"),
        ("23.09.2025 😀", "Zyyy"),
        ("", "Zyyy"),
    ],
)
def test_the_script_is_that_of_most_letters(text: str, script: str) -> None:
    assert script_of(text) == script


@given(st.text())
def test_any_text_has_a_script_code(text: str) -> None:
    code = script_of(text)
    assert len(code) == 4
    assert (code == "Zyyy") == (not any(char.isalpha() for char in text))


@pytest.mark.parametrize(
    ("spelling", "latin"),
    [
        ("2021", "Ükımet şeşımı jaña jyl ŪLYTAU"),
        ("2021-i", "Ükimet şeşimi jaña jyl ŪLYTAU"),
        ("2018", "Úkimet sheshimi jańa jyl ULYTAÝ"),
        ("2017", "U'kimet s'es'imi jan'a jyl ULYTAY'"),
        ("qazaqparat", "Ükimet şeşimi jaña jıl ULITAW"),
        ("common", "Ükimet şeşimi jaña jıl ULITAU"),
        ("ascii", "Ukimet sheshimi zhana zhyl ULYTAU"),
    ],
)
def test_kazakh_is_written_in_each_latin_spelling(spelling: str, latin: str) -> None:
    assert kazakh_to_latin("Үкімет шешімі жаңа жыл ҰЛЫТАУ", spelling) == latin


@pytest.mark.parametrize("spelling", [name for name in kazakh_spellings() if not name.startswith("ascii")])
def test_kazakh_in_latin_letters_is_read_back(spelling: str) -> None:
    text = "Елшіміз жаңа көпірдің ашылғанын айтты"
    assert kazakh_to_cyrillic(kazakh_to_latin(text, spelling)) == text


def test_uzbek_goes_to_cyrillic_and_back() -> None:
    latin = "Oʻzbekiston elchisi yoʻlda yer va Yevropa haqida soʻzladi, chunki gʻalaba SHAHARDA"
    cyrillic = "Ўзбекистон элчиси йўлда ер ва Европа ҳақида сўзлади, чунки ғалаба ШАҲАРДА"
    assert uzbek_to_cyrillic(latin) == cyrillic
    assert uzbek_to_cyrillic(latin.replace("ʻ", "'")) == cyrillic
    assert uzbek_to_latin(cyrillic) == latin


def test_turkmen_is_written_in_its_cyrillic_alphabet() -> None:
    assert turkmen_to_cyrillic("Eýýäm Aşgabatda ýygnak, žurnal we jemgyýet ÝAŞLAR") == (
        "Эййәм Ашгабатда йыгнак, журнал ве җемгыйет ЯШЛАР"
    )
