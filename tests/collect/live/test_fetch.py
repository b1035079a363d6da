"""One request over real sockets: HTTP/2 and HTTP/1.1 with TLS, and what a server can do to a client."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import asynccontextmanager
from ipaddress import ip_network
from typing import TYPE_CHECKING

import h2.config
import h2.connection
import h2.events
import httpcore2
import pytest
import trustme

from arna.collect.live.addresses import CheckedBackend
from arna.collect.live.fetch import Answer, FetchError, fetch, make_headers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

PAGE = "<p>Ашхабадда türkmen we ukrain wekilleri duşuşdy.</p>".encode()


async def answer_h2(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
    connection.initiate_connection()
    writer.write(connection.data_to_send())
    while data := await reader.read(65_536):
        for event in connection.receive_data(data):
            if isinstance(event, h2.events.RequestReceived) and event.stream_id:
                sent = dict(event.headers or [])
                body = PAGE + sent[b"user-agent"]
                fields = [(":status", "200"), ("content-type", "text/html"), ("content-length", str(len(body)))]
                connection.send_headers(event.stream_id, fields)
                connection.send_data(event.stream_id, body, end_stream=True)
        writer.write(connection.data_to_send())
        await writer.drain()


def answer_raw(*pieces: bytes, pause: float = 0.0) -> Handler:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
        writer.close()

    return answer


@asynccontextmanager
async def served(handler: Handler, secure: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    async def guarded(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await handler(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(guarded, "127.0.0.1", 0, ssl=secure)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"{'https' if secure else 'http'}://localhost:{port}/page"
    finally:
        server.close()


def get(
    handler: Handler,
    *,
    secure: ssl.SSLContext | None = None,
    trust: ssl.SSLContext | None = None,
    timeout: float = 5.0,
    limit: int = 1 << 20,
) -> Answer:
    async def ask() -> Answer:
        backend = CheckedBackend((ip_network("127.0.0.0/8"), ip_network("::1")))
        async with (
            served(handler, secure) as url,
            httpcore2.AsyncConnectionPool(ssl_context=trust, http2=True, network_backend=backend) as pool,
        ):
            return await fetch(
                pool,
                url,
                make_headers(url, "Arna/0 (+a@b.example)"),
                timeout=timeout,
                limit=limit,
                large=asyncio.Semaphore(1),
            )

    return asyncio.run(ask())


def make_contexts(*protocols: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    authority = trustme.CA()
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("localhost").configure_cert(server)
    authority.configure_trust(client)
    server.set_alpn_protocols(list(protocols))
    return server, client


def test_http_2_is_spoken_where_the_server_does() -> None:
    secure, trust = make_contexts("h2", "http/1.1")
    answer = get(answer_h2, secure=secure, trust=trust)
    assert (answer.status, answer.protocol, answer.ip) == (200, "h2", "127.0.0.1")
    assert answer.body == PAGE + b"Arna/0 (+a@b.example)"
    assert answer.head.mime == "text/html"


def test_http_1_1_with_tls_where_it_does_not() -> None:
    secure, trust = make_contexts("http/1.1")
    handler = answer_raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    answer = get(handler, secure=secure, trust=trust)
    assert (answer.protocol, answer.body) == ("http/1.1", b"ok")


def test_a_certificate_nobody_vouches_for_is_refused() -> None:
    secure, _ = make_contexts("http/1.1")
    with pytest.raises(FetchError, match=r"^tls: ") as caught:
        get(answer_raw(b"HTTP/1.1 200 OK\r\n\r\n"), secure=secure, trust=ssl.create_default_context())
    assert caught.value.host


def test_chunks_are_put_together_and_encodings_left_alone() -> None:
    answer = get(
        answer_raw(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: br\r\n\r\n",
            b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
        )
    )
    assert answer.body == b"abcde"
    assert answer.head.headers == {"content-encoding": "br"}


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"


@pytest.mark.parametrize(
    ("handler", "code", "host"),
    [
        (answer_raw(HEAD, b"only this"), "cut", False),
        (answer_raw(HEAD, *[b"x"] * 50, pause=0.05), "timeout", False),
        (answer_raw(b"", pause=1.5), "timeout", False),
        (answer_raw(b"garbage\r\n\r\n"), "garbled", False),
        (answer_raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"), "garbled", False),
        (answer_raw(b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 300_000 + b"\r\n\r\n"), "garbled", False),
        (answer_raw(b"HTTP/1.1 200 OK\r\n\r\n", *[b"z" * 65_536] * 40), "too-large", False),
        (answer_raw(b""), "cut", False),
    ],
    ids=["cut", "dripping", "silent", "garbage", "two lengths", "huge header", "endless", "closed"],
)
def test_what_a_server_can_do_is_told_apart(handler: Handler, code: str, host: bool) -> None:
    with pytest.raises(FetchError) as caught:
        get(handler, timeout=0.4)
    assert (caught.value.code, caught.value.host) == (code, host), str(caught.value)


def test_nobody_there_is_the_whole_host() -> None:
    async def ask() -> None:
        backend = CheckedBackend((ip_network("127.0.0.0/8"),))
        async with httpcore2.AsyncConnectionPool(network_backend=backend) as pool:
            url = "http://127.0.0.1:9/"
            await fetch(pool, url, make_headers(url, "Arna"), timeout=1.0, limit=100, large=asyncio.Semaphore(1))

    with pytest.raises(FetchError, match=r"^connect: ") as caught:
        asyncio.run(ask())
    assert caught.value.host
