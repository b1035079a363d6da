"""Labelled examples of topics: a JSONL file beside ``space.toml``, one object a line."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from arna.errors import SpaceError
from arna.terms import Example

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_FIELDS = ("topic", "text", "lang")
_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?")


def read_examples(path: Path, topics: Sequence[str]) -> tuple[Example, ...]:
    """Read labelled examples: objects with ``topic``, ``text`` and, where it is known, ``lang``.

    Args:
        path: the file, UTF-8; empty lines are passed over.
        topics: ids an example may have.

    Raises:
        SpaceError: naming file, line and reason of the first bad line, and how many more there are.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise SpaceError(f"{path}: not UTF-8 at byte {error.start}; save the file as UTF-8") from error
    except OSError as error:
        raise SpaceError(f"{path}: cannot be read: {error.strerror}") from error
    examples: list[Example] = []
    wrong: list[str] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                examples.append(_parse_example(line, topics))
            except ValueError as error:
                wrong.append(f"{path}:{number}: {error}")
    if wrong:
        more = f" ({len(wrong) - 1} more lines of this file are wrong)" if len(wrong) > 1 else ""
        raise SpaceError(wrong[0] + more)
    return tuple(examples)


def _parse_example(line: str, topics: Sequence[str]) -> Example:
    """One example; a ``ValueError`` says in words what is wrong with the line."""
    try:
        row = json.loads(line)
    except ValueError as error:
        raise ValueError(f"not JSON: {error}") from error
    except RecursionError as error:
        raise ValueError("not JSON that can be read: nested too deep") from error
    if not isinstance(row, dict):
        raise ValueError('not an object such as {"topic": "economy", "text": "…"}')  # noqa: TRY004  # told to the user
    for name in row:
        if name not in _FIELDS:
            raise ValueError(f"unknown field '{name}'; known fields: {', '.join(_FIELDS)}")
    for name in ("topic", "text"):
        if not (isinstance(row.get(name), str) and row[name].strip()):
            raise ValueError(f"'{name}' must be a text in quotes")
    if row["topic"] not in topics:
        raise ValueError(f"no topic '{row['topic']}'; space.toml has {', '.join(topics)}")
    lang = row.get("lang") or ""
    if lang and not (isinstance(lang, str) and _TAG.fullmatch(lang)):
        raise ValueError(f"'lang' is {lang!r}, not a language such as kk-Cyrl or kk")
    return Example(row["topic"], " ".join(row["text"].split()), lang)
