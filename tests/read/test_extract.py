from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arna.read.extract import Extraction, extract_body, list_block_texts, parse_page
from arna.read.features import COLUMNS
from arna.read.furniture import Furniture
from arna.read.weights import COLUMNS as TRAINED_COLUMNS
from arna.read.weights import FOREST
from arna.text.normalise import clean

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.html"))
PARAGRAPHS = (
    "Ауданда көпір салынып бітті, енді ауыл тұрғындары қалаға екі сағат емес, жиырма минутта жетеді.",
    "Құрылыс екі жылға созылды, оған облыс бюджетінен үш миллиард теңге жұмсалды, деп хабарлады әкімдік.",
    "Келесі жылы көпірге апаратын он екі шақырым жол жөнделеді, жобасы қазір дайындалып жатыр.",
)


def extract(html: str, furniture: Furniture | None = None) -> Extraction:
    found = extract_body(parse_page(html), furniture)
    assert found is not None
    return found


def article(inside: str = "") -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return f"<html><head><title>Көпір</title></head><body><div><h1>Көпір</h1>{text}{inside}</div></body></html>"


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_pages_give_their_text_and_nothing_around_it(path: Path) -> None:
    found = extract(path.read_text(encoding="utf-8"))
    assert found.text == path.with_suffix(".txt").read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_text_is_clean_and_blocks_are_its_lines(path: Path) -> None:
    found = extract(path.read_text(encoding="utf-8"))
    assert clean(found.text) == found.text
    assert [found.text[begin:end] for begin, end in found.blocks] == found.text.split("\n")


def test_link_is_where_its_words_stand() -> None:
    found = extract((Path(__file__).parent / "golden" / "uk-hidden.html").read_text(encoding="utf-8"))
    (link,) = found.links
    assert link.url == "https://rada.example/marshrut"
    assert found.text[link.begin : link.end] == "пресслужба міської ради"


def test_second_of_two_equal_words_is_linked_when_the_page_links_the_second() -> None:
    found = extract(
        article(
            "<p>ТАСС писал о мосте в марте, но первым о нём сообщил не он, а местная газета; "
            "теперь\u00a0<a href='/tass'>ТАСС</a> ссылается на неё, и ТАСС прав.</p>"
        )
    )
    (link,) = found.links
    assert found.text[link.begin : link.end] == "ТАСС"
    assert found.text[link.begin - 7 : link.begin] == "теперь "


def test_link_over_several_paragraphs_is_cut_at_their_ends() -> None:
    linked = f"<a href='/x'><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p></a>"
    found = extract(article(linked.replace("Ауданда", "Аймақта").replace("Құрылыс", "Жұмыс")))
    assert found.text.startswith("\n".join(PARAGRAPHS))
    for link in found.links:
        assert "\n" not in found.text[link.begin : link.end]


@pytest.mark.parametrize(
    "html", ["", "   ", "<html></html>", "<p></p>", "\x00", "<script>var a = '<p>x</p>';</script>"]
)
def test_page_without_text_gives_none(html: str) -> None:
    assert extract_body(parse_page(html)) is None


def test_five_thousand_nested_elements_are_read() -> None:
    deep = "<div>" * 5000 + article() + "</div>" * 5000
    assert extract(deep).text.split("\n") == list(PARAGRAPHS)


def test_page_of_two_megabytes_is_read() -> None:
    many = "".join(f"<p>{number}. {PARAGRAPHS[number % 3]}</p>" for number in range(11_000))
    html = f"<html><body><div class='article-body'>{many}</div></body></html>"
    assert len(html.encode()) > 2_000_000
    assert extract(html).text.count("\n") > 10_000


def test_article_shown_by_a_script_only_is_found() -> None:
    html = f"<body style='visibility:hidden'><div style='display:none'>{article()}</div></body>"
    assert PARAGRAPHS[0] in extract(html).text


def test_hidden_copy_beside_the_article_is_not_text() -> None:
    copy = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    assert extract(article(f"<div hidden>{copy}</div><div>{copy}</div>")).text.split("\n") == list(PARAGRAPHS)


def test_comments_are_not_text() -> None:
    comment = "Жақсы жаңалық, көптен күткен едік, енді көктемде су алса да жол жабылмайды деп үміттенеміз."
    found = extract(article(f"<div class='comment-list'><div class='comment'><p>{comment}</p></div></div>"))
    assert comment not in found.text


def test_dateline_and_credit_line_stay() -> None:
    found = extract(
        "<html><body><article><h1>Мост открыт</h1><p>АСТАНА, 23 сентября — ТАСС. Мост через реку открыли в среду, "
        "движение по нему начнётся после испытаний.</p><p>Испытания займут неделю, грузовики пустят позже, "
        "сообщили в министерстве транспорта.</p><p>Источник: ТАСС</p></article></body></html>"
    )
    assert found.text.startswith("АСТАНА, 23 сентября — ТАСС.")
    assert found.text.endswith("\nИсточник: ТАСС")


def test_stated_body_points_to_the_article_among_longer_texts() -> None:
    other = "".join(f"<p>{text}</p>" for text in ("Reprints of any text need a written permission. " * 6,) * 9)
    own = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    html = (
        '<html><head><script type="application/ld+json">{"@type":"NewsArticle",'
        f'"articleBody":"{" ".join(PARAGRAPHS)}"}}</script>'
        f"</head><body><div><div>{other}</div><div>{own}</div></div></body>"
    )
    assert extract(html).text.split("\n")[-3:] == list(PARAGRAPHS)


def test_furniture_of_the_outlet_is_left_out() -> None:
    box = "Біздің Telegram арнамызға жазылыңыз, ең маңызды жаңалықтарды бірінші болып біліңіз."
    html = article(f"<p>{box}</p>")
    assert box in list_block_texts(parse_page(html))
    found = extract(html, Furniture.learn([[box, f"{i} {PARAGRAPHS[i % 3]}"] for i in range(5)]))
    assert found.text.split("\n") == list(PARAGRAPHS)


def test_weights_fit_the_features() -> None:
    assert len(COLUMNS) == TRAINED_COLUMNS
    assert FOREST.columns.max() < TRAINED_COLUMNS


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *(
                    "<p>",
                    "</p>",
                    "<div>",
                    "</div>",
                    "<a href='/u'>",
                    "</a>",
                    "<br>",
                    "<table><tr><td>",
                    "</td>",
                    "</table>",
                ),
                *("<b>", "</b>", "<pre>", "</pre>", "<ul><li>", "<script>", "</script>", "\u200b", "\u00ad", "и\u0306"),
                *("&nbsp;", "\n\n", "<!--", "-->", "<h2>", *PARAGRAPHS),
            ]
        ),
        max_size=40,
    )
)
def test_any_markup_gives_clean_text_with_spans_inside_it(parts: list[str]) -> None:
    found = extract_body(parse_page("".join(parts)))
    if found is None:
        return
    assert clean(found.text) == found.text
    assert [found.text[begin:end] for begin, end in found.blocks] == found.text.split("\n")
    for link in found.links:
        assert link.url == "/u"
        assert 0 <= link.begin < link.end <= len(found.text)
        assert found.text[link.begin : link.end].strip()
