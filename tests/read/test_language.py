"""A passage under the wrong language is compared with the wrong words; a name must not turn a sentence's language."""

from collections.abc import Sequence

import pytest

from arna.engines.identify import Guess, NgramIdentifier
from arna.read.language import identify_languages

KAZAKH = "Украина елшісі Астанаға келіп, екі ел арасындағы сауданы кеңейту туралы келіссөз жүргізді."
UKRAINIAN = "Посол України прибув до Астани та провів перемовини про розширення торгівлі між країнами."
UZBEK = "Ukraina elchisi Toshkentga keldi va ikki mamlakat oʻrtasidagi savdoni kengaytirish haqida gaplashdi."
RUSSIAN = "Мы рассчитываем, что поставки зерна вырастут уже в этом году."
IDENTIFIER = NgramIdentifier()


def tell(article: str, *passages: str) -> list[str]:
    """Languages of passages that stand after four sentences of an article in its own language."""
    parts = [article] * 4 + list(passages)
    text, spans = "", []
    for part in parts:
        spans.append((len(text), len(text) + len(part)))
        text += part + "\n"
    _, (told,) = identify_languages([text], [None], [spans], IDENTIFIER)
    return told[4:]


@pytest.mark.parametrize(
    ("article", "lang"),
    [(KAZAKH, "kk-Cyrl"), (UKRAINIAN, "uk-Cyrl"), (UZBEK, "uz-Latn")],
)
def test_a_russian_quote_is_russian_and_the_sentences_around_it_are_not(article: str, lang: str) -> None:
    assert tell(article, RUSSIAN, article) == ["ru-Cyrl", lang]


@pytest.mark.parametrize(
    ("article", "passage", "lang"),
    [
        (KAZAKH, "Қатысты тақырып: Киев", "kk-Cyrl"),
        (KAZAKH, "Я согласен", "kk-Cyrl"),
        (KAZAKH, "12 345 — 6 789 — 2025", "kk-Cyrl"),
        (KAZAKH, "Бұл туралы Danube Freight Review хабарлады.", "kk-Cyrl"),
        (UKRAINIAN, "КИЇВ, 30 жовтня — Dnipro Ledger Review.", "uk-Cyrl"),
        (UZBEK, "Bu haqda «Киевский вечерний вестник» xabar berdi.", "uz-Latn"),
        (KAZAKH, "The ambassador said the talks had gone well.", "en-Latn"),
    ],
)
def test_names_figures_and_few_words_take_the_article_s_language(article: str, passage: str, lang: str) -> None:
    assert tell(article, passage) == [lang]


@pytest.mark.parametrize(
    ("guess", "lang"),
    [
        (Guess("ru-Cyrl", 0.9), "ru-Cyrl"),
        (Guess("ru-Cyrl", 0.4), "kk-Cyrl"),  # which of two languages in Cyrillic it is, is in doubt
        (Guess("uz-Latn", 0.4), "uz-Latn"),  # that it is not the article's is not: the words are in Latin letters
    ],
)
def test_a_doubtful_guess_is_believed_only_of_another_script(guess: Guess, lang: str) -> None:
    class Doubtful:
        def identify(self, texts: Sequence[str]) -> list[Guess]:
            return [Guess("kk-Cyrl", 1.0), guess]

    text = "besh olti yetti sakkiz" if guess.lang == "uz-Latn" else "один два три четыре"
    assert identify_languages([text], [None], [[(0, len(text))]], Doubtful()) == (["kk-Cyrl"], [[lang]])
