"""Which pages hold text to read, and that text; every page ends in an article's draft or a verdict."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

from arna.read.drafts import Verdict
from arna.text.charset import decode_page

if TYPE_CHECKING:
    from arna.read.drafts import PageRow

MAX_PAGE_BYTES: Final = 10_000_000
"""Size from which a page is not read. Pages of news stay below 3 MB with all their scripts; a larger one is data,
and its tree would take 15 times its size of memory."""

_HTML: Final = frozenset({"text/html", "application/xhtml+xml", "application/html", "text/xhtml"})
_UNSURE: Final = frozenset({"", "application/octet-stream", "text/plain", "application/xml", "text/xml", "unknown"})
_LOOKS_HTML: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body|frameset|meta\s|title|div|p)\b", re.IGNORECASE)
# Beginnings of files that servers send as text/html by mistake.
_MAGIC: Final = (
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"%PDF", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"RIFF", "audio or video"),
    (b"\x00\x00\x00", "video"),
)
# HTML 5 asks a parser to search the open elements for a <p> at every block element: time grows with the square of
# their depth (20,000 deep: 0.6 s to 5 s, 200,000: minutes). Real pages nest 40 deep; browsers stop at 512.
_MAX_DEPTH: Final = 2_000
_MANY_TAGS: Final = 2 * _MAX_DEPTH
_BLOCK_TAG: Final = re.compile(
    r"<(/?)(?:div|section|article|ul|ol|dl|blockquote|center|main|header|footer|aside|nav|figure|fieldset|details"
    r"|address|menu|form|pre|dir|summary|hgroup|search)\b",
    re.IGNORECASE,
)
# Control characters no text has (as in the MIME Sniffing Standard, "binary data byte"). What was never text, or is
# still compressed, is one tenth of them; 808 pages have none.
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_MOST_CONTROLS: Final = 0.03
_SNIFFED: Final = 4096  # characters
# A problem the caller wrote as a reason of ours: a word with hyphens, then a colon or nothing.
_REASON: Final = re.compile(r"[a-z]+(?:-[a-z]+)+(?::.*)?", re.DOTALL)
_DROPPED: Final = ("too-large",)


def refuse(page: PageRow, payload: bytes | None, problem: str | None) -> Verdict | None:
    """The verdict on a page that cannot be read or is not to be, before its bytes are looked at as text."""
    if problem:
        reason = problem if _REASON.fullmatch(problem) else f"broken: {problem}"
        return Verdict("dropped" if reason.startswith(_DROPPED) else "failed", reason)
    if page.status and not 200 <= page.status <= 203:
        return Verdict("dropped", f"http-status: {page.status}")
    if page.fetched_at is None:
        return Verdict("failed", "broken: the time of fetching is missing")
    if payload is None:
        return Verdict("failed", "broken: the page has no payload")
    if len(payload) > MAX_PAGE_BYTES:
        return Verdict("dropped", too_large(len(payload)))
    return Verdict("dropped", "empty-page") if not payload.strip() else None


def too_large(size: int, limit: int = MAX_PAGE_BYTES) -> str:
    """The reason of a page of ``size`` bytes: ``too-large: 200 MB, the limit is 10 MB``."""
    return f"too-large: {math.ceil(size / 1e5) / 10:g} MB, the limit is {limit / 1e6:g} MB"


def read_markup(page: PageRow, payload: bytes) -> str | Verdict:
    """A page's markup as text, or the verdict ``not-html`` with what it is instead."""
    mime, _, parameters = page.mime.partition(";")
    mime = mime.strip()
    start = payload[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, kind in _MAGIC:
        if start.startswith(magic):
            return Verdict("dropped", f"not-html: {kind}")
    if mime not in _HTML and not (mime in _UNSURE and _LOOKS_HTML.search(payload[:4096])):
        return Verdict("dropped", f"not-html: {mime or 'unknown'}")
    declared = page.charset or _charset_of(parameters)
    text = decode_page(payload, declared).text
    if not text.strip("\ufeff\x00 \t\r\n"):
        return Verdict("dropped", "empty-page")
    if len(_CONTROLS.findall(text, 0, _SNIFFED)) > _MOST_CONTROLS * min(len(text), _SNIFFED):
        return Verdict("dropped", "not-html: binary data")
    depth = _nesting(text)
    if depth > _MAX_DEPTH:
        return Verdict("failed", f"broken: nested {depth} deep, the limit is {_MAX_DEPTH}")
    return text


def _nesting(markup: str) -> int:
    """How deep elements nest that a parser looks through at every new one; 0 for pages too small to matter."""
    if markup.count("<") < _MANY_TAGS:
        return 0
    depth = deepest = 0
    for tag in _BLOCK_TAG.finditer(markup):
        depth = max(depth - 1, 0) if tag.group(1) else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _charset_of(parameters: str) -> str | None:
    found = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", parameters, re.IGNORECASE)
    return found.group(1) if found else None
