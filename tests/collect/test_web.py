"""The hostile web's own truths: what it says of itself must hold, or the tests of the collector prove nothing."""

from __future__ import annotations

import socket
import tomllib
from typing import TYPE_CHECKING

import pytest
from tests.collect.rounds import worst_pace
from tests.collect.web import (
    CANARY,
    LANGUAGES,
    NEEDS_LINUX,
    SUPPORTED,
    TROUBLES,
    UNLISTED,
    HostileWeb,
    Request,
    Site,
    clean,
    make_page,
    make_sites,
    make_text,
    write_space,
)

from arna.text.urls import normalise_url

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.skipif(not SUPPORTED, reason=NEEDS_LINUX), pytest.mark.allow_hosts(["127.0.0.0/8"])]


def ask(web: HostileWeb, address: str, target: str, head: str = "") -> bytes:
    """One request on a connection of its own; everything that comes back."""
    with socket.create_connection((address, web.port), timeout=5) as link:
        link.sendall(f"GET {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{head}\r\n".encode())
        parts = []
        while part := link.recv(65536):
            parts.append(part)
    return b"".join(parts)


def test_there_are_forty_hosts_and_every_fault_the_collector_is_to_survive():
    sites = make_sites()
    assert len(sites) >= 40
    assert len({site.name for site in sites}) == len(sites)
    assert {site.lang for site in sites} == set(LANGUAGES)
    for site in sites:
        assert not site.trouble or site.trouble in TROUBLES, site.name
        assert set(site.cannot.values()) <= set(TROUBLES), site.name
    assert {why for site in sites for why in (site.trouble, *site.cannot.values())} >= {
        "robots", "blocked", "gone", "large", "unreachable", "server", "off-list", "broken", "layout", "feed", "loop",
    }  # fmt: skip


def test_what_must_may_and_cannot_be_kept_are_told_apart():
    with HostileWeb(["rss-plain", "closed-part", "redirects", "garbage", "odd-addresses", "tracked-links"]) as web:
        must, refused = set(web.pages()) | set(web.pages().values()), set(web.refused())
        assert must
        assert refused
        assert must & refused == set()
        assert refused & web.allowed() == set()
        assert must <= web.allowed()
        for url in (*web.pages(), *web.pages().values(), *refused):
            assert normalise_url(url) == url  # or a row of the lake could never be told to be the same page


def test_a_page_that_must_be_kept_is_served_with_its_text():
    with HostileWeb(["rss-plain", "redirects"]) as web:
        for name in web.sites:
            site = web.sites[name]
            for path in site.must.values():
                answer = ask(web, site.address, path)
                assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
                assert all(part.encode() in answer for part in site.texts[path].paragraphs), path


def test_a_page_with_a_name_or_mark_of_its_own_is_the_same_page_for_the_log():
    assert clean("/news/1?utm_source=rss&utm_medium=feed") == "/news/1"
    assert clean("/index.php?id=7&lang=kk") != clean("/index.php?id=8&lang=kk")


def test_feeds_list_what_is_published_at_that_moment():
    with HostileWeb(["rss-plain"]) as web:
        site = web.sites["rss-plain"]
        before = ask(web, site.address, "/feed")
        assert before.count(b"<item>") == len(site.must)
        web.publish("rss-plain", "/news/late")
        after = ask(web, site.address, "/feed")
        assert site.base.encode() + b"/news/late" in after
        assert site.base.encode() + b"/news/late" not in before
        assert site.base + "/news/late" in web.pages()


def test_known_feeds_are_answered_without_a_body_until_something_is_new():
    with HostileWeb(["rss-plain"]) as web:
        site = web.sites["rss-plain"]
        lines = ask(web, site.address, "/feed").decode("utf-8").split("\r\n")
        tag = next(line.removeprefix("ETag: ") for line in lines if line.startswith("ETag: "))
        known = f"If-None-Match: {tag}\r\n"
        assert ask(web, site.address, "/feed", known).startswith(b"HTTP/1.1 304 ")
        web.publish("rss-plain", "/news/late")
        assert ask(web, site.address, "/feed", known).startswith(b"HTTP/1.1 200 ")


def test_the_log_knows_what_was_asked_and_what_arrived():
    with HostileWeb(["drops-once", "rss-plain"]) as web:
        site = web.sites["drops-once"]
        assert b"</html>" not in ask(web, site.address, "/news/1")
        assert b"</html>" in ask(web, site.address, "/news/1")
        broken, whole = web.requests("drops-once", "/news/1")
        assert (broken.status, broken.finished) == (200, False)
        assert (whole.status, whole.finished) == (200, True)
        assert broken.ended <= whole.at
        assert web.requests("rss-plain") == []


def test_whoever_contacts_what_nobody_may_is_seen():
    with HostileWeb(["rss-plain"]) as web:
        assert web.strangers() == []
        ask(web, CANARY, "/trap")
        socket.create_connection((UNLISTED, web.port), timeout=5).close()
        ask(web, web.sites["rss-plain"].address, "/feed")
        assert web.strangers() == sorted([CANARY, UNLISTED])


def test_a_dark_host_refuses_and_the_others_do_not():
    with HostileWeb(["goes-dark", "rss-plain", "never-there"]) as web:
        dark, light = web.sites["goes-dark"].address, web.sites["rss-plain"].address
        web.darken("goes-dark")
        for address in (dark, web.sites["never-there"].address):
            with pytest.raises(ConnectionRefusedError):
                ask(web, address, "/feed")
        assert ask(web, light, "/feed").startswith(b"HTTP/1.1 200 OK")
        web.light("goes-dark")
        assert ask(web, dark, "/feed").startswith(b"HTTP/1.1 200 OK")


def test_the_pace_is_measured_over_spans_of_any_length():
    def asked(*times: float) -> list[Request]:
        return [Request(at, "127.0.1.1", "GET", "/", {}) for at in times]

    assert worst_pace(asked(0, 1, 2, 3), 1.0) == 0
    assert worst_pace(asked(0, 1, 1.5, 3), 1.0) == pytest.approx(-0.5)
    assert worst_pace(asked(0, 0.9, 1.8, 2.7), 1.0) == pytest.approx(-0.3)  # a little too soon every time adds up
    assert worst_pace(asked(0), 1.0) == 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_texts_are_the_same_for_the_same_seed_and_no_two_are_alike(lang: str):
    texts = [make_text(lang, f"page {number}") for number in range(200)]
    assert texts[:20] == [make_text(lang, f"page {number}") for number in range(20)]
    assert len({text.paragraphs for text in texts}) == len(texts)
    for text in texts:
        assert not any("{" in part or "}" in part for part in (text.title, *text.paragraphs))
        assert text.paragraphs[0] in make_page(text, "2026-01-01T00:00:00+00:00").decode()


def test_its_space_names_every_host_with_its_feeds_and_no_other(tmp_path: Path):
    with HostileWeb() as web:
        folder = write_space(tmp_path, web)
        written = tomllib.loads((folder / "outlets" / "web.toml").read_text("utf-8"))["outlet"]
        domains = {domain for outlet in written for domain in outlet["domains"]}
        assert domains == {site.address for site in web.sites.values()}
        assert not domains & {CANARY, UNLISTED}
        for outlet in written:
            site = web.sites[outlet["id"]]
            assert outlet.get("feeds", []) == [site.base + path for path in site.feeds]


def test_a_host_that_is_not_known_is_an_error_and_not_silence():
    with pytest.raises(ValueError, match="no host"):
        HostileWeb(["rss-plian"])
    assert Site("x", "kk").pages(2).must.keys() == {"/news/1", "/news/2"}
