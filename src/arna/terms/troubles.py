"""Why something could not be collected, in a few words that reports, health and status share."""

from __future__ import annotations

from typing import Final

BLOCKED, ROBOTS, GONE, UNREACHABLE, SERVER, FEED, TOO_LARGE, OFF_LIST, REDIRECTS, PRIVATE, DAMAGED, OTHER = (
    "blocked",
    "forbidden by robots.txt",
    "gone",
    "unreachable",
    "server errors",
    "no readable feed",
    "too large",
    "leads off the list",
    "redirects in a circle",
    "not a public address",
    "damaged feed",
    "broken answers",
)
"""Kinds of trouble with a request, as :func:`name_trouble` gives them."""

LAYOUT, SILENT, IDLE = "layout changed", "nothing new listed", "not collected"
"""Kinds of trouble with a day: pages came and held no text; feeds came and listed nothing; nobody asked."""

_FINE: Final = frozenset({"moved", "same", "left", "empty"})
_BY_CODE: Final = {
    "robots": ROBOTS,
    "dns": UNREACHABLE,
    "connect": UNREACHABLE,
    "timeout": UNREACHABLE,
    "tls": UNREACHABLE,
    "cut": UNREACHABLE,
    "no-feed": FEED,
    "too-large": TOO_LARGE,
    "off-list": OFF_LIST,
    "redirects": REDIRECTS,
    "private": PRIVATE,
    "gone": GONE,
    "http-404": GONE,
    "http-410": GONE,
    **dict.fromkeys(("http-401", "http-402", "http-403", "http-407", "http-429", "http-451"), BLOCKED),
}
_BY_RESULT: Final = {"blocked": BLOCKED, "gone": GONE}


def name_trouble(result: str, reason: str) -> str:
    """The kind of trouble a row of ``fetches`` tells of, or empty.

    Args:
        result: kept, unchanged, moved, refused, gone, blocked or failed.
        reason: begins with a code and a colon: ``connect: …``, ``http-503``.
    """
    code = reason.partition(":")[0].strip()
    if code == "damaged":
        return DAMAGED
    if result in {"kept", "unchanged", "moved"} or code in _FINE:
        return ""
    if code.startswith("http-5"):
        return SERVER
    return _BY_CODE.get(code) or _BY_RESULT.get(result, OTHER)
