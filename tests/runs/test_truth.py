"""The demo space against the truth beside it: what was planted is what is found."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from arna.store import Lake

Row = dict[str, Any]


@pytest.fixture(scope="module")
def demo(demo_space: Path) -> dict[str, Any]:
    lake = Lake(demo_space / "lake")
    truth = [json.loads(line) for line in (demo_space / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    articles = {row["url"]: row for row in lake.read("articles").to_pylist()}
    reliances: dict[str, list[Row]] = defaultdict(list)
    for row in lake.read("reliances").to_pylist():
        reliances[row["article_id"]].append(row)
    origins: dict[str, dict[str, float]] = defaultdict(dict)
    for row in lake.read("origins").to_pylist():
        origins[row["article_id"]][row["origin"]] = row["share"]
    kept = [(row, articles[row["url"]]) for row in truth if row["outcome"] == "kept" and row["url"] in articles]
    return {
        "lake": lake,
        "truth": truth,
        "articles": articles,
        "kept": kept,
        "reliances": reliances,
        "origins": origins,
        "urls": {row["id"]: url for url, row in articles.items()},
    }


def test_every_document_has_one_outcome_of_reading_and_no_article_is_lost(demo: dict[str, Any]):
    rows = (
        demo["lake"]
        .query(
            """SELECT count(*) AS n, count(DISTINCT document_id) AS different, (SELECT count(*) FROM documents) AS documents
           FROM outcomes WHERE stage = 'read'""",
            ["outcomes", "documents"],
        )
        .to_pylist()[0]
    )
    assert rows["n"] == rows["different"] == rows["documents"]
    lost = [row["url"] for row in demo["truth"] if row["outcome"] == "kept" and row["url"] not in demo["articles"]]
    assert lost == []


def test_texts_and_languages_are_those_that_were_written(demo: dict[str, Any]):
    wrong = [row["url"] for row, article in demo["kept"] if article["lang"] != row["lang"]]
    assert wrong == []
    same = sum(article["text"] == row["text"] for row, article in demo["kept"])
    assert same >= 0.97 * len(demo["kept"])
    exact = [(row, article) for row, article in demo["kept"] if row["dated"] == "exact"]
    assert all(article["published_at"].isoformat()[:16] == row["published_at"][:16] for row, article in exact)


CASES = ("original", "reprint-verbatim", "reprint-trimmed", "edited-10", "edited-30", "merged", "chain", "rewrite",
         "link-only", "independent", "wire", "before-source", "equal-time", "stock-phrase", "shared-quote",
         "shared-figures", "translation", "filler", "filler-reprint", "service")  # fmt: skip
MEAN_ERROR = {"edited-10": 0.03, "edited-30": 0.02, "link-only": 0.03, "independent": 0.1, "shared-figures": 0.25}
"""Where one in a hundred is not reached. Of seven independent reports and shared figures two are left in doubt."""


@pytest.mark.parametrize("case", CASES)
def test_origin_shares_of_every_case(demo: dict[str, Any], case: str):
    errors = []
    for row, article in demo["kept"]:
        if row["case"] == case:
            found = demo["origins"][article["id"]]
            wanted = row["origins_translated"]
            errors.append(max(abs(found.get(name, 0) - wanted.get(name, 0)) for name in {*found, *wanted}))
    assert errors
    assert sum(errors) / len(errors) < MEAN_ERROR.get(case, 0.01)


def test_copied_spans_are_found_with_their_bounds(demo: dict[str, Any]):
    planted = missed = 0
    for row, article in demo["kept"]:
        for span in row["spans"]:
            if span["kind"] != "copy" or article["text"] != row["text"]:
                continue
            found = [r for r in demo["reliances"][article["id"]] if r["kind"] == "copy"]
            size = span["end"] - span["begin"]
            covered = sum(max(0, min(r["end"], span["end"]) - max(r["begin"], span["begin"])) for r in found)
            planted += size
            missed += max(0, size - covered)
    assert planted > 100_000
    assert missed < 0.03 * planted


def list_translations(demo: dict[str, Any], article: Row) -> list[Row]:
    """Translations that are told, those in doubt left out."""
    rows = demo["reliances"][article["id"]]
    return [row for row in rows if row["kind"] == "translation" and row["source_article_id"] is not None]


def test_translated_spans_are_found_with_their_bounds(demo: dict[str, Any]):
    planted = missed = outside = 0
    for row, article in demo["kept"]:
        spans = [span for span in row["spans"] if span["kind"] == "translation"]
        if not spans or article["text"] != row["text"]:
            continue
        true = {n for span in spans for n in range(span["begin"], span["end"])}
        found = {n for r in list_translations(demo, article) for n in range(r["begin"], r["end"])}
        assert found, row["url"]
        planted, missed, outside = planted + len(true), missed + len(true - found), outside + len(found - true)
    assert planted > 80_000
    assert missed < 0.04 * planted
    assert outside < 0.02 * planted


def test_the_sentences_shown_of_the_source_are_those_that_were_translated(demo: dict[str, Any]):
    planted = missed = outside = 0
    for row, article in demo["kept"]:
        for span in row["spans"]:
            if span["kind"] != "translation" or article["text"] != row["text"]:
                continue
            found = [
                r for r in list_translations(demo, article) if span["begin"] <= r["begin"] and r["end"] <= span["end"]
            ]
            if {demo["urls"][r["source_article_id"]] for r in found} != {span["source_url"]}:
                continue
            true = set(range(span["source_begin"], span["source_end"]))
            shown = {n for r in found for n in range(r["source_begin"], r["source_end"])}
            planted, missed, outside = planted + len(true), missed + len(true - shown), outside + len(shown - true)
    assert planted > 80_000
    assert missed < 0.08 * planted
    assert outside < 0.01 * planted


def test_translations_are_told_of_the_right_articles(demo: dict[str, Any]):
    truth = {row["url"]: row for row in demo["truth"]}

    def roots(url: str) -> set[str]:
        return {span["root_url"] for span in truth[url]["spans"]} or {url}

    right = []
    for row, article in demo["kept"]:
        given = {span["source_url"] for span in row["spans"]}
        for source in {demo["urls"][r["source_article_id"]] for r in list_translations(demo, article)}:
            assert truth[source]["story"] == row["story"], (row["url"], source)
            right.append(source in given or bool(roots(source) & roots(row["url"])))
    assert len(right) >= 99
    assert sum(right) >= 0.97 * len(right)


@pytest.mark.parametrize("case", ["original", "independent", "link-only", "shared-quote", "shared-figures", "filler"])
def test_what_rests_on_nobody_has_no_translation(demo: dict[str, Any], case: str):
    for row, article in demo["kept"]:
        if row["case"] == case:
            assert list_translations(demo, article) == [], row["url"]


@pytest.mark.parametrize("case", ["original", "independent", "shared-quote", "shared-figures", "filler"])
def test_what_rests_on_nobody_has_no_copy(demo: dict[str, Any], case: str):
    for row, article in demo["kept"]:
        if row["case"] == case:
            assert [r for r in demo["reliances"][article["id"]] if r["kind"] == "copy"] == [], row["url"]


def test_credits_are_those_that_were_written(demo: dict[str, Any]):
    wanted = found = both = 0
    for row, article in demo["kept"]:
        named = {r["source_outlet"] for r in demo["reliances"][article["id"]] if r["kind"] == "credit"}
        wanted, found, both = wanted + len(row["credits"]), found + len(named), both + len(named & set(row["credits"]))
    assert both >= 0.98 * wanted
    assert both >= 0.98 * found


def test_the_dark_fortnight_of_an_outlet_shows_in_its_health(demo: dict[str, Any]):
    rows = demo["lake"].read("health").to_pylist()
    dark = [row["day"].isoformat() for row in rows if row["outlet"] == "dala-zhanalyqtary" and not row["ok"]]
    assert dark[0] <= "2025-10-13"
    assert dark[-1] >= "2025-10-26"
    assert len(dark) < 18
