"""A person's verdicts on the reliances of an article: which hold, and how to give one. The book is the store's."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from arna.store.judgements import JudgementBook, list_current
from arna.terms import judge_row, key_of_row

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from arna.observatory.visit import Visit
    from arna.terms import Judgement, JudgementKey, Verdict

NAME_COOKIE = "arna_name"
"""Keeps the name under which a reader judged last."""

NAME_LENGTH = 100


class Bench:
    """Where the reliances of an article are judged."""

    def __init__(self, visit: Visit, article_id: str) -> None:
        self.visit, self.article_id = visit, article_id
        self.book = JudgementBook(visit.folder)

    @cached_property
    def history(self) -> list[Judgement]:
        """Every judgement about the article, the latest first."""
        return self.book.history(self.article_id)[::-1]

    @cached_property
    def current(self) -> dict[JudgementKey, Judgement]:
        """Those that hold."""
        return list_current(self.history[::-1])

    @cached_property
    def name(self) -> str:
        """Under which this reader judged last."""
        return unquote(self.visit.request.COOKIES.get(NAME_COOKIE, ""))[:NAME_LENGTH]

    def holds(self, row: Mapping[str, Any]) -> Judgement | None:
        """The judgement of a row of ``reliances`` that holds, if there is one."""
        return self.current.get(key_of_row(row))

    def ticket(self, row: Mapping[str, Any]) -> str:
        """What a form calls a row by; it stays the same when the lake is run again."""
        return make_ticket(key_of_row(row))

    def ticket_of(self, judgement: Judgement) -> str:
        """What a form calls the reliance of a judgement by."""
        return make_ticket(judgement.key)

    def can_judge(self, row: Mapping[str, Any]) -> bool:
        """Whether the row has enough of a source for a judgement to be about."""
        key = key_of_row(row)
        return row["kind"] in ("credit", "link") or (
            key.source_article_id is not None
            and key.source_begin is not None
            and key.source_end is not None
            and key.source_begin < key.source_end
            and key.begin < key.end
        )

    def make(self, ticket: str, verdict: Verdict, by: str, at: datetime) -> Judgement | None:
        """The judgement a form asks for; None where there is no such reliance, and nothing to take back."""
        for row in self.visit.snapshot.rows("SELECT * FROM reliances WHERE article_id = $id", id=self.article_id):
            if self.ticket(row) == ticket and self.can_judge(row):
                return judge_row(row, verdict, by, at)
        for judgement in self.history:  # what was rejected is no row any more
            if make_ticket(judgement.key) == ticket:
                return replace(judgement, verdict=verdict, by=by, at=at)
        return None


def make_ticket(key: JudgementKey) -> str:
    """Sixteen letters that stand for a reliance."""
    return sha256(repr(tuple(key)).encode()).hexdigest()[:16]
