"""Whether an article is on the subject, and which of its topics its words speak for.

By word beginnings of the space, per language. Where the space describes its topics by sentences, meaning has the last
word on the topic: :mod:`arna.voids.topic_stage`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import pyarrow as pa

from arna.terms import SCHEMAS, base_language
from arna.text.normalise import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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
        self.places = {topic.id: place for place, topic in enumerate(space.topics)}

    def _prepare(self, lang: str) -> None:
        self.subject[lang] = _Stems(("", stem) for stem in _of_language(self.space.subject.stems, lang))
        self.topics[lang] = _Stems(
            (topic.id, stem) for topic in self.space.topics for stem in _of_language(topic.stems, lang)
        )

    def find_topic(self, title: str, text: str, lang: str) -> tuple[bool, str, int]:
        """Whether title and text are on the subject, the topic with the most different stems, and words of the text."""
        on_subject, counts, words = self.count_stems(title, text, lang)
        return on_subject, self.choose_topic(counts), words

    def count_stems(self, title: str, text: str, lang: str) -> tuple[bool, list[int], int]:
        """Whether title and text are on the subject, the different stems found of each topic, and words of the text.

        Topics stand in the order of the space; off the subject all are 0.
        """
        base = base_language(lang)
        if base not in self.subject:
            self._prepare(base)
        counts = [0] * len(self.space.topics)
        folded, head = _fold(text), _fold(f"{title} {text[:LEAD]}")
        words = _WORD.findall(folded)
        subject = self.subject[base]
        if not (subject.may_occur(head) or subject.may_occur(folded)):
            return False, counts, len(words)
        head_words = _WORD.findall(head)
        on_subject = bool(subject.find(head_words)) or len(subject.find(words)) >= MENTIONS
        if on_subject:
            for topic, _ in set(self.topics[base].find({*head_words, *words})):
                counts[self.places[topic]] += 1
        return on_subject, counts, len(words)

    def choose_topic(self, counts: Sequence[int]) -> str:
        """Id of the topic with the most stems, the first of equals; ``other`` where none is found."""
        best = max(counts, default=0)
        return self.space.topics[counts.index(best)].id if best else OTHER


def assign_topics(articles: pa.Table, space: Space) -> pa.Table:
    """Rows of ``topics`` for articles (columns ``id``, ``title``, ``text``, ``lang``), by stems alone."""
    finder = TopicFinder(space)
    found = [
        finder.count_stems(title or "", text, lang)
        for title, text, lang in zip(
            articles["title"].to_pylist(), articles["text"].to_pylist(), articles["lang"].to_pylist(), strict=True
        )
    ]
    schema = SCHEMAS["topics"]
    columns = {
        "article_id": articles["id"].combine_chunks(),
        "on_subject": pa.array([row[0] for row in found], pa.bool_()),
        "topic": pa.array([finder.choose_topic(row[1]) for row in found], pa.string()),
        "words": pa.array([row[2] for row in found], pa.int32()),
        "score": pa.nulls(len(found), pa.float64()),
    }
    return pa.table({name: columns[name] for name in schema.names}, schema=schema)
