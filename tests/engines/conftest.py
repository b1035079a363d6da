"""The engine in the box, converted once a session into a folder that goes with it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from arna.engines.embed_nano import NanoEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def model_cache() -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def nano(model_cache: Path) -> NanoEmbedder:
    return NanoEmbedder(threads=2, cache=model_cache)
