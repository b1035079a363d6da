"""Articles that came as articles: one JSON object each, written by import."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from arna.read.drafts import Draft, DraftLink, Verdict
from arna.read.language import complete_tag
from arna.read.published import EARLIEST, date_in_url, is_believed, parse_time
from arna.read.urls import resolve_url
from arna.text.urls import normalise_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arna.read.drafts import PageRow

_KNOWN: Final = frozenset({"url", "outlet", "title", "text", "published_at", "lang", "author", "links"})
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def read_given(page: PageRow, payload: bytes) -> Draft | Verdict:
    """Reads an article given as JSON.

    The text is kept as given, code point by code point, since spans of whoever gave it count them; only lone
    surrogates, which no table can hold, become U+FFFD. ``published_from`` is ``import`` when the given time is
    believed, else ``url`` or ``fetched``. ``links`` are addresses or objects with url, begin and end; a plain
    address gets the span where it is written in the text, or an empty one. Keys not known are kept in ``extra``.
    """
    try:
        given = json.loads(payload)
    except (ValueError, RecursionError) as error:
        return Verdict("failed", f"broken: not JSON: {error}"[:200])
    if not isinstance(given, dict):
        return Verdict("failed", "broken: the JSON is not an object")
    text = _mend(given.get("text"))
    if not text.strip():
        return Verdict("dropped", "empty-text")
    said = _mend(given.get("url")) or page.url
    url = normalise_url(said) or said
    at, source = _find_time(given.get("published_at"), url, page.fetched_at)
    extra = {key: value for key, value in given.items() if key not in _KNOWN}
    return Draft(
        document_id=page.id,
        url=url,
        outlet=page.outlet,
        fetched_at=page.fetched_at,
        title=_mend(given.get("title")) or None,
        author=_mend_author(given.get("author")),
        published_at=at,
        published_from=source,
        text=text,
        links=tuple(_read_links(given.get("links"), url, text)),
        lang=complete_tag(_mend(given.get("lang")), text),
        extra=_mend(json.dumps(extra, ensure_ascii=False, sort_keys=True)) if extra else None,
    )


_LATEST = datetime(2050, 1, 1, tzinfo=UTC)
"""Bound for dates in addresses where nobody knows when the article was fetched: lines without a believable date."""


def _mend(value: Any) -> str:
    if value is None or isinstance(value, dict | list | bool):
        return ""
    return _SURROGATE.sub("\ufffd", str(value))


def _mend_author(value: Any) -> str | None:
    names = value if isinstance(value, list) else [value]
    return ", ".join(filter(None, (_mend(name).strip() for name in names))) or None


def _find_time(value: Any, url: str, fetched_at: datetime) -> tuple[datetime | None, str]:
    """The date given, else the one in the address, else the time of fetching if an import knows one."""
    at = parse_time(_mend(value))
    if at is not None and is_believed(at, fetched_at):
        return at, "import"
    known = fetched_at >= EARLIEST
    in_url = date_in_url(url, fetched_at if known else _LATEST)
    if in_url:
        return in_url, "url"
    return (fetched_at, "fetched") if known else (None, "unknown")


def _read_links(value: Any, base: str, text: str) -> Iterator[DraftLink]:
    for item in value if isinstance(value, list) else ():
        whole = item if isinstance(item, dict) else {"url": item}
        address = whole.get("url")
        written = _mend(address).strip() if isinstance(address, str) else ""
        url = resolve_url(base, written)
        if url is None:
            continue
        begin, end = _as_place(whole.get("begin")), _as_place(whole.get("end"))
        if not 0 <= begin < end <= len(text):
            begin = max(text.find(written), 0)
            end = begin + len(written) if text.startswith(written, begin) else begin
        yield DraftLink(url, begin, end)


def _as_place(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else -1
