from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arna.voids.health import measure_health

DAY = date(2025, 9, 1)


def days(**counts: list[int]) -> pa.Table:
    rows = [
        {"outlet": outlet, "day": DAY + timedelta(days=n), "articles": count}
        for outlet, values in counts.items()
        for n, count in enumerate(values)
        if count
    ]
    return pa.Table.from_pylist(
        rows, schema=pa.schema([("outlet", pa.string()), ("day", pa.date32()), ("articles", pa.int64())])
    )


def flagged(rows: pa.Table, outlet: str) -> list[int]:
    return [(row["day"] - DAY).days for row in rows.to_pylist() if row["outlet"] == outlet and not row["ok"]]


def test_a_dark_fortnight_is_flagged_and_a_quiet_sunday_is_not():
    steady = [3, 2, 4, 3, 2, 3, 0] * 8
    dark = [*steady[:14], *([0] * 14), *steady[28:]]
    rows = measure_health(days(steady=steady, dark=dark))
    assert flagged(rows, "steady") == []
    assert flagged(rows, "dark") == list(range(13, 28))


def test_an_outlet_that_stops_is_missed_to_the_last_day():
    rows = measure_health(days(gone=[2] * 20, other=[1] * 40))
    assert flagged(rows, "gone") == list(range(20, 40))


def test_a_rare_outlet_is_not_blamed_for_its_pauses():
    rows = measure_health(days(rare=[1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], other=[1] * 15))
    assert flagged(rows, "rare") == []


def test_a_day_far_below_a_large_outlets_rate_is_flagged():
    rows = measure_health(
        days(
            huge=[5000] * 20 + [4000] + [5000] * 9,
            large=[300] * 20 + [150] + [300] * 9,
            middle=[40] * 20 + [12] + [40] * 9,
        )
    )
    assert flagged(rows, "huge") == [20]
    assert flagged(rows, "large") == [20]
    assert flagged(rows, "middle") == [20]


def test_every_outlet_has_a_row_for_every_day_since_its_first():
    rows = measure_health(days(a=[1, 0, 2], b=[0, 1, 0, 0, 5])).to_pylist()
    assert [(row["outlet"], row["collected"]) for row in rows] == [
        ("a", 1), ("a", 0), ("a", 2), ("a", 0), ("a", 0), ("b", 1), ("b", 0), ("b", 0), ("b", 5),
    ]  # fmt: skip
    assert measure_health(days()).num_rows == 0


def asked(*rows: tuple[str, int, str, str, str, int]) -> pa.Table:
    """Requests: outlet, day, kind, result, reason, how many; pages that are kept and textless say so in the reason."""
    at = datetime(2025, 9, 1, 23, 59, 59, tzinfo=UTC)
    return pa.Table.from_pylist(
        [
            {
                "outlet": outlet, "day": DAY + timedelta(days=day), "kind": kind, "result": result,
                "reason": "" if reason == "textless" else reason, "n": n,
                "textless": n if reason == "textless" else 0, "last": at + timedelta(days=day),
            }
            for outlet, day, kind, result, reason, n in rows
        ]
    )  # fmt: skip


def reasons(rows: pa.Table, outlet: str) -> dict[int, str]:
    return {
        (row["day"] - DAY).days: row["reason"] for row in rows.to_pylist() if row["outlet"] == outlet and row["reason"]
    }


def test_a_bad_day_says_why_as_far_as_the_collector_knows():
    busy = [20] * 20
    cases = {
        "blocked": [("feed", "blocked", "http-403", 9)],
        "forbidden by robots.txt": [
            ("feed", "refused", "robots: robots.txt forbids it", 1),
            ("robots", "kept", "", 2),
        ],
        "gone": [("feed", "gone", "http-404", 1), ("robots", "kept", "", 1)],
        "unreachable": [("robots", "failed", "connect: refused", 3), ("feed", "failed", "timeout: no answer", 2)],
        "server errors": [("feed", "kept", "", 4), ("page", "failed", "http-503", 18), ("page", "kept", "", 2)],
        "no readable feed": [("feed", "failed", "no-feed: it is a web page", 4)],
        "layout changed": [("feed", "kept", "", 4), ("page", "kept", "textless", 20)],
        "nothing new listed": [("feed", "unchanged", "", 9)],
        "not collected": [],
    }
    fine = [("feed", "kept", "", 4), ("page", "kept", "", 20)]
    outlets = {name.replace(" ", "-"): events for name, events in cases.items()}
    rows = [
        (outlet, day, *event)
        for outlet, events in outlets.items()
        for day in range(20)
        for event in (events if day == 15 else fine)
    ]
    counts = {outlet: [*busy[:15], 0, *busy[16:]] for outlet in outlets}
    health = measure_health(days(**counts), asked(*rows))
    for name, outlet in zip(cases, outlets, strict=True):
        assert flagged(health, outlet) == [15]
        assert reasons(health, outlet) == {15: name}


def test_an_outlet_that_was_asked_and_never_gave_anything_is_missed():
    rows = [("mute", day, "feed", "blocked", "http-451", 9) for day in range(5, 20)]
    health = measure_health(days(a=[4] * 20, b=[10] * 20, c=[30] * 20), asked(*rows))
    assert flagged(health, "mute") == list(range(5, 20))
    assert set(reasons(health, "mute").values()) == {"blocked"}
    expected = [row["expected"] for row in health.to_pylist() if row["outlet"] == "mute"]
    assert expected == pytest.approx([10.0] * 15, rel=0.001)


def test_a_day_that_is_not_over_counts_in_part():
    morning = asked(("a", 20, "feed", "kept", "", 3))
    at = datetime(2025, 9, 21, 6, 0, tzinfo=UTC)
    morning = morning.set_column(7, "last", pa.array([at], pa.timestamp("us", "UTC")))
    health = measure_health(days(a=[40] * 20 + [9]), morning)
    assert flagged(health, "a") == []
    assert health.to_pylist()[-1]["expected"] == pytest.approx(10, rel=0.05)
    assert flagged(measure_health(days(a=[40] * 20 + [9])), "a") == [20]


def test_weekdays_are_learnt_apart_and_an_outage_does_not_teach():
    week = [30, 31, 29, 30, 32, 6, 5]
    counts = week * 10
    outage = counts[:28] + [0] * 14 + counts[42:]
    health = measure_health(days(paper=outage))
    assert flagged(health, "paper") == list(range(28, 42))
    expected = [row["expected"] for row in health.to_pylist()]
    assert expected[28] == pytest.approx(30, abs=3)
    assert expected[33] == pytest.approx(8, abs=3)


def test_an_outlet_whose_days_vary_much_is_not_blamed_for_it():
    bursts = [3, 18, 7, 25, 2, 14, 9, 21, 4, 12, 16, 1, 19, 6] * 5
    assert flagged(measure_health(days(bursts=bursts)), "bursts") == []


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60), st.integers(0, 6))
def test_every_day_has_an_expectation_and_enough_is_always_ok(counts: list[int], start: int):
    rows = measure_health(days(x=[*[0] * start, *counts, 1])).to_pylist()
    assert all(row["expected"] >= 0 for row in rows)
    assert all(row["ok"] for row in rows if row["collected"] >= row["expected"] and row["collected"])
