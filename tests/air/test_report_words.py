from __future__ import annotations

import pytest

from arna.air.report_words import clean_text, name_language, safe_url, show_share


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("kk-Cyrl", "Kazakh"),
        ("kk-Latn", "Kazakh (Latin)"),
        ("uz-Latn", "Uzbek"),
        ("uz-Cyrl", "Uzbek (Cyrillic)"),
        ("tg-Cyrl", "Tajik"),
        ("und", "Language not told"),
        ("xx-Latn", "xx-Latn"),
    ],
)
def test_languages_are_named_in_english(tag: str, name: str) -> None:
    assert name_language(tag) == name


def test_a_share_is_never_rounded_to_nothing_or_all() -> None:
    shown = [show_share(value).replace("\u00a0", " ") for value in (0.0, 0.001, 0.5, 0.999, 1.0)]
    assert shown == ["0 %", "under 1 %", "50 %", "over 99 %", "100 %"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//host/x", "http:", "http://[x", None, ""])
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert safe_url(url) == ""
    assert safe_url("https://zoria.example/новини?a=1") == "https://zoria.example/новини?a=1"


def test_cleaned_text_keeps_its_offsets() -> None:
    text = "Қаза\x00қстан\x1b \ufffe😀\n"
    assert clean_text(text) == "Қаза\ufffdқстан\ufffd \ufffd😀\n"
    assert len(clean_text(text)) == len(text)
