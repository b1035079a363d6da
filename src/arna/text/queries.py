"""What a user writes into a search box, and which words of a text it means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from arna.text.stems import LANGUAGES, fold_word, guess_languages, list_words, stem_word

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_WORDS = 32
"""Words of a query that count; nobody means more, and a pasted article must not keep the machine busy."""

LONGEST = 64
"""Letters of a word that count, in texts and queries: what is longer is no word."""

_QUOTES = '"\u201c\u201d\u201e\u00ab\u00bb'
_PARTS = re.compile(
    f"(?P<minus>(?<!\\S)[-\u2212])?(?:[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}]?|(?P<words>[^\\s{_QUOTES}]+))"
)


@dataclass(frozen=True)
class Part:
    """One thing asked for: words next to each other, in these very forms if they stood in quotation marks."""

    words: tuple[str, ...]
    verbatim: bool

    @property
    def folded(self) -> tuple[str, ...]:
        """The words as the index holds their exact forms."""
        return tuple(fold_token(word) for word in self.words)


@dataclass(frozen=True)
class Asked:
    """A query: all of ``wanted``, none of ``barred``. ``empty`` if nothing at all was written."""

    wanted: tuple[Part, ...]
    barred: tuple[Part, ...]
    empty: bool


def read_query(query: str) -> Asked:
    """Words, "words in quotation marks" of any kind, and -words; whatever else is written is passed over."""
    wanted: list[Part] = []
    barred: list[Part] = []
    left = MOST_WORDS
    for found in _PARTS.finditer(query):
        text = found["phrase"] if found["words"] is None else found["words"]
        words = tuple(text[begin:end] for begin, end in list_words(text))[:left]
        left -= len(words)
        if words:  # words joined by a hyphen stay together
            (barred if found["minus"] else wanted).append(Part(words, found["words"] is None))
    return Asked(tuple(wanted), tuple(barred), not query.strip())


def fold_token(word: str) -> str:
    """A word as the index holds its exact form."""
    return fold_word(word[:LONGEST])


def stem_token(word: str, base: str) -> str:
    """A word as the index holds its stem: with its language, for a stem of one is another word elsewhere."""
    return f"{base}:{stem_word(word[:LONGEST], base)}"


class _Known(dict[str, str]):
    """What becomes of words, each worked out once: a dictionary is several times as fast as a cached function."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base

    def __missing__(self, word: str) -> str:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        self[word] = token = stem_token(word, self.base) if self.base else fold_token(word)
        return token


_MOST_KNOWN = 300_000
_KNOWN = {base: _Known(base) for base in ("", *LANGUAGES)}


def list_tokens(words: Sequence[str], base: str) -> list[str]:
    """Words as the index holds them: their stems in a language that has rules, or with "" their exact forms."""
    known = _KNOWN[base]
    return [known[word] for word in words]


def write_tokens(words: Sequence[str], base: str) -> str:
    """The same as the index is given them."""
    return " ".join(list_tokens(words, base))


def list_stems(word: str, lang: str | None) -> tuple[str, ...]:
    """Stems of a word of a query, in the language named, or in all that its letters allow."""
    bases = guess_languages(word) if lang is None else (lang.partition("-")[0],)
    return tuple(stem_token(word, base) for base in bases if base in LANGUAGES)


def mark_words(text: str, query: str, lang: str) -> list[tuple[int, int]]:
    """Spans of the words of a text, in code points and in order, that match a query.

    Args:
        text: of an article.
        query: as the user wrote it.
        lang: language of the text.
    """
    asked = read_query(query)
    spans = list_words(text)
    words = [text[begin:end] for begin, end in spans]
    folded = list_tokens(words, "")
    base = lang.partition("-")[0]
    stems = list_tokens(words, base) if base in LANGUAGES and any(not part.verbatim for part in asked.wanted) else []
    marked: set[int] = set()
    for part in asked.wanted:
        forms, roots = part.folded, () if part.verbatim or not stems else list_tokens(part.words, base)
        starts = {n for n, form in enumerate(folded) if form == forms[0]}
        if roots:
            starts |= {n for n, stem in enumerate(stems) if stem == roots[0]}
        for at in starts:
            if at + len(forms) <= len(spans) and all(
                folded[at + n] == form or (bool(roots) and stems[at + n] == roots[n]) for n, form in enumerate(forms)
            ):
                marked.update(range(at, at + len(forms)))
    return [spans[n] for n in sorted(marked)]
