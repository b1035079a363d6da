"""``kill -9`` at any moment: nothing that was reported is lost, nothing is asked for again that was had."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from tests.collect.rounds import (
    CLOCK,
    Running,
    Settings,
    collect,
    make_even_sites,
    pages_kept,
    read_warc,
    wait_until,
    warcs_of,
    worst_pace,
)
from tests.collect.web import NEEDS_LINUX, SUPPORTED, HostileWeb, write_space

if TYPE_CHECKING:
    from pathlib import Path

    from tests.collect.web import HostileWeb

pytestmark = pytest.mark.skipif(not SUPPORTED, reason=NEEDS_LINUX)

KILLS = 5
IN_FLIGHT = 1.0
"""Seconds before a kill within which an answer may not yet have been reported as fetched."""


def test_killed_at_random_moments_it_loses_nothing_and_asks_for_nothing_twice(tmp_path: Path):
    rng = random.Random(4)
    killed_at, reported, files = [], {}, []
    with HostileWeb(sites=make_even_sites()) as web:
        folder = write_space(tmp_path, web)
        for _ in range(KILLS):
            before = len(web.log)
            with Running(folder) as running:
                wait_until(lambda: len(web.log) > before or running.process.poll() is not None)  # noqa: B023
                time.sleep(rng.uniform(0.05, 0.5))
                assert running.process.poll() is None, "it was done before it could be killed"
                running.kill()
            killed_at.append(time.monotonic())
            for path in files:  # it has started since: what an earlier kill left is mended
                assert all(record.sound for record in read_warc(path)), path.name
            rows = {row["id"]: row for row in pages_kept(folder)}
            assert reported.items() <= rows.items()
            reported, files = rows, warcs_of(folder)
        collect(folder)
        rows = {row["id"]: row for row in pages_kept(folder)}
        assert reported.items() <= rows.items()
        assert sorted(row["url"] for row in rows.values()) == sorted(web.pages())
        check_archive(folder, rows)
        assert asked_again(web, killed_at) == []


def check_archive(folder: Path, rows: dict[str, dict[str, object]]) -> None:
    """Every file is readable from end to end, and every row opens at its offset with its page."""
    for path in warcs_of(folder):
        assert all(record.sound for record in read_warc(path)), path.name
    for row in rows.values():
        [record] = read_warc(folder / "warc" / str(row["warc_file"]), int(str(row["warc_offset"])))
        assert (record.kind, record.url) == ("response", row["url"])
        assert b"<article>" in record.content


def asked_again(web: HostileWeb, killed_at: list[float]) -> list[str]:
    """What was asked for again although its answer was whole well before the kill that came between."""
    times = defaultdict(list)
    for request in web.log:
        if request.finished and request.status == 200:
            times[request.host, request.target].append(request)
    wrong = []
    for (host, target), requests in times.items():
        for first, second in pairwise(requests):
            excused = any(
                first.ended - 0.01 <= kill <= first.ended + IN_FLIGHT and kill < second.at for kill in killed_at
            )
            if not excused:
                wrong.append(f"{host}{target}: had at {first.ended:.2f}, again at {second.at:.2f}")
    return wrong


def test_killed_and_started_at_once_it_keeps_the_pace(tmp_path: Path):
    """The pace of a host is kept across a stop: its last request is remembered."""
    settings = Settings(pace=2.0)
    with HostileWeb(sites=make_even_sites(2, 2)) as web:
        folder = write_space(tmp_path, web)
        with Running(folder, settings=settings) as running:
            wait_until(lambda: len(web.log) > 2)
            time.sleep(0.2)
            running.kill()
        collect(folder, settings=settings)
        for name in web.sites:
            assert len(web.requests(name)) == 4
            assert worst_pace(web.requests(name), settings.pace) > -CLOCK


def test_a_warc_cut_in_the_middle_of_a_record_is_mended(tmp_path: Path):
    settings = Settings(interval=0.01)
    with HostileWeb(sites=make_even_sites(2, 5)) as web:
        folder = write_space(tmp_path, web)
        collect(folder, settings=settings)
        rows = {row["id"]: row for row in pages_kept(folder)}
        path = warcs_of(folder)[-1]
        with path.open("ab") as stream:  # as a kill in the middle of a write leaves it
            stream.write(path.read_bytes()[:60])
        web.publish("even-1", "/news/more")
        time.sleep(60 * settings.interval)
        collect(folder, settings=settings)
        kept = {row["id"]: row for row in pages_kept(folder)}
        assert rows.items() <= kept.items()
        assert len(kept) == len(rows) + 1
        check_archive(folder, kept)
