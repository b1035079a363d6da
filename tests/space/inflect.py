"""Names of outlets in the cases real credits put them in, made here by each language's own rules.

Made apart from :mod:`arna.trace.credit_names`, which reads such forms: a rule wrong there shows in the tests that
compare the two. Only what an editor would write: names in Latin letters and abbreviations stay as they are in Russian
and Ukrainian, and take their suffix behind a hyphen in Kazakh and Kyrgyz.
"""

from __future__ import annotations

import re

HEADS = {
    "газета": {"gen": "газеты", "dat": "газете", "acc": "газету", "prep": "газете"},
    "телеканал": {"gen": "телеканала", "dat": "телеканалу", "acc": "телеканал", "prep": "телеканале"},
    "портал": {"gen": "портала", "dat": "порталу", "acc": "портал", "prep": "портале"},
    "медиапортал": {"gen": "медиапортала", "dat": "медиапорталу", "acc": "медиапортал", "prep": "медиапортале"},
    "агентство": {"gen": "агентства", "dat": "агентству", "acc": "агентство", "prep": "агентстве"},
}
"""Russian nouns before a name: they are declined, the name behind them is not."""

_PHRASES = re.compile(r"Жас Алаш|.* а[кқ]шамы|.*[.:] .*")
"""Names of several words that Russian does not decline."""
_UNDECLINED = {"иа", "миа", "книа", "ниат", "радио", "радіо", "и", "риа", "ріа"}
_PLACES = {"евразия", "европа", "алматы"}
"""Behind a word that is declined they stand as they are."""
_CASES = ("gen", "dat", "acc", "prep")
_RU_ENDINGS = {
    "вестия": "вестий вестиям вестия вестиях",
    "вести": "вестей вестям вести вестях",
    "ости": "остей остям ости остях",
    "ская": "ской ской скую ской",
    "ая": "ой ой ую ой",
    "ое": "ого ому ое ом",
    "ее": "его ему ее ем",
    "ний": "него нему ний нем",
    "ий": "ого ому ий ом",
    "ый": "ого ому ый ом",
    "ие": "их им ие их",
    "ые": "ых ым ые ых",
    "ия": "ии ии ию ии",
    "ка": "ки ке ку ке",
    "га": "ги ге гу ге",
    "а": "ы е у е",
    "я": "и е ю е",
    "ы": "ов ам ы ах",
    "ь": "я ю ь е",
    "й": "я ю й е",
    "ъ": "а у ъ е",
}
"""Genitive, dative, accusative and prepositional of words by their ending, the longest first."""
_UK_ADJECTIVES = {
    "ська": {"gen": "ської", "acc": "ську"},
    "цька": {"gen": "цької", "acc": "цьку"},
    "ова": {"gen": "ової", "acc": "ову"},
    "ьне": {"gen": "ьного", "acc": "ьне"},
    "ське": {"gen": "ського", "acc": "ське"},
    "ський": {"gen": "ського", "acc": "ський"},
}
_VOWELS = "оуэюеёиӣіәөүұ"


def is_latin(name: str) -> bool:
    """Whether a name has Latin letters."""
    return bool(re.search("[A-Za-z]", name))


def _is_fixed(word: str) -> bool:
    """Words that no case changes: Latin ones, abbreviations, numbers."""
    plain = re.search("[а-яіїєґ]", word.lower()) and word[1:] == word[1:].lower()
    return is_latin(word) or not plain or word.lower() in _UNDECLINED


def decline_russian(name: str, case: str) -> str:
    """A name in the genitive, dative, accusative or prepositional ("gen", "dat", "acc", "prep"), in quotation marks."""
    head, _, rest = name.partition(" ")
    forms = HEADS.get(head.lower())
    if forms and rest:
        noun = head if case == "nom" else forms[case]
        return f"{noun} «{rest}»"
    if _PHRASES.fullmatch(name):
        return f"«{name}»"
    if case == "nom" or is_latin(name):
        return name
    return " ".join(_decline_russian_word(word, case, index) for index, word in enumerate(name.split()))


def _decline_russian_word(word: str, case: str, index: int) -> str:
    low = word.lower()
    if _is_fixed(word) or (index and low in _PLACES):
        return word
    for ending, forms in _RU_ENDINGS.items():
        if low.endswith(ending):
            return word[: -len(ending)] + forms.split()[_CASES.index(case)]
    if low[-1] in _VOWELS:
        return word
    return word + ("а", "у", "", "е")[_CASES.index(case)]


def decline_ukrainian(name: str, case: str) -> str:
    """A name in the genitive or accusative; a Russian one stays as it is, in quotation marks."""
    if re.search("(?:ая|ое|ее|вестия)(?: |$)", name.lower()):
        return f"«{name}»"
    if case == "nom" or is_latin(name):
        return name
    return " ".join(_decline_ukrainian_word(word, case) for word in name.split())


def _decline_ukrainian_word(word: str, case: str) -> str:
    low = word.lower()
    for ending, forms in _UK_ADJECTIVES.items():
        if low.endswith(ending):
            return word[: -len(ending)] + forms[case]
    if _is_fixed(word):
        return word
    if low.endswith("а"):
        return word[:-1] + {"gen": "и", "acc": "у"}[case]
    if low.endswith("я"):
        return word[:-1] + {"gen": "ї", "acc": "ю"}[case]
    if low[-1] in "бвгґджзклмнпрстфхцчшщ":
        return word + {"gen": "у", "acc": ""}[case]
    return word


_POSSESSED = re.compile(r"(?:газеті|арнасы|агенттігі|агенттиги|порталы|радиосы|үналгысы|ақшамы|арнасы)$")
_VOICELESS = set("кқпстфхшщчцkpstfxhqc")
_NASAL = set("мнңmn")
_KK_BACK, _KK_FRONT = "аоұыуяёaoıuáó", "әөүіеиэюeiäöüyý"


def _last_vowel(name: str, vowels: str) -> str:
    found = [letter for letter in name.lower() if letter in vowels]
    return found[-1] if found else ""


def suffix_kazakh(name: str, case: str) -> str:
    """A name in the genitive or dative, as Kazakh news writes it in Cyrillic."""
    if case == "nom":
        return name
    front = _last_vowel(name, _KK_BACK + _KK_FRONT) in _KK_FRONT
    last = name.lower().rstrip('»"')[-1]
    if _POSSESSED.search(name.lower()):
        return name + {"gen": "нің" if front else "ның", "dat": "не" if front else "на"}[case]
    hyphen = "-" if is_latin(name) or name.isupper() or last in ".0123456789" else ""
    vowel = last in _KK_BACK + _KK_FRONT
    onset = "н" if vowel or last in _NASAL else "т" if last in _VOICELESS else "д"
    dative = ("к" if front else "қ") if last in _VOICELESS else ("г" if front else "ғ")
    ending = {"gen": onset + ("ің" if front else "ың"), "dat": dative + ("е" if front else "а")}[case]
    return name + hyphen + ending


_KY_HARMONY = {
    "а": "ы",
    "ы": "ы",
    "я": "ы",
    "е": "и",
    "и": "и",
    "э": "и",
    "о": "у",
    "у": "у",
    "ю": "у",
    "ө": "ү",
    "ү": "ү",
}
_KY_LATIN = {"a": "ы", "e": "и", "i": "и", "y": "и", "o": "у", "u": "у"}


def suffix_kyrgyz(name: str, case: str) -> str:
    """A name in the genitive."""
    if case == "nom":
        return name
    harmony = _KY_HARMONY | _KY_LATIN
    vowel = harmony.get(_last_vowel(name, "".join(harmony)), "и")
    last = name.lower().rstrip('»"')[-1]
    onset = "н" if last in harmony else "т" if last in _VOICELESS else "д"
    hyphen = "-" if is_latin(name) or name.isupper() else ""
    return f"{name}{hyphen}{onset}{vowel}н"


def suffix_uzbek(name: str, case: str) -> str:
    """A name in the dative, in the alphabet it is written in."""
    if case == "nom":
        return name
    latin = is_latin(name)
    last = name.lower()[-1]
    if latin:
        return name + ("ka" if last == "k" and not name.isupper() else "qa" if last == "q" else "ga")
    return name + ("ка" if last == "к" else "қа" if last == "қ" else "га")


def suffix_turkmen(name: str, case: str) -> str:
    """A name in the genitive."""
    if case == "nom":
        return name
    vowels = "aouyeiäöü"
    front = _last_vowel(name, vowels) in "eiäöü"
    last = name.lower()[-1]
    softened = {"k": "g"}.get(last, last) if not name.isupper() and last == "k" and len(name) > 4 else name[-1]
    onset = "n" if last in vowels else ""
    return f"{name[:-1]}{softened}{onset}{'iň' if front else 'yň'}"


def keep(name: str, case: str) -> str:
    """Tajik and English say the case by words around the name."""
    del case
    return name
