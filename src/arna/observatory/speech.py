"""Voices of the observatory: messages from its catalogues, numbers, dates and names from CLDR (Babel)."""

from __future__ import annotations

import re
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import format_interval, format_skeleton
from babel.numbers import format_decimal
from django.utils.translation import gettext, ngettext

from arna.air.voice import MINUS, Voice

if TYPE_CHECKING:
    from collections.abc import Mapping

NBSP = "\u00a0"


class LocalVoice(Voice):
    """The voice of a language of the interface."""

    spells = False

    def __init__(self, code: str) -> None:
        self.locale = Locale.parse(code)

    def say(self, message: str) -> str:
        """From the catalogue; as it is where it is not translated."""
        return gettext(message)

    def say_number(self, one: str, many: str, count: int) -> str:
        """From the catalogue, by the language's own rule of plurals."""
        return ngettext(one, many, count)

    def say_language(self, base: str, script: str) -> str | None:
        """Name of a language as this language calls it."""
        name = self.locale.languages.get(base)
        if name is None:
            return None
        return f"{name} ({self.locale.scripts.get(script, script)})" if script else name

    def say_country(self, code: str) -> str | None:
        """Name of a country as this language calls it."""
        return self.locale.territories.get(code.upper())

    def say_count(self, value: int) -> str:
        """A whole number."""
        return _count(self.locale, value)

    def say_decimal(self, value: float, digits: int) -> str:
        """A number with so many digits after the sign of decimals."""
        return format_decimal(value, "#,##0." + "0" * digits, self.locale).replace("-", MINUS)

    def say_day(self, year: int | None, month: int, day: int) -> str | None:
        """A day as it is written in this language."""
        return _day(self.locale, date(year or 2000, month, day), bool(year))

    def say_days(self, first: date, last: date) -> str | None:
        """A stretch of days as it is written in this language."""
        said = re.sub(r"\s", NBSP, format_interval(first, last, "yMMMd", locale=self.locale))
        return re.sub(f"{NBSP}+([–—]){NBSP}+", f"{NBSP}\\1 ", said)  # a line may break after the dash alone


class EnglishVoice(LocalVoice):
    """English as the report speaks it."""

    spells = True

    def say_language(self, base: str, script: str) -> str | None:
        """As the report names it, where it does."""
        return super().say_language(base, script) if base not in _REPORTED else None

    def say_country(self, code: str) -> str | None:
        """As the report names it, where it does."""
        return None if code.lower() in {"tr"} else super().say_country(code)

    def say_day(self, year: int | None, month: int, day: int) -> str | None:  # noqa: ARG002
        """As the report writes it."""
        return None

    def say_days(self, first: date, last: date) -> str | None:  # noqa: ARG002
        """As the report writes them."""
        return None


_REPORTED = frozenset({"ug", "und"})


@lru_cache(maxsize=4096)
def _count(locale: Locale, value: int) -> str:
    return format_decimal(value, locale=locale)


@lru_cache(maxsize=4096)
def _day(locale: Locale, day: date, with_year: bool) -> str:  # a key of the cache
    return format_skeleton("yMMMd" if with_year else "MMMd", day, locale=locale).replace(" ", NBSP)


@cache
def voice_of(code: str) -> LocalVoice:
    """The voice of a language of the interface."""
    return EnglishVoice("en") if code.startswith("en") else LocalVoice(code)


def say_month(code: str, day: date, *, short: bool = False) -> str:
    """A month and its year: "June 2026"."""
    said = format_skeleton("yMMM" if short else "yMMMM", day, locale=voice_of(code).locale)
    return said.replace(" ", NBSP)


def choose_title(code: str, title: str, titles: Mapping[str, str]) -> str:
    """The title of a topic or an origin in a language, or the one it has."""
    return titles.get(code.partition("-")[0], title)
