"""The live web -> documents in the space: a collection, and the ledger's diary handed to the lake."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic, time
from typing import TYPE_CHECKING, Final

from arna.collect.live import Collector, Ledger, plant_seeds
from arna.collect.live.ledger import told_plainly
from arna.collect.live.warc import WarcFile
from arna.errors import SpaceError
from arna.runs.delivery import SWEEP, deliver_apart, deliver_diary
from arna.space import load_space

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from arna.collect.live import CollectOptions
    from arna.terms import Space

DELIVER_EVERY: Final = 300.0
"""Seconds between two deliveries to the lake while collecting; what waits for one is safe in WARC and the ledger."""


@dataclass
class CollectSummary:
    """What a collection did: requests, pages kept, what went wrong by reason, and what still waits."""

    requests: int = 0
    pages: int = 0
    results: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    waiting: int = 0
    undelivered: int = 0
    next_due: datetime | None = None


def collect_space(
    folder: Path, options: CollectOptions, on_change: Callable[[int, int], None] = lambda _done, _waiting: None
) -> CollectSummary:
    """Fetch what is due of a space's outlets: one round, or until SIGTERM with ``options.every``.

    Args:
        folder: the space.
        options: see :class:`arna.collect.live.CollectOptions`.
        on_change: told the requests done and the pages that wait, now and then.

    Raises:
        SpaceError, StoreError: the space cannot be used, another collector is at work, or the disk is full; what was
            fetched before stays.
    """
    space = load_chosen(folder, options)
    summary = CollectSummary()
    with told_plainly(folder / "collect.db"), Ledger(folder) as ledger:
        warc = WarcFile(folder / "warc")
        name, _, size = ledger.recall("warc").partition(" ")
        warc.mend((name, int(size or 0)))
        plant_seeds(ledger, space, time())
        deliver_diary(folder)
        collector = Collector(space, ledger, warc, options, _Ticker(ledger, on_change))
        try:
            asyncio.run(_run(collector, folder, warc))
        finally:
            warc.close()
            summary.undelivered = deliver_diary(folder)
        summary.requests = sum(count for (_, result), count in ledger.tally.items() if result != "refused")
        summary.pages = ledger.tally["page", "kept"]
        for (_, result), count in ledger.tally.items():
            summary.results[result] += count
        summary.troubles = ledger.troubles
        summary.waiting = ledger.count_waiting()
        due = ledger.find_next_due()
        summary.next_due = datetime.fromtimestamp(due, UTC) if due else None
    return summary


def load_chosen(folder: Path, options: CollectOptions) -> Space:
    """The space, if it has the outlets that are chosen.

    Raises:
        SpaceError: it cannot be used, or has no such outlet.
    """
    space = load_space(folder)
    unknown = sorted((options.outlets or frozenset()) - set(space.outlets_by_id))
    if unknown:
        raise SpaceError(f"{folder}: no outlet '{unknown[0]}'; `arna outlets -s {folder}` lists them")
    return space


async def _run(collector: Collector, folder: Path, warc: WarcFile) -> None:
    """A collection with deliveries to the lake, stopped by SIGTERM or SIGINT.

    Deliveries are made by processes of their own: what tables take of memory ends with them, so that a collector that
    goes on for months stays as small as on its first day.
    """
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError, ValueError):  # not in the main thread
            loop.add_signal_handler(name, collector.stop)
    work = asyncio.create_task(collector.run())
    count = 0
    while not work.done():
        await asyncio.wait({work}, timeout=DELIVER_EVERY)
        if not work.done():
            count += 1
            warc.sync()
            await deliver_apart(folder, sweep=count % SWEEP == 0)
    await work


class _Ticker:
    """Passes on how a collection goes, a few times a second at most."""

    def __init__(self, ledger: Ledger, on_change: Callable[[int, int], None]) -> None:
        self._ledger = ledger
        self._on_change = on_change
        self._last = 0.0

    def __call__(self) -> None:
        now = monotonic()
        if now - self._last >= 0.5:
            self._last = now
            self._on_change(sum(self._ledger.tally.values()), self._ledger.count_waiting())
