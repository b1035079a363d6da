"""Judgements as lines of a file in the space's folder, for people's decisions must outlive any table that is remade.

The file only grows. A judgement is one JSON object on one line, written whole and forced to the disk while the file is
locked; whatever a crash leaves of a line is passed over, told, and never touches the lines around it.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from dataclasses import asdict, fields
from datetime import UTC, datetime
from math import isfinite
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from arna.errors import StoreError
from arna.terms import SCHEMAS, VERDICTS, Judgement

if TYPE_CHECKING:
    from pathlib import Path

    from arna.terms import JudgementKey

FILE = "judgements.jsonl"

_KINDS = ("copy", "translation", "credit", "link")
_NUMBERS = ("begin", "end", "source_begin", "source_end")
_MAY_LACK = ("source_article_id", "source_outlet", "source_begin", "source_end", "score")
_LONE = re.compile("[\ud800-\udfff]")  # half characters, which no table can hold
_NAMES = [field.name for field in fields(Judgement)]


class JudgementBook:
    """The judgements of a space.

    Args:
        space_folder: the space's folder; the file comes with the first judgement.
    """

    def __init__(self, space_folder: Path) -> None:
        self.path = space_folder / FILE

    def add(self, judgement: Judgement) -> None:
        """Keep one more judgement; when this returns, it is on the disk.

        Raises:
            ValueError: it is not one that can be kept: a time without a zone, no name, a copy without its source.
            StoreError: the file cannot be written.
        """
        problem = find_fault(judgement)
        if problem:
            raise ValueError(f"judgement of {judgement.article_id}: {problem}")
        values = asdict(judgement) | {"at": judgement.at.astimezone(UTC).isoformat()}
        line = json.dumps(values, ensure_ascii=False).encode() + b"\n"
        try:
            new = not self.path.exists()
            with self.path.open("a+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                size = file.seek(0, os.SEEK_END)
                if size:  # what a crash cut off stays a line of its own
                    file.seek(size - 1)
                    line = line if file.read(1) == b"\n" else b"\n" + line
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            if new:
                _sync_folder(self.path.parent)
        except OSError as error:
            raise StoreError(f"{self.path}: cannot be written: {error.strerror}; nothing was judged") from error

    def read(self) -> tuple[list[Judgement], list[str]]:
        """All judgements in the order they were made, and a message for every line that is none.

        Raises:
            StoreError: the file is there and cannot be read.
        """
        try:
            lines = self.path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return [], []
        except OSError as error:
            raise StoreError(f"{self.path}: cannot be read: {error.strerror}") from error
        judgements, problems = [], []
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    judgements.append(_parse(line))
                except ValueError as error:
                    problems.append(f"{self.path}: line {number} is no judgement ({error}) and is passed over")
        return judgements, problems

    def current(self) -> dict[JudgementKey, Judgement]:
        """What holds now: the last judgement of each reliance, without those that were withdrawn."""
        return list_current(self.read()[0])

    def history(self, article_id: str) -> list[Judgement]:
        """Every judgement about an article's reliances, the first first."""
        return [judgement for judgement in self.read()[0] if judgement.article_id == article_id]


def list_current(judgements: list[Judgement]) -> dict[JudgementKey, Judgement]:
    """Of judgements in the order they were made those that hold."""
    latest: dict[JudgementKey, Judgement] = {}
    for judgement in judgements:
        latest.pop(judgement.key, None)
        latest[judgement.key] = judgement
    return {key: judgement for key, judgement in latest.items() if judgement.verdict != "withdrawn"}


def tabulate_judgements(judgements: list[Judgement]) -> pa.Table:
    """Rows of the table ``judgements``: all ever made, and whether each holds."""
    holding = {id(judgement) for judgement in list_current(judgements).values()}
    rows = [
        asdict(judgement) | {"n": n, "holds": id(judgement) in holding} for n, judgement in enumerate(judgements, 1)
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMAS["judgements"])


def find_fault(judgement: Judgement) -> str | None:
    """Why a judgement cannot be kept, or None."""
    values = {name: getattr(judgement, name) for name in _NAMES}
    wrong = [f"{name} is {values[name]!r}" for name in _NAMES if not _is_kept(name, values[name])]
    return wrong[0] if wrong else _find_odd(judgement)


def _is_kept(name: str, value: object) -> bool:
    """Whether a field has a value that the file and the table can hold."""
    if value is None:
        return name in _MAY_LACK
    if name in _NUMBERS:
        return isinstance(value, int) and not isinstance(value, bool) and -1 <= value < 2**31
    if name == "score":
        return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)
    if name == "at":
        return isinstance(value, datetime) and value.tzinfo is not None
    return isinstance(value, str) and not _LONE.search(value)


def _find_odd(judgement: Judgement) -> str | None:
    """What is wrong with a judgement whose fields are of the right kinds."""
    if judgement.verdict not in VERDICTS:
        return f"verdict is {judgement.verdict!r}, none of {', '.join(VERDICTS)}"
    if judgement.kind not in _KINDS:
        return f"kind is {judgement.kind!r}, none of {', '.join(_KINDS)}"
    if not judgement.by.strip():
        return "nobody's name stands under it"
    if judgement.kind in ("copy", "translation"):
        begin, end = judgement.source_begin, judgement.source_end
        there = judgement.source_article_id is not None and begin is not None and end is not None and begin < end
        if not there or judgement.begin >= judgement.end:
            return f"a {judgement.kind} needs a span here and one there"
    return None


def _parse(line: bytes) -> Judgement:
    values: Any = json.loads(line)
    if not isinstance(values, dict):
        raise ValueError("not an object")  # noqa: TRY004  # like any other fault of a line
    missing = {"article_id", "begin", "end", "kind", "verdict", "by", "at"} - values.keys()
    if missing:
        raise ValueError(f"no {', '.join(sorted(missing))}")
    if not isinstance(values["at"], str):
        raise ValueError("its time is no text")  # noqa: TRY004
    known = dict.fromkeys(_NAMES) | {"detail": ""} | {name: values[name] for name in _NAMES if name in values}
    judgement = Judgement(**known | {"at": datetime.fromisoformat(values["at"])})  # type: ignore[arg-type]
    problem = find_fault(judgement)
    if problem:
        raise ValueError(problem)
    return judgement


def _sync_folder(folder: Path) -> None:
    """Force the name of a new file to the disk, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
