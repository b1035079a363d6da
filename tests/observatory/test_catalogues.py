"""The catalogues hold every message of code and templates, and what is compiled is what is written."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from bench.catalogues import LANGUAGES, LOCALE, extract, read, render_mo, render_po, update

if TYPE_CHECKING:
    from django.test import Client

_HOLES = re.compile(r"%\((\w+)\)s|\{(\w+)\}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_in_step_with_the_code(language: str) -> None:
    written = (LOCALE / language / "LC_MESSAGES" / "django.po").read_bytes()
    assert written == render_po(update(language)), "run python -m bench.catalogues"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_left_untranslated(language: str) -> None:
    missing = []
    for message in read(language):
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and not all(strings):
            missing.append((message.context, message.id))
    assert not missing


def test_a_message_with_two_meanings_has_a_translation_of_each() -> None:
    found = {(message.context, message.id): message.string for message in read("ru")}
    assert found["kind", "Copied"] != found["number", "Copied"]
    assert found["to look for", "Words"] != found["number", "Words"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    def list_words(stream: BytesIO) -> dict[object, object]:
        # all but the head, where Babel names its version
        return {(message.context, str(message.id)): message.string for message in read_mo(stream) if message.id}

    compiled = (LOCALE / language / "LC_MESSAGES" / "django.mo").read_bytes()
    assert list_words(BytesIO(compiled)) == list_words(BytesIO(render_mo(read(language)))), (
        "run python -m bench.catalogues"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_fills_in_what_its_message_fills_in(language: str) -> None:
    for message in read(language):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = {hole for id_ in ids for hole in _HOLES.findall(str(id_))}
        for string in strings:
            assert set(_HOLES.findall(str(string))) <= wanted, (language, message.id)
            # what only the singular or the plural fills in may be missing in the other form
            assert not string or set(_HOLES.findall(str(string))) >= {
                hole for hole in wanted if all(hole in _HOLES.findall(str(id_)) for id_ in ids) and len(strings) == 1
            }, (language, message.id)


def test_messages_are_found_in_code_and_in_templates() -> None:
    found = {message.id if isinstance(message.id, str) else message.id[0] for message in extract() if message.id}
    assert {
        "Void map",
        "by the clock, confidence {sure}",
        "Accept",
        "Articles week by week, by origin",
        "Week by week",
    } <= found


def test_plurals_follow_the_language(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule of plurals of our catalogues stands beside another rule of Django's own."""
    from django.utils import translation
    from django.utils.translation import trans_real

    catalog = read("uk")
    catalog["%(n)s article"].string = ("%(n)s стаття", "%(n)s статті", "%(n)s статей")
    stream = BytesIO(render_mo(read_po(BytesIO(render_po(catalog)), locale="uk")))
    with translation.override("uk"):
        trans_real.translation("uk")._catalog.update(_as_translations(stream))
        said = [translation.ngettext("%(n)s article", "%(n)s articles", n) % {"n": n} for n in (1, 3, 5, 21)]
    trans_real._translations.clear()
    assert said == ["1 стаття", "3 статті", "5 статей", "21 стаття"]


def _as_translations(stream: BytesIO) -> Any:
    import gettext

    return gettext.GNUTranslations(stream)  # type: ignore[arg-type]
