"""Traces a handful of articles in memory, as a run would."""

from __future__ import annotations

import random
import tomllib
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources

import pyarrow as pa

from arna.terms import SCHEMAS, Origin, Outlet, Space, Subject
from arna.text.sentences import split_passages
from arna.trace.links import LINKS
from arna.trace.stage import Traced, decide, gather_library, match_articles, tabulate_words

START = datetime(2025, 10, 1, 9, tzinfo=UTC)
ORIGINS = {"agency": "ukraine", "rival": "russia-state", "portal": "kazakhstan", "paper": "kazakhstan"}


def make_space() -> Space:
    return Space(
        id="test",
        title="Test",
        languages=("ru-Cyrl",),
        subject=Subject("ukraine", "Ukraine", {"ru": ("украин",)}, ("ukraine",)),
        origins=tuple(Origin(name, name) for name in ("ukraine", "russia-state", "kazakhstan")),
        topics=(),
        outlets=tuple(
            Outlet(name, name, origin, "KZ", "portal", ("ru",), (f"{name}.example",))
            for name, origin in ORIGINS.items()
        ),
    )


@cache
def story(number: int, lang: str = "ru", variant: str = "") -> str:
    """A text of the demo stories."""
    folder = resources.files("arna.space.demo") / "stories"
    path = next(item for item in folder.iterdir() if item.name.startswith(f"{number:02d}-"))
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return "\n".join((content[variant][lang] if variant else content[lang])["paragraphs"])


def article(name: str, outlet: str, text: str, hours: float | None = 0, whence: str = "meta") -> dict[str, object]:
    published = None if hours is None else START + timedelta(hours=hours)
    return {"id": name, "outlet": outlet, "text": text, "published_at": published, "published_from": whence}


def credit(article_id: str, outlet: str | None, begin: int, end: int, *, whole: bool = True) -> dict[str, object]:
    return {
        "article_id": article_id, "begin": begin, "end": end, "outlet": outlet, "name": str(outlet), "form": "verb",
        "score": 0.9, "whole": whole,
    }  # fmt: skip


def trace(
    articles: list[dict[str, object]],
    credited: list[dict[str, object]] | None = None,
    links: list[dict[str, object]] | None = None,
    *,
    steps: list[int] | None = None,
) -> Traced:
    """Trace articles; with ``steps``, so many at a time, as runs on different days would."""
    matches = SCHEMAS["matches"].empty_table()
    bounds = steps or [len(articles)]
    for bound, before in zip(bounds, [0, *bounds[:-1]], strict=True):
        some = articles[:bound]
        table = pa.Table.from_pylist(
            [{key: row[key] for key in ("id", "outlet", "published_at", "published_from")} for row in some],
            schema=pa.schema(
                [("id", pa.string()), ("outlet", pa.string()), ("published_at", pa.timestamp("us", tz="UTC")),
                 ("published_from", pa.string())]
            ),
        )  # fmt: skip
        texts = pa.table({"id": [row["id"] for row in some], "text": [row["text"] for row in some]})
        words = tabulate_words(texts)
        library = gather_library(table, words, frozenset(str(row["id"]) for row in some[before:]))
        matches = match_articles(library, matches)
    passages = [
        {"article_id": row["id"], "n": n, "begin": begin, "end": end, "lang": "ru-Cyrl"}
        for row in articles
        for n, (begin, end) in enumerate(split_passages(str(row["text"])))
    ]
    return decide(
        library,
        matches,
        pa.Table.from_pylist(credited or [], schema=SCHEMAS["credits"]),
        pa.Table.from_pylist(links or [], schema=LINKS),
        pa.Table.from_pylist(passages, schema=SCHEMAS["passages"]),
        words,
        make_space(),
    )


def copies(traced: Traced) -> list[tuple[str, str, str]]:
    """(article, source, direction) of every copy."""
    rows = traced.reliances.to_pylist()
    return [(row["article_id"], row["source_article_id"], row["direction"]) for row in rows if row["kind"] == "copy"]


def shares(traced: Traced, name: str) -> dict[str, float]:
    return {row["origin"]: row["share"] for row in traced.origins.to_pylist() if row["article_id"] == name}


def invent(rng: random.Random, count: int) -> str:
    """Words that no other text has."""
    return " ".join("".join(rng.choices("бвгдклмнпрст", k=2)) + str(rng.randrange(10**6)) + "я" for _ in range(count))


def plain_words(rng: random.Random, count: int) -> str:
    """Made-up words without figures, all different from one call to the next."""
    return " ".join("".join(rng.choices("абвгдежзиклмнопрстуфхцч", k=rng.randint(5, 9))) for _ in range(count))
