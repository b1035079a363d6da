"""Language and script of articles and their passages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arna.text.scripts import letter_script, script_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arna.engines.identify import Guess, Identifier

# ISO 639-2 codes some sources give for the languages of DESIGN.md, by their two letters.
_SHORT: Final = {
    "kaz": "kk",
    "rus": "ru",
    "uzb": "uz",
    "uzn": "uz",
    "tuk": "tk",
    "kir": "ky",
    "tgk": "tg",
    "ukr": "uk",
    "eng": "en",
}
_TAG: Final = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_][A-Za-z0-9]{2,8})*")
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+")
_WORD: Final = re.compile(r"[^\W\d_][\w'ʻʼ‘’-]*")
UNDETERMINED: Final = "und"
"""Language tag of a text without words (BCP 47)."""

_SAMPLE: Final = 3_000  # characters of an article its language is told from; identification is settled by 500
_FEW_WORDS: Final = 4  # below it, names and figures decide more than language does
# A passage in another script than its article is one of names in that script ("Об этом сообщает Danube Freight
# Review") if so many of its words are in the article's: all such credits of the demo have a quarter and more.
_OWN_WORDS: Final = 0.25
# Confidence from which a passage is believed against its article. Of 0 to .99, .6 has the fewest errors on spans of 4
# and 5 words of SIB-200 dev, 15 in 100 of them in a second language (eleven pairs, Kazakh, Uzbek, Ukrainian … with
# Russian first): 0.5 %, against 0.8 % when always and 1.5 % when only from .9 on. Sentences do not depend on it.
_SURE: Final = 0.6


def complete_tag(given: str, text: str) -> str | None:
    """A given language tag with its script: ``kk-Cyrl`` for ``kk``, ``kaz`` or ``kk-KZ`` and a text in Cyrillic.

    A script in the tag is kept; region and variant are left out. None when it is no language tag.
    """
    match = _TAG.fullmatch(given.strip())
    if not match or match.group(1).lower() == UNDETERMINED:
        return None
    language = match.group(1).lower()
    language = _SHORT.get(language, language)
    return f"{language}-{match.group(2).title() if match.group(2) else _script_of_words(text)}"


def script_of_tag(tag: str, text: str) -> str:
    """ISO 15924 code of a tag's script, or of the text's own where the tag has none."""
    match = _TAG.fullmatch(tag)
    return match.group(2).title() if match and match.group(2) else _script_of_words(text)


def _script_of_words(text: str) -> str:
    """Script of a text's words; addresses are in Latin letters whatever the language."""
    return script_of(_ADDRESS.sub(" ", text[:_SAMPLE]))


def identify_languages(
    texts: Sequence[str],
    given: Sequence[str | None],
    passages: Sequence[Sequence[tuple[int, int]]],
    identifier: Identifier,
) -> tuple[list[str], list[list[str]]]:
    """Languages of articles and of each of their passages, in one call of the identifier.

    Args:
        texts: article texts.
        given: language tags that came with the articles and win, or None.
        passages: for each article its passages' spans.
        identifier: tells the language of many texts at once.

    Returns:
        A tag with script per article, and per article one per passage. A passage takes its article's if it has
        fewer than four words, or is in the article's script and the identifier is unsure of it, or is in another
        script but for a quarter of its words or more.
    """
    asked = [text[:_SAMPLE] for text in texts]
    asked += [text[begin:end] for text, spans in zip(texts, passages, strict=True) for begin, end in spans]
    guesses = identifier.identify(asked) if asked else []
    articles = [tag or guess.lang for tag, guess in zip(given, guesses, strict=False)]
    rest = iter(zip(asked[len(texts) :], guesses[len(texts) :], strict=True))
    by_passage = [[_settle(*next(rest), whole) for _ in spans] for whole, spans in zip(articles, passages, strict=True)]
    return articles, by_passage


def _settle(passage: str, guess: Guess, whole: str) -> str:
    if guess.lang == whole:
        return whole
    words = _WORD.findall(passage)
    if len(words) < _FEW_WORDS:
        return whole
    script = script_of_tag(whole, passage)
    if script_of_tag(guess.lang, passage) == script:
        return guess.lang if guess.confidence >= _SURE else whole
    own = sum(letter_script(word[0]) == script for word in words)
    return whole if own >= _OWN_WORDS * len(words) else guess.lang
