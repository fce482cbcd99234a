"""What enrich is told has one default for each thing, whoever opens it."""

from services.enrich import gazetteer, knowledge
from services.enrich.settings import EnrichSettings


def test_both_tables_are_unpacked_where_the_setting_says_unless_told_otherwise() -> None:
    default = EnrichSettings.model_fields["cache"].default
    assert gazetteer.UNPACKED_INTO == knowledge.UNPACKED_INTO == default / "models"
