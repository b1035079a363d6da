"""The collector: a lane for each host that has something due, many lanes at once, one request at a time in each.

A lane takes the host's next job from the ledger, waits for the host's turn, asks, and settles the answer; a slow host
holds up nobody but itself. Nothing waits in memory: what is to be done stands in the ledger.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from time import monotonic, time
from typing import TYPE_CHECKING, Final

import httpcore2

from arna.collect.live.addresses import CheckedBackend
from arna.collect.live.fetch import FetchError, fetch, make_headers
from arna.collect.live.jobs import Wanted
from arna.collect.live.options import PAGE_LIMIT, SITEMAP_LIMIT
from arna.collect.live.rules import RulesBook
from arna.collect.live.settle import Settler
from arna.collect.live.territory import Territory, place_of
from arna.collect.live.turns import Turns
from arna.collect.live.warc import Exchange
from arna.errors import ArnaError

if TYPE_CHECKING:
    from collections.abc import Callable

    from arna.collect.live.jobs import Job
    from arna.collect.live.ledger import Ledger
    from arna.collect.live.options import CollectOptions
    from arna.collect.live.warc import WarcFile
    from arna.terms import Space

_IDLE: Final = 1.0  # seconds between two looks for hosts that have become due
_LOOKING: Final = 9  # a look at all that waits takes a tenth of the time at most, however much waits
_GRACE: Final = 5.0  # seconds a fetch under way is given when the collector is told to stop
_LOOK_UPS: Final = 32  # names looked up at once; each may block a thread for its time limit


class Collector:
    """Fetches what is due in a space.

    Args:
        space: its outlets are the only ones contacted.
        ledger: held for writing.
        warc: where answers go.
        options: see :class:`CollectOptions`.
        on_change: called after each request.
    """

    def __init__(
        self, space: Space, ledger: Ledger, warc: WarcFile, options: CollectOptions, on_change: Callable[[], None]
    ) -> None:
        self._space = space
        self._ledger = ledger
        self._options = options
        self._territory = Territory(space)
        self._settler = Settler(ledger, warc, self._territory, options)
        self._on_change = on_change
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._turns = Turns(ledger, options)
        self._rules = RulesBook(space, ledger, warc, self._territory, self._turns, options)
        self._woken = asyncio.Event()
        self._ssl = httpcore2.default_ssl_context()
        # in a single round each feed is asked once
        since = time() if options.every is None else float("inf")
        self._wanted = Wanted(since, options.outlets, options.pages)

    def stop(self) -> None:
        """Let what is under way come to its end, begin nothing new."""
        self._turns.stopping.set()
        self._woken.set()

    async def run(self) -> None:
        """One round, or with ``every`` until :meth:`stop`.

        Raises:
            StoreError: the disk is full or cannot be written.
        """
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_LOOK_UPS))
        self._ledger.release_started(self._options.wait_after(1))
        try:
            while not self._turns.stopping.is_set():
                self._woken.clear()
                begin = monotonic()
                wait = self._open_lanes()
                if wait is None:
                    break
                await asyncio.sleep(_LOOKING * (monotonic() - begin))
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self._woken.wait()
        finally:
            await self._close_lanes()

    def _open_lanes(self) -> float | None:
        """Begin a lane for each host that is due; gives seconds until the next look, None when the round is over."""
        self._reap_lanes()
        now = time()
        coming = []
        for host, due in self._ledger.list_due_hosts(self._wanted):
            if host in self._lanes:
                continue
            if due <= now:
                self._lanes[host] = asyncio.create_task(self._run_lane(host))
            else:
                coming.append(due - now)
        soonest = min(coming, default=float("inf"))
        if self._lanes:
            return min(max(soonest, 0.05), _IDLE * 5)
        if self._options.every is not None:
            return min(max(soonest, 0.05), _IDLE * 60)
        return max(soonest, 0.05) if soonest <= self._options.patience else None

    def _reap_lanes(self) -> None:
        for host, lane in list(self._lanes.items()):
            if lane.done():
                del self._lanes[host]
                lane.result()  # what went wrong in a lane is told, not lost

    async def _close_lanes(self) -> None:
        lanes = list(self._lanes.values())
        if lanes:
            _, late = await asyncio.wait(lanes, timeout=_GRACE)
            for lane in late:
                lane.cancel()
            await asyncio.gather(*lanes, return_exceptions=True)
            for lane in lanes:
                if not lane.cancelled() and lane.exception() is not None and not self._turns.stopping.is_set():
                    lane.result()
        self._lanes.clear()

    # A lane

    async def _run_lane(self, host: str) -> None:
        pool = httpcore2.AsyncConnectionPool(
            ssl_context=self._ssl,
            max_connections=2,
            max_keepalive_connections=1,
            keepalive_expiry=30.0,
            http2=True,
            network_backend=CheckedBackend(self._options.allow),
        )
        async with pool:
            while not self._turns.stopping.is_set():
                job = self._ledger.next_of(host, time(), self._wanted)
                if job is None or not await self._do(pool, job):
                    break
        self._woken.set()

    async def _do(self, pool: httpcore2.AsyncConnectionPool, job: Job) -> bool:
        """Do one job; False when its host must be left alone for longer than a lane waits."""
        if self._territory.owner_of(job.target) is None:
            self._settler.refuse(job, f"off-list: no outlet of the space has {place_of(job.target)}", datetime.now(UTC))
            return True
        rules = await self._rules.find(pool, job)
        if rules is None:
            return False
        if not rules.allow(job.target):
            self._settler.refuse(job, "robots: robots.txt forbids it", datetime.now(UTC))
            self._advance(job)
            return True
        if not await self._turns.wait(job.host):
            return False
        async with self._turns.slot() as free:
            if free:
                await self._ask(pool, job, rules.delay)
            return free

    async def _ask(self, pool: httpcore2.AsyncConnectionPool, job: Job, delay: float) -> None:
        at, begin = datetime.now(UTC), monotonic()
        with self._ledger.settling():
            self._ledger.change(job, started=at.timestamp())
            self._turns.take(job.host, at.timestamp(), delay)
        known = ((b"If-None-Match", job.etag), (b"If-Modified-Since", job.modified))
        extra = [(name, value.encode("latin-1", "ignore")) for name, value in known if value]
        headers = make_headers(job.target, self._options.agent, extra)
        limit = SITEMAP_LIMIT if job.kind == "sitemap" else PAGE_LIMIT
        try:
            answer = await fetch(
                pool, job.target, headers, timeout=self._options.timeout, limit=limit, large=self._turns.large
            )
            self._settler.settle(job, Exchange(job.target, at, headers, answer))
        except FetchError as error:
            self._settler.fail(job, error, at, monotonic() - begin)
        except ArnaError:
            raise
        except Exception as error:  # noqa: BLE001 - what one server sends must not stop the others
            failed = FetchError("garbled", f"{type(error).__name__}: {error}"[:200])
            self._settler.fail(job, failed, at, monotonic() - begin)
        self._advance(job)

    def _advance(self, job: Job) -> None:
        self._on_change()
        if job.kind != "page":
            self._woken.set()  # a feed may have given other hosts something to do
