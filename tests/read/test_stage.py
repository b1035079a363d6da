"""From fetched pages to articles: every page ends in one outcome, and no page stops the others."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arna.read.stage import PAGES, read_pages
from arna.terms import SCHEMAS
from tests.read.pages import BODIES, FETCHED, JSON, SPACE, ByScript, article, html, page, read, reasons


@pytest.mark.parametrize("lang", BODIES)
def test_page_in_each_language_gives_its_text_and_exact_passages(lang: str) -> None:
    result = read(page(html(BODIES[lang])))
    assert reasons(result) == [("kept", "")]
    (found,) = result.articles.to_pylist()
    assert found["text"] == "\n".join(BODIES[lang])
    assert found["script"] == lang[-4:]
    pieces = [found["text"][row["begin"] : row["end"]] for row in result.passages.to_pylist()]
    assert " ".join(pieces) == " ".join(BODIES[lang])
    assert len(pieces) == 4
    assert result.passages["n"].to_pylist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("row", "outcome", "reason"),
    [
        (page(None, problem="record is cut short"), "failed", "broken: record is cut short"),
        (
            page(None, problem="too-large: 200 MB, the limit is 10 MB"),
            "dropped",
            "too-large: 200 MB, the limit is 10 MB",
        ),
        (page(None), "failed", "broken: the page has no payload"),
        (page("<p>x", fetched_at=None), "failed", "broken: the time of fetching is missing"),
        (page(html(BODIES["kk-Cyrl"]), status=404), "dropped", "http-status: 404"),
        (page(b"\x89PNG\r\n", mime="image/png"), "dropped", "not-html: image/png"),
        (page(b"%PDF-1.7 ..."), "dropped", "not-html: application/pdf"),
        (page("жай мәтін", mime="text/plain; charset=utf-8"), "dropped", "not-html: text/plain"),
        (page("{}", mime=None), "dropped", "not-html: unknown"),
        (page(""), "dropped", "empty-page"),
        (page(" \r\n\t "), "dropped", "empty-page"),
        (page("<html><body></body></html>"), "dropped", "no-article-text"),
        (
            page('<frameset cols="20%,80%"><frame src="a.html"><frame src="b.html"></frameset>'),
            "dropped",
            "no-article-text",
        ),
        (page(b"<p>" + b"x" * 10_000_000), "dropped", "too-large: 10.1 MB, the limit is 10 MB"),
        (page("<div>" * 30_000), "failed", "broken: nested 30000 deep, the limit is 2000"),
        (page("{", mime=JSON), "failed", "broken: not JSON: Expecting property name"),
        (page("[1]", mime=JSON), "failed", "broken: the JSON is not an object"),
        (article(text=" \n"), "dropped", "empty-text"),
        (article(text=None), "dropped", "empty-text"),
    ],
)
def test_pages_without_an_article_say_why(row: dict[str, Any], outcome: str, reason: str) -> None:
    ((got, why),) = reasons(read(row))
    assert got == outcome
    assert why.startswith(reason)


def test_short_notice_of_two_sentences_is_kept_and_a_caption_is_not() -> None:
    notice = (
        "Посол Украины прибыл в Астану в начале сентября и вручил верительные грамоты. "
        "Сегодня он встретился с журналистами, сообщает посольство Украины в Казахстане."
    )
    caption = "Посол Украины даёт интервью журналистам в Астане, посольство Украины."
    assert reasons(read(page(html([notice])))) == [("kept", "")]
    ((outcome, reason),) = reasons(read(page(html([caption]))))
    assert outcome == "dropped"
    assert reason.split(":")[0] in {"too-short", "no-article-text"}


def test_a_megabyte_of_junk_does_not_stop_the_page_after_it() -> None:
    junk = random.Random(7).randbytes(1_000_000)
    result = read(page(junk, 1), page(html(BODIES["uk-Cyrl"]), 2), page(junk, 3, mime=None), page(b"\x00" * 1000, 4))
    assert result.articles["document_id"].to_pylist() == ["doc0002"]
    assert [reason for _, reason in reasons(result)] == [
        "not-html: binary data",
        "",
        "not-html: unknown",
        "not-html: video",
    ]


def test_whatever_breaks_inside_is_an_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError("no such luck")

    monkeypatch.setattr("arna.read.stage.read_article", break_down)
    assert reasons(read(page(html(BODIES["kk-Cyrl"])), article(2))) == [
        ("failed", "broken: RuntimeError: no such luck"),
        ("kept", ""),
    ]


def test_page_in_windows_1251_that_says_utf_8() -> None:
    row = page(html(BODIES["ru-Cyrl"]).replace("қ", "к").replace("©", "").encode("cp1251", "ignore"), charset="utf-8")
    assert read(row).articles["text"].to_pylist() == ["\n".join(BODIES["ru-Cyrl"])]


def test_links_are_absolute_clean_and_in_place() -> None:
    first, second = BODIES["en-Latn"]
    linked = first.replace("the embassy said", '<a href="../p/7?utm_source=tg&id=2#x">the embassy</a> said')
    mailed = second.replace("commission", '<a href="mailto:desk@dala.example">commission</a>')
    (found,) = read(page(html([linked, mailed]))).articles.to_pylist()
    (link,) = found["links"]
    assert link["url"] == "https://dala.example/p/7?id=2"
    assert found["text"][link["begin"] : link["end"]] == "the embassy"


def test_what_an_outlet_repeats_is_not_its_article() -> None:
    plea = "Біздің арнаға жазылыңыз және жаңалықтарды бірінші болып біліңіз, сілтеме төменде берілген."
    words = [text for body in BODIES.values() for text in body]
    pages = [page(html([words[i], words[i + 1], plea]), i) for i in range(0, len(words), 2)]
    assert not any(plea in text for text in read(*pages).articles["text"].to_pylist())
    assert plea in read(pages[0]).articles["text"].to_pylist()[0]


def test_one_page_fetched_five_times_is_one_article_and_not_furniture() -> None:
    rows = [
        page(html(BODIES["kk-Cyrl"]), n, url="https://dala.example/a#x", fetched_at=FETCHED - timedelta(hours=n))
        for n in range(5)
    ]
    result = read(*rows)
    assert result.articles["document_id"].to_pylist() == ["doc0004"]
    assert result.articles["text"].to_pylist() == ["\n".join(BODIES["kk-Cyrl"])]
    assert reasons(result) == [("dropped", "duplicate: doc0004")] * 4 + [("kept", "")]


def test_passages_have_their_own_language_and_short_ones_the_article_s() -> None:
    text = "Президент прибыл в столицу сегодня утром. Breaking news today. The embassy said it was glad."
    assert read(article(text=text)).passages["lang"].to_pylist() == ["ru-Cyrl", "ru-Cyrl", "en-Latn"]


def test_one_call_tells_all_languages() -> None:
    identifier = ByScript()
    rows = [article(n, text=BODIES["kk-Cyrl"][0]) for n in range(5)]
    read_pages(pa.Table.from_pylist(rows, schema=PAGES), SPACE, identifier)
    assert identifier.calls == 1


def test_ids_follow_content_and_not_the_order_or_the_document() -> None:
    rows = [page(html(BODIES[lang]), n) for n, lang in enumerate(BODIES)]
    there, back = read(*rows), read(*reversed(rows))
    assert sorted(there.articles["id"].to_pylist()) == sorted(back.articles["id"].to_pylist())
    assert all(len(name) == 32 and int(name, 16) >= 0 for name in there.articles["id"].to_pylist())
    assert read(rows[0] | {"id": "other"}).articles["id"] == read(rows[0]).articles["id"]
    assert read(rows[0] | {"outlet": "qyr"}).articles["id"] != read(rows[0]).articles["id"]


def test_no_pages_give_empty_tables() -> None:
    result = read()
    assert (result.articles.schema, result.passages.schema, result.outcomes.schema) == (
        SCHEMAS["articles"],
        SCHEMAS["passages"],
        SCHEMAS["outcomes"],
    )
    assert result.articles.num_rows == result.passages.num_rows == result.outcomes.num_rows == 0


markups = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(str.encode),
    st.lists(st.sampled_from([html(body) for body in BODIES.values()]), min_size=1, max_size=1).map(
        lambda parts: parts[0].encode()
    ),
    st.dictionaries(
        st.sampled_from(["url", "text", "title", "published_at", "links", "lang", "author", "x"]),
        st.recursive(
            st.none() | st.text(max_size=30) | st.integers(-5, 10**12) | st.floats(),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["url", "begin", "end"]), inner, max_size=3)
            ),
            max_leaves=6,
        ),
    ).map(lambda value: json.dumps(value).encode()),
)
mimes = st.sampled_from(["text/html", JSON, None, "application/xhtml+xml; charset=koi8-r", "image/gif"])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda payload, mime, status, url, outlet: {
                "payload": payload,
                "mime": mime,
                "status": status,
                "url": url,
                "outlet": outlet,
            },
            st.none() | markups,
            mimes,
            st.sampled_from([200, 200, 200, 0, None, 404]),
            st.sampled_from(["https://dala.example/1", "https://dala.example/2", "", "x:"]) | st.text(max_size=10),
            st.sampled_from(["dala", "qyr", None]),
        ),
        max_size=8,
    )
)
def test_every_page_has_one_outcome_and_every_span_lies_in_its_text(rows: list[dict[str, Any]]) -> None:
    result = read(*(page(None, n) | row for n, row in enumerate(rows)))
    assert result.outcomes["document_id"].to_pylist() == [f"doc{n:04}" for n in range(len(rows))]
    kept = [
        name
        for name, (outcome, _) in zip(result.outcomes["document_id"].to_pylist(), reasons(result), strict=True)
        if outcome == "kept"
    ]
    assert sorted(result.articles["document_id"].to_pylist()) == kept
    texts = dict(zip(result.articles["id"].to_pylist(), result.articles["text"].to_pylist(), strict=True))
    assert len(texts) == result.articles.num_rows
    for row in result.passages.to_pylist():
        assert 0 <= row["begin"] < row["end"] <= len(texts[row["article_id"]])
    for found in result.articles.to_pylist():
        assert all(0 <= link["begin"] <= link["end"] <= len(found["text"]) for link in found["links"])
        assert found["lang"].endswith(found["script"])
