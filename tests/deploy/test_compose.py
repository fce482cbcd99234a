"""The container files, held to the code as far as reading them can."""

from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from deploy.local.elasticsearch import VERSION
from schemas.topics import LARGEST_MESSAGE
from services.ingest.settings import IngestSettings
from services.search.settings import SearchSettings
from tests.flow.containers import ELASTICSEARCH_IMAGE, KAFKA_IMAGE

DEPLOY = Path(__file__).parents[2] / "deploy"
OURS = {"ingest", "annotate", "follow", "index", "alert", "deliver", "api"}


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    composed: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    found: dict[str, Any] = composed["services"]
    return found


def test_every_process_is_there(services: dict[str, Any]) -> None:
    assert services.keys() == OURS | {"kafka", "elasticsearch", "topics"}


def test_the_servers_are_those_that_the_flow_tests_run_on(services: dict[str, Any]) -> None:
    assert services["kafka"]["image"] == KAFKA_IMAGE
    assert services["elasticsearch"]["image"] == ELASTICSEARCH_IMAGE
    assert ELASTICSEARCH_IMAGE.endswith(f":{VERSION}")


def test_the_broker_takes_the_largest_message(services: dict[str, Any]) -> None:
    assert services["kafka"]["environment"]["KAFKA_MESSAGE_MAX_BYTES"] == str(LARGEST_MESSAGE)


def test_each_service_waits_for_topics_and_finds_its_servers(services: dict[str, Any]) -> None:
    for name in OURS:
        assert services[name]["depends_on"]["topics"] == {"condition": "service_completed_successfully"}
        assert services[name]["environment"]["DATELINE_KAFKA"] == "kafka:9092"
        assert services[name]["command"][:2] == ["python", "-m"]


def test_each_image_is_built_for_an_extra_that_the_dockerfile_knows(services: dict[str, Any]) -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text()
    for name in OURS | {"topics"}:
        assert f"AS for-{services[name]['build']['args']['EXTRA']}\n" in dockerfile


def test_what_a_service_writes_lies_where_its_user_may_write() -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text()
    assert "install -d -o dateline /data\n" in dockerfile
    assert "DATELINE_DATA=/data " in dockerfile
    # The default is under the user's home, which a system user has none of.
    assert "DATELINE_CACHE=/data/cache\n" in dockerfile


def test_ports_are_published_on_loopback_only_and_are_the_services_own(services: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    push, api = IngestSettings.model_fields["push_port"].default, SearchSettings.model_fields["api_port"].default
    assert published == {"ingest": [f"127.0.0.1:{push}:{push}"], "api": [f"127.0.0.1:{api}:{api}"]}


def test_every_setting_in_the_file_is_one_that_the_code_reads(services: dict[str, Any]) -> None:
    known = {f"DATELINE_{field.upper()}" for model in (IngestSettings, SearchSettings) for field in model.model_fields}
    said = {name for service in OURS for name in services[service]["environment"]}
    assert said <= known
