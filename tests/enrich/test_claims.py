"""What an article claims, in the terms in which a story remembers."""

from __future__ import annotations

import pytest

from schemas.annotations import AnnotatedArticle, Entity, Place
from schemas.message import Span
from services.enrich.claims import Claims
from services.enrich.lead import Lead
from services.enrich.scenes import is_scene
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
    ("text", "subject"),
    [
        ("Ruiz arrested Holm.", "Ruiz"),
        ("It rained. Holm slept. Ruiz arrested him.", "Ruiz"),
        ("Holm told Ruiz that police arrested him.", "Ruiz"),
        ("Holm and Ruiz spoke. Police arrested him.", None),
        ("He arrested Ruiz and Holm.", None),
    ],
)
def test_who_does_it_is_the_last_one_named_before_it_in_its_sentence(text: str, subject: str | None) -> None:
    told = claims(text, *(entity(name, text) for name in ("Ruiz", "Holm") if name in text))
    found = told.subject_of(told.deeds[0])
    assert (found.name if found else None) == subject


@pytest.mark.parametrize(
    ("text", "title", "news"),
    [
        ("Police arrested Ruiz.", "A report", ["arrest"]),
        ("It rained. Police arrested Ruiz.", "A report", ["arrest"]),
        ("It rained in the town today. A man whom few knew there said that police arrested Ruiz.", "A report", []),
        (
            "It rained in the town today. A man whom few knew there said that police arrested Ruiz.",
            "Ruiz arrested",
            ["arrest"],
        ),
        (f"It rained.{FAR} Police arrested Ruiz.", "A report", []),
        ("It rained.", "Jailed chairman quits", []),
        ("Ruiz had been arrested before.", "A report", []),
        ("", "", []),
    ],
)
def test_a_deed_is_news_where_the_lead_or_the_headline_tells_it(text: str, title: str, news: list[str]) -> None:
    assert [deed.name for deed in claims(text, title=title).news_deeds] == news


def test_what_is_of_another_year_is_background() -> None:
    told = claims("Ghana adopted the rule in 2013. Police arrested 12 men.")
    assert [told.is_background(one) for one in told.deeds] == [True, False]
    assert [told.is_background(one) for one in told.figures] == [False]
    assert [deed.name for deed in told.news_deeds] == ["arrest"]


def test_what_is_told_as_done_before_is_told_all_the_same() -> None:
    told = claims("Police arrested Ruiz. He had sued the town. He will be charged.").told_deeds
    assert told == {"arrest": "news", "sue": "earlier"}


def test_somebody_is_known_by_id_name_and_the_long_words_at_its_ends() -> None:
    text = "Ana Maria Ruiz of Oslo spoke."
    place = entity("Oslo", text, "location")
    assert claims(text, entity("Ana Maria Ruiz", text), place).names == {
        "local:Ana Maria Ruiz",
        "ana maria ruiz",
        "ruiz",
        "local:Oslo",
        "oslo",
    }


@pytest.mark.parametrize(
    ("before", "is_one"),
    [
        ("It rained in ", True),
        ("Troops reached the northern port of ", True),
        ("on the outskirts of ", True),
        ("officials in ", False),
        ("the court in ", False),
        ("a bank based in ", False),
        ("", False),
        ("from ", False),
        ("9" * 100_000 + " in ", True),
    ],
)
def test_a_scene_is_where_something_happens_and_not_where_somebody_spoke(before: str, *, is_one: bool) -> None:
    text = f"{before}Tema."
    assert is_scene(text, span_of("Tema", text)) is is_one


@pytest.mark.parametrize(
    ("text", "title", "scenes"),
    [
        ("Five bodies were washed up on Haruku. Haruku has one school.", "A report", ["Haruku"]),
        ("Five bodies were washed up on Haruku.", "Bodies found on Haruku", ["Haruku"]),
        ("Five bodies were washed up on Haruku.", "A report", []),
        ("Officials in Haruku said so. Haruku waits.", "A report", []),
    ],
)
def test_a_village_that_no_map_has_is_a_scene_if_it_is_named_again(text: str, title: str, scenes: list[str]) -> None:
    told = claims(text, entity("Haruku", text, "location"), title=title)
    assert [one.name for one, _ in told.unmapped_scenes] == scenes
    mapped = read(article(title, text), places=("Haruku",)).model_copy(update={"entities": told.annotated.entities})
    assert Claims(mapped).unmapped_scenes == ()


def test_a_place_in_the_dateline_alone_is_no_place_of_the_story() -> None:
    text = "OSLO (AP) — It rained in Tema."
    assert [place.name for place, _ in claims(text, places=("OSLO", "Tema")).places] == ["Tema"]
    assert [place.name for place, _ in claims(text, places=("OSLO", "Tema")).scenes] == ["Tema"]


def test_a_place_that_stands_for_its_government_is_no_scene() -> None:
    text = "They signed it in Tema."
    span = span_of("Tema", text)
    tema = Place(name="Tema", spans=(span,), metonyms=(span,), lat=5, lon=0, feature="city", confidence=1, reason="x")
    told = read(article("A report", text)).model_copy(update={"places": (tema,)})
    assert Claims(told).scenes == ()


@pytest.mark.parametrize(
    ("text", "begins", "first_sentence", "ends"),
    [
        ("", 0, 0, 0),
        ("One.", 0, 4, 4),
        ("It rained on the harbour. Ships left.", 0, 25, 37),
        ("No stop at all", 0, 14, 14),
        (". . . . . . . . . . . . . .", 0, 21, 27),
        ("\x00" * 500, 0, 500, 500),
        ("a" * 100_000, 0, 100_000, 100_000),
    ],
)
def test_a_lead_begins_and_ends_with_sentences(text: str, begins: int, first_sentence: int, ends: int) -> None:
    lead = Lead(text, None)
    assert (lead.begins, lead.first_sentence, lead.ends) == (begins, first_sentence, ends)


@pytest.mark.parametrize(
    "text", ["." * 100_000, '."' * 50_000, "9" * 100_000, "said. " * 16_000, "\n" * 100_000, "ก" * 9]
)
def test_texts_of_a_hundred_thousand_signs_claim_little(text: str) -> None:
    told = claims(text)
    assert told.news_deeds == ()
    assert told.scenes == ()
    assert told.correction is None
    assert told.lead.ends <= len(text)
