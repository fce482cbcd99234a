"""A push is answered article by article, once the broker has them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from schemas.article import Article
from services.ingest.identity import article_id
from services.ingest.intake import Closed, Intake, Taken
from services.ingest.push import push_app
from services.ingest.seen import Seen
from services.ingest.settings import IngestSettings
from services.ingest.submission import Submission, read_submission
from services.publish import NeverTaken
from tests.ingest.fakes import NOW, TEXT, FakeBroker

ONE = {"url": "https://a.example/1", "text": TEXT}
TWO = {"url": "https://a.example/2", "text": TEXT}


@pytest.fixture
def broker() -> FakeBroker:
    return FakeBroker()


@pytest.fixture
def client(tmp_path: Path, broker: FakeBroker) -> TestClient:
    intake = Intake(broker, Seen(tmp_path / "seen.sqlite"))
    return TestClient(push_app(intake, IngestSettings(push_bytes=500_000), now=lambda: NOW))


def test_one_article_is_answered_with_its_id(client: TestClient, broker: FakeBroker) -> None:
    answer = client.post("/articles", json=ONE)
    assert answer.status_code == 200
    assert answer.json() == {"id": article_id("https://a.example/1"), "outcome": "published", "reason": None}
    assert client.post("/articles", json=ONE).json()["outcome"] == "unchanged"
    assert len(broker.articles) == 1


def test_an_array_is_answered_in_its_order(client: TestClient) -> None:
    answers = client.post("/articles", json=[ONE, {"title": "no text"}, TWO, ONE]).json()["articles"]
    assert [answer["outcome"] for answer in answers] == ["published", "undecodable", "published", "duplicate"]
    assert answers[1]["reason"] == "no text"


def test_lines_of_json_are_answered_line_by_line(client: TestClient) -> None:
    body = "\n".join([json.dumps(ONE), "{", "", json.dumps(TWO)])
    answer = client.post("/articles", content=body, headers={"Content-Type": "application/x-ndjson"})
    answers = answer.json()["articles"]
    assert [one["outcome"] for one in answers] == ["published", "undecodable", "published"]
    assert answers[1]["reason"].startswith("line 2 is not JSON")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("", 400),
        ("7", 422),
        ('{"title": "no text"}', 422),
        ('{"text": "x", "url": "nowhere"}', 422),
        (json.dumps({"text": "x" * 400_001}), 413),
        ("x" * 600_000, 413),
        ("[" * 100_000, 400),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_reason(
    client: TestClient, broker: FakeBroker, body: str, status: int
) -> None:
    answer = client.post("/articles", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert answer.json().get("error") or answer.json()["reason"]
    assert not broker.articles


def test_an_article_that_our_own_code_trips_over_keeps_no_other_out(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trips(row: Any) -> Submission:
        if row == TWO:
            raise KeyError("a slip of ours")
        return read_submission(row)

    monkeypatch.setattr("services.ingest.push.read_submission", trips)
    answers = client.post("/articles", json=[TWO, ONE]).json()["articles"]
    assert [answer["outcome"] for answer in answers] == ["failed", "published"]
    assert "slip" not in answers[0]["reason"]
    assert client.post("/articles", json=TWO).status_code == 500


@pytest.mark.parametrize("reason", [Closed("ingest is stopping"), NeverTaken("Kafka has no topic articles.v1")])
def test_what_cannot_be_published_now_is_said_with_its_reason(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, reason: Exception
) -> None:
    def refuses(intake: Intake, articles: Sequence[Article]) -> list[Taken]:
        raise reason

    monkeypatch.setattr(Intake, "take", refuses)
    answer = client.post("/articles", json=ONE)
    assert (answer.status_code, answer.json()["detail"]) == (503, str(reason))


def test_nothing_pushed_is_nothing_published(client: TestClient) -> None:
    assert client.post("/articles", json=[]).json() == {"articles": []}


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "Application/JSON", "application/x-ndjson;x=1", "application/jsonl"]
)
def test_json_is_taken_under_each_of_its_names(client: TestClient, broker: FakeBroker, kind: str) -> None:
    assert client.post("/articles", content=json.dumps(ONE), headers={"Content-Type": kind}).status_code == 200
    assert len(broker.articles) == 1


@pytest.mark.parametrize(
    "kind",
    [
        None,
        "",
        # What a browser sends to another site without asking it first.
        "text/plain",
        "text/plain; application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=application/json",
        "text/x-ndjson",
    ],
)
def test_what_a_web_page_could_send_by_itself_is_refused(
    client: TestClient, broker: FakeBroker, kind: str | None
) -> None:
    headers = {} if kind is None else {"Content-Type": kind}
    answer = client.post("/articles", content=json.dumps(ONE).encode(), headers=headers)
    assert answer.status_code == 415
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 415
    assert "application/json" in answer.json()["detail"]
    assert not broker.articles
