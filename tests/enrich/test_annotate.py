"""Annotating a batch, with steps that say little."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from schemas import wire
from schemas.annotations import Entity, Place, Written
from schemas.article import Article
from schemas.message import Span
from schemas.topics import ANNOTATED, ARTICLES
from services.enrich.annotate import Placed, Tools, annotate
from services.enrich.annotate_messages import annotated
from services.enrich.carry import Origin
from services.enrich.entities import Mention
from tests.enrich.reading import PACT, article


def tools(*, fails_on: str = "nothing", vectors: list[str] | None = None) -> Tools:
    """Steps that find the first word; naming a title makes its article fail."""

    def found(one: Article, sentences: Sequence[Span]) -> list[Mention]:
        if one.title == fails_on:
            raise RuntimeError("the model choked")
        return [Mention(0, 5, "location", one.text[:5], 0.9)]

    def embedded(texts: Sequence[str]) -> list[tuple[float, ...]]:
        if vectors is not None:
            vectors.extend(texts)
        return [(float(len(text)),) for text in texts]

    def entities(
        one: Article, mentions: Sequence[Mention], frame: Written | None, places: Sequence[Place]
    ) -> tuple[Entity, ...]:
        return tuple(
            Entity(id=f"local:{m.kind}:x", name=m.name, kind=m.kind, spans=(Span(start=m.start, end=m.end),))
            for m in mentions
        )

    return Tools(
        sentences=lambda text: [Span(start=0, end=len(text))],
        mentions=found,
        entities=entities,
        places=lambda one, mentions, frame: Placed(),
        stances=lambda one, sentences, entities: (),
        vectors=embedded,
    )


def test_where_it_was_written_is_read_once_and_told_to_places_and_actors_alike() -> None:
    text = "OSLO — The dam will be built."
    told: list[Written | None] = []

    def places(one: Article, mentions: Sequence[Mention], frame: Written | None) -> Placed:
        told.append(frame)
        return Placed()

    [town] = annotate([article("A", text)], replace(tools(), places=places))
    person = Mention(0, 4, "person", "OSLO", 0.9)
    annotate([article("A", text)], replace(tools(), places=places, mentions=lambda one, sentences: [person]))
    assert town.written is not None
    assert told == [town.written, None]


def origin(offset: int, value: bytes) -> Origin:
    return Origin("articles.v1", 0, offset, None, value, ())


def test_an_article_in_another_language_goes_on_unread_and_says_so() -> None:
    english, french = article("A", PACT), article("B", "Un pacte.", language="fr")
    asked: list[str] = []
    unread, read = annotate([french, english], tools(vectors=asked))
    assert (read.annotated, unread.annotated) == (True, False)
    assert (unread.entities, unread.vector) == ((), ())
    assert read.entities[0].name == "Kenya"
    assert len(asked) == 1


def test_two_revisions_in_one_batch_keep_their_own_vectors() -> None:
    one, other = annotate([article("A", PACT), article("A", "Short.", revision=2)], tools())
    assert one.vector != other.vector


def test_what_cannot_be_decoded_is_buried_and_the_others_are_not() -> None:
    good = origin(1, wire.encode(article("A", PACT)))
    buried, made = annotated([origin(0, b"no"), good], tools())
    assert (buried.outcome, buried.step, type(buried.error).__name__) == ("buried", "decode", "Undecodable")
    assert (made.outcome, made.origin) == ("annotated", good)
    assert made.message is not None
    wire.decode(ANNOTATED, wire.encode(made.message), wire.headers(made.message))


def test_a_step_that_fails_three_times_buries_its_article_alone() -> None:
    origins = [origin(place, wire.encode(article(title, PACT))) for place, title in enumerate("ABC")]
    first, failed, last = annotated(origins, tools(fails_on="B"))
    assert (first.outcome, last.outcome) == ("annotated", "annotated")
    assert (failed.outcome, failed.step, failed.attempts, str(failed.error)) == (
        "buried",
        "annotate",
        3,
        "the model choked",
    )


@pytest.mark.parametrize("value", [b"", b"[]", b"{}", b"\xff", b'{"id":1}'])
def test_no_bytes_raise_out_of_the_step(value: bytes) -> None:
    [made] = annotated([origin(0, value)], tools())
    assert made.outcome == "buried"
    assert ARTICLES.name in str(made.error)
