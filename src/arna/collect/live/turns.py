"""Whose turn it is: the pace of each host, and how many requests are under way in all."""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager, suppress
from time import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from arna.collect.live.ledger import Ledger
    from arna.collect.live.options import CollectOptions

JITTER: Final = 0.25
"""Part of the pace by which a request may come later, by chance: no host is asked in a beat."""


_LARGE_AT_ONCE: Final = 4


class Turns:
    """Hands out turns; each is noted in the ledger before it is used, so that a restart keeps the pace."""

    def __init__(self, ledger: Ledger, options: CollectOptions) -> None:
        self._ledger = ledger
        self._options = options
        self._slots = asyncio.Semaphore(options.connections)
        self.large = asyncio.Semaphore(_LARGE_AT_ONCE)
        """Places for large bodies: see :func:`arna.collect.live.fetch.fetch`."""
        self.stopping = asyncio.Event()

    async def wait(self, host: str) -> bool:
        """Wait until a host may be asked; False where that is too long, or when told to stop."""
        longest = max(self._options.patience, 2 * self._options.pace)
        while (pause := self._ledger.next_turn(host) - time()) > 0:
            if pause > longest or self.stopping.is_set():
                return False
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self.stopping.wait()
        return not self.stopping.is_set()

    def take(self, host: str, now: float, delay: float = 0.0) -> None:
        """Note that a host is asked now: the pace, or the delay its robots.txt asks for, lies before the next."""
        pace = max(self._options.pace, delay) * (1 + random.random() * JITTER)  # noqa: S311 - no secret
        self._ledger.take_turn(host, now + pace)

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[bool]:
        """A place among the requests under way; False where there is none any more."""
        async with self._slots:
            yield not self.stopping.is_set()
