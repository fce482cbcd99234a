"""Write the description of the API: `python -m services.search.api.openapi docs/openapi.json`."""

import json
import sys
from pathlib import Path

from services.search.api.app import create_app
from services.search.settings import SearchSettings


def description() -> str:
    """The API's OpenAPI description as it is kept in docs/openapi.json."""
    return json.dumps(create_app(SearchSettings()).openapi(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(description())
