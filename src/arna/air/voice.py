"""The language in which the words about articles are said: English, unless another voice is set for the moment.

The report speaks English. The observatory sets the voice of whoever asks, so that both say the same things with the
same code.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date


MINUS = "\u2212"
"""The sign; a hyphen is shorter, and a line breaks after it."""


class Voice:
    """Says things in English; a voice of another language overrides what differs.

    Attributes:
        spells: small numbers are said in letters.
    """

    spells = True

    def say(self, message: str) -> str:
        """A message in this language."""
        return message

    def say_number(self, one: str, many: str, count: int) -> str:
        """The form of a message that goes with a count."""
        return one if count == 1 else many

    def say_language(self, base: str, script: str) -> str | None:  # noqa: ARG002
        """Name of a language, with its script if one is given; None where this voice has no name of its own."""
        return None

    def say_country(self, code: str) -> str | None:  # noqa: ARG002
        """Name of a country, or None."""
        return None

    def say_count(self, value: int) -> str:
        """A whole number."""
        return f"{value:,}"

    def say_decimal(self, value: float, digits: int) -> str:
        """A number with so many digits after the point."""
        return f"{value:.{digits}f}".replace("-", MINUS)

    def say_day(self, year: int | None, month: int, day: int) -> str | None:  # noqa: ARG002
        """A day, without its year if None is given for it; None where this voice has no way of its own."""
        return None

    def say_days(self, first: date, last: date) -> str | None:  # noqa: ARG002
        """A stretch of days within which the year is said once, or None."""
        return None


_voice: ContextVar[Voice] = ContextVar("voice", default=Voice())  # noqa: B039  # a voice holds nothing that changes


def current_voice() -> Voice:
    """The voice of the moment."""
    return _voice.get()


@contextmanager
def speak(voice: Voice) -> Iterator[None]:
    """Set the voice for what is done inside."""
    token = _voice.set(voice)
    try:
        yield
    finally:
        _voice.reset(token)


def say(message: str, **values: object) -> str:
    """A message in the language of the moment, its ``{names}`` filled in."""
    told = _voice.get().say(message)
    return told.format(**values) if values else told


def say_number(one: str, many: str, count: int, **values: object) -> str:
    """A message whose form goes with ``{count}``."""
    voice = _voice.get()
    return voice.say_number(one, many, count).format(count=voice.say_count(count), **values)
