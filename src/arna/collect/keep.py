"""Files of the space's ``warc`` folder: named after what is in them, and there only when they are whole."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from hashlib import blake2b
from shutil import copyfileobj
from typing import TYPE_CHECKING, BinaryIO, Final

from arna.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ENDINGS: Final = re.compile(
    r"(\.(warc|arc|wacz|jsonl|ndjson|json|csv|tsv|txt|parquet|xml|rss|atom|html|htm|gz|gzip|zst))+$", re.IGNORECASE
)
_STEM_LENGTH: Final = 80  # letters; with the digest within the 255 bytes a file system allows, in any script
_CHUNK: Final = 1 << 20


def digest_file(path: Path) -> str:
    """BLAKE2b (512 bits) of a file in hex digits."""
    digest = blake2b()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def place_for(folder: Path, source: Path, digest: str, ending: str) -> Path:
    """Where an imported file is kept: ``<stem>-<first 12 hex digits of its digest><ending>``."""
    stem = re.sub(r"[^\w.-]", "_", _ENDINGS.sub("", source.name)).strip(".")[:_STEM_LENGTH]
    return folder / f"{stem or 'file'}-{digest[:12]}{ending}"


@contextmanager
def written_whole(target: Path) -> Iterator[BinaryIO]:
    """A stream whose file appears under its name only when all of it is on disk.

    Raises:
        StoreError: the disk is full or cannot be written; nothing of the file is left.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        _remove(part)
        raise StoreError(
            f"{target}: cannot be written: {error.strerror or error}; free some space or check the folder, "
            "and import again; nothing half is left"
        ) from error
    except BaseException:
        _remove(part)
        raise


def keep_copy(source: Path, target: Path) -> None:
    """Copies a file into the folder, unless it is there already.

    Raises:
        StoreError: the disk is full or cannot be written.
    """
    if target.exists():
        return
    with source.open("rb") as given, written_whole(target) as stream:
        copyfileobj(given, stream, _CHUNK)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError:
        return  # the error on its way says why; a part left over is overwritten by the next import
