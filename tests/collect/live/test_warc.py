"""What a collection writes can be read by others, also after a kill."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from arna.collect import read_payloads
from arna.collect.live import warc
from arna.collect.live.fetch import Answer, make_headers
from arna.collect.live.warc import Earlier, Exchange, WarcFile, digest_payload
from arna.terms import SCHEMAS

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 5, 1, 8, 30, 15, 250_000, tzinfo=UTC)

PAGE = "<html><body><p>Астанада екі елдің өкілдері кездесіп, сауда туралы келісті.</p></body></html>".encode()


def exchange(number: int = 1, body: bytes = PAGE, status: int = 200, **headers: str) -> Exchange:
    url = f"https://dala.example/news/{number}?p=1"
    given = {"Content-Type": "text/html; charset=utf-8", **{k.replace("_", "-"): v for k, v in headers.items()}}
    pairs = [(name.encode(), value.encode()) for name, value in given.items()]
    answer = Answer(status, b"OK", "http/1.1", pairs, body, "192.0.2.7", 0.1)
    return Exchange(url, AT + timedelta(seconds=number), make_headers(url, "Arna/1 (+a@b.example)"), answer)


def read_all(path: Path) -> list[tuple[str, str, bytes]]:
    with path.open("rb") as stream:
        return [
            (record.rec_type, record.rec_headers.get_header("WARC-Target-URI") or "", record.content_stream().read())
            for record in ArchiveIterator(stream, check_digests="raise")
        ]


def open_payload(folder: Path, written: warc.Written, url: str) -> bytes | None:
    row = ("id", url, "dala", AT, 200, "text/html", written.digest, written.file, written.offset)
    names = SCHEMAS["documents"].names
    table = pa.table({name: [value] for name, value in zip(names, row, strict=True)}, schema=SCHEMAS["documents"])
    payload: bytes | None = read_payloads(table, folder)["payload"].to_pylist()[0]
    return payload


def test_request_and_response_stand_side_by_side_with_digests(tmp_path: Path) -> None:
    file = WarcFile(tmp_path)
    written = file.write(exchange(), None)
    file.close()
    records = read_all(tmp_path / written.file)
    assert [kind for kind, _, _ in records] == ["warcinfo", "response", "request"]
    assert records[1][2] == PAGE
    with (tmp_path / written.file).open("rb") as stream:
        _, response, request = (record.rec_headers for record in ArchiveIterator(stream))
        assert request.get_header("WARC-Concurrent-To") == response.get_header("WARC-Record-ID")
        assert response.get_header("WARC-Date") == "2026-05-01T08:30:16.250000Z"
        assert response.get_header("WARC-IP-Address") == "192.0.2.7"
        assert response.get_header("WARC-Payload-Digest") == digest_payload(PAGE) == written.digest
    assert open_payload(tmp_path, written, exchange().url) == PAGE


def test_a_page_in_chunks_and_gzip_is_read_as_it_was(tmp_path: Path) -> None:
    file = WarcFile(tmp_path)
    packed = gzip.compress(PAGE)
    written = file.write(exchange(1, packed, Content_Encoding="gzip", Transfer_Encoding="chunked"), None)
    file.close()
    assert open_payload(tmp_path, written, exchange().url) == PAGE
    assert read_all(tmp_path / written.file)[1][2] == PAGE  # warcio undoes the encoding, too


@pytest.mark.parametrize(("status", "profile"), [(304, "server-not-modified"), (200, "identical-payload-digest")])
def test_what_is_unchanged_is_a_revisit_of_the_earlier_record(tmp_path: Path, status: int, profile: str) -> None:
    file = WarcFile(tmp_path)
    first = file.write(exchange(1), None)
    earlier = Earlier(first.record_id, AT + timedelta(seconds=1), first.digest)
    again = file.write(exchange(1, PAGE if status == 200 else b"", status), earlier)
    changed = file.write(exchange(1, PAGE + b"!"), earlier)
    file.close()
    assert (first.revisit, again.revisit, changed.revisit) == (False, True, False)
    assert again.digest == first.digest
    with (tmp_path / first.file).open("rb") as stream:
        found = [record.rec_headers for record in ArchiveIterator(stream) if record.rec_type == "revisit"]
        [revisit] = found
        assert revisit.get_header("WARC-Profile").endswith(profile)
        assert revisit.get_header("WARC-Refers-To") == f"<{first.record_id}>"
        assert revisit.get_header("WARC-Refers-To-Date") == "2026-05-01T08:30:16.250000Z"


@given(cut=st.integers(min_value=1))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_kill_at_any_byte_leaves_the_records_before_it(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    folder = tmp_path_factory.mktemp("warc")
    file = WarcFile(folder)
    places = [file.write(exchange(n), None) for n in range(1, 4)]
    name, size = file.place
    file.close()
    kept = cut % size + 1
    with (folder / name).open("r+b") as stream:
        stream.truncate(kept)
    again = WarcFile(folder)
    assert again.mend(("", 0)) == kept - (folder / name).stat().st_size >= 0
    more = again.write(exchange(9), None)
    again.close()
    urls = [url for kind, url, _ in read_all(folder / name) if kind == "response"]
    whole = [place for place in places if place.offset < more.offset]
    assert urls[-1] == exchange(9).url
    assert len(urls) in {len(whole), len(whole) + 1}
    for number, place in enumerate(whole[:-1], start=1):
        assert open_payload(folder, place, exchange(number).url) == PAGE
    assert open_payload(folder, more, exchange(9).url) == PAGE


def test_only_the_end_is_looked_at_that_is_not_known_to_be_whole(tmp_path: Path) -> None:
    file = WarcFile(tmp_path)
    file.write(exchange(1), None)
    known = file.place
    file.write(exchange(2), None)
    name, size = file.place
    file.close()
    with (tmp_path / name).open("r+b") as stream:
        stream.seek(known[1] // 2)
        stream.write(b"????")  # damage before what is known to be whole is no reason to cut
        stream.truncate(size - 5)
    assert 0 < WarcFile(tmp_path).mend(known) < size - known[1]


def test_a_day_and_a_full_file_begin_a_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "FULL", 2_000)
    file = WarcFile(tmp_path)
    names = [file.write(exchange(n), None).file for n in range(1, 6)]
    names.append(file.write(exchange(86_400), None).file)
    file.close()
    assert names[0] == "collect-20260501-0001.warc.gz"
    assert names[-1] == "collect-20260502-0001.warc.gz"
    assert len(set(names)) > 2
    assert all(read_all(tmp_path / name) for name in set(names))
