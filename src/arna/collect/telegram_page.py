"""Posts of a public Telegram channel from a saved page of its web preview (``https://t.me/s/NAME``)."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from selectolax.lexbor import LexborHTMLParser

from arna.collect.feed_articles import read_whole
from arna.collect.feeds import as_web_address, collapse, read_moment
from arna.collect.plain_text import read_markup_text
from arna.collect.posts import Forwards, Post, count_passed, find_post_trouble, make_post
from arna.errors import InputError
from arna.text.charset import decode_page
from arna.text.urls import channel_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from arna.collect.delimited import Item
    from arna.terms import Space

MARK: Final = "tgme_widget_message"
"""Class of a post; a page without it is none of the preview."""

_POST: Final = re.compile(r"([A-Za-z][A-Za-z0-9_]{3,31}|c/\d{1,16})/(\d{1,12})(?:\D.*)?")
_MOST: Final = 5000  # posts of a page; the preview shows twenty, a page scrolled for long some hundreds


def read_telegram_page(path: Path, space: Space) -> Iterator[Item]:
    """Posts of a saved page; what is no post is one item for each sort, with how many there are.

    Raises:
        InputError: no post is on it.
    """
    tree = LexborHTMLParser(decode_page(read_whole(path)).text)
    size = path.stat().st_size
    forwards = Forwards(space)
    passed: Counter[str] = Counter()
    nodes = tree.css(f".{MARK}[data-post]")[:_MOST]
    if not nodes:
        raise InputError(f"{path}: has no post of a channel on it; save https://t.me/s/NAME once its posts are shown")
    for number, node in enumerate(nodes, 1):
        found = _POST.fullmatch((node.attributes.get("data-post") or "").strip())
        place = f"post {number}"
        if not found:
            passed["empty"] += 1
            continue
        sort = _sort_of(node, found[1])
        if sort:
            passed[sort] += 1
            continue
        post = _read_post(node, found[1], int(found[2]), forwards)
        if post.text:
            yield make_post(post, place, space, size, find_post_trouble(post))
        else:
            passed["poll" if node.css_first(f".{MARK}_poll") is not None else "media"] += 1
    yield from count_passed(passed, "", size)


def _sort_of(node: Any, channel: str) -> str:
    """What a message is instead of a post of its channel, or empty."""
    if "service_message" in (node.attributes.get("class") or "").split():
        return "service"
    owner = node.css_first(f".{MARK}_owner_name")
    href = (owner.attributes.get("href") or "") if owner is not None else f"https://t.me/{channel}"
    return "" if channel_of(href).lower() == channel.lower() else "person"


def _read_post(node: Any, channel: str, number: int, forwards: Forwards) -> Post:
    url = f"https://t.me/{channel}/{number}"
    texts = [text for text in node.css(f".{MARK}_text") if "js-message_reply_text" not in _classes(text)]
    plain = read_markup_text(texts[0].html or "", url) if texts else read_markup_text("", url)
    time = node.css_first(f".{MARK}_date time") or node.css_first("time[datetime]")
    moment = read_moment((time.attributes.get("datetime") or "").strip()) if time is not None else None
    post = Post(channel, number, plain.text, list(plain.links), moment)
    post.author = _text_of(node.css_first(f".{MARK}_from_author"))
    title = _text_of(node.css_first(f".{MARK}_owner_name"))
    if title:
        post.extra["channel_title"] = title
    if "edited" in _text_of(node.css_first(f".{MARK}_meta")).lower():
        post.extra["edited"] = True
    reply = node.css_first(f"a.{MARK}_reply")
    replied = as_web_address(reply.attributes.get("href") or "") if reply is not None else ""
    if replied:
        post.extra["reply_to"] = replied
    if node.css_first(f".{MARK}_forwarded_from") is not None:
        source = node.css_first(f"a.{MARK}_forwarded_from_name")
        address = as_web_address(source.attributes.get("href") or "") if source is not None else ""
        if channel_of(address):
            forwards.note_channel(post, _text_of(source), address)
        else:
            forwards.note(post, "", "user0")  # who has no public address is a person
    return post


def _classes(node: Any) -> list[str]:
    return (node.attributes.get("class") or "").split()


def _text_of(node: Any) -> str:
    return collapse(node.text(deep=True)) if node is not None else ""
