"""Flow: which origin feeds which languages, and through which outlets."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from arna.air.report_outlets import share_out
from arna.observatory.counting import describe_outlets, group_shares, name_group
from arna.observatory.pictures import draw_flow, tell_filters
from arna.observatory.ribbons import lay_ribbons
from arna.observatory.sheets import Sheet, cite, page
from arna.observatory.views.voidmap import offer_choices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arna.observatory.visit import Visit

SHOWN = 40
"""Outlets of a language shown at once; a page of one language shows all of them."""

_FLOW = """
    SELECT lang, outlet, origin, sum(words) AS words, count(DISTINCT n) AS articles FROM facts WHERE {where}
    GROUP BY ALL ORDER BY lang, outlet, origin
"""


@dataclass(frozen=True)
class Row:
    """A language, or an outlet in it: articles, words, and shares of origins."""

    lang: str
    outlet: str
    articles: int
    words: float
    shares: Mapping[str, float]


@page
def see_flow(visit: Visit) -> Sheet:
    """Ribbons from origins to languages, then a matrix of outlets: ribbons to a hundred outlets could not be read."""
    outlets = sorted({row["outlet"] for row in visit.snapshot.rows("SELECT DISTINCT outlet FROM facts")})
    where, values = visit.filters.where(describe_outlets(visit.snapshot, outlets))
    sql = _FLOW.format(where=where)
    key = ("flow", visit.filters)
    found, counts = visit.snapshot.know(key, lambda: (visit.snapshot.rows(sql, **values), _count(visit, where, values)))
    langs, rows = _gather(visit, found, counts)
    flows: dict[tuple[str, str], float] = defaultdict(float)
    for row in found:
        name = name_group(visit.snapshot, row["origin"]) if visit.filters.group == "own" else row["origin"]
        flows[name, row["lang"]] += row["words"]
    ribbons = lay_ribbons(flows, visit.shown_paints, list(langs))
    tongue = visit.request.GET.get("lang", "")
    if tongue in langs:
        langs, rows = {tongue: langs[tongue]}, {tongue: rows[tongue]}
    sheet = Sheet(
        template="flow.html.j2",
        title=gettext("Flow"),
        name="flow",
        context={
            "langs": langs,
            "rows": rows,
            "ribbons": ribbons,
            "scope": " · ".join(tell_filters(visit)),
            **offer_choices(visit),
            "shown": SHOWN if not tongue else len(rows.get(tongue, ())),
        },
        rows=lambda: visit.snapshot.ask(sql, values),
        picture=lambda: draw_flow(visit, ribbons, langs, rows, cite(visit, sheet)),
        how="coverage",
    )
    return sheet


def _count(visit: Visit, where: str, values: dict[str, object]) -> dict[tuple[str, str], int]:
    rows = visit.snapshot.rows(
        f"SELECT lang, outlet, count(DISTINCT n) AS n FROM facts WHERE {where} GROUP BY ALL", **values
    )
    return {(row["lang"], row["outlet"]): row["n"] for row in rows}


def _gather(
    visit: Visit, found: list[dict[str, Any]], counts: Mapping[tuple[str, str], int]
) -> tuple[dict[str, Row], dict[str, list[Row]]]:
    words: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for row in found:
        words[row["lang"], row["outlet"]][row["origin"]] = row["words"]
    met = {lang for lang, _ in words}
    order = [lang for lang in visit.space.languages if lang in met]
    order += sorted(met - set(order))
    langs: dict[str, Row] = {}
    rows: dict[str, list[Row]] = {}
    for lang in order:
        some = [
            Row(
                lang,
                outlet,
                counts[lang, outlet],
                sum(parts.values()),
                group_shares(visit.snapshot, visit.filters, parts),
            )
            for (tongue, outlet), parts in words.items()
            if tongue == lang
        ]
        rows[lang] = sorted(some, key=lambda row: (-row.articles, row.outlet))
        total: dict[str, float] = defaultdict(float)
        for one in some:
            for origin, share in one.shares.items():
                total[origin] += share * one.words
        langs[lang] = Row(lang, "", sum(row.articles for row in some), sum(row.words for row in some), share_out(total))
    return langs, rows
