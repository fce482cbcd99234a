"""How a message travels: JSON in the value, its schema and version in the headers."""

from collections.abc import Iterable

from pydantic import ValidationError

from schemas.message import Message
from schemas.topics import TOPICS, Topic

VERSION = 1
"""Of the schemas under `schemas/v1`; a change that an old reader could not read makes it 2."""


class Undecodable(ValueError):
    """This message is not one of ours, and never will be."""


def encode(message: Message) -> bytes:
    """The message's value: UTF-8 JSON; fields nobody here knows go along."""
    return message.model_dump_json().encode()


def headers(message: Message) -> list[tuple[str, bytes]]:
    """The Kafka headers that go with it: `schema` names the message, `version` its schema's version."""
    return [("schema", type(message).__name__.encode()), ("version", str(VERSION).encode())]


def key(topic: Topic, message: Message) -> bytes:
    """The message's key on its topic."""
    return topic.key_of(message).encode()


def decode(topic: Topic, value: bytes | None, headers: Iterable[tuple[str, bytes]] = ()) -> Message:
    """The message that these bytes are, or `Undecodable` with the reason.

    A missing version header is read as version 1, the first; one that is not ours is not guessed at.
    """
    if value is None:
        raise Undecodable(f"{topic.name}: no value")
    stated = dict(headers)
    version = stated.get("version", b"1")
    if version != str(VERSION).encode():
        raise Undecodable(f"{topic.name}: version {version!r} is not one that this service reads")
    schema = stated.get("schema", topic.message.__name__.encode())
    if schema != topic.message.__name__.encode():
        raise Undecodable(f"{topic.name}: carries {topic.message.__name__}, not {schema!r}")
    try:
        return topic.message.model_validate_json(value)
    except (ValidationError, UnicodeDecodeError) as error:
        raise Undecodable(f"{topic.name}: {error}") from error


def topic_called(name: str, namespace: str = "") -> Topic:
    """The topic of that name, as it is called on the broker."""
    for topic in TOPICS:
        if topic.named(namespace) == name:
            return topic
    raise KeyError(name)
