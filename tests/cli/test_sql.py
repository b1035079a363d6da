"""A user's own question: any SELECT, every type as JSON, and nothing that writes or looks outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.commanding import arna, count

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "query",
    [
        "DROP TABLE articles",
        "DELETE FROM articles",
        "INSERT INTO origins SELECT * FROM origins",
        "CREATE TABLE mine AS SELECT 1",
        "COPY articles TO 'stolen.csv'",
        "ATTACH 'other.db'",
        "SET threads = 1",
        "INSTALL httpfs",
        "SELECT 1; SELECT 2",
        "SELECT 1; DROP TABLE articles",
        "SELEC id FROM articles",
        "SELECT nosuch FROM articles",
        "SELECT * FROM nosuch",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM '/etc/hostname'",
        "SELECT * FROM glob('/*')",
        "SELECT sum(title) FROM articles",
        "SELECT 'a'::INTEGER",
        "",
        "   ",
        "\udcff",
    ],
)
def test_what_is_no_question_to_the_tables_is_one_line(
    space: Path, query: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    answer = arna("sql", "-s", space, query)
    assert (answer.code, answer.out) == (1, "")
    assert answer.error.startswith("arna: sql: ")
    assert not list(tmp_path.iterdir())


def test_the_tables_are_as_they_were(space: Path):
    assert count(space, "articles") == 6


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ("SELECT sum(n)::HUGEINT FROM range(5) t(n)", 10),
        ("SELECT 2.50::DECIMAL(8, 2)", 2.5),
        ("SELECT 'nan'::DOUBLE", None),
        ("SELECT 'inf'::FLOAT", None),
        ("SELECT TIMESTAMP '2026-03-02 09:00:00'", "2026-03-02T09:00:00Z"),
        ("SELECT TIMESTAMPTZ '2026-03-02 09:00:00.25+05'", "2026-03-02T04:00:00.250000Z"),
        ("SELECT [DATE '2026-03-02']", ["2026-03-02"]),
        ("SELECT TIME '10:00'", "10:00:00"),
        ("SELECT {'at': DATE '2026-03-02'}", {"at": "2026-03-02"}),
        ("SELECT MAP {1: 'ә'}", [[1, "ә"]]),
        ("SELECT 'ab'::BLOB", "6162"),
        ("SELECT true", True),
        ("SELECT NULL", None),
        ("SELECT min(published_at)::TIMESTAMP FROM articles", "2026-03-02T09:00:00Z"),
    ],
)
def test_every_type_has_a_form_in_json(space: Path, query: str, value: object, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TZ", "Asia/Almaty")
    answer = arna("sql", "-s", space, query, "--json")
    assert (answer.code, answer.err) == (0, "")
    [row] = answer.value
    assert row.popitem()[1] == value


def test_columns_of_one_name_are_told_apart(space: Path):
    query = "SELECT 1 AS n, 2 AS n, 3 AS n_1, 4 AS n"
    assert arna("sql", "-s", space, query, "--json").value == [{"n": 1, "n_2": 2, "n_1": 3, "n_3": 4}]


def test_ids_and_addresses_stay_whole_to_be_copied(space: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "60")
    [row] = arna("sql", "-s", space, "SELECT id FROM articles LIMIT 1", "--json").value
    assert row["id"] in arna("sql", "-s", space, "SELECT title, text, url, id FROM articles").out


@pytest.mark.parametrize(
    "query", ["SHOW TABLES", "DESCRIBE articles", "FROM origins", "EXPLAIN SELECT 1", "VALUES (1)"]
)
def test_questions_about_the_tables_are_answered(space: Path, query: str):
    answer = arna("sql", "-s", space, query)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out


def test_markup_in_names_and_cells_is_shown_as_it_is(space: Path):
    out = arna("sql", "-s", space, "SELECT '[red]cell[/]' AS \"[bold]name\"").out
    assert "[bold]name" in out
    assert "[red]cell[/]" in out
