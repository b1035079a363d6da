"""Two spellings of one address must meet, or a duplicate is traced as two articles and a link finds nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arna.read.urls import normalise_url, registrable_domain, resolve_url, same_site


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


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("/kk/1", "https://news.example/kk/1"),
        ("../2", "https://news.example/2"),
        ("?page=2", "https://news.example/ru/1?page=2"),
        ("//other.example/a#b", "https://other.example/a"),
        ("#comments", None),
        ("mailto:desk@news.example", None),
        ("http://[", None),
    ],
)
def test_links_resolve_against_their_page(href: str, expected: str | None) -> None:
    assert resolve_url("https://news.example/ru/1", href) == expected


def test_sites_are_told_by_what_was_registered() -> None:
    assert registrable_domain("kk.gazeta.com.ua") == "gazeta.com.ua"
    assert registrable_domain("m.news.example") == "news.example"
    assert same_site("https://m.news.example/a", "http://www.news.example/b")
    assert not same_site("https://one.com.ua/", "https://two.com.ua/")
    assert not same_site("", "")


@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://a.example/", "https://a.example/?x="]))
def test_normalising_twice_changes_nothing(text: str, start: str) -> None:
    once = normalise_url(start + text)
    assert once is None or normalise_url(once) == once
