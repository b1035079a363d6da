"""What an import comes to: rows for ``documents`` and ``outcomes``, and lines for the user."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, NamedTuple

import pyarrow as pa

from arna.terms import SCHEMAS

if TYPE_CHECKING:
    from datetime import datetime

BATCH: Final = 2000
"""Documents or problems a batch holds: small enough to hold in memory and to lose, big enough for one commit."""


@dataclass(frozen=True)
class ImportBatch:
    """A part of a file's import, to be written to the lake before the next one is asked for.

    ``documents`` and ``outcomes`` have the schemas of their tables. ``outcomes`` (stage ``import``) holds only what
    failed: a line, a record, a stretch of bytes; a good document gets its outcome when it is read. ``problems``
    says the same to the user, one line each. ``done_bytes`` counts from 0 to the file's size.
    """

    documents: pa.Table
    outcomes: pa.Table
    problems: tuple[str, ...]
    done_bytes: int


class DocumentRow(NamedTuple):
    """One row of the table ``documents``."""

    id: str
    url: str
    outlet: str
    fetched_at: datetime
    status: int | None
    mime: str
    digest: str
    warc_file: str
    warc_offset: int


class Gathering:
    """Gathers rows until there are enough of them for a batch."""

    def __init__(self, file_name: str, file_digest: str) -> None:
        self._file_name = file_name
        self._file_digest = file_digest
        self._documents: list[DocumentRow] = []
        self._failures: list[tuple[str, str]] = []
        self._notes: list[str] = []
        self.count = 0

    @property
    def is_full(self) -> bool:
        """Whether it is time to take a batch."""
        return len(self._documents) + len(self._failures) >= BATCH

    def add_document(self, row: DocumentRow) -> None:
        """Adds a good document."""
        self._documents.append(row)
        self.count += 1

    def add_failure(self, place: str, reason: str) -> None:
        """Adds a part of the file that cannot be imported; ``place`` (``line 17``) is unique within the file."""
        name = blake2b(f"{self._file_digest}\n{place}".encode(), digest_size=16).hexdigest()
        self._failures.append((name, f"{place}: {reason}"))
        self.count += 1

    def add_note(self, text: str) -> None:
        """Adds a line for the user that is about the file as a whole."""
        self._notes.append(f"{self._file_name}: {text}")

    def take(self, done_bytes: int) -> ImportBatch:
        """Everything gathered since the last time."""
        rows, failures = self._documents, self._failures
        self._documents, self._failures = [], []
        schema = SCHEMAS["documents"]
        columns: list[list[object]] = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in schema]
        documents = pa.table(
            [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
        )
        outcomes = pa.table(
            {
                "document_id": [name for name, _ in failures],
                "stage": ["import"] * len(failures),
                "outcome": ["failed"] * len(failures),
                "reason": [reason for _, reason in failures],
            },
            schema=SCHEMAS["outcomes"],
        )
        problems = (*(f"{self._file_name}: {reason}" for _, reason in failures), *self._notes)
        self._notes = []
        return ImportBatch(documents, outcomes, problems, done_bytes)


def name_document(url: str, fetched_at: datetime, digest: str) -> str:
    """The id of a document: 32 hex digits of BLAKE2b (128 bits) over address, time in ISO 8601 and digest."""
    whole = f"{url}\n{fetched_at.isoformat()}\n{digest}"
    return blake2b(whole.encode("utf-8", "replace"), digest_size=16).hexdigest()
