"""Traces a handful of articles in memory, as a run would."""

from __future__ import annotations

import json
import random
import tomllib
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from arna.engines.embed_nano import NanoEmbedder
from arna.engines.sift import PieceSift
from arna.terms import SCHEMAS, Judgement, Origin, Outlet, Space, Subject
from arna.text.sentences import split_passages
from arna.trace.links import LINKS
from arna.trace.stage import Found, Traced, decide, gather_library, match_articles, tabulate_words
from arna.trace.translations import align_articles, gather_press

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

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


def article(
    name: str, outlet: str, text: str, hours: float | None = 0, whence: str = "meta", lang: str = "ru-Cyrl"
) -> dict[str, object]:
    published = None if hours is None else START + timedelta(hours=hours)
    return {
        "id": name, "outlet": outlet, "title": "", "text": text, "published_at": published, "published_from": whence,
        "lang": lang,
    }  # fmt: skip


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
    alignments: list[dict[str, object]] | Meaning | None = None,
    judgements: Sequence[Judgement] = (),
) -> Traced:
    """Trace articles; with ``steps``, so many at a time, as runs on different days would.

    ``alignments`` are rows of that table, or what they are found with.
    """
    matches, rows = SCHEMAS["matches"].empty_table(), SCHEMAS["alignments"].empty_table()
    bounds = steps or [len(articles)]
    for bound, before in zip(bounds, [0, *bounds[:-1]], strict=True):
        some = articles[:bound]
        table = _tabulate(some, ARTICLE)
        words = tabulate_words(table)
        library = gather_library(table, words, frozenset(str(row["id"]) for row in some[before:]))
        matches = match_articles(library, matches)
        if isinstance(alignments, Meaning):
            press = gather_press(library, table, list_passages(some))
            rows = align_articles(library, press, alignments, alignments, rows)
        elif alignments:
            rows = _tabulate(alignments, SCHEMAS["alignments"])
    return decide(
        library,
        Found(
            matches,
            rows,
            pa.Table.from_pylist(credited or [], schema=SCHEMAS["credits"]),
            pa.Table.from_pylist(links or [], schema=LINKS),
        ),
        list_passages(articles),
        words,
        make_space(),
        judgements,
    )


ARTICLE = pa.schema([SCHEMAS["articles"].field(name) for name in
                     ("id", "outlet", "title", "text", "published_at", "published_from", "lang")])  # fmt: skip


def _tabulate(rows: list[dict[str, object]], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=schema)


def list_passages(articles: list[dict[str, object]]) -> pa.Table:
    """Rows of ``passages``."""
    return _tabulate(
        [
            {"article_id": row["id"], "n": n, "begin": begin, "end": end, "lang": row["lang"]}
            for row in articles
            for n, (begin, end) in enumerate(split_passages(str(row["text"])))
        ],
        SCHEMAS["passages"],
    )


class Meaning:
    """The model in the box, asked for each text once in all tests, and the rough picture it gives of a text."""

    def __init__(self) -> None:
        nano = NanoEmbedder()
        self.model, self.sift = nano, PieceSift(nano)
        self.name, self.dimensions = nano.name, nano.dimensions
        self.known: dict[str, NDArray[np.float32]] = {}

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        missing = [text for text in dict.fromkeys(texts) if text not in self.known]
        self.known |= dict(zip(missing, self.model.embed(missing), strict=True))
        return np.array([self.known[text] for text in texts], np.float32).reshape(len(texts), self.dimensions)

    def sum_pieces(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.sift.sum_pieces(texts)


def aligned(one: str, other: str, *beads: tuple[int, int, int, int], told: bool = True) -> list[dict[str, object]]:
    """Rows of ``alignments`` of two articles, one for each bead of passages."""
    compared = json.dumps({kind: [1, 0, 0] for kind in ("numbers", "dates", "names")})
    return [
        {
            "article_id": one, "other_id": other, "first": bead[0], "last": bead[1], "other_first": bead[2],
            "other_last": bead[3], "points": 9.0, "margin": 0.3, "told": told, "compared": compared,
        }
        for bead in beads
    ]  # fmt: skip


def copies(traced: Traced) -> list[tuple[str, str, str]]:
    """(article, source, direction) of every copy."""
    rows = traced.reliances.to_pylist()
    return [(row["article_id"], row["source_article_id"], row["direction"]) for row in rows if row["kind"] == "copy"]


def translations(traced: Traced) -> set[tuple[str, str, str]]:
    """(article, source, direction) of every translation that is told."""
    rows = traced.reliances.to_pylist()
    told = [row for row in rows if row["kind"] == "translation" and row["source_article_id"] is not None]
    return {(row["article_id"], row["source_article_id"], row["direction"]) for row in told}


def doubts(traced: Traced) -> set[str]:
    """Articles with a span that may be a translation."""
    rows = traced.reliances.to_pylist()
    return {row["article_id"] for row in rows if row["kind"] == "translation" and row["source_article_id"] is None}


def shares(traced: Traced, name: str) -> dict[str, float]:
    return {row["origin"]: row["share"] for row in traced.origins.to_pylist() if row["article_id"] == name}


def invent(rng: random.Random, count: int) -> str:
    """Words that no other text has."""
    return " ".join("".join(rng.choices("бвгдклмнпрст", k=2)) + str(rng.randrange(10**6)) + "я" for _ in range(count))


def plain_words(rng: random.Random, count: int) -> str:
    """Made-up words without figures, all different from one call to the next."""
    return " ".join("".join(rng.choices("абвгдежзиклмнопрстуфхцч", k=rng.randint(5, 9))) for _ in range(count))
