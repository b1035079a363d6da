"""What the stage read gets: the bytes of each document, or the reason why not, in the order asked for."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from collecting import import_whole, raw_record, write_warc

from arna.collect import read_payloads
from arna.terms import SCHEMAS

if TYPE_CHECKING:
    from pathlib import Path

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=windows-1251\r\n"


def test_columns_and_order(tmp_path: Path) -> None:
    one = import_whole(write_warc(tmp_path / "one.warc.gz"), tmp_path / "warc").documents
    pages = {f"https://dala.example/two/{n}": f"<p>{n}</p>" for n in range(3)}
    two = import_whole(write_warc(tmp_path / "two.warc", pages, gzip=False), tmp_path / "warc").documents
    documents = pa.concat_tables([two, one]).take([5, 0, 3, 2, 6, 1, 4])
    found = read_payloads(documents, tmp_path / "warc")
    names = ["id", "url", "outlet", "fetched_at", "status", "mime", "charset", "payload", "problem"]
    assert found.column_names == names
    assert found.schema.field("payload").type == pa.binary()
    assert found.select(names[:6]) == documents.select(names[:6])
    assert found["payload"].to_pylist()[1] == b"<p>0</p>"
    assert found["problem"].null_count == 7


def test_nothing_asked_nothing_given(tmp_path: Path) -> None:
    assert read_payloads(SCHEMAS["documents"].empty_table(), tmp_path).num_rows == 0


def test_each_trouble_has_its_reason(tmp_path: Path) -> None:
    bomb = OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"\0" * (11 << 20))
    blocks = {
        "good": OK + b"\r\n\xcf\xf0\xe8\xe2\xb3\xf2",
        "empty": OK + b"\r\n",
        "bomb": bomb,
        "large": OK + b"\r\n" + b"x" * (12 << 20),
        "broken": OK + b"Content-Encoding: br\r\n\r\n\xff\xff\xff",
    }
    path = tmp_path / "t.warc"
    path.write_bytes(b"".join(raw_record(block, url=f"https://dala.example/{n}") for n, block in blocks.items()))
    found = read_payloads(import_whole(path, tmp_path / "warc").documents, tmp_path / "warc")
    rows = {row["url"].rpartition("/")[2]: row for row in found.to_pylist()}
    assert rows["good"]["payload"].decode(rows["good"]["charset"]) == "Привіт"
    assert (rows["empty"]["payload"], rows["empty"]["problem"]) == (b"", None)
    assert (rows["bomb"]["payload"], rows["bomb"]["problem"]) == (None, "too-large: expands beyond 10 MB")
    assert rows["large"]["problem"] == "too-large: 12 MB, the limit is 10 MB"
    assert rows["broken"]["problem"] == "broken: the content encoding br cannot be undone"
    assert rows["broken"]["charset"] == "windows-1251"


def test_files_that_changed_since_are_told(tmp_path: Path) -> None:
    packed = import_whole(write_warc(tmp_path / "packed.warc.gz"), tmp_path / "warc").documents
    pages = {f"https://dala.example/plain/{n}": "<p>Жаңалық</p>" for n in range(3)}
    plain = import_whole(write_warc(tmp_path / "plain.warc", pages, gzip=False), tmp_path / "warc").documents
    gone = import_whole(
        write_warc(tmp_path / "gone.warc.gz", {"https://dala.example/g": "g"}), tmp_path / "warc"
    ).documents
    folder = tmp_path / "warc"
    (folder / gone["warc_file"][0].as_py()).unlink()
    kept = folder / packed["warc_file"][0].as_py()
    kept.write_bytes(kept.read_bytes()[: packed["warc_offset"][3].as_py() + 120])
    moved = plain.set_column(8, "warc_offset", pa.array([*plain["warc_offset"].to_pylist()[1:], 7], pa.int64()))
    found = read_payloads(pa.concat_tables([gone, packed, moved]), folder)
    problems = [(problem or "").partition(":")[0] for problem in found["problem"].to_pylist()]
    assert problems == ["lost", "", "", "", "broken", "lost", "lost", "broken"]


@pytest.mark.parametrize("status", ["404 Not Found", "500 Oops", "204"])
def test_pages_of_any_status_have_payloads(tmp_path: Path, status: str) -> None:
    path = write_warc(tmp_path / "s.warc.gz", {"https://dala.example/x": "жоқ"}, status=status)
    found = read_payloads(import_whole(path, tmp_path / "warc").documents, tmp_path / "warc").to_pylist()[0]
    assert (found["status"], found["payload"].decode()) == (int(status[:3]), "жоқ")
