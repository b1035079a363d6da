"""Spaces to look at, written straight into tables, and a browser without a screen."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
import pytest
from bench.observatory import plant_space

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arna.observatory.settings")
django.setup()

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A space of 1,500 articles and ids worth opening."""
    folder = tmp_path_factory.mktemp("observatory") / "space"
    return folder, plant_space(folder, 1_500, seed=3)


@pytest.fixture
def open_space(settings_of_django: Any) -> Callable[[Path], Client]:
    """Gives a client that looks at a space."""
    from django.test import Client

    def look(folder: Path) -> Client:
        settings_of_django.ARNA_SPACE = folder
        return Client()

    return look


@pytest.fixture
def settings_of_django(monkeypatch: pytest.MonkeyPatch) -> Any:
    from django.conf import settings
    from django.utils import translation

    for name, value in (("ARNA_SPACE", Path()), ("ALLOWED_HOSTS", ["testserver", "127.0.0.1"])):
        monkeypatch.setattr(settings, name, value, raising=False)
    yield settings
    translation.activate("en")


@pytest.fixture
def client(planted: tuple[Path, dict[str, Any]], open_space: Callable[[Path], Client]) -> Client:
    """A client that looks at the planted space."""
    return open_space(planted[0])


@pytest.fixture
def ids(planted: tuple[Path, dict[str, Any]]) -> dict[str, Any]:
    """Of an article, a family and an outlet worth opening."""
    return planted[1]
