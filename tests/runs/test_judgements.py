"""What people judged, through whole runs: it beats the machine, everything follows, and it can be taken back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from arna.cli import main
from arna.store import JudgementBook, Lake
from arna.store.judgements import FILE
from arna.terms import SCHEMAS, Judgement, judge_row
from arna.text.sentences import split_passages
from tests.runs.test_translations import PRESS, Knowing, Row, add, make_rows, make_space, rows_of, run, sift, tell

if TYPE_CHECKING:
    from arna.terms import Verdict

__all__ = ["sift"]  # one rough picture for all runs here, too
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
TABLES = tuple(name for name in SCHEMAS if name != "judgements")


def quote(name: int, lang: str, sentences: slice) -> str:
    """Some sentences of a story."""
    text = tell(name, lang)
    spans = split_passages(text)[sentences]
    return text[spans[0][0] : spans[-1][1]]


def press() -> list[Row]:
    """Translations of stories 9 and 13; a copy of the Kazakh 9 with a credit; and one in doubt: two sentences of 3."""
    rows = make_rows([*PRESS[:6], (3, "ru", "rosvestinform", 5)])
    extra = [
        ("dalanyn-uni", "kk", f"Бұл туралы «Сұңқар 5» хабарлайды.\n{tell(9, 'kk')}", 9),
        ("stepnoy-perekrestok", "kk", f"{quote(21, 'kk', slice(0, 9))} {quote(3, 'kk', slice(2, 4))}", 12),
    ]
    for outlet, lang, text, hours in extra:
        rows.append(
            {"url": f"https://{outlet}.example/{lang}/extra", "outlet": outlet, "title": f"{outlet} {lang}", "text": text,
             "published_at": f"2025-10-01T{hours:02}:10:00Z", "lang": "kk-Cyrl"}
        )  # fmt: skip
    return rows


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, sift: None) -> Path:
    folder = make_space(tmp_path_factory.mktemp("judged") / "space")
    add(folder, press())
    run(folder)
    return folder


def reliances(folder: Path) -> list[Row]:
    rows = Lake(folder / "lake").query(
        """SELECT r.*, split_part(a.url, '.example/', 1) AS host, a.lang, split_part(s.url, '/', -1) AS story,
           split_part(s.url, '/', -2) AS source_lang FROM reliances r JOIN articles a ON a.id = r.article_id
           LEFT JOIN articles s ON s.id = r.source_article_id ORDER BY r.article_id, r."begin", r.kind""",
        ["reliances", "articles"],
    )
    return [row | {"host": row["host"].removeprefix("https://")} for row in rows.to_pylist()]


def find(folder: Path, **where: Any) -> list[Row]:
    return [row for row in reliances(folder) if all(row[key] == value for key, value in where.items())]


def sources_of(folder: Path, host: str) -> set[str]:
    return {row["source_article_id"] for row in find(folder, kind="translation", host=host)}


def judge(folder: Path, rows: list[Row], verdict: Verdict, by: str = "Айгерім") -> list[Judgement]:
    assert rows
    book = JudgementBook(folder)
    judgements = [judge_row(row, verdict, by, AT) for row in rows]
    for judgement in judgements:
        book.add(judgement)
    return judgements


def withdraw(folder: Path) -> None:
    for judgement in JudgementBook(folder).current().values():
        fields = {name: getattr(judgement, name) for name in judgement.__dataclass_fields__}
        JudgementBook(folder).add(Judgement(**fields | {"verdict": "withdrawn"}))


def origins(folder: Path, host: str, lang: str = "kk") -> dict[str, float]:
    rows = Lake(folder / "lake").query(
        f"""SELECT o.origin, o.share FROM origins o JOIN articles a ON a.id = o.article_id
            WHERE a.url LIKE 'https://{host}.example/{lang}/%'""",
        ["origins", "articles"],
    )
    return dict(zip(rows["origin"].to_pylist(), rows["share"].to_pylist(), strict=True))


def assert_shares_sum_to_one(folder: Path) -> None:
    sums = Lake(folder / "lake").query("SELECT sum(share) AS total FROM origins GROUP BY article_id", ["origins"])
    assert sums["total"].to_pylist() == pytest.approx([1.0] * sums.num_rows)
    coverage = Lake(folder / "lake").query(
        "SELECT sum(share) AS total FROM coverage GROUP BY topic, lang, week", ["coverage"]
    )
    assert coverage["total"].to_pylist() == pytest.approx([1.0] * coverage.num_rows)


def test_the_press_has_what_is_judged_here(made: Path):
    assert len(find(made, kind="translation", host="aqbosaga", story="9", source_lang="ru")) > 5
    assert len(find(made, kind="copy", host="dalanyn-uni", source_lang="kk")) == 1
    assert len(find(made, kind="credit", host="dalanyn-uni", source_outlet="sunqar-5")) == 1
    doubts = find(made, kind="translation", host="stepnoy-perekrestok")
    assert [row["source_article_id"] for row in doubts] == [None] * len(doubts)
    assert len(doubts) == 2


@pytest.fixture
def folder(made: Path) -> Any:
    """The space, in which every judgement is taken back afterwards; all tables must then be as they were."""
    before, count = rows_of(made, TABLES), len(JudgementBook(made).read()[0])
    yield made
    withdraw(made)
    summary = run(made)
    assert (summary.judgements, summary.traced, summary.embedded) == (0, 0, 0)
    assert rows_of(made, TABLES) == before
    assert len(JudgementBook(made).read()[0]) > count
    versions = {name: Lake(made / "lake").files(name) for name in SCHEMAS}
    run(made)
    assert {name: Lake(made / "lake").files(name) for name in SCHEMAS} == versions


def test_a_rejected_translation_is_not_there_after_the_next_run_and_all_numbers_follow(folder: Path):
    before = rows_of(folder, ("coverage", "voids"))
    assert origins(folder, "aqbosaga")["russia-state"] > 0.9
    judge(folder, find(folder, kind="translation", host="aqbosaga"), "rejected")
    summary = run(folder)
    assert summary.judgements > 5
    assert find(folder, kind="translation", host="aqbosaga") == []
    assert origins(folder, "aqbosaga") == {"own": 1.0}
    assert "russia-state" not in origins(folder, "dalanyn-uni")  # its copy rests on it, not on what it rested on
    families = Lake(folder / "lake").query(
        "SELECT DISTINCT a.url FROM families f JOIN articles a ON a.id = f.article_id WHERE f.family IN (SELECT family "
        "FROM families f JOIN articles a ON a.id = f.article_id WHERE a.url LIKE '%aqbosaga%')",
        ["families", "articles"],
    )
    assert {url.split("/")[2] for url in families["url"].to_pylist()} == {"aqbosaga.example", "dalanyn-uni.example"}
    after = rows_of(folder, ("coverage", "voids"))
    assert all(after[name] != before[name] for name in after)
    assert_shares_sum_to_one(folder)


def test_a_rejected_copy_and_credit_are_gone_and_what_is_left_is_a_translation(folder: Path):
    judge(folder, find(folder, kind="copy", host="dalanyn-uni"), "rejected")
    run(folder)
    assert find(folder, kind="copy", host="dalanyn-uni") == []
    assert {row["source_lang"] for row in find(folder, kind="translation", host="dalanyn-uni")} <= {"ru", "uz"}
    judge(folder, find(folder, kind="credit", host="dalanyn-uni"), "rejected", "Олена")
    run(folder)
    assert find(folder, kind="credit", host="dalanyn-uni") == []
    assert_shares_sum_to_one(folder)


def test_an_accepted_doubt_is_told_with_its_source(folder: Path):
    assert origins(folder, "stepnoy-perekrestok")["unknown"] > 0
    [first, second] = find(folder, kind="translation", host="stepnoy-perekrestok")
    judge(folder, [first, second], "accepted")
    run(folder)
    rows = find(folder, kind="translation", host="stepnoy-perekrestok")
    assert [(row["story"], row["source_lang"], row["direction"], row["direction_confidence"]) for row in rows] == [
        ("3", "ru", "judged", 1.0)
    ] * 2
    assert [(row["begin"], row["end"]) for row in rows] == [(row["begin"], row["end"]) for row in (first, second)]
    assert rows[0]["score"] == pytest.approx(first["score"])
    shares = origins(folder, "stepnoy-perekrestok")
    assert shares.keys() == {"russia-state", "own"}
    assert_shares_sum_to_one(folder)


def test_what_was_accepted_stays_with_another_model_another_choice_and_new_articles(tmp_path: Path):
    folder = make_space(tmp_path / "space")
    add(folder, press()[:4])
    run(folder)
    rows = find(folder, kind="translation", host="aqbosaga")
    refused = find(folder, kind="translation", host="chinor-axborot")
    judge(folder, rows, "accepted")
    judge(folder, refused, "rejected")
    for change in ({}, {"model": Knowing("another", 64)}, {"translations": "off"}):
        run(folder, **change)  # type: ignore[arg-type]
        kept = find(folder, kind="translation", host="aqbosaga")
        assert [(row["begin"], row["end"], row["source_begin"]) for row in kept] == [
            (row["begin"], row["end"], row["source_begin"]) for row in rows
        ]
        assert {row["direction"] for row in kept} == {"judged"}
        assert refused[0]["source_article_id"] not in sources_of(folder, "chinor-axborot")
    add(folder, press()[4:])
    assert run(folder).traced == 5
    assert len(find(folder, kind="translation", host="aqbosaga", direction="judged")) == len(rows)
    sources = sources_of(folder, "chinor-axborot")
    assert sources  # another comes in its place
    assert refused[0]["source_article_id"] not in sources


def test_the_last_of_several_people_counts_and_the_tables_show_it(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    rows = find(folder, kind="copy", host="dalanyn-uni")
    judge(folder, rows, "rejected", "Айгерім")
    judge(folder, rows, "accepted", "Олена")
    run(folder)
    assert [row["direction"] for row in find(folder, kind="copy", host="dalanyn-uni")] == ["judged"]
    capsys.readouterr()
    question = f"SELECT \"by\", verdict, holds FROM judgements WHERE article_id = '{rows[0]['article_id']}' ORDER BY n"
    assert main(["sql", "-s", str(folder), question, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[-2:] == [
        {"by": "Айгерім", "verdict": "rejected", "holds": False}, {"by": "Олена", "verdict": "accepted", "holds": True}
    ]  # fmt: skip
    assert main(["export", "-s", str(folder), "judgements"]) == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (last["by"], last["at"], last["score"]) == ("Олена", "2026-03-02T09:00:00Z", pytest.approx(rows[0]["score"]))
    traced = rows_of(folder, TABLES)
    files = Lake(folder / "lake").files("reliances")
    judge(folder, rows, "accepted", "Нурлан")  # nothing else follows from it: only the table of judgements changes
    run(folder)
    assert Lake(folder / "lake").files("reliances") == files
    assert rows_of(folder, TABLES) == traced
    held = Lake(folder / "lake").read("judgements").to_pylist()
    assert [row["by"] for row in held if row["holds"]] == ["Нурлан"]


def test_a_damaged_file_of_judgements_stops_no_run_and_is_told(
    made: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    before, path = rows_of(made, TABLES), made / FILE
    whole = path.read_bytes() if path.exists() else b""
    path.write_bytes(whole + b'{"article_id": "a", "beg')
    monkeypatch.setattr("arna.cli.commands._open_model", Knowing)
    assert main(["run", "-s", str(made)]) == 0
    assert f"{FILE}: line {whole.count(bytes([10])) + 1} is no judgement" in capsys.readouterr().err
    assert rows_of(made, TABLES) == before
    path.write_bytes(whole)


def test_a_judgement_of_what_is_not_held_is_told_and_harms_nothing(folder: Path):
    [row] = find(folder, kind="copy", host="dalanyn-uni")
    judge(folder, [row | {"source_article_id": "gone"}, row | {"article_id": "gone"}], "accepted")
    before = rows_of(folder, TABLES)
    problems = run(folder).problems
    assert len(problems) == 2
    assert all("the space holds no such article" in problem for problem in problems)
    assert rows_of(folder, TABLES) == before


def test_stopped_before_the_judgements_are_written_the_next_run_writes_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    judge(folder, find(folder, kind="copy", host="dalanyn-uni"), "rejected")
    with monkeypatch.context() as patch:
        patch.setattr("arna.runs.run._keep_judgements", lambda *_given: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            run(folder)
    run(folder)
    assert Lake(folder / "lake").read("judgements").num_rows == len(JudgementBook(folder).read()[0])
    assert find(folder, kind="copy", host="dalanyn-uni") == []
