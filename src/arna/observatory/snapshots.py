"""Keeps one snapshot of a space, and makes a new one when the lake or the space's description has changed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from arna.errors import StoreError
from arna.observatory.snapshot import Snapshot
from arna.space import load_space
from arna.terms import SCHEMAS

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Present:
    """A space as it is served now; ``running`` tells that a run is writing, the numbers being those before it."""

    snapshot: Snapshot
    running: bool


class Snapshots:
    """The snapshot of a space's folder, for all threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = Lock()
        self._latest: Snapshot | None = None

    def take(self) -> Present:
        """The space now.

        A run commits table by table, so what it leaves between two commits does not fit together: while a run is
        writing, the snapshot from before it is kept, if there is one.

        Raises:
            SpaceError: the description is wrong.
            StoreError: the lake cannot be read.
        """
        version, running = read_version(self.folder), is_written(self.folder / "lake")
        latest = self._latest
        if latest is not None and (latest.version == version or running):
            return Present(latest, running)
        with self._lock:
            latest = self._latest
            if latest is None or latest.version != version:
                latest = Snapshot(self.folder / "lake", load_space(self.folder), version)
                self._latest = latest  # the one before is freed when the last page that reads it is done
        return Present(latest, running)


def read_version(folder: Path) -> tuple[object, ...]:
    """What changes whenever a table is committed or the space is described anew; costs a listing per table."""
    if not (folder / "space.toml").exists():
        raise StoreError(f"{folder}: no space.toml; `arna init {folder}` makes a space")
    described = [folder / "space.toml", *sorted((folder / "outlets").glob("*.toml"))]
    found: list[object] = [(path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in described]
    for name in SCHEMAS:
        try:
            commits = [entry for entry in os.listdir(folder / "lake" / name / "_delta_log") if entry.endswith(".json")]  # noqa: PTH208  # names suffice, at every request
        except FileNotFoundError:
            continue
        found.append((name, max(commits, default="")))
    return tuple(found)


def is_written(lake: Path) -> bool:
    """Whether a writer holds the lake's lock; False where the system does not tell.

    Asking for the lock would keep a writer out for a moment, so the kernel's list is read.
    """
    try:
        status = (lake / ".lock").stat()
        with open("/proc/locks", encoding="ascii") as file:  # noqa: PTH123  # not a file of ours
            here = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
            return any("FLOCK" in line and here in line.split() for line in file)
    except OSError:
        return False
