"""The local web of bench/collect.py: forty outlets with fifty pages each, answered from memory by a process of its own.

Not the hostile web of the tests: here nothing goes wrong, and the server must not be what is measured. All answers are
made before the first request. Pages have some 30 KB: an article in one of eight languages, what stands around it on a
news page, and a canonical link; one in three is sent packed with gzip, as are the feeds of every second host.

    python -m bench.collect_web      prints its port, then serves until it is ended
"""

from __future__ import annotations

import asyncio
import gzip
import json
import resource
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.collect.web.feeds import Entry, make_rss
from tests.collect.web.texts import LANGUAGES, make_page, make_text

HOSTS, PAGES = 40, 50
CONTROL = "127.0.3.250"
"""Where the bench asks for the counts; asking sets them back."""

_ROBOTS = b"User-agent: *\nDisallow: /admin/\nDisallow: /search\n"
_PAGE = 30_000


def list_hosts() -> list[str]:
    """Addresses of the outlets."""
    return [f"127.0.3.{number}" for number in range(1, HOSTS + 1)]


def make_answers(port: int) -> dict[tuple[str, bytes], tuple[bytes, bool]]:
    """Whole answers by address and target, and whether each is a page."""
    answers: dict[tuple[str, bytes], tuple[bytes, bool]] = {}
    now = datetime.now(UTC).replace(microsecond=0)
    for number, host in enumerate(list_hosts()):
        lang = list(LANGUAGES)[number % len(LANGUAGES)]
        entries = []
        for n in range(PAGES):
            url, at = f"http://{host}:{port}/news/{n}", now - timedelta(minutes=n)
            body = _write_page(lang, url, at)
            answers[host, b"/news/%d" % n] = _frame(body, "text/html; charset=utf-8", packed=n % 3 == 0), True
            entries.append(Entry(url, make_text(lang, url).title, at))
        feed = _frame(make_rss(host, entries), "application/rss+xml", packed=number % 2 == 0)
        answers[host, b"/feed"] = feed, False
        answers[host, b"/robots.txt"] = _frame(_ROBOTS, "text/plain", packed=False), False
    return answers


def _write_page(lang: str, url: str, at: datetime) -> bytes:
    """A news page: half of it is the article and the teasers of others, half what scripts and menus take."""
    text, more = make_text(lang, url), [make_text(lang, f"{url} {n}") for n in range(4)]
    teasers = "".join(f'<li class="teaser"><a href="/news/{n}">{one.title}</a></li>' for n, one in enumerate(more * 4))
    asides = "".join(f"<aside><h3>{one.title}</h3><p>{one.paragraphs[0]}</p></aside>" for one in more)
    lead = f'<header class="site-header"><ul class="menu">{teasers}</ul></header><div class="related">{asides}</div>'
    head = f'<link rel="canonical" href="{url}"><meta property="og:title" content="{text.title}">'
    page = make_page(text, at.isoformat(), head=head, lead=lead)
    items = ",".join(f'{{"slot":"banner-{n}","width":{300 + n},"lazy":true,"href":"/ad/{n}"}}' for n in range(600))
    script = f"<script>window.slots=[{items}];</script>".encode()
    return page.replace(b"</body>", script[: max(0, _PAGE - len(page))] + b"</script></body>")


def _frame(body: bytes, mime: str, *, packed: bool) -> bytes:
    body = gzip.compress(body, 6, mtime=0) if packed else body
    coding = "Content-Encoding: gzip\r\n" if packed else ""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {mime}\r\n{coding}Content-Length: {len(body)}\r\nServer: bench\r\n\r\n"
    return head.encode() + body


@dataclass
class Counts:
    """What was served since it was last asked; times are on the monotonic clock."""

    pages: int = 0
    others: int = 0
    missing: int = 0
    distinct: set[tuple[str, bytes]] = field(default_factory=set)
    first: float = 0.0
    last: float = 0.0
    cpu: float = 0.0

    def sum_up(self) -> dict[str, float]:
        """Pages, their span in seconds, and the server's own CPU in it."""
        return {
            "pages": self.pages, "distinct": len(self.distinct), "others": self.others, "missing": self.missing,
            "seconds": self.last - self.first, "cpu": _measure_cpu() - self.cpu,
        }  # fmt: skip


def _measure_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class Server(asyncio.Protocol):
    """One connection."""

    def __init__(self, state: dict[str, Any]) -> None:
        self._state = state
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._link: Any = transport
        self._host = transport.get_extra_info("sockname")[0]

    def data_received(self, data: bytes) -> None:
        *heads, self._rest = (self._rest + data).split(b"\r\n\r\n")
        for head in heads:
            self._answer(head.split(b" ", 2)[1])

    def _answer(self, target: bytes) -> None:
        counts: Counts = self._state["counts"]
        if self._host == CONTROL:
            told = json.dumps(counts.sum_up()).encode()
            self._state["counts"] = Counts(cpu=_measure_cpu())
            self._link.write(_frame(told, "application/json", packed=False))
            return
        now = time.monotonic()
        counts.first, counts.last = counts.first or now, now
        answer, is_page = self._state["answers"].get((self._host, target), (None, False))
        if answer is None:
            counts.missing += 1
            self._link.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        if is_page:
            counts.pages += 1
            counts.distinct.add((self._host, target))
        else:
            counts.others += 1
        self._link.write(answer)


async def serve() -> None:
    """Serve until ended."""
    loop, port = asyncio.get_running_loop(), 0
    state: dict[str, Any] = {"counts": Counts(), "answers": {}}
    servers = []
    for host in [*list_hosts(), CONTROL]:
        server = await loop.create_server(lambda: Server(state), host, port, backlog=256)
        port = server.sockets[0].getsockname()[1]
        servers.append(server)
    state["answers"] = make_answers(port)
    print(port, flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    try:
        asyncio.run(serve())
    except KeyboardInterrupt:
        sys.exit(0)
