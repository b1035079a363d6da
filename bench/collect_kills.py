"""Kills at random moments of a collection that goes on over the hostile web, and what is left after each.

    python -m bench.collect_kills 20

The tests kill over hosts that are only slow (tests/collect/test_live_stops.py); here all faults are about, new articles
appear, feeds fall due and lie between the kills as they would. After each start: every row that was there is there
still, and every archive file is readable from end to end. At the end: every page that could be had is kept once, none
was asked for again that had arrived well before a kill, every row opens at its offset, and no host's pace was broken.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from tests.collect.rounds import (
    CLOCK,
    Running,
    Settings,
    address_of,
    collect,
    pages_kept,
    read_warc,
    warcs_of,
    worst_pace,
)  # fmt: skip
from tests.collect.web import HostileWeb, write_space

from bench.collect_soak import EVERY, SEED, Newsroom

if TYPE_CHECKING:
    from tests.collect.rounds import Row

SETTINGS = Settings(pace=0.3, patience=12)
IN_FLIGHT = 1.0
"""Seconds before a kill within which an answer may not yet have been settled."""


def run(kills: int) -> int:
    """Kill so often; gives the number of faults, each of which is printed."""
    chance = random.Random(SEED)
    faults: list[str] = []
    with HostileWeb() as web, tempfile.TemporaryDirectory(prefix="arna-kills-") as name:
        folder = write_space(Path(name) / "space", web)
        room = Newsroom(web, chance)
        killed_at: list[float] = []
        reported: dict[str, Row] = {}
        files: list[Path] = []
        for number in range(kills):
            room.publish()
            with Running(folder, "--every", f"{EVERY}s", "--quiet", settings=SETTINGS) as running:
                begin, before = time.monotonic(), len(web.log)
                time.sleep(chance.uniform(0.5, 9))
                if running.process.poll() is not None:
                    faults.append(f"kill {number}: it had ended: {running.wait().err}")
                    break
                running.kill()
            killed_at.append(time.monotonic())
            rows = {row["id"]: row for row in pages_kept(folder)}
            found = _look(reported, rows, files) if len(web.log) > before else []
            faults += [f"kill {number}: {fault}" for fault in found]
            reported, files = rows, warcs_of(folder)
            print(f"kill {number + 1} after {killed_at[-1] - begin:.1f} s: {len(rows)} pages, {len(web.log)} requests")
            time.sleep(chance.uniform(0, 3))
        for _ in range(2):  # what a kill put off for its host is asked for in the second
            collect(folder, "--quiet", settings=SETTINGS)
        rows = {row["id"]: row for row in pages_kept(folder)}
        faults += _look(reported, rows, files) + _judge(web, folder, rows, killed_at)
    print(
        "\n".join(faults) or f"{kills} kills, {len(rows)} pages: nothing lost, nothing asked for twice, no pace broken"
    )
    return len(faults)


def _look(before: dict[str, Row], rows: dict[str, Row], files: list[Path]) -> list[str]:
    """Since there was a start: what is missing, and which files are not mended."""
    faults = [f"{before[name]['url']} was reported and is gone" for name in before if rows.get(name) != before[name]]
    for path in files:
        try:
            records = read_warc(path)
        except Exception as error:  # noqa: BLE001 - whatever a reader stumbles over
            faults.append(f"{path.name}: {error!r}")
        else:
            faults += [f"{path.name}: {record.url} is not sound" for record in records if not record.sound]
    return faults


def _judge(web: HostileWeb, folder: Path, rows: dict[str, Row], killed_at: list[float]) -> list[str]:
    faults = []
    finals = web.pages()
    kept = [finals.get(row["url"], row["url"]) for row in rows.values()]
    faults += [f"{url} is missing" for url in set(finals.values()) - set(kept)]
    faults += [f"{url} is kept twice" for url in set(kept) if kept.count(url) > 1]
    faults += [f"{url} could not be had and is kept" for url in set(kept) & set(web.refused())]
    faults += [f"{host} was contacted" for host in web.strangers()]
    times = defaultdict(list)
    for request in web.log:
        url = address_of(web, request)
        if request.finished and request.status == 200 and url in set(finals.values()):
            times[url].append(request)
    for url, requests in times.items():
        for first, second in pairwise(requests):
            if not any(
                first.ended - 0.01 <= kill <= first.ended + IN_FLIGHT and kill < second.at for kill in killed_at
            ):
                faults.append(f"{url} was had at {first.ended:.2f} and asked for again at {second.at:.2f}")
    for name in web.sites:
        asked = web.requests(name)
        if worst_pace(asked, SETTINGS.pace) < -CLOCK:
            first, second = min(pairwise(asked), key=lambda pair: pair[1].at - pair[0].at)
            between = "over a kill" if any(first.at < kill < second.at for kill in killed_at) else "in a run"
            gap = second.at - first.at
            faults.append(f"{name}: {first.path} and {second.path} came {gap:.2f} s after one another, {between}")
    for row in rows.values():
        [record] = read_warc(folder / "warc" / row["warc_file"], row["warc_offset"])
        if record.kind != "response" or not record.sound or record.url not in (row["url"], finals.get(row["url"])):
            faults.append(f"{row['url']} is not at its offset: {record.kind} {record.url}")
    return faults


if __name__ == "__main__":
    raise SystemExit(1 if run(int(sys.argv[1]) if len(sys.argv) > 1 else 20) else 0)
