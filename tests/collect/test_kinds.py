"""A file is told by its content; what cannot be read is refused with a line that helps."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from collecting import import_whole, raw_record

from arna.collect.kinds import FileKind, tell_kind
from arna.errors import InputError

WARC = raw_record(b"HTTP/1.1 200 OK\r\n\r\n")
LINE = json.dumps({"url": "https://dala.example/", "outlet": "dala"}).encode()
HEADER = b"url;outlet;title;text;published_at\n"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("crawl", WARC, FileKind.WARC),
        ("crawl.bin", gzip.compress(WARC), FileKind.WARC_GZIP),
        ("crawl.warc.gz", WARC, FileKind.WARC),
        ("crawl.warc", b"garbage first\r\n" + WARC, FileKind.WARC),
        ("crawl.warc.zst", b"\x28\xb5\x2f\xfd", FileKind.WARC_ZSTD),
        ("articles", LINE + b"\n" + LINE, FileKind.JSONL),
        ("articles.json", gzip.compress(LINE), FileKind.JSONL),
        ("articles.jsonl", b"broken {\n" + LINE, FileKind.JSONL),
        ("articles.txt", HEADER, FileKind.CSV),
        ("feed", b"\n<?xml version='1.0'?><rss></rss>", FileKind.FEED),
        ("feed.xml.gz", gzip.compress(b"<feed xmlns='http://www.w3.org/2005/Atom'></feed>"), FileKind.FEED),
        ("feed.xml", "<rss version='2.0'></rss>".encode("utf-16"), FileKind.FEED),
        ("feed.json", b'{\n "version": "https://jsonfeed.org/version/1",\n "items": []}', FileKind.FEED),
        ("result.json", b'{\n "name": "\xd0\x94",\n "type": "public_channel",\n "id": 1}', FileKind.TELEGRAM),
        ("result.json", b'{\n "about": "Here is",\n "personal_information": {', FileKind.TELEGRAM),
        ("page.html", b"<!DOCTYPE html>\n<html><body><div class='tgme_widget_message'>", FileKind.TELEGRAM_PAGE),
        (
            "page.htm",
            b"<!DOCTYPE html><html><style>" + b"a" * 99_999 + b"</style><i class=tgme_widget_message>",
            FileKind.TELEGRAM_PAGE,
        ),
        ("articles.csv.gz", gzip.compress(b"\xef\xbb\xbf" + HEADER), FileKind.CSV),
    ],
)
def test_content_decides(tmp_path: Path, name: str, content: bytes, kind: FileKind) -> None:
    (tmp_path / name).write_bytes(content)
    assert tell_kind(tmp_path / name) is kind


def test_parquet_under_another_name(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), tmp_path / "articles.dat")
    assert tell_kind(tmp_path / "articles.dat") is FileKind.PARQUET


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.warc", b"", "is empty"),
        ("empty.jsonl.gz", gzip.compress(b""), "is empty"),
        ("result.json", b'{\n "name": "Channel",\n "messages": []\n}', "holds no public channel"),
        ("other.json", b'{"error": 404}', "neither an export of Telegram Desktop"),
        ("result.json.gz", gzip.compress(b'{"name": "x", "type": "public_channel"}'), "unpack it"),
        ("feed.xml", b"<?xml version='1.0'?><rss/>", "is a feed without an entry"),
        ("map.xml", b"<urlset><url><loc>https://dala.example/</loc></url></urlset>", "is a sitemap"),
        ("page.html", b"<!DOCTYPE html><html><body><p>rss</p></body></html>", "import takes pages in WARC"),
        ("comments.html", b"<!---->" * 500 + b"<p", r"it reads \.warc"),
        ("excel.csv", "url;outlet".encode("utf-16"), "save it as UTF-8"),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(99), r"it reads \.warc"),
        ("bad.gz", b"\x1f\x8b\x08" + bytes(99), r"it reads \.warc"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=rf"{name}: .*{reason}"):
        import_whole(tmp_path / name, tmp_path / "warc")


def test_missing_folder_and_forbidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="no such file"):
        tell_kind(tmp_path / "nothing.warc")
    with pytest.raises(InputError, match="is a folder"):
        tell_kind(tmp_path)
    (tmp_path / "mine.warc").write_bytes(WARC)

    def forbid(*args: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbid)
    with pytest.raises(InputError, match=r"mine\.warc: cannot be read: Permission denied"):
        import_whole(tmp_path / "mine.warc", tmp_path / "warc")
