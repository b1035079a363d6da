"""Judgement: what a person decided about a reliance that the machine saw."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Verdict = Literal["accepted", "rejected", "withdrawn"]

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
"""``withdrawn`` takes back what was judged before: the machine decides again."""

JUDGED = "judged"
"""Direction of a copy or translation that a person accepted; its confidence is 1."""


class JudgementKey(NamedTuple):
    """What tells one reliance from another, for judging it: equal for a doubt and for the translation it becomes.

    ``source_outlet`` is None where a source article is named, for that tells the outlet.
    """

    article_id: str
    begin: int
    end: int
    kind: str
    source_article_id: str | None
    source_outlet: str | None
    source_begin: int | None
    source_end: int | None


@dataclass(frozen=True)
class Judgement:
    """A person's verdict on a reliance; of several on one reliance the last counts.

    The first eight fields are those of the row of ``reliances`` that was judged; of a translation in doubt, the source
    is what it may render. ``by`` is the name of whom judged, ``at`` the time in UTC, ``score`` and ``detail`` what the
    machine had found: it is confirmed or overruled by this.
    """

    article_id: str
    begin: int
    end: int
    kind: str
    source_article_id: str | None
    source_outlet: str | None
    source_begin: int | None
    source_end: int | None
    verdict: Verdict
    by: str
    at: datetime
    score: float | None = None
    detail: str = ""

    @property
    def key(self) -> JudgementKey:
        """Which reliance it is about."""
        outlet = None if self.source_article_id is not None else self.source_outlet
        return JudgementKey(
            self.article_id, self.begin, self.end, self.kind,
            self.source_article_id, outlet, self.source_begin, self.source_end,
        )  # fmt: skip

    @property
    def found(self) -> Mapping[str, Any]:
        """What the machine had compared, as the row's ``detail`` says it; nothing where that was not kept."""
        try:
            value = json.loads(self.detail or "{}")
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


def judge_row(row: Mapping[str, Any], verdict: Verdict, by: str, at: datetime) -> Judgement:
    """The judgement of a row of ``reliances``; of a doubt, of what the row says it may render."""
    values = {name: row[name] for name in ("article_id", "begin", "end", "kind", "score", "detail")}
    source = {name: row[name] for name in ("source_article_id", "source_outlet", "source_begin", "source_end")}
    judged = Judgement(**values, **source, verdict=verdict, by=by, at=at)
    if row["kind"] == "translation" and row["source_article_id"] is None:
        perhaps = {f"source_{name}": judged.found.get(f"perhaps_{name}") for name in ("begin", "end")}
        source = {"source_article_id": judged.found.get("perhaps"), "source_outlet": None, **perhaps}
        return Judgement(**values, **source, verdict=verdict, by=by, at=at)
    return judged


def key_of_row(row: Mapping[str, Any]) -> JudgementKey:
    """Key of a row of ``reliances``, to look up whether it was judged."""
    return judge_row(row, "withdrawn", "", None).key  # type: ignore[arg-type]  # no time: it is not kept
