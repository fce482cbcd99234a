"""What is costly to open, opened once for all tests of a run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.enrich.gazetteer import Gazetteer
from services.enrich.settings import EnrichSettings
from services.enrich.tools import Models


@pytest.fixture(scope="session")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gazetteer]:
    """The committed table, unpacked where only this run sees it."""
    opened = Gazetteer.open(unpacked_into=tmp_path_factory.mktemp("gazetteer"))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    """The shipped models, unpacked where only this run sees them."""
    return Models.load(EnrichSettings(cache=tmp_path_factory.mktemp("cache")))
