from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arna.air.report_pairs import group_beads, read_bead, read_detail, tell_compared, tell_margin, widen_span


def row(begin: int, source: str | None, **detail: Any) -> dict[str, Any]:
    return {
        "kind": "translation",
        "begin": begin,
        "end": begin + 9,
        "source_article_id": source,
        "source_begin": begin,
        "source_end": begin + 8,
        "score": 0.92,
        "direction": "clock" if source else "unclear",
        "direction_confidence": 0.7,
        "detail": json.dumps(detail),
    }


@pytest.mark.parametrize(
    ("tallies", "said"),
    [
        (([2, 1, 0], [1, 0, 0], [3, 0, 0]), "2 numbers, 1 date and 3 names in both; 1 number only here"),
        (([0, 0, 2], [0, 0, 0], [0, 1, 0]), "1 name only here; 2 numbers only there"),
        (([0, 0, 0], [0, 0, 0], [0, 0, 0]), "no number, date or name in either"),
    ],
)
def test_what_was_compared_is_said_in_words(tallies: tuple[list[int], ...], said: str) -> None:
    assert tell_compared(dict(zip(("numbers", "dates", "names"), tallies, strict=True))) == said


@pytest.mark.parametrize("detail", [None, "", "[1]", '{"numbers": 3', '{"numbers": [1, 2], "margin": "high"}'])
def test_a_detail_that_cannot_be_read_says_nothing(detail: str | None) -> None:
    assert (tell_compared(read_detail(detail)), tell_margin(read_detail(detail), 0.9)) == ("", "")


def test_a_margin_is_a_number_and_a_word() -> None:
    said = [tell_margin({"margin": 0.3}, score) for score in (0.95, 0.8, 0.6, 0.3, None)]
    assert [text.removeprefix("margin 0.30") for text in said] == [", strong", ", clear", ", fair", ", weak", ""]


def test_sentences_of_one_source_stand_together_and_doubts_apart() -> None:
    doubt = row(40, None, perhaps="ru", perhaps_begin=5, perhaps_end=30)
    groups = group_beads(map(read_bead, [row(20, "ru"), row(0, "ru"), row(60, "uk"), doubt, row(80, "ru")]))
    assert [[bead.begin for bead in group] for group in groups] == [[0, 20], [40], [60], [80]]
    (maybe,) = groups[1]
    assert (maybe.doubtful, maybe.source, maybe.source_begin, maybe.source_end) == (True, "ru", 5, 30)


def test_a_sentence_is_shown_with_its_quotation_marks_and_full_stop() -> None:
    text = "Ол: «Келісім күшінде», – деді. Ертең қол қойылады."
    begin, end = text.index("Келісім"), text.index("деді") + 4
    assert text[slice(*widen_span(text, begin, end))] == "«Келісім күшінде», – деді."


@given(st.text(alphabet="аә «».,\n’ʻ", max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_a_widened_span_keeps_its_words_and_takes_no_others(text: str, one: int, two: int) -> None:
    begin, end = sorted((min(one, len(text)), min(two, len(text))))
    first, last = widen_span(text, begin, end)
    assert 0 <= first <= begin <= end <= last <= len(text)
    assert not any(sign.isalnum() or sign.isspace() for sign in text[first:begin] + text[end:last])
