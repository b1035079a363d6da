"""Days, numbers, names of languages and shares as each language writes them, on pages and in pictures."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from django.utils import translation

from arna.air.charts import paint_origins
from arna.air.report_words import end_sentence, list_languages, name_language, show_day, show_days, show_share
from arna.air.voice import speak
from arna.observatory.drawing import fit, measure
from arna.observatory.reasons import tell_outcome, tell_trouble
from arna.observatory.ribbons import LEAST, LEFT, lay_ribbons
from arna.observatory.speech import voice_of
from arna.terms import troubles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client


@pytest.fixture(params=["en", "uk", "ru", "kk"])
def code(request: pytest.FixtureRequest) -> Iterator[str]:
    """A language of the interface, spoken."""
    with translation.override(request.param), speak(voice_of(request.param)):
        yield request.param


def test_days_are_written_as_in_each_language(code: str) -> None:
    said = {"en": "8 Jun 2026", "uk": "8 черв. 2026 р.", "ru": "8 июн. 2026 г.", "kk": "2026 ж. 8 мау."}
    assert re.sub(r"\s", " ", show_day(date(2026, 6, 8))) == said[code]


def test_a_line_breaks_in_a_stretch_of_days_after_the_dash_only(code: str) -> None:
    said = show_days(date(2026, 9, 26), date(2026, 10, 1))
    assert [part.endswith(("–", "—")) for part in said.split(" ")] == [True, False]


def test_names_of_languages_are_capital_at_the_start_only(code: str) -> None:
    said = {
        "en": "Kazakh, Russian",
        "uk": "Казахська, російська",
        "ru": "Казахский, русский",
        "kk": "Қазақ тілі, орыс тілі",
    }
    assert list_languages(["kk-Cyrl", "ru-Cyrl"]) == said[code]
    assert name_language("ru-Cyrl")[0].isupper() == (code == "en")


def test_the_sign_of_a_share_is_part_of_what_is_said(code: str) -> None:
    said = {
        "en": ("under 1 %", "over 99 %"),
        "uk": ("менш ніж 1 %", "понад 99 %"),
        "ru": ("менее 1 %", "более 99 %"),
        "kk": ("1 %-дан аз", "99 %-дан көп"),
    }
    assert (show_share(0.001).replace("\u00a0", " "), show_share(0.999).replace("\u00a0", " ")) == said[code]


def test_below_nothing_stands_a_minus_not_a_hyphen(code: str) -> None:
    assert voice_of(code).say_decimal(-0.123, 2)[0] == "\u2212"


def test_a_sentence_does_not_end_in_two_full_stops(code: str) -> None:
    assert not end_sentence(show_day(date(2026, 6, 8))).endswith("..")


def test_every_reason_is_said_in_each_language(code: str) -> None:
    names = {value for name, value in vars(troubles).items() if name.isupper() and not name.startswith("_")}
    codes = {
        "duplicate",
        "too-short",
        "no-article-text",
        "empty-page",
        "empty-text",
        "not-html",
        "http-status",
        "broken",
    }
    assert len(names) == 15
    if code != "en":
        assert not names & {tell_trouble(name) for name in names}
    assert not codes & {tell_outcome(name) for name in codes} - {"broken"}


def test_a_reason_nobody_has_put_into_words_is_shown_as_it_is() -> None:
    assert (tell_trouble("hit by a comet"), tell_trouble(None), tell_outcome("hit-by-a-comet")) == (
        "hit by a comet", "", "hit-by-a-comet",
    )  # fmt: skip


def test_a_long_title_is_told_whole_in_lines_that_do_not_meet() -> None:
    title = "Росія: державні медіа й медіа під її цензурою, разом із перекладними виданнями"
    paints = paint_origins({"russia-state": title, "ukraine": "Україна"}, "unknown")
    [long, short] = lay_ribbons({("russia-state", "uk"): 1.0, ("ukraine", "uk"): 99.0}, paints, ["uk"]).origins
    assert len(long.lines) > 1
    assert " ".join(long.lines) == f"{title} 1\u00a0%"
    assert all(measure(line, 13) <= LEFT - 10 for line in long.lines)
    feet = [foot for foot, _ in (*long.feet, *short.feet)]
    assert all(after - before >= LEAST - 0.01 for before, after in pairwise(feet))
    assert long.feet[0][0] > 9  # letters begin within the picture


def test_what_fits_is_not_cut() -> None:
    assert fit("Україна", 13, 200) == "Україна"
    assert fit("Україна", 13, 20) == "У…"


def test_space_and_subject_have_the_titles_of_the_language(client: Client) -> None:
    page = client.get("/?ui=uk").content.decode()
    assert "Україна, про яку читають у Казахстані та Центральній Азії" in page
    assert "Ukraine" not in page.partition("<main")[2].partition("</main>")[0]
    assert "Ukraine, as read in Kazakhstan" in client.get("/?ui=en").content.decode()


def test_a_picture_keeps_share_and_interval_whole_for_ten_languages(client: Client) -> None:
    for code in ("en", "uk", "ru", "kk"):
        picture = client.get(f"/picture.svg?ui={code}").content.decode()
        shares = re.findall(r">(\d+\u00a0%)</text>", picture) + re.findall(r" (\d+\u00a0%)</text>", picture)
        intervals = re.findall(r">\(\d+–\d+\u00a0%\)</text>", picture)
        assert intervals
        assert len(shares) >= len(intervals), code


def test_numbers_of_sentences_have_the_marks_of_thousands() -> None:
    from arna.air.report_traced import _tell_tally

    with speak(voice_of("en")):
        assert _tell_tally((1200, 1300), (2, 2)) == "1,200 of the 1,300 sentences here beside both sentences there"
    with translation.override("uk"), speak(voice_of("uk")):
        assert _tell_tally((1, 2), (3, 3)) == "Тут 1 з 2 речень, там усі 3 речення"


def test_an_error_of_the_space_is_explained_in_the_language_of_the_reader(
    client: Client, settings_of_django, tmp_path
) -> None:  # type: ignore[no-untyped-def]
    settings_of_django.ARNA_SPACE = tmp_path
    page = client.get("/?ui=ru").content.decode()
    assert "Его таблиц нет, или их нельзя прочитать." in page
    assert '<p class="detail" lang="en"><code>' in page
