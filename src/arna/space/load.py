"""From a space's folder to a :class:`arna.terms.Space`, with every field checked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from arna.space.examples import read_examples
from arna.space.schema import DAY, NUMBER, STEMS, TABLE, TABLES, TEXT, TEXTS, TITLES, Field, check_table, read_file
from arna.terms import OWN, UNKNOWN, Origin, Outlet, Ownership, Space, Subject, Topic
from arna.text.urls import normalise_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from arna.space.schema import SpaceFile
    from arna.terms import Example

_SPACE = {
    "id": Field(TEXT),
    "title": Field(TEXT),
    "titles": Field(TITLES, required=False),
    "languages": Field(TEXTS),
    "subject": Field(TABLE),
    "origins": Field(TABLES),
    "topics": Field(TABLES),
    "examples": Field(TEXT, required=False),
}
_SUBJECT = {
    "id": Field(TEXT),
    "title": Field(TEXT),
    "titles": Field(TITLES, required=False),
    "own_origins": Field(TEXTS),
    "stems": Field(STEMS),
}
_ORIGIN = {"id": Field(TEXT), "title": Field(TEXT), "titles": Field(TITLES, required=False)}
_TOPIC = {
    "id": Field(TEXT),
    "title": Field(TEXT),
    "stems": Field(STEMS, required=False),
    "sentences": Field(TEXTS, required=False),
    "titles": Field(TITLES, required=False),
}
_OUTLET = {
    "id": Field(TEXT),
    "name": Field(TEXT),
    "origin": Field(TEXT),
    "country": Field(TEXT),
    "kind": Field(TEXT),
    "languages": Field(TEXTS),
    "domains": Field(TEXTS),
    "names": Field(STEMS, required=False),
    "reach": Field(NUMBER, required=False),
    "ownership": Field(TABLES, required=False),
    "control": Field(TEXT, required=False),
    "region": Field(TEXT, required=False),
    "home": Field(TEXT, required=False),
    "feeds": Field(TEXTS, required=False),
    "sitemaps": Field(TEXTS, required=False),
    "channels": Field(TEXTS, required=False),
    "wikidata": Field(TEXT, required=False),
    "unverified": Field(TEXTS, required=False),
}
_OWNERSHIP = {"owner": Field(TEXT), "source": Field(TEXT), "since": Field(DAY, required=False)}
KINDS = ("agency", "portal", "newspaper", "tv", "radio", "channel")
CONTROLS = ("state", "private", "public", "foreign-funded", "exile", "community")
_ID = re.compile(r"[a-z0-9][a-z0-9.-]*")
_TAG = re.compile(r"[a-z]{2,3}-[A-Z][a-z]{3}")
_DOMAIN = re.compile(r"([a-z0-9-]+(\.[a-z0-9-]+)+|localhost)(:[0-9]{1,5})?")
_WIKIDATA = re.compile(r"Q[1-9][0-9]*")
_CHANNEL = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}|c/[1-9][0-9]{0,15}")
_CHECKABLE = (
    "control",
    "region",
    "home",
    "feeds",
    "sitemaps",
    "channels",
    "names",
    "ownership",
    "languages",
    "domains",
    "reach",
)


def load_space(folder: Path) -> Space:
    """Load and check the space in a folder.

    Raises:
        SpaceError: naming file, line and field of the first thing that is wrong.
    """
    file = read_file(folder / "space.toml")
    content = file.content
    check_table(file, content, _SPACE)
    for tag in content["languages"]:
        if not _TAG.fullmatch(tag):
            raise file.fail(f"'{tag}' is not a language with its script, such as kk-Cyrl", key="languages")
    check_table(file, content["subject"], _SUBJECT, table="subject")
    origins = tuple(Origin(**item) for item in _check_list(file, content["origins"], _ORIGIN, "origins"))
    known = {origin.id for origin in origins}
    for name in (OWN, UNKNOWN):
        if name in known:
            raise file.fail(f"'{name}' is Arna's own word; give that origin another id", table="origins")
    for origin_id in content["subject"]["own_origins"]:
        if origin_id not in known:
            raise file.fail(f"no origin '{origin_id}' in [[origins]]", table="subject", key="own_origins")
    topics, examples = _load_topics(file)
    return Space(
        id=content["id"],
        title=content["title"],
        languages=tuple(content["languages"]),
        subject=Subject(
            id=content["subject"]["id"],
            title=content["subject"]["title"],
            stems=_freeze(content["subject"]["stems"]),
            own_origins=tuple(content["subject"]["own_origins"]),
            titles=content["subject"].get("titles", {}),
        ),
        origins=origins,
        topics=topics,
        outlets=_load_outlets(sorted((folder / "outlets").glob("*.toml")), known),
        examples=examples,
        titles=content.get("titles", {}),
    )


def _load_topics(file: SpaceFile) -> tuple[tuple[Topic, ...], tuple[Example, ...]]:
    items = _check_list(file, file.content["topics"], _TOPIC, "topics")
    topics = tuple(
        Topic(
            item["id"],
            item["title"],
            _freeze(item.get("stems", {})),
            tuple(item.get("sentences", ())),
            item.get("titles", {}),
        )
        for item in items
    )
    examples: tuple[Example, ...] = ()
    if "examples" in file.content:
        path = file.path.parent / file.content["examples"]
        if not path.is_file():
            raise file.fail(f"no file '{path}'; leave 'examples' out or write it", key="examples")
        examples = read_examples(path, [topic.id for topic in topics])
    exemplified = {example.topic for example in examples}
    for index, topic in enumerate(topics):
        if not (any(topic.stems.values()) or topic.sentences or topic.id in exemplified):
            message = f"topic '{topic.id}' has neither 'stems' nor 'sentences'; give it one of them"
            raise file.fail(message, table="topics", index=index)
    return topics, examples


def _freeze(lists: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {lang: tuple(items) for lang, items in lists.items()}


def _check_list(
    file: SpaceFile, items: list[dict[str, Any]], fields: dict[str, Field], table: str
) -> list[dict[str, Any]]:
    seen: set[str] = set()
    for index, item in enumerate(items):
        check_table(file, item, fields, table=table, index=index)
        if not _ID.fullmatch(item["id"]):
            message = f"id '{item['id']}' may hold only a-z, 0-9, dots and hyphens"
            raise file.fail(message, table=table, index=index, key="id")
        if item["id"] in seen:
            raise file.fail(f"a second '{item['id']}' in [[{table}]]", table=table, index=index, key="id")
        seen.add(item["id"])
    return items


def _load_outlets(paths: Iterable[Path], origins: set[str]) -> tuple[Outlet, ...]:
    outlets: list[Outlet] = []
    homes: dict[str, str] = {}
    for path in paths:
        file = read_file(path)
        check_table(file, file.content, {"outlet": Field(TABLES)})
        for index, item in enumerate(_check_list(file, file.content["outlet"], _OUTLET, "outlet")):
            outlets.append(_make_outlet(file, item, index, origins))
            channels = [f"t.me/{name.lower()}" for name in item.get("channels", ())]
            taken = {item["id"]: "id"} | dict.fromkeys(item["domains"], "domains") | dict.fromkeys(channels, "channels")
            for name, key in taken.items():
                if name in homes:
                    message = f"'{name}' is already taken by an outlet in {homes[name]}"
                    raise file.fail(message, table="outlet", index=index, key=key)
            homes |= dict.fromkeys(taken, str(path))
    return tuple(outlets)


def _make_outlet(file: SpaceFile, item: dict[str, Any], index: int, origins: set[str]) -> Outlet:
    def wrong(key: str, message: str) -> Exception:
        return file.fail(message, table="outlet", index=index, key=key)

    if item["origin"] not in origins:
        raise wrong("origin", f"no origin '{item['origin']}'; space.toml has {', '.join(sorted(origins))}")
    if item["kind"] not in KINDS:
        raise wrong("kind", f"kind '{item['kind']}' is none of {', '.join(KINDS)}")
    for domain in item["domains"]:
        if not _DOMAIN.fullmatch(domain) or domain.startswith("www."):
            raise wrong("domains", f"'{domain}' must be a bare host name in small letters, without www.")
    _check_address_fields(item, wrong)
    ownership = item.get("ownership", [])
    for number, owner in enumerate(ownership):
        check_table(file, owner, _OWNERSHIP, table="outlet", index=index, part=("ownership", number))
    return Outlet(
        id=item["id"],
        name=item["name"],
        origin=item["origin"],
        country=item["country"],
        kind=item["kind"],
        languages=tuple(item["languages"]),
        domains=tuple(item["domains"]),
        names=_freeze(item.get("names", {})),
        reach=float(item.get("reach", 1.0)),
        ownership=tuple(Ownership(**owner) for owner in ownership),
        control=item.get("control", ""),
        region=item.get("region", ""),
        home=item.get("home", ""),
        feeds=tuple(item.get("feeds", ())),
        sitemaps=tuple(item.get("sitemaps", ())),
        channels=tuple(item.get("channels", ())),
        wikidata=item.get("wikidata", ""),
        unverified=tuple(item.get("unverified", ())),
    )


def _check_address_fields(item: dict[str, Any], wrong: Callable[[str, str], Exception]) -> None:
    if item.get("control", CONTROLS[0]) not in CONTROLS:
        raise wrong("control", f"control '{item['control']}' is none of {', '.join(CONTROLS)}")
    if not _WIKIDATA.fullmatch(item.get("wikidata", "Q1")):
        raise wrong("wikidata", f"'{item['wikidata']}' is no Wikidata id such as Q1234")
    for name in item.get("unverified", ()):
        if name not in _CHECKABLE:
            raise wrong("unverified", f"'{name}' is none of the fields that can be marked: {', '.join(_CHECKABLE)}")
    for name in item.get("channels", ()):
        if not _CHANNEL.fullmatch(name):
            message = (
                f"'{name}' is no name of a channel; write dalanews for https://t.me/dalanews, or c/ and its number"
            )
            raise wrong("channels", message)
    for key in ("home", "feeds", "sitemaps"):
        given = item.get(key, [])
        for address in [given] if isinstance(given, str) else given:
            if normalise_url(address) is None:
                raise wrong(key, f"'{address}' is no web address; write it whole, with https://")
