"""Tables as other programs take them: every table, every format, to a file and to a pipe."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from arna.store import Lake
from arna.terms import SCHEMAS
from tests.cli.commanding import arna

ARTICLE_TIMES = {"2026-03-02T09:00:00Z", "2026-03-02T12:00:00Z", "2026-03-06T03:00:00Z"}


@pytest.mark.parametrize("table", list(SCHEMAS))
def test_every_table_leaves_in_every_format(space: Path, tmp_path: Path, table: str):
    rows = Lake(space / "lake").read(table)
    assert rows.num_rows or table in {"alignments", "fetches", "judgements"}  # imported, one language, judged by nobody
    lines = arna("export", "-s", space, table).out
    objects = [json.loads(line) for line in lines.splitlines()]
    assert [list(found) for found in objects] == [SCHEMAS[table].names] * rows.num_rows
    sheet = arna("export", "-s", space, table, "--format", "csv").out
    header, *cells = csv.reader(io.StringIO(sheet))
    assert (header, len(cells)) == (SCHEMAS[table].names, rows.num_rows)
    assert arna("export", "-s", space, table, "--json").value == objects
    for form, ending, written in (("jsonl", "jsonl", lines), ("csv", "csv", sheet)):
        path = tmp_path / f"{table}.{ending}"
        assert arna("export", "-s", space, table, "-o", path, "--json").value == {
            "table": table,
            "rows": rows.num_rows,
            "format": form,
            "file": str(path),
        }
        assert path.read_text(encoding="utf-8") == written
    path = tmp_path / f"{table}.parquet"
    assert arna("export", "-s", space, table, "-o", path).code == 0
    held = pq.read_table(path)
    assert held.schema == SCHEMAS[table]
    assert held == rows
    piped = arna("export", "-s", space, table, "--format", "parquet")
    assert pq.read_table(io.BytesIO(piped.raw)) == rows
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"{table}.{ending}" for ending in ("csv", "jsonl", "parquet")
    ]


def test_times_and_letters_are_as_the_reference_says(space: Path):
    out = arna("export", "-s", space, "articles").out
    rows = [json.loads(line) for line in out.splitlines()]
    assert {row["published_at"] for row in rows} > ARTICLE_TIMES
    assert "Қарағандыда" in out
    assert "🌾" in out
    sheet = csv.DictReader(io.StringIO(arna("export", "-s", space, "articles", "--format", "csv").out))
    for row, told in zip(rows, sheet, strict=True):
        assert (told["text"], told["published_at"]) == (row["text"], row["published_at"])
        assert json.loads(told["links"]) == row["links"]
    weeks = {json.loads(line)["week"] for line in arna("export", "-s", space, "coverage").out.splitlines()}
    assert weeks == {"2026-03-02"}


def test_the_format_wins_over_the_ending(space: Path, tmp_path: Path):
    path = tmp_path / "origins.parquet"
    assert arna("export", "-s", space, "origins", "--format", "jsonl", "-o", path).code == 0
    assert json.loads(path.read_text(encoding="utf-8").splitlines()[0])["origin"]


@pytest.mark.parametrize("form", ["parquet", "jsonl", "csv"])
@pytest.mark.parametrize("place", ["no/such/folder/x", ".", ""])
def test_a_file_that_cannot_be_written_is_one_line(
    space: Path, tmp_path: Path, form: str, place: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    answer = arna("export", "-s", space, "origins", "--format", form, "-o", place)
    assert (answer.code, answer.out) == (1, "")
    assert answer.error.endswith("; choose another -o FILE")
    assert not list(tmp_path.iterdir())


def test_a_full_disk_leaves_the_file_of_before(space: Path, tmp_path: Path):
    path = tmp_path / "origins.jsonl"
    path.write_text("the export of yesterday\n", encoding="utf-8")
    (tmp_path / ".origins.jsonl.part").symlink_to("/dev/full")
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full to stand for a full disk")
    answer = arna("export", "-s", space, "origins", "-o", path)
    assert (answer.code, answer.out) == (1, "")
    assert "No space left" in answer.error
    assert path.read_text(encoding="utf-8") == "the export of yesterday\n"
    assert [path.name for path in tmp_path.iterdir()] == ["origins.jsonl"]


def test_two_wishes_that_exclude_each_other_are_told(space: Path):
    answer = arna("export", "-s", space, "origins", "--json", "--format", "csv")
    assert (answer.code, answer.out) == (1, "")
    assert "--json and --format csv" in answer.error
