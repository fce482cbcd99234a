"""Who plays a main role in an article."""

from __future__ import annotations

import pytest

from schemas.annotations import AnnotatedArticle, Entity, Place
from schemas.message import Span
from services.enrich.claims import Claims
from services.enrich.main_actors import main_actors
from tests.enrich.reading import article, read, span_of


def entity(name: str, text: str, kind: str = "person", salience: float = 0.2) -> Entity:
    spans = tuple(Span(start=at, end=at + len(name)) for at in range(len(text)) if text.startswith(name, at))
    given = {"id": f"local:{name}", "name": name, "kind": kind, "spans": spans, "salience": salience}
    return Entity.model_validate(given)


def claims(text: str, *entities: Entity, title: str = "A report", places: tuple[str, ...] = ()) -> Claims:
    told: AnnotatedArticle = read(article(title, text), places=places)
    return Claims(told.model_copy(update={"entities": entities}))


FAR = " It rained for days on the roofs of the town and on the boats." * 10


@pytest.mark.parametrize(
    ("text", "kind", "salience", "is_main"),
    [
        ("Ruiz spoke.", "person", 0.4, True),
        ("Ruiz spoke.", "person", 0.2, False),
        ("Ruiz spoke, and Ruiz went.", "person", 0.3, True),
        (f"It rained.{FAR} Ruiz spoke, and Ruiz went.", "person", 0.3, False),
        ("Ruiz closed its doors.", "organization", 0.1, True),
        (f"It rained on the town.{FAR} Ruiz closed its doors.", "organization", 0.1, False),
        ("OSLO (Ruiz) — It rained.", "organization", 0.9, False),
    ],
)
def test_who_plays_a_main_role(text: str, kind: str, salience: float, *, is_main: bool) -> None:
    assert bool(main_actors(claims(text, entity("Ruiz", text, kind, salience)))) is is_main


@pytest.mark.parametrize(
    ("text", "takes_part"),
    [
        ("The minister asked Ghana to pay. He said that Ghana had promised it.", True),
        ("The minister spoke in Ghana. He said that Ghana had promised it.", False),
        ("The minister asked Ghana to pay.", False),
        ("Officials of the bank met on Monday. Ghana pledged a loan of $60 million.", True),
    ],
)
def test_a_country_takes_part_that_does_something_or_is_named_again(text: str, *, takes_part: bool) -> None:
    told = claims(text, entity("Ghana", text, "location", 0.4))
    country = Place(
        name="Ghana", spans=(span_of("Ghana", text),), lat=8, lon=-1, feature="country", confidence=0.9, reason="it is"
    )
    told = Claims(told.annotated.model_copy(update={"places": (country,)}))
    assert bool(main_actors(told)) is takes_part


@pytest.mark.parametrize(("outlet", "is_told_of"), [("Tirana Times", True), ("Iran Times", False), ("", True)])
def test_an_outlet_is_known_by_whole_words_of_its_name(outlet: str, *, is_told_of: bool) -> None:
    text = "Iran closed its doors."
    told = claims(text, entity("Iran", text, "organization", 0.9)).annotated
    named = told.article.outlet.model_copy(update={"name": outlet})
    told = told.model_copy(update={"article": told.article.model_copy(update={"outlet": named})})
    assert bool(main_actors(Claims(told))) is is_told_of


@pytest.mark.parametrize(
    ("title", "acts"), [("Niger votes", True), ("Niger's vote", True), ("Nigeria votes", False), ("", False)]
)
def test_a_headline_begins_with_a_country_and_not_with_one_that_is_spelt_like_its_beginning(
    title: str, *, acts: bool
) -> None:
    text = "Voters in Niger went out."
    span = span_of("Niger", text)
    niger = Place(name="Niger", spans=(span,), lat=16, lon=8, feature="country", confidence=1, reason="x")
    told = claims(text, entity("Niger", text, "location"), title=title).annotated
    assert bool(main_actors(Claims(told.model_copy(update={"places": (niger,)})))) is acts
