"""By what somebody, or a place, is known again."""

from __future__ import annotations

import pytest

from schemas.annotations import Entity, Place
from services.enrich.called import names_of, place_id, words_of, written_as
from tests.enrich.reading import span_of


def entity(name: str, text: str, *written: str) -> Entity:
    spans = tuple(span_of(one, text) for one in written or (name,))
    return Entity(id="Q1", name=name, kind="organization", spans=spans, salience=0.2)


def test_somebody_is_known_by_his_id_his_name_and_its_outer_words() -> None:
    front = entity("Front for the Eastern Provinces", "Front for the Eastern Provinces")
    assert list(names_of(front)) == ["Q1", "front for the eastern provinces"]
    assert list(words_of(front)) == ["front", "provinces"]
    assert list(words_of(entity("Ruiz", "Ruiz"))) == []


@pytest.mark.parametrize(
    ("written", "found"),
    [(("Rovers",), ("Rovers",)), (("the Rovers",), ("Rovers",)), (("the club",), ()), (("The club",), ())],
)
def test_it_is_called_by_names_and_not_by_what_it_is(written: tuple[str, ...], found: tuple[str, ...]) -> None:
    text = f"They say that {' '.join(written)} lost."
    assert written_as(entity("Hartwell Rovers", text, *written), text) == found


def test_a_place_is_known_by_its_number_or_else_by_its_name() -> None:
    place = Place(
        name="Tema", spans=(span_of("Tema", "Tema"),), lat=5, lon=0, feature="city", confidence=0.9, reason="it is"
    )
    assert place_id(place) == "tema"
    assert place_id(place.model_copy(update={"geonames": 7})) == "7"
