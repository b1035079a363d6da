"""Spaces that are empty, not run, being run, broken, changed, or full of hostile text."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from arna.space import create_space
from arna.store import LakeWriter
from arna.terms import SCHEMAS
from tests.observatory.test_pages import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client

    Open = Callable[[Path], Client]

PAGES = ("/", "/articles/", "/families/", "/outlets/", "/flow/", "/health/", "/method/", "/search/", "/search/?q=а",
         "/rows.csv", "/rows.parquet", "/picture.svg", "/flow/rows.json", "/flow/picture.svg", "/health/rows.csv",
         "/articles/rows.json")  # fmt: skip


def make_space(folder: Path) -> Path:
    create_space(folder, "demo")
    return folder


def write(folder: Path, name: str, *rows: dict[str, Any]) -> None:
    filled = [{column: row.get(column) for column in SCHEMAS[name].names} for row in rows]
    with LakeWriter(folder / "lake") as lake:
        lake.append(name, pa.Table.from_pylist(filled, schema=SCHEMAS[name]))


def article(id_: str, **values: Any) -> dict[str, Any]:
    base = {"id": id_, "document_id": id_, "url": f"https://barvinform.example/{id_}", "outlet": "barvinform",
            "title": "Тиша", "published_at": datetime(2026, 6, 1, 9, tzinfo=UTC), "published_from": "json-ld",
            "lang": "uk-Cyrl", "script": "Cyrl", "text": "Перше речення. Друге речення.", "links": []}  # fmt: skip
    return base | values


def put_on_subject(folder: Path, id_: str) -> None:
    write(folder, "topics", {"article_id": id_, "on_subject": True, "topic": "economy", "words": 10})
    write(folder, "origins", {"article_id": id_, "origin": "own", "share": 1.0})


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_space_has_clear_pages(tmp_path: Path, open_space: Open, page: str) -> None:
    response = open_space(make_space(tmp_path / "space")).get(page)
    assert response.status_code == 200
    if page in {"/", "/articles/", "/outlets/", "/flow/", "/health/", "/families/", "/search/"}:
        assert "This space is empty." in response.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_a_space_that_has_not_been_run_says_so(tmp_path: Path, open_space: Open, page: str) -> None:
    folder = make_space(tmp_path / "space")
    write(folder, "documents", {"id": "d", "url": "https://a.example/"}, {"id": "e", "url": "https://b.example/"})
    response = open_space(folder).get(page)
    assert response.status_code == 200
    if page == "/":
        html = response.content.decode()
        assert "This space has not been run." in html
        assert "2 documents wait" in html


@pytest.mark.parametrize("page", PAGES)
def test_articles_without_date_topic_or_reliance_break_no_page(tmp_path: Path, open_space: Open, page: str) -> None:
    folder = make_space(tmp_path / "space")
    write(folder, "documents", {"id": "a"})
    write(folder, "articles", article("a", published_at=None, title=None, lang="und", text="", url="", outlet="stranger/1"),
          article("b", lang="zz-Latn"))  # fmt: skip
    client = open_space(folder)
    assert client.get(page).status_code == 200
    for path in (
        "/article/a/",
        "/article/b/",
        "/outlet/stranger%2F1/",
        "/outlet/stranger%2F1/rows.csv",
        "/articles/?all=1",
    ):
        assert client.get(path).status_code == 200


def test_a_broken_description_is_told_with_file_and_line(tmp_path: Path, open_space: Open) -> None:
    folder = make_space(tmp_path / "space")
    text = (folder / "space.toml").read_text(encoding="utf-8")
    (folder / "space.toml").write_text(text.replace("title =", "titel =", 1), encoding="utf-8")
    response = open_space(folder).get("/")
    assert response.status_code == 503
    assert "space.toml:2: unknown field" in response.content.decode()
    assert "Traceback" not in response.content.decode()


def test_a_folder_that_is_no_space_is_told(tmp_path: Path, open_space: Open) -> None:
    response = open_space(tmp_path).get("/")
    assert response.status_code == 503
    assert "no space.toml" in response.content.decode()


def test_a_damaged_table_is_told(tmp_path: Path, open_space: Open) -> None:
    folder = make_space(tmp_path / "space")
    write(folder, "articles", article("a"))
    [file] = (folder / "lake" / "articles").glob("*.parquet")
    file.write_bytes(b"PAR1 nothing PAR1")
    response = open_space(folder).get("/")
    assert response.status_code == 503
    assert "cannot be read" in response.content.decode()


def test_a_new_commit_is_seen_at_the_next_request(tmp_path: Path, open_space: Open) -> None:
    folder = make_space(tmp_path / "space")
    client = open_space(folder)
    assert client.get("/articles/rows.json?all=1").json() == []
    write(folder, "articles", article("a"))
    assert [row["id"] for row in client.get("/articles/rows.json?all=1").json()] == ["a"]


def test_while_a_run_is_writing_the_numbers_before_it_stay(tmp_path: Path, open_space: Open) -> None:
    folder = make_space(tmp_path / "space")
    write(folder, "documents", {"id": "a"}, {"id": "b"})
    write(folder, "articles", article("a"))
    put_on_subject(folder, "a")
    client = open_space(folder)
    assert "A run is going on" not in client.get("/").content.decode()
    rows = pa.Table.from_pylist([article("b") | {"author": None, "extra": None}], schema=SCHEMAS["articles"])
    with LakeWriter(folder / "lake") as lake:
        lake.append("articles", rows)
        assert "A run is going on" in client.get("/").content.decode()
        assert len(client.get("/articles/rows.json?all=1").json()) == 1
    assert "A run is going on" not in client.get("/").content.decode()
    assert len(client.get("/articles/rows.json?all=1").json()) == 2


def test_a_run_that_goes_on_from_the_start_is_no_fault(tmp_path: Path, open_space: Open) -> None:
    folder = make_space(tmp_path / "space")
    write(folder, "articles", article("a"))
    with LakeWriter(folder / "lake"):
        assert open_space(folder).get("/").status_code == 200


EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    folder = make_space(tmp_path / "space")
    text = f"{EVIL}\n\u202eбекар \u2067\n{'😀' * 10_000}\n{'щ' * 5_000}\n\x00\x1b\ufffe конец."
    write(
        folder, "articles",
        article("a", title=EVIL, text=text, url="javascript:alert(3)", outlet=EVIL, author=EVIL),
        article("b", title="\u202e" + "😀" * 10_000, text=text, url="https://x.example/\"onclick=alert(4)"),
    )  # fmt: skip
    for id_ in "ab":
        put_on_subject(folder, id_)
    write(
        folder, "reliances",
        {"article_id": "b", "begin": 0, "end": 40, "kind": "copy", "source_article_id": "a", "source_outlet": EVIL,
         "source_begin": 0, "source_end": 40, "score": 1.0, "direction": EVIL, "direction_confidence": 0.5,
         "detail": '{"words": 4, "equal_words": 4}'},
        {"article_id": "b", "begin": 5, "end": 12, "kind": "credit", "source_outlet": None, "score": 1.0,
         "direction": "credit", "direction_confidence": 0.95, "detail": '{"name": "<script>alert(5)</script>"}'},
        {"article_id": "b", "begin": 5, "end": 12, "kind": "link", "source_outlet": "barvinform", "score": 1.0,
         "direction": "link", "direction_confidence": 0.9, "detail": '{"url": "javascript:alert(6)"}'},
    )  # fmt: skip
    write(folder, "families", {"family": "a:0", "article_id": "a", "n": 0, "root": True},
          {"family": "a:0", "article_id": "b", "n": 0, "root": False})  # fmt: skip
    return folder


def test_hostile_text_stays_text(hostile: Path, open_space: Open) -> None:
    from urllib.parse import quote

    client = open_space(hostile)
    for page in ("/", "/articles/?all=1", "/article/a/", "/article/b/", "/families/", "/family/a/", "/outlets/", "/flow/",
                 "/health/", f"/outlet/{quote(EVIL, safe='')}/", f"/articles/?q={quote(EVIL)}", f"/search/?q={quote(EVIL)}",
                 f"/articles/?outlet={quote(EVIL)}&origin={quote(EVIL)}&lang={quote(EVIL)}"):  # fmt: skip
        response = client.get(page)
        html = response.content.decode()
        assert response.status_code == 200, page
        assert "<script>alert" not in html, page
        assert "<img" not in html, page
        assert not re.search(r'href="\s*javascript:', html, re.IGNORECASE), page
        reader = read(html)
        assert not reader.faults, page
        assert not [name for _, attrs in reader.seen for name in attrs if name.startswith("on")], page
        assert "\x00" not in html, page
        assert "\x1b" not in html, page


def test_hostile_titles_are_isolated(hostile: Path, open_space: Open) -> None:
    html = open_space(hostile).get("/articles/?all=1").content.decode()
    for title in re.findall(r'class="topic"><a [^>]+>(.*?)</a>', html):
        assert title.startswith("<bdi")


def test_files_of_hostile_text_are_whole(hostile: Path, open_space: Open) -> None:
    client = open_space(hostile)
    assert client.get("/article/b/rows.json").json()[0]["kind"] == "copy"
    for page in ("/family/a/picture.svg", "/family/a/picture.png", "/flow/picture.svg", "/articles/rows.csv?all=1"):
        response = client.get(page)
        assert response.status_code == 200
        assert b"<script" not in response.content or page.endswith("csv?all=1")


def test_texts_of_a_sheet_are_no_formulas_and_numbers_stay(tmp_path: Path, open_space: Open) -> None:
    folder = make_space(tmp_path / "space")
    titles = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "＝1", "Тиша = спокій"]
    for n, title in enumerate(titles):
        write(folder, "articles", article(f"{n}" * 32, title=title))
    client = open_space(folder)
    lines = list(csv.DictReader(io.StringIO(client.get("/articles/rows.csv?all=1").content.decode(), newline="")))
    assert sorted(line["title"] for line in lines) == sorted([*(f"'{title}" for title in titles[:-1]), titles[-1]])
    assert {line["own_share"] for line in lines} == {"1.0"}
    rows = client.get("/articles/rows.json?all=1").json()
    assert sorted(row["title"] for row in rows) == sorted(titles)


def test_a_filter_with_one_choice_is_not_offered_unless_it_is_set(tmp_path: Path, open_space: Open) -> None:
    folder = make_space(tmp_path / "space")
    write(folder, "articles", article("a" * 32))
    put_on_subject(folder, "a" * 32)
    client = open_space(folder)
    assert 'name="kind"' not in client.get("/").content.decode()
    assert 'name="kind" value="agency" checked' in client.get("/?kind=agency").content.decode()
