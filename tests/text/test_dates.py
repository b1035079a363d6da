from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arna.text.dates import find_date, parse_date

DAY = date(2025, 9, 23)
NOON = datetime(2025, 9, 23, 14, 30)  # noqa: DTZ001 - no zone is the case under test
MOMENT = datetime(2025, 9, 23, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Кездесу 2025 жылғы 23 қыркүйекте өтті.",
        "Кездесу 2025 жылдың 23 қыркүйегінде өтті.",
        "2025 жылдың қыркүйегінің 23-інде",
        "23 қыркүйек 2025 жыл",
        "23 Қыркүйек, 2025",
        "2025 jılğı 23 qırküyekte",
        "2025 jylǵy 23 qyrkúiek",
        "23 qyrküiek 2025",
        "23-sentabr, 2025-yil",
        "Uchrashuv 2025-yil 23-sentabrda boʻlib oʻtdi.",
        "23-sentyabr 2025",
        "2025-yilning 23-sentabriga qadar",
        "23 сентябрь 2025 йил",
        "2025 йил 23 сентябрда",
        "2025-nji ýylyň 23-nji sentýabrynda",
        "23-nji sentýabr, 2025",
        "2025-жылдын 23-сентябрында",
        "23-сентябрь, 2025-ж.",
        "23 сентябри соли 2025",
        "23-юми сентябри соли 2025",
        "Зустріч відбулася 23 вересня 2025 року.",
        "23 ВЕРЕСНЯ 2025",
        "Встреча прошла 23 сентября 2025 года в Нью-Йорке.",
        "22–23 сентября 2025 г.",
        "They met on September 23, 2025 in New York.",
        "Tuesday, 23rd of September 2025",
        "23 Sept. 2025",
        "23-Sep-2025",
        "23.09.2025",
        "23/09/2025",
        "2025.09.23",
        "23.09.25",
    ],
)
def test_a_day_written_in_any_of_the_languages_is_found(text: str) -> None:
    assert find_date(text) == DAY


@pytest.mark.parametrize(
    "text",
    [
        "23 қыркүйек, 2025, 14:30",
        "2025 жылғы 23 қыркүйек сағат 14:30",
        "2025-yil 23-sentabr, soat 14:30",
        "23 сентября 2025 года, вторник, 14:30",
        "23 вересня 2025 р. о 14:30",
        "September 23, 2025, 2:30 p.m.",
        "14:30, 23 сентября 2025",
        "14:30 | 23.09.2025",
        "23.09.2025 в 14:30",
    ],
)
def test_a_time_beside_the_day_is_kept_without_inventing_a_zone(text: str) -> None:
    assert find_date(text) == NOON


@pytest.mark.parametrize(
    "text",
    [
        "23.09.2025 14:30 (UTC+5)",
        "14:30 +0500, 23 вересня 2025",
        "23 Sep 2025 12:30 (МСК)",
        "5:30 AM EDT, 23.09.2025",
    ],
)
def test_a_zone_in_the_text_gives_the_moment(text: str) -> None:
    assert find_date(text) == MOMENT


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2025-09-23", DAY),
        ("20250923", DAY),
        ("2025-09-23T14:30", NOON),
        ("2025-09-23 14:30:00", NOON),
        ("23.09.2025 14:30", NOON),
        ("2025-09-23T09:30:00Z", MOMENT),
        ("2025-09-23T09:30:00.123456Z", MOMENT),
        ("2025-09-23T14:30:00+05:00", MOMENT),
        ("2025-09-23T14:30:00+05", MOMENT),
        ("2025-09-23 14:30:00+0500", MOMENT),
        ("2025-09-23 14:30:00 +0500", MOMENT),
        ("2025-09-23T14:30:00+05:00[Asia/Almaty]", MOMENT),
        ("20250923T093000Z", MOMENT),
        ("2025-09-23 09:30:00 UTC", MOMENT),
        ("Tue, 23 Sep 2025 14:30:00 +0500", MOMENT),
        ("Tue, 23 Sep 2025 09:30:00 GMT", MOMENT),
        ("Tue, 23 Sep 2025 05:30:00 EDT (summer)", MOMENT),
        ("Tue, 23 Sep 2025 12:30:00 MSK", MOMENT),
        ("Tue, 23 Sep 2025 14:30:00", NOON),
        ("Tue Sep 23 2025 14:30:00 GMT+0500 (Qazaqstan)", MOMENT),
        ("1758619800", MOMENT),
        ("1758619800000", MOMENT),
        ("23 қыркүйек 2025", DAY),
    ],
)
def test_what_pages_put_in_their_metadata_is_read(value: str, expected: date) -> None:
    assert parse_date(value) == expected


NOT_A_DAY = """
31.02.2025
2025-13-01
2025-02-30T10:00:00Z
0000-00-00
29 ақпан 2025
вчера
32 сентября 2025
10.10.20.1
0001-01-01T00:00:00+05:00
Tue, 31 Feb 2025 14:30:00 +0500
99999999999999
"""


@pytest.mark.parametrize("value", NOT_A_DAY.split("\n"))
def test_a_day_that_does_not_exist_gives_nothing(value: str) -> None:
    assert parse_date(value) is None
    assert find_date(value) is None


def test_an_hour_that_does_not_exist_spoils_a_machine_format() -> None:
    assert parse_date("2025-09-23T25:00:00Z") is None


def test_numeric_dates_are_day_first() -> None:
    assert find_date("9/5/2025") == date(2025, 5, 9)
    assert parse_date("05.09.2025") == date(2025, 9, 5)


def test_a_count_of_people_is_not_a_day() -> None:
    assert find_date("2025 жылы қыркүйекте 15 адам келді.") is None
    assert find_date("В сентябре 2025 года 15 ректоров приехали.") is None


def test_the_first_date_of_a_text_wins() -> None:
    assert find_date("23 вересня 2025 року сторони згадали 05.09.2019.") == DAY
    assert find_date("Оновлено 05.09.2019. Подія 23 вересня 2025 року.") == date(2019, 9, 5)


def test_the_language_of_the_text_breaks_a_tie() -> None:
    text = "Published 1 March 2024. 23 вересня 2025 року сторони зустрілися."
    assert find_date(text, lang="uk-Cyrl") == DAY
    assert find_date(text) == date(2024, 3, 1)


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("0123456789.-:/ TZ+мая")), max_size=80))
def test_no_value_breaks_the_parser(value: str) -> None:
    for found in (parse_date(value), find_date(value, "kk-Cyrl")):
        assert found is None or isinstance(found, date)


OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
YEARS = {"min_value": datetime(1600, 1, 1), "max_value": datetime(2090, 1, 1)}  # noqa: DTZ001 - hypothesis adds the zone


@given(st.datetimes(**YEARS, timezones=OFFSETS))
def test_a_moment_survives_being_written_as_iso_8601(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    assert parse_date(whole.isoformat()) == whole
