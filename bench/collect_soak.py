"""A long collection over the hostile web: memory, open files and threads of the collector, and nothing lost by the end.

    python -m bench collect --soak 30

The web of the tests (tests/collect/web) with all its faults, in this process; ``arna collect --every`` in its own. New
articles appear all the time, one in three with a trouble that passes (errors, broken connections, Retry-After) or stays
(gone, moved), and one host goes dark now and then. Resident memory, descriptors and threads are read from /proc.

Flat is what is in its last quarter no more than 5 % above its second: the first is left out, because there everything
is met for the first time.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tests.collect.rounds import Running, Settings, address_of, pages_kept, read_warc, warcs_of
from tests.collect.web import Answer, HostileWeb, write_space
from tests.collect.web.site import HTML, always, first_times, packed, redirect
from tests.collect.web.sites_faults import ERROR

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.collect.web import Site

SEED, EVERY = 4, 4
SETTINGS = Settings(pace=0.1)
BEAT = 2.0
"""Seconds between two bouts of news."""

NEWS = 10
"""Articles of a bout."""

LISTED = 60
"""Links a feed lists, the newest: feeds have an end."""

SAMPLE, QUIET = 5.0, 30.0
"""Seconds between samples, and before the end when nothing new appears, so that retries can be made."""

FLAT = 1.05
OUTLETS = (
    "rss-plain", "atom-plain", "json-feed", "rdf-feed", "news-sitemap", "sitemap-loop", "found-at-home",
    "repeating-feed", "moved-feed", "gzip-pages", "other-codings", "closing", "early-hints", "same-body", "closed-part",
    "closed-to-us", "robots-huge", "robots-missing", "robots-html", "slow-but-good", "heals", "drops-once", "goes-dark",
    "wrong-charsets", "huge-pages", "broken-xml", "header-bombs", "entity-bombs",
)  # fmt: skip


@dataclass
class Newsroom:
    """Publishes, and counts what was asked for."""

    web: HostileWeb
    chance: random.Random
    published: int = 0
    requests: int = 0
    whole: Counter[str] = field(default_factory=Counter)
    dark_until: float = 0.0

    def publish(self) -> None:
        """One bout of news."""
        for name in self.chance.choices(OUTLETS, k=NEWS):
            self.published += 1
            self._publish(self.web.sites[name], f"/news/soak-{self.published}")

    def _publish(self, site: Site, path: str) -> None:
        lot = self.chance.random()
        if lot < 0.05:
            site.bad(path, "gone", always(Answer(404, HTML, b"<p>404</p>")))
        elif lot < 0.10:
            final = f"{path}-moved"
            site.routes[final], site.routes[path] = site.make_route(final), redirect(final, 301)
            site.must[path] = final
            site.links.append(path)
        else:
            site.page(path, self._choose_wrap(lot))
        del site.links[:-LISTED]

    def _choose_wrap(self, lot: float) -> Callable[..., Answer]:
        later = Answer(429, (("Retry-After", "1"), *HTML), b"<p>later</p>")
        if lot < 0.15:
            return first_times(1, ERROR)
        if lot < 0.20:
            return first_times(1, later)
        if lot < 0.25:
            return lambda visit, answer: replace(answer, cut=400) if visit.count == 1 else answer
        if lot < 0.30:
            return lambda _visit, answer: replace(answer, delay=0.3, close=True)
        return packed(self.chance.choice(["gzip", "br", "zstd", "none"]))

    def switch(self, now: float) -> None:
        """A host goes dark for twenty seconds out of eighty."""
        if now > self.dark_until + 60:
            self.web.darken("goes-dark")
            self.dark_until = now + 20
        elif now > self.dark_until:
            self.web.light("goes-dark")

    def count(self) -> None:
        """Take what is answered out of the web's log: only the collector's memory is to be looked at."""
        log = self.web.wire.log
        size = len(log)
        taken = log[:size]
        log[:size] = [request for request in taken if not request.ended]
        for request in taken:
            if request.ended:
                self.requests += 1
                if request.status == 200 and request.finished and "/news/" in request.path:
                    self.whole[address_of(self.web, request)] += 1


@dataclass
class Samples:
    """What /proc says of a process, over time; memory in MB."""

    pid: int
    at: list[float] = field(default_factory=list)
    values: dict[str, list[float]] = field(default_factory=lambda: {"rss_mb": [], "files": [], "threads": []})

    def take(self) -> None:
        """One sample."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        said = dict(line.split(":", 1) for line in lines)
        self.at.append(time.monotonic())
        self.values["rss_mb"].append(int(said["VmRSS"].split()[0]) / 1024)
        self.values["threads"].append(int(said["Threads"]))
        self.values["files"].append(len(list(Path(f"/proc/{self.pid}/fd").iterdir())))

    def sum_up(self) -> dict[str, float]:
        """Medians of quarters, slope per hour after the first, maxima, and whether each is flat."""
        quarter = max(1, len(self.at) // 4)
        figures: dict[str, float] = {}
        for name, values in self.values.items():
            medians = [statistics.median(values[n * quarter : (n + 1) * quarter]) for n in range(3)]
            medians.append(statistics.median(values[3 * quarter :]))
            slope = 3600 * statistics.linear_regression(self.at[quarter:], values[quarter:]).slope
            flat = medians[3] <= FLAT * medians[1]
            print(
                f"{name:8} medians of quarters {' '.join(f'{value:7.1f}' for value in medians)}  slope {slope:+.1f} "
                f"per hour  most {max(values):.1f}  {'flat' if flat else 'NOT flat'}"
            )
            figures |= {f"{name}/{n}_quarter": value for n, value in enumerate(medians, start=1)}
            figures |= {f"{name}/per_hour": slope, f"{name}/most": max(values), f"{name}/flat": float(flat)}
        return figures


def soak(minutes: float) -> dict[str, float]:
    """Figures of a collection of so many minutes."""
    with HostileWeb() as web, tempfile.TemporaryDirectory(prefix="arna-soak-") as name:
        folder = write_space(Path(name) / "space", web)
        room = Newsroom(web, random.Random(SEED))
        with Running(folder, "--every", f"{EVERY}s", "--quiet", settings=SETTINGS) as running:
            samples = Samples(running.process.pid)
            _go_on(room, samples, running, time.monotonic() + 60 * minutes)
            cpu = _read_cpu(running.process.pid)
            running.terminate()
            ended = running.wait(120)
        assert ended.code == 0, ended.err
        assert "Traceback" not in ended.err, ended.err
        room.count()
        figures = samples.sum_up() | _check(folder, room)
        figures |= {"requests": room.requests, "cpu_ms_per_request": 1000 * cpu / room.requests, "minutes": minutes}
        print(
            f"{room.requests} requests, {figures['pages']:.0f} pages kept, {room.published} published, "
            f"{figures['cpu_ms_per_request']:.1f} ms of CPU per request; "
            f"{figures['missing']:.0f} missing, {figures['twice']:.0f} asked for twice"
        )
    return figures


def _go_on(room: Newsroom, samples: Samples, running: Running, end: float) -> None:
    beat = sample = time.monotonic()
    while (now := time.monotonic()) < end:
        if running.process.poll() is not None:
            raise RuntimeError(f"the collector ended: {running.wait().err}")
        if now >= beat:
            beat += BEAT
            if now < end - QUIET:
                room.publish()
                room.switch(now)
            else:
                room.web.light("goes-dark")
        if now >= sample:
            sample += SAMPLE
            samples.take()
            room.count()
        time.sleep(0.05)


def _read_cpu(pid: int) -> float:
    """Seconds of CPU a process has had, and its children that ended."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(word) for word in words[11:15]) / 100


def _check(folder: Path, room: Newsroom) -> dict[str, float]:
    """Pages kept, those that are not although they could be had, those asked for twice; the archive must be sound."""
    kept = Counter(row["url"] for row in pages_kept(folder))
    pages = room.web.pages()
    missing = [listed for listed, final in pages.items() if not {listed, final} & set(kept)]
    finals = set(pages.values())
    twice = [url for url, count in room.whole.items() if count > 1 and url in finals]
    twice += [url for url, count in kept.items() if count > 1]
    if missing or twice:
        print(f"missing {missing[:10]}\ntwice {twice[:10]}")
    records = 0
    for path in warcs_of(folder):
        found = read_warc(path)
        records += len(found)
        assert all(record.sound for record in found), path.name
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{records} sound records; the space has {size / 1e6:.0f} MB")
    once = 1 - (len(missing) + len(twice)) / len(pages)
    return {"pages": sum(kept.values()), "missing": len(missing), "twice": len(twice), "kept_once": once}
