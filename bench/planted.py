"""A planted corpus: articles of random words with the redundancy of news, and copies whose spans are known.

Words follow Zipf's law; a third of the running text is set expressions of two to six words, so that common phrases
are shared by chance as in real text. On top of it are planted: excerpts of 30 to 100 words at 0, 10 and 30 % edits,
wire stories carried by 200 outlets, and stock phrases of 8 to 14 words in a twentieth to a fifth of all articles.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from arna.terms import Outlet, Space, Subject

SYLLABLES = [a + b for a in "бвгджзклмнпрстфхцчш" for b in "аеиоуыя"]


@dataclass
class Planted:
    articles: list[dict[str, object]] = field(default_factory=list)
    copies: list[dict[str, object]] = field(
        default_factory=list
    )  # article, begin, end, source, source_begin, ..., kind


class TextSource:
    """Running text as lists of words."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.words = ["".join(rng.choices(SYLLABLES, k=rng.choice((1, 2, 2, 3, 3, 4)))) for _ in range(40_000)]
        weights = [1 / (rank + 3) for rank in range(len(self.words))]
        total, run = sum(weights), 0.0
        self.cumulative = []
        for weight in weights:
            run += weight / total
            self.cumulative.append(run)
        self.phrases = [self.draw(rng.randint(2, 6)) for _ in range(8_000)]
        self.phrase_weights = [1 / (rank + 5) for rank in range(len(self.phrases))]

    def draw(self, count: int) -> list[str]:
        return self.rng.choices(self.words, cum_weights=self.cumulative, k=count)

    def write(self, count: int) -> list[str]:
        out: list[str] = []
        phrases = self.rng.choices(self.phrases, self.phrase_weights, k=count // 8 + 1)
        while len(out) < count:
            out += self.draw(self.rng.randint(4, 12))
            if phrases:
                out += phrases.pop()
        return out[:count]


def edit(rng: random.Random, source: TextSource, words: list[str], share: float) -> list[str]:
    """Change a share of the words: half replaced, the rest cut, added to or swapped."""
    out: list[str] = []
    for word in words:
        if rng.random() >= share:
            out.append(word)
            continue
        act = rng.random()
        if act < 0.5:
            out += source.draw(1)
        elif act < 0.7:
            pass
        elif act < 0.9:
            out += [word, *source.draw(1)]
        else:
            out.insert(max(0, len(out) - 1), word)
    return out


def render(rng: random.Random, words: list[str]) -> tuple[str, list[tuple[int, int]]]:
    """Text with sentences and capitals, and where each word stands in it."""
    parts, spans, at, left = [], [], 0, 0
    for number, word in enumerate(words):
        if left == 0:
            left = rng.randint(8, 20)
            shown = word.capitalize()
        else:
            shown = word
        left -= 1
        tail = ". " if left == 0 or number == len(words) - 1 else (", " if rng.random() < 0.08 else " ")
        spans.append((at, at + len(shown)))
        parts.append(shown + tail)
        at += len(shown) + len(tail)
    return "".join(parts).rstrip(), spans


def plant(articles: int, seed: int = 7, *, wires: int = 2, carriers: int = 200) -> Planted:
    """A corpus of about so many articles: sources, hosts of one excerpt each, wires, and unrelated articles."""
    rng = random.Random(seed)
    source = TextSource(rng)
    planted = Planted()
    start = datetime(2025, 9, 1, tzinfo=UTC)
    stock = [source.draw(rng.randint(8, 14)) for _ in range(12)]
    stock_rates = [rng.uniform(0.05, 0.2) for _ in stock]

    def add(words: list[str], hours: float, plants: list[tuple[int, int, int, int, int, str]]) -> int:
        for phrase, rate in zip(stock, stock_rates, strict=True):
            if rng.random() < rate:
                blocked = [(first, last) for first, last, *_ in plants]
                spots = [n for n in range(len(words) + 1) if not any(f < n < e for f, e in blocked)]
                at = rng.choice(spots)
                words = words[:at] + phrase + words[at:]
                plants = [
                    (f + len(phrase), e + len(phrase), *rest) if f >= at else (f, e, *rest) for f, e, *rest in plants
                ]
        text, spans = render(rng, words)
        number = len(planted.articles)
        planted.articles.append(
            {
                "url": f"https://o{number % 400}.example/{number}",
                "outlet": f"o{number % 400}",
                "title": f"{number}",
                "text": text,
                "published_at": (start + timedelta(hours=hours)).isoformat(),
                "lang": "ru-Cyrl",
                "spans": spans,
                "words": words,
            }
        )
        for first, last, origin, o_first, o_last, kind in plants:
            other = planted.articles[origin]["spans"]
            planted.copies.append(
                {
                    "article": number,
                    "begin": spans[first][0],
                    "end": spans[last - 1][1],
                    "source": origin,
                    "source_begin": other[o_first][0],
                    "source_end": other[o_last - 1][1],
                    "kind": kind,
                }
            )
        return number

    wire_count = wires * (carriers + 1)
    pairs = max(0, (articles - wire_count) // 4)
    for _ in range(pairs):
        origin = add(source.write(rng.randint(120, 400)), rng.uniform(0, 1000), [])
        length = rng.randint(30, 100)
        share = rng.choice((0.0, 0.1, 0.3))
        o_words = planted.articles[origin]["words"]
        o_first = rng.randint(0, len(o_words) - length)
        excerpt = edit(rng, source, o_words[o_first : o_first + length], share)
        host = source.write(rng.randint(100, 300))
        at = rng.randint(0, len(host))
        kind = f"excerpt-{int(share * 100)}" + ("-short" if length < 50 else "")
        hours = rng.uniform(1001, 1300)
        add(
            host[:at] + excerpt + host[at:],
            hours,
            [(at, at + len(excerpt), origin, o_first, o_first + length, kind)],
        )
        for _ in range(2):
            add(source.write(rng.randint(100, 400)), rng.uniform(0, 1300), [])
    for _ in range(wires):
        origin = add(source.write(rng.randint(180, 300)), rng.uniform(0, 900), [])
        o_words = planted.articles[origin]["words"]
        for _ in range(carriers):
            last = len(o_words) if rng.random() < 0.6 else rng.randint(60, len(o_words))
            copy = edit(rng, source, o_words[:last], rng.choice((0.0, 0.0, 0.05, 0.1)))
            add(copy, rng.uniform(901, 960), [(0, len(copy), origin, 0, last, "wire")])
    return planted


def make_space(outlets: int = 400) -> Space:
    """The space the planted outlets belong to."""
    return Space(
        id="planted",
        title="Planted",
        languages=("ru-Cyrl",),
        subject=Subject("s", "S", {"ru": ("ва",)}, ()),
        origins=(),
        topics=(),
        outlets=tuple(
            Outlet(f"o{n}", f"o{n}", "unknown", "KZ", "portal", ("ru",), (f"o{n}.example",)) for n in range(outlets)
        ),
    )
