"""Whether a story has named somebody before."""

from __future__ import annotations

import pytest

from schemas.annotations import Entity, EntityKind, Place
from services.enrich.chronicle import Chronicle
from services.enrich.claims import Claims
from services.enrich.known import is_named, is_strange
from tests.enrich.reading import article, read, span_of


def entity(name: str, text: str, kind: EntityKind = "organization", written: str = "") -> Entity:
    return Entity(id=f"local:{name}", name=name, kind=kind, spans=(span_of(written or name, text),), salience=0.5)


def claims(text: str, *entities: Entity) -> Claims:
    return Claims(read(article("A report", text)).model_copy(update={"entities": entities}))


def story(*names: str, places: tuple[str, ...] = ()) -> Chronicle:
    told = {name: [name, 0.0, 0.0, None, None, 1] for name in places}
    return Chronicle(names=dict.fromkeys((*names, *(one.casefold() for one in places)), 1), places=told)


@pytest.mark.parametrize(
    ("name", "kind", "written", "known", "is_known"),
    [
        ("Front for the Eastern Provinces", "organization", "", "front", True),
        ("Ama Mensah", "person", "", "mensah", True),
        ("Ama Mensah", "person", "", "ama", False),
        ("Shamrock Rovers", "organization", "Rovers", "rovers", True),
        ("The Who", "organization", "WHO", "world health organization", True),
        ("World Health Organization", "organization", "", "international labour organisation", False),
    ],
)
def test_somebody_is_known_by_any_of_his_names(
    name: str, kind: EntityKind, written: str, known: str, *, is_known: bool
) -> None:
    text = f"{written or name} spoke."
    who = entity(name, text, kind, written)
    assert is_named(who, claims(text, who), story(known)) is is_known


def test_a_body_is_not_known_by_where_it_is() -> None:
    text = "Kumasi Dockers spoke."
    who = entity("Kumasi Dockers", text)
    assert not is_named(who, claims(text, who), story(places=("Kumasi",)))


def test_short_for_a_name_of_its_own_article_it_names_nobody_else() -> None:
    text = "The World Health Organization sent doses. The WHO said so."
    full, short = entity("World Health Organization", text), entity("The Who", text, written="WHO")
    assert not is_named(full, claims(text, full, short), story())
    assert is_named(short, claims(text, full, short), story())


def test_an_article_is_strange_that_names_several_and_nobody_of_the_story() -> None:
    text = "Ruiz, Holm and Tamm spoke."
    named = [entity(name, text, "person") for name in ("Ruiz", "Holm", "Tamm")]
    assert is_strange(claims(text, *named), story("mensah"))
    assert not is_strange(claims(text, *named), story("holm"))
    assert not is_strange(claims(text, *named[:2]), story("mensah"))


def test_countries_make_nobody_known() -> None:
    text = "Ruiz, Holm and Tamm spoke in Ghana."
    ghana = Place(
        name="Ghana", spans=(span_of("Ghana", text),), lat=8, lon=-1, feature="country", confidence=0.9, reason="it is"
    )
    named = (*(entity(name, text, "person") for name in ("Ruiz", "Holm", "Tamm")), entity("Ghana", text, "location"))
    annotated = read(article("A report", text)).model_copy(update={"entities": named, "places": (ghana,)})
    assert is_strange(Claims(annotated), story("ghana"))
