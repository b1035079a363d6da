"""The words of Arna as frozen dataclasses, and the Arrow schema of every table. No I/O."""

from arna.terms.judgements import JUDGED, VERDICTS, Judgement, JudgementKey, Verdict, judge_row, key_of_row
from arna.terms.tables import KEYS, SCHEMAS
from arna.terms.words import (
    ARTICLE_MIME,
    OWN,
    UNKNOWN,
    Example,
    Origin,
    Outlet,
    Ownership,
    Space,
    Subject,
    Topic,
    base_language,
)

__all__ = [
    "ARTICLE_MIME",
    "JUDGED",
    "KEYS",
    "OWN",
    "SCHEMAS",
    "UNKNOWN",
    "VERDICTS",
    "Example",
    "Judgement",
    "JudgementKey",
    "Origin",
    "Outlet",
    "Ownership",
    "Space",
    "Subject",
    "Topic",
    "Verdict",
    "base_language",
    "judge_row",
    "key_of_row",
]
