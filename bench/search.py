"""Search: do the forms of a word meet in one stem and other words not, and how fast is the index.

`search_cases/*.toml` has 40 words a language (20 for English) with their forms, written by hand; the rules were written
with the first half, and of the other half only the figures were looked at. **Recall**: of all ordered pairs of forms of
one word, those where one finds the other. **False**: of all pairs of words of a language, those that share a stem in
any form. **Alike**: of 20 to 30 pairs of words that look alike, written after the rules, those that share a stem. Peers
in the same run: words as they stand, their first five letters, and Snowball where it knows the language.

With SIB-200 at hand, also: of the words of 800 sentences, how many share a stem with a word in the same script whose
first two letters are others (of Ukrainian's most are forms of one word: рік, року). With KazNERD: of place names in
Kazakh news, how many longer forms find the plain one.

Speed: 50,000 texts of 12 to 24 sentences of the demo's stories in six languages, shuffled by a seed, into a space;
queries of one to three words in forms that stand in some text, a third with a language. A peer with the same stems:
SQLite FTS5.
"""

from __future__ import annotations

import gzip
import random
import sqlite3
import statistics
import tempfile
import time
import tomllib
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import snowballstemmer

from arna.store import Lake, LakeWriter, SearchIndex
from arna.terms import SCHEMAS
from arna.text.queries import fold_token, list_stems, stem_token
from arna.text.scripts import script_of
from arna.text.sentences import split_passages
from arna.text.stems import LANGUAGES, list_words, stem_word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

HERE = Path(__file__).parent
DATA = Path(__file__).parents[2] / "shared" / "data"
SIB = {"kk": "kaz_Cyrl", "uz": "uzn_Latn", "tk": "tuk_Latn", "ky": "kir_Cyrl", "tg": "tgk_Cyrl", "uk": "ukr_Cyrl",
       "ru": "rus_Cyrl", "en": "eng_Latn"}  # fmt: skip
TAGS = {"kk": "kk-Cyrl", "uz": "uz-Latn", "tk": "tk-Latn", "ky": "ky-Cyrl", "tg": "tg-Cyrl", "uk": "uk-Cyrl",
        "ru": "ru-Cyrl", "en": "en-Latn"}  # fmt: skip
SNOWBALL = {"ru": "russian", "en": "english"}
TEXTS, QUERIES = 50_000, 3_000
START = datetime(2026, 1, 1, tzinfo=UTC)


def read_cases(lang: str) -> dict[str, list[list[str]]]:
    table = tomllib.loads((HERE / "search_cases" / f"{lang}.toml").read_text(encoding="utf-8"))
    return {part: [line.split() for line in table[part]] for part in ("tuned", "held")} | {
        "alike": [pair.split() for pair in table["alike"].replace("\n", " ").split(",")]
    }


def score_recall(words: list[list[str]], stem: Callable[[str], str]) -> float:
    met = pairs = 0
    for forms in words:
        stems = Counter(stem(form) for form in dict.fromkeys(forms))
        met += sum(count * (count - 1) for count in stems.values())
        pairs += stems.total() * (stems.total() - 1)
    return met / pairs


def score_false(words: list[list[str]], stem: Callable[[str], str]) -> float:
    stems = [{stem(form) for form in forms} for forms in words]
    pairs = list(combinations(stems, 2))
    return sum(bool(one & two) for one, two in pairs) / len(pairs)


def make_stemmers(lang: str) -> dict[str, Callable[[str], str]]:
    stemmers: dict[str, Callable[[str], str]] = {
        "arna": lambda word: stem_word(word, lang),
        "none": fold_token,
        "five letters": lambda word: fold_token(word)[:5],
    }
    if lang in SNOWBALL:
        snowball = snowballstemmer.stemmer(SNOWBALL[lang])
        stemmers["snowball"] = lambda word: snowball.stemWord(fold_token(word))
    return stemmers


def measure_stems() -> dict[str, float]:
    figures: dict[str, float] = {}
    print(f"  {'':4}{'':14}{'tuned':>8}{'held':>8}{'false':>8}{'alike':>8}")
    for lang in LANGUAGES:
        cases = read_cases(lang)
        every = cases["tuned"] + cases["held"]
        for name, stem in make_stemmers(lang).items():
            tuned, held = (score_recall(cases[part], stem) for part in ("tuned", "held"))
            false = score_false(every, stem)
            alike = sum(stem(one) == stem(two) for one, two in cases["alike"]) / len(cases["alike"])
            print(f"  {lang:4}{name:14}{tuned:8.3f}{held:8.3f}{false:8.4f}{alike:8.3f}")
            key = name.replace(" ", "_")
            figures |= {
                f"{key}/recall_{lang}": held,
                f"{key}/apart_{lang}": 1 - false,
                f"{key}/alike_apart_{lang}": 1 - alike,
            }
    return figures


def list_types(lang: str) -> set[str]:
    words: set[str] = set()
    for part in ("train", "dev"):
        with gzip.open(DATA / "sib200" / SIB[lang] / f"{part}.tsv.gz", "rt", encoding="utf-8") as file:
            for line in file:
                text = line.rstrip("\n").split("\t")[-1]
                words |= {fold_token(text[begin:end]) for begin, end in list_words(text)}
    return {word for word in words if word.isalpha()}


def measure_vocabulary() -> dict[str, float]:
    """Words of real sentences: none may share a stem with one whose first three letters are others."""
    figures = {}
    for lang in LANGUAGES:
        words = list_types(lang)
        groups: dict[str, list[str]] = defaultdict(list)
        for word in words:
            groups[stem_word(word, lang)].append(word)
        strange = sum(
            1 for some in groups.values() for word in some if any(_begins_otherwise(word, other) for other in some)
        )
        print(
            f"  {lang}: {len(words)} words, {len(groups)} stems; {strange} share one with a word that begins otherwise"
        )
        figures[f"own_beginning_{lang}"] = 1 - strange / len(words)
    return figures


def _begins_otherwise(one: str, two: str) -> bool:
    return one[:2] != two[:2] and script_of(one) == script_of(two)


def measure_names() -> dict[str, float]:
    """Place names of one word in Kazakh news: every form that is a plain name with an ending must find it."""
    names: set[str] = set()
    with gzip.open(DATA / "kaznerd-valid.txt.gz", "rt", encoding="utf-8") as file:
        rows = [line.split() for line in file]
    for row, after in zip(rows, [*rows[1:], []], strict=True):
        if len(row) == 2 and row[1] == "B-GPE" and not (after and after[-1] == "I-GPE") and row[0].isalpha():
            names.add(fold_token(row[0]))
    pairs = [(one, two) for one in names for two in names if len(one) > 4 and one != two and two.startswith(one)]
    met = sum(stem_word(one, "kk") == stem_word(two, "kk") for one, two in pairs)
    print(f"  KazNERD: of {len(pairs)} longer forms of place names {met / len(pairs):.3f} find the plain one")
    return {"place_names": met / len(pairs)}


def list_sentences() -> dict[str, list[str]]:
    sentences: dict[str, list[str]] = defaultdict(list)
    for path in sorted((files("arna.space.demo") / "stories").iterdir(), key=lambda item: item.name):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        for lang in TAGS:
            if isinstance(content.get(lang), dict) and "paragraphs" in content[lang]:
                text = "\n".join(content[lang]["paragraphs"])
                sentences[lang] += [text[begin:end] for begin, end in split_passages(text)]
    return dict(sentences)


def make_articles(count: int, seed: int = 5) -> list[dict[str, Any]]:
    rng = random.Random(seed)
    sentences = list_sentences()
    langs = sorted(sentences)
    rows = []
    for n in range(count):
        lang = rng.choice(langs)
        text = " ".join(rng.choices(sentences[lang], k=rng.randint(12, 24)))
        rows.append({
            "id": f"{n:032x}", "document_id": f"{n}", "url": f"https://a.example/{n}", "outlet": f"outlet-{n % 90}",
            "title": rng.choice(sentences[lang])[:80], "published_at": START + timedelta(minutes=n), "lang": TAGS[lang],
            "published_from": "meta", "script": "", "text": text, "links": [],
        })  # fmt: skip
    return rows


def make_queries(rows: list[dict[str, Any]], count: int, seed: int = 6) -> list[tuple[str, str | None]]:
    rng = random.Random(seed)
    queries = []
    for n in range(count):
        row = rng.choice(rows)
        words = [row["text"][begin:end] for begin, end in list_words(row["text"])]
        words = [word for word in words if len(word) > 3]
        queries.append((" ".join(rng.sample(words, 1 + n % 3)), row["lang"] if n % 3 == 0 else None))
    return queries


def time_all(ask: Callable[[str, str | None], object], queries: Iterable[tuple[str, str | None]]) -> list[float]:
    times = []
    for query, lang in queries:
        begin = time.perf_counter()
        ask(query, lang)
        times.append(1000 * (time.perf_counter() - begin))
    return times


def _match(query: str, lang: str | None, sign: str) -> str:
    """A query for FTS5, with the same words and stems."""
    words = [query[begin:end] for begin, end in list_words(query)]
    forms = [[f"{fold_token(word)}", *list_stems(word, lang)] for word in words]
    return sign.join("(" + " OR ".join(f'"{form}"' for form in some) + ")" for some in forms)


def open_sqlite(rows: list[dict[str, Any]]) -> Callable[[str, str | None], object]:
    base = sqlite3.connect(":memory:")
    columns = "id UNINDEXED, lang UNINDEXED, words, stems"
    base.execute(f"CREATE VIRTUAL TABLE t USING fts5({columns}, tokenize=\"unicode61 tokenchars ':'\")")
    for row in rows:
        text, lang = f"{row['title']} {row['text']}", row["lang"].partition("-")[0]
        words = [text[begin:end] for begin, end in list_words(text)]
        base.execute(
            "INSERT INTO t VALUES (?, ?, ?, ?)",
            (
                row["id"],
                row["lang"],
                " ".join(map(fold_token, words)),
                " ".join(stem_token(word, lang) for word in words),
            ),
        )
    base.commit()

    def ask(query: str, lang: str | None) -> object:
        chosen = "AND lang = ?" if lang else ""
        values = [_match(query, lang, " AND "), *([lang] if lang else [])]
        page = base.execute(f"SELECT id FROM t WHERE t MATCH ? {chosen} ORDER BY rank LIMIT 20", values).fetchall()
        return page, base.execute(f"SELECT count(*) FROM t WHERE t MATCH ? {chosen}", values).fetchone()

    return ask


def measure_speed() -> dict[str, float]:
    rows = make_articles(TEXTS)
    queries = make_queries(rows, QUERIES)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with LakeWriter(folder / "lake") as writer:
            writer.append("articles", pa.Table.from_pylist(rows, schema=SCHEMAS["articles"]))
        lake, index = Lake(folder / "lake"), SearchIndex(folder)
        begin = time.perf_counter()
        index.update(lake)
        built = time.perf_counter() - begin
        size = sum(item.stat().st_size for item in index.folder.rglob("*") if item.is_file())
        begin = time.perf_counter()
        again = index.update(lake)
        idle = 1000 * (time.perf_counter() - begin)
        assert (again.added, again.anew) == (0, None)
        time_all(index.search, queries[:300])
        times = time_all(index.search, queries)
        missed = sum(index.search(query, lang).total == 0 for query, lang in queries)
    words = sum(len(row["text"].split()) for row in rows)
    print(f"  {TEXTS} texts, {words / 1e6:.1f} million words: built in {built:.1f} s, {size / 1e6:.0f} MB")
    print(f"  with nothing new: {idle:.0f} ms")
    figures = {
        "texts_per_second_built": TEXTS / built,
        "queries_per_second": 1000 * len(times) / sum(times),
        "found": 1 - missed / len(queries),
    }
    _print_times("arna (tantivy)", times)
    median = statistics.median(times)
    begin = time.perf_counter()
    ask = open_sqlite(rows)
    built = time.perf_counter() - begin
    theirs = time_all(ask, queries[:600])
    _print_times(f"SQLite FTS5, built in {built:.1f} s", theirs)
    figures["times_as_fast_as_sqlite"] = statistics.median(theirs) / median
    return figures


def _print_times(name: str, times: list[float]) -> None:
    ranked = sorted(times)
    print(
        f"  {name}: median {statistics.median(times):.2f} ms, 95 % below {ranked[int(0.95 * len(ranked))]:.2f} ms, "
        f"{1000 * len(times) / sum(times):.0f} queries a second"
    )


def run() -> dict[str, float]:
    figures = measure_stems()
    if (DATA / "sib200").exists():
        figures |= measure_vocabulary()
    if (DATA / "kaznerd-valid.txt.gz").exists():
        figures |= measure_names()
    return figures | measure_speed()


if __name__ == "__main__":
    run()
