"""The command says what is wrong in one sentence, and ends with a code that a script can read."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli import app

run = CliRunner().invoke


def test_every_command_explains_itself() -> None:
    for command in (
        "up",
        "down",
        "status",
        "ingest",
        "annotate",
        "resolve",
        "stance",
        "follow",
        "extract",
        "topics",
        "keys",
    ):
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
        (["keys", "list"], "nothing answers at 127.0.0.1:1"),
        (["keys", "create", "--name", "x", "--scope", "all"], "there is no scope 'all'"),
        (["dlq", "list"], "nothing answers at 127.0.0.1:1, where Kafka should be"),
        (["dlq", "show", "id"], "nothing answers at 127.0.0.1:1"),
        (["topics", "--create"], "nothing answers at 127.0.0.1:1"),
        (["ingest", __file__], "nothing answers at 127.0.0.1:1"),
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


@pytest.mark.parametrize("arguments", [["dlq", "list"], ["topics", "--create"], ["status"]])
def test_while_it_is_down_there_is_one_line_and_no_more(arguments: list[str], tmp_path: Path) -> None:
    environment = {**os.environ, "DATELINE_KAFKA": "127.0.0.1:1", "DATELINE_DATA": str(tmp_path)}
    command = [sys.executable, "-m", "deploy.cli", *arguments]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert len((ended.stdout + ended.stderr).splitlines()) == 1, ended.stderr
    assert "make run" in ended.stdout + ended.stderr


def test_what_stops_answering_on_the_way_is_one_sentence_too() -> None:
    """Something listens, and speaks no Kafka: the client says a line for each try, and we one for all."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        environment = {**os.environ, "DATELINE_KAFKA": f"127.0.0.1:{mute.getsockname()[1]}"}
        command = [sys.executable, "-m", "deploy.cli", "dlq", "list"]
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1, ended.stderr
    assert "Kafka does not answer" in ended.stderr


def test_a_memory_that_cannot_be_opened_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("data")
    (folder / "news.jsonl").write_text("{}\n")
    # The memory is to be made in a folder of this name.
    (folder / "taken").write_text("")
    monkeypatch.setenv("DATELINE_DATA", str(folder / "taken"))
    with socket.create_server(("127.0.0.1", 0)) as broker:
        monkeypatch.setenv("DATELINE_KAFKA", f"127.0.0.1:{broker.getsockname()[1]}")
        result = run(app, ["ingest", str(folder / "news.jsonl")])
    assert result.exit_code == 1
    assert "dateline: " in result.output
    assert "seen.sqlite" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("arguments", [["annotate", "-"], ["annotate", "--show", "-"], ["actors", "list"]])
@pytest.mark.parametrize("raw", [b"{", b"\xff"])
def test_own_actors_that_cannot_be_used_are_one_sentence(
    arguments: list[str], raw: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("own") / "actors.jsonl"
    path.write_bytes(raw)
    monkeypatch.setenv("DATELINE_OWN_ACTORS", str(path))
    result = run(app, arguments, input='{"id": 1, "text": "Odera left."}')
    assert result.exit_code == 1
    assert f"dateline: {path}, line 1: not " in result.output
    assert len(result.output.splitlines()) == 1


def test_enrich_and_the_command_mean_one_file_of_own_actors(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("DATELINE_OWN_ACTORS", "~/actors.jsonl")
    added = run(app, ["actors", "add", "--from", "-"], input='{"id": "own:odera", "name": "Odera", "kind": "person"}')
    assert added.exit_code == 0, added.output
    assert (home / "actors.jsonl").exists()
    assert "own:odera" in run(app, ["actors", "list"]).output
