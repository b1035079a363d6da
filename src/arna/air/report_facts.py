"""What the report counts from a lake: totals, the void map, shares by language, topic and week, outlets, collection."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from arna.air.report_outlets import fetch_rows, gather_outlets, put_in_order, share_out, watch_outlets
from arna.terms import OWN, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from arna.air.report_outlets import Presence, Watch
    from arna.store import Lake
    from arna.terms import Space

VOID, FEW, UNCOLLECTED, COVERED = "void", "too few articles", "not enough collected", "covered"
"""Words of ``voids.status``."""

OTHER = "other"
"""Topic of articles on the subject that fit no topic of the space."""

WEEKS = 26
"""Weeks shown as columns, the last ones; more would be thinner than a hair on a phone."""


@dataclass(frozen=True)
class Totals:
    """How much the space holds. ``read`` tells whether documents have been through a run."""

    documents: int
    articles: int
    outlets: int
    strangers: int
    languages: tuple[str, ...]
    on_subject: int
    own_share: float | None
    first_week: date | None
    last_week: date | None
    weeks: int
    outcomes: tuple[tuple[str, int], ...]
    reasons: tuple[tuple[str, int], ...]

    @property
    def last_day(self) -> date | None:
        """Sunday of the last week."""
        return self.last_week + timedelta(days=6) if self.last_week else None


@dataclass(frozen=True)
class Cell:
    """A topic in a language: its row of ``voids`` and the shares of origins in it."""

    rank: int
    topic: str
    lang: str
    articles: int
    own_share: float
    low: float
    high: float
    top_origin: str | None
    top_share: float | None
    health: float | None
    status: str
    shares: Mapping[str, float]


@dataclass(frozen=True)
class Mix:
    """Articles, words and shares of origins of a language, a topic, or all."""

    key: str
    articles: int
    words: int
    shares: Mapping[str, float]
    articles_by_origin: Mapping[str, int]


@dataclass(frozen=True)
class Week:
    """A week, of a language or of all that is looked at."""

    first: date
    articles: int
    shares: Mapping[str, float]


@dataclass(frozen=True)
class Facts:
    """Everything the report shows but the traced articles. ``translated``: some translation, or doubt, was found."""

    totals: Totals
    cells: tuple[Cell, ...]
    topics: tuple[str, ...]
    langs: tuple[str, ...]
    everything: Mix | None
    by_lang: tuple[Mix, ...]
    by_topic: tuple[Mix, ...]
    weeks: Mapping[str, tuple[Week, ...]]
    outlets: tuple[Presence, ...]
    watches: tuple[Watch, ...]
    healthy_outlets: int
    translated: bool


def gather_facts(lake: Lake, space: Space) -> Facts:
    """Count what the report shows.

    Raises:
        StoreError: the lake cannot be read.
    """
    coverage = fetch_rows(lake, "SELECT * FROM coverage ORDER BY topic, lang, week, origin", "coverage")
    counted = _count_articles(lake)
    cells = _gather_cells(lake, coverage)
    topics = put_in_order((topic.id for topic in space.topics), (cell.topic for cell in cells))
    langs = put_in_order(space.languages, (cell.lang for cell in cells))
    mixes = {by: _mix(coverage, counted, by) for by in (("lang",), ("topic",), ())}
    watches, healthy = watch_outlets(lake)
    return Facts(
        totals=_count_totals(lake, space, coverage),
        cells=cells,
        topics=tuple(topics),
        langs=tuple(langs),
        everything=mixes[()].get(""),
        by_lang=tuple(mixes["lang",][lang] for lang in langs if lang in mixes["lang",]),
        by_topic=tuple(mixes["topic",][topic] for topic in topics if topic in mixes["topic",]),
        weeks=_gather_weeks(coverage, counted),
        outlets=gather_outlets(lake, space),
        watches=watches,
        healthy_outlets=healthy,
        translated=bool(fetch_rows(lake, "SELECT 1 FROM reliances WHERE kind = 'translation' LIMIT 1", "reliances")),
    )


def _count_articles(lake: Lake) -> list[dict[str, Any]]:
    """Articles of each cell and week, by the rule by which ``coverage`` takes them."""
    return fetch_rows(
        lake,
        """SELECT t.topic, a.lang, CAST(date_trunc('week', a.published_at) AS DATE) AS week, count(*) AS articles
           FROM articles a JOIN topics t ON t.article_id = a.id
           WHERE t.on_subject AND a.published_at IS NOT NULL AND t.words > 0 GROUP BY ALL ORDER BY ALL""",
        "articles",
        "topics",
    )


def _gather_cells(lake: Lake, coverage: list[dict[str, Any]]) -> tuple[Cell, ...]:
    words: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in coverage:
        words[row["topic"], row["lang"]][row["origin"]] += row["words"]
    skipped = {"first_week", "last_week", "demand"}
    return tuple(
        Cell(
            **{key: value for key, value in row.items() if key not in skipped},
            shares=share_out(words.get((row["topic"], row["lang"]), {})),
        )
        for row in fetch_rows(lake, "SELECT * FROM voids ORDER BY rank, topic, lang", "voids")
    )


def _mix(coverage: list[dict[str, Any]], counted: list[dict[str, Any]], by: tuple[str, ...]) -> dict[str, Mix]:
    words: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    touched: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    articles: dict[str, int] = defaultdict(int)
    for row in coverage:
        key = row[by[0]] if by else ""
        words[key][row["origin"]] += row["words"]
        touched[key][row["origin"]] += row["articles"]
    for row in counted:
        articles[row[by[0]] if by else ""] += row["articles"]
    return {
        key: Mix(key, articles[key], round(sum(parts.values())), share_out(parts), dict(touched[key]))
        for key, parts in words.items()
    }


def _gather_weeks(coverage: list[dict[str, Any]], counted: list[dict[str, Any]]) -> dict[str, tuple[Week, ...]]:
    """The last weeks of each language, all of them from the same to the same week."""
    if not coverage:
        return {}
    words: dict[tuple[str, date], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    articles: dict[tuple[str, date], int] = defaultdict(int)
    for row in coverage:
        words[row["lang"], row["week"]][row["origin"]] += row["words"]
    for row in counted:
        articles[row["lang"], row["week"]] += row["articles"]
    last = max(row["week"] for row in coverage)
    first = max(min(row["week"] for row in coverage), last - timedelta(weeks=WEEKS - 1))
    weeks = [first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1)]
    return {
        lang: tuple(Week(week, articles.get((lang, week), 0), share_out(words.get((lang, week), {}))) for week in weeks)
        for lang in sorted({row["lang"] for row in coverage})
    }


def _count_totals(lake: Lake, space: Space, coverage: list[dict[str, Any]]) -> Totals:
    outlets = [row["outlet"] for row in fetch_rows(lake, "SELECT DISTINCT outlet FROM articles ORDER BY 1", "articles")]
    langs = fetch_rows(lake, "SELECT DISTINCT lang FROM articles WHERE lang IS NOT NULL ORDER BY 1", "articles")
    one = fetch_rows(
        lake,
        """SELECT (SELECT count(*) FROM documents) AS documents, (SELECT count(*) FROM articles) AS articles,
           (SELECT count(*) FROM topics WHERE on_subject) AS on_subject""",
        "documents",
        "articles",
        "topics",
    )[0]
    ended = """FROM outcomes WHERE stage <> 'trace' OR outcome <> 'kept' GROUP BY 1 ORDER BY n DESC, 1"""
    outcomes = fetch_rows(lake, f"SELECT stage || ': ' || outcome AS name, count(*) AS n {ended}", "outcomes")
    reasons = fetch_rows(
        lake,
        """SELECT split_part(reason, ':', 1) AS name, count(*) AS n FROM outcomes
           WHERE outcome <> 'kept' AND reason IS NOT NULL AND reason <> '' GROUP BY 1 ORDER BY n DESC, 1""",
        "outcomes",
    )
    shares = share_out(_sum_words(coverage))
    weeks = sorted({row["week"] for row in coverage})
    return Totals(
        **one,
        outlets=len(outlets),
        strangers=sum(outlet not in space.outlets_by_id for outlet in outlets),
        languages=tuple(put_in_order(space.languages, (row["lang"] for row in langs))),
        own_share=sum(shares.get(origin, 0.0) for origin in space.subject.own_origins) if shares else None,
        first_week=weeks[0] if weeks else None,
        last_week=weeks[-1] if weeks else None,
        weeks=(weeks[-1] - weeks[0]).days // 7 + 1 if weeks else 0,
        outcomes=tuple((row["name"], row["n"]) for row in outcomes),
        reasons=tuple((row["name"], row["n"]) for row in reasons),
    )


def _sum_words(coverage: list[dict[str, Any]]) -> dict[str, float]:
    words: dict[str, float] = defaultdict(float)
    for row in coverage:
        words[row["origin"]] += row["words"]
    return words


def name_topics(space: Space) -> dict[str, str]:
    """Titles of topics by id."""
    return {OTHER: "Other matters"} | {topic.id: topic.title for topic in space.topics}


def name_origins(space: Space, facts: Facts) -> dict[str, str]:
    """Titles of origins in the order of pictures: the subject's own first, unknown last."""
    own = [origin for origin in space.origins if origin.id in space.subject.own_origins]
    titles = {origin.id: origin.title for origin in [*own, *(o for o in space.origins if o not in own)]}
    met = {origin for mix in facts.by_lang for origin in mix.shares}
    met |= {origin for presence in facts.outlets for origin in presence.shares} - {OWN}
    return titles | {origin: origin for origin in sorted(met - set(titles) - {UNKNOWN})} | {UNKNOWN: "Unknown"}
