"""Language and script of articles and their passages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arna.text.scripts import script_of

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
UNDETERMINED: Final = "und"
"""Language tag of a text without words (BCP 47)."""

_SAMPLE: Final = 3_000  # characters of an article its language is told from; identification is settled by 500
_FEW_WORDS: Final = 4  # below it, names and figures decide more than language does
_SURE: Final = 0.6  # confidence from which a passage is believed against its article


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
        A tag with script per article, and per article one per passage. A passage of fewer than four words, or one
        the identifier is unsure of, takes its article's.
    """
    asked = [text[:_SAMPLE] for text in texts]
    asked += [text[begin:end] for text, spans in zip(texts, passages, strict=True) for begin, end in spans]
    guesses = identifier.identify(asked) if asked else []
    articles = [tag or guess.lang for tag, guess in zip(given, guesses, strict=False)]
    rest = iter(zip(asked[len(texts) :], guesses[len(texts) :], strict=True))
    by_passage = [[_settle(*next(rest), whole) for _ in spans] for whole, spans in zip(articles, passages, strict=True)]
    return articles, by_passage


def _settle(passage: str, guess: Guess, whole: str) -> str:
    if guess.confidence < _SURE or len(passage.split(maxsplit=_FEW_WORDS)) < _FEW_WORDS:
        return whole
    return guess.lang
