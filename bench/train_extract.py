"""Trains the forest of arna.read.extract on gold pages and writes src/arna/read/weights.py.

    python -m bench.train_extract            cross-validated figures, by outlet
    python -m bench.train_extract --write    also trains on all pages and writes the weights

Gold: ../shared/data/pages (article-extraction-benchmark), and pages of random build with texts of the demo
(``bench/varied_pages.py``): gold pages are of large outlets, and hardly any is a soup of nameless elements.
The varied pages are only trained on; what is held out and scored is gold. A block is text when most of its words align
with the gold body (difflib over words). Blocks weigh as their share of the page's gold words, so that every page counts
alike.
"""

from __future__ import annotations

import argparse
import difflib
import re
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier

from arna.read.blocks import parse_page, walk_page
from arna.read.choose import choose_blocks
from arna.read.features import describe_blocks, find_candidates
from arna.read.statements import read_statements
from bench.extract import GOLD, load_gold, score_tokens
from bench.varied_pages import make_pages

WEIGHTS = Path(__file__).parent.parent / "src" / "arna" / "read" / "weights.py"
DEPTH = 3
TREES = 100  # held-out F1 with 80: 0.978, with 100 to 160: 0.979
# Varied pages: of 200 to 600 with weights 0.03 to 1, these keep held-out F1 on gold highest (0.979; 0.976 with none).
VARIED = 400
VARIED_WEIGHT = 0.15
# Outlets that share one template; they are held out together.
FAMILIES = (
    ("sfgate", "chron", "ctpost", "timesunion", "mysanantonio"),
    ("vox", "theverge", "dawgsbynature"),
    ("space", "livescience"),
)
WORD = re.compile(r"\w+")


def name_outlet(url: str) -> str:
    host = urlsplit(url).netloc.removeprefix("www.")
    for family in FAMILIES:
        if host.split(".")[0] in family:
            return family[0]
    return host


def align_gold(texts: list[str], gold: str) -> tuple[np.ndarray, np.ndarray]:
    """Words of each block that align with the gold body, and all its words."""
    words = [WORD.findall(text) for text in texts]
    owner = [number for number, found in enumerate(words) for _ in found]
    flat = [word for found in words for word in found]
    hits = np.zeros(len(texts))
    matcher = difflib.SequenceMatcher(None, flat, WORD.findall(gold), autojunk=False)
    for begin, _, length in matcher.get_matching_blocks():
        for place in range(begin, begin + length):
            hits[owner[place]] += 1
    return hits, np.array([len(found) for found in words], dtype=float)


class Sheet:
    """One page: its blocks' texts, rows, labels and weights."""

    def __init__(self, url: str, html: str, gold: str) -> None:
        self.outlet, self.gold = name_outlet(url), gold
        parser = parse_page(html)
        self.page = page = walk_page(parser)
        self.texts = [block.text for block in page.blocks]
        self.rows = describe_blocks(page, read_statements(parser))
        hits, words = align_gold(self.texts, gold)
        self.candidates = find_candidates(self.rows)
        self.labels = (hits > 0.5 * np.maximum(words, 1)).astype(int)
        self.weight = 1.0
        # Half the gold is the most one block may weigh; the small constant keeps short blocks in the count.
        self.weights = np.minimum(words / max(hits.sum(), 1.0), 0.5) + 0.002


def fit(sheets: list[Sheet], seed: int = 0, trees: int = TREES) -> GradientBoostingClassifier:
    weights = np.concatenate([sheet.weights * sheet.weight for sheet in sheets])
    model = GradientBoostingClassifier(
        n_estimators=trees,
        max_depth=DEPTH,
        learning_rate=0.1,
        subsample=0.7,
        min_samples_leaf=8,
        max_features=0.3,
        random_state=seed,
    )
    model.fit(
        np.concatenate([sheet.rows for sheet in sheets]),
        np.concatenate([sheet.labels for sheet in sheets]),
        sample_weight=weights / weights.mean(),
    )
    return model


def cross_validate(sheets: list[Sheet], more: list[Sheet], folds: int = 9, seed: int = 0) -> list[float]:
    """Token F1 of each of ``sheets``, by models that saw no page of its outlet; ``more`` are trained on in each."""
    outlets = sorted({sheet.outlet for sheet in sheets})
    np.random.RandomState(seed).shuffle(outlets)
    fold = {outlet: number % folds for number, outlet in enumerate(outlets)}
    scores = []
    for number in range(folds):
        model = fit([*(sheet for sheet in sheets if fold[sheet.outlet] != number), *more])
        for sheet in sheets:
            if fold[sheet.outlet] == number:
                likely = np.zeros(len(sheet.rows))
                likely[sheet.candidates] = model.predict_proba(sheet.rows[sheet.candidates])[:, 1]
                chosen = choose_blocks(sheet.page, sheet.rows, likely)
                text = "\n".join(sheet.texts[i] for i in chosen)
                scores.append(score_tokens(sheet.gold, text).f1)
    return scores


def make_varied() -> list[Sheet]:
    sheets = [Sheet(page.url, page.html, page.body) for page in make_pages(VARIED)]
    for sheet in sheets:
        sheet.weight = VARIED_WEIGHT
    return sheets


def write_numbers(name: str, values: np.ndarray) -> list[str]:
    lines, line = [], ""
    for value in values.ravel():
        word = f"{value:.4g}" if values.dtype.kind == "f" else str(value)
        if len(line) + len(word) > 100:
            lines.append(line)
            line = ""
        line += word + " "
    lines.append(line)
    return [f'_{name} = """', *(line.rstrip() for line in lines), '"""']


def write_weights(model: GradientBoostingClassifier, columns: int) -> None:
    inner = 2**DEPTH - 1
    shape = (len(model.estimators_), inner)
    column, limit = np.zeros(shape, dtype=int), np.full(shape, np.inf)
    leaf = np.zeros((shape[0], inner + 1))
    for number, (estimator,) in enumerate(model.estimators_):
        tree = estimator.tree_
        waiting = [(0, 0)]
        while waiting:
            source, target = waiting.pop()
            ends = tree.children_left[source] < 0
            if target >= inner:
                leaf[number, target - inner] = model.learning_rate * tree.value[source][0, 0]
                continue
            if not ends:
                column[number, target], limit[number, target] = tree.feature[source], tree.threshold[source]
            waiting.append((source if ends else tree.children_left[source], 2 * target + 1))
            waiting.append((source if ends else tree.children_right[source], 2 * target + 2))
    prior = model.init_.class_prior_
    start = float(np.log(prior[1] / prior[0]))
    lines = [
        '"""Weights of the block forest, written by ``bench/train_extract.py``; not edited by hand."""',
        "",
        "from __future__ import annotations",
        "",
        "from typing import Final",
        "",
        "from arna.read.forest import Forest, read_forest",
        "",
        f"COLUMNS: Final = {columns}",
        '"""How many features a row must have."""',
        "",
        *write_numbers("COLUMN", column),
        *write_numbers("LIMIT", limit),
        *write_numbers("LEAF", leaf),
        "",
        f"FOREST: Final[Forest] = read_forest(_COLUMN, _LIMIT, _LEAF, {inner}, {start:.5f})",
    ]
    WEIGHTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--write", action="store_true", help="train on all pages and write the weights")
    options.add_argument("--no-check", action="store_true", help="leave out cross-validation")
    chosen = options.parse_args()
    gold = load_gold()
    if not gold:
        print(f"no gold pages: {GOLD} is absent")
        return
    sheets = [Sheet(page.url, page.html, page.body) for page in gold]
    more = make_varied()
    if not chosen.no_check:
        scores = cross_validate(sheets, more)
        print(f"held-out token F1, {len(scores)} pages by outlet: {np.mean(scores):.4f}")
    if chosen.write:
        write_weights(fit([*sheets, *more]), sheets[0].rows.shape[1])
        print(f"wrote {WEIGHTS}")


if __name__ == "__main__":
    main()
