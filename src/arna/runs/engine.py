"""Maps a pure function over partitions, here with a pool of processes.

Another engine (a cluster) takes the same functions: Arrow tables in, Arrow tables out.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TYPE_CHECKING, TypeVar

from arna.errors import ArnaError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Item = TypeVar("Item")
Result = TypeVar("Result")

_AHEAD = 2
"""Partitions handed out per process before their results are taken: bounds memory."""


def _follow_parent(parent: int) -> None:
    """End this process when its parent is gone, even if that was killed while this one was starting."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent ends its children

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def map_in_order(
    function: Callable[[Item], Result], items: Iterable[Item], count: int, workers: int | None = None
) -> Iterator[Result]:
    """Results of ``function`` for all items, in their order; worked out in processes when there are several items.

    Args:
        function: defined at the top of a module; its results depend on the item alone.
        items: partitions, taken as they are needed.
        count: how many items there are.
        workers: processes; the machine's cores by default.

    Raises:
        ArnaError: a process was killed.
    """
    workers = min(workers or os.cpu_count() or 1, count)
    if workers <= 1:
        yield from map(function, items)
        return
    with ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_follow_parent, initargs=(os.getpid(),)
    ) as pool:
        waiting: deque[Future[Result]] = deque()
        try:
            for item in items:
                waiting.append(pool.submit(function, item))
                if len(waiting) > _AHEAD * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool as error:
            message = (
                "a process was ended from outside, perhaps for lack of memory; run again, with --workers 1 if need be"
            )
            raise ArnaError(message) from error
        finally:
            for future in waiting:
                future.cancel()
