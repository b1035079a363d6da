"""What is written into a search box is understood, whatever it is."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arna.text.queries import LONGEST, MOST_WORDS, Part, mark_words, read_query


def parts(query: str) -> tuple[list[str], list[str]]:
    asked = read_query(query)
    write = lambda part: " ".join(part.words) if not part.verbatim else f'"{" ".join(part.words)}"'  # noqa: E731
    return [write(part) for part in asked.wanted], [write(part) for part in asked.barred]


@pytest.mark.parametrize(
    ("query", "wanted", "barred"),
    [
        ("порт Одеси", ["порт", "Одеси"], []),
        ("порт -Одеса", ["порт"], ["Одеса"]),
        ('"порт Одеси" зерно', ['"порт Одеси"', "зерно"], []),
        ("«порт Одеси» -“Чорне море”", ['"порт Одеси"'], ['"Чорне море"']),
        ("„порт Одеси”", ['"порт Одеси"'], []),
        ('порт "Одеси та', ["порт", '"Одеси та"'], []),
        ("қазақ-украин", ["қазақ украин"], []),
        ("- порт --море", ["порт"], ["море"]),
        ("o'zbek 'gʻalla'", ["o'zbek", "gʻalla"], []),
        ("AND title:порт (море) ^2 ~ * порт*", ["AND", "title порт", "море", "2", "порт"], []),
        ('"" «» - "!" ,', [], []),
    ],
)
def test_queries(query: str, wanted: list[str], barred: list[str]):
    assert parts(query) == (wanted, barred)


def test_only_nothing_is_empty():
    assert read_query(" \n").empty
    assert not read_query("!?").empty


def test_a_whole_article_is_no_query():
    asked = read_query("сөз " * 10_000)
    assert sum(len(part.words) for part in asked.wanted) == MOST_WORDS
    assert len(Part(("ә" * 10**6,), verbatim=False).folded[0]) == LONGEST


@pytest.mark.parametrize(
    ("lang", "text", "query", "marked"),
    [
        ("kk-Cyrl", "Астықтың бағасы өсті; астық кетті.", "астық", ["Астықтың", "астық"]),
        ("kk-Latn", "Astyqtyñ bağasy ösdi.", "астық баға", ["Astyqtyñ", "bağasy"]),
        ("uz-Latn", "Gʻallani va g‘allaga", "ғалла", ["Gʻallani", "g‘allaga"]),
        ("uk-Cyrl", "У порту та портах, порт.", '"порт"', ["порт"]),
        ("uk-Cyrl", "порт Одеси і порти Одеси, Одеси порт", '"порт Одеси"', ["порт", "Одеси"]),
        ("uk-Cyrl", "українсько-казахські, казахські українсько", "українсько-казахський", ["українсько", "казахські"]),
        ("ru-Cyrl", "Порты и море", "порт -море", ["Порты"]),
        ("tr-Latn", "liman limanda", "liman", ["liman"]),
        ("kk-Cyrl", "Мәтін", "", []),
    ],
)
def test_marks(lang: str, text: str, query: str, marked: list[str]):
    spans = mark_words(text, query, lang)
    assert [text[begin:end] for begin, end in spans] == marked
    assert spans == sorted(spans)


@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from(["kk-Cyrl", "uk", "uz-Latn", "xx", ""]))
def test_marks_of_anything_lie_inside(text: str, query: str, lang: str):
    spans = mark_words(text, query, lang)
    assert all(0 <= begin < end <= len(text) for begin, end in spans)
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
