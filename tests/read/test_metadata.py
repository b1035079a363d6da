"""A wrong date makes a reprint the source; a wrong title or byline names the wrong thing to the reader."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from arna.read import published
from arna.read.extract import parse_page
from arna.read.metadata import Metadata, read_metadata
from arna.terms import Outlet, Space, Subject

FETCHED = datetime(2025, 10, 1, 12, tzinfo=UTC)
URL = "https://kk.dala.example/news/1"
OUTLET = Outlet(
    id="dala",
    name="Dala Times",
    origin="kazakhstan",
    country="KZ",
    kind="site",
    languages=("kk-Cyrl", "ru-Cyrl"),
    domains=("dala.example", "dala-kz.example"),
    names={"kk": ("Дала таймс",), "ru": ("Степные новости",)},
)
SPACE = Space("test", "Test", ("kk-Cyrl",), Subject("ua", "Ukraine", {}, ()), (), (), (OUTLET,))


def read(markup: str, url: str = URL, fetched_at: datetime = FETCHED) -> Metadata:
    return read_metadata(parse_page(markup), url, "dala", fetched_at, SPACE)


def day(year: int, month: int, date: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, date, hour, minute, tzinfo=UTC)


GRAPH = """<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
 {"@type": "WebSite", "name": "Dala Times", "url": "https://kk.dala.example/"},
 {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "item":
   {"@type": "NewsArticle", "headline": "Басқа хабар", "datePublished": "2020-01-01"}}]},
 {"@type": ["NewsArticle", "Article"], "headline": "Кездесу &quot;Нью-Йоркте&quot; өтті",
  "datePublished": "2025-09-23T15:30:00+05:00",
  "author": [{"@id": "#p1"}, {"@type": "Person", "name": "Леся Українка"}]},
 {"@type": "Person", "@id": "#p1", "name": "Мұхтар Әуезов"}]}</script>"""


def test_json_ld_graph_gives_headline_date_and_authors_by_reference() -> None:
    said = read(f"<html><head>{GRAPH}</head><body><p>x</p></body></html>")
    assert said.title == 'Кездесу "Нью-Йоркте" өтті'
    assert (said.published_at, said.published_from) == (day(2025, 9, 23, 10, 30), "json-ld")
    assert said.author == "Мұхтар Әуезов, Леся Українка"


@pytest.mark.parametrize(
    "script",
    [
        '{"@type":"NewsArticle","datePublished":"2025-09-23T10:30:00Z",}',
        '<!-- {"@type":"NewsArticle","datePublished":"2025-09-23T10:30:00Z"} -->',
        '//<![CDATA[\n{"@type":"NewsArticle","datePublished":"2025-09-23T10:30:00Z"}\n//]]>',
        '{"@type":"NewsArticle","description":"бір\nекі","datePublished":"2025-09-23T10:30:00Z"};',
        '{"@type":"WebSite","name":"x"}{"@type":"NewsArticle","datePublished":"2025-09-23T10:30:00Z"}',
        '{"@type":"NewsArticle","headline":"Ол "жақсы" деді","datePublished":"2025-09-23T10:30:00Z"',
        '[[{"@type":"http://schema.org/NewsArticle","datePublished":["2025-09-23T10:30:00Z"]}]]',
        '{"@type":"WebPage","mainEntity":{"@type":"BlogPosting","datePublished":"2025-09-23 10:30:00 +0000"}}',
    ],
)
def test_broken_json_ld_still_dates_the_page(script: str) -> None:
    said = read(f'<head><script type="application/ld+json">{script}</script></head>')
    assert (said.published_at, said.published_from) == (day(2025, 9, 23, 10, 30), "json-ld")


def test_of_several_articles_the_page_s_own_is_taken() -> None:
    script = """<script type='application/ld+json'>[{"@type":"NewsArticle","url":"https://kk.dala.example/news/9",
      "datePublished":"2025-08-01"},{"@type":"NewsArticle","mainEntityOfPage":{"@id":"https://kk.dala.example/news/1"},
      "datePublished":"2025-09-23"}]</script>"""
    assert read(script).published_at == day(2025, 9, 23)


@pytest.mark.parametrize(
    "meta",
    [
        '<meta property="article:published_time" content="2025-09-23T15:30:00+05:00">',
        '<meta name="parsely-pub-date" content="2025-09-23T10:30:00Z">',
        '<meta name="sailthru.date" content="Tue, 23 Sep 2025 10:30:00 +0000">',
        '<meta name="DC.date.issued" content="2025-09-23 15:30">',
        '<meta itemprop="datePublished" content="2025-09-23T15:30">',
        '<meta name="mediator_published_time" content="2025-09-23T13:30+03:00">',
        '<body><span itemprop="datePublished" content="2025-09-23T10:30:00Z">бүгін</span>',
    ],
)
def test_meta_dates(meta: str) -> None:
    said = read(f"{meta}<p>x</p>")
    assert (said.published_at, said.published_from) == (day(2025, 9, 23, 10, 30), "meta")


@pytest.mark.parametrize(
    ("country", "written", "expected"),
    [
        ("KZ", "2025-09-23 15:30", day(2025, 9, 23, 10, 30)),
        ("kz", "2024-02-29 15:30", day(2024, 2, 29, 9, 30)),  # the day before the clocks of Almaty went back
        ("uz", "23.09.2025 15:30", day(2025, 9, 23, 10, 30)),
        ("tm", "2025-09-23T15:30:00", day(2025, 9, 23, 10, 30)),
        ("TJ", "2025-09-23 15:30", day(2025, 9, 23, 10, 30)),
        ("kg", "2025-09-23 15:30", day(2025, 9, 23, 9, 30)),
        ("ru", "2025-09-23 15:30", day(2025, 9, 23, 12, 30)),
        ("ua", "2025-09-23 15:30", day(2025, 9, 23, 12, 30)),
        ("ua", "2025-01-23 15:30", day(2025, 1, 23, 13, 30)),
        ("GB", "2025-09-23 15:30", day(2025, 9, 23, 14, 30)),
        ("", "2025-09-23 15:30", day(2025, 9, 23, 15, 30)),
        ("kz", "2025-09-23T15:30:00+03:00", day(2025, 9, 23, 12, 30)),
        ("kz", "2025-09-23", day(2025, 9, 23)),
        ("kz", "2025-09-23T00:00:00", day(2025, 9, 23)),
    ],
)
@pytest.mark.parametrize(
    "markup",
    [
        '<script type="application/ld+json">{{"@type":"NewsArticle","datePublished":"{}"}}</script>',
        '<meta name="pubdate" content="{}">',
        '<h1>Елші келді</h1><time datetime="{}">бүгін</time>',
        "<h1>Елші келді</h1><p>{}</p>",
    ],
)
def test_a_time_without_a_zone_is_the_outlet_s_own(country: str, written: str, expected: datetime, markup: str) -> None:
    space = replace(SPACE, outlets=(replace(OUTLET, country=country),))
    said = read_metadata(parse_page(markup.format(written)), URL, "dala", FETCHED, space)
    assert said.published_at == expected


def test_a_time_without_a_zone_on_an_outlet_nobody_registered_is_utc() -> None:
    page = parse_page('<meta name="pubdate" content="2025-09-23 15:30">')
    assert read_metadata(page, URL, "stranger", FETCHED, SPACE).published_at == day(2025, 9, 23, 15, 30)


def test_without_zone_tables_times_stay_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_none(name: str, key: str = "") -> ZoneInfo:
        raise ZoneInfoNotFoundError(name)

    monkeypatch.setattr(published, "files", lambda package: Path("/nowhere"))
    monkeypatch.setattr(published, "ZoneInfo", find_none)
    assert published.zone_of_country.__wrapped__("kz") is UTC


def test_a_comment_s_date_is_not_the_article_s() -> None:
    said = read(
        '<h1>Хабар</h1><div class="comments"><span itemprop="datePublished">2025-09-25</span>'
        '<time datetime="2025-09-26">кеше</time></div>'
    )
    assert said.published_from == "fetched"


@pytest.mark.parametrize("wrong", ["2099-01-01T00:00:00Z", "1970-01-01", "0001-01-01T00:00:00", "кеше", "2025-13-45"])
def test_a_date_not_believed_leaves_the_word_to_the_next_source(wrong: str) -> None:
    markup = (
        f'<script type="application/ld+json">{{"@type":"Article","datePublished":"{wrong}"}}</script>'
        f'<meta name="pubdate" content="{wrong}"><h1>Хабар тақырыбы осы</h1><time datetime="{wrong}">x</time>'
    )
    assert read(markup).published_from == "fetched"
    assert read(markup).published_at == FETCHED
    dated = read(markup + "<p>2025 жылғы 23 қыркүйек, 18:05</p>")
    assert (dated.published_at, dated.published_from) == (day(2025, 9, 23, 13, 5), "text")


def test_a_clock_ahead_by_a_zone_is_believed_and_by_a_week_is_not() -> None:
    ahead = '<meta property="article:published_time" content="2025-10-02T09:00:00Z">'
    assert read(ahead).published_from == "meta"
    assert read(ahead.replace("10-02", "10-08")).published_from == "fetched"


def test_the_time_nearest_to_the_headline_wins() -> None:
    said = read(
        '<ul class="ticker"><li><time datetime="2025-09-30T08:00Z">08:00</time> Басқа</li></ul>'
        "<div><article><header><h1>Елші сұхбат берді бүгін</h1></header>"
        '<div class="meta"><time class="updated" datetime="2025-09-29T08:00Z">x</time>'
        '<time datetime="2025-09-23T08:00Z">23.09</time></div><p>Мәтін</p></article>'
        '<div class="related"><h2>Тағы</h2><time datetime="2025-09-28T08:00Z">28.09</time></div></div>'
    )
    assert (said.published_at, said.published_from) == (day(2025, 9, 23, 8), "time")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2025 жылғы 23 қыркүйек, 14:30", day(2025, 9, 23, 9, 30)),
        ("23 сентября 2025 года", day(2025, 9, 23)),
        ("23-sentabr, 2025-yil", day(2025, 9, 23)),
        ("2025-nji ýylyň 23-nji sentýabry", day(2025, 9, 23)),
        ("2025-жылдын 23-сентябры", day(2025, 9, 23)),
        ("23 сентябри соли 2025", day(2025, 9, 23)),
        ("Опубліковано: 23 вересня 2025, 02:15", day(2025, 9, 22, 21, 15)),
        ("Published September 23, 2025", day(2025, 9, 23)),
        ("23.09.2025 18:40", day(2025, 9, 23, 13, 40)),
    ],
)
@pytest.mark.parametrize("above", [True, False])
def test_visible_date_near_the_headline_in_eight_languages(written: str, expected: datetime, above: bool) -> None:
    date, heading = f"<div><span>{written}</span></div>", "<h1>Елші сұхбат берді</h1>"
    parts = date + heading if above else heading + "<div><a href='/'>Саясат</a></div>" + date
    said = read(f"<body><div>{parts}</div><p>Мәтін</p></body>")
    assert (said.published_at, said.published_from) == (expected, "text")


def test_a_date_told_in_the_story_is_not_its_own() -> None:
    story = "Кездесу 2019 жылғы 5 мамырда болған, содан бері екі ел басшысы тек телефонмен сөйлескен, деді " * 3
    assert read(f"<h1>Елші сұхбат берді</h1><p>{story}</p>").published_from == "fetched"
    sentence = "Олар бұл туралы 2025 жылғы 23 қыркүйекте Нью-Йоркте өткен кездесуде келісті."
    assert read(f"<h1>Елші сұхбат берді</h1><p>{sentence}</p>").published_from == "fetched"


def test_date_in_the_address_alone_or_confirmed_wins_and_contradicted_loses() -> None:
    url = "https://kk.dala.example/2025/09/23/elshi"
    heading = "<h1>Елші сұхбат берді</h1>"
    assert read(heading, url).published_from == "url"
    assert read(f"{heading}<p>23 қыркүйек 2025</p>", url).published_at == day(2025, 9, 23)
    contradicted = read(f"{heading}<p>20 қыркүйек 2025</p>", url)
    assert (contradicted.published_at, contradicted.published_from) == (day(2025, 9, 20), "text")
    assert read(heading, "https://kk.dala.example/2099/01/01/x").published_from == "fetched"
    assert read(heading, "https://kk.dala.example/20250923-elshi").published_at == day(2025, 9, 23)


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("<title>Елші келді | Dala Times</title>", "Елші келді"),
        ("<title>Степные новости — Посол дал интервью — впервые за год</title>", "Посол дал интервью — впервые за год"),
        ('<meta property="og:site_name" content="ДТ"><title>Elchi keldi – ДТ</title>', "Elchi keldi"),
        ("<title>Посол — о торговле и поставках</title>", "Посол — о торговле и поставках"),
        ('<meta property="og:title" content="Посол дал интервью"><h1>Dala Times</h1>', "Посол дал интервью"),
        (
            '<meta property="og:title" content="Посол дал интервью сегодня"><h1>Посол дал <br>интервью газете</h1>',
            "Посол дал интервью газете",
        ),
        ("<title>Ilçi geldi</title><h1>Söwda</h1>", "Ilçi geldi"),
        ("<h1>Элчи <b>кел</b>ди</h1>", "Элчи келди"),
        ('<meta property="og:title" content="Сафир гуфт: &amp;laquo;Бале&amp;raquo;">', "Сафир гуфт: «Бале»"),
        ("<body><svg><title>logo</title></svg><h1>Посол прибув до столиці</h1></body>", "Посол прибув до столиці"),
    ],
)
def test_title_without_the_site_s_name(markup: str, title: str) -> None:
    assert read(markup).title == title


def test_page_without_any_title_has_none() -> None:
    assert read("<p>x</p>").title is None


@pytest.mark.parametrize(
    ("markup", "author"),
    [
        ('<meta name="author" content="Мұхтар Әуезов">', "Мұхтар Әуезов"),
        ('<a rel="author" href="/a">Садриддин Айнӣ</a>', "Садриддин Айнӣ"),
        ('<div class="article__author">Автор: Антон Чехов</div>', "Антон Чехов"),
        ('<p class="byline">By Mark Twain | 23 September 2025</p>', "Mark Twain"),
        ('<span class="author-name">Muallif: Abdulla Qodiriy</span>', "Abdulla Qodiriy"),
        ('<span class="post-author">Авторы: Чыңгыз Айтматов, 23.09.2025</span>', "Чыңгыз Айтматов"),
        ('<span itemprop="author"><span itemprop="name">Magtymguly Pyragy</span></span>', "Magtymguly Pyragy"),
        ('<div class="byline">Текст: Леся Українка – кореспондентка</div>', "Леся Українка"),
        ('<meta name="author" content="admin"><meta property="article:author" content="https://fb.example/x">', None),
        ('<meta name="author" content="Dala Times">', None),
        ('<meta name="author" content="Степные новости">', None),
        ('<meta name="author" content="Редакция">', None),
        ('<div class="comments"><span class="comment-author">Guest 7</span></div>', None),
        ('<meta name="author" content="desk@dala.example">', None),
        ('<div class="author">Бұл мақаланы жазған адам туралы. Ол ұзақ жыл бойы тілші болған.</div>', None),
        ('<meta name="author" content="Reuters">', "Reuters"),
    ],
)
def test_byline(markup: str, author: str | None) -> None:
    assert read(f"<body>{markup}<p>x</p></body>").author == author


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<link rel="canonical" href="/news/1-elshi?utm_source=x">', "https://kk.dala.example/news/1-elshi"),
        ('<link rel="canonical" href="https://www.dala.example/news/1">', "https://www.dala.example/news/1"),
        ('<link rel="canonical" href="https://dala-kz.example/news/1">', "https://dala-kz.example/news/1"),
        ('<link rel="canonical" href="https://other.example/news/1">', URL),
        ('<link rel="canonical" href="https://kk.dala.example/">', URL),
        ('<link rel="canonical" href="http://[">', URL),
        ('<meta property="og:url" content="https://kk.dala.example/n/1#x">', "https://kk.dala.example/n/1"),
        (
            '<link rel="canonical" href="https://other.example/"><meta property="og:url" content="https://kk.dala.example/n/2">',
            "https://kk.dala.example/n/2",
        ),
    ],
)
def test_canonical_address_only_of_the_same_outlet(head: str, expected: str) -> None:
    assert read(f"<head>{head}</head>").url == expected


def test_base_element_moves_relative_links() -> None:
    assert read('<head><base href="/ru/"></head>').base == "https://kk.dala.example/ru/"
