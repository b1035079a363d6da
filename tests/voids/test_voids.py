from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arna.terms import SCHEMAS, Origin, Outlet, Space, Subject, Topic
from arna.voids.coverage import count_coverage, settle_own, spread
from arna.voids.rank import COVERED, FEW, UNCOLLECTED, VOID, rank_voids
from arna.voids.topics import assign_topics

SPACE = Space(
    id="s",
    title="S",
    languages=("kk-Cyrl", "ru-Cyrl", "uz-Latn"),
    subject=Subject("ukraine", "Ukraine", {"kk": ("украин",), "ru": ("украин",), "uz": ("ukrain",)}, ("ukraine",)),
    origins=(Origin("ukraine", "U"), Origin("russia-state", "R"), Origin("kazakhstan", "K")),
    topics=(
        Topic(
            "economy", "Economy", {"kk": ("сауда", "экспорт"), "ru": ("торгов", "экспорт"), "uz": ("savdo", "eksport")}
        ),
        Topic("culture", "Culture", {"kk": ("мәдени",), "ru": ("культур",), "uz": ("madaniy",)}),
    ),
    outlets=(
        Outlet("ua", "UA", "ukraine", "UA", "agency", ("ru",), ("ua.example",)),
        Outlet("ru", "RU", "russia-state", "RU", "agency", ("ru", "kk"), ("ru.example",)),
        Outlet("kz", "KZ", "kazakhstan", "KZ", "portal", ("kk",), ("kz.example",), reach=4.0),
    ),
)
WEEK = date(2025, 9, 22)


def facts(*rows: tuple[str, str, str, str, str, float]) -> pa.Table:
    names = ("topic", "lang", "article_id", "outlet", "origin", "words")
    table = pa.Table.from_pylist([dict(zip(names, row, strict=True)) | {"week": WEEK} for row in rows])
    return settle_own(table, SPACE)


def health(*rows: tuple[str, float, bool]) -> pa.Table:
    return pa.Table.from_pylist(
        [{"outlet": o, "day": WEEK, "expected": e, "collected": 0, "ok": ok} for o, e, ok in rows],
        schema=SCHEMAS["health"],
    )


@pytest.mark.parametrize(
    ("lang", "title", "text", "expected"),
    [
        ("kk-Cyrl", "Украинамен сауда көлемі өсті", "Былтыр тауар айналымы артты.", (True, "economy")),
        ("kk-Cyrl", "Алматыда көрме ашылды", "Қала мұражайында жаңа жәдігерлер қойылды.", (False, "other")),
        ("ru-Cyrl", "Дни культуры", "В Астане открылись дни украинской культуры.", (True, "culture")),
        ("uz-Latn", "Eksport oʻsdi", "Ukrainaga eksport va savdo hajmi oshdi.", (True, "economy")),
        ("ru-Cyrl", "Погода", "Снег. " * 80 + "Из Украины идёт циклон.", (False, "other")),
        ("ru-Cyrl", "Обзор", "Снег. " * 80 + "Украина ждёт. Украине помогли. В Украину едут.", (True, "other")),
        ("de-Latn", "Die Ukraine", "Neues aus der Ukraine.", (True, "other")),
    ],
)
def test_subject_and_topic_of_inflected_texts(lang: str, title: str, text: str, expected: tuple[bool, str]):
    articles = pa.table({"id": ["a"], "title": [title], "text": [text], "lang": [lang]})
    [row] = assign_topics(articles, SPACE).to_pylist()
    assert (row["on_subject"], row["topic"]) == expected


def test_own_words_count_for_the_outlets_origin():
    rows = count_coverage(
        facts(("economy", "kk-Cyrl", "a", "kz", "own", 30.0), ("economy", "kk-Cyrl", "a", "kz", "russia-state", 70.0),
              ("economy", "kk-Cyrl", "b", "nobody", "own", 100.0))
    ).to_pylist()  # fmt: skip
    assert {row["origin"]: (row["articles"], row["words"], row["share"]) for row in rows} == {
        "kazakhstan": (1, 30.0, 0.15), "russia-state": (1, 70.0, 0.35), "unknown": (1, 100.0, 0.5),
    }  # fmt: skip
    assert all(row["high"] - row["low"] > 0.4 for row in rows if row["origin"] != "kazakhstan")


@given(st.lists(st.tuples(st.sampled_from(["ukraine", "russia-state", "own"]), st.integers(1, 400)), min_size=3,
                max_size=30))  # fmt: skip
def test_shares_of_a_cell_sum_to_one_inside_their_intervals(articles: list[tuple[str, int]]):
    rows = [("economy", "kk-Cyrl", f"a{n}", "kz", origin, float(words)) for n, (origin, words) in enumerate(articles)]
    cell = count_coverage(facts(*rows)).to_pylist()
    assert sum(row["share"] for row in cell) == pytest.approx(1)
    assert sum(row["words"] for row in cell) == pytest.approx(sum(words for _, words in articles))
    assert all(0 <= row["low"] <= row["high"] <= 1 for row in cell)
    assert cell == count_coverage(facts(*reversed(rows))).to_pylist()


def test_a_cell_without_the_subjects_own_reporting_is_a_void_unless_it_was_poorly_collected():
    russian = [("economy", "kk-Cyrl", f"r{n}", "kz", "russia-state", 100.0) for n in range(12)]
    ukrainian = [("economy", "ru-Cyrl", f"u{n}", "ua", "own", 100.0) for n in range(8)]
    few = [("culture", "ru-Cyrl", f"c{n}", "ru", "own", 100.0) for n in range(3)]
    good = health(("kz", 5.0, True), ("ua", 5.0, True), ("ru", 5.0, True))
    rows = {
        (row["topic"], row["lang"]): row
        for row in rank_voids(facts(*russian, *ukrainian, *few), good, SPACE).to_pylist()
    }
    void = rows["economy", "kk-Cyrl"]
    assert (void["rank"], void["status"], void["own_share"], void["top_origin"]) == (1, VOID, 0.0, "russia-state")
    assert rows["economy", "ru-Cyrl"]["status"] == COVERED
    assert rows["culture", "ru-Cyrl"]["status"] == FEW
    empty = rows["culture", "kk-Cyrl"]
    assert (empty["status"], empty["articles"]) == (VOID, 0)
    assert ("economy", "uz-Latn") not in rows  # nobody was seen to publish in Uzbek: nothing can be said
    poor = health(("kz", 5.0, False), ("ua", 5.0, True), ("ru", 1.0, True))
    rows = {
        (row["topic"], row["lang"]): row for row in rank_voids(facts(*russian, *ukrainian), poor, SPACE).to_pylist()
    }
    assert rows["economy", "kk-Cyrl"]["status"] == UNCOLLECTED


@pytest.mark.parametrize(("count", "high"), [(3, 0.52), (10, 0.21), (100, 0.025)])
def test_an_interval_of_articles_that_are_all_alike_narrows_with_their_number(count: int, high: float):
    low, top = spread(np.column_stack((np.zeros(count), np.full(count, 80.0))), ("any",))
    assert low[0] == 0.0
    assert top[0] == pytest.approx(high, rel=0.25)  # the 97.5 % point of Beta(1/2, count + 1/2)
    assert top[1] == 1.0


def test_the_widest_read_void_comes_first():
    some = [("economy", "kk-Cyrl", f"r{n}", "kz", "russia-state", 100.0) for n in range(14)]
    many = [("culture", "kk-Cyrl", f"m{n}", "kz", "russia-state", 100.0) for n in range(19)]
    rows = rank_voids(facts(*some, *many), health(), SPACE).to_pylist()
    assert [row["topic"] for row in rows[:2]] == ["culture", "economy"]
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
