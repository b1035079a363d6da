"""Writes the demo's captures as a WARC file, the same bytes for the same captures."""

from __future__ import annotations

import base64
import hashlib
import uuid
import zlib
from dataclasses import dataclass
from email.utils import format_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"  # deflate, no time, unknown system
_REASONS = {200: "OK", 404: "Not Found"}


@dataclass(frozen=True)
class Capture:
    """A response as a crawler stored it. ``content_type`` is the HTTP header's value."""

    url: str
    fetched_at: datetime
    status: int
    content_type: str
    payload: bytes


def write_records(path: Path, captures: Iterable[Capture]) -> int:
    """Write captures to a gzipped WARC, one member a record, after a ``warcinfo``; gives the number of captures."""
    count = 0
    with path.open("wb") as file:
        for capture in captures:
            if not count:
                file.write(_compress(_make_info(capture.fetched_at)))
            file.write(_compress(_make_response(capture)))
            count += 1
    return count


def _compress(record: bytes) -> bytes:
    squeezer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = squeezer.compress(record) + squeezer.flush()
    ending = zlib.crc32(record).to_bytes(4, "little") + (len(record) & 0xFFFFFFFF).to_bytes(4, "little")
    return _GZIP_HEAD + body + ending


def _digest(content: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()


def _make_record(headers: dict[str, str], block: bytes) -> bytes:
    fields = headers | {"WARC-Block-Digest": _digest(block), "Content-Length": str(len(block))}
    identity = uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(fields.values()))
    fields |= {"WARC-Record-ID": f"<urn:uuid:{identity}>"}
    head = "WARC/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items()) + "\r\n"
    return head.encode() + block + b"\r\n\r\n"


def _make_info(at: datetime) -> bytes:
    block = b"software: arna demo\r\nformat: WARC File Format 1.1\r\ndescription: pages of invented outlets\r\n"
    headers = {
        "WARC-Type": "warcinfo",
        "WARC-Date": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "Content-Type": "application/warc-fields",
    }
    return _make_record(headers, block)


def _make_response(capture: Capture) -> bytes:
    http = (
        f"HTTP/1.1 {capture.status} {_REASONS[capture.status]}\r\n"
        f"Date: {format_datetime(capture.fetched_at, usegmt=True)}\r\n"
        "Server: nginx\r\n"
        f"Content-Type: {capture.content_type}\r\n"
        f"Content-Length: {len(capture.payload)}\r\n\r\n"
    )
    headers = {
        "WARC-Type": "response",
        "WARC-Date": f"{capture.fetched_at:%Y-%m-%dT%H:%M:%SZ}",
        "WARC-Target-URI": capture.url,
        "Content-Type": "application/http; msgtype=response",
        "WARC-Payload-Digest": _digest(capture.payload),
    }
    return _make_record(headers, http.encode() + capture.payload)
