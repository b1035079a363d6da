"""What people judged is kept, whatever happens to the file."""

from __future__ import annotations

import json
import multiprocessing
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arna.errors import StoreError
from arna.store import JudgementBook
from arna.store.judgements import FILE, tabulate_judgements
from arna.terms import KEYS, SCHEMAS, Judgement, judge_row, key_of_row

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def judge(
    verdict: str = "rejected", by: str = "Аналитик", article: str = "a", begin: int = 0, **more: object
) -> Judgement:
    fields = {"kind": "copy", "source_article_id": "b", "source_outlet": "visnyk", "source_begin": 3, "source_end": 12}
    return Judgement(article, begin, begin + 9, **fields | {"verdict": verdict, "by": by, "at": AT} | more)  # type: ignore[arg-type]


def test_what_was_judged_is_read_back_as_it_was(tmp_path: Path):
    book = JudgementBook(tmp_path)
    assert (book.current(), book.history("a"), book.read()) == ({}, [], ([], []))
    first = judge("accepted", "Қарлығаш Ә.", score=0.82, detail='{"words": 9, "equal_words": 8}')
    second = judge("rejected", "О'Генрі \n «redaktor»", begin=40, kind="credit", source_article_id=None, source_begin=None,
                   source_end=None)  # fmt: skip
    for judgement in (first, second):
        book.add(judgement)
    assert JudgementBook(tmp_path).read() == ([first, second], [])
    assert book.current() == {first.key: first, second.key: second}
    assert first.found == {"words": 9, "equal_words": 8}
    assert len((tmp_path / FILE).read_text(encoding="utf-8").splitlines()) == 2


def test_the_last_one_counts_and_a_withdrawn_one_is_none(tmp_path: Path):
    book = JudgementBook(tmp_path)
    made = [
        judge("accepted", "A"),
        judge("rejected", "B"),
        judge("withdrawn", "A"),
        judge("accepted", "C", article="z"),
    ]
    for n, judgement in enumerate(made):
        book.add(judgement)
        assert book.history("a") == [item for item in made[: n + 1] if item.article_id == "a"]
        held = [[made[0]], [made[1]], [], [made[3]]][n]
        assert list(book.current().values()) == held
    rows = tabulate_judgements(book.read()[0]).to_pylist()
    assert [(row["n"], row["verdict"], row["holds"]) for row in rows] == [
        (1, "accepted", False), (2, "rejected", False), (3, "withdrawn", False), (4, "accepted", True)
    ]  # fmt: skip
    assert KEYS["judgements"] == ("n",)
    assert tabulate_judgements([]).schema == SCHEMAS["judgements"]


def test_order_is_that_of_the_file_not_of_the_clocks(tmp_path: Path):
    book = JudgementBook(tmp_path)
    book.add(judge("accepted", at=AT))
    book.add(judge("rejected", at=AT - timedelta(hours=3)))  # a clock that was set back
    [held] = book.current().values()
    assert held.verdict == "rejected"


def test_times_are_kept_in_utc(tmp_path: Path):
    book = JudgementBook(tmp_path)
    book.add(judge(at=datetime(2026, 3, 2, 14, 30, tzinfo=timezone(timedelta(hours=5)))))
    [line] = (tmp_path / FILE).read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["at"] == "2026-03-02T09:30:00+00:00"
    assert book.read()[0][0].at == AT


@pytest.mark.parametrize("cut", [1, 5, 60, -2, -1])
def test_a_line_cut_off_by_a_crash_is_told_and_loses_no_other(tmp_path: Path, cut: int):
    book, path = JudgementBook(tmp_path), tmp_path / FILE
    made = [judge(by=name) for name in "AB"]
    for judgement in made:
        book.add(judgement)
    whole = path.read_bytes()
    third = whole.splitlines(keepends=True)[0]
    path.write_bytes(whole + third[:cut])
    whole_line = cut == -1  # only the line break is missing: nothing was lost
    assert book.read()[0] == made + made[:1] * whole_line
    assert len(book.read()[1]) == 1 - whole_line
    book.add(judge(by="D"))
    judgements, problems = book.read()
    assert [item.by for item in judgements] == ["A", "B", *"A" * whole_line, "D"]
    assert [f"{FILE}: line 3" in problem for problem in problems] == [True] * (1 - whole_line)


@pytest.mark.parametrize(
    "line",
    ["[]", "17", "{}", "\x00\x00\x00", '{"a":', "null", "\udcff".encode("utf-8", "surrogateescape").decode("latin-1")],
)
def test_what_is_no_judgement_is_passed_over_by_number(tmp_path: Path, line: str):
    book, path = JudgementBook(tmp_path), tmp_path / FILE
    book.add(judge(by="A"))
    path.write_bytes(line.encode("latin-1") + b"\n\n" + path.read_bytes())
    judgements, [problem] = book.read()
    assert [item.by for item in judgements] == ["A"]
    assert "line 1 is no judgement" in problem


WRONG = [
    {"at": datetime(2026, 3, 2)},  # noqa: DTZ001  # that is what is wrong with it
    {"by": " \n"}, {"verdict": "maybe"}, {"kind": "rumour"}, {"begin": 2**31}, {"source_article_id": None},
    {"source_begin": None}, {"source_end": 3}, {"score": float("nan")}, {"score": "0.5"}, {"by": "\ud800"}, {"detail": None},
    {"begin": True}, {"source_outlet": 5},
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_what_cannot_be_kept_is_refused_and_writes_nothing(tmp_path: Path, wrong: dict[str, object]):
    with pytest.raises(ValueError, match="judgement of a"):
        JudgementBook(tmp_path).add(replace(judge(), **wrong))  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path):
    with pytest.raises(StoreError, match="nothing was judged"):
        JudgementBook(tmp_path / "nowhere").add(judge())
    (tmp_path / FILE).mkdir()
    with pytest.raises(StoreError, match="cannot be read"):
        JudgementBook(tmp_path).read()


def _add_many(folder: str, name: str, count: int) -> None:
    book = JudgementBook(Path(folder))
    for n in range(count):
        book.add(judge(by=name, begin=n, detail=json.dumps({"long": name * 9_000})))


def test_two_writers_at_once_lose_nothing(tmp_path: Path):
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_add_many, args=(str(tmp_path), name, 25)) for name in "AB"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    judgements, problems = JudgementBook(tmp_path).read()
    assert problems == []
    for name in "AB":
        assert [item.begin for item in judgements if item.by == name] == list(range(25))


def test_it_is_on_the_disk_before_it_is_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    forced: list[int] = []
    force = os.fsync

    def watch(handle: int) -> None:
        forced.append(os.fstat(handle).st_size)
        force(handle)

    monkeypatch.setattr(os, "fsync", watch)
    JudgementBook(tmp_path).add(judge())
    assert (tmp_path / FILE).stat().st_size in forced
    assert len(forced) == 2  # the file, and the folder that now has its name


def test_a_doubt_and_the_translation_it_becomes_are_one_reliance():
    doubt = {
        "article_id": "a", "begin": 0, "end": 9, "kind": "translation", "source_article_id": None, "source_outlet": None,
        "source_begin": None, "source_end": None, "score": 0.6, "direction": "unclear",
        "detail": json.dumps({"margin": 0.2, "perhaps": "b", "perhaps_begin": 3, "perhaps_end": 12}),
    }  # fmt: skip
    told = doubt | {"source_article_id": "b", "source_outlet": "visnyk", "source_begin": 3, "source_end": 12,
                    "detail": "{}"}  # fmt: skip
    judged = judge_row(doubt, "accepted", "A", AT)
    assert (judged.source_article_id, judged.source_begin, judged.source_end, judged.score) == ("b", 3, 12, 0.6)
    assert judged.key == key_of_row(doubt) == key_of_row(told)
    assert key_of_row(told | {"source_begin": 4}) != judged.key


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(st.lists(st.tuples(TEXT.filter(str.strip), TEXT, st.sampled_from(["accepted", "rejected", "withdrawn"]))))
def test_any_name_and_any_detail_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, made: list[tuple[str, str, str]]
):
    book = JudgementBook(tmp_path_factory.mktemp("book"))
    judgements = [judge(verdict, name, detail=detail) for name, detail, verdict in made]
    for judgement in judgements:
        book.add(judgement)
    assert book.read() == (judgements, [])
    last = judgements[-1] if judgements and judgements[-1].verdict != "withdrawn" else None
    assert list(book.current().values()) == ([last] if last else [])
