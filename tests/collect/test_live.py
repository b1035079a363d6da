"""One round over the whole hostile web: what could be fetched politely is there once, and nobody was harmed."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

import pytest
from tests.cli.commanding import arna
from tests.collect.rounds import (
    CLOCK,
    CONTACT,
    PACE,
    Ended,
    Row,
    address_of,
    answered,
    collect,
    find_outlet,
    pages_kept,
    read_status,
    read_warc,
    rows_of,
    says,
    warcs_of,
    worst_pace,
)
from tests.collect.web import CRAWL_DELAY, LANGUAGES, NEEDS_LINUX, SUPPORTED, WAITS, HostileWeb, write_space

from arna.text.urls import normalise_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(not SUPPORTED, reason=NEEDS_LINUX)

MEGABYTE = 1 << 20


class Whole(NamedTuple):
    web: HostileWeb
    folder: Path
    ended: Ended
    base: int


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """The round, and the memory of a command that collects nothing."""
    folder = tmp_path_factory.mktemp("live") / "space"
    with HostileWeb() as web:
        write_space(folder, web)
        base = collect(folder, "--status", "--json").peak
        assert not web.log  # looking at the state asks nobody
        ended = collect(folder)
        yield Whole(web, folder, ended, base)


@pytest.fixture(scope="module")
def articles(whole: Whole) -> list[Row]:
    """What ``arna run`` makes of it."""
    answer = arna("run", "-s", whole.folder, "--workers", 1, "--translations", "off", "--json")
    assert answer.code == 0, answer.err
    return rows_of(whole.folder, "articles")


def test_every_page_that_could_be_fetched_politely_is_a_document(whole: Whole):
    kept = {row["url"] for row in pages_kept(whole.folder)}
    missing = {listed for listed, final in whole.web.pages().items() if not {listed, final} & kept}
    assert not missing


def test_no_page_was_fetched_or_kept_twice(whole: Whole):
    finals = whole.web.pages()
    good = set(finals.values()) | {site.base + path for site in whole.web.sites.values() for path in site.feeds}
    times = Counter(f"http://{host}:{whole.web.port}{target}" for host, target in answered(whole.web.log))
    assert {url: n for url, n in times.items() if n > 1 and url in good} == {}
    kept = Counter(finals.get(row["url"], row["url"]) for row in pages_kept(whole.folder))
    assert {url: n for url, n in kept.items() if n > 1} == {}


def test_nothing_is_kept_that_could_not_be_had(whole: Whole):
    kept = {row["url"] for row in pages_kept(whole.folder)}
    assert kept & set(whole.web.refused()) == set()
    assert kept <= whole.web.allowed()


def test_nobody_outside_the_list_was_contacted(whole: Whole):
    assert whole.web.strangers() == []
    hosts = {request.headers.get("host") for request in whole.web.log}
    assert hosts <= {f"{site.address}:{whole.web.port}" for site in whole.web.sites.values()}


def test_what_robots_close_was_not_asked_for(whole: Whole):
    asked = {address_of(whole.web, request) for request in whole.web.log}
    closed = {url for url, why in whole.web.refused().items() if why == "robots"}
    assert closed
    assert asked & closed == set()
    for name in ("closed-whole", "robots-broken"):  # there the feed itself is closed
        assert {request.path for request in whole.web.requests(name)} == {"/robots.txt"}


def test_robots_come_first_and_once(whole: Whole):
    for name, site in whole.web.sites.items():
        asked = [request for request in whole.web.requests(name) if request.finished]
        if not asked:
            continue
        assert asked[0].path == "/robots.txt", name
        if isinstance(site.robots, str):
            assert [request.path for request in asked].count("/robots.txt") == 1, name


def test_the_pace_of_a_host_is_never_exceeded(whole: Whole):
    too_fast = {}
    for name in whole.web.sites:
        requests, pace = whole.web.requests(name), PACE
        if name == "crawl-delay":  # which is not known before robots.txt is read
            requests, pace = [request for request in requests if request.path != "/robots.txt"], CRAWL_DELAY
        spare = worst_pace(requests, pace)
        if spare < -CLOCK:
            too_fast[name] = spare
    assert too_fast == {}


@pytest.mark.parametrize(("name", "seconds"), WAITS.items())
def test_a_host_that_asks_to_wait_is_left_alone_so_long(whole: Whole, name: str, seconds: int):
    requests = whole.web.requests(name)
    [refused] = [request for request in requests if request.status in (429, 503)]
    later = [request for request in requests if request.at > refused.at]
    assert later
    assert later[0].at - refused.ended >= seconds - CLOCK


def test_the_user_agent_has_a_name_and_a_contact(whole: Whole):
    names = {request.headers.get("user-agent", "") for request in whole.web.log}
    assert len(names) == 1
    assert re.fullmatch(rf"Arna/\d\S* \(\+{re.escape(CONTACT)}\)", names.pop())


def test_it_takes_packed_answers_and_offers_no_more_than_it_can_read(whole: Whole):
    for request in whole.web.log:
        offered = {part.split(";")[0].strip() for part in request.headers.get("accept-encoding", "").split(",")}
        assert {"gzip", "br", "zstd"} <= offered


def test_bombs_and_huge_bodies_are_given_up_early(whole: Whole):
    for path in [path for path in whole.web.sites["huge-pages"].cannot if "eleven" not in path]:
        for request in whole.web.requests("huge-pages", path):
            assert not request.finished
            assert request.sent < 32 * MEGABYTE, path  # the limit is 10; the rest is on its way in buffers
    assert whole.ended.peak < whole.base + 250 * MEGABYTE


def test_a_slow_host_holds_up_nobody(whole: Whole):
    drips = [r for r in whole.web.log if r.path == "/news/drip" or not r.status]
    assert drips
    for drip in drips[:3]:
        others = {r.host for r in whole.web.log if drip.at < r.at < drip.ended} - {drip.host}
        still_to_do = {r.host for r in whole.web.log if r.at > drip.at} - {drip.host}
        assert others or not still_to_do


def test_health_names_each_fault_and_none_where_there_is_none(whole: Whole, articles: list[Row]):
    status = read_status(whole.folder)
    unnamed, alarmed = {}, {}
    for name, site in whole.web.sites.items():
        said = find_outlet(status, name)
        assert said, name
        told = json.loads(said)
        if site.trouble and not says(site.trouble, json.dumps([told["troubles"], told["reason"], told["detail"]])):
            unnamed[name, site.trouble] = said
        # an outlet whose feed lists nothing at all gives nothing, and that is told
        if not site.trouble and not site.cannot and not site.may and site.must and told["reason"]:
            alarmed[name] = said
    assert unnamed == {}
    assert alarmed == {}


def test_the_table_health_says_why_an_outlet_gave_nothing(whole: Whole, articles: list[Row]):
    said = {row["outlet"]: row["reason"] for row in rows_of(whole.folder, "health") if not row["ok"]}
    wanted = {
        "feed-gone": "gone", "closed-whole": "forbidden by robots.txt", "login-for-feed": "no readable feed",
        "never-there": "unreachable", "silent": "unreachable", "refuses-all": "blocked", "refuses-pages": "blocked",
        "robots-broken": "server errors", "layout-changed": "layout changed", "empty-feed": "nothing new listed",
    }  # fmt: skip
    assert {outlet: said.get(outlet) for outlet in wanted} == wanted


def test_the_reasons_of_fetches_are_those_of_the_faults(whole: Whole):
    reasons, moved = defaultdict(str), {}
    for row in rows_of(whole.folder, "fetches"):
        if row["result"] != "kept":
            reasons[row["url"]] += f" {row['reason']} {row['result']} {row['status']}"
        if row["result"] == "moved":
            moved[row["url"]] = row["reason"].removeprefix("moved: to ")
    wrong = {}
    for site in whole.web.sites.values():
        if site.name in ("closed-whole", "robots-broken"):  # their feeds are closed, so their pages are never heard of
            continue
        for path, why in site.cannot.items():
            url = normalise_url(site.base + path)
            said = reasons[url]
            if why == "gone" and url in moved:  # then it is the address it leads to that is gone
                said = reasons[moved[url]]
            if not says(why, said):
                wrong[f"{site.name}{path}"] = (why, said)
    assert wrong == {}


def test_pages_become_articles_with_all_their_paragraphs(whole: Whole, articles: list[Row]):
    by_document = {row["document_id"]: row for row in articles}  # its own address is the canonical one
    documents = {row["url"]: row["id"] for row in pages_kept(whole.folder)}
    by_url = {url: by_document[name] for url, name in documents.items() if name in by_document}
    finals = whole.web.pages()
    wrong = {}
    for site in whole.web.sites.values():
        if site.trouble == "layout":
            assert not [url for url in by_url if url.startswith(site.base + "/")]
            continue
        for listed, final in finals.items():
            if not listed.startswith(site.base + "/"):
                continue
            text = site.texts[final.removeprefix(site.base)]
            row = by_url.get(listed) or by_url.get(final)
            if row is None:
                wrong[listed] = "no article"
            elif [part for part in text.paragraphs if part not in row["text"]] or row["title"] != text.title:
                wrong[listed] = f"{text.title}\n{text.paragraphs}\n{row['title']}\n{row['text']}"
            elif row["lang"] != LANGUAGES[text.lang]:
                wrong[listed] = row["lang"]
    assert wrong == {}


def test_every_request_is_a_row_of_fetches(whole: Whole):
    rows = Counter(row["url"] for row in rows_of(whole.folder, "fetches"))
    asked = Counter(address_of(whole.web, request) for request in whole.web.log)
    assert {url for url in asked if not rows[url]} == set()
    kinds = {row["kind"] for row in rows_of(whole.folder, "fetches")}
    assert kinds == {"page", "feed", "sitemap", "robots", "home"}


def test_every_document_opens_at_its_offset(whole: Whole):
    by_url = {}
    for site in whole.web.sites.values():
        finals = {listed: final for listed, final in whole.web.pages().items() if listed.startswith(site.base)}
        for listed, final in finals.items():
            by_url[listed] = by_url[final] = site.texts.get(final.removeprefix(site.base))
    opened = 0
    for row in pages_kept(whole.folder):
        [record] = read_warc(whole.folder / "warc" / row["warc_file"], row["warc_offset"])
        assert record.kind == "response"
        assert record.sound
        assert record.url in (row["url"], whole.web.pages().get(row["url"]))
        text = by_url.get(row["url"])
        if text and "layout" not in row["outlet"]:
            codings = ("windows-1251", "koi8-r", "utf-8")
            assert any(text.paragraphs[0] in record.content.decode(name, "replace") for name in codings), row["url"]
            opened += 1
    assert opened > 150


def test_the_whole_archive_is_sound_for_another_reader(whole: Whole):
    kinds: Counter[str] = Counter()
    for path in warcs_of(whole.folder):
        for record in read_warc(path):
            assert record.sound, (path.name, record)
            kinds[record.kind] += 1
    assert kinds["response"] >= len(pages_kept(whole.folder))
    assert kinds["request"] >= kinds["response"]
    assert kinds["warcinfo"]


def test_file_names_never_come_from_addresses(whole: Whole):
    names = {path.name for path in whole.folder.rglob("*") if path.is_file() and "lake" not in path.parts}
    hosts = {site.address for site in whole.web.sites.values()}
    assert not [name for name in names if any(host in name for host in hosts) or "%" in name or "news" in name]
