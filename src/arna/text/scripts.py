"""Which script a text is in, and one script's letters in another's."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from bisect import bisect_right
from collections import Counter
from functools import cache, lru_cache
from importlib.resources import files

# First code point of a block and the ISO 15924 code of its letters, from Unicode's Blocks.txt, neighbours of one
# script merged; "Zzzz" is a script nobody here asks about.
_BLOCKS = [
    (0x0000, "Latn"),
    (0x0370, "Grek"),
    (0x0400, "Cyrl"),
    (0x0530, "Armn"),
    (0x0590, "Hebr"),
    (0x0600, "Arab"),
    (0x0700, "Syrc"),
    (0x0750, "Arab"),
    (0x0780, "Thaa"),
    (0x07C0, "Nkoo"),
    (0x0800, "Zzzz"),
    (0x0860, "Arab"),
    (0x0900, "Deva"),
    (0x0980, "Beng"),
    (0x0A00, "Guru"),
    (0x0A80, "Gujr"),
    (0x0B00, "Orya"),
    (0x0B80, "Taml"),
    (0x0C00, "Telu"),
    (0x0C80, "Knda"),
    (0x0D00, "Mlym"),
    (0x0D80, "Sinh"),
    (0x0E00, "Thai"),
    (0x0E80, "Laoo"),
    (0x0F00, "Tibt"),
    (0x1000, "Mymr"),
    (0x10A0, "Geor"),
    (0x1100, "Kore"),
    (0x1200, "Ethi"),
    (0x13A0, "Zzzz"),
    (0x1780, "Khmr"),
    (0x1800, "Mong"),
    (0x18B0, "Zzzz"),
    (0x1C80, "Cyrl"),
    (0x1C90, "Geor"),
    (0x1CC0, "Zzzz"),
    (0x1D00, "Latn"),
    (0x1F00, "Grek"),
    (0x2000, "Latn"),
    (0x2D00, "Geor"),
    (0x2D30, "Zzzz"),
    (0x2DE0, "Cyrl"),
    (0x2E00, "Hans"),
    (0x3040, "Jpan"),
    (0x3100, "Hans"),
    (0x3130, "Kore"),
    (0x3190, "Hans"),
    (0x31F0, "Jpan"),
    (0x3200, "Hans"),
    (0xA000, "Zzzz"),
    (0xA640, "Cyrl"),
    (0xA6A0, "Zzzz"),
    (0xA720, "Latn"),
    (0xA800, "Zzzz"),
    (0xAB30, "Latn"),
    (0xAB70, "Zzzz"),
    (0xAC00, "Kore"),
    (0xD800, "Zzzz"),
    (0xF900, "Hans"),
    (0xFB00, "Latn"),
    (0xFB13, "Armn"),
    (0xFB1D, "Hebr"),
    (0xFB50, "Arab"),
    (0xFE00, "Zzzz"),
    (0xFE70, "Arab"),
    (0xFEFF, "Zzzz"),
    (0xFF21, "Latn"),
    (0xFF66, "Jpan"),
    (0xFFA0, "Kore"),
    (0x10000, "Zzzz"),
    (0x1D400, "Latn"),
    (0x1E000, "Zzzz"),
    (0x20000, "Hans"),
]
_STARTS = [start for start, _ in _BLOCKS]
_APOSTROPHES = str.maketrans("ʻʼ‘’`´", "''''''")
_KANA_SHARE = 0.1  # Japanese mixes kana with Han letters; even headlines have more than this
_VOWELS = "аәеёиоөуұүыіэюяўaeiouäöüyаоуыэ"


@lru_cache(maxsize=8192)
def letter_script(char: str) -> str:
    """ISO 15924 code of a letter's script; "" for what is no letter, "Zzzz" for scripts not told apart."""
    return _BLOCKS[bisect_right(_STARTS, ord(char)) - 1][1] if char.isalpha() else ""


def script_of(text: str) -> str:
    """ISO 15924 code of the script of most letters of a text; "Zyyy" where it has none.

    Han letters alone are "Hans", with kana "Jpan".
    """
    counts: Counter[str] = Counter()
    for char, times in Counter(text).items():
        counts[letter_script(char)] += times
    del counts[""]
    if not counts:
        return "Zyyy"
    first = counts.most_common(1)[0][0]
    if first == "Hans" and counts["Jpan"] > _KANA_SHARE * counts["Hans"]:
        return "Jpan"
    return first


def kazakh_to_latin(text: str, spelling: str = "2021") -> str:
    """Kazakh in Cyrillic letters as one of its Latin spellings writes it.

    Args:
        text: Kazakh in Cyrillic letters; what is not Cyrillic stays.
        spelling: One of :func:`kazakh_spellings`.

    Raises:
        KeyError: No such spelling.
    """
    return _replace(text, f"kazakh_latin.{spelling}")


def kazakh_spellings() -> tuple[str, ...]:
    """The Latin spellings of Kazakh that ``scripts.toml`` has."""
    return tuple(_tables()["kazakh_latin"])


def kazakh_to_cyrillic(text: str) -> str:
    """Kazakh in any Latin spelling in Cyrillic letters, as far as letters tell.

    The spelling is guessed from the letters of the whole text. Signs a spelling does not write (ASCII ones, и and
    й in most) cannot be brought back.
    """
    text = unicodedata.normalize("NFC", text).translate(_APOSTROPHES)
    cyrillic = _replace(text, f"kazakh_cyrillic.{_guess_spelling(text.lower())}")
    return re.sub("(?<=[аәоөуүұыіэеАӘОӨҰҮЫІЭЕ])[иі]", "й", cyrillic)


def _guess_spelling(text: str) -> str:
    """Which Latin spelling of Kazakh a text is in, by the letters that tell one from another."""
    if re.search("[áǵńóúý]", text):
        return "2018"
    yods = len(re.findall("(?<=[aäeıioöuü])y|y(?=[aäou])", text))
    if 2 * yods > text.count("y") or ("ı" in text and "y" not in text):
        return "qazaqparat" if "w" in text else "common"
    return "2021" if "ı" in text else "2021-i"


def uzbek_to_cyrillic(text: str) -> str:
    """Uzbek in Latin letters (oʻ and gʻ with any apostrophe) in Cyrillic ones; э at the start of words."""
    text = text.translate(_APOSTROPHES)
    text = re.sub(r"(?<![^\W\d_])(?:(e)|(E))", lambda found: "э" if found[1] else "Э", text)
    return _replace(text, "uzbek_cyrillic")


def uzbek_to_latin(text: str) -> str:
    """Uzbek in Cyrillic letters in Latin ones of the 1995 alphabet; е is ye at the start and after vowels."""
    begins = rf"(?:(?<![^\W\d_])|(?<=[{_VOWELS}ъь{_VOWELS.upper()}]))"
    text = re.sub(f"{begins}е", "ye", text)
    text = re.sub(rf"{begins}Е(?=[^\W\d_])", "Ye", text)
    return _replace(text, "uzbek_latin")


def turkmen_to_cyrillic(text: str) -> str:
    """Turkmen in Latin letters in those of the alphabet used until 1993; э at the start of words."""
    text = re.sub(r"(?<![^\W\d_])(?:(e)|(E))", lambda found: "э" if found[1] else "Э", text)
    return _replace(text, "turkmen_cyrillic")


@cache
def _tables() -> dict[str, dict[str, dict[str, str]]]:
    """The rows of ``scripts.toml`` by table and spelling; tables of one spelling have it as ""."""
    table = tomllib.loads((files("arna.text") / "tables/scripts.toml").read_text("utf-8"))
    kazakh = {}
    for group, first in (("kazakh_latin", "2021"), ("kazakh_cyrillic", "2021-i")):
        spellings = table.pop(group)
        kazakh[group] = {name: spellings[first] | changes for name, changes in spellings.items()}
    return kazakh | {name: {"": rows} for name, rows in table.items()}


@cache
def _compile(name: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """The pattern of the letters a table replaces, longest first, and what with, in both cases."""
    group, _, spelling = name.partition(".")
    rows = dict(_tables()[group][spelling])
    for source, target in list(rows.items()):
        rows.setdefault(source.capitalize(), target[:1].upper() + target[1:])
        rows.setdefault(source.upper(), target.upper())
    rows.setdefault("İ", rows.get("I", "İ"))
    pattern = "|".join(re.escape(source) for source in sorted(rows, key=len, reverse=True))
    return re.compile(pattern), rows


def _replace(text: str, name: str) -> str:
    """Replace letters by a table; a capital that becomes two letters is all capitals inside capitals."""
    pattern, rows = _compile(name)

    def render(found: re.Match[str]) -> str:
        target = rows[found.group()]
        if len(target) > 1 and found.group().isupper():
            around = text[max(0, found.start() - 1) : found.start()] + text[found.end() : found.end() + 1]
            return target.upper() if around.isupper() else target
        return target

    return pattern.sub(render, text)
