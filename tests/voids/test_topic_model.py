"""The model tells topics across languages, whatever most of the articles are about and however many there are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arna.voids.topic_model import TopicModel

SIZE, TOPICS = 24, 3
LANGS = ("kk-Cyrl", "ru-Cyrl", "tk-Latn")


def make_texts(counts, seed, *, shift=0.0, noise=0.35):
    """Vectors as an embedding gives them: the topic, the language three times as loud, a common shift, and noise."""
    rng = np.random.default_rng(seed)
    labels = [topic for topic, count in enumerate(counts) for _ in range(count)]
    langs = [LANGS[n % len(LANGS)] for n in range(len(labels))]
    rows = rng.normal(0, noise / np.sqrt(SIZE) * 2, (len(labels), SIZE))
    for row, topic, lang in zip(rows, labels, langs, strict=True):
        row[topic] += 1
        row[5 + LANGS.index(lang)] += 3
        row[10] += 2 + shift
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32), langs, labels


def fit():
    return TopicModel.fit(*make_texts([6, 6, 6], 1))


@pytest.mark.parametrize("counts", [[60, 60, 60], [160, 12, 8], [0, 90, 0]])
def test_topics_are_told_though_one_has_most_of_the_articles(counts):
    """A plain mean of the articles would take the frequent topic away and spread its articles over the others."""
    vectors, langs, labels = make_texts(counts, 2, shift=1.5)
    found = fit().weigh(vectors, langs).odds.argmax(axis=1)
    assert np.mean(found == labels) > 0.95


def test_one_article_alone_is_told():
    """The first article of a space has no others to tell where its language lies."""
    for topic in range(TOPICS):
        counts = [0] * TOPICS
        counts[topic] = 1
        vectors, langs, _ = make_texts(counts, 3)
        assert fit().weigh(vectors, langs).odds.argmax() == topic


def test_a_language_without_labelled_texts_is_told():
    vectors, langs, labels = make_texts([30, 30, 30], 4)
    taught, taught_langs, topics = make_texts([6, 6, 6], 1)
    kept = [n for n, lang in enumerate(taught_langs) if lang != "tk-Latn"]
    model = TopicModel.fit(taught[kept], [taught_langs[n] for n in kept], [topics[n] for n in kept])
    found = model.weigh(vectors, langs).odds.argmax(axis=1)
    strange = [n for n, lang in enumerate(langs) if lang == "tk-Latn"]
    assert np.mean(found[strange] == np.array(labels)[strange]) > 0.9


def test_evidence_decides_where_meaning_cannot():
    vectors, langs, _ = make_texts([0, 0, 1], 5)
    evidence = np.array([[0.0, 30.0, 0.0]])
    assert fit().weigh(vectors, langs, evidence).odds.argmax() == 1


def test_what_fits_no_topic_is_near_none():
    vectors, langs, _ = make_texts([30, 30, 30], 6)
    stray = vectors.copy()
    stray[0] = np.roll(stray[0], 12) * np.array([0.2] * 12 + [1.0] * 12, np.float32)
    stray[0, 5], stray[0, 10] = 3, 2
    stray[0] /= np.linalg.norm(stray[0])
    fitted = fit().weigh(stray, langs)
    assert fitted.nearness[0].max() < 0.5 * np.median(fitted.nearness[1:].max(axis=1))


def test_no_articles_give_no_odds():
    assert fit().weigh(np.zeros((0, SIZE), np.float32), []).odds.shape == (0, TOPICS)


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(30)))
def test_the_order_of_articles_changes_nothing(order):
    vectors, langs, _ = make_texts([10, 10, 10], 7)
    model = fit()
    straight = model.weigh(vectors, langs).odds
    turned = model.weigh(vectors[order], [langs[n] for n in order]).odds
    assert np.allclose(straight[order], turned, atol=1e-9)


def test_one_text_a_topic_is_enough():
    vectors, langs, labels = make_texts([20, 20, 20], 8)
    taught, taught_langs, topics = make_texts([3, 3, 3], 9, noise=0.1)
    kept = [n for n, lang in enumerate(taught_langs) if lang == "ru-Cyrl"]
    assert len(kept) == TOPICS
    model = TopicModel.fit(taught[kept], [taught_langs[n] for n in kept], [topics[n] for n in kept])
    odds = model.weigh(vectors, langs).odds
    assert np.allclose(odds.sum(axis=1), 1)
    assert np.mean(odds.argmax(axis=1) == labels) > 0.8
