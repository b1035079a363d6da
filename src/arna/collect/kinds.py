"""What kind of file a user gave, told by its content; the name decides only where the content does not."""

from __future__ import annotations

import json
import zipfile
import zlib
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from arna.collect.delimited import find_delimiter
from arna.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

ACCEPTED: Final = ".warc, .warc.gz, .warc.zst, .wacz, .jsonl, .jsonl.gz, .csv, .csv.gz and .parquet"

_HEAD: Final = 64 << 10
_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = (b"\x28\xb5\x2f\xfd", *(bytes([low]) + b"\x2a\x4d\x18" for low in range(0x50, 0x60)))
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


class FileKind(StrEnum):
    """Kinds of files import reads."""

    WARC = "warc"
    WARC_GZIP = "warc.gz"
    WARC_ZSTD = "warc.zst"
    WACZ = "wacz"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


def tell_kind(path: Path) -> FileKind:
    """The kind of a file.

    Raises:
        InputError: it is missing, a folder, empty, not readable, or of no kind that import reads.
    """
    try:
        if path.is_dir():
            raise InputError(f"{path}: is a folder; give the files in it")
        if path.exists() and not path.is_file():
            raise InputError(f"{path}: is a stream or a device, which cannot be read twice; save it as a file first")
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except FileNotFoundError as error:
        raise InputError(f"{path}: there is no such file") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"{path}: cannot be read: {reason}") from error
    packed = head.startswith(_GZIP)
    content = _unpack(head) if packed else head
    if not head or (packed and content == b"" and path.stat().st_size < 64):
        raise InputError(f"{path}: is empty")
    kind = _tell_by_content(path, head, content, packed=packed)
    if kind is None:
        raise InputError(f"{path}: is not of a kind that import reads; it reads {ACCEPTED}")
    return kind


def _tell_by_content(path: Path, head: bytes, content: bytes, *, packed: bool) -> FileKind | None:
    name = path.name.lower()
    if content.startswith(b"WARC/") or name.endswith((".warc", ".warc.gz")):
        return FileKind.WARC_GZIP if packed else FileKind.WARC
    if head.startswith(_ZSTD):
        return FileKind.WARC_ZSTD if name.endswith((".warc.zst", ".warc.zstd")) else None
    if zipfile.is_zipfile(path) or name.endswith(".wacz"):
        return FileKind.WACZ
    if head.startswith(b"PAR1"):
        return FileKind.PARQUET
    if content.startswith(_UTF16):
        raise InputError(f"{path}: is text in UTF-16; save it as UTF-8 and import it again")
    return _tell_text(content, name.removesuffix(".gz"))


def _tell_text(content: bytes, name: str) -> FileKind | None:
    text = content.decode("utf-8-sig", "replace")
    if name.endswith((".jsonl", ".ndjson")):
        return FileKind.JSONL
    if name.endswith((".csv", ".tsv")):
        return FileKind.CSV
    first = text.lstrip().partition("\n")[0]
    try:
        given = json.loads(first)
    except (ValueError, RecursionError):
        given = None
    if isinstance(given, dict) and "url" in given:
        return FileKind.JSONL
    return FileKind.CSV if find_delimiter(first)[1] else None


def _unpack(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(head, _HEAD)
    except zlib.error:
        return b""
