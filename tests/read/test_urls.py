"""A link that resolves to another address, or a site taken for another, breaks the trail of a copy."""

import pytest

from arna.read.urls import registrable_domain, resolve_url, same_site


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("/kk/1", "https://news.example/kk/1"),
        ("/a\n/b", "https://news.example/a/b"),
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
