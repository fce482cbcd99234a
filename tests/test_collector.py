"""What is remembered is not walked through, and what is lost in rings is still collected."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from services.collector import OFTEN, spare


@pytest.fixture
def as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


class Ring:
    def __init__(self) -> None:
        self.itself = self


@pytest.mark.usefixtures("as_before")
def test_what_is_there_is_left_alone_and_a_later_ring_is_collected() -> None:
    remembered = [[number] for number in range(1000)]
    spare()
    assert gc.get_freeze_count() > len(remembered)
    assert gc.get_threshold() == OFTEN
    lost = weakref.ref(Ring())
    gc.collect()
    assert lost() is None
