"""Arna among other programs: pipes that close, a full screen, a second Arna, a key pressed in the middle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from arna.runs import reading
from arna.store import LakeWriter
from tests.cli.commanding import (
    ARTICLES,
    KAZAKH,
    arna,
    count,
    end_at_once,
    make_article,
    start,
    write_jsonl,
    write_space,
)


def finish(process: subprocess.Popen[bytes]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=120)
    return process.returncode, out.decode(), err.decode()


def test_as_a_module_it_answers_like_the_command(space: Path):
    code, out, err = finish(start("voids", "-s", space, "--json"))
    assert (code, err) == (0, "")
    assert json.loads(out) == arna("voids", "-s", space, "--json").value
    code, out, err = finish(start("voids", "-s", "nowhere", cwd=space))
    assert (code, out) == (1, "")
    assert err.startswith("arna: nowhere/space.toml: no such file")


def test_a_reader_that_goes_away_leaves_no_traceback(space: Path, tmp_path: Path):
    texts = [make_article(n, "dala", f"{n} {KAZAKH}", "2026-03-02") for n in range(600)]
    folder = write_space(tmp_path / "space")
    assert arna("import", "-s", folder, write_jsonl(tmp_path / "a.jsonl", list(texts))).code == 0
    process = start("export", "-s", folder, "documents")
    head = subprocess.run(["head", "-1"], stdin=process.stdout, capture_output=True, check=True)
    assert json.loads(head.stdout)["outlet"] == "dala"
    assert finish_closed(process) == (1, "")
    process = start("voids", "-s", space)  # so little that it is written at the end only
    assert finish_closed(process) == (1, "")


def finish_closed(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    """Exit code and standard error of a process whose output nobody takes."""
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    with process.stderr as stream:
        told = stream.read().decode()
    return process.wait(timeout=120), told


def test_output_that_cannot_be_written_is_one_line(space: Path):
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full to stand for a full disk")
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "arna", "export", "-s", str(space), "articles"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (1, b"arna: standard output: No space left on device\n")


def test_every_alphabet_is_written_whatever_the_locale(space: Path):
    command = [sys.executable, "-m", "arna", "article", "-s", str(space), str(ARTICLES[4]["url"])]
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Заметка 5" in done.stdout.decode()


def test_a_file_name_that_is_no_text_is_told_and_taken(tmp_path: Path):
    folder = write_space(tmp_path / "space")
    path = tmp_path / "архив\udcff.jsonl"
    try:
        write_jsonl(path, [ARTICLES[0], "not json"])
    except OSError:
        pytest.skip("this file system takes no names that are not UTF-8")
    code, out, err = finish(start("import", "-s", folder, path, "--json"))
    assert (code, json.loads(out)["new"]) == (0, 1)
    assert "line 2: not JSON" in err


def test_a_second_arna_waits_its_turn_by_saying_so(tmp_path: Path):
    folder = write_space(tmp_path / "space")
    path = write_jsonl(tmp_path / "a.jsonl", list(ARTICLES))
    with LakeWriter(folder / "lake"):
        process = start("run", "-s", folder)
        told = f"arna: {folder}/lake: another arna is writing here; wait until it is done\n"
        assert finish(process) == (1, "", told)
        answer = arna("import", "-s", folder, path)
        assert (answer.code, answer.out, answer.err) == (1, "", told)
        assert arna("voids", "-s", folder).code == 0  # reading goes on
    assert arna("import", "-s", folder, path).code == 0


def test_readers_see_whole_tables_while_a_run_writes(tmp_path: Path):
    folder = write_space(tmp_path / "space")
    assert arna("import", "-s", folder, write_jsonl(tmp_path / "a.jsonl", list(ARTICLES))).code == 0
    process = start("run", "-s", folder, "--workers", 1)
    seen = set()
    while process.poll() is None:
        seen.add(count(folder, "articles"))
    assert finish(process)[0] == 0
    assert seen <= {0, len(ARTICLES)}
    assert count(folder, "articles") == len(ARTICLES)


def test_a_key_pressed_in_the_middle_is_one_line_and_the_same_command_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = write_space(tmp_path / "space")
    assert arna("import", "-s", folder, write_jsonl(tmp_path / "a.jsonl", list(ARTICLES))).code == 0

    def press(*_arguments: object) -> None:
        signal.raise_signal(signal.SIGINT)

    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell ignores it for what it starts in the background
    with monkeypatch.context() as patch:
        patch.setattr("arna.runs.run.decide", press)
        answer = arna("run", "-s", folder, "--workers", 1, "--quiet")
    assert (answer.code, answer.out) == (1, "")
    assert answer.error == "arna: stopped; what was committed stays, the same command goes on from there"
    assert count(folder, "articles") == len(ARTICLES)
    assert arna("run", "-s", folder, "--workers", 1, "--json").value["traced"] == len(ARTICLES)


def test_a_worker_that_is_killed_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = write_space(tmp_path / "space")
    assert arna("import", "-s", folder, write_jsonl(tmp_path / "a.jsonl", list(ARTICLES))).code == 0
    monkeypatch.setattr(reading, "BATCH", 2)
    monkeypatch.setattr(reading, "read_documents", end_at_once)
    answer = arna("run", "-s", folder, "--workers", 2, "--quiet")
    assert (answer.code, answer.out) == (1, "")
    assert "--workers 1" in answer.error
    monkeypatch.undo()
    assert arna("run", "-s", folder, "--workers", 1, "--json").value["articles"] == len(ARTICLES)
