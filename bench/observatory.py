"""Pages of the observatory on a space of 100,000 articles: medians in milliseconds, warm, one worker; their weight.

The space is written straight into the lake's tables: the registry of the template ``kazakhstan``, a year of articles of
the demo's sentences, four in ten of them on the subject, stories carried by up to 300 articles, copies, translations,
doubts, credits. Seeded; nothing of it was traced, so it says nothing about tracing.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pyarrow as pa

from arna.space import create_space, load_space
from arna.space.demo.texts import LANGUAGES, load_texts
from arna.store import Lake, LakeWriter
from arna.store.search import SearchIndex
from arna.terms import OWN, SCHEMAS, UNKNOWN, Outlet, Space, base_language
from arna.text.sentences import split_passages
from arna.voids.coverage import FACTS_SQL, count_coverage, settle_own
from arna.voids.health import measure_health
from arna.voids.rank import rank_voids

ARTICLES = 100_000
ROUNDS = 25
LIMIT, MAP_LIMIT, WEIGHT = 200.0, 100.0, 150_000
"""Milliseconds of a page and of the void map at the most; bytes of a page."""

_START = datetime(2025, 6, 2, tzinfo=UTC)
_DAYS = 364
_FALLBACK = {"ky": "kk", "tg": "ru"}


def run(articles: int = ARTICLES) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="arna-observatory-") as folder:
        space = Path(folder) / "space"
        begun = time.perf_counter()
        made = plant_space(space, articles)
        print(f"{articles} articles planted in {time.perf_counter() - begun:.0f} s; largest family {made['largest']}")
        return measure(space, made)


def plant_space(folder: Path, articles: int, seed: int = 5) -> dict[str, Any]:
    """Make a space with so many articles; gives ids worth opening."""
    create_space(folder, "kazakhstan")
    space = load_space(folder)
    planter = Planter(space, random.Random(seed))
    planter.plant(articles)
    with LakeWriter(folder / "lake") as lake:
        for name, rows in planter.tables.items():
            lake.append(name, rows)
        facts = settle_own(lake.query(FACTS_SQL, ["articles", "topics", "origins"]), space)
        health = measure_health(
            lake.query(
                """SELECT outlet, CAST(published_at AS DATE) AS day, count(*) AS articles FROM articles
                   WHERE published_at IS NOT NULL GROUP BY ALL ORDER BY ALL""",
                ["articles"],
            )
        )
        for name, rows in (
            ("coverage", count_coverage(facts)),
            ("health", health),
            ("voids", rank_voids(facts, health, space)),
        ):
            lake.replace(name, rows)
    return planter.examples


class Planter:
    """Articles and everything the tables say about them."""

    def __init__(self, space: Space, rng: random.Random) -> None:
        self.space, self.rng = space, rng
        self.pools = _gather_sentences()
        self.columns: dict[str, dict[str, list[Any]]] = {
            name: {column: [] for column in SCHEMAS[name].names}
            for name in ("documents", "articles", "passages", "outcomes", "reliances", "topics", "families", "origins")
        }
        self.outlets = list(space.outlets)
        self.weights = [(1 / (n + 4)) for n in range(len(self.outlets))]
        rng.shuffle(self.weights)
        self.tags = {base_language(tag): tag for tag in reversed(space.languages)}
        self.topics = [topic.id for topic in space.topics] + ["other"]
        self.examples: dict[str, Any] = {}
        self.count = 0

    @property
    def tables(self) -> dict[str, pa.Table]:
        return {name: pa.table(columns, schema=SCHEMAS[name]) for name, columns in self.columns.items()}

    def plant(self, articles: int) -> None:
        sizes = [min(300, articles // 20)] * max(1, articles // 5_000)
        while sum(sizes) < articles * 0.45:
            sizes.append(min(250, 2 + int(self.rng.paretovariate(0.9))))
        for size in sizes:
            self._plant_story(size)
        while self.count < articles:
            self._write(self._moment(), self.rng.choices(self.outlets, self.weights)[0], self.rng.random() < 0.25, None)
        largest: dict[str, set[str]] = defaultdict(set)
        for family, article in zip(
            self.columns["families"]["family"], self.columns["families"]["article_id"], strict=True
        ):
            largest[family.partition(":")[0]].add(article)
        self.examples["family"] = max(largest, key=lambda key: len(largest[key]))
        self.examples["largest"] = len(largest[self.examples["family"]])
        leaning = defaultdict(int)
        for article in self.columns["reliances"]["article_id"]:
            leaning[article] += 1
        self.examples["article"] = max(leaning, key=lambda key: leaning[key])
        self.examples["outlet"] = self.outlets[self.weights.index(max(self.weights))].id

    def _moment(self) -> datetime:
        return _START + timedelta(days=self.rng.randrange(_DAYS), minutes=int(self.rng.triangular(0, 1439, 700)))

    def _plant_story(self, size: int) -> None:
        """A story and its carriers."""
        start, on_subject = self._moment(), self.rng.random() < 0.5
        root = self._write(start, self.rng.choices(self.outlets, self.weights)[0], on_subject, None)
        for place in range(len(root["spans"])):
            self._add("families", family=f"{root['id']}:{place}", article_id=root["id"], n=place, root=True)
        for _ in range(size - 1):
            later = start + timedelta(minutes=self.rng.expovariate(1 / 900))
            self._write(later, self.rng.choices(self.outlets, self.weights)[0], on_subject, root)

    def _write(self, moment: datetime, outlet: Outlet, on_subject: bool, root: dict[str, Any] | None) -> dict[str, Any]:
        rng, n = self.rng, self.count
        self.count += 1
        article_id = blake2b(str(n).encode(), digest_size=16).hexdigest()
        spoken = [self.tags[tongue] for tongue in map(base_language, outlet.languages) if tongue in self.tags] or [
            "en-Latn"
        ]
        lang = spoken[0] if rng.random() < 0.75 else rng.choice(spoken)
        pool = self.pools.get(base_language(lang), self.pools["en"])
        own = [rng.randrange(len(pool)) for _ in range(rng.randint(4, 22) if root else rng.randint(9, 22))]
        taken = root["sentences"][: rng.randint(2, len(root["sentences"]))] if root else []
        sentences = [*taken, *(own[: rng.randint(0, 5)] if root else own)]
        text, spans = "", []
        for place, number in enumerate(sentences):
            said = pool[number % len(pool)]
            if place >= len(taken):  # words in another order do not compress away as the same sentences would
                words = said.split(" ")
                rng.shuffle(words)
                said = " ".join(words)
            text += ("\n\n" if place and place % 3 == 0 else " ") if place else ""
            spans.append((len(text), len(text) + len(said)))
            text += said
        url = f"https://{outlet.domains[0]}/{n}"
        title = pool[sentences[0] % len(pool)][:90]
        self._add("documents", id=f"d{article_id}", url=url, outlet=outlet.id, fetched_at=moment, status=200,
                  mime="text/html", digest=article_id, warc_file="x.warc.gz", warc_offset=n)  # fmt: skip
        self._add("articles", id=article_id, document_id=f"d{article_id}", url=url, outlet=outlet.id, title=title,
                  author=None, published_at=moment, published_from="json-ld", lang=lang, script=lang.partition("-")[2],
                  text=text, links=[], extra=None)  # fmt: skip
        for place, (begin, end) in enumerate(spans):
            self._add("passages", article_id=article_id, n=place, begin=begin, end=end, lang=lang)
        for stage in ("read", "trace"):
            self._add("outcomes", document_id=f"d{article_id}", stage=stage, outcome="kept", reason="")
        words = len(text.split())
        topic = root["topic"] if root else rng.choices(self.topics, [8, 7, 4, 3, 2, 2, 3, 1][: len(self.topics)])[0]
        self._add("topics", article_id=article_id, on_subject=on_subject, topic=topic, words=words, score=0.8)
        made = {"id": article_id, "sentences": sentences, "spans": spans, "lang": lang, "outlet": outlet.id}
        made["topic"] = topic
        self._lean(made, root, len(taken), text)
        return made

    def _lean(self, made: dict[str, Any], root: dict[str, Any] | None, taken: int, text: str) -> None:
        shares: dict[str, float] = defaultdict(float)
        if root is not None:
            origin = self.space.origin_of(root["outlet"])
            if made["lang"] == root["lang"]:
                there = 0, root["spans"][taken - 1][1]
                detail = {"words": 9, "equal_words": 8}
                self._rely(made, (0, made["spans"][taken - 1][1]), "copy", root, there, detail)
            elif not self._render(made, root, taken):
                origin = UNKNOWN
            shares[origin] = made["spans"][taken - 1][1] / len(text)
            for place in range(taken):
                self._add("families", family=f"{root['id']}:{place}", article_id=made["id"], n=place, root=False)
        if self.rng.random() < 0.3:
            self._credit(made, text)
        shares[OWN] += 1.0 - sum(shares.values())
        for name, value in shares.items():
            if value > 0:
                self._add("origins", article_id=made["id"], origin=name, share=value)

    def _render(self, made: dict[str, Any], root: dict[str, Any], taken: int) -> bool:
        """Sentences that render those of the story, or may; whether they do."""
        told = self.rng.random() < 0.9
        for place in range(taken):
            begin, end = root["spans"][place]
            detail: dict[str, Any] = {"margin": 0.3, "numbers": [1, 0, 0], "dates": [0, 0, 0], "names": [2, 1, 0]}
            if told:
                self._rely(made, made["spans"][place], "translation", root, (begin, end), detail)
            else:
                detail |= {"perhaps": root["id"], "perhaps_begin": begin, "perhaps_end": end}
                self._rely(made, made["spans"][place], "translation", None, None, detail)
        return told

    def _credit(self, made: dict[str, Any], text: str) -> None:
        named = self.rng.choices(self.outlets, self.weights)[0]
        self._add("reliances", article_id=made["id"], begin=0, end=min(20, len(text)), kind="credit",
                  source_article_id=None, source_outlet=named.id, source_begin=None, source_end=None, score=1.0,
                  direction="credit", direction_confidence=0.95,
                  detail=json.dumps({"name": named.name, "form": "said", "whole": False}))  # fmt: skip

    def _rely(self, made: dict[str, Any], span: tuple[int, int], kind: str, root: dict[str, Any] | None,
              there: tuple[int, int] | None, detail: dict[str, Any]) -> None:  # fmt: skip
        self._add("reliances", article_id=made["id"], begin=span[0], end=span[1], kind=kind,
                  source_article_id=root["id"] if root else None, source_outlet=root["outlet"] if root else None,
                  source_begin=there[0] if there else None, source_end=there[1] if there else None, score=0.9,
                  direction="clock" if root else "unclear", direction_confidence=0.7,
                  detail=json.dumps(detail))  # fmt: skip

    def _add(self, table: str, **values: object) -> None:
        columns = self.columns[table]
        for name, value in values.items():
            columns[name].append(value)


def _gather_sentences() -> dict[str, list[str]]:
    """Sentences of the demo's stories by language, in an order that is the same in each."""
    pools: dict[str, list[str]] = {}
    for lang in LANGUAGES:
        texts = [event.base[lang] for event in load_texts().events if lang in event.base]
        paragraphs = [paragraph for text in texts for paragraph in text.paragraphs]
        pools[lang] = [paragraph[a:b] for paragraph in paragraphs for a, b in split_passages(paragraph)]
    return pools | {lang: pools[other] for lang, other in _FALLBACK.items()}


def measure(folder: Path, made: dict[str, Any], rounds: int = ROUNDS) -> dict[str, float]:
    """Medians and weights of every page of a space."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "arna.observatory.settings"
    os.environ["ARNA_SPACE"] = str(folder)
    import django
    from django.conf import settings
    from django.test import Client

    django.setup()
    settings.ARNA_SPACE = folder
    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    begun = time.perf_counter()
    SearchIndex(folder).update(Lake(folder / "lake"))
    print(f"indexed for search in {time.perf_counter() - begun:.0f} s")
    begun = time.perf_counter()
    client.get("/")
    print(f"first page, with reading the lake: {time.perf_counter() - begun:.1f} s")
    pages = {
        "map": ["/"],
        "map_filtered": [
            f"/?since=2025-{month:02}-02&kind=portal&topic=economy&topic=politics" for month in range(7, 12)
        ],
        "articles": [
            "/articles/",
            "/articles/?topic=economy&lang=kk-Cyrl",
            "/articles/?order=title&page=40",
            "/articles/?q=ар",
        ],
        "article": [f"/article/{made['article']}/"],
        "families": ["/families/"],
        "family": [f"/family/{made['family']}/"],
        "outlets": ["/outlets/"],
        "outlet": [f"/outlet/{made['outlet']}/"],
        "flow": ["/flow/"],
        "health": ["/health/"],
        "search": [
            "/search/?q=президент",
            "/search/?q=экспорт&lang=ru-Cyrl",
            "/search/?q=Украина&page=7",
            "/search/?q=trade",
        ],
        "method": ["/method/"],
    }
    figures: dict[str, float] = {}
    for name, addresses in pages.items():
        times = []
        weight = 0
        for n in range(rounds + len(addresses)):
            begun = time.perf_counter()
            response = client.get(addresses[n % len(addresses)])
            took = 1000 * (time.perf_counter() - begun)
            assert response.status_code == 200, (addresses, response.status_code)
            weight = max(weight, len(response.content))
            if n >= len(addresses):
                times.append(took)
        median = statistics.median(times)
        limit = MAP_LIMIT if name.startswith("map") else LIMIT
        print(
            f"{name:14} {median:7.1f} ms median (limit {limit:.0f}), worst {max(times):6.1f} ms, {weight / 1000:.0f} kB"
        )
        figures |= {
            f"{name}_times_faster_than_limit": limit / median,
            f"{name}_times_lighter_than_limit": WEIGHT / weight,
        }
    return figures


if __name__ == "__main__":
    run()
