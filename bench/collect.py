"""Pages a second and CPU per page of a collection, beside plain scrapy spiders on the same local web in the same run.

    python -m bench collect                speed
    python -m bench collect --soak 30      memory and open files over so many minutes (bench/collect_soak.py)

Forty hosts with fifty pages each (bench/collect_web.py) on loopback. Politeness is off: no pace, and one request at a
time to each host for all. ``arna collect`` as it is, which keeps a ledger and WARC and hands rows to the lake; a
spider that reads the feeds and follows their links and keeps nothing; and one that keeps each answer with warcio,
which is the fair one. CPU is of the client's process alone, user and system, start included. Medians of three; they
take turns, so that a busy machine slows all alike.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.collect.rounds import Settings, pages_kept
from tests.collect.web.space import SPACE
from tests.collect.web.texts import LANGUAGES

from bench.collect_soak import soak
from bench.collect_web import CONTROL, HOSTS, PAGES, list_hosts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["run", "soak"]

REPEATS = 3
SETTINGS = Settings(pace=0, timeout=20, patience=0, more={"ARNA_COLLECT_CONNECTIONS": str(HOSTS)})


class Spent(NamedTuple):
    """What a client took; ``seconds`` are from the first request the server saw to the last, ``wall`` all."""

    pages: float
    seconds: float
    wall: float
    cpu: float
    server_share: float


def run() -> dict[str, float]:
    """Figures of each, and how many times as fast and as cheap ours is."""
    figures: dict[str, float] = {}
    with _serve() as port, tempfile.TemporaryDirectory(prefix="arna-collect-") as name:
        folder = Path(name)
        spent: dict[str, list[Spent]] = {"arna": [], "scrapy": [], "scrapy + warcio": []}
        for turn in range(REPEATS):
            for client, taken in spent.items():
                taken.append(_measure(_prepare(client, folder / f"{client}-{turn}", port), port))
            assert len(pages_kept(folder / f"arna-{turn}")) == HOSTS * PAGES
        idle = {client: _measure(_prepare(client, folder / f"{client}-0", 0), port).cpu for client in spent}
    for client, taken in spent.items():
        figures |= _sum_up(client.replace(" + ", "_"), taken, idle[client])
    for other in ("scrapy", "scrapy_warcio"):
        figures[f"times_as_fast_as_{other}"] = figures["arna/pages_per_second"] / figures[f"{other}/pages_per_second"]
        figures[f"times_as_cheap_as_{other}"] = figures[f"{other}/cpu_ms"] / figures["arna/cpu_ms"]
        print(
            f"arna has {figures[f'times_as_fast_as_{other}']:.2f} times the pages a second of {other}, at "
            f"1/{figures[f'times_as_cheap_as_{other}']:.2f} of the CPU per page"
        )
    return figures


@contextmanager
def _serve() -> Iterator[int]:
    """The local web in a process of its own; gives its port."""
    with subprocess.Popen(
        [sys.executable, "-m", "bench.collect_web"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout
        try:
            yield int(server.stdout.readline())
        finally:
            server.kill()


def _prepare(client: str, folder: Path, port: int) -> Sequence[str]:
    """The command of a client. Port 0 is for a run that fetches nothing: what a start alone costs."""
    feeds = [f"http://{host}:{port}/feed" for host in list_hosts()]
    folder.mkdir(exist_ok=True)
    if client == "arna":
        if port:
            _write_space(folder, port)
        return ["-m", "arna", "collect", "-s", str(folder), "--quiet"]
    keep = ["--warc", str(folder / "out.warc.gz")] if "warcio" in client else []
    return ["-m", "bench.collect_spider", *keep, str(HOSTS), *(feeds if port else ())]


def _write_space(folder: Path, port: int) -> None:
    (folder / "outlets").mkdir(parents=True)
    tags = list(LANGUAGES.values())
    (folder / "space.toml").write_text(SPACE.replace("{languages}", json.dumps(tags)[1:-1]), "utf-8")
    outlets = [
        f'[[outlet]]\nid = "outlet-{n}"\nname = "Outlet {n}"\norigin = "central-asia"\ncountry = "KZ"\n'
        f'kind = "portal"\nlanguages = ["{tags[n % len(tags)]}"]\ndomains = ["{host}"]\n'
        f'home = "http://{host}:{port}/"\nfeeds = ["http://{host}:{port}/feed"]\n'
        for n, host in enumerate(list_hosts())
    ]
    (folder / "outlets" / "bench.toml").write_text("\n".join(outlets), "utf-8")


def _measure(command: Sequence[str], port: int) -> Spent:
    """Run a client; every page must have been asked for once, or none."""
    _ask_counts(port)
    begin = time.monotonic()
    environ = SETTINGS.environ() | {"PYTHONWARNINGS": "ignore"}
    process = subprocess.Popen([sys.executable, *command], env=environ, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - begin
    counts = _ask_counts(port)
    if process.returncode or counts["pages"] not in (0, HOSTS * PAGES) or counts["distinct"] != counts["pages"]:
        raise RuntimeError(f"{' '.join(command[:4])} ended with {process.returncode}: {counts}")
    cpu, seconds = used.ru_utime + used.ru_stime, max(counts["seconds"], 1e-9)
    return Spent(counts["pages"], seconds, wall, cpu, counts["cpu"] / wall)


def _ask_counts(port: int) -> dict[str, float]:
    with socket.create_connection((CONTROL, port), timeout=30) as link:
        link.sendall(b"GET / HTTP/1.1\r\n\r\n")
        answer = link.recv(65536)
    counts: dict[str, float] = json.loads(answer.partition(b"\r\n\r\n")[2])
    return counts


def _sum_up(client: str, taken: Sequence[Spent], idle: float) -> dict[str, float]:
    pages = HOSTS * PAGES
    speed = statistics.median(one.pages / one.seconds for one in taken)
    cost = statistics.median(1000 * one.cpu / pages for one in taken)
    net = cost - 1000 * idle / pages
    share = max(one.server_share for one in taken)
    wall = statistics.median(one.wall for one in taken)
    print(
        f"{client:14} {speed:6.0f} pages/s  {cost:5.2f} ms of CPU a page ({net:.2f} without its start of {idle:.1f} s)"
        f"  {wall:.1f} s in all; the server had {share:.0%} of a core at most"
    )
    return {
        f"{client}/pages_per_second": speed, f"{client}/cpu_ms": cost, f"{client}/cpu_ms_without_start": net,
        f"{client}/seconds": wall, f"{client}/server_share": share,
    }  # fmt: skip
