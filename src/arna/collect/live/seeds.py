"""Where a collection begins: the feeds and sitemaps the registry names, or else the home page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arna.collect.live.jobs import Job
from arna.collect.live.territory import origin_of, place_of
from arna.text.urls import normalise_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arna.collect.live.ledger import Ledger
    from arna.collect.live.territory import Territory
    from arna.terms import Outlet, Space

REGISTERED = "registry"
"""Parent of jobs that the registry names; those found on the way have the address they were found at."""


def find_home(outlet: Outlet) -> str:
    """An outlet's home page, by default the root of its first domain."""
    return normalise_url(outlet.home or f"https://{outlet.domains[0]}/") or ""


def list_seeds(outlet: Outlet) -> Iterator[Job]:
    """An outlet's first jobs."""
    named = [("feed", url) for url in outlet.feeds] + [("sitemap", url) for url in outlet.sitemaps]
    for kind, address in named or [("home", find_home(outlet))]:
        url = normalise_url(address)
        if url:
            yield Job(url, kind, outlet.id, place_of(url), parent=REGISTERED)


def plant_seeds(ledger: Ledger, space: Space, now: float) -> None:
    """Bring the ledger's feeds, sitemaps and home pages in line with the registry."""
    registered = set(space.outlets_by_id)
    for job in ledger.list_sources():
        if job.outlet not in registered:
            ledger.drop(job)
    for host in ledger.list_strange_hosts():
        owner = space.outlet_of_host(host)
        if owner:
            ledger.adopt_host(host, owner)
    for outlet in space.outlets:
        wanted = {(job.url, job.kind): job for job in list_seeds(outlet)}
        for job in ledger.list_jobs(outlet.id, ("home", "feed", "sitemap")):
            seeded = job.parent == REGISTERED
            if seeded and (job.url, job.kind) not in wanted:
                ledger.drop(job)
        ledger.add(wanted.values(), now)


def list_discovered(space: Space, job: Job, sitemaps: Sequence[str], territory: Territory) -> list[Job]:
    """Sitemaps that a robots.txt names, for an outlet whose feeds and sitemaps the registry does not."""
    outlet = space.outlets_by_id.get(job.outlet)
    if outlet is None or outlet.feeds or outlet.sitemaps:
        return []
    urls = (normalise_url(url) for url in sitemaps)
    return [
        Job(url, "sitemap", outlet.id, place_of(url), parent=origin_of(job.target))
        for url in urls
        if url and territory.owner_of(url) == outlet.id
    ]
