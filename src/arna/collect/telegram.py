"""Posts of public Telegram channels from exports of Telegram Desktop.

Arna watches public channels and nothing else. Private chats, groups and private channels are refused without looking
at their messages, and the name of a person whose message a channel forwards is not kept.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from arna.collect.delimited import Item
from arna.collect.feeds import read_moment
from arna.collect.json_stream import JsonDamageError, JsonStream
from arna.collect.posts import Forwards, Links, Post, count_passed, find_post_trouble, make_post
from arna.errors import InputError
from arna.text.urls import channel_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from arna.terms import Space

PUBLIC: Final = "public_channel"
"""Type of the chats of an export that are read."""

_KINDS: Final = {
    "private_channel": "a private channel",
    "private_group": "a private group",
    "private_supergroup": "a private group",
    "public_supergroup": "a group",
    "personal_chat": "a private chat",
    "bot_chat": "a chat with a bot",
    "saved_messages": "saved messages",
    "": "a chat without a type",
}
_MEDIA: Final = frozenset(
    {"photo", "file", "media_type", "location_information", "contact_information", "game_title", "paid_media"}
)
_ALBUM: Final = 20  # messages sent at one moment that are held back together; an album has ten at most


@dataclass
class Chat:
    """What an export says of a chat before its messages."""

    place: str
    name: str = ""
    kind: str = ""
    id: str = ""
    username: str = ""

    @property
    def channel(self) -> str:
        """The channel's public name, or ``c/`` and its number."""
        return self.username or f"c/{self.id}"


def read_telegram_export(path: Path, space: Space) -> Iterator[Item]:
    """Posts of the public channels in an export (``result.json``), of one chat or of many.

    What is no post (service messages, polls, media without text) is one item for each sort and channel, with how many
    there are; so is a chat that is no public channel. Memory does not grow with the file.

    Raises:
        InputError: no public channel is in it.
    """
    with path.open("rb") as raw:
        reader = _ExportReader(JsonStream(raw), space)
        try:
            yield from reader.read()
        except JsonDamageError as error:
            if not reader.public:
                raise InputError(f"{path}: {error}") from error
            yield Item("the export", {}, b"", str(error), reader.done)
        if not reader.public:
            kinds = ", ".join(f"{count} × {kind}" for kind, count in sorted(reader.refused.items()))
            raise InputError(
                f"{path}: holds no public channel ({kinds or 'no chat at all'}); Arna reads public channels only, "
                "and nothing of this file is kept"
            )


class _ExportReader:
    def __init__(self, stream: JsonStream, space: Space) -> None:
        self._stream = stream
        self._space = space
        self._forwards = Forwards(space)
        self._chats = 0
        self.public = 0
        self.refused: Counter[str] = Counter()

    @property
    def done(self) -> int:
        return self._stream.done

    def read(self) -> Iterator[Item]:
        """Everything in the export; chats stand in it alone, or in lists under ``chats`` and ``left_chats``."""
        yield from self._read_chat(Chat(""), outermost=True)

    def _read_chat(self, chat: Chat, *, outermost: bool = False) -> Iterator[Item]:
        stream = self._stream
        for key in stream.fields():
            if key in {"name", "type", "id", "username"}:
                _note(chat, key, stream.read())
            elif key == "messages" and stream.peek() == "[":
                yield from self._read_messages(chat)
            elif outermost and key in {"chats", "left_chats"} and stream.peek() == "{":
                yield from self._read_lists()
            else:
                stream.skip()

    def _read_lists(self) -> Iterator[Item]:
        for key in self._stream.fields():
            if key != "list" or self._stream.peek() != "[":
                self._stream.skip()
                continue
            for _ in self._stream.items():
                if self._stream.peek() == "{":
                    self._chats += 1
                    yield from self._read_chat(Chat(f"chat {self._chats}, "))
                else:
                    self._stream.skip()

    def _read_messages(self, chat: Chat) -> Iterator[Item]:
        if chat.kind != PUBLIC:
            count = 0
            for _ in self._stream.items():
                self._stream.skip()
                count += 1
            kind = _KINDS.get(chat.kind, "of a kind that is not known")
            self.refused[kind] += 1
            reason = f"{kind}: refused, and none of its {count} messages kept; Arna reads public channels only"
            yield Item(chat.place.rstrip(", ") or "the chat", {}, b"", reason, self.done)
            return
        self.public += 1
        chat.username = chat.username or self._find_name(chat.channel)
        if not (chat.username or chat.id):
            reason = 'neither its public name nor its number is in the file; add "username": "name" beside "type"'
            yield Item(f"{chat.place}the channel", {}, b"", reason, self.done)
            for _ in self._stream.items():
                self._stream.skip()
            return
        passed: Counter[str] = Counter()
        try:
            for group in self._read_groups(passed):
                yield from self._take_group(chat, group, passed)
        except JsonDamageError:
            yield from count_passed(passed, chat.place, self.done)
            raise
        yield from count_passed(passed, chat.place, self.done)
        if not chat.username:
            reason = (
                f"{chat.place}the channel's public name is not in the file, so its posts stand under "
                f't.me/{chat.channel}; add "username": "name" beside "type", or name "{chat.channel}" under channels '
                "of its outlet"
            )
            yield Item("", {}, b"", reason, self.done)

    def _find_name(self, channel: str) -> str:
        """The public name of a channel that is known by number: the one name its outlet has in the registry."""
        known = self._space.outlet_of_channel(channel)
        channels = self._space.outlets_by_id[known].channels if known else ()
        names = [name for name in channels if "/" not in name]
        return names[0] if len(names) == 1 else ""

    def _read_groups(self, passed: Counter[str]) -> Iterator[list[dict[str, Any]]]:
        """Messages by the moment they were sent at: those of an album stand together."""
        group: list[dict[str, Any]] = []
        try:
            for _ in self._stream.items():
                message = self._stream.read()
                if not isinstance(message, dict):
                    passed["broken"] += 1
                    continue
                if group and (_moment_of(group[0]) != _moment_of(message) or len(group) == _ALBUM):
                    yield group
                    group = []
                group.append(message)
        except JsonDamageError:
            # what was read before the damage is good
            yield group
            raise
        yield group

    def _take_group(self, chat: Chat, group: list[dict[str, Any]], passed: Counter[str]) -> Iterator[Item]:
        posts = [(message, self._read_post(chat, message)) for message in group]
        captioned = any(post.text for message, post in posts if _MEDIA & message.keys())
        for message, post in posts:
            if message.get("type") != "message":
                passed["service"] += 1
            elif post.text:
                trouble = find_post_trouble(post)
                yield make_post(post, f"{chat.place}message {post.number}", self._space, self.done, trouble)
            elif "poll" in message:
                passed["poll"] += 1
            elif _MEDIA & message.keys():
                passed["album" if captioned else "media"] += 1
            else:
                passed["empty"] += 1

    def _read_post(self, chat: Chat, message: dict[str, Any]) -> Post:
        links = Links(self._space)
        text = links.add_parts(message.get("text"))
        post = Post(chat.channel, _number_of(message.get("id")), text, links.found, _moment_of(message))
        author = message.get("author")
        post.author = author.strip() if isinstance(author, str) else ""
        post.extra = {"channel_title": chat.name} if chat.name else {}
        edited = _read_unix(message.get("edited_unixtime"))
        if edited:
            post.extra["edited_at"] = f"{edited:%Y-%m-%dT%H:%M:%SZ}"
        replied = _number_of(message.get("reply_to_message_id"))
        if replied:
            post.extra["reply_to"] = f"https://t.me/{chat.channel}/{replied}"
        if message.get("forwarded_from") or message.get("forwarded_from_id"):
            self._forwards.note(post, message.get("forwarded_from"), message.get("forwarded_from_id"))
        return post


def _note(chat: Chat, key: str, value: Any) -> None:
    if key == "name" and isinstance(value, str):
        chat.name = value.strip()
    elif key == "type" and isinstance(value, str):
        chat.kind = value
    elif key == "id":
        chat.id = str(_number_of(value) or "")
    elif key == "username" and isinstance(value, str):
        chat.username = channel_of(f"t.me/{value.strip().removeprefix('@')}") or channel_of(value)


def _number_of(value: Any) -> int:
    """A number of a chat or message; 0 where there is none. Numbers of channels come with the prefix -100, too."""
    if isinstance(value, str):
        value = int(value) if value.lstrip("-").isascii() and value.lstrip("-").isdigit() and len(value) < 19 else 0
    if not isinstance(value, int) or isinstance(value, bool):
        return 0
    return int(str(value).removeprefix("-100")) if value < -(10**12) else abs(value)


def _read_unix(value: Any) -> datetime | None:
    number = _number_of(value)
    return read_moment(str(number)) if 10**9 <= number < 10**10 else None


def _moment_of(message: dict[str, Any]) -> datetime | None:
    """When a message was sent; exports of old versions say it in the exporter's own time only, which counts as UTC."""
    date = message.get("date")
    return _read_unix(message.get("date_unixtime")) or (read_moment(date) if isinstance(date, str) else None)
