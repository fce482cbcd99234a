"""For which country someone acts."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.annotations import Entity
from services.enrich.acting_for import acting_for, sides
from services.enrich.knowledge import ActorList, Known
from services.enrich.own_actors import OwnActor, WithOwn, add_own


def entity(name: str, kind: str, country: str | None = None, **more: object) -> Entity:
    roles = tuple(
        {"text": text, "span": {"start": 0, "end": len(text)}, "country": of}
        for text, of in more.pop("roles", ())  # type: ignore[attr-defined]
    )
    given = {"id": name, "name": name, "kind": kind, "country": country, "spans": ({"start": 0, "end": 1},), **more}
    return Entity.model_validate({**given, "roles": roles})


@pytest.mark.parametrize(
    ("who", "side"),
    [
        (entity("Norway", "location", "NO"), "NO"),
        (entity("Oslo", "location"), None),
        (entity("White House", "organization", "US"), "US"),
        (entity("Norwegian Foreign Ministry", "organization"), "NO"),
        (entity("Coast News", "organization", "NO"), None),
        (entity("Labour Party of Norway", "organization", "NO"), None),
        (entity("Ana Ruiz", "person", roles=[("foreign minister", "NO")]), "NO"),
        (entity("Ana Ruiz", "person", "NO", roles=[("President", None)]), "NO"),
        (entity("Ana Ruiz", "person", roles=[("leader", "NO")]), "NO"),
        (entity("Ana Ruiz", "person", "NO", roles=[("former president", None)]), None),
        (entity("Ana Ruiz", "person", "NO", roles=[("Senator", None)]), None),
        (entity("Ana Ruiz", "person", "NO", roles=[("opposition leader", "NO")]), None),
        (entity("Ana Ruiz", "person", "NO"), None),
        (entity("Per Holm", "person", "NO", id="Q1", wikidata="Q1"), "NO"),
        (entity("Eva Moe", "person", "NO", id="Q2", wikidata="Q2"), None),
        (entity("Ida Berg", "person", "NO", id="own:berg"), "NO"),
        (entity("The Pact", "other", "NO"), None),
    ],
    ids=str,
)
def test_who_speaks_for_a_country_is_told_by_the_office(who: Entity, side: str | None) -> None:
    known = ActorList(
        [
            ("Per Holm", Known("Q1", "Per Holm", "person", "NO", 3, 9, "President of Norway", "name")),
            ("Eva Moe", Known("Q2", "Eva Moe", "person", "NO", 3, 9, "member of parliament", "name")),
            ("Ida Berg", Known("own:berg", "Ida Berg", "person", "NO", 1, 0, "prime minister", "own")),
            ("Norwegian", Known("Q20", "Norway", "location", "NO", 9, 99, "country", "demonym")),
        ]
    )
    assert sides(known)(who) == side


def test_who_takes_office_speaks_for_the_country_from_then_on(tmp_path: Path) -> None:
    path = tmp_path / "actors.jsonl"
    side_of = sides(WithOwn(ActorList([]), path))
    berg = entity("Ida Berg", "person", "NO", id="own:berg")
    assert side_of(berg) is None
    add_own(path, [OwnActor(id="own:berg", name="Ida Berg", kind="person", country="NO", role="prime minister")])
    assert side_of(berg) == "NO"


def test_without_a_list_of_actors_the_article_alone_counts() -> None:
    assert acting_for(entity("Ana Ruiz", "person", roles=[("ambassador", "NO")])) == "NO"
    assert acting_for(entity("Norwegian army", "organization")) is None
