"""Records of a WARC file one after another, past whatever is broken in it."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, BinaryIO, Final, Generic, NamedTuple, TypeVar

from fastwarc.stream_io import GzipReader, ZstdReader
from fastwarc.warc import ArchiveIterator, HeaderMap, WarcRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

T = TypeVar("T")

HEAD: Final = 64 << 10
"""Size of a block's first piece; HTTP headers longer than this are no headers of a page."""

EXPANDED: Final = 512 << 20
"""Bytes a record may expand to whatever its ratio: crawlers keep pages of 200 MB of one line repeated."""

RATIO: Final = 100
"""Beyond ``EXPANDED`` a record may expand this much at most: pages pack 4 to 20 times, bombs 1,000 times."""

_BOMBS: Final = 3  # after so many of them in one file the rest is not read: each costs a second
_PIECE: Final = 1 << 20
_PLAIN_START: Final = re.compile(rb"(?<=\n)WARC/1\.\d\r?\n(?=[A-Za-z-]+:)")
_GZIP_START: Final = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")


class Packing(StrEnum):
    """How the records of a WARC file are compressed."""

    PLAIN = "plain"
    GZIP = "gzip"
    ZSTD = "zstd"


class Damage(NamedTuple):
    """A place where a file cannot be read: number of the record, byte offset in the file, what is wrong."""

    number: int
    offset: int
    reason: str

    @property
    def place(self) -> str:
        """``record 3 (byte 4025)``."""
        return f"record {self.number} (byte {self.offset})"


@dataclass(frozen=True)
class Record:
    """A record as it passes by. ``pieces`` gives its block once: first up to ``HEAD`` bytes, then more at a time."""

    number: int
    offset: int
    length: int
    kind: str
    headers: HeaderMap
    pieces: Iterator[bytes]


class UnseekableError(Exception):
    """A compressed frame holds more than one record, so that the second has no offset to start reading from."""


class _BrokenError(Exception):
    """The record at hand cannot be read; the text is the reason."""


class RecordScan(Generic[T]):
    """Visits each record of a WARC file in order, and yields what the visits give, or the damage met.

    ``visit`` may leave pieces unread; when the record turns out to be cut off, its result is not yielded. None is
    not yielded either. After damage the next record is looked for; in zstd there is no telling where one begins, so
    the rest is lost. No more than a piece is in memory at once.

    Raises:
        UnseekableError: with ``seekable``, at the first record that does not begin a frame of its own.
        OSError: the disk, not the content, failed.
    """

    def __init__(
        self, path: Path, packing: Packing, visit: Callable[[Record], T | None], *, seekable: bool = True
    ) -> None:
        self._path = path
        self._packing = packing
        self._visit = visit
        self._seekable = seekable
        self._next_offset = 0
        self._bombs = 0
        self._reader: GzipReader | ZstdReader | None = None
        self.number = 0
        self.offset = 0
        """Number and byte offset of the record at hand."""

    def __iter__(self) -> Iterator[T | Damage]:
        with self._path.open("rb") as stream:
            begin: int | None = 0
            while begin is not None:
                try:
                    yield from self._run(stream, begin)
                except _BrokenError as error:
                    floor = max(self.offset, begin) + 1
                    begin = self._find_record(stream, floor)
                    size = stream.seek(0, 2)
                    rest = f"reading goes on at byte {begin}"
                    if begin is None:
                        rest = f"what follows is lost ({size - self.offset:,} bytes are left)"
                    yield Damage(self.number, self.offset, f"{error}; {rest}")
                else:
                    return

    def _run(self, stream: BinaryIO, begin: int) -> Iterator[T]:
        """The records from an offset on, up to the end of the file or to damage."""
        stream.seek(begin)
        self._next_offset = begin
        self._reader = _open_packed(stream, self._packing)
        records = ArchiveIterator(self._reader or stream, parse_http=False, stream_detect=False)
        last = -1
        while (found := self._read_next(records)) is not None:
            if self._reader and self._seekable and self.offset == last:
                raise UnseekableError
            last = self.offset
            length = _read_length(found.headers)
            record = Record(
                self.number, self.offset, length, str(found.record_type), found.headers, self._pieces(found, length)
            )
            result = self._visit(record)
            for _ in record.pieces:
                pass
            if result is not None:
                yield result
        self._check_end(stream, last)

    def _read_next(self, records: ArchiveIterator) -> WarcRecord | None:
        self.number += 1
        try:
            found: WarcRecord | None = next(records, None)
        except OSError as error:
            self.offset = self._find_offset(None)
            raise _as_broken(error) from error
        if found is not None:
            self.offset = self._find_offset(found)
            if self._reader is None:
                self._next_offset = self.offset + (found.content_length or 0)
        return found

    def _find_offset(self, found: WarcRecord | None) -> int:
        if self._reader:
            return int(self._reader.frame_start_position() or 0)
        return int(found.stream_pos) if found is not None else self._next_offset

    def _pieces(self, found: WarcRecord, length: int) -> Iterator[bytes]:
        done, size = 0, HEAD
        while done < length:
            try:
                piece: bytes = found.reader.read(min(size, length - done))
            except OSError as error:
                raise _as_broken(error) from error
            if not piece:
                raise _BrokenError(f"the record is cut off after {done:,} of {length:,} bytes")
            done, size = done + len(piece), _PIECE
            if done > EXPANDED and self._reader:
                self._check_ratio(done)
            yield piece

    def _check_ratio(self, done: int) -> None:
        packed = max(1, self._reader.inner_tell() - self.offset) if self._reader else done
        if done > RATIO * packed:
            self._bombs += 1
            raise _BrokenError(
                f"the record expands beyond {EXPANDED >> 20} MB at more than {RATIO} to 1, as a bomb does"
            )

    def _check_end(self, stream: BinaryIO, last: int) -> None:
        """Tells an end of the file from an end of what could be read: FastWARC is silent about cut gzip data."""
        if self._packing is not Packing.GZIP:
            return
        begin = self._find_offset(None)
        end = _find_member_end(stream, begin)
        size = stream.seek(0, 2)
        if end is None or end < size:
            # where only the checksum of the last record's member is missing, the record is good and the file ends
            self.offset = end or (size if begin == last and self._seekable else begin)
            raise _BrokenError("the gzip data is cut off")

    def _find_record(self, stream: BinaryIO, begin: int) -> int | None:
        """Offset of the first record that begins there or later."""
        if self._packing is Packing.ZSTD or self._bombs >= _BOMBS:
            return None
        pattern = _GZIP_START if self._packing is Packing.GZIP else _PLAIN_START
        overlap = 256  # longer than what the patterns look at
        floor, begin = begin, begin - 1  # the byte before belongs to the pattern
        stream.seek(begin)
        window = b""
        while chunk := stream.read(_PIECE):
            window += chunk
            for match in pattern.finditer(window):
                if self._packing is Packing.PLAIN or _starts_record(window[match.start() : match.start() + 2048]):
                    place = begin + match.start()
                    if place >= floor:
                        return place
            begin += max(0, len(window) - overlap)
            window = window[-overlap:]
        return None


def _open_packed(stream: BinaryIO, packing: Packing) -> GzipReader | ZstdReader | None:
    if packing is Packing.GZIP:
        return GzipReader(stream)
    return ZstdReader(stream) if packing is Packing.ZSTD else None


def _read_length(headers: HeaderMap) -> int:
    written = headers.get("Content-Length") or ""
    if not (written.isascii() and written.isdigit() and len(written) < 16):
        raise _BrokenError("the record's header has no Content-Length that is a number")
    return int(written)


def _as_broken(error: OSError) -> Exception:
    """Damage in the content, as FastWARC reports it, as against an error of the disk, which has a number."""
    if error.errno is not None:
        return error
    text = str(error).rstrip(".")
    return _BrokenError(text[:1].lower() + text[1:] if not text.startswith("WARC") else text)


def _starts_record(packed: bytes) -> bool:
    try:
        return zlib.decompressobj(31).decompress(packed, 5) == b"WARC/"
    except zlib.error:
        return False


def _find_member_end(stream: BinaryIO, begin: int) -> int | None:
    """Offset after the gzip member that begins there; None when it is cut off."""
    stream.seek(begin)
    member = zlib.decompressobj(31)
    while not member.eof:
        packed = member.unconsumed_tail or stream.read(HEAD)
        if not packed:
            return None
        try:
            member.decompress(packed, _PIECE)
        except zlib.error:
            return None
    return stream.tell() - len(member.unused_data)
