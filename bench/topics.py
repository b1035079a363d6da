"""Measure topics by meaning (``arna.voids``): accuracy by language, with many labelled texts and with few sentences.

    python -m bench.topics

1. SIB-200, seven topics: trained on the train rows in English, Russian and Ukrainian, accuracy on the dev rows (99 a
   language), beside a logistic regression on the same vectors, not centred and not respelt. ``crossed`` is the same on
   the train rows in five folds of whole ids (701 a language): seven times the texts, and so steadier. Rows with one id
   are translations of each other; an id is either trained on or measured, in all languages.
2. SIB-200, five sentences a topic, drawn 20 times from the English and Russian train rows, accuracy on the dev rows.
3. The demo: its template's sentences and stems, sentences alone, and stems alone, against the topic of each story.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from arna.engines.embed import open_embedder
from arna.engines.identify import NgramIdentifier
from arna.space.demo.build import build_demo, load_demo_space
from arna.space.demo.texts import load_texts
from arna.text.leads import lead_of
from arna.text.respell import respell
from arna.voids.topic_model import TopicModel
from arna.voids.topic_stage import choose_topics, count_stems
from arna.voids.topics import OTHER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from arna.engines.embed import Embedder
    from arna.terms import Space

    Vectors = NDArray[np.float32]
    Classify = Callable[[Vectors, Sequence[str], Sequence[int], Vectors, Sequence[str]], NDArray[np.int64]]

DATA = Path(__file__).parents[2] / "shared" / "data" / "sib200"
LANGUAGES = {
    "kk-Cyrl": "kaz_Cyrl",
    "ru-Cyrl": "rus_Cyrl",
    "uk-Cyrl": "ukr_Cyrl",
    "uz-Latn": "uzn_Latn",
    "ky-Cyrl": "kir_Cyrl",
    "tg-Cyrl": "tgk_Cyrl",
    "tk-Latn": "tuk_Latn",
    "en-Latn": "eng_Latn",
}
TAUGHT = ("en-Latn", "ru-Cyrl", "uk-Cyrl")
FEW, DRAWS = 5, 20


@dataclass(frozen=True)
class Corpus:
    """Rows in the order of their ids: topics as numbers, and vectors of each language, as written and respelt."""

    labels: NDArray[np.int64]
    plain: dict[str, Vectors]
    respelt: dict[str, Vectors]


def read_corpus(part: str, embedder: Embedder) -> Corpus:
    """``train`` or ``dev`` of every language, embedded."""
    plain, respelt, labels = {}, {}, np.zeros(0, np.int64)
    for lang, name in LANGUAGES.items():
        lines = gzip.decompress((DATA / name / f"{part}.tsv.gz").read_bytes()).decode("utf-8").splitlines()[1:]
        rows = sorted((line.split("\t") for line in lines), key=lambda row: int(row[0]))
        topics = sorted({row[1] for row in rows})
        labels = np.array([topics.index(row[1]) for row in rows])
        texts = [row[2] for row in rows]
        spelt = [respell(text, lang) for text in texts]
        plain[lang] = embedder.embed(texts)
        respelt[lang] = plain[lang] if spelt == texts else embedder.embed(spelt)
    return Corpus(labels, plain, respelt)


def classify(
    taught: Vectors, taught_langs: Sequence[str], labels: Sequence[int], asked: Vectors, langs: Sequence[str]
) -> NDArray[np.int64]:
    """The product's model."""
    return TopicModel.fit(taught, taught_langs, labels).weigh(asked, langs).odds.argmax(axis=1)


def classify_plainly(
    taught: Vectors, _taught_langs: Sequence[str], labels: Sequence[int], asked: Vectors, _langs: Sequence[str]
) -> NDArray[np.int64]:
    """The peer: logistic regression (C = 10, the best of 1, 10, 100 in cross-validation)."""
    from sklearn.linear_model import LogisticRegression

    return np.asarray(LogisticRegression(C=10, max_iter=500).fit(taught, labels).predict(asked))


def measure(
    method: Classify, train: dict[str, Vectors], labels: NDArray[np.int64], test: dict[str, Vectors]
) -> dict[str, NDArray[np.int64]]:
    """Answers by language. The languages' rows go in as one lot, each row in one language at a time: no translation of
    a text is at hand with it."""
    langs = [lang for lang in TAUGHT for _ in labels]
    given = np.vstack([train[lang] for lang in TAUGHT])
    tags, count = list(LANGUAGES), len(test["kk-Cyrl"])
    answers = {lang: np.zeros(count, np.int64) for lang in tags}
    for turn in range(len(tags)):
        mixed = [tags[(row + turn) % len(tags)] for row in range(count)]
        asked = np.array([test[lang][row] for row, lang in enumerate(mixed)])
        found = method(given, langs, np.tile(labels, len(TAUGHT)).tolist(), asked, mixed)
        for row, lang in enumerate(mixed):
            answers[lang][row] = found[row]
    return answers


def split_ids(count: int, folds: int = 5) -> Iterator[NDArray[np.bool_]]:
    """Which rows each fold leaves out."""
    order = np.random.default_rng(1).permutation(count)
    for fold in range(folds):
        chosen = np.zeros(count, bool)
        chosen[order[fold::folds]] = True
        yield chosen


def cross(method: Classify, vectors: dict[str, Vectors], labels: NDArray[np.int64]) -> dict[str, float]:
    """Accuracy by language in folds of whole ids."""
    right: dict[str, list[bool]] = defaultdict(list)
    for out in split_ids(len(labels)):
        inside, outside = ({lang: rows[part] for lang, rows in vectors.items()} for part in (~out, out))
        for lang, found in measure(method, inside, labels[~out], outside).items():
            right[lang] += (found == labels[out]).tolist()
    return {lang: float(np.mean(rows)) for lang, rows in right.items()}


def measure_few(train: Corpus, dev: Corpus) -> dict[str, float]:
    """Mean accuracy by language with a few sentences a topic, drawn again and again."""
    sums: dict[str, float] = defaultdict(float)
    tags, labels = list(LANGUAGES), np.unique(train.labels)
    for draw in range(DRAWS):
        rng = np.random.default_rng(draw)
        ids = np.concatenate([rng.choice(np.flatnonzero(train.labels == n), FEW, replace=False) for n in labels])
        langs = [str(lang) for lang in rng.choice(["en-Latn", "ru-Cyrl"], len(ids))]
        given = np.array([train.respelt[lang][row] for lang, row in zip(langs, ids, strict=True)])
        right: dict[str, list[bool]] = defaultdict(list)
        for turn in range(len(tags)):
            mixed = [tags[(row + turn) % len(tags)] for row in range(len(dev.labels))]
            asked = np.array([dev.respelt[lang][row] for row, lang in enumerate(mixed)])
            found = classify(given, langs, train.labels[ids].tolist(), asked, mixed)
            for lang, good in zip(mixed, found == dev.labels, strict=True):
                right[lang].append(bool(good))
        for lang, rows in right.items():
            sums[lang] += float(np.mean(rows)) / DRAWS
    return dict(sums)


def read_demo() -> list[tuple[str, str, str, str]]:
    """Topic, language, title and text of the demo's articles on one story of its subject."""
    topics = {event.id: event.topic for event in load_texts().events}
    with tempfile.TemporaryDirectory() as folder:
        lines = build_demo(Path(folder)).truth.read_text("utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["outcome"] == "kept" and row["story"] in topics]
    return [(topics[row["story"]], row["lang"], row["title"], row["text"]) for row in rows]


def without(space: Space, **parts: object) -> Space:
    """A space with a part of every topic emptied."""
    return replace(space, topics=tuple(replace(topic, **parts) for topic in space.topics))  # type: ignore[arg-type]


def measure_demo(embedder: Embedder) -> dict[str, dict[str, float]]:
    """Accuracy by language for each way of telling the demo's topics."""
    rows, identifier = read_demo(), NgramIdentifier()
    langs = [row[1] for row in rows]
    leads = [lead_of(row[2], row[3]) for row in rows]
    space = load_demo_space()
    stems = count_stems(space, [row[2] for row in rows], [row[3] for row in rows], langs)
    ids = [topic.id for topic in space.topics]
    answers = {
        "demo_both": choose_topics(leads, langs, stems, space, embedder, identifier)[0],
        "demo_sentences": choose_topics(leads, langs, stems * 0, space, embedder, identifier)[0],
        "demo_stems": [ids[row.argmax()] if row.any() else OTHER for row in stems],
    }
    figures = {}
    for name, found in answers.items():
        right: dict[str, list[bool]] = defaultdict(list)
        for answer, (topic, lang, _, _) in zip(found, rows, strict=True):
            right[lang].append(answer == topic)
        figures[name] = {lang: float(np.mean(good)) for lang, good in right.items()}
        figures[name]["all"] = float(np.mean([good for goods in right.values() for good in goods]))
    return figures


def run() -> dict[str, float]:
    """All figures as ``name/language``: parts of texts whose topic is right."""
    embedder = open_embedder()
    figures = measure_demo(embedder)
    if DATA.exists():
        train, dev = read_corpus("train", embedder), read_corpus("dev", embedder)
        peer = measure(classify_plainly, train.plain, train.labels, dev.plain)
        ours = measure(classify, train.respelt, train.labels, dev.respelt)
        figures["peer_dev"] = {lang: float(np.mean(found == dev.labels)) for lang, found in peer.items()}
        figures["dev"] = {lang: float(np.mean(found == dev.labels)) for lang, found in ours.items()}
        figures["peer_crossed"] = cross(classify_plainly, train.plain, train.labels)
        figures["crossed"] = cross(classify, train.respelt, train.labels)
        figures["few"] = measure_few(train, dev)
    else:
        print(f"{DATA}: absent; SIB-200 is left out")
    show(figures)
    flat = {f"{name}/{lang}": value for name, row in figures.items() for lang, value in row.items()}
    return flat | {f"{name}_worst": min(row.values()) for name, row in figures.items()}


def show(figures: dict[str, dict[str, float]]) -> None:
    """Print the table, per cent."""
    tags = [*LANGUAGES, "all"]
    print(f"{'':16}" + "".join(f"{tag[:2]:>7}" for tag in tags[:-1]) + f"{'all':>7}")
    for name, row in figures.items():
        print(f"{name:16}" + "".join(f"{100 * row[tag]:7.1f}" if tag in row else f"{'':7}" for tag in tags))


if __name__ == "__main__":
    run()
