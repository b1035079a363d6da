"""Settings for all tests, and the demo space, which takes long enough to be made only once."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from pathlib import Path

settings.register_profile("arna", deadline=None, derandomize=True)  # machines are shared: no test asserts a time
settings.load_profile("arna")


@pytest.fixture(scope="session")
def demo_space(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo as ``arna demo`` makes it, to look at and not to change."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    command = [sys.executable, "-m", "arna", "demo", str(folder), "--no-serve", "--quiet"]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return folder
