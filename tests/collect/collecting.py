"""What the tests of collect share: a space, WARC files by an independent writer, and a whole import."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from arna.collect import import_file
from arna.terms import Origin, Outlet, Space, Subject

if TYPE_CHECKING:
    from pathlib import Path


class QuietWriter(WARCWriter):
    """warcio's writer, without the temporary files that it leaves to the garbage collector to close."""

    def _create_temp_file(self) -> io.BytesIO:
        return io.BytesIO()


SPACE = Space(
    id="test",
    title="Test",
    languages=("kk-Cyrl", "ru-Cyrl", "uk-Cyrl"),
    subject=Subject("ukraine", "Ukraine", {}, ("ukraine",)),
    origins=(Origin("ukraine", "Ukraine"), Origin("kazakhstan", "Kazakhstan")),
    topics=(),
    outlets=(
        Outlet("visnyk", "Вісник", "ukraine", "UA", "portal", ("uk-Cyrl",), ("visnyk.example", "вісник.example")),
        Outlet("dala", "Дала", "kazakhstan", "KZ", "portal", ("kk-Cyrl",), ("dala.example",)),
    ),
)

PAGES = {
    "https://dala.example/1": "<html><body><p>Астанада кездесу өтті, деп хабарлады қала әкімдігі.</p></body></html>",
    "https://www.visnyk.example/2": "<html><body><p>У Києві відкрили виставку про ґрунти й їжу.</p></body></html>",
    "https://news.dala.example/3": "<html><body><p>В Караганде открыли новый мост через Нуру.</p></body></html>",
    "https://other.example/4": "<html><body><p>Toshkentda yangi ko‘prik ochildi.</p></body></html>",
}


class Imported(NamedTuple):
    documents: pa.Table
    outcomes: pa.Table
    problems: list[str]
    done: list[int]

    @property
    def urls(self) -> list[str]:
        return self.documents["url"].to_pylist()


def import_whole(path: Path, folder: Path, space: Space = SPACE) -> Imported:
    batches = list(import_file(path, space, folder))
    return Imported(
        pa.concat_tables([batch.documents for batch in batches]),
        pa.concat_tables([batch.outcomes for batch in batches]),
        [line for batch in batches for line in batch.problems],
        [batch.done_bytes for batch in batches],
    )


def write_warc(
    path: Path,
    pages: dict[str, str | bytes] | None = None,
    *,
    gzip: bool = True,
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=UTF-8"),),
    status: str = "200 OK",
    extras: bool = False,
) -> Path:
    """A WARC file as warcio writes it: a warcinfo, then the pages; with extras also what is no document."""
    with path.open("wb") as stream:
        writer = QuietWriter(stream, gzip=gzip)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "warcio"}))
        for number, (url, page) in enumerate((pages or PAGES).items()):
            body = page.encode() if isinstance(page, str) else page
            answer = StatusAndHeaders(status, list(headers), protocol="HTTP/1.1")
            record = writer.create_warc_record(
                url,
                "response",
                payload=io.BytesIO(body),
                http_headers=answer,
                warc_headers_dict={"WARC-Date": f"2025-09-{number % 28 + 1:02}T10:00:00Z"},
            )
            writer.write_record(record)
            if extras:
                _write_extras(writer, url, record)
    return path


def _write_extras(writer: WARCWriter, url: str, record: object) -> None:
    asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "dala.example")], is_http_request=True)
    writer.write_record(writer.create_warc_record(url, "request", payload=io.BytesIO(b""), http_headers=asked))
    writer.write_record(
        writer.create_revisit_record(url, "sha1:B6QJ6BNJ3R4B23XXMRKZKHLPGJY2VE4O", url, "2025-09-01T10:00:00Z")
    )
    writer.write_record(
        writer.create_warc_record(url, "metadata", payload=io.BytesIO(b"a: b"), warc_content_type="text/plain")
    )
    robots = StatusAndHeaders("200 OK", [("Content-Type", "text/plain")], protocol="HTTP/1.1")
    writer.write_record(
        writer.create_warc_record(
            "https://dala.example/robots.txt", "response", payload=io.BytesIO(b"User-agent: *"), http_headers=robots
        )
    )
    writer.write_record(
        writer.create_warc_record(
            "dns:dala.example", "response", payload=io.BytesIO(b"192.0.2.1"), warc_content_type="text/dns"
        )
    )
    writer.write_record(
        writer.create_warc_record(
            "urn:view:1", "resource", payload=io.BytesIO(b"\x89PNG"), warc_content_type="image/png"
        )
    )
    assert record


def raw_record(
    block: bytes,
    *,
    url: str = "https://dala.example/raw",
    kind: str = "response",
    mime: str = "application/http; msgtype=response",
    length: int | None = None,
    date: str = "2025-09-01T10:00:00Z",
) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Date: {date}\r\nWARC-Target-URI: {url}\r\nContent-Type: {mime}\r\n"
        f"Content-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"
