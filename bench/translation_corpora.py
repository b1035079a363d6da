"""Corpora of articles in several languages whose translations are known, span for span.

- ``sib``: FLORES sentences (SIB-200) as articles of 3, 5 or 8, one corpus a pair of languages, with ten distractors a
  true pair: three of them of the sentences in between, seven of others.
- ``demo``: the demo's stories, aligned sentence for sentence, whole, partial, added to and summed up, with chains.
- ``cases``: ``bench/translation_cases``, written for this; see there for the kinds.
- ``noise``: unrelated short sentences (Tatoeba); whatever is found is wrong.

Sentences of one original have keys; a rendering carries the keys of what it renders, through chains too.
"""

from __future__ import annotations

import csv
import gzip
import random
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from arna.space.demo.texts import LANGUAGES, load_texts
from arna.text.normalise import clean
from arna.text.scripts import kazakh_to_latin, script_of
from arna.text.sentences import split_passages
from bench.train_identify import DATA, SIB, read_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from arna.space.demo.texts import Text

CASES = Path(__file__).parent / "translation_cases"
HOSTS = ("kk", "uz", "ky", "uk", "tg", "tk", "kk-Latn", "az", "tt", "be", "tr")
SOURCES = ("ru", "en")
OUTLETS = 3  # outlets a language: thirteen languages make three dozen and more
UNDATED = 0.15  # share of articles of which only the day is known
MIX = ("translation", "partial", "added", "summary", "translation")
OTHER_SCRIPTS = ("kk-Latn", "uz-Cyrl")
NO_KEYS: frozenset[str] = frozenset()

Sentence = tuple[str, frozenset[str]]


class Unit(NamedTuple):
    """A sentence of an article and what of its family's original it renders (or is)."""

    begin: int
    end: int
    keys: frozenset[str]


class TrueSpan(NamedTuple):
    """A sentence and one it renders."""

    begin: int
    end: int
    source: str
    source_begin: int
    source_end: int


@dataclass(frozen=True)
class Article:
    """An article and the truth about it.

    ``at`` is when it appeared, also where ``row`` tells only the day. ``sources`` are the addresses of what it was
    translated from, then what that was translated from, and so on.
    """

    row: dict[str, str]
    kind: str
    family: str
    at: datetime
    units: tuple[Unit, ...]
    sources: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return self.row["url"]

    @property
    def lang(self) -> str:
        """See :func:`shorten`."""
        return shorten(self.row["lang"])

    @property
    def dated(self) -> bool:
        return len(self.row["published_at"]) > len("2025-10-01")

    @property
    def keys(self) -> frozenset[str]:
        return NO_KEYS.union(*(unit.keys for unit in self.units))


@dataclass
class Corpus:
    """Articles that are imported into one space."""

    name: str
    rng: random.Random
    articles: dict[str, Article] = field(default_factory=dict)

    def add(
        self,
        lang: str,
        kind: str,
        sentences: Sequence[Sentence],
        at: datetime,
        *,
        family: str = "",
        of: Article | None = None,
        title: str | None = None,
    ) -> Article:
        """Publish an article; without a title it gets the first words of its first sentence, or none."""
        number = len(self.articles)
        outlet = f"{shorten(lang).lower()}-{self.rng.randrange(OUTLETS)}"
        text, units = "", []
        for place, (sentence, keys) in enumerate(sentences):
            text += ("\n" if place % 3 == 0 else " ") if place else ""
            units.append(Unit(len(text), len(text) + len(sentence), keys))
            text += sentence
        if title is None:
            title = " ".join(sentences[0][0].split()[:7]) if self.rng.random() < 0.7 else ""
        told = at.strftime("%Y-%m-%d" if self.rng.random() < UNDATED else "%Y-%m-%dT%H:%M:00Z")
        url = f"https://{outlet}.example/{self.name}/{number}"
        row = {"url": url, "outlet": outlet, "title": title, "text": text, "published_at": told, "lang": lang}
        sources = (of.url, *of.sources) if of else ()
        self.articles[url] = Article(row, kind, family, at, tuple(units), sources)
        return self.articles[url]

    def rows(self) -> list[dict[str, str]]:
        """Articles as ``arna import`` takes them, in an order that tells nothing."""
        rows = [article.row for article in self.articles.values()]
        random.Random(5).shuffle(rows)
        return rows

    def pairs(self) -> set[tuple[str, str]]:
        """Addresses of hosts and of what they were translated from, directly or through others."""
        return {(article.url, source) for article in self.articles.values() for source in article.sources}

    def spans(self, article: Article) -> list[TrueSpan]:
        """Each sentence of an article with each sentence of its direct source that it renders."""
        if not article.sources:
            return []
        source = self.articles[article.sources[0]]
        return [
            TrueSpan(own.begin, own.end, source.url, other.begin, other.end)
            for own in article.units
            for other in source.units
            if own.keys & other.keys
        ]

    def relate(self, host: str, source: str) -> str:
        """What a reported pair is: ``right``, ``related`` (another earlier rendering of the same), ``reversed``
        (the truth, turned round), or ``wrong``.
        """
        one, other = self.articles[host], self.articles[source]
        if source in one.sources:
            return "right"
        if host in other.sources:
            return "reversed"
        if not one.family or one.family != other.family or not one.keys & other.keys:
            return "wrong"
        unsure = not (one.dated and other.dated) and one.at.date() == other.at.date()
        return "related" if other.at < one.at or unsure else "reversed"


def shorten(tag: str) -> str:
    """Language of a tag, with its script only where that is the language's other one."""
    return tag if tag in OTHER_SCRIPTS else tag.partition("-")[0]


def build_corpora(names: Sequence[str], hosts: Sequence[str], sources: Sequence[str], worlds: int) -> list[Corpus]:
    """Corpora by name; of ``sib`` one a pair of languages and world (another dealing of the sentences)."""
    corpora = []
    if "sib" in names and read_sib():
        pairs = [(host, source) for host in HOSTS if host in hosts for source in sources]
        corpora += [build_sib(host, source, world) for world in range(worlds) for host, source in pairs]
    if "demo" in names:
        corpora.append(build_demo())
    if "cases" in names:
        corpora.append(build_cases())
    if "noise" in names:
        corpora.append(build_noise())
    return [corpus for corpus in corpora if corpus.articles]


# FLORES sentences


@cache
def read_sib() -> dict[str, dict[int, str]]:
    """Sentences by language and FLORES id, those all languages have; empty where the data is absent."""
    found: dict[str, dict[int, str]] = {}
    for folder, tag in SIB.items():
        rows: dict[int, str] = {}
        for split in ("train", "dev"):
            path = DATA / "sib200" / folder / f"{split}.tsv.gz"
            if not path.exists():
                print(f"{path}: absent; no pairs of FLORES sentences")
                return {}
            with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
                rows |= {int(row["index_id"]): clean(row["text"]) for row in csv.DictReader(file, delimiter="\t")}
        found[tag] = rows
    found["kk-Latn"] = {number: kazakh_to_latin(text) for number, text in found["kk-Cyrl"].items()}
    shared = set.intersection(*(set(rows) for rows in found.values()))
    return {shorten(tag): {number: rows[number] for number in sorted(shared)} for tag, rows in found.items()}


def build_sib(host: str, source: str, world: int = 0) -> Corpus:
    """True pairs and ten distractors to each; no sentence is in two articles but a pair's."""
    corpus = Corpus(f"sib-{host}-{source}-{world}".lower(), random.Random(f"{host} {source} {world}"))
    rng, texts = corpus.rng, read_sib()
    numbers = list(texts["en"])
    tags = {lang: lang if "-" in lang else f"{lang}-{script_of(rows[numbers[0]])}" for lang, rows in texts.items()}
    at, number = rng.randrange(20), 0
    while at + 40 <= len(numbers):
        size, near = ((3, 2), (5, 2), (8, 3))[number % 3]
        window = numbers[at : at + size + 3 * near]
        own, rest = deal(window, size)
        first = datetime(2025, 10, 1, tzinfo=UTC) + timedelta(hours=rng.uniform(0, 240))
        family = f"{corpus.name}/{number}"
        sources = [(texts[source][n], frozenset({f"{family}/{n}"})) for n in own]
        root = corpus.add(tags[source], "original", sources, first, family=family)
        later = first + timedelta(hours=rng.uniform(1, 72))
        rendered = [(texts[host][n], keys) for n, (_, keys) in zip(own, sources, strict=True)]
        corpus.add(tags[host], "translation", rendered, later, family=family, of=root)
        at += len(window)
        langs = rng.sample((host, source), 2)
        for turn in range(10):
            taken = rest[turn * near : (turn + 1) * near] if turn < 3 else numbers[at : at + rng.choice((2, 2, 3))]
            at += len(taken) if turn >= 3 else 0
            when = first + timedelta(hours=rng.uniform(-24, 72))
            lang = langs[turn % 2]
            kind = "same-event" if turn < 3 else "distractor"
            if taken:
                corpus.add(tags[lang], kind, [(texts[lang][n], NO_KEYS) for n in taken], when)
        number += 1
    return corpus


def deal(window: Sequence[int], size: int) -> tuple[list[int], list[int]]:
    """So many of a window's numbers, spread evenly over it, and those in between."""
    picked = {int(place * len(window) / size) for place in range(size)}
    return [n for k, n in enumerate(window) if k in picked], [n for k, n in enumerate(window) if k not in picked]


# The demo's stories


class OwnReporting:
    """Sentences of the demo's fillers, each used once."""

    def __init__(self) -> None:
        fillers = load_texts().fillers
        self.left = {lang: [split_text(text) for text in texts] for lang, texts in fillers.items()}

    def take(self, lang: str, count: int) -> list[str]:
        """So many sentences, fewer when all are used."""
        taken: list[str] = []
        while len(taken) < count and self.left[lang]:
            text = self.left[lang][-1]
            wanted = count - len(taken)
            taken += text[:wanted]
            self.left[lang][-1] = text[wanted:]
            if not self.left[lang][-1]:
                self.left[lang].pop()
        return taken


def split_text(text: Text) -> list[str]:
    """Sentences of a demo text."""
    paragraphs = [clean(paragraph.replace("{agency}", "UNN")) for paragraph in text.paragraphs]
    return [paragraph[begin:end] for paragraph in paragraphs for begin, end in split_passages(paragraph)]


def build_demo() -> Corpus:
    """Each story in five languages, four of them translations; in the sixth what the original leaves out."""
    corpus, own = Corpus("demo", random.Random(11)), OwnReporting()
    langs, turns = list(LANGUAGES), Counter(dict(zip(LANGUAGES, range(6), strict=True)))  # not all begin alike
    for number, event in enumerate(load_texts().events):
        texts = {lang: split_text(text) for lang, text in event.base.items()}
        root_lang = ("ru", "en", "ru", "uk", "kk", "ru", "en", "uz")[number % 8]
        others = [lang for lang in langs if lang != root_lang]
        order = [root_lang, *others[number % 5 :], *others[: number % 5]]
        left_out = [k for k in range(len(texts[root_lang])) if k % 4 == 3]
        kept = [k for k in range(len(texts[root_lang])) if k % 4 != 3]
        at = datetime.combine(event.day, time(7), UTC) + timedelta(minutes=corpus.rng.randrange(300))
        sentences = [(texts[root_lang][k], frozenset({f"{event.id}/{k}"})) for k in kept]
        title = event.base[root_lang].title
        root = corpus.add(LANGUAGES[root_lang], "original", sentences, at, family=event.id, title=title)
        made = [root]
        for lang in order[1:-1]:
            kind = MIX[turns[lang] % len(MIX)]
            turns[lang] += 1
            of = made[-1] if len(made[-1].keys) == len(kept) and corpus.rng.random() < 0.3 else root
            made.append(render_story(corpus, lang, kind, texts[lang], of, own, event.base[lang].title))
        last = order[-1]
        spare = [(texts[last][k], NO_KEYS) for k in left_out]
        corpus.add(LANGUAGES[last], "same-event", spare, at + timedelta(hours=corpus.rng.uniform(-5, 30)))
        for (variant, lang), text in event.variants.items():
            if variant == "independent":
                when = at + timedelta(hours=corpus.rng.uniform(-5, 20))
                sentences = [(sentence, NO_KEYS) for sentence in split_text(text)]
                corpus.add(LANGUAGES[lang], "independent", sentences, when, title=text.title)
    for lang in langs:
        while rest := own.take(lang, 6):
            when = datetime(2025, 9, 22, tzinfo=UTC) + timedelta(hours=corpus.rng.uniform(0, 1300))
            corpus.add(LANGUAGES[lang], "distractor", [(sentence, NO_KEYS) for sentence in rest], when)
    return corpus


def render_story(
    corpus: Corpus, lang: str, kind: str, text: Sequence[str], of: Article, own: OwnReporting, title: str
) -> Article:
    """A story in another language: whole, a third of what a paper has, with paragraphs added, or half of it."""
    rng, family = corpus.rng, of.family
    kept = sorted(int(key.rpartition("/")[2]) for key in of.keys)
    if kind == "summary":
        kept = [kept[0], *sorted(rng.sample(kept[1:], max(2, len(kept) // 2 - 1)))]
    elif kind == "partial":
        begin = rng.randrange(len(kept) - 3)
        kept = kept[begin : begin + 4]
    sentences = [(text[k], frozenset({f"{family}/{k}"})) for k in kept]
    added = [(sentence, NO_KEYS) for sentence in own.take(lang, {"partial": 8, "added": 3}.get(kind, 0))]
    place = rng.choice((0, len(added) // 2, len(added))) if kind == "partial" else 0
    whole = [*added[:place], *sentences, *added[place:]]
    tag = LANGUAGES[lang]
    if lang == "kk" and rng.random() < 0.25:
        tag, title = "kk-Latn", kazakh_to_latin(title)
        whole = [(kazakh_to_latin(sentence), keys) for sentence, keys in whole]
    at = of.at + timedelta(hours=rng.uniform(0.5, 30))
    return corpus.add(tag, kind, whole, at, family=family, of=of, title=None if kind == "summary" else title)


# Cases written for this, and noise


def build_cases() -> Corpus:
    """All events of ``bench/translation_cases``; outlets are the corpus's own, one language each."""
    corpus = Corpus("cases", random.Random(13))
    for path in sorted(CASES.glob("*.toml")):
        content = tomllib.loads(path.read_text("utf-8"))
        made: dict[str, Article] = {}
        start = datetime.combine(content["date"], time(8), UTC)
        waiting = list(content["reports"])
        while waiting:  # a report may stand before the one it is of
            ready = [report for report in waiting if report.get("of") is None or report["of"] in made]
            if not ready:
                raise ValueError(f"{path}: {waiting[0]['id']} is of a report that is not there")
            for report in ready:
                made[report["id"]] = add_report(corpus, content["id"], report, made, start)
            waiting = [report for report in waiting if report["id"] not in made]
    return corpus


def add_report(
    corpus: Corpus, event: str, report: dict[str, Any], made: dict[str, Article], start: datetime
) -> Article:
    kind, of = report["kind"], made[report["of"]] if report.get("of") else None
    sentences: list[Sentence] = []
    for number, (text, rendered) in enumerate(report["sentences"]):
        keys = frozenset({f"{event}/{number}"}) if kind == "original" else NO_KEYS
        for source in rendered if of else ():
            keys |= of.units[source].keys if of else NO_KEYS
        sentences.append((clean(text), keys))
    family = event if kind == "original" or of else ""
    at = start + timedelta(hours=report["hours"])
    return corpus.add(report["lang"], kind, sentences, at, family=family, of=of, title=report["title"])


def build_noise() -> Corpus:
    """Five short sentences an article; the English ones are of other lines than the others."""
    corpus = Corpus("noise", random.Random(17))
    for name, tag in (("kaz", "kk-Cyrl"), ("uzb", "uz-Latn"), ("ukr", "uk-Cyrl")):
        path, english = (DATA / "tatoeba" / f"{name}-eng.{lang}.gz" for lang in (name, "eng"))
        if not path.exists() or not english.exists():
            print(f"{path}: absent; no noise of that language")
            continue
        lines, others = read_lines(path), read_lines(english)
        lines = lines[: len(lines) // 2]
        publish_noise(corpus, tag, [line for line in lines if script_of(line) == tag[3:]])
        publish_noise(corpus, "en-Latn", others[len(others) // 2 :])
    return corpus


def publish_noise(corpus: Corpus, tag: str, lines: Iterable[str]) -> None:
    pool = list(dict.fromkeys(clean(line) for line in lines))
    corpus.rng.shuffle(pool)
    for begin, end in pairwise(range(0, min(len(pool), 200) + 1, 5)):
        at = datetime(2025, 10, 1, tzinfo=UTC) + timedelta(hours=corpus.rng.uniform(0, 240))
        corpus.add(tag, "noise", [(line, NO_KEYS) for line in pool[begin:end]], at)
