"""What annotating needs is all loaded at the start, from the folder that the settings name."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.enrich.settings import EnrichSettings
from services.enrich.tools import Models

SHIPPED = EnrichSettings().models_folder


@pytest.mark.parametrize("missing", ["gazetteer/ranker.npz", "actors/ranker.json", "acts/acts.tsv"])
def test_a_file_that_the_models_folder_lacks_fails_at_the_start_by_its_name(tmp_path: Path, missing: str) -> None:
    for file in SHIPPED.glob("*/*"):
        if file.is_file() and str(file.relative_to(SHIPPED)) != missing:
            link = tmp_path / file.relative_to(SHIPPED)
            link.parent.mkdir(exist_ok=True)
            link.symlink_to(file)
    with pytest.raises(FileNotFoundError, match=missing):
        Models.load(EnrichSettings(models_folder=tmp_path))
