"""Input as the world gives it: what is broken is named and counted, the rest goes on, and nobody sees a traceback."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from arna.collect import wacz
from tests.cli.commanding import (
    ARTICLES,
    KAZAKH,
    WIRE,
    Answer,
    arna,
    count,
    make_article,
    make_page,
    make_record,
    write_jsonl,
    write_space,
    write_warc,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_space(tmp_path / "space")


def take(folder: Path, path: Path) -> Answer:
    """Imports a file that holds good and bad; what is bad is on standard error and in ``outcomes``, and no more."""
    answer = arna("import", "-s", folder, path, "--json")
    assert answer.code == 0, answer.err
    assert answer.err.splitlines() == answer.value["problems"]
    assert all(line.startswith(f"{path.name}: ") for line in answer.value["problems"])
    failed = answer.value["outcomes"].get("failed", 0)
    assert count(folder, "outcomes", "stage = 'import' AND outcome = 'failed'") == failed
    return answer


def run(folder: Path) -> dict[str, Any]:
    """Runs, and holds that each document has one outcome."""
    answer = arna("run", "-s", folder, "--workers", 1, "--json")
    assert (answer.code, answer.err) == (0, "")
    documents = count(folder, "documents")
    assert count(folder, "documents d JOIN outcomes o ON o.document_id = d.id AND o.stage = 'read'") == documents
    return dict(answer.value)


def read(folder: Path, url: str) -> dict[str, Any]:
    return dict(arna("article", "-s", folder, url, "--json").value)


REPORTS = (
    "Мукомолы Костаная заключили договор с портом Измаила и ждут первых вагонов к середине апреля.",
    "В Павлодаре открыли курсы украинского языка: записалось сорок человек, половина из них школьники старших классов.",
    "Железнодорожники перевели станцию Достык на круглосуточную работу, чтобы разгрузить очередь у границы.",
    "Учёные Львова и Алматы вместе изучат семена степных трав, которые переносят засуху лучше привычной пшеницы.",
    "Театр из Одессы покажет в Шымкенте спектакль о море; билеты раскупили за два дня, добавлен ещё один вечер.",
    "Цены на подсолнечное масло в Актобе пошли вниз после того, как местный завод увеличил закупки сырья у соседей.",
)
PAGES = [
    make_record(f"https://dala.example/{n}", make_page(" ".join((REPORTS * 2)[n : n + 3]))) for n in range(len(REPORTS))
]
"""Six pages of one outlet; no two paragraphs are alike, or they would be its furniture."""


def test_gzip_cut_off_keeps_the_lines_before_the_cut(folder: Path, tmp_path: Path):
    lines = "".join(json.dumps(make_article(n, "dala", f"{n} {KAZAKH}", "2026-03-02")) + "\n" for n in range(150))
    path = tmp_path / "cut.jsonl.gz"
    packed = gzip.compress(lines.encode(), mtime=0)
    path.write_bytes(packed[: len(packed) // 2])
    answer = take(folder, path)
    new = answer.value["new"]
    assert 0 < new < 150
    assert answer.value["problems"] == [
        f"cut.jsonl.gz: line {new + 1}: the gzip data is cut off here; what follows is lost"
    ]
    path.write_bytes(packed)
    assert take_again(folder, path) == 150 - new
    assert run(folder)["articles"] == 150


def take_again(folder: Path, path: Path) -> int:
    """The same file whole: what is new is only what was missing."""
    return int(arna("import", "-s", folder, path, "--json").value["new"])


@pytest.mark.parametrize("name", ["cut.warc", "cut.warc.gz"])
def test_a_warc_cut_within_a_record_keeps_the_records_before(folder: Path, tmp_path: Path, name: str):
    path = write_warc(tmp_path / name, *PAGES)
    path.write_bytes(path.read_bytes()[:-200])
    answer = take(folder, path)
    [problem] = answer.value["problems"]
    assert problem.startswith(f"{name}: record 6 (byte ")
    assert "cut off" in problem
    assert (answer.value["new"], answer.value["outcomes"]) == (5, {"failed": 1})
    assert run(folder)["articles"] == 5


def test_damage_in_the_middle_costs_one_record(folder: Path, tmp_path: Path):
    members = [gzip.compress(page, mtime=0) for page in PAGES]
    members[2] = members[2][:60] + bytes(80) + members[2][140:]
    path = tmp_path / "damaged.warc.gz"
    path.write_bytes(b"".join(members))
    answer = take(folder, path)
    assert answer.value["problems"][0].startswith("damaged.warc.gz: record 3 (byte ")
    assert answer.value["new"] == 5
    assert run(folder)["articles"] == 5


def test_a_page_of_200_mb_is_dropped_with_its_size(folder: Path, tmp_path: Path):
    body = gzip.compress(bytes(10 << 20), 1, mtime=0) * 20  # members one after another are one stream
    url = "https://dala.example/huge"
    huge = make_record(url, body, headers="Content-Type: text/html\r\nContent-Encoding: gzip")
    path = write_warc(tmp_path / "huge.warc.gz", huge, *PAGES)
    assert take(folder, path).value["new"] == 7
    assert run(folder)["articles"] == 6
    answer = arna("article", "-s", folder, url)
    assert answer.code == 1
    assert "its page was dropped: too-large" in answer.error


def test_a_record_of_200_mb_is_dropped_with_its_size(folder: Path, tmp_path: Path):
    body = bytes(200 << 20)
    path = write_warc(tmp_path / "huge.warc.gz", PAGES[0])
    packed = gzip.compress(make_record("https://dala.example/huge", body), 1, mtime=0)
    path.write_bytes(path.read_bytes() + packed + gzip.compress(PAGES[1], mtime=0))
    assert take(folder, path).value["new"] == 3
    assert run(folder)["articles"] == 2
    assert "too-large: 200 MB" in arna("article", "-s", folder, "https://dala.example/huge").error


def test_a_gzip_bomb_is_left_at_the_limit(folder: Path, tmp_path: Path):
    line = (json.dumps(ARTICLES[0]) + "\n").encode()
    path = tmp_path / "bomb.jsonl.gz"
    path.write_bytes(gzip.compress(line, mtime=0) + gzip.compress(bytes(64 << 20), 9, mtime=0) * 9)
    answer = take(folder, path)
    assert answer.value["new"] == 1
    assert "as a bomb does" in answer.value["problems"][-1]
    assert run(folder)["articles"] == 1


def test_a_zip_bomb_is_not_unpacked(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(wacz, "EXPANDED", 1 << 20)
    path = tmp_path / "crawl.wacz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/bomb.warc", bytes(4 << 20))
        archive.writestr("archive/good.warc", b"".join(PAGES))
    answer = take(folder, path)
    assert answer.value["new"] == 6
    [problem] = answer.value["problems"]
    assert problem.startswith("crawl.wacz: member 1 (archive/bomb.warc): expands more than")
    assert run(folder)["articles"] == 6


def test_a_page_in_another_charset_than_it_says_is_read(folder: Path, tmp_path: Path):
    page = make_page(WIRE, title="Порты работают").decode()
    says = "Content-Type: text/html; charset={}"
    path = write_warc(
        tmp_path / "charsets.warc.gz",
        make_record("https://a.example/", page.encode("cp1251"), headers=says.format("utf-8")),
        make_record("https://b.example/", page.encode(), headers=says.format("windows-1251")),
        make_record("https://c.example/", page.encode("koi8-r"), headers=says.format("koi8-r")),
        make_record("https://d.example/", page.encode(), headers=says.format("klingon-8")),
    )
    take(folder, path)
    run(folder)
    for name in "abcd":
        found = read(folder, f"https://{name}.example/")
        assert (found["title"], found["lang"]) == ("Порты работают", "ru-Cyrl")
        assert WIRE in found["text"]


@pytest.mark.parametrize("charset", ["cp1251", "koi8-r"])
def test_lines_and_cells_that_are_not_utf8_are_named(folder: Path, tmp_path: Path, charset: str):
    good, bad = (json.dumps(article, ensure_ascii=False) for article in ARTICLES[:2])
    path = tmp_path / "mixed.jsonl"
    path.write_bytes(good.encode() + b"\n" + bad.encode(charset, "ignore") + b"\n")
    answer = take(folder, path)
    assert answer.value["new"] == 1
    assert answer.value["problems"][0].startswith("mixed.jsonl: line 2: not UTF-8: byte 0x")


def test_a_line_that_is_not_json_is_named_by_its_number(folder: Path, tmp_path: Path):
    bad = ["{", "[]", '"text"', "NaN", '{"url": 5}', "[" * 100_000, json.dumps(ARTICLES[1] | {"published_at": "soon"})]
    answer = take(folder, write_jsonl(tmp_path / "a.jsonl", [ARTICLES[0], "", *bad, ARTICLES[2]]))
    assert [line.split(": ")[1] for line in answer.value["problems"]] == [f"line {n}" for n in range(3, 10)]
    assert (answer.value["new"], answer.value["outcomes"]) == (2, {"failed": 7})
    reasons = arna("sql", "-s", folder, "SELECT reason FROM outcomes ORDER BY reason", "--json").value
    assert [f"a.jsonl: {row['reason']}" for row in reasons] == answer.value["problems"]


def test_rows_of_a_spreadsheet_that_do_not_fit_are_named(folder: Path, tmp_path: Path):
    out = io.StringIO()
    writer = csv.DictWriter(out, list(make_article(1, "dala", "", "")))
    writer.writeheader()
    writer.writerow(make_article(1, "dala", f"{KAZAKH}\n{WIRE}", "2026-03-02"))
    path = tmp_path / "sheet.csv"
    path.write_text(f"{out.getvalue()}https://dala.example/x,dala,no more\n", encoding="utf-8")
    answer = take(folder, path)
    assert answer.value["problems"] == ["sheet.csv: line 4: 3 cells where the header has 5; check its quotes"]
    assert run(folder)["articles"] == 1


def test_a_date_nobody_can_believe_does_not_move_the_article(folder: Path, tmp_path: Path):
    articles = [
        make_article(n, "dala", f"{n}. {text}", at) | {"url": f"https://dala.example/{path}{n}"}
        for n, (text, (path, at)) in enumerate(
            zip(
                REPORTS[:4],
                [(path, at) for path in ("", "2026/03/05/") for at in ("2099-01-01T00:00:00Z", "1970-01-01")],
                strict=True,
            )
        )
    ]
    assert take(folder, write_jsonl(tmp_path / "a.jsonl", articles)).value["new"] == 4
    assert run(folder)["articles"] == 4
    days = [read(folder, article["url"])["published_at"] for article in articles]
    assert days == [None] * 2 + ["2026-03-05T00:00:00Z"] * 2


def test_a_date_in_2099_on_a_page_is_not_believed(folder: Path, tmp_path: Path):
    page = make_record("https://dala.example/1", make_page(WIRE, at="2099-01-01T10:00:00Z"))
    take(folder, write_warc(tmp_path / "a.warc.gz", page))
    run(folder)
    found = read(folder, "https://dala.example/1")
    assert (found["published_at"], found["published_from"]) == ("2026-03-06T10:00:00Z", "fetched")


def test_an_article_of_2_mb_is_kept_whole(folder: Path, tmp_path: Path):
    words = "\n".join(f"Вагон номер {n} прошёл станцию Достык с зерном в {n % 24} часов." for n in range(21_000))
    assert len(words.encode()) > 2_000_000
    article = make_article(1, "dala", words, "2026-03-02T09:00:00Z")
    take(folder, write_jsonl(tmp_path / "a.jsonl", [article, make_article(2, "visnyk", f"{WIRE}", "2026-03-03")]))
    assert run(folder)["articles"] == 2
    assert read(folder, article["url"])["text"] == words
