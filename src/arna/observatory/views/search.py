"""Search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext

from arna.observatory.sheets import Sheet, page

if TYPE_CHECKING:
    from arna.observatory.visit import Visit


@page
def find(visit: Visit) -> Sheet:
    """Articles that hold the words asked for."""
    return Sheet("search.html.j2", gettext("Search"), "search")
