"""What Faust is told, as far as it can be seen without Kafka."""

from pathlib import Path
from typing import Any

from services.enrich.settings import EnrichSettings
from services.enrich.stream import Annotating, Following

NOTHING: Any = None


def test_a_step_with_a_table_names_its_changelog_as_faust_does(tmp_path: Path) -> None:
    settings = EnrichSettings(namespace="t.", data=tmp_path)
    following = Following(settings, NOTHING)
    assert following.step.changelog == following.table.changelog_topic_name == "t.follow-stories-changelog"
    assert Annotating(settings, NOTHING).step.changelog is None
