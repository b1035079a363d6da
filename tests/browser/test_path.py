"""From the void map to the two sentences in three clicks, and what is shown is what the tables hold."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.browsing import percent, squeeze

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.browser.browsing import Site, Window

    Rows = dict[str, list[dict[str, Any]]]
    Articles = dict[str, dict[str, Any]]

ECONOMY_KAZAKH = 'a.cell[href*="topic=economy"][href*="lang=kk-Cyrl"]'


def find_translated(tables: Rows, among: list[str]) -> str:
    """An article of a list that is sure to be translated."""
    for row in tables["reliances"]:
        if row["article_id"] in among and row["kind"] == "translation" and row["source_article_id"]:
            return row["article_id"]
    raise AssertionError("none of these is translated")


def read_pair(pair: Locator) -> tuple[str, str]:
    """The sentence of the article and the one beside it, folded parts opened."""
    for fold in pair.locator("blockquote details, .text details").all():
        fold.evaluate("fold => { fold.open = true }")
    here = pair.locator(".text").evaluate(
        "box => { const copy = box.cloneNode(true); copy.querySelectorAll('sup, summary').forEach(e => e.remove()); return copy.textContent }"
    )
    there = pair.locator("blockquote").evaluate(
        "box => { const copy = box.cloneNode(true); copy.querySelectorAll('summary').forEach(e => e.remove()); return copy.textContent }"
    )
    return squeeze(here), squeeze(there)


def test_three_clicks_from_the_map_to_the_two_sentences(
    window: Window, site: Site, tables: Rows, articles: Articles
) -> None:
    window.go("/")
    window.page.get_by_role("link", name="October 2025").click()  # the month
    cell = window.page.locator(ECONOMY_KAZAKH)
    told = int(re.search(r"(\d+) article", cell.inner_text())[1])  # type: ignore[index]
    cell.click()  # Kazakh, economy
    listed = [
        href.split("/")[2]
        for href in window.page.locator(".list .topic a").evaluate_all(
            "links => links.map(a => a.getAttribute('href'))"
        )
    ]
    rows = site.rows(window.path())
    assert told == len(rows) == len(listed)
    assert [row["id"] for row in rows] == listed
    assert {(row["topic"], row["lang"], row["published_at"][:7]) for row in rows} <= {
        ("economy", "kk-Cyrl", month)
        for month in ("2025-10", "2025-11")  # weeks that begin in October
    }
    chosen = find_translated(tables, listed)
    window.page.locator(f'.list a[href="/article/{chosen}/"]').click()  # an article
    held = [
        row for row in tables["reliances"]
        if row["article_id"] == chosen and row["kind"] == "translation" and row["source_article_id"]
    ]  # fmt: skip
    expected = {
        (squeeze(articles[chosen]["text"][row["begin"] : row["end"]]),
         squeeze(articles[row["source_article_id"]]["text"][row["source_begin"] : row["source_end"]]))
        for row in held
    }  # fmt: skip
    pairs = window.page.locator(".translation .pair")
    shown = {read_pair(pair) for pair in pairs.all()}
    assert len(shown) == len(expected) > 3
    for here, there in expected:
        assert any(here in mine and there in its for mine, its in shown), (here, there, shown)
    left, right = pairs.first.locator(".text").bounding_box(), pairs.first.locator("blockquote").bounding_box()
    assert left
    assert right
    assert left["x"] + left["width"] <= right["x"]
    assert abs(left["y"] - right["y"]) < 40  # side by side


def test_a_copy_is_beside_the_passage_it_was_copied_from(
    window: Window, pages: dict[str, str], tables: Rows, articles: Articles
) -> None:
    window.go(pages["article with copy"])
    id_ = pages["article with copy"].split("/")[2]
    held = {
        squeeze(articles[row["source_article_id"]]["text"][row["source_begin"] : row["source_end"]])
        for row in tables["reliances"]
        if row["article_id"] == id_ and row["kind"] == "copy" and row["source_article_id"]
    }
    quotes = window.page.locator("li.copy blockquote")
    shown = {
        squeeze(
            quote.evaluate(
                "q => { const c = q.cloneNode(true); c.querySelectorAll('summary').forEach(e => e.remove()); return c.textContent }"
            )
        )
        for quote in quotes.all()
    }
    assert shown == held
    window.page.locator("sup a").first.click()
    assert window.page.url.endswith("#s-1")
    assert window.page.locator("#s-1").is_visible()


def test_the_map_its_table_and_its_files_say_the_same(window: Window, site: Site, tables: Rows) -> None:
    rows = site.rows("/")
    assert {(row["topic"], row["lang"], row["articles"]) for row in rows} == {
        (row["topic"], row["lang"], row["articles"]) for row in tables["voids"]
    }
    for row in rows:
        shares = [value for name, value in row.items() if name.startswith("share_")]
        assert sum(shares) == pytest.approx(1.0 if row["articles"] else 0.0)
    by_rank = {row["rank"]: row for row in rows}
    window.go("/?view=table")
    lines = window.page.locator(".list tbody tr").evaluate_all(
        "rows => rows.map(r => [...r.cells].map(c => c.innerText))"
    )
    assert len(lines) == len(rows)
    for line in lines:
        row = by_rank[int(line[0])]
        assert int(line[3]) == row["articles"]
        if row["articles"]:
            assert percent(line[4]) in (None, pytest.approx(row["own_share"], abs=0.00501))
            low, high = re.findall(r"\d+", line[5])
            assert (int(low) / 100, int(high) / 100) == (
                pytest.approx(row["low"], abs=0.00501),
                pytest.approx(row["high"], abs=0.00501),
            )
        assert row["status"] in line[8]
    lines = list(csv.DictReader(io.StringIO(site.text("/rows.csv"))))
    for line, row in zip(lines, rows, strict=True):
        assert {name: value for name, value in line.items() if isinstance(row[name], str)} == {
            name: value for name, value in row.items() if isinstance(value, str)
        }
        for name, value in row.items():
            if isinstance(value, float):
                assert float(line[name]) == value


def test_an_articles_bar_its_words_and_its_shares_agree(window: Window, pages: dict[str, str], tables: Rows) -> None:
    for name, path in pages.items():
        if not name.startswith("article with"):
            continue
        shares = {row["origin"]: row["share"] for row in tables["origins"] if row["article_id"] == path.split("/")[2]}
        assert sum(shares.values()) == pytest.approx(1.0)
        window.go(path)
        drawn = window.page.locator(".shares svg rect:not(.trough)").evaluate_all(
            "parts => parts.map(p => parseFloat(p.getAttribute('width')))"
        )
        assert sum(drawn) / 100 == pytest.approx(1 - shares.get("own", 0.0), abs=0.001)
        [said] = window.texts(".shares p")
        told = [int(number) / 100 for number in re.findall(r"(\d+) %", said)]
        assert sorted(told) == pytest.approx(sorted(share for share in shares.values() if share), abs=0.0101)


def test_each_zero_or_full_cell_of_the_map_opens(open_window: Callable[..., Window], site: Site) -> None:
    """Every number opens: a void without an article opens its topic in the other languages."""
    window = open_window(site)
    window.go("/")
    for text, tag in window.page.locator(".map .cell").evaluate_all(
        "cells => cells.map(c => [c.innerText, c.tagName])"
    ):
        assert (tag == "A") == ("no articles" not in text), text
    window.page.locator(".map a.cell", has_text="0 articles").filter(has_text="other languages").first.click()
    assert "lang=" not in window.path()
    assert window.page.locator(".articles tbody tr").count() > 0
