"""The running API does what its description says: schemathesis makes requests of it, right and wrong ones (G15)."""

import subprocess
import sys
from pathlib import Path

import pytest

from services.search.settings import SearchSettings
from tests.flow.servers import Servers
from tests.flow.serving import serving

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]

SEED = 1
SECONDS = 40
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def test_nothing_is_answered_that_the_description_does_not_tell(
    servers: Servers, namespace: str, tmp_path: Path
) -> None:
    settings = SearchSettings(kafka=servers.kafka, elasticsearch=servers.elasticsearch, namespace=namespace)
    with serving(settings.model_copy(update={"api_requests_a_minute": 0})) as api:
        command = [sys.executable, "-m", "schemathesis.cli", "run", f"{api.base_url}/openapi.json"]
        asked = ["--checks", CHECKS, "--exclude-path-regex", "/stream$", "--phases", "examples,coverage,fuzzing"]
        bounds = ["--max-time", str(SECONDS), "--seed", str(SEED), "--request-timeout", "20", "--no-color"]
        ended = subprocess.run(
            [*command, *asked, *bounds], cwd=tmp_path, capture_output=True, text=True, timeout=240, check=False
        )
    assert ended.returncode == 0, ended.stdout[-6000:] + ended.stderr[-2000:]
