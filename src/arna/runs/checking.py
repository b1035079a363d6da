"""Registered feeds and sitemaps, asked once: does each answer, and what does it list?"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time
from typing import TYPE_CHECKING, Final

from arna.collect.live import Collector, Ledger, plant_seeds
from arna.collect.live.warc import WarcFile
from arna.runs.collecting import load_chosen
from arna.terms.troubles import name_trouble

if TYPE_CHECKING:
    from collections.abc import Callable

    from arna.collect.live import CollectOptions

PATIENCE: Final = 5.0
"""Seconds a check waits for a host that fails to come back."""


@dataclass(frozen=True)
class FeedCheck:
    """What came of asking one feed, sitemap or home page: ``trouble`` is empty where all is well."""

    outlet: str
    kind: str
    url: str
    pages: int
    newest: datetime | None
    trouble: str


def check_feeds(folder: Path, options: CollectOptions, on_change: Callable[[], None] = lambda: None) -> list[FeedCheck]:
    """Ask each registered feed, sitemap and home page once, as politely as a collection, and keep nothing.

    Args:
        folder: the space.
        options: as for a collection; ``outlets`` chooses.
        on_change: called after each request.

    Raises:
        SpaceError: the space cannot be used, or has no such outlet.
    """
    space = load_chosen(folder, options)
    checks = []
    with TemporaryDirectory(prefix="arna-check-") as name, Ledger(Path(name)) as ledger:
        choice = replace(options, pages=False, every=None, patience=PATIENCE)
        warc = WarcFile(Path(name) / "warc")
        plant_seeds(ledger, space, time())
        asyncio.run(Collector(space, ledger, warc, choice, on_change).run())
        warc.close()
        for outlet in space.outlets:
            if options.outlets is not None and outlet.id not in options.outlets:
                continue
            for job in ledger.list_jobs(outlet.id, ("home", "feed", "sitemap")):
                pages, newest = ledger.count_listed(job.url)
                trouble = job.reason if name_trouble("failed", job.reason) else ""
                if job.settled is None and not trouble:
                    trouble = ledger.find_host_trouble(job.host) or "not asked in time"
                at = None if newest is None else datetime.fromtimestamp(newest, UTC)
                checks.append(FeedCheck(outlet.id, job.kind, job.url, pages, at, trouble))
    return sorted(checks, key=lambda check: (not check.trouble, check.outlet, check.url))
