"""Spaces that are empty, not run, being run, and without a void."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from arna.store import Lake, LakeWriter
from tests.browser.browsing import PHONE, STICKING_OUT, Window, serve
from tests.cli.commanding import WIRE, arna, make_article, write_jsonl, write_space

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAGES = (
    "/",
    "/?view=table",
    "/articles/",
    "/families/",
    "/outlets/",
    "/flow/",
    "/health/",
    "/method/",
    "/search/",
    "/search/?q=а",
)
OWN = [make_article(n, "visnyk", f"{WIRE} {n} суток порт стоял.", f"2026-03-{n + 2:02}T09:00:00Z") for n in range(3)]


def visit_all(window: Window, *more: str) -> None:
    """Every page answers, on a phone too."""
    for path in (*PAGES, *more):
        assert window.go(path).status == 200, path
        assert window.page.locator("h1").count() == 1
        for width in (1280, PHONE):
            window.page.set_viewport_size({"width": width, "height": 740})
            assert window.page.evaluate(STICKING_OUT) == [], (path, width)


def test_an_empty_space_says_what_to_do(tmp_path: Path, open_window: Callable[..., Window]) -> None:
    with serve(write_space(tmp_path / "space")) as site:
        window = open_window(site)
        visit_all(window)
        window.go("/")
        assert "This space is empty" in window.page.locator("main").inner_text()
        assert "arna import" in window.page.locator("main pre").inner_text()
        assert window.page.locator("svg:visible").count() == 0 or window.page.locator(".map").count() == 0
        window.check_quiet(site)


def test_a_space_not_run_yet_says_so_until_it_is(tmp_path: Path, open_window: Callable[..., Window]) -> None:
    folder = write_space(tmp_path / "space")
    assert arna("import", "-s", folder, write_jsonl(tmp_path / "given.jsonl", OWN)).code == 0
    with serve(folder) as site:
        window = open_window(site)
        visit_all(window)
        window.go("/")
        assert "has not been run" in window.page.locator("main").inner_text()
        assert "3 documents wait" in window.page.locator("main").inner_text()
        assert arna("run", "-s", folder, "--workers", 1).code == 0
        window.page.reload()
        assert "3 articles" in window.page.locator("main").inner_text()
        assert window.page.locator("a.cell").count() == 1
        window.check_quiet(site)


def test_a_map_without_voids_says_none(tmp_path: Path, open_window: Callable[..., Window]) -> None:
    folder = write_space(tmp_path / "space")
    assert arna("import", "-s", folder, write_jsonl(tmp_path / "given.jsonl", OWN)).code == 0
    assert arna("run", "-s", folder, "--workers", 1).code == 0
    assert not [
        row for row in Lake(folder / "lake").read("voids").to_pylist() if row["status"] == "void" and row["articles"]
    ]
    with serve(folder) as site:
        window = open_window(site)
        visit_all(window)
        voids = sum(row["status"] == "void" for row in site.rows("/"))
        window.go("/")
        said = window.page.locator(".lead").inner_text()
        assert (str(voids) in said) if voids else ("next to nothing" not in said), said
        window.check_quiet(site)


def test_while_a_run_goes_on_the_numbers_before_it_are_shown(
    tmp_path: Path, open_window: Callable[..., Window]
) -> None:
    folder = write_space(tmp_path / "space")
    assert arna("import", "-s", folder, write_jsonl(tmp_path / "given.jsonl", OWN)).code == 0
    assert arna("run", "-s", folder, "--workers", 1).code == 0
    with serve(folder) as site:
        window = open_window(site)
        window.go("/")
        before = window.page.locator("main").inner_text()
        more = make_article(9, "dala", WIRE, "2026-03-06T09:00:00Z")
        assert arna("import", "-s", folder, write_jsonl(tmp_path / "more.jsonl", [more])).code == 0
        with LakeWriter(folder / "lake") as lake:  # as a run holds it
            rows = Lake(folder / "lake").read("articles").slice(0, 1)
            lake.append("articles", rows.set_column(0, "id", [["f" * 32]]))
            window.page.reload()
            assert "A run is going on" in window.page.locator("[role=status]").inner_text()
            note = window.page.locator("[role=status]").inner_text()
            assert window.page.locator("main").inner_text().replace(note, "").split() == before.split()
            visit_all(window)
        window.check_quiet(site)


@pytest.mark.parametrize("path", ["/nowhere/", "/article/none/", "/family/none/", "/outlet/none/", "/static/0/x.css"])
def test_what_is_not_there_is_told_on_a_page(open_window: Callable[..., Window], site: object, path: str) -> None:
    window = open_window(site)
    assert window.go(path).status == 404
    assert window.page.locator("h1").inner_text() == "Nothing here"
    window.page.get_by_role("link", name="To the void map").click()
    assert window.path() == "/"
