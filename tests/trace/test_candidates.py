"""Which pairs are worth a look: what decides is meaning, but time, language and news set the bounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arna.trace.candidates import WINDOW, Portraits, average_nearest, centre_vectors, find_candidates
from arna.trace.choose import DAY, Clock

DIMENSIONS = 256
KK, RU, UK = 0, 1, 2


def portray(stories: list[int], tags: list[int], length: int = 4) -> Portraits:
    """Articles on numbered stories, ``length`` sentences each; every language has a manner of its own."""
    rng = np.random.default_rng(7)
    manner = rng.normal(size=(3, DIMENSIONS))
    leads, passages = [], []
    for number, tag in zip(stories, tags, strict=True):
        told = np.random.default_rng(1000 + number).normal(size=(length + 1, DIMENSIONS))
        drawn = told + 0.3 * rng.normal(size=told.shape) + 2 * manner[tag]
        leads.append(drawn[0] / np.linalg.norm(drawn[0]))
        passages += list(drawn[1:])
    return Portraits(
        np.array(tags, np.int16),
        np.array(leads, np.float32).reshape(-1, DIMENSIONS),
        np.array(passages, np.float32).reshape(-1, DIMENSIONS),
        np.arange(len(stories) + 1) * length,
        centres=None,
        centres_of_sums=None,
    )


def at(*days: float | None) -> Clock:
    times = np.array([-1 if day is None else int(day * DAY) for day in days], np.int64)
    return Clock(times, times % DAY == 0, np.zeros(len(days), np.bool_))


def find(portraits: Portraits, clock: Clock, new: list[int] | None = None) -> list[tuple[int, int]]:
    count = len(portraits.tags)
    fresh = np.ones(count, np.bool_) if new is None else np.isin(np.arange(count), new)
    return find_candidates(portraits, clock, fresh)


def fill(stories: list[int], tags: list[int]) -> Portraits:
    """Six more articles of each of two languages, of stories of their own, after those given."""
    return portray([*stories, *range(100, 112)], [*tags, *[KK, RU] * 6])


LATER = (20.5,) * 12


def first(count: int, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pairs among the first so many articles."""
    return [pair for pair in pairs if max(pair) < count]


def test_the_later_of_two_languages_looks_back_at_the_earlier():
    assert first(2, find(fill([1, 1], [RU, KK]), at(0.3, 0.6, *LATER))) == [(1, 0)]


def test_one_language_is_never_compared_with_itself():
    assert first(3, find(fill([1, 1, 1], [RU, RU, RU]), at(0.3, 0.6, 0.9, *LATER))) == []


def test_every_earlier_language_is_compared():
    pairs = find(fill([1, 1, 1], [UK, RU, KK]), at(0.3, 0.6, 0.9, *LATER))
    assert first(3, pairs) == [(1, 0), (2, 0), (2, 1)]


def test_the_model_is_spent_on_few_of_all_pairs():
    stories = [n // 2 for n in range(80)]
    pairs = find(portray(stories, [RU, KK] * 40), at(*[0.01 + n / 10 for n in range(80)]))
    assert {(n + 1, n) for n in range(0, 80, 2)} <= set(pairs)
    assert len(pairs) < 40 * 40 / 4


@pytest.mark.parametrize(("apart", "found"), [(WINDOW / DAY - 1, True), (WINDOW / DAY + 3, False)])
def test_what_lies_months_apart_is_not_compared(apart: float, found: bool):
    last = apart + 0.3
    assert ((1, 0) in find(fill([1, 1], [RU, KK]), at(0.3, last, *[last + 0.1] * 12))) is found


def test_an_undated_article_is_compared_with_all_times():
    one_undated = portray([1, 5, 6, 1], [RU, RU, KK, KK])
    assert (3, 0) in find(one_undated, at(0.3, 90.3, 400.6, None))
    assert (3, 0) in find(one_undated, at(0.3, None, None, None))


@pytest.mark.parametrize(("new", "found"), [([0], True), ([1], True), ([], False), ([2, 3], False)])
def test_only_pairs_with_a_new_article_are_looked_for(new: list[int], found: bool):
    portraits, clock = fill([1, 1], [RU, KK]), at(0.3, 0.6, *LATER)
    assert ((1, 0) in find(portraits, clock, new)) is found


def test_the_old_and_the_new_make_all_pairs_once():
    portraits, clock = fill([1, 1, 2, 2], [RU, KK, RU, KK]), at(0.3, 0.6, 0.7, 0.9, *LATER)
    whole = find(portraits, clock)
    fresh = [2, 3, 4]
    assert find(portraits, clock, fresh) == [pair for pair in whole if set(pair) & set(fresh)]


def test_nothing_and_one_article():
    assert find(portray([], []), at()) == []
    assert find(portray([1], [RU]), at(0.3)) == []


def test_articles_without_passages_are_no_trouble():
    none = Portraits(
        np.array([RU, KK], np.int16),
        np.eye(2, DIMENSIONS, dtype=np.float32),
        np.empty((0, DIMENSIONS), np.float32),
        np.zeros(3, np.int64),
        centres=None,
        centres_of_sums=None,
    )
    assert set(find(none, at(0.3, 0.6))) <= {(1, 0)}


ARTICLES = st.lists(st.tuples(st.integers(0, 5), st.sampled_from([KK, RU, UK]), st.integers(-1, 80)), max_size=14)


@given(ARTICLES, st.sets(st.integers(0, 13)))
def test_laws_of_candidates(rows: list[tuple[int, int, int]], new: set[int]):
    rows.sort(key=lambda row: (row[2] < 0, row[2]))
    stories, tags, days = ([row[n] for row in rows] for n in range(3))
    clock = at(*[None if day < 0 else day for day in days])
    portraits = portray(stories, tags)
    pairs = find(portraits, clock, sorted(new))
    assert pairs == sorted(set(pairs)) == find(portraits, clock, sorted(new))
    for one, two in pairs:
        assert two < one
        assert tags[one] != tags[two]
        assert {one, two} & new
        if days[one] >= 0 and days[two] >= 0:
            assert abs(days[one] - days[two]) * DAY <= WINDOW + DAY


@given(ARTICLES)
def test_centred_vectors_are_of_length_one_or_nothing(rows: list[tuple[int, int, int]]):
    portraits = portray([row[0] for row in rows], [row[1] for row in rows])
    centred = centre_vectors(portraits.leads, portraits.tags)
    lengths = np.linalg.norm(centred, axis=1)
    assert np.isfinite(centred).all()
    assert (np.isclose(lengths, 1, atol=1e-4) | (lengths == 0)).all()


def test_centring_takes_out_what_a_language_has_in_common():
    portraits = portray(list(range(8)) * 2, [KK] * 8 + [RU] * 8)
    centred = centre_vectors(portraits.leads, portraits.tags)
    before, after = (vectors[:8] @ vectors[8:].T for vectors in (portraits.leads, centred))
    gap = [np.diag(met).mean() - met[~np.eye(8, dtype=bool)].mean() for met in (before, after)]
    assert gap[1] > 2 * gap[0]


def test_the_mean_of_the_nearest_leaves_out_the_very_nearest():
    reached = np.array([[0.1, 0.9, 0.5, 0.3], [0.2, 0.2, 0.2, 0.2]], np.float32)
    np.testing.assert_allclose(average_nearest(reached, 2), [0.7, 0.2])
    np.testing.assert_allclose(average_nearest(reached, 2, skip=1), [0.4, 0.2])
    assert average_nearest(reached[:, :1], 2, skip=1).tolist() == [0, 0]
    assert average_nearest(np.empty((3, 0), np.float32), 2).tolist() == [0, 0, 0]
