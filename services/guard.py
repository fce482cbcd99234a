"""Let no request reach a private address, whichever name, redirect or odd notation leads there.

The check is where the connection is made: the address that was checked is the one that is connected to, so that a name
which resolves differently the second time gains nothing.
"""

import asyncio
import socket
from collections.abc import Iterable
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any

import httpcore
import httpx

_NAT64 = IPv6Network("64:ff9b::/96")


class Refused(Exception):
    """This address may not be asked, now or later."""


class GuardedTransport(httpx.AsyncHTTPTransport):
    """An HTTP transport that connects to public addresses only, and to the hosts on the allow-list.

    `allowed` has hosts as `host` or `host:port`.
    """

    def __init__(self, allowed: frozenset[str] = frozenset(), connections: int = 64) -> None:
        super().__init__(trust_env=False)
        # httpx offers no way to hand over the network beneath it, other than making the pool it would make.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=15,
            network_backend=_GuardedNetwork(allowed),
        )


class _GuardedNetwork(httpcore.AsyncNetworkBackend):
    def __init__(self, allowed: frozenset[str]) -> None:
        self._allowed = allowed
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await _addresses(host, port)
        if not is_allowed(host, port, self._allowed):
            for address in addresses:
                if not is_public(address):
                    raise Refused(f"{host} is at {address}, which is not a public address")
        failure: Exception | None = None
        for address in addresses:
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError(f"{host} has no address")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def is_allowed(host: str, port: int, allowed: frozenset[str]) -> bool:
    """Whether the allow-list has the host, or the host at this port."""
    return host.lower() in allowed or f"{host.lower()}:{port}" in allowed


def is_public(address: str) -> bool:
    """Whether anyone on the internet could be at this address."""
    try:
        ip = ip_address(address.split("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        # An IPv4 address in an IPv6 coat (mapped, 6to4, NAT64) leads where the IPv4 address leads.
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is not None:
            return is_public(str(inner))
        if ip in _NAT64 or ip.teredo is not None:
            return False
    return ip.is_global and not ip.is_multicast


async def _addresses(host: str, port: int) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"{host}: {error}") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
