"""Addresses as pages use them: links resolved, and which site an address belongs to."""

from __future__ import annotations

from urllib.parse import urljoin

from arna.text.urls import host_of, normalise_url

# Names under which a country registers others, beside its two letters (from the registries of the countries whose
# outlets spaces name most; a name that is missing makes two sites look like one, which only widens `same_site`).
_SECOND_LEVEL_NAMES = (
    "com co org net gov gob govt edu ac or ne go in biz info press media tv mil gv nom web "
    "kiev kyiv lviv lvov odessa odesa kharkov kharkiv dnipro dp zp donetsk lugansk crimea cn ck cv if ks km kr "
    "mk mykolaiv pl rv sm sumy te vn volyn zt uz msk spb nov"
)
_SECOND_LEVEL = frozenset(_SECOND_LEVEL_NAMES.split())


def resolve_url(base: str, href: str) -> str | None:
    """``href`` as written on the page at ``base``, absolute and normalised; None for ``mailto:``, ``#top``."""
    target = href.strip()
    if not target or target.startswith("#"):
        return None
    try:
        return normalise_url(urljoin(base, target))
    except ValueError:
        return None


def registrable_domain(host: str) -> str:
    """The part of a host name somebody registered: ``gazeta.com.ua`` of ``kk.gazeta.com.ua``.

    By the form of the name, without the public suffix list: two labels, or three when the last is a country's and
    the one before it a name that country registers under.
    """
    labels = host.lower().rstrip(".").split(".")
    if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL:
        return ".".join(labels[-3:])
    return ".".join(labels[-2:])


def same_site(first: str, second: str) -> bool:
    """Whether two URLs belong to one registrable domain."""
    one, other = host_of(first), host_of(second)
    return bool(one) and registrable_domain(one) == registrable_domain(other)
