"""What kind of file a user gave, told by its content; the name decides only where the content does not."""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from arna.collect.delimited import find_delimiter
from arna.collect.feeds import find_root
from arna.collect.telegram_page import MARK
from arna.errors import InputError
from arna.text.charset import decode_page

if TYPE_CHECKING:
    from pathlib import Path

ACCEPTED: Final = (
    ".warc, .warc.gz, .warc.zst, .wacz, .jsonl, .jsonl.gz, .csv, .csv.gz, .parquet, feeds (.xml, .rss, .atom, .json) "
    "and public Telegram channels (result.json of an export, or a saved page of t.me/s/NAME)"
)

_HEAD: Final = 64 << 10
_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = (b"\x28\xb5\x2f\xfd", *(bytes([low]) + b"\x2a\x4d\x18" for low in range(0x50, 0x60)))
_SAVED_HEAD: Final = 1 << 20
_PAGE: Final = re.compile(
    r"\s*(?:<\?xml[^<>]*>\s*|<!--(?:(?!-->).){0,2000}+-->\s*)*<(?:!doctype\s+html|html|head|body|div)\b",
    re.IGNORECASE | re.DOTALL,
)
_ITEMS: Final = re.compile(r"\{\s*\"items\"\s*:")
_CHAT: Final = re.compile(
    r"\"type\"\s*:\s*\"(?:public_channel|private_channel|private_group|private_supergroup|public_supergroup|"
    r"personal_chat|bot_chat|saved_messages)\""
)
_EXPORT: Final = re.compile(r"\{\s*\"(?:about|chats|personal_information|name)\"\s*:")
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
    FEED = "feed"
    TELEGRAM = "telegram export"
    TELEGRAM_PAGE = "telegram page"


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
    if not content.startswith(_UTF16):
        kind = _tell_text(content, name.removesuffix(".gz"))
        return kind or _tell_markup(path, content) or _tell_json(path, content, packed=packed)
    kind = _tell_markup(path, content)
    if kind is None:
        raise InputError(f"{path}: is text in UTF-16; save it as UTF-8 and import it again")
    return kind


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


def _tell_markup(path: Path, content: bytes) -> FileKind | None:
    """Feeds and saved pages of Telegram's preview.

    Raises:
        InputError: it is a sitemap or another web page, which are not imported by themselves.
    """
    text = decode_page(content).text
    root = find_root(text)
    if root and root[1].lower() in {"urlset", "sitemapindex"}:
        raise InputError(
            f"{path}: is a sitemap, which lists pages and holds none; name it under sitemaps of its outlet"
        )
    if root:
        return FileKind.FEED
    if not _PAGE.match(text):
        return None
    if MARK in text or _mentions(path, MARK):
        return FileKind.TELEGRAM_PAGE
    raise InputError(
        f"{path}: is a web page without its address; import takes pages in WARC or WACZ, and as they are only saved "
        "pages of a public Telegram channel (t.me/s/NAME)"
    )


def _tell_json(path: Path, content: bytes, *, packed: bool) -> FileKind | None:
    """JSON Feeds and exports of Telegram Desktop.

    Raises:
        InputError: it is JSON of another kind.
    """
    text = content.decode("utf-8-sig", "replace").lstrip()
    if not text.startswith("{"):
        return None
    if "jsonfeed.org/version/" in text or _ITEMS.match(text):
        return FileKind.FEED
    if _CHAT.search(text) or _EXPORT.match(text):
        if packed:
            raise InputError(f"{path}: is a packed export of Telegram Desktop; unpack it and import result.json")
        return FileKind.TELEGRAM
    raise InputError(
        f"{path}: is JSON, but neither an export of Telegram Desktop (result.json) nor a JSON Feed; "
        "write articles as JSONL, one object a line"
    )


def _mentions(path: Path, mark: str) -> bool:
    """Whether a word stands in the first megabyte of a file: saved pages begin with their styles."""
    with path.open("rb") as stream:
        return mark.encode() in stream.read(_SAVED_HEAD)


def _unpack(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(head, _HEAD)
    except zlib.error:
        return b""
