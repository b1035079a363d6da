"""The page layouts of the demo's outlets: which outlet uses which, and how its pages tell their date."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from arna.terms import Outlet


@dataclass(frozen=True)
class Layout:
    """A page layout.

    Attributes:
        name: of its template in ``pages/``.
        dated: how its pages tell when an article appeared: ``exact`` (a machine-readable time with its zone), ``local``
            (a time in words, without a zone), ``day`` or ``none``.
        address: form of its articles' addresses: news, dated, page, or query.
        charset: of the bytes.
        header: whether the HTTP header names the charset; otherwise the page's meta element does.
    """

    name: str
    dated: str
    address: str
    charset: str = "utf-8"
    header: bool = True


SOURCES = (
    Layout("wire", "exact", "news"),
    Layout("portal", "exact", "page"),
    Layout("broadcast", "exact", "news", header=False),
    Layout("magazine", "exact", "dated"),
    Layout("breaks", "exact", "query"),
    Layout("microdata", "exact", "page", header=False),
)
"""Layouts of agencies, portals and stations: what others copy has an exact time."""

PAPERS = (
    Layout("tables", "local", "query", charset="windows-1251"),
    Layout("soup", "local", "page"),
    Layout("broken", "exact", "news"),
    Layout("future", "exact", "page"),
    Layout("undated", "none", "query"),
    Layout("blog", "day", "page", header=False),
    Layout("spans", "local", "news"),
    Layout("columns", "exact", "dated", header=False),
)
"""Layouts of newspapers."""

_CHOSEN = {
    "portal": ("bes-arna", "zhyl-qusy", "dala-zhanalyqtary", "suhodol", "qaldirgoch-xabarlari", "dnipro-ledger"),
    "magazine": ("aqbosaga", "saxaul-post", "dniprovi-visti", "almaly-express", "rosvestinform"),
    "breaks": ("syrmaq", "danube-freight-review", "akgus-tazelikleri", "chinor-axborot"),
}


def layout_of(outlet: Outlet) -> Layout:
    """The layout of an outlet's pages, the same for all of them."""
    number = zlib.crc32(outlet.id.encode())
    if outlet.kind == "newspaper" and outlet.reach < 3:
        return PAPERS[number % len(PAPERS)]
    by_kind = {"agency": "wire", "portal": "microdata"}.get(outlet.kind, "broadcast")
    chosen = next((name for name, outlets in _CHOSEN.items() if outlet.id in outlets), by_kind)
    return next(layout for layout in SOURCES if layout.name == chosen)
