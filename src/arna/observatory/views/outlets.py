"""Outlets: the list, and one of them: owners, what its reporting rests on, what rests on it, how it was collected."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from django.http import Http404
from django.utils.translation import gettext

from arna.air.report_facts import Week
from arna.air.report_outlets import Presence, gather_outlets, share_out
from arna.observatory.collecting import lay_health, list_requests, tell_gap
from arna.observatory.counting import count_weeks
from arna.observatory.filters import Filters
from arna.observatory.pictures import draw_outlet, draw_outlets, name_control, name_kind
from arna.observatory.reasons import tell_trouble
from arna.observatory.sheets import Sheet, cite, number_page, page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from arna.observatory.visit import Visit
    from arna.terms import Outlet

PAGE = 80
"""Outlets on a page."""

ORDERS = ("articles", "name", "others", "health")


@page
def list_outlets(visit: Visit) -> Sheet:
    """All outlets with articles, and those registered that have none."""
    presences = _gather(visit)
    order = visit.request.GET.get("order", "articles")
    place = number_page(visit, len(presences), PAGE)
    met = {presence.id for presence in presences}
    sheet = Sheet(
        template="outlets.html.j2",
        title=gettext("Outlets"),
        name="outlets",
        context={
            "presences": sort_outlets(visit, presences, order)[PAGE * (place["number"] - 1) : PAGE * place["number"]],
            "count": len(presences),
            **place,
            "order": order if order in ORDERS else ORDERS[0],
            "silent": [outlet for outlet in visit.space.outlets if outlet.id not in met],
            "requests": list_requests(visit.snapshot),
            "tell_trouble": tell_trouble,
            "orders": {
                "articles": gettext("Articles"),
                "name": gettext("Name"),
                "others": gettext("Rests on others or unknown"),
                "health": gettext("Health"),
            },
        },
        rows=lambda: tabulate_outlets(visit, presences),
        picture=lambda: draw_outlets(visit, sort_outlets(visit, presences, order), cite(visit, sheet)),
        how="origin-shares",
    )
    return sheet


def _gather(visit: Visit) -> tuple[Presence, ...]:
    return visit.snapshot.know("outlets", lambda: gather_outlets(visit.snapshot, visit.space))


def sort_outlets(visit: Visit, presences: Sequence[Presence], order: str) -> list[Presence]:
    """Outlets in the order asked for."""
    if order == "name":
        return sorted(presences, key=lambda one: visit.outlet_name(one.id).casefold())
    if order == "others":
        return sorted(presences, key=lambda one: (one.shares.get("own", 0.0), one.id))
    if order == "health":
        return sorted(presences, key=lambda one: (2.0 if one.healthy is None else one.healthy, one.id))
    return list(presences)


def tabulate_outlets(visit: Visit, presences: Sequence[Presence]) -> pa.Table:
    """Outlets as rows."""
    rows = []
    for one in presences:
        outlet = one.outlet
        rows.append(
            {
                "outlet": one.id,
                "name": visit.outlet_name(one.id),
                "origin": visit.space.origin_of(one.id),
                "country": outlet.country if outlet else None,
                "kind": outlet.kind if outlet else None,
                "control": (outlet.control or None) if outlet else None,
                "languages": " ".join(one.languages),
                "articles": one.articles,
                "health": one.healthy,
                "short_days": one.bad_days,
            }
            | {f"share_{origin}": one.shares.get(origin, 0.0) for origin in ("own", *visit.origin_titles)}
        )
    return pa.Table.from_pylist(rows)


@page
def see_outlet(visit: Visit, outlet_id: str) -> Sheet:
    """One outlet."""
    outlet = visit.outlet(outlet_id)
    found = next((one for one in _gather(visit) if one.id == outlet_id), None)
    asked = list_requests(visit.snapshot).get(outlet_id)
    if outlet is None and found is None and asked is None:
        raise Http404
    weeks = count_outlet_weeks(visit, outlet_id)
    title = visit.outlet_name(outlet_id)
    sheet = Sheet(
        template="outlet.html.j2",
        title=title,
        name="outlet",
        context={
            "outlet": outlet,
            "outlet_id": outlet_id,
            "presence": found,
            "kind": name_kind(outlet.kind) if outlet else gettext("Not registered"),
            "control": name_control(outlet.control) if outlet else "",
            "owners": list_owners(outlet),
            "fields": {
                "feeds": gettext("feeds"),
                "sitemaps": gettext("sitemaps"),
                "names": gettext("names"),
                "reach": gettext("reach"),
            },
            "tell_gap": tell_gap,
            "tell_trouble": tell_trouble,
            "weeks": weeks,
            "rests_on": list_sources(visit, outlet_id),
            "carried_by": list_carriers(visit, outlet_id),
            "latest": list_latest(visit, outlet_id),
            "requests": asked,
            **lay_health(visit.snapshot, outlet_id),
        },
        rows=lambda: visit.snapshot.ask(_PAIRS, {"outlet": outlet_id}),
        picture=lambda: draw_outlet(visit, title, weeks, found, cite(visit, sheet)),
        how="origin-shares",
    )
    return sheet


_PAIRS = """
    SELECT h.outlet, r.source_outlet, r.kind, count(DISTINCT r.article_id) AS articles, count(*) AS spans,
           sum(r."end" - r."begin") AS letters
    FROM reliances r JOIN heads h ON h.id = r.article_id
    WHERE (h.outlet = $outlet OR r.source_outlet = $outlet) AND r.source_outlet IS NOT NULL
    GROUP BY ALL ORDER BY articles DESC, h.outlet, r.source_outlet, r.kind
"""


def list_sources(visit: Visit, outlet_id: str) -> list[dict[str, Any]]:
    """Outlets this one's articles rest on, the most articles first, with the articles of each kind."""
    return _pair_up(
        visit.snapshot.rows(
            """SELECT r.source_outlet AS other, r.kind, count(DISTINCT r.article_id) AS articles
               FROM reliances r JOIN heads h ON h.id = r.article_id
               WHERE h.outlet = $outlet AND r.source_outlet IS NOT NULL GROUP BY ALL""",
            outlet=outlet_id,
        )
    )


def list_carriers(visit: Visit, outlet_id: str) -> list[dict[str, Any]]:
    """Outlets whose articles rest on this one."""
    return _pair_up(
        visit.snapshot.rows(
            """SELECT h.outlet AS other, r.kind, count(DISTINCT r.article_id) AS articles
               FROM reliances r JOIN heads h ON h.id = r.article_id WHERE r.source_outlet = $outlet GROUP BY ALL""",
            outlet=outlet_id,
        )
    )


def _pair_up(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kinds: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        kinds[row["other"]][row["kind"]] = row["articles"]
    pairs = [{"other": other, "kinds": some, "most": max(some.values())} for other, some in kinds.items()]
    return sorted(pairs, key=lambda pair: (-int(str(pair["most"])), str(pair["other"])))


def list_latest(visit: Visit, outlet_id: str) -> list[dict[str, Any]]:
    """Its latest articles on the subject."""
    return visit.snapshot.rows(
        """SELECT id, title, lang, published_at, own FROM heads WHERE outlet = $outlet AND counted
           ORDER BY published_at DESC, id LIMIT 8""",
        outlet=outlet_id,
    )


def list_owners(outlet: Outlet | None) -> list[dict[str, Any]]:
    """Owners in order of time, each with the day before the next one came."""
    owners = sorted(outlet.ownership, key=lambda owner: owner.since or date.min) if outlet else []
    if not owners:
        return []
    ends = [owner.since - timedelta(days=1) if owner.since else None for owner in owners[1:]]
    return [{"owner": owner, "until": end} for owner, end in zip(owners, [*ends, None], strict=True)]


def count_outlet_weeks(visit: Visit, outlet_id: str) -> tuple[Week, ...]:
    """The outlet's weeks: articles on the subject and whom their words rest with."""
    weeks: Mapping[date, Any] = {week.first: week for week in count_weeks(visit.snapshot, Filters())}
    words: dict[date, dict[str, float]] = defaultdict(dict)
    for row in visit.snapshot.rows(
        "SELECT week, origin, sum(words) AS words FROM facts WHERE outlet = $outlet GROUP BY ALL ORDER BY ALL",
        outlet=outlet_id,
    ):
        words[row["week"]][row["origin"]] = row["words"]
    counts = {
        row["week"]: row["n"]
        for row in visit.snapshot.rows(
            "SELECT week, count(*) AS n FROM heads WHERE outlet = $outlet AND counted GROUP BY 1", outlet=outlet_id
        )
    }
    return tuple(Week(first, counts.get(first, 0), share_out(words.get(first, {}))) for first in weeks)
