"""Find written credits: what a text attributes to a named outlet, in eight languages.

A name is looked for first, and only around one are the words of attribution read. Each mention goes down a cascade;
the first stage that speaks decides:

1. photo label: "Фото: ТАСС" credits a picture, not the text;
2. source line: "Дереккөз: ТАСС";
3. agency line: "АСТАНА, 23 сентября — ТАСС", "(Reuters)";
4. words before the name: "со ссылкой на Укринформ", "деп хабарлайды ТАСС", "told Reuters";
5. words behind it: "TASS xabariga ko'ra", "Reuters reported";
6. a verb at the end of the sentence that begins with the name (languages that put the verb last);
7. the same some words away: behind a phrase or an aside ("TASS, citing the ministry, reported"), at the clause's end
   or, in English, what the outlet owns ("by Reuters' count");
8. a neighbour joined by "and" that is credited.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from arna.terms import base_language
from arna.trace.credit_lines import is_agency_line, is_photo_label, is_source_line
from arna.trace.credit_names import Mention, NameIndex
from arna.trace.credit_strangers import find_strangers
from arna.trace.credit_words import LANGUAGES, PAUSE_BEHIND, Cues, compile_cues, compile_words, fold_letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arna.terms import Outlet

_BEFORE, _BEHIND = 170, 230  # characters read around a name; the longest attributions in bench/credits_cases take 160
_FALL_BACK = ("ru", "en")
_LATIN, _IN_CYRILLIC = ("en", "uz", "tk", "kk"), ("ru", "uk", "kk", "ky", "tg", "uz")
_CYRILLIC, _LATIN_WORD = re.compile("[а-яіїєґқғәөүұңһҳҷӣӯў]{2}"), re.compile("[a-z]{2}")
_FOREIGN = 0.95  # the article's language is another than the words of the credit
_SCORES = {"agency-line": 0.95, "source-line": 0.95, "verb": 0.95, "preposition": 0.97, "interview": 0.9}
_FAR = 0.75  # verb and name stand apart
_SENTENCE_START = re.compile(r"(?:^|[.!?:;,\n–—])\s*(?:-\s*)?(?:\w+\s+)?\"?\s*$")
# Behind a word too long for an abbreviation ("корр. ТАСС").
_SENTENCE_END = re.compile(r"[^\W\d_]{5}[.!?…]+\"?\s+")
_STRANGER = 0.65  # no outlet of that name is registered


@dataclass(frozen=True)
class Credit:
    """A written attribution of what is told to an outlet.

    Attributes:
        begin: code points; where the credit's words begin, verb or preposition or name.
        end: where they end, exclusive.
        outlet: id, or None where the name is not registered.
        name: as written, with its ending, without quotation marks.
        form: "verb", "preposition", "agency-line", "source-line" or "interview".
        score: 0 to 1, how sure. Set by form, not measured.
        whole: speaks for the whole article: an agency line, a source line, or a credit in the first two passages.
    """

    begin: int
    end: int
    outlet: str | None
    name: str
    form: str
    score: float
    whole: bool


@dataclass(frozen=True)
class _Sighting:
    """A mention that is a credit: its words' span, form and score."""

    begin: int
    end: int
    form: str
    score: float


class CreditFinder:
    """Finds credits to any of a set of outlets, and to unregistered ones where the words leave no doubt."""

    def __init__(self, outlets: Sequence[Outlet]) -> None:
        self._names = NameIndex(outlets)

    def find_credits(self, text: str, passages: Sequence[tuple[int, int]], lang: str) -> list[Credit]:
        """The credits of a text, in order.

        Args:
            text: an article.
            passages: begin and end of its sentences, in order; they decide what speaks for the whole article.
            lang: BCP 47 tag of the article. Russian and English words of attribution are read in every text, and the
                other languages' where none of these are found around a name.
        """
        folded = fold_letters(text)
        language = base_language(lang)
        known = list(self._names.find_names(text, folded, language))
        mentions = sorted([*known, *find_strangers(text, folded, known)], key=lambda mention: mention.begin)
        sightings = [_judge_mention(text, folded, mention, language) for mention in mentions]
        _join_neighbours(folded, mentions, sightings)
        _drop_doubles(mentions, sightings)
        opening = passages[min(1, len(passages) - 1)][1] if passages else len(text)
        return [
            Credit(
                sighting.begin,
                sighting.end,
                mention.outlet,
                text[mention.begin : mention.end],
                sighting.form,
                round(sighting.score * mention.sure * (1.0 if mention.outlet else _STRANGER), 3),
                sighting.form in {"agency-line", "source-line"} or sighting.begin < opening,
            )
            for mention, sighting in zip(mentions, sightings, strict=True)
            if sighting
        ]


def _judge_mention(text: str, folded: str, mention: Mention, language: str) -> _Sighting | None:
    line_begin = folded.rfind("\n", 0, mention.begin) + 1
    line_end = folded.find("\n", mention.end)
    line_end = len(folded) if line_end < 0 else line_end
    if is_photo_label(folded, line_begin, mention):
        return None
    begin = is_source_line(folded, line_begin, mention)
    if begin is not None:
        return _Sighting(begin, mention.outer_end, "source-line", _SCORES["source-line"])
    if mention.outlet and is_agency_line(text, line_begin, line_end, mention):
        return _Sighting(mention.outer_begin, mention.outer_end, "agency-line", _SCORES["agency-line"])
    left = _cut_sentence(folded[max(line_begin, mention.outer_begin - _BEFORE) : mention.outer_begin])
    right = folded[mention.outer_end : min(line_end, mention.outer_end + _BEHIND)]
    around = left + right
    for other in _order_languages(
        language, latin=bool(_LATIN_WORD.search(around)), cyrillic=bool(_CYRILLIC.search(around))
    ):
        cues = compile_cues(other)
        sighting = _read_left(left, right, mention, cues) or _read_address(folded, left, right, mention, cues)
        sighting = sighting or _read_right(folded, left, right, mention, cues)
        if not sighting and other in _read_far_in(language):
            sighting = _read_far(left, right, mention, cues) or _read_apart(folded, left, right, mention, cues)
        if sighting and not _is_thanked(folded, mention, sighting):
            if other == language:
                return sighting
            return _Sighting(sighting.begin, sighting.end, sighting.form, sighting.score * _FOREIGN)
    return None


def _cut_sentence(left: str) -> str:
    """What is left of the text before a name where earlier sentences are taken off."""
    begin = 0
    for end in _SENTENCE_END.finditer(left):
        begin = end.end()
    return left[begin:]


@cache
def _order_languages(language: str, *, latin: bool, cyrillic: bool) -> tuple[str, ...]:
    """The article's language first, then those every text borrows from, then the rest that are written so."""
    written = (_LATIN if latin else ()) + (_IN_CYRILLIC if cyrillic else ())
    own = (language,) if language in LANGUAGES else ()
    return tuple(dict.fromkeys((*own, *(name for name in _FALL_BACK if name in written), *written)))


@cache
def _read_far_in(language: str) -> frozenset[str]:
    """Languages whose verbs are looked for far from the name: the article's own and those every text borrows from."""
    return frozenset((language, *_FALL_BACK) if language in LANGUAGES else LANGUAGES)


def _read_left(left: str, right: str, mention: Mention, cues: Cues) -> _Sighting | None:
    """Words of attribution that end where the name begins."""
    found = cues.left.search(left)
    if not found or cues.title.match(right) or (found["w"] and not PAUSE_BEHIND.match(right)):
        return None
    form = "interview" if found["t"] else "preposition" if found["p"] else "verb"
    return _Sighting(mention.outer_begin - len(left) + found.start(), mention.outer_end, form, _SCORES[form])


def _read_address(folded: str, left: str, right: str, mention: Mention, cues: Cues) -> _Sighting | None:
    """A verb of saying and who says it, before a name that its case makes the one spoken to."""
    nouns = cues.nouns.match(right)
    end = mention.outer_end + (nouns.end() if nouns and not cues.svo else 0)
    if (cues.svo and not mention.declined) or not cues.dative.search(folded, max(mention.begin, mention.end - 5), end):
        return None
    found = cues.address.search(left)
    if not found:
        return None
    begin = mention.outer_begin - len(left) + found.start()
    return _Sighting(begin, mention.outer_end, "interview", _SCORES["interview"])


def _read_right(folded: str, left: str, right: str, mention: Mention, cues: Cues) -> _Sighting | None:
    """Words of attribution behind the name."""
    found = cues.right.match(right)
    if not found or (mention.outlet is None and _OWN_RESULTS.match(right, found.end("cue"))):
        return None
    cue_begin = mention.outer_end if cues.svo else mention.outer_end + found.start("cue")
    addressed = (mention.declined or not cues.svo) and bool(cues.dative.search(folded, mention.begin, cue_begin))
    if found["t"] and not addressed:
        return None
    if found["v"] and not cues.svo and _is_object(folded, mention, found["nouns"]):
        return None
    if cues.svo and not cues.opening.search(left):
        return None
    plain_news = mention.news and not mention.quoted and not found["nouns"].strip()
    if plain_news and not found["v"] and _begins_sentence(left):
        return None
    form = "preposition" if found["p"] else "interview" if addressed else "verb"
    return _Sighting(mention.outer_begin, mention.outer_end + found.end("cue"), form, _SCORES[form])


def _read_far(left: str, right: str, mention: Mention, cues: Cues) -> _Sighting | None:
    """A verb at the end of the sentence, where languages put it last, with the name far before it."""
    if not cues.far or not cues.far_talk:
        return None
    nouns = cues.nouns.match(right)
    beside = nouns.group() if nouns else ""
    found = cues.far_talk.match(right) if cues.dative.search(beside) else None
    if found:
        return _Sighting(mention.outer_begin, mention.outer_end + found.end("cue"), "interview", _FAR)
    if (mention.declined and not beside.strip()) or _is_declined_noun(beside) or cues.title.match(right):
        return None
    found = cues.far.match(right) if cues.opening.search(left) else None
    return _Sighting(mention.outer_begin, mention.outer_end + found.end("cue"), "verb", _FAR) if found else None


def _read_apart(folded: str, left: str, right: str, mention: Mention, cues: Cues) -> _Sighting | None:
    """A verb or postposition some words behind a registered name that is no everyday word."""
    if not mention.outlet or cues.title.match(right):
        return None
    if cues.aside and cues.owner and cues.owned:
        owner = cues.owner.search(left) if cues.owned.match(right) else None
        if owner:
            begin = mention.outer_begin - len(left) + owner.start()
            return _Sighting(begin, mention.outer_end, "preposition", _FAR)
        found = cues.aside.match(right) if cues.opening.search(left) else None
        found = found or (cues.person.match(right) if _is_writer(left, cues) and cues.person else None)
        return _Sighting(mention.outer_begin, mention.outer_end + found.end("cue"), "verb", _FAR) if found else None
    return _read_clause_end(folded, left, right, mention, cues)


def _is_writer(left: str, cues: Cues) -> bool:
    """Whether somebody who writes for the outlet is named: "корреспондент ТАСС"; behind the name in English."""
    return cues is compile_cues("en") or bool(cues.writer and cues.writer.search(left))


def _read_clause_end(folded: str, left: str, right: str, mention: Mention, cues: Cues) -> _Sighting | None:
    """The clause's last verb or postposition; the name is its subject or, in the genitive, owns the telling."""
    if not cues.report or not cues.account:
        return None
    nouns = cues.nouns.match(right)
    beside = nouns.group().rstrip() if nouns else ""
    owned = bool(_GENITIVE.search(folded[mention.begin : mention.outer_end] + beside))
    declined = _is_declined_noun(beside) if beside else mention.declined
    found = cues.account.match(right) if owned or not declined else None
    if found:
        return _Sighting(mention.outer_begin, mention.outer_end + found.end("cue"), "preposition", _FAR)
    addressed = cues.spoken.search(left) or cues.dative.search(folded[mention.begin : mention.outer_end] + beside)
    found = cues.answer.match(right) if addressed and cues.answer else None
    if found:
        return _Sighting(mention.outer_begin, mention.outer_end + found.end("cue"), "interview", _FAR)
    if owned or declined or not cues.opening.search(left):
        return None
    found = cues.report.match(right)
    return _Sighting(mention.outer_begin, mention.outer_end + found.end("cue"), "verb", _FAR) if found else None


def _begins_sentence(left: str) -> bool:
    """Whether nothing of the sentence, or one word, stands before the name."""
    return bool(_SENTENCE_START.search(left))


# A company with a host for a name tells of its own business.
_OWN_RESULTS = re.compile(
    r"\s+(?:an?\s+)?(?:[\w%.-]+\s+){0,3}(?:profits?|earnings|revenues?|loss(?:es)?|sales|results)(?!\w)"
    r"|\s+(?:о|про)\s+(?:\w+\s+){0,3}(?:прибыл|выручк|убытк|доход|прибутк|виторг|збитк|продаж)"
)
# Thanks and greetings are given to an outlet in the words that are said to one.
_THANKS = re.compile(
    r"(?<!\w)(?:алғыс|рахмет|minnatdor|миннатдор|rahmat|ыраазычылык|minnetdar|сипос|құттықтау|tabrik|табрик|gutlag)"
)
_GENITIVE = re.compile(r"(?:[ндт][ыіиуү][ңн]|ning|нинг|[yi]ň|[ыи]ң|iñ)\"?$")
_CASE_ENDING = re.compile(
    r"(?:н[ыіиуү][ңнг]+|[гғқк][аеоө]|[дт][аеоө]н?|н[ыіиаеуү]|ning|[gkq]a|[dt][ae]n?|n[iyae]|n[yi]ň|[мбп]ен)(?!\w)"
)

_OBJECT_NAME = re.compile(r"(?:[ндт][ыіиуү]|n[yi]|ро)$")
_OBJECT_NOUN = re.compile(
    r"(?:(?:сайт|портал|газет|агентти[гк]|агенттіг|басылма|журнал|телеканал|редакция)\w*[ыіи]н"
    r"|(?:sayt|portal|gazeta|nashr|agentlig|telekanal|saýt|gazet|neşir)\w*n[yi]"
    r"|(?:сайт|портал|газет|нашр|агентлиг)\w*ини)\"?$"
)


def _is_declined_noun(nouns: str) -> bool:
    """Whether the last of the nouns behind a name is in an oblique case, so that the name is no subject."""
    words = nouns.split()
    return bool(words and _CASE_ENDING.search(words[-1]) and len(words[-1]) > 5)


def _is_thanked(folded: str, mention: Mention, sighting: _Sighting) -> bool:
    """Whether it is thanks or a greeting that somebody says to the outlet; an outlet may tell of either."""
    if sighting.form == "verb" or sighting.end <= mention.outer_end:
        return False
    return bool(_THANKS.search(folded, mention.outer_end, sighting.end))


def _is_object(folded: str, mention: Mention, nouns: str) -> bool:
    """Whether something is done to the outlet: its name or the noun behind it is in the accusative."""
    if nouns.strip():
        return bool(_OBJECT_NOUN.search(nouns.rstrip()))
    return mention.declined and bool(_OBJECT_NAME.search(folded[mention.begin : mention.end]))


def _join_neighbours(folded: str, mentions: Sequence[Mention], sightings: list[_Sighting | None]) -> None:
    """Credit what stands beside a credited name, joined to it: "ТАСС и Reuters сообщили". Changes ``sightings``."""
    for order in (range(1, len(mentions)), range(len(mentions) - 1, 0, -1)):
        for right in order:
            one, two = sightings[right - 1], sightings[right]
            if (one is None) == (two is None) or not (mentions[right - 1].outlet and mentions[right].outlet):
                continue
            gap = folded[mentions[right - 1].outer_end : mentions[right].outer_begin]
            known = one or two
            if known and _joins(gap, listed=known.form == "source-line"):
                index = right if two is None else right - 1
                mention = mentions[index]
                sightings[index] = _Sighting(mention.outer_begin, mention.outer_end, known.form, known.score * 0.95)


def _drop_doubles(mentions: Sequence[Mention], sightings: list[_Sighting | None]) -> None:
    """Keep the nearer of two names of one outlet before one verb: "Turkmen State News Agency TDH reported"."""
    for at in range(len(mentions) - 1):
        one, two = sightings[at], sightings[at + 1]
        if one and two and one.end == two.end and mentions[at].outlet == mentions[at + 1].outlet:
            sightings[at] = None


def _joins(gap: str, *, listed: bool) -> bool:
    if len(gap) > 60:
        return False
    if re.fullmatch(r"\s*/\s*", gap) or (listed and re.fullmatch(r"\s*[,;]\s*", gap)):
        return True
    return bool(_joining_pattern().fullmatch(gap))


@cache
def _joining_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"\s*,?\s*(?:{compile_words('noun')}\s*){{0,2}}(?<!\w){compile_words('and')}\s+"
        rf"(?:{compile_words('noun')}\s*|{compile_words('adjective')}\s+){{0,3}}"
    )
