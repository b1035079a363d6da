"""Checks one TOML file of a space against the fields it may have, and says file, line and field."""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from arna.errors import SpaceError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

TEXT, TEXTS, NUMBER, DAY, STEMS, TITLES, TABLE, TABLES = (
    "a text in quotes",
    "a list of texts",
    "a number",
    "a day such as 2025-09-23",
    "a table of lists of texts, one per language",
    "a table of texts, one per language",
    "a table",
    "a list of tables",
)


@dataclass(frozen=True)
class Field:
    """What a field must hold, and whether it may be left out."""

    kind: str
    required: bool = True


@dataclass(frozen=True)
class SpaceFile:
    """A parsed TOML file that can say where a field stands."""

    path: Path
    source: str
    content: dict[str, Any]

    def fail(
        self, message: str, *, table: str = "", index: int = 0, part: tuple[str, int] | None = None, key: str = ""
    ) -> SpaceError:
        """Error that points to a key of the ``index``-th ``[[table]]`` (or ``[table]``).

        ``part`` is the name of a list of tables inside that one, and the number of the table in it.
        """
        return SpaceError(f"{self.path}:{self._find_line(table, index, part, key)}: {message}")

    def _find_line(self, table: str, index: int, part: tuple[str, int] | None, key: str) -> int:
        lines = self.source.splitlines()
        start = 0
        if table:
            heads = self._find_heads(lines, table)
            start = heads[index] if index < len(heads) else 0
            if part:
                after = [n for n in self._find_heads(lines, f"{table}.{part[0]}") if n > start]
                start = after[part[1]] if part[1] < len(after) else start
        if key:
            for number in range(start, len(lines)):
                if re.match(rf"\s*(?:{re.escape(key)}|\"{re.escape(key)}\")\s*=", lines[number]):
                    return number + 1
                if re.match(rf"\s*\[\[?\s*(?:{re.escape(table)}\.)?{re.escape(key)}\s*\]", lines[number]):
                    return number + 1
        return start + 1

    @staticmethod
    def _find_heads(lines: list[str], table: str) -> list[int]:
        return [n for n, line in enumerate(lines) if re.match(rf"\s*\[\[?\s*{re.escape(table)}\s*\]", line)]


def read_file(path: Path) -> SpaceFile:
    """Parse a TOML file.

    Raises:
        SpaceError: it is missing, not UTF-8, or not TOML (with the parser's line).
    """
    try:
        source = path.read_text(encoding="utf-8-sig")  # Notepad begins a file with a mark
        return SpaceFile(path, source, tomllib.loads(source))
    except FileNotFoundError as error:
        raise SpaceError(f"{path}: no such file; `arna init {path.parent}` makes a space") from error
    except UnicodeDecodeError as error:
        raise SpaceError(f"{path}: not UTF-8 at byte {error.start}; save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise SpaceError(f"{path}: not TOML: {error}; mend that line") from error
    except OSError as error:
        raise SpaceError(f"{path}: cannot be read: {error.strerror}") from error


def check_table(
    file: SpaceFile,
    values: Mapping[str, Any],
    fields: Mapping[str, Field],
    *,
    table: str = "",
    index: int = 0,
    part: tuple[str, int] | None = None,
) -> None:
    """Check that a table has the fields it needs, no others, and the right kind in each.

    Raises:
        SpaceError: naming file, line and field, with the nearest known name for a typo.
    """
    for key, value in values.items():
        if key not in fields:
            near = difflib.get_close_matches(key, fields, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"known fields: {', '.join(fields)}"
            raise file.fail(f"unknown field '{key}'; {hint}", table=table, index=index, part=part, key=key)
        if not _is_kind(value, fields[key].kind):
            raise file.fail(f"'{key}' must be {fields[key].kind}", table=table, index=index, part=part, key=key)
    for key, wanted in fields.items():
        if wanted.required and key not in values:
            where = f"[{table}]" if table else "the file"
            raise file.fail(f"{where} lacks '{key}', {wanted.kind}", table=table, index=index, part=part)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value)


def _is_stems(value: object) -> bool:
    return _is_texts(value) and isinstance(value, list) and all(re.search(r"\w", item) for item in value)


_CHECKS: dict[str, Callable[[Any], bool]] = {
    TEXT: lambda value: isinstance(value, str) and bool(value.strip()),
    TEXTS: _is_texts,
    NUMBER: lambda value: type(value) in (int, float) and 0 < value < math.inf,
    DAY: lambda value: type(value) is date,
    STEMS: lambda value: isinstance(value, dict) and all(_is_stems(item) for item in value.values()),
    TITLES: lambda value: isinstance(value, dict) and all(_CHECKS[TEXT](item) for item in value.values()),
    TABLE: lambda value: isinstance(value, dict),
    TABLES: lambda value: isinstance(value, list) and all(isinstance(item, dict) for item in value),
}


def _is_kind(value: object, kind: str) -> bool:
    return _CHECKS[kind](value)
