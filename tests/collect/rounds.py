"""What the tests of live collecting share: the command in a process of its own, and its results read independently."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa
from warcio.archiveiterator import ArchiveIterator

from arna.store import Lake
from arna.text.urls import normalise_url

from .web import LANGUAGES, TROUBLES, HostileWeb, Site, clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from types import TracebackType

    from warcio.recordloader import ArcWarcRecord

    from .web import Answer, Request

PACE = 0.05
CONTACT = "mailto:desk@arna.example"
CLOCK = 0.1
"""Seconds by which two times of the log may be off: neither the server's thread nor the collector is alone here."""

Row = dict[str, Any]
CODECS = {"gzip": "gzip", "br": "brotli", "zstd": "zstd"}
MOST = 20 << 20
"""Bytes of a record that are read, so that a bomb in an archive does not hit the tests."""


@dataclass
class Settings:
    """What the collector is told by its environment; ``interval`` in minutes, the rest in seconds."""

    pace: float = PACE
    interval: float = 15
    timeout: float = 0.8
    more: dict[str, str] = field(default_factory=dict)

    def environ(self) -> dict[str, str]:
        """The whole environment of the child."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ARNA_")}
        return kept | {
            "ARNA_COLLECT_ALLOW": "127.0.0.0/8",
            "ARNA_COLLECT_CONTACT": CONTACT,
            "ARNA_COLLECT_PACE": str(self.pace),
            "ARNA_COLLECT_INTERVAL": str(self.interval),
            "ARNA_COLLECT_TIMEOUT": str(self.timeout),
            "PYTHONWARNINGS": "error",
            **self.more,
        }


DEFAULT = Settings()


@dataclass(frozen=True)
class Ended:
    """What a command came to. ``peak`` is the largest memory it had, in bytes."""

    code: int
    out: str
    err: str
    seconds: float
    peak: int

    @property
    def value(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


class Running:
    """``arna collect`` in a process of its own; as a context it never outlives the test."""

    def __init__(self, folder: Path, *arguments: str, settings: Settings = DEFAULT) -> None:
        self._out, self._err = (tempfile.TemporaryFile() for _ in range(2))  # noqa: SIM115  closed in _end
        self._began, self._peak = time.monotonic(), 0
        command = [sys.executable, "-m", "arna", "collect", "-s", str(folder), *arguments]
        self.process = subprocess.Popen(command, stdout=self._out, stderr=self._err, env=settings.environ())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        if self.process.returncode is None:
            self.kill()

    def wait(self, seconds: float = 150) -> Ended:
        """Wait for its end.

        Raises:
            TimeoutError: it goes on; it is killed.
        """
        until = time.monotonic() + seconds
        while True:
            code = self.process.poll()
            if code is not None:
                return self._end(code)
            self._measure()
            if time.monotonic() > until:
                told = self.kill()
                raise TimeoutError(
                    f"still at work after {seconds} s; it said {told.out[-2000:]!r} {told.err[-2000:]!r}"
                )
            time.sleep(0.02)

    def kill(self) -> Ended:
        """``kill -9``."""
        self.process.kill()
        return self._end(self.process.wait())

    def _measure(self) -> None:
        """Its own high-water mark: what wait4 gives begins with the memory of the process that forked it."""
        with suppress(OSError, StopIteration):
            lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
            self._peak = next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM:"))

    def terminate(self) -> None:
        """Ask it to end."""
        os.kill(self.process.pid, signal.SIGTERM)

    def _end(self, code: int) -> Ended:
        seconds = time.monotonic() - self._began
        told = []
        for stream in (self._out, self._err):
            stream.seek(0)
            told.append(stream.read().decode("utf-8", "replace"))
            stream.close()
        return Ended(code, told[0], told[1], seconds, self._peak)


def collect(folder: Path, *arguments: str, settings: Settings = DEFAULT) -> Ended:
    """One round, which must succeed."""
    with Running(folder, *arguments, settings=settings) as running:
        ended = running.wait()
    assert ended.code == 0, ended.err
    assert "Traceback" not in ended.err
    return ended


def wait_until(met: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something to become true.

    Raises:
        TimeoutError: it did not.
    """
    until = time.monotonic() + seconds
    while not met():
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.01)


def rows_of(folder: Path, table: str) -> list[Row]:
    """Rows of a table as of its last commit."""
    rows: list[Row] = Lake(folder / "lake").read(table).to_pylist()
    return rows


def pages_kept(folder: Path) -> list[Row]:
    """Rows of ``documents`` whose fetch says that the page was kept: one that cannot be unpacked is stored and told."""
    kept = {row["document_id"] for row in rows_of(folder, "fetches") if row["result"] == "kept"}
    return [row for row in rows_of(folder, "documents") if row["id"] in kept]


def status_of(folder: Path, name: str, settings: Settings = DEFAULT) -> str:
    """What ``--status --json`` says of an outlet, as JSON."""
    return find_outlet(collect(folder, "--status", "--json", settings=settings).value, name)


def find_outlet(value: Any, name: str) -> str:
    """The part of a status that is about an outlet, as JSON; "" where there is none."""
    if isinstance(value, dict):
        if value.get("outlet", value.get("id")) == name:
            return json.dumps(value, ensure_ascii=False)
        if isinstance(value.get(name), dict):
            return json.dumps(value[name], ensure_ascii=False)
        value = list(value.values())
    if isinstance(value, list):
        return next((found for item in value if (found := find_outlet(item, name))), "")
    return ""


def answered(log: Iterable[Request]) -> list[tuple[str, str]]:
    """Host and cleaned target of every request that was answered whole with 200."""
    return [(request.host, clean(request.target)) for request in log if request.status == 200 and request.finished]


def address_of(web: HostileWeb, request: Request) -> str:
    """The normal address a request was for."""
    return normalise_url(f"http://{request.host}:{web.port}{request.target}") or ""


def worst_pace(log: Sequence[Request], pace: float) -> float:
    """How much too soon the soonest request came, over spans of any number of requests; positive is polite."""
    times = [request.at for request in log]
    return min(
        (times[j] - times[i] - (j - i) * pace for i in range(len(times)) for j in range(i + 1, len(times))), default=0.0
    )


@dataclass(frozen=True)
class Record:
    """A WARC record as warcio reads it. ``content`` is without its content coding."""

    kind: str
    url: str
    headers: dict[str, str]
    coding: str
    content: bytes
    sound: bool


def read_warc(path: Path, offset: int | None = None) -> list[Record]:
    """All records of a file with their digests checked, or the one at an offset."""
    with path.open("rb") as stream:
        stream.seek(offset or 0)
        records = []
        for record in ArchiveIterator(stream, check_digests=True):
            records.append(_read_record(record))
            if offset is not None:
                break
    return records


def _read_record(record: ArcWarcRecord) -> Record:
    coding = (record.http_headers.get_header("Content-Encoding") or "") if record.http_headers else ""
    content = record.raw_stream.read()  # warcio's own undoing of codings does not know all of them
    headers = {name.lower(): value for name, value in record.rec_headers.headers}
    passed = record.digest_checker.passed is not False and not record.digest_checker.problems
    if len(content) < MOST and coding in CODECS and record.rec_type == "response":
        with pa.input_stream(io.BytesIO(content), compression=CODECS[coding]) as stream:
            content = stream.read(MOST)
    return Record(record.rec_type, headers.get("warc-target-uri", ""), headers, coding, content, passed)


def warcs_of(folder: Path) -> list[Path]:
    """Its WARC files."""
    return sorted((folder / "warc").glob("*.warc*"))


def says(kind: str, text: str) -> bool:
    """Whether a text names a kind of trouble."""
    return re.search(TROUBLES[kind], text, re.IGNORECASE) is not None


def let_a_day_pass(folder: Path) -> None:
    """Make the collector's state a day older: every number in it that is a time of this century."""
    with closing(sqlite3.connect(folder / "collect.db")) as base, base:
        for (table,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for _, column, *_ in base.execute(f"PRAGMA table_info({table})").fetchall():
                where = f"typeof({column}) IN ('real', 'integer') AND {column} BETWEEN 1e9 AND 1e10"
                base.execute(f"UPDATE {table} SET {column} = {column} - 86400 WHERE {where}")


def make_even_sites(count: int = 10, pages: int = 16) -> list[Site]:
    """Hosts that are a little slow, so that a kill finds fetches under way."""

    def slow(_visit: object, answer: Answer) -> Answer:
        return replace(answer, delay=0.05)

    langs = list(LANGUAGES)
    return [Site(f"even-{n}", langs[n % len(langs)]).pages(pages, slow).feed() for n in range(count)]
