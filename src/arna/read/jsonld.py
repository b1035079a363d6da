"""What a page says of itself in JSON-LD (schema.org), however it is nested or broken."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ARTICLE = re.compile(r"(?:Article|Posting|Report)$")
_PAGE_TYPES = frozenset({"WebPage", "ItemPage", "CreativeWork", "Review"})
_INSIDE = (
    "@graph",
    "mainEntity",
    "mainEntityOfPage",
)  # never itemListElement, comment, hasPart: other pages' facts
_WRAPPING = re.compile(r"<!--|-->|(?://|/\*)?\s*(?:<!\[CDATA\[|\]\]>)\s*(?:\*/)?")
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_LOST_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')
_LOST_HEADLINE = re.compile(r'"headline"\s*:\s*"((?:[^"\\\n]|\\.){3,300})"')
_LOST_AUTHOR = re.compile(r'"author"\s*:\s*\[?\s*\{[^{}]{0,200}?"name"\s*:\s*"([^"\\]{2,100})"')
_MAX_SCRIPT = 500_000  # characters; a longer one is data of an application, not a description of an article
_MAX_DEPTH = 6


@dataclass(frozen=True)
class Described:
    """An article as its page describes it; every value as written, entities resolved."""

    headline: str = ""
    published: str = ""
    authors: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()


def read_described(scripts: Sequence[str], urls: Sequence[str] = ()) -> Described:
    """The article described in a page's JSON-LD scripts.

    Of several articles (a list of related ones) the one whose address is in ``urls`` wins, then the first. What an
    article leaves out is taken from a ``WebPage`` beside it. A script that is not JSON is mended (comments, CDATA,
    trailing commas, raw line breaks, several values in a row); if it still is not, headline, date and author are
    searched in it as text.
    """
    nodes: list[dict[str, Any]] = []
    lost = Described()
    for script in scripts:
        if len(script) > _MAX_SCRIPT:
            continue
        values = _parse(script)
        if values is None:
            lost = lost if lost.published else _salvage(script)
        else:
            nodes.extend(_walk(values, 0))
    known = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    articles = [node for node in nodes if _is_article(node)]
    articles.sort(key=lambda node: not _is_at(node, urls))  # stable: the first of equals stays first
    pages = [node for node in nodes if _PAGE_TYPES.intersection(_types(node))]
    publishers = tuple(
        name
        for node in nodes
        for name in (
            *_names(node.get("publisher"), known),
            *(_names(node, known) if {"WebSite", "NewsMediaOrganization"}.intersection(_types(node)) else ()),
        )
    )
    best = articles[:1]
    return Described(
        headline=_first_text(best, "headline") or _first_text(best, "name") or lost.headline,
        published=_first_text([*best, *pages], "datePublished") or lost.published,
        authors=next((names for n in best if (names := _names(n.get("author"), known))), lost.authors),
        publishers=tuple(dict.fromkeys(publishers)),
    )


def _parse(script: str) -> list[Any] | None:
    try:
        return [json.loads(script, strict=False)]
    except (ValueError, RecursionError):
        pass
    mended = _TRAILING_COMMA.sub("", _WRAPPING.sub(" ", script)).strip().strip(";").strip()
    decoder = json.JSONDecoder(strict=False)
    values: list[Any] = []
    at = 0
    try:
        while at < len(mended):
            value, at = decoder.raw_decode(mended, at)
            values.append(value)
            while at < len(mended) and mended[at] in " \t\r\n;,":
                at += 1
    except (ValueError, RecursionError):
        return values or None
    return values


def _salvage(script: str) -> Described:
    date, headline, author = _LOST_DATE.search(script), _LOST_HEADLINE.search(script), _LOST_AUTHOR.search(script)
    return Described(
        headline=html.unescape(headline.group(1).replace('\\"', '"')) if headline else "",
        published=date.group(1) if date else "",
        authors=(html.unescape(author.group(1)),) if author else (),
    )


def _walk(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in _INSIDE:
            if isinstance(value.get(key), dict | list):
                yield from _walk(value[key], depth + 1)


def _types(node: dict[str, Any]) -> list[str]:
    kinds = node.get("@type")
    found = kinds if isinstance(kinds, list) else [kinds]
    return [kind.rpartition("/")[2] for kind in found if isinstance(kind, str)]


def _is_article(node: dict[str, Any]) -> bool:
    return any(_ARTICLE.search(kind) for kind in _types(node))


def _is_at(node: dict[str, Any], urls: Sequence[str]) -> bool:
    entity = node.get("mainEntityOfPage")
    places = [node.get("url"), node.get("@id"), entity.get("@id") if isinstance(entity, dict) else entity]
    return any(isinstance(place, str) and place.partition("#")[0] in urls for place in places)


def _first_text(nodes: Sequence[dict[str, Any]], key: str) -> str:
    for node in nodes:
        value = node.get(key)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, str) and value.strip():
            return html.unescape(value).strip()
    return ""


def _names(value: Any, known: dict[str, dict[str, Any]]) -> tuple[str, ...]:
    """Names of a person or organisation given as text, as an object, as a reference, or as a list of these."""
    items = value if isinstance(value, list) else [value]
    names: list[str] = []
    for item in items:
        if isinstance(item, dict) and "name" not in item:
            item = known.get(str(item.get("@id")), {})  # noqa: PLW2901 - the reference is what the item means
        name = item.get("name") if isinstance(item, dict) else item
        names.extend(part for part in (name if isinstance(name, list) else [name]) if isinstance(part, str))
    return tuple(html.unescape(name).strip() for name in names if name.strip())
