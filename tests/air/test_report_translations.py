from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from selectolax.lexbor import LexborHTMLParser

from arna.air.report import write_report
from arna.store import LakeWriter
from arna.terms import SCHEMAS

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

SPACE = """
id = "small"
title = "Ukraine, as read in Karaganda"
languages = ["kk-Cyrl", "ru-Cyrl", "uk-Cyrl", "uz-Latn"]
[subject]
id = "ukraine"
title = "Ukraine"
own_origins = ["ukraine"]
[subject.stems]
ru = ["украин"]
[[origins]]
id = "ukraine"
title = "Ukraine"
[[origins]]
id = "kazakhstan"
title = "Kazakhstan"
[[topics]]
id = "economy"
title = "Economy"
[topics.stems]
ru = ["торг"]
"""
OUTLET = """
[[outlet]]
id = "{0}"
name = "{1}"
origin = "{2}"
country = "kz"
kind = "newspaper"
languages = ["{3}"]
domains = ["{0}.example"]
"""
OUTLETS = (
    ("zoria", "Зоря", "ukraine", "uk-Cyrl"),
    ("step", "Степной курьер", "kazakhstan", "ru-Cyrl"),
    ("dala", "Дала", "kazakhstan", "kk-Cyrl"),
    ("bozor", "Bozor xabari", "kazakhstan", "uz-Latn"),
)
TEXTS = {
    "uk": (
        "Порт Одеси за тиждень прийняв 28 суден.",
        "Докери працювали у три зміни.",
        "Шторм двічі закривав гавань.",
        "Пшениця подорожчала на 4 відсотки.",
    ),
    "ru": (
        "Порт Одессы за неделю принял 28 судов, и докеры работали в три смены.",
        "Пшеница подорожала на 4 процента, сообщает «Зоря».",
    ),
    "kk": (
        "Қарағандылық диірменшілер бұл жаңалықты күтіп отырған.",
        "Одесса порты бір аптада 28 кеме қабылдады, докерлер үш ауысыммен жұмыс істеді.",
        "Бидай 4 пайызға қымбаттады.",
        "Бізде астық бағасы әзірге өзгерген жоқ.",
    ),
    "uz": (
        "Odessa porti haftada 28 ta kemani qabul qildi.",
        "Bugʻdoy narxi 4 foizga oshdi.",
        "Toshkentda un narxi oʻzgarmadi.",
    ),
}
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def place(key: str, first: int, last: int) -> tuple[int, int]:
    """Sentences ``[first, last)`` as tracing gives them: from the first word to the last, without the full stop."""
    begin = len(" ".join(TEXTS[key][:first])) + (first > 0)
    return begin, len(" ".join(TEXTS[key][:last])) - 1


def render(here: str, first: int, last: int, there: str, spans: tuple[int, int], **more: Any) -> dict[str, Any]:
    begin, end = place(here, first, last)
    source_begin, source_end = place(there, *spans)
    detail: dict[str, Any] = {"margin": 0.312, "numbers": [1, 1, 0], "dates": [0, 0, 0], "names": [2, 0, 0]}
    row = {"article_id": here, "begin": begin, "end": end, "kind": "translation", "score": 0.93, "direction": "clock"}
    row |= {"direction_confidence": 0.72} | more
    if more.get("direction") == "unclear":
        detail |= {"perhaps": there, "perhaps_begin": source_begin, "perhaps_end": source_end}
        return {**row, "detail": json.dumps(detail)}
    source = {"source_article_id": there, "source_begin": source_begin, "source_end": source_end}
    outlet = OUTLETS[list(TEXTS).index(there)][0]
    return {**row, **source, "source_outlet": outlet, "detail": json.dumps(detail)}


def make_rows() -> dict[str, list[dict[str, Any]]]:
    articles, passages = [], []
    for n, ((key, sentences), (outlet, _, _, lang)) in enumerate(zip(TEXTS.items(), OUTLETS, strict=True)):
        articles.append(
            {
                "id": key,
                "url": f"https://{outlet}.example/1",
                "outlet": outlet,
                "title": f"Title {key}",
                "lang": lang,
                "published_at": NOON + timedelta(hours=n),
                "published_from": "meta",
                "text": " ".join(sentences),
            }
        )
        for k in range(len(sentences)):
            begin, end = place(key, k, k + 1)
            passages.append({"article_id": key, "n": k, "begin": begin, "end": end + 1, "lang": lang})
    credited = TEXTS["ru"][1].index("«Зоря»") + len(TEXTS["ru"][0]) + 1
    credit = {"article_id": "ru", "begin": credited, "end": credited + 6, "kind": "credit", "source_outlet": "zoria"}
    credit |= {"score": 0.95, "direction": "credit", "direction_confidence": 0.95, "detail": '{"whole": true}'}
    stated = {"direction": "credit", "direction_confidence": 0.95}
    return {
        "articles": articles,
        "passages": passages,
        "topics": [{"article_id": key, "on_subject": True, "topic": "economy", "words": 14} for key in TEXTS],
        "reliances": [
            render("ru", 0, 1, "uk", (0, 2), **stated),
            render("ru", 1, 2, "uk", (3, 4), **stated),
            credit,
            render("kk", 1, 2, "ru", (0, 1)),
            render("kk", 2, 3, "ru", (1, 2)),
            render("uz", 0, 1, "ru", (0, 1), direction="unclear", direction_confidence=0.5),
            render("uz", 1, 2, "ru", (1, 2), direction="unclear", direction_confidence=0.5),
        ],
        "origins": [{"article_id": "uz", "origin": "unknown", "share": 0.7}],
    }


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> LexborHTMLParser:
    folder = tmp_path_factory.mktemp("translations") / "small"
    (folder / "outlets").mkdir(parents=True)
    (folder / "space.toml").write_text(SPACE, encoding="utf-8")
    (folder / "outlets" / "all.toml").write_text("".join(OUTLET.format(*outlet) for outlet in OUTLETS), "utf-8")
    with LakeWriter(folder / "lake") as lake:
        for name, items in make_rows().items():
            lake.append(name, pa.Table.from_pylist(items, schema=SCHEMAS[name]))
    return LexborHTMLParser(write_report(folder).read_text(encoding="utf-8"))


def find_article(tree: LexborHTMLParser, key: str) -> LexborNode:
    return next(node for node in tree.css("details.article") if f"Title {key}" in node.css_first("h3").text())


def say(node: LexborNode | None) -> str:
    assert node is not None
    return " ".join(node.text(separator=" ").split())


def test_each_sentence_stands_beside_the_one_it_renders_in_its_own_language(tree: LexborHTMLParser) -> None:
    pairs = find_article(tree, "kk").css(".aligned.translation .pair")
    sides = [(pair.css_first(".text"), pair.css_first("blockquote")) for pair in pairs]
    assert [(say(here), say(there)) for here, there in sides] == [
        (TEXTS["kk"][1], TEXTS["ru"][0]),
        (TEXTS["kk"][2], TEXTS["ru"][1]),
    ]
    assert {(here.attributes["lang"], there.attributes["lang"]) for here, there in sides} == {("kk", "ru")}


def test_sentences_of_its_own_stand_beside_nothing(tree: LexborHTMLParser) -> None:
    own = find_article(tree, "kk").css(".sides.own")
    assert [say(line) for line in own] == [TEXTS["kk"][0], TEXTS["kk"][3]]


def test_merged_and_left_out_sentences_are_told(tree: LexborHTMLParser) -> None:
    first, second = find_article(tree, "ru").css(".pair")
    assert "one sentence here, two there" in say(first.css_first(".meta"))
    assert say(first.css_first("blockquote")) == " ".join(TEXTS["uk"][:2])
    assert say(second.css_first(".skipped")) == f"1 sentence there left out here {TEXTS['uk'][2]}"
    assert second.css_first(".skipped p").attributes["lang"] == "uk"
    assert first.css_first(".skipped") is None


def test_what_was_compared_and_how_the_direction_is_known_are_said(tree: LexborHTMLParser) -> None:
    article = find_article(tree, "ru")
    assert say(article.css_first(".pair .meta")).endswith(
        "1 number and 2 names in both; 1 number only here · margin 0.31, strong"
    )
    head = say(article.css_first(".from"))
    assert head.startswith("Translated from Зоря ( Ukraine) Title uk · Ukrainian · 2 Mar 2026, 12:00 UTC")
    assert (
        "Direction: stated by a credit, confidence 0.95. Both sentences here beside 3 of the 4 sentences there." in head
    )


def test_a_credit_inside_a_translated_sentence_keeps_its_mark(tree: LexborHTMLParser) -> None:
    pair = find_article(tree, "ru").css(".pair")[1]
    assert pair.css_first(".mark.credit").text() == "«Зоря»"
    assert "it speaks for the whole article" in say(pair.css_first(".grounds"))


def test_a_chain_is_followed_over_three_languages(tree: LexborHTMLParser) -> None:
    article = find_article(tree, "kk")
    assert say(article.css_first(".hop")) == (
        "That text was translated from Зоря ( Ukraine) , Ukrainian, 2 Mar 2026, 12:00 UTC."
    )


def test_the_examples_say_what_they_are(tree: LexborHTMLParser) -> None:
    tags = {key: [say(tag) for tag in find_article(tree, key).css(".tags span")] for key in ("ru", "kk", "uz")}
    assert tags["ru"] == ["Ukrainian → Russian", "translation with a credit"]
    assert tags["kk"] == [
        "Ukrainian → Russian → Kazakh",
        "translation, told by the clock",
        "translated in part",
        "chain over three languages",
    ]
    assert tags["uz"] == ["perhaps a translation"]


def test_a_doubt_names_no_source_as_a_fact(tree: LexborHTMLParser) -> None:
    article = find_article(tree, "uz")
    assert "perhaps a translation" in say(article.css_first(".tags"))
    assert article.css_first(".aligned.translation") is None
    head = say(article.css_first(".aligned.doubt .from"))
    assert head.startswith("? May be a translation of Степной курьер")
    assert "Their words count as unknown" in head
    assert "Translated from" not in say(article)
    assert "Direction" not in say(article)
    assert [say(node) for node in article.css(".pair blockquote")] == list(TEXTS["ru"])


def test_the_report_says_that_languages_were_compared(tree: LexborHTMLParser) -> None:
    assert "Trace across languages" in say(tree.css_first("#method"))
