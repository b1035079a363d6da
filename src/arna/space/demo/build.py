"""Builds the demo: the pages as a WARC file and the truth about them as a table beside it."""

from __future__ import annotations

import json
import random
import zlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from arna.space.demo.articles import Article, Paragraph, find_origins, find_spans
from arna.space.demo.extras import publish_extras
from arna.space.demo.layouts import layout_of
from arna.space.demo.pages import Printer
from arna.space.demo.plan import carry_events
from arna.space.demo.press import FIRST_DAY, Press
from arna.space.demo.records import Capture, write_records
from arna.space.demo.texts import LANGUAGES, load_texts
from arna.space.load import load_space

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from arna.terms import Space

_SEED = 20250922
_CUT = "▒"  # where a broken page breaks off; in no text


@dataclass(frozen=True)
class DemoFiles:
    """The demo's files and how many captures they hold."""

    pages: Path
    truth: Path
    count: int


@dataclass(frozen=True)
class Entry:
    """A capture and what is true of it: the article it holds, if any, its case, and what reading makes of it."""

    capture: Capture
    case: str
    outcome: str
    outlet: str
    article: Article | None = None


def build_demo(folder: Path) -> DemoFiles:
    """Write ``demo-pages.warc.gz`` and ``truth.jsonl`` into a folder, the same bytes every time.

    The truth has one JSON object a capture, in the order of the WARC: url, outlet, case, marks, lang, story, variant,
    title, published_at, dated (how the page tells its date: exact, local, day or none), fetched_at, layout, text,
    spans, credits, links, origins, origins_translated, outcome. ``text`` is the body as a reader should extract it;
    begin and end count its code points. A span names its source and its root (``root_url``: where a chain of copies
    ends) and whether its direction is forward or unclear. ``origins`` follows copies and credits within a language, and
    ``origins_translated`` translations too.

    Raises:
        OSError: the folder cannot be written.
    """
    press = write_press()
    entries = sorted(_make_entries(press), key=lambda entry: (entry.capture.fetched_at, entry.capture.url))
    folder.mkdir(parents=True, exist_ok=True)
    pages, truth = folder / "demo-pages.warc.gz", folder / "truth.jsonl"
    count = write_records(pages, (entry.capture for entry in entries))
    lines = (json.dumps(_tell_truth(entry, press), ensure_ascii=False) for entry in entries)
    truth.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
    return DemoFiles(pages, truth, count)


def load_demo_space() -> Space:
    """The demo's space: its outlets and topics."""
    with as_file(files("arna.space.templates") / "demo") as folder:
        return load_space(folder)


def write_press() -> Press:
    """Everything the demo's outlets published."""
    press = Press(load_demo_space(), load_texts(), random.Random(_SEED))  # noqa: S311  # a fixed story, no secret
    publish_extras(press, carry_events(press))
    return press


def _make_entries(press: Press) -> list[Entry]:
    printer = Printer(press)
    entries = {url: _capture_article(printer, press, article) for url, article in press.articles.items()}
    sources = {
        trail.source
        for article in press.articles.values()
        for paragraph in article.paragraphs
        for trail in paragraph.trails
    }
    leaves = [entry for url, entry in entries.items() if url not in sources and entry.case == "reprint-verbatim"]
    _break_pages(printer, press, entries, leaves)
    return [*entries.values(), *_repeat_pages(leaves), *_make_odd_pages(printer, press)]


def _capture_article(printer: Printer, press: Press, article: Article) -> Entry:
    layout = layout_of(press.space.outlets_by_id[article.outlet])
    kind = f"text/html; charset={layout.charset}" if layout.header else "text/html"
    delay = timedelta(minutes=120 + zlib.crc32(article.url.encode()) % 420)  # two to nine hours
    payload = printer.print_article(article)
    capture = Capture(article.url, article.published_at + delay, 200, kind, payload)
    return Entry(capture, article.case, "kept", article.outlet, article)


def _break_pages(printer: Printer, press: Press, entries: dict[str, Entry], leaves: list[Entry]) -> None:
    """Cut two pages short inside a tag: one after its second paragraph, one before its first."""
    fit = [entry for entry in leaves if entry.article and _layout_name(press, entry) in ("future", "columns")]
    for entry, keep in zip(fit[::3], (2, 0), strict=False):
        whole = entry.article
        if whole is None:
            continue
        shown = replace(whole, paragraphs=(*whole.paragraphs[:keep], Paragraph(_CUT)))
        page = printer.print_article(shown)
        place = page.index(_CUT.encode()) - 1 if keep else page.index(b"<title>") + 4
        capture = replace(entry.capture, payload=page[:place])
        if keep:
            # What it credited stood in what is cut off, unless an agency line opens it.
            named = whole.credits if whole.dateline else ()
            cut = replace(whole, paragraphs=whole.paragraphs[:keep], case="broken", credits=named)
            press.articles[whole.url] = cut
            entries[whole.url] = Entry(capture, "broken", "kept", whole.outlet, cut)
        else:
            del press.articles[whole.url]
            entries[whole.url] = Entry(capture, "broken", "dropped", whole.outlet)
        leaves.remove(entry)


def _layout_name(press: Press, entry: Entry) -> str:
    """Name of the layout of an entry's page."""
    return layout_of(press.space.outlets_by_id[entry.outlet]).name


def _repeat_pages(leaves: list[Entry]) -> Iterator[Entry]:
    """Capture some pages again: under the same address, and under one with a campaign in it."""
    for number, entry in enumerate(leaves[4:22:3]):
        url = entry.capture.url
        case = "duplicate"
        if number % 2:
            url += ("&" if "?" in url else "?") + "utm_source=channel&utm_medium=social"
            case = "duplicate-utm"
        later = entry.capture.fetched_at + timedelta(hours=7 + number)
        yield replace(entry, capture=replace(entry.capture, url=url, fetched_at=later), case=case, outcome="dropped")


def _make_odd_pages(printer: Printer, press: Press) -> Iterator[Entry]:
    """Captures that hold no article: front pages, a missing page, empty pages, files that are not pages."""
    html = "text/html; charset=utf-8"
    odd = (
        ("dala-zhanalyqtary", "kk", "", "section-front", 200, html),
        ("stepnoy-perekrestok", "ru", "news/", "section-front", 200, html),
        ("dniprovi-visti", "uk", "archive/404", "not-found", 404, html),
        ("anor24", "uz", "eski/1203", "not-found", 404, html),
        ("akgus-tazelikleri", "tk", "habar/77", "empty", 200, html),
        ("halley-marsh-report", "en", "page/2", "empty", 200, html),
        ("danube-freight-review", "en", "map.pdf", "not-html", 200, "application/pdf"),
        ("almaly-express", "ru", "img/1.jpg", "not-html", 200, "image/jpeg"),
    )
    bodies = {"empty": b"", "not-html": b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\n"}
    for number, (outlet_id, lang, path, case, status, kind) in enumerate(odd):
        outlet = press.space.outlets_by_id[outlet_id]
        if case == "section-front":
            body = printer.print_front(outlet, lang)
        elif case == "not-found":
            body = printer.print_missing(outlet, lang)
        else:
            body = b"\xff\xd8\xff\xe0" if kind == "image/jpeg" else bodies[case]
        at = datetime.combine(FIRST_DAY, time(11, 7), tzinfo=UTC) + timedelta(days=number * 3)
        capture = Capture(f"https://{outlet.domains[0]}/{path}", at, status, kind, body)
        yield Entry(capture, case, "dropped", outlet_id)


def _tell_truth(entry: Entry, press: Press) -> dict[str, Any]:
    article, capture = entry.article, entry.capture
    outlet = press.space.outlets_by_id[entry.outlet]
    told: dict[str, Any] = {"url": capture.url, "outlet": entry.outlet, "case": entry.case}
    about: Mapping[str, Any] = {
        "marks": [], "lang": "", "story": "", "variant": "", "title": "", "published_at": None, "dated": "none",
        "text": "", "spans": [], "credits": [], "links": [], "origins": {}, "origins_translated": {},
    }  # fmt: skip
    if article is not None:
        about = {
            "marks": list(article.marks),
            "lang": LANGUAGES[article.lang],
            "story": article.story,
            "variant": article.variant,
            "title": article.title,
            "published_at": _format_time(article.published_at),
            "dated": layout_of(outlet).dated,
            "text": article.text,
            "spans": find_spans(article, press.articles),
            "credits": list(article.credits),
            "links": article.links,
            "origins": find_origins(article, press.articles, press.space, translated=False),
            "origins_translated": find_origins(article, press.articles, press.space, translated=True),
        }
    rest = {"fetched_at": _format_time(capture.fetched_at), "layout": layout_of(outlet).name}
    return told | dict(about) | rest | {"outcome": entry.outcome}


def _format_time(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
