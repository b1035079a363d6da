"""A bare HTTP/1.1 server on many loopback addresses: it sends what an :class:`Answer` says, right or wrong, and logs."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable

_HEAD_LIMIT = 64 << 10
_TRIES = 20  # ports tried until one is free on all addresses


@dataclass(eq=False)
class Request:
    """One request as the server saw it. ``at`` and ``ended`` are on the monotonic clock."""

    at: float
    host: str
    method: str
    target: str
    headers: dict[str, str]
    status: int = 0
    sent: int = 0
    finished: bool = False
    ended: float = 0.0

    @property
    def path(self) -> str:
        """Target without its query."""
        return self.target.partition("?")[0]


@dataclass(frozen=True)
class Answer:
    """What is sent back.

    Attributes:
        status: of the answer.
        headers: beside those that frame the body.
        body: bytes, or a function that gives them piece by piece.
        raw: sent as it is in place of head and body; the connection ends after it.
        length: what Content-Length says; None is the truth, -1 leaves it out and ends the connection.
        chunked: send the body in chunks.
        cut: bytes of the body after which the connection breaks.
        delay: seconds before the first byte.
        drip: seconds between two bytes of the body, or two pieces of what is raw.
        hang: never answer.
        close: say that the connection ends, and end it.
        version: of HTTP in the first line.
        before: bytes sent before the first line, such as a 103.
    """

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | Callable[[], Iterable[bytes]] = b""
    raw: bytes | Callable[[], Iterable[bytes]] | None = None
    length: int | None = None
    chunked: bool = False
    cut: int | None = None
    delay: float = 0.0
    drip: float = 0.0
    hang: bool = False
    close: bool = False
    version: str = "1.1"
    before: bytes = b""


class _CutError(Exception):
    """The answer says that the connection breaks here."""


@dataclass
class Wire:
    """Listens in a thread of its own.

    ``answer`` is called in that thread, once per request. ``log`` grows as requests come; ``contacts`` holds time and
    address of every connection, also of those on which nothing was asked.
    """

    answer: Callable[[Request], Answer]
    port: int = 0
    log: list[Request] = field(default_factory=list)
    contacts: list[tuple[float, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="hostile web", daemon=True)
        self._servers: dict[str, asyncio.Server] = {}
        self._open: dict[asyncio.Task[None], tuple[str, asyncio.StreamWriter]] = {}

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def _do(self, work: Coroutine[object, object, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def start(self, addresses: Iterable[str]) -> None:
        """Listen on all addresses, on one port that is free on each.

        Raises:
            OSError: an address is not this machine's, or no port is free.
        """
        self._thread.start()
        wanted = list(addresses)
        for attempt in range(_TRIES):
            try:
                for address in wanted:
                    self.listen(address)
            except OSError:
                for address in list(self._servers):
                    self.refuse(address)
                self.port = 0
                if attempt == _TRIES - 1:
                    self.stop()
                    raise
            else:
                return

    def stop(self) -> None:
        """End all connections and the thread."""
        for address in list(self._servers):
            self.refuse(address)
        self._do(self._break(""))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def listen(self, address: str) -> None:
        """Begin to listen on an address."""
        if address not in self._servers:
            self._do(self._listen(address))

    def refuse(self, address: str) -> None:
        """Stop listening on an address and break its connections: the next one is refused."""
        if address in self._servers:
            self._do(self._close(address))

    async def _listen(self, address: str) -> None:
        server = await asyncio.start_server(
            self._serve, address, self.port, limit=_HEAD_LIMIT, backlog=256, reuse_address=True
        )
        self.port = server.sockets[0].getsockname()[1]
        self._servers[address] = server

    async def _close(self, address: str) -> None:
        self._servers.pop(address).close()
        await self._break(address)

    async def _break(self, address: str) -> None:
        """Abort the connections of an address, or of all of them."""
        tasks = [task for task, (host, _) in self._open.items() if address in ("", host)]
        for task in tasks:
            self._open[task][1].transport.abort()
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = writer.get_extra_info("sockname")[0]
        self.contacts.append((time.monotonic(), address))
        task = asyncio.current_task()
        assert task
        self._open[task] = (address, writer)
        try:
            while await self._answer_one(address, reader, writer):
                pass
        except (_CutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            del self._open[task]
            writer.close()
            with suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _answer_one(self, address: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; whether the connection stays open."""
        head = await reader.readuntil(b"\r\n\r\n")
        request = _parse(address, head)
        self.log.append(request)
        answer = self.answer(request)
        try:
            keep = await self._send(request, answer, reader, writer)
            request.finished = True
        finally:
            request.ended = time.monotonic()
        return keep

    async def _send(
        self, request: Request, answer: Answer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        if answer.hang:
            await reader.read()  # until the other side gives up
            raise _CutError
        if answer.delay:
            await asyncio.sleep(answer.delay)
        request.status = answer.status
        if answer.raw is not None:
            for piece in _pieces(answer.raw):
                await _write(request, writer, piece)
                await asyncio.sleep(answer.drip)
            return False
        keep = not answer.close and answer.length != -1 and answer.version == "1.1"
        keep = keep and request.headers.get("connection", "").lower() != "close"
        writer.write(answer.before + _make_head(answer, keep))
        if request.method != "HEAD" and answer.status not in (204, 304):
            await _send_body(request, answer, writer)
        await writer.drain()
        return keep


async def _send_body(request: Request, answer: Answer, writer: asyncio.StreamWriter) -> None:
    for piece in _pieces(answer.body):
        if answer.cut is not None and request.sent + len(piece) > answer.cut:
            await _write(request, writer, _frame(piece[: answer.cut - request.sent], answer))
            raise _CutError
        if answer.drip:
            for number in range(len(piece)):
                await _write(request, writer, _frame(piece[number : number + 1], answer))
                await asyncio.sleep(answer.drip)
        else:
            await _write(request, writer, _frame(piece, answer), len(piece))
    if answer.chunked:
        writer.write(b"0\r\nX-Trailer: yes\r\n\r\n")


async def _write(request: Request, writer: asyncio.StreamWriter, piece: bytes, size: int | None = None) -> None:
    writer.write(piece)
    await writer.drain()
    request.sent += len(piece) if size is None else size


def _pieces(body: bytes | Callable[[], Iterable[bytes]]) -> Iterable[bytes]:
    return [body] if isinstance(body, bytes) else body()


def _frame(piece: bytes, answer: Answer) -> bytes:
    return b"%x;note=1\r\n%b\r\n" % (len(piece), piece) if answer.chunked and piece else piece


def _make_head(answer: Answer, keep: bool) -> bytes:
    try:
        phrase = HTTPStatus(answer.status).phrase
    except ValueError:
        phrase = "Odd"
    lines = [f"HTTP/{answer.version} {answer.status} {phrase}"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    if answer.chunked:
        lines.append("Transfer-Encoding: chunked")
    elif answer.length is not None and answer.length >= 0:
        lines.append(f"Content-Length: {answer.length}")
    elif answer.length is None and isinstance(answer.body, bytes) and answer.status not in (204, 304):
        lines.append(f"Content-Length: {len(answer.body)}")
    lines.append(f"Connection: {'keep-alive' if keep else 'close'}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def _parse(address: str, head: bytes) -> Request:
    first, *rest = head.decode("latin-1").split("\r\n")
    method, _, target = first.partition(" ")
    headers: dict[str, str] = {}
    for line in rest:
        name, found, value = line.partition(":")
        if found:
            headers[name.strip().lower()] = value.strip()
    return Request(time.monotonic(), address, method, target.rpartition(" ")[0] or target, headers)
