"""What was fetched reaches the tables, also from a process of its own, and once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from arna.collect.live.jobs import Entry
from arna.collect.live.ledger import Ledger
from arna.errors import StoreError
from arna.runs.delivery import deliver_apart, deliver_diary
from arna.store import Lake, LakeWriter

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)


def write_entries(folder: Path, *numbers: int) -> None:
    with Ledger(folder) as ledger:
        for n in numbers:
            page = Entry(f"https://dala.example/{n}", "dala", AT.timestamp() + n, "page", "kept", "", 200, 9, 0.1)
            ledger.write_diary(page._replace(mime="text/html", digest=f"sha256:{n}", file="a.warc.gz", offset=n))
            ledger.write_diary(page._replace(kind="feed", result="failed", reason="http-500", status=500))


def count(folder: Path) -> tuple[int, int]:
    lake = Lake(folder / "lake")
    return lake.read("documents").num_rows, lake.read("fetches").num_rows


def test_pages_become_documents_and_every_request_a_row(tmp_path: Path) -> None:
    write_entries(tmp_path, 1, 2)
    assert deliver_diary(tmp_path) == 0
    assert count(tmp_path) == (2, 4)
    [first, _] = sorted(Lake(tmp_path / "lake").read("documents").to_pylist(), key=lambda row: row["url"])
    assert (first["url"], first["warc_file"], first["warc_offset"], first["status"]) == (
        "https://dala.example/1", "a.warc.gz", 1, 200,
    )  # fmt: skip
    fetches = Lake(tmp_path / "lake").read("fetches").to_pylist()
    assert {row["document_id"] for row in fetches if row["kind"] == "page"} >= {first["id"]}


def test_a_delivery_that_was_cut_off_is_made_good_and_nothing_is_there_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_entries(tmp_path, 1, 2)
    with monkeypatch.context() as patch:
        patch.setattr("arna.runs.delivery.strike_diary", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            deliver_diary(tmp_path)  # killed between the commit and the stroke
    assert count(tmp_path) == (2, 4)
    write_entries(tmp_path, 3)
    assert deliver_diary(tmp_path) == 0
    assert count(tmp_path) == (3, 6)


def test_a_process_of_its_own_does_the_same(tmp_path: Path) -> None:
    write_entries(tmp_path, 1)
    asyncio.run(deliver_apart(tmp_path, sweep=True))
    assert count(tmp_path) == (1, 2)


def test_where_another_arna_writes_it_waits_for_the_next_time(tmp_path: Path) -> None:
    write_entries(tmp_path, 1)
    with LakeWriter(tmp_path / "lake"):
        assert deliver_diary(tmp_path) == 2
        asyncio.run(deliver_apart(tmp_path))
    assert deliver_diary(tmp_path) == 0
    assert count(tmp_path) == (1, 2)


def test_a_lake_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    write_entries(tmp_path, 1)
    (tmp_path / "lake").write_text("a file where a folder should be")
    with pytest.raises(StoreError, match=r"lake: cannot be written"):
        asyncio.run(deliver_apart(tmp_path))
