"""Import of one file of any kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arna.collect.archives import import_warc
from arna.collect.articles import import_articles
from arna.collect.kinds import FileKind, tell_kind
from arna.collect.scan import Packing
from arna.collect.wacz import import_wacz
from arna.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from arna.collect.batches import ImportBatch
    from arna.terms import Space

_PACKINGS: Final = {
    FileKind.WARC: Packing.PLAIN,
    FileKind.WARC_GZIP: Packing.GZIP,
    FileKind.WARC_ZSTD: Packing.ZSTD,
}


def import_file(path: Path, space: Space, warc_folder: Path) -> Iterator[ImportBatch]:
    """Brings a user's file into the space: its pages in WARC files of the folder, their rows in batches.

    Reads WARC (plain, gzip, zstd), WACZ, articles as JSONL, CSV or Parquet, feeds (RSS, Atom, JSON Feed), and public
    Telegram channels (exports of Telegram Desktop, saved pages of the web preview). What is broken in a file is a row
    of ``outcomes`` and a line for the user, and the rest goes on. By the time a batch is yielded, the WARC file its
    rows point into is on disk under its last name, so that a run that is killed anywhere can be run again: the same
    file gives the same rows, and what is there is not copied again.

    Args:
        path: the file.
        space: tells which outlet a host belongs to.
        warc_folder: the space's folder for WARC files; made when missing.

    Yields:
        Batches of about 2,000 documents, the last with ``done_bytes`` at the file's size. A document can occur twice
        (a file can hold it twice), with the same id.

    Raises:
        InputError: nothing of the file can be read.
        StoreError: the folder cannot be written, for instance because the disk is full.
    """
    try:
        kind = tell_kind(path)
        if kind in _PACKINGS:
            yield from import_warc(path, _PACKINGS[kind], space, warc_folder)
        elif kind is FileKind.WACZ:
            yield from import_wacz(path, space, warc_folder)
        else:
            yield from import_articles(path, kind, space, warc_folder)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
