"""The live web -> documents in the space: a collection, and the ledger's diary handed to the lake."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from time import monotonic, time
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from arna.collect.batches import name_document
from arna.collect.live import Collector, Ledger, plant_seeds
from arna.collect.live.ledger import open_ledger, read_diary, strike_diary, told_plainly
from arna.collect.live.warc import WarcFile
from arna.errors import BusyError, SpaceError
from arna.space import load_space
from arna.store import LakeWriter
from arna.terms import SCHEMAS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from arna.collect.live import CollectOptions
    from arna.collect.live.jobs import Entry
    from arna.terms import Space

DELIVER_EVERY: Final = 60.0
"""Seconds between two deliveries to the lake while collecting."""

_AT_ONCE: Final = 5_000  # rows of one delivery
_SWEEP: Final = 60  # deliveries after which the lake's small files are put together


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
    """A collection with deliveries to the lake, stopped by SIGTERM or SIGINT."""
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
            await asyncio.to_thread(deliver_diary, folder, sweep=count % _SWEEP == 0)
    await work


def deliver_diary(folder: Path, *, sweep: bool = False) -> int:
    """Hand the ledger's diary to the lake as rows of ``documents`` and ``fetches``.

    Rows are named by what they say, so that a delivery cut off is made good by the next one.

    Returns:
        How many entries are left: none, or all where the lake is being written by another process.

    Raises:
        StoreError: the lake or the ledger cannot be written.
    """
    path = folder / "collect.db"
    if not path.exists():
        return 0
    with told_plainly(path), closing(open_ledger(path)) as base:
        entries = read_diary(base, _AT_ONCE)
        if not entries:
            return 0
        try:
            with LakeWriter(folder / "lake") as lake:
                while entries:
                    deliver_entries(lake, [entry for _, entry in entries])
                    strike_diary(base, entries[-1][0])
                    entries = read_diary(base, _AT_ONCE)
                if sweep:
                    lake.sweep()
        except BusyError:
            return _count(base)
        return 0


def deliver_entries(lake: LakeWriter, entries: list[Entry]) -> None:
    """Rows of ``documents`` and ``fetches`` of some entries of the diary; the documents first."""
    documents, fetches = [], []
    for entry in entries:
        at = datetime.fromtimestamp(entry.at, UTC)
        document = name_document(entry.url, at, entry.digest) if entry.file else None
        if document:
            place = (entry.digest, entry.file, entry.offset)
            documents.append((document, entry.url, entry.outlet, at, entry.status, entry.mime, *place))
        name = blake2b(f"{entry.url}\n{at.isoformat()}\n{entry.kind}".encode("utf-8", "replace"), digest_size=16)
        about = (entry.kind, entry.result, entry.reason, entry.status, entry.bytes, entry.seconds, document)
        fetches.append((name.hexdigest(), entry.url, entry.outlet, at, *about))
    lake.append_new("documents", _tabulate("documents", documents))
    lake.append_new("fetches", _tabulate("fetches", fetches))


def _tabulate(name: str, rows: Sequence[tuple[object, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(SCHEMAS[name])
    arrays = [pa.array(column, kind.type) for column, kind in zip(columns, SCHEMAS[name], strict=True)]
    return pa.table(arrays, schema=SCHEMAS[name])


def _count(base: sqlite3.Connection) -> int:
    return int(base.execute("SELECT count(*) FROM diary").fetchone()[0])


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
