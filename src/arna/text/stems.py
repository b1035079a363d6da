"""Words as search compares them: folded, and without their endings.

There is no dictionary: endings are taken off by rule, the longest that fits first, so that all forms of a word come to
the same stem, be it a word or not. What the rules know of each language stands in ``stems.toml``. English is stemmed by
Snowball (Porter 2001).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from threading import Lock
from typing import TYPE_CHECKING, Any

import snowballstemmer

from arna.text.normalise import fold
from arna.text.scripts import script_of

if TYPE_CHECKING:
    from collections.abc import Mapping

CYRILLIC = ("kk", "ky", "tg", "ru", "uk", "uz")
LATIN = ("en", "kk", "tk", "uz")
"""Languages that a word in these letters is likely of. Turkmen in Cyrillic ones, last written in the 1990s, is stemmed
where its language is named, but who types порти means no Turkmen port."""

LANGUAGES = ("kk", "ru", "uz", "tk", "ky", "tg", "uk", "en")
"""Base languages with rules."""

_SNOWBALL = {"en": "english"}
_SPOKEN_YO = ("kk", "ky", "tg", "tk", "uz")  # where ё is never written е
_LEAST = 3
_ONE_AT_A_TIME = Lock()  # a Snowball stemmer keeps the word it works on
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f]|['`´ʹʻʼʽ‘’ˈ\u00ad\u200b-\u200d](?=[^\W_]))*")
_UNSEEN = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D))


@dataclass(frozen=True)
class _Rules:
    letters: re.Pattern[str]
    spellings: Mapping[str, str]
    endings: re.Pattern[str] | None
    first: tuple[tuple[re.Pattern[str], str], ...]
    once: bool
    short: frozenset[str]
    last: tuple[tuple[re.Pattern[str], str], ...]
    bare: tuple[tuple[re.Pattern[str], str], ...]
    irregular: Mapping[str, str]
    snowball: Any


def list_words(text: str) -> list[tuple[int, int]]:
    """Spans of the words of a text, in code points: letters and digits, and apostrophes between them."""
    return [found.span() for found in _WORD.finditer(text)]


@lru_cache(maxsize=1 << 16)
def fold_word(word: str) -> str:
    """A word in small letters, with one apostrophe, one letter i, and without what cannot be seen."""
    return fold(word.translate(_UNSEEN))


@lru_cache(maxsize=1 << 18)
def stem_word(word: str, lang: str) -> str:
    """The stem that all forms of a word have in common.

    Args:
        word: as written, in any of its language's alphabets.
        lang: BCP 47 tag or base language; a word of a language without rules is only folded.
    """
    base = lang.partition("-")[0]
    if base in _SPOKEN_YO:
        word = word.replace("ё", "йо").replace("Ё", "Йо")
    folded = fold_word(word)
    if base not in LANGUAGES or any(char.isdigit() for char in folded):
        return folded
    rules = _rules(base)
    stem = rules.letters.sub(lambda found: rules.spellings[found.group()], folded)
    if stem in rules.irregular:
        return rules.irregular[stem]
    for pattern, replacement in rules.first:
        stem = pattern.sub(replacement, stem)
    if rules.snowball is not None:
        with _ONE_AT_A_TIME:
            stem = rules.snowball.stemWord(stem)
    spelt, stem = stem, _take_endings(stem, rules)
    if stem in rules.irregular:
        return rules.irregular[stem]
    for pattern, replacement in (rules.bare if spelt == stem else ()) + rules.last:
        shorter = pattern.sub(replacement, stem)
        stem = shorter if len(shorter) > 1 else stem
    return rules.irregular.get(stem, stem) or folded


def _take_endings(word: str, rules: _Rules) -> str:
    while rules.endings is not None and word not in rules.irregular:
        best = None
        found = rules.endings.search(word, 1)
        while found:
            stem = word[: found.start()]
            if stem in rules.irregular:
                return stem
            if best is None and _is_stem(stem, rules):
                best = stem
            found = rules.endings.search(word, found.start() + 1)
        if best is None:
            break
        word = best
        if rules.once:
            break
    return word


def guess_languages(word: str) -> tuple[str, ...]:
    """Base languages that a word may be of, by its letters alone."""
    return {"Cyrl": CYRILLIC, "Latn": LATIN}.get(script_of(word), ())


def _is_stem(text: str, rules: _Rules) -> bool:
    return len(text) >= _LEAST or text in rules.short


@cache
def _rules(lang: str) -> _Rules:
    table = _tables()[lang]
    letters = table["letters"]
    vowels, voiceless = table["vowels"], table["voiceless"]
    alternatives = []
    for line in table["endings"]:
        before, _, endings = line.partition(":")
        known = before.replace("V", vowels).replace("T", voiceless)
        consonants = f"(?<=[^{vowels}])" if before == "C" else ""
        look = consonants or (f"(?<=[{known}])" if known and "C" not in known else "")
        if "C" in before and before != "C":
            others = known.replace("C", "")
            look = f"(?:(?<=[^{vowels}])|(?<=[{others}]))"
        forms = "|".join(
            ending.replace("A", f"[{table['A']}]").replace("I", f"[{table['I']}]") for ending in endings.split()
        )
        alternatives.append(f"{look}(?:{forms})")
    return _Rules(
        letters=re.compile("|".join(sorted(map(re.escape, letters), key=len, reverse=True))),
        spellings=letters,
        endings=re.compile(f"(?:{'|'.join(alternatives)})$") if alternatives else None,
        first=_compile(table.get("first", [])),
        once=table.get("once", False),
        short=frozenset(table["short"].split()),
        last=_compile(table["last"]),
        bare=_compile(table.get("bare", [])),
        irregular=table.get("irregular", {}) | {word: word for word in table.get("keep", "").split()},
        snowball=snowballstemmer.stemmer(_SNOWBALL[lang]) if lang in _SNOWBALL else None,
    )


def _compile(rows: list[list[str]]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), replacement) for pattern, replacement in rows)


@cache
def _tables() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files("arna.text") / "tables/stems.toml").read_text("utf-8"))
