"""WARC files become documents whose bytes can be found again, whatever is broken around them."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from hashlib import blake2b, sha256
from typing import TYPE_CHECKING

import pytest
from collecting import PAGES, SPACE, import_whole, raw_record, write_warc
from fastwarc.stream_io import ZstdWriter
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from arna.collect import import_file, read_payloads, scan
from arna.errors import InputError
from arna.terms import SCHEMAS

if TYPE_CHECKING:
    from pathlib import Path

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>\xd0\xb6</p>"


def gzip_each(records: list[bytes]) -> bytes:
    return b"".join(gzip.compress(record, mtime=0) for record in records)


def many(count: int) -> list[bytes]:
    return [raw_record(PAGE, url=f"https://dala.example/{n}") for n in range(count)]


@pytest.mark.parametrize("packed", [True, False])
def test_pages_of_another_writer_are_documents(tmp_path: Path, packed: bool) -> None:
    path = write_warc(tmp_path / ("crawl.warc.gz" if packed else "crawl.warc"), gzip=packed, extras=True)
    found = import_whole(path, tmp_path / "warc")
    assert found.documents.schema == SCHEMAS["documents"]
    assert found.urls == list(PAGES)
    assert found.documents["outlet"].to_pylist() == ["dala", "visnyk", "dala", "other.example"]
    assert found.documents["mime"].unique().to_pylist() == ["text/html"]
    assert found.documents["status"].unique().to_pylist() == [200]
    assert found.documents["fetched_at"][1].as_py() == datetime(2025, 9, 2, 10, tzinfo=UTC)
    assert (found.outcomes.num_rows, found.problems, found.done[-1]) == (0, [], path.stat().st_size)
    kept = tmp_path / "warc" / found.documents["warc_file"][0].as_py()
    assert kept.name == f"crawl-{blake2b(path.read_bytes()).hexdigest()[:12]}{'.warc.gz' if packed else '.warc'}"
    assert kept.read_bytes() == path.read_bytes()
    payloads = read_payloads(found.documents, tmp_path / "warc")
    assert [page.decode() for page in payloads["payload"].to_pylist()] == list(PAGES.values())
    assert payloads["charset"].unique().to_pylist() == ["utf-8"]


def test_a_second_import_copies_nothing_and_gives_the_same_rows(tmp_path: Path) -> None:
    path = write_warc(tmp_path / "crawl.warc.gz")
    first = import_whole(path, tmp_path / "warc")
    kept = next((tmp_path / "warc").iterdir())
    before = kept.stat()
    assert import_whole(path, tmp_path / "warc") == first
    assert kept.stat().st_mtime_ns == before.st_mtime_ns
    assert list((tmp_path / "warc").iterdir()) == [kept]


def test_ids_come_from_address_time_and_content(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(raw_record(PAGE))
    row = import_whole(tmp_path / "a.warc", tmp_path / "warc").documents.to_pylist()[0]
    body = PAGE.partition(b"\r\n\r\n")[2]
    assert row["digest"] == f"sha256:{sha256(body).hexdigest()}"
    whole = f"https://dala.example/raw\n2025-09-01T10:00:00+00:00\n{row['digest']}"
    assert row["id"] == blake2b(whole.encode(), digest_size=16).hexdigest()


def test_records_of_a_file_gzipped_as_a_whole_can_be_found_again(tmp_path: Path) -> None:
    plain = write_warc(tmp_path / "p.warc", gzip=False, extras=True)
    (tmp_path / "one.warc.gz").write_bytes(gzip.compress(plain.read_bytes()))
    found = import_whole(tmp_path / "one.warc.gz", tmp_path / "warc")
    assert found.urls == list(PAGES)
    pages = read_payloads(found.documents.take([3, 0, 2, 1]), tmp_path / "warc")["payload"].to_pylist()
    texts = list(PAGES.values())
    assert [page.decode() for page in pages] == [texts[3], texts[0], texts[2], texts[1]]
    with (tmp_path / "warc" / found.documents["warc_file"][0].as_py()).open("rb") as stream:
        checked = [
            (record.rec_type, record.content_stream().read(), record.digest_checker.passed)[2]
            for record in ArchiveIterator(stream, check_digests=True)
            if record.rec_type == "response"
        ]
    assert checked == [True] * 3 * len(PAGES)  # the pages, robots.txt and dns
    assert import_whole(tmp_path / "one.warc.gz", tmp_path / "warc") == found


def test_a_member_that_holds_many_records_far_into_a_file(tmp_path: Path) -> None:
    records = many(9)
    path = tmp_path / "mixed.warc.gz"
    path.write_bytes(gzip_each(records[:4]) + gzip.compress(b"".join(records[4:7])) + gzip_each(records[7:]))
    found = import_whole(path, tmp_path / "warc")
    assert set(found.urls) == {f"https://dala.example/{n}" for n in range(9)}
    assert len(set(found.documents["id"].to_pylist())) == 9
    assert read_payloads(found.documents, tmp_path / "warc")["problem"].null_count == found.documents.num_rows


def test_zstd_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "z.warc.zst"
    writer = ZstdWriter(str(path))
    writer.write(b"".join(many(3)))
    writer.finish()
    writer.close()
    found = import_whole(path, tmp_path / "warc")
    assert len(found.urls) == 3
    assert found.documents["warc_file"][0].as_py().endswith(".warc.gz")
    assert read_payloads(found.documents, tmp_path / "warc")["problem"].null_count == 3


def test_what_a_killed_import_left_is_replaced(tmp_path: Path) -> None:
    path = write_warc(tmp_path / "crawl.warc.gz")
    undisturbed = import_whole(path, tmp_path / "warc")
    kept = next((tmp_path / "warc").iterdir())
    kept.rename(kept.with_name(f".{kept.name}.part"))
    assert import_whole(path, tmp_path / "warc") == undisturbed
    assert list((tmp_path / "warc").iterdir()) == [kept]


MUTATION = st.tuples(st.integers(0, 10**6), st.integers(0, 60), st.binary(max_size=20))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["plain", "each", "whole"]), st.lists(MUTATION, min_size=1, max_size=3))
def test_no_damage_stops_an_import_or_makes_it_waver(
    tmp_path_factory: pytest.TempPathFactory, packing: str, mutations: list[tuple[int, int, bytes]]
) -> None:
    folder = tmp_path_factory.mktemp("mutated")
    records = many(4)
    packers = {"plain": b"".join, "each": gzip_each, "whole": lambda parts: gzip.compress(b"".join(parts), mtime=0)}
    content = packers[packing](records)
    for place, length, new in mutations:
        begin = place % (len(content) + 1)
        content = content[:begin] + new + content[begin + length :]
    (folder / "m.warc").write_bytes(content)
    try:
        found = import_whole(folder / "m.warc", folder / "warc")
    except InputError:
        return
    assert import_whole(folder / "m.warc", folder / "warc") == found
    assert found.outcomes.num_rows <= len(found.problems)
    payloads = read_payloads(found.documents, folder / "warc")
    assert payloads["payload"].null_count + payloads["problem"].null_count == payloads.num_rows


@pytest.mark.parametrize("packed", [True, False])
def test_garbage_between_records_is_passed_over(tmp_path: Path, packed: bool) -> None:
    records = many(6)
    parts = [gzip.compress(record) for record in records] if packed else records
    path = tmp_path / ("g.warc.gz" if packed else "g.warc")
    path.write_bytes(
        b"".join(parts[:3]) + b"\x1f\x8b\x08\x00 no record WARC/1.0 \x00" * 90 + b"\r\n" + b"".join(parts[3:])
    )
    found = import_whole(path, tmp_path / "warc")
    assert found.urls == [f"https://dala.example/{n}" for n in range(6)]
    assert found.outcomes.num_rows == len(found.problems) == 1
    assert f"g.warc{'.gz' if packed else ''}: record 4 (byte " in found.problems[0]
    assert "reading goes on at byte" in found.problems[0]


def test_a_damaged_record_costs_only_itself(tmp_path: Path) -> None:
    body = bytes(range(256)) * 20
    records = [raw_record(PAGE + body, url=f"https://dala.example/{n}") for n in range(5)]
    parts = [bytearray(gzip.compress(record)) for record in records]
    parts[2][len(parts[2]) // 2 :][:4] = b"\0\0\0\0"
    parts[2][200:216] = b"\xff" * 16
    (tmp_path / "d.warc.gz").write_bytes(b"".join(parts))
    found = import_whole(tmp_path / "d.warc.gz", tmp_path / "warc")
    assert found.urls == [f"https://dala.example/{n}" for n in (0, 1, 3, 4)]
    assert found.outcomes["outcome"].to_pylist() == ["failed"]


@pytest.mark.parametrize("packed", [True, False])
def test_wherever_a_file_is_cut_no_record_vanishes_without_a_word(tmp_path: Path, packed: bool) -> None:
    records = many(3)
    parts = gzip_each(records) if packed else b"".join(records)
    path = tmp_path / ("cut.warc.gz" if packed else "cut.warc")
    ends = [len(gzip_each(records[: n + 1]) if packed else b"".join(records[: n + 1])) for n in range(3)]
    for cut in range(1, len(parts) + 1, 5):
        path.write_bytes(parts[:cut])
        whole = sum(end <= cut for end in ends)
        try:
            found = import_whole(path, tmp_path / "warc")
        except InputError:
            assert whole == 0
            continue
        # a record may count as whole when only line ends or a checksum after it are missing
        assert whole <= found.documents.num_rows <= whole + 1
        is_clean_end = cut in ends or (not packed and found.documents.num_rows == whole + 1)
        assert found.outcomes.num_rows == (0 if is_clean_end else 1), cut
        assert read_payloads(found.documents, tmp_path / "warc")["problem"].null_count == found.documents.num_rows


def test_a_file_gzipped_as_a_whole_and_cut_says_so(tmp_path: Path) -> None:
    packed = gzip.compress(b"".join(raw_record(PAGE + bytes([n]) * n) for n in range(200)))
    (tmp_path / "cut.warc.gz").write_bytes(packed[: len(packed) // 2])
    found = import_whole(tmp_path / "cut.warc.gz", tmp_path / "warc")
    assert 50 < found.documents.num_rows < 200
    assert "cut off" in found.problems[0]
    assert "what follows is lost" in found.problems[0]
    assert import_whole(tmp_path / "cut.warc.gz", tmp_path / "warc") == found


def test_records_that_are_no_pages_are_told_apart(tmp_path: Path) -> None:
    records = [
        raw_record(b"no http at all", url="https://dala.example/none"),
        raw_record(PAGE, date="yesterday", url="https://dala.example/undated"),
        raw_record(b"HTTP/1.1 404 Not Found\nContent-Type: TEXT/HTML; charset=x\n\n", url="https://dala.example/404"),
        raw_record(b"%PDF", kind="resource", mime="application/pdf", url="https://dala.example/file"),
        raw_record(PAGE, url="<https://dala.example/angle>"),
        raw_record(PAGE, url="ftp://dala.example/x"),
    ]
    (tmp_path / "r.warc").write_bytes(b"".join(records))
    found = import_whole(tmp_path / "r.warc", tmp_path / "warc")
    rows = {row["url"].rpartition("/")[2]: row for row in found.documents.to_pylist()}
    assert set(rows) == {"404", "file", "angle"}
    assert (rows["404"]["status"], rows["404"]["mime"]) == (404, "text/html")
    assert (rows["file"]["status"], rows["file"]["mime"]) == (200, "application/pdf")
    assert [line.split()[2] for line in found.problems] == ["1", "2", "6"]


def test_a_record_of_no_known_kind_is_told(tmp_path: Path) -> None:
    (tmp_path / "k.warc").write_bytes(raw_record(PAGE, kind="respomse") + raw_record(PAGE))
    found = import_whole(tmp_path / "k.warc", tmp_path / "warc")
    assert len(found.urls) == 1
    assert found.problems == ["k.warc: record 1 (byte 0): no record has the WARC-Type 'respomse'"]


def test_a_length_that_is_no_number_costs_one_record(tmp_path: Path) -> None:
    bad = raw_record(PAGE).replace(b"Content-Length: ", b"Content-Length: -")
    first, last = many(2)
    (tmp_path / "l.warc").write_bytes(first + bad + last)
    found = import_whole(tmp_path / "l.warc", tmp_path / "warc")
    assert len(found.urls) == 2
    assert "Content-Length" in found.problems[0]


def test_hosts_in_any_spelling_find_their_outlet(tmp_path: Path) -> None:
    coded = "вісник.example".encode("idna").decode()
    hosts = [f"https://{coded}/1", "https://вісник.example/2", "https://WWW.Dala.Example:8080/3"]
    strange = ["https://xn--80aa.example/4", "http://[::1]/5"]
    (tmp_path / "h.warc").write_bytes(b"".join(raw_record(PAGE, url=url) for url in hosts + strange))
    found = import_whole(tmp_path / "h.warc", tmp_path / "warc").documents["outlet"].to_pylist()
    assert found == ["visnyk", "visnyk", "dala", "аа.example", "::1"]


def test_a_bomb_is_stopped_and_the_rest_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "EXPANDED", 3 << 20)
    bomb = raw_record(PAGE + b"\0" * (40 << 20), url="https://dala.example/bomb")
    records = many(2)
    (tmp_path / "b.warc.gz").write_bytes(gzip_each([records[0], bomb, records[1]]))
    found = import_whole(tmp_path / "b.warc.gz", tmp_path / "warc")
    assert found.urls == ["https://dala.example/0", "https://dala.example/1"]
    assert "as a bomb does" in found.problems[0]


def test_a_page_of_200_mb_is_a_document_but_not_read(tmp_path: Path) -> None:
    huge = raw_record(PAGE + b"<p>again</p>" * ((200 << 20) // 12), url="https://dala.example/huge")
    (tmp_path / "h.warc.gz").write_bytes(gzip.compress(huge, 1) + gzip_each(many(1)))
    found = import_whole(tmp_path / "h.warc.gz", tmp_path / "warc")
    assert len(found.urls) == 2
    payloads = read_payloads(found.documents, tmp_path / "warc")
    assert payloads["problem"].to_pylist() == ["too-large: 200 MB, the limit is 10 MB", None]


def test_files_without_records_are_refused(tmp_path: Path) -> None:
    cases = {"junk.warc": b"<html>" * 99, "junk.warc.gz": gzip.compress(b"\0" * 999), "cut.warc.gz": b"\x1f\x8b\x08"}
    for name, content in cases.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match=name):
            import_whole(tmp_path / name, tmp_path / "warc")
    assert not (tmp_path / "warc").exists()


def test_a_file_with_records_but_no_pages_says_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "wet.warc").write_bytes(raw_record(b"text", kind="conversion", mime="text/plain"))
    found = import_whole(tmp_path / "wet.warc", tmp_path / "warc")
    assert found.problems == ["wet.warc: no page in it, only records of kind 1 conversion"]


def test_batches_can_be_written_one_after_another(tmp_path: Path) -> None:
    (tmp_path / "m.warc.gz").write_bytes(gzip_each(many(4100)))
    sizes = []
    for batch in import_file(tmp_path / "m.warc.gz", SPACE, tmp_path / "warc"):
        sizes.append((batch.documents.num_rows, batch.done_bytes))
        assert all((tmp_path / "warc" / name).exists() for name in batch.documents["warc_file"].unique().to_pylist())
    assert [rows for rows, _ in sizes] == [2000, 2000, 100]
    assert [done for _, done in sizes] == sorted(done for _, done in sizes)
