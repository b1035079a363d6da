"""Search over the texts of all articles, in every language: an index beside the lake, made from it, and never missed.

Every text is indexed twice: its words as they stand, folded, and their stems by :mod:`arna.text.stems`. The index is
in a folder of its own under ``search/``; the file ``held`` beside it says which, of which rules, of which commit, and
what it holds. It is replaced in one step after the commit, so that whatever stops an update, the two either belong
together or are seen not to, and then the index is built anew.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import tantivy

from arna.errors import StoreError
from arna.store.searching import SCHEMA, build_query, describe, rank
from arna.text.queries import mark_words, read_query

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from io import TextIOWrapper
    from pathlib import Path

    from arna.store.lake import Lake

FOLDER = "search"

_RULES = 1
"""Another number when what is written into the index changes; the table of stems counts by its content."""

_AT_ONCE = 2_000
_HEAP = 96_000_000
_MANY_DROPPED = 0.5
_ATTEMPTS = 4  # of a search whose index is built anew under it
_HELD = pa.schema([("id", pa.string()), ("version", pa.string())])


@dataclass(frozen=True)
class Hit:
    """An article found; the higher the score, the better it fits."""

    article_id: str
    score: float


@dataclass(frozen=True)
class SearchResult:
    """How many articles match in all, and those of the page asked for, the best first."""

    total: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class Updated:
    """What an update did. ``anew`` says why the index was built from nothing, if it was."""

    added: int = 0
    dropped: int = 0
    anew: str | None = None
    busy: bool = False


@dataclass(frozen=True)
class _State:
    """What ``held`` says."""

    folder: str
    rules: str
    opstamp: int
    source: str
    count: int


class SearchIndex:
    """The index of a space.

    Args:
        space_folder: the space's folder; the index comes with the first update.
    """

    def __init__(self, space_folder: Path) -> None:
        self.folder = space_folder / FOLDER
        self._open: tuple[tuple[int, int], tantivy.Index] | None = None

    def is_behind(self, lake: Lake) -> bool:
        """Whether an update would have something to do."""
        state = self._read_state()
        return state is None or state.source != _name_source(lake) or self._find_fault(state) is not None

    def update(
        self,
        lake: Lake,
        start: Callable[[str, int], None] = lambda _step, _size: None,
        advance: Callable[[int], None] = lambda _done: None,
        *,
        wait: bool = True,
    ) -> Updated:
        """Bring the index up to date with the table ``articles``: what is new comes in, what is gone goes.

        Args:
            lake: where the articles are.
            start: told the name and size of the step, if there is anything to do.
            advance: told how many articles more are done.
            wait: for another process that is at it; else ``busy`` is given back at once.

        Raises:
            StoreError: the articles cannot be read, or the index not be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with (self.folder / ".lock").open("w") as lock:
                if not _take(lock, wait=wait):
                    return Updated(busy=True)
                return self._update(lake, start, advance)
        except (OSError, ValueError, pa.ArrowException) as error:
            raise StoreError(
                f"{self.folder}: the search index cannot be written: {error}; nothing else is lost by that"
            ) from error

    def _update(self, lake: Lake, start: Callable[[str, int], None], advance: Callable[[int], None]) -> Updated:
        state, source = self._read_state(), _name_source(lake)
        lost = "its list was damaged" if self._path.exists() else None
        fault = lost if state is None else self._find_fault(state)
        if state is not None and not fault and state.source == source:
            return Updated()
        held = {} if state is None or fault else self._read_held()
        if state is not None and not fault and len(held) != state.count:
            fault = "its list was damaged"
        now = _list_versions(lake)
        gone = [item for item, version in held.items() if now.get(item) != version]
        if held and len(gone) > _MANY_DROPPED * len(held):
            held, gone, fault = {}, [], "most articles have changed"
        new = [item for item in now if item not in held or held[item] != now[item]]
        fresh = not held or state is None
        name = _next_name(state) if fresh or state is None else state.folder
        if fresh:
            shutil.rmtree(self.folder / name, ignore_errors=True)
            (self.folder / name).mkdir()
            index = tantivy.Index(SCHEMA, path=str(self.folder / name))
        else:
            index = tantivy.Index.open(str(self.folder / name))
        if new:
            start("Indexing for search", len(new))
        opstamp = _write(index, lake, gone, new, advance)
        self._write_state(_State(name, _name_rules(), opstamp, source, len(now)), now)
        for other in self.folder.iterdir():
            if other.is_dir() and other.name != name:
                shutil.rmtree(other, ignore_errors=True)
        return Updated(len(new), sum(item not in now for item in gone), fault)

    def search(
        self,
        query: str,
        lang: str | None = None,
        outlet: str | None = None,
        since: date | None = None,
        until: date | None = None,
        limit: int = 20,
        offset: int = 0,
    ) -> SearchResult:
        """Articles that have all words of a query, in any form, the best first.

        Words in quotation marks stand next to each other in these very forms; a minus excludes. Exact forms come before
        others, titles before texts; equals by date, the newest first, and then by id. An empty query finds all.

        Args:
            query: whatever a user writes.
            lang: BCP 47 tag or base language of the articles; the words are taken for words of it.
            outlet: id of the outlet.
            since: first day of publication.
            until: last day, included.
            limit: hits wanted.
            offset: hits to pass over.

        Raises:
            StoreError: there is no index that can be read; :meth:`update` makes one.
        """
        asked = read_query(query)
        limit, offset = max(0, limit), max(0, offset)
        for attempt in range(_ATTEMPTS):
            try:
                index = self._reader()
                built = build_query(asked, lang, outlet, since, until)
                if built is None:
                    return SearchResult(0, ())
                total, ranked = rank(index.searcher(), built, offset + limit, by_day=not asked.wanted)
                return SearchResult(total, tuple(Hit(*item) for item in ranked[offset : offset + limit]))
            except (OSError, ValueError) as error:  # an update has taken the files away between two steps
                self._open = None
                if attempt == _ATTEMPTS - 1:
                    raise StoreError(f"{self.folder}: the search index cannot be read: {error}") from error
        raise AssertionError("unreachable")

    def mark(self, text: str, query: str, lang: str) -> list[tuple[int, int]]:
        """Spans of the words of a text that match a query, in code points and in order; see :meth:`search`."""
        return mark_words(text, query, lang)

    @property
    def _path(self) -> Path:
        return self.folder / "held"

    def _reader(self) -> tantivy.Index:
        try:
            stat = self._path.stat()
        except FileNotFoundError as error:
            raise StoreError(f"{self.folder}: nothing is indexed yet; next: arna run") from error
        seen = (stat.st_mtime_ns, stat.st_ino)
        if self._open is None or self._open[0] != seen:
            state = self._read_state()
            if state is None:
                raise ValueError("its list is damaged; the next arna run mends it")
            self._open = (seen, tantivy.Index.open(str(self.folder / state.folder)))
        return self._open[1]

    def _read_state(self) -> _State | None:
        try:
            about = pq.read_metadata(self._path)
            notes = json.loads(about.metadata[b"arna"])
            return _State(notes["folder"], notes["rules"], notes["opstamp"], notes["source"], about.num_rows)
        except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
            return None

    def _read_held(self) -> dict[str, str]:
        """Ids and versions of the articles in the index; none if the list cannot be read, and then all come anew."""
        try:
            table = pq.read_table(self._path)
            return dict(zip(table["id"].to_pylist(), table["version"].to_pylist(), strict=True))
        except (OSError, ValueError, KeyError, pa.ArrowException):
            return {}

    def _write_state(self, state: _State, held: Mapping[str, str]) -> None:
        notes = {name: getattr(state, name) for name in ("folder", "rules", "opstamp", "source")}
        rows = pa.table([list(held), list(held.values())], schema=_HELD)
        part = self._path.with_name("held.part")
        pq.write_table(rows.replace_schema_metadata({b"arna": json.dumps(notes).encode()}), part)
        part.replace(self._path)

    def _find_fault(self, state: _State) -> str | None:
        """Why an index cannot be gone on with."""
        if state.rules != _name_rules():
            return "it was made by other rules"
        try:
            meta = json.loads((self.folder / state.folder / "meta.json").read_text(encoding="utf-8"))
            count = tantivy.Index.open(str(self.folder / state.folder)).searcher().num_docs
        except (OSError, ValueError):
            return "it was damaged"
        if meta.get("opstamp") != state.opstamp or count != state.count:
            return "an update of it was cut off"
        return None


def _take(lock: TextIOWrapper, *, wait: bool) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


def _next_name(state: _State | None) -> str:
    """Another folder than the one that may still be read from."""
    number = state.folder.removeprefix("index-") if state is not None else ""
    return f"index-{int(number) + 1 if number.isdigit() else 1}"


def _name_source(lake: Lake) -> str:
    """What the articles are made of: another text after every commit to the table."""
    return hashlib.sha256("\n".join(lake.files("articles")).encode("utf-8", "surrogatepass")).hexdigest()


def _name_rules() -> str:
    table = (files("arna.text") / "tables/stems.toml").read_bytes()
    return f"{_RULES}-{hashlib.sha256(table).hexdigest()[:16]}"


def _list_versions(lake: Lake) -> dict[str, str]:
    """Of every article what changes when anything changes that the index holds."""
    rows = lake.query(
        """SELECT id, substring(md5(concat_ws(chr(31), coalesce(title, ''), lang, outlet, CAST(published_at AS VARCHAR),
           text)), 1, 16) AS version FROM articles ORDER BY id""",
        ["articles"],
    )
    return dict(zip(rows["id"].to_pylist(), rows["version"].to_pylist(), strict=True))


def _write(index: tantivy.Index, lake: Lake, gone: list[str], new: list[str], advance: Callable[[int], None]) -> int:
    """Take out and put in, in one commit; gives its number."""
    writer = index.writer(_HEAP, 1)
    for item in gone:
        writer.delete_documents_by_term("id", item)
    for begin in range(0, len(new), _AT_ONCE):
        some = new[begin : begin + _AT_ONCE]
        rows = lake.query(
            """SELECT a.id, a.title, a.text, a.lang, a.outlet, CAST(a.published_at AS DATE) AS day
               FROM articles a SEMI JOIN wanted w ON w.id = a.id ORDER BY a.id""",
            ["articles"],
            {"wanted": pa.table({"id": pa.array(some, pa.string())})},
        )
        for row in rows.to_pylist():
            writer.add_document(describe(row))
        advance(len(some))
    opstamp = writer.commit()
    writer.wait_merging_threads()
    return int(opstamp)
