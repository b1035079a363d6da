"""Passages: sentence-sized spans of a text with exact offsets."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

# A stop with the quotes, brackets and note numbers that close with it, before a space.
_STOP = re.compile(r"[.!?…][.!?…»”“\"'’)\]]*+(?:\[\d{1,3}\])*+(?=\s|$)")
# A stop whose space was lost in the page: "болды.Қазақстан". Four letters after it keep "Kun.Uz" whole.
# The stop comes before the look back at its word: a pattern that begins with a set skips to the stops.
_GLUED = re.compile(r"[.!?…](?<=[^\W\d_]{3}.)[»”)]?(?=[^\W\d_]{4})")
_LEAD = re.compile(r"[\s«„“\"'‘(\[—–•-]*")
# The word a full stop closes: letters, with inner stops or hyphens ("т.б", "р-н", "U.S").
_LAST_WORD = re.compile(r"(?:[^\W_]['ʻʼ‘’]?|(?<=[^\W_])[.-](?=[^\W_]))+$")
_FIGURE_PREFIX = re.compile(r"^\d+[-–]")  # "2025-y"
_APOSTROPHES = str.maketrans("ʻʼ‘’`", "'''''")
_NUMBER_BEFORE = re.compile(r"(?:\d|(?<![^\W\d_])[IVXLCМХ]+)(?:\s?[-–][^\W\d_]{0,5})?\s?$")
_SPACED_PAIR = re.compile(r"(?:^|[\s(])(?:т\. ?[дпб]|т\. ?ін|h\. ?k|ҳ\. ?к|ж\. ?б|ş\. ?m)$", re.IGNORECASE)
_DAY_MONTH_YEAR = re.compile(r"\d{1,2}(?:[-–][^\W\d_]+)? [^\W\d_]+,? \d{4}\s?$")
_ENGLISH_OPENERS = frozenset(
    {
        "The",
        "A",
        "An",
        "In",
        "On",
        "At",
        "But",
        "And",
        "He",
        "She",
        "It",
        "They",
        "We",
        "I",
        "This",
        "That",
        "These",
    }
    | {"Those", "There", "As", "For", "With", "After", "Before"}
)
_WORD = re.compile(r"[^\W\d_]+")
_LOOK_BACK = 24  # longest abbreviation with its number, in characters
_SHORT_START = 40  # a date this near the start opens its sentence rather than closing it; set by eye on news leads


@cache
def _abbreviations() -> dict[str, frozenset[str]]:
    """The words of ``abbreviations.toml`` by kind, all languages together."""
    table = tomllib.loads((files("arna.text") / "tables/abbreviations.toml").read_text("utf-8"))
    kinds = ("inside", "number", "either", "year")
    return {kind: frozenset(word for words in table.values() for word in words[kind]) for kind in kinds}


@cache
def _all_abbreviations() -> frozenset[str]:
    return frozenset().union(*_abbreviations().values())


def split_passages(text: str) -> list[tuple[int, int]]:
    r"""Spans ``(begin, end)`` of the passages of a text, in code points, in order.

    Every span begins and ends with a non-space character and lies within one line; every non-space character of
    the text is in exactly one span. Abbreviations, initials, list numbers, dates and decimals of the eight
    languages do not end a passage; where a reader could not tell, the passage stays whole.
    """
    spans: list[tuple[int, int]] = []
    begin = 0
    for line in text.splitlines(keepends=True):
        end = begin + len(line)
        _split_line(text, begin, end, spans)
        begin = end
    return spans


def _split_line(text: str, begin: int, end: int, spans: list[tuple[int, int]]) -> None:
    """Append the spans of one line."""
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    cuts = [stop.end() for stop in _STOP.finditer(text, begin, end) if stop.end() < end]
    cuts += [glued.end() for glued in _GLUED.finditer(text, begin, end)]
    for cut in sorted(cuts):
        if _ends_sentence(text, begin, cut, end):
            spans.append((begin, cut))
            begin = cut
            while text[begin].isspace():
                begin += 1
    if begin < end:
        spans.append((begin, end))


def _ends_sentence(text: str, begin: int, cut: int, end: int) -> bool:
    """Whether the sentence begun at ``begin`` ends at ``cut``, just after a stop."""
    lead = _LEAD.match(text, cut, end)
    after = lead.end() if lead else cut
    if after >= end:
        return text[cut:end].strip() not in {"", "—", "–", "-"}
    following = text[after]
    if following.islower():
        return False
    if not text[cut].isspace():  # a lost space: only between a small letter and a capital
        return text[cut - 2].islower() and following.isupper()
    stop = cut - 1
    while text[stop] not in ".!?…":
        stop -= 1
    if text[stop] != "." or text[stop - 1] in ".!?…":
        return True
    return not _is_abbreviation(text, begin, stop, after)


def _is_abbreviation(text: str, begin: int, stop: int, after: int) -> bool:
    """Whether the full stop at ``stop`` belongs to the word before it, given that no small letter follows."""
    if _is_whole_word(text[max(begin, stop - _LOOK_BACK) : stop]):
        return False
    found = _LAST_WORD.search(text, max(begin, stop - _LOOK_BACK), stop)
    if not found:
        return False
    if found.group().isdigit():  # "1. Бірінші": a list number, or a whole sentence such as "2025."
        return found.start() == begin and len(found.group()) <= 3
    word = _FIGURE_PREFIX.sub("", found.group())
    start = stop - len(word)
    before = text[max(begin, start - _LOOK_BACK) : start]
    capital = text[after].isupper()
    kind = _kind_of(word, counted=bool(_NUMBER_BEFORE.search(before)))
    if kind == "year":
        return not (capital and stop - begin > _SHORT_START and _DAY_MONTH_YEAR.search(before))
    if kind == "either" or _SPACED_PAIR.search(text, max(begin, stop - _LOOK_BACK), stop):
        return not capital or _continues_name(word, text, after)
    return kind == "inside" or (kind == "number" and text[after].isdigit())


def _is_whole_word(tail: str) -> bool:
    """Whether a text ends with a word no abbreviation looks like, as most do: plain, long, and not in the table."""
    word = tail.rsplit(None, 1)[-1] if tail[-1:].isalpha() else ""
    return len(word) > 2 and word.isalpha() and word.lower() not in _all_abbreviations()


def _kind_of(word: str, *, counted: bool) -> str:
    """Which kind of abbreviation a word is, "" for none; ``counted`` when a number stands before it."""
    folded = word.lower().translate(_APOSTROPHES)
    kinds = _abbreviations()
    if folded in kinds["year"]:
        return "year" if counted else "inside"
    if folded in kinds["either"] and (len(word) > 1 or counted):
        return "either"
    initials = all(len(part) == 1 for part in word.split(".")) and ("." in word or word.isupper())
    if initials or folded in kinds["inside"]:
        return "inside"
    return "number" if folded in kinds["number"] else ""


def _continues_name(word: str, text: str, after: int) -> bool:
    """Whether "U.S." and the like are followed by the rest of a name rather than by a new sentence."""
    if "." not in word or not word.isupper() or not word.isascii():
        return False
    following = _WORD.match(text, after)
    return following is not None and following.group() not in _ENGLISH_OPENERS
