"""A command says what it waits for, once."""

import pytest

from deploy.sentence import wait_aloud


def test_a_wait_is_explained_the_first_time(capsys: pytest.CaptureFixture[str]) -> None:
    wait = wait_aloud()
    for _ in range(3):
        wait(0.0)
    (line,) = capsys.readouterr().err.splitlines()
    assert "Kafka is away" in line
    assert "resumes" in line
