"""No name and no notation leads to a private address, unless its host is on the allow-list."""

import asyncio

import httpx
import pytest

from services.guard import GuardedTransport, Refused, is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "2001::1",
        "not an address",
    ],
)
def test_a_private_address_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_a_public_address_is(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/",
        "http://localhost:9/",
        "http://[::1]:9/",
        "http://2130706433:9/",
        "http://0x7f.1:9/",
        "http://[::ffff:127.0.0.1]:9/",
        "http://169.254.169.254/latest/meta-data/",
    ],
)
def test_no_notation_of_a_private_address_is_connected_to(url: str) -> None:
    assert isinstance(outcome(url), Refused)


def test_a_host_on_the_allow_list_is_connected_to_at_its_port_only() -> None:
    allowed = frozenset({"127.0.0.1:9"})
    # Nothing listens at the discard port: the connection was tried, and refused by the machine.
    assert isinstance(outcome("http://127.0.0.1:9/", allowed), httpx.ConnectError)
    assert isinstance(outcome("http://127.0.0.1:10/", allowed), Refused)


def test_a_name_without_an_address_is_a_connection_error() -> None:
    assert isinstance(outcome("http://nowhere.invalid/"), httpx.ConnectError)


def outcome(url: str, allowed: frozenset[str] = frozenset()) -> Exception | None:
    async def get() -> None:
        async with httpx.AsyncClient(transport=GuardedTransport(allowed), trust_env=False) as client:
            await client.get(url)

    try:
        asyncio.run(get())
    except (Refused, httpx.HTTPError) as error:
        return error
    return None
