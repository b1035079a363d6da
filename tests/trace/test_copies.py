import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trace.harness import article, copies, credit, plain_words, shares, story, trace


def test_a_verbatim_reprint_is_one_span_on_its_source():
    text = story(8)
    host = plain_words(random.Random(1), 60)
    traced = trace([article("a", "agency", text), article("b", "portal", f"{host}. {text} {host[::-1]}", 5)])
    [row] = traced.reliances.to_pylist()
    assert (row["article_id"], row["source_article_id"], row["kind"]) == ("b", "a", "copy")
    assert f"{host}. {text} {host[::-1]}"[row["begin"] : row["end"]] == text.rstrip(".»")
    assert (row["source_begin"], row["source_end"]) == (0, len(text.rstrip(".»")))
    assert row["score"] == 1.0


@pytest.mark.parametrize(("number", "lang", "variant"), [(1, "ru", "edit10"), (1, "ru", "edit30"), (6, "kk", "edit30"),
                                                          (13, "uz", "edit30"), (17, "tk", "edit30")])  # fmt: skip
def test_an_edited_reprint_is_found_over_most_of_its_length(number: int, lang: str, variant: str):
    edited = story(number, lang, variant)
    traced = trace([article("a", "agency", story(number, lang)), article("b", "portal", edited, 7)])
    spans = [(row["begin"], row["end"]) for row in traced.reliances.to_pylist() if row["article_id"] == "b"]
    assert sum(end - begin for begin, end in spans) > 0.75 * len(edited)


@pytest.mark.parametrize(("number", "lang"), [(1, "ru"), (1, "kk"), (4, "uk"), (8, "en"), (11, "ru"), (15, "kk"),
                                               (20, "en"), (22, "uz"), (28, "kk"), (35, "uk")])  # fmt: skip
def test_two_reports_of_one_event_copy_nothing(number: int, lang: str):
    pair = [article("a", "agency", story(number, lang)), article("b", "rival", story(number, lang, "independent"), 2)]
    assert copies(trace(pair)) == []


@pytest.mark.parametrize(("words", "found"), [(7, []), (8, [("b", "a", "clock")])])
def test_copies_begin_at_eight_words(words: int, found: list[tuple[str, str, str]]):
    rng = random.Random(words)
    common = plain_words(rng, words)
    texts = [f"{plain_words(rng, 80)} {common} {plain_words(rng, 60)}" for _ in range(2)]
    assert copies(trace([article("a", "agency", texts[0]), article("b", "portal", texts[1], 4)])) == found


def test_two_sources_merged_are_two_spans():
    merged = story(8).split("\n")[:3] + story(21).split("\n")[2:]
    traced = trace(
        [article("a", "agency", story(8)), article("b", "rival", story(21), 1),
         article("c", "portal", "\n".join(merged), 9)]
    )  # fmt: skip
    assert sorted(copies(traced)) == [("c", "a", "clock"), ("c", "b", "clock")]
    assert shares(traced, "c").keys() == {"ukraine", "russia-state"}


def test_a_wire_story_survives_in_three_hundred_outlets():
    text = story(5)
    articles = [article("root", "agency", text)]
    articles += [article(f"c{n:03d}", f"paper{n}", text, 1 + n / 60) for n in range(300)]
    traced = trace(articles)
    assert {source for _, source, _ in copies(traced)} == {"root"}
    assert len(copies(traced)) == 300
    assert traced.families.num_rows == 301 * len({row["family"] for row in traced.families.to_pylist()})


def test_a_stock_phrase_is_no_reliance_but_a_lifted_sentence_is():
    rng = random.Random(3)
    stock = "об этом говорится в сообщении пресс службы министерства опубликованном на официальном сайте ведомства"
    lifted = "стороны договорились до конца года открыть прямой железнодорожный маршрут для перевозки зерна и удобрений"
    articles = [
        article(f"s{n}", f"paper{n}", f"{plain_words(rng, 90)}. Как {stock}. {plain_words(rng, 20)}", n)
        for n in range(30)
    ]
    articles.append(article("x", "agency", f"{plain_words(rng, 80)}. Однако {lifted}. {plain_words(rng, 80)}", 40))
    articles.append(article("y", "portal", f"{plain_words(rng, 70)}, что {lifted}. {plain_words(rng, 50)}", 50))
    assert copies(trace(articles)) == [("y", "x", "clock")]


def test_an_outlets_long_footer_is_no_reliance_but_a_long_excerpt_in_many_outlets_is():
    rng = random.Random(6)
    shared = plain_words(rng, 45)
    footers = [article(f"f{n}", ("portal", "paper")[n % 2], f"{plain_words(rng, 120)}. {shared}", n) for n in range(12)]
    assert copies(trace(footers)) == []
    excerpts = [
        article(f"e{n:02d}", f"paper{n}", f"{plain_words(rng, 60)}. {shared}. {plain_words(rng, 60)}", n)
        for n in range(12)
    ]
    assert copies(trace(excerpts)) == [(f"e{n:02d}", "e00", "clock") for n in range(1, 12)]


def test_a_developing_story_of_one_outlet_is_told_as_its_own():
    paragraphs = story(8).split("\n")
    versions = [article(f"v{n}", "portal", "\n".join(paragraphs[: n + 2]), n) for n in range(4)]
    traced = trace(versions)
    assert {source for _, source, _ in copies(traced)} <= {"v0", "v1", "v2"}
    assert all(shares(traced, f"v{n}") == {"own": 1.0} for n in range(4))


def test_a_quoted_speech_and_a_list_of_figures_are_facts_in_common():
    rng = random.Random(4)
    quote = "«Мы готовы открыть рынки друг для друга и вернуть торговлю на тот уровень который был до кризиса и выше»"
    listed = "пшеница 212 ячмень 187 кукуруза 175 рапс 431 соя 402 подсолнечник 455 масло 910 шрот 240"
    for common in (quote, listed):
        texts = [f"{plain_words(rng, 60)}. {common}. {plain_words(rng, 60)}" for _ in range(2)]
        assert copies(trace([article("a", "agency", texts[0]), article("b", "rival", texts[1], 3)])) == []


def test_a_credit_beats_the_clock():
    text = story(9)
    late_source, early_copy = article("s", "agency", text, 10), article("r", "portal", text, 2)
    assert copies(trace([late_source, early_copy])) == [("s", "r", "clock")]
    traced = trace([late_source, early_copy], [credit("r", "agency", 0, 10)])
    assert copies(traced) == [("r", "s", "credit")]
    assert shares(traced, "r") == {"ukraine": 1.0}
    assert shares(traced, "s") == {"own": 1.0}


def test_equal_times_stay_unclear_and_unknown():
    traced = trace([article("a", "agency", story(10)), article("b", "rival", story(10))])
    assert {direction for *_, direction in copies(traced)} == {"unclear"}
    assert shares(traced, "a")["unknown"] > 0.9
    assert shares(traced, "b")["unknown"] > 0.9


@pytest.mark.parametrize("hours", [None, -9])  # no time at all; midnight: only the day is known
def test_a_copy_that_knows_no_time_does_not_put_the_others_in_doubt(hours: float | None):
    text = story(10)
    articles = [article("s", "agency", text), article("x", "rival", text, hours)]
    articles += [article(f"c{n}", f"paper{n}", text, 1 + n) for n in range(6)]
    traced = trace(articles)
    assert shares(traced, "s") == {"own": 1.0}
    assert all(shares(traced, f"c{n}") == {"ukraine": 1.0} for n in range(6))
    assert shares(traced, "x").get("own", 0) < 0.1


def test_one_outlet_publishing_twice_at_one_time_is_its_own():
    traced = trace([article("a", "portal", story(10)), article("b", "portal", story(10)),
                    article("c", "rival", story(10), 5)])  # fmt: skip
    assert shares(traced, "a") == shares(traced, "b") == {"own": 1.0}
    assert shares(traced, "c") == {"kazakhstan": 1.0}


def test_a_passage_that_stands_twice_in_its_source_is_found():
    rng = random.Random(8)
    lead = plain_words(rng, 60)
    source = f"{lead}. {plain_words(rng, 90)}. {lead}. {plain_words(rng, 30)}"
    assert copies(trace([article("a", "agency", source), article("b", "portal", lead, 5)])) == [("b", "a", "clock")]


def test_an_agency_passage_that_a_portal_uses_three_times_is_no_furniture():
    rng = random.Random(9)
    passage = plain_words(rng, 60)
    articles = [article("a", "agency", f"{plain_words(rng, 100)}. {passage}")]
    articles += [
        article(f"p{n}", "portal", f"{plain_words(rng, 150)}. {passage}. {plain_words(rng, 40)}", 2 + n)
        for n in range(4)
    ]
    assert copies(trace(articles)) == [(f"p{n}", "a", "clock") for n in range(4)]


def test_long_edited_copies_are_found_over_their_length():
    rng = random.Random(10)
    words = plain_words(rng, 1000).split()
    edited = [word if rng.random() > 0.3 else plain_words(rng, 1) for word in words]
    traced = trace([article("a", "agency", " ".join(words)), article("b", "portal", " ".join(edited), 5)])
    spans = [(row["begin"], row["end"]) for row in traced.reliances.to_pylist()]
    assert sum(end - begin for begin, end in spans) > 0.9 * len(" ".join(edited))


def test_copies_of_a_wire_edited_by_thirty_percent_inside_other_texts_are_found():
    rng = random.Random(12)
    wire = plain_words(rng, 40).split()
    articles = [article("w", "agency", " ".join(wire))]
    for n in range(60):
        copy = " ".join(word if rng.random() > 0.3 else plain_words(rng, 1) for word in wire)
        articles.append(article(f"c{n}", f"paper{n}", f"{plain_words(rng, 60)}. {copy}. {plain_words(rng, 60)}", 1 + n))
    found = copies(trace(articles))
    assert len({name for name, *_ in found}) > 54
    assert sum(source == "w" for _, source, _ in found) > 54


def test_a_trade_report_full_of_figures_is_a_copy_all_the_same():
    report = (
        "За 2024 год товарооборот двух стран достиг 410,5 миллиона долларов против 380,2 миллиона в 2023 году. "
        "Экспорт вырос на 8,1 процента, до 290,3 миллиона, а импорт сократился на 2,4 процента, до 120,2 миллиона. "
        "Больше всего поставили труб и насосов, на 45,7 миллиона, затем лекарств, на 31,9 миллиона. "
        "Ведомство рассчитывает, что к концу следующего года оборот увеличится ещё на четверть."
    )
    traced = trace([article("a", "agency", report), article("b", "portal", report, 4)])
    assert copies(traced) == [("b", "a", "clock")]


def test_a_credit_elsewhere_in_the_text_does_not_turn_a_clear_clock():
    rng = random.Random(13)
    passage = plain_words(rng, 50)
    first = f"{passage}. {plain_words(rng, 200)}. Об этом пишет агентство."
    articles = [article("p", "portal", first), article("a", "agency", passage, 30)]
    far = len(first) - 20
    assert copies(trace(articles, [credit("p", "agency", far, far + 10, whole=False)])) == [("a", "p", "clock")]


def test_a_chain_ends_at_its_root():
    text = story(12)
    own = plain_words(random.Random(5), 200)
    traced = trace(
        [article("a", "agency", text), article("p", "portal", f"{text}\n{own}", 3),
         article("l", "paper", f"{text}\n{own}", 30)]
    )  # fmt: skip
    assert ("l", "p", "clock") in copies(traced)
    assert 0.3 < shares(traced, "l")["ukraine"] < 0.6
    assert shares(traced, "l")["kazakhstan"] > 0.4
    root = {row["family"] for row in traced.families.to_pylist() if row["article_id"] == "l"}
    assert any(name.startswith("a:") for name in root)


def test_a_credited_rewrite_rests_with_the_outlet_named():
    rewrite = story(10, "ru", "rewrite")
    traced = trace([article("r", "portal", rewrite)], [credit("r", "rival", 0, 20)])
    assert shares(traced, "r") == {"russia-state": 1.0}
    traced = trace([article("r", "portal", rewrite)], [credit("r", None, 0, 20)])
    assert shares(traced, "r") == {"unknown": 1.0}


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 4)), min_size=2, max_size=9),
       st.integers(1, 8))  # fmt: skip
def test_shares_sum_to_one_and_the_way_it_came_in_does_not_matter(plan: list[tuple[int, int, int]], cut: int):
    outlets = ("agency", "rival", "portal", "paper", "nobody")
    paragraphs = [part for number in (8, 21, 33) for part in story(number).split("\n")[:4]]
    articles = [
        article(f"n{n}", outlets[outlet], "\n".join(paragraphs[first : first + 4]), hour)
        for n, (first, hour, outlet) in enumerate(plan)
    ]
    whole = trace(articles)
    sums: dict[str, float] = {}
    for row in whole.origins.to_pylist():
        sums[row["article_id"]] = sums.get(row["article_id"], 0.0) + row["share"]
    assert sums.keys() == {row["id"] for row in articles}
    assert all(abs(total - 1) < 1e-9 for total in sums.values())
    seen = [(row["article_id"], row["n"]) for row in whole.families.to_pylist()]
    assert len(seen) == len(set(seen))
    steps = trace(articles, steps=sorted({min(cut, len(articles)), len(articles)}))
    assert steps.reliances.equals(whole.reliances)
    assert steps.origins.equals(whole.origins)
