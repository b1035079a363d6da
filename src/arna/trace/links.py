"""Links of articles to outlets' pages, resolved to the article where it is held."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.compute as pc

from arna.text.urls import channel_of

if TYPE_CHECKING:
    from arna.terms import Space

LINKS = pa.schema(
    [
        ("article_id", pa.string()),
        ("begin", pa.int32()),
        ("end", pa.int32()),
        ("url", pa.string()),
        ("outlet", pa.string()),
        ("target_id", pa.string()),
    ]
)
"""A link, the outlet of the page it leads to (registered, or the held article's), and that article's id or null."""


def resolve_links(articles: pa.Table, space: Space) -> pa.Table:
    """Links that lead to a held article or a registered outlet, other than the article's own outlet.

    Args:
        articles: columns ``id``, ``url``, ``outlet``, ``links`` of all articles; addresses are normalised.
        space: for the domains of outlets.

    Returns:
        Rows of :data:`LINKS`; a span of -1 stands for a link whose place in the text is not known.
    """
    lists = articles["links"].combine_chunks()
    flat = lists.flatten()
    parents = pc.list_parent_indices(lists)
    urls = flat.field("url")
    target = pc.index_in(urls, value_set=articles["url"].combine_chunks())
    hosts = {url: _find_outlet(url, space) for url in pc.unique(urls).to_pylist() if url}
    ids, outlets = articles["id"].to_pylist(), articles["outlet"].to_pylist()
    rows = []
    for parent, link, at in zip(parents.to_pylist(), flat.to_pylist(), target.to_pylist(), strict=True):
        outlet = hosts.get(link["url"]) if at is None else outlets[at]
        if outlet is None or outlet == outlets[parent] or at == parent:
            continue
        begin, end = (link["begin"], link["end"]) if link["begin"] is not None else (-1, -1)
        rows.append((ids[parent], begin, end, link["url"], outlet, None if at is None else ids[at]))
    columns = zip(*rows, strict=True) if rows else [()] * len(LINKS)
    return pa.table([list(column) for column in columns], schema=LINKS)


def _find_outlet(url: str, space: Space) -> str | None:
    """The registered outlet a page or a Telegram channel belongs to."""
    channel = channel_of(url)
    if channel:
        return space.outlet_of_channel(channel)
    try:
        return space.outlet_of_host(urlsplit(url).hostname or "")
    except ValueError:
        return None
