"""When an article was published, and how we know."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple
from zoneinfo import ZoneInfo

from arna.read.marks import ancestors, is_elsewhere, text_of, texts_around
from arna.text.dates import find_date, parse_date

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, tzinfo

    from selectolax.lexbor import LexborNode

    from arna.read.marks import Marks

EARLIEST: Final = datetime(1995, 1, 1, tzinfo=UTC)
"""News sites are not older; a date before it is a default of some software (1970, 1900)."""

AHEAD: Final = timedelta(days=2)
"""How far after fetching a date is still believed: zones and clocks are wrong by hours, not by days."""

# Where most of a country's outlets write their times. Russia's national outlets write Moscow's.
_ZONES: Final = {
    "gb": "Europe/London",
    "kg": "Asia/Bishkek",
    "kz": "Asia/Almaty",
    "ru": "Europe/Moscow",
    "tj": "Asia/Dushanbe",
    "tm": "Asia/Ashgabat",
    "ua": "Europe/Kyiv",
    "uz": "Asia/Tashkent",
}
_META: Final = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "article:published",
    "datepublished",
    "publishdate",
    "publish_date",
    "publish-date",
    "pubdate",
    "publication_date",
    "publication-date",
    "published_time",
    "mediator_published_time",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date.created",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "citation_publication_date",
    "citation_date",
    "cxenseparse:recs:publishtime",
    "bt:pubdate",
    "rnews:datepublished",
    "originalpublicationdate",
    "article_date_original",
    "og:release_date",
    "date",
    "datecreated",
    "article.created",
)
_IN_PATH: Final = re.compile(r"(?<!\d)((?:19|20)\d{2})[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?!\d)")
_IN_PATH_CLOSE: Final = re.compile(r"(?<!\d)(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_NOT_PUBLISHED: Final = re.compile(r"updat|modif|edited|relative|event", re.IGNORECASE)
_LEVELS: Final = 16  # how far apart in the tree a headline and its time are looked for
# A date in a longer text, or in a whole sentence, is what the text is about, not when it appeared. Bylines with a
# date have up to 7 words on 90 pages of as many sites.
_LONG: Final = 160  # characters
_SENTENCE_WORDS: Final = 10


class Published(NamedTuple):
    """A time in UTC and its source: json-ld, meta, time, url, text, import or fetched."""

    at: datetime
    source: str


def find_published(
    described: str, marks: Marks, heading: LexborNode | None, url: str, fetched_at: datetime, zone: tzinfo = UTC
) -> Published:
    """When a page's article was published; the first source with a believable date wins.

    1. ``json-ld``: datePublished; 2. ``meta``: published_time and its many spellings, itemprop datePublished;
    3. ``time``: the ``<time>`` nearest to the headline; 4. ``url``: a date in the path, unless visible text near
    the headline says another day; 5. ``text``: a date written near the headline, in any of the eight languages;
    6. ``fetched``: when the page was fetched. A date more than two days after fetching or before 1995 is not
    believed. A time without a zone is the outlet's own; a date alone is midnight UTC of that day.

    Args:
        described: datePublished of the page's JSON-LD, as written, or empty.
        marks: the page's marks.
        heading: the headline's element, when there is one.
        url: the page's address.
        fetched_at: when it was fetched, in UTC.
        zone: the outlet's (see :func:`zone_of_country`).
    """
    written = (
        ("json-ld", iter([described])),
        ("meta", _meta_values(marks)),
        ("time", _time_values(marks, heading)),
    )
    for source, values in written:
        for value in values:
            at = parse_time(value, zone)
            if at is not None and is_believed(at, fetched_at):
                return Published(at, source)
    in_url, in_text = date_in_url(url, fetched_at), _date_near(heading, fetched_at, zone)
    if in_url and (in_text is None or abs(in_text - in_url) <= timedelta(days=1)):
        return Published(in_url, "url")
    if in_text:
        return Published(in_text, "text")
    return Published(fetched_at, "fetched")


def is_believed(at: datetime, fetched_at: datetime) -> bool:
    """Whether an article fetched then can have been published at this time."""
    return EARLIEST <= at <= fetched_at + AHEAD


@cache
def zone_of_country(country: str) -> tzinfo:
    """The zone in which a country's outlets write times, from its two letters; UTC where none is known.

    The package ``tzdata`` goes before the system's tables, so that the same pages give the same times everywhere
    (Kazakhstan changed its clocks in March 2024; systems learn of it when they are updated).
    """
    name = _ZONES.get(country.lower())
    if name is None:
        return UTC
    try:
        with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as table:
            return ZoneInfo.from_file(table, key=name)
    except (OSError, ModuleNotFoundError):
        pass
    try:
        return ZoneInfo(name)
    except (OSError, KeyError, ValueError):
        return UTC


def parse_time(value: str, zone: tzinfo = UTC) -> datetime | None:
    """A time in any form ``arna.text.dates.parse_date`` reads, in UTC; ``zone`` is for times that name none.

    A date alone is midnight UTC of that day. None when it is no date.
    """
    return as_utc(parse_date(value[:100]), zone)


def as_utc(found: datetime | date | None, zone: tzinfo = UTC) -> datetime | None:
    """A moment, or midnight of a day, in UTC; a moment without a zone is one of ``zone``.

    Midnight without a zone is a day alone, too: software writes it where it knows no time.
    """
    if found is None:
        return None
    if isinstance(found, datetime):
        if found.tzinfo:
            return found.astimezone(UTC)
        if found.time() != time():
            return found.replace(tzinfo=zone).astimezone(UTC)
    return datetime(found.year, found.month, found.day, tzinfo=UTC)


def date_in_url(url: str, fetched_at: datetime) -> datetime | None:
    """The day a URL's path names (``/2025/09/23/``, ``/20250923-``), if it is believable."""
    path = url.partition("://")[2].partition("/")[2].partition("?")[0]
    for pattern in (_IN_PATH, _IN_PATH_CLOSE):
        for match in pattern.finditer(path):
            at = parse_time("-".join(part.zfill(2) for part in match.groups()))
            if at is not None and is_believed(at, fetched_at):
                return at
    return None


def _meta_values(marks: Marks) -> Iterator[str]:
    yield from marks.published
    for name in _META:
        if name in marks.meta:
            yield marks.meta[name]


def _time_values(marks: Marks, heading: LexborNode | None) -> Iterator[str]:
    """Values of ``<time>``, the nearest to the headline first; without a headline as they stand."""
    steps_up = {place.mem_id: steps for steps, place in enumerate(ancestors(heading, _LEVELS))} if heading else {}
    ranked: list[tuple[int, int, LexborNode]] = []
    for order, node in enumerate(marks.times[:50]):
        if not _says_published(node) or is_elsewhere(node):
            continue
        meeting = (
            steps + steps_up[place.mem_id]
            for steps, place in enumerate(ancestors(node, _LEVELS))
            if place.mem_id in steps_up and place.tag != "html"
        )
        distance = next(meeting, None)
        if distance is not None or heading is None:
            ranked.append((distance or 0, order, node))
    for _, _, node in sorted(ranked, key=lambda item: item[:2]):
        yield node.attributes.get("datetime") or text_of(node)


def _says_published(node: LexborNode) -> bool:
    attributes = node.attributes
    return not _NOT_PUBLISHED.search(f"{attributes.get('class') or ''} {attributes.get('itemprop') or ''}")


def _date_near(heading: LexborNode | None, fetched_at: datetime, zone: tzinfo) -> datetime | None:
    if heading is None:
        return None
    for text in texts_around(heading):
        if any(map(str.isdigit, text)) and not _is_told(text):
            at = as_utc(find_date(text), zone)
            if at is not None and is_believed(at, fetched_at):
                return at
    return None


def _is_told(text: str) -> bool:
    is_sentence = text.endswith((".", "!", "?", "…")) and len(text.split()) >= _SENTENCE_WORDS
    return is_sentence or len(text) > _LONG
