"""Which machines may be contacted: public addresses only, checked where the connection is made.

The name is looked up here and the connection goes to the very address that was checked, so neither a redirect nor a
name that changes its answer can lead to a private machine.
"""

from __future__ import annotations

import asyncio
import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Final

from httpcore2 import AnyIOBackend, AsyncNetworkBackend, AsyncNetworkStream, ConnectError, ConnectTimeout

from arna.errors import ArnaError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Network = IPv4Network | IPv6Network

_TRANSLATED: Final = ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an address of version 4


class RefusedAddressError(ConnectError):
    """The address is not public."""


class UnknownHostError(ConnectError):
    """The name cannot be looked up."""


def read_networks(text: str) -> tuple[Network, ...]:
    """Networks from a list with commas: addresses, networks such as ``127.0.0.0/8``, or ``localhost``.

    Raises:
        ArnaError: one is none of these.
    """
    found: list[Network] = []
    for item in filter(None, (part.strip() for part in text.split(","))):
        if item == "localhost":
            found += [ip_network("127.0.0.0/8"), ip_network("::1")]
            continue
        try:
            found.append(ip_network(item, strict=False))
        except ValueError as error:
            message = f"ARNA_COLLECT_ALLOW: '{item}' is no address or network such as 127.0.0.0/8; mend it or unset it"
            raise ArnaError(message) from error
    return tuple(found)


def may_contact(address: str, allow: Sequence[Network] = ()) -> bool:
    """Whether an address is public, or in a network that is allowed."""
    try:
        given = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(_is_public(one) or any(one in network for network in allow) for one in _unwrap(given))


def _unwrap(given: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    """The address, or the one of version 4 that it stands for, or both."""
    if isinstance(given, IPv4Address):
        return [given]
    if given.ipv4_mapped:
        return [given.ipv4_mapped]
    inner = [given.sixtofour, given.teredo[1] if given.teredo else None]
    if given in _TRANSLATED:
        inner.append(IPv4Address(int(given) & 0xFFFFFFFF))
    return [given, *(one for one in inner if one)]


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved


class CheckedBackend(AsyncNetworkBackend):
    """Network back end of httpcore that connects to checked addresses only."""

    def __init__(self, allow: Sequence[Network]) -> None:
        self._allow = allow
        self._inner = AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[object] | None = None,  # noqa: ARG002 - the signature of httpcore
    ) -> AsyncNetworkStream:
        """Connect to the first address of a name that answers; all of them must be allowed."""
        addresses = await self._look_up(host, port, timeout)
        refused = [address for address in addresses if not may_contact(address, self._allow)]
        if refused:
            raise RefusedAddressError(f"{host} leads to {refused[0]}, which is not a public address")
        failed: Exception | None = None
        for address in addresses[:3]:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address)
            except (ConnectError, ConnectTimeout) as error:
                failed = error
        raise failed or UnknownHostError(f"{host} has no address")

    async def connect_unix_socket(self, path: str, *_: object, **__: object) -> AsyncNetworkStream:
        """Never: only the web is collected."""
        raise RefusedAddressError(f"{path} is no web address")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

    @staticmethod
    async def _look_up(host: str, port: int, limit: float | None) -> list[str]:
        try:
            async with asyncio.timeout(limit):
                found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except TimeoutError as error:
            raise ConnectTimeout(f"{host} could not be looked up in time") from error
        except (OSError, UnicodeError) as error:
            raise UnknownHostError(f"{host} cannot be looked up") from error
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))
