"""Rounds after the first: only what is due, only what changed, and nothing lost while a host was away."""

from __future__ import annotations

import json
import time
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from tests.collect.rounds import (
    CLOCK,
    Running,
    Settings,
    answered,
    collect,
    let_a_day_pass,
    make_even_sites,
    pages_kept,
    read_warc,
    rows_of,
    says,
    status_of,
    wait_until,
    warcs_of,
    worst_pace,
)
from tests.collect.web import NEEDS_LINUX, SUPPORTED, HostileWeb, write_space

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(not SUPPORTED, reason=NEEDS_LINUX)

OFTEN = Settings(interval=0.02)
"""Feeds are due again after 1.2 seconds."""


def kept_of(web: HostileWeb, folder: Path) -> set[str]:
    finals = web.pages()
    return {finals.get(row["url"], row["url"]) for row in pages_kept(folder)}


def test_a_second_round_at_once_asks_for_nothing(tmp_path: Path):
    with HostileWeb(["rss-plain", "news-sitemap", "found-at-home", "found-in-robots", "redirects"]) as web:
        folder = write_space(tmp_path, web)
        collect(folder)
        assert kept_of(web, folder) == set(web.pages().values())
        web.forget()
        collect(folder)
        assert [(request.host, request.target) for request in web.log] == []


def test_feeds_are_asked_with_what_is_known_of_them(tmp_path: Path):
    with HostileWeb(["rss-plain", "atom-plain", "same-body", "goes-dark"]) as web:
        folder = write_space(tmp_path, web)
        collect(folder, settings=OFTEN)
        web.publish("goes-dark", "/news/new")
        web.publish("atom-plain", "/news/new")
        web.forget()
        time.sleep(60 * OFTEN.interval)
        collect(folder, settings=OFTEN)
        for name, path, statuses in (
            ("rss-plain", "/feed", [304]),
            ("atom-plain", "/atom.xml", [200]),
            ("same-body", "/feed", [200]),
            ("goes-dark", "/feed", [200]),
        ):
            asked = web.requests(name, path)
            assert [request.status for request in asked] == statuses, name
            known = {"if-none-match", "if-modified-since"} & set(asked[0].headers)
            assert bool(known) == (name in ("rss-plain", "atom-plain")), name
        pages = [target for _, target in answered(web.log) if target.startswith("/news/")]
        assert pages == ["/news/new"] * 2
        records = [record for path in warcs_of(folder) for record in read_warc(path)]
        unchanged = {record.url: record.headers for record in records if record.kind == "revisit"}
        assert set(unchanged) == {web.sites[name].base + "/feed" for name in ("rss-plain", "same-body")}
        profiles = [unchanged[web.sites[name].base + "/feed"]["warc-profile"] for name in ("rss-plain", "same-body")]
        assert [profile.rpartition("/")[2] for profile in profiles] == [
            "server-not-modified",
            "identical-payload-digest",
        ]
        originals = {(r.url, r.headers["warc-payload-digest"]) for r in records if r.kind == "response"}
        assert (
            web.sites["same-body"].base + "/feed",
            unchanged[web.sites["same-body"].base + "/feed"]["warc-payload-digest"],
        ) in originals


def test_a_feed_is_never_asked_within_its_interval(tmp_path: Path):
    settings = Settings(interval=0.05)
    with HostileWeb(["rss-plain", "sitemap-index", "json-feed"]) as web:
        folder = write_space(tmp_path, web)
        until = time.monotonic() + 6
        while time.monotonic() < until:
            collect(folder, settings=settings)
        asked = {}
        for request in web.log:
            asked.setdefault((request.host, request.path), []).append(request.at)
        for (host, path), times in asked.items():
            if path.startswith("/news/"):
                assert len(times) == 1
            elif path in ("/feed", "/feed.json", "/sitemap.xml"):
                gaps = [b - a for a, b in pairwise(times)]
                assert gaps, (host, path)
                assert min(gaps) >= 60 * settings.interval - CLOCK, (host, path)


def test_a_host_that_was_dark_for_a_day_loses_nothing(tmp_path: Path):
    with HostileWeb(["goes-dark", "rss-plain"]) as web:
        folder = write_space(tmp_path, web)
        collect(folder)
        assert not says("unreachable", status_of(folder, "goes-dark"))
        web.darken("goes-dark")
        web.publish("goes-dark", "/news/4")
        web.publish("rss-plain", "/news/7")
        let_a_day_pass(folder)
        collect(folder)
        assert web.sites["rss-plain"].base + "/news/7" in kept_of(web, folder)  # the others go on
        assert says("unreachable", status_of(folder, "goes-dark"))
        web.publish("goes-dark", "/news/5")
        web.light("goes-dark")
        let_a_day_pass(folder)
        collect(folder)
        assert kept_of(web, folder) == set(web.pages().values())
        pages = [target for target in answered(web.log) if target[1].startswith("/news/")]
        assert len(pages) == len(set(pages))
        assert not says("unreachable", status_of(folder, "goes-dark"))


def test_the_pace_holds_for_retries_redirects_and_broken_connections(tmp_path: Path):
    """A pace that is long against what clocks and busy machines may add."""
    settings = Settings(pace=0.25)
    with HostileWeb(["heals", "drops-once", "redirects", "closing", "moved-feed"]) as web:
        folder = write_space(tmp_path, web)
        collect(folder, settings=settings)
        assert kept_of(web, folder) == set(web.pages().values())
        for name in web.sites:
            requests = web.requests(name)
            assert len(requests) > 4
            assert worst_pace(requests, settings.pace) > -CLOCK, name


def test_only_the_outlets_asked_for_are_contacted(tmp_path: Path):
    with HostileWeb(["rss-plain", "atom-plain", "json-feed"]) as web:
        folder = write_space(tmp_path, web)
        collect(folder, "--outlet", "atom-plain", "--outlet", "json-feed")
        assert {web.site_of(request.host).name for request in web.log} == {"atom-plain", "json-feed"}


def test_addresses_of_this_machine_are_refused_unless_a_setting_names_them(tmp_path: Path):
    with HostileWeb(["rss-plain"]) as web:
        folder = write_space(tmp_path, web)
        for allowed in ("", "127.0.9.0/24"):
            with Running(folder, settings=Settings(more={"ARNA_COLLECT_ALLOW": allowed})) as running:
                ended = running.wait()
            assert "Traceback" not in ended.err
            assert web.wire.contacts == []
        assert says("private", status_of(folder, "rss-plain"))


def test_every_goes_on_until_it_is_asked_to_end(tmp_path: Path):
    with HostileWeb(["rss-plain", "atom-plain", "slow-page"]) as web:
        folder = write_space(tmp_path, web)
        with Running(folder, "--every", "1s", "--json", settings=Settings(interval=0.02)) as running:
            wait_until(lambda: len(web.requests("rss-plain", "/feed")) > 2)
            web.publish("atom-plain", "/news/late")
            wait_until(lambda: bool(web.requests("atom-plain", "/news/late")))
            wait_until(lambda: bool(web.requests("slow-page", "/news/drip")))
            running.terminate()
            ended = running.wait(30)
        assert ended.code == 0, ended.err
        assert "Traceback" not in ended.err
        urls = {row["url"] for row in pages_kept(folder)}
        assert {url for url in web.pages() if web.sites["slow-page"].base not in url} <= urls
        assert all(record.sound for path in warcs_of(folder) for record in read_warc(path))
        assert {row["kind"] for row in rows_of(folder, "fetches")} >= {"page", "feed", "robots"}


def test_a_second_collector_says_so_and_ends(tmp_path: Path):
    with HostileWeb(sites=make_even_sites(3, 60)) as web:
        folder = write_space(tmp_path, web)
        with Running(folder, "--every", "15m") as first:
            wait_until(lambda: len(web.log) > 2)
            with Running(folder) as second:
                ended = second.wait()
            assert ended.code == 1
            [line] = ended.err.splitlines()
            assert line.startswith("arna: ")
            assert "another" in line
            assert json.loads(status_of(folder, "even-0"))  # looking is free
            first.terminate()
            assert first.wait().code == 0
