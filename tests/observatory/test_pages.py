"""Every page answers, says the same numbers as the tables, and loads or runs nothing foreign."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pyarrow.parquet as pq
import pytest

from arna.store import Lake

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

PAGES = ("/", "/articles/", "/families/", "/outlets/", "/flow/", "/health/", "/method/", "/search/",
         "/?view=table", "/?group=own", "/?langs=all", "/flow/?lang=ru-Cyrl", "/articles/?all=1&order=others",
         "article", "family", "outlet")  # fmt: skip
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


def address(page: str, ids: dict[str, Any]) -> str:
    return page if page.startswith("/") else f"/{page}/{ids[page]}/"


class Reader(HTMLParser):
    """Notes every tag, and what is not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


@pytest.mark.parametrize("code", ["en", "uk", "ru", "kk"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_whole_and_loads_nothing_foreign(
    client: Client, ids: dict[str, Any], page: str, code: str
) -> None:
    path = address(page, ids)
    response = client.get(path + ("&" if "?" in path else "?") + f"ui={code}")
    html = response.content.decode()
    assert response.status_code == 200
    assert len(response.content) < 150_000
    reader = read(html)
    assert not reader.faults
    assert not reader.open
    assert reader.seen[0][1]["lang"] == code
    names = Counter(attrs["id"] for _, attrs in reader.seen if attrs.get("id"))
    assert [name for name, count in names.items() if count > 1] == []
    for tag, attrs in reader.seen:
        assert tag not in {"style", "iframe", "object", "embed", "base"}
        assert "style" not in attrs
        assert not [name for name in attrs if name.startswith("on")]
        if tag == "script":
            assert str(attrs["src"]).startswith("/static/")
        if tag in {"img", "link", "script"}:
            assert str(attrs.get("src") or attrs.get("href")).startswith("/")
        if tag in {"input", "select"} and attrs.get("type") != "hidden":
            assert attrs.get("id") or html.count("<label")  # labels wrap what has no id


@pytest.mark.parametrize("page", ["/", "article", "/static/0/arna.css", "/nowhere"])
def test_every_answer_forbids_what_a_page_needs_not(client: Client, ids: dict[str, Any], page: str) -> None:
    headers = client.get(address(page, ids)).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_map_says_what_the_table_of_voids_says(client: Client, planted: tuple[Path, Any]) -> None:
    rows = client.get("/rows.json").json()
    table = Lake(planted[0] / "lake").read("voids").to_pylist()
    assert len(rows) == len(table) > 20
    held = {(row["topic"], row["lang"]): row for row in table}
    for row in rows:
        same = held[row["topic"], row["lang"]]
        for name in ("rank", "articles", "status"):
            assert row[name] == same[name]
        for name in ("own_share", "low", "high", "health", "demand"):
            assert row[name] == pytest.approx(same[name], rel=1e-9)
        shares = [value for name, value in row.items() if name.startswith("share_")]
        assert sum(shares) == pytest.approx(1.0 if row["articles"] else 0.0)


@pytest.mark.parametrize("query", ["", "?since=2025-08-04&until=2025-10-06", "?kind=agency&kind=portal", "?kind=newspaper&group=own",
                                   "?topic=economy&topic=aid&since=2025-07-07"])  # fmt: skip
def test_every_cell_opens_into_as_many_articles_as_it_says(client: Client, query: str) -> None:
    html = client.get("/" + query).content.decode()
    cells = re.findall(r'<a class="cell [a-z]+" href="([^"]+)">.*?<span>(\d+) articles?</span>', html)
    assert len(cells) > 3
    for href, count in cells:
        rows = client.get(href.replace("&amp;", "&").replace("/?", "/rows.json?")).json()
        if not int(count):  # what others read of the topic: there is nothing else to see
            assert rows
            assert "lang=" not in href
            continue
        assert len(rows) == int(count)
        asked = parse_qs(urlsplit(href.replace("&amp;", "&")).query)
        assert {row["topic"] for row in rows} == set(asked["topic"])
        assert {row["lang"] for row in rows} == set(asked["lang"])


def test_filters_narrow_the_map_and_stay_in_its_links(client: Client) -> None:
    whole = {(row["topic"], row["lang"]): row for row in client.get("/rows.json").json()}
    some = client.get("/rows.json?since=2025-08-04&until=2025-08-25").json()
    assert 0 < sum(row["articles"] for row in some) < sum(row["articles"] for row in whole.values())
    assert {row["first_week"] for row in some} == {"2025-08-04"}
    html = client.get("/?since=2025-08-04&until=2025-08-25").content.decode()
    assert re.findall(r'class="cell [a-z]+" href="/articles/\?since=2025-08-04&amp;until=2025-08-25', html)


def test_two_groups_of_origins_are_the_own_share_and_the_rest(client: Client) -> None:
    for row in client.get("/rows.json?group=own").json():
        if row["articles"]:
            assert row["share_own-reporting"] == pytest.approx(row["own_share"])


@pytest.mark.parametrize("query", ["?since=tomorrow", "?since=9999-99-99", "?since=0001-01-01", "?topic=nothing", "?page=99999",
                                   "?page=-1", "?order=drop", "?group=%00", "?kind=" + "x" * 3000, "?q=%F0%9F%98%80"])  # fmt: skip
@pytest.mark.parametrize("page", ["/", "/articles/", "/families/", "/outlets/", "/flow/", "/search/"])
def test_a_senseless_address_is_answered_as_if_nothing_was_asked(client: Client, page: str, query: str) -> None:
    assert client.get(page + query).status_code == 200


@pytest.mark.parametrize(
    "page", ["/", "/articles/", "/families/", "/outlets/", "/flow/", "/health/", "article", "family", "outlet"]
)
def test_rows_are_the_same_in_every_format(client: Client, ids: dict[str, Any], page: str) -> None:
    path = address(page, ids)
    rows = client.get(f"{path}rows.json").json()
    table = pq.read_table(io.BytesIO(client.get(f"{path}rows.parquet").content))
    lines = client.get(f"{path}rows.csv").content.decode()
    assert table.num_rows == len(rows) > 0
    assert lines.splitlines()[0].split(",") == table.column_names
    assert list(rows[0]) == table.column_names


@pytest.mark.parametrize("page", ["/", "/flow/", "/health/", "/outlets/", "family", "outlet"])
def test_pictures_stand_alone(client: Client, ids: dict[str, Any], page: str) -> None:
    import xml.etree.ElementTree as ET

    path = address(page, ids)
    drawn = client.get(f"{path}picture.svg").content.decode()
    root = ET.fromstring(drawn)  # noqa: S314  # ours
    assert root.tag.endswith("svg")
    assert "http://testserver" + path in "".join(root.itertext())
    used = set(re.findall(r"url\(#(\w+)\)", drawn))
    assert used <= set(re.findall(r'<pattern id="(\w+)"', drawn))
    assert "href" not in drawn
    assert client.get(f"{path}picture.png").content.startswith(b"\x89PNG")


def test_files_a_page_does_not_have_are_not_there(client: Client, ids: dict[str, Any]) -> None:
    for path in ("/articles/picture.svg", "/method/rows.csv", f"/article/{ids['article']}/picture.png"):
        assert client.get(path).status_code == 404
    for path in (
        "/article/none/",
        "/family/none/",
        "/outlet/none/",
        "/static/0/settings.py",
        "/static/0/../settings.py",
    ):
        assert client.get(path).status_code == 404


def test_a_long_list_is_paged_without_loss(client: Client) -> None:
    rows = client.get("/articles/rows.json?all=1").json()
    seen: list[str] = []
    for number in range(1, 32):
        html = client.get(f"/articles/?all=1&page={number}").content.decode()
        seen += re.findall(r'class="topic"><a href="/article/(\w+)/"', html)
        if 'rel="next"' not in html:
            break
    assert seen == [row["id"] for row in rows]


@pytest.mark.parametrize(
    ("order", "column"), [("title", "title"), ("outlet", "outlet"), ("words", "words"), ("others", "own_share")]
)
def test_lists_are_sorted_as_asked(client: Client, order: str, column: str) -> None:
    for direction in ("up", "down"):
        values = [
            1 - row[column] if order == "others" else row[column]
            for row in client.get(f"/articles/rows.json?order={order}&dir={direction}").json()
        ]
        values = [value.lower() if isinstance(value, str) else value for value in values]
        assert values == sorted(values, reverse=direction == "down")


def test_words_in_titles_are_found(client: Client) -> None:
    rows = client.get("/articles/rows.json?q=украин").json()
    assert rows
    assert all("украин" in row["title"].lower() for row in rows)


def test_a_familys_timeline_and_list_have_every_member(client: Client, ids: dict[str, Any]) -> None:
    rows = client.get(f"/family/{ids['family']}/rows.json").json()
    html = client.get(f"/family/{ids['family']}/").content.decode()
    timeline = html[html.index('<svg class="timeline"') : html.index("</svg>", html.index('<svg class="timeline"'))]
    assert set(re.findall(r'href="/article/(\w+)/"', timeline)) == {row["id"] for row in rows}
    places = re.findall(
        r'<(?:rect class="dot \w+" x="([\d.]+)" y="([\d.]+)"|path class="dot" d="M([\d.]+) ([\d.]+)l)', timeline
    )
    assert len(set(places)) == len(rows) == ids["largest"]  # none covers another


def test_flow_counts_every_word_of_the_map_once(client: Client) -> None:
    rows = client.get("/flow/rows.json").json()
    coverage = client.get("/rows.json").json()
    assert {row["lang"] for row in rows} <= {row["lang"] for row in coverage}
    total = sum(row["words"] for row in rows)
    ukraine = sum(row["words"] for row in rows if row["origin"] == "ukraine") / total
    html = client.get("/flow/").content.decode()
    assert f"Ukraine {round(100 * ukraine)}\u00a0%" in html


def test_the_method_page_has_the_headings_that_numbers_lead_to(client: Client, ids: dict[str, Any]) -> None:
    method = client.get("/method/").content.decode()
    anchors = set(re.findall(r'<h\d id="([^"]+)"', method))
    for page in PAGES:
        html = client.get(address(page, ids)).content.decode()
        for anchor in re.findall(r'href="/method/#([^"]+)"', html):
            assert anchor in anchors


def test_a_citation_says_what_when_of_which_data_and_where(client: Client) -> None:
    html = client.get("/?since=2025-08-04").content.decode()
    [cited] = re.findall(r"To cite:</span> (.*?)</p>", html)
    assert "Void map. Arna " in cited
    assert "data " in cited
    assert cited.endswith("http://testserver/?since=2025-08-04")


def test_json_of_the_map_is_plain_json(client: Client) -> None:
    response = client.get("/rows.json")
    assert response.headers["Content-Type"] == "application/json"
    assert json.loads(response.content)


def test_pages_are_named_in_the_readers_language(client: Client) -> None:
    html = client.get("/", headers={"accept-language": "kk"}).content.decode()
    assert '<html lang="kk">' in html
    assert "Қазақ тілі" in html
    client.post("/language", {"language": "uk", "next": "/flow/"})
    assert '<html lang="uk">' in client.get("/", headers={"accept-language": "kk"}).content.decode()


def test_the_language_form_leads_nowhere_else(client: Client) -> None:
    response = client.post("/language", {"language": "uk", "next": "https://elsewhere.example/"})
    assert "elsewhere" not in response.headers.get("Location", "")


def test_only_names_of_this_machine_are_answered(client: Client) -> None:
    assert client.get("/", headers={"host": "elsewhere.example"}).status_code == 400


def test_the_report_and_the_map_say_the_same(planted: tuple[Path, Any], client: Client) -> None:
    from arna.air.report import render_report
    from arna.space import load_space

    folder = planted[0]
    report = render_report(load_space(folder), Lake(folder / "lake"), "space")
    bars = re.compile(r'<svg class="bar" width="100%" height="\d+" role="img"><title>([^<]+)</title>')
    both = [set(bars.findall(page[page.index('<table class="map"') : page.index("</table>", page.index('<table class="map"'))]))
            for page in (report, client.get("/?langs=all").content.decode())]  # fmt: skip
    assert len(both[0]) > 20
    assert both[0] == both[1]
