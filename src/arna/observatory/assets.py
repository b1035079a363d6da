"""Style sheet and script: read once, named by what is in them, so that a browser keeps them for good."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

_PARTS = {
    "arna.css": (("arna.air", "templates/report.css"), ("arna.observatory", "static/observatory.css")),
    "arna.js": (("arna.observatory", "static/observatory.js"),),
    "icon.svg": (("arna.observatory", "static/icon.svg"),),
}
"""What each file is put together from: the report's style is the observatory's, too."""

_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}


@dataclass(frozen=True)
class Asset:
    """A file, its type, and the address that changes with its content."""

    content: bytes
    mime: str
    path: str


@cache
def load_asset(name: str) -> Asset | None:
    """A file by its name, or None."""
    if name not in _PARTS:
        return None
    content = b"\n".join(files(package).joinpath(path).read_bytes() for package, path in _PARTS[name])
    digest = sha256(content).hexdigest()[:12]
    return Asset(content, _TYPES[name.rpartition(".")[2]], f"/static/{digest}/{name}")


def address_of(name: str) -> str:
    """Address of a file that exists."""
    asset = load_asset(name)
    return asset.path if asset else ""
