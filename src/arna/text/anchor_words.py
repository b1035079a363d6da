"""What single words mean to anchors: a number, a month, a name.

A name's key is a skeleton: its consonants in groups that transliteration and devoicing leave alone, over both scripts
and all the alphabets here (г, х, қ and к, gh, h, q and k are one group; so are ш, ч, sh, ç), after "a" for a first
vowel. Countries and cities that no letters carry over are in ``anchors.toml``.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from arna.text.normalise import fold

# Months whose names are other words too (season, cauldron, may, march, fierce, lime) need a day or a year beside them.
_DOUBTFUL = re.compile(
    "маусым|мамыр|наурыз|қазан|m[ae][uw]s[yi]m|mam[yi]r|na[uwý]r[yi]z|qazan|mart|ma[iyý]|марта?|май|маи"
)

_ENGLISH_WORDS = {"may", "march", "mar", "august"}

# Letters written together, as one Cyrillic letter of the same group.
_DIGRAPHS = {
    **dict.fromkeys(("shch", "sch", "tch", "ch", "sh", "s'", "c'", "тш"), "ш"),
    **dict.fromkeys(("zh", "dzh", "dj", "дж"), "ж"),
    **dict.fromkeys(("kh", "gh", "g'", "ck"), "к"),
    **dict.fromkeys(("c", "ts", "тс"), "с"),
    "th": "т",
    "ph": "ф",
    "eu": "в",
    "aust": "вст",
    "ohn": "н",
    "school": "скл",
    "'": "",
}
_DIGRAPH = re.compile(
    "school|shch|sch|tch|dzh|ch|sh|[sc]'(?!$)|zh|dj|kh|gh|g'|ck|th|ph|ts|c(?=[eiy])|ohn"
    r"|(?<![^\W\d_])(?:eu(?=[^aeiou])|aust)|'|дж|тш|тс"
)
_CONSONANTS = str.maketrans(
    {
        letter: group
        for group, letters in {
            "b": "bб", "v": "vwв", "k": "gгғґğǵhхҳһkкқqcx", "d": "dд", "z": "zз", "j": "jжҷҗž", "l": "lл", "m": "mм",
            "n": "nнңñńňŋ", "p": "pп", "r": "rр", "s": "sсцś", "t": "tт", "f": "fф", "c": "çşшщч",
            "": "aаәäáeеёэєiиіїйyыýoоөöóuуұүüúūūўӯӣюяъьïæø'’",
        }.items()
        for letter in letters
    }
)  # fmt: skip
_FIRST_VOWELS = "аәеёэиіїйоөуұүыюяєaeiouäöüáóúyýıўӣӯw"
_DOUBLES = re.compile(r"(.)\1+")
# Consonants that inflection adds: plural, possessive, case; Slavic cases and adjectives.
_INFLECTION = re.compile("(?:[ldt]r)?[msn]?(?:[ntd]n?k?|k[dn]?|dk|m|v|sk|n)?(?:dr)?")


class Sense(NamedTuple):
    """What a word means to anchors: a month, the value of a word of number, a scale, per cent."""

    month: int = 0
    sure: bool = False
    value: int = 0
    scale: int = 0
    percent: bool = False


NOTHING = Sense()


@lru_cache(maxsize=65536)
def read_word(word: str, tongue: str) -> Sense:
    """What a word means, by the tables."""
    folded = fold(word).strip("'")
    if len(folded) < 2 or len(folded) > 24:
        return NOTHING
    table = _tables()
    for pattern, scale in table.scales:
        if pattern.fullmatch(folded):
            return Sense(scale=scale)
    if table.percent.fullmatch(folded):
        return Sense(percent=True)
    known = tongue in table.tongues
    for words in table.numbers:
        if (words.tongue == tongue if known else words.safe) and (found := words.pattern.fullmatch(folded)):
            return Sense(value=int((found.lastgroup or "v0")[1:]))
    month = _match_month(folded)
    if not month or (word.islower() and folded in _ENGLISH_WORDS and tongue in {"", "en"}):
        return NOTHING
    sure = len(folded) > 4 and not _DOUBTFUL.match(folded) and folded not in _ENGLISH_WORDS
    return Sense(month=int((month.lastgroup or "m0")[1:]), sure=sure)


def _match_month(folded: str) -> re.Match[str] | None:
    """A month, also in Kazakh spellings with apostrophes or with k for қ."""
    months = _tables().months
    plain = folded.replace("'", "")
    found = months.fullmatch(folded) or (months.fullmatch(plain) if plain != folded else None)
    return found or (months.fullmatch("q" + plain[1:]) if plain.startswith("k") else None)


@lru_cache(maxsize=65536)
def make_name_key(word: str) -> str:
    """The key of a name; "" for what is too short or no name."""
    folded = fold(word).strip("'")
    table = _tables()
    if folded in table.not_names:
        return ""
    plain = folded.replace("'", "")
    for size in range(min(len(plain), 12), 1, -1):
        if known := table.names.get(plain[:size]):
            return known if size > 3 or word.isupper() else ""
    skeleton = _make_skeleton(folded)
    return skeleton if len(skeleton) > (1 if len(folded) > 3 else 2) else ""


def _make_skeleton(folded: str) -> str:
    """Groups of consonants that transliteration keeps; a first vowel is "a"."""
    reduced = _DIGRAPH.sub(lambda found: _DIGRAPHS[found.group()], folded).translate(_CONSONANTS)
    first = "a" if folded[0] in _FIRST_VOWELS and folded[0] not in "йyýw" else ""
    return first + _DOUBLES.sub(r"\1", reduced)


class _Words(NamedTuple):
    """Words of number of one language; the group that matches, v2 to v500, is the value."""

    tongue: str
    safe: bool
    pattern: re.Pattern[str]


class _Tables(NamedTuple):
    """What the tables say, compiled."""

    scales: list[tuple[re.Pattern[str], int]]
    percent: re.Pattern[str]
    months: re.Pattern[str]
    numbers: list[_Words]
    tongues: frozenset[str]
    names: dict[str, str]
    not_names: frozenset[str]


@cache
def _tables() -> _Tables:
    """``anchors.toml`` and the names of ``months.toml``."""
    folder = files("arna.text") / "tables"
    table = tomllib.loads((folder / "anchors.toml").read_text("utf-8"))
    months = tomllib.loads((folder / "months.toml").read_text("utf-8"))
    scales = [(re.compile(words), scale) for words, scale in table.pop("scales").items()]
    percent = re.compile(table.pop("percent")["words"])
    names = {start: f"{name}=" for name, starts in table.pop("names").items() for start in starts.split()}
    not_names = frozenset(table.pop("not_names")["en"].split())
    numbers = [
        _Words(tag.partition("-")[0], group == "words", _compile_numbers(rows[group], rows["ending"]))
        for tag, rows in table.items()
        for group in ("words", "alone")
        if rows[group]
    ]
    return _Tables(
        scales=scales,
        percent=percent,
        months=_compile_months(months),
        numbers=numbers,
        tongues=frozenset(words.tongue for words in numbers),
        names={fold(start).replace("'", ""): name for start, name in names.items()},
        not_names=not_names,
    )


def _compile_numbers(words: str, ending: str) -> re.Pattern[str]:
    """One pattern of the words of a language."""
    rows: dict[str, list[str]] = {}
    for row in words.split():
        value, _, word = row.partition(":")
        rows.setdefault(value, []).append(word)
    groups = "|".join(f"(?P<v{value}>{'|'.join(forms)})" for value, forms in rows.items())
    return re.compile(f"(?:{groups}){ending}")


def _compile_months(rows: dict[str, dict[str, list[str]]]) -> re.Pattern[str]:
    """One pattern of the months of all languages, folded; the group that matches, m1 to m12, is the month."""
    shorts = [rows[tag]["short"] for tag in ("ru", "en")]  # those of the others are words too: "там", "sen", "лист"
    groups = []
    for month in range(12):
        forms = [f"(?:{row['names'][month]}){row['ending']}" for row in rows.values()]
        forms += [short[month] for short in shorts]
        groups.append(f"(?P<m{month + 1}>{'|'.join(dict.fromkeys(forms)).replace('ı', 'i')})")
    return re.compile("|".join(groups))


def agree_names(one: str, two: str, *, same: bool) -> bool:
    """Whether two keys of names can be one name: equal, or alike but for what inflection adds."""
    if one == two:
        return True
    if same or "=" in one + two:
        return False
    common = 0
    for left, right in zip(one, two, strict=False):
        if left != right:
            break
        common += 1
    return common > 2 and bool(_INFLECTION.fullmatch(one, common) and _INFLECTION.fullmatch(two, common))
