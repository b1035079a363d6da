"""The demo's texts, as read from the package: stories, fillers, interface furniture, and the table of cases."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from importlib.resources.abc import Traversable

LANGUAGES = {"kk": "kk-Cyrl", "ru": "ru-Cyrl", "uz": "uz-Latn", "tk": "tk-Latn", "uk": "uk-Cyrl", "en": "en-Latn"}
"""Languages of the demo's texts and their tags."""

VARIANTS = ("independent", "rewrite", "edit10", "edit30")
"""Sections of a story beside its base texts."""


@dataclass(frozen=True)
class Text:
    """A headline and the paragraphs under it."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Event:
    """One event: its base text in every language, and other tellings of it by (variant, language)."""

    id: str
    topic: str
    day: date
    base: Mapping[str, Text]
    variants: Mapping[tuple[str, str], Text]


@dataclass(frozen=True)
class Texts:
    """Everything the demo is made of. ``fillers`` and ``furniture`` are by language, ``cases`` is ``cases.toml``."""

    events: tuple[Event, ...]
    fillers: Mapping[str, tuple[Text, ...]]
    furniture: Mapping[str, Mapping[str, Any]]
    cases: Mapping[str, Any]


def load_texts() -> Texts:
    """Read the texts that ship with the package, in the order of their file names."""
    here = files(__package__)
    stories = sorted((item for item in (here / "stories").iterdir()), key=lambda item: item.name)
    events: list[Event] = []
    fillers: dict[str, list[Text]] = {lang: [] for lang in LANGUAGES}
    for item in stories:
        if not item.name.endswith(".toml"):
            continue
        content = _parse(item)
        if "filler" in content:
            for filler in content["filler"]:
                fillers[filler["lang"]].append(_make_text(filler))
        else:
            events.append(_make_event(content))
    return Texts(
        events=tuple(events),
        fillers={lang: tuple(items) for lang, items in fillers.items()},
        furniture={lang: _parse(here / "furniture" / f"{lang}.toml") for lang in LANGUAGES},
        cases=_parse(here / "cases.toml"),
    )


def _parse(item: Traversable) -> dict[str, Any]:
    return tomllib.loads(item.read_text(encoding="utf-8"))


def _make_text(content: Mapping[str, Any]) -> Text:
    return Text(content["title"], tuple(content["paragraphs"]))


def _make_event(content: Mapping[str, Any]) -> Event:
    return Event(
        id=content["id"],
        topic=content["topic"],
        day=content["date"],
        base={lang: _make_text(content[lang]) for lang in LANGUAGES if lang in content},
        variants={
            (variant, lang): _make_text(text) for variant in VARIANTS for lang, text in content.get(variant, {}).items()
        },
    )
