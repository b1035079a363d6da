"""The benches that need no data from elsewhere run, and their floors name figures they give."""

import json
from pathlib import Path

import pytest
from bench import search as bench_search
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


@pytest.fixture(scope="module")
def stems() -> dict[str, float]:
    return bench_search.measure_stems()


@pytest.mark.parametrize("figure", [key for key in FLOORS["search"] if key.startswith("arna/")])
def test_forms_of_a_word_meet_and_others_do_not(stems: dict[str, float], figure: str):
    assert stems[figure] >= FLOORS["search"][figure]
    if "/recall" in figure:
        assert stems[figure] > stems[figure.replace("arna/", "five_letters/")]


@pytest.mark.parametrize("lang", bench_search.LANGUAGES)
def test_the_cases_of_search_are_as_many_as_said(lang: str):
    cases = bench_search.read_cases(lang)
    assert len(cases.pop("alike")) >= 20
    assert {len(words) for words in cases.values()} == {10 if lang == "en" else 20}
    first = [forms[0] for words in cases.values() for forms in words]
    assert len(set(first)) == len(first)
    assert all(len(set(forms)) >= (2 if lang == "en" else 7) for words in cases.values() for forms in words)


def test_the_scorer_of_stems_sees_forms_that_part_and_words_that_meet():
    words = [["порт", "порту"], ["мова", "мови"]]
    assert bench_search.score_recall(words, lambda word: word[0]) == 1.0
    assert bench_search.score_recall(words, lambda word: word) == 0.0
    assert bench_search.score_recall(words, lambda word: word[:4]) == 0.5
    assert bench_search.score_false(words, lambda _word: "") == 1.0
    assert bench_search.score_false(words, lambda word: word[0]) == 0.0


def test_the_queries_of_the_bench_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bench_search, "TEXTS", 300)
    monkeypatch.setattr(bench_search, "QUERIES", 60)
    assert bench_search.measure_speed()["found"] == 1.0
