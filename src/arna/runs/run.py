"""Documents -> articles -> reliances, families, origins -> coverage, health, voids; only what is new.

Every step ends in a commit, and the outcomes of a step are written after its rows: whatever stops a run, the next one
begins where the last whole step ended and writes the rows an undisturbed run would have written.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from arna import __version__
from arna.engines.embed import open_embedder
from arna.errors import StoreError
from arna.runs.collecting import deliver_diary
from arna.runs.meaning import TRANSLATIONS, Meaning, align_anew, make_digest, settle_topics
from arna.runs.reading import annotate_again, discard_unfinished, read_new
from arna.runs.vectors import CachedEmbedder
from arna.space import load_space
from arna.store import JudgementBook, LakeWriter, SearchIndex
from arna.store.judgements import list_current, tabulate_judgements
from arna.terms import SCHEMAS
from arna.trace.links import resolve_links
from arna.trace.stage import Found, decide, gather_library, match_articles
from arna.voids.coverage import FACTS_SQL, count_coverage, settle_own
from arna.voids.health import ASKED_SQL, DAYS_SQL, measure_health
from arna.voids.rank import VOID, rank_voids

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from arna.engines.embed import Embedder
    from arna.store import Lake
    from arna.terms import Judgement, Space

_ANNOTATED, _TRACED, _FETCHED = "annotated-with", "traced-with", "fetched-at-measuring"


@dataclass
class RunSummary:
    """What a run did, and what the space holds after it.

    ``judgements`` are those that hold, ``indexed`` the articles that went into the search index; ``problems`` tell of
    judgements that cannot be read or applied, and of trouble with that index.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    traced: int = 0
    space_changed: bool = False
    articles: int = 0
    languages: dict[str, int] = field(default_factory=dict)
    reliances: dict[str, int] = field(default_factory=dict)
    families: int = 0
    voids: int = 0
    embedded: int = 0
    cached: int = 0
    model_before: str | None = None
    judgements: int = 0
    indexed: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Progress:
    """How a run tells its progress: ``start`` a step with its size, then ``advance`` it."""

    start: Callable[[str, int], None] = lambda _step, _size: None
    advance: Callable[[int], None] = lambda _done: None


def run_space(
    folder: Path,
    progress: Progress | None = None,
    workers: int | None = None,
    *,
    translations: str = "subject",
    embedder: Embedder | None = None,
) -> RunSummary:
    """Bring a space up to date.

    Args:
        folder: the space.
        progress: told what happens.
        workers: processes; the machine's cores by default.
        translations: one of :data:`arna.runs.TRANSLATIONS`.
        embedder: the model that compares meaning; the one in the box by default.

    Raises:
        ValueError: no such choice of translations.
        EmbedError: the model cannot be used.
        SpaceError, StoreError: the space cannot be used; what was committed before stays.
    """
    if translations not in TRANSLATIONS:
        raise ValueError(f"translations: '{translations}' is none of {', '.join(TRANSLATIONS)}")
    progress = progress or Progress()
    space = load_space(folder)
    model = embedder or open_embedder()
    digest = make_digest(__version__, space)
    judged, problems = JudgementBook(folder).read()
    holding = sorted(list_current(judged).values(), key=lambda judgement: repr(judgement.key))
    verdicts = [(item.key, item.verdict, item.score, item.detail) for item in holding]
    tracing = make_digest(digest, translations, model.name, *verdicts)
    summary = RunSummary(judgements=len(holding), problems=problems)
    deliver_diary(folder)
    with LakeWriter(folder / "lake") as lake:
        discard_unfinished(lake)
        if lake.recall(_ANNOTATED) != digest:
            summary.space_changed = annotate_again(lake, space, progress, workers)
            lake.remember(_ANNOTATED, digest)
        read_new(lake, space, folder / "warc", progress, summary, workers)
        untraced = _find_untraced(lake)
        if untraced.num_rows or lake.recall(_TRACED) != tracing:
            vectors = CachedEmbedder(lake, model, progress)
            meaning = Meaning(vectors, translations)
            new = frozenset(untraced["article_id"].to_pylist())
            lost = _trace(lake, space, new, progress, meaning, holding)
            summary.problems += map(_tell_lost, lost)
            settle_topics(lake, space, meaning)
            _measure_voids(lake, space, progress)
            summary.traced = untraced.num_rows
            lake.append("outcomes", _tabulate_traced(untraced))
            lake.remember(_TRACED, tracing)
            summary.embedded, summary.cached, summary.model_before = vectors.embedded, vectors.cached, vectors.changed
            lake.sweep()
        elif lake.recall(_FETCHED) != _sign_fetches(lake):
            _measure_voids(lake, space, progress)
        _keep_judgements(lake, judged)
        _index(lake, folder, progress, summary)
        _count(lake, summary)
    return summary


def _index(lake: Lake, folder: Path, progress: Progress, summary: RunSummary) -> None:
    """Bring the search index up to date. The tables are whole without it, so its trouble is told and fails no run."""
    try:
        updated = SearchIndex(folder).update(lake, progress.start, progress.advance)
    except StoreError as error:
        summary.problems.append(str(error))
    else:
        summary.indexed = updated.added
        if updated.anew:
            summary.problems.append(f"the search index was built anew: {updated.anew}")


def _keep_judgements(lake: LakeWriter, judged: list[Judgement]) -> None:
    rows = tabulate_judgements(judged)
    if not rows.equals(lake.read("judgements").sort_by("n")):
        lake.replace("judgements", rows)


def _tell_lost(judgement: Judgement) -> str:
    return (
        f"the {judgement.kind} in article {judgement.article_id} that {judgement.by} {judgement.verdict}:"
        " the space holds no such article, source or words"
    )


def _find_untraced(lake: Lake) -> pa.Table:
    return lake.query(
        """SELECT a.id AS article_id, a.document_id FROM articles a
           WHERE NOT EXISTS (SELECT 1 FROM outcomes o WHERE o.document_id = a.document_id AND o.stage = 'trace')
           ORDER BY a.id""",
        ["articles", "outcomes"],
    )


def _tabulate_traced(untraced: pa.Table) -> pa.Table:
    count = untraced.num_rows
    columns = [untraced["document_id"].combine_chunks(), ["trace"] * count, ["kept"] * count, [""] * count]
    return pa.table(columns, schema=SCHEMAS["outcomes"])


def _trace(
    lake: LakeWriter,
    space: Space,
    new: frozenset[str],
    progress: Progress,
    meaning: Meaning,
    judgements: list[Judgement],
) -> Sequence[Judgement]:
    """Trace all anew, with the passages of new articles; gives the judgements that could not be applied."""
    progress.start("Comparing passages", 1)
    articles = lake.query("SELECT id, outlet, published_at, published_from FROM articles", ["articles"])
    words = lake.query("SELECT article_id, hashes, flags FROM words", ["words"])
    library = gather_library(articles, words, new)
    del words
    matches = match_articles(library, lake.read("matches"))
    progress.advance(1)
    align_anew(lake, space, library, meaning)
    links = resolve_links(lake.query("SELECT id, url, outlet, links FROM articles ORDER BY id", ["articles"]), space)
    found = Found(matches, lake.read("alignments"), lake.read("credits"), links)
    involved = lake.query(
        """SELECT article_id FROM matches_now UNION SELECT other_id FROM matches_now UNION
           SELECT article_id FROM alignments UNION SELECT other_id FROM alignments UNION
           SELECT article_id FROM credits UNION SELECT article_id FROM links UNION SELECT id FROM judged""",
        ["credits", "alignments"],
        {"matches_now": matches, "links": links, "judged": _list_judged(judgements)},
    )
    given = {"involved": involved}
    passages = lake.query("SELECT p.* FROM passages p SEMI JOIN involved i USING (article_id)", ["passages"], given)
    places = lake.query(
        "SELECT w.article_id, w.begins, w.ends FROM words w SEMI JOIN involved i USING (article_id)", ["words"], given
    )
    progress.start("Deciding who leans on whom", 2)
    traced = decide(library, found, passages, places, space, judgements)
    progress.advance(1)
    for name, rows in (
        ("matches", matches),
        ("reliances", traced.reliances),
        ("families", traced.families),
        ("origins", traced.origins),
    ):
        lake.replace(name, rows)
    progress.advance(1)
    return traced.lost


def _list_judged(judgements: Sequence[Judgement]) -> pa.Table:
    """Ids of the articles that judgements are about."""
    ids = {name for item in judgements for name in (item.article_id, item.source_article_id) if name is not None}
    return pa.table({"id": pa.array(sorted(ids), pa.string())})


def _sign_fetches(lake: Lake) -> str:
    """One text for what was collected so far, another when there is more: health follows from it."""
    row = lake.query("SELECT count(*) AS n, max(fetched_at) AS last FROM fetches", ["fetches"]).to_pylist()[0]
    return f"{row['n']} {row['last']}"


def _measure_voids(lake: LakeWriter, space: Space, progress: Progress) -> None:
    progress.start("Counting coverage", 1)
    fetched = _sign_fetches(lake)
    facts = settle_own(lake.query(FACTS_SQL, ["articles", "topics", "origins"]), space)
    health = measure_health(lake.query(DAYS_SQL, ["articles"]), lake.query(ASKED_SQL, ["fetches", "outcomes"]))
    lake.replace("coverage", count_coverage(facts))
    lake.replace("health", health)
    lake.replace("voids", rank_voids(facts, health, space))
    lake.remember(_FETCHED, fetched)
    progress.advance(1)


def _count(lake: Lake, summary: RunSummary) -> None:
    def group(table: str, column: str, where: str = "true") -> dict[str, int]:
        rows = lake.query(
            f"SELECT {column} AS name, count(*) AS n FROM {table} WHERE {where} GROUP BY 1 ORDER BY n DESC, 1", [table]
        )
        return dict(zip(rows["name"].to_pylist(), rows["n"].to_pylist(), strict=True))

    summary.languages = group("articles", "lang")
    summary.articles = sum(summary.languages.values())
    summary.reliances = group("reliances", "kind")
    summary.families = sum(group("families", "root", "root").values())
    summary.voids = group("voids", "status").get(VOID, 0)
