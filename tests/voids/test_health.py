from datetime import date, timedelta

import pyarrow as pa

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
