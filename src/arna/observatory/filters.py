"""What a reader asks for, as it stands in the address: period, topics, kind and control of outlets, grouping."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import QueryDict

    from arna.terms import Space

GROUPS = ("origin", "own")
"""How origins are put together: each by itself, or the subject's own reporting and all other."""

UNREGISTERED = "unregistered"
"""Kind and control of outlets the space does not register."""

MANY = 40
"""Values taken of one name; an address may hold any number."""


@dataclass(frozen=True)
class Filters:
    """What is looked at. Weeks are named by their Mondays; empty tuples and None mean everything.

    Attributes:
        since: first week.
        until: last week.
        topics: ids.
        kinds: of outlets.
        controls: who decides over the outlets.
        group: one of :data:`GROUPS`.
    """

    since: date | None = None
    until: date | None = None
    topics: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    group: str = GROUPS[0]

    @property
    def narrow(self) -> bool:
        """Whether anything is left out."""
        return self != replace(Filters(), group=self.group)

    @property
    def until_day(self) -> date | None:
        """Sunday of the last week."""
        return self.until + timedelta(days=6) if self.until else None

    def change(self, **changes: object) -> Filters:
        """The same with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]  # the caller names fields

    def pairs(self) -> list[tuple[str, str]]:
        """Names and values of the address; what is as usual is left out."""
        found = [("since", self.since.isoformat() if self.since else ""), ("until", self._iso(self.until))]
        for name, values in (("topic", self.topics), ("kind", self.kinds), ("control", self.controls)):
            found += [(name, value) for value in values]
        found.append(("group", self.group if self.group != GROUPS[0] else ""))
        return [(name, value) for name, value in found if value]

    def query(self, *more: tuple[str, str]) -> str:
        """The query of an address, with a question mark unless it is empty."""
        pairs = [*self.pairs(), *((name, value) for name, value in more if value)]
        return "?" + urlencode(pairs) if pairs else ""

    @staticmethod
    def _iso(day: date | None) -> str:
        return day.isoformat() if day else ""

    def where(self, outlets: Mapping[str, tuple[str, str]]) -> tuple[str, dict[str, object]]:
        """The same as SQL over ``heads`` or ``facts``.

        Args:
            outlets: kind and control of each outlet met.
        """
        terms: list[str] = []
        values: dict[str, object] = {}
        for name, term, value in (
            ("since", "week >= $since", self.since),
            ("until", "week <= $until", self.until),
            ("topics", "list_contains($topics, topic)", list(self.topics)),
        ):
            if value:
                terms.append(term)
                values[name] = value
        if self.kinds or self.controls:
            terms.append("list_contains($outlets, outlet)")
            values["outlets"] = [name for name in outlets if self.takes(outlets[name])]
        return " AND ".join(terms) or "true", values

    def takes(self, outlet: tuple[str, str]) -> bool:
        """Whether an outlet of this kind and control is looked at."""
        kind, control = outlet
        return (not self.kinds or kind in self.kinds) and (not self.controls or control in self.controls)


def read_filters(query: QueryDict, space: Space) -> Filters:
    """What an address asks for; what makes no sense is left out."""
    since, until = _read_week(query.get("since")), _read_week(query.get("until"))
    if since and until and since > until:
        since, until = until, since
    group = query.get("group", "")
    known = [*(topic.id for topic in space.topics), "other"]
    asked = [value for value in query.getlist("topic")[:MANY] if value]
    topics = [topic for topic in known if topic in asked]
    return Filters(
        since=since,
        until=until,
        topics=() if len(topics) == len(known) else tuple(topics),
        kinds=tuple(sorted({value for value in query.getlist("kind")[:MANY] if value})),
        controls=tuple(sorted({value for value in query.getlist("control")[:MANY] if value})),
        group=group if group in GROUPS else GROUPS[0],
    )


def _read_week(text: str | None) -> date | None:
    """The Monday of the week a day lies in."""
    try:
        day = date.fromisoformat(text or "")
        return day - timedelta(days=day.weekday())
    except (ValueError, OverflowError):
        return None
