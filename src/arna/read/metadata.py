"""What a page says of its article: title, byline, time, address."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from arna.read.bylines import find_author, fold_name
from arna.read.jsonld import Described, read_described
from arna.read.marks import Marks, gather_marks, one_line, text_of
from arna.read.published import find_published, zone_of_country
from arna.read.urls import registrable_domain, resolve_url, same_site
from arna.text.urls import host_of, normalise_url

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from arna.terms import Space

_TITLE_META: Final = ("og:title", "twitter:title", "dc.title", "citation_title", "sailthru.title", "parsely-title")
_SITE_META: Final = ("og:site_name", "application-name", "apple-mobile-web-app-title", "publisher", "dc.publisher")
# What parts a headline from the site's name. Those without a dash among them hardly occur in headlines.
_PART: Final = re.compile(r"\s+(?:[|•·»«/\\]|::|[-–—−])\s+|\s*\|\s*|\s*::\s*")
_SURE_PARTS: Final = frozenset({"|", "::", "•", "·", "»", "«"})
_AGREES: Final = 0.6  # share of words in common; a rewritten headline keeps more, another article's has under .3
_HEADINGS: Final = "[itemprop~=headline],h2,h3,h4,[class*=title],[class*=headline]"
_MAX_HEADINGS: Final = 60
_MAX_TITLE: Final = 400
_SITE_WORDS: Final = 4  # a site's name and slogan after a bar; longer parts are text


@dataclass(frozen=True)
class Metadata:
    """What a page says of its article.

    ``published_from`` tells where the time is from: json-ld, meta, time, url, text, fetched (see
    ``arna.read.published``). ``url`` is normalised; ``base`` is what relative links resolve against.
    """

    title: str | None
    author: str | None
    published_at: datetime
    published_from: str
    url: str
    base: str


def read_metadata(tree: LexborHTMLParser, url: str, outlet: str, fetched_at: datetime, space: Space) -> Metadata:
    """Reads a parsed page's metadata in one query over its markup; the tree is not changed.

    Args:
        tree: the page.
        url: the address it was fetched from.
        outlet: id of its outlet, registered in the space or not.
        fetched_at: when it was fetched, in UTC.
        space: the space, for the outlet's names and domains.
    """
    marks = gather_marks(tree)
    own = normalise_url(url) or url
    base = resolve_url(own, marks.base) if marks.base else None
    address = find_address(marks, own, outlet, space)
    described = read_described(marks.scripts, (url, own, address))
    house = _house_names(marks, described, own, outlet, space)
    title, heading = find_title(described, marks, house)
    if title and heading is None:
        heading = find_heading(tree, title)
    registered = space.outlets_by_id.get(outlet)
    zone = zone_of_country(registered.country if registered else "")
    published = find_published(described.published, marks, heading, own, fetched_at, zone)
    return Metadata(
        title=title,
        author=find_author(described, marks, house),
        published_at=published.at,
        published_from=published.source,
        url=address,
        base=base or own,
    )


def find_address(marks: Marks, own: str, outlet: str, space: Space) -> str:
    """The page's canonical address, normalised.

    ``rel=canonical``, then ``og:url``, if it lies on the same registrable domain or belongs to the page's outlet,
    and does not name the front page while the page is another; else the page's own.
    """
    for said in (marks.canonical, marks.meta.get("og:url", "")):
        address = resolve_url(own, said) if said else None
        if address is None:
            continue
        is_ours = same_site(address, own) or space.outlet_of_host(host_of(address)) == outlet
        if is_ours and (_has_place(address) or not _has_place(own)):
            return address
    return own


def _has_place(url: str) -> bool:
    parts = urlsplit(url)
    return bool(parts.path.strip("/") or parts.query)


def find_title(
    described: Described, marks: Marks, house_names: Collection[str]
) -> tuple[str | None, LexborNode | None]:
    """The headline and the element that shows it, either of them None where there is none.

    An ``<h1>`` that agrees with what the head says (og:title, JSON-LD headline, ``<title>``) wins: it is what
    readers see, whole and without the site's name. Next what the head says, the site's name cut; last an
    ``<h1>`` alone.
    """
    said = [described.headline, *(marks.meta.get(key, "") for key in _TITLE_META), marks.page_title]
    plain = dict.fromkeys(text for title in said if (text := _plain(title)))
    titles = [title for text in plain if (title := cut_site_name(text, house_names))]
    shown = [(text, node) for node in marks.headings[:10] if (text := _plain(text_of(node)))]
    shown = [(text, node) for text, node in shown if fold_name(text) not in house_names]
    for text, node in shown:
        if any(_agree(text, title) for title in titles):
            return text, node
    if titles and not (shown and fold_name(titles[0]) in house_names):
        return titles[0], None
    return shown[0] if shown else (None, None)


def find_heading(tree: LexborHTMLParser, title: str) -> LexborNode | None:
    """The element that shows a title where no ``<h1>`` does: another heading, or one whose class says title."""
    for node in tree.css(_HEADINGS)[:_MAX_HEADINGS]:
        if node.tag not in {"title", "meta", "html", "body"} and _agree(text_of(node), title):
            return node
    return None


def cut_site_name(title: str, house_names: Collection[str]) -> str:
    """A title without the site's name before or after it.

    A part set off by a dash goes only if it is a known name of the house (headlines have dashes); the last part
    after a bar or its like also if it is short.
    """
    for _ in range(3):
        parts = list(_PART.finditer(title))
        if not parts:
            break
        first, last = title[: parts[0].start()], title[parts[-1].end() :]
        if _is_house(last, house_names) or (
            parts[-1].group().strip() in _SURE_PARTS
            and len(last.split()) <= _SITE_WORDS < len(title[: parts[-1].start()].split())
        ):
            title = title[: parts[-1].start()].strip()
        elif _is_house(first, house_names):
            title = title[parts[0].end() :].strip()
        else:
            break
    return title


def _is_house(part: str, house_names: Collection[str]) -> bool:
    return fold_name(part) in house_names


def _plain(text: str) -> str:
    """A title as text: entities resolved once more (pages often escape them twice), on one line."""
    return one_line(html.unescape(text[: 2 * _MAX_TITLE]))[:_MAX_TITLE] if text else ""


def _agree(one: str, other: str) -> bool:
    first, second = one.casefold().split(), other.casefold().split()
    if not first or not second:
        return False
    if one.casefold() in other.casefold() and (len(first) >= 3 or _PART.split(other)[0] == one):
        return True
    common = len(set(first) & set(second))
    return common >= _AGREES * max(len(set(first)), len(set(second)))


def _house_names(marks: Marks, described: Described, url: str, outlet: str, space: Space) -> frozenset[str]:
    """Folded names by which the page's site and outlet go."""
    host = host_of(url)
    domain = registrable_domain(host)
    names = [*(marks.meta.get(key, "") for key in _SITE_META), *described.publishers]
    names += [host, f"www.{host}", domain, domain.partition(".")[0], outlet]
    registered = space.outlets_by_id.get(outlet)
    if registered:
        names += [registered.name, *registered.domains]
        names += [name for group in registered.names.values() for name in group]
    return frozenset(folded for name in names if (folded := fold_name(name)))
