"""What readers asked for is what the compacted topic last said."""

from typing import Any, NamedTuple

from schemas import wire
from schemas.message import Message
from schemas.saved_search import SavedSearch
from schemas.topics import SAVED_SEARCHES, Topic
from services.search.saved_searches import SavedSearches, delete, save
from services.search.settings import SearchSettings
from tests.search.reports import NOON


class Record(NamedTuple):
    key: bytes
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()


class PretendedTopic:
    """Stands for publisher and topic: what is published is there to be read."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def publish(self, topic: Topic, message: Message) -> None:
        self.records.append(Record(wire.key(topic, message), wire.encode(message)))

    def tombstone(self, topic: Topic, key: str) -> None:
        assert topic is SAVED_SEARCHES
        self.records.append(Record(key.encode(), None))


def search(search_id: str, version: int = 1, **criteria: Any) -> SavedSearch:
    return SavedSearch(id=search_id, version=version, name=search_id, criteria=criteria, created=NOON)


def read(records: list[Record]) -> SavedSearches:
    saved = SavedSearches(SearchSettings())
    for record in records:
        saved.take(record)
    return saved


def test_the_last_word_on_a_search_is_what_counts() -> None:
    topic: Any = PretendedTopic()
    save(topic, search("water", q="water"))
    save(topic, search("mars", q="mars"))
    save(topic, search("water", version=2, q="water pact"))
    saved = read(topic.records)
    assert [(one.id, one.version) for one in saved.all()] == [("mars", 1), ("water", 2)]
    assert [watch.criteria.q for watch in saved.watches()] == ["mars", "water pact"]


def test_a_deleted_search_is_gone_by_its_mark_and_by_its_tombstone() -> None:
    topic: Any = PretendedTopic()
    save(topic, search("water", q="water"))
    delete(topic, search("water", q="water"))
    saved, marked, emptied = topic.records
    assert read([saved, marked]).get("water") is None
    assert read([saved, emptied]).get("water") is None
    assert read([saved, marked, emptied]).all() == []


def test_a_search_that_cannot_be_read_leaves_the_others() -> None:
    topic: Any = PretendedTopic()
    save(topic, search("water", q="water"))
    save(topic, search("odd", no_such_field=1))
    topic.records.append(Record(b"worse", b"\xff"))
    assert [one.id for one in read(topic.records).all()] == ["water"]
