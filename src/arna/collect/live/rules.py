"""The robots.txt of each host: fetched when needed, kept for a day, and closed where it cannot be had."""

from __future__ import annotations

from datetime import UTC, datetime
from time import monotonic, time
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urljoin

from protego import Protego

from arna.collect.live.fetch import FetchError, fetch, make_headers
from arna.collect.live.jobs import Entry, Job, RobotsFile
from arna.collect.live.options import PAGE_LIMIT, read_pause
from arna.collect.live.seeds import list_discovered
from arna.collect.live.territory import origin_of, place_of
from arna.collect.live.warc import Exchange, WarcFile
from arna.collect.messages import BodyError, decode_body
from arna.text.urls import normalise_url

if TYPE_CHECKING:
    import httpcore2

    from arna.collect.live.fetch import Answer
    from arna.collect.live.ledger import Ledger
    from arna.collect.live.options import CollectOptions
    from arna.collect.live.territory import Territory
    from arna.collect.live.turns import Turns
    from arna.terms import Space

LIMIT: Final = 512 << 10
"""Letters of a robots.txt that are read; RFC 9309 asks for 500 KiB at least."""

FRESH: Final = 24 * 3600.0
"""Seconds a robots.txt is kept, as RFC 9309 says."""

AGENT: Final = "Arna"
"""The name rules are looked up by."""

_PRIVATE_PAUSE: Final = 3600.0  # of a name that leads to no public address
_HOPS: Final = 5


class Rules(NamedTuple):
    """Rules of one scheme, host and port; nothing but ``delay`` seconds where ``parsed`` is None."""

    parsed: Protego | None
    delay: float = 0.0
    sitemaps: tuple[str, ...] = ()

    def allow(self, url: str) -> bool:
        """Whether an address may be fetched."""
        return self.parsed is None or bool(self.parsed.can_fetch(url, AGENT))


def read_rules(text: str) -> Rules:
    """Rules of a robots.txt (RFC 9309), as protego reads them."""
    try:
        whole = text if len(text) <= LIMIT else text[: text.rfind("\n", 0, LIMIT) + 1]
        parsed = Protego.parse(whole)
        return Rules(parsed, float(parsed.crawl_delay(AGENT) or 0.0), tuple(parsed.sitemaps))
    except Exception:  # noqa: BLE001 - a file that breaks the parser forbids nothing that could be read
        return Rules(None)


class RulesBook:
    """Finds the rules for a job. Arguments as for the collector."""

    def __init__(
        self, space: Space, ledger: Ledger, warc: WarcFile, territory: Territory, turns: Turns, options: CollectOptions
    ) -> None:
        self._space = space
        self._ledger = ledger
        self._warc = warc
        self._territory = territory
        self._turns = turns
        self._options = options
        self._known: dict[str, tuple[float, Rules]] = {}

    async def find(self, pool: httpcore2.AsyncConnectionPool, job: Job) -> Rules | None:
        """Rules for a job's address, fetched if need be; None when they cannot be had: nothing may be fetched then."""
        place = origin_of(job.target)
        known = self._known.get(place)
        if known and time() - known[0] < FRESH:
            return known[1]
        kept = self._ledger.find_robots(place)
        if kept is None or time() - kept.at >= FRESH:
            file = await self._fetch(pool, job, place)
            if file is None:
                return None
            with self._ledger.settling():
                self._ledger.keep_robots(place, file)
                self._ledger.clear_failures(job.host)
                if kept and kept.body != file.body:
                    self._ledger.reconsider_refused(job.host)
            kept = file
        rules = read_rules(kept.body)
        jobs = list_discovered(self._space, job, rules.sitemaps, self._territory)
        if jobs:
            self._ledger.add(jobs, time())
        self._known[place] = (kept.at, rules)
        return rules

    async def _fetch(self, pool: httpcore2.AsyncConnectionPool, job: Job, place: str) -> RobotsFile | None:
        """A robots.txt; one that is not there forbids nothing, one that cannot be had forbids all."""
        url: str | None = f"{place}/robots.txt"
        answer = None
        for _ in range(_HOPS + 1):
            if url is None:
                break
            answer = await self._ask(pool, job, url)
            if answer is None:
                return None
            url = self._find_target(url, answer, job)
        if answer is None:
            return None
        status = answer.status
        if 200 <= status < 300:
            try:
                return RobotsFile(time(), status, decode_body(answer.head, answer.body).decode("utf-8-sig", "replace"))
            except BodyError:
                return RobotsFile(time(), status, "")
        if status == 429 or status >= 500:
            pause = read_pause(answer.head.headers.get("retry-after", ""), datetime.now(UTC))
            self._close(job.host, f"robots: robots.txt answers {status}, so nothing may be fetched", pause)
            return None
        return RobotsFile(time(), status, "")

    def _find_target(self, url: str, answer: Answer, job: Job) -> str | None:
        """Where a redirect within the same host leads."""
        place = answer.head.headers.get("location", "") if 300 <= answer.status < 400 else ""
        try:
            target = normalise_url(urljoin(url, place)) if place else None
        except ValueError:
            return None
        return target if target and target != url and place_of(target) == job.host else None

    async def _ask(self, pool: httpcore2.AsyncConnectionPool, job: Job, url: str) -> Answer | None:
        if not await self._turns.wait(job.host):
            return None
        async with self._turns.slot() as free:
            if not free:
                return None
            at, begin = datetime.now(UTC), monotonic()
            self._turns.take(job.host, at.timestamp())
            headers = make_headers(url, self._options.agent)
            try:
                answer = await fetch(
                    pool, url, headers, timeout=self._options.timeout, limit=PAGE_LIMIT, large=self._turns.large
                )
            except FetchError as error:
                seconds = monotonic() - begin
                pause = _PRIVATE_PAUSE if error.code == "private" else None
                self._close(job.host, str(error) if error.host else f"robots: {error}", pause)
                self._note(Entry(url, job.outlet, at.timestamp(), "robots", "failed", str(error), None, 0, seconds))
                return None
            self._warc.write(Exchange(url, at, headers, answer), None)
            result = "kept" if answer.status < 300 else "moved" if answer.status < 400 else "gone"
            result = "failed" if answer.status == 429 or answer.status >= 500 else result
            reason = "" if answer.status < 300 else f"http-{answer.status}"
            about = (answer.status, len(answer.body), answer.seconds)
            self._note(Entry(url, job.outlet, at.timestamp(), "robots", result, reason, *about))
            return answer

    def _note(self, entry: Entry) -> None:
        with self._ledger.settling():
            self._ledger.note("warc", "{} {}".format(*self._warc.place))
            self._ledger.write_diary(entry)

    def _close(self, host: str, reason: str, pause: float | None) -> None:
        with self._ledger.settling():
            failures = self._ledger.count_failure(host, reason)
            wait = self._options.rest_after(failures) if pause is None else pause
            self._ledger.take_turn(host, time() + wait)
