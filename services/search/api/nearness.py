"""Say whether a request comes from this machine to this machine, and from whom it comes where it does not."""

from collections.abc import Collection
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from starlette.requests import Request

_BY_A_PROXY = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


def is_loopback(host: str) -> bool:
    """Whether this name or address is loopback's, without asking a name server."""
    if host == "localhost":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (inner or address).is_loopback


def is_from_here(request: Request, bound_to: str, origins: Collection[str]) -> bool:
    """Whether the API listens on loopback alone, and this was asked on this machine, and by nobody for another.

    A proxy on this machine speaks for whoever is behind it. A page of another site can have a browser ask: under a name
    of its own that leads here (DNS rebinding), which the `Host` tells, or blindly, which the `Origin` tells.
    """
    headers = request.headers
    if not (is_loopback(bound_to) and request.client and is_loopback(request.client.host)):
        return False
    if any(name in headers for name in _BY_A_PROXY) or len(headers.getlist("host")) != 1:
        return False
    host = headers["host"]
    if not is_loopback(_name(f"http://{host}")):
        return False
    return all(origin in origins or origin == f"http://{host}" for origin in headers.getlist("origin"))


def who(request: Request) -> str:
    """The address that is counted: in IPv6 the whole /64, which is what one reader has."""
    if request.client is None:
        return "nobody"
    try:
        address = ip_address(request.client.host)
    except ValueError:
        return request.client.host
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((int(address), 64), strict=False))
    return str(address)


def _name(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
