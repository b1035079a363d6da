"""Articles as JSONL, CSV and Parquet land in WARC, each line accounted for."""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from collecting import import_whole
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from arna.collect import delimited, read_payloads
from arna.errors import InputError, StoreError

if TYPE_CHECKING:
    from pathlib import Path

ARTICLE = {
    "url": "https://dala.example/kk/1",
    "outlet": "dala",
    "title": "Астанада кездесу өтті",
    "text": "Астанада «жоғары деңгейдегі» кездесу өтті.\nОған елу адам қатысты.",
    "published_at": "2025-09-23T14:30:00+05:00",
}


def article(**changes: Any) -> dict[str, Any]:
    return {key: value for key, value in (ARTICLE | changes).items() if value is not ...}


def write_lines(path: Path, lines: list[Any]) -> Path:
    written = [line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=False).encode() for line in lines]
    path.write_bytes(b"\n".join(written) + b"\n")
    return path


def read_back(found: pa.Table, folder: Path) -> list[dict[str, Any]]:
    return [json.loads(payload) for payload in read_payloads(found, folder)["payload"].to_pylist()]


def test_lines_become_records_that_other_tools_read(tmp_path: Path) -> None:
    given_lines = [
        article(lang="kk", links=["https://visnyk.example/2"], section="Қоғам"),
        article(url="https://visnyk.example/2", outlet="www.visnyk.example", text="Їжа, ґрунт і м’ята."),
        article(url="https://x.example/3", outlet="Жаңа Дала", title="", text="О‘zbekiston"),
        article(url="https://x.example/4", outlet="https://X.example/", published_at="23 қыркүйек 2025"),
    ]
    path = write_lines(tmp_path / "news.jsonl", given_lines)
    found = import_whole(path, tmp_path / "warc")
    assert found.problems == []
    rows = found.documents.to_pylist()
    assert [row["url"] for row in rows] == [line["url"] for line in given_lines]
    assert [row["outlet"] for row in rows] == ["dala", "visnyk", "Жаңа Дала", "x.example"]
    assert rows[0]["fetched_at"] == datetime(2025, 9, 23, 9, 30, tzinfo=UTC)
    assert {(row["status"], row["mime"]) for row in rows} == {(200, "application/x-arna-article+json")}
    assert read_back(found.documents, tmp_path / "warc") == given_lines
    with (tmp_path / "warc" / rows[0]["warc_file"]).open("rb") as stream:
        read = [
            (record.rec_type, record.content_stream().read(), record.digest_checker.passed)
            for record in ArchiveIterator(stream, check_digests=True)
        ]
    assert [kind for kind, _, _ in read] == ["warcinfo"] + ["resource"] * 4
    assert [passed for _, _, passed in read[1:]] == [True] * 4
    assert [json.loads(body) for _, body, _ in read[1:]] == given_lines


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "news.jsonl", [ARTICLE, article(url="https://dala.example/2")])
    kept = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        found = import_whole(path, folder)
        assert import_whole(path, folder) == found
        kept.append((found.documents, [(file.name, file.read_bytes()) for file in folder.iterdir()]))
    assert kept[0] == kept[1]


BAD = {
    b"{'url': 1}": "not JSON",
    b'["https://dala.example/"]': "not a JSON object",
    b'{"url": "\xff\xfe"}': "not UTF-8",
    b"[" * 100_000: "not JSON",
    b'{"n": NaN}': "not JSON: NaN",
    json.dumps(article(title=...)).encode(): "title missing",
    json.dumps(article(text=None)).encode(): "text missing",
    json.dumps(article(text=["a"])).encode(): "text is not a string",
    json.dumps(article(url="ftp://dala.example/")).encode(): "url is not a web address",
    json.dumps(article(url="https://dala.example/\n1")).encode(): "url is not a web address",
    json.dumps(article(outlet=" ")).encode(): "outlet is empty",
    json.dumps(article(published_at="soon")).encode(): "published_at is not a time",
    json.dumps(article(published_at={"day": 1})).encode(): "published_at is not a time",
}


@pytest.mark.parametrize(("line", "reason"), BAD.items(), ids=range(len(BAD)))
def test_a_bad_line_is_told_by_its_number(tmp_path: Path, line: bytes, reason: str) -> None:
    path = write_lines(tmp_path / "news.jsonl", [ARTICLE, b"", line, article(url="https://dala.example/4")])
    found = import_whole(path, tmp_path / "warc")
    assert len(found.urls) == 2
    outcome = found.outcomes.to_pylist()[0]
    assert (outcome["stage"], outcome["outcome"]) == ("import", "failed")
    assert outcome["reason"].startswith(f"line 3: {reason}")
    assert found.problems == [f"news.jsonl: {outcome['reason']}"]


def test_a_line_over_the_limit_is_not_held_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "LONGEST", 2 << 20)
    large = [article(text="ә" * (900 << 10)), article(text="x" * (9 << 20)), article(url="https://dala.example/3")]
    found = import_whole(write_lines(tmp_path / "l.jsonl", large), tmp_path / "warc")
    assert len(found.urls) == 2
    assert found.problems == ["l.jsonl: line 2: longer than 2 MB"]


def test_unlikely_times_are_kept_for_the_stage_to_judge(tmp_path: Path) -> None:
    times = ["2099-01-01T00:00:00Z", "1900-01-01", "2025-09-23"]
    lines = [article(url=f"https://dala.example/{n}", published_at=time) for n, time in enumerate(times)]
    found = import_whole(write_lines(tmp_path / "t.jsonl", lines), tmp_path / "warc")
    assert found.problems == []
    assert [at.year for at in found.documents["fetched_at"].to_pylist()] == [1970, 1970, 2025]
    assert read_back(found.documents, tmp_path / "warc") == lines


def test_halves_of_letters_in_json_do_not_stop_anything(tmp_path: Path) -> None:
    line = json.dumps(article(outlet="Дала \ud83d", text="жаңа \udc00 сөз")).encode()
    found = import_whole(write_lines(tmp_path / "s.jsonl", [line]), tmp_path / "warc")
    assert found.documents["outlet"].to_pylist() == ["Дала ?"]
    assert read_back(found.documents, tmp_path / "warc")[0]["text"] == "жаңа \udc00 сөз"


def test_packed_and_marked_files(tmp_path: Path) -> None:
    line = b"\xef\xbb\xbf" + json.dumps(ARTICLE).encode()
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(line))
    assert import_whole(tmp_path / "b.jsonl.gz", tmp_path / "warc").urls == [ARTICLE["url"]]


def test_a_packed_file_cut_off_keeps_what_came_before(tmp_path: Path) -> None:
    lines = [article(url=f"https://dala.example/{n}", text=f"{n * 7919} сөз") for n in range(3000)]
    packed = gzip.compress(write_lines(tmp_path / "x.jsonl", lines).read_bytes())
    (tmp_path / "cut.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    found = import_whole(tmp_path / "cut.jsonl.gz", tmp_path / "warc")
    assert 1000 < len(found.urls) < 2000
    assert found.problems == [
        f"cut.jsonl.gz: line {len(found.urls) + 1}: the gzip data is cut off here; what follows is lost"
    ]


def test_a_bomb_of_lines_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "EXPANDED", 4 << 20)
    (tmp_path / "bomb.jsonl.gz").write_bytes(
        gzip.compress(json.dumps(ARTICLE).encode() + b"\n" + b" " * (60 << 20) + b"\n")
    )
    found = import_whole(tmp_path / "bomb.jsonl.gz", tmp_path / "warc")
    assert found.urls == [ARTICLE["url"]]
    assert "as a bomb does" in found.problems[0]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_in_any_usual_form(tmp_path: Path, delimiter: str) -> None:
    out = io.StringIO(newline="")
    rows = [article(links="https://visnyk.example/1 https://visnyk.example/2", lang=""), article(lang="kk", links="[]")]
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    name = "a.csv" if delimiter != "\t" else "a.tsv"
    (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + out.getvalue().encode())
    found = import_whole(tmp_path / name, tmp_path / "warc")
    assert found.problems == []
    links = [f"https://visnyk.example/{n}" for n in (1, 2)]
    assert read_back(found.documents, tmp_path / "warc") == [article(links=links), article(links=[], lang="kk")]


def test_csv_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    good = '{url},dala,Тақырып,"бірінші жол\nекінші ""жол""",2025-09-23\n'
    text = (
        "url,outlet,title,text,published_at\n"
        + good.format(url="https://dala.example/2")
        + "https://dala.example/4,dala,few\n"
        + good.format(url="https://dala.example/5")
        + 'https://dala.example/7,dala,t,"bad"quote,2025-09-23\n'
        + "\n"
        + "https://dala.example/9,dala,t,text,never\n"
        + 'https://dala.example/10,dala,t,"open,2025-09-23\n\n'
    )
    (tmp_path / "c.csv").write_bytes(text.encode() + b'"\nhttps://dala.example/13,dala,t,\xff,2025-09-23\n')
    found = import_whole(tmp_path / "c.csv", tmp_path / "warc")
    assert found.urls == ["https://dala.example/2", "https://dala.example/5"]
    assert [line.split(": ")[1] for line in found.problems] == ["line 4", "line 7", "line 9", "line 10", "line 13"]
    assert [line.split(": ")[2] for line in found.problems[-2:]] == [
        "4 cells where the header has 5; check its quotes",
        "not UTF-8",
    ]


def test_a_quote_never_closed_does_not_swallow_the_file_unseen(tmp_path: Path) -> None:
    lines = ["url,outlet,title,published_at,text"]
    lines += [f"https://dala.example/{n},dala,t,2025-09-23,сөз" for n in range(9)]
    lines[6] = lines[6].replace("сөз", '"сөз')
    (tmp_path / "q.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = import_whole(tmp_path / "q.csv", tmp_path / "warc")
    assert len(found.urls) == 5
    assert found.problems[0].startswith("q.csv: line 7: not CSV: unexpected end of data")


def test_parquet_with_its_own_types(tmp_path: Path) -> None:
    links = pa.list_(pa.struct([("url", pa.string()), ("begin", pa.int32()), ("end", pa.int32())]))
    at = datetime(2025, 9, 23, 9, 30, 0, 123456, tzinfo=UTC)
    rows = [article(url=f"https://dala.example/{n}") for n in range(3)]
    table = pa.table(
        {key: [row[key] for row in rows] for key in ("url", "outlet", "title", "text")}
        | {
            "published_at": pa.array([at, None, at], pa.timestamp("ns", "UTC")),
            "links": pa.array([[{"url": "https://visnyk.example/1", "begin": 0, "end": 4}], None, []], links),
            "score": pa.array([1.5, None, float("nan")]),
        }
    )
    pq.write_table(table, tmp_path / "p.parquet", row_group_size=2)
    found = import_whole(tmp_path / "p.parquet", tmp_path / "warc")
    assert found.problems == [
        "p.parquet: row 2: published_at missing; needed are url, outlet, title, text, published_at"
    ]
    first, last = read_back(found.documents, tmp_path / "warc")
    assert (first["published_at"], first["score"]) == ("2025-09-23T09:30:00.123456Z", 1.5)
    assert first["links"] == [{"url": "https://visnyk.example/1", "begin": 0, "end": 4}]
    assert (last["links"], "score" in last) == ([], False)


def test_a_damaged_row_group_costs_only_itself(tmp_path: Path) -> None:
    rows = [article(url=f"https://dala.example/{n}", text=f"{n} " * 50) for n in range(40)]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "p.parquet", row_group_size=10, compression="gzip")
    column = pq.ParquetFile(tmp_path / "p.parquet").metadata.row_group(1).column(3)
    content = bytearray((tmp_path / "p.parquet").read_bytes())
    begin = column.dictionary_page_offset or column.data_page_offset
    content[begin : begin + column.total_compressed_size] = b"\xff" * column.total_compressed_size
    (tmp_path / "p.parquet").write_bytes(content)
    found = import_whole(tmp_path / "p.parquet", tmp_path / "warc")
    assert len(found.urls) == 30
    assert found.problems[0].startswith("p.parquet: row 11: the rest of its row group, 10 rows, is lost")


def test_files_without_the_needed_columns_name_them(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("url,title,text\nhttps://dala.example/,t,t\n", encoding="utf-8")
    pq.write_table(pa.table({"url": ["https://dala.example/"]}), tmp_path / "a.parquet")
    (tmp_path / "b.parquet").write_bytes(b"PAR1 no parquet")
    for name, reason in (("a.csv", "outlet, published_at"), ("a.parquet", "outlet, title"), ("b.parquet", "Parquet")):
        with pytest.raises(InputError, match=rf"{name}.*{reason}"):
            import_whole(tmp_path / name, tmp_path / "warc")
    assert not list((tmp_path / "warc").glob("*"))


def test_a_full_disk_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise OSError(28, "No space left on device")

    path = write_lines(tmp_path / "news.jsonl", [ARTICLE] * 3)
    monkeypatch.setattr("arna.collect.articles.write_article", fail)
    with pytest.raises(StoreError, match="No space left on device; free some space"):
        import_whole(path, tmp_path / "warc")
    assert list((tmp_path / "warc").iterdir()) == []
    monkeypatch.undo()
    assert len(import_whole(path, tmp_path / "warc").urls) == 3


LINES = st.one_of(
    st.binary(max_size=40).map(lambda data: data.replace(b"\n", b"").replace(b"\r", b"")),
    st.recursive(
        st.none() | st.text(max_size=5), lambda inner: st.dictionaries(st.sampled_from([*ARTICLE]), inner)
    ).map(lambda value: json.dumps(value).encode()),
    st.sampled_from([*ARTICLE]).flatmap(
        lambda key: st.one_of(st.text(max_size=9), st.none(), st.integers(), st.lists(st.none())).map(
            lambda value: json.dumps(article(**{key: value})).encode()
        )
    ),
    st.just(json.dumps(ARTICLE).encode()),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(LINES, max_size=12))
def test_every_line_is_a_document_or_an_outcome(tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]) -> None:
    folder = tmp_path_factory.mktemp("lines")
    (folder / "x.jsonl").write_bytes(b"\n".join([b"{}", *lines]))
    found = import_whole(folder / "x.jsonl", folder / "warc")
    count = 1 + sum(bool(line.strip()) for line in lines)
    assert found.documents.num_rows + found.outcomes.num_rows == count == found.documents.num_rows + len(found.problems)
    assert len(set(found.outcomes["document_id"].to_pylist())) == found.outcomes.num_rows
