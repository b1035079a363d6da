"""Import of articles that come as articles: into WARC first, as everything else."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from arna.collect.archives import index_converted
from arna.collect.batches import BATCH, Gathering
from arna.collect.columns import read_parquet
from arna.collect.delimited import REQUIRED, read_csv, read_jsonl
from arna.collect.feed_articles import read_feed
from arna.collect.keep import digest_file, place_for, written_whole
from arna.collect.kinds import FileKind
from arna.collect.pages import host_in
from arna.collect.telegram import read_telegram_export
from arna.collect.telegram_page import read_telegram_page
from arna.collect.writing import write_article, write_info
from arna.text.dates import parse_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from arna.collect.batches import ImportBatch
    from arna.collect.delimited import Item
    from arna.terms import Space

_READERS: Final[dict[FileKind, Callable[[Path, Space], Iterator[Item]]]] = {
    FileKind.JSONL: lambda path, _: read_jsonl(path),
    FileKind.CSV: lambda path, _: read_csv(path),
    FileKind.PARQUET: lambda path, _: read_parquet(path),
    FileKind.FEED: lambda path, _: read_feed(path),
    FileKind.TELEGRAM: read_telegram_export,
    FileKind.TELEGRAM_PAGE: read_telegram_page,
}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST: Final = datetime(1995, 1, 1, tzinfo=UTC)  # news sites are not older
_AHEAD: Final = timedelta(days=2)  # zones and clocks are wrong by hours, not by days


def import_articles(path: Path, kind: FileKind, space: Space, folder: Path) -> Iterator[ImportBatch]:
    """Writes a file's articles as ``resource`` records into one WARC file and yields their documents.

    Entries of feeds and posts of channels are articles, too.

    The record's date, which becomes ``fetched_at``, is ``published_at`` if that is between 1995 and the day after
    tomorrow, else 1970-01-01: nobody knows when such an article was fetched. The same file gives the same bytes.

    Raises:
        InputError: nothing of it can be read.
        StoreError: the folder cannot be written.
    """
    digest = digest_file(path)
    target = place_for(folder, path, digest, ".warc.gz")
    gathering = Gathering(path.name, digest)
    with ExitStack() as stack:
        # an earlier import may have been killed between keeping the file and writing rows: what failed is told again
        stream = None if target.exists() else stack.enter_context(written_whole(target))
        if stream is not None:
            write_info(stream, target.name)
        for count, item in enumerate(_READERS[kind](path, space), 1):
            trouble = item.trouble or find_trouble(item.article)
            if trouble and not item.place:
                gathering.add_note(trouble)
            elif trouble:
                gathering.add_failure(item.place, trouble)
            elif stream is not None:
                url, at = item.article["url"].strip(), _date_record(item.article["published_at"])
                write_article(stream, f"{digest}\n{item.place}", url, at, item.body)
            if gathering.is_full or count % (BATCH * 4) == 0:
                yield gathering.take(item.done // 2)
    yield from index_converted(target, path.stat().st_size, space, gathering)


def find_trouble(article: dict[str, Any]) -> str:
    """What keeps an object from being an article, or empty."""
    missing = [name for name in REQUIRED if article.get(name) is None]
    if missing:
        return f"{', '.join(missing)} missing; needed are {', '.join(REQUIRED)}"
    for name in ("url", "outlet", "title", "text"):
        if not isinstance(article[name], str):
            return f"{name} is not a string"
    url = article["url"].strip()
    if not host_in(url) or not url.isprintable():
        return f"url is not a web address: {url[:80]!r}"
    if not article["outlet"].strip():
        return "outlet is empty"
    if _read_time(article["published_at"]) is None:
        return f"published_at is not a time: {str(article['published_at'])[:40]!r}; write it as 2025-09-23T14:30:00Z"
    return ""


def _read_time(value: object) -> datetime | None:
    """The time a value names, in UTC; without a zone it counts as UTC, a day as its midnight."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | date):
        return None
    found = parse_date(str(value)[:200])
    if found is None:
        return None
    if not isinstance(found, datetime):
        return datetime(found.year, found.month, found.day, tzinfo=UTC)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _date_record(value: object) -> datetime:
    at = _read_time(value)
    return at if at is not None and _EARLIEST <= at <= datetime.now(UTC) + _AHEAD else _EPOCH
