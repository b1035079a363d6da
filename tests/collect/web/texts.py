"""Articles for the hostile web's pages, in eight languages: no two alike, each long enough to be one."""

from __future__ import annotations

import html
import random
import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

LANGUAGES = {
    "kk": "kk-Cyrl",
    "ru": "ru-Cyrl",
    "uz": "uz-Latn",
    "tk": "tk-Latn",
    "ky": "ky-Cyrl",
    "tg": "tg-Cyrl",
    "uk": "uk-Cyrl",
    "en": "en-Latn",
}
"""Languages of the texts and their tags."""

_NUMBERS = [n for n in range(11, 400) if n % 10 in (0, 5, 6, 7, 8, 9)]  # all take the same plural in Slavic languages


@dataclass(frozen=True)
class Text:
    """A headline and the paragraphs under it."""

    lang: str
    title: str
    paragraphs: tuple[str, ...]


@cache
def _load() -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))


def make_text(lang: str, seed: str) -> Text:
    """The article of a seed: eleven sentences in four paragraphs, the same for the same seed."""
    bank, chance = _load()[lang], random.Random(f"{lang} {seed}")

    def fill(sentence: str) -> str:
        return sentence.format(n=chance.choice(_NUMBERS), place=chance.choice(bank["places"]))

    title = fill(bank["title"])
    sentences = [fill(sentence) for sentence in chance.sample(bank["sentences"], 11)]
    cuts = (0, 3, 6, 9, 11)
    return Text(lang, title, tuple(" ".join(sentences[a:b]) for a, b in pairwise(cuts)))


def make_page(text: Text, at: str, *, charset: str = "utf-8", head: str = "", lead: str = "") -> bytes:
    """A small news page that holds a text.

    Args:
        text: what it holds.
        at: when it was published, as ISO 8601.
        charset: in which it is written and that its ``<meta>`` names.
        head: more for its ``<head>``.
        lead: more for its body, before the article.
    """
    paragraphs = "\n".join(f"<p>{html.escape(part, quote=False)}</p>" for part in text.paragraphs)
    title = html.escape(text.title)
    whole = (
        f'<!DOCTYPE html>\n<html lang="{text.lang}"><head><meta charset="{charset}"><title>{title}</title>\n'
        f'<meta property="article:published_time" content="{at}">{head}</head>\n'
        f'<body>{lead}<nav><a href="/">1</a> <a href="/about">2</a></nav>\n'
        f'<article><h1>{title}</h1>\n<time datetime="{at}">{at[:10]}</time>\n{paragraphs}\n</article>\n'
        "<footer><p>© 2026</p></footer></body></html>\n"
    )
    return whole.encode(charset, "xmlcharrefreplace")
