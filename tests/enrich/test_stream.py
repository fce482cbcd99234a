"""What Faust is told, as far as it can be seen without Kafka."""

from pathlib import Path
from typing import Any

import pytest

from schemas import wire
from schemas.annotations import AnnotatedArticle
from services.enrich.carry import Origin
from services.enrich.settings import EnrichSettings
from services.enrich.stream import Annotating, Following
from tests.enrich.reading import PACT, PACT_AGAIN, QUAKE, article, measures, read

NOTHING: Any = None


def test_a_step_with_a_table_names_its_changelog_as_faust_does(tmp_path: Path) -> None:
    settings = EnrichSettings(namespace="t.", data=tmp_path)
    following = Following(settings, NOTHING)
    assert following.step.changelog == following.table.changelog_topic_name == "t.follow-stories-changelog"
    assert Annotating(settings, NOTHING).step.changelog is None


class Torn(dict[bytes, bytes]):
    """A table that refuses some of its changes, counted from the first."""

    def __init__(self, refused: frozenset[int]) -> None:
        super().__init__()
        self.refused, self.changes = refused, 0

    def __setitem__(self, key: bytes, row: bytes) -> None:
        self._refuse()
        super().__setitem__(key, row)

    def __delitem__(self, key: bytes) -> None:
        self._refuse()
        super().__delitem__(key)

    def _refuse(self) -> None:
        self.changes += 1
        if self.changes in self.refused:
            raise RuntimeError("not now")


def origin(told: AnnotatedArticle) -> Origin:
    return Origin("annotated", 0, 0, None, wire.encode(told), tuple(wire.headers(told)))


@pytest.mark.parametrize("refused", [{3}, {4}, {4, 5}, {3, 4, 5}, {4, 5, 6}, {7}, {8}, {8, 9}])
def test_a_change_that_fails_leaves_nothing_half_remembered(tmp_path: Path, refused: set[int]) -> None:
    first, second = read(article("Pact signed", PACT)), read(article("Omo pact", PACT_AGAIN, hours=1))
    # After the window, so that the others are forgotten for it.
    third = read(article("Quake", QUAKE, hours=24 * 60))
    settings = EnrichSettings(namespace="t.", data=tmp_path)
    torn, whole = Following(settings, measures()), Following(settings, measures())
    torn.table, whole.table = Torn(frozenset(refused)), Torn(frozenset())
    expected = [whole.follow(origin(one)) for one in (first, second, third)]
    for told, made in zip((first, second, third), expected, strict=True):
        found = torn.follow(origin(told))
        # What was buried is put back: it stands where it stood.
        again = torn.follow(origin(told)) if found.error is not None else found
        assert again.message == made.message
    assert torn.table == whole.table
