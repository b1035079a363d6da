"""The demo: what it promises to those who try Arna on it, and that its truth is true of its pages."""

from __future__ import annotations

import gzip
import html
import json
import re
import zlib
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from warcio.archiveiterator import ArchiveIterator

from arna.space.demo import DemoFiles, build_demo
from arna.space.demo.articles import Article, Paragraph, Trail, find_origins, find_spans
from arna.space.demo.build import load_demo_space
from arna.space.demo.press import DARK_FROM, DARK_OUTLET, DARK_UNTIL
from arna.space.demo.texts import LANGUAGES, load_texts

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, Any]
CASES = {
    "original", "service", "translation", "reprint-verbatim", "reprint-trimmed", "chain", "wire", "edited-10",
    "edited-30", "merged", "rewrite", "link-only", "independent", "shared-quote", "shared-figures", "equal-time",
    "before-source", "filler", "filler-reprint", "stock-phrase", "broken", "empty", "section-front", "not-found",
    "duplicate", "duplicate-utm", "not-html",
}  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    return build_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def truth(demo: DemoFiles) -> list[Row]:
    return [json.loads(line) for line in demo.truth.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def kept(truth: list[Row]) -> dict[str, Row]:
    rows = [row for row in truth if row["outcome"] == "kept"]
    assert len({row["url"] for row in rows}) == len(rows)
    return {row["url"]: row for row in rows}


@pytest.fixture(scope="module")
def payloads(demo: DemoFiles) -> list[tuple[str, bytes]]:
    with demo.pages.open("rb") as file:
        records = FastIterator(file, record_types=WarcRecordType.response)
        return [(record.headers["WARC-Target-URI"], record.reader.read()) for record in records]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def when(told: str) -> datetime:
    return datetime.fromisoformat(told)


def cut(row: Row, span: Row, side: str = "") -> str:
    text: str = row["text"]
    return text[span[f"{side}begin"] : span[f"{side}end"]]


def test_twice_built_is_the_same_byte_for_byte(demo: DemoFiles, tmp_path: Path) -> None:
    again = build_demo(tmp_path / "made" / "here")
    assert again.pages.read_bytes() == demo.pages.read_bytes()
    assert again.truth.read_bytes() == demo.truth.read_bytes()
    assert again.count == demo.count


def test_it_is_as_large_and_as_varied_as_promised(demo: DemoFiles, truth: list[Row], kept: dict[str, Row]) -> None:
    assert demo.count == len(truth) >= 640
    assert {row["case"] for row in truth} == CASES
    assert {row["lang"] for row in kept.values()} == set(LANGUAGES.values())
    assert len({row["layout"] for row in kept.values()}) >= 12
    assert len({row["outlet"] for row in kept.values()}) >= 75
    weeks = Counter(datetime.fromisoformat(row["published_at"]).isocalendar().week for row in kept.values())
    assert len(weeks) == 8
    assert min(weeks.values()) >= 40
    stories = defaultdict(set)
    for row in kept.values():
        stories[row["story"]].add(row["lang"])
    assert sum(len(languages) >= 3 for languages in stories.values()) >= 30


def test_outlets_are_invented_and_registered(truth: list[Row]) -> None:
    space = load_demo_space()
    assert len(space.outlets) >= 75
    assert all(domain.endswith(".example") for outlet in space.outlets for domain in outlet.domains)
    assert all(outlet.ownership[0].source.startswith("https://registry.example/") for outlet in space.outlets)
    for row in truth:
        host = row["url"].split("/")[2]
        assert space.outlet_of_host(host) == row["outlet"]


def test_no_two_outlets_share_a_name_that_credits_use() -> None:
    taken: dict[tuple[str, str], str] = {}
    for outlet in load_demo_space().outlets:
        for lang, names in outlet.names.items():
            for name in names:
                assert taken.setdefault((lang, name.lower()), outlet.id) == outlet.id


def test_warcio_reads_every_record_and_all_digests_fit(demo: DemoFiles) -> None:
    with demo.pages.open("rb") as file:
        kinds: Counter[str] = Counter()
        for record in ArchiveIterator(file, check_digests="raise"):
            record.content_stream().read()
            kinds[record.rec_type] += 1
    assert kinds == {"warcinfo": 1, "response": demo.count}


def test_a_member_a_record_so_that_offsets_work(demo: DemoFiles) -> None:
    data, members = demo.pages.read_bytes(), 0
    assert gzip.decompress(data).startswith(b"WARC/1.1\r\n")
    while data:
        inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        assert inflater.decompress(data).startswith(b"WARC/1.1\r\n")
        data = inflater.unused_data
        members += 1
    assert members == demo.count + 1


def test_truth_stands_in_the_order_of_the_records(truth: list[Row], payloads: list[tuple[str, bytes]]) -> None:
    assert [row["url"] for row in truth] == [url for url, _ in payloads]


def test_every_page_holds_its_text_and_more(truth: list[Row], payloads: list[tuple[str, bytes]]) -> None:
    for row, (_, payload) in zip(truth, payloads, strict=True):
        if row["outcome"] != "kept":
            continue
        page = payload.decode("windows-1251" if row["layout"] == "tables" else "utf-8")
        seen = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "", page)))
        for paragraph in row["text"].split("\n"):
            assert re.sub(r"\s+", " ", paragraph) in seen, row["url"]
        if row["case"] != "broken":
            assert row["title"] in seen
            assert len(seen) > len(row["text"]) + 300


def test_broken_pages_end_inside_a_tag(truth: list[Row], payloads: list[tuple[str, bytes]]) -> None:
    broken = [(row, page) for row, (_, page) in zip(truth, payloads, strict=True) if row["case"] == "broken"]
    assert {row["outcome"] for row, _ in broken} == {"kept", "dropped"}
    for _, page in broken:
        assert page.rindex(b"<") > page.rindex(b">")


def test_dates_are_as_bad_as_in_life(truth: list[Row], payloads: list[tuple[str, bytes]]) -> None:
    pages = [(row, page) for row, (_, page) in zip(truth, payloads, strict=True) if row["outcome"] == "kept"]
    assert {row["dated"] for row, _ in pages} == {"exact", "local", "day", "none"}
    assert any(b'"datePublished": "2099-01-01' in page and b"<time datetime=" in page for _, page in pages)
    undated = [page for row, page in pages if row["dated"] == "none"]
    assert not any(re.search(rb"(?:published_time|<time|datePublished)", page) for page in undated)
    assert any("2025 жылғы 23 қыркүйек, ".encode() in page for row, page in pages if row["lang"] == "kk-Cyrl")


@pytest.mark.parametrize("case", ["reprint-verbatim", "reprint-trimmed", "chain", "wire", "merged", "before-source"])
def test_copied_words_are_the_sources_words(kept: dict[str, Row], case: str) -> None:
    rows = [row for row in kept.values() if row["case"] == case]
    assert rows
    for row in rows:
        assert row["spans"]
        for span in row["spans"]:
            source = kept[span["source_url"]]
            assert source["outlet"] != row["outlet"]
            if span["kind"] == "copy":
                assert cut(row, span) == cut(source, span, "source_")


@pytest.mark.parametrize(("case", "least", "most"), [("edited-10", 0.75, 0.98), ("edited-30", 0.5, 0.9)])
def test_edited_reprints_keep_about_as_many_words_as_they_say(
    kept: dict[str, Row], case: str, least: float, most: float
) -> None:
    rows = [row for row in kept.values() if row["case"] == case]
    assert len(rows) >= 5
    for row in rows:
        mine: list[str] = []
        theirs: list[str] = []
        for span in row["spans"]:
            mine += words(cut(row, span))
            theirs += words(cut(kept[span["source_url"]], span, "source_"))
        shared = (Counter(mine) & Counter(theirs)).total() / max(len(mine), len(theirs))
        assert least <= shared <= most, row["url"]


def test_translations_pair_paragraphs_of_two_languages(kept: dict[str, Row]) -> None:
    rows = [row for row in kept.values() if row["case"] in ("translation", "service") and row["spans"]]
    assert len(rows) >= 60
    for row in rows:
        for span in row["spans"]:
            source = kept[span["source_url"]]
            assert span["kind"] == "translation"
            assert source["lang"] != row["lang"]
            assert "\n" not in cut(row, span)
            assert "\n" not in cut(source, span, "source_")
    assert any(not row["credits"] for row in rows if row["case"] == "translation")
    assert any(row["credits"] for row in rows if row["case"] == "translation")


def test_nothing_is_shared_beyond_what_the_truth_names(kept: dict[str, Row]) -> None:
    """Eight words in a row in two articles are a copy the truth knows, a stock phrase, a shared quote or figures."""
    holders: dict[tuple[str, ...], set[str]] = defaultdict(set)
    families: dict[str, set[str]] = {}
    for url, row in kept.items():
        run = words(row["text"])
        for begin in range(len(run) - 7):
            holders[row["lang"], *run[begin : begin + 8]].add(url)
        copies = [span for span in row["spans"] if span["kind"] == "copy"]
        families[url] = {url} | {span["root_url"] for span in copies}
    for run, urls in holders.items():
        strangers = [(one, two) for one in urls for two in urls if one < two and not families[one] & families[two]]
        for one, two in strangers:
            marks = set(kept[one]["marks"]) & set(kept[two]["marks"])
            linking = bool(kept[one]["links"] and kept[two]["links"])
            assert marks or linking, f"{' '.join(run)}: {one} and {two}"


def test_sources_come_first_but_where_the_case_says_otherwise(kept: dict[str, Row]) -> None:
    for row in kept.values():
        for span in row["spans"]:
            source = kept[span["source_url"]]
            if row["case"] == "before-source":
                assert row["published_at"] < source["published_at"]
                assert row["credits"] == [source["outlet"]] or row["links"] == [source["url"]]
            elif row["case"] == "equal-time":
                assert row["published_at"] == source["published_at"]
                assert span["direction"] == "unclear"
                assert row["origins"] == {"unknown": 1.0}
            else:
                assert row["published_at"] > source["published_at"]
            if source["case"] != "equal-time":
                assert source["dated"] == "exact" or source["variant"] == "filler"


def test_a_copy_on_a_page_with_only_a_day_is_younger_than_its_source_in_any_zone(kept: dict[str, Row]) -> None:
    for row in kept.values():
        for span in row["spans"]:
            if row["dated"] == "day":
                apart = when(row["published_at"]) - when(kept[span["source_url"]]["published_at"])
                assert apart > timedelta(hours=19)


def test_the_wire_is_carried_by_sixty_outlets(kept: dict[str, Row]) -> None:
    wire = [row for row in kept.values() if row["case"] == "wire"]
    assert len({row["outlet"] for row in wire}) >= 60
    assert len({span["source_url"] for row in wire for span in row["spans"]}) == 1
    lined = [row for row in wire if re.match(r"АСТАНА, \d\d? сентября — Росвестинформ\. ", row["text"])]
    assert len(lined) >= 30
    assert len({len(row["text"]) for row in wire}) >= 3


def test_the_stock_phrase_ends_thirty_unrelated_articles(kept: dict[str, Row]) -> None:
    phrase = load_texts().furniture["ru"]["stock_phrase"]
    marked = [row for row in kept.values() if row["text"].endswith(phrase)]
    assert len(marked) >= 30
    assert all("stock-phrase" in row["marks"] for row in marked)
    assert len({row["story"] or row["title"] for row in marked}) == len(marked)


def test_facts_in_common_are_not_reliance(kept: dict[str, Row]) -> None:
    for case in ("independent", "shared-quote", "shared-figures", "link-only"):
        rows = [row for row in kept.values() if row["case"] == case]
        assert len(rows) >= 2
        for row in rows:
            assert row["spans"] == []
            assert row["origins"] == {"own": 1.0}
            assert bool(row["links"]) == (case == "link-only")


def test_rewrites_name_whom_they_follow(kept: dict[str, Row]) -> None:
    outlets = load_demo_space().outlets_by_id
    rows = [row for row in kept.values() if row["case"] == "rewrite"]
    assert len(rows) >= 10
    for row in rows:
        (source,) = row["credits"]
        lead = row["text"].split("\n")[0]
        assert any(name in lead for name in outlets[source].names[row["lang"][:2]])
        assert "{" not in row["text"]
        assert row["origins"] == {outlets[source].origin: 1.0}


def test_origins_sum_to_one(kept: dict[str, Row]) -> None:
    for row in kept.values():
        for field in ("origins", "origins_translated"):
            assert sum(row[field].values()) == pytest.approx(1, abs=0.001)


def test_the_picture_tells_what_is_missing(kept: dict[str, Row]) -> None:
    """Ukraine's own reporting: most of what Ukrainian pages say of it, next to nothing of the Kazakh and Uzbek ones."""
    space = load_demo_space()
    shares: dict[str, Counter[str]] = defaultdict(Counter)
    for row in kept.values():
        if row["story"]:
            for origin, share in row["origins_translated"].items():
                shares[row["lang"]][space.origin_of(row["outlet"]) if origin == "own" else origin] += share
    part = {lang: {origin: count / mix.total() for origin, count in mix.items()} for lang, mix in shares.items()}
    assert part["uk-Cyrl"]["ukraine"] > 0.7
    assert part["en-Latn"]["ukraine"] > 0.4
    for lang in ("kk-Cyrl", "uz-Latn", "tk-Latn"):
        assert part[lang].get("ukraine", 0) < 0.1
        assert part[lang]["russia-state"] == max(part[lang].values())


def test_one_outlet_goes_dark_for_two_weeks(kept: dict[str, Row]) -> None:
    days = {row["published_at"][:10] for row in kept.values() if row["outlet"] == DARK_OUTLET}
    assert not any(DARK_FROM.isoformat() <= day <= DARK_UNTIL.isoformat() for day in days)
    assert len(days) >= 38


def test_duplicates_repeat_a_kept_page(truth: list[Row], kept: dict[str, Row]) -> None:
    for row in truth:
        if row["case"].startswith("duplicate"):
            first = kept[re.sub(r"[?&]utm_.*", "", row["url"])]
            assert row["text"] == first["text"]
            assert row["fetched_at"] > first["fetched_at"]
            assert row["outcome"] == "dropped"


def test_every_story_is_told_the_same_way_in_all_languages() -> None:
    for event in load_texts().events:
        assert set(event.base) == set(LANGUAGES), event.id
        assert len({len(text.paragraphs) for text in event.base.values()}) == 1, event.id
        for (variant, lang), text in event.variants.items():
            if variant.startswith("edit"):
                assert len(text.paragraphs) == len(event.base[lang].paragraphs), (event.id, variant, lang)


def _article(outlet: str, url: str, *paragraphs: Paragraph, named: tuple[str, ...] = ()) -> Article:
    at = datetime.fromisoformat("2025-10-01T10:00:00+00:00")
    return Article(url, outlet, "ru", "", paragraphs, at, "", core=(0, len(paragraphs)), credits=named)


def test_words_rest_with_the_root_through_a_chain_of_copies() -> None:
    space = load_demo_space()
    text = "Один два три четыре пять шесть семь восемь."
    root = _article("rosvestinform", "a", Paragraph(text))
    portal = _article("stepnoy-perekrestok", "b", Paragraph(text, (Trail("a", 0, 0, 43, 0, 43),)))
    paper = _article("esil-eskegi", "c", Paragraph(text, (Trail("b", 0, 0, 43, 0, 43),)), Paragraph("Раз два."))
    held = {article.url: article for article in (root, portal, paper)}
    assert find_origins(root, held, space, translated=False) == {"own": 1.0}
    assert find_origins(paper, held, space, translated=False) == {"own": 0.2, "russia-state": 0.8}
    (span,) = find_spans(paper, held)
    assert (span["source_url"], span["root_url"]) == ("b", "a")


def test_a_credit_speaks_for_a_translation_until_translations_are_followed() -> None:
    space = load_demo_space()
    root = _article("barvinform", "a", Paragraph("Перший абзац тексту."))
    told = Paragraph("Первый абзац текста.", (Trail("a", 0, 0, 20, 0, 20, "translation"),))
    silent = _article("suhodol", "b", told)
    credited = _article("suhodol", "c", told, Paragraph("Источник: Тулпар Акпарат"), named=("tulpar-aqparat",))
    held = {article.url: article for article in (root, silent, credited)}
    assert find_origins(silent, held, space, translated=False) == {"own": 1.0}
    assert find_origins(silent, held, space, translated=True) == {"ukraine": 1.0}
    assert find_origins(credited, held, space, translated=False) == {"kazakhstan": 1.0}
    assert find_origins(credited, held, space, translated=True) == {"kazakhstan": 0.5, "ukraine": 0.5}
