"""What a collection is told: whom to greet as, how fast, how long, and which addresses may be contacted at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from arna import __version__

if TYPE_CHECKING:
    from datetime import datetime
    from ipaddress import IPv4Network, IPv6Network

PAGE_LIMIT: Final = 10 << 20
"""Bytes of a page or feed at most, packed and unpacked; the same as what the stage ``read`` takes."""

SITEMAP_LIMIT: Final = 50 << 20
"""Bytes of a sitemap at most, as its protocol says."""

SITEMAP_PAGES: Final = 1000
"""Addresses an outlet's sitemaps may have waiting where no ``since`` is given, the newest first. Set, not tuned: some
weeks of a busy outlet; sitemaps list whole archives."""

FIRST_TRIES: Final = 4
"""Tries with doubling waits before a page is put off for hours."""

LAST_TRY: Final = 7
"""Tries after which a page is given up: some four days with the waits of :meth:`CollectOptions.wait_after`."""

_LONGEST_PAUSE: Final = 24 * 3600.0  # of a Retry-After


@dataclass(frozen=True)
class CollectOptions:
    """Options of one collection; times are seconds.

    Attributes:
        contact: an address people can write to, sent with every request.
        pace: least time between the starts of two requests to one host.
        interval: least time between two fetches of a feed.
        timeout: silence of a server after which it is given up; a whole fetch may take three times as long.
        connections: fetches under way at once.
        allow: networks that may be contacted though they are not public, for tests.
        patience: how long a single round waits for something to become due.
        since: pages listed with an earlier date are left.
        outlets: only these; all if None.
        every: go on, round after round, this far apart; one round if None.
        pages: fetch pages too, not only what lists them.
    """

    contact: str = ""
    pace: float = 2.0
    interval: float = 900.0
    timeout: float = 20.0
    connections: int = 128
    allow: tuple[IPv4Network | IPv6Network, ...] = ()
    patience: float = 60.0
    since: datetime | None = None
    outlets: frozenset[str] | None = None
    every: float | None = None
    pages: bool = True

    @property
    def agent(self) -> str:
        """The User-Agent header."""
        return f"Arna/{__version__} (+{self.contact})" if self.contact else f"Arna/{__version__} (media research)"

    @property
    def source_interval(self) -> float:
        """Least time between two fetches of a feed."""
        return self.interval if self.every is None else self.every

    def wait_after(self, tries: int) -> float:
        """Seconds to wait after so many failed tries: ten paces doubling, then hours."""
        if tries < FIRST_TRIES:
            return max(self.pace, 0.01) * 10 * 2.0 ** (tries - 1)
        return 3600.0 * 4.0 ** min(tries - FIRST_TRIES, 3)

    def rest_after(self, failures: int) -> float:
        """Seconds a host that cannot be had is left alone after so many failures in a row: an hour at most."""
        return min(max(self.pace, 0.01) * 10 * 2.0 ** min(failures - 1, 20), 3600.0)


def read_pause(value: str, now: datetime) -> float | None:
    """Seconds that a Retry-After asks for, given as a number or as a date."""
    text = value.strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), _LONGEST_PAUSE)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max((at - now).total_seconds(), 0.0), _LONGEST_PAUSE)
