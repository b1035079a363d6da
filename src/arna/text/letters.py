"""How much a decoded text looks like words, by its letters alone: the judge between one-byte encodings."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise

# Share of letters in Russian text, in per mille (after Lyashevskaya and Sharov, Frequency Dictionary, 2009,
# rounded); the other languages in Cyrillic are close enough to tell text from permuted letters.
_RUSSIAN = (
    "о109 е85 а80 и74 н67 т63 с55 р47 в45 л44 к35 м32 д30 п28 у26 я20 ы19 ь17 г17 з16 б16 ч14 й12 х10 ж9 ш7 ю6 "
    "ц5 щ4 э3 ф3 ъ1 ё2"
)
_CYRILLIC_OTHERS = "іїєґәғқңөұүһўҳӣӯҷ"  # Ukrainian, Kazakh and Kyrgyz, Uzbek, Tajik
_CYRILLIC_FOREIGN = "ђѓѕјљњћќџ"  # Serbian and Macedonian: cp1251 shows them where kz1048 has Kazakh letters
_LATIN = "şığüöçäýňžİéáíóúñèàêâôßøåæčšřěąęłńśżőű"
_NEUTRAL = "\u00a0\u00ad«»„“”‘’‚–—…№•·°©®™§\u2009ʻʼ"

_EXPECTED = 0.03  # a letter rarer than this speaks against, a commoner one for the text being Russian-like
_FOREIGN, _BROKEN = -1.5, -3.0
_CASE_BREAK, _SCRIPT_BREAK, _ODD_PAIR = 2.0, 1.5, 1.0


def _weights() -> dict[str, float]:
    weights: dict[str, float] = {}
    for item in _RUSSIAN.split():
        weights[item[0]] = max(-1.0, math.log2(int(item[1:]) / 1000 / _EXPECTED) / 2)
    weights.update(dict.fromkeys(_CYRILLIC_OTHERS, 0.3))
    weights.update(dict.fromkeys("іїє", 0.4))
    weights.update(dict.fromkeys(_CYRILLIC_FOREIGN, _FOREIGN))
    weights.update({letter.upper(): weight - 0.3 for letter, weight in list(weights.items())})
    weights.update(dict.fromkeys(_LATIN + _LATIN.upper().replace("SS", ""), 0.0))
    weights.update(dict.fromkeys("şığüöçäýňžİŞĞÜÖÇÄÝŇŽ", 0.6))
    return weights


_WEIGHT = _weights()
_IS_CYRILLIC = frozenset(c for c in _WEIGHT if "\u0400" <= c <= "\u052f")


def rate_letters(text: str) -> float:
    """Mean weight of the letters outside ASCII in ``text``: higher is more like words, about 0.4 when read right.

    A letter counts by how common it is; what no word holds (controls, box drawing, U+FFFD) counts strongly
    against, and so do a capital after a small letter, Cyrillic touching Latin, and Latin letters with marks in a
    row, which is how a wrong encoding of Cyrillic looks, and letters of Ukrainian beside letters it does not
    have, which is Kazakh or Kyrgyz read as cp1251. 0.0 for a text without such letters.
    """
    total, count = 0.0, 0
    for (before, letter), times in Counter(pairwise(f" {text}")).items():
        if letter.isascii():
            if letter.isalpha() and before in _IS_CYRILLIC:
                total -= times * _SCRIPT_BREAK
        elif letter not in _NEUTRAL:
            count += times
            total += times * (_WEIGHT.get(letter, _BROKEN) - _break_between(before, letter))
    total -= _ODD_PAIR * min(sum(map(text.count, "їєґ")), sum(map(text.count, "ыэъ")))
    return total / count if count else 0.0


def _break_between(before: str, letter: str) -> float:
    if not before.isalpha():
        return 0.0
    if letter in _IS_CYRILLIC:
        if before in _IS_CYRILLIC:
            return _CASE_BREAK if before.islower() and letter.isupper() else 0.0
        return _SCRIPT_BREAK
    if before.isascii():
        return _CASE_BREAK if before.islower() and letter.isupper() else 0.0
    return _SCRIPT_BREAK if before in _IS_CYRILLIC else _SCRIPT_BREAK / 2
