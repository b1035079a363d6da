"""From the markup of one page, and what its outlet repeats, to the draft of an article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arna.read.drafts import Draft, DraftLink, Verdict
from arna.read.extract import Furniture, extract_body, list_block_texts, parse_page
from arna.read.metadata import read_metadata
from arna.read.urls import resolve_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arna.read.drafts import PageRow
    from arna.read.extract import Extraction
    from arna.terms import Space

MIN_WORDS: Final = 20
"""Words of body an article has at least. Set on SIB-200: of two sentences in a row, the shortest news there is,
95 % and more have 22 words in each of the eight languages; error pages and captions stay below."""


def learn_furniture(markups: Iterable[str]) -> Furniture:
    """Learns what an outlet repeats from the markup of a sample of its pages."""
    return Furniture.learn([list_block_texts(parse_page(markup)) for markup in markups])


def read_article(page: PageRow, markup: str, space: Space, furniture: Furniture | None) -> Draft | Verdict:
    """Reads one page: metadata from the whole of it, text from its body.

    Returns:
        A draft, or ``no-article-text`` or ``too-short`` as the reason there is none.
    """
    tree = parse_page(markup)
    body = extract_body(tree, furniture)
    if furniture is not None and body is None:  # pages that differ in a figure only, such as a daily rate
        body = extract_body(tree)
    if body is None or not body.text:
        return Verdict("dropped", "no-article-text")
    words = len(body.text.split())
    if words < MIN_WORDS:
        return Verdict("dropped", f"too-short: {words} words")
    said = read_metadata(tree, page.url, page.outlet, page.fetched_at, space)
    return Draft(
        document_id=page.id,
        url=said.url,
        outlet=page.outlet,
        fetched_at=page.fetched_at,
        title=said.title,
        author=said.author,
        published_at=said.published_at,
        published_from=said.published_from,
        text=body.text,
        links=tuple(_resolve_links(body, said.base)),
    )


def _resolve_links(body: Extraction, base: str) -> Iterator[DraftLink]:
    for link in body.links:
        url = resolve_url(base, link.url)
        if url is not None:
            yield DraftLink(url, link.begin, link.end)
