from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arna.text.sentences import split_passages

MARKS = "т.б. г. А. Mr. U.S. 2025 1. қала Қала Ол … ! ?» « ” . ... [1] y. — ' 😀 келді.Қазақстан"
PIECES = st.sampled_from([*MARKS.split(), "\n", "\u00a0", "\u0085", "\t", " "])
TEXTS = st.one_of(st.text(), st.lists(PIECES).map("".join), st.lists(PIECES).map(" ".join))


@given(TEXTS)
def test_every_visible_character_is_in_exactly_one_passage(text: str) -> None:
    covered = [0] * len(text)
    for begin, end in split_passages(text):
        assert not text[begin].isspace()
        assert not text[end - 1].isspace()
        assert "\n" not in text[begin:end]
        for place in range(begin, end):
            covered[place] += 1
    assert max(covered, default=0) <= 1
    assert all(times == 1 or char.isspace() for char, times in zip(text, covered, strict=True))


@given(TEXTS)
def test_passages_come_in_order(text: str) -> None:
    spans = split_passages(text)
    assert spans == sorted(spans)


# "|" marks where one passage ends and the next begins.
CASES = """
2025 жылғы 23 қыркүйекте Нью-Йоркте А. Сибига мен М. Нұртілеу кездесті.| Олар көлік және т.б. істі талқылады.
Тауар айналымы 2024 ж. 410 млн. АҚШ долларын құрады.| Бұл аз.
Дәрі-дәрмек, сорғы және т.б.| Қазақстан мұны сатып алғысы келеді.
«Біз келеміз!» — деді ол.| «Қашан?»| Жауап жоқ...| Мүмкін ертең.
В г. Алматы прошла встреча.| В 2024 г. Украина продала насосы, трубы и т. д.| Посол рассказал об этом.
Соглашение подписано в Киеве 23 сентября 2025 г.| Документ вступил в силу.
Это видно на рис. 5 и в ст. 12, т.е. в законе.| Вопросов нет.
Експорт сягнув 100 млн. дол. США, тобто 3,5 тис. грн. за тонну.| Ціни зросли.
Центр працює на вул. Хрещатик, буд. 5, ім. Шевченка.| У 2025 р. Україна чекає гостей.
“We want this.”| He said so.| The U.S. Senate met Mr. Smith at 5 p.m. on Sept. 23, e.g. in New York.
It was made in the U.S.| The rain fell.| See No. 5.| No.| Nothing more.
2025-y. 23-sentabrda 5 mln. dollar va h.k. toʻgʻrisida soʻz bordi.| Prezident 23.09.2025 kuni keldi.
Toshkent sh. Yunusobod tumanida bogʻ ochildi.| Narxi 3.5 ming soʻm.
Söwda 2024-nji ý. 100 mln. dollara ýetdi we ş.m.| Aşgabat ş. Türkmenistanyň paýtagtydyr.
Базарда алма, өрүк ж.б. сатылат.| Бишкек ш. Ленин көчөсү жабылды.
Соли 2025 с. 23 сентябр мулоқот шуд.| Дар ш. Душанбе ва ғ.| Мо меравем.
1. Бірінші тармақ.| 2. Екінші тармақ.
Сілтеме бар.[1]| Келесі сөйлем.
Жұмыс бітті.|Қазақстан жеңді.| Kun.Uz сайты жазды.
Т. Г. Шевченко народився 1814 р. в Моринцях.| Він був поетом.
"""


@pytest.mark.parametrize("marked", CASES.strip().split("\n"))
def test_passages_are_what_a_reader_calls_sentences(marked: str) -> None:
    text = marked.replace("|", "")
    expected = [part.strip() for part in marked.split("|")]
    assert [text[begin:end] for begin, end in split_passages(text)] == expected


def test_a_headline_without_a_stop_does_not_run_into_the_text() -> None:
    text = "Украина туралы жаңалық\nКездесу өтті. Олар келісті"
    assert split_passages(text) == [(0, 22), (23, 36), (37, 49)]
