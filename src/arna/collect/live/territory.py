"""Whose an address is, and whether it may be contacted at all: outlets' own hosts, and what the registry names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from arna.text.urls import normalise_url

if TYPE_CHECKING:
    from arna.terms import Space

_ORDINARY: Final = {"http": 80, "https": 443}


def place_of(url: str) -> str:
    """Host of an address, with its port where that is not the scheme's own."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port
    shown = f"[{host}]" if ":" in host else host
    return shown if port in (None, _ORDINARY.get(parts.scheme)) else f"{shown}:{port}"


def origin_of(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


class Territory:
    """The hosts of a space."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self._named: dict[str, str] = {}
        self._ports: set[int | None] = {None, 80, 443}
        for outlet in space.outlets:
            for address in (outlet.home, *outlet.feeds, *outlet.sitemaps):
                url = normalise_url(address)
                if url:
                    self._named.setdefault(place_of(url), outlet.id)
                    self._ports.add(urlsplit(url).port)
            for domain in outlet.domains:
                if ":" in domain:
                    self._ports.add(int(domain.rpartition(":")[2]))

    def owner_of(self, url: str) -> str | None:
        """The outlet whose host an address is on; None off the list, or on a port that no registered address has."""
        place = place_of(url)
        if urlsplit(url).port not in self._ports:
            return None
        return self._space.outlet_of_host(place) or self._named.get(place)
