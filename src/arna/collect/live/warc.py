"""The WARC file a collection writes to: each record a gzip member of its own, appended whole.

A file is only ever added to. A kill can leave half a member at its end, which the next start cuts off; what stands
before it stays as it is.
"""

from __future__ import annotations

import os
import zlib
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from arna.collect.writing import VERSION, write_info, write_record
from arna.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from arna.collect.live.fetch import Answer, Headers

FULL: Final = 1 << 30
"""Bytes after which a new file is begun: the size archives are used to."""

NOT_MODIFIED: Final = b"http://netpreserve.org/warc/1.1/revisit/server-not-modified"
SAME_PAYLOAD: Final = b"http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"

_PREFIX: Final = "collect-"
_CHUNK: Final = 1 << 20


class Earlier(NamedTuple):
    """A record that was written before, which a revisit refers to."""

    record_id: str
    at: datetime
    digest: str


class Written(NamedTuple):
    """Where a record stands: file, offset in bytes, its id, digest of its payload, and whether it holds one."""

    file: str
    offset: int
    record_id: str
    digest: str
    revisit: bool


@dataclass(frozen=True)
class Exchange:
    """A request and its answer, to be kept."""

    url: str
    at: datetime
    sent: Headers
    answer: Answer


def digest_payload(body: bytes) -> str:
    """``sha256:`` and hex digits."""
    return f"sha256:{sha256(body).hexdigest()}"


class WarcFile:
    """The file at hand in a space's ``warc`` folder; opened at the first record.

    Raises:
        StoreError: the disk is full or cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._handle: int | None = None
        self._path: Path | None = None
        self._size = 0

    @property
    def place(self) -> tuple[str, int]:
        """The file's name and how much of it is written."""
        return (self._path.name if self._path else "", self._size)

    def mend(self, known: tuple[str, int]) -> int:
        """Cut off what a kill left half written at the end of the last file; gives the bytes cut.

        Args:
            known: name of a file, and an offset in it up to which it is whole.
        """
        files = sorted(self._folder.glob(f"{_PREFIX}*.warc.gz"))
        if not files:
            return 0
        size = files[-1].stat().st_size
        begin = known[1] if known[0] == files[-1].name and known[1] <= size else 0
        whole = _find_whole_end(files[-1], begin)
        if whole < size:
            os.truncate(files[-1], whole)
        return size - whole

    def write(self, exchange: Exchange, earlier: Earlier | None) -> Written:
        """Keep an exchange: a response, or a revisit of an earlier one with the same payload; then the request."""
        records, about = pack_exchange(exchange, earlier)
        self._open(exchange.at)
        offset = self._size
        self._append(b"".join(records))
        return Written(self._path.name if self._path else "", offset, *about)

    def sync(self) -> None:
        """Wait until all that was written is on the disk."""
        if self._handle is not None:
            os.fsync(self._handle)

    def close(self) -> None:
        """Sync and close."""
        if self._handle is not None:
            self.sync()
            os.close(self._handle)
            self._handle = None

    def _open(self, at: datetime) -> None:
        day = f"{_PREFIX}{at:%Y%m%d}-"
        fits = self._path is not None and self._path.name.startswith(day) and self._size < FULL
        if self._handle is not None and fits:
            return
        self.close()
        number = 1
        found = sorted(self._folder.glob(f"{day}*.warc.gz"))
        if found:
            number = int(found[-1].name.removeprefix(day).partition(".")[0])
            number += found[-1].stat().st_size >= FULL
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._path = self._folder / f"{day}{number:04}.warc.gz"
            self._handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        except OSError as error:
            raise _failed(self._folder, error) from error
        self._size = os.fstat(self._handle).st_size
        if not self._size:
            head = BytesIO()
            write_info(head, self._path.name)
            self._append(head.getvalue())

    def _append(self, data: bytes) -> None:
        if self._handle is None or self._path is None:
            return
        done = 0
        try:
            while done < len(data):
                done += os.write(self._handle, data[done:])
        except OSError as error:
            os.ftruncate(self._handle, self._size)
            raise _failed(self._path, error) from error
        self._size += len(data)


def pack_exchange(exchange: Exchange, earlier: Earlier | None) -> tuple[list[bytes], tuple[str, str, bool]]:
    """The gzip members of the answer and the request; and the answer's id, digest and whether it is a revisit."""
    answer, digest = exchange.answer, digest_payload(exchange.answer.body)
    not_modified = answer.status == 304 and earlier is not None
    same = earlier is not None and answer.status == 200 and earlier.digest == digest
    head = _render_answer(answer)
    record_id = uuid5(NAMESPACE_URL, f"{exchange.url}\n{exchange.at.isoformat()}\n{digest}").urn
    fields = _common_fields(exchange, record_id, b"response" if not (not_modified or same) else b"revisit")
    block = head if not_modified or same else head + answer.body
    if earlier is not None and (not_modified or same):
        digest = earlier.digest
        fields += [
            (b"WARC-Profile", NOT_MODIFIED if not_modified else SAME_PAYLOAD),
            (b"WARC-Refers-To", f"<{earlier.record_id}>".encode()),
            (b"WARC-Refers-To-Target-URI", exchange.url.encode()),
            (b"WARC-Refers-To-Date", _stamp(earlier.at)),
        ]
    fields += [
        (b"Content-Type", b"application/http; msgtype=response"),
        (b"WARC-Payload-Digest", digest.encode()),
        (b"WARC-Block-Digest", digest_payload(block).encode()),
        (b"Content-Length", str(len(block)).encode()),
    ]
    asked = _render_request(exchange)
    request_id = uuid5(NAMESPACE_URL, f"{record_id}\nrequest").urn
    request = [
        *_common_fields(exchange, request_id, b"request"),
        (b"WARC-Concurrent-To", f"<{record_id}>".encode()),
        (b"Content-Type", b"application/http; msgtype=request"),
        (b"WARC-Block-Digest", digest_payload(asked).encode()),
        (b"Content-Length", str(len(asked)).encode()),
    ]
    return [_pack(fields, block), _pack(request, asked)], (record_id, digest, not_modified or same)


def _common_fields(exchange: Exchange, record_id: str, kind: bytes) -> list[tuple[bytes, bytes]]:
    fields = [
        (b"WARC-Type", kind),
        (b"WARC-Record-ID", f"<{record_id}>".encode()),
        (b"WARC-Date", _stamp(exchange.at)),
        (b"WARC-Target-URI", exchange.url.encode()),
        (b"WARC-Protocol", exchange.answer.protocol.encode()),
    ]
    return [*fields, (b"WARC-IP-Address", exchange.answer.ip.encode())] if exchange.answer.ip else fields


def _stamp(at: datetime) -> bytes:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond:06}Z".encode()


def _render_answer(answer: Answer) -> bytes:
    """Head of the answer as it came; HTTP's own framing, which was undone, under another name."""
    lines = [b"HTTP/1.1 %d %b" % (answer.status, answer.phrase)]
    for name, value in answer.headers:
        shown = b"X-Archive-Orig-" + name if name.lower() == b"transfer-encoding" else name
        lines.append(b"%b: %b" % (shown, value))
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _render_request(exchange: Exchange) -> bytes:
    parts = urlsplit(exchange.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [b"GET %b HTTP/1.1" % target.encode(), *(b"%b: %b" % header for header in exchange.sent)]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _pack(fields: Sequence[tuple[bytes, bytes]], block: bytes) -> bytes:
    stream = BytesIO()
    write_record(stream, VERSION, fields, (block,))
    return stream.getvalue()


def _find_whole_end(path: Path, begin: int) -> int:
    """Offset after the last whole gzip member of a file, looked for from the beginning of one."""
    whole = begin
    with path.open("rb") as stream:
        stream.seek(begin)
        rest = b""
        member = zlib.decompressobj(31)
        while True:
            piece = rest or stream.read(_CHUNK)
            if not piece:
                return whole
            try:
                while piece and not member.eof:
                    member.decompress(piece, _CHUNK)
                    piece = member.unconsumed_tail
            except zlib.error:
                return whole
            rest = member.unused_data
            if member.eof:
                whole = stream.tell() - len(rest)
                member = zlib.decompressobj(31)


def _failed(path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"{path}: cannot be written: {error.strerror or error}; free some space or check the folder, and collect "
        "again; what was fetched before is kept"
    )
