"""The words of attribution: ``credits.toml`` as patterns over folded text."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from arna.text.scripts import kazakh_spellings, kazakh_to_latin, turkmen_to_cyrillic, uzbek_to_cyrillic

if TYPE_CHECKING:
    from collections.abc import Callable

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
# A participle before its noun: "Kaktus.media жазган маалыматты".
_NO_NOUN = r"(?!(?:(?<=[гғқк][аеоө]н)|(?<=[gkq]an))\s+(?!еді|болатын|эле|экен|екен|эди|деп|edi|ekan|bo'l)\w)"
_PAUSE = r"(?=\s*(?:[.,;:!?)\"–—]|-\s|$|со ссылкой|об этом|про це|з посиланням|із посиланням))"
_JOIN = r"(?:\s+|(?=,))"
_PREPOSITIONS = "(?:к|ко|на|о|об|в|во|за|по|про|до|у|з|із|від|от|для)"
# Finite verbs by their look, and who the subject may be: neither may stand between an outlet and its verb.
_NO_VERB = (
    r"(?!(?!\w*(?:канал|портал|журнал|материал|джерел|генерал|филиал|вокзал|совет|кабинет|комитет|интернет|бюджет|университет|дел|сел|числ))"
    r"\w+(?:ил|ал|ел|ла|ло|ли|ет|ют|ит|ят|лся|лась|лись|ється|ться|ив|ав|ed)(?!\w))"
    r"(?!(?:was|were|is|has|had|that|что|що)(?!\w))"
)
_OWNS = r"(?:[ндт][ыіиуү][ңн]|ning|[yi]ň)"
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
        svo: the verb may stand before its subject without a word of quoting.
        left: ends where the name begins; groups ``v`` (verb), ``w`` (verb that needs a pause behind the name),
            ``p`` (preposition), ``t`` (somebody speaks to the outlet).
        right: begins where the name ends; the same groups, ``p`` for postpositions, ``cue`` for all, and ``nouns``.
        far: begins where the name ends; verb (``cue``) last in the sentence; None where ``svo``.
        far_talk: the same for somebody who speaks to the outlet.
        address: ends where the name begins; somebody says, and is named before the outlet is addressed.
        opening: what may stand before a subject, to the end of the text before the name.
        nouns: the outlet's nouns behind a name.
        dative: ending of the outlet's name or noun when somebody speaks to it.
        title: begins where the name ends: somebody of the outlet's own, or its house, not the outlet.
        aside: begins where the name ends: words set apart by commas or a phrase of time and place, then a verb
            (``cue``), where ``svo``; else None.
        report: begins where the name ends: any words of the clause, then a verb (``cue``) that can only be said of
            one who tells; None where ``svo``.
        account: the same with a postposition made of such a verb, where the name owns the telling.
        answer: begins where the name ends: any words of the clause, then somebody has said it to the outlet.
        spoken: ends where the name begins: a preposition that makes the outlet the one spoken to, in place of a case.
        writer: ends (``en``: begins) beside the name: somebody who writes for the outlet; None where not ``svo``.
        person: begins where the name or the writer's word ends: two or three names, then a verb (``cue``).
        owner, owned: end where the name begins and begin where it ends: "by", "'s estimate"; None where not ``svo``.
    """

    svo: bool
    left: re.Pattern[str]
    right: re.Pattern[str]
    far: re.Pattern[str] | None
    far_talk: re.Pattern[str] | None
    address: re.Pattern[str]
    opening: re.Pattern[str]
    nouns: re.Pattern[str]
    dative: re.Pattern[str]
    title: re.Pattern[str]
    aside: re.Pattern[str] | None
    report: re.Pattern[str] | None
    account: re.Pattern[str] | None
    answer: re.Pattern[str] | None
    spoken: re.Pattern[str]
    writer: re.Pattern[str] | None
    person: re.Pattern[str] | None
    owner: re.Pattern[str] | None
    owned: re.Pattern[str] | None


@cache
def compile_cues(language: str) -> Cues:
    """The patterns of a base language.

    Raises:
        KeyError: ``credits.toml`` has no such language.
    """
    rows = _Rows(language)
    svo = rows.svo
    nouns = rf"(?:\s+(?:{rows.join('noun')})(?!\w))*"
    title = rf"\s+(?:{rows.join('noun')}\s+)?(?:{rows.join('title')})(?!\w)"
    dative = rf"\w\"?['-]?\s?(?:{rows.join('dative')})\"?(?!\w)"
    return Cues(
        svo=svo,
        left=re.compile(_write_left(rows)),
        right=re.compile(_write_right(rows)),
        far=None if svo else re.compile(_write_far(rows, "verb", "tell")),
        far_talk=None if svo else re.compile(_write_far(rows, "talk")),
        address=re.compile(_write_address(rows)),
        opening=re.compile(_write_opening(rows)),
        nouns=re.compile(nouns),
        dative=re.compile(dative),
        title=re.compile(title),
        aside=re.compile(_write_aside(rows)) if svo else None,
        report=None if svo else re.compile(_write_report(rows, "report")),
        writer=re.compile(rf"(?<!\w){rows.join('writers')}\s+(?:{rows.join('noun')}\s+)?\"?$") if svo else None,
        person=re.compile(_write_person(rows, behind=language == "en")) if svo else None,
        answer=None if svo else re.compile(_write_report(rows, "talk", "answer")),
        spoken=re.compile(
            rf"(?<!\w)(?:{rows.join('spoken')})\s+(?:(?:{rows.join('noun', 'adjective')})\s+){{0,3}}\"?$"
        ),
        account=None if svo else re.compile(_write_account(rows)),
        owner=re.compile(rf"(?<!\w)(?:{rows.join('owner')})\s+(?:(?:{rows.join('adjective', 'noun')})\s+){{0,3}}\"?$")
        if svo
        else None,
        owned=re.compile(rf"\"?(?:'s?)?\"?\s+(?:{rows.join('owned')})(?!\w)") if svo else None,
    )


class _Rows:
    """One language's table, its rows joined to patterns; a key it lacks is a pattern that never matches."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._rows = load_table()[language]
        self.svo: bool = self._rows["order"] == "svo"

    def join(self, *keys: str) -> str:
        found = [expand_pattern(row, self._language) for key in keys for row in self._rows.get(key, ())]
        return "(?:" + "|".join(found) + ")" if found else _NEVER


def _write_left(rows: _Rows) -> str:
    """Talk, preposition or verb, then the outlet's nouns, up to the name."""
    verbs = rows.join("inverted")  # where it is left out, any verb may stand before its subject
    if verbs == _NEVER:
        verbs = rows.join("verb")
    if not rows.svo:
        verbs = rf"(?:{rows.join('quote')}[\s,–—\-\"]+|(?<=[,\"–—-]\s)){rows.join('verb')}"
    if rows.svo and (judges := rows.join("judges")) != _NEVER:
        verbs = rf"(?:{verbs}|(?<=[,\"–—-]\s){judges}|(?<=как\s){judges}|(?<=\bяк\s){judges})"
    beside = rf"(?:{rows.join('noun', 'adjective', 'adverb')}(?!\w)[\s,]*){{0,7}}"
    return (
        rf"(?<![\w-])(?:(?P<t>{rows.join('talk' if rows.svo else 'talkto')})|(?P<p>{rows.join('preposition')})"
        rf"|(?P<v>{verbs})|(?P<w>{rows.join('weak') if rows.svo else _NEVER}))(?!\w)[\s:,]*{beside}"
        rf"(?:\"?[\w.'-]+\"?\s+(?:{rows.join('and')})\s+{beside})?[\"(]?\s*$"
    )


def _write_right(rows: _Rows) -> str:
    """The outlet's nouns, then verb, postposition or talk."""
    adverbs = rf"(?:{_JOIN}(?:{rows.join('adverb')})(?!\w)){{0,4}}?"
    kinds = (
        rf"(?P<p>{_NEVER if rows.svo else rows.join('postposition')})|(?P<v>{rows.join('verb')}(?!\w){_NOT}{_NO_NOUN})"
        rf"|(?P<w>{rows.join('weak')}(?!\w){_PAUSE})"
        rf"|(?P<t>{_NEVER if rows.svo else rows.join('talk')}(?!\w){_NOT})"
    )
    return rf"(?P<nouns>{_write_nouns(rows)}){adverbs}\s+(?P<cue>{kinds})(?!\w)"


def _write_nouns(rows: _Rows) -> str:
    return rf"(?:{_JOIN}(?:{rows.join('noun', 'adjective')})(?!\w)\"?){{0,5}}?"


def _write_far(rows: _Rows, key: str, *also: str) -> str:
    """Any words of the sentence up to one that ends in an object's case, then the verb."""
    return (
        rf"{_write_nouns(rows)}\s[^.!?;\n\"]{{3,160}}?\s(?:{rows.join('object')})\s+"
        rf"(?P<cue>{rows.join(key, *also)})(?!\w){_NOT}{_PAUSE}"
    )


def _write_aside(rows: _Rows) -> str:
    """Words between commas, or a phrase that opens with a preposition and holds no comma and no verb, then the verb."""
    parted = r",\s[^.!?;\n]{3,140},"
    phrase = rf"(?:{rows.join('gap')})(?!\w)(?:\s+(?!не\s|not\s){_NO_VERB}[\w'.%№-]+){{1,9}}?"
    verbs = rf"(?:{rows.join('verb')}(?!\w){_NOT}|{rows.join('weak')}(?!\w){_PAUSE})"
    adverbs = rf"(?:{_JOIN}(?:{rows.join('adverb')})(?!\w)){{0,2}}?"
    return rf"{_write_nouns(rows)}(?:{parted}|{_JOIN}{phrase}(?:{parted}|,)?){adverbs}\s+(?P<cue>{verbs})"


def _write_person(rows: _Rows, *, behind: bool) -> str:
    writer = rf"\s*{rows.join('writers')}" if behind else ""
    return rf"{writer}(?:\s+[^\W\d][\w'-]+){{1,3}}?\s+(?P<cue>{rows.join('verb')})(?!\w){_NOT}"


def _write_report(rows: _Rows, *keys: str) -> str:
    """Up to fourteen words of the clause, then the verb before a pause."""
    words = r"(?:\s+[^\s.,!?;:\n\"]+){1,14}?"
    return rf"{_write_nouns(rows)}{words}\s+(?P<cue>{rows.join(*keys)})(?!\w){_NOT}{_PAUSE}"


def _write_account(rows: _Rows) -> str:
    words = rf"(?:\s+(?!{rows.join('title')}(?!\w)|\w*{_OWNS}(?!\w))[^\s.,!?;:\n\"]+){{1,8}}?"
    return rf"{_write_nouns(rows)}{words}\s+(?P<cue>{rows.join('account')})(?!\w)"


def _write_address(rows: _Rows) -> str:
    """A verb of saying and up to four words for who says it, none of them a preposition, up to the name."""
    quoted = "" if rows.svo else rf"(?<=[,\"–—-]\s)(?:{rows.join('quote')}\s+)?"
    who = rf"(?:\s+(?!{_PREPOSITIONS}\s)[\w'-]+){{0,5}}"
    return rf"(?<![\w-]){quoted}{rows.join('address')}{who}\s+\"?$"


def _write_opening(rows: _Rows) -> str:
    """What may stand in a sentence before its subject, up to the name."""
    if rows.svo:
        starts = rf"(?:^|[.,:;!?–—()\"]|-\s|(?<!\w)(?:{rows.join('before')}))"
        return rf"{starts}\s*(?:{rows.join('noun', 'adjective', 'adverb')}\s+){{0,6}}[\"(]?$"
    words = rows.join("adverb", "quote", "adjective", "noun")
    return rf"(?:^|[.!?:;,\n–—\"]|-\s)\s*(?:{words}\s+){{0,4}}\"?\s*$"


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


def _respell(row: str, spell: Callable[[str], str]) -> str:
    """Letters of a row in another script, what stands after a backslash left as it is."""
    return "".join(part if part[0] == "\\" else spell(part) for part in re.findall(r"\\.|[^\\]+", row))


def _expand(row: str) -> str:
    row = re.sub(r"(?<!\\)\((?!\?)", "(?:", row)
    row = row.replace("~", r"\w*").replace(" ?", "\0").replace(" )", r"\s+)")
    return re.sub(r" +", r"\\s+", row).replace("\0", r"\s*")
