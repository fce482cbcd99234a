from pathlib import Path

import pytest

from deploy.local.settings import LocalSettings


def test_folders_are_absolute_and_the_home_is_written_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DATELINE_CACHE", "~/kept")
    monkeypatch.setenv("DATELINE_DATA", "here")
    assert LocalSettings().cache_folder == tmp_path / "kept"
    assert LocalSettings().data_folder == Path.cwd() / "here"
