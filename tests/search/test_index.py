"""Each article's fate is read from its own item of Elasticsearch's answer."""

import json
from collections.abc import Sequence
from typing import Any, cast

import pytest
from elastic_transport import ApiResponseMeta, ConnectionTimeout, HttpHeaders, NodeConfig
from elasticsearch import ApiError, Elasticsearch
from hypothesis import given
from hypothesis import strategies as st

from schemas.story import EnrichedArticle
from services.search.fates import Done, Later, Refused
from services.search.index import Index, MappingDisagrees
from services.search.mapping import SHELVES
from services.search.settings import SearchSettings
from tests.search.reports import report, so_far


class PretendedIndices:
    def __init__(self, mappings: dict[str, dict[str, Any]]) -> None:
        self._mappings = mappings

    def exists_alias(self, name: str) -> bool:
        return True

    def get_mapping(self, index: str) -> dict[str, Any]:
        return {f"{index}-1": {"mappings": self._mappings[index]}}


class PretendedElasticsearch:
    """Answers each bulk with the next prepared answer: a status for each item, or an error for the whole."""

    def __init__(self, *answers: list[int] | Exception, **mappings: dict[str, Any]) -> None:
        self._answers = list(answers)
        self.indices = PretendedIndices({shelf.name: shelf.mapping for shelf in SHELVES} | mappings)
        self.bulks: list[list[bytes]] = []

    def bulk(self, *, operations: list[bytes], require_alias: bool) -> dict[str, Any]:
        assert require_alias
        self.bulks.append(operations)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return {"items": [{"index": {"status": status, "error": {"type": "t", "reason": "r"}}} for status in answer]}


def refusal(status: int) -> ApiError:
    meta = ApiResponseMeta(status, "1.1", HttpHeaders(), 0.0, NodeConfig("http", "127.0.0.1", 9200))
    return ApiError("refused", meta, {})


def index_over(client: PretendedElasticsearch, **settings: Any) -> Index:
    return Index(cast("Elasticsearch", client), SearchSettings(**settings))


def news(count: int) -> Sequence[EnrichedArticle]:
    return [report(number) for number in range(count)]


def test_each_item_of_the_answer_is_looked_at() -> None:
    client = PretendedElasticsearch([201, 200, 409, 400, 429, 503])
    fates = index_over(client).add(news(6))
    assert fates[:3] == [Done("indexed"), Done("indexed"), Done("already")]
    assert isinstance(fates[3], Refused)
    assert str(fates[3].error) == "t: r"
    assert [type(fate) for fate in fates[4:]] == [Later, Later]


def test_an_article_goes_under_its_id_and_its_version_never_an_offset() -> None:
    client = PretendedElasticsearch([201])
    article = report(1, revision=3, enrichment=2)
    index_over(client).add([article])
    assert json.loads(client.bulks[0][0]) == {
        "index": {
            "_index": "articles",
            "_id": article.article.id,
            "version": 3_000_002,
            "version_type": "external",
        }
    }


def test_a_story_goes_under_its_id_and_those_that_became_part_of_it_say_where_they_are() -> None:
    client = PretendedElasticsearch([201, 201, 409])
    told = report(1, story="pact", so_far=so_far(7, merged=("flood",)))
    assert index_over(client).add([told]) == [Done("indexed")]
    _, _, *lines = (json.loads(line) for line in client.bulks[0])
    actions, documents = [line["index"] for line in lines[::2]], lines[1::2]
    assert [(one["_index"], one["_id"], one["version"]) for one in actions] == [
        ("stories", "pact", 7),
        ("stories", "flood", 7),
    ]
    assert documents[0]["merged"] == ["flood"]
    assert documents[1] == {"id": "flood", "merged_into": "pact"}


def test_of_a_story_that_many_tell_at_once_the_newest_is_sent() -> None:
    client = PretendedElasticsearch([201, 201, 201, 201])
    told = [report(number, so_far=so_far(version)) for number, version in enumerate((2, 3, 1))]
    assert index_over(client).add(told) == [Done("indexed")] * 3
    (versions,) = (
        [action["index"]["version"] for line in bulk[::2] if (action := json.loads(line))["index"]["_id"] == "pact"]
        for bulk in client.bulks
    )
    assert versions == [3]


def test_an_article_is_done_when_its_story_is_too() -> None:
    told = report(1, so_far=so_far())
    for story, fate in ((400, Refused), (503, Later), (409, Done)):
        assert [type(fate) for fate in index_over(PretendedElasticsearch([201, story])).add([told])] == [fate]


def test_a_story_that_is_refused_takes_no_older_article_with_it() -> None:
    client = PretendedElasticsearch([201, 400, 201], [409, 201])
    old, new = report(1, so_far=so_far(1)), report(2, so_far=so_far(2))
    index = index_over(client)
    assert [type(fate) for fate in index.add([old, new])] == [Later, Refused]
    assert index.add([old]) == [Done("already")]


def test_what_cannot_even_be_sent_is_looked_for_and_takes_no_other_with_it() -> None:
    client = PretendedElasticsearch(refusal(400), [201], refusal(400))
    first, second = index_over(client).add(news(2))
    assert first == Done("indexed")
    assert isinstance(second, Refused)


@pytest.mark.parametrize("error", [ConnectionTimeout("slow"), refusal(429), refusal(503), refusal(401), refusal(404)])
def test_a_refusal_of_the_whole_is_no_article_s_fault(error: Exception) -> None:
    fates = index_over(PretendedElasticsearch(error)).add(news(3))
    assert [type(fate) for fate in fates] == [Later] * 3


def test_once_it_is_away_no_more_is_sent() -> None:
    client = PretendedElasticsearch(refusal(503))
    fates = index_over(client, bulk_bytes=100_000).add([report(number, text="Long. " * 20_000) for number in range(3)])
    assert [type(fate) for fate in fates] == [Later] * 3
    assert len(client.bulks) == 1


def test_too_large_a_request_is_halved_until_the_article_that_cannot_be_sent_is_found() -> None:
    client = PretendedElasticsearch(refusal(413), [201], refusal(413), refusal(413), [201])
    # Three: all; the first; the other two; the second alone; the third alone.
    first, second, third = index_over(client).add(news(3))
    assert (first, third) == (Done("indexed"), Done("indexed"))
    assert isinstance(second, Refused)


def test_an_index_of_another_version_halts_the_indexer() -> None:
    for shelf in SHELVES:
        other = {**shelf.mapping, "properties": {**shelf.mapping["properties"], "mood": {"type": "keyword"}}}
        with pytest.raises(MappingDisagrees, match=f"index {shelf.name}-1 .* mood is unknown here"):
            index_over(PretendedElasticsearch(**{shelf.name: other})).add(news(1))


class KeptDocuments(PretendedElasticsearch):
    """Keeps what is sent, as Elasticsearch does with external versions."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], tuple[int, bytes]] = {}

    def bulk(self, *, operations: list[bytes], require_alias: bool) -> dict[str, Any]:
        items = []
        for action, source in zip(operations[::2], operations[1::2], strict=True):
            about = json.loads(action)["index"]
            key = about["_index"], about["_id"]
            is_newer = key not in self.kept or about["version"] > self.kept[key][0]
            if is_newer:
                self.kept[key] = about["version"], source
            items.append({"index": {"status": 201 if is_newer else 409}})
        return {"items": items}


# Two stories grow, one becomes part of the other, and one article is revised.
RIVER = [
    *(report(number, story="flood", so_far=so_far(number, title=f"Flood {number}")) for number in (1, 3)),
    *(report(number, story="pact", so_far=so_far(number)) for number in (2, 4)),
    *(report(number, story="pact", so_far=so_far(number, merged=("flood",))) for number in (5, 7)),
    report(4, story="pact", revision=2, so_far=so_far(6, merged=("flood",))),
    report(9, story="untold"),
]


@given(order=st.permutations([*RIVER, *RIVER[:3]]), batch=st.integers(1, 11))
def test_any_order_and_any_batches_end_in_the_same_documents(order: list[EnrichedArticle], batch: int) -> None:
    in_order, in_any = KeptDocuments(), KeptDocuments()
    assert set(index_over(in_order).add(RIVER)) <= {Done("indexed"), Done("already")}
    index = index_over(in_any)
    for start in range(0, len(order), batch):
        assert all(isinstance(fate, Done) for fate in index.add(order[start : start + batch]))
    assert in_any.kept == in_order.kept
    assert json.loads(in_any.kept["stories", "flood"][1]) == {"id": "flood", "merged_into": "pact"}
