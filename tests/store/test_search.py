"""Search finds inflected words in every language and alphabet, takes any query, and outlives whatever happens to it."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import threading
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arna.errors import StoreError
from arna.store import Lake, LakeWriter, SearchIndex
from arna.terms import SCHEMAS

ROOT = Path(__file__).parents[2]
TEXTS = {
    "kk": ("Астық экспорты өсті", "Қазақстанның астығы порттар арқылы Еуропа елдеріне жөнелтіледі.", "kk-Cyrl", "dala", 1),
    "kk-latn": ("Dändi eksporttau", "Qazaqstannyñ astyğy porttar arqyly Eurōpa elderıne jöneltıledı.", "kk-Latn", "dala", 2),
    "uz": ("Gʻalla eksporti", "Oʻzbekistonning shaharlarida gʻallaning narxi oshdi, deya xabar berdi vazirlik.", "uz-Latn", "chinor", 3),
    "uz-cyrl": ("Ғалла экспорти", "Ўзбекистоннинг шаҳарларида ғалланинг нархи ошди.", "uz-Cyrl", "chinor", 4),
    "tk": ("Däne eksporty", "Türkmenistanyň serhetdäki şäherlerinde däne ammarlary guruldy.", "tk-Latn", "altyn", 5),
    "ky": ("Дан экспорту", "Кыргызстандын өкмөтү чек арадагы айылдарга жардам көрсөттү.", "ky-Cyrl", "too", 6),
    "tg": ("Содироти ғалла", "Вазоратҳои Тоҷикистон дар бораи созишномаҳои нав хабар доданд.", "tg-Cyrl", "kuh", 7),
    "uk": ("Експорт зерна зростає", "Українські порти відправили пшеницю до країн Африки. У Києві говорили про дороги.", "uk-Cyrl", "barv", 8),
    "ru": ("Экспорт зерна растёт", "Украинские порты отправили пшеницу в страны Африки. Ждали решения министров.", "ru-Cyrl", "barv", 9),
    "en": ("Grain exports are growing", "Ukrainian ports shipped wheat to African countries, ministries agreed.", "en-Latn", "int", None),
    "tr": ("Tahıl ihracatı", "Limanlar buğday gönderdi.", "tr-Latn", "int", 10),
}  # fmt: skip


def row(name: str, title: str | None, text: str, lang: str, outlet: str, day: int | None) -> dict[str, Any]:
    published = None if day is None else datetime(2026, 3, day, 23, 59, tzinfo=UTC)
    return {
        "id": name, "document_id": name, "url": f"https://{outlet}.example/{name}", "outlet": outlet, "title": title,
        "author": None, "published_at": published, "published_from": "meta", "lang": lang, "script": "", "text": text,
        "links": [], "extra": None,
    }  # fmt: skip


def fill(folder: Path, rows: list[dict[str, Any]]) -> Lake:
    with LakeWriter(folder / "lake") as lake:
        lake.append("articles", pa.Table.from_pylist(rows, schema=SCHEMAS["articles"]))
    return Lake(folder / "lake")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    folder = tmp_path_factory.mktemp("space")
    lake = fill(folder, [row(name, *rest) for name, rest in TEXTS.items()])
    made = SearchIndex(folder)
    assert made.is_behind(lake)
    assert made.update(lake).added == len(TEXTS)
    assert not made.is_behind(lake)
    return made


def ids(index: SearchIndex, query: str, **more: Any) -> list[str]:
    return [hit.article_id for hit in index.search(query, **more).hits]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("астықтың", {"kk", "kk-latn"}), ("astyq", {"kk", "kk-latn"}), ("astıqtan", {"kk", "kk-latn"}),
        ("қазақстанға елдер", {"kk", "kk-latn"}),
        ("gʻallani", {"uz", "uz-cyrl"}), ("g'allaga", {"uz", "uz-cyrl"}), ("ғаллани", {"uz", "uz-cyrl"}),
        ("shahar narxlari", {"uz", "uz-cyrl"}), ("o`zbekistonda", {"uz", "uz-cyrl"}), ("vazirligi", {"uz"}),
        ("türkmenistan serhetde", {"tk"}), ("şäherler", {"tk"}), ("ammaryň", {"tk"}),
        ("өкмөттүн айылы", {"ky"}), ("вазорат созишнома", {"tg"}),
        ("український порт", {"uk"}), ("пшениця", {"uk", "ru"}), ("дорозі", {"uk"}), ("країна", {"uk"}),
        ("порту", {"uk", "ru", "kk", "kk-latn"}), ("решение министра", {"ru"}), ("растет", {"ru"}), ("страной", {"ru"}),
        ("country ministry", {"en"}), ("agree", {"en"}), ("buğday", {"tr"}), ("BUĞDAY", {"tr"}),
        ("порт пшениця", {"uk", "ru"}), ("порт пшеница -африка", set()), ("пшениця -дорога", {"ru"}), ("экспорту", {"kk", "kk-latn", "ky", "ru"}),
        ('"зерна зростає"', {"uk"}), ('"зростає зерна"', set()), ('"зерно зростає"', set()), ("нічогонемає", set()),
    ],
)  # fmt: skip
def test_inflected_words_are_found_in_every_language(index: SearchIndex, query: str, found: set[str]):
    result = index.search(query)
    assert {hit.article_id for hit in result.hits} == found
    assert result.total == len(found)


def test_filters(index: SearchIndex):
    assert set(ids(index, "", lang="kk")) == {"kk", "kk-latn"}
    assert ids(index, "", lang="kk-Latn") == ["kk-latn"]
    assert ids(index, "порт", lang="ru") == ["ru"]
    assert ids(index, "порт", outlet="barv", until=date(2026, 3, 8)) == ["uk"]
    assert ids(index, "", since=date(2026, 3, 8)) == ["tr", "ru", "uk"]
    assert ids(index, "", until=date(2026, 3, 1)) == ["kk"]
    assert ids(index, "", outlet="nobody") == []
    assert ids(index, "", outlet="int") == ["tr", "en"]  # what has no date comes last
    assert set(ids(index, "-порт", lang="ru")) == set()
    assert index.search("!?").total == 0


def test_pages_hold_together(index: SearchIndex):
    everything = ids(index, "", limit=100)
    assert len(everything) == len(TEXTS)
    pages = [ids(index, "", limit=4, offset=offset) for offset in range(0, 16, 4)]
    assert [name for page in pages for name in page] == everything
    assert index.search("", limit=0).total == len(TEXTS)
    assert index.search("", limit=-5, offset=-5).hits == ()


def test_exact_before_inflected_and_titles_before_texts(tmp_path: Path):
    much = " ".join(["портами портах портів порту"] * 50)
    rows = [
        row("stem-text", "Новини", f"Кораблі стоять. {much}", "uk-Cyrl", "a", 9),
        row("stem-title", "У портах тихо", "Кораблі.", "uk-Cyrl", "a", 1),
        row("exact-text", "Новини", "Довгий текст " * 200 + "порт", "uk-Cyrl", "a", 1),
        row("exact-title", "Порт мовчить", "Кораблі " * 90, "uk-Cyrl", "a", 1),
    ]
    index = SearchIndex(tmp_path)
    index.update(fill(tmp_path, rows))
    assert ids(index, "порт") == ["exact-title", "exact-text", "stem-title", "stem-text"]
    assert ids(index, "порт " * 30) == ["exact-title", "exact-text", "stem-title", "stem-text"]


def test_equals_are_in_order_of_day_and_id_however_they_came(tmp_path: Path):
    rows = [row(f"{n:03}", "Порт", "Кораблі в порту.", "uk-Cyrl", "a", 1 + n % 3) for n in range(150)]
    wanted = sorted((item["id"] for item in rows), key=lambda name: (-(int(name) % 3), name))
    for name, order in (("up", rows), ("down", rows[::-1]), ("mixed", rows[75:] + rows[:75])):
        folder = tmp_path / name
        folder.mkdir()
        index = SearchIndex(folder)
        for begin in range(0, 150, 50):
            index.update(fill(folder, order[begin : begin + 50]))
        pages = [ids(index, "порти", limit=7, offset=offset) for offset in range(0, 154, 7)]
        assert [name for page in pages for name in page] == wanted


def test_only_what_is_new_comes_in_and_what_is_gone_goes(tmp_path: Path):
    index = SearchIndex(tmp_path)
    assert index.update(fill(tmp_path, [])).added == 0
    assert index.search("порт").total == 0
    lake = fill(tmp_path, [row(f"{n}", "Порт", "Кораблі.", "uk-Cyrl", "a", 1) for n in range(20)])
    steps: list[object] = []
    updated = index.update(lake, lambda step, size: steps.append((step, size)), steps.append)
    assert (updated.added, updated.dropped, updated.anew) == (20, 0, None)
    assert steps == [("Indexing for search", 20), 20]
    assert index.update(lake).added == 0
    with LakeWriter(tmp_path / "lake") as writer:
        writer.delete("articles", "id", ["3", "4"])
        writer.append("articles", pa.Table.from_pylist(
            [row("4", "Порт", "Кораблі.", "ru-Cyrl", "a", 1), row("new", None, "Порти.", "uk-Cyrl", "a", 2)],
            schema=SCHEMAS["articles"]))  # fmt: skip
    reader = SearchIndex(tmp_path)
    assert reader.search("порт").total == 20
    updated = index.update(lake)
    assert (updated.added, updated.dropped, updated.anew) == (2, 1, None)
    assert set(ids(reader, "порту", limit=50)) == {str(n) for n in range(20) if n != 3} | {
        "new"
    }  # it need not be opened again
    assert ids(index, "порт", lang="ru") == ["4"]


def test_readers_go_on_while_the_index_grows_and_is_built_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    rows = [row(name, *rest) for name, rest in TEXTS.items()]
    SearchIndex(tmp_path).update(fill(tmp_path, rows[:4]))
    shared, stop = SearchIndex(tmp_path), threading.Event()
    seen: list[int] = []
    troubles: list[BaseException] = []

    def read() -> None:
        while not stop.is_set():
            try:
                seen.append(shared.search("", limit=3).total)
                shared.search("ministry shipped", lang="en")
            except BaseException as error:  # noqa: BLE001  # whatever it is, the test must tell it
                troubles.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for n, item in enumerate(rows[4:]):
        monkeypatch.setattr("arna.store.search._RULES", 1 + n // 3)  # every third time all is built anew
        SearchIndex(tmp_path).update(fill(tmp_path, [item]))
    stop.set()
    for reader in readers:
        reader.join(30)
    assert troubles == []
    assert min(seen) >= 4
    assert shared.search("").total == len(rows)


def damage_nothing(_folder: Path) -> None: ...


def cut_meta(folder: Path) -> None:
    [inner] = [item for item in folder.iterdir() if item.is_dir()]
    (inner / "meta.json").write_text("{", encoding="utf-8")


def cut_list(folder: Path) -> None:
    (folder / "held").write_bytes((folder / "held").read_bytes()[:50])


def lose_files(folder: Path) -> None:
    [inner] = [item for item in folder.iterdir() if item.is_dir()]
    for item in inner.glob("*.*"):
        if item.suffix not in (".json", ".lock"):
            item.unlink()


def lose_folder(folder: Path) -> None:
    [inner] = [item for item in folder.iterdir() if item.is_dir()]
    shutil.rmtree(inner)


@pytest.mark.parametrize(
    ("damage", "why"),
    [(damage_nothing, None), (cut_meta, "damaged"), (cut_list, "damaged"), (lose_files, "damaged"),
     (lose_folder, "damaged")],
)  # fmt: skip
def test_a_broken_index_is_built_anew_and_says_so(tmp_path: Path, damage: Any, why: str | None):
    index = SearchIndex(tmp_path)
    lake = fill(tmp_path, [row(name, *rest) for name, rest in TEXTS.items()])
    index.update(lake)
    damage(index.folder)
    if why:
        with pytest.raises(StoreError, match="cannot be read"):
            SearchIndex(tmp_path).search("порт")
        assert index.is_behind(lake)
    updated = index.update(lake)
    assert (updated.added, why or "") == (len(TEXTS) if why else 0, why or "")
    assert (updated.anew is None) if why is None else (why in str(updated.anew))
    assert set(ids(SearchIndex(tmp_path), "порту")) == {"uk", "ru", "kk", "kk-latn"}


def test_an_index_of_other_rules_is_built_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    index = SearchIndex(tmp_path)
    lake = fill(tmp_path, [row(name, *rest) for name, rest in TEXTS.items()])
    index.update(lake)
    monkeypatch.setattr("arna.store.search._RULES", 99)
    assert index.update(lake).anew == "it was made by other rules"
    assert ids(index, "дорозі") == ["uk"]


def test_without_an_index_it_is_told_how_to_get_one(tmp_path: Path):
    with pytest.raises(StoreError, match="next: arna run"):
        SearchIndex(tmp_path).search("порт")


KILLED = """
import os, signal, sys
from pathlib import Path
from arna.store import Lake, SearchIndex
import arna.store.search as search
where = sys.argv[2]
def die(*_given, **_more):
    os.kill(os.getpid(), signal.SIGKILL)
if where == "state":
    SearchIndex._write_state = die
else:
    describe = search.describe
    search.describe = lambda row: die() if row["id"] == "uk" else describe(row)
SearchIndex(Path(sys.argv[1])).update(Lake(Path(sys.argv[1]) / "lake"))
"""


@pytest.mark.parametrize("before", [0, 4])
@pytest.mark.parametrize("where", ["state", "documents"])
def test_killed_on_its_way_the_next_update_ends_with_the_same_index(tmp_path: Path, where: str, before: int):
    rows = [row(name, *rest) for name, rest in TEXTS.items()]
    index = SearchIndex(tmp_path)
    if before:
        index.update(fill(tmp_path, rows[:before]))
    lake = fill(tmp_path, rows[before:])
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), where], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    updated = index.update(lake)
    assert updated.added in (len(TEXTS), len(TEXTS) - before)
    if before and where == "state":
        assert updated.anew == "an update of it was cut off"
    assert index.search("", limit=50).total == len(TEXTS)
    assert set(ids(index, "порту")) == {"uk", "ru", "kk", "kk-latn"}
    assert len([item for item in index.folder.iterdir() if item.is_dir()]) == 1


def _hold(folder: str, ready: Any, done: Any) -> None:
    import fcntl

    with (Path(folder) / "search" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ready.set()
        done.wait(30)


def test_two_writers_take_turns(tmp_path: Path):
    index = SearchIndex(tmp_path)
    index.update(fill(tmp_path, []))
    lake = fill(tmp_path, [row("uk", *TEXTS["uk"])])
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(str(tmp_path), ready, done))
    other.start()
    assert ready.wait(30)
    assert index.update(lake, wait=False).busy
    waiting = threading.Thread(target=index.update, args=(lake,))
    waiting.start()
    done.set()
    waiting.join(30)
    other.join(30)
    assert ids(index, "порт") == ["uk"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path):
    lake = fill(tmp_path, [row("uk", *TEXTS["uk"])])
    (tmp_path / "search").write_text("in the way", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be written"):
        SearchIndex(tmp_path).update(lake)


def test_marks_are_those_of_the_words_found(index: SearchIndex):
    text = TEXTS["uk"][1]
    assert [text[begin:end] for begin, end in index.mark(text, "порт країна", "uk-Cyrl")] == ["порти", "країн"]


HOSTILE = ["\x00", "\ud800", "a:b:c", "(((", "title:", "порт^", "порт~2", "[a TO b]", "AND OR NOT", "-", '"', "\\", "''", "💥" * 99,
           "<script>alert(1)</script>", "\u060d\u200f\u202eпорт", "*", "?", "порт*", "ё" * 70_000, '"' * 999, "- " * 999, "-a " * 99, "й\u0306" * 50]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
@pytest.mark.parametrize("lang", [None, "uk", "\ud800", "xx", ""])
def test_hostile_queries_are_answered(index: SearchIndex, query: str, lang: str | None):
    result = index.search(query, lang=lang)
    assert result.total >= len(result.hits)


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=60) | st.text(alphabet='порт "«»-:()*~^\\/', max_size=30),
    st.none() | st.text(max_size=8), st.none() | st.text(max_size=8),
    st.none() | st.dates(), st.none() | st.dates(),
    st.integers(-3, 40), st.integers(-3, 40),
)  # fmt: skip
def test_no_input_is_an_error(
    index: SearchIndex, query: str, lang: str | None, outlet: str | None, since: date | None, until: date | None,
    limit: int, offset: int,
):  # fmt: skip
    result = index.search(query, lang, outlet, since, until, limit, offset)
    assert len(result.hits) <= max(0, limit)
    assert result == index.search(query, lang, outlet, since, until, limit, offset)
    assert os.path.isdir(index.folder)  # noqa: PTH112  # nothing a query says touches the files
