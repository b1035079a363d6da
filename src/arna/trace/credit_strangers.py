"""Names that look like an outlet's though none is registered under them: «Дала жаңалықтары» порталы, example.kz."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache
from typing import TYPE_CHECKING

from arna.trace.credit_names import Mention
from arna.trace.credit_words import LANGUAGES, expand_pattern, load_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TOP = re.compile(
    r"\.(?:kz|ru|ua|uz|kg|tj|tm|com|net|org|info|news|media|su|by|az|ge|am|eu|tv|online|site|press|io|me|asia|example)"
    r"(?![\w@]|[/-]\w|\.\w)"
)
_HOST = re.compile(r"(?<![\w@./-])(?:www\.)?[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*$")
_TAIL = re.compile(r"[-'][^\W\d_]{1,8}(?!\w)")
_UPPER = "[A-ZА-ЯІЇЄҐҚҒӘӨҮҰҢҺҲҶӢӮЎÝŽŞÇŇÄÖÜ]"
# Nouns of outlets that stand before a bare name, without endings: Russian, Ukrainian, Tajik, English.
_STEMS = (
    "информагентств", "агентство ", "агентства ", "портал", "издани", "газет", "журнал", "телеканал", "радиостанци",
    "канал", "еженедельник", "виданн", "тижневик", "часопис", "радіостанці", "сомонаи", "рӯзномаи", "нашрияи",
    "хабаргузории", "оҷонсии", "newspaper", "magazine", "news agency", "news portal", "broadcaster", "news site",
    "news website", "tv channel",
)  # fmt: skip
_BARE = re.compile(rf"[^\W\d_]{{0,3}}\s*(?P<name>{_UPPER}[\w'’ʻ‘-]+(?:\s{_UPPER}[\w'’ʻ‘-]+){{0,3}})")
# Words in a quoted name that make it an outlet's.
_TELLING = re.compile(
    r"газет|вестник|вісник|правда|новост|новини|известия|недел|тижд|время|хабар|жаңалы|жаршы|kabar|habar|xabar|кабар|ахбор"
    r"|(?<!\w)(?:news|times|post|herald|weekly|daily|tribune|media|press|gazette|radio|tv)(?!\w)|ньюс|радио|радіо|инфо|info"
)
_QUOTED = re.compile(r"\"(?P<name>[^\"\n]{2,60})\"")


def find_strangers(text: str, folded: str, known: Sequence[Mention]) -> Iterator[Mention]:
    """Quoted names beside an outlet's noun, capitalised ones behind it, and host names, away from known mentions."""
    taken = sorted((mention.outer_begin, mention.outer_end) for mention in known)
    found = [*_find_hosts(folded), *_find_quoted(text, folded), *_find_bare(text, folded)]
    for begin, end, outer_begin, outer_end in found:
        at = bisect_left(taken, (outer_end, 0))  # names stand apart, so only the nearest before can overlap
        if at == 0 or taken[at - 1][1] <= outer_begin:
            taken.insert(at, (outer_begin, outer_end))
            yield Mention(begin, end, outer_begin, outer_end, None)


def _find_hosts(folded: str) -> Iterator[tuple[int, int, int, int]]:
    for top in _TOP.finditer(folded):
        found = _HOST.search(folded, max(0, top.start() - 40), top.start())
        if found:
            begin, end = found.start(), top.end()
            quoted = folded[begin - 1 : begin] == folded[end : end + 1] == '"'
            tail = _TAIL.match(folded, end)
            outer_end = end + 1 if quoted else tail.end() if tail else end
            yield begin, outer_end - quoted, begin - quoted, outer_end


def _find_quoted(text: str, folded: str) -> Iterator[tuple[int, int, int, int]]:
    for found in _QUOTED.finditer(folded) if '"' in folded else ():
        begin, end = found.span("name")
        if not (text[begin].isupper() or text[begin].isdigit()):
            continue
        before, behind = folded[max(0, begin - 40) : begin - 1], folded[end + 1 : end + 40]
        if _noun_before().search(before) or _noun_behind().match(behind) or _TELLING.search(found["name"]):
            yield begin, end, begin - 1, end + 1


def _find_bare(text: str, folded: str) -> Iterator[tuple[int, int, int, int]]:
    for stem in _STEMS:
        at = folded.find(stem)
        while at >= 0:
            found = _BARE.match(text, at + len(stem))
            if found and not folded[at - 1 : at].isalpha():
                yield found.start("name"), found.end("name"), found.start("name"), found.end("name")
            at = folded.find(stem, at + len(stem))


@cache
def _rows(*languages: str) -> str:
    table = load_table()
    return "|".join(expand_pattern(row, name) for name in languages for row in table[name]["outlet"])


@cache
def _noun_before() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_rows(*LANGUAGES)})\s+$")


@cache
def _noun_behind() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:[,–—-]\s*)?(?:{_rows(*LANGUAGES)})(?!\w)")
