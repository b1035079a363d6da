"""The plain scrapy spider that bench/collect.py is measured against, in a process of its own.

    python -m bench.collect_spider CONCURRENCY FEED...            reads feeds, follows their links
    python -m bench.collect_spider --warc FILE CONCURRENCY FEED...   and keeps every answer with warcio

robots.txt is obeyed; throttling, delays, caching, cookies and logs are off.
"""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import scrapy
from scrapy.crawler import CrawlerProcess

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy.http import Response


class FeedSpider(scrapy.Spider):
    """Reads feeds and follows their links."""

    name = "feeds"
    feeds: tuple[str, ...] = ()
    writer: Any = None

    async def start(self) -> AsyncIterator[scrapy.Request]:
        for url in self.feeds:
            yield scrapy.Request(url, self.parse_feed)

    def parse_feed(self, response: Response) -> Iterator[scrapy.Request]:
        self.keep(response)
        for link in response.xpath("//item/link/text()").getall():
            yield scrapy.Request(link, self.parse_page)

    def parse_page(self, response: Response) -> None:
        self.keep(response)

    def keep(self, response: Response) -> None:
        """Response and request as WARC records, if a file is asked for; scrapy gives bodies unpacked."""
        if self.writer is None:
            return
        from warcio.statusandheaders import StatusAndHeaders

        answer = StatusAndHeaders(f"{response.status} OK", _list(response.headers), protocol="HTTP/1.1")
        record = self.writer.create_warc_record(
            response.url, "response", payload=BytesIO(response.body), http_headers=answer
        )
        asked = StatusAndHeaders("GET / HTTP/1.1", _list(response.request.headers), is_http_request=True)
        request = self.writer.create_warc_record(response.url, "request", http_headers=asked)
        self.writer.write_request_response_pair(request, record)


def _list(headers: Any) -> list[tuple[str, str]]:
    left = (b"content-encoding", b"transfer-encoding", b"content-length")
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        for value in values
        if name.lower() not in left
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--warc", type=Path)
    parser.add_argument("concurrency", type=int)
    parser.add_argument("feeds", nargs="*")
    options = parser.parse_args()
    settings = {
        "ROBOTSTXT_OBEY": True,
        "USER_AGENT": "bench (+https://bench.example)",
        "CONCURRENT_REQUESTS": options.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": 0,
        "RANDOMIZE_DOWNLOAD_DELAY": False,
        "AUTOTHROTTLE_ENABLED": False,
        "HTTPCACHE_ENABLED": False,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_ENABLED": False,
    }
    FeedSpider.feeds = tuple(options.feeds)
    with ExitStack() as stack:
        if options.warc:
            from warcio.warcwriter import WARCWriter

            FeedSpider.writer = WARCWriter(stack.enter_context(options.warc.open("wb")), gzip=True)
        process = CrawlerProcess(settings, install_root_handler=False)
        process.crawl(FeedSpider)
        process.start()


if __name__ == "__main__":
    main()
