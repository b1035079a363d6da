"""A feed is a file of articles where it carries their text, and says so where it does not."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from collecting import import_whole
from hypothesis import given, settings
from hypothesis import strategies as st
from test_telegram import GOLDEN, import_golden

from arna.collect.feed_articles import read_feed
from arna.collect.plain_text import read_markup_text
from arna.errors import InputError

ITEM = "<item><title>Хабар</title><link>https://dala.example/{}</link><pubDate>2025-09-23T14:30:00+05:00</pubDate><description>{}</description></item>"


def write_feed(path: Path, *items: str, end: str = "</channel></rss>") -> Path:
    path.write_text(
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Дала</title>{"".join(items)}{end}', "utf-8"
    )
    return path


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml", "feed.json"])
def test_golden_feeds(name: str, tmp_path: Path) -> None:
    expected = json.loads((GOLDEN / f"{name}.expected").read_text("utf-8"))
    found = import_golden(name, tmp_path)
    assert found == expected
    for article in found["articles"]:
        for link in article.get("links", ()):
            assert article["text"][link["begin"] : link["end"]] in {"сообщили", "повідомляє «Дала»"}


def test_packed_feed(tmp_path: Path) -> None:
    path = tmp_path / "rss.xml.gz"
    path.write_bytes(gzip.compress((GOLDEN / "rss.xml").read_bytes()))
    assert import_whole(path, tmp_path / "warc").urls == import_whole(GOLDEN / "rss.xml", tmp_path / "warc").urls
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(InputError, match="its gzip data cannot be undone"):
        import_whole(path, tmp_path / "warc")


def test_same_file_gives_the_same_rows(tmp_path: Path) -> None:
    first = import_whole(GOLDEN / "rss.xml", tmp_path / "one")
    again = import_whole(GOLDEN / "rss.xml", tmp_path / "two")
    assert (first.documents, first.outcomes) == (again.documents, again.outcomes)
    assert [path.read_bytes() for path in (tmp_path / "one").iterdir()] == [
        path.read_bytes() for path in (tmp_path / "two").iterdir()
    ]


def test_entry_cut_off_is_no_article(tmp_path: Path) -> None:
    path = write_feed(
        tmp_path / "feed.xml",
        ITEM.format(1, "Бүтін мәтін."),
        ITEM.format(2, "Кесілген мә").partition("</desc")[0],
        end="",
    )
    found = import_whole(path, tmp_path / "warc")
    assert found.urls == ["https://dala.example/1"]
    assert found.problems == ["feed.xml: the feed: it is cut off at line 1"]


def test_outlet_is_that_of_the_entrys_host(tmp_path: Path) -> None:
    path = write_feed(
        tmp_path / "feed.rss",
        ITEM.format(1, "Мәтін."),
        ITEM.format(2, "Текст.").replace("dala.example", "www.visnyk.example"),
    )
    assert import_whole(path, tmp_path / "warc").documents["outlet"].to_pylist() == ["dala", "visnyk"]


def test_no_entity_reaches_an_article(tmp_path: Path) -> None:
    path = write_feed(tmp_path / "feed.xml", ITEM.format(1, "Мәтін&x;&y;."))
    trick = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y "құпия">]><rss'
    path.write_text(path.read_text("utf-8").replace("<rss", trick), "utf-8")
    [item] = read_feed(path)
    assert item.article["text"] == "Мәтін."


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Бір</p><p>Екі</p>", "Бір\nЕкі"),
        ("Бір<br><br/>Екі\n үш", "Бір\nЕкі үш"),
        ("<ul><li>Бір</li>\n<li>Екі</li></ul>", "Бір\nЕкі"),
        ("<p>Бір<script>if (a < b) { x = '</p>'; }</script> екі</p>", "Бір екі"),
        ("<!-- <p>жоқ</p> --><p>Бір&nbsp;&mdash; екі</p>", "Бір — екі"),
        ("<b>Қаз</b>ақ<i>стан</i>", "Қазақстан"),
        ("<div><iframe src='x'>жоқ</iframe><p>Бір", "Бір"),
        ("5 < 6 & 7 > 3", "5 < 6 & 7 > 3"),
        ("Қа\u00adзақ\u200bстан", "Қазақстан"),
        ("<p title='a>b'>Бір</p>", "Бір"),
    ],
)
def test_markup_as_paragraphs(markup: str, text: str) -> None:
    assert read_markup_text(markup, "https://dala.example/").text == text


def test_links_of_markup() -> None:
    plain = read_markup_text(
        '<p> <a href="/1"> Бір <b>екі</b> </a>үш <a href="mailto:x">хат</a> <a href="2">төрт<p><a href="#"></a>',
        "https://dala.example/n/",
    )
    assert [(link.url, plain.text[link.begin : link.end]) for link in plain.links] == [
        ("https://dala.example/1", "Бір екі"),
        ("https://dala.example/n/2", "төрт"),
    ]


PIECES = [
    "<",
    ">",
    "</",
    "<p>",
    "<a href='/x'>",
    "</a>",
    '<a href="//[">',
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "&amp;",
    "&#0;",
    "ә",
    " ",
    "\n",
    "'",
    '"',
    "<br/>",
    "<svg/>",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_markup_gives_clean_lines_and_spans_inside(markup: str) -> None:
    plain = read_markup_text(markup, "https://dala.example/")
    assert plain.text == "\n".join(" ".join(line.split()) for line in plain.text.splitlines())
    for link in plain.links:
        assert 0 <= link.begin < link.end <= len(plain.text)
        assert plain.text[link.begin : link.end].strip() == plain.text[link.begin : link.end]


@given(
    st.binary(max_size=80),
    st.sampled_from(
        [b"", b"<rss><channel><item><link>https://a.kz/", b'{"items": [{"url": "https://a.kz/", "content_html": "']
    ),
)
@settings(max_examples=150, deadline=None)
def test_any_bytes_end_in_articles_or_a_reason(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, head: bytes
) -> None:
    path = tmp_path_factory.mktemp("feed") / "feed.xml"
    path.write_bytes(head + data)
    try:
        items = list(read_feed(path))
    except InputError:
        return
    assert items
    assert all(item.trouble for item in items)
