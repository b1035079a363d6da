"""Passages side by side: which shapes of translation are found, and what holds whatever the vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arna.trace.beads import Bead, Chain, Side, bound_points, chain_beads, find_margins, give_points, score_margin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

DIMENSIONS = 48


def meanings(count: int, seed: int = 0) -> NDArray[np.float32]:
    """So many sentences of different meaning: vectors at right angles."""
    drawn = np.random.default_rng(seed).normal(size=(DIMENSIONS, DIMENSIONS))
    return np.linalg.qr(drawn)[0][:count].astype(np.float32)


def render(vectors: Sequence[NDArray[np.float32]], nearness: float = 0.5) -> list[NDArray[np.float32]]:
    """The same sentences in another language: as near as so much, each strange in its own way."""
    strange = meanings(DIMENSIONS)[::-1]
    return [
        nearness * vector / np.linalg.norm(vector) + np.sqrt(1 - nearness**2) * strange[n]
        for n, vector in enumerate(vectors)
    ]


def side(vectors: Sequence[NDArray[np.float32]] | NDArray[np.float32], quoted: tuple[int, ...] = ()) -> Side:
    stacked = np.array(vectors, np.float32).reshape(len(vectors), DIMENSIONS)
    return Side(
        stacked / np.maximum(np.linalg.norm(stacked, axis=1, keepdims=True), 1e-9),
        np.full(len(stacked), 0.2, np.float32),
        np.full(len(stacked), 100, np.float32),
        np.isin(np.arange(len(stacked)), quoted),
    )


def beads(chain: Chain) -> list[tuple[int, int, int, int]]:
    return [bead[:4] for bead in chain.beads]


def test_sentence_for_sentence_is_one_chain():
    told = meanings(6)
    [chain] = chain_beads(side(told), side(told))
    assert beads(chain) == [(n, n + 1, n, n + 1) for n in range(6)]


@pytest.mark.parametrize("turned", [False, True])
def test_two_sentences_the_translator_merged_are_one_bead(turned: bool):
    told = meanings(6)
    merged = [told[0], told[1], told[2] + told[3], told[4], told[5]]
    sides = side(told), side(render(merged))
    [chain] = chain_beads(*(sides[::-1] if turned else sides))
    pairs = [(0, 1, 0, 1), (1, 2, 1, 2), (2, 4, 2, 3), (4, 5, 3, 4), (5, 6, 4, 5)]
    assert beads(chain) == [(c, d, a, b) if turned else (a, b, c, d) for a, b, c, d in pairs]


def test_a_merged_sentence_rendered_to_the_word_is_one_bead():
    told = meanings(6)
    merged = [told[0], told[1], told[2] + told[3], told[4], told[5]]
    [chain] = chain_beads(side(told), side(merged))
    assert beads(chain)[2] == (2, 4, 2, 3)


def test_a_longer_sentence_counts_for_more_in_a_merged_one():
    told = meanings(5)
    merged = 5 * told[2] + told[3]
    sizes = np.array([100, 100, 500, 100, 100], np.float32)
    one = Side(told, np.full(5, 0.2, np.float32), sizes, np.zeros(5, np.bool_))
    joined = one.join_neighbours()
    assert float(joined.vectors[2] @ merged / np.linalg.norm(merged)) == pytest.approx(1, abs=1e-5)
    assert joined.sizes.tolist() == [200, 600, 600, 200]
    np.testing.assert_allclose(np.linalg.norm(joined.vectors, axis=1), 1, atol=1e-5)


def test_a_paragraph_that_was_moved_is_a_chain_of_its_own():
    told = meanings(8)
    chains = chain_beads(side(np.concatenate([told[5:], told[:5]])), side(told))
    assert [beads(chain) for chain in chains] == [
        [(n + 3, n + 4, n, n + 1) for n in range(5)],
        [(n, n + 1, n + 5, n + 6) for n in range(3)],
    ]
    assert chains[0].points > chains[1].points


def test_left_out_sentences_break_no_chain():
    told = meanings(9)
    [chain] = chain_beads(side(told[[0, 1, 4, 5, 8]]), side(told))
    assert [bead.other_first for bead in chain.beads] == [0, 1, 4, 5, 8]


def test_a_sentence_the_editor_put_in_has_no_mate():
    told, own = meanings(8), meanings(8)[7]
    host = [*told[:3], own, *told[3:6]]
    [chain] = chain_beads(side(host), side(render(told[:6])))
    assert beads(chain) == [(n, n + 1, n, n + 1) for n in range(3)] + [(n + 1, n + 2, n, n + 1) for n in range(3, 6)]


def test_a_sentence_the_editor_put_in_is_not_drawn_into_a_good_mate():
    told = meanings(7)
    [chain] = chain_beads(side([*told[:3], told[6], *told[3:6]]), side(told[:6]))
    assert 3 not in {n for bead in chain.beads for n in range(bead.first, bead.last)}


def test_leaving_out_costs_less_than_adding():
    told = meanings(8)
    short, long = side(told[[0, 1, 6, 7]]), side(told)
    [summary], [enlarged] = chain_beads(short, long), chain_beads(long, short)
    assert summary.points > enlarged.points
    assert [bead.first for bead in summary.beads] == [bead.other_first for bead in enlarged.beads]


def test_nothing_in_common_is_no_chain():
    told = meanings(16)
    assert chain_beads(side(told[:8]), side(told[8:])) == []


def test_where_all_is_alike_nothing_tells():
    """Weather notes: every sentence is near every other."""
    told = meanings(9)
    alike = render(np.repeat(told[:1], 8, axis=0))
    [chain] = chain_beads(side(render(told[:8])), side(told[:8]))
    assert sum(found.points for found in chain_beads(side(alike), side(told[[0] * 8]))) < chain.points / 2


def test_a_speech_two_reporters_heard_earns_little():
    told = meanings(4)
    [plain] = chain_beads(side(told), side(told))
    [quoted] = chain_beads(side(told, (0, 1, 2, 3)), side(told, (0, 1, 2, 3)))
    assert quoted.points < plain.points / 3
    [one_sided] = chain_beads(side(told, (1,)), side(told))
    assert one_sided.points == pytest.approx(plain.points)


def test_numbers_that_differ_take_points_from_their_bead_alone():
    told = meanings(4)
    seen = []

    def adjust(first: int, last: int, other_first: int, other_last: int) -> float:
        seen.append((first, last, other_first, other_last))
        return -2.0 if (first, last, other_first, other_last) == (2, 3, 2, 3) else 0.0

    [plain] = chain_beads(side(told), side(told))
    [adjusted] = chain_beads(side(told), side(told), adjust)
    lost = [a.points - b.points for a, b in zip(plain.beads, adjusted.beads, strict=True)]
    assert lost == pytest.approx([0, 0, 2, 0])
    assert all(last - first in (1, 2) and other_last - other_first in (1, 2)
               for first, last, other_first, other_last in seen)  # fmt: skip


@st.composite
def sides(draw: st.DrawFn) -> tuple[Side, Side]:
    """Two articles that share some sentences, in any order, more or less truly rendered."""
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    stock = rng.normal(size=(6, DIMENSIONS))
    made = []
    for _ in range(2):
        chosen = draw(st.lists(st.integers(-1, 5), max_size=9))
        noise = rng.normal(size=(len(chosen), DIMENSIONS)) * draw(st.sampled_from([0.0, 0.3, 1.0]))
        rows = [stock[n] if n >= 0 else rng.normal(size=DIMENSIONS) for n in chosen]
        vectors = np.array(rows).reshape(len(chosen), DIMENSIONS) + noise
        made.append(side(list(vectors), tuple(draw(st.lists(st.integers(0, 8), max_size=2)))))
    return made[0], made[1]


@given(sides())
def test_laws_of_chains(pair: tuple[Side, Side]):
    one, two = pair
    chains = chain_beads(one, two)
    points = [chain.points for chain in chains]
    assert points == sorted(points, reverse=True)
    assert all(np.isfinite(value) and value > 0 for value in points)
    every = [bead for chain in chains for bead in chain.beads]
    for low, high, count in ((0, 1, len(one.sizes)), (2, 3, len(two.sizes))):
        taken = [n for bead in every for n in range(int(bead[low]), int(bead[high]))]
        assert len(taken) == len(set(taken))
        assert set(taken) <= set(range(count))
    for chain in chains:
        assert chain.beads
        for before, after in zip(chain.beads, chain.beads[1:], strict=False):
            assert before.last <= after.first
            assert before.other_last <= after.other_first
        # What lies between beads costs points, so a chain has at most what its beads earn.
        assert chain.points <= sum(bead.points for bead in chain.beads) + 1e-4
        if all(a.last == b.first and a.other_last == b.other_first
               for a, b in zip(chain.beads, chain.beads[1:], strict=False)):  # fmt: skip
            assert chain.points == pytest.approx(sum(bead.points for bead in chain.beads), abs=1e-4)
        for bead in chain.beads:
            assert (bead.last - bead.first, bead.other_last - bead.other_first) in {(1, 1), (1, 2), (2, 1)}
            assert np.isfinite(bead.margin)
            assert 0 < score_margin(bead.margin) < 1
    assert chain_beads(one, two) == chains


@given(sides())
def test_the_quick_sift_lets_no_chain_of_single_passages_slip(pair: tuple[Side, Side]):
    one, two = pair
    if not len(one.sizes) or not len(two.sizes):
        return
    most = bound_points(give_points(find_margins(one, two)))
    for chain in chain_beads(one, two):
        if all(bead.last - bead.first == bead.other_last - bead.other_first == 1 for bead in chain.beads):
            assert chain.points <= most + 1e-4


@pytest.mark.parametrize(("here", "there"), [(0, 0), (0, 3), (3, 0)])
def test_an_empty_article_has_no_chain(here: int, there: int):
    assert chain_beads(side(meanings(here)), side(meanings(there))) == []


def test_one_passage_beside_one():
    [chain] = chain_beads(side(meanings(1)), side(meanings(1)))
    assert [type(bead) for bead in chain.beads] == [Bead]
    assert beads(chain) == [(0, 1, 0, 1)]


def test_a_passage_without_meaning_is_nobodys_mate():
    empty = side(np.zeros((3, DIMENSIONS), np.float32))
    assert chain_beads(empty, side(meanings(3))) == chain_beads(empty, empty) == []
    assert np.isfinite(empty.join_neighbours().vectors).all()


def test_the_score_grows_with_the_margin():
    scores = [score_margin(margin) for margin in (-0.5, 0.0, 0.2, 0.4, 0.8)]
    assert scores == sorted(scores)
    assert scores[0] < 0.1
    assert scores[-1] > 0.9
