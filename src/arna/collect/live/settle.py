"""What an answer means for a job: kept, moved, tried again, given up; and which jobs follow from it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from arna.collect.feeds import find_canonical, find_feeds, read_listing
from arna.collect.live.jobs import BLOCKED, DONE, FAILED, GONE, MOVED, REFUSED, WAITING, Entry, Job
from arna.collect.live.options import LAST_TRY, PAGE_LIMIT, SITEMAP_LIMIT, SITEMAP_PAGES, read_pause
from arna.collect.live.territory import place_of
from arna.collect.live.warc import Earlier, Exchange
from arna.collect.messages import BodyError, Head, decode_body
from arna.text.urls import normalise_url

if TYPE_CHECKING:
    from arna.collect.feeds import Listed, Listing
    from arna.collect.live.fetch import Answer, FetchError
    from arna.collect.live.ledger import Ledger
    from arna.collect.live.options import CollectOptions
    from arna.collect.live.territory import Territory
    from arna.collect.live.warc import WarcFile, Written

OFTEN: Final = 5
"""Failures in a row after which a host that does answer is left alone for a while. Set, not tuned."""

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_BLOCKED: Final = frozenset({401, 402, 403, 407, 451})
_HOPS: Final = 5
_CHILDREN: Final = 200  # sitemaps of one index, the newest first
_DAY: Final = 24 * 3600.0
_BLOCKED_WAIT: Final = 6 * 3600.0
_BLOCKED_TRIES: Final = 3  # more, over five days
_EARLY_WAIT: Final = 3600.0
_EARLY_TRIES: Final = 1


class Settler:
    """Settles jobs in the ledger, and keeps their answers in WARC."""

    def __init__(self, ledger: Ledger, warc: WarcFile, territory: Territory, options: CollectOptions) -> None:
        self._ledger = ledger
        self._warc = warc
        self._territory = territory
        self._options = options

    def settle(self, job: Job, exchange: Exchange) -> None:
        """Keep an answer, and do what follows from it."""
        answer, now = exchange.answer, exchange.at.timestamp() + exchange.answer.seconds
        written = self._warc.write(exchange, self._find_earlier(job))
        with self._ledger.settling():
            self._ledger.note("warc", "{} {}".format(*self._warc.place))
            if answer.status < 500 and answer.status != 429:
                self._ledger.clear_failures(job.host)
            if answer.status in _REDIRECTS:
                self._move(job, exchange, now)
            elif answer.status == 304 or written.revisit:
                self._finish(job, exchange, written, "unchanged", "", now)
            elif 200 <= answer.status < 300:
                self._take(job, exchange, written, now)
            elif answer.status == 429 or answer.status >= 500:
                self._pause(job, exchange, now)
            else:
                self._lose(job, exchange, now)

    def fail(self, job: Job, error: FetchError, at: datetime, seconds: float) -> None:
        """Note that no whole answer came."""
        now = at.timestamp() + seconds
        with self._ledger.settling():
            if error.code == "private":
                self._end(job, REFUSED, str(error), now, wait=_DAY)
                self._write(job, at, "refused", str(error), seconds=seconds)
                return
            self._rest(job.host, str(error), now, at_once=error.host)
            if error.code == "too-large":
                self._end(job, FAILED, str(error), now, wait=_DAY)
            else:
                self._try_later(job, str(error), now, count=error.code not in {"dns", "connect", "tls"})
            self._write(job, at, "failed", str(error), seconds=seconds)

    def refuse(self, job: Job, reason: str, at: datetime) -> None:
        """Note that a job may not be done: robots.txt forbids it, or its address is off the list."""
        with self._ledger.settling():
            self._end(job, REFUSED, reason, at.timestamp(), wait=_DAY)
            self._write(job, at, "refused", reason)

    # What an answer can be

    def _take(self, job: Job, exchange: Exchange, written: Written, now: float) -> None:
        limit = SITEMAP_LIMIT if job.kind == "sitemap" else PAGE_LIMIT
        try:
            body = decode_body(exchange.answer.head, exchange.answer.body, limit)
            if job.kind == "sitemap":
                body = _unpack(body, limit)
        except BodyError as error:
            # a page is kept as it came; the stage read says the same of it
            self._finish(job, exchange, written, "failed", str(error), now)
            return
        if job.kind == "page":
            self._finish(job, exchange, written, "kept", "", now)
            self._note_canonical(job, exchange, body)
        elif job.kind == "home":
            self._take_home(job, exchange, written, body, now)
        else:
            self._take_listing(job, exchange, written, body, now)

    def _take_home(self, job: Job, exchange: Exchange, written: Written, body: bytes, now: float) -> None:
        head = exchange.answer.head
        found = [normalise_url(url) for url in find_feeds(body, job.target, head.charset)]
        jobs = [
            Job(url, "feed", job.outlet, place_of(url), parent=job.url)
            for url in found
            if url and self._territory.owner_of(url) == job.outlet
        ]
        self._ledger.add(jobs, now)
        known = jobs or self._ledger.list_jobs(job.outlet, ("feed", "sitemap"))
        self._finish(job, exchange, written, "kept", "" if known else "no-feed: the home page names no feed", now)

    def _take_listing(self, job: Job, exchange: Exchange, written: Written, body: bytes, now: float) -> None:
        listing = read_listing(body, job.target, exchange.answer.head.charset)
        self._add_children(job, listing, now)
        left = self._add_pages(job, listing, now)
        if listing.kind == "none":
            self._finish(job, exchange, written, "failed", f"no-feed: {listing.trouble or 'it lists nothing'}", now)
            return
        reason = ""
        if listing.trouble:
            reason = f"damaged: {listing.trouble}"
        elif left:
            reason = f"left: {left} older addresses"
        elif not (listing.entries or listing.children):
            reason = "empty: it lists nothing"
        self._finish(job, exchange, written, "kept", reason, now)

    def _move(self, job: Job, exchange: Exchange, now: float) -> None:
        place = _read_place(exchange.answer.head.headers.get("location", ""))
        try:
            target = normalise_url(urljoin(job.target, place)) if place else None
        except ValueError:
            target = None
        result, reason = "failed", ""
        if target is None:
            reason = f"garbled: a redirect to {place[:80]!r}"
            self._end(job, FAILED, reason, now, wait=_DAY)
        elif self._territory.owner_of(target) is None:
            result, reason = "refused", f"off-list: it leads to {place_of(target)}, which no outlet of the space has"
            self._end(job, REFUSED, reason, now, wait=_DAY)
        elif job.hops >= _HOPS or self._runs_in_circle(job, target):
            reason = f"redirects: in a circle, or more than {_HOPS}; the last leads to {target}"
            self._end(job, FAILED, reason, now, wait=_DAY)
        else:
            result, reason = "moved", f"moved: to {target}"
            self._follow(job, target, reason, now)
        self._write(job, exchange.at, result, reason, exchange.answer)

    def _runs_in_circle(self, job: Job, target: str) -> bool:
        for _ in range(_HOPS):
            if target == job.target:
                return True
            found = self._ledger.find(target, job.kind) if job.kind == "page" else None
            if found is None or found.state != MOVED or not found.address:
                return False
            target = found.address
        return True

    def _follow(self, job: Job, target: str, reason: str, now: float) -> None:
        if job.kind != "page":
            values = {"address": target, "host": place_of(target), "hops": job.hops + 1, "etag": "", "modified": ""}
            self._ledger.change(job, due=now, started=None, **values)
        elif urlsplit(target).path in {"", "/"} and not urlsplit(target).query:
            self._end(job, GONE, f"gone: moved to {target}, the home page", now, wait=_DAY)
        else:
            self._end(job, MOVED, reason, now, wait=_DAY)
            self._ledger.change(job, address=target)
            owner = self._territory.owner_of(target) or job.outlet
            follower = Job(
                target, "page", owner, place_of(target), published=job.published, parent=job.url, hops=job.hops + 1
            )
            self._ledger.add([follower], now)

    def _pause(self, job: Job, exchange: Exchange, now: float) -> None:
        answer = exchange.answer
        pause = read_pause(answer.head.headers.get("retry-after", ""), exchange.at)
        reason = f"http-{answer.status}"
        self._rest(job.host, reason, now, at_once=answer.status == 429 and pause is None)
        if pause is not None:
            self._ledger.take_turn(job.host, now + pause)
            reason += f": asked to wait {pause:.0f} s"
        self._try_later(job, reason, now, count=pause is None or job.tries > LAST_TRY, least=pause or 0.0)
        self._write(job, exchange.at, "failed", reason, answer)

    def _lose(self, job: Job, exchange: Exchange, now: float) -> None:
        status = exchange.answer.status
        blocked = status in _BLOCKED
        first = _BLOCKED_WAIT if blocked else _EARLY_WAIT
        most = _BLOCKED_TRIES if blocked else _EARLY_TRIES if status == 404 else 0
        if job.kind == "page" and job.tries < most:  # a wall can come down, and feeds are ahead of pages
            due = now + first * 4.0**job.tries
            self._ledger.change(job, tries=job.tries + 1, started=None, due=due, reason=f"http-{status}")
        else:
            self._end(job, BLOCKED if blocked else GONE, f"http-{status}", now, wait=first)
        self._write(job, exchange.at, "blocked" if blocked else "gone", f"http-{status}", exchange.answer)

    # What becomes of the job

    def _finish(self, job: Job, exchange: Exchange, written: Written, result: str, reason: str, now: float) -> None:
        """A job is done; a feed, sitemap or home page waits for its next time."""
        headers = exchange.answer.head.headers
        values: dict[str, object] = {
            "tries": 0, "hops": 0, "started": None, "fetched": now, "settled": now, "reason": reason,
        }  # fmt: skip
        if exchange.answer.status != 304:
            values |= {
                "etag": headers.get("etag", ""), "modified": headers.get("last-modified", ""), "digest": written.digest,
            }  # fmt: skip
        if not written.revisit:
            values |= {"record": written.record_id, "recorded": exchange.at.timestamp()}
        if job.kind == "page":
            values["state"] = DONE
        else:
            values |= {
                "due": exchange.at.timestamp() + self._find_interval(job.kind),
                "address": "",
                "host": place_of(job.url),
            }
        self._ledger.change(job, **values)
        kept = job.kind == "page" and not written.revisit
        self._write(job, exchange.at, result, reason, exchange.answer, written if kept else None)

    def _end(self, job: Job, state: str, reason: str, now: float, *, wait: float) -> None:
        """A page ends; a feed, sitemap or home page is asked again after a while."""
        values: dict[str, object] = {"started": None, "settled": now, "reason": reason, "hops": 0}
        if job.kind == "page":
            values["state"] = state
        else:
            due = now + min(wait, 4 * self._find_interval(job.kind))
            values |= {"due": due, "address": "", "host": place_of(job.url)}
        self._ledger.change(job, **values)

    def _try_later(self, job: Job, reason: str, now: float, *, count: bool, least: float = 0.0) -> None:
        tries = job.tries + 1
        if job.kind == "page" and count and tries >= LAST_TRY:
            self._end(job, FAILED, f"{reason}; given up after {tries} tries", now, wait=_DAY)
            return
        kept = min(tries, LAST_TRY - 1)
        due = now + max(self._options.wait_after(kept), least)
        self._ledger.change(job, tries=kept, started=None, due=due, reason=reason)

    def _rest(self, host: str, reason: str, now: float, *, at_once: bool) -> None:
        """Count a failure of a host, and leave it alone for a while: at once, or after several in a row."""
        failures = self._ledger.count_failure(host, reason)
        over = failures if at_once else failures - OFTEN + 1
        if over > 0:
            self._ledger.take_turn(host, now + self._options.rest_after(over))

    def _find_interval(self, kind: str) -> float:
        interval = self._options.source_interval
        return {"feed": interval, "sitemap": 4 * interval, "home": max(_DAY, interval)}[kind]

    # What follows from it

    def _add_pages(self, job: Job, listing: Listing, now: float) -> int:
        """Jobs for the addresses a feed or sitemap lists; gives how many were left for their age or number."""
        since = self._options.since.timestamp() if self._options.since else None
        room: float = float("inf")
        entries = listing.entries
        if listing.kind == "sitemap" and since is None:
            room = SITEMAP_PAGES - self._ledger.count_waiting(job.outlet)
            entries = tuple(sorted(entries, key=_date_entry, reverse=True))
        jobs: dict[str, Job] = {}
        left = 0
        for entry in entries:
            url = normalise_url(entry.url)
            if url is None or url in {job.url, job.target}:
                continue
            at = _date_entry(entry) or None
            if (since is not None and at is not None and at < since) or len(jobs) >= room:
                left += 1
            else:
                jobs.setdefault(url, self._make_page(url, at, job))
                if entry.updated_at:
                    self._ledger.ask_again(url, entry.updated_at.timestamp(), now)
        self._ledger.add(jobs.values(), now)
        return left

    def _make_page(self, url: str, at: float | None, job: Job) -> Job:
        owner = self._territory.owner_of(url)
        state, reason = (WAITING, "") if owner else (REFUSED, f"off-list: no outlet of the space has {place_of(url)}")
        return Job(url, "page", owner or job.outlet, place_of(url), state, published=at, parent=job.url, reason=reason)

    def _add_children(self, job: Job, listing: Listing, now: float) -> None:
        if job.hops or not listing.children:
            return
        since = self._options.since
        newest = sorted(listing.children, key=_date_entry, reverse=True)[:_CHILDREN]
        jobs = []
        for child in newest:
            url = normalise_url(child.url)
            if url is None or self._territory.owner_of(url) is None or url == job.url:
                continue
            if since and child.updated_at and child.updated_at < since:
                continue
            jobs.append(
                Job(url, "sitemap", job.outlet, place_of(url), published=_date_entry(child) or None, parent=job.url)
            )
        self._ledger.add(jobs, now)

    def _note_canonical(self, job: Job, exchange: Exchange, body: bytes) -> None:
        """Take the address a page calls its own for fetched, so that it is not asked for under that name as well."""
        found = normalise_url(find_canonical(body, job.target)) if b"canonical" in body else None
        if found and found != job.url and self._territory.owner_of(found) == job.outlet:
            alias = Job(found, "page", job.outlet, place_of(found), MOVED, parent=job.url, reason=f"same: as {job.url}")
            self._ledger.add([alias], exchange.at.timestamp())
            self._ledger.set_aside(found, job.url)

    def _find_earlier(self, job: Job) -> Earlier | None:
        if not job.record or job.recorded is None:
            return None
        return Earlier(job.record, datetime.fromtimestamp(job.recorded, UTC), job.digest)

    def _write(
        self,
        job: Job,
        at: datetime,
        result: str,
        reason: str,
        answer: Answer | None = None,
        written: Written | None = None,
        *,
        seconds: float = 0.0,
    ) -> None:
        self._ledger.write_diary(
            Entry(
                job.target, job.outlet, at.timestamp(), job.kind, result, reason[:300],
                answer.status if answer else None, len(answer.body) if answer else 0,
                answer.seconds if answer else seconds, answer.head.mime if answer else "",
                written.digest if written else "", written.file if written else "", written.offset if written else 0,
            )
        )  # fmt: skip


def _read_place(location: str) -> str:
    """The address of a redirect; many servers send Cyrillic ones as they are, in UTF-8."""
    try:
        return location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return location


def _date_entry(entry: Listed) -> float:
    at = entry.updated_at or entry.published_at
    return at.timestamp() if at else 0.0


def _unpack(body: bytes, limit: int) -> bytes:
    """A sitemap that is a gzip file, as many are."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    return decode_body(Head(200, {"content-encoding": "gzip"}, 0), body, limit)
