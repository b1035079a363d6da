"""Files given by the user -> documents in the space."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from arna.collect import import_file
from arna.errors import InputError
from arna.space import load_space
from arna.store import LakeWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


@dataclass
class ImportSummary:
    """What an import did: documents found and new, outcomes of what could not be taken, and a line for each problem."""

    files: int = 0
    documents: int = 0
    new: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    failed_files: list[str] = field(default_factory=list)


def import_files(
    folder: Path, paths: Sequence[Path], on_progress: Callable[[int], None] = lambda _bytes: None
) -> ImportSummary:
    """Take files into a space; a file that cannot be read at all is noted and the next one goes on.

    Args:
        folder: the space.
        paths: files as :mod:`arna.collect` knows them.
        on_progress: told the bytes done so far, of all files.

    Raises:
        SpaceError, StoreError: the space cannot be used.
    """
    space = load_space(folder)
    summary = ImportSummary()
    before = 0
    with LakeWriter(folder / "lake") as lake:
        for path in paths:
            try:
                for batch in import_file(path, space, folder / "warc"):
                    summary.documents += batch.documents.num_rows
                    summary.new += lake.append_new("documents", batch.documents)
                    lake.append_new("outcomes", batch.outcomes)
                    summary.outcomes.update(batch.outcomes["outcome"].to_pylist())
                    summary.problems += batch.problems
                    on_progress(before + batch.done_bytes)
            except InputError as error:
                summary.failed_files.append(str(error))
            else:
                summary.files += 1
            with suppress(OSError):  # a file that is not there was told as failed
                before += path.stat().st_size
            on_progress(before)
    return summary
