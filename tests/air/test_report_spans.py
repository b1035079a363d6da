from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from arna.air.report_spans import FOLDED, HEAD, WHOLE, Mark, Piece, cut_passage, lay_out

TEXTS = st.text(alphabet="аәғқңөұүһі ýňžşçʻ’\n\u202e😀", max_size=120).flatmap(
    lambda unit: st.integers(1, 60).map(lambda times: unit * times)
)


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    text = draw(TEXTS)
    ends = st.integers(-2, len(text) + 2)
    kinds = st.sampled_from(["copy", "credit", "link"])
    spans = draw(st.lists(st.tuples(kinds, ends, ends), max_size=6))
    return text, [Mark(n, kind, begin, end) for n, (kind, begin, end) in enumerate(spans, start=1)]


def spell(pieces: list[Piece]) -> str:
    return "".join(run.text for piece in pieces for line in piece.lines for run in line)


@given(marked_texts())
def test_no_letter_is_lost_or_said_twice(given_text: tuple[str, list[Mark]]) -> None:
    text, marks = given_text
    assert "".join(spell(lay_out(text, marks)).split()) == "".join(text.split())


@given(marked_texts())
def test_what_is_marked_is_the_span(given_text: tuple[str, list[Mark]]) -> None:
    text, marks = given_text
    runs = [run for piece in lay_out(text, marks) for line in piece.lines for run in line]
    for kind in ("copy", "credit", "link"):
        covered = {
            n for m in marks if m.kind == kind and 0 <= m.begin < m.end <= len(text) for n in range(m.begin, m.end)
        }
        wanted = "".join(text[n] for n in sorted(covered))
        assert "".join("".join(r.text for r in runs if kind in r.kinds).split()) == "".join(wanted.split())


@given(marked_texts(), st.lists(st.integers(0, 7_000), max_size=4))
def test_a_text_laid_out_part_by_part_is_whole(given_text: tuple[str, list[Mark]], cuts: list[int]) -> None:
    text, marks = given_text
    edges = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    parts = [spell(lay_out(text, marks, first, last)) for first, last in pairwise(edges)]
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_short_text_is_shown_whole() -> None:
    text = "Украинаның Қазақстанмен саудасы өсті.\n\nӘңгіме ұзаққа созылды."
    (piece,) = lay_out(text, [])
    assert piece.shown
    assert [line[0].text for line in piece.lines] == text.split("\n\n")


def test_a_long_text_keeps_its_lead_and_what_is_around_the_span_in_sight() -> None:
    line = "Жер-жерден келген тілшілер бұл туралы ештеңе жазған жоқ.\n"
    told = "Бұл туралы Зоря газеті хабарлады"
    text = line * 60 + told + ".\n" + line * 60
    begin = text.index(told)
    pieces = lay_out(text, [Mark(1, "credit", begin, begin + len(told))])
    assert [piece.shown for piece in pieces] == [True, False, True, False]
    assert told in spell([pieces[2]])
    assert len(spell([pieces[2]])) < WHOLE / 2
    assert not any(piece.cut_before or piece.cut_after for piece in pieces)


def test_a_text_of_two_million_letters_does_not_swell_the_report() -> None:
    text = "ұ" * 2_000_000
    pieces = lay_out(text, [Mark(1, "copy", 0, len(text))])
    assert len(spell(pieces)) <= FOLDED + HEAD + WHOLE
    assert sum(piece.left_out for piece in pieces) == len(text) - len(spell(pieces))


def test_a_passage_is_cut_after_a_sentence_and_nothing_is_lost() -> None:
    text = "Yigʻilishda savdo koʻpaygani aytildi. " * 30
    head, rest = cut_passage(text, 320)
    assert head.endswith("aytildi.")
    assert head + rest == text
    assert cut_passage("Qisqa.", 320) == ("Qisqa.", "")
