from __future__ import annotations

import pytest

from arna.read.furniture import Furniture

BOX = "Подписывайтесь на наш канал и узнавайте новости первыми"
STORY = (
    "АСТАНА, 23 сентября — ТАСС. Мост через реку открыли в среду, движение по нему начнётся после недели испытаний.",
    "Испытания займут неделю, грузовики пустят позже, сообщили в министерстве транспорта в четверг вечером.",
)


def page(number: int, *more: str) -> list[str]:
    return [
        f"Абзац о событии номер {'абвгдежзик'[number]}, которого нет больше ни на одной другой странице сайта.",
        *more,
    ]


def test_block_on_many_different_pages_is_furniture() -> None:
    learned = Furniture.learn([page(number, BOX) for number in range(6)])
    assert learned.is_furniture(BOX)
    assert not learned.is_furniture(page(0)[0])


def test_counter_in_a_block_does_not_hide_it() -> None:
    learned = Furniture.learn([page(number, f"Просмотров: {number * 37 + 5}0{number}") for number in range(6)])
    assert learned.is_furniture("ПРОСМОТРОВ: 1 905")
    assert not learned.is_furniture("1 905")


@pytest.mark.parametrize(
    "line",
    [
        *(
            "Источник: ТАСС",
            "Дереккөз: ҚазАқпарат",
            "Manba: OʻzA",
            "Çeşme: TDH",
            "Джерело: Укрінформ",
            "Source: Reuters",
        ),
        *("Булагы: Кабар", "Сарчашма: Ховар", "АСТАНА, 23 сентября — ТАСС", "ҚАРАҒАНДЫ. 5 мамыр – Дала хабары"),
    ],
)
def test_line_naming_the_source_stays_however_often_it_stands(line: str) -> None:
    learned = Furniture.learn([page(number, BOX, line) for number in range(8)])
    assert not learned.is_furniture(line)


def test_wire_story_carried_again_and_again_is_not_furniture() -> None:
    pages = [page(number, BOX) for number in range(6)] + [[*STORY, BOX]] * 5
    learned = Furniture.learn(pages)
    assert learned.is_furniture(BOX)
    assert not any(learned.is_furniture(text) for text in STORY)


def test_story_reprinted_with_another_note_under_it_is_not_furniture() -> None:
    pages = [page(number) for number in range(5)]
    pages += [[*STORY, f"Редакция добавила: {word}"] for word in ("раз", "два", "три", "четыре")]
    learned = Furniture.learn(pages)
    assert not any(learned.is_furniture(text) for text in STORY)


def test_two_pages_are_too_few() -> None:
    assert not Furniture.learn([page(0, BOX), page(1, BOX)]).is_furniture(BOX)


def test_nothing_learned_removes_nothing() -> None:
    assert not Furniture().is_furniture(BOX)
    assert not Furniture.learn([]).is_furniture(BOX)
