"""An article: its text with every span marked by what it rests on, and beside it what that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
from django.http import Http404
from django.utils.translation import gettext, pgettext

from arna.air.report_choice import Choice
from arna.air.report_sources import Sources
from arna.air.report_traced import Limits, open_article
from arna.observatory.judgements import Bench
from arna.observatory.sheets import Sheet, page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arna.observatory.snapshot import Snapshot
    from arna.observatory.visit import Visit

LIMITS = Limits(spans=60, pairs=80, whole=20_000, folded=20_000)
"""How much of an article one page shows; page weight is what bounds it."""


@page
def see_article(visit: Visit, article_id: str) -> Sheet:
    """The article's page; its files have its reliances as rows."""
    heads = visit.snapshot.rows("SELECT * FROM heads WHERE id = $id", id=article_id)
    if not heads:
        raise Http404
    sources = _Sources(visit.snapshot, visit.space, [article_id])
    traced = open_article(sources, Choice(article_id, (), "", 0), LIMITS)
    return Sheet(
        template="article.html.j2",
        title=traced.self.title,
        name=f"article-{article_id[:12]}",
        context={
            "head": heads[0],
            "article": traced,
            "bench": Bench(visit, article_id),
            "stories": find_stories(visit, article_id),
            "leaning": find_leaning(visit, article_id),
            "verbs": {
                "copy": gettext("Copied from"),
                "credit": gettext("Credits"),
                "link": gettext("Links to"),
            },
            "kinds": {
                "copy": pgettext("kind", "Copied"),
                "translation": pgettext("kind", "Translated"),
                "credit": pgettext("kind", "Credit"),
                "link": pgettext("kind", "Link"),
            },
        },
        rows=lambda: tabulate_reliances(visit, article_id),
        how="copies",
    )


class _Sources(Sources):
    """Texts come from the snapshot."""

    lake: Snapshot

    def fetch_articles(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """Articles with their texts."""
        return self.lake.open_articles(ids)


def find_stories(visit: Visit, article_id: str) -> list[dict[str, Any]]:
    """Families the article has a part in: the root's article, passages here, articles in all."""
    return visit.snapshot.rows(
        """SELECT m.story, count(*) AS passages, any_value(h.title) AS title, any_value(h.outlet) AS outlet,
                  any_value(h.lang) AS lang,
                  (SELECT count(DISTINCT o.article_id) FROM members o WHERE o.story = m.story) AS articles
           FROM members m LEFT JOIN heads h ON h.id = m.story WHERE m.article_id = $id GROUP BY 1
           HAVING articles > 1 ORDER BY passages DESC, articles DESC, 1 LIMIT 5""",
        id=article_id,
    )


def find_leaning(visit: Visit, article_id: str) -> list[dict[str, Any]]:
    """Articles that rest on this one, the earliest first, and how."""
    return visit.snapshot.rows(
        """SELECT h.id, h.title, h.outlet, h.lang, h.published_at, list_sort(list(DISTINCT r.kind)) AS kinds,
                  count(*) AS spans, count(*) OVER () AS total
           FROM reliances r JOIN heads h ON h.id = r.article_id WHERE r.source_article_id = $id
           GROUP BY ALL ORDER BY h.published_at NULLS LAST, h.id LIMIT 12""",
        id=article_id,
    )


def tabulate_reliances(visit: Visit, article_id: str) -> pa.Table:
    """The article's reliances as rows of the table, with the words of both spans."""
    rows = visit.snapshot.ask(
        'SELECT * FROM reliances WHERE article_id = $id ORDER BY "begin", "end", kind', {"id": article_id}
    )
    spans = rows.select(["begin", "end", "source_article_id", "source_begin", "source_end"]).to_pylist()
    texts = visit.snapshot.texts.find([article_id, *{span["source_article_id"] or "" for span in spans}])
    here = [texts.get(article_id, "")[max(0, span["begin"]) : max(0, span["end"])] for span in spans]
    there = [
        texts.get(span["source_article_id"] or "", "")[span["source_begin"] : span["source_end"]] for span in spans
    ]
    rows = rows.append_column("words", pa.array(here, pa.string()))
    return rows.append_column("source_words", pa.array([words or None for words in there], pa.string()))
