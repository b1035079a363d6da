"""The part of a run that needs the model: which passages render which, and what articles are about."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from arna import __version__
from arna.engines.embed_nano import NanoEmbedder
from arna.engines.identify import NgramIdentifier
from arna.engines.sift import PieceSift
from arna.terms import SCHEMAS
from arna.trace.translations import align_articles, gather_press, list_near
from arna.voids.topic_stage import decide_topics, needs_vectors

if TYPE_CHECKING:
    from arna.runs.vectors import CachedEmbedder
    from arna.store import LakeWriter
    from arna.terms import Space
    from arna.trace.stage import Library

TRANSLATIONS = ("subject", "all", "off")
"""Which articles are traced across languages: those on the subject, all, none."""

_ALIGNED = "aligned-with"


@dataclass(frozen=True)
class Meaning:
    """What texts are compared by across languages, and which (one of :data:`TRANSLATIONS`)."""

    vectors: CachedEmbedder
    translations: str


def make_digest(*parts: object) -> str:
    """One text for several things on which work depends, another when one of them changes."""
    return hashlib.sha256(" ".join(map(repr, parts)).encode("utf-8", "surrogatepass")).hexdigest()


def align_anew(lake: LakeWriter, space: Space, library: Library, meaning: Meaning) -> None:
    """Bring the table ``alignments`` up to date.

    All is worked out again where the model, the subject or the choice of articles is another than before.
    """
    depends = make_digest(__version__, meaning.vectors.name, meaning.translations, space.subject)
    known = SCHEMAS["alignments"].empty_table()
    if lake.recall(_ALIGNED) == depends:
        known = lake.read("alignments")
    else:
        library = replace(library, corpus=replace(library.corpus, new=np.ones_like(library.corpus.new)))
        lake.remember(_ALIGNED, "")  # whatever stops this run now, the next one begins anew
    if meaning.translations == "off":
        lake.replace("alignments", SCHEMAS["alignments"].empty_table())
    else:
        lake.replace("alignments", _align(lake, library, meaning, known))
    lake.remember(_ALIGNED, depends)


def _align(lake: LakeWriter, library: Library, meaning: Meaning, known: pa.Table) -> pa.Table:
    given = {"near": pa.table({"id": pa.array(list_near(library), pa.string())})}
    chosen = "" if meaning.translations == "all" else "JOIN topics t ON t.article_id = a.id AND t.on_subject"
    articles = lake.query(
        f"SELECT a.id, a.title, a.text, a.lang FROM articles a {chosen} SEMI JOIN near n ON n.id = a.id",
        ["articles", "topics"],
        given,
    )
    passages = lake.query(
        "SELECT p.* FROM passages p SEMI JOIN chosen c ON c.id = p.article_id", ["passages"], {"chosen": articles}
    )
    model = meaning.vectors.model
    sift = PieceSift(model if isinstance(model, NanoEmbedder) else None)
    return align_articles(library, gather_press(library, articles, passages), meaning.vectors, sift, known)


def settle_topics(lake: LakeWriter, space: Space, meaning: Meaning) -> None:
    """Decide the topics of all articles on the subject by meaning, where the space says its topics so."""
    if not needs_vectors(space):
        return
    topics = lake.read("topics")
    articles = lake.query(
        """SELECT a.id, a.title, a.text, a.lang FROM articles a JOIN topics t ON t.article_id = a.id AND t.on_subject
           ORDER BY a.id""",
        ["articles", "topics"],
    )
    if articles.num_rows:
        decided = decide_topics(articles, topics, space, meaning.vectors, NgramIdentifier())
        given = {"held": topics}
        others = lake.query("SELECT * FROM held WHERE NOT on_subject ORDER BY article_id", [], given)
        lake.replace("topics", pa.concat_tables([others.cast(SCHEMAS["topics"]), decided]))
