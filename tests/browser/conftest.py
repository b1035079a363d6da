"""The demo space served, and one browser for all tests of this folder."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from arna.store import Lake
from tests.browser.browsing import CHROMIUM, FLAGS, Window, has_browser, serve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arna.observatory.settings")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser.browsing import Site


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that need a browser are skipped, and say so, where there is none."""
    if has_browser():
        return
    missing = pytest.mark.skip(reason=f"no {CHROMIUM}: apt-get install chromium (make test does it for root on Debian)")
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(missing)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture(scope="package")
def site(demo_space: Path) -> Iterator[Site]:
    """The demo, which nobody changes."""
    with serve(demo_space) as served:
        yield served


@pytest.fixture(scope="package")
def tables(demo_space: Path) -> dict[str, list[dict[str, Any]]]:
    lake = Lake(demo_space / "lake")
    return {name: lake.read(name).to_pylist() for name in ("articles", "reliances", "origins", "topics", "voids")}


@pytest.fixture(scope="package")
def articles(tables: dict[str, list[dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """Articles by id."""
    return {row["id"]: row for row in tables["articles"]}


@pytest.fixture(scope="package")
def pages(site: Site, tables: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    """Every kind of page, by what it is called here."""
    kinds: dict[str, dict[str, int]] = {}
    for row in tables["reliances"]:
        kind = "doubt" if row["kind"] == "translation" and not row["source_article_id"] else row["kind"]
        kinds.setdefault(kind, {}).setdefault(row["article_id"], 0)
        kinds[kind][row["article_id"]] += 1
    most = {kind: max(sorted(counts), key=counts.__getitem__) for kind, counts in kinds.items()}
    return {
        "map": "/",
        "map, some": "/?since=2025-09-29&until=2025-10-20&topic=economy&topic=aid&group=own",
        "map as a table": "/?view=table",
        "a cell": "/articles/?topic=economy&lang=kk-Cyrl",
        "articles": "/articles/?all=1&page=2&order=others",
        "no article": "/articles/?q=zzzz",
        "families": "/families/",
        "family": f"/family/{site.rows('/families/')[0]['story']}/",
        "outlets": "/outlets/",
        "outlet": f"/outlet/{max(site.rows('/outlets/'), key=lambda row: row['articles'])['outlet']}/",
        "flow": "/flow/",
        "flow, a language": "/flow/?lang=kk-Cyrl",
        "search": "/search/",
        "hits": "/search/?q=сауда",
        "health": "/health/",
        "method": "/method/",
        "not there": "/nowhere/",
    } | {f"article with {kind}": f"/article/{id_}/" for kind, id_ in sorted(most.items())}


@pytest.fixture
def window(browser: Browser, site: Site) -> Iterator[Window]:
    """A wide window on the demo, which must stay quiet."""
    with Window(browser, site) as opened:
        yield opened
        opened.check_quiet(site)


@pytest.fixture
def open_window(browser: Browser) -> Iterator[Callable[..., Window]]:
    """Opens windows on any site, and closes them."""
    opened: list[Window] = []

    def look(site: Site, **more: Any) -> Window:
        opened.append(Window(browser, site, **more))
        return opened[-1]

    yield look
    for one in opened:
        one.context.close()
