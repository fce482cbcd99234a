"""What is installed with the client, and what is not."""

import re
import subprocess
import sys
from importlib.metadata import requires, version

from dateline_client import VERSION


def test_it_needs_no_more_than_it_says() -> None:
    needed = {re.split(r"[<>=]", line)[0] for line in requires("dateline-client") or ()}
    assert needed == {"httpx", "httpx-sse", "pydantic"}
    assert version("dateline-client") == VERSION


def test_importing_it_loads_nothing_of_the_services() -> None:
    said = "import sys, dateline_client; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True).stdout.split()
    assert "dateline_client" in loaded
    assert not {"services", "schemas", "deploy", "models"} & set(loaded)
