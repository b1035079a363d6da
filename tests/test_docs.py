"""The reference names every command, option, setting, table and column, and nothing that is not there."""

import argparse
import json
import re
from pathlib import Path

import pytest

from arna.cli.main import make_parser
from arna.settings import SETTINGS, Setting
from arna.space import load
from arna.terms import SCHEMAS
from tests.trace.harness import aligned, article, credit, trace

ROOT = Path(__file__).parents[1]
REFERENCE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")


def _commands() -> dict[str, argparse.ArgumentParser]:
    [action] = [a for a in make_parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return dict(action.choices)


@pytest.mark.parametrize("name", list(_commands()))
def test_every_command_and_its_options_are_in_the_reference(name: str):
    [row] = [line for line in REFERENCE.splitlines() if line.startswith(f"| `arna {name}")]
    options = {option for action in _commands()[name]._actions for option in action.option_strings}
    for option in options - {"-h", "--help", "--quiet", "--json", "--space", "--output"}:
        assert option in row


def test_the_reference_names_no_command_that_does_not_exist():
    assert set(re.findall(r"^\| `arna (\w+)", REFERENCE, re.MULTILINE)) == set(_commands())


@pytest.mark.parametrize("table", list(SCHEMAS))
def test_every_table_and_column_is_in_the_reference(table: str):
    [row] = [line for line in REFERENCE.splitlines() if line.startswith(f"| `{table}` |")]
    named = set(re.findall(r"`(\w+)`", row)) - {table}
    nested = {"url", "begin", "end"} if table == "articles" else set()
    assert named - nested == set(SCHEMAS[table].names) - nested or named == set(SCHEMAS[table].names) | nested


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_in_the_reference_with_its_default_and_what_it_is_for(setting: Setting):
    default = f"`{setting.default}`" if setting.default else "none"
    assert f"| `{setting.name}` | {default} | {setting.help} |" in REFERENCE.splitlines()


def test_the_documents_name_no_setting_that_does_not_exist():
    known = {setting.name for setting in SETTINGS}
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        assert set(re.findall(r"ARNA_\w+", path.read_text(encoding="utf-8"))) <= known, path.name


def test_every_field_of_a_space_is_in_the_reference():
    rows = REFERENCE.split("| field of `space.toml` |")[1].split("\n\n")[0].splitlines()[2:]
    for table, fields in (("subject", load._SUBJECT), ("origins", load._ORIGIN), ("topics", load._TOPIC)):
        [row] = [row for row in rows if re.match(rf"\| `\[+{table}\]+`", row)]
        assert set(re.findall(r"`(\w+)`", row)) == set(fields)
    top = {name for row in rows if "[" not in row for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert top == set(load._SPACE) - {"subject", "origins", "topics"}


def test_the_detail_of_every_kind_of_reliance_is_in_the_reference():
    texts = ["Бір екі үш төрт бес. Алты жеті сегіз.", "Раз два три четыре пять. Шесть семь восемь."]
    copied = " ".join(f"слово{chr(n)}а" for n in range(ord("а"), ord("я")))
    articles = [article("a", "agency", texts[1], lang="ru-Cyrl"), article("b", "portal", texts[0], 3, lang="kk-Cyrl"),
                article("c", "agency", copied), article("d", "portal", copied, 3)]  # fmt: skip
    link = {
        "article_id": "b",
        "begin": 0,
        "end": 3,
        "url": "https://agency.example/a",
        "outlet": "agency",
        "target_id": "a",
    }
    for told, name in ((True, "translation"), (False, "translation, in doubt")):
        rows = trace(
            articles, [credit("b", "agency", 0, 3)], [link], alignments=aligned("b", "a", (0, 2, 0, 2), told=told)
        )
        details = {row["kind"]: set(json.loads(row["detail"])) for row in rows.reliances.to_pylist()}
        assert details.keys() == {"copy", "translation", "credit", "link"}
        for kind, keys in details.items():
            title = name if kind == "translation" else kind
            [row] = [line for line in REFERENCE.splitlines() if line.startswith(f"| {title} |")]
            same = {"margin", "numbers", "dates", "names"} if "the same" in row else set()
            assert set(re.findall(r"`(\w+)`", row)) | same == keys


def test_every_command_the_documents_show_is_one():
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for command in re.findall(r"(?:^|`)arna (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE):
            assert command in _commands(), f"{path.name}: arna {command}"


def test_pictures_named_in_the_documents_are_there_and_small():
    named = set()
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for target in re.findall(r"!\[[^]]+\]\(([^)]+)\)", path.read_text(encoding="utf-8")):
            named.add((path.parent / target).resolve())
    assert len(named) == 6
    assert named == set((ROOT / "docs" / "pictures").glob("*"))
    for path in named:
        content = path.read_bytes()
        assert content[:8] == b"\x89PNG\r\n\x1a\n"
        assert int.from_bytes(content[16:20], "big") == 1280
        assert len(content) < 250_000
