"""Load and check a space: ``space.toml`` and ``outlets/*.toml``; the templates ``kazakhstan`` and ``demo``."""

from arna.space.load import load_space
from arna.space.templates import TEMPLATES, create_space

__all__ = ["TEMPLATES", "create_space", "load_space"]
