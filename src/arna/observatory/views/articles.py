"""The articles behind a number: sorted, searched in their titles, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext, pgettext

from arna.air.report_words import capitalise, name_language
from arna.observatory.counting import describe_outlets
from arna.observatory.pictures import tell_filters
from arna.observatory.reasons import tell_leaning
from arna.observatory.sheets import Sheet, number_page, page

if TYPE_CHECKING:
    import pyarrow as pa

    from arna.observatory.visit import Visit

PAGE = 50
"""Articles on a page."""

ORDERS = {
    "date": "published_at {} NULLS LAST, id",
    "title": "lower(title) {}, id",
    "outlet": "outlet {}, published_at DESC, id",
    "others": "1 - own {}, published_at DESC, id",
    "words": "words {}, id",
}
"""SQL of each order, to be filled with a direction."""

DOWN = frozenset({"date", "words", "others"})
"""Orders that begin with the most."""

_KINDS = {"copy": "copies", "translation": "translations", "doubt": "doubts", "credit": "credits", "link": "links"}


@dataclass(frozen=True)
class Asked:
    """What a list of articles is of, besides the filters; empty means everything.

    Attributes:
        lang: of the articles.
        outlet: id.
        origin: the articles have words that rest with it.
        leans: they have reliances of this kind.
        words: in the title.
        order: one of :data:`ORDERS`.
        down: from the most to the least.
        all: also articles that are not on the subject or have no date.
    """

    lang: str
    outlet: str
    origin: str
    leans: str
    words: str
    order: str
    down: bool
    all: bool


def read_asked(visit: Visit) -> Asked:
    """What the address asks for."""
    query = visit.request.GET
    order = query.get("order", "")
    order = order if order in ORDERS else "date"
    direction = query.get("dir", "")
    return Asked(
        lang=query.get("lang", "")[:40],
        outlet=query.get("outlet", "")[:300],
        origin=query.get("origin", "")[:100],
        leans=query.get("leans", "") if query.get("leans", "") in _KINDS else "",
        words=query.get("q", "").strip()[:200],
        order=order,
        down=direction == "down" or (direction != "up" and order in DOWN),
        all=query.get("all", "") == "1",
    )


def select_articles(visit: Visit, asked: Asked) -> tuple[str, dict[str, object]]:
    """The condition over ``heads`` for what is asked, with its values."""
    snapshot = visit.snapshot
    kinds = snapshot.know(
        "sorts",
        lambda: describe_outlets(
            snapshot, [row["outlet"] for row in snapshot.rows("SELECT DISTINCT outlet FROM heads")]
        ),
    )
    where, values = visit.filters.where(kinds)
    terms = [where] if asked.all else [where, "counted"]
    for name, term, value in (
        ("lang", "coalesce(lang, 'und') = $lang", asked.lang),
        ("outlet", "outlet = $outlet", asked.outlet),
        ("title", "contains(lower(title), lower($title))", asked.words),
    ):
        if value:
            terms.append(term)
            values[name] = value
    if asked.origin:
        terms.append("n IN (SELECT n FROM facts WHERE origin = $origin AND words > 0)")
        values["origin"] = asked.origin
    if asked.leans:
        terms.append(f"{_KINDS[asked.leans]} > 0")
    return " AND ".join(terms), values


@page
def list_articles(visit: Visit) -> Sheet:
    """One page of the list; its files have all of it."""
    asked = read_asked(visit)
    where, values = select_articles(visit, asked)
    order = ORDERS[asked.order].format("DESC" if asked.down else "ASC")
    count = int(visit.snapshot.rows(f"SELECT count(*) AS n FROM heads WHERE {where}", **values)[0]["n"])
    place = number_page(visit, count, PAGE)
    skipped = PAGE * (place["number"] - 1)
    found = visit.snapshot.rows(
        f"SELECT * FROM heads WHERE {where} ORDER BY {order} LIMIT {PAGE} OFFSET {skipped}", **values
    )
    return Sheet(
        template="articles.html.j2",
        title=tell_list(visit, asked),
        name="articles",
        context={
            "asked": asked,
            "articles": find_shares(visit, found),
            "count": count,
            "leaning": tell_leaning(asked.leans),
            **place,
            "orders": {
                "date": gettext("Date"),
                "title": gettext("Title"),
                "outlet": gettext("Outlet"),
                "words": pgettext("number", "Words"),
                "others": gettext("Rests on others or unknown"),
            },
        },
        rows=lambda: tabulate_articles(visit, where, order, values),
        how="coverage",
    )


def tell_list(visit: Visit, asked: Asked) -> str:
    """What a list is of: "Economy and trade, Kazakh"."""
    parts = tell_filters(visit)
    parts += [name_language(asked.lang)] if asked.lang else []
    parts += [visit.outlet_name(asked.outlet)] if asked.outlet else []
    parts += [visit.origin(asked.origin)] if asked.origin else []
    return capitalise(", ".join(parts)) or gettext("Articles")


def find_shares(visit: Visit, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of ``heads`` with the shares of origins of each."""
    shares: dict[str, dict[str, float]] = {row["id"]: {} for row in found}
    for row in visit.snapshot.rows(
        "SELECT article_id, origin, share FROM origins WHERE list_contains($ids, article_id) ORDER BY ALL",
        ids=list(shares),
    ):
        shares[row["article_id"]][row["origin"]] = row["share"]
    return [row | {"shares": shares[row["id"]]} for row in found]


def tabulate_articles(visit: Visit, where: str, order: str, values: dict[str, object]) -> pa.Table:
    """All articles of a list as rows."""
    return visit.snapshot.ask(
        f"""SELECT id, url, outlet, title, published_at, lang, topic, on_subject, words, own AS own_share, copies,
            translations, doubts, credits, links FROM heads WHERE {where} ORDER BY {order}""",
        values,
    )
