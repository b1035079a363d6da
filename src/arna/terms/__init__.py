"""The words of Arna as frozen dataclasses, and the Arrow schema of every table. No I/O."""

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
    "KEYS",
    "OWN",
    "SCHEMAS",
    "UNKNOWN",
    "Example",
    "Origin",
    "Outlet",
    "Ownership",
    "Space",
    "Subject",
    "Topic",
    "base_language",
]
