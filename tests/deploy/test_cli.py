"""The command says what is wrong in one sentence, and ends with a code that a script can read."""

import json

import pytest
from typer.testing import CliRunner

from deploy.cli import app

run = CliRunner().invoke


def test_every_command_explains_itself() -> None:
    for command in ("up", "down", "status", "ingest", "annotate", "resolve", "stance", "follow", "extract", "topics"):
        result = run(app, [command, "--help"])
        assert result.exit_code == 0, command
        assert "Usage" in result.output


def test_the_topics_are_listed_for_programs() -> None:
    result = run(app, ["topics", "--json"])
    rows = [json.loads(line) for line in result.output.splitlines()]
    assert [row["topic"] for row in rows][:3] == ["articles.v1", "articles.annotated.v1", "articles.enriched.v1"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["down"], "Dateline is not up here"),
        (["dlq", "replay"], "say which"),
        (["dlq", "list"], "Kafka does not answer"),
        (["ingest", "no-such-file.jsonl"], "no-such-file.jsonl is no file"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_1(
    arguments: list[str], sentence: str, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setenv("DATELINE_KAFKA", "127.0.0.1:1")
    monkeypatch.setenv("DATELINE_DATA", str(tmp_path_factory.mktemp("data")))
    result = run(app, arguments)
    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output


def test_a_memory_that_cannot_be_opened_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("data")
    (folder / "news.jsonl").write_text("{}\n")
    # The memory is to be made in a folder of this name.
    (folder / "taken").write_text("")
    monkeypatch.setenv("DATELINE_KAFKA", "127.0.0.1:1")
    monkeypatch.setenv("DATELINE_DATA", str(folder / "taken"))
    result = run(app, ["ingest", str(folder / "news.jsonl")])
    assert result.exit_code == 1
    assert "dateline: " in result.output
    assert "seen.sqlite" in result.output
    assert "Traceback" not in result.output
