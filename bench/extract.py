"""Body extraction beside trafilatura: token F1 and pages per CPU-second, same pages, same run.

    python -m bench.extract

Token F1 is over multisets of words (``\\w+``); shingle F1 over 4-grams of words, as article-extraction-benchmark's
evaluate.py counts them. Both are per page, then the mean over pages. Our forest was trained on these same pages: the
held-out figure is what ``python -m bench.train_extract`` prints.
"""

from __future__ import annotations

import gzip
import json
import re
import statistics
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

GOLD = Path(__file__).parent.parent.parent / "shared" / "data" / "pages"
REPEATS = 3
TURN = 10  # pages
WORD = re.compile(r"\w+")


class GoldPage(NamedTuple):
    url: str
    html: str
    body: str


class Score(NamedTuple):
    precision: float
    recall: float
    f1: float


def load_gold() -> list[GoldPage]:
    """The gold pages, or none where ../shared/data is absent."""
    listing = GOLD / "gold.json"
    if not listing.is_file():
        return []
    pages = json.loads(listing.read_text(encoding="utf-8"))
    return [
        GoldPage(
            page["url"],
            gzip.decompress((GOLD / "html" / f"{key}.html.gz").read_bytes()).decode("utf-8", "replace"),
            page["articleBody"],
        )
        for key, page in sorted(pages.items())
    ]


def score_tokens(gold: str, text: str, size: int = 1) -> Score:
    """Precision, recall and F1 over the multiset of ``size``-grams of words."""
    wanted, found = _count_grams(gold, size), _count_grams(text, size)
    common = (wanted & found).total()
    precision = common / max(1, found.total())
    recall = common / max(1, wanted.total())
    return Score(precision, recall, 2 * precision * recall / (precision + recall) if common else 0.0)


def _count_grams(text: str, size: int) -> Counter[tuple[str, ...]]:
    words = WORD.findall(text)
    return Counter(tuple(words[i : i + size]) for i in range(len(words) - size + 1))


def _list_extractors() -> dict[str, Callable[[str], str | None]]:
    import trafilatura

    from arna.read.extract import extract_body, parse_page

    def extract_ours(html: str) -> str | None:
        found = extract_body(parse_page(html))
        return found.text if found else None

    def extract_precise(html: str) -> str | None:
        return trafilatura.extract(html, include_comments=False, favor_precision=True)

    return {
        "arna": extract_ours,
        "trafilatura": trafilatura.extract,
        "trafilatura, no comments, precision": extract_precise,
    }


def _measure_speed(extractors: dict[str, Callable[[str], str | None]], pages: list[GoldPage]) -> dict[str, float]:
    """Pages per CPU-second of each, the median over repeats.

    The extractors take turns every few pages, so that a busy machine slows all of them alike.
    """
    speeds: dict[str, list[float]] = {name: [] for name in extractors}
    for _ in range(REPEATS):
        spent = dict.fromkeys(extractors, 0.0)
        for start in range(0, len(pages), TURN):
            for name, extract in extractors.items():
                begun = time.process_time()
                for page in pages[start : start + TURN]:
                    extract(page.html)
                spent[name] += time.process_time() - begun
        for name, seconds in spent.items():
            speeds[name].append(len(pages) / seconds)
    return {name: statistics.median(found) for name, found in speeds.items()}


def _measure_quality(extract: Callable[[str], str | None], pages: list[GoldPage]) -> dict[str, float]:
    texts = [extract(page.html) or "" for page in pages]
    token = [score_tokens(page.body, text) for page, text in zip(pages, texts, strict=True)]
    shingle = [score_tokens(page.body, text, 4) for page, text in zip(pages, texts, strict=True)]
    return {
        "token_precision": statistics.mean(score.precision for score in token),
        "token_recall": statistics.mean(score.recall for score in token),
        "token_f1": statistics.mean(score.f1 for score in token),
        "shingle_f1": statistics.mean(score.f1 for score in shingle),
    }


def run() -> dict[str, object]:
    """Measures every extractor on the gold pages; ``{"absent": path}`` where there are none."""
    pages = load_gold()
    if not pages:
        print(f"extract: not measured, {GOLD} is absent")
        return {"absent": str(GOLD)}
    extractors = _list_extractors()
    figures = {name: _measure_quality(extract, pages) for name, extract in extractors.items()}
    for name, speed in _measure_speed(extractors, pages).items():
        figures[name]["pages_per_cpu_second"] = speed
    ours = figures["arna"]["pages_per_cpu_second"]
    print(f"{len(pages)} pages, median of {REPEATS} runs")
    print(f"{'':36} {'P':>6} {'R':>6} {'F1':>6} {'4-gram':>6} {'pages/s':>8} {'ours is':>8}")
    for name, row in figures.items():
        speed = row["pages_per_cpu_second"]
        print(
            f"{name:36} {row['token_precision']:6.3f} {row['token_recall']:6.3f} {row['token_f1']:6.3f} "
            f"{row['shingle_f1']:6.3f} {speed:8.0f} {ours / speed:7.1f}x"
        )
    others = [row["pages_per_cpu_second"] for name, row in figures.items() if name != "arna"]
    return {"pages": len(pages), "times_as_fast": ours / max(others), **figures}


if __name__ == "__main__":
    run()
