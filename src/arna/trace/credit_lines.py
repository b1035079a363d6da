"""Credits that stand apart from the sentence: source lines, agency lines, and photo labels that are none."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from arna.trace.credit_words import compile_words

if TYPE_CHECKING:
    from arna.trace.credit_names import Mention

_DAY = (
    r"(?:\d{1,2}(?:-[^\W\d]{1,4})?[\s.-]+[^\W\d]{3,}\.?(?:,?\s+\d{4})?(?:\s*(?:г|р|ж)\.|\s*-?(?:года|года|року|жыл|жылғы|yil|ýyl))?"
    r"|\d{4}\s(?:жылғы|жылдын)\s\d{1,2}\s[^\W\d]+|[^\W\d]{3,9}\.?\s+\d{1,2}(?:,?\s+\d{4})?|\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?)"
)
# A place opens a line in capitals, or with a capital on each of at most three words.
_PLACE = (
    r"(?:[^\W\d_a-zа-яёіїєґқғәөүұңһҳҷӣӯўýžşçňäöü][\w'’ʻ‘-]*(?:[ \-/]+[^\W\d_a-zа-яёіїєґқғәөүұңһҳҷӣӯў][\w'’ʻ‘-]*){0,2})"
)
_DATELINE = re.compile(
    rf"\W{{0,3}}(?:{_PLACE}(?:,\s{_PLACE})?)(?P<day>[.,]?\s*(?:\(?\s*{_DAY}\)?))?\s*[.,–—/(:\[-]*\s*"
    r"(?:ИА |МИА |НИАТ |АМИТ )?$"
)
_DAY_ONLY = re.compile(rf"\s*{_DAY}\s*[.,–—/(\[-]+\s*$")
_STOP = re.compile(r"\s*(?:[)\]/]\s*[.,:–—-]?|[–—:|]|-\s|\.(?:\s|$)|,\s|$)")
_HEADLINE = re.compile(r":\s+[\"«„“]?[^\W\d_]")
_AGENCY_WORD = re.compile(r"^\s+(?:AA|IA|АА|ИА|ХА|News|news agency)(?=\s*[)\]/])")
_SIGNED = re.compile(r"[.!?…»\"”,]\s*[–—©-]\s*$")
# A headline ends "… — Reuters"; with a full stop behind it, the dash may be the verb "is".
_HEADLINE_END = re.compile(r"\w+\W+\w+\W+\w+\s[–—-]\s*$")
_REACH = 120  # characters around a name; the longest date line in bench/credits_cases takes 31
_NAME_FIRST = re.compile(rf"\s*[.,]\s*(?:{_PLACE}[.,]\s*)?{_DAY}(?!\w)")


def is_photo_label(folded: str, line_begin: int, mention: Mention) -> bool:
    """Whether a label of photos or films stands before the name in its sentence."""
    return bool(_photo().search(folded[max(line_begin, mention.outer_begin - _REACH) : mention.outer_begin]))


def is_source_line(folded: str, line_begin: int, mention: Mention) -> int | None:
    """Where the label begins that makes the name a stated source, or None."""
    first = max(line_begin, mention.outer_begin - _REACH)
    found = _source().search(folded[first : mention.outer_begin])
    return first + found.start("label") if found else None


def is_agency_line(text: str, line_begin: int, line_end: int, mention: Mention) -> bool:
    """Whether the name stands where agencies put theirs: behind place and date, in brackets, or alone in a line."""
    first, last = max(line_begin, mention.outer_begin - _REACH), min(line_end, mention.outer_end + _REACH)
    before, behind = text[first : mention.outer_begin], text[mention.outer_end : last]
    whole = first == line_begin
    if whole and not before.strip(" ©—–-/([") and not behind.strip(" .—–-/)]"):
        return bool(before.strip()) or len(text) > line_end - line_begin
    behind = _AGENCY_WORD.sub("", behind)
    opened, closed = before.rstrip()[-1:], behind.lstrip()[:1]
    if opened and closed and opened in "(/[" and closed in ")/]":
        return _stands_apart(before.rstrip()[:-1], behind.lstrip()[1:], whole=whole)
    if not before.strip():
        return bool(_NAME_FIRST.match(behind) or _HEADLINE.match(behind))
    stop = _STOP.match(behind)
    dateline = _DATELINE.fullmatch(before) if whole and stop else None
    if stop and dateline and not opened.isalnum():
        return bool(dateline["day"]) or stop.group().strip() not in {",", ""}
    if whole and stop and _DAY_ONLY.fullmatch(before):
        return True
    return not behind.strip(" .") and bool(_SIGNED.search(before) or (not behind and _HEADLINE_END.search(before)))


def _stands_apart(before: str, behind: str, *, whole: bool) -> bool:
    """Whether brackets with a name stand at the line's start or end or behind a date line, not inside a sentence."""
    if not before.strip() or not behind.strip(" .,;"):
        return True
    if re.search(r"[.!?…»\"”]\s*$", before) and not re.match(r"\s*[a-zа-яіїєґқғәөүұңһ]", behind):
        return True
    if not whole:
        return False
    dateline = _DATELINE.fullmatch(before)
    return bool(dateline or _DAY_ONLY.fullmatch(before + " -")) and bool(re.match(r"\s*[.:–—-]", behind))


@cache
def _photo() -> re.Pattern[str]:
    words = compile_words("photo")
    return re.compile(
        rf"(?:^|(?<=[\s(.\[|/]))(?<!\w){words}(?:\s*[:©|–—/-][^.!?\n]{{0,60}}|(?:\s+{compile_words('noun')})*|\s+\w+\s+/)\s*[\"(]?\s*$"
    )


@cache
def _source() -> re.Pattern[str]:
    words = compile_words("source")
    return re.compile(
        rf"(?:^|[.!?;\")(|\n]\s*|\s-\s)(?P<label>(?<!\w){words}\s*(?:[:：–—]|-\s)\s*(?:https?://(?:www\.)?|(?:[^!?\n;]{{0,60}}[,/;]\s+)|[\"(]|{compile_words('noun')}\s+"
        rf"|{compile_words('adjective')}\s+){{0,5}})$"
    )
