"""Families: stories that went through several outlets, and one story's way through outlets, languages and days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.utils.translation import gettext

from arna.air.report_outlets import put_in_order
from arna.air.report_words import clean_text
from arna.observatory.pictures import draw_family
from arna.observatory.sheets import Sheet, cite, number_page, page
from arna.observatory.timeline import lay_timeline

if TYPE_CHECKING:
    from arna.observatory.visit import Visit

PAGE = 50
"""Stories on a page."""

FOLDED = 60
"""Members listed on a page; the timeline shows all of them."""

_STORIES = """
    SELECT m.story, count(DISTINCT m.article_id) AS articles, count(DISTINCT h.outlet) AS outlets,
           list_sort(list(DISTINCT h.lang)) AS langs, min(h.published_at) AS first, max(h.published_at) AS last
    FROM members m JOIN heads h ON h.id = m.article_id GROUP BY 1 HAVING articles > 1
"""

_MEMBERS = """
    WITH part AS (
        SELECT m.article_id, count(*) AS passages FROM members m WHERE m.story = $story GROUP BY 1
    ), lean AS (
        SELECT r.article_id, r.kind, r.source_article_id, r.source_outlet, r.direction, r.direction_confidence,
               count(*) AS spans, sum(r."end" - r."begin") AS letters
        FROM reliances r JOIN part p ON p.article_id = r.article_id JOIN part s ON s.article_id = r.source_article_id
        WHERE r.kind IN ('copy', 'translation')
        GROUP BY r.article_id, r.kind, r.source_article_id, r.source_outlet, r.direction, r.direction_confidence
        QUALIFY row_number() OVER (PARTITION BY r.article_id ORDER BY letters DESC, r.source_article_id, r.kind) = 1
    )
    SELECT h.id, h.title, h.outlet, h.lang, h.published_at, h.published_from, p.passages, l.kind, l.source_article_id,
           l.source_outlet, l.direction, l.direction_confidence, h.id = $story AS root
    FROM part p JOIN heads h ON h.id = p.article_id LEFT JOIN lean l ON l.article_id = h.id
    ORDER BY root DESC, h.published_at NULLS LAST, h.id
"""


@page
def list_families(visit: Visit) -> Sheet:
    """Stories, those carried by the most outlets first."""
    snapshot = visit.snapshot
    stories = snapshot.know("stories", lambda: snapshot.ask(f"{_STORIES} ORDER BY outlets DESC, articles DESC, 1"))
    place = number_page(visit, stories.num_rows, PAGE)
    shown = stories.slice(PAGE * (place["number"] - 1), PAGE).to_pylist()
    heads = {
        row["id"]: row
        for row in snapshot.rows(
            "SELECT id, title, outlet, lang FROM heads WHERE list_contains($ids, id)",
            ids=[row["story"] for row in shown],
        )
    }
    return Sheet(
        template="families.html.j2",
        title=gettext("Families"),
        name="families",
        context={
            "stories": [
                row
                | {
                    "head": heads.get(row["story"]),
                    "langs": put_in_order(visit.space.languages, [lang or "und" for lang in row["langs"]]),
                }
                for row in shown
            ],
            "count": stories.num_rows,
            **place,
        },
        rows=lambda: stories,
        how="shares-and-families-through-languages",
    )


@page
def see_family(visit: Visit, story: str) -> Sheet:
    """One story: everything that carries passages of the article it began with."""
    members = visit.snapshot.rows(_MEMBERS, story=story)
    if not members:
        raise Http404
    root = members[0] if members[0]["root"] else None
    title = clean_text((root or members[0])["title"] or "").strip() or gettext("(no title)")
    timeline = lay_timeline(visit, members)
    sheet = Sheet(
        template="family.html.j2",
        title=title,
        name="family",
        context={
            "members": members,
            "root": root,
            "story": story,
            "timeline": timeline,
            "langs": list(dict.fromkeys(member["lang"] for member in members)),
            "outlets": len({member["outlet"] for member in members}),
            "names": {member["id"]: member for member in members},
            "folded": FOLDED,
            **number_page(visit, len(members), FOLDED),
            "days": (members_span(members)),
        },
        rows=lambda: visit.snapshot.ask(_MEMBERS, {"story": story}),
        picture=lambda: draw_family(visit, title, timeline, cite(visit, sheet)),
        how="shares-and-families-through-languages",
    )
    return sheet


def members_span(members: list[dict[str, Any]]) -> int:
    """Days from the first member to the last, both counted."""
    days = [member["published_at"].date() for member in members if member["published_at"]]
    return (max(days) - min(days)).days + 1 if days else 0
