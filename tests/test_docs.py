"""The reference names every command, option, table and column, and nothing that is not there."""

import argparse
import re
from pathlib import Path

import pytest

from arna.cli.main import make_parser
from arna.terms import SCHEMAS

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


def test_every_command_the_documents_show_is_one():
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for command in re.findall(r"(?:^|`)arna (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE):
            assert command in _commands(), f"{path.name}: arna {command}"
