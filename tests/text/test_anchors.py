from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arna.text.anchors import compare_anchors, find_anchors
from arna.text.scripts import kazakh_spellings, kazakh_to_latin

if TYPE_CHECKING:
    from arna.text.anchors import Compared

MEETING = {
    "kk": "Кеше президент Зеленский 2025 жылғы 23 қыркүйекте Нью-Йоркте Қазақстанға 2,3 млн доллар көмек туралы айтты.",
    "ru": "Вчера президент Зеленский 23 сентября 2025 года в Нью-Йорке сказал о помощи Казахстану в 2,3 миллиона долларов.",
    "uk": "Учора президент Зеленський 23 вересня 2025 року в Нью-Йорку сказав про допомогу Казахстану у 2,3 млн доларів.",
    "uz": "Kecha prezident Zelenskiy 2025-yil 23-sentabrda Nyu-Yorkda Qozogʻistonga 2,3 mln dollar yordam haqida gapirdi.",
    "ky": "Кечээ президент Зеленский 2025-жылдын 23-сентябрында Нью-Йоркто Казакстанга 2,3 миллион доллар жардамды айтты.",
    "tg": "Дирӯз президент Зеленский 23 сентябри соли 2025 дар Ню-Йорк дар бораи 2,3 миллион доллар ба Қазоқистон гуфт.",
    "tk": "Düýn prezident Zelenskiý 2025-nji ýylyň 23-nji sentýabrynda Nýu-Ýorkda Gazagystana 2,3 million dollar diýdi.",
    "en": "On Tuesday president Zelensky spoke in New York on September 23, 2025 of $2.3 million in aid to Kazakhstan.",
}


def keys(text: str, kind: str, lang: str | None = None) -> list[str]:
    return [anchor.key for anchor in find_anchors(text, lang) if anchor.kind == kind]


def compare(one: str, first: str, two: str, second: str) -> Compared:
    return compare_anchors(find_anchors(one, first), find_anchors(two, second))


@pytest.mark.parametrize("lang", MEETING)
def test_one_report_has_the_same_anchors_in_every_language(lang: str) -> None:
    assert keys(MEETING[lang], "date", lang) == ["2025-09-23"]
    assert keys(MEETING[lang], "number", lang) == ["2300000"]
    found = compare(MEETING[lang], lang, MEETING["ru"], "ru")
    assert found.conflicts == 0
    assert found.numbers == (2, 0, 0)  # the sum and the year
    assert found.dates == (1, 0, 0)
    assert found.names.shared >= 3  # Zelensky, York, Kazakhstan


def test_uzbek_in_cyrillic_and_kazakh_in_latin_letters_have_the_anchors_of_their_other_script() -> None:
    cyrillic = (
        "Кеча президент Зеленский 2025 йил 23 сентябрда Нью-Йоркда Қозоғистонга 2,3 миллион доллар ҳақида гапирди."
    )
    uzbek = compare(cyrillic, "uz-Cyrl", MEETING["ru"], "ru")
    assert (uzbek.conflicts, uzbek.dates.shared, uzbek.numbers.shared) == (0, 1, 2)
    assert uzbek.names.shared >= 3
    for spelling in kazakh_spellings():
        kazakh = compare(kazakh_to_latin(MEETING["kk"], spelling), "kk", MEETING["ru"], "ru")
        assert (spelling, kazakh.conflicts, kazakh.dates.shared, kazakh.numbers.shared) == (spelling, 0, 1, 2)
        assert kazakh.names.shared >= 3


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2,3 млн адам", "2300000"),
        ("2.3 million people", "2300000"),
        ("2 300 000 человек", "2300000"),
        ("2,300,000 people", "2300000"),
        ("2,3 миллиондон ашык киши", "2300000"),
        ("2,3 мільйона людей", "2300000"),
        ("қаржы 100 мың теңге", "100000"),
        ("100 минг сўм", "100000"),
        ("100 müň manat", "100000"),
        ("100 ҳазор сомонӣ", "100000"),
        ("1,5 млрд. тенге", "1500000000"),
        ("2 мың 300 тонна", "2300"),
        ("a rate of 0.125", "0.125"),
        ("3,50 гривні", "3.5"),
        ("15 пайызға өсті", "15%"),
        ("15 percent", "15%"),
        ("15%", "15%"),
        ("15 foizga oshdi", "15%"),
        ("15 göterim ýokarlandy", "15%"),
        ("15 фоиз афзуд", "15%"),
        ("на 15 процентов", "15%"),
        ("на 15 відсотків", "15%"),
        ("80-й сессии", "80"),
        ("80-сессиясында", "80"),
        ("the 80th session", "80"),
        ("80-nji mejlisi", "80"),
        ("в XXI веке", "21"),
        ("ХХІ ғасырда", "21"),
        ("XXI asrda", "21"),
        ("сағат 9:05-те", "09:05"),
        ("at 2:30 p.m.", "14:30"),
        ("soat 14:30da", "14:30"),
    ],
)
def test_a_number_has_one_key_however_it_is_written(text: str, value: str) -> None:
    assert keys(text, "number") == [value]


@pytest.mark.parametrize(
    ("lang", "text", "value"),
    [
        ("kk", "алты жылдан кейін", "6"),
        ("ru", "через шесть лет", "6"),
        ("uz", "olti yildan keyin", "6"),
        ("uz", "олти йилдан кейин", "6"),
        ("tk", "alty ýyldan soň", "6"),
        ("ky", "алты жылдан кийин", "6"),
        ("tg", "баъди шаш сол", "6"),
        ("uk", "через шість років", "6"),
        ("en", "six years later", "6"),
        ("kk", "он екі адам", "12"),
        ("kk", "жиырма бесінші отырыс", "25"),
        ("ru", "двадцать пять солдат", "25"),
        ("en", "twenty-five soldiers", "25"),
        ("uk", "двадцять п'ять солдатів", "25"),
        ("uz", "yigirma beshta askar", "25"),
        ("tk", "ýigrimi bäş esger", "25"),
        ("kk", "бес жүз адам", "500"),
        ("en", "two hundred people", "200"),
        ("kk", "екі мың адам", "2000"),
    ],
)
def test_words_of_number_have_their_value(lang: str, text: str, value: str) -> None:
    assert keys(text, "number", lang) == [value]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "He may march on to the palace at once"),
        ("kk", "Үшін, алтын, жетістік және бесік деген сөздер сан емес"),
        ("ru", "Он пришёл туда со своей семьёй, и там был сад"),
        ("uz", "Bu uchun oltin va uchrashuv kerak"),
        ("tk", "Minut we on däl"),
        ("uk", "Як він це зробив, ніхто не знає"),
    ],
)
def test_words_that_only_look_like_numbers_are_none(lang: str, text: str) -> None:
    wanted = ["10"] if lang == "tk" else []
    assert keys(text, "number", lang) + keys(text, "date", lang) == wanted


@pytest.mark.parametrize(
    ("lang", "text", "key"),
    [
        ("kk", "23 қыркүйекте", "09-23"),
        ("kk", "қыркүйектің 23-інде", "09-23"),
        ("kk", "2025 жылдың қыркүйегінде", "2025-09"),
        ("kk", "қазан айында басталды", "10"),
        ("ru", "в сентябре 2025 года", "2025-09"),
        ("ru", "23 сент. 2025 г.", "2025-09-23"),
        ("ru", "23.09.2025", "2025-09-23"),
        ("uz", "5-may kuni", "05-05"),
        ("uz", "23-сентябрь куни", "09-23"),
        ("tk", "23-nji sentýabrda", "09-23"),
        ("ky", "23-сентябрда", "09-23"),
        ("tg", "23 сентябри", "09-23"),
        ("uk", "у вересні", "09"),
        ("en", "September 23rd", "09-23"),
        ("en", "May 5", "05-05"),
    ],
)
def test_dates_of_every_language_have_one_key(lang: str, text: str, key: str) -> None:
    assert keys(text, "date", lang) == [key]
    assert keys(text, "number", lang) == []


def test_a_month_beside_a_count_is_no_day() -> None:
    assert keys("қыркүйекте 15 адам", "date", "kk") == ["09"]
    assert keys("қыркүйекте 15 адам", "number", "kk") == ["15"]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("деді Нұртілеу", "сказал Нуртлеу"),
        ("деді Нұртілеу", "said Nurtleu"),
        ("деді Нұртілеу", "dedi Nurtleuning"),
        ("бүгін Украинада", "in Ukraine today"),
        ("бүгін Украинада", "сьогодні в Україні"),
        ("в Казахстане", "bugun Qozogʻistonda"),
        ("в Казахстане", "şu gün Gazagystanda"),
        ("бүгін Ресейде", "in Russia"),
        ("президент АҚШ", "the USA"),
        ("бүгін Харьковте", "in Kharkiv"),
        ("бүгін Шымкентте", "в Шымкенте"),
        ("бүгін Вашингтонның", "in Washington"),
        ("деп Трамптың", "şu gün Tramp"),
        ("в Чернигове", "у Чернігові"),
        ("имрӯз Хуҷанд", "в Худжанде"),
    ],
)
def test_a_name_is_known_in_another_script_and_inflected(one: str, two: str) -> None:
    assert compare_anchors(find_anchors(one), find_anchors(two)).names == (1, 0, 0)


def test_other_names_are_not_taken_for_one() -> None:
    found = compare("бүгін Астанада Тоқаевпен", "kk", "в Киеве с Зеленским", "ru")
    assert found.names == (0, 2, 2)


def test_the_first_word_of_a_sentence_is_a_name_only_with_the_other_side() -> None:
    first, second = "Зеленский сөйледі. Кеше болды.", "Вчера говорил Зеленский."
    assert compare(first, "kk", second, "ru").names == (1, 0, 0)


def test_figures_that_differ_conflict_and_figures_left_out_do_not() -> None:
    one = "Президент 23 қыркүйекте 500 адам туралы айтты."
    assert compare(one, "kk", "Президент 23 сентября сказал о 700 людях.", "ru").conflicts == 1
    assert compare(one, "kk", "Президент сказал о 500 людях.", "ru").conflicts == 0
    assert compare(one, "kk", "Президент 25 сентября сказал о 500 людях.", "ru").conflicts == 1
    assert compare(one, "kk", "Президент в сентябре сказал о 500 людях.", "ru").conflicts == 0


@given(st.text(max_size=80))
def test_anchors_of_any_text_stand_in_order_within_it_and_agree_with_themselves(text: str) -> None:
    anchors = find_anchors(text)
    edges = [0] + [edge for anchor in anchors for edge in (anchor.begin, anchor.end)] + [len(text)]
    assert edges == sorted(edges)
    found = compare_anchors(anchors, anchors)
    assert found.conflicts == 0
    assert found.numbers[1:] == found.dates[1:] == found.names[1:] == (0, 0)


@given(st.integers(min_value=1000, max_value=10**12), st.sampled_from([" ", "\u00a0", "\u202f", ",", ".", "’"]))
def test_separators_do_not_change_a_number(value: int, separator: str) -> None:
    assert keys(f"{value:,}".replace(",", separator), "number") == [str(value)]
