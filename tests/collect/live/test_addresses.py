"""Only public machines are contacted, whatever a name or a redirect says."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from arna.collect.live.addresses import (
    CheckedBackend,
    RefusedAddressError,
    UnknownHostError,
    may_contact,
    read_networks,
)
from arna.errors import ArnaError


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1", "240.0.0.1", "192.0.2.1", "198.18.0.1",  # noqa: S104
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "no address", "",
    ],
)  # fmt: skip
def test_private_and_special_addresses_are_refused(address: str) -> None:
    assert not may_contact(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "195.12.113.5", "2a00:1450:4001:80b::200e", "::ffff:8.8.8.8"])
def test_public_addresses_are_not(address: str) -> None:
    assert may_contact(address)


def test_a_setting_opens_what_it_names_and_nothing_else() -> None:
    allow = read_networks("127.0.1.0/24, ::1")
    assert may_contact("127.0.1.7", allow)
    assert may_contact("::1", allow)
    assert may_contact("::ffff:127.0.1.7", allow)
    assert not may_contact("127.0.2.1", allow)
    assert not may_contact("169.254.169.254", allow)
    assert may_contact("127.9.9.9", read_networks("localhost"))


def test_a_setting_that_names_no_network_is_said() -> None:
    with pytest.raises(ArnaError, match=r"ARNA_COLLECT_ALLOW: 'example\.org' is no address"):
        read_networks("127.0.0.1,example.org")


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        (["93.184.216.34", "127.0.0.1"], RefusedAddressError),  # one of several is private
        (["::ffff:192.168.0.1"], RefusedAddressError),
        ([], UnknownHostError),
    ],
)
def test_a_name_is_refused_for_what_it_leads_to(
    monkeypatch: pytest.MonkeyPatch, answers: list[str], error: type[Exception]
) -> None:
    async def look_up(*_: Any, **__: Any) -> list[Any]:
        if not answers:
            raise socket.gaierror(-2, "unknown")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answer, 80)) for answer in answers]

    async def connect() -> None:
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", look_up)
        await CheckedBackend(()).connect_tcp("news.example", 80, 1.0)

    with pytest.raises(error):
        asyncio.run(connect())


def test_a_name_that_changes_its_answer_is_checked_at_every_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["127.0.1.1", "127.0.2.1"])
    connected: list[str] = []

    async def look_up(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), 80))]

    class Inner:
        async def connect_tcp(self, host: str, *_: Any) -> str:
            connected.append(host)
            return host

    async def connect() -> None:
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", look_up)
        backend = CheckedBackend(read_networks("127.0.1.0/24"))
        monkeypatch.setattr(backend, "_inner", Inner())
        await backend.connect_tcp("news.example", 80, 1.0)
        await backend.connect_tcp("news.example", 80, 1.0)

    with pytest.raises(RefusedAddressError, match=r"127\.0\.2\.1"):
        asyncio.run(connect())
    assert connected == ["127.0.1.1"]  # the address that was checked, not the name
