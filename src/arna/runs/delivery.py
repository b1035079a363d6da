"""The ledger's diary handed to the lake: rows of ``documents`` and ``fetches``.

Also a program for a collector that goes on: see :func:`deliver_apart`.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import closing
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from arna.collect.batches import name_document
from arna.collect.live.ledger import open_ledger, read_diary, strike_diary, told_plainly
from arna.errors import ArnaError, BusyError, StoreError
from arna.store import LakeWriter
from arna.terms import SCHEMAS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from arna.collect.live.jobs import Entry

SWEEP: Final = 15
"""Deliveries after which the lake's small files are put together."""

_AT_ONCE: Final = 5_000  # rows of one commit
_PROGRAM: Final = "import sys; from arna.runs.delivery import main; sys.exit(main(sys.argv[1:]))"


async def deliver_apart(folder: Path, *, sweep: bool = False) -> None:
    """:func:`deliver_diary` in a process of its own. Where that is killed, the next one makes it good.

    Raises:
        StoreError: the lake or the ledger cannot be written.
    """
    options = ["--sweep"] if sweep else []
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _PROGRAM, str(folder), *options),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await child.communicate()
    if child.returncode and child.returncode > 0:
        lines = said.decode("utf-8", "replace").strip().splitlines()
        raise StoreError(lines[-1] if lines else f"{folder}: nothing can be delivered to the lake; collect again")


def deliver_diary(folder: Path, *, sweep: bool = False) -> int:
    """Hand the ledger's diary to the lake as rows of ``documents`` and ``fetches``.

    Rows are named by what they say, so that a delivery cut off is made good by the next one.

    Returns:
        How many entries are left: none, or all where the lake is being written by another process.

    Raises:
        StoreError: the lake or the ledger cannot be written.
    """
    path = folder / "collect.db"
    if not path.exists():
        return 0
    with told_plainly(path), closing(open_ledger(path)) as base:
        entries = read_diary(base, _AT_ONCE)
        if not entries:
            return 0
        try:
            with LakeWriter(folder / "lake") as lake:
                while entries:
                    deliver_entries(lake, [entry for _, entry in entries])
                    strike_diary(base, entries[-1][0])
                    entries = read_diary(base, _AT_ONCE)
                if sweep:
                    lake.sweep()
        except BusyError:
            return _count(base)
        return 0


def deliver_entries(lake: LakeWriter, entries: list[Entry]) -> None:
    """Rows of ``documents`` and ``fetches`` of some entries of the diary; the documents first."""
    documents, fetches = [], []
    for entry in entries:
        at = datetime.fromtimestamp(entry.at, UTC)
        document = name_document(entry.url, at, entry.digest) if entry.file else None
        if document:
            place = (entry.digest, entry.file, entry.offset)
            documents.append((document, entry.url, entry.outlet, at, entry.status, entry.mime, *place))
        name = blake2b(f"{entry.url}\n{at.isoformat()}\n{entry.kind}".encode("utf-8", "replace"), digest_size=16)
        about = (entry.kind, entry.result, entry.reason, entry.status, entry.bytes, entry.seconds, document)
        fetches.append((name.hexdigest(), entry.url, entry.outlet, at, *about))
    lake.append_new("documents", _tabulate("documents", documents))
    lake.append_new("fetches", _tabulate("fetches", fetches))


def _tabulate(name: str, rows: Sequence[tuple[object, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(SCHEMAS[name])
    arrays = [pa.array(column, kind.type) for column, kind in zip(columns, SCHEMAS[name], strict=True)]
    return pa.table(arrays, schema=SCHEMAS[name])


def _count(base: sqlite3.Connection) -> int:
    return int(base.execute("SELECT count(*) FROM diary").fetchone()[0])


def main(arguments: Sequence[str]) -> int:
    """Deliver the diary of the space named, and put small files together with ``--sweep``."""
    try:
        deliver_diary(Path(arguments[0]), sweep="--sweep" in arguments)
    except ArnaError as error:
        print(error, file=sys.stderr)
        return 1
    return 0
