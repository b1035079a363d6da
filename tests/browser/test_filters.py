"""Filters, order, pages and files: what the address says is what is shown, wherever it is opened."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.browsing import Site, Window

CELLS = ".map td"


def test_filters_live_in_the_address(window: Window, open_window: Callable[..., Window], site: Site) -> None:
    window.go("/")
    whole = window.texts(CELLS)
    window.page.locator(".filters > summary").click()
    window.page.get_by_role("checkbox", name="Economy and trade").check()
    window.page.get_by_role("checkbox", name="Agencies").check()
    window.page.get_by_role("radio", name="own reporting").check()
    window.page.get_by_label("from the week of").select_option(index=2)
    window.page.get_by_role("button", name="Show", exact=True).click()
    shown, address = window.texts(CELLS), window.path()
    assert shown != whole
    assert {"topic=economy", "kind=agency", "group=own"} <= set(address.partition("?")[2].split("&"))
    assert {row["topic"] for row in site.rows(address)} == {"economy"}
    window.page.reload()
    assert window.texts(CELLS) == shown
    other = open_window(site)
    other.go(address)
    assert other.texts(CELLS) == shown
    other.page.locator(".filters > summary").click()
    assert other.page.get_by_role("checkbox", name="Economy and trade").is_checked()
    assert not other.page.get_by_role("checkbox", name="Culture").is_checked()
    other.page.get_by_role("link", name="Clear all").first.click()
    assert other.texts(CELLS) == whole


def test_filters_go_with_the_reader_into_a_cell_and_back(window: Window, site: Site) -> None:
    window.go("/?since=2025-10-06&until=2025-10-20&kind=agency")
    cell = window.page.locator("a.cell", has_text=re.compile(r"[1-9]\d* article")).first
    told = int(re.search(r"(\d+) article", cell.inner_text())[1])  # type: ignore[index]
    cell.click()
    assert {"since=2025-10-06", "until=2025-10-20", "kind=agency"} <= set(window.path().partition("?")[2].split("&"))
    assert window.page.locator(".articles tbody tr").count() == told
    window.page.locator(".trail a").click()
    assert "since=2025-10-06" in window.path()


def test_the_strip_is_of_weeks_and_each_opens(window: Window, site: Site) -> None:
    window.go("/")
    weeks = window.page.locator("svg.weeks a")
    counts = {}
    for href, title in weeks.evaluate_all(
        "links => links.map(a => [a.getAttribute('href'), a.querySelector('title').textContent])"
    ):
        day = re.search(r"since=([\d-]+)&until=([\d-]+)", href)
        assert day
        assert day[1] == day[2]
        assert date.fromisoformat(day[1]).weekday() == 0
        counts[day[1]] = int(re.search(r"(\d+) article", title)[1])  # type: ignore[index]
    days = sorted(map(date.fromisoformat, counts))
    assert days == [days[0] + timedelta(days=7 * n) for n in range(len(days))]
    assert len(days) > 6
    assert sum(counts.values()) == sum(row["articles"] for row in site.rows("/"))
    weeks.nth(2).click()
    assert f"since={days[2]}&until={days[2]}" in window.path()
    assert sum(row["articles"] for row in site.rows(window.path())) == counts[days[2].isoformat()]


def test_lists_are_sorted_searched_and_paged_by_clicks(window: Window, site: Site) -> None:
    window.go("/articles/?all=1")
    window.page.locator(".articles thead").get_by_role("link", name="Words").click()
    assert window.page.locator("thead [aria-sort=descending]").inner_text().startswith("Words")
    rows, seen = site.rows(window.path()), []
    for _ in range(40):
        seen += window.page.locator(".articles .topic a").evaluate_all(
            "links => links.map(a => a.getAttribute('href').split('/')[2])"
        )
        following = window.page.locator("a[rel=next]")
        if not following.count():
            break
        following.click()
    assert [row["words"] for row in rows] == sorted((row["words"] for row in rows), reverse=True)
    assert seen == [row["id"] for row in rows]
    assert len(set(seen)) == len(seen) > 500
    window.page.get_by_label("Words in the title").fill("сауда")
    window.page.get_by_role("button", name="Show", exact=True).click()
    titles = window.texts(".articles .topic")
    assert 0 < len(titles) < 60
    assert all("сауда" in title.lower() for title in titles)


@pytest.mark.parametrize("page", ["map, some", "a cell", "families", "family", "outlets", "outlet", "flow, a language", "hits", "health",
                                  "article with copy"])  # fmt: skip
def test_files_hold_what_the_page_shows(window: Window, site: Site, pages: dict[str, str], page: str) -> None:
    window.go(pages[page])
    links = {
        link.inner_text(): str(link.evaluate("a => a.href")) for link in window.page.locator(".files a[download]").all()
    }
    paths = {name: href.removeprefix(site.address) for name, href in links.items()}
    assert {"CSV", "JSON", "Parquet"} <= set(paths)
    rows = site.rows(pages[page])
    lines = list(csv.DictReader(io.StringIO(site.text(paths["CSV"]))))
    table = pq.read_table(io.BytesIO(site.fetch(paths["Parquet"])[0]))
    assert table.num_rows == len(lines) == len(rows) > 0
    assert list(rows[0]) == table.column_names == list(lines[0])
    for line, row, packed in zip(lines, rows, table.to_pylist(), strict=True):
        for name, value in row.items():
            if isinstance(value, str):
                assert line[name] == value
            if isinstance(value, int | float):
                assert (
                    float(line[name].replace("True", "1").replace("False", "0")) == float(value) == float(packed[name])
                )
    if page in {"a cell", "hits"}:  # as many as are said, and the first of the file is the first of the page
        assert str(len(rows)) in window.texts(".period")[0]
        first = ".articles .topic a" if page == "a cell" else ".hit h2 a"
        assert str(window.page.locator(first).first.get_attribute("href")) == f"/article/{rows[0]['id']}/"
    if "SVG" in paths:
        drawn = ET.fromstring(site.text(paths["SVG"]))  # noqa: S314  # ours
        words = " ".join("".join(drawn.itertext()).split())
        assert site.address in words  # the line to cite it by
        width, height = (int(float(drawn.attrib[name])) for name in ("width", "height"))
        packed_picture = site.fetch(paths["PNG"])[0]
        assert packed_picture.startswith(b"\x89PNG")
        wide, tall = (int.from_bytes(packed_picture[at : at + 4], "big") for at in (16, 20))
        assert wide / tall == pytest.approx(width / height, rel=0.02)


def test_the_pictures_say_the_numbers_of_their_page(window: Window, site: Site) -> None:
    words = " ".join("".join(ET.fromstring(site.text("/picture.svg")).itertext()).split())  # noqa: S314  # ours
    window.go("/")
    for head in [*window.texts(".map thead th")[1:], *window.texts(".map tbody th")]:
        assert all(part in words for part in head.split()), head
    total = sum(row["articles"] for row in site.rows("/"))
    assert str(total) in words


@pytest.mark.parametrize("page", ["map, some", "a cell", "family", "hits", "flow, a language", "article with copy"])
def test_the_link_of_the_citation_shows_the_same_view(
    window: Window, open_window: Callable[..., Window], site: Site, pages: dict[str, str], page: str
) -> None:
    window.go(pages[page])
    [cited, linked] = window.texts(".cite")
    address = cited.split()[-1]
    assert linked.endswith(address)
    assert re.search(r"Arna \d+\.\d+.*data [0-9a-f]{8}.*20\d\d", cited)
    other = open_window(site)
    other.go(address)
    assert other.page.locator("main").inner_text() == window.page.locator("main").inner_text()


def test_an_arrow_points_the_way_the_numbers_go(window: Window) -> None:
    """What a heading says of the order is true of what stands under it."""
    window.go("/articles/?topic=economy&lang=kk-Cyrl")
    for _ in range(2):
        window.page.locator(".articles thead").get_by_role("link", name="Rests on others").click()
        way = window.page.locator("thead th", has_text="Rests on others").get_attribute("aria-sort")
        told = [text.splitlines()[0] for text in window.page.locator("td.own").all_inner_texts()]
        shares = [int(re.sub(r"\D", "", text)) for text in told]
        assert len(set(shares)) > 3
        assert shares == sorted(shares, reverse=way == "descending"), way
