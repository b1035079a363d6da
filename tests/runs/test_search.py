"""A run leaves a search index behind, and no trouble with it costs a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from arna.runs import run_space
from arna.runs.run import Progress
from arna.store import Lake, SearchIndex
from tests.runs.test_translations import Knowing, add, make_rows, make_space, run, sift

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["sift"]


def test_a_run_indexes_what_is_new_as_a_step_of_its_own(tmp_path: Path):
    folder, steps, done = make_space(tmp_path / "space"), [], []
    add(folder, make_rows()[:4])
    progress = Progress(lambda step, size: steps.append((step, size)), done.append)
    assert run_space(folder, progress, 1, embedder=Knowing()).indexed == 4
    assert steps[-1] == ("Indexing for search", 4)
    index, lake = SearchIndex(folder), Lake(folder / "lake")
    assert not index.is_behind(lake)
    assert index.search("қазақстанның", lang="kk").total == index.search("Qazaqstan", lang="kk").total > 0
    assert index.search("Украине", lang="ru").total > 0
    add(folder, make_rows()[4:6])
    assert index.search("").total == 4
    assert run(folder).indexed == 2
    assert index.search("").total == 6
    before = index.folder.stat().st_mtime_ns
    assert run(folder).indexed == 0
    assert index.folder.stat().st_mtime_ns == before


def test_a_damaged_index_is_told_and_built_anew(tmp_path: Path):
    folder = make_space(tmp_path / "space")
    add(folder, make_rows()[:3])
    run(folder)
    (folder / "search" / "held").write_bytes(b"PAR1")
    summary = run(folder)
    assert summary.indexed == 3
    assert summary.problems == ["the search index was built anew: its list was damaged"]


def test_an_index_that_cannot_be_written_costs_no_tables(tmp_path: Path):
    folder = make_space(tmp_path / "space")
    add(folder, make_rows()[:3])
    (folder / "search").write_text("in the way", encoding="utf-8")
    summary = run(folder)
    assert summary.articles == 3
    [problem] = summary.problems
    assert "the search index cannot be written" in problem
    (folder / "search").unlink()
    assert run(folder).indexed == 3


@pytest.mark.parametrize("query", ["зерно", "экспорт"])
def test_languages_that_are_asked_for_are_those_found(tmp_path: Path, query: str):
    folder = make_space(tmp_path / "space")
    add(folder, make_rows()[:6])
    run(folder)
    index = SearchIndex(folder)
    found = {hit.article_id for hit in index.search(query, lang="ru").hits}
    rows = Lake(folder / "lake").read("articles").to_pylist()
    assert found <= {row["id"] for row in rows if row["lang"] == "ru-Cyrl"}
