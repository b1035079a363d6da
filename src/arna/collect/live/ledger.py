"""What the collector knows between two moments: SQLite in the space's folder, committed with every request.

A request is noted before it is sent and settled after its answer is in WARC. So a kill at any moment loses nothing that
was settled, and what was under way waits its turn like a failed try: no address is asked twice within its interval.

Tables: ``jobs``, one address to fetch (a home page, feed, sitemap or page) with its state; ``hosts``, when each may be
asked next; ``robots``, rules by scheme, host and port; ``diary``, requests that the lake has not taken over yet.
"""

from __future__ import annotations

import fcntl
import sqlite3
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Self

from arna.collect.live.jobs import RANKS, Entry, Job, RobotsFile
from arna.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from arna.collect.live.jobs import Wanted

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS jobs (
    url TEXT NOT NULL, kind TEXT NOT NULL, outlet TEXT NOT NULL, host TEXT NOT NULL, rank INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting', due REAL NOT NULL DEFAULT 0, listed REAL NOT NULL,
    published REAL, parent TEXT NOT NULL DEFAULT '', address TEXT NOT NULL DEFAULT '',
    tries INTEGER NOT NULL DEFAULT 0, hops INTEGER NOT NULL DEFAULT 0, started REAL, fetched REAL, settled REAL,
    etag TEXT NOT NULL DEFAULT '', modified TEXT NOT NULL DEFAULT '', digest TEXT NOT NULL DEFAULT '',
    record TEXT NOT NULL DEFAULT '', recorded REAL, reason TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (url, kind)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS jobs_by_host ON jobs (state, host, rank, tries, published DESC);
CREATE TABLE IF NOT EXISTS hosts (host TEXT PRIMARY KEY, next REAL NOT NULL, failures INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS robots (place TEXT PRIMARY KEY, at REAL NOT NULL, status INTEGER NOT NULL,
    body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS diary (n INTEGER PRIMARY KEY AUTOINCREMENT, url TEXT, outlet TEXT, at REAL, kind TEXT,
    result TEXT, reason TEXT, status INTEGER, bytes INTEGER, seconds REAL, mime TEXT, digest TEXT, file TEXT,
    offset INTEGER);
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_JOB: Final = (
    "url, kind, outlet, host, state, due, published, parent, address, tries, hops, started, fetched, settled, etag, "
    "modified, digest, record, recorded, reason"
)


class Ledger:
    """The ledger of a space, as a context manager; one collector at a time may hold it for writing.

    Raises:
        StoreError: another collector holds it, or the file cannot be read or written.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "collect.db"
        self.tally: Counter[tuple[str, str]] = Counter()
        """Requests since it was opened, by kind and result."""
        self.troubles: Counter[str] = Counter()
        """The same by what went wrong."""
        self._lock_path = folder / "collect.lock"

    def __enter__(self) -> Self:
        try:
            self._lock = self._lock_path.open("a")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._lock.close()
            raise StoreError(
                f"{self._lock_path.parent}: another arna collect is at work here; wait until it is done, or stop it"
            ) from error
        except OSError as error:
            raise StoreError(f"{self._lock_path}: cannot be written: {error.strerror}") from error
        try:
            self._base = open_ledger(self.path)
        except BaseException:
            self._lock.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()
        self._lock.close()

    @contextmanager
    def settling(self) -> Iterator[None]:
        """Everything noted inside is there at its end, or nothing of it.

        Raises:
            StoreError: the disk is full.
        """
        with told_plainly(self.path):
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._base.execute("ROLLBACK")
                raise
            self._base.execute("COMMIT")

    # Jobs

    def add(self, jobs: Iterable[Job], now: float) -> int:
        """Add jobs whose address and kind are new; gives how many."""
        before = self._base.total_changes
        self._base.executemany(
            """INSERT OR IGNORE INTO jobs (url, kind, outlet, host, rank, state, due, listed, published, parent, hops,
               reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            [
                (job.url, job.kind, job.outlet, job.host, RANKS[job.kind], job.state, job.due, now, job.published,
                 job.parent, job.hops, job.reason)
                for job in jobs
            ],
        )  # fmt: skip
        return self._base.total_changes - before

    def find(self, url: str, kind: str) -> Job | None:
        """One job."""
        row = self._base.execute(f"SELECT {_JOB} FROM jobs WHERE url = ? AND kind = ?", (url, kind)).fetchone()
        return Job(*row) if row else None

    def list_jobs(self, outlet: str, kinds: Sequence[str]) -> list[Job]:
        """Jobs of an outlet of some kinds."""
        marks = ",".join("?" * len(kinds))
        rows = self._base.execute(f"SELECT {_JOB} FROM jobs WHERE outlet = ? AND kind IN ({marks})", (outlet, *kinds))
        return [Job(*row) for row in rows]

    def list_sources(self) -> list[Job]:
        """All feeds, sitemaps and home pages."""
        return [Job(*row) for row in self._base.execute(f"SELECT {_JOB} FROM jobs WHERE rank < 2")]

    def list_strange_hosts(self) -> list[str]:
        """Hosts that pages were listed at and no outlet had."""
        rows = self._base.execute(
            "SELECT DISTINCT host FROM jobs WHERE state = 'refused' AND rank = 2 AND reason LIKE 'off-list%'"
        )
        return [row[0] for row in rows]

    def adopt_host(self, host: str, outlet: str) -> None:
        """Let pages wait whose host has since been registered."""
        self._base.execute(
            """UPDATE jobs SET state = 'waiting', due = 0, reason = '', outlet = ? WHERE state = 'refused' AND host = ?
               AND rank = 2 AND reason LIKE 'off-list: no outlet%'""",
            (outlet, host),
        )

    def change(self, job: Job, **values: object) -> None:
        """Set columns of a job."""
        names = ", ".join(f"{name} = ?" for name in values)
        self._base.execute(f"UPDATE jobs SET {names} WHERE url = ? AND kind = ?", (*values.values(), job.url, job.kind))

    def ask_again(self, url: str, updated: float, now: float) -> None:
        """Let a page be fetched once more that its outlet has changed since, at most once a day."""
        self._base.execute(
            """UPDATE jobs SET state = 'waiting', due = ?, tries = 0 WHERE url = ? AND kind = 'page' AND state = 'done'
               AND fetched < ? AND fetched < ?""",
            (now, url, updated, now - 86400),
        )

    def set_aside(self, url: str, original: str) -> None:
        """Take a page that waits for another name of one that was fetched."""
        self._base.execute(
            """UPDATE jobs SET state = 'moved', reason = ? WHERE url = ? AND kind = 'page' AND state = 'waiting'
               AND fetched IS NULL""",
            (f"same: as {original}", url),
        )

    def reconsider_refused(self, host: str) -> None:
        """Let pages of a host wait again that its robots.txt forbade: it has changed."""
        self._base.execute(
            """UPDATE jobs SET state = 'waiting', due = 0 WHERE state = 'refused' AND host = ? AND rank = 2
               AND reason LIKE 'robots%'""",
            (host,),
        )

    def drop(self, job: Job) -> None:
        """Forget a job."""
        self._base.execute("DELETE FROM jobs WHERE url = ? AND kind = ?", (job.url, job.kind))

    def next_of(self, host: str, now: float, wanted: Wanted) -> Job | None:
        """The job of a host to be done now: feeds first, then pages not tried before, the newest first.

        Args:
            host: host, with its port where that is not the ordinary one.
            now: jobs due later wait.
            wanted: which jobs.
        """
        where, given = wanted.render()
        row = self._base.execute(
            f"""SELECT {_JOB} FROM jobs WHERE state = 'waiting' AND host = ? AND due <= ? AND {where}
                ORDER BY rank, tries, published DESC, url LIMIT 1""",
            (host, now, *given),
        ).fetchone()
        return Job(*row) if row else None

    def list_due_hosts(self, wanted: Wanted) -> list[tuple[str, float]]:
        """Hosts with jobs that wait, and when each is due."""
        where, given = wanted.render()
        return self._base.execute(
            f"""SELECT j.host, max(min(j.due), coalesce(h.next, 0)) FROM jobs j LEFT JOIN hosts h ON h.host = j.host
                WHERE j.state = 'waiting' AND {where} GROUP BY j.host""",
            given,
        ).fetchall()

    def count_listed(self, parent: str) -> tuple[int, float | None]:
        """Pages a feed or sitemap led to, and the date of the newest."""
        row = self._base.execute(
            "SELECT count(*), max(published) FROM jobs WHERE parent = ? AND rank = 2 AND state <> 'refused'", (parent,)
        ).fetchone()
        return int(row[0]), row[1]

    def count_waiting(self, outlet: str | None = None) -> int:
        """Pages that wait, of one outlet or of all."""
        where, given = ("AND outlet = ?", (outlet,)) if outlet else ("", ())
        row = self._base.execute(f"SELECT count(*) FROM jobs WHERE state = 'waiting' AND rank = 2 {where}", given)
        return int(row.fetchone()[0])

    def find_next_due(self) -> float | None:
        """When the next job is due, if any waits."""
        row = self._base.execute("SELECT min(due) FROM jobs WHERE state = 'waiting'").fetchone()
        return float(row[0]) if row and row[0] is not None else None

    def release_started(self, wait: float) -> int:
        """Jobs that were under way when the collector was killed count as tried; gives how many."""
        done = self._base.execute(
            "UPDATE jobs SET due = max(due, started + ?), started = NULL WHERE started IS NOT NULL", (wait,)
        )
        return done.rowcount

    # Hosts and robots

    def next_turn(self, host: str) -> float:
        """When a host may be asked next."""
        row = self._base.execute("SELECT next FROM hosts WHERE host = ?", (host,)).fetchone()
        return float(row[0]) if row else 0.0

    def take_turn(self, host: str, following: float) -> None:
        """Note that a host is asked now and may be asked again at that time."""
        self._base.execute(
            """INSERT INTO hosts (host, next) VALUES (?, ?)
               ON CONFLICT (host) DO UPDATE SET next = max(next, excluded.next)""",
            (host, following),
        )

    def count_failure(self, host: str, reason: str) -> int:
        """Note that a whole host failed; gives how often in a row."""
        self._base.execute(
            """INSERT INTO hosts (host, next, failures, reason) VALUES (?, 0, 1, ?)
               ON CONFLICT (host) DO UPDATE SET failures = failures + 1, reason = excluded.reason""",
            (host, reason),
        )
        row = self._base.execute("SELECT failures FROM hosts WHERE host = ?", (host,)).fetchone()
        return int(row[0])

    def clear_failures(self, host: str) -> None:
        """Note that a host answers."""
        self._base.execute("UPDATE hosts SET failures = 0, reason = '' WHERE host = ? AND failures > 0", (host,))

    def find_host_trouble(self, host: str) -> str:
        """What is wrong with a host, or empty."""
        row = self._base.execute("SELECT reason FROM hosts WHERE host = ? AND failures > 0", (host,)).fetchone()
        return str(row[0]) if row else ""

    def keep_robots(self, place: str, file: RobotsFile) -> None:
        """Keep a robots.txt."""
        self._base.execute("INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?)", (place, *file))

    def find_robots(self, place: str) -> RobotsFile | None:
        """The robots.txt of a scheme, host and port."""
        row = self._base.execute("SELECT at, status, body FROM robots WHERE place = ?", (place,)).fetchone()
        return RobotsFile(*row) if row else None

    # Diary and notes

    def write_diary(self, entry: Entry) -> None:
        """Note a request."""
        self.tally[entry.kind, entry.result] += 1
        if entry.reason and entry.result not in {"kept", "moved"}:
            self.troubles[entry.reason.partition(":")[0]] += 1
        marks = ", ".join("?" * len(entry))
        self._base.execute(f"INSERT INTO diary ({', '.join(Entry._fields)}) VALUES ({marks})", entry)

    def note(self, name: str, value: str) -> None:
        """Keep a value under a name."""
        self._base.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, value))

    def recall(self, name: str) -> str:
        """The value kept under a name, or empty."""
        row = self._base.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""


@contextmanager
def told_plainly(path: Path) -> Iterator[None]:
    """Errors of SQLite inside as ours.

    Raises:
        StoreError: the ledger cannot be read or written.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(
            f"{path}: cannot be used: {error}; free some space, or if the file is damaged move it away: feeds are read "
            "anew then"
        ) from error


def open_ledger(path: Path) -> sqlite3.Connection:
    """A connection to a ledger; its file is made when missing.

    Raises:
        StoreError: it cannot be read or written.
    """
    with told_plainly(path):
        base = sqlite3.connect(path, timeout=30.0, isolation_level=None, check_same_thread=False)
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = NORMAL")  # the lake waits for the disk; see runs/collecting.py
        base.executescript(_SCHEMA)
        return base


def read_diary(base: sqlite3.Connection, most: int) -> list[tuple[int, Entry]]:
    """The oldest entries of the diary with their numbers."""
    rows = base.execute(f"SELECT n, {', '.join(Entry._fields)} FROM diary ORDER BY n LIMIT ?", (most,))
    return [(row[0], Entry(*row[1:])) for row in rows]


def strike_diary(base: sqlite3.Connection, last: int) -> None:
    """Take out the entries up to a number: the lake has them."""
    base.execute("DELETE FROM diary WHERE n <= ?", (last,))
