from __future__ import annotations

import re
import shutil
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from deltalake import write_deltalake
from selectolax.lexbor import LexborHTMLParser

from arna.air import charts
from arna.air.report import QUERIES, write_report
from arna.errors import StoreError
from arna.store import Lake, LakeWriter
from arna.terms import SCHEMAS

if TYPE_CHECKING:
    from pathlib import Path

SPACE = """
id = "{id}"
title = "Ukraine, as read in Karaganda"
languages = ["kk-Cyrl", "kk-Latn", "ru-Cyrl", "uk-Cyrl"]
[subject]
id = "ukraine"
title = "Ukraine"
own_origins = ["ukraine"]
[subject.stems]
ru = ["украин"]
[[origins]]
id = "agencies"
title = "State agencies"
[[origins]]
id = "ukraine"
title = "Ukraine"
[[topics]]
id = "economy"
title = "Economy & trade"
[topics.stems]
ru = ["торг"]
[[topics]]
id = "culture"
title = "Culture"
[topics.stems]
ru = ["культур"]
"""
OUTLETS = """
[[outlet]]
id = "agency"
name = "Степь-Информ"
origin = "agencies"
country = "kz"
kind = "agency"
languages = ["ru-Cyrl"]
domains = ["agency.example"]
[outlet.names]
en = ["Step-Inform"]
[[outlet]]
id = "zoria"
name = "Зоря"
origin = "ukraine"
country = "ua"
kind = "newspaper"
languages = ["uk-Cyrl"]
domains = ["zoria.example"]
[[outlet]]
id = "aina"
name = "Айна"
origin = "agencies"
country = "kz"
kind = "portal"
languages = ["kk-Cyrl", "ru-Cyrl"]
domains = ["aina.example"]
"""
WEEK = date(2025, 10, 6)
NOON = datetime(2025, 10, 6, 12, tzinfo=UTC)
SOURCE = "Торговля Украины с Казахстаном в 2024 году составила 410 миллионов долларов, говорят в Киеве."
COPY = f"Айна, Алматы. {SOURCE} Об этом сообщает Степь-Информ. Подробнее читайте на сайте."
KAZAKH = "Украинаның Қазақстанмен саудасы өсті, деп хабарлайды Зоря. Әңгіме ұзаққа созылды."
HOSTILE = "<script>alert('1')</script>\x00 \u202egnp.exe " + "ұ" * 3_000 + " & <b>"


def article(id_: str, outlet: str, lang: str, text: str, **more: object) -> dict[str, Any]:
    return {
        "id": id_,
        "document_id": f"d-{id_}",
        "url": f"https://{outlet}.example/{id_}",
        "outlet": outlet,
        "title": f"Заголовок {id_}",
        "published_at": NOON,
        "published_from": "meta",
        "lang": lang,
        "text": text,
        **more,
    }


def rest(id_: str, text: str, part: str, kind: str, **more: object) -> dict[str, Any]:
    begin = text.index(part)
    row = {"article_id": id_, "begin": begin, "end": begin + len(part), "kind": kind, "score": 0.96}
    return {**row, "direction": "clock", "direction_confidence": 0.75, "detail": "{}", **more}


def cell(topic: str, lang: str, status: str, **more: object) -> dict[str, Any]:
    row = {"topic": topic, "lang": lang, "status": status, "articles": 4, "own_share": 0.1, "low": 0.02, "high": 0.19}
    more = {"top_origin": "agencies", "top_share": 0.9, "health": 0.97, "demand": 1.0} | more
    return {**row, "first_week": WEEK, "last_week": WEEK, **more}


def cover(topic: str, lang: str, origin: str, words: float, weeks: int = 0) -> dict[str, Any]:
    return {
        "topic": topic,
        "lang": lang,
        "week": WEEK + timedelta(weeks=weeks),
        "origin": origin,
        "articles": 1,
        "words": words,
        "share": 0.5,
        "low": 0.0,
        "high": 1.0,
    }


def rows() -> dict[str, list[dict[str, Any]]]:
    articles = [
        article("root", "agency", "ru-Cyrl", SOURCE, published_at=NOON - timedelta(hours=6)),
        article("copy", "aina", "ru-Cyrl", COPY),
        article("kaz", "aina", "kk-Cyrl", KAZAKH, title="Украинаның Қазақстанмен саудасы өсті"),
        article("twin", "zoria", "ru-Cyrl", SOURCE, published_at=None),
        article("evil", "nobody<i>", "kk-Cyrl", HOSTILE, title="</h3><img src=x>", url="javascript:alert(1)"),
    ]
    copied = {"source_article_id": "root", "source_outlet": "agency", "source_begin": 0, "source_end": len(SOURCE) - 1}
    return {
        "documents": [{"id": row["document_id"], "url": row["url"], "outlet": row["outlet"]} for row in articles],
        "articles": articles,
        "topics": [{"article_id": r["id"], "on_subject": True, "topic": "economy", "words": 14} for r in articles],
        "outcomes": [{"document_id": "d-x", "stage": "read", "outcome": "dropped", "reason": "too-short: 3 words"}],
        "reliances": [
            rest("copy", COPY, SOURCE[:-1], "copy", **copied, detail='{"equal_words": 13, "words": 14}'),
            rest(
                "copy",
                COPY,
                "сообщает Степь-Информ",
                "credit",
                source_outlet="agency",
                direction="credit",
                detail='{"name": "Степь-Информ", "form": "verb", "whole": true}',
            ),
            rest(
                "copy",
                COPY,
                "читайте на сайте",
                "link",
                source_outlet="agency",
                direction="link",
                detail='{"url": "https://agency.example/more"}',
            ),
            rest("twin", SOURCE, SOURCE[:-1], "copy", **copied, direction="unclear", direction_confidence=0.5),
            rest("kaz", KAZAKH, "деп хабарлайды Зоря", "credit", source_outlet="zoria", direction="credit"),
            rest("evil", HOSTILE, "ұ" * 2_000, "copy", **copied),
            rest("evil", HOSTILE, "gnp.exe", "link", direction="link", detail='{"url": "javascript:alert(2)"}'),
        ],
        "origins": [
            {"article_id": "root", "origin": "own", "share": 1.0},
            {"article_id": "copy", "origin": "agencies", "share": 0.75},
            {"article_id": "copy", "origin": "own", "share": 0.25},
            {"article_id": "kaz", "origin": "ukraine", "share": 1.0},
        ],
        "coverage": [
            cover("economy", "ru-Cyrl", "agencies", 60.0),
            cover("economy", "ru-Cyrl", "ukraine", 20.0, weeks=2),
            cover("economy", "kk-Cyrl", "unknown", 9.0),
        ],
        "voids": [
            cell("economy", "ru-Cyrl", "void", rank=1),
            cell("culture", "kk-Cyrl", "not enough collected", rank=2, health=0.4),
            cell("culture", "ru-Cyrl", "too few articles", rank=3, articles=1, low=0.0, high=1.0),
            cell("economy", "kk-Cyrl", "covered", rank=4, own_share=0.6, low=0.4, high=0.8),
        ],
        "health": [
            {"outlet": "aina", "day": WEEK + timedelta(days=n), "expected": 2.5, "collected": got, "ok": got > 0}
            for n, got in enumerate([3, 0, 0, 2])
        ],
    }


def make_space(folder: Path, tables: dict[str, list[dict[str, Any]]], *, space: str = "karaganda") -> Path:
    (folder / "outlets").mkdir(parents=True)
    (folder / "space.toml").write_text(SPACE.format(id=space), encoding="utf-8")
    (folder / "outlets" / "all.toml").write_text(OUTLETS, encoding="utf-8")
    with LakeWriter(folder / "lake") as lake:
        for name, items in tables.items():
            lake.append(name, pa.Table.from_pylist(items, schema=SCHEMAS[name]))
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_space(tmp_path_factory.mktemp("report") / "my-space", rows())


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    return write_report(folder).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tree(page: str) -> LexborHTMLParser:
    return LexborHTMLParser(page)


def words_of(tree: LexborHTMLParser, selector: str) -> list[str]:
    return [" ".join(node.text(separator=" ").split()) for node in tree.css(selector)]


def test_the_file_loads_nothing_and_runs_nothing(tree: LexborHTMLParser, page: str) -> None:
    assert not tree.css("script, img, iframe, object, embed, form, [src], [onload], [onclick]")
    assert [node.attributes["href"] for node in tree.css("link")] == ["data:,"]
    assert not re.search(r"url\((?!#)|@import|https?://(?!\w+\.example/)", page)
    assert "default-src 'none'" in (tree.css_first("meta[http-equiv]").attributes["content"] or "")


def test_links_go_to_web_pages_or_to_a_place_in_the_report(tree: LexborHTMLParser) -> None:
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids))
    for link in tree.css("a"):
        href = link.attributes["href"] or ""
        assert href.startswith(("http://", "https://")) or href.removeprefix("#") in ids, href


def test_hostile_text_stays_text(tree: LexborHTMLParser, page: str) -> None:
    assert "</h3><img src=x>" in [node.text() for node in tree.css("summary h3 bdi")]
    assert "<script>alert('1')</script>\ufffd" in tree.css_first("main").text()
    assert "\x00" not in page
    assert "javascript:" not in "".join(str(node.attributes.get("href")) for node in tree.css("a"))
    assert tree.css_first("#outlets tbody").text().count("nobody<i>") == 1


def test_same_lake_gives_same_bytes_whatever_the_order_of_its_rows(folder: Path, tmp_path: Path) -> None:
    first = write_report(folder, tmp_path / "a.html").read_bytes()
    turned = make_space(tmp_path / "my-space", {name: items[::-1] for name, items in rows().items()})
    assert write_report(turned, tmp_path / "b.html").read_bytes() == first


def test_a_failed_write_says_where_and_leaves_the_report_before(folder: Path, tmp_path: Path) -> None:
    taken = tmp_path / "report.html"
    taken.mkdir()
    with pytest.raises(StoreError, match=r"report\.html: cannot be written"):
        write_report(folder, taken)
    with pytest.raises(StoreError, match="cannot be written"):
        write_report(folder, tmp_path / "none" / "report.html")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_the_map_shows_a_void_as_empty_and_poor_collection_as_no_void(tree: LexborHTMLParser) -> None:
    cells = {
        (row.css_first("th").text(), td.attributes["data-label"]): td
        for row in tree.css(".map tbody tr")
        for td in row.css("td")
    }
    void = cells["Economy & trade", "Russian"]
    assert void.css_first(".cell.void strong").text() == "void"
    assert "own 10\u00a0% (2–19\u00a0%)" in " ".join(void.text().split(" "))
    poor = cells["Culture", "Kazakh"]
    assert poor.css_first(".cell.uncollected") is not None
    assert "not enough collected" in poor.text()
    assert "void" not in poor.text()
    few = cells["Culture", "Russian"].text()
    assert "too few to say" in few
    assert "(0–100\u00a0%)" in few  # its range shows why


def test_voids_head_the_work_list_with_share_range_and_health(tree: LexborHTMLParser) -> None:
    lists = words_of(tree, ".work tbody tr")
    assert lists[0] == (
        "1 Economy & trade Russian 4 10 % (2–19 %) Own share 10 %, range 2–19 % State agencies 90 % 97 % void"
    )
    assert [row.split()[0] for row in lists] == ["1", "2", "3", "4"]


def test_shares_shown_are_those_the_commands_give(tree: LexborHTMLParser, folder: Path) -> None:
    commands = tree.css_first("#method pre").text()
    found = [Lake(folder / "lake").query_by_user(query).to_pylist() for query in QUERIES]
    assert all(f'arna sql -s my-space "{query}"' in commands for query in QUERIES)
    shares = {(row["lang"], row["origin"]): row["share"] for row in found[0]}
    assert shares["ru-Cyrl", "ukraine"] == 0.25
    bars = {row.css_first("strong").text(): row.css_first("title").text() for row in tree.css("#origins .row")}
    assert bars["Russian"] == "Ukraine 25\u00a0%, State agencies 75\u00a0%"
    assert bars["Kazakh"] == "Unknown 100\u00a0%"
    assert bars["Economy & trade"] == "Ukraine 22\u00a0%, State agencies 67\u00a0%, Unknown 10\u00a0%"


def test_a_week_without_articles_is_empty_and_said_to_be(tree: LexborHTMLParser) -> None:
    russian = next(panel for panel in tree.css("figure") if "Russian" in panel.text())
    told = [title.text() for title in russian.css("title")]
    assert told[0] == "Week of 6\u00a0Oct\u00a02025: State agencies 100\u00a0%; 2\u00a0articles"
    assert told[1] == "Week of 13\u00a0Oct\u00a02025: nothing published; 0\u00a0articles"
    assert len(russian.css("rect.nothing")) == 1


def test_outlets_show_what_rests_on_others_and_short_days(tree: LexborHTMLParser) -> None:
    row = next(row for row in tree.css(".outlets tbody tr") if "Айна" in row.text())
    text = " ".join(row.text(separator=" ").split())
    assert "Kazakhstan, portal" in text
    assert "2 days short" in text.replace("\u00a0", " ")
    assert row.css_first(".bar title").text() == "Ukraine 50\u00a0%, State agencies 38\u00a0%, own words 12\u00a0%"
    assert "0 of 5.0 expected" in tree.css_first(".watch").text()
    assert "too short (1)" in tree.css_first("#collection").text()


def test_a_lake_from_before_reasons_of_short_days_is_reported_without_them(tmp_path: Path) -> None:
    space = make_space(tmp_path / "space", rows())
    days = Lake(space / "lake").query("SELECT * EXCLUDE (reason) FROM health")
    shutil.rmtree(space / "lake" / "health")
    write_deltalake(space / "lake" / "health", days)
    report = LexborHTMLParser(write_report(space).read_text(encoding="utf-8"))
    assert "0 of 5.0 expected" in report.css_first(".watch").text()


def test_spans_are_marked_where_the_tables_say(tree: LexborHTMLParser) -> None:
    shown = next(node for node in tree.css(".article") if "Заголовок copy" in node.text())
    assert shown.css_first("mark.copy").text() == SOURCE[:-1]
    assert shown.css_first(".mark.credit").text() == "сообщает Степь-Информ"
    assert shown.css_first(".mark.link").text() == "читайте на сайте"
    assert shown.css_first("blockquote").text() == SOURCE[:-1]
    assert shown.css_first(".text").attributes["lang"] == "ru"
    grounds = " ".join(shown.css_first(".grounds").text().split())
    assert "96 % alike: 13 of 14 words the same · Direction: by the clock, confidence 0.75." in grounds
    assert "speaks for the whole article" in grounds


def test_an_unclear_direction_names_no_source(tree: LexborHTMLParser) -> None:
    shown = next(node for node in tree.css(".article") if "Заголовок twin" in node.text())
    grounds = " ".join(shown.css_first(".grounds").text().split())
    assert "The same words are in Степь-Информ" in grounds
    assert "Direction: unclear" in grounds
    assert "Copied from" not in grounds


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ((), "Nothing collected yet"),
        (("documents",), "No articles yet"),
        (("documents", "articles"), "Nothing on Ukraine yet"),
        (("documents", "articles", "topics"), "Not counted yet"),
    ],
)
def test_an_unfinished_space_says_what_to_do_next(tmp_path: Path, kept: tuple[str, ...], said: str) -> None:
    space = make_space(tmp_path / "new", {name: rows()[name] for name in kept})
    tree = LexborHTMLParser(write_report(space).read_text(encoding="utf-8"))
    assert words_of(tree, "h2")[0] == said
    assert "arna run -s new" in tree.css_first(".empty pre").text()


def test_only_the_demo_is_called_invented(page: str, tmp_path: Path) -> None:
    demo = write_report(make_space(tmp_path / "demo", rows(), space="demo")).read_text(encoding="utf-8")
    assert "is invented" in demo
    assert "is invented" not in page


def test_no_two_origins_look_alike_even_past_seven() -> None:
    paints = charts.paint_origins({f"origin-{n}": str(n) for n in range(20)} | {"unknown": "Unknown"}, "unknown")
    assert len({(paint.colour, paint.texture) for paint in paints.values()}) == 21
    bar = charts.stack_shares(dict.fromkeys(list(paints)[:4], 0.25), paints)
    assert all(round(one.x + one.width, 2) == two.x for one, two in pairwise(bar.segments))


def test_text_has_enough_contrast_in_light_dark_and_print(page: str) -> None:
    modes = [dict(re.findall(r"--(\w+): (#\w+)", block)) for block in re.findall(r":root \{(.*?)\}", page, re.DOTALL)]
    assert len(modes) == 3
    for mode in modes:
        for ink in ("ink", "soft", "accent"):
            for ground in ("bg", "surface"):
                assert contrast(mode[ink], mode[ground]) >= 4.5, (ink, ground, mode)
        assert contrast(mode["ink"], mode["tint"]) >= 4.5
        assert contrast(mode["edge"], mode["bg"]) >= 3
    for paint in charts.paint_origins({str(n): "" for n in range(8)}, "7").values():
        assert contrast(paint.ink, paint.colour) >= 4.5


def contrast(one: str, two: str) -> float:
    """Contrast of two colours as WCAG 2.2 defines it."""
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
