import pytest

from tests.flow.choice import Choice, HalfGiven, Way, choose

GIVEN = {"DATELINE_KAFKA": "broker:9092", "DATELINE_ELASTICSEARCH": "http://node:9200"}


def never_asked() -> bool:
    raise AssertionError("the engine was asked though servers were given")


def test_given_servers_are_taken_and_no_engine_is_asked() -> None:
    assert choose(GIVEN, never_asked) == Choice(Way.GIVEN, "broker:9092", "http://node:9200")


def test_an_engine_that_answers_gives_containers() -> None:
    assert choose({}, lambda: True) == Choice(Way.CONTAINERS)


def test_without_an_engine_the_servers_are_local() -> None:
    assert choose({}, lambda: False) == Choice(Way.LOCAL)


@pytest.mark.parametrize("missing", sorted(GIVEN))
def test_one_server_given_without_the_other_is_refused(missing: str) -> None:
    with pytest.raises(HalfGiven, match="give both"):
        choose({**GIVEN, missing: ""}, never_asked)


def test_the_choice_is_a_sentence() -> None:
    assert str(choose(GIVEN, never_asked)).endswith(": broker:9092, http://node:9200")
    assert str(choose({}, lambda: False)).startswith("Kafka and Elasticsearch are on this machine from jars")
