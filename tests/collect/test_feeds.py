"""A feed that is read half is a hole in the space; these are the ways real feeds are written and broken."""

import json
import tracemalloc
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arna.collect.feeds import MOST, Listed, find_canonical, find_feeds, read_listing

HOME = "https://habar.example.kz/feed/"
SEPTEMBER = datetime(2025, 9, 23, 9, 30, tzinfo=UTC)
KAZAKH = "Қазақстан Украинаның аумақтық тұтастығын қолдайтынын қайталады"
RUSSIAN = "Товарооборот Украины и Казахстана составил 410 миллионов долларов"
TURKMEN = "Türkmenistan bilen Ukrainanyň arasyndaky söwda ösýär"


def rss(*items: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>', root: str = "") -> str:
    return f'{head}<rss version="2.0"{root}><channel><title>Хабар</title><link>https://habar.example.kz/</link>{"".join(items)}</channel></rss>'


def item(title: str, link: str = "https://habar.example.kz/1", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def only(body: str | bytes, url: str = HOME, charset: str | None = None) -> Listed:
    listing = read_listing(body.encode() if isinstance(body, str) else body, url, charset)
    assert len(listing.entries) == 1, listing
    return listing.entries[0]


RSS1 = f"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://habar.example.kz/">
 <title>Хабар</title><link>https://habar.example.kz/</link><items><rdf:Seq><rdf:li rdf:resource="https://habar.example.kz/1"/></rdf:Seq></items></channel>
 <item rdf:about="https://habar.example.kz/1"><title>{KAZAKH}</title><link>https://habar.example.kz/1</link><dc:date>2025-09-23T14:30:00+05:00</dc:date></item></rdf:RDF>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Хабар</title><link href="https://habar.example.kz/"/><updated>2025-09-24T00:00:00Z</updated>
 <entry><title>{KAZAKH}</title><id>urn:x:1</id><link rel="self" href="https://habar.example.kz/1.atom"/><link rel="enclosure" href="https://habar.example.kz/1.mp3"/>
 <link rel="alternate" type="application/json" href="https://habar.example.kz/1.json"/><link rel="alternate" type="text/html" href="https://habar.example.kz/1"/>
 <published>2025-09-23T14:30:00+05:00</published><updated>2025-09-23T15:30:00+05:00</updated></entry></feed>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Хабар",
        "items": [
            {
                "id": "1",
                "url": "https://habar.example.kz/1",
                "title": KAZAKH,
                "date_published": "2025-09-23T14:30:00+05:00",
            }
        ],
    }
)
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc> https://habar.example.kz/1
 </loc><lastmod>2025-09-23T14:30:00+05:00</lastmod></url></urlset>"""
NEWS = f"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url><loc>https://habar.example.kz/1</loc>
 <image:image><image:loc>https://habar.example.kz/1.jpg</image:loc><image:title>Сурет</image:title></image:image>
 <n:news><n:publication><n:name>Хабар</n:name><n:language>kk</n:language></n:publication>
 <n:publication_date>2025-09-23T14:30:00+05:00</n:publication_date><n:title>{KAZAKH}</n:title></n:news></url></urlset>"""


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (rss(item(KAZAKH, more="<pubDate>Tue, 23 Sep 2025 14:30:00 +0500</pubDate>")), "rss"),
        (
            rss(item(KAZAKH, more="<pubDate>Tue, 23 Sep 2025 14:30:00 +0500</pubDate>")).replace(
                'version="2.0"', 'version="0.91"'
            ),
            "rss",
        ),
        (RSS1, "rss"),
        (ATOM, "atom"),
        (JSON_FEED, "json"),
        (NEWS, "news-sitemap"),
    ],
)
def test_every_kind_gives_address_title_and_time(body: str, kind: str) -> None:
    listing = read_listing(body.encode(), HOME)
    assert (listing.kind, listing.trouble, listing.children) == (kind, "", ())
    [entry] = listing.entries
    assert (entry.url, entry.title, entry.published_at) == ("https://habar.example.kz/1", KAZAKH, SEPTEMBER)


def test_sitemap_time_is_of_the_change() -> None:
    assert read_listing(SITEMAP.encode(), HOME).kind == "sitemap"
    assert only(SITEMAP) == Listed("https://habar.example.kz/1", "", None, SEPTEMBER)


def test_index_lists_sitemaps() -> None:
    body = '<sm:sitemapindex xmlns:sm="http://www.sitemaps.org/schemas/sitemap/0.9"><sm:sitemap><sm:loc>/s-1.xml</sm:loc><sm:lastmod>2025-09-23</sm:lastmod></sm:sitemap></sm:sitemapindex>'
    listing = read_listing(body.encode(), "https://habar.example.kz/sitemap.xml")
    assert (listing.kind, listing.entries, listing.trouble) == ("index", (), "")
    assert listing.children == (
        Listed("https://habar.example.kz/s-1.xml", "", None, datetime(2025, 9, 23, tzinfo=UTC)),
    )


def test_text_sitemap() -> None:
    listing = read_listing(
        "\ufeffhttps://habar.example.kz/1\r\n\r\nhttps://habar.example.kz/қазақстан\r\n".encode(), HOME
    )
    assert (listing.kind, listing.trouble) == ("sitemap", "")
    assert [entry.url for entry in listing.entries] == [
        "https://habar.example.kz/1",
        "https://habar.example.kz/қазақстан",
    ]


@pytest.mark.parametrize("encoding", ["cp1251", "utf-8", "utf-8-sig", "utf-16", "koi8-r"])
@pytest.mark.parametrize("declared", ["windows-1251", "UTF-8", None])
@pytest.mark.parametrize("header", ["windows-1251", "utf-8", "iso-8859-1", None])
def test_titles_survive_wrong_charsets(encoding: str, declared: str | None, header: str | None) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    body = rss(*(item(RUSSIAN, f"https://habar.example.kz/{n}") for n in range(5)), head=head)
    listing = read_listing(body.encode(encoding), HOME, header)
    assert [entry.title for entry in listing.entries] == [RUSSIAN] * 5


@pytest.mark.parametrize("declared", ["windows-1251", "kz-1048", "UTF-8"])
def test_kazakh_in_its_own_one_byte_encoding(declared: str) -> None:
    body = rss(
        *(item(KAZAKH, f"https://habar.example.kz/{n}") for n in range(5)),
        head=f'<?xml version="1.0" encoding="{declared}"?>',
    )
    assert read_listing(body.encode("kz1048"), HOME, "windows-1251").entries[0].title == KAZAKH


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Қазақстан & Украина", "Қазақстан & Украина"),
        ("&laquo;Хабар&raquo;&nbsp;&mdash; жаңалық", "«Хабар» — жаңалық"),
        ("&amp;laquo;Хабар&amp;raquo;", "«Хабар»"),
        ("<![CDATA[ <b>Хабар</b> &quot;жаңалық&quot; ]]>", 'Хабар "жаңалық"'),
        ("<![CDATA[Бір]]> <![CDATA[екі]]>", "Бір екі"),
        ("&#1178;азақстан &#x2014; Украина &#0;", "Қазақстан — Украина \ufffd"),
        ("Баға\x0b 5 < 6\x00", "Баға 5 < 6"),
        ("Бір <i>екі</i> үш", "Бір екі үш"),
        ("  Бір\n\t екі  ", "Бір екі"),
        (f"{TURKMEN} <!-- düşündiriş -->", TURKMEN),
    ],
)
def test_titles_as_feeds_write_them(written: str, title: str) -> None:
    assert only(rss(item(written))).title == title


def test_plain_text_of_atom_keeps_what_looks_like_markup() -> None:
    body = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="text">&lt;b&gt; деген тег</title><link href="/1"/></entry></feed>'
    assert only(body).title == "<b> деген тег"


@pytest.mark.parametrize(
    ("parts", "url"),
    [
        ("<link>/n/1</link>", "https://habar.example.kz/n/1"),
        ("<link><![CDATA[\n https://habar.example.kz/n?a=1&copy=2 ]]></link>", "https://habar.example.kz/n?a=1&copy=2"),
        (
            "<link>https://habar.example.kz/n?a=1&amp;b=2&c=3&copy=4</link>",
            "https://habar.example.kz/n?a=1&b=2&c=3&copy=4",
        ),
        ("<link/><guid>https://habar.example.kz/2</guid>", "https://habar.example.kz/2"),
        ('<link></link><guid isPermaLink="true">https://habar.example.kz/2</guid>', "https://habar.example.kz/2"),
        ('<link href="https://habar.example.kz/3"/>', "https://habar.example.kz/3"),
        (
            "<link>https://proxy.example.com/~r/1</link><feedburner:origLink>https://habar.example.kz/4</feedburner:origLink>",
            "https://habar.example.kz/4",
        ),
        (
            '<atom:link rel="self" href="https://habar.example.kz/feed"/><link>https://habar.example.kz/5</link>',
            "https://habar.example.kz/5",
        ),
        (
            "<source url='https://o.example/'>Агенттік</source><link>https://habar.example.kz/6</link>",
            "https://habar.example.kz/6",
        ),
        (
            "<media:group><media:title>Видео</media:title><link>https://o.example/v</link></media:group><link>https://habar.example.kz/7</link>",
            "https://habar.example.kz/7",
        ),
        (
            "<image><link>https://o.example/i</link><title>Сурет</title></image><link>https://habar.example.kz/8</link>",
            "https://habar.example.kz/8",
        ),
    ],
)
def test_address_of_an_entry(parts: str, url: str) -> None:
    entry = only(rss(f"<item>{parts}<title>Хабар</title></item>"))
    assert (entry.url, entry.title) == (url, "Хабар")


@pytest.mark.parametrize(
    "parts",
    [
        '<link/><guid isPermaLink="false">https://habar.example.kz/2</guid>',
        "<link>javascript:alert(1)</link>",
        "<link>file:///etc/passwd</link>",
        "<link>https://[::1</link>",
        "<link>ftp://habar.example.kz/1</link>",
        "<title>Хабар</title>",
    ],
)
def test_entry_without_a_web_address_is_counted(parts: str) -> None:
    listing = read_listing(rss(f"<item>{parts}</item>", item("Хабар")).encode(), HOME)
    assert len(listing.entries) == 1
    assert listing.trouble == "1 of its 2 entries name no web address"


def test_xml_base_goes_before_the_feeds_address() -> None:
    body = '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://o.example/a/"><entry xml:base="b/"><title>T</title><link href="c"/></entry><entry><link href="d"/></entry></feed>'
    assert [entry.url for entry in read_listing(body.encode(), HOME).entries] == [
        "https://o.example/a/b/c",
        "https://o.example/a/d",
    ]


def test_odd_and_undeclared_prefixes() -> None:
    body = ATOM.replace("<", "<q:").replace("<q:/", "</q:").replace("xmlns=", "xmlns:q=")
    assert only(body).title == KAZAKH
    item_ = item("Хабар", more="<d:date>2025-09-23T14:30:00+05:00</d:date>")
    assert only(rss(item_, root=' xmlns:d="http://purl.org/dc/elements/1.1/"')).published_at == SEPTEMBER
    assert only(rss(item("Хабар", more="<dc:date>2025-09-23T14:30:00+05:00</dc:date>"))).published_at == SEPTEMBER
    assert only(rss(item("Хабар", more="<media:title>Видео</media:title>"))).title == "Хабар"


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("Tue, 23 Sep 2025 14:30:00 +0500", SEPTEMBER),
        ("23 Sep 2025 14:30:00 +0500", SEPTEMBER),
        ("Tue, 23 Sep 25 14:30:00 +0500", SEPTEMBER),
        ("Tue, 23 September 2025 12:30:00 MSK", SEPTEMBER),
        ("Вт, 23 сен 2025 14:30:00 +0500", SEPTEMBER),
        ("23 қыркүйек 2025, 14:30 +0500", SEPTEMBER),
        ("23 вересня 2025 12:30 +0300", SEPTEMBER),
        ("2025-09-23 14:30:00 +0500", SEPTEMBER),
        ("2025-09-23T09:30:00.000Z", SEPTEMBER),
        ("23.09.2025 09:30", SEPTEMBER),
        ("Tue, 23 Sep 2025 09:30:00", SEPTEMBER),
        ("1758619800", SEPTEMBER),
        ("2025-09-23", datetime(2025, 9, 23, tzinfo=UTC)),
        ("0000-00-00 00:00:00", None),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
        ("2199-01-01T00:00:00Z", None),
        ("2025-02-30T10:00:00Z", None),
        ("бүгін", None),
        ("", None),
        ("9" * 150, None),
    ],
)
def test_dates(written: str, moment: datetime | None) -> None:
    assert only(rss(item("Хабар", more=f"<pubDate>{written}</pubDate>"))).published_at == moment


def test_broken_xml_gives_what_is_there_and_says_where() -> None:
    body = rss(
        "\n" + item("Бір", "https://habar.example.kz/1"),
        "\n<item><title>Екі<link>https://habar.example.kz/2</link><pubDate>2025-09-23T14:30:00+05:00</pubDate></item>",
        "\n<item><title>Үш</title><link>https://habar.example.kz/3</link><description>Мәтін<br>жалғасы</description>",
        "\n" + item("Төрт", "https://habar.example.kz/4"),
    )
    listing = read_listing(body.encode(), HOME)
    assert [(entry.title, entry.url[-1]) for entry in listing.entries] == [
        ("Бір", "1"),
        ("Екі", "2"),
        ("Үш", "3"),
        ("Төрт", "4"),
    ]
    assert listing.entries[1].published_at == SEPTEMBER
    assert listing.trouble == "its XML is broken from line 3 on"


def test_junk_before_the_declaration() -> None:
    body = "\n\n<br />\n<b>Warning</b>: mysql_connect() in <b>/a.php</b><br />\n" + rss(item(KAZAKH))
    assert only(body).title == KAZAKH


@pytest.mark.parametrize(
    "end",
    [
        "<link>https://habar.example.kz/12",
        "<link>",
        '<link href="https://habar.example.kz/12',
        "<title>x</title><link><![CDATA[https://habar.example.kz/12",
        "<ti",
        "",
    ],
)
def test_cut_off_feed_gives_no_half_address(end: str) -> None:
    whole = rss(item("Бір"), "\n<item>")
    body = whole[: whole.rindex("</channel>")] + end
    listing = read_listing(body.encode(), HOME)
    assert [entry.url for entry in listing.entries] == ["https://habar.example.kz/1"]
    assert listing.trouble == "it is cut off at line 2"


def test_broken_json_gives_the_items_before_the_damage() -> None:
    listing = read_listing(JSON_FEED.removesuffix("]}").encode() + b', {"url": "https://habar.exa', HOME)
    assert [entry.title for entry in listing.entries] == [KAZAKH]
    assert listing.trouble.startswith("its JSON is broken: ")


def test_json_feed_of_odd_items() -> None:
    items = [
        7,
        {"id": 5},
        {"id": "https://habar.example.kz/1", "title": None},
        {"external_url": "/2", "title": "A &amp; B"},
    ]
    listing = read_listing(json.dumps({"items": items}).encode(), HOME)
    assert [(entry.url, entry.title) for entry in listing.entries] == [
        ("https://habar.example.kz/1", ""),
        ("https://habar.example.kz/2", "A & B"),
    ]
    assert listing.trouble == "2 of its 4 entries name no web address"


@pytest.mark.parametrize(
    ("body", "trouble"),
    [
        (b"", "the answer is empty"),
        (b" \n\t ", "the answer is empty"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "it is a web page (HTML), not a feed or sitemap"),
        (b"<html lang='kk'><body><rss></rss>", "it is a web page (HTML), not a feed or sitemap"),
        (b'{"error": 404}', "it is JSON, but no JSON Feed: it has no list 'items'"),
        (b"Not found", "it is neither a feed nor a sitemap; it begins with 'Not found'"),
    ],
)
def test_what_is_no_feed_says_so(body: bytes, trouble: str) -> None:
    listing = read_listing(body, HOME)
    assert (listing.kind, listing.entries, listing.trouble) == ("none", (), trouble)


def test_empty_feed_says_so() -> None:
    assert read_listing(rss().encode(), HOME).trouble == "it lists nothing"


def test_repeated_address_counts_once() -> None:
    assert only(rss(item("Бір"), item("Екі"))).title == "Бір"


def test_sitemap_is_capped_and_says_so() -> None:
    urls = "".join(f"<url><loc>https://habar.example.kz/{n}</loc></url>" for n in range(MOST + 1))
    listing = read_listing(f"<urlset>{urls}</urlset>".encode(), HOME)
    assert len(listing.entries) == MOST
    assert listing.trouble == "it lists more than 50,000 addresses, of which the first 50,000 are read"


def test_large_file_is_read_up_to_a_bound_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arna.collect.feeds.LARGEST", 1 << 20)
    urls = "".join(f"<url><loc>https://habar.example.kz/{n:07}</loc></url>\n" for n in range(30_000))
    listing = read_listing(f"<urlset>{urls}</urlset>".encode(), HOME)
    assert 15_000 < len(listing.entries) < 25_000
    assert {len(entry.url) for entry in listing.entries} == {len("https://habar.example.kz/0000000")}
    assert listing.trouble.startswith("it is larger than 1 MB, of which the first are read; it is cut off at line ")


BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
TRICKS = {
    "bomb": f'<!DOCTYPE rss [<!ENTITY l0 "лол">{BOMB}]>',
    "external": '<!DOCTYPE rss [<!ENTITY l11 SYSTEM "file:///etc/passwd">]>',
    "parameter": '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p; <!ENTITY l11 "<item><link>https://evil.example/</link></item>">]>',
    "outer": '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY l11 "<rss><item><link>https://evil.example/</link></item></rss>">]>',
    "quadratic": f'<!DOCTYPE rss [<!ENTITY l11 "{"a" * 100_000}">]>',
}


@pytest.mark.parametrize("trick", TRICKS)
def test_entity_tricks_yield_nothing(trick: str) -> None:
    body = rss(item("Хабар" + "&l11;" * 5000), head=f'<?xml version="1.0"?>{TRICKS[trick]}').encode()
    tracemalloc.start()
    entry = only(body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (entry.title, entry.url) == ("Хабар", "https://habar.example.kz/1")
    assert peak < 12 * len(body) + 500_000


def test_depth_is_bounded() -> None:
    listing = read_listing(rss(item("Бір"), "<a>" * 100_000).encode(), HOME)
    assert [entry.title for entry in listing.entries] == ["Бір"]
    assert listing.trouble.startswith("its elements stand more than 256 deep")


def test_memory_of_a_large_sitemap_is_bounded() -> None:
    url = (
        f"<url><loc>https://habar.example.kz/%d/{'a' * 60}</loc><lastmod>2025-09-23</lastmod><x>{'b' * 200}</x></url>\n"
    )
    body = ("<urlset>" + "".join(url % n for n in range(20_000)) + "</urlset>").encode()
    tracemalloc.start()
    listing = read_listing(body, HOME)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(listing.entries) == 20_000
    assert peak < 4 * len(body)


PIECES = [
    "<",
    ">",
    "/",
    "<rss>",
    "<feed>",
    "<urlset>",
    "<item>",
    "</item>",
    "<entry",
    "<link>",
    "<url><loc>",
    "https://a.example/",
    "<title>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "<!DOCTYPE x [",
    "<!ENTITY a 'b'>",
    "&",
    "&#x110000;",
    "&a;",
    "{",
    '{"items": [',
    "[",
    '"',
    "'",
    "\ud800",
    "\0",
    "қ",
    " href='//[",
    "xml:base='http://['",
    "<pubDate>",
    "9" * 30,
    "<content type='xhtml'>",
]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.sampled_from(["utf-8", "utf-16", "cp1251"]))
@settings(max_examples=300, deadline=None)
def test_any_markup_is_read_without_an_error(text: str, encoding: str) -> None:
    body = text.encode(encoding, "replace")
    listing = read_listing(body, HOME, "x")
    for entry in (*listing.entries, *listing.children):
        assert entry.url.startswith(("http://", "https://"))
    find_feeds(body, HOME)
    find_canonical(body, HOME)


@given(
    st.binary(max_size=200),
    st.sampled_from([HOME, "", "http://[", "not an address"]),
    st.sampled_from([None, "utf-16", "base64"]),
)
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_without_an_error(body: bytes, url: str, charset: str | None) -> None:
    listing = read_listing(body, url, charset)
    assert listing.entries or listing.children or listing.trouble
    find_feeds(body, url, charset)
    find_canonical(body, url)


def test_every_prefix_of_a_feed_lists_only_addresses_of_the_feed() -> None:
    body = rss(*(item(f"Хабар {n}", f"https://habar.example.kz/news/{n}") for n in range(3))).encode()
    whole = {entry.url for entry in read_listing(body, HOME).entries}
    for end in range(len(body)):
        assert {entry.url for entry in read_listing(body[:end], HOME).entries} <= whole


def test_feeds_a_home_page_names() -> None:
    page = """<html><head><base href="https://habar.example.kz/kk/">
    <link rel="alternate" type="application/rss+xml" title="Пікірлер" href="/comments/feed/">
    <link rel="alternate" type="application/rss+xml" title="Хабар" href="feed.xml">
    <link rel=alternate type='application/atom+xml; charset=utf-8' href=https://habar.example.kz/atom>
    <link rel="alternate" type="application/feed+json" href="feed.json"><link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">
    <link rel="alternate" hreflang="ru" href="https://habar.example.kz/ru/"><link rel="stylesheet" type="text/css" href="a.css">
    <link rel="alternate" type="application/rss+xml" href="javascript:x"><link rel="alternate" type="application/rss+xml" href="feed.xml"></head><body></body></html>"""
    assert find_feeds(page.encode(), "https://habar.example.kz/") == (
        "https://habar.example.kz/kk/feed.xml",
        "https://habar.example.kz/atom",
        "https://habar.example.kz/kk/feed.json",
        "https://habar.example.kz/comments/feed/",
    )


@pytest.mark.parametrize(
    ("head", "canonical"),
    [
        ('<link rel="canonical" href="https://habar.example.kz/n/1">', "https://habar.example.kz/n/1"),
        ("<LINK HREF='/n/1?a=1&amp;b=2' REL='Canonical'/>", "https://habar.example.kz/n/1?a=1&b=2"),
        ("<link href=/n/1 rel=canonical>", "https://habar.example.kz/n/1"),
        ('<base href="/kk/"><link rel="canonical" href="1">', "https://habar.example.kz/kk/1"),
        (
            '<!-- <link rel="canonical" href="/old"> --><link rel="canonical" href="/n/1">',
            "https://habar.example.kz/n/1",
        ),
        ('<link rel="canonical" href="">', ""),
        ('<link rel="canonical" href="javascript:1">', ""),
        ('<title>canonical</title></head><body><link rel="canonical" href="/n/1">', ""),
        ("", ""),
    ],
)
def test_canonical_address(head: str, canonical: str) -> None:
    assert (
        find_canonical(f"<html><head>{head}</head><body></body></html>".encode(), "https://habar.example.kz/x")
        == canonical
    )
