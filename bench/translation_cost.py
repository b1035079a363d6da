"""What tracing translations costs: CPU seconds and articles per second added, model calls, and a second run.

    python -m bench.translation_cost [10000 40000]

A tenth of the articles are on the subject, in six languages; three in ten of these are translations of another one.
Their sentences are the demo's, drawn at random, with numbers, place names and a quarter of the other words changed, so
that few are alike; a translation has its source's numbers and names. The rest is the fillers' sentences with half of
their words changed. 110 articles a day whatever the size, so that a larger space is a longer one.

Each size is run three times from the same import: without translations, with those of the subject, and again after a
change of the space's title, which traces everything anew: nothing may be embedded twice.
"""

from __future__ import annotations

import json
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arna.space import create_space, load_space
from arna.space.demo.texts import LANGUAGES, load_texts
from arna.store import Lake
from bench.scale import _run as run_command
from bench.translation_corpora import split_text

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZES = (10_000, 40_000)
SUBJECT, TRANSLATED = 0.1, 0.3
PER_DAY = 110
SENTENCES = (7, 13)
# Beginnings of the demo's place names, changed for one another in all languages alike; endings stay.
PLACES = {
    "kk": ("Астана", "Алматы", "Киев", "Одесса", "Павлодар", "Ташкент", "Ашхабад", "Бішкек", "Львов", "Ақтау"),
    "ru": ("Астан", "Алмат", "Киев", "Одесс", "Павлодар", "Ташкент", "Ашхабад", "Бишкек", "Львов", "Актау"),
    "uz": ("Ostona", "Almati", "Kiyev", "Odessa", "Pavlodar", "Toshkent", "Ashxobod", "Bishkek", "Lvov", "Aqtov"),
    "tk": ("Astana", "Almaty", "Kiýew", "Odessa", "Pawlodar", "Daşkent", "Aşgabat", "Bişkek", "Lwow", "Aktau"),
    "uk": ("Астан", "Алмат", "Киє", "Одес", "Павлодар", "Ташкент", "Ашхабад", "Бішкек", "Львів", "Актау"),
    "en": ("Astana", "Almaty", "Kyiv", "Odesa", "Pavlodar", "Tashkent", "Ashgabat", "Bishkek", "Lviv", "Aktau"),
}
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]{5,}")


class Writer:
    """Sentences of the demo in endless variation."""

    def __init__(self, rng: random.Random, subject_stems: Sequence[str]) -> None:
        self.rng, self.stems = rng, tuple(stem.lower() for stem in subject_stems)
        texts = load_texts()
        self.stories = [{lang: split_text(text) for lang, text in event.base.items()} for event in texts.events]
        self.fillers = {lang: [s for text in many for s in split_text(text)] for lang, many in texts.fillers.items()}
        self.leads = [
            (number, place)
            for number, story in enumerate(self.stories)
            for place in range(len(story["ru"]))
            if all(self.is_on_subject(story[lang][place]) for lang in LANGUAGES)
        ]
        self.words: dict[str, dict[str, list[str]]] = {lang: defaultdict(list) for lang in LANGUAGES}
        for lang, words in self.words.items():
            pool = [sentence for story in self.stories for sentence in story[lang]] + self.fillers[lang]
            for word in {word for sentence in pool for word in _WORD.findall(sentence) if word.islower()}:
                if not self.is_on_subject(word):
                    words[word[-2:]].append(word)
            for alike in words.values():
                alike.sort()

    def is_on_subject(self, text: str) -> bool:
        """Whether a text has one of the subject's word beginnings."""
        return any(word.startswith(self.stems) for word in re.findall(r"\w+", text.lower()))

    def vary(self, sentence: str, lang: str, share: float, facts: int) -> str:
        """A sentence with numbers and places changed as ``facts`` tells, and a share of its other words at random."""
        shift, words = facts % (len(PLACES[lang]) - 1) + 1, self.words[lang]

        def change(found: re.Match[str]) -> str:
            word = found.group()
            for number, place in enumerate(PLACES[lang]):
                if word.startswith(place):
                    return PLACES[lang][(number + shift) % len(PLACES[lang])] + word[len(place) :]
            alike = words.get(word[-2:], ())
            return self.rng.choice(alike) if word.islower() and alike and self.rng.random() < share else word

        def recount(found: re.Match[str]) -> str:
            digits = found.group()
            if len(digits) == 4 and digits.startswith("20"):
                return digits
            return str(random.Random(f"{digits} {facts}").randrange(1, 10 ** len(digits)))

        return _WORD.sub(change, _NUMBER.sub(recount, sentence))

    def draw_story(self) -> list[tuple[int, int]]:
        """Places of a story's sentences; the lead names the subject, in every language."""
        picked = [self.rng.randrange(len(self.stories)) for _ in range(self.rng.randint(*SENTENCES) - 1)]
        places = [(story, self.rng.randrange(len(self.stories[story]["ru"]))) for story in picked]
        return [self.rng.choice(self.leads), *places]

    def write_story(self, places: Sequence[tuple[int, int]], lang: str, facts: int) -> str:
        """The text of a story in a language; the same facts in all."""
        return self._lay_out([self.vary(self.stories[s][lang][k], lang, 0.25, facts + n)
                              for n, (s, k) in enumerate(places)])  # fmt: skip

    def write_filler(self, lang: str) -> str:
        """A text off the subject."""
        count = self.rng.randint(*SENTENCES)
        facts = self.rng.randrange(10**9)
        return self._lay_out([self.vary(s, lang, 0.5, facts) for s in self.rng.choices(self.fillers[lang], k=count)])

    @staticmethod
    def _lay_out(sentences: Sequence[str]) -> str:
        return "".join(("\n" if n % 3 == 0 else " ") * bool(n) + sentence for n, sentence in enumerate(sentences))


def write_articles(size: int, folder: Path) -> tuple[Path, dict[str, str]]:
    """A file of so many articles for the space in a folder, and which addresses translate which."""
    rng, space = random.Random(size), load_space(folder)
    writer = Writer(rng, [stem for stems in space.subject.stems.values() for stem in stems])
    outlets = {lang: [o.id for o in space.outlets if tag in o.languages] for lang, tag in LANGUAGES.items()}
    domains = {outlet.id: outlet.domains[0] for outlet in space.outlets}
    start = datetime(2025, 1, 1, tzinfo=UTC)
    originals, truth = SUBJECT * (1 - TRANSLATED), dict[str, str]()
    path = folder / "articles.jsonl"
    with path.open("w", encoding="utf-8") as file:
        written = 0

        def publish(lang: str, text: str, hours: float) -> str:
            nonlocal written
            outlet = rng.choice(outlets[lang])
            url = f"https://{domains[outlet]}/{written}"
            row = {"url": url, "outlet": outlet, "title": " ".join(text.split()[:8]), "text": text,
                   "published_at": (start + timedelta(hours=hours)).isoformat(), "lang": LANGUAGES[lang]}  # fmt: skip
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            written += 1
            return url

        while written < size:
            hours, langs = written / PER_DAY * 24, rng.sample(list(LANGUAGES), 2)
            if rng.random() >= originals / (originals + 1 - SUBJECT):
                publish(langs[0], writer.write_filler(langs[0]), hours)
                continue
            places, facts = writer.draw_story(), rng.randrange(10**9)
            source = publish(langs[0], writer.write_story(places, langs[0], facts), hours)
            if rng.random() < TRANSLATED / (1 - TRANSLATED) and written < size:
                text = writer.write_story(places, langs[1], facts)
                truth[publish(langs[1], text, hours + rng.uniform(0.5, 40))] = source
    return path, truth


def run_once(folder: Path, translations: str) -> dict[str, Any]:
    """Run a space in a process of its own; its CPU seconds with its children, peak memory, and what it embedded."""
    command = [sys.executable, "-m", "bench.translation_cost", "--one", str(folder), translations]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, Any] = json.loads(told.splitlines()[-1])
    return found


def tell_one(folder: Path, translations: str) -> None:
    """The work of :func:`run_once`, in its process."""
    from arna.runs import run_space

    summary = run_space(folder, translations=translations)
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps({
        "cpu": sum(usage.ru_utime + usage.ru_stime for usage in used),
        "peak_mb": max(usage.ru_maxrss for usage in used) / 1024,
        "embedded": summary.embedded,
        "cached": summary.cached,
    }))  # fmt: skip


def measure_size(size: int, folder: Path) -> dict[str, float]:
    """Figures of one size."""
    plain, traced = folder / "off", folder / "subject"
    create_space(plain, "demo")
    path, truth = write_articles(size, plain)
    run_command("import", "-s", str(plain), str(path))
    shutil.copytree(plain, traced)
    off, first = run_once(plain, "off"), run_once(traced, "subject")
    on_subject = Lake(traced / "lake").query(
        "SELECT count(*) FILTER (on_subject) AS n FROM topics", ["topics"]
    )["n"][0].as_py()  # fmt: skip
    settings = traced / "space.toml"
    settings.write_text(settings.read_text("utf-8").replace('title = "', 'title = "Again: ', 1), encoding="utf-8")
    again = run_once(traced, "subject")
    added = max(1e-9, first["cpu"] - off["cpu"])
    asked = again["embedded"] + again["cached"]
    figures = {
        "articles_per_added_cpu_second": size / added,
        "added_share": added / off["cpu"],
        "embedded_per_article": first["embedded"] / size,
        "embedded_per_subject_article": first["embedded"] / max(1, on_subject),
        "cached_on_second_run": again["cached"] / asked if asked else 1.0,
        "added_peak_mb": first["peak_mb"] - off["peak_mb"],
    }
    print(
        f"{size} articles, {on_subject} on the subject, {len(truth)} translations: {off['cpu']:.0f} s CPU without, "
        f"{first['cpu']:.0f} s with; {first['embedded']} texts embedded, {first['cached']} cached; traced anew "
        f"{again['cpu']:.0f} s CPU, {again['embedded']} embedded, {again['cached']} cached"
    )
    print("  " + ", ".join(f"{name} {value:.3g}" for name, value in figures.items()))
    return {f"{name}_{size}": value for name, value in figures.items()}


def run(sizes: Sequence[int] = SIZES) -> dict[str, float]:
    """Figures of all sizes."""
    figures: dict[str, float] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="arna-translation-cost-") as folder:
            figures |= measure_size(size, Path(folder))
    return figures


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        tell_one(Path(sys.argv[2]), sys.argv[3])
    else:
        run([int(size) for size in sys.argv[1:]] or SIZES)
