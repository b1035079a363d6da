"""A sheet is what a view found: a page, and the same as rows and as a picture. Here it becomes an answer."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import wraps
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from arna import __version__
from arna.air.report_words import show_day
from arna.observatory.drawing import rasterise
from arna.observatory.visit import Visit, keep_snapshots
from arna.store.export import list_rows, write_lines, write_parquet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest

ROWS = ("csv", "json", "parquet")
PICTURES = ("svg", "png")

LONG = 200
"""Letters of a title in a citation at the most."""

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "svg": "image/svg+xml; charset=utf-8",
    "png": "image/png",
}


@dataclass(frozen=True)
class Sheet:
    """What a view found.

    Attributes:
        template: of the page.
        title: of the page, in the reader's language.
        name: of files that are downloaded, without their ending.
        context: what the template shows.
        rows: gives the rows behind the page; None where a page has none.
        picture: gives the page's picture as an SVG file of its own; None where it has none.
        how: heading of the method page that explains the numbers.
    """

    template: str
    title: str
    name: str
    context: Mapping[str, Any] = field(default_factory=dict)
    rows: Callable[[], pa.Table] | None = None
    picture: Callable[[], str] | None = None
    how: str = ""


def page(view: Callable[..., Sheet | HttpResponse]) -> Callable[..., HttpResponse]:
    """Make a view of Django of a function from a visit to a sheet; ``form`` in the address asks for a file."""

    @wraps(view)
    def answer(request: HttpRequest, form: str = "", **named: str) -> HttpResponse:
        visit = Visit(request, keep_snapshots(settings.ARNA_SPACE).take())
        sheet = view(visit, **named)
        if isinstance(sheet, HttpResponse):
            return sheet
        if form in ROWS and sheet.rows:
            return send_rows(sheet, form)
        if form in PICTURES and sheet.picture:
            return send_picture(sheet, form)
        if form:
            raise Http404
        return show(visit, sheet)

    return answer


def show(visit: Visit, sheet: Sheet, status: int = 200) -> HttpResponse:
    """A sheet as a page."""
    context = {
        "visit": visit,
        "space": visit.space,
        "filters": visit.filters,
        "sheet": sheet,
        "tongues": settings.LANGUAGES,
        "citation": cite(visit, sheet),
        "permalink": locate(visit),
        **sheet.context,
    }
    return render(visit.request, sheet.template, context, status=status)


def number_page(visit: Visit, count: int, size: int) -> dict[str, int]:
    """The number of the page that is asked for of a list, and of its last one."""
    asked = visit.request.GET.get("page", "")
    last = max(1, -(-count // size))
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    return {"number": min(max(1, number), last), "last": last}


def cite(visit: Visit, sheet: Sheet) -> str:
    """A line to cite a page by: what, of which data, with what, when, where."""
    return gettext("%(space)s: %(page)s. Arna %(version)s, data %(data)s, seen %(day)s. %(address)s") % {
        "space": visit.title,
        "page": sheet.title if len(sheet.title) <= LONG else sheet.title[:LONG] + "…",
        "version": __version__,
        "data": name_version(visit),
        "day": show_day(datetime.now(UTC).date()),
        "address": locate(visit),
    }


def locate(visit: Visit) -> str:
    """Address that shows the page again, also where one of its files was asked for."""
    path, query = visit.request.path, visit.request.META.get("QUERY_STRING", "")
    page_path = path if path.endswith("/") else path.rpartition("/")[0] + "/"
    return visit.request.build_absolute_uri(f"{page_path}?{query}" if query else page_path)


def name_version(visit: Visit) -> str:
    """Eight letters that change with the lake and the space's description."""
    return sha256(repr(visit.snapshot.version).encode()).hexdigest()[:8]


def send_rows(sheet: Sheet, form: str) -> HttpResponse:
    """The rows of a sheet as a file; numbers are not rounded."""
    assert sheet.rows is not None  # noqa: S101  # the caller asked
    rows = sheet.rows()
    if form == "parquet":
        stream = io.BytesIO()
        write_parquet(rows, stream)
        return _attach(stream.getvalue(), sheet, form)
    if form == "json":
        return _attach(json.dumps(list(list_rows(rows)), ensure_ascii=False).encode(), sheet, form)
    lines: list[str] = []
    write_lines(disarm(rows), "csv", lines.append)
    return _attach("".join(lines).encode(), sheet, form)


def disarm(rows: pa.Table) -> pa.Table:
    """Rows for a spreadsheet: an apostrophe before each text that it would take for a formula (OWASP, CSV injection).

    Numbers stay as they are; JSON and Parquet hold texts without a change.
    """
    for place, field_ in enumerate(rows.schema):
        if pa.types.is_string(field_.type) or pa.types.is_large_string(field_.type):
            armed = pc.replace_substring_regex(rows.column(place), r"\A([=+\-@\t\r\n＝＋－＠])", r"'\1")
            rows = rows.set_column(place, field_, armed)
    return rows


def send_picture(sheet: Sheet, form: str) -> HttpResponse:
    """The picture of a sheet as a file."""
    assert sheet.picture is not None  # noqa: S101  # the caller asked
    drawn = sheet.picture()
    return _attach(rasterise(drawn) if form == "png" else drawn.encode(), sheet, form)


def _attach(content: bytes, sheet: Sheet, form: str) -> HttpResponse:
    response = HttpResponse(content, content_type=_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{sheet.name}.{form}"'
    return response
