"""How collecting goes, outlet by outlet: what was got, what waits, what is wrong and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from arna.collect.live.ledger import open_ledger, told_plainly
from arna.collect.live.settle import OFTEN
from arna.space import load_space
from arna.store import Lake
from arna.terms.troubles import name_trouble

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from arna.terms import Outlet

_CLOSING = frozenset({"robots", "dns", "connect", "tls", "private"})
"""What closes a host as a whole at its first failure."""

_ENDED = {"gone": "gone", "blocked": "blocked", "refused": "refused"}


@dataclass
class OutletStatus:
    """One outlet's collection.

    Attributes:
        outlet: id.
        feeds: feeds, sitemaps and home pages it is asked for.
        feeds_in_trouble: those whose last answer was no good.
        last_page: when a page was last fetched.
        pages: pages fetched in all.
        waiting: pages that wait for their turn or another try.
        troubles: pages and feeds that could not be had, by kind of trouble.
        reason: the likely reason why the outlet as a whole is not collected, or empty.
        detail: the answer or error behind it.
        day, expected, collected, ok: the last row of its health, None where there is none yet.
    """

    outlet: str
    feeds: int = 0
    feeds_in_trouble: int = 0
    last_page: datetime | None = None
    pages: int = 0
    waiting: int = 0
    troubles: dict[str, int] = field(default_factory=dict)
    reason: str = ""
    detail: str = ""
    day: str | None = None
    expected: float | None = None
    collected: int | None = None
    ok: bool | None = None


def read_status(folder: Path) -> list[OutletStatus]:
    """Status of every registered outlet, those in trouble first.

    Raises:
        SpaceError, StoreError: the space, its ledger or its lake cannot be read.
    """
    space = load_space(folder)
    health = _read_health(Lake(folder / "lake"))
    jobs, hosts = _read_ledger(folder)
    found = [_describe(outlet, jobs.get(outlet.id, []), hosts, health.get(outlet.id)) for outlet in space.outlets]
    return sorted(found, key=lambda status: (not status.reason, not status.troubles, status.outlet))


def _read_ledger(folder: Path) -> tuple[dict[str, list[dict[str, Any]]], dict[str, str]]:
    """Counts of each outlet's jobs, and what is wrong with hosts."""
    path = folder / "collect.db"
    if not path.exists():
        return {}, {}
    with told_plainly(path), closing(open_ledger(path)) as base:
        base.row_factory = _as_row
        jobs: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in base.execute(
            """SELECT outlet, kind, host, state, reason, count(*) AS n, max(fetched) AS fetched,
                      sum(fetched IS NOT NULL) AS got FROM jobs GROUP BY outlet, kind, host, state, reason"""
        ):
            jobs[row["outlet"]].append(row)
        failing = base.execute("SELECT host, reason, failures FROM hosts WHERE failures > 0")
        hosts = {
            row["host"]: row["reason"]
            for row in failing
            if row["failures"] >= OFTEN or row["reason"].partition(":")[0] in _CLOSING
        }
        return dict(jobs), hosts


def _as_row(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> dict[str, Any]:
    return {column[0]: value for column, value in zip(cursor.description, values, strict=True)}


def _read_health(lake: Lake) -> dict[str, dict[str, Any]]:
    rows = lake.query(
        "SELECT * FROM health QUALIFY row_number() OVER (PARTITION BY outlet ORDER BY day DESC) = 1", ["health"]
    )
    return {row["outlet"]: row for row in rows.to_pylist()}


def _describe(
    outlet: Outlet, rows: list[dict[str, Any]], hosts: dict[str, str], health: dict[str, Any] | None
) -> OutletStatus:
    status = OutletStatus(outlet.id)
    troubles: Counter[str] = Counter()
    reasons: dict[str, str] = {}

    def blame(reason: str, result: str, count: int) -> str:
        trouble = name_trouble(result, reason)
        if trouble:
            troubles[trouble] += count
            reasons.setdefault(trouble, reason)
        return trouble

    sources: Counter[str] = Counter()
    for row in rows:
        result = _ENDED.get(row["state"], "failed")
        trouble = blame(row["reason"], result, row["n"]) if row["reason"] else ""
        if row["kind"] == "page":
            status.pages += row["got"]
            status.waiting += row["n"] if row["state"] == "waiting" else 0
            status.last_page = max(filter(None, [status.last_page, _as_time(row["fetched"])]), default=None)
        else:
            status.feeds += row["n"]
            status.feeds_in_trouble += row["n"] if trouble else 0
            sources[trouble] += row["n"]
    for host in sorted({row["host"] for row in rows if row["host"] in hosts}):
        blame(hosts[host], "failed", 1)
    status.troubles = dict(troubles.most_common())
    closed = {name_trouble("failed", hosts[row["host"]]) for row in rows if row["host"] in hosts}
    status.reason = _find_reason(status, sources, closed)
    status.detail = reasons.get(status.reason, "")
    if health:
        status.day, status.expected = str(health["day"]), health["expected"]
        status.collected, status.ok = health["collected"], health["ok"]
        status.reason = status.reason or (health["reason"] or "")
    return status


def _find_reason(status: OutletStatus, sources: Counter[str], closed: set[str]) -> str:
    """A closed host, feeds most of which fail, or pages most of which do."""
    if closed:
        return min(closed)
    worst, count = max(((name, n) for name, n in sources.items() if name), key=lambda item: item[1], default=("", 0))
    if count * 2 >= status.feeds > 0:
        return worst
    lost = {name: n for name, n in status.troubles.items() if n > status.pages}
    return max(lost, key=lambda name: lost[name], default="")


def _as_time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
