"""Payloads of documents, read back from the space's WARC files for the stage ``read``."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

import pyarrow as pa
from fastwarc.stream_io import GzipReader
from fastwarc.warc import WarcRecord

from arna.collect.messages import LIMIT, BodyError, Head, decode_body, find_charset, read_head
from arna.collect.scan import HEAD
from arna.terms import ARTICLE_MIME

if TYPE_CHECKING:
    from pathlib import Path

_KEPT: Final = ("id", "url", "outlet", "fetched_at", "status", "mime")


class Payload(NamedTuple):
    """Bytes of a page as they were before they were sent, or the problem why there are none."""

    charset: str | None
    payload: bytes | None
    problem: str | None


def read_payloads(documents: pa.Table, warc_folder: Path) -> pa.Table:
    """Adds their payloads to rows of ``documents``.

    Args:
        documents: rows with the schema of ``documents``; all payloads are held in memory, at most 10 MB each.
        warc_folder: the space's folder with the files that ``warc_file`` names.

    Returns:
        The same rows in the same order: id, url, outlet, fetched_at, status, mime, and ``charset`` (from the HTTP
        header, lower case, or null), ``payload`` (content and transfer encodings undone, or null) and ``problem``
        (null, or ``too-large``, ``broken`` or ``lost`` with the detail after a colon).
    """
    files: list[str] = documents["warc_file"].to_pylist()
    offsets: list[int] = documents["warc_offset"].to_pylist()
    urls: list[str] = documents["url"].to_pylist()
    found: list[Payload | None] = [None] * len(files)
    by_file: dict[str, list[int]] = {}
    for row, name in enumerate(files):
        by_file.setdefault(name, []).append(row)
    for name, rows in by_file.items():
        rows.sort(key=offsets.__getitem__)
        path = warc_folder / name
        try:
            with path.open("rb") as stream:
                for row in rows:
                    found[row] = _read_payload(stream, name.endswith(".gz"), offsets[row], urls[row])
        except OSError as error:
            problem = f"lost: {name} in the space's warc folder cannot be read: {error.strerror or error}"
            for row in rows:
                found[row] = found[row] or Payload(None, None, problem)
    columns = list(zip(*found, strict=True)) or [(), (), ()]
    added = {
        "charset": pa.array(columns[0], pa.string()),
        "payload": pa.chunked_array(_chunk_bytes(columns[1]), pa.binary()),
        "problem": pa.array(columns[2], pa.string()),
    }
    table = documents.select(list(_KEPT))
    for key, column in added.items():
        table = table.append_column(key, column)
    return table


def _chunk_bytes(payloads: tuple[bytes | None, ...]) -> list[pa.Array]:
    """Arrays of at most 2,000 MB together, since an Arrow binary array counts its bytes in 31 bits."""
    chunks: list[pa.Array] = []
    begin = size = 0
    for row, payload in enumerate(payloads):
        size += len(payload or b"")
        if size > 2000 << 20:
            chunks.append(pa.array(payloads[begin:row], pa.binary()))
            begin, size = row, len(payload or b"")
    chunks.append(pa.array(payloads[begin:], pa.binary()))
    return chunks


def _read_payload(stream: BinaryIO, packed: bool, offset: int, url: str) -> Payload:
    stream.seek(offset)
    try:
        record = WarcRecord.from_reader(GzipReader(stream) if packed else stream)
        length = int(record.headers.get("Content-Length") or "none")
        if (record.headers.get("WARC-Target-URI") or "").strip("<> ") != url:
            return Payload(None, None, f"lost: at byte {offset} of the WARC file there is another page")
        if length > LIMIT + HEAD:
            return Payload(None, None, _say_too_large(length))
        block = bytes(record.reader.read(length)) if length else b""
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        return Payload(None, None, f"broken: the record at byte {offset} cannot be read: {error}")
    if len(block) < length:
        return Payload(None, None, f"broken: the record is cut off after {len(block):,} of {length:,} bytes")
    return _open_block(block, record.headers.get("WARC-Type") or "", record.headers.get("Content-Type") or "")


def _open_block(block: bytes, kind: str, content_type: str) -> Payload:
    if kind == "resource":
        given = content_type.partition(";")[0].strip().lower() == ARTICLE_MIME
        charset, head = "utf-8" if given else find_charset(content_type), Head(200, {}, 0)
    else:
        answer = read_head(block)
        if answer is None:
            return Payload(None, None, "broken: the record holds no HTTP answer")
        charset, head = answer.charset, answer
    body = block[head.end :]
    if len(body) > LIMIT:
        return Payload(charset, None, _say_too_large(len(body)))
    try:
        return Payload(charset, decode_body(head, body), None)
    except BodyError as error:
        return Payload(charset, None, str(error))


def _say_too_large(length: int) -> str:
    size = f"{length / (1 << 20):.0f}" if length >= LIMIT * 1.1 else f"{length / (1 << 20):.2f}"
    return f"too-large: {size} MB, the limit is {LIMIT >> 20} MB"
