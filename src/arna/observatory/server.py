"""Serves the observatory: one process, several threads, no other machine involved."""

from __future__ import annotations

import os
import signal
import socket
import threading
import webbrowser
from typing import TYPE_CHECKING

import django
import waitress

from arna.errors import ArnaError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

THREADS = 4
"""Pages made at the same time; DuckDB spreads each query over the cores by itself."""

_EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104  # names, not a binding


def serve(folder: Path, host: str, port: int, tell: Callable[[str], object], *, browser: bool) -> None:
    """Serve a space until the process is stopped.

    Args:
        folder: the space's; what is wrong with it is told before anything is served.
        host: name or address to listen at. Other names than those of this machine are answered only if it is one of
            them, or stands for all of them.
        port: 0 takes a free one.
        tell: is given the address once it answers.
        browser: open it there.

    Raises:
        SpaceError, StoreError: the space cannot be read.
        ArnaError: the address cannot be listened at.
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = "arna.observatory.settings"
    os.environ["ARNA_SPACE"] = str(folder.absolute())
    os.environ["ARNA_HOSTS"] = _list_hosts(host)
    django.setup()
    from arna.observatory.counting import count_map  # noqa: PLC0415  # only once Django is set up
    from arna.observatory.filters import Filters  # noqa: PLC0415
    from arna.observatory.visit import keep_snapshots  # noqa: PLC0415
    from arna.observatory.wsgi import application  # noqa: PLC0415

    present = keep_snapshots(folder.absolute()).take()
    count_map(present.snapshot, Filters())  # the first page is the one that people wait for
    listener = _listen(host, port)
    server = waitress.create_server(application, sockets=[listener], threads=THREADS, ident=None)
    taken = listener.getsockname()[1]
    shown = "127.0.0.1" if host in _EVERYWHERE else f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{taken}/"
    tell(address)
    if browser:
        threading.Timer(0.3, webbrowser.open, [address]).start()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as a service is stopped: ends as Ctrl-C does
    try:
        server.run()
    finally:
        server.close()


def _listen(host: str, port: int) -> socket.socket:
    """A socket at an address."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        return socket.create_server((host, port), family=family)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ArnaError(f"{host}:{port}: cannot be listened at: {reason}; try another --host or --port") from error


def _list_hosts(host: str) -> str:
    """Names that are answered to, for the settings; nothing for those of this machine."""
    if host in _EVERYWHERE:
        return "*"
    if host in {"127.0.0.1", "localhost", "::1"}:
        return ""
    return f"127.0.0.1,localhost,[::1],{f'[{host}]' if ':' in host else host}"
