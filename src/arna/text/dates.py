"""Dates in machine formats and as the eight languages write them.

A text date is found from its year: around every four-digit year a month's name is looked for, and around the name
the day, in the orders the languages use ("2025 жылғы 23 қыркүйек", "23-sentabr, 2025-yil", "September 23, 2025").
Numeric dates are day first, unless the year comes first.
"""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_tz
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_YEAR = r"(?:1[5-9]|20)\d\d"
_ZONE = (
    r"(?P<zone>Z\b|(?:(?:UTC|GMT)\s?)?[+−-]\d{2}:?[0-5]\d\b|(?:UTC|GMT)(?:\s?[+−-]\s?\d{1,2}\b)?"
    r"|EES?T\b|CES?T\b|MSK\b|МСК\b|E[SD]T\b|P[SD]T\b)"
)
_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?(?!\d)"
    r"(?:\s?(?P<half>[AaPp])\.?[Mm]\b\.?)?"
)
_HOUR_WORD = r"(?:сағат|сагат|саат[ы]?|соати?|saģat|sağat|saǵat|sagat|soat|saat|at|в|о|об)"
_YEAR_WORD = (
    r"(?:жылғы|жылгы|жылдың|жылдын|жылы|жыл|ж|йилнинг|йилда|йили|йил|й|соли|сол|с|года|год|г|року|рік|р"
    r"|yilning|yilda|yili|yil|y|[ýy][ıy]l[ıy][ňn]|[ýy]yl[ýy]?n?da|[ýy]yly|[ýy]yl|ý"
    r"|j[ıy]l[ğǵg][ıy]|j[ıy]ld[ıy][ñńŋn]|j[ıy]l[ıy]|j[ıy]l)"
)
_ORDINAL = (
    r"(?:nji|njy|нжи|нжы|i?nchi|инчи|нчи|нчы|нчу|нчү|чи|чы|чу|чү|ші|шы|şi|şı|shi|shy|уми|юми|го|ого|е|st|nd|rd|th)"
)
_ISO = re.compile(
    rf"(?P<year>{_YEAR})(?P<dash>-?)(?P<month>\d{{2}})(?P=dash)(?P<day>\d{{2}})"
    rf"(?:(?:[Tt]|\s+|(?<=\d{{8}}))(?P<hour>\d{{2}}):?(?P<minute>\d{{2}})(?::?(?P<second>\d{{2}})(?:[.,]\d+)?)?"
    rf"\s*(?P<zone>[Zz]|[A-Z]{{2,4}}|(?:(?:UTC|GMT)\s?)?[+−-]\d{{1,2}}(?::?\d{{2}})?)?(?:\[[^\]]*\])?)?"
)
_NUMERIC = re.compile(
    rf"(?<![\d.,/:-])(?:(?P<year>{_YEAR})(?P<sep>[-./])(?P<month>\d{{1,2}})(?P=sep)(?P<day>\d{{1,2}})"
    rf"|(?P<day2>\d{{1,2}})(?P<sep2>[-./])(?P<month2>\d{{1,2}})(?P=sep2)(?P<year2>{_YEAR})"
    r"|(?P<day3>\d\d)\.(?P<month3>\d\d)\.(?P<year3>\d\d))(?![\d/]|[.,:-]\d)"
)
_TIME_AFTER = re.compile(
    rf"(?:T|[\s,.;|·•()/@–—-]*(?:(?:[-–]\s?)?{_YEAR_WORD}\b[\s,.|–—-]*)?(?:[^\W\d_]{{2,14}}[\s,.|]+)?"
    rf"(?:{_HOUR_WORD}\s+)?){_CLOCK}(?:\s*\(?{_ZONE})?",
    re.IGNORECASE,
)
_TIME_BEFORE = re.compile(rf"(?<![\d:.]){_CLOCK}(?:\s*\(?{_ZONE}\)?)?[\s,.;|·•–—-]*$", re.IGNORECASE)
_DAY_BEFORE = re.compile(
    rf"(?<![\d.,:/])(?P<day>\d{{1,2}})(?:\s?[-–‑]?\s?{_ORDINAL}(?![^\W\d_]))?\s*[-–‑./,]?\s*(?:of\s+)?$",
    re.IGNORECASE,
)
_YEAR_BEFORE = re.compile(
    rf"(?<!\d)(?P<year>{_YEAR})\s*(?:[-–‑]?\s?{_ORDINAL}(?![^\W\d_]))?\s*"
    rf"(?:[-–‑]?\s?{_YEAR_WORD}(?![^\W\d_])\.?)?[\s,.]*$",
    re.IGNORECASE,
)
_YEAR_AFTER = re.compile(rf"[\s.,/–‑-]*(?:(?:соли|сол|of)\s+)?(?P<year>{_YEAR})(?!\d|[.,]\d)", re.IGNORECASE)
_DAY_AFTER = re.compile(r"\.?\s+(?P<day>\d{1,2})(?P<case>\s?[-–‑]?[^\W\d_]{1,8})?(?![\d:]|[.]\d)")
_CASE = re.compile("[-–‑]")
_CTIME_AFTER = re.compile(rf"\s+{_CLOCK}\s+(?:[A-Z]{{3,4}}\s+)?(?P<year>{_YEAR})(?!\d)")
_EPOCH = re.compile(r"\d{10}(?:\.\d+)?|\d{13}")
# Zones the mail parser knows; it takes every other, and none, for UTC.
_MAIL_ZONE = re.compile(r"(?:[+-]\d{4}|\b(?:UTC?|GMT|Z|[ECMPA][SD]T))(?:\s*\([^()]*\))?$", re.IGNORECASE)
_HOURS_EAST = {
    "EET": 2,
    "EEST": 3,
    "CET": 1,
    "CEST": 2,
    "MSK": 3,
    "МСК": 3,
    "EST": -5,
    "EDT": -4,
    "PST": -8,
    "PDT": -7,
}
_APOSTROPHES = str.maketrans("ʻʼ‘’`´", "''''''")
_AROUND = 56  # characters on either side of a year that can belong to its date; the longest form here takes 47


class _Hit(NamedTuple):
    """A date found in a text: where it begins and ends, and what it says."""

    begin: int
    end: int
    day: date


def parse_date(value: str) -> datetime | date | None:
    """The moment or day a machine-readable value names, or None.

    Reads ISO 8601 (extended and basic, every usual form of zone), RFC 2822, ``23.09.2025 14:30``, Unix time in
    seconds or milliseconds, and what :func:`find_date` reads. Gives an aware datetime in UTC where the value names
    a zone, a naive one where it has a time only, and a date where it has no time.
    """
    value = value.strip()
    if not value or len(value) > 200:
        return None
    if _EPOCH.fullmatch(value):
        seconds = float(value) if len(value) != 13 else int(value) / 1000
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=0)
    iso = _ISO.fullmatch(value)
    if iso:
        day = _make_date(iso["year"], iso["month"], iso["day"])
        if day is None or iso["hour"] is None:
            return day
        moment = _with_clock(day, iso)
        return moment if isinstance(moment, datetime) else None
    return _parse_mail_date(value) or find_date(value)


def find_date(text: str, lang: str | None = None) -> datetime | date | None:
    """The first full date written in a text, with its time where one stands beside it, or None.

    Args:
        text: Running text or a byline.
        lang: BCP 47 tag of the text; names of months in this language are tried before all others.

    Returns:
        An aware datetime in UTC, a naive datetime or a date, as :func:`parse_date`. Days that do not exist, and
        dates without a year, are passed over.
    """
    text = text.translate(_APOSTROPHES)
    hits = [hit for hit in (_find_numeric(text), _find_named(text, lang)) if hit]
    if not hits:
        return None
    hit = min(hits)
    after = _TIME_AFTER.match(text, hit.end, hit.end + 60)
    clock = after or _TIME_BEFORE.search(text, max(0, hit.begin - 30), hit.begin)
    return _with_clock(hit.day, clock) if clock else hit.day


def _find_numeric(text: str) -> _Hit | None:
    """The first numeric date that exists."""
    for found in _NUMERIC.finditer(text):
        group = found.groupdict()
        year = group["year"] or group["year2"] or f"20{group['year3']}"
        month = group["month"] or group["month2"] or group["month3"]
        day = _make_date(year, month, group["day"] or group["day2"] or group["day3"])
        if day:
            return _Hit(found.start(), found.end(), day)
    return None


def _find_named(text: str, lang: str | None) -> _Hit | None:
    """The first date that exists with a month's name."""
    for names in _name_patterns(lang):
        seen = 0
        for year in re.finditer(rf"(?<!\d){_YEAR}(?!\d)", text):
            begin = max(seen, year.start() - _AROUND)
            for name in names.finditer(text, begin, year.end() + _AROUND):
                seen = name.end()
                hit = _read_around(text, name)
                if hit:
                    return hit
    return None


def _read_around(text: str, name: re.Match[str]) -> _Hit | None:
    """The date around a month's name: its day and year on either side."""
    month = int((name.lastgroup or "m0")[1:])
    left_edge = max(0, name.start() - _AROUND)
    day = _DAY_BEFORE.search(text, left_edge, name.start())
    if day:
        begin, end = day.start(), name.end()
    else:
        day = _DAY_AFTER.match(text, name.end())
        if not day:
            return None
        begin, end = name.start(), day.end()
    year = _YEAR_AFTER.match(text, end) or _CTIME_AFTER.match(text, end)
    if year:
        end = year.end() if "hour" not in year.groupdict() else end
    else:
        year = _YEAR_BEFORE.search(text, left_edge, begin)
        # "2025 жылдың қыркүйегінің 23-інде" is a day, "2025 жылы қыркүйекте 15 адам" a count
        if not year or ("case" in day.groupdict() and not _CASE.match(day["case"] or "")):
            return None
        begin = year.start()
    made = _make_date(year["year"], str(month), day["day"])
    return _Hit(begin, end, made) if made else None


@cache
def _name_patterns(lang: str | None) -> tuple[re.Pattern[str], ...]:
    """Patterns of month names to try in turn: those of a language, then those of all."""
    table = tomllib.loads((files("arna.text") / "tables/months.toml").read_text("utf-8"))
    everything = _compile_names(list(table.values()))
    if lang is None:
        return (everything,)
    own = [row for tag, row in table.items() if tag.partition("-")[0] == lang.partition("-")[0]]
    return (_compile_names(own), everything) if own else (everything,)


def _compile_names(rows: list[dict[str, list[str]]]) -> re.Pattern[str]:
    """One pattern for the months of some languages; the group that matched, m1 to m12, is the month."""
    groups = []
    for month in range(12):
        forms = [f"(?:{row['names'][month]}){row['ending']}" for row in rows]
        forms += [rf"{row['short'][month]}\.?" for row in rows if row["short"]]
        groups.append(f"(?P<m{month + 1}>{'|'.join(dict.fromkeys(forms))})")
    return re.compile(rf"(?<![^\W\d_])(?:{'|'.join(groups)})(?![^\W\d_])", re.IGNORECASE)


def _parse_mail_date(value: str) -> datetime | None:
    """The moment an RFC 2822 date names."""
    if "," not in value[:10] or not value.isascii():
        return None
    fields = parsedate_tz(value)
    if not fields or fields[9] is None or not 1500 <= fields[0] < 2100 or not _MAIL_ZONE.search(value):
        return None
    try:
        naive = datetime(*fields[:6])  # noqa: DTZ001 - the zone is applied on the next line
    except ValueError:
        return None
    return (naive - timedelta(seconds=fields[9])).replace(tzinfo=UTC)


def _make_date(year: str, month: str, day: str) -> date | None:
    """The day, or None where the calendar has none."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _with_clock(day: date, clock: re.Match[str]) -> datetime | date:
    """A day with the time and zone of a match; the day alone where the time does not exist."""
    fields = clock.groupdict()
    if fields["hour"] is None:
        return day
    hour = int(fields["hour"])
    if fields.get("half") and 1 <= hour <= 12:
        hour = hour % 12 + (12 if fields["half"] in "Pp" else 0)
    try:
        moment = datetime(  # noqa: DTZ001 - naive where the text names no zone
            day.year, day.month, day.day, hour, int(fields["minute"]), int(fields["second"] or 0)
        )
    except ValueError:
        return day
    zone = _read_zone(fields["zone"])
    return moment.replace(tzinfo=zone).astimezone(UTC) if zone else moment


def _read_zone(zone: str | None) -> timezone | None:
    """The offset a zone's letters or digits stand for; None where unknown."""
    if not zone:
        return None
    zone = zone.upper().replace("−", "-").replace(" ", "")
    if zone in _HOURS_EAST:
        return timezone(timedelta(hours=_HOURS_EAST[zone]))
    offset = zone.removeprefix("UTC").removeprefix("GMT").replace(":", "")
    if offset in {"", "Z"}:
        return UTC
    if offset[0] not in "+-" or not offset[1:].isdigit():
        return None
    digits = offset[1:] if len(offset) > 3 else f"{offset[1:]:>02}00"
    minutes = int(digits[:-2]) * 60 + int(digits[-2:])
    if minutes >= 24 * 60:
        return None
    return timezone(timedelta(minutes=minutes if offset[0] == "+" else -minutes))
