"""Lines and rows of articles: JSONL, CSV and Parquet as one stream of numbered items."""

from __future__ import annotations

import csv
import gzip
import json
import math
import zlib
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

from arna.collect.scan import EXPANDED, RATIO
from arna.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REQUIRED: Final = ("url", "outlet", "title", "text", "published_at")
"""Keys an article must have."""

LONGEST: Final = 16 << 20
"""Bytes of a line or cell at most; an article of 2 MB is the longest seen, six bytes a letter when escaped."""

_GZIP: Final = b"\x1f\x8b"
_DELIMITERS: Final = (",", ";", "\t")
_TOO_LONG: Final = "\udfff"  # stands for a line that is too long; no decoded text holds it
_LISTS: Final = ("links",)


class Item(NamedTuple):
    """A line or row: where it stands, its article or what is wrong with it, and bytes of the file done so far.

    A trouble without a place is a note about the file, no part of it that failed.
    ``body`` is the article's JSON in UTF-8 as it is kept.
    """

    place: str
    article: dict[str, Any]
    body: bytes
    trouble: str
    done: int


class SourceCutError(Exception):
    """The file cannot be read further; the text is the reason."""


class LineReader:
    """Lines of a text file, packed by gzip or not, of bounded length."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        packed = raw.read(2) == _GZIP
        raw.seek(0)
        self._stream: BinaryIO = gzip.GzipFile(fileobj=raw) if packed else raw  # type: ignore[assignment]
        self._packed = packed
        self._expanded = 0

    @property
    def done(self) -> int:
        """Bytes of the file read so far."""
        return self._raw.tell()

    def __iter__(self) -> Iterator[bytes | None]:
        """Each line with its end; None for one that is longer than ``LONGEST``.

        Raises:
            SourceCutError: the packed data is cut off, damaged or a bomb.
        """
        while line := self._read(LONGEST + 1):
            if len(line) <= LONGEST:
                yield line
                continue
            while line and not line.endswith(b"\n"):
                line = self._read(LONGEST)
            yield None

    def _read(self, size: int) -> bytes:
        try:
            line = self._stream.readline(size)
        except EOFError as error:
            raise SourceCutError("the gzip data is cut off here; what follows is lost") from error
        except (zlib.error, gzip.BadGzipFile) as error:
            raise SourceCutError(f"the gzip data is damaged here ({error}); what follows is lost") from error
        self._expanded += len(line)
        if self._packed and self._expanded > EXPANDED and self._expanded > RATIO * self._raw.tell():
            raise SourceCutError(f"the file expands more than {RATIO} to 1, as a bomb does; what follows is not read")
        return line


def read_jsonl(path: Path) -> Iterator[Item]:
    """Articles of a JSONL file, an object a line; blank lines are passed over."""
    with path.open("rb") as raw:
        lines = LineReader(raw)
        number = 0
        try:
            for number, line in enumerate(lines, 1):
                place = f"line {number}"
                if line is None:
                    yield Item(place, {}, b"", f"longer than {LONGEST >> 20} MB", lines.done)
                    continue
                body = line.removeprefix(b"\xef\xbb\xbf").strip() if number == 1 else line.strip()
                if body:
                    article, trouble = _parse_object(body)
                    yield Item(place, article, body, trouble, lines.done)
        except SourceCutError as error:
            yield Item(f"line {number + 1}", {}, b"", str(error), lines.done)


def _parse_object(body: bytes) -> tuple[dict[str, Any], str]:
    try:
        given = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        return {}, f"not UTF-8: byte {body[error.start]:#04x} at {error.start + 1}"
    except RecursionError:
        return {}, "not JSON: nested too deep"
    except ValueError as error:
        return {}, f"not JSON: {error}"
    return (given, "") if isinstance(given, dict) else ({}, "not a JSON object")


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def find_delimiter(header: str) -> tuple[str, list[str]]:
    """The delimiter and column names of a CSV header, and no names when it lacks a required column.

    The delimiter is the one under which most required columns are found.
    """
    best = max(_DELIMITERS, key=lambda mark: len(set(REQUIRED) & set(_split_header(header, mark))))
    names = _split_header(header, best)
    return best, names if set(REQUIRED) <= set(names) else []


def _split_header(header: str, delimiter: str) -> list[str]:
    try:
        return [name.strip() for name in next(csv.reader([header], delimiter=delimiter), [])]
    except csv.Error:
        return []


def read_csv(path: Path) -> Iterator[Item]:
    """Articles of a CSV file with a header; comma, semicolon or tab, cells quoted by ``"`` may hold line ends.

    Raises:
        InputError: the header lacks a required column.
    """
    csv.field_size_limit(max(LONGEST, csv.field_size_limit()))
    with path.open("rb") as raw:
        lines = LineReader(raw)
        texts = (_TOO_LONG if line is None else line.decode("utf-8", "surrogateescape") for line in lines)
        try:
            header = next(texts, "").removeprefix("\ufeff")
        except SourceCutError as error:
            raise InputError(f"{path}: {error}") from error
        delimiter, names = find_delimiter(header)
        if not names:
            missing = [name for name in REQUIRED if name not in _split_header(header, delimiter)]
            raise InputError(f"{path}: line 1: the header lacks {', '.join(missing)}; needed are {', '.join(REQUIRED)}")
        rows = csv.reader(texts, delimiter=delimiter, strict=True)
        while True:
            place = f"line {rows.line_num + 2}"  # after the header, counted from 1
            try:
                cells = next(rows, None)
            except csv.Error as error:
                yield Item(place, {}, b"", f"not CSV: {error}; check its quotes", lines.done)
                continue
            except SourceCutError as error:
                yield Item(f"line {rows.line_num + 2}", {}, b"", str(error), lines.done)
                return
            if cells is None:
                return
            if cells:
                article, trouble = _parse_cells(names, cells)
                yield Item(place, article, dump_article(article), trouble, lines.done)


def _parse_cells(names: list[str], cells: list[str]) -> tuple[dict[str, Any], str]:
    if any(_TOO_LONG in cell for cell in cells):
        return {}, f"longer than {LONGEST >> 20} MB"
    if any(not cell.isascii() and any("\udc80" <= letter <= "\udcff" for letter in cell) for cell in cells):
        return {}, "not UTF-8"
    if len(cells) != len(names):
        return {}, f"{len(cells)} cells where the header has {len(names)}; check its quotes"
    article: dict[str, Any] = {
        name: cell for name, cell in zip(names, cells, strict=True) if name and (cell or name in REQUIRED)
    }
    for name in _LISTS:
        if name in article:
            article[name] = _parse_list(article[name])
    return article, ""


def _parse_list(cell: str) -> list[Any]:
    """A cell's list: written as JSON, or words with spaces between."""
    try:
        given = json.loads(cell)
    except (ValueError, RecursionError):
        return cell.split()
    return given if isinstance(given, list) else [given]


def dump_article(article: dict[str, Any]) -> bytes:
    """An article's JSON in UTF-8: the same article gives the same bytes."""
    text = json.dumps(article, ensure_ascii=False, separators=(",", ":"), default=_dump_value)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:  # a lone half of a surrogate pair: no text, but JSON can escape it
        return json.dumps(article, ensure_ascii=True, separators=(",", ":"), default=_dump_value).encode("ascii")


def _dump_value(value: object) -> str:
    if isinstance(value, datetime | date | time):
        return value.isoformat().replace("+00:00", "Z")
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def mend_number(value: object) -> object:
    """A value that JSON has: NaN and the infinities become None."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
