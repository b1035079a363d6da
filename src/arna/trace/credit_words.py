"""The words of attribution: ``credits.toml`` as patterns over folded text."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from arna.text.scripts import kazakh_spellings, kazakh_to_latin, turkmen_to_cyrillic, uzbek_to_cyrillic

LANGUAGES = ("kk", "ru", "uz", "tk", "ky", "tg", "uk", "en")

# One character for one: offsets in the folded text are offsets in the text.
_LETTERS = (
    *((char, "'") for char in "`´ʹʻʼʽˈ‘’‛′＇՚ꞌ"),
    *((char, '"') for char in "«»“”„‟‹›"),
    *((char, "-") for char in "‑‐"),
    *((char, " ") for char in "\u00a0\u2009\u202f\t"),
    ("ё", "е"),
    ("ı", "i"),
)
_NEVER = r"(?!)"
# What turns telling into its opposite, or into news about the outlet itself ("TASS said it would open an office").
_NOT = (
    r"(?!\s+(?:жоқ|емес|эмес|жок|yo'q|emas|йўқ|эмас|ýok|däl)(?!\w))"
    r"(?!\s+(?:on \w+ )?(?:that )?(?:it|its)\s+(?:would|will|has|had|was|is|plans?|planned|own|new)\b)"
    r"(?!\s+(?:о|об|про)\s+(?:\w+\s+)?сво\w+)"
)
_PAUSE = r"(?=\s*(?:[.,;:!?)\"–—]|-\s|$|со ссылкой|об этом|про це|з посиланням|із посиланням))"
PAUSE_BEHIND = re.compile(
    r"\s*(?:[.,;:!?)\"–—]|-\s|$|со ссылк|об этом|про це|з посилан|із посилан"
    r"|(?:и|і|й|та|and)\s|(?:news )?(?:report|dispatch|story|article|interview|investigation|analysis)s?(?!\w))"
)


def fold_letters(text: str) -> str:
    """A text of the same length with small letters, one apostrophe, one quotation mark, ё as е and ı as i."""
    lowered = text.replace("İ", "I").lower()
    if len(lowered) != len(text):  # a few capitals have two small letters
        lowered = "".join(small if len(small := char.lower()) == 1 else char for char in text.replace("İ", "I"))
    for char, folded in _LETTERS:  # thirty searches take a tenth of the time of str.translate
        lowered = lowered.replace(char, folded)
    return lowered


@cache
def load_table() -> dict[str, Any]:
    """``credits.toml`` as it stands."""
    return tomllib.loads((files("arna.trace") / "credits.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Cues:
    """One language's patterns, to be matched around a name.

    Attributes:
        left: ends where the name begins; groups ``v`` (verb), ``w`` (verb that needs a pause behind the name),
            ``p`` (preposition), ``t`` (somebody speaks to the outlet).
        right: begins where the name ends; the same groups, ``p`` for postpositions.
        far: name first, verb last in the sentence, or None.
        far_talk: the same for somebody who speaks to the outlet.
        address: ends where the name begins; somebody says, who is named before the outlet is addressed.
        nouns: the outlet's nouns behind a name.
        opening: what may stand before a name with ``far``.
        head: what may stand before a subject, to the end of the text before the name, or None where word order
            leaves no doubt.
        dative: ending of the outlet's name or noun when somebody speaks to it, or None.
        title: begins where the name ends: somebody of the outlet's own, not the outlet.
        between: nouns and adjectives around a name, to join two names.
    """

    left: re.Pattern[str]
    right: re.Pattern[str]
    far: re.Pattern[str] | None
    far_talk: re.Pattern[str] | None
    address: re.Pattern[str] | None
    nouns: re.Pattern[str]
    opening: re.Pattern[str] | None
    head: re.Pattern[str] | None
    dative: re.Pattern[str] | None
    title: re.Pattern[str] | None
    svo: bool


@cache
def compile_cues(language: str) -> Cues:
    """The patterns of a base language.

    Raises:
        KeyError: ``credits.toml`` has no such language.
    """
    rows = load_table()[language]

    def one(*keys: str) -> str:
        found = [expand_pattern(row, language) for key in keys for row in rows.get(key, ())]
        return "(?:" + "|".join(found) + ")" if found else _NEVER

    svo = rows["order"] == "svo"
    join = r"(?:\s+|(?=,))"
    beside = rf"(?:{one('noun', 'adjective', 'adverb')}(?!\w)[\s,]*){{0,7}}"
    verbs = one("inverted") if "inverted" in rows else one("verb")
    if not svo:
        verbs = rf"(?:{one('quote')}[\s,–—\-\"]+|(?<=[,\"–—-]\s)){verbs}"
    left = (
        rf"(?<![\w-])(?:(?P<t>{one('talk') if svo else one('talkto')})|(?P<p>{one('preposition')})"
        rf"|(?P<v>{verbs})|(?P<w>{one('weak') if svo else _NEVER}))(?!\w)[\s:,]*{beside}[\"(]?\s*$"
    )
    nouns = rf"(?:{join}(?:{one('noun', 'adjective')})(?!\w)\"?){{0,5}}?"
    adverbs = rf"(?:{join}(?:{one('adverb')})(?!\w)){{0,4}}?"
    kinds = (
        rf"(?P<p>{_NEVER if svo else one('postposition')})|(?P<v>{one('verb')}(?!\w){_NOT})"
        rf"|(?P<w>{one('weak')}(?!\w){_PAUSE})|(?P<t>{_NEVER if svo else one('talk')}(?!\w){_NOT})"
    )
    right = rf"(?P<nouns>{nouns}){adverbs}\s+(?P<cue>{kinds})(?!\w)"
    far = far_talk = opening = None
    quoted = "" if svo else r"(?<=[,\"–—-]\s)"
    address = rf"(?<![\w-]){quoted}{one('address')}(?:\s+(?:{one('noun')}\s+)?(?!(?:к|ко|на|о|об|в|во|за|по|про|до|у|з|із|від|от|для)\s)[\w-]+){{0,4}}\s+\"?$"
    if not svo:
        far = re.compile(
            rf"(?P<nouns>{nouns})\s[^.!?;\n\"]{{3,160}}?\s(?:{expand_pattern(rows['object'], language)})\s+"
            rf"(?P<v>{one('verb')})(?!\w){_NOT}{_PAUSE}"
        )
        far_talk = re.compile(
            rf"(?P<nouns>{nouns})\s[^.!?;\n\"]{{3,140}}?\s(?:{expand_pattern(rows['object'], language)})\s+"
            rf"(?P<t>{one('talk')})(?!\w){_NOT}{_PAUSE}"
        )
        opening = re.compile(
            rf"(?:^|[.!?:;,\n–—\"]|-\s)\s*(?:(?:{one('adverb', 'quote', 'adjective', 'noun')})\s+){{0,4}}\"?\s*$"
        )
    before = rf"(?:^|[.,:;!?–—()\"]|-\s|(?<!\w)(?:{one('before')}))\s*(?:{one('noun', 'adjective', 'adverb')}\s+){{0,6}}[\"(]?$"
    return Cues(
        left=re.compile(left),
        right=re.compile(right),
        far=far,
        far_talk=far_talk,
        address=re.compile(address) if "address" in rows else None,
        nouns=re.compile(rf"(?:\s+(?:{one('noun')})(?!\w))*"),
        opening=opening,
        head=re.compile(before) if svo else None,
        dative=re.compile(rf"\w\"?['-]?\s?(?:{expand_pattern(rows['dative'], language)})\"?(?!\w)")
        if "dative" in rows
        else None,
        title=re.compile(rf"\s+(?:{one('noun')}\s+)?(?:{one('title')})(?!\w)") if "title" in rows else None,
        svo=svo,
    )


@cache
def compile_words(key: str) -> str:
    """One key's rows of all languages as one pattern: labels and joining words are read whatever the language."""
    rows = (expand_pattern(row, name) for name in LANGUAGES for row in load_table()[name].get(key, ()))
    return "(?:" + "|".join(dict.fromkeys(rows)) + ")"


def expand_pattern(row: str, language: str) -> str:
    """A row of ``credits.toml`` as a pattern, in every script its language is written in."""
    rows = {row: None}
    if language == "kk":
        rows |= dict.fromkeys(kazakh_to_latin(row, spelling) for spelling in kazakh_spellings())
    elif language == "uz":
        rows[_respell(row, uzbek_to_cyrillic)] = None
    elif language == "tk":
        rows[_respell(row, turkmen_to_cyrillic)] = None
    expanded = dict.fromkeys(_expand(fold_letters(item)) for item in rows)
    return "|".join(expanded) if len(expanded) == 1 else "(?:" + "|".join(expanded) + ")"


def _respell(row: str, spell: Any) -> str:
    """Letters of a row in another script, what stands after a backslash left as it is."""
    return "".join(part if part[0] == "\\" else spell(part) for part in re.findall(r"\\.|[^\\]+", row))


def _expand(row: str) -> str:
    row = re.sub(r"(?<!\\)\((?!\?)", "(?:", row)
    row = row.replace("~", r"\w*").replace(" ?", "\0").replace(" )", r"\s+)")
    return re.sub(r" +", r"\\s+", row).replace("\0", r"\s*")
