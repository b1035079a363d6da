"""The spaces Arna ships, and how a new one is made from them."""

from __future__ import annotations

import shutil
from importlib import resources
from typing import TYPE_CHECKING

from arna.errors import SpaceError

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATES = ("kazakhstan", "demo")


def create_space(folder: Path, template: str) -> None:
    """Copy a template's ``space.toml`` and ``outlets/`` into a folder, which may exist but may not hold a space.

    Raises:
        SpaceError: the folder already holds a space, or cannot be written.
    """
    if (folder / "space.toml").exists():
        raise SpaceError(f"{folder}: there is a space here already; choose another folder or use it as it is")
    source = resources.files(__package__) / template
    try:
        (folder / "outlets").mkdir(parents=True, exist_ok=True)
        for registry in (source / "outlets").iterdir():
            if registry.name.endswith(".toml"):
                with resources.as_file(registry) as path:
                    shutil.copyfile(path, folder / "outlets" / registry.name)
        with resources.as_file(source / "space.toml") as path:
            shutil.copyfile(path, folder / "space.toml")  # last: a folder with space.toml is a whole space
    except OSError as error:
        raise SpaceError(f"{folder}: cannot make the space: {error.strerror or error}") from error
