"""What an element's class, id and role say about its text: one bit a kind.

Words of page builders, not of outlets: ``related-posts``, ``comment-list``, ``entry-content``. Class names are
English on pages of every language, so the list serves all eight. Names are cut into words and the bits of each word
are remembered: page builders share their words, so most pages bring few new ones.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_PARTS_OF: Final[dict[str, str]] = {
    "noun": "article post entry story news main detail full content text blog page",
    "part": "body content text copy wysiwyg richtext",
    "comment": "comment disqus discuss respond reply replies guestbook livefyre feedback",
    "related": "relat recommend recirc popular trending latest similar prev outbrain taboola teaser suggest interest "
    "carousel slider archive",
    "share": "share sharing social follow facebook twitter telegram whatsapp pinterest addthis addtoany",
    "navigation": "menu crumb pager paginat toolbar search sitemap navig navbar",
    "edge": "header masthead footer footnote banner copyright legal disclaim colophon credits",
    "aside": "sidebar aside widget complement infobox module pullquote callout factbox",
    "advert": "advert sponsor newsletter subscri signup donat",
    "promotion": "promo offer affiliate product appstore download partner market",
    "caption": "caption credit figure gallery photo image picture media video player embed slideshow thumb audio "
    "podcast",
    "byline": "author byline writer contributor profile vcard avatar reporter",
    "date": "date timestamp publish posted meta counter",
    "tags": "taglist topic categor keyword label rubric kicker eyebrow taxonomy",
    "consent": "cookie consent gdpr modal popup overlay lightbox dialog notice alert tooltip login register account "
    "captcha dropdown flyout",
    "title": "headline title heading lede deck summary excerpt intro standfirst subhead announce",
    "hidden": "visuallyhidden noprint printonly editsection sronly",
    "quote": "tweet instagram quote",
    "rating": "rating survey quiz",
}
_WHOLE_WORDS: Final[dict[str, str]] = {
    "related": "more also next feed river most",
    "share": "like likes vk ok",
    "navigation": "nav tab tabs skip toc",
    "aside": "rail inset sb",
    "advert": "ad ads",
    "promotion": "buy shop cta deal deals price sign support",
    "caption": "img",
    "byline": "by bio about",
    "date": "time info views updated",
    "tags": "tag tags",
    "title": "hed dek lead",
    "hidden": "sr visually invisible",
    "rating": "vote poll star stars form input field",
}
KINDS: Final[tuple[str, ...]] = ("body", *_PARTS_OF)
"""Kinds of hint, in the order of their bits. ``body`` is a noun with a part: ``article-body``, ``post-content``."""

BITS: Final[dict[str, int]] = {name: 1 << i for i, name in enumerate(KINDS)}
_PARTS: Final = tuple((part, BITS[kind]) for kind, parts in _PARTS_OF.items() for part in parts.split())
_WHOLE: Final = {
    word: sum(BITS[kind] for kind, words in _WHOLE_WORDS.items() if word in words.split())
    for words in _WHOLE_WORDS.values()
    for word in words.split()
}
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_NOUN, _PART, _BODY = BITS["noun"], BITS["part"], BITS["body"]


@lru_cache(maxsize=50_000)
def _read_word(word: str) -> int:
    word = word.lower()
    bits = _WHOLE.get(word, 0)
    if len(word) > 3:
        nouns = 0
        for part, bit in _PARTS:
            if part in word:
                bits |= bit
                nouns += bit in {_NOUN, _PART}
        if nouns > 1 and bits & _NOUN and bits & _PART and word not in {"content", "contents", "text"}:
            bits |= _BODY
    return bits


@lru_cache(maxsize=50_000)
def _read_name(name: str) -> int:
    bits = nouns = 0
    for word in _WORD.findall(name[:80]):
        found = _read_word(word)
        bits |= found
        nouns += bool(found & (_NOUN | _PART))
    if nouns > 1 and bits & _NOUN and bits & _PART:
        bits |= _BODY
    return bits


@lru_cache(maxsize=20_000)
def read_hints(names: str) -> int:
    """Gives the bits of ``KINDS`` found in an element's class, id and role, written one after another."""
    bits = 0
    for name in names.split()[:30]:
        bits |= _read_name(name)
    return bits
