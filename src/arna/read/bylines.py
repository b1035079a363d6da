"""Who signed an article: the name on it, never the outlet's own or the software's."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from arna.read.marks import is_elsewhere, one_line, text_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from arna.read.jsonld import Described
    from arna.read.marks import Marks

_META: Final = (
    "author",
    "article:author",
    "og:article:author",
    "article:author_name",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
    "byl",
    "mediator_author",
)
# "By", "Author:", "Text:" and their like, in the eight languages.
_LABEL: Final = re.compile(
    r"^(?:(?:[\w-]+ )?by|(?:the )?authors?|text"
    r"|авторы?|автор (?:статьи|материала|текста)|подготовил[аи]?|текст|автори|підготува(?:в|ла|ли)"
    r"|автор[ыу]|авторлар[ыу]?|мәтін|жазған|дайындаған|даярдаган|муаллиф(?:и|он|лар)?|таҳия"
    r"|muallif(?:i|lar)?|tayyorladi|awtor(?:y|lar)?|taýýarlan)(?:\s*[:：–—-]\s*|\s+(?=\w))",
    re.IGNORECASE,
)
# What follows a name: a post or outlet set off, a date, the day or month before it where languages write it first.
_TAIL: Final = re.compile(
    r"\s*(?:[|•·►»]|\s[–—-]\s|,?\s(?=\d)"
    r"|,?\s(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:january|february|march|april|june|july|august|september"
    r"|october|november|december|(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)\.?)(?=\s*\d)"
    r"|published|posted|updated|share|follow|опубликовано|опубліковано|обновлено|оновлено|жарияланды|жарыяланды"
    r"|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|понеділок|вівторок|середа|четвер|субота)\b)"
    r".*$",
    re.IGNORECASE | re.DOTALL,
)
_NOBODY: Final = (
    "admin administrator root user guest editor editors editorial staff newsroom webmaster moderator author news "
    "writer reporter redaktor redaksiya tahririyat muharrir redaksiýa админ администратор редактор редакция "
    "редакція редакциясы редаксия тахририят таҳририят муҳаррир модератор автор пользователь гость новости"
)
_WORDS_OF_NOBODY: Final = frozenset(_NOBODY.split())
_SENTENCE: Final = re.compile(r"[.!?…]\s+\S+\s+\S+\s+\S+")
_NOT_A_NAME: Final = re.compile(r"https?:|www\.|@\w|[{}<>=/\\]|\d{2}")
_NO_LETTER: Final = re.compile(r"[\W_]+")
_LONGEST, _MOST_WORDS = 90, 12  # two long names with their posts; real bylines of several authors stay below


def find_author(described: Described, marks: Marks, house_names: Collection[str]) -> str | None:
    """The byline of an article, or None.

    In this order: authors in JSON-LD, ``<meta>`` author in its spellings, then elements marked as author by
    ``rel``, ``itemprop`` or class, outside comments and related articles. Labels ("By", "Автор:") and what follows
    the name (post, date) are cut. Left out are addresses, dates, sentences, names of software accounts ("admin",
    "Редакция") and ``house_names``: folded names of the outlet and its site.
    """
    for names in _candidates(described, marks):
        kept = [name for name in map(_trim, names) if _is_name(name, house_names)]
        if kept:
            return ", ".join(dict.fromkeys(kept))
    return None


@lru_cache(maxsize=4096)  # an outlet's own names come back with each of its pages
def fold_name(name: str) -> str:
    """A name as names are compared: letters and digits, small."""
    return _NO_LETTER.sub("", name.casefold())


def _candidates(described: Described, marks: Marks) -> Iterator[tuple[str, ...]]:
    if described.authors:
        yield described.authors[:6]
    for key in _META:
        if key in marks.meta:
            yield (marks.meta[key],)
    for node in marks.bylines:
        if not is_elsewhere(node):
            yield (node.attributes.get("content") or text_of(node, parted=True),)


def _trim(name: str) -> str:
    line = one_line(name[:300])
    for _ in range(2):  # "Автор: текст: …" carries two labels
        line = _LABEL.sub("", line)
    return _TAIL.sub("", line).strip(" ,;:.–—-")


def _is_name(name: str, house_names: Collection[str]) -> bool:
    if not 2 <= len(name) <= _LONGEST or len(name.split()) > _MOST_WORDS:
        return False
    if _NOT_A_NAME.search(name) or _SENTENCE.search(name):
        return False
    if not any(map(str.isalpha, name)) or fold_name(name) in house_names:
        return False
    return not all(word.strip(".,").casefold() in _WORDS_OF_NOBODY for word in name.split())
