"""A key opens what it was made for, until the topic takes it back; what is kept of it opens nothing."""

from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import wire
from schemas.key import Key
from schemas.topics import KEYS
from services.search import keys as module
from services.search.keys import Keys, id_of, make, opens
from services.search.settings import SearchSettings
from tests.search.reports import NOON


class Record(NamedTuple):
    key: bytes
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()


def on_topic(key: Key) -> Record:
    return Record(wire.key(KEYS, key), wire.encode(key))


def read(*records: Record) -> Keys:
    keys = Keys(SearchSettings())
    for record in records:
        keys.take(record)
    return keys


def test_a_key_opens_and_what_is_kept_of_it_does_not() -> None:
    key, shown = make("desk", ["read"], NOON)
    assert id_of(shown) == key.id
    assert opens(key, shown)
    assert not opens(key, shown[:-1] + ("a" if shown[-1] != "a" else "b"))
    assert not opens(key, key.hash)
    assert shown.rsplit("_")[-1] not in key.model_dump_json()


def test_a_hash_that_is_none_opens_nothing() -> None:
    key, shown = make("desk", ["read"], NOON)
    assert not opens(key.model_copy(update={"hash": "$argon2id$"}), shown)


def test_a_check_is_paid_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    key, shown = make("desk", ["read"], NOON)
    keys = read(on_topic(key))
    assert keys.remembered(key, shown) is None
    assert keys.check(key, shown)
    monkeypatch.setattr(module, "opens", lambda *_: pytest.fail("paid again"))
    assert keys.remembered(key, shown) is True


def test_a_wrong_secret_is_remembered_as_wrong() -> None:
    key, _ = make("desk", ["read"], NOON)
    wrong = f"dl_{key.id}_{'x' * 43}"
    keys = read(on_topic(key))
    assert not keys.check(key, wrong)
    assert keys.remembered(key, wrong) is False


def test_a_revoked_key_opens_nothing_though_it_was_checked() -> None:
    key, shown = make("desk", ["read"], NOON)
    keys = read(on_topic(key))
    keys.check(key, shown)
    keys.take(on_topic(key.model_copy(update={"revoked": NOON})))
    assert keys.candidate(shown) is None
    assert not keys.is_good(key)
    assert [one.revoked for one in keys.all()] == [NOON]


def test_a_check_against_one_hash_says_nothing_of_another() -> None:
    key, shown = make("desk", ["read"], NOON)
    keys = read(on_topic(key))
    keys.check(key, shown)
    other = make("desk", ["read"], NOON)[0].model_copy(update={"id": key.id})
    keys.take(on_topic(other))
    assert keys.remembered(other, shown) is None
    assert not keys.check(other, shown)


@pytest.mark.parametrize("value", [None, b"", b"{", b'{"id": "x"}'])
def test_what_cannot_be_read_closes_the_key_and_never_leaves_it_open(value: bytes | None) -> None:
    key, shown = make("desk", ["read"], NOON)
    keys = read(on_topic(key), Record(key.id.encode(), value))
    assert keys.candidate(shown) is None


def test_a_key_under_another_s_id_is_none() -> None:
    key, shown = make("desk", ["admin"], NOON)
    keys = read(Record(b"abcdefghijkl", wire.encode(key)))
    assert keys.candidate(shown) is None
    assert keys.all() == []


def test_no_more_is_remembered_than_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REMEMBERED", 3)
    monkeypatch.setattr(module, "opens", lambda *_: False)
    key, _ = make("desk", ["read"], NOON)
    keys = read(on_topic(key))
    tried = [f"dl_{key.id}_{letter * 43}" for letter in "abcdef"]
    for one in tried:
        keys.check(key, one)
    assert [keys.remembered(key, one) for one in tried] == [None, None, None, False, False, False]


@given(st.text(max_size=80) | st.from_regex(r"dl_[0-9a-z]{11,13}_\w{42,44}", fullmatch=True))
def test_whatever_is_shown_is_a_key_s_text_or_nothing(shown: Any) -> None:
    keys = read()
    assert keys.candidate(shown) is None
    found = id_of(shown)
    assert found is None or (len(found) == 12 and shown.isascii())
