"""Alignments made by hand: who is told to rest on whom, and what a doubt does."""

from __future__ import annotations

import json

import pytest

from arna.text.sentences import split_passages
from tests.trace.harness import aligned, article, copies, credit, doubts, shares, story, trace, translations

Rows = list[dict[str, object]]
ALL = [(n, n + 1, n, n + 1) for n in range(11)]


def pair(host_hours: float | None = 4, host_outlet: str = "portal", lang: str = "kk") -> Rows:
    return [
        article("a", "agency", story(9), 0),
        article("b", host_outlet, story(9, lang), host_hours, lang=f"{lang}-Cyrl"),
    ]


def test_spans_are_those_of_the_aligned_sentences():
    traced = trace(pair(), alignments=aligned("b", "a", (1, 2, 1, 2), (4, 6, 3, 4)))
    host, source = story(9, "kk"), story(9)
    here, there = split_passages(host), split_passages(source)
    wanted = [(here[1], there[1]), ((here[4][0], here[5][1]), there[3])]
    rows = traced.reliances.to_pylist()
    assert [row["kind"] for row in rows] == ["translation"] * 2
    for row, (one, two) in zip(rows, wanted, strict=True):
        assert host[row["begin"] : row["end"]].strip("«»“”.!?… –") == host[slice(*one)].strip("«»“”.!?… –")
        found = source[row["source_begin"] : row["source_end"]]
        assert found.strip("«»“”.!?… –") == source[slice(*two)].strip("«»“”.!?… –")
        assert json.loads(row["detail"])["margin"] == 0.3


def test_the_share_is_that_of_the_words():
    traced = trace(pair(), alignments=aligned("b", "a", *ALL[:5]))
    host = story(9, "kk")
    end = split_passages(host)[4][1]
    assert shares(traced, "b")["ukraine"] == pytest.approx(len(host[:end].split()) / len(host.split()), abs=0.02)
    assert shares(traced, "b").keys() == {"ukraine", "own"}


def test_a_doubt_is_unknown_and_names_no_source():
    traced = trace(pair(), alignments=aligned("b", "a", *ALL[:5], told=False))
    assert translations(traced) == set()
    assert doubts(traced) == {"b"}
    assert shares(traced, "b").keys() == {"unknown", "own"}
    assert shares(traced, "a") == {"own": 1.0}
    for row in traced.reliances.to_pylist():
        assert (row["source_article_id"], row["source_outlet"], row["direction"]) == (None, None, "unclear")
        detail = json.loads(row["detail"])
        assert detail["perhaps"] == "a"
        assert detail["perhaps_begin"] < detail["perhaps_end"]
    assert traced.families.num_rows == 0


def test_a_credit_speaks_where_a_doubt_leaves_open():
    traced = trace(pair(), [credit("b", "rival", 0, 5)], alignments=aligned("b", "a", *ALL[:5], told=False))
    assert shares(traced, "b") == {"russia-state": 1.0}


def test_where_the_clock_cannot_tell_both_are_in_doubt():
    traced = trace(pair(0), alignments=aligned("b", "a", *ALL[:5], told=False))
    assert doubts(traced) == {"a", "b"}
    assert shares(traced, "a")["unknown"] == pytest.approx(shares(traced, "b")["unknown"], abs=0.1)


def test_what_is_told_of_one_source_is_not_in_doubt_of_another():
    articles = [*pair(), article("c", "rival", story(9, "uk"), 1, lang="uk-Cyrl")]
    rows = aligned("b", "a", *ALL) + aligned("b", "c", *ALL[:4], told=False)
    traced = trace(articles, alignments=rows)
    assert doubts(traced) == set()
    assert shares(traced, "b") == {"ukraine": 1.0}


def test_a_copy_of_a_translation_follows_through():
    articles = [*pair(), article("c", "paper", story(9, "kk"), 9, lang="kk-Cyrl")]
    traced = trace(articles, alignments=aligned("b", "a", *ALL) + aligned("c", "a", *ALL))
    assert copies(traced) == [("c", "b", "clock")]
    assert translations(traced) == {("b", "a", "clock")}
    assert shares(traced, "c") == {"ukraine": 1.0}
    families = traced.families.to_pylist()
    assert {row["article_id"] for row in families if row["root"]} == {"a"}
    assert len({row["family"] for row in families}) == 11
    assert len(families) == 33


def test_a_doubt_about_a_translation_reaches_its_copies():
    articles = [*pair(), article("c", "paper", story(9, "kk"), 9, lang="kk-Cyrl")]
    traced = trace(articles, alignments=aligned("b", "a", *ALL[:5], told=False))
    assert copies(traced) == [("c", "b", "clock")]
    assert shares(traced, "c")["unknown"] == pytest.approx(shares(traced, "b")["unknown"], abs=0.02)


def test_the_text_that_was_copied_is_the_source_rather_than_its_copy():
    articles = [
        article("a", "agency", story(9), 0),
        article("c", "rival", story(9), 1),
        article("b", "portal", story(9, "kk"), 4, lang="kk-Cyrl"),
    ]
    traced = trace(articles, alignments=aligned("b", "a", *ALL) + aligned("b", "c", *ALL))
    assert translations(traced) == {("b", "a", "clock")}
    credited = trace(
        articles, [credit("b", "rival", 0, 5)], alignments=aligned("b", "a", *ALL) + aligned("b", "c", *ALL)
    )
    assert translations(credited) == {("b", "c", "credit")}


def test_two_sources_each_explain_their_part():
    articles = [
        article("a", "agency", story(9), 0),
        article("c", "rival", story(13), 1),
        article("b", "portal", story(9, "kk") + "\n" + story(13, "kk"), 4, lang="kk-Cyrl"),
    ]
    rows = aligned("b", "a", *ALL) + aligned("b", "c", *[(n + 11, n + 12, n, n + 1) for n in range(11)])
    traced = trace(articles, alignments=rows)
    assert translations(traced) == {("b", "a", "clock"), ("b", "c", "clock")}
    assert shares(traced, "b").keys() == {"ukraine", "russia-state"}


@pytest.mark.parametrize(
    ("hours", "found"),
    [(4, ("b", "a", "clock")), (-4, ("a", "b", "clock")), (0, ("b", "a", "unclear")), (None, ("b", "a", "unclear"))],
)
def test_the_clock_tells_the_direction_if_it_can(hours: float | None, found: tuple[str, str, str]):
    assert found in translations(trace(pair(hours), alignments=aligned("b", "a", *ALL)))


def test_a_credit_turns_every_span_of_the_pair():
    articles = pair(-4)
    rows = aligned("a", "b", *ALL)
    at = story(9, "kk").index(".") - 3
    traced = trace(articles, [credit("b", "agency", at, at + 2, whole=False)], alignments=rows)
    assert translations(traced) == {("b", "a", "credit")}


def test_an_outlets_own_edition_is_its_own():
    traced = trace(pair(4, "agency"), alignments=aligned("b", "a", *ALL))
    assert translations(traced) == {("b", "a", "clock")}
    assert shares(traced, "b") == {"own": 1.0}


def test_a_circle_of_translations_ends():
    langs = {"a": "ru", "b": "kk", "c": "uk"}
    articles = [
        article(name, outlet, story(9, lang), 0, lang=f"{lang}-Cyrl")
        for (name, lang), outlet in zip(langs.items(), ("agency", "portal", "rival"), strict=True)
    ]
    rows = aligned("b", "a", *ALL) + aligned("c", "a", *ALL) + aligned("c", "b", *ALL)
    credited = [credit("a", "portal", 0, 3), credit("b", "rival", 0, 3), credit("c", "agency", 0, 3)]
    traced = trace(articles, credited, alignments=rows)
    for name in langs:
        assert sum(shares(traced, name).values()) == pytest.approx(1)


def test_passages_without_words_are_passed_over():
    articles = [article("a", "agency", "Киев. — …\n***\nАстана ждёт.", 0),
                article("b", "portal", "Киев. — …\n***\nАстана күтеді.", 3, lang="kk-Cyrl")]  # fmt: skip
    beads = [(n, n + 1, n, n + 1) for n in range(len(split_passages(str(articles[1]["text"]))))]
    traced = trace(articles, alignments=aligned("b", "a", *beads))
    assert all(row["begin"] < row["end"] for row in traced.reliances.to_pylist())
