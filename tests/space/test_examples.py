"""Topics by sentences and labelled examples load as written; a bad line is told by file, line and reason."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from arna.space import load_space
from arna.terms import Example
from tests.space.test_load import SPACE, fail_to_load, line_of, write_space

if TYPE_CHECKING:
    from pathlib import Path

NAMED = SPACE.replace("languages =", 'examples = "topics.jsonl"\nlanguages =', 1)
GOOD = {"topic": "economy", "text": "Астық экспорты\nартты.", "lang": "kk-Cyrl"}


def write_examples(folder: Path, lines: list[str], space: str = NAMED) -> Path:
    write_space(folder, space)
    (folder / "topics.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_sentences_stand_beside_stems_or_instead_of_them(tmp_path: Path) -> None:
    text = SPACE.replace('title = "Economy"', 'title = "Economy"\nsentences = ["Сауда туралы.", "Savdo haqida."]')
    text = text.replace(
        'title = "Culture"\n\n[topics.stems]\nkk = ["мәдени"]', 'title = "Culture"\nsentences = ["Өнер."]'
    )
    economy, culture = load_space(write_space(tmp_path, text)).topics
    assert (economy.sentences, economy.stems) == (("Сауда туралы.", "Savdo haqida."), {"kk": ("экспорт",)})
    assert (culture.sentences, culture.stems) == (("Өнер.",), {})


def test_a_topic_of_nothing_is_told_at_its_place(tmp_path: Path) -> None:
    text = SPACE.replace('\n[topics.stems]\nkk = ["мәдени"]\n', "")
    message = fail_to_load(write_space(tmp_path, text))
    assert message.startswith(f"{tmp_path / 'space.toml'}:{line_of(text, '[[topics]]', nth=2)}: ")
    assert "neither 'stems' nor 'sentences'" in message


def test_a_topic_may_live_on_examples_alone(tmp_path: Path) -> None:
    text = NAMED.replace('\n[topics.stems]\nkk = ["мәдени"]\n', "")
    folder = write_examples(tmp_path, ['{"topic": "culture", "text": "Театр"}'], text)
    assert load_space(folder).topics[1].id == "culture"


def test_one_sentence_in_place_of_a_list_is_told(tmp_path: Path) -> None:
    text = SPACE.replace('title = "Culture"', 'title = "Culture"\nsentences = "Өнер."')
    message = fail_to_load(write_space(tmp_path, text))
    assert message.startswith(f"{tmp_path / 'space.toml'}:{line_of(text, 'sentences')}: ")
    assert "a list of texts" in message


def test_examples_load_as_written(tmp_path: Path) -> None:
    lines = ["\ufeff" + json.dumps(GOOD), "", '{"topic": "culture", "text": "Театр", "lang": null}\r']
    space = load_space(write_examples(tmp_path, lines))
    assert space.examples == (
        Example("economy", "Астық экспорты артты.", "kk-Cyrl"),
        Example("culture", "Театр"),
    )


MISTAKES = {
    "no JSON": ('{"topic": "economy"', "not JSON"),
    "a list": ('["economy", "text"]', "not an object"),
    "a lost text": ('{"topic": "economy"}', "'text' must be a text"),
    "an empty text": ('{"topic": "economy", "text": "  "}', "'text' must be a text"),
    "a number for a topic": ('{"topic": 1, "text": "a"}', "'topic' must be a text"),
    "a topic nobody has": ('{"topic": "sport", "text": "a"}', "no topic 'sport'; space.toml has economy, culture"),
    "a typo": ('{"topic": "economy", "text": "a", "langauge": "kk"}', "unknown field 'langauge'"),
    "no language": ('{"topic": "economy", "text": "a", "lang": "Kazakh"}', "not a language such as kk-Cyrl"),
    "a deep nest": ("[" * 100_000, "not JSON"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_bad_line_is_told_with_its_number_and_reason(mistake: str, tmp_path: Path) -> None:
    line, reason = MISTAKES[mistake]
    message = fail_to_load(write_examples(tmp_path, [json.dumps(GOOD), "", line]))
    assert message.startswith(f"{tmp_path / 'topics.jsonl'}:3: ")
    assert reason in message


def test_several_bad_lines_are_counted(tmp_path: Path) -> None:
    message = fail_to_load(write_examples(tmp_path, ["{", json.dumps(GOOD), "{", "["]))
    assert message.startswith(f"{tmp_path / 'topics.jsonl'}:1: ")
    assert "2 more lines of this file are wrong" in message


def test_a_missing_file_of_examples_is_told_where_it_is_named(tmp_path: Path) -> None:
    message = fail_to_load(write_space(tmp_path, NAMED))
    assert message.startswith(f"{tmp_path / 'space.toml'}:{line_of(NAMED, 'examples')}: ")
    assert "topics.jsonl" in message


def test_examples_in_windows_1251_are_told_with_the_byte(tmp_path: Path) -> None:
    folder = write_space(tmp_path, NAMED)
    (folder / "topics.jsonl").write_bytes('{"topic": "economy", "text": "Степь"}'.encode("cp1251"))
    assert "not UTF-8 at byte" in fail_to_load(folder)
