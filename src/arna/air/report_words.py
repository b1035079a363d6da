"""How things are said: names of languages and countries, numbers, dates, and safe text.

Said in the voice of the moment (:mod:`arna.air.voice`): English in the report.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from arna.air.voice import current_voice, say
from arna.terms import base_language

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

_NBSP = "\u00a0"

_LANGUAGES = {
    "ar": "Arabic",
    "az": "Azerbaijani",
    "be": "Belarusian",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fr": "French",
    "ka": "Georgian",
    "kk": "Kazakh",
    "ky": "Kyrgyz",
    "mn": "Mongolian",
    "pl": "Polish",
    "ro": "Romanian",
    "ru": "Russian",
    "tg": "Tajik",
    "tk": "Turkmen",
    "tr": "Turkish",
    "tt": "Tatar",
    "ug": "Uyghur",
    "uk": "Ukrainian",
    "uz": "Uzbek",
    "zh": "Chinese",
}
_SCRIPTS = {"Arab": "Arabic", "Cyrl": "Cyrillic", "Latn": "Latin"}
_HOME_SCRIPTS = {"kk": "Cyrl", "ky": "Cyrl", "ru": "Cyrl", "tg": "Cyrl", "uk": "Cyrl"}
_HOME_SCRIPTS |= dict.fromkeys(("de", "en", "es", "fr", "pl", "ro", "tk", "tr", "uz"), "Latn")
_SUPPRESSED = dict.fromkeys(("be", "kk", "ru", "uk"), "Cyrl") | dict.fromkeys(("ar", "fa"), "Arab")
_SUPPRESSED |= dict.fromkeys(("de", "en", "es", "fr", "pl", "pt", "ro", "tr"), "Latn")
# what the registry of language tags (BCP 47) calls Suppress-Script

_COUNTRIES = {
    "am": "Armenia",
    "az": "Azerbaijan",
    "by": "Belarus",
    "cn": "China",
    "de": "Germany",
    "fr": "France",
    "gb": "United Kingdom",
    "ge": "Georgia",
    "kg": "Kyrgyzstan",
    "kz": "Kazakhstan",
    "pl": "Poland",
    "ro": "Romania",
    "ru": "Russia",
    "tj": "Tajikistan",
    "tm": "Turkmenistan",
    "tr": "Türkiye",
    "ua": "Ukraine",
    "us": "United States",
    "uz": "Uzbekistan",
}
_SPELLED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def name_language(tag: str) -> str:
    """Name of a language tag as inside a sentence: ``kk-Cyrl`` is Kazakh, ``kk-Latn`` is Kazakh (Latin)."""
    base, script = base_language(tag), tag.partition("-")[2]
    usual = not script or _HOME_SCRIPTS.get(base) == script
    if base == "und":
        return say("Language not told")
    own = current_voice().say_language(base, "" if usual else script)
    if own:
        return own
    name = _LANGUAGES.get(base)
    if name is None:
        return tag
    return name if usual else f"{name} ({_SCRIPTS.get(script, script)})"


def capitalise(text: str) -> str:
    """A text that begins with a capital letter, as at the head of a line."""
    return text[:1].upper() + text[1:]


def list_languages(tags: Iterable[str]) -> str:
    """Names of languages in a row, the first one with a capital letter."""
    return capitalise(", ".join(name_language(tag or "und") for tag in tags))


def end_sentence(text: str) -> str:
    """A text with a full stop, unless it ends in one already, as a day does in some languages."""
    return text if text.endswith((".", "…")) else text + "."


def mark_language(tag: str | None) -> str:
    """What stands in a ``lang`` attribute: the tag if it is one, without a script that goes without saying."""
    if not tag or tag == "und" or not _TAG.fullmatch(tag):
        return ""
    base, _, script = tag.partition("-")
    return base if _SUPPRESSED.get(base) == script else tag


def name_country(code: str) -> str:
    """Name of a two-letter country code; the code itself where it is not among those of the region."""
    return current_voice().say_country(code) or _COUNTRIES.get(code.lower(), code.upper())


def name_kind(kind: str) -> str:
    """Kind of an outlet as a word in running text."""
    said = {
        "agency": say("agency"),
        "portal": say("portal"),
        "newspaper": say("newspaper"),
        "tv": say("TV"),
        "radio": say("radio"),
        "channel": say("Telegram channel"),
    }
    return said.get(kind, kind)


def show_share(value: float) -> str:
    """A share as per cent, never rounded to nothing or to all: ``34 %``, ``under 1 %``, ``over 99 %``."""
    percent = round(100 * value)
    if percent == 0 and value > 0:
        return say("under{space}1{space}%", space=_NBSP)
    if percent == 100 and value < 1 - 1e-9:
        return say("over{space}99{space}%", space=_NBSP)
    return f"{percent}{_NBSP}%"


def bare_share(value: float) -> str:
    """A share as per cent without the sign, for tables that say so in their head."""
    percent = round(100 * value)
    if percent == 0 and value > 0:
        return "<1"
    return ">99" if percent == 100 and value < 1 - 1e-9 else str(percent)


def show_interval(low: float, high: float) -> str:
    """A 95 % interval as text: ``12–30 %``."""
    return f"{round(100 * low)}–{round(100 * high)}{_NBSP}%"


def show_count(value: float) -> str:
    """A whole number with commas (or what the language has) between thousands."""
    return current_voice().say_count(round(value))


def count_noun(value: int, noun: str, plural: str | None = None) -> str:
    """A count with its noun: ``1 article``, ``1,204 articles``."""
    return f"{show_count(value)}{_NBSP}{noun if value == 1 else plural or noun + 's'}"


def tie(text: str) -> str:
    """A text that no line breaks."""
    return text.replace(" ", _NBSP)


def spell_number(value: int) -> str:
    """A number up to twelve in letters, for running text."""
    return _SPELLED[value] if current_voice().spells and 0 <= value < len(_SPELLED) else show_count(value)


def show_day(day: date) -> str:
    """A day: ``6 Oct 2025``."""
    own = current_voice().say_day(day.year, day.month, day.day)
    return own or f"{day.day}{_NBSP}{_MONTHS[day.month - 1]}{_NBSP}{day.year}"


def show_short_day(day: date) -> str:
    """A day without its year: ``6 Oct``."""
    return current_voice().say_day(None, day.month, day.day) or f"{day.day}{_NBSP}{_MONTHS[day.month - 1]}"


def show_days(first: date, last: date) -> str:
    """A stretch of days within which the year is said once."""
    if first == last:
        return show_day(first)
    own = current_voice().say_days(first, last)
    if own:
        return own
    head = show_short_day(first) if first.year == last.year else show_day(first)
    return f"{head}{_NBSP}– {show_day(last)}"


def show_time(moment: datetime | None) -> str:
    """A UTC time, to the minute; only the day where no time of day is known."""
    if moment is None:
        return say("no date")
    day = show_day(moment.date())
    return day if (moment.hour, moment.minute, moment.second) == (0, 0, 0) else f"{day}, {moment:%H:%M}{_NBSP}UTC"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def clean_text(text: str) -> str:
    """Text with each character that HTML forbids replaced by one U+FFFD; offsets stay true."""
    return _UNPRINTABLE.sub("\ufffd", text)


def safe_url(url: str | None) -> str:
    """The address if it is plain http or https, else nothing: nobody can be sent elsewhere from the report."""
    if not url or _UNPRINTABLE.search(url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.netloc else ""


FILTERS = {
    "share": show_share,
    "bare": bare_share,
    "count": show_count,
    "noun": count_noun,
    "tie": tie,
    "spelled": spell_number,
    "language": name_language,
    "languages": list_languages,
    "capital": capitalise,
    "stop": end_sentence,
    "lang_tag": mark_language,
    "country": name_country,
    "outlet_kind": name_kind,
    "day": show_day,
    "short_day": show_short_day,
    "time": show_time,
    "clean": clean_text,
}
"""What templates call these things by."""
