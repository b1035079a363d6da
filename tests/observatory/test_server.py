"""`arna serve` as a user starts it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

from arna.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def served(planted: tuple[Path, dict[str, Any]]) -> Iterator[str]:
    command = [sys.executable, "-m", "arna", "serve", "-s", str(planted[0]), "--port", "0", "--no-browser", "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ))
    assert process.stdout is not None
    yield json.loads(process.stdout.readline())["address"]
    process.send_signal(signal.SIGTERM)  # a shell may have its children ignore SIGINT
    _, said = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in said


def test_it_says_where_and_answers_there(served: str) -> None:
    with urllib.request.urlopen(served) as answer:  # noqa: S310
        html = answer.read().decode()
    assert "Void map" in html
    request = urllib.request.Request(served, headers={"Host": "elsewhere.example"})  # noqa: S310
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(request)  # noqa: S310


def test_a_port_that_is_taken_is_one_line(planted: tuple[Path, Any], capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["serve", "-s", str(planted[0]), "--port", str(port), "--no-browser"]) == 1
    said = capsys.readouterr().err
    assert f"127.0.0.1:{port}: cannot be listened at" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("port", ["-1", "70000", "http", ""])
def test_what_is_no_port_is_wrong_usage(planted: tuple[Path, Any], port: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["serve", "-s", str(planted[0]), f"--port={port}"])
    assert stopped.value.code == 2


def test_a_folder_without_a_space_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "-s", str(tmp_path), "--no-browser"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
