"""A disk that fills up: one line, no half table, and the same command finishes once there is room."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.commanding import KAZAKH, WIRE, arna, count, make_article, no_half_table, write_jsonl, write_space

if TYPE_CHECKING:
    from collections.abc import Iterator

ARTICLES = 60
SIZE = 3 << 20


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles that no compression makes small."""
    lines = [
        make_article(n, "dala", f"{KAZAKH} {os.urandom(3000).hex()}\n{WIRE}", f"2026-03-{n % 28 + 1:02}")
        for n in range(ARTICLES)
    ]
    return write_jsonl(tmp_path_factory.mktemp("source") / "a.jsonl", list(lines))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MB of its own."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if os.geteuid() or not mount or not umount:
        pytest.skip("a small disk can be mounted by root only: the test of a full disk is left out")
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run([umount, folder], check=True)


def leave(disk: Path, room: int) -> None:
    """Fills the disk up to so many bytes."""
    filler = disk / "filler"
    filler.unlink(missing_ok=True)
    free = shutil.disk_usage(disk).free
    filler.write_bytes(bytes(max(0, free - room)))


@pytest.mark.parametrize("room", [0, 20 << 10, 220 << 10])
def test_import_ends_with_one_line_and_goes_on_once_there_is_room(disk: Path, source: Path, room: int):
    folder = write_space(disk / "space")
    leave(disk, room)
    answer = arna("import", "-s", folder, source, "--quiet")
    assert (answer.code, answer.out) == (1, "")
    assert f"{folder}/" in answer.error
    assert "free some space" in answer.error
    assert no_half_table(folder)
    assert not list(disk.glob("space/warc/.*"))
    (disk / "filler").unlink()
    assert arna("import", "-s", folder, source, "--quiet").code == 0
    assert count(folder, "documents") == ARTICLES


def test_run_ends_with_one_line_at_whatever_table_and_goes_on_once_there_is_room(disk: Path, source: Path):
    folder = write_space(disk / "space")
    assert arna("import", "-s", folder, source, "--quiet").code == 0
    stopped = 0
    for room in (0, 8 << 10, 400 << 10, 450 << 10, 560 << 10):
        leave(disk, room)
        answer = arna("run", "-s", folder, "--workers", 1, "--quiet")
        if answer.code:
            stopped += 1
            assert (answer.code, answer.out) == (1, "")
            assert "free some space" in answer.error
            assert no_half_table(folder)
    assert stopped >= 2
    (disk / "filler").unlink()
    assert arna("run", "-s", folder, "--workers", 1, "--json").value["articles"] == ARTICLES
    assert count(folder, "articles") == count(folder, "outcomes", "stage = 'read'") == ARTICLES
    assert count(folder, "outcomes", "stage = 'trace'") == ARTICLES
    assert count(folder, "passages p ANTI JOIN articles a ON a.id = p.article_id") == 0
    assert count(folder, "(SELECT article_id, n FROM passages GROUP BY ALL HAVING count(*) > 1)") == 0


def test_init_and_report_on_a_full_disk_are_one_line(disk: Path, source: Path):
    folder = write_space(disk / "space")
    leave(disk, 0)
    for answer in (arna("init", disk / "new"), arna("report", "-s", folder)):
        assert (answer.code, answer.out) == (1, "")
        assert "No space left" in answer.error
    (disk / "filler").unlink()
    assert arna("init", disk / "new").code == 0
