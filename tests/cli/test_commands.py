"""Every command as people and programs type it: what it prints, and the exit codes they rely on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from arna.cli.main import make_parser
from tests.cli.commanding import ARTICLES, STRANGER, WIRE, arna, count, make_article, write_jsonl, write_space

if TYPE_CHECKING:
    from pathlib import Path


def sql(folder: Path, query: str) -> list[dict[str, Any]]:
    return list(arna("sql", "-s", folder, query, "--json").value)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nosuch",),
        ("voids",),
        ("import", "-s", "x"),
        ("export", "-s", "x", "nosuch"),
        ("export", "-s", "x", "origins", "--format", "xml"),
        ("run", "-s", "x", "--workers", "0"),
        ("run", "-s", "x", "--workers", "many"),
        ("init", "x", "--template", "atlantis"),
        ("article", "-s", "x"),
        ("sql", "-s", "x"),
    ],
)
def test_wrong_usage_is_2_and_says_what_is_wrong(arguments: tuple[str, ...]):
    answer = arna(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("usage: arna")
    assert "error: " in answer.err.splitlines()[-1]


def test_an_unknown_template_names_those_there_are():
    assert "'kazakhstan', 'demo'" in arna("init", "x", "--template", "atlantis").err


@pytest.mark.parametrize(
    "command",
    [
        ("voids",),
        ("run",),
        ("report",),
        ("outlets",),
        ("import", "x"),
        ("article", "x"),
        ("export", "origins"),
        ("sql", "x"),
    ],
)
def test_a_missing_space_is_one_line_with_the_way_out(tmp_path: Path, command: tuple[str, ...]):
    folder = tmp_path / "nowhere"
    answer = arna(command[0], "-s", folder, *command[1:])
    assert (answer.code, answer.out) == (1, "")
    assert answer.error == f"arna: {folder}/space.toml: no such file; `arna init {folder}` makes a space"
    assert not folder.exists()


@pytest.mark.parametrize("template", ["kazakhstan", "demo"])
def test_init_makes_a_space_that_all_commands_take(tmp_path: Path, template: str):
    folder = tmp_path / "new"
    assert arna("init", folder, "--template", template, "--json").value == {
        "space": str(folder),
        "template": template,
        "outlets": len(re.findall(r"^\[\[outlet\]\]", _outlets(folder), re.MULTILINE)),
    }
    assert arna("voids", "-s", folder).out == "No voids are counted yet. Next: arna import, then arna run.\n"
    assert arna("voids", "-s", folder, "--json").value == []
    assert arna("run", "-s", folder, "--json").value["articles"] == 0
    assert arna("export", "-s", folder, "articles").out == ""


def _outlets(folder: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in (folder / "outlets").glob("*.toml"))


def test_init_twice_leaves_the_first_space_as_it_is(tmp_path: Path):
    folder = tmp_path / "twice"
    assert arna("init", folder, "--quiet").out == ""
    (folder / "space.toml").write_text("# edited\n", encoding="utf-8")
    answer = arna("init", folder)
    assert (answer.code, answer.out) == (1, "")
    assert "there is a space here already" in answer.error
    assert (folder / "space.toml").read_text(encoding="utf-8") == "# edited\n"


def test_import_and_run_tell_programs_and_people_the_same(tmp_path: Path):
    folder = write_space(tmp_path / "space")
    path = write_jsonl(tmp_path / "a.jsonl", [*ARTICLES, "not json"])
    found = arna("import", "-s", folder, path, "--json")
    assert found.err == "a.jsonl: line 6: not JSON: Expecting value: line 1 column 1 (char 0)\n"
    assert (found.code, found.value["documents"], found.value["new"], found.value["outcomes"]) == (
        0,
        5,
        5,
        {"failed": 1},
    )
    again = arna("import", "-s", folder, path)
    assert again.out == (
        "0 new documents from 1 files, 5 held before, 1 lines or records refused (see above, and the table outcomes)\n"
    )
    ran = arna("run", "-s", folder, "--workers", 1)
    assert "Read 5 pages: 5 articles, 0 without one." in ran.out
    assert "The space holds 5 articles (ru-Cyrl 4, kk-Cyrl 1)." in ran.out
    assert arna("run", "-s", folder, "--json").value["articles"] == 5
    assert arna("run", "-s", folder).out.startswith("Nothing new.")


def test_quiet_prints_results_and_errors_and_nothing_else(tmp_path: Path):
    folder = tmp_path / "quiet"
    path = write_jsonl(tmp_path / "a.jsonl", [*ARTICLES, "not json"])
    for arguments in (
        ("init", folder, "--template", "demo"),
        ("import", "-s", folder, path),
        ("run", "-s", folder, "--workers", 1),
        ("report", "-s", folder),
        ("export", "-s", folder, "voids", "-o", tmp_path / "voids.csv"),
    ):
        answer = arna(*arguments, "--quiet")
        assert (answer.code, answer.out, answer.err) == (0, "", ""), arguments
    assert "5 " in arna("sql", "-s", folder, "SELECT count(*) FROM articles", "--quiet").out
    failed = arna("import", "-s", folder, tmp_path / "missing.jsonl", path, "--quiet")
    assert (failed.code, failed.out) == (1, "")
    assert failed.error == f"arna: {tmp_path}/missing.jsonl: there is no such file"


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", "given.jsonl"),
        ("run",),
        ("voids",),
        ("article", ARTICLES[1]["url"]),
        ("export", "origins"),
        ("export", "origins", "-o", "origins.csv"),
        ("sql", "SELECT * FROM reliances"),
        ("report",),
        ("outlets",),
        ("collect", "--status"),
    ],
)
def test_json_is_one_value_and_nothing_else(space: Path, tmp_path: Path, arguments: tuple[str, ...]):
    name, *rest = arguments
    rest = [str(space.parent / part) if part.endswith((".jsonl", ".csv")) else part for part in rest]
    answer = arna(name, "-s", space, *rest, "--json")
    assert (answer.code, answer.err) == (0, "")
    assert answer.value is not None
    assert answer.out.count("\n") == 1


def test_every_command_is_tried_here():
    [action] = [action for action in make_parser()._actions if hasattr(action, "choices") and action.choices]
    assert set(action.choices or ()) == {
        *("init", "collect", "import", "run", "voids", "article", "export", "sql", "report", "outlets", "demo"),
        "serve",  # in tests/observatory/test_server.py
    }


def test_nothing_readable_is_1_and_the_good_files_are_taken(tmp_path: Path):
    folder = write_space(tmp_path / "space")
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(100))
    (tmp_path / "empty.jsonl").write_bytes(b"")
    (tmp_path / "word.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    names = ("missing.warc", "photo.jpg", "empty.jsonl", "word.csv")
    bad = [tmp_path / name for name in names]
    answer = arna("import", "-s", folder, *bad, tmp_path, "--quiet")
    assert answer.code == 1
    lines = answer.err.splitlines()
    assert [line.startswith(f"arna: {path}: ") for line, path in zip(lines, [*bad, tmp_path], strict=True)] == [
        True
    ] * 5
    assert "line 1: the header lacks url, outlet" in lines[3]
    assert "is a folder" in lines[4]
    good = write_jsonl(tmp_path / "good.jsonl", list(ARTICLES))
    answer = arna("import", "-s", folder, *bad, good, "--json")
    assert (answer.code, answer.value["new"], len(answer.value["failed_files"])) == (1, 5, 4)
    assert count(folder, "documents") == 5


def test_a_stream_is_refused_rather_than_read_in_part(tmp_path: Path):
    folder = write_space(tmp_path / "space")
    answer = arna("import", "-s", folder, "/dev/zero", "--quiet")
    assert (answer.code, "save it as a file first" in answer.error) == (1, True)


def test_the_voids_name_topic_language_and_what_is_known(space: Path):
    rows = arna("voids", "-s", space, "--json").value
    assert {("economy", "ru-Cyrl", "2026-03-02")} <= {(row["topic"], row["lang"], row["first_week"]) for row in rows}
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    out = arna("voids", "-s", space).out
    assert "Economy and trade" in out
    assert "weeks of 2026-03-02" in out


def test_an_article_opens_to_the_spans_it_rests_on(space: Path):
    found = arna("article", "-s", space, ARTICLES[1]["url"], "--json").value
    assert found["text"] == ARTICLES[1]["text"]
    assert found["published_at"] == "2026-03-02T12:00:00Z"
    assert {row["kind"] for row in found["reliances"]} == {"copy", "credit", "link"}
    assert abs(sum(row["share"] for row in found["origins"]) - 1) < 1e-9
    [copy] = [row for row in found["reliances"] if row["kind"] == "copy"]
    held = {row["id"]: row["text"] for row in sql(space, "SELECT id, text FROM articles")}
    span = found["text"][copy["begin"] : copy["end"]]
    assert span == copy["source_text"] == held[copy["source_article_id"]][copy["source_begin"] : copy["source_end"]]
    assert span in WIRE
    assert len(span) > 0.9 * len(WIRE)
    assert (copy["source_outlet"], copy["source_url"]) == ("visnyk", ARTICLES[0]["url"])
    rows = sql(space, f"SELECT * FROM reliances WHERE article_id = '{found['id']}'")
    assert sorted((row["kind"], row["begin"], row["end"]) for row in rows) == sorted(
        (row["kind"], row["begin"], row["end"]) for row in found["reliances"]
    )
    shown = arna("article", "-s", space, found["id"]).out
    assert f"  here:  {span}\n" in shown
    assert f"  there: {span}\n" in shown


@pytest.mark.parametrize(
    "address",
    [
        "https://www.dala.example/mill?utm_source=feed",
        "https://www.dala.example/mill",
        "https://www.dala.example/mill?utm_campaign=other",
        "HTTPS://WWW.DALA.example/mill#comments",
    ],
)
def test_an_article_is_found_by_any_form_of_its_address(space: Path, address: str):
    assert arna("article", "-s", space, address, "--json").value["title"] == "Заметка"


@pytest.mark.parametrize(
    "key", ["0" * 32, "https://dala.example/never", "", "'; DROP TABLE articles", "a\nb", "\udcff"]
)
def test_an_article_nobody_holds_is_one_line(space: Path, key: str):
    answer = arna("article", "-s", space, key)
    assert (answer.code, answer.out) == (1, "")
    assert "no such article" in answer.error


def test_a_page_that_was_dropped_says_why(space: Path):
    answer = arna("article", "-s", space, "https://dala.example/gone", "--json")
    assert (answer.code, answer.out) == (1, "")
    assert answer.error.startswith("arna: https://dala.example/gone: its page was dropped: http-status: 404")


def test_an_outlet_nobody_registered_is_kept_and_its_copies_are_of_unknown_origin(space: Path):
    stranger = arna("article", "-s", space, ARTICLES[2]["url"], "--json").value
    assert (stranger["outlet"], stranger["text"], stranger["extra"]) == (
        "orman.example",
        STRANGER,
        '{"section": "Қоғам"}',
    )
    copier = arna("article", "-s", space, ARTICLES[3]["url"], "--json").value
    assert [row["source_outlet"] for row in copier["reliances"] if row["kind"] == "copy"] == ["orman.example"]
    shares = {row["origin"]: row["share"] for row in copier["origins"]}
    assert set(shares) == {"unknown", "own"}
    assert shares["unknown"] > 0.8


def test_an_outlet_registered_later_counts_for_what_is_held(tmp_path: Path):
    folder = write_space(tmp_path / "space")
    assert arna("import", "-s", folder, write_jsonl(tmp_path / "a.jsonl", list(ARTICLES[2:4]))).code == 0
    assert arna("run", "-s", folder, "--workers", 1).code == 0
    with (folder / "outlets" / "more.toml").open("w", encoding="utf-8") as file:
        file.write(
            '[[outlet]]\nid = "orman"\nname = "Орман жаршысы"\norigin = "kazakhstan"\ncountry = "KZ"\n'
            'kind = "newspaper"\nlanguages = ["kk", "ru"]\ndomains = ["orman.example"]\n'
        )
    assert arna("run", "-s", folder, "--workers", 1).code == 0
    copier = arna("article", "-s", folder, ARTICLES[3]["url"], "--json").value
    assert {row["origin"] for row in copier["origins"]} == {"kazakhstan", "own"}


def test_the_report_goes_where_it_is_told(space: Path, tmp_path: Path):
    path = tmp_path / "report.html"
    assert arna("report", "-s", space, "-o", path, "--json").value == {"report": str(path)}
    assert path.read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html")
    answer = arna("report", "-s", space, "-o", tmp_path / "no" / "report.html")
    assert (answer.code, answer.out) == (1, "")
    assert f"{tmp_path}/no/report.html: cannot be written" in answer.error


TYPOS = [
    ("languages =", "langauges =", ":4: ", "langauges", "languages"),
    ('own_origins = ["ukraine"]', 'own_origins = ["urkaine"]', ":9: ", "urkaine", "[[origins]]"),
    ('title = "Economy and trade"', "title = 5", ":24: ", "title", "text"),
    ('id = "kazakhstan"', 'id = "kazakhstan', ": not TOML: ", "line 19", "mend that line"),
]


@pytest.mark.parametrize(("right", "wrong", "place", "field", "hint"), TYPOS)
def test_a_typo_in_space_toml_is_told_with_file_line_and_field(
    tmp_path: Path, right: str, wrong: str, place: str, field: str, hint: str
):
    folder = write_space(tmp_path / "space")
    file = folder / "space.toml"
    text = file.read_text(encoding="utf-8")
    assert text.count(right) == 1
    file.write_text(text.replace(right, wrong), encoding="utf-8")
    for command in (("voids",), ("run",), ("import", tmp_path / "a.jsonl"), ("export", "voids")):
        answer = arna(command[0], "-s", folder, *command[1:])
        assert (answer.code, answer.out) == (1, "")
        assert answer.error.startswith(f"arna: {file}{place}")
        assert field in answer.error
        assert hint in answer.error
    assert not (folder / "lake").exists()


def test_a_typo_in_an_outlet_is_told_with_file_line_and_field(tmp_path: Path):
    folder = write_space(tmp_path / "space")
    file = folder / "outlets" / "all.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('kind = "portal"', 'kind = "potral"'), encoding="utf-8")
    answer = arna("voids", "-s", folder)
    assert answer.code == 1
    assert answer.error.startswith(f"arna: {file}:18: ")
    assert "kind 'potral' is none of agency, portal" in answer.error


def test_a_table_that_is_damaged_is_named(tmp_path: Path):
    folder = write_space(tmp_path / "space")
    write_jsonl(tmp_path / "a.jsonl", [make_article(1, "dala", STRANGER, "2026-03-02")])
    arna("import", "-s", folder, tmp_path / "a.jsonl")
    for part in (folder / "lake" / "documents").glob("*.parquet"):
        part.unlink()
    for command in (("run",), ("sql", "SELECT 1"), ("export", "documents"), ("article", "x")):
        answer = arna(command[0], "-s", folder, *command[1:], "--quiet")
        assert (answer.code, answer.out) == (1, "")
        assert f"{folder}/lake" in answer.error
