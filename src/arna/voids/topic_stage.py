"""Topics by meaning for the articles on the subject: vectors in, rows of ``topics`` out.

What decides, in order:

1. Where no topic of the space has sentences or examples, stems alone; no model is needed.
2. Else the meaning of title and lead (:mod:`arna.voids.topic_model`), with the stems found in the whole text as further
   log-odds.
3. An article without a stem of any topic whose lead is near no topic's texts is ``other``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from arna.terms import SCHEMAS, base_language
from arna.text.leads import lead_of
from arna.text.respell import respell
from arna.voids.topic_model import TopicModel
from arna.voids.topics import OTHER, TopicFinder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from arna.engines.embed import Embedder
    from arna.engines.identify import Identifier
    from arna.terms import Space

STEM_WEIGHT = 8.0
"""Log-odds of a topic, times ln(1 + its stems). Of 4 to 12 on the demo, whose stems suit it well, 12 does best by a
point; 8 leaves meaning the word where stems are few or torn."""

NEAR = 0.18
"""Least cosine to its topic's mean of an article without stems. On the demo 6 in 100 articles on the subject lie below,
nearly all of them with stems, and 71 in 100 local news; of the others many do fit a topic (a theatre, a market)."""


@dataclass(frozen=True)
class Lessons:
    """Labelled texts of a space: ``labels`` are places in ``topics``, the ids of the topics that have texts."""

    topics: tuple[str, ...]
    texts: tuple[str, ...]
    langs: tuple[str, ...]
    labels: tuple[int, ...]


def gather_lessons(space: Space, identifier: Identifier) -> Lessons:
    """The sentences and examples of a space's topics, in its order; their language is told where nobody wrote it."""
    rows = [(topic.id, text, "") for topic in space.topics for text in topic.sentences]
    rows += [(example.topic, example.text, example.lang) for example in space.examples]
    taught = {topic for topic, _, _ in rows}
    topics = tuple(topic.id for topic in space.topics if topic.id in taught)
    texts = tuple(text for _, text, _ in rows)
    told = [guess.lang for guess in identifier.identify(texts)] if texts else []
    langs = tuple(_complete(lang, guess) for (_, _, lang), guess in zip(rows, told, strict=True))
    return Lessons(topics, texts, langs, tuple(topics.index(topic) for topic, _, _ in rows))


def _complete(lang: str, guess: str) -> str:
    """A tag with its script: as written; as told, where the written one has no script or there is none."""
    return lang if "-" in lang or (lang and base_language(guess) != lang) else guess


def needs_vectors(space: Space) -> bool:
    """Whether a space says its topics by meaning: by sentences or examples of two topics or more."""
    return len({*(t.id for t in space.topics if t.sentences), *(e.topic for e in space.examples)}) > 1


def decide_topics(
    articles: pa.Table, topics: pa.Table, space: Space, embedder: Embedder, identifier: Identifier
) -> pa.Table:
    """Rows of ``topics`` for articles on the subject, with the topic their meaning and stems give.

    Args:
        articles: columns ``id``, ``title``, ``text``, ``lang``; all articles of the space that are on the subject, for
            each other's sake: together they tell where the subject lies among the topics.
        topics: rows of ``topics`` of these articles and any others, as stems gave them.
        space: its topics need vectors (see :func:`needs_vectors`).
        embedder: gets the leads, respelt, and the topics' sentences and examples.
        identifier: tells the language of sentences.

    Returns:
        The rows of the given articles, in their order, ``topic`` and ``score`` decided anew.
    """
    before = {row["article_id"]: row for row in topics.to_pylist()}
    ids, langs = articles["id"].to_pylist(), articles["lang"].to_pylist()
    heads, texts = articles["title"].to_pylist(), articles["text"].to_pylist()
    stems = count_stems(space, heads, texts, langs)
    leads = [lead_of(title or "", text) for title, text in zip(heads, texts, strict=True)]
    chosen, scores = choose_topics(leads, langs, stems, space, embedder, identifier)
    rows = [
        {**before[article], "topic": topic, "score": score}
        for article, topic, score in zip(ids, chosen, scores, strict=True)
    ]
    names = SCHEMAS["topics"].names
    return pa.Table.from_pylist([{name: row.get(name) for name in names} for row in rows], schema=SCHEMAS["topics"])


def count_stems(
    space: Space, titles: Sequence[str | None], texts: Sequence[str], langs: Sequence[str]
) -> NDArray[np.int64]:
    """Different stems of each topic in each article, (articles, topics of the space)."""
    finder = TopicFinder(space)
    found = [
        finder.count_stems(title or "", text, lang)[1] for title, text, lang in zip(titles, texts, langs, strict=True)
    ]
    return np.array(found, np.int64).reshape(len(found), len(space.topics))


def choose_topics(
    leads: Sequence[str],
    langs: Sequence[str],
    stems: NDArray[np.int64],
    space: Space,
    embedder: Embedder,
    identifier: Identifier,
) -> tuple[list[str], list[float]]:
    """Topic and score of each article, from its lead, its language and its stems (articles, topics of the space).

    The score is the topic's odds among the topics, 0 to 1; for ``other`` it is 0.
    """
    lessons = gather_lessons(space, identifier)
    model = TopicModel.fit(_embed(lessons.texts, lessons.langs, embedder), lessons.langs, lessons.labels)
    taught = [place for place, topic in enumerate(space.topics) if topic.id in lessons.topics]
    evidence = STEM_WEIGHT * np.log1p(stems)
    fit = model.weigh(_embed(leads, langs, embedder), langs, evidence[:, taught])
    decided = [
        _decide(dict(zip(taught, odds, strict=True)), dict(zip(taught, nearness, strict=True)), counts)
        for odds, nearness, counts in zip(fit.odds.tolist(), fit.nearness.tolist(), stems, strict=True)
    ]
    return [space.topics[place].id if place >= 0 else OTHER for place, _ in decided], [score for _, score in decided]


def _decide(odds: dict[int, float], nearness: dict[int, float], stems: NDArray[np.int64]) -> tuple[int, float]:
    """Place of an article's topic in the space and its score; -1 for none. ``odds`` has the topics with texts."""
    best = max(odds, key=lambda place: odds[place])
    loudest = int(stems.argmax())
    if loudest not in odds and stems[loudest] > max(stems[place] for place in odds):
        return loudest, float(stems[loudest] / stems.sum())  # known by stems alone, and the most of them are its
    if not stems.any() and nearness[best] < NEAR:
        return -1, 0.0
    return best, round(odds[best], 6)


def _embed(texts: Sequence[str], langs: Sequence[str], embedder: Embedder) -> NDArray[np.float32]:
    return embedder.embed([respell(text, lang) for text, lang in zip(texts, langs, strict=True)])
