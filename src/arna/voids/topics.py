"""Whether an article is on the subject, and on which of its topics.

By word beginnings of the space, per language, until topics by meaning take this door: articles in, rows of ``topics``
out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import pyarrow as pa

from arna.terms import SCHEMAS, base_language
from arna.text.normalise import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from arna.terms import Space

OTHER = "other"
"""Topic of an article on the subject that fits no topic of the space."""

LEAD = 300
"""Code points of the text that count as its lead: two sentences of agency style."""

MENTIONS = 3
"""Mentions from which an article is on the subject though its title and lead do not name it."""

_WORD = re.compile(r"\w+")
_HEAD = 3


class _Stems:
    """Word beginnings to labels, looked up by their first letters."""

    def __init__(self, stems: Iterable[tuple[str, str]]) -> None:
        self.by_head: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for label, stem in stems:
            folded = "".join(_WORD.findall(fold(stem)))
            self.by_head[folded[:_HEAD]].append((folded, label))
        self.short = {head for head in self.by_head if len(head) < _HEAD}
        self.all = [stem for stems in self.by_head.values() for stem, _ in stems]

    def may_occur(self, folded: str) -> bool:
        """Whether any stem is found in a text at all, be it inside a word: a quick sift."""
        return any(stem in folded for stem in self.all)

    def find(self, words: Iterable[str]) -> list[tuple[str, str]]:
        """Pairs (label, stem) for every word that begins with a stem."""
        found = []
        for word in words:
            stems = self.by_head.get(word[:_HEAD])
            if stems:
                found += [(label, stem) for stem, label in stems if word.startswith(stem)]
            if self.short:
                for head in self.short:
                    if word.startswith(head):
                        found += [(label, stem) for stem, label in self.by_head[head]]
        return found


def _fold(text: str) -> str:
    return fold(text).replace("'", "")


def _of_language(stems: Mapping[str, tuple[str, ...]], lang: str) -> Iterable[str]:
    return stems[lang] if lang in stems else (stem for items in stems.values() for stem in items)


class TopicFinder:
    """Finds subject and topic by the stems of one space; an unknown language is matched against all languages."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.subject: dict[str, _Stems] = {}
        self.topics: dict[str, _Stems] = {}
        self.order = {topic.id: -n for n, topic in enumerate(space.topics)}

    def _prepare(self, lang: str) -> None:
        self.subject[lang] = _Stems(("", stem) for stem in _of_language(self.space.subject.stems, lang))
        self.topics[lang] = _Stems(
            (topic.id, stem) for topic in self.space.topics for stem in _of_language(topic.stems, lang)
        )

    def find_topic(self, title: str, text: str, lang: str) -> tuple[bool, str, int]:
        """Whether title and text are on the subject, the topic with the most different stems, and words of the text."""
        base = base_language(lang)
        if base not in self.subject:
            self._prepare(base)
        folded, head = _fold(text), _fold(f"{title} {text[:LEAD]}")
        words = _WORD.findall(folded)
        subject = self.subject[base]
        if not (subject.may_occur(head) or subject.may_occur(folded)):
            return False, OTHER, len(words)
        head_words = _WORD.findall(head)
        on_subject = bool(subject.find(head_words)) or len(subject.find(words)) >= MENTIONS
        stems: dict[str, set[str]] = defaultdict(set)
        if on_subject:
            for topic, stem in self.topics[base].find({*head_words, *words}):
                stems[topic].add(stem)
        best = max(stems, key=lambda topic: (len(stems[topic]), self.order[topic]), default=OTHER)
        return on_subject, best, len(words)


def assign_topics(articles: pa.Table, space: Space) -> pa.Table:
    """Rows of ``topics`` for articles (columns ``id``, ``title``, ``text``, ``lang``)."""
    finder = TopicFinder(space)
    found = [
        finder.find_topic(title or "", text, lang)
        for title, text, lang in zip(
            articles["title"].to_pylist(), articles["text"].to_pylist(), articles["lang"].to_pylist(), strict=True
        )
    ]
    columns = [
        articles["id"].combine_chunks(),
        pa.array([row[0] for row in found], pa.bool_()),
        pa.array([row[1] for row in found], pa.string()),
        pa.array([row[2] for row in found], pa.int32()),
    ]
    return pa.table(columns, schema=SCHEMAS["topics"])
