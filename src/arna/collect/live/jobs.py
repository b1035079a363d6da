"""The words of the ledger: an address to fetch, a request that was made, and which jobs are wanted."""

from __future__ import annotations

from typing import Final, NamedTuple

WAITING, DONE, GONE, BLOCKED, REFUSED, FAILED, MOVED = (
    "waiting",
    "done",
    "gone",
    "blocked",
    "refused",
    "failed",
    "moved",
)
"""States of a job. All but ``waiting`` are ends; a feed always waits for its next time."""

RANKS: Final = {"home": 0, "feed": 0, "sitemap": 1, "page": 2}
"""Kinds of job, the first first: a feed that is due goes before the pages of its host."""


class Job(NamedTuple):
    """An address to fetch, as the table has it; times are seconds since 1970. ``address`` is where it moved to."""

    url: str
    kind: str
    outlet: str
    host: str
    state: str = WAITING
    due: float = 0.0
    published: float | None = None
    parent: str = ""
    address: str = ""
    tries: int = 0
    hops: int = 0
    started: float | None = None
    fetched: float | None = None
    settled: float | None = None
    etag: str = ""
    modified: str = ""
    digest: str = ""
    record: str = ""
    recorded: float | None = None
    reason: str = ""

    @property
    def target(self) -> str:
        """The address to ask for now."""
        return self.address or self.url


class Entry(NamedTuple):
    """A request in the diary. ``file`` is empty where nothing was kept as a document."""

    url: str
    outlet: str
    at: float
    kind: str
    result: str
    reason: str
    status: int | None
    bytes: int
    seconds: float
    mime: str = ""
    digest: str = ""
    file: str = ""
    offset: int = 0


class RobotsFile(NamedTuple):
    """A robots.txt as it was fetched."""

    at: float
    status: int
    body: str


class Wanted(NamedTuple):
    """Which jobs a collection does.

    Attributes:
        since: feeds, sitemaps and home pages settled since then are not wanted, pages are.
        outlets: only jobs of these; of all if None.
        pages: pages as well.
    """

    since: float
    outlets: frozenset[str] | None = None
    pages: bool = True

    def render(self) -> tuple[str, tuple[object, ...]]:
        """A condition in SQL, and what it is given."""
        where = "(rank = 2 OR settled IS NULL OR settled < ?)"
        names = sorted(self.outlets or ())
        if self.outlets is not None:
            where += f" AND outlet IN ({','.join('?' * len(names))})"
        return where if self.pages else f"{where} AND rank < 2", (self.since, *names)
