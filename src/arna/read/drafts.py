"""What reading one page comes to: a draft of its article, or the reason there is none."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from arna.terms import ARTICLE_MIME

if TYPE_CHECKING:
    from datetime import datetime


class Verdict(NamedTuple):
    """How a page's reading ended: kept, dropped or failed, and why (kebab-case, detail after a colon)."""

    outcome: str
    reason: str


class DraftLink(NamedTuple):
    """A link of an article: absolute address, and the span of its text (an empty one at 0 when not known)."""

    url: str
    begin: int
    end: int


@dataclass(frozen=True)
class Draft:
    """An article before its language is told. Times are in UTC; ``lang`` is set when it came with the article."""

    document_id: str
    url: str
    outlet: str
    title: str | None
    author: str | None
    fetched_at: datetime
    published_at: datetime | None
    published_from: str
    text: str
    links: tuple[DraftLink, ...] = ()
    lang: str | None = None
    extra: str | None = None

    @cached_property
    def id(self) -> str:
        """32 hex digits of BLAKE2b (128 bits) over outlet, address and text: the same article, the same id."""
        whole = f"{self.outlet}\n{self.url}\n{self.text}"
        return blake2b(whole.encode("utf-8", "replace"), digest_size=16).hexdigest()


@dataclass(frozen=True)
class PageRow:
    """One row of ``PAGES`` (see ``arna.read.stage``) without its payload."""

    id: str
    url: str
    outlet: str
    fetched_at: datetime
    status: int | None
    mime: str
    charset: str | None

    @property
    def is_article(self) -> bool:
        """Whether the payload is an article in JSON, not a page."""
        return self.mime.partition(";")[0].strip() == ARTICLE_MIME
