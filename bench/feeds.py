"""Entries found and CPU per feed, beside feedparser on the same feeds in the same run.

    python -m bench feeds

Feeds are made from a seed in the ways outlets write them (RSS 2.0 with whole articles, RSS 1.0, Atom; UTF-8 and
windows-1251, with headers that say another charset) and in the ways they break them. An entry is found when its
address, its title as plain text and its time all come out as planted; a feed that repeats or invents entries gains
nothing. Medians of three; the two take turns, so that a busy machine slows both alike.

Two things to know of the comparison. feedparser reads texts and authors, too, which ours leaves for later: the speed
says what a collector pays for its lists. And it gives titles that were escaped twice as HTML, which counts as missed
here. Sitemaps, which feedparser does not read, are timed alone.
"""

from __future__ import annotations

import random
import statistics
import time
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

from arna.collect.feeds import read_listing

if TYPE_CHECKING:
    from collections.abc import Callable

TITLES = Path(__file__).with_name("identify_titles.toml")
SEED, FEEDS, ENTRIES, REPEATS = 20250923, 120, 30, 3
SITEMAP = 50_000
Found = set[tuple[str, str, datetime | None]]
WEEKDAYS = ("Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс")
MONTHS = ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
BREAKS = (
    "ampersand",
    "entity",
    "unclosed",
    "junk",
    "control",
    "cut",
    "prefix",
    "russian date",
    "double escape",
    "raw markup",
)


class Feed(NamedTuple):
    url: str
    header: str | None
    body: bytes
    planted: Found
    broken: str


def run() -> dict[str, float]:
    """Shares of entries found in sound and in broken feeds by both, and how many times as fast ours is."""
    import feedparser

    def theirs(feed: Feed) -> Found:
        kind = "application/xml" + (f"; charset={feed.header}" if feed.header else "")
        parsed = feedparser.parse(feed.body, response_headers={"content-type": kind, "content-location": feed.url})
        return {
            (entry.get("link", ""), " ".join(entry.get("title", "").split()), _moment(entry))
            for entry in parsed.entries
        }

    def ours(feed: Feed) -> Found:
        listing = read_listing(feed.body, feed.url, feed.header)
        return {(entry.url, entry.title, entry.published_at) for entry in listing.entries}

    figures: dict[str, float] = {}
    for name, breaks in (("sound", ("",)), ("broken", BREAKS)):
        feeds = make_feeds(random.Random(SEED), breaks)
        figures |= _compare(name, feeds, {"arna": ours, "feedparser": theirs})
    start = time.process_time()
    count = len(read_listing(make_sitemap(), "https://outlet.example/sitemap.xml").entries)
    figures["sitemap_entries_per_cpu_second"] = count / (time.process_time() - start)
    print(f"sitemap of {count}: {figures['sitemap_entries_per_cpu_second']:.0f} entries per CPU-second")
    return figures


def _moment(entry: dict[str, object]) -> datetime | None:
    parsed = entry.get("published_parsed") or entry.get("updated_parsed")
    return datetime(*parsed[:6], tzinfo=UTC) if parsed else None  # type: ignore[index, misc]


def _compare(name: str, feeds: list[Feed], readers: dict[str, Callable[[Feed], Found]]) -> dict[str, float]:
    spent: dict[str, list[float]] = {key: [] for key in readers}
    found = dict.fromkeys(readers, 0)
    for _ in range(REPEATS):
        for key, read in readers.items():
            start = time.process_time()
            answers = [read(feed) for feed in feeds]
            spent[key].append(time.process_time() - start)
            found[key] = sum(len(answer & feed.planted) for answer, feed in zip(answers, feeds, strict=True))
    planted = sum(len(feed.planted) for feed in feeds)
    shares = {key: count / planted for key, count in found.items()}
    cost = {key: statistics.median(seconds) / len(feeds) * 1000 for key, seconds in spent.items()}
    for key, read in readers.items():
        print(f"{name}: {key:10} {shares[key]:.3f} of {planted} entries, {cost[key]:.2f} ms of CPU per feed")
        for broken in dict.fromkeys(feed.broken for feed in feeds if feed.broken):
            some = [feed for feed in feeds if feed.broken == broken]
            share = sum(len(read(feed) & feed.planted) for feed in some) / sum(len(feed.planted) for feed in some)
            print(f"  {broken:14} {share:.3f}")
    return {
        f"{name}_found": shares["arna"],
        f"{name}_found_beyond_feedparser": shares["arna"] - shares["feedparser"],
        f"{name}_times_as_fast": cost["feedparser"] / cost["arna"],
    }


def make_feeds(source: random.Random, breaks: tuple[str, ...]) -> list[Feed]:
    titles = {lang: [line for line in lines if len(line) > 8] for lang, lines in _read_titles().items()}
    feeds = []
    for number in range(FEEDS):
        lang = source.choice([lang for lang in titles if titles[lang]])
        broken = breaks[number % len(breaks)]
        # a feed of an outlet is in one language and one encoding; windows-1251 lacks the letters of most
        chosen = [source.choice(titles[lang]) for _ in range(ENTRIES)]
        encoding = "cp1251" if all(_fits(title) for title in chosen) and source.random() < 0.6 else "utf-8"
        feeds.append(_make_feed(source, number, chosen, broken, encoding))
    return feeds


def _read_titles() -> dict[str, list[str]]:
    table = tomllib.loads(TITLES.read_text("utf-8"))
    return {lang: [text for text in found if isinstance(text, str)] for lang, found in _flatten(table).items()}


def _flatten(table: dict[str, object]) -> dict[str, list[object]]:
    return {key: value if isinstance(value, list) else [] for key, value in table.items()}


def _fits(title: str) -> bool:
    try:
        title.encode("cp1251")
    except UnicodeEncodeError:
        return False
    return not title.isascii()


def _make_feed(source: random.Random, number: int, titles: list[str], broken: str, encoding: str) -> Feed:
    home = f"https://outlet{number}.example"
    kind = source.choice(["rss", "rss", "rss", "atom", "rdf"])
    if broken in {"unclosed", "russian date", "raw markup", "prefix"}:
        kind = "rss"
    planted: Found = set()
    items = []
    for n, title in enumerate(titles):
        url = f"{home}/news/{n}?id={n}&lang=kk"
        at = datetime(2025, 9, 1, tzinfo=UTC) + timedelta(minutes=source.randrange(60 * 24 * 20))
        shown = f"«{title}» & {n}" if broken in {"ampersand", "entity", "double escape"} else title
        planted.add((url, " ".join(shown.split()), at))
        items.append(_write_item(kind, shown, url, at, broken))
    body = _wrap(kind, items, home, broken, "windows-1251" if encoding == "cp1251" else "UTF-8")
    if broken == "cut":
        body = body[: body.rindex("<title>") + 9]
        planted = {entry for entry in planted if escape(entry[0]) in body}
    header = source.choice([None, "utf-8", "windows-1251"]) if encoding == "cp1251" else source.choice([None, "utf-8"])
    return Feed(f"{home}/feed/", header, body.encode(encoding, "xmlcharrefreplace"), planted, broken)


def _write_item(kind: str, title: str, url: str, at: datetime, broken: str) -> str:
    written = escape(title)
    if broken == "ampersand":
        written = title
    elif broken == "entity":
        written = escape(title).replace("«", "&laquo;").replace("»", "&raquo;")
    elif broken == "double escape":
        written = escape(escape(title)).replace("«", "&amp;laquo;").replace("»", "&amp;raquo;")
    elif broken == "control":
        written = written.replace(" ", " \x0b", 1)
    link = url if broken == "ampersand" else escape(url)
    text = "".join(f"<p>{escape(title)} {n}.</p>" for n in range(12))
    if kind == "atom":
        return (
            f'<entry><title type="html">{written}</title><link rel="self" href="{link}.atom"/><link href="{link}"/>'
            f"<id>{link}</id><published>{at:%Y-%m-%dT%H:%M:%SZ}</published><updated>{at:%Y-%m-%dT%H:%M:%SZ}</updated>"
            f'<content type="html">{escape(text)}</content></entry>'
        )
    date = f"<pubDate>{_mail_date(at + timedelta(hours=5), broken == 'russian date')} +0500</pubDate>"
    if kind == "rdf":
        date = f"<dc:date>{at:%Y-%m-%dT%H:%M:%S}+00:00</dc:date>"
    close = "" if broken == "unclosed" else "</title>"
    media = "<media:content url='a.jpg'><media:title>Фото</media:title></media:content>" if broken == "prefix" else ""
    described = "<p>Мәтін<br>жалғасы" if broken == "raw markup" else f"<![CDATA[{text}]]>"
    return f"<item><title>{written}{close}<link>{link}</link>{media}{date}<description>{described}</description></item>"


def _mail_date(at: datetime, russian: bool) -> str:
    day = WEEKDAYS[at.weekday()] if russian else f"{at:%a}"
    month = MONTHS[at.month - 1] if russian else f"{at:%b}"
    return f"{day}, {at:%d} {month} {at:%Y %H:%M:%S}"


def _wrap(kind: str, items: list[str], home: str, broken: str, charset: str) -> str:
    head = f'<?xml version="1.0" encoding="{charset}"?>\n'
    if broken == "junk":
        head = f"\n\n<br />\n<b>Warning</b>: Cannot modify header in <b>/a.php</b><br />\n{head}"
    inner = "\n".join(items)
    if kind == "atom":
        return (
            f'{head}<feed xmlns="http://www.w3.org/2005/Atom"><title>Outlet</title><link href="{home}/"/>{inner}</feed>'
        )
    channel = f"<title>Outlet</title><link>{home}/</link>"
    if kind == "rdf":
        spaces = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        return f"{head}<rdf:RDF {spaces}><channel>{channel}</channel>{inner}</rdf:RDF>"
    return f'{head}<rss version="2.0"><channel>{channel}{inner}</channel></rss>'


def make_sitemap() -> bytes:
    urls = "\n".join(
        f"<url><loc>https://outlet.example/kk/news/{n}</loc><lastmod>2025-09-23T10:00:00+05:00</lastmod>"
        "<changefreq>daily</changefreq><priority>0.5</priority></url>"
        for n in range(SITEMAP)
    )
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()
