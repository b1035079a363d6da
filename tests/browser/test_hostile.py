"""Hostile articles, taken in and run as any others: nothing runs, nothing breaks a page or a file."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

import pyarrow.parquet as pq
import pytest

from tests.browser.browsing import PHONE, STICKING_OUT, serve
from tests.cli.commanding import SPACE, WIRE, arna, make_article, write_jsonl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.browser.browsing import Site, Window

EVIL = "<script>window.ran=1</script><img src=x onerror='window.ran=2'><svg onload=window.ran=3>\"'`--></title>{{7*7}}"
TOML = EVIL.replace("\\", "\\\\").replace('"', '\\"')
EMOJI = "😀" * 9_997 + "🧑‍🌾🇺🇦🏳️‍🌈"
WORD = "щ" * 5_000
BIDI = "\u202eцерп\u202c \u2067\u200fاب\u2069 \u200b\u200d\u2060\ufeff"
CONTROLS = "".join(map(chr, range(1, 32))) + "\x7f\x80\x9f\ufffe"
TITLES = [EVIL, BIDI, EMOJI, WORD, CONTROLS + "тишина", "=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"javascript:alert(1)\";\"x\")",
          '"><a href="javascript:window.ran=4">сюда</a>', "\ttab", ""]  # fmt: skip
LINKS = ["javascript:window.ran=5", "JaVaScRiPt:window.ran=5", "data:text/html,<script>window.ran=6</script>", "//visnyk.example/news/1",
         "https://visnyk.example/\"onmouseover=\"window.ran=7", "https://visnyk.example/news/1"]  # fmt: skip
OUTLETS = f"""
[[outlet]]
id = "visnyk"
name = "{TOML}"
origin = "ukraine"
country = "UA"
kind = "agency"
languages = ["uk", "ru"]
domains = ["visnyk.example"]
[outlet.names]
ru = ["Полтавский вестник", "{TOML}"]

[[outlet]]
id = "dala"
name = "<b>Дала</b> & сыновья \u202e"
origin = "kazakhstan"
country = "KZ"
kind = "portal"
languages = ["kk", "ru"]
domains = ["dala.example"]
"""


def write_hostile(folder: Path) -> Path:
    (folder / "outlets").mkdir(parents=True)
    space = SPACE.replace('"A small space"', f'"{TOML}"').replace('title = "Economy and trade"', f'title = "{TOML}"')
    (folder / "space.toml").write_text(space.replace('title = "Kazakhstan"', f'title = "{TOML}"'), encoding="utf-8")
    (folder / "outlets" / "all.toml").write_text(OUTLETS, encoding="utf-8")
    lines = [make_article(1, "visnyk", f"{WIRE}\n{EVIL}", "2026-03-02T09:00:00Z", author=EVIL, title=EVIL)]
    for n, title in enumerate(TITLES):
        text = f"Сообщает «{EVIL}».\n{BIDI}{WIRE}\n{EMOJI if n == 0 else EVIL}\n{WORD} {CONTROLS} экспорт."
        outlet = ("dala", f"<i>{n}</i>{EVIL}.example", "strange.example")[n % 3]
        at = f"2026-03-{n % 20 + 3:02}T12:00:00Z"
        line = make_article(n + 2, outlet, text, at, title=title, author=TITLES[-n - 1], links=LINKS, section=EVIL)
        lines.append(line | {"url": f"https://dala.example/{n}?q={'x' * 300}\"'<b>"})
    lines.append(
        make_article(90, "dala", WIRE, "2026-03-05T12:00:00Z", title="Ссылка") | {"url": "javascript:window.ran=8"}
    )
    arna("import", "-s", folder, write_jsonl(folder.parent / "given.jsonl", lines))
    assert arna("run", "-s", folder, "--workers", 1).code == 0
    return folder


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serve(write_hostile(tmp_path_factory.mktemp("hostile") / "space")) as served:
        yield served


@pytest.fixture(scope="module")
def paths(hostile: Site) -> list[str]:
    """Every page there is, with hostile words in the query too."""
    lists = ["/", "/?view=table", "/?langs=all", "/articles/?all=1", "/families/", "/outlets/", "/flow/", "/health/", "/search/",
             "/search/?q=экспорт", "/search/?q=script"]  # fmt: skip
    lists += [
        f"{page}?q={quote(EVIL)}&lang={quote(EVIL)}&outlet={quote(EVIL)}&topic={quote(EVIL)}"
        for page in ("/articles/", "/search/", "/")
    ]
    articles = [f"/article/{row['id']}/" for row in hostile.rows("/articles/?all=1")]
    families = [f"/family/{row['story']}/" for row in hostile.rows("/families/")]
    outlets = [f"/outlet/{quote(row['outlet'], safe='')}/" for row in hostile.rows("/outlets/")]
    assert len(articles) >= len(TITLES)
    assert families
    return lists + articles + families + outlets


def test_nothing_runs_and_no_page_breaks(open_window: Callable[..., Window], hostile: Site, paths: list[str]) -> None:
    window, faults = open_window(hostile, width=PHONE, height=740), {}
    for path in paths:
        if window.page.goto(hostile.address + path).status != 200:  # type: ignore[union-attr]
            faults[path] = ["no answer"]
            continue
        window.page.evaluate("() => document.querySelectorAll('details').forEach(fold => { fold.open = true })")
        found = window.page.evaluate(STICKING_OUT)
        if window.page.evaluate("() => 'ran' in window"):
            found.append("it ran")
        found += window.page.evaluate(
            "() => [...document.querySelectorAll('main img, main script, main iframe, [onerror], [onload], [onmouseover]')].map(e => e.outerHTML)"
        )
        links = window.page.evaluate(
            "() => [...document.querySelectorAll('a')].map(a => new URL(a.getAttribute('href'), location).protocol)"
        )
        found += [link for link in links if link not in {"http:", "https:"}]
        window.page.set_viewport_size({"width": 1280, "height": 740})
        found += [f"wide: {fault}" for fault in window.page.evaluate(STICKING_OUT)]
        window.page.set_viewport_size({"width": PHONE, "height": 740})
        if found:
            faults[path] = found[:4]
    assert not faults, "\n".join(f"{path[:80]}: {found}" for path, found in faults.items())
    window.check_quiet(hostile)


def test_marks_of_direction_end_where_the_title_ends(hostile: Site, open_window: Callable[..., Window]) -> None:
    """An override in a title turns nothing around it: each stands in an element that isolates it."""
    window = open_window(hostile)
    window.go("/articles/?all=1")
    loose = window.page.evaluate(
        """() => [...document.querySelectorAll("main *, header *")].filter(e => [...e.childNodes].some(n => n.nodeType === 3 && /[\\u202a-\\u202e]/.test(n.data)))
        .filter(e => !e.closest("bdi, option, title, [dir=auto]")).map(e => e.outerHTML.slice(0, 120))"""
    )
    assert loose == []


def test_no_page_is_heavy_for_hostile_text(hostile: Site, paths: list[str]) -> None:
    heavy = {}
    for path in paths:
        size = len(hostile.fetch(path)[0])
        if size > 150_000:
            heavy[path[:80]] = size
    assert heavy == {}


def test_every_file_is_whole_and_a_sheet_computes_nothing(hostile: Site, paths: list[str]) -> None:
    computed, broken = [], []
    for path in paths:
        page, _, query = path.partition("?")
        if page == "/search/" or page.startswith("/articles/?q"):
            continue
        query = f"?{query}" if query else ""
        rows = hostile.rows(path)
        lines = list(csv.DictReader(io.StringIO(hostile.text(f"{page}rows.csv{query}"), newline="")))
        packed = pq.read_table(io.BytesIO(hostile.fetch(f"{page}rows.parquet{query}")[0]))
        assert len(lines) == len(rows) == packed.num_rows, path
        for line, row in zip(lines, rows, strict=True):
            for name, value in row.items():
                if isinstance(value, str) and line[name].lstrip("'") != value.lstrip("'"):
                    broken.append((path[:60], name, line[name][:40]))
                if isinstance(value, str) and re.match(r"[=+\-@\t\r]", line[name]):
                    computed.append((path[:60], name, line[name][:40]))
    assert broken == []
    assert computed == []  # a spreadsheet takes such a cell for a formula


def test_pictures_of_hostile_names_are_pictures(
    hostile: Site, open_window: Callable[..., Window], paths: list[str]
) -> None:
    window = open_window(hostile)
    for path in [
        path for path in paths if path in {"/", "/flow/", "/health/"} or path.startswith(("/family/", "/outlet/"))
    ]:
        drawn = hostile.text(f"{path}picture.svg")
        root = ET.fromstring(drawn)  # noqa: S314  # ours
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert not tags & {"script", "image", "img", "foreignObject", "a"}, path
        assert not [
            name for element in root.iter() for name in element.attrib if name.startswith("on") or name.endswith("href")
        ]
        assert hostile.fetch(f"{path}picture.png")[0].startswith(b"\x89PNG")
        shown = window.page.context.new_page()
        shown.set_content(f"<iframe srcdoc='{escape(drawn, quote=True)}'></iframe>")
        assert not shown.evaluate("() => 'ran' in window || 'ran' in frames[0]")
        shown.close()
    window.check_quiet(hostile)


def test_hostile_words_are_shown_as_they_are(hostile: Site, open_window: Callable[..., Window]) -> None:
    window = open_window(hostile)
    window.go("/articles/?all=1")
    titles = window.texts(".list .topic")
    assert any(title.startswith("<script>window.ran=1</script>") for title in titles)
    assert "=1+1" in titles
    assert "(no title)" in titles
    window.go("/search/?q=script")
    assert window.page.locator("#find").input_value() == "script"
