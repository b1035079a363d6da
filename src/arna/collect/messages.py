"""What an HTTP answer in a WARC record says: status, type, and its body as it was before it was sent."""

from __future__ import annotations

import io
import re
import zlib
from typing import TYPE_CHECKING, Final, NamedTuple

from fastwarc.stream_io import BrotliReader, ZstdReader

if TYPE_CHECKING:
    from collections.abc import Mapping

LIMIT: Final = 10 << 20
"""Bytes of a page at most, packed and unpacked; the longest real articles with their furniture are under 5 MB."""

_END: Final = re.compile(rb"\r?\n\r?\n")
_STATUS: Final = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]*(\d{3})?")
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:+-]+)", re.IGNORECASE)
_CHUNK_SIZE: Final = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_MEMBERS: Final = 100  # servers send one; each costs a copy of the rest
_LAYERS: Final = 4  # encodings on top of each other; servers use one, a chain of them is an attack


class Head(NamedTuple):
    """Status line and headers of an answer. ``end`` is where the body begins; names of headers are lower case."""

    status: int | None
    headers: Mapping[str, str]
    end: int

    @property
    def mime(self) -> str:
        """Media type in lower case without parameters; empty when the answer does not say."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """The character set the answer names, in lower case."""
        return find_charset(self.headers.get("content-type", ""))


class BodyError(Exception):
    """The body cannot be given; the text is the reason, as it stands in ``outcomes``."""


def find_charset(content_type: str) -> str | None:
    """The character set a Content-Type names, in lower case."""
    found = _CHARSET.search(content_type)
    return found[1].lower() if found else None


def read_head(block: bytes) -> Head | None:
    """Reads the head of an HTTP answer; None when the block begins with none.

    Lines may end in a bare LF, and lines without a colon are passed over. Of a header given twice the first counts,
    but encodings add up.
    """
    status = _STATUS.match(block)
    if not status:
        return None
    end = _END.search(block)
    lines = block[: end.start() if end else len(block)].decode("latin-1").split("\n")[1:]
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        key = name.strip().lower()
        if not colon or not key:
            continue
        if key in headers and key.endswith("-encoding"):
            headers[key] += f",{value.strip()}"
        else:
            headers.setdefault(key, value.strip())
    return Head(int(status[1]) if status[1] else None, headers, end.end() if end else len(block))


def decode_body(head: Head, body: bytes, limit: int = LIMIT) -> bytes:
    """The body of an answer without its transfer and content encodings; at most ``limit`` bytes.

    Archives often keep the headers of encodings they have undone: a body that does not look encoded is kept.

    Raises:
        BodyError: ``too-large`` or ``broken``, with the detail after a colon.
    """
    transfer = _read_list(head.headers.get("transfer-encoding", ""))
    content = _read_list(head.headers.get("content-encoding", ""))
    if "chunked" in transfer:
        body = _join_chunks(body)
    layers = [name for name in content + transfer if name in _DECODERS]
    if len(layers) > _LAYERS:
        raise BodyError(f"broken: {len(layers)} content encodings on top of each other")
    for name in reversed(layers):
        try:
            body = _DECODERS[name](body, limit)
        except (zlib.error, OSError) as error:
            if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"{")):
                raise BodyError(f"broken: the content encoding {name} cannot be undone") from error
        if len(body) > limit:
            raise BodyError(f"too-large: expands beyond {limit >> 20} MB")
    return body


def _read_list(value: str) -> list[str]:
    return [name.strip().lower() for name in value.split(",") if name.strip()]


def _join_chunks(body: bytes) -> bytes:
    """The data of chunks; what was cut off is left out, and a body that is not in chunks is kept."""
    parts: list[bytes] = []
    place = 0
    while size := _CHUNK_SIZE.match(body, place):
        begin, length = size.end(), int(size[1], 16)
        if length == 0:
            break
        parts.append(body[begin : begin + length])
        place = begin + length
        place += 2 if body.startswith(b"\r\n", place) else body.startswith(b"\n", place)
    else:
        if not parts:
            return body
    return b"".join(parts)


def _inflate(body: bytes, window: int, limit: int) -> bytes:
    parts: list[bytes] = []
    total = 0
    while body:
        if len(parts) == _MEMBERS:
            raise BodyError(f"broken: more than {_MEMBERS} gzip members in one page")
        member = zlib.decompressobj(window)
        part = member.decompress(body, limit + 1 - total)
        parts.append(part)
        total += len(part)
        if total > limit:
            break
        if not member.eof:
            raise BodyError("broken: the compressed page is cut off")
        rest = member.unused_data
        body = rest if window == 31 and rest.startswith(b"\x1f\x8b") else b""
    return b"".join(parts)


def _undo_gzip(body: bytes, limit: int) -> bytes:
    return _inflate(body, 31, limit) if body.startswith(b"\x1f\x8b") else body


def _undo_deflate(body: bytes, limit: int) -> bytes:
    """Deflate as the standard says (with zlib's frame) and as some servers send it (without)."""
    try:
        return _inflate(body, 15, limit)
    except zlib.error:
        return _inflate(body, -15, limit)


def _undo_brotli(body: bytes, limit: int) -> bytes:
    return _read_up_to(limit, BrotliReader(io.BytesIO(body))) if body else body


def _undo_zstd(body: bytes, limit: int) -> bytes:
    if not body.startswith(b"\x28\xb5\x2f\xfd"):
        return body
    return _read_up_to(limit, ZstdReader(io.BytesIO(body)))


def _read_up_to(limit: int, reader: BrotliReader | ZstdReader) -> bytes:
    parts: list[bytes] = []
    total = 0
    while total <= limit and (part := reader.read(1 << 20)):
        parts.append(part)
        total += len(part)
    return b"".join(parts)


_DECODERS: Final = {
    "gzip": _undo_gzip,
    "x-gzip": _undo_gzip,
    "deflate": _undo_deflate,
    "br": _undo_brotli,
    "zstd": _undo_zstd,
}
