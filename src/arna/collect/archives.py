"""Import of WARC files."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from arna.collect.batches import Gathering
from arna.collect.keep import digest_file, keep_copy, place_for, written_whole
from arna.collect.pages import index_pages
from arna.collect.scan import Damage, Packing, RecordScan, UnseekableError
from arna.collect.writing import write_record
from arna.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from arna.collect.batches import ImportBatch
    from arna.collect.scan import Record
    from arna.terms import Space

_PROBED: Final = 3  # records; a file gzipped as a whole shows at its second, the first may be a warcinfo of its own


@dataclass(frozen=True)
class Kept:
    """Where records are taken from, and where they are kept: as they are, or written anew."""

    source: Path
    packing: Packing
    copy: Path
    rewritten: Path


def import_warc(path: Path, packing: Packing, space: Space, folder: Path) -> Iterator[ImportBatch]:
    """Keeps a WARC file in the folder and yields its documents.

    The file is copied as it is. Where records share compressed frames, it is written anew with a member for each
    record, under a name ending in ``.records.warc.gz``.

    Raises:
        InputError: there is no record in it.
        StoreError: the folder cannot be written.
    """
    digest = digest_file(path)
    copy = place_for(folder, path, digest, ".warc.gz" if packing is Packing.GZIP else ".warc")
    kept = Kept(path, packing, copy, place_for(folder, path, digest, ".records.warc.gz"))
    yield from import_records(kept, space, Gathering(path.name, digest))


def import_records(kept: Kept, space: Space, gathering: Gathering) -> Iterator[ImportBatch]:
    """Keeps the records of a source and yields their documents, as :func:`import_warc` does."""
    size = kept.source.stat().st_size
    if not kept.rewritten.exists() and _is_seekable(kept.source, kept.packing):
        try:
            keep_copy(kept.source, kept.copy)
            for offset in index_pages(kept.copy, space, gathering):
                yield gathering.take(min(offset, size))
        except UnseekableError:
            # rare: files of both sorts put together; rows that were given before keep their ids
            yield gathering.take(0)
        else:
            yield gathering.take(size)
            return
    yield from _rewrite(kept, gathering)
    yield from index_converted(kept.rewritten, size, space, gathering)


def index_converted(target: Path, size: int, space: Space, gathering: Gathering) -> Iterator[ImportBatch]:
    """Yields the documents of a WARC file made from another file of that size: the second half of the way."""
    whole = max(1, target.stat().st_size)
    for offset in index_pages(target, space, gathering):
        yield gathering.take(size // 2 + size * offset // (2 * whole))
    yield gathering.take(size)


def _is_seekable(path: Path, packing: Packing) -> bool:
    """Whether each record begins a frame of its own, as far as the first few show."""
    if packing is Packing.ZSTD:
        return False
    reasons: list[str] = []
    good = 0
    try:
        for found in RecordScan(path, packing, lambda record: record.number):
            if isinstance(found, Damage):
                reasons.append(found.reason)
            else:
                good += 1
            if good >= _PROBED:
                break
    except UnseekableError:
        return False
    if not good:
        raise InputError(f"{path}: holds no WARC record that can be read: {'; '.join(reasons[:2]) or 'it is empty'}")
    return True


def _rewrite(kept: Kept, gathering: Gathering) -> Iterator[ImportBatch]:
    """Writes each record as a member of its own, if that is still to do; yields batches of what is damaged."""
    with ExitStack() as stack:
        stream = None if kept.rewritten.exists() else stack.enter_context(written_whole(kept.rewritten))
        scan = RecordScan(kept.source, kept.packing, _Copier(stream).visit, seekable=False)
        copied = 0
        for found in scan:
            if isinstance(found, Damage):
                gathering.add_failure(found.place, found.reason)
            else:
                copied += 1
            if gathering.is_full:
                yield gathering.take(scan.offset // 2)
        if not copied:
            raise InputError(f"{kept.source}: holds no WARC record that can be read")


class _Copier:
    """Writes the records it visits into a stream, if there is one."""

    def __init__(self, stream: BinaryIO | None) -> None:
        self._stream = stream

    def visit(self, record: Record) -> bool:
        if self._stream is not None:
            headers = record.headers
            version = headers.status_line_bytes or b"WARC/1.0"
            write_record(self._stream, version, headers.items_bytes(), record.pieces)
        return True
