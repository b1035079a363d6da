"""The method page: ``docs/method.md``, shipped with the package, as HTML. Every number's "how?" leads to a heading."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext
from markdown_it import MarkdownIt

from arna.observatory.sheets import Sheet, show
from arna.observatory.visit import Visit, keep_snapshots

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_HERE = Path(__file__).parents[1]
_FRAME = '<div class="scroll" tabindex="0" role="group" aria-label="Table">'
_PLACES = (_HERE / "method.md", _HERE.parents[2] / "docs" / "method.md")
"""In an installed package, and beside the source."""


@dataclass(frozen=True)
class Heading:
    """A heading of the second order."""

    anchor: str
    title: str


def read_method(request: HttpRequest) -> HttpResponse:
    """The page."""
    visit = Visit(request, keep_snapshots(settings.ARNA_SPACE).take())
    body, headings = render_method()
    sheet = Sheet("method.html.j2", gettext("Method"), "method", {"body": body, "headings": headings})
    return show(visit, sheet)


@cache
def render_method() -> tuple[str, tuple[Heading, ...]]:
    """The text as HTML, and its headings; raw HTML in it stays text."""
    source = next(path for path in _PLACES if path.is_file()).read_text(encoding="utf-8")
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(source)
    headings: list[Heading] = []
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            anchor = slug(inline.content)
            opening.attrSet("id", anchor)
            if opening.tag == "h2":
                headings.append(Heading(anchor, inline.content))
        if opening.type in {"th_open", "td_open"} and "style" in opening.attrs:
            del opening.attrs["style"]  # no style inside a page; the sheet lines numbers up
    html: str = parser.renderer.render(tokens, parser.options, {})
    html = html.replace("<table>", f'{_FRAME}<table class="numbers">')
    html = html.replace("<th></th>", "<td></td>")  # a corner is no heading
    return html.replace("</table>", "</table></div>"), tuple(headings)


def slug(title: str) -> str:
    """A heading as an anchor: "Origin shares" is ``origin-shares``."""
    return re.sub(r"[^\w]+", "-", title.lower()).strip("-")
