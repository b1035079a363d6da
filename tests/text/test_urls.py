"""Two spellings of one address must meet, or a duplicate is traced as two articles and a link finds nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arna.text.urls import host_of, normalise_url


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("HTTPS://News.Example:443/a?utm_source=tg&id=5&fbclid=x#top", "https://news.example/a?id=5"),
        ("http://news.example:80", "http://news.example/"),
        ("http://news.example:8080/a/", "http://news.example:8080/a/"),
        ("https://news.example/a?yclid=1&gclid=2&_openstat=3", "https://news.example/a"),
        ("https://news.example/жаңалық", "https://news.example/%D0%B6%D0%B0%D2%A3%D0%B0%D0%BB%D1%8B%D2%9B"),
        ("https://news.example/%d0%b6?q=%7E", "https://news.example/%D0%B6?q=~"),
        ("https://user:secret@news.example/a", "https://news.example/a"),
        ("https://жаңалық.example/", "https://xn--80aaqw4fuxvb.example/"),
        ("  https://news.example/a\n/b ", "https://news.example/a/b"),
        ("https://news.example/a?b=1&amp;c=2", "https://news.example/a?b=1&c=2"),
    ],
)
def test_one_spelling(written: str, expected: str) -> None:
    assert normalise_url(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "mailto:desk@news.example",
        "javascript:void(0)",
        "//news.example/a",
        "/a",
        "",
        "http://",
        "http://a:99999/",
        "http://[broken/",
        "http://two words.example/",
        "tel:+7727",
        "https://news.example/" + "a" * 3000,
    ],
)
def test_what_is_no_web_address(written: str) -> None:
    assert normalise_url(written) is None


def test_a_site_has_one_host_name() -> None:
    assert host_of("https://WWW.News.Example:8080/a") == host_of("http://news.example./") == "news.example"
    assert host_of("mailto:desk@news.example") == host_of("http://[broken/") == ""


@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://a.example/", "https://a.example/?x="]))
def test_normalising_twice_changes_nothing(text: str, start: str) -> None:
    once = normalise_url(start + text)
    assert once is None or normalise_url(once) == once
