"""Recomputes the worked example of docs/method.md."""

import random
import re
from pathlib import Path

import pyarrow as pa
import pytest

from arna.voids.coverage import count_coverage, settle_own
from tests.trace.harness import article, copies, make_space, plain_words, shares, trace

METHOD = (Path(__file__).parents[1] / "docs" / "method.md").read_text(encoding="utf-8")


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
     ("voids.topics", "LEAD", "first 300 letters"), ("voids.coverage", "DRAWS", "400 draws")],
)  # fmt: skip
def test_the_page_states_the_constants_of_the_code(module: str, name: str, said: str):
    import importlib

    value = getattr(importlib.import_module(f"arna.{module}"), name)
    assert str(value) in said
    assert said in " ".join(METHOD.split())
