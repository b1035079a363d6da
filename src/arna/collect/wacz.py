"""Import of WACZ: a zip that holds WARC files."""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import TYPE_CHECKING, BinaryIO, Final

from arna.collect.archives import Kept, import_records
from arna.collect.batches import Gathering, ImportBatch
from arna.collect.keep import digest_file, place_for, written_whole
from arna.collect.scan import EXPANDED, RATIO, Packing
from arna.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from arna.terms import Space

_MEMBER: Final = re.compile(r"(?:\.?[\\/])*archive[\\/].*\.warc(?:\.gz)?", re.IGNORECASE | re.DOTALL)
_PIECE: Final = 64 << 10  # what a wrong checksum at the end costs
# zipfile raises NotImplementedError for a packing it does not know, RuntimeError for a locked member.
_BAD_ZIP: Final = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error)


def import_wacz(path: Path, space: Space, folder: Path) -> Iterator[ImportBatch]:
    """Keeps the WARC files of a WACZ in the folder, each as ``import_warc`` does, and yields their documents.

    Names inside the zip are only looked at, never used as paths.

    Raises:
        InputError: it is no zip, or holds no WARC file.
        StoreError: the folder cannot be written.
    """
    try:
        archive = zipfile.ZipFile(path)
    except _BAD_ZIP as error:
        raise InputError(f"{path}: cannot be read as a zip: {error}; fetch or copy it again") from error
    with archive:
        members = [info for info in archive.infolist() if _MEMBER.fullmatch(info.filename)]
        if not members:
            raise InputError(f"{path}: a zip without archive/*.warc or archive/*.warc.gz is no WACZ")
        yield from _import_members(path, archive, members, space, folder)


def _import_members(
    path: Path, archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], space: Space, folder: Path
) -> Iterator[ImportBatch]:
    size, digest = path.stat().st_size, digest_file(path)
    outer = Gathering(path.name, digest)
    room, done = max(EXPANDED, RATIO * size), 0
    for number, info in enumerate(members, 1):
        name = _show_name(info.filename)
        if info.file_size > room or info.file_size > max(EXPANDED, RATIO * info.compress_size):
            outer.add_failure(f"member {number} ({name})", f"expands more than {RATIO} to 1, as a bomb does; not read")
            continue
        room -= info.file_size
        reason = ""
        try:
            packing = _find_packing(archive, info)
            ending = ".warc.gz" if packing is Packing.GZIP else ".warc"
            copy = place_for(folder, path, digest, f"-{number}{ending}")
            reason = _extract(archive, info, copy)
            rewritten = place_for(folder, path, digest, f"-{number}.records.warc.gz")
            inner = Gathering(f"{path.name}: {name}", f"{digest}/{number}")
            for batch in import_records(Kept(copy, packing, copy, rewritten), space, inner):
                yield ImportBatch(batch.documents, batch.outcomes, batch.problems, done)
        except (*_BAD_ZIP, InputError) as error:
            reason = reason or str(error)
        if reason:
            outer.add_failure(f"member {number} ({name})", reason)
        done = min(size, done + info.compress_size)
    yield outer.take(size)


def _find_packing(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Packing:
    with archive.open(info) as packed:
        return Packing.GZIP if packed.read(2) == b"\x1f\x8b" else Packing.PLAIN


def _extract(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path) -> str:
    """Writes a member into the folder unless it is there; gives what is wrong with it, in either case, or ""."""
    if target.exists():
        return _copy_member(archive, info, None)
    with written_whole(target) as stream:
        return _copy_member(archive, info, stream)


def _copy_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, stream: BinaryIO | None) -> str:
    with archive.open(info) as packed:
        while True:
            try:
                piece = packed.read(_PIECE)
            except _BAD_ZIP as error:
                return f"{error or 'the zip is cut off'}; what comes before is read"
            if not piece:
                return ""
            if stream is not None:
                stream.write(piece)


def _show_name(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name)[:100]
