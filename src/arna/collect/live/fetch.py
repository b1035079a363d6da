"""One request, one answer: bounded in time and size, with nothing undone that was received."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import AsyncExitStack
from time import monotonic
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

import httpcore2

from arna.collect.live.addresses import RefusedAddressError, UnknownHostError
from arna.collect.messages import Head

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

ACCEPT: Final = b"text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.9,*/*;q=0.5"
ENCODINGS: Final = b"gzip, br, zstd"

LARGE: Final = 2 << 20
"""Bytes from which a body is large: pages rarely are, sitemaps can be."""

Headers = list[tuple[bytes, bytes]]
Large = asyncio.Semaphore


class Answer(NamedTuple):
    """What a server answered. ``body`` is as it was sent, without HTTP's own framing; ``seconds`` it took in all."""

    status: int
    phrase: bytes
    protocol: str
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes
    ip: str
    seconds: float

    @property
    def head(self) -> Head:
        """Headers by name in lower case, without HTTP's own framing, which is undone."""
        found: dict[str, str] = {}
        for name, value in self.headers:
            key, text = name.decode("latin-1").lower(), value.decode("latin-1").strip()
            if key == "transfer-encoding":
                continue
            found[key] = f"{found[key]},{text}" if key in found and key.endswith("-encoding") else found.get(key, text)
        return Head(self.status, found, 0)


class FetchError(Exception):
    """No whole answer came.

    Attributes:
        code: ``timeout``, ``dns``, ``connect``, ``tls``, ``private``, ``cut``, ``garbled`` or ``too-large``.
        host: the whole host is out of reach, not this one address.
    """

    def __init__(self, code: str, detail: str, *, host: bool = False) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.host = host


def make_headers(url: str, agent: str, extra: Sequence[tuple[bytes, bytes]] = ()) -> Headers:
    """Headers of a GET, in the order they are sent."""
    return [
        (b"Host", urlsplit(url).netloc.rpartition("@")[2].encode()),
        (b"User-Agent", agent.encode("latin-1", "replace")),
        (b"Accept", ACCEPT),
        (b"Accept-Encoding", ENCODINGS),
        *extra,
    ]


async def fetch(
    pool: httpcore2.AsyncConnectionPool, url: str, headers: Headers, *, timeout: float, limit: int, large: Large
) -> Answer:
    """GET an address once; redirects are answers like any other.

    Args:
        pool: connections to that host.
        url: address.
        headers: sent as they are.
        timeout: seconds of silence; the whole may take three times as long.
        limit: bytes of body at most.
        large: places for bodies of more than :data:`LARGE` bytes, so that many of them at once do not fill memory.

    Raises:
        FetchError: no whole answer came.
    """
    begin = monotonic()
    answering = False
    try:
        async with asyncio.timeout(3 * timeout):
            waits = dict.fromkeys(("connect", "read", "write", "pool"), timeout)
            async with pool.stream("GET", url, headers=headers, extensions={"timeout": waits}) as response:
                answering = True
                return await _read(response, begin, limit, large)
    except (httpcore2.TimeoutException, TimeoutError) as error:
        detail = "too slow" if answering else f"no answer within {timeout:g} s"
        raise FetchError("timeout", detail, host=isinstance(error, httpcore2.ConnectTimeout)) from error
    except RefusedAddressError as error:
        raise FetchError("private", str(error), host=True) from error
    except UnknownHostError as error:
        raise FetchError("dns", str(error), host=True) from error
    except httpcore2.ConnectError as error:
        secure = isinstance(error.__cause__, ssl.SSLError) or isinstance(error.__context__, ssl.SSLError)
        raise FetchError("tls" if secure else "connect", _say(error), host=True) from error
    except (httpcore2.NetworkError, OSError) as error:
        raise FetchError("cut", _say(error) or "the connection was broken off") from error
    except httpcore2.RemoteProtocolError as error:
        text = _say(error)
        raise FetchError("cut" if "closed" in text or "disconnected" in text else "garbled", text) from error
    except (httpcore2.ProtocolError, httpcore2.UnsupportedProtocol, UnicodeError, ValueError, RuntimeError) as error:
        raise FetchError("garbled", _say(error)) from error


async def _read(response: httpcore2.Response, begin: float, limit: int, large: Large) -> Answer:
    parts: list[bytes] = []
    size = 0
    stream: AsyncIterator[bytes] = response.aiter_stream()
    async with AsyncExitStack() as stack:
        waits = True
        async for part in stream:
            parts.append(part)
            size += len(part)
            if size > limit:
                raise FetchError("too-large", f"more than {limit >> 20} MB")
            if size > LARGE and waits:
                await stack.enter_async_context(large)
                waits = False
    about = response.extensions
    link = about.get("network_stream")
    peer = link.get_extra_info("server_addr") if link is not None else None
    version = about.get("http_version", b"HTTP/1.1")
    return Answer(
        response.status,
        about.get("reason_phrase", b""),
        "h2" if version == b"HTTP/2" else version.decode("latin-1").lower(),
        response.headers,
        b"".join(parts),
        str(peer[0]) if peer else "",
        monotonic() - begin,
    )


def _say(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]
