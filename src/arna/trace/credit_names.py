"""Find an outlet's name in running text: any alias, in any case of eight languages, in either alphabet.

An alias becomes a pattern for each of its spellings: as registered; with the letters of a neighbour language
(``Укрінформ`` and ``Укринформ``, ``ҚазАқпарат`` and ``Казакпарат``); in the other alphabet (``Ukrinform``). Words take
the endings of Russian and Ukrainian cases, and the last one the suffixes of the Turkic languages, Tajik and English.
All spellings' beginnings form one trie, so a text is scanned once however many outlets are registered.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product
from typing import TYPE_CHECKING

from arna.trace.credit_words import fold_letters, load_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arna.terms import Outlet

_SUFFIX = (
    "(?:(?:лар|лер|дар|дер|тар|тер|lar|ler)?"
    "(?:[дтнb]?[ыіиуү](?:[ңн]|нг)?|[гғкқ][аеоө]|н[аеоө]|[дт][аеоө]н?|н[дт][аеоө]н?|[дт]а[гғ][ыіи]|де[гг]?[іи]"
    "|[мбп]ен(?:ен)?|с[ыіиуү]н?|[нд]?икі|ники|нинг|ро|ҳо|ҳои|ву|ові|еві|а|я|е|у|ю|ом|ем|ов|ам|і"
    "|n?i?ng|ni|ga|ka|qa|da|dan|dagi|niki|si|sining|[nd]?[yiuüäı]ň?|[ndt][yiı][ñńŋňn]g?|[gğǵqk][ae]|n[ae]|[nb]?[dt][ae]n?|[mbp]en"
    "|daky|däki|ro|s|a|e){1,3})"
)
_JOINED = "(?:['-]?" + _SUFFIX + ")?"
_ENDINGS = (
    ("ая", "ая|ой|ую|ою"),
    ("яя", "яя|ей|юю|ею"),
    ("ое", "ое|ого|ому|ым|ом"),
    ("ее", "ее|его|ему|им|ем"),
    ("ие", "ие|их|им|ими|ия|ию|ием|ии"),
    ("ые", "ые|ых|ым|ыми"),
    ("ий", "ий|ого|его|ему|ому|им|ом|ем|ия|ию|ием|ии"),
    ("ый", "ый|ого|ому|ым|ом"),
    ("ия", "ия|ии|ию|ией|ий|иям|иями|иях"),
    ("мя", "мя|мени|менем"),
    ("е", "е|ого|ому|им|ым|ім|ом"),
    ("а", "а|ы|и|е|у|ой|ою|і|ої|ій|ей"),
    ("я", "я|и|ю|е|ей|ею|ї|єю|і|й"),
    ("ь", "ь|я|ю|ем|е|и|і|ью"),
    ("й", "й|я|ю|ем|е|и"),
    ("и", "и|ей|ов|ам|ям|ами|ями|ах|ях|й"),
    ("і", "і|ей|ів|ам|ям|ами|ями|ах|ях|й"),
    ("ы", "ы|ов|ам|ами|ах"),
    ("о", "о|а|у|ом|е|і"),
)
_SOFTENED = {"k": "g", "к": "г", "қ": "ғ", "q": "ğ"}  # Azatlyk, Azatlyga: before the vowel of a Turkic suffix
_CONSONANT = "|а|у|ом|ем|е|ы|ов|ові|ам|ами|і|ою|ах"
_NEIGHBOURS = (
    str.maketrans("іїєґ", "иией"),
    str.maketrans("и", "і"),
    str.maketrans("қғәөүұңһі", "кгаоуунхи"),
    str.maketrans("қғәөүұңһ", "кгаоуунх"),
)
# How news writes foreign names, not a scholarly romanisation; a cluster before its letters.
_TO_LATIN: dict[str, tuple[str, ...]] = {
    "кс": ("x", "ks"), "а": ("a",), "б": ("b",), "в": ("v",), "г": ("g",), "ғ": ("g'", "g"), "д": ("d",), "е": ("e",),
    "є": ("ye",), "ж": ("zh", "j", "ž"), "з": ("z",), "и": ("i",), "і": ("i", "y"), "ї": ("yi",), "й": ("y", "i", "ý"),
    "к": ("k",), "қ": ("q", "k"), "л": ("l",), "м": ("m",), "н": ("n",), "ң": ("ng", "ň"), "о": ("o",), "ө": ("o", "ö"),
    "п": ("p",), "р": ("r",), "с": ("s",), "т": ("t",), "у": ("u",), "ү": ("u", "ü"), "ұ": ("u",), "ў": ("o'",),
    "ф": ("f",), "х": ("kh", "x", "h"), "ҳ": ("h",), "һ": ("h",), "ц": ("ts", "c"), "ч": ("ch", "ç"), "ҷ": ("j",),
    "ш": ("sh", "ş"), "щ": ("shch",), "ъ": ("",), "ы": ("y", "i"), "ь": ("",), "э": ("e",), "ю": ("yu", "ýu"),
    "я": ("ya", "ýa", "ia"), "ӣ": ("i",), "ӯ": ("u",), "ә": ("a", "ä"),
}  # fmt: skip
_TO_CYRILLIC: dict[str, tuple[str, ...]] = {
    "shch": ("щ",), "sh": ("ш",), "ch": ("ч",), "zh": ("ж",), "kh": ("х",), "ts": ("ц",), "ya": ("я",), "yu": ("ю",),
    "ye": ("е",), "ck": ("к",), "ph": ("ф",), "th": ("т",), "oo": ("у",), "ee": ("и",), "a": ("а",), "b": ("б",),
    "c": ("к", "ц"), "d": ("д",), "e": ("е", "э"), "f": ("ф",), "g": ("г",), "h": ("х", "г"), "i": ("и",),
    "j": ("ж", "дж"), "k": ("к",), "l": ("л",), "m": ("м",), "n": ("н",), "o": ("о",), "p": ("п",), "q": ("қ", "к"),
    "r": ("р",), "s": ("с",), "t": ("т",), "u": ("у",), "v": ("в",), "w": ("в", "у"), "x": ("кс", "х"),
    "y": ("ы", "й", "и"), "z": ("з",), "ş": ("ш",), "ç": ("ч",), "ž": ("ж",), "ý": ("й",), "ň": ("н",), "ä": ("а",),
    "ö": ("о",), "ü": ("у",), "ğ": ("г",),
}  # fmt: skip
_MOST_SPELLINGS = 12  # per alias and alphabet; a name with more ambiguous letters is found by its commonest ones
_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,10}")
_QUOTED_TAIL = re.compile('"' + _JOINED + r"(?!\w)")
_OTHER_NAME = re.compile(r"(?<![\w.])(?!The\s)[A-Z][a-z]+\s$")
_CAPITAL_TAIL = re.compile(r"(?:-[^\W\d_][\w-]*|\.[a-z]{2,6}(?!\w))")


@dataclass(frozen=True)
class Mention:
    """A name as it stands in a text, folded or not: offsets are the same.

    Attributes:
        begin: start of the name, after any quotation mark.
        end: end of the name with its ending.
        outer_begin: start with the quotation mark, or ``begin``.
        outer_end: end with the quotation mark and a suffix behind it, or ``end``.
        outlet: id, or None where no outlet of that name is registered.
        common: the name is an everyday word too.
        sure: how plainly the spelling is a name: 1.0, less in lower case.
        news: the everyday word is "news".
        declined: an ending stands behind the name as registered.
    """

    begin: int
    end: int
    outer_begin: int
    outer_end: int
    outlet: str | None
    common: bool = False
    sure: float = 1.0
    declined: bool = False
    news: bool = False

    @property
    def quoted(self) -> bool:
        """Whether the name stands in quotation marks."""
        return self.outer_begin < self.begin and self.outer_end > self.end


@dataclass
class _Spelling:
    """One way to write an alias, and the outlets that bear it."""

    text: str
    shouted: bool
    domain: bool
    outlets: list[tuple[str, frozenset[str]]]
    clipped: bool = False
    small: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        body = re.escape(self.text) if self.domain else _inflect(self.text)
        return re.compile(body + _JOINED + r"(?!\w)")

    def outlet_for(self, language: str) -> str:
        """The outlet that bears the name in a language; the first registered where none does."""
        for outlet, languages in self.outlets:
            if language in languages:
                return outlet
        return self.outlets[0][0]


class NameIndex:
    """The names of all outlets, ready to be found."""

    def __init__(self, outlets: Sequence[Outlet]) -> None:
        self._common = {fold_letters(word) for word in load_table()["common"]["words"]}
        self._news = frozenset(load_table()["common"]["news"])
        spellings = _gather_spellings(outlets)
        keys: defaultdict[str, list[_Spelling]] = defaultdict(list)
        for spelling in spellings:
            keys[spelling.text if spelling.domain else _first_stem(spelling.text)].append(spelling)
        # A hit on "интерфакс" must also try what begins with "интер".
        self._by_key = {
            key: sorted(
                (spelling for end in range(1, len(key) + 1) for spelling in keys.get(key[:end], ())),
                key=lambda spelling: -len(spelling.text),
            )
            for key in keys
        }
        self._trie = re.compile(r"(?<![\w@])" + _build_trie(keys)) if keys else None

    def find_names(self, text: str, folded: str, language: str) -> Iterator[Mention]:
        """The mentions in a text, in order and apart.

        Args:
            text: as written.
            folded: the same through :func:`fold_letters`.
            language: base language; chooses between outlets of one name.
        """
        if self._trie is None:
            return
        after = 0
        for hit in self._trie.finditer(folded):
            if hit.start() < after:
                continue
            for spelling in self._by_key[hit.group()]:
                found = spelling.pattern.match(folded, hit.start())
                mention = self._judge(text, folded, spelling, found, language) if found else None
                if mention:
                    after = mention.end
                    yield mention
                    break

    def _judge(
        self, text: str, folded: str, spelling: _Spelling, found: re.Match[str], language: str
    ) -> Mention | None:
        begin, end = found.span()
        name = text[begin:end]
        sure = _judge_case(name, spelling)
        if folded[max(0, begin - 2) : begin].endswith("-") and folded[max(0, begin - 2) : begin - 1].isalnum():
            return None
        if folded.count('"', begin, end) == 1:  # телеканал «Дождь», «Дунё» АА: the alias has the noun
            opened = folded[begin - 1 : begin] == '"'
            closing = None if opened else _QUOTED_TAIL.match(folded, end)
            if not (opened or closing):
                return None
            outer = closing.end() if closing else end
            declined = outer > end + 1
            return Mention(
                begin, end, begin - opened, outer, spelling.outlet_for(language), sure=sure or 1.0, declined=declined
            )
        quote = folded[begin - 1 : begin] == '"'
        tail = _QUOTED_TAIL.match(folded, end) if quote else None
        outlet: str | None = spelling.outlet_for(language)
        more = _CAPITAL_TAIL.match(folded, end)
        if more and (more.group()[0] == "." or text[end + 1].isupper()) and not spelling.domain:
            outlet = outlet if more.group()[0] == "." else None
            end, sure = more.end(), max(sure, 0.9)
        common = spelling.text.removeprefix("the ") in self._common
        if spelling.clipped and not quote and _OTHER_NAME.search(text, max(0, begin - 40), begin):
            return None  # "Business Insider" is another outlet than "The Insider"
        if sure < 0.8 and (common or not sure) and not (quote and tail):
            return None
        outer_end = end
        if quote:
            outer_end = tail.end() if tail else end
        declined = outer_end - quote > begin + len(spelling.text) or bool(tail and tail.end() > end + 1)
        return Mention(
            begin, end, begin - quote, outer_end, outlet, common, max(sure, 0.7), declined, spelling.text in self._news
        )


def _judge_case(name: str, spelling: _Spelling) -> float:
    """1.0 for a name's own case, 0.75 for lower case of a long name, 0 where case forbids it."""
    stem = name[: len(spelling.text)]
    if spelling.domain or spelling.small:
        return 1.0
    if spelling.shouted and len(spelling.text) <= 3:
        return 1.0 if stem.isupper() else 0.0
    first = name[4:5] if name[:4].lower() == "the " else name[:1]
    if first.isupper() or first.isdigit():
        return 1.0
    return 0.75 if len(spelling.text) >= 6 else 0.0


def _gather_spellings(outlets: Sequence[Outlet]) -> list[_Spelling]:
    """Every spelling once; a registered one belongs to its outlets alone, whatever others could be spelt like it."""
    known: dict[str, _Spelling] = {}
    derived: dict[str, _Spelling] = {}
    for outlet in outlets:
        named: defaultdict[str, set[str]] = defaultdict(set)
        for language, aliases in [*outlet.names.items(), ("", (outlet.name,))]:
            for alias in aliases:
                named[alias].add(language)
        for host in outlet.domains:
            spelling = known.setdefault(host.lower(), _Spelling(host.lower(), shouted=False, domain=True, outlets=[]))
            spelling.outlets.append((outlet.id, frozenset()))
        for alias, languages in named.items():
            shouted = alias.isupper() and len(alias) <= 5
            first, *others = _spell(alias)
            domain = bool(_DOMAIN.fullmatch(first))
            for text, table in [(first, known), *((other, derived) for other in others)]:
                clipped = first == f"the {text}"
                spelling = table.setdefault(text, _Spelling(text, shouted, domain, [], clipped, alias.islower()))
                spelling.outlets.append((outlet.id, frozenset(languages | set(outlet.languages))))
    return [*known.values(), *(spelling for text, spelling in derived.items() if text not in known)]


def _spell(alias: str) -> list[str]:
    """The spellings of an alias, folded, the registered one first."""
    text = re.sub(r"\s+", " ", fold_letters(alias)).strip(" \"'")
    spellings = dict.fromkeys([text, text.removeprefix("the ")])
    if _DOMAIN.fullmatch(text):  # "Кун.уз", "Закон.кз"
        spellings |= dict.fromkeys(_transliterate(text, _TO_CYRILLIC)[:4])
        return list(spellings)
    for name, others in load_table()["spelled"].items():
        if text.removeprefix("the ") == name.removeprefix("the "):
            spellings |= dict.fromkeys(fold_letters(other) for other in others)
    if len(re.sub(r"\W", "", text)) >= 3:
        for table in _NEIGHBOURS:
            spellings[text.translate(table)] = None
        cyrillic = re.search("[а-яіїєґқғәөүұңһҳҷӣӯў]", text)
        if cyrillic and not re.search("[a-z]", text):
            for spelling in list(spellings):
                spellings |= dict.fromkeys(_transliterate(spelling, _TO_LATIN))
        elif not cyrillic and len(text) >= 4:
            spellings |= dict.fromkeys(_transliterate(text, _TO_CYRILLIC))
    return [spelling for spelling in spellings if spelling]


def _transliterate(text: str, table: dict[str, tuple[str, ...]]) -> list[str]:
    """The likeliest spellings of a text by a table of letters, the commonest first."""
    parts: list[tuple[str, ...]] = []
    at = 0
    while at < len(text):
        length = next((size for size in (4, 3, 2, 1) if text[at : at + size] in table), 0)
        parts.append(table[text[at : at + length]] if length else (text[at],))
        at += max(1, length)
    return ["".join(letters) for letters in islice(product(*parts), _MOST_SPELLINGS)]


def _is_inflected(word: str) -> bool:
    return len(word) >= 4 and bool(re.fullmatch("[а-яіїєґ']+", word))


def _inflect(text: str) -> str:
    """The pattern of a name's words with their case endings, parted by spaces or hyphens."""
    words = re.split(r"[\s-]+", text)
    return r"\"?[\s-]+\"?".join(_inflect_word(word) for word in words)


def _inflect_word(word: str) -> str:
    if not _is_inflected(word):
        soft = _SOFTENED.get(word[-1:]) if len(word) > 4 else None
        return re.escape(word[:-1]) + f"[{word[-1]}{soft}]" if soft else re.escape(word)
    for ending, forms in _ENDINGS:
        if word.endswith(ending):
            return re.escape(word[: -len(ending)]) + f"(?:{forms})"
    soft = _SOFTENED.get(word[-1])
    body = re.escape(word[:-1]) + f"[{word[-1]}{soft}]" if soft else re.escape(word)
    return body + f"(?:{_CONSONANT})"


def _first_stem(text: str) -> str:
    """The letters every inflected form of a name begins with."""
    first = re.split(r"[\s-]+", text)[0]
    if _is_inflected(first):
        for ending, _ in _ENDINGS:
            if first.endswith(ending):
                return first[: -len(ending)]
    return first[:-1] if first[-1:] in _SOFTENED and len(first) > 4 else first


def _build_trie(words: Iterable[str]) -> str:
    """One pattern for many beginnings that branches letter by letter; the longest wins."""
    root: dict[str, dict] = {}  # type: ignore[type-arg]  # a trie is a dictionary of tries
    for word in words:
        node = root
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}
    return _render_trie(root)


def _render_trie(node: dict[str, dict]) -> str:  # type: ignore[type-arg]
    ends = "" in node
    branches = [re.escape(letter) + _render_trie(child) for letter, child in sorted(node.items()) if letter]
    if not branches:
        return ""
    body = branches[0] if len(branches) == 1 and not ends else "(?:" + "|".join(branches) + ")"
    return body + "?" if ends else body
