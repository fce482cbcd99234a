"""What a machine lacks is said before anything starts, with what to do."""

import socket
from pathlib import Path

import pytest

from deploy.local.checks import Listener, check_machine, shortage
from deploy.local.process import PortTaken

GIB = 1024**3
DATA = Path("somewhere")


@pytest.mark.parametrize(
    ("disk", "memory", "said"),
    [
        (10 * GIB, 10 * GIB, ""),
        (1 * GIB, 10 * GIB, "Only 1.0 GiB are free for somewhere"),
        (10 * GIB, 1 * GIB, "Only 1.0 GiB of memory are available"),
    ],
)
def test_a_shortage_is_a_sentence_that_says_what_to_do(disk: int, memory: int, said: str) -> None:
    sentence = shortage(disk, memory, DATA)
    assert sentence.startswith(said)
    assert bool(sentence) == bool(said)
    assert not said or sentence.endswith((".",))


def test_a_port_in_use_is_named_with_the_setting_that_moves_ours(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"Port {port} is in use.*DATELINE_API_PORT"):
            check_machine(tmp_path, [Listener(port, "DATELINE_API_PORT")])
