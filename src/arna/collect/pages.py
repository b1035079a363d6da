"""Documents of a WARC file that the space keeps."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from arna.collect.batches import DocumentRow, Gathering, name_document
from arna.collect.messages import LIMIT, Head, read_head
from arna.collect.scan import Damage, Packing, RecordScan
from arna.terms import ARTICLE_MIME
from arna.text.urls import channel_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from arna.collect.scan import Record
    from arna.terms import Space

_DIGEST: Final = re.compile(r"[a-z0-9-]{2,12}:[\w+/=-]{16,128}")
_DOMAIN: Final = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[^\W\d_][\w-]+(?:[:/?]\S*)?", re.IGNORECASE)


class BadRecordError(Exception):
    """A record that ought to be a document and cannot be one; the text is the reason."""


def packing_of(path: Path) -> Packing:
    """How a kept WARC file is compressed, by its name."""
    return Packing.GZIP if path.suffix == ".gz" else Packing.PLAIN


def host_in(url: str) -> str:
    """Host name of a web address in lower case; empty when it is none."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").rstrip(".") if parts.scheme.lower() in {"http", "https"} else ""
    except ValueError:
        return ""


def name_outlet(space: Space, host: str) -> str:
    """The registered outlet of a host, or else the host without ``www.``, international names in their letters."""
    readable = host
    if "xn--" in host:
        try:
            readable = host.encode("ascii").decode("idna")
        except UnicodeError:
            readable = host
    ascii_host = host
    if not host.isascii():
        try:
            ascii_host = host.encode("idna").decode("ascii")
        except UnicodeError:
            ascii_host = host
    found = space.outlet_of_host(readable) or space.outlet_of_host(ascii_host)
    return found or readable.removeprefix("www.")


def name_channel(space: Space, channel: str) -> str:
    """The registered outlet of a Telegram channel, or else its address without ``https://``."""
    return space.outlet_of_channel(channel) or f"t.me/{channel}"


def name_given_outlet(space: Space, given: str) -> str:
    """The outlet an article names: an id or a name as given, or the outlet of a domain, address or Telegram channel."""
    name = given.strip().encode("utf-8", "replace").decode()  # JSON can hold halves of letters, tables cannot
    if name in space.outlets_by_id or not _DOMAIN.fullmatch(name):
        return name
    channel = channel_of(name)
    if channel:
        return name_channel(space, channel)
    host = host_in(name if "://" in name else f"http://{name}")
    return name_outlet(space, host) if host else name


class PageIndex:
    """Makes rows for ``documents`` of the records of one kept WARC file.

    Documents are ``response`` records with an HTTP answer of any status, and ``resource`` records, of http and https
    addresses but robots.txt. Nothing is decoded yet; a page over the limit is a document too.
    """

    def __init__(self, space: Space, warc_file: str) -> None:
        self._space = space
        self._warc_file = warc_file
        self._outlet_of: Callable[[str], str] = cache(lambda host: name_outlet(space, host))
        self.kinds: dict[str, int] = {}

    def visit(self, record: Record) -> DocumentRow | Damage | None:
        """The row of a record, the damage if it should have been a document, or None."""
        kind = record.kind
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if kind == "unknown":
            written = record.headers.get("WARC-Type") or ""
            return Damage(record.number, record.offset, f"no record has the WARC-Type '{written[:40]}'")
        if kind not in {"response", "resource"}:
            return None
        try:
            return self._read(record, given=kind == "resource")
        except BadRecordError as error:
            return Damage(record.number, record.offset, str(error))

    def _read(self, record: Record, *, given: bool) -> DocumentRow | None:
        url = (record.headers.get("WARC-Target-URI") or "").strip("<> ")
        host = host_in(url)
        if url.partition("?")[0].lower().endswith(f"{host}/robots.txt") or (given and not host):
            return None
        first = next(record.pieces, b"")
        head = _read_resource_head(record) if given else read_head(first)
        if head is None and not host:
            return None  # an answer of another protocol, such as dns:
        if head is None or not host:
            what = "holds no HTTP answer" if host else "has an address that is none of the web"
            raise BadRecordError(f"{url[:200]}: the record {what}")
        status, mime, begin = head.status, head.mime, head.end
        fetched_at = _read_date(record)
        channel = channel_of(url)
        outlet = name_channel(self._space, channel) if channel else self._outlet_of(host)
        body = b""
        if given and mime == ARTICLE_MIME:
            body = first + b"".join(record.pieces) if record.length <= 2 * LIMIT else b""
            outlet = self._read_outlet(body) or outlet
        digest = record.headers.get("WARC-Payload-Digest") or ""
        if not _DIGEST.fullmatch(digest):
            sha = sha256(body or first[begin:])
            for piece in record.pieces:
                sha.update(piece)
            digest = f"sha256:{sha.hexdigest()}"
        name = name_document(url, fetched_at, digest)
        return DocumentRow(name, url, outlet, fetched_at, status, mime, digest, self._warc_file, record.offset)

    def _read_outlet(self, body: bytes) -> str:
        try:
            article = json.loads(body)
        except (ValueError, RecursionError):
            return ""
        given = article.get("outlet") if isinstance(article, dict) else None
        return name_given_outlet(self._space, given) if isinstance(given, str) else ""


def _read_resource_head(record: Record) -> Head:
    return Head(200, {"content-type": record.headers.get("Content-Type") or ""}, 0)


def _read_date(record: Record) -> datetime:
    written = record.headers.get("WARC-Date") or ""
    try:
        at = datetime.fromisoformat(written.strip())
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise BadRecordError(f"the WARC-Date '{written[:40]}' is no time") from error


def index_pages(path: Path, space: Space, gathering: Gathering) -> Iterator[int]:
    """Gathers the documents of a kept WARC file, and what is damaged in it.

    Yields:
        The offset reached in bytes, whenever the gathering is full.
    """
    index = PageIndex(space, path.name)
    scan: RecordScan[DocumentRow | Damage] = RecordScan(path, packing_of(path), index.visit)
    for found in scan:
        if isinstance(found, Damage):
            gathering.add_failure(found.place, found.reason)
        else:
            gathering.add_document(found)
        if gathering.is_full:
            yield scan.offset
    if not gathering.count:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(index.kinds.items()))
        gathering.add_note(f"no page in it, only records of kind {kinds}")
