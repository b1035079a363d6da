"""Translations of real texts, with the model in the box."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from arna.text.scripts import kazakh_to_latin
from arna.text.sentences import split_passages
from arna.trace.stage import Traced
from tests.trace.harness import (
    Meaning,
    article,
    credit,
    shares,
    story,
    trace,
    translations,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

Articles = list[dict[str, object]]
TAGS = {"ru": "ru-Cyrl", "kk": "kk-Cyrl", "uk": "uk-Cyrl", "uz": "uz-Latn", "tk": "tk-Latn", "en": "en-Latn"}
OTHERS = (16, 17, 18, 19, 21, 24, 30, 32, 33, 34)
"""Stories that fill a space, each in one language alone."""


@pytest.fixture(scope="session")
def meaning() -> Meaning:
    return Meaning()


def others(*langs: str) -> Articles:
    return [
        article(f"z{lang}{number}", f"paper-{lang}-{number}", story(number, lang), number - 20, lang=TAGS[lang])
        for n, lang in enumerate(langs)
        for number in OTHERS[n :: len(langs)]
    ]


def tell(number: int, lang: str, name: str, outlet: str, hours: float | None = 0, variant: str = "") -> dict[str, Any]:
    return article(name, outlet, story(number, lang, variant), hours, lang=TAGS[lang])


def sentences(text: str) -> list[str]:
    return [text[begin:end] for begin, end in split_passages(text)]


def spans(traced: Traced, host: str) -> list[dict[str, Any]]:
    rows = [row for row in traced.reliances.to_pylist() if row["article_id"] == host]
    return sorted((row for row in rows if row["kind"] == "translation"), key=lambda row: row["begin"])


def strip(text: str) -> str:
    return re.sub(r"^\W+|\W+$", "", text)


def assert_side_by_side(rows: list[dict[str, Any]], host: str, source: str, pairs: list[tuple[str, str]]) -> None:
    """Every pair of sentences lies in one span and its source span, which begin and end with sentences."""
    bounds = []
    for text, begin, end in ((host, "begin", "end"), (source, "source_begin", "source_end")):
        ours = [strip(sentence) for sentence in sentences(text)]
        for row in rows:
            said = text[row[begin] : row[end]]
            assert said.startswith(tuple(ours)), said
            assert said.endswith(tuple(ours)), said
        bounds.append([(row[begin], row[end]) for row in rows])
    for one, two in pairs:
        here, there = host.index(strip(one)), source.index(strip(two))
        found = [at for at, (begin, end) in enumerate(bounds[0]) if begin <= here < end]
        assert len(found) == 1, one
        begin, end = bounds[1][found[0]]
        assert begin <= there < end, (one, two)


@pytest.mark.parametrize(("number", "lang", "source"), [(9, "kk", "ru"), (3, "uz", "ru"), (13, "uk", "en")])
def test_a_whole_translation_shows_every_sentence_beside_its_own(meaning: Meaning, number: int, lang: str, source: str):
    texts = story(number, lang), story(number, source)
    pair = [tell(number, source, "a", "agency"), tell(number, lang, "b", "portal", 3)]
    traced = trace([*pair, *others(lang, source)], alignments=meaning)
    assert translations(traced) == {("b", "a", "clock")}
    rows = spans(traced, "b")
    assert_side_by_side(rows, *texts, list(zip(*map(sentences, texts), strict=True)))
    assert shares(traced, "b") == {"ukraine": 1.0}
    assert shares(traced, "a") == {"own": 1.0}
    for row in rows:
        detail = json.loads(row["detail"])
        assert 0 < row["score"] <= 1
        assert {len(detail[kind]) for kind in ("numbers", "dates", "names")} == {3}
    assert sum(json.loads(row["detail"])["numbers"][0] for row in rows) > 0


def test_a_third_of_an_article_is_a_third(meaning: Meaning):
    rendered = sentences(story(13, "kk"))[:4]
    own = sentences(story(23, "kk"))[:8]
    host = " ".join([*own[:4], *rendered, *own[4:]])
    traced = trace(
        [tell(13, "ru", "a", "agency"), article("b", "portal", host, 5, lang="kk-Cyrl"), *others("kk", "ru")],
        alignments=meaning,
    )
    assert translations(traced) == {("b", "a", "clock")}
    found = spans(traced, "b")
    assert_side_by_side(found, host, story(13, "ru"), list(zip(rendered, sentences(story(13, "ru")), strict=False)))
    part = len(" ".join(rendered)) / len(host)
    assert shares(traced, "b")["ukraine"] == pytest.approx(part, abs=0.06)
    assert shares(traced, "b").keys() == {"ukraine", "own"}


def test_paragraphs_an_editor_added_stay_its_own(meaning: Meaning):
    paragraphs, local = story(28, "uz").split("\n"), sentences(story(23, "uz"))[:4]
    host = "\n".join([*paragraphs[:2], " ".join(local), *paragraphs[2:]])
    traced = trace(
        [tell(28, "ru", "a", "agency"), article("b", "portal", host, 5, lang="uz-Latn"), *others("uz", "ru")],
        alignments=meaning,
    )
    assert translations(traced) == {("b", "a", "clock")}
    begin = host.index(local[0])
    inside = [row for row in spans(traced, "b") if row["begin"] < begin + len(" ".join(local)) and row["end"] > begin]
    assert inside == []
    assert shares(traced, "b")["ukraine"] == pytest.approx(1 - len(" ".join(local)) / len(host), abs=0.06)


def test_a_summary_is_all_the_others_and_shows_which_half_it_took(meaning: Meaning):
    kept = sentences(story(2, "kk"))[::2]
    host = " ".join(kept)
    traced = trace(
        [tell(2, "ru", "a", "agency"), article("b", "portal", host, 5, lang="kk-Cyrl"), *others("kk", "ru")],
        alignments=meaning,
    )
    assert translations(traced) == {("b", "a", "clock")}
    assert shares(traced, "b")["ukraine"] > 0.8
    taken = sum(row["source_end"] - row["source_begin"] for row in spans(traced, "b"))
    assert taken == pytest.approx(sum(map(len, sentences(story(2, "ru"))[::2])), rel=0.2)


@pytest.mark.parametrize("number", [3, 9])
def test_turkmen_is_found_though_the_model_hardly_knows_it(meaning: Meaning, number: int):
    pair = [tell(number, "ru", "a", "agency"), tell(number, "tk", "b", "portal", 3)]
    traced = trace([*pair, *others("tk", "ru")], alignments=meaning)
    assert translations(traced) == {("b", "a", "clock")}
    assert shares(traced, "b")["ukraine"] > 0.9


@pytest.mark.parametrize("spelling", ["2021", "2018"])
def test_kazakh_in_latin_letters_is_found_and_its_spans_count_the_letters_as_written(meaning: Meaning, spelling: str):
    texts = kazakh_to_latin(story(9, "kk"), spelling), story(9, "ru")
    pair = [article("a", "agency", texts[1]), article("b", "portal", texts[0], 3, lang="kk-Latn")]
    traced = trace([*pair, *others("kk", "ru")], alignments=meaning)
    assert translations(traced) == {("b", "a", "clock")}
    assert shares(traced, "b")["ukraine"] > 0.9
    assert_side_by_side(spans(traced, "b"), *texts, [])


@pytest.mark.parametrize(
    ("number", "lang", "other"),
    [(4, "uk", "ru"), (8, "en", "ru"), (11, "ru", "kk"), (22, "uz", "ru"), (35, "uk", "kk"), (25, "ru", "tk"), (20, "en", "uk"), (28, "kk", "ru"), (29, "ru", "kk")],
)  # fmt: skip
def test_an_independent_report_of_the_event_is_no_translation(meaning: Meaning, number: int, lang: str, other: str):
    pair = [tell(number, other, "a", "agency"), tell(number, lang, "b", "rival", 3, "independent")]
    traced = trace([*pair, *others(lang, other)], alignments=meaning)
    assert translations(traced) == set()
    assert shares(traced, "b")["own"] > 0.6


RATES = {
    "ru-Cyrl": "Национальный банк Казахстана установил официальные курсы валют на {day} октября. Доллар США стоит {usd} "
    "тенге. За евро дают {eur} тенге. Российский рубль оценён в {rub} тенге. На утренней сессии Казахстанской фондовой "
    "биржи объём торгов составил {sum} миллионов долларов. Средневзвешенный курс сложился на уровне {mean} тенге за "
    "доллар.",
    "kk-Cyrl": "Қазақстан Ұлттық банкі {day} қазанға арналған ресми валюта бағамын белгіледі. АҚШ доллары {usd} теңге "
    "тұрады. Еуроның құны – {eur} теңге. Ресей рублі {rub} теңге деп бағаланды. Қазақстан қор биржасының таңғы "
    "сессиясында сауда көлемі {sum} миллион доллар болды. Орташа алынған бағам бір доллар үшін {mean} теңге деңгейінде "
    "қалыптасты.",
}
DAYS = (
    {"day": "14", "usd": "538,45", "eur": "622,18", "rub": "6,61", "sum": "118,4", "mean": "538,90"},
    {"day": "17", "usd": "541,02", "eur": "629,70", "rub": "6,73", "sum": "96,2", "mean": "540,37"},
)


def test_daily_rates_worded_alike_are_told_apart_by_their_numbers(meaning: Meaning):
    ru, kk = "ru-Cyrl", "kk-Cyrl"
    days = [article("a", "agency", RATES[ru].format(**DAYS[0]), 0, lang=ru),
            article("b", "portal", RATES[kk].format(**DAYS[1]), 72, lang=kk)]  # fmt: skip
    assert translations(trace([*days, *others("kk", "ru")], alignments=meaning)) == set()
    days.append(article("c", "paper", RATES[kk].format(**DAYS[0]), 2, lang=kk))
    traced = trace([*days, *others("kk", "ru")], alignments=meaning)
    assert translations(traced) == {("c", "a", "clock")}


def chain() -> Articles:
    return [
        tell(10, "uk", "a", "agency", 0),
        tell(10, "ru", "b", "rival", 4),
        tell(10, "kk", "c", "portal", 8),
        tell(10, "uz", "d", "paper", 12),
        tell(10, "uz", "e", "reprint", 20),
    ]


def test_a_chain_through_four_languages_has_one_root_and_every_article_its_share(meaning: Meaning):
    traced = trace([*chain(), *others("uk", "ru", "kk", "uz")], alignments=meaning)
    for name in "bcde":
        assert shares(traced, name)["ukraine"] > 0.95, name
    assert shares(traced, "a") == {"own": 1.0}
    assert {host for host, *_ in translations(traced)} == {"b", "c", "d"}
    assert [(row["article_id"], row["source_article_id"]) for row in traced.reliances.to_pylist()
            if row["kind"] == "copy"] == [("e", "d")]  # fmt: skip
    rows = [row for row in traced.families.to_pylist() if row["article_id"] in "abcde"]
    assert {row["article_id"] for row in rows if row["root"]} == {"a"}
    reached = {family: {row["article_id"] for row in rows if row["family"] == family}
               for family in {row["family"] for row in rows}}  # fmt: skip
    assert all(members == set("abcde") for members in reached.values())
    assert len(reached) >= len(sentences(story(10, "uk"))) - 1


def test_articles_that_come_day_by_day_end_as_those_that_come_at_once(meaning: Meaning):
    articles = [*others("uk", "ru", "kk", "uz"), *chain()]
    at_once = trace(articles, alignments=meaning)
    daily = trace(articles, alignments=meaning, steps=[len(articles) - 4, len(articles) - 2, len(articles)])
    for name in ("origins", "families"):
        assert getattr(daily, name).to_pylist() == getattr(at_once, name).to_pylist()
    assert translations(daily) == translations(at_once)


def test_a_credit_beats_the_clock_for_a_translation(meaning: Meaning):
    host = "Бұл туралы агенттік хабарлады. " + story(14, "kk")
    pair = [tell(14, "ru", "a", "agency", 5), article("b", "portal", host, 0, lang="kk-Cyrl"), *others("kk", "ru")]
    assert translations(trace(pair, alignments=meaning)) == {("a", "b", "clock")}
    credited = trace(pair, [credit("b", "agency", 12, 20)], alignments=meaning)
    assert translations(credited) == {("b", "a", "credit")}
    assert shares(credited, "b") == {"ukraine": 1.0}
    assert shares(credited, "a") == {"own": 1.0}


def test_equal_times_leave_it_open_who_translated_whom(meaning: Meaning):
    pair = [tell(12, "ru", "a", "agency", 5), tell(12, "kk", "b", "portal", 5), *others("kk", "ru")]
    traced = trace(pair, alignments=meaning)
    assert {direction for *_, direction in translations(traced)} == {"unclear"}
    assert shares(traced, "a")["unknown"] > 0.9
    assert shares(traced, "b")["unknown"] > 0.9


@pytest.mark.parametrize("hours", [5, 400])
def test_only_an_undated_article_is_in_doubt_beside_a_dated_one(meaning: Meaning, hours: int):
    pair = [tell(12, "ru", "a", "agency", hours), tell(12, "kk", "b", "portal", None), *others("kk", "ru")]
    traced = trace(pair, alignments=meaning)
    assert translations(traced) == {("b", "a", "unclear")}
    assert shares(traced, "a") == {"own": 1.0}
    assert shares(traced, "b")["unknown"] > 0.9


def test_an_outlets_own_version_in_another_language_is_no_foreign_source(meaning: Meaning):
    versions = [tell(15, "ru", "a", "portal", 0), tell(15, "kk", "b", "portal", 1)]
    traced = trace([*versions, *others("kk", "ru")], alignments=meaning)
    assert translations(traced) == {("b", "a", "clock")}
    assert shares(traced, "b") == {"own": 1.0}
    foreign = trace([tell(15, "uk", "u", "agency", -3), *versions, *others("kk", "ru", "uk")], alignments=meaning)
    assert shares(foreign, "b") == shares(foreign, "a") == {"ukraine": 1.0}


def test_what_was_published_two_months_apart_is_not_compared(meaning: Meaning):
    pair = [tell(9, "ru", "a", "agency", 0), tell(9, "kk", "b", "portal", 24 * 60), *others("kk", "ru")]
    assert translations(trace(pair, alignments=meaning)) == set()


def test_a_run_with_nothing_new_asks_the_model_for_nothing(meaning: Meaning):
    articles = [tell(9, "ru", "a", "agency"), tell(9, "kk", "b", "portal", 3)]

    class Listening(Meaning):
        """Says how many texts it was given."""

        def __init__(self) -> None:
            self.name, self.dimensions, self.known = meaning.name, meaning.dimensions, meaning.known
            self.model, self.sift = meaning.model, meaning.sift
            self.asked: list[int] = []

        def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
            self.asked.append(len(texts))
            return super().embed(texts)

    listening = Listening()
    once = trace(articles, alignments=listening)
    asked = list(listening.asked)
    again = trace(articles, alignments=listening, steps=[2, 2])
    assert sum(asked) > 20
    assert listening.asked[len(asked) :] == asked
    assert again.reliances.to_pylist() == once.reliances.to_pylist()


@pytest.mark.parametrize(
    "articles",
    [
        [],
        [article("a", "agency", story(9), 0)],
        [article("a", "agency", "", 0), article("b", "portal", story(9, "kk"), 1, lang="kk-Cyrl")],
        [article("a", "agency", "…", None), article("b", "portal", "— — —", None, lang="kk-Cyrl")],
        [article("a", "agency", "Иә.", 0), article("b", "portal", "Да.", 0, lang="kk-Cyrl")],
    ],
    ids=["none", "one", "empty", "signs", "short"],
)
def test_small_and_empty_articles_are_no_trouble(meaning: Meaning, articles: Articles):
    assert translations(trace(articles, alignments=meaning)) == set()
