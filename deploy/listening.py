"""Say whether somebody listens at an address."""

import socket


def accepts(address: str) -> bool:
    """Say whether somebody accepts connections at `host:port`."""
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=1):
            return True
    except OSError:
        return False
