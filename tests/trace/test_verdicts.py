"""What people judged goes before what was found, and leaves no trace once it is taken back."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arna.terms import Judgement, judge_row
from arna.text.sentences import split_passages
from arna.trace.stage import Traced
from tests.trace.harness import (
    aligned,
    article,
    copies,
    credit,
    doubts,
    plain_words,
    shares,
    story,
    trace,
    translations,
)

AT = datetime(2026, 3, 2, tzinfo=UTC)
Rows = list[dict[str, object]]
ALL = [(n, n + 1, n, n + 1) for n in range(11)]
TEXT = plain_words(random.Random(3), 90)
PRESS = [article("a", "agency", TEXT, 0), article("b", "rival", TEXT, 2), article("c", "portal", TEXT, 5)]


def judged(traced: Traced, verdict: str, **where: object) -> list[Judgement]:
    """The judgement of every row that is so."""
    rows = [row for row in traced.reliances.to_pylist() if all(row[key] == value for key, value in where.items())]
    assert rows, where
    return [judge_row(row, verdict, "A", AT) for row in rows]  # type: ignore[arg-type]


def same(one: Traced, two: Traced) -> bool:
    return all(getattr(one, name).equals(getattr(two, name)) for name in ("reliances", "families", "origins"))


def test_a_rejected_copy_goes_and_what_comes_next_takes_its_place():
    before = trace(PRESS)
    assert copies(before) == [("b", "a", "clock"), ("c", "a", "clock")]
    refused = judged(before, "rejected", article_id="c")
    after = trace(PRESS, judgements=refused)
    assert copies(after) == [("b", "a", "clock"), ("c", "b", "clock")]
    assert shares(after, "c") == {"ukraine": 1.0}  # through b
    refused += judged(after, "rejected", article_id="c")
    alone = trace(PRESS, judgements=refused)
    assert copies(alone) == [("b", "a", "clock")]
    assert shares(alone, "c") == {"own": 1.0}
    assert {row["article_id"] for row in alone.families.to_pylist()} == {"a", "b"}


def test_an_accepted_copy_stays_where_the_machine_finds_none_or_another():
    row = judged(trace(PRESS[1:]), "accepted", article_id="c")  # when a was not there yet, c rested on b
    after = trace(PRESS, judgements=row)
    assert copies(after) == [("b", "a", "clock"), ("c", "b", "judged")]
    [kept] = [item for item in after.reliances.to_pylist() if item["article_id"] == "c"]
    assert (kept["direction_confidence"], kept["score"]) == (1.0, 1.0)
    assert json.loads(kept["detail"]) == {"equal_words": 90, "words": 90}
    other = [*PRESS[1:2], article("c", "portal", plain_words(random.Random(4), 90), 5)]
    assert copies(trace(other)) == []
    assert copies(trace(other, judgements=row)) == [("c", "b", "judged")]


def test_an_accepted_copy_takes_only_its_own_words():
    half = TEXT.split()[:40]
    press = [PRESS[0], article("b", "rival", " ".join(half), 2), PRESS[2]]
    [row] = judged(trace(press[1:]), "accepted", article_id="c")
    after = trace(press, judgements=[row])
    rows = {item["source_article_id"]: item for item in after.reliances.to_pylist() if item["article_id"] == "c"}
    assert rows["b"]["direction"] == "judged"
    assert rows["a"]["direction"] == "clock"  # the other 50 words
    assert shares(after, "c") == pytest.approx({"ukraine": 1.0})


def test_an_accepted_direction_is_not_turned_by_what_comes_later():
    equal = [article("a", "agency", TEXT, 0), article("b", "rival", TEXT, 0)]
    before = trace(equal)
    assert copies(before) == [("a", "b", "unclear"), ("b", "a", "unclear")]
    assert shares(before, "b") == {"unknown": 1.0}
    accepted = judged(before, "accepted", article_id="b")
    for credited in ([], [credit("a", "rival", 0, 5)]):  # even if a now names b
        after = trace(equal, credited, judgements=accepted)
        assert copies(after) == [("b", "a", "judged")]
        assert shares(after, "b") == ({"russia-state": 1.0} if credited else {"ukraine": 1.0})
        assert shares(after, "a") == ({"russia-state": 1.0} if credited else {"own": 1.0})
    refused = judged(before, "rejected", article_id="b")
    assert copies(trace(equal, judgements=refused)) == [("a", "b", "unclear")]


def test_no_credit_beats_what_was_accepted():
    press, named = PRESS[:2], [credit("b", "portal", 0, 5)]
    before = trace(press, named)
    assert shares(before, "b") == {"kazakhstan": 1.0}
    assert shares(trace(press, named, judgements=judged(before, "accepted", kind="copy")), "b") == {"ukraine": 1.0}


def pair(hours: float | None = 4) -> Rows:
    return [article("a", "agency", story(9), 0), article("b", "portal", story(9, "kk"), hours, lang="kk-Cyrl")]


def test_an_accepted_doubt_is_told():
    rows = aligned("b", "a", *ALL[:5], told=False)
    before = trace(pair(), alignments=rows)
    assert (translations(before), doubts(before)) == (set(), {"b"})
    accepted = judged(before, "accepted", article_id="b")
    for found in (rows, aligned("b", "a", *ALL[:5]), []):  # doubted, told, and not found at all by another model
        after = trace(pair(), alignments=found, judgements=accepted)
        assert translations(after) == {("b", "a", "judged")}
        assert doubts(after) == set()
        assert shares(after, "b").keys() == {"ukraine", "own"}
        assert len({row["family"] for row in after.families.to_pylist()}) == 5
        for was, row in zip(before.reliances.to_pylist(), after.reliances.to_pylist(), strict=True):
            assert (row["begin"], row["end"]) == (was["begin"], was["end"])
            assert row["score"] == pytest.approx(was["score"])
            detail = json.loads(was["detail"])
            assert (row["source_begin"], row["source_end"]) == (detail["perhaps_begin"], detail["perhaps_end"])
            kept = {name: value for name, value in detail.items() if not name.startswith("perhaps")}
            assert json.loads(row["detail"]) == kept


def test_one_accepted_sentence_leaves_the_others_as_they_were():
    rows = aligned("b", "a", *ALL[:2])
    before = trace(pair(), alignments=rows)
    [first, second] = judged(before, "accepted", article_id="b")
    for one, other in ((first, second), (second, first)):
        after = trace(pair(), alignments=rows, judgements=[one])
        directions = {row["begin"]: row["direction"] for row in after.reliances.to_pylist()}
        assert directions == {one.begin: "judged", other.begin: "clock"}
    for one, other in ((first, second), (second, first)):
        after = trace(pair(), alignments=rows, judgements=[replace(one, verdict="rejected")])
        assert [row["begin"] for row in after.reliances.to_pylist()] == [other.begin]


def test_a_rejected_translation_or_doubt_comes_back_in_no_other_guise():
    for told in (True, False):
        before = trace(pair(), alignments=aligned("b", "a", *ALL[:5], told=told))
        refused = judged(before, "rejected", article_id="b")
        merged = [(0, 2, 0, 2), (2, 4, 2, 4), (4, 5, 4, 5)]  # as another model may put the sentences together
        for found in (aligned("b", "a", *ALL[:5]), aligned("b", "a", *merged), aligned("b", "a", *ALL[:5], told=False)):
            after = trace(pair(), alignments=found, judgements=refused)
            assert after.reliances.num_rows == after.families.num_rows == 0
            assert shares(after, "b") == {"own": 1.0}
        elsewhere = trace(pair(), alignments=aligned("b", "a", *ALL[5:8]), judgements=refused)
        assert len(elsewhere.reliances.to_pylist()) == 3  # other sentences of the same two articles were not judged


def test_both_ways_round_a_doubt_is_settled_by_accepting_one():
    rows = aligned("b", "a", *ALL[:5], told=False)
    before = trace(pair(0), alignments=rows)
    assert doubts(before) == {"a", "b"}
    after = trace(pair(0), alignments=rows, judgements=judged(before, "accepted", article_id="b"))
    assert (doubts(after), translations(after)) == (set(), {("b", "a", "judged")})
    assert shares(after, "a") == {"own": 1.0}


def test_a_rejected_credit_speaks_for_nothing_and_an_accepted_one_always():
    press = [article("a", "agency", TEXT, 0), article("b", "portal", TEXT, 0)]
    named = [credit("b", "agency", 0, 5)]
    before = trace(press, named)
    assert copies(before) == [("b", "a", "credit")]
    refused = trace(press, named, judgements=judged(before, "rejected", kind="credit"))
    assert copies(refused) == [("a", "b", "unclear"), ("b", "a", "unclear")]
    assert [row for row in refused.reliances.to_pylist() if row["kind"] == "credit"] == []
    accepted = judged(before, "accepted", kind="credit")
    for found in (named, []):
        after = trace(press, found, judgements=accepted)
        assert copies(after) == [("b", "a", "credit")]
        [row] = [row for row in after.reliances.to_pylist() if row["kind"] == "credit"]
        [was] = [row for row in before.reliances.to_pylist() if row["kind"] == "credit"]
        assert row == was | {"direction_confidence": 1.0}


def test_a_credit_to_an_outlet_nobody_registers_any_more_stays_accepted():
    [row] = judged(trace(PRESS[:1], [credit("a", "rival", 0, 5)]), "accepted", kind="credit")
    after = trace(PRESS[:1], judgements=[replace(row, source_outlet="gone")])
    assert shares(after, "a") == {"unknown": 1.0}


def link(target: str | None = "a", begin: int = 0, end: int = 4) -> dict[str, object]:
    return {"article_id": "b", "begin": begin, "end": end, "url": "https://agency.example/a", "outlet": "agency",
            "target_id": target}  # fmt: skip


@pytest.mark.parametrize("span", [(0, 4), (-1, -1)])
def test_a_rejected_link_tells_no_direction_even_when_its_page_comes_later(span: tuple[int, int]):
    press = [article("b", "rival", TEXT, 0), article("a", "agency", TEXT, 0)]
    unheld = judged(trace(press[:1], links=[link(None, *span)]), "rejected", kind="link")
    assert copies(trace(press, links=[link("a", *span)])) == [("b", "a", "link")]
    assert copies(trace(press, links=[link("a", *span)], judgements=unheld)) == [
        ("a", "b", "unclear"), ("b", "a", "unclear")
    ]  # fmt: skip
    other = link("a", *span) | {"url": "https://agency.example/a?page=2"}
    assert copies(trace(press, links=[other], judgements=unheld)) == [("b", "a", "link")]
    held = judged(trace(press, links=[link("a", *span)]), "accepted", kind="link")
    assert copies(trace(press, judgements=held)) == [("b", "a", "link")]


def test_what_the_space_does_not_hold_is_told():
    [row] = judged(trace(PRESS[:2]), "accepted", article_id="b")
    lost = [replace(row, article_id="z"), replace(row, source_article_id="z"), replace(row, begin=9_000, end=9_009),
            replace(row, kind="link", article_id="z")]  # fmt: skip
    after = trace(PRESS[:2], judgements=[*lost, row])
    assert list(after.lost) == lost
    assert copies(after) == [("b", "a", "judged")]


VERDICTS = st.sampled_from(["accepted", "rejected", None])


@pytest.fixture(scope="module")
def mixed() -> tuple[Rows, Rows, Rows, Traced]:
    """Copies, translations told and in doubt, credits, equal times."""
    ru, kk, uk = story(9), story(9, "kk"), story(9, "uk")
    press = [
        article("a", "agency", uk, 0, lang="uk-Cyrl"), article("b", "rival", ru, 0), article("c", "portal", ru, 0),
        article("d", "portal", kk, 6, lang="kk-Cyrl"), article("e", "paper", kk, 9, lang="kk-Cyrl"),
    ]  # fmt: skip
    rows = [*aligned("b", "a", *ALL[:6]), *aligned("c", "a", *ALL[:6]), *aligned("d", "a", *ALL[2:9]),
            *aligned("d", "b", *ALL[:9], told=False), *aligned("e", "c", *ALL[:4], told=False)]  # fmt: skip
    named = [credit("c", "rival", 0, 5), credit("e", None, 10, 20, whole=False)]
    return press, rows, named, trace(press, named, alignments=rows)


@settings(max_examples=40, deadline=None)
@given(st.lists(VERDICTS, min_size=60, max_size=60))
def test_whatever_is_judged_the_laws_hold_and_undone_all_is_as_before(
    mixed: tuple[Rows, Rows, Rows, Traced], verdicts: list[str | None]
):
    press, rows, named, before = mixed
    judgements = [
        judge_row(row, verdict, "A", AT)  # type: ignore[arg-type]
        for row, verdict in zip(before.reliances.to_pylist(), verdicts, strict=False)
        if verdict
    ]
    after = trace(press, named, alignments=rows, judgements=judgements)
    assert all(sum(shares(after, str(row["id"])).values()) == pytest.approx(1) for row in press)
    members = [(row["article_id"], row["n"]) for row in after.families.to_pylist()]
    assert len(members) == len(set(members))
    found = {judge_row(row, "accepted", "A", AT).key: row for row in after.reliances.to_pylist()}
    for judgement in judgements:
        assert (judgement.key in found) == (judgement.verdict == "accepted")
        if judgement.verdict == "accepted":
            assert found[judgement.key]["direction_confidence"] == 1.0
    assert trace(press, named, alignments=rows, judgements=judgements[::-1]).origins.equals(after.origins)
    assert same(trace(press, named, alignments=rows), before)


def test_the_space_of_the_law_has_every_kind(mixed: tuple[Rows, Rows, Rows, Traced]):
    rows = mixed[3].reliances.to_pylist()
    assert {row["kind"] for row in rows} == {"copy", "translation", "credit"}
    assert 15 < len(rows) <= 60
    assert len(split_passages(story(9))) >= 9
    assert doubts(mixed[3])
