"""What pages say of how outlets were collected: why days were short, and who was asked and never gave an article."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from arna.terms import SCHEMAS, troubles
from tests.observatory.test_states import article, make_space, put_on_subject, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client

    Open = Callable[[Path], Client]

FIRST = date(2026, 6, 1)


def day(outlet: str, n: int, reason: str | None, *, collected: int = 0) -> dict[str, Any]:
    return {"outlet": outlet, "day": FIRST + timedelta(days=n), "expected": 4.0, "collected": collected,
            "ok": reason is None, "reason": reason or ""}  # fmt: skip


def fetch(id_: str, outlet: str, result: str, reason: str) -> dict[str, Any]:
    return {"id": id_, "url": f"https://{outlet}.example/{id_}", "outlet": outlet, "kind": "feed", "result": result,
            "fetched_at": datetime(2026, 6, 5, 12, tzinfo=UTC), "reason": reason}  # fmt: skip


def say(client: Client, path: str) -> str:
    """The words of a page, with one space between them."""
    body = client.get(path).content.decode().partition("<main")[2].partition(">")[2]
    words = unescape(re.sub(r"<title>.*?</title>|<[^>]+>", lambda found: "" if found[0] in _INLINE else " ", body))
    return re.sub(r"\s+([,;:)])", r"\1", " ".join(words.split()))


_INLINE = frozenset({"<bdi>", "</bdi>"})


@pytest.fixture
def space(tmp_path: Path) -> Path:
    """One outlet that was blocked for two days and unreachable for one; one that never gave an article."""
    folder = make_space(tmp_path / "space")
    write(folder, "documents", {"id": "a"})
    write(folder, "articles", article("a"))
    put_on_subject(folder, "a")
    own = [day("barvinform", 0, None, collected=4), day("barvinform", 1, troubles.BLOCKED),
           day("barvinform", 2, troubles.BLOCKED), day("barvinform", 3, troubles.UNREACHABLE)]  # fmt: skip
    write(folder, "health", *own, *[day("anor24", n, troubles.ROBOTS) for n in range(4)])
    write(folder, "fetches", fetch("1", "barvinform", "kept", ""), fetch("2", "barvinform", "blocked", "http-403"),
          fetch("3", "anor24", "refused", "robots: all"), fetch("4", "anor24", "refused", "robots: all"),
          fetch("5", "anor24", "failed", "http-503"))  # fmt: skip
    return folder


def test_the_health_page_says_why_days_were_short_by_outlet_and_stretch(space: Path, open_space: Open) -> None:
    text = say(open_space(space), "/health/")
    assert "2 Jun – 3 Jun 2026: 0 of 8.0 expected, blocked" in text
    assert "4 Jun 2026: 0 of 4.0 expected, unreachable" in text
    assert "Forbidden by robots.txt 4 1" in text  # days and outlets


def test_an_outlet_that_was_asked_and_never_gave_an_article_is_on_the_health_page(
    space: Path, open_space: Open
) -> None:
    text = say(open_space(space), "/health/")
    after = text.partition("Asked, and never an article")[2]
    assert "Anor24 3 5 Jun 2026, 12:00 UTC forbidden by robots.txt (2), server errors (1)" in after
    assert "Барвінформ" not in after


def test_an_outlet_page_has_its_reasons_and_requests(space: Path, open_space: Open) -> None:
    client = open_space(space)
    text = say(client, "/outlet/anor24/")
    assert "1 Jun – 4 Jun 2026: 0 of 16.0 expected, forbidden by robots.txt" in text
    assert "Requests that came to nothing: forbidden by robots.txt (2), server errors (1)" in text
    assert "0 % 4 short days" in text
    assert "forbidden by robots.txt" not in say(client, "/outlet/barvinform/")


def test_reasons_are_said_in_the_language_of_the_reader(space: Path, open_space: Open) -> None:
    client = open_space(space)
    said = {"uk": "заборонено в robots.txt", "ru": "запрещено в robots.txt", "kk": "robots.txt тыйым салған"}
    for code, words in said.items():
        assert words in say(client, f"/health/?ui={code}")


def test_rows_of_health_have_the_reason_of_each_day(space: Path, open_space: Open) -> None:
    client = open_space(space)
    rows = list(csv.DictReader(io.StringIO(client.get("/health/rows.csv").content.decode())))
    assert [row["reason"] for row in rows if row["outlet"] == "barvinform"] == ["", "blocked", "blocked", "unreachable"]
    assert {row["reason"] for row in client.get("/health/rows.json").json() if row["outlet"] == "anor24"} == {
        "forbidden by robots.txt"
    }


def test_a_lake_from_before_reasons_and_requests_opens(space: Path, open_space: Open) -> None:
    old = SCHEMAS["health"].remove(SCHEMAS["health"].get_field_index("reason"))
    [file] = (space / "lake" / "health").glob("*.parquet")
    rows = pq.read_table(file).select(old.names)  # type: ignore[no-untyped-call]
    pq.write_table(rows, file)  # type: ignore[no-untyped-call]
    for path in ("/", "/health/", "/outlet/barvinform/", "/outlets/"):
        assert open_space(space).get(path).status_code == 200
    assert {row["reason"] for row in open_space(space).get("/health/rows.json").json()} == {None}


def test_an_outlet_page_tells_what_the_registry_has(space: Path, open_space: Open) -> None:
    [file, *_] = sorted((space / "outlets").glob("*.toml"))
    with file.open("a", encoding="utf-8") as registry:
        registry.write("""
[[outlet]]
id = "steppe-courier"
name = "Степной курьер"
origin = "kazakhstan"
country = "kz"
kind = "newspaper"
languages = ["ru-Cyrl", "kk-Cyrl"]
domains = ["steppe-courier.example"]
control = "private"
region = "Костанай"
home = "https://steppe-courier.example/"
channels = ["steppecourier", "c/1500000001"]
wikidata = "Q42"
unverified = ["control", "feeds"]
""")
    client = open_space(space)
    text = say(client, "/outlet/steppe-courier/")
    assert "Kazakhstan, Костанай" in text
    assert "Private not verified" in text
    assert "Russian, Kazakh" in text
    assert "t.me/steppecourier, c/1500000001" in text
    assert "Not verified either feeds" in text
    html = client.get("/outlet/steppe-courier/").content.decode()
    assert 'href="https://steppe-courier.example/"' in html
    assert 'href="https://www.wikidata.org/wiki/Q42"' in html
