"""Articles given as JSON: whoever gave them counts code points of the text they gave."""

import json
from datetime import UTC, datetime

import pytest

from tests.read.pages import FETCHED, article, read


def test_given_text_is_kept_code_point_by_code_point() -> None:
    text = "  Е\u0308лші\u00a0келді.\r\n\r\n\u200bСұхбат  берді \U0001f600.  "
    (found,) = read(article(text=text)).articles.to_pylist()
    assert found["text"] == text


def test_given_fields_are_carried() -> None:
    result = read(
        article(
            text="Бұл туралы https://src.example/a?fbclid=1 жазды, қараңыз.",
            url="HTTPS://Dala.example/1?utm_source=x",
            published_at="2025-09-23T15:00:00+05:00",
            lang="kk",
            author=["Мұхтар Әуезов", "Леся Українка"],
            links=[
                "https://src.example/a?fbclid=1",
                {"url": "/b", "begin": 0, "end": 3},
                "https://no.example",
                7,
                {"url": "https://far.example/", "begin": 50, "end": 9000},
                "mailto:x@y.example",
            ],
            section="Саясат",
            views=12,
        )
    )
    (found,) = result.articles.to_pylist()
    assert found["url"] == "https://dala.example/1"
    assert (found["published_at"], found["published_from"]) == (datetime(2025, 9, 23, 10, tzinfo=UTC), "import")
    assert (found["lang"], found["script"]) == ("kk-Cyrl", "Cyrl")
    assert found["author"] == "Мұхтар Әуезов, Леся Українка"
    assert json.loads(found["extra"]) == {"section": "Саясат", "views": 12}
    places = [(link["url"], found["text"][link["begin"] : link["end"]]) for link in found["links"]]
    assert places == [
        ("https://src.example/a", "https://src.example/a?fbclid=1"),
        ("https://dala.example/b", "Бұл"),
        ("https://no.example/", ""),
        ("https://far.example/", ""),
    ]


@pytest.mark.parametrize(
    ("written", "url", "expected", "source"),
    [
        ("2025-09-23", "https://dala.example/1", datetime(2025, 9, 23, tzinfo=UTC), "import"),
        ("2025-09-23 15:30", "https://dala.example/1", datetime(2025, 9, 23, 15, 30, tzinfo=UTC), "import"),
        ("2099-01-01", "https://dala.example/2025/09/22/a", datetime(2025, 9, 22, tzinfo=UTC), "url"),
        ("2099-01-01", "https://dala.example/1", FETCHED, "fetched"),
        (None, "https://dala.example/1", FETCHED, "fetched"),
        ([], "urn:a:1", FETCHED, "fetched"),
    ],
)
def test_given_time_is_utc_or_falls_back(written: object, url: str, expected: datetime, source: str) -> None:
    (found,) = read(article(published_at=written, url=url)).articles.to_pylist()
    assert (found["published_at"], found["published_from"]) == (expected, source)


@pytest.mark.parametrize(
    ("given_lang", "text", "expected"),
    [
        ("kaz", "Елші келді", "kk-Cyrl"),
        ("kk", "Elşi keldi", "kk-Latn"),
        ("uz-Cyrl", "Элчи келди", "uz-Cyrl"),
        ("ru_RU", "Посол прибыл", "ru-Cyrl"),
        ("Russian", "Посол прибыл", "ru-Cyrl"),
        ("Turkmen", "Ilçi geldi", "en-Latn"),
    ],
)
def test_given_language_wins_and_carries_a_script(given_lang: str, text: str, expected: str) -> None:
    assert read(article(text=text, lang=given_lang)).articles["lang"].to_pylist() == [expected]
