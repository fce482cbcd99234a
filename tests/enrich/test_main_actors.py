"""Who plays a main role in an article."""

from __future__ import annotations

import pytest

from schemas.annotations import AnnotatedArticle, Entity, Focus, Place
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


@pytest.mark.parametrize(
    ("text", "is_main"),
    [
        ("The Rice Bank met on Monday. It had lent the Rice Bank money.", True),
        ("The minister told the Rice Bank on Monday that he would go.", False),
        ("A loan was granted on Monday, the Rice Bank said.", True),
        ("OSLO (Rice Bank) — It rained. A man told Rice Bank that he would go.", False),
        ("Rice Bank\n\nIt rained for days on the roofs of the town and on the boats.", False),
        ("The head of the Rice Bank arrives in Oslo. REUTERS/Ana Ruiz\n\nIt rained for days on the roofs.", False),
        (f"It rained.{' It rained on the town.' * 40} The Rice Bank gave money.", False),
    ],
)
def test_an_agency_a_caption_a_listener_and_late_background_play_no_main_role(text: str, *, is_main: bool) -> None:
    assert bool(main_actors(claims(text, entity("Rice Bank", text, "organization", 0.6)))) is is_main


@pytest.mark.parametrize(
    ("text", "acts"), [("Ghana asked for it.", True), ("Ghana President Ruiz asked for it.", False)]
)
def test_a_country_before_somebodys_office_does_not_act(text: str, *, acts: bool) -> None:
    place = Place(
        name="Ghana", spans=(span_of("Ghana", text),), lat=8, lon=-1, feature="country", confidence=0.9, reason="it is"
    )
    told = claims(text, entity("Ghana", text, "location")).annotated.model_copy(update={"places": (place,)})
    assert bool(main_actors(Claims(told))) is acts


def test_a_country_takes_no_part_in_what_is_told_of_itself() -> None:
    text = "The minister asked Ghana to pay. He said that Ghana had promised it."
    ghana = entity("Ghana", text, "location", 0.4).model_copy(update={"country": "GH"})
    place = Place(name="Ghana", spans=ghana.spans, lat=8, lon=-1, feature="country", confidence=0.9, reason="it is")
    told = claims(text, ghana).annotated.model_copy(update={"places": (place,)})
    focus = Focus(country="GH", name="Ghana", lat=8, lon=-1, confidence=0.9)
    assert main_actors(Claims(told)) == (ghana,)
    assert main_actors(Claims(told.model_copy(update={"focus": focus}))) == ()


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
