"""What one process does with one partition: stages called one after the other on Arrow tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pyarrow as pa

from arna.collect import read_payloads
from arna.engines.identify import NgramIdentifier
from arna.read.stage import read_pages
from arna.terms import SCHEMAS
from arna.trace.credits import CreditFinder
from arna.trace.stage import tabulate_words
from arna.voids.topics import assign_topics

if TYPE_CHECKING:
    from pathlib import Path

    from arna.terms import Space


@dataclass(frozen=True)
class ReadTask:
    """Documents to read (rows of ``documents``), and where their pages are."""

    documents: pa.Table
    warc_folder: Path
    space: Space


@dataclass(frozen=True)
class AnnotateTask:
    """Articles to look through again (rows of ``articles``) with their ``passages``."""

    articles: pa.Table
    passages: pa.Table
    space: Space


@cache
def _identifier() -> NgramIdentifier:
    return NgramIdentifier()


_finders: dict[str, CreditFinder] = {}
"""A finder takes a while to build; a process needs it once for all its partitions."""


def _find_finder(space: Space) -> CreditFinder:
    key = repr(space.outlets)
    if key not in _finders:
        _finders[key] = CreditFinder(space.outlets)
    return _finders[key]


def read_documents(task: ReadTask) -> dict[str, pa.Table]:
    """Rows of ``articles``, ``passages``, ``words``, ``credits``, ``topics`` and ``outcomes`` of some documents."""
    result = read_pages(read_payloads(task.documents, task.warc_folder), task.space, _identifier())
    return {
        "articles": result.articles,
        "passages": result.passages,
        "words": tabulate_words(result.articles),
        **annotate_articles(AnnotateTask(result.articles, result.passages, task.space)),
        "outcomes": result.outcomes,
    }


def annotate_articles(task: AnnotateTask) -> dict[str, pa.Table]:
    """Rows of ``credits`` and ``topics`` of some articles: what depends on the space's description."""
    return {
        "credits": _tabulate_credits(task),
        "topics": assign_topics(task.articles, task.space),
    }


def _tabulate_credits(task: AnnotateTask) -> pa.Table:
    finder = _find_finder(task.space)
    spans: dict[str, list[tuple[int, int]]] = {}
    columns = (task.passages[name].to_pylist() for name in ("article_id", "begin", "end"))
    for article, begin, end in zip(*columns, strict=True):
        spans.setdefault(article, []).append((begin, end))
    rows = []
    names = ("id", "text", "lang")
    for article, text, lang in zip(*(task.articles[name].to_pylist() for name in names), strict=True):
        found = {
            (credit.begin, credit.end): credit for credit in finder.find_credits(text, spans.get(article, []), lang)
        }
        rows += [
            {
                "article_id": article,
                "begin": credit.begin,
                "end": credit.end,
                "outlet": credit.outlet,
                "name": credit.name,
                "form": credit.form,
                "score": credit.score,
                "whole": credit.whole,
            }
            for credit in found.values()
        ]
    return pa.Table.from_pylist(rows, schema=SCHEMAS["credits"])
