"""The baseline counts only what was indexed."""

import httpx
import pytest

from bench.river import NotIndexed, require_indexed

REQUEST = httpx.Request("POST", "http://127.0.0.1/bare/_bulk")


def test_a_document_that_is_refused_ends_the_measurement() -> None:
    taken = {"index": {"status": 201}}
    refused = {"index": {"status": 400, "error": {"type": "mapper_parsing_exception"}}}
    require_indexed(httpx.Response(200, json={"errors": False, "items": [taken]}, request=REQUEST))
    answer = httpx.Response(200, json={"errors": True, "items": [taken, refused]}, request=REQUEST)
    with pytest.raises(NotIndexed, match=r"1 of 2 documents refused, the first for .*mapper_parsing"):
        require_indexed(answer)
