"""The benches that need no data from elsewhere run, and their floors name figures they give."""

import json
from pathlib import Path

import pytest
from bench import trace as bench_trace
from bench.planted import plant

FLOORS = json.loads((Path(__file__).parents[1] / "bench" / "floors.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def figures() -> dict[str, float]:
    planted = plant(1_000, wires=1, carriers=150)
    return bench_trace.score(planted, bench_trace.trace_arna(planted))


@pytest.mark.parametrize(
    "figure", [key for key in FLOORS["trace"] if key.split("_")[0] in ("recall", "precision", "edges")]
)
def test_tracing_of_a_small_planted_corpus_is_near_its_floor(figures: dict[str, float], figure: str):
    assert figures[figure] >= FLOORS["trace"][figure] - 0.04  # a smaller corpus: one miss weighs more


def test_the_scorer_sees_a_missing_and_a_false_span():
    planted = plant(400, wires=0)
    perfect = [
        (c["article"], c["begin"], c["end"], c["source"], c["source_begin"], c["source_end"]) for c in planted.copies
    ]
    assert bench_trace.score(planted, perfect)["precision"] == 1.0
    kinds = {str(copy["kind"]) for copy in planted.copies}
    assert all(bench_trace.score(planted, perfect)[f"recall_{kind}"] == 1.0 for kind in kinds)
    assert all(bench_trace.score(planted, [])[f"recall_{kind}"] == 0.0 for kind in kinds)
    innocent = next(n for n in range(len(planted.articles)) if n not in {c["article"] for c in planted.copies})
    assert bench_trace.score(planted, [*perfect, (innocent, 0, 200, 0, 0, 200)])["precision"] < 1.0
