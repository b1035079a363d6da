"""What the report counts of outlets: how much each has, whom its words rest on, and how well it was collected.

Sums over many rows are sums of whole numbers, so that they do not hang on the order in which threads add up.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from arna.terms import OWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from arna.store import Lake
    from arna.terms import Outlet, Space

DAYS = 70
"""Days shown in the collection picture, the last ones."""


@dataclass(frozen=True)
class Presence:
    """An outlet in the lake; ``shares`` is of its words, ``own`` among them. ``healthy`` is None without a count."""

    id: str
    outlet: Outlet | None
    articles: int
    languages: tuple[str, ...]
    shares: Mapping[str, float]
    healthy: float | None
    bad_days: int


@dataclass(frozen=True)
class Gap:
    """Days in a row that were not ok for one reason, with what was expected and what came."""

    first: date
    last: date
    expected: float
    collected: int
    reason: str = ""


@dataclass(frozen=True)
class Watch:
    """Collection of an outlet with at least one day that was not ok; ``days`` are (day, expected, collected, ok)."""

    id: str
    missing: float
    days: tuple[tuple[date, float, int, bool], ...]
    gaps: tuple[Gap, ...]


def fetch_rows(lake: Lake, sql: str, *tables: str) -> list[dict[str, Any]]:
    """Rows of a query over some tables."""
    found: list[dict[str, Any]] = lake.query(sql, tables).to_pylist()
    return found


def put_in_order(known: Iterable[str], met: Iterable[str]) -> list[str]:
    """Known names that occur, in their order, then those that only occur."""
    names = set(met)
    first = [name for name in known if name in names]
    return first + sorted(names - set(first))


def share_out(words: Mapping[str, float]) -> dict[str, float]:
    """Shares of what has words at all; empty where nothing has."""
    total = sum(words.values())
    return {origin: value / total for origin, value in words.items() if value > 0} if total > 0 else {}


def gather_outlets(lake: Lake, space: Space) -> tuple[Presence, ...]:
    """Outlets with articles, the most articles first."""
    counts = fetch_rows(
        lake,
        """SELECT outlet, count(*) AS articles, list_sort(list(DISTINCT lang)) AS langs
           FROM articles GROUP BY 1 ORDER BY articles DESC, outlet""",
        "articles",
    )
    words: dict[str, dict[str, float]] = defaultdict(dict)
    for row in fetch_rows(
        lake,
        """SELECT a.outlet, o.origin, sum(CAST(round(greatest(t.words, 1) * o.share * 1000) AS BIGINT)) AS words
           FROM origins o JOIN articles a ON a.id = o.article_id JOIN topics t ON t.article_id = a.id
           GROUP BY ALL ORDER BY ALL""",
        "origins",
        "articles",
        "topics",
    ):
        words[row["outlet"]][row["origin"]] = int(row["words"])
    health = {
        row["outlet"]: row
        for row in fetch_rows(
            lake,
            """SELECT outlet, count(*) FILTER (NOT ok) AS bad,
               sum(CAST(round(expected * 1000000) AS BIGINT)) AS expected,
               sum(CAST(round(expected * 1000000) AS BIGINT)) FILTER (ok) AS fine FROM health GROUP BY 1""",
            "health",
        )
    }
    found = []
    for row in counts:
        seen = health.get(row["outlet"])
        healthy = int(seen["fine"] or 0) / int(seen["expected"]) if seen and seen["expected"] else None
        langs = put_in_order(space.languages, (lang for lang in row["langs"] if lang))
        found.append(
            Presence(
                id=row["outlet"],
                outlet=space.outlets_by_id.get(row["outlet"]),
                articles=row["articles"],
                languages=tuple(langs),
                shares=share_out(words[row["outlet"]]) or {OWN: 1.0},
                healthy=healthy,
                bad_days=seen["bad"] if seen else 0,
            )
        )
    return tuple(found)


def watch_outlets(lake: Lake) -> tuple[tuple[Watch, ...], int]:
    """Outlets with a day that was not ok, the most missing first, and how many had none."""
    rows = fetch_rows(  # a lake from before reasons were kept has no such column: none is known then
        lake,
        """SELECT outlet, day, expected, collected, ok, reason
           FROM (SELECT * FROM health UNION ALL BY NAME SELECT CAST(NULL AS VARCHAR) AS reason WHERE false)
           WHERE outlet IN (SELECT outlet FROM health WHERE NOT ok) ORDER BY outlet, day""",
        "health",
    )
    total = fetch_rows(lake, "SELECT count(DISTINCT outlet) AS n FROM health", "health")[0]["n"]
    days: dict[str, list[tuple[date, float, int, bool]]] = defaultdict(list)
    reasons: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        days[row["outlet"]].append((row["day"], row["expected"], row["collected"], row["ok"]))
        reasons[row["outlet"]].append(row["reason"] or "")
    watches = []
    for outlet, line in days.items():
        gaps = _find_gaps(line, reasons[outlet])
        missing = sum(gap.expected - gap.collected for gap in gaps)
        watches.append(Watch(outlet, round(missing, 6), tuple(line), gaps))
    watches.sort(key=lambda watch: (-watch.missing, watch.id))
    return tuple(watches), total - len(watches)


def _find_gaps(days: list[tuple[date, float, int, bool]], reasons: list[str]) -> tuple[Gap, ...]:
    gaps: list[Gap] = []
    for (day, expected, collected, ok), reason in zip(days, reasons, strict=True):
        if ok:
            continue
        if gaps and gaps[-1].last == day - timedelta(days=1) and gaps[-1].reason == reason:
            before = gaps.pop()
            gaps.append(Gap(before.first, day, before.expected + expected, before.collected + collected, reason))
        else:
            gaps.append(Gap(day, day, expected, collected, reason))
    return tuple(gaps)
