"""Recomputes the worked examples of docs/method.md."""

import importlib
import random
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from arna.text.anchors import compare_anchors, find_anchors
from arna.trace.beads import SKIP, SLOPE, Adjust, Side, chain_beads, find_margins, give_points, score_margin
from arna.trace.candidates import WEIGHTS, WINDOW, average_nearest
from arna.trace.choose import DAY, LONE
from arna.trace.translations import CONFLICT, LEAST_USUAL, NEAREST, judge_chains
from arna.voids.coverage import count_coverage, settle_own
from tests.trace.harness import aligned, article, copies, credit, make_space, plain_words, shares, trace, translations

METHOD = (Path(__file__).parents[1] / "docs" / "method.md").read_text(encoding="utf-8")
MARGINS, _, CHAIN = METHOD.split("### What a margin is")[1].partition("### Shares and families through languages")

COSINES = np.array([[0.54, 0.10, 0.33, 0.05], [0.12, 0.58, 0.08, 0.10], [0.06, 0.10, 0.15, 0.44]], np.float32)
"""Of the three sentences of B with the four of A, in the example of a margin."""


def make_sides(count: int = 3) -> tuple[Side, Side]:
    """B's first sentences and A's: A's are at right angles to each other, so B's first numbers are the cosines."""
    usual = average_nearest(np.array([[0.12, 0.34, 0.28, 0.05, 0.32, 0.26]], np.float32), NEAREST)[0]
    rest = np.sqrt(1 - (COSINES**2).sum(1))
    here, there = np.hstack([COSINES, np.diag(rest)])[:count], np.eye(4, 7, dtype=np.float32)
    return make_side(here, float(usual)), make_side(there, LEAST_USUAL)


def make_side(vectors: np.ndarray, usual: float) -> Side:
    count = len(vectors)
    return Side(vectors.astype(np.float32), np.full(count, usual, np.float32), np.full(count, 90, np.float32),
                np.zeros(count, np.bool_))  # fmt: skip


def dispute(sentence: int) -> Adjust:
    """What the bead of a sentence with its mate loses by the numbers of injured."""
    kk, ru = "Өртте 15 адам зардап шекті.", "При пожаре пострадали 12 человек."
    compared = compare_anchors(find_anchors(kk, "kk-Cyrl"), find_anchors(ru, "ru-Cyrl"))
    lost = CONFLICT if compared.conflicts else 0.0
    return lambda first, last, other, _: -lost if first <= sentence < last and other <= sentence else 0.0


def assert_said(text: str, *numbers: str) -> None:
    for number in numbers:
        assert re.search(rf"(?<![\d.]){re.escape(number)}(?!\d)", text), number


def test_the_margins_and_points_of_the_example_are_what_the_code_computes():
    here, there = make_sides()
    margins = find_margins(here, there)
    assert margins[0, 2] == pytest.approx(0.08)
    [chain] = chain_beads(here, there)
    assert [bead[:4] for bead in chain.beads] == [(0, 1, 0, 1), (1, 2, 1, 2), (2, 3, 3, 4)]
    assert [bead.margin for bead in chain.beads] == pytest.approx([0.29, 0.33, 0.19])
    assert [bead.points for bead in chain.beads] == pytest.approx([1.68, 2.80, 0.84])
    assert [bead.points for bead in chain.beads[1:]] == pytest.approx(give_points(margins[[1, 2], [1, 3]]).tolist())
    assert [score_margin(bead.margin) for bead in chain.beads] == pytest.approx([0.90, 0.94, 0.70], abs=0.005)
    assert chain.points == pytest.approx(5.12)
    assert judge_chains([chain], here, there)[0]
    assert_said(MARGINS, "0.29", "0.33", "0.19", "0.08", "1.68", "2.80", "0.84", "0.90", "0.94", "0.70", "5.12")


@pytest.mark.parametrize(("count", "points", "verdict"), [(3, 3.12, "in doubt"), (2, 2.48, "facts in common")])
def test_numbers_in_conflict_leave_the_example_in_doubt_or_less(count: int, points: float, verdict: str):
    here, there = make_sides(count)
    chains = chain_beads(here, there, dispute(1))
    assert chains[0].points == pytest.approx(points)
    told, counting = judge_chains(chains, *make_sides())
    assert not told
    assert bool(counting) == (verdict == "in doubt")
    assert_said(MARGINS, str(points))
    assert verdict in MARGINS


def test_the_chain_through_four_languages_is_what_the_code_computes():
    rng = random.Random(5)

    def write(count: int) -> str:
        return " ".join(plain_words(rng, 10).capitalize() + "." for _ in range(count))

    articles = [article("A", "agency", write(5), 0, lang="uk-Cyrl"), article("B", "rival", write(6), 4, lang="ru-Cyrl"),
                article("C", "portal", write(4), 8, lang="kk-Cyrl"), article("D", "paper", write(5), 12, lang="uz-Latn")]  # fmt: skip
    alignments = [
        *aligned("B", "A", *((n, n + 1, n, n + 1) for n in range(4))),
        *aligned("C", "A", *((n, n + 1, n + 2, n + 3) for n in range(2))),
        *aligned("C", "B", *((n, n + 1, n + 2, n + 3) for n in range(4))),
        *aligned("D", "A", *((n, n + 1, n + 2, n + 3) for n in range(2))),
        *aligned("D", "B", *((n, n + 1, n + 2, n + 3) for n in range(4))),
        *aligned("D", "C", *((n, n + 1, n, n + 1) for n in range(4))),
    ]
    plain = trace(articles, alignments=alignments)
    named = trace(articles, [credit("D", "portal", 0, 4, whole=False)], alignments=alignments)
    assert translations(plain) == {("B", "A", "clock"), ("C", "B", "clock"), ("D", "B", "clock")}
    assert translations(named) == {("B", "A", "clock"), ("C", "B", "clock"), ("D", "C", "credit")}
    sure = [row["direction_confidence"] for row in plain.reliances.to_pylist() if row["article_id"] == "D"]
    assert sure == pytest.approx([0.70] * 4)
    for traced in (plain, named):
        assert shares(traced, "A") == {"own": 1.0}
        assert shares(traced, "B") == pytest.approx({"ukraine": 40 / 60, "own": 20 / 60})
        assert shares(traced, "C") == pytest.approx({"ukraine": 0.5, "russia-state": 0.5})
        assert shares(traced, "D") == pytest.approx({"ukraine": 0.4, "russia-state": 0.4, "own": 0.2})
        families = {(row["article_id"], row["n"]) for row in traced.families.to_pylist() if row["family"] == "A:2"}
        assert families == {("A", 2), ("B", 2), ("C", 0), ("D", 0)}
    assert_said(CHAIN, "0.667", "0.333", "0.5", "0.4", "0.2", "0.70")


def test_the_worked_example_is_what_the_code_computes():
    rng = random.Random(11)
    a = plain_words(rng, 100).split()
    b = [*a[10:90], *plain_words(rng, 40).split()]
    c = b[60:120]
    traced = trace(
        [article("A", "agency", " ".join(a)), article("B", "portal", " ".join(b), 3),
         article("C", "paper", " ".join(c), 6)]
    )  # fmt: skip
    assert copies(traced) == [("B", "A", "clock"), ("C", "B", "clock")]
    confidence = {row["article_id"]: row["direction_confidence"] for row in traced.reliances.to_pylist()}
    assert confidence["B"] == pytest.approx(0.6375)
    assert shares(traced, "A") == {"own": 1.0}
    assert shares(traced, "B") == pytest.approx({"ukraine": 80 / 120, "own": 40 / 120})
    assert shares(traced, "C") == pytest.approx({"ukraine": 20 / 60, "kazakhstan": 40 / 60})

    words, outlets = {"A": 100, "B": 120, "C": 60}, {"A": "agency", "B": "portal", "C": "paper"}
    rows = [
        {"topic": "t", "lang": "ru-Cyrl", "week": "w", "article_id": row["article_id"],
         "outlet": outlets[row["article_id"]], "origin": row["origin"],
         "words": words[row["article_id"]] * row["share"]}
        for row in traced.origins.to_pylist()
    ]  # fmt: skip
    facts = settle_own(pa.Table.from_pylist(rows), make_space())
    facts = facts.set_column(2, "week", pa.array([20_000] * facts.num_rows, pa.int32()).cast(pa.date32()))
    coverage = {row["origin"]: row for row in count_coverage(facts).to_pylist()}
    assert coverage["ukraine"]["words"] == pytest.approx(200)
    assert coverage["kazakhstan"]["words"] == pytest.approx(80)
    assert coverage["ukraine"]["share"] == pytest.approx(0.714, abs=5e-4)


def test_the_page_states_the_numbers_the_test_recomputes():
    example = METHOD.split("## A worked example")[1]
    for number in ("0.6375", "0.667", "0.333", "200 of 280", "0.714", "0.286"):
        assert re.search(rf"(?<![\d.]){re.escape(number)}(?!\d)", example), number


@pytest.mark.parametrize(
    ("module", "name", "said"),
    [("trace.hits", "FREQUENT", "more than 24 places"), ("trace.judge", "INFORMATIVE", "at least 6 *informative*"),
     ("trace.judge", "LONG", "25 words and more"), ("trace.align", "LEAST", "at least 6"),
     ("voids.rank", "MISSING", "below 0.25"), ("voids.rank", "HEALTHY", "Below 0.8"),
     ("voids.topics", "LEAD", "first 300 letters"), ("voids.coverage", "DRAWS", "400 draws"),
     ("trace.candidates", "NEAREST", "the 12 nearest earlier ones"), ("trace.candidates", "WORTH", "From 0.9 on"),
     ("trace.beads", "MERGE", "which costs 0.3 points"), ("trace.beads", "TURN", "(margin − 0.13)"),
     ("trace.beads", "CONTRAST", "loses 0.5 times the best margin"), ("trace.beads", "QUOTE", "earn 0.5 points at most"),
     ("trace.translations", "NEAREST", "mean of the 4 highest"), ("trace.translations", "BANK", "up to 500 passages"),
     ("trace.translations", "LEAST_USUAL", "0.2 at least"), ("trace.translations", "CONFLICT", "the bead loses 2.0"),
     ("trace.translations", "TOLD", "has 3.6 points"), ("trace.translations", "DOUBTFUL", "has 3.0 points"),
     ("trace.translations", "FEW", "more than 2 beads"), ("trace.translations", "ENOUGH", "at least 0.3 of the letters"),
     ("trace.translations", "FURTHER", "count from 1.5 points"), ("trace.choose", "NEARLY", "at least 0.8 times as much"),
     ("voids.topic_stage", "NEAR", "a cosine below 0.18")],
)  # fmt: skip
def test_the_page_states_the_constants_of_the_code(module: str, name: str, said: str):
    value = getattr(importlib.import_module(f"arna.{module}"), name)
    assert str(value) in said
    assert said in " ".join(METHOD.split())


def test_the_page_states_the_constants_that_are_no_single_number():
    page = " ".join(METHOD.split())
    assert f"at most {WINDOW // DAY} days apart" in page
    assert "by {:.0f} times the margin (see below) of the leads and {:.0f} times".format(*WEIGHTS) in page
    assert "leaves out costs {}, one that it has more {}".format(*SKIP) in page
    assert "with a margin of {} and {} words or more".format(*LONE) in page
    assert f"earns {SLOPE:.0f} × (margin" in page
    model, stage = (importlib.import_module(f"arna.voids.topic_{name}") for name in ("model", "stage"))
    assert f"times {model.SHARPNESS}, and the nearest" in page
    assert f"Gaussian kernel), times {model.NEIGHBOURS:.0f}" in page
    assert f"weigh as {model.REACH:.0f} of its labelled texts" in page
    assert f"add {stage.STEM_WEIGHT:.0f} × ln(1 +" in page
