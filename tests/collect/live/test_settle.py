"""What becomes of an address for each thing a server can answer."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from arna.collect.live import rules
from arna.collect.live.fetch import Answer, FetchError, make_headers
from arna.collect.live.jobs import Job, Wanted
from arna.collect.live.ledger import Ledger
from arna.collect.live.options import LAST_TRY, SITEMAP_PAGES, CollectOptions
from arna.collect.live.seeds import plant_seeds
from arna.collect.live.settle import OFTEN, Settler
from arna.collect.live.territory import Territory, place_of
from arna.collect.live.warc import Exchange, WarcFile
from arna.errors import StoreError
from arna.terms import Origin, Outlet, Space, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DALA = Outlet(
    "dala", "Дала", "kazakhstan", "KZ", "portal", ("kk",), ("dala.example",),
    feeds=("https://dala.example/rss",), sitemaps=("https://dala.example/map.xml",),
)  # fmt: skip
VISNYK = Outlet("visnyk", "Вісник", "ukraine", "UA", "portal", ("uk",), ("visnyk.example",))
SPACE = Space(
    "test", "Test", ("kk-Cyrl",), Subject("ukraine", "Ukraine", {}, ("ukraine",)),
    (Origin("ukraine", "Ukraine"), Origin("kazakhstan", "Kazakhstan")), (), (DALA, VISNYK),
)  # fmt: skip
AT = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
NOW = AT.timestamp()
OPTIONS = CollectOptions(pace=2.0, interval=900.0)


class Desk:
    """A settler with what is around it."""

    def __init__(self, ledger: Ledger, folder: Path, options: CollectOptions = OPTIONS) -> None:
        self.ledger = ledger
        self.warc = WarcFile(folder / "warc")
        self.settler = Settler(ledger, self.warc, Territory(SPACE), options)

    def answer(self, job: Job, status: int = 200, body: bytes | str = b"", at: datetime = AT, **headers: str) -> Job:
        pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        raw = body.encode() if isinstance(body, str) else body
        found = Answer(status, b"", "http/1.1", pairs, raw, "192.0.2.1", 0.0)
        self.settler.settle(job, Exchange(job.target, at, make_headers(job.target, "Arna"), found))
        return self.find(job)

    def find(self, job: Job) -> Job:
        found = self.ledger.find(job.url, job.kind)
        assert found is not None
        return found

    def add(self, url: str, kind: str = "page", **values: Any) -> Job:
        job = Job(url, kind, "dala", place_of(url), **values)
        self.ledger.add([job], NOW)
        return self.find(job)

    def pages(self) -> dict[str, str]:
        rows = self.ledger.list_jobs("dala", ("page",)) + self.ledger.list_jobs("visnyk", ("page",))
        return {job.url: job.state for job in rows}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Ledger(tmp_path) as ledger:
        desk = Desk(ledger, tmp_path)
        yield desk
        desk.warc.close()


@pytest.mark.parametrize(
    ("status", "state", "reason"),
    [
        (200, "done", ""), (404, "waiting", "http-404"), (410, "gone", "http-410"), (403, "waiting", "http-403"),
        (451, "waiting", "http-451"), (401, "waiting", "http-401"), (500, "waiting", "http-500"),
        (503, "waiting", "http-503"), (429, "waiting", "http-429"), (418, "gone", "http-418"),
    ],
)  # fmt: skip
def test_a_page_ends_as_its_answer_says(desk: Desk, status: int, state: str, reason: str) -> None:
    job = desk.answer(desk.add("https://dala.example/1"), status, "<p>Мәтін</p>", Content_Type="text/html")
    assert (job.state, job.reason) == (state, reason)


@pytest.mark.parametrize(("status", "state", "hours"), [(403, "blocked", [6, 24, 96]), (404, "gone", [1])])
def test_a_wall_or_a_page_not_there_yet_is_tried_again_much_later(
    desk: Desk, status: int, state: str, hours: list[int]
) -> None:
    job = desk.add("https://dala.example/1")
    for wait in hours:
        job = desk.answer(job, status)
        assert (job.state, job.due - NOW) == ("waiting", wait * 3600)
    assert desk.answer(job, status).state == state


def test_tries_lie_further_and_further_apart_and_end(desk: Desk) -> None:
    job = desk.add("https://dala.example/1")
    waits = []
    for _ in range(LAST_TRY):
        job = desk.answer(job, 500)
        waits.append(job.due - NOW)
    assert waits[:6] == [20, 40, 80, 3600, 14_400, 57_600]
    assert job.state == "failed"
    assert "given up after 7 tries" in job.reason


@pytest.mark.parametrize("value", ["90", "Fri, 01 May 2026 08:01:30 GMT"])
def test_retry_after_keeps_the_whole_host_waiting_and_costs_no_try(desk: Desk, value: str) -> None:
    job = desk.add("https://dala.example/1")
    for _ in range(LAST_TRY):
        job = desk.answer(job, 429, Retry_After=value)
    assert job.state == "waiting"
    assert desk.ledger.next_turn("dala.example") == NOW + 90
    assert job.due >= NOW + 90


@pytest.mark.parametrize("value", ["soon", "-5", "99999999999999999999", "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_an_absurd_retry_after_neither_stops_nor_hurries(desk: Desk, value: str) -> None:
    job = desk.answer(desk.add("https://dala.example/1"), 503, Retry_After=value)
    assert NOW + 20 <= job.due <= NOW + 86_400
    assert desk.ledger.next_turn("dala.example") <= NOW + 86_400


def test_a_redirect_is_followed_within_the_space_only(desk: Desk) -> None:
    cases = {
        "/moved": ("moved", "https://dala.example/new"),
        "https://visnyk.example/stattia": ("moved", "https://visnyk.example/stattia"),
        "https://elsewhere.example/1": ("refused", None),
        "http://169.254.169.254/latest/meta-data": ("refused", None),
        "https://dala.example:22/": ("refused", None),
        "file:///etc/passwd": ("failed", None),
        "javascript:alert(1)": ("failed", None),
        "": ("failed", None),
        "/": ("gone", None),
    }
    for number, (place, (state, follower)) in enumerate(cases.items()):
        given = "/new" if place == "/moved" else place
        job = desk.answer(desk.add(f"https://dala.example/{number}"), 302, Location=given)
        assert job.state == state, place
        assert follower is None or desk.pages()[follower] == "waiting"
    assert set(desk.pages()) == {
        *(f"https://dala.example/{n}" for n in range(len(cases))),
        "https://dala.example/new",
        "https://visnyk.example/stattia",
    }


def test_redirects_in_a_circle_end_and_say_so(desk: Desk) -> None:
    one, two = desk.add("https://dala.example/1"), desk.add("https://dala.example/2")
    assert desk.answer(one, 301, Location="/2").state == "moved"
    last = desk.answer(two, 301, Location="/1")
    assert last.state == "failed"
    assert last.reason.startswith("redirects: in a circle")
    longest = desk.add("https://dala.example/a0")
    for number in range(1, 9):
        desk.answer(longest, 302, Location=f"/a{number}")
        found = desk.ledger.find(f"https://dala.example/a{number}", "page")
        if found is None:
            break
        longest = found
    assert desk.find(longest).state == "failed"


def test_a_feed_that_moves_is_asked_at_its_new_place_next(desk: Desk) -> None:
    plant_seeds(desk.ledger, SPACE, NOW)
    feed = desk.ledger.find("https://dala.example/rss", "feed")
    assert feed is not None
    moved = desk.answer(feed, 301, Location="/feed.xml")
    assert moved.target == "https://dala.example/feed.xml"
    read = desk.answer(moved, 200, RSS.format(items=ITEM.format(path="1")), at=AT + timedelta(seconds=3))
    assert (read.target, read.due) == ("https://dala.example/rss", NOW + 3 + 900)
    assert desk.pages() == {"https://dala.example/1": "waiting"}


RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>Дала</title>{items}</channel></rss>'
ITEM = "<item><title>Жаңалық</title><link>https://dala.example/{path}</link></item>"


def test_a_feed_lists_each_page_once_and_strangers_are_told_not_asked(desk: Desk) -> None:
    paths = ["1?utm_source=rss", "1#top", "1", "2?id=7&amp;fbclid=x"]
    items = "".join(ITEM.format(path=path) for path in paths)
    items += "<item><title>Жарнама</title><link>https://ads.example/buy</link></item>"
    items += "<item><title>Вісник</title><link>https://visnyk.example/5</link></item>"
    feed = desk.answer(desk.add("https://dala.example/rss", "feed"), 200, RSS.format(items=items))
    assert (feed.state, feed.reason) == ("waiting", "")
    assert desk.pages() == {
        "https://dala.example/1": "waiting",
        "https://dala.example/2?id=7": "waiting",
        "https://ads.example/buy": "refused",
        "https://visnyk.example/5": "waiting",
    }


def test_a_feed_does_not_list_itself_and_an_empty_link_names_nothing(desk: Desk) -> None:
    items = "<item><title>Бос</title><link></link></item><item><title>Өзі</title><link>/rss</link></item>"
    desk.answer(desk.add("https://dala.example/rss", "feed"), 200, RSS.format(items=items + ITEM.format(path="9")))
    assert desk.pages() == {"https://dala.example/9": "waiting"}


def test_a_page_not_tried_yet_goes_before_a_newer_one_that_failed(desk: Desk) -> None:
    newer = desk.add("https://dala.example/2", published=NOW)
    older = desk.add("https://dala.example/1", published=NOW - 3600)
    desk.answer(newer, 500)
    assert desk.ledger.next_of("dala.example", NOW + 3600, Wanted(NOW)) == older


def test_what_is_no_feed_says_so_and_is_asked_again(desk: Desk) -> None:
    feed = desk.answer(desk.add("https://dala.example/rss", "feed"), 200, "<html><body>Кіру</body></html>")
    assert feed.reason.startswith("no-feed: ")
    assert feed.due == NOW + 900


def sitemap(count: int, path: str = "") -> str:
    day = datetime(2026, 4, 30, tzinfo=UTC)
    urls = "".join(
        f"<url><loc>https://dala.example/{path}{n}</loc><lastmod>{day - timedelta(hours=n):%Y-%m-%dT%H:%M:%SZ}</lastmod></url>"
        for n in range(count)
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


def test_of_a_long_sitemap_the_newest_pages_wait_and_the_rest_is_counted(desk: Desk) -> None:
    job = desk.add("https://dala.example/map.xml", "sitemap")
    read = desk.answer(job, 200, gzip.compress(sitemap(SITEMAP_PAGES + 30).encode()))
    pages = desk.pages()
    assert len(pages) == SITEMAP_PAGES
    assert f"https://dala.example/{SITEMAP_PAGES}" not in pages
    assert read.reason == "left: 30 older addresses"
    assert read.due == NOW + 4 * 900


def test_since_takes_pages_by_their_date(desk: Desk, tmp_path: Path) -> None:
    other = Desk(desk.ledger, tmp_path, replace(OPTIONS, since=datetime(2026, 4, 29, 12, tzinfo=UTC)))
    job = desk.add("https://dala.example/map.xml", "sitemap")
    read = other.answer(job, 200, sitemap(40))
    assert read.reason == "left: 27 older addresses"
    assert len(desk.pages()) == 13


def test_an_index_leads_to_its_sitemaps_and_not_to_itself(desk: Desk) -> None:
    places = ["https://dala.example/map.xml", "https://dala.example/map-2.xml", "https://ads.example/map.xml"]
    body = "".join(f"<sitemap><loc>{place}</loc></sitemap>" for place in places)
    body = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{body}</sitemapindex>'
    desk.answer(desk.add("https://dala.example/map.xml", "sitemap"), 200, body)
    found = {job.url for job in desk.ledger.list_jobs("dala", ("sitemap",))}
    assert found == {"https://dala.example/map.xml", "https://dala.example/map-2.xml"}


def test_the_address_a_page_calls_its_own_is_not_asked_for_again(desk: Desk) -> None:
    amp, own = desk.add("https://dala.example/1/amp"), desk.add("https://dala.example/1")
    body = '<html><head><link rel="canonical" href="/1"></head><body><p>Мәтін</p></body></html>'
    desk.answer(amp, 200, body, Content_Type="text/html")
    assert desk.find(own).state == "moved"


def test_an_unchanged_page_is_a_revisit_and_no_new_document(desk: Desk) -> None:
    job = desk.answer(desk.add("https://dala.example/1"), 200, "<p>Мәтін</p>", ETag='"a"', Last_Modified="x")
    assert (job.etag, job.modified) == ('"a"', "x")
    again = desk.answer(job, 304, at=AT + timedelta(days=1))
    assert (again.etag, again.digest, again.record) == (job.etag, job.digest, job.record)
    assert desk.ledger.tally == {("page", "kept"): 1, ("page", "unchanged"): 1}


def test_a_page_its_feed_says_was_updated_is_asked_once_more_a_day(desk: Desk) -> None:
    job = desk.answer(desk.add("https://dala.example/1"), 200, "<p>Мәтін</p>")
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Ж</title><link href="https://dala.example/1"/>'
        "<updated>2026-05-03T10:00:00Z</updated></entry></feed>"
    )
    feed = desk.add("https://dala.example/rss", "feed")
    desk.answer(feed, 200, atom, at=AT + timedelta(hours=3))
    assert desk.find(job).state == "done"  # within a day of the last time
    desk.answer(feed, 200, atom + " ", at=AT + timedelta(days=2))
    assert desk.find(job).state == "waiting"


@pytest.mark.parametrize(("code", "down"), [("connect", True), ("dns", True), ("timeout", False), ("cut", False)])
def test_pages_of_a_host_that_is_down_lose_no_try(desk: Desk, code: str, down: bool) -> None:
    job = desk.add("https://dala.example/1")
    for number in range(1, LAST_TRY + 3):
        desk.settler.fail(job, FetchError(code, "", host=down), AT, 1.0)
        job = desk.find(job)
        resting = desk.ledger.next_turn("dala.example") - NOW
        assert (resting > 0) is (down or number >= OFTEN), "a host that answers is left alone after several failures"
        assert resting <= 3601
        if job.state != "waiting":
            break
    assert (job.state == "failed") is not down


def test_what_was_under_way_at_a_kill_waits_its_turn(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.add([Job("https://dala.example/1", "page", "dala", "dala.example")], NOW)
        job = ledger.find("https://dala.example/1", "page")
        assert job is not None
        ledger.change(job, started=NOW)
    with Ledger(tmp_path) as ledger:
        assert ledger.release_started(20.0) == 1
        assert ledger.next_of("dala.example", NOW + 19, Wanted(NOW)) is None
        assert ledger.next_of("dala.example", NOW + 20, Wanted(NOW)) is not None


def test_a_second_collector_says_so(tmp_path: Path) -> None:
    with Ledger(tmp_path), pytest.raises(StoreError, match="another arna collect is at work here"), Ledger(tmp_path):
        pass


def test_a_feed_taken_out_of_the_registry_is_forgotten_and_a_found_one_kept(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        plant_seeds(ledger, SPACE, NOW)
        ledger.add([Job("https://visnyk.example/rss", "feed", "visnyk", "visnyk.example", parent="home")], NOW)
        changed = replace(SPACE, outlets=(replace(DALA, sitemaps=()), VISNYK))
        plant_seeds(ledger, changed, NOW)
        kinds = ("home", "feed", "sitemap")
        assert [job.url for job in ledger.list_jobs("dala", kinds)] == ["https://dala.example/rss"]
        found = {(job.kind, job.url) for job in ledger.list_jobs("visnyk", kinds)}
        assert found == {("home", "https://visnyk.example/"), ("feed", "https://visnyk.example/rss")}


def test_a_long_robots_txt_is_cut_at_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "LIMIT", 60)
    read = rules.read_rules("User-agent: *\nDisallow: /admin\nAllow: /\nDisallow: /x/0241/long\n")
    assert read.allow("https://dala.example/1")
    assert not read.allow("https://dala.example/admin/1")
