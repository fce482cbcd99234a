"""What an article adds to what its story has told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.annotations import AnnotatedArticle, Entity, Place
from schemas.message import Span
from schemas.story import Development
from services.enrich.chronicle import LONGEST, Chronicle
from services.enrich.claims import Claims
from services.enrich.novelty import MOST_DEVELOPMENTS, judge, novelty, opening
from tests.enrich.reading import article, measures, read, span_of


def chronicle(*articles: AnnotatedArticle) -> Chronicle:
    story = Chronicle()
    for order, one in enumerate(articles):
        story.take(Claims(one), order, measures().rarity, is_copy=False, is_revision=False)
    return story


def told(
    text: str, title: str = "A report on Tema", *, hours: float = 0, outlet: str = "a.example"
) -> AnnotatedArticle:
    return read(article(title, text, hours=hours, outlet=outlet, name=f"{title}{hours}{outlet}"))


def new(after: AnnotatedArticle, *before: AnnotatedArticle) -> list[tuple[str, str]]:
    text = after.article.text
    found = judge(Claims(after), "s-1", chronicle(*before)).developments
    for one in found:
        assert all(span.of(text).strip() for span in one.spans)
    return [(one.kind, " ".join(span.of(text) for span in one.spans)) for one in found]


STRIKE = told("Dockers in Tema laid down their tools on Monday. They want to be paid for overtime.")


def test_an_opening_is_new_and_nothing_else() -> None:
    assert [(one.kind, one.score) for one in opening("s-1").developments] == [("new_story", 1.0)]
    assert judge(Claims(STRIKE), "s-1", Chronicle()).developments == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Police arrested a docker on Tuesday.", [("new_act", "arrested")]),
        ("Twelve dockers were killed on Tuesday, police said.", [("new_figure", "Twelve")]),
        ("The ministry corrected the number on Tuesday.", [("correction", "corrected the number")]),
        ("Some of the unions no longer support the strike.", [("stance_shift", "no longer support")]),
        ("Police will arrest no one, they said.", []),
        ("Dockers in Tema stayed out on Tuesday.", []),
        ("", []),
        ("\x00", []),
        ("Докеры продолжают забастовку.", []),
    ],
)
def test_what_was_not_told_before_is_new(text: str, found: list[tuple[str, str]]) -> None:
    assert new(told(text, hours=5), STRIKE) == found


@pytest.mark.parametrize(
    "text",
    [
        "Police arrested a docker on Tuesday.",
        "Twelve dockers were killed on Tuesday, police said.",
    ],
)
def test_what_was_told_is_not_new_and_is_told_again(text: str) -> None:
    first, second = told(text, hours=5), told(f"In Tema: {text}", hours=6, outlet="b.example")
    story = chronicle(STRIKE)
    judged = judge(Claims(first), "s-1", story)
    story.take(Claims(first), 1, measures().rarity, is_copy=False, is_revision=False)
    story.tell([one.found for one in judged.new], judged.repeats, first.article)
    again = judge(Claims(second), "s-1", story)
    assert again.developments == ()
    assert again.repeats == tuple(one.id for one in judged.developments)


def actor(name: str, text: str, salience: float = 0.7) -> Entity:
    known = f"local:person:{name}"
    return Entity(id=known, name=name, kind="person", spans=(span_of(name, text),), salience=salience)


@pytest.mark.parametrize(
    ("before", "after", "is_new"),
    [
        ("Ama Mensah", "Kofi Owusu", True),
        ("Ama Mensah", "Ama Mensah", False),
        ("Ama Mensah", "Mensah", False),
        ("Mensah", "Ama Mensah", False),
    ],
)
def test_somebody_is_new_whom_no_name_of_the_story_means(before: str, after: str, *, is_new: bool) -> None:
    texts = [f"{name} spoke to the dockers." for name in (before, after)]
    first, second = (
        told(text, hours=number).model_copy(update={"entities": (actor(name, text),)})
        for number, (text, name) in enumerate(zip(texts, (before, after), strict=True))
    )
    assert new(second, STRIKE, first) == ([("new_actor", after)] if is_new else [])


def test_after_one_report_only_who_does_something_or_is_in_the_headline_is_new() -> None:
    text = "Ama Mensah spoke to the dockers."
    arrested = "Ama Mensah arrested two dockers."
    quoted, did, titled = (
        told(one, title, hours=2).model_copy(update={"entities": (actor("Ama Mensah", one),)})
        for one, title in ((text, "A report"), (arrested, "A report"), (text, "Ama Mensah speaks"))
    )
    assert new(quoted, STRIKE) == []
    assert ("new_actor", "Ama Mensah") in new(did, STRIKE)
    assert new(titled, STRIKE) == [("new_actor", "Ama Mensah")]


def place(name: str, text: str) -> Place:
    return Place(
        name=name, spans=(span_of(name, text),), lat=5, lon=0, feature="city", confidence=0.9, reason="it is there"
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Dockers marched in Takoradi on Tuesday.", [("new_place", "Takoradi")]),
        ("Dockers marched on Tuesday for an hour. They were fed near Takoradi.", [("new_place", "Takoradi")]),
        ("Dockers marched on Tuesday for an hour. They were fed in Takoradi.", []),
        ("Takoradi said nothing.", []),
        ("Dockers marched, said officials in Takoradi.", []),
        ("Dockers stayed out. " * 20 + "There was rain in Takoradi.", []),
    ],
)
def test_a_place_is_new_where_something_happens_in_it(text: str, found: list[tuple[str, str]]) -> None:
    after = told(text, hours=3).model_copy(update={"places": (place("Takoradi", text),)})
    assert new(after, STRIKE) == found


def test_what_a_like_story_tells_is_not_new_in_this_one() -> None:
    text = "Nurses at Ridge Hospital in Kumasi struck on Tuesday, and Adjoa Boateng and Kofi Owusu were arrested."
    names = ("Ridge Hospital", "Kumasi", "Adjoa Boateng", "Kofi Owusu")
    strangers = told(text, hours=3).model_copy(update={"entities": tuple(actor(name, text, 0.1) for name in names)})
    assert new(strangers, STRIKE) == []
    tema = f"{text} It began in Tema."
    known = (*(actor(name, tema, 0.1) for name in names), actor("Tema", tema, 0.1))
    in_tema = told(tema, hours=3).model_copy(update={"entities": known})
    before = STRIKE.model_copy(update={"entities": (actor("Tema", STRIKE.article.text),)})
    assert new(in_tema, before) == [("new_act", "arrested")]


def test_a_village_that_no_map_has_is_a_new_place_once() -> None:
    text = "Dockers marched to Abuesi. In Abuesi they were fed."
    spans = tuple(Span(start=at, end=at + 6) for at in range(len(text)) if text.startswith("Abuesi", at))
    village = Entity(id="local:abuesi", name="Abuesi", kind="location", spans=spans, salience=0.3)
    marched = told(text, hours=3).model_copy(update={"entities": (village,)})
    assert new(marched, STRIKE) == [("new_place", "Abuesi Abuesi")]
    assert new(marched, STRIKE, marched) == []


def test_a_capital_is_a_new_place_where_the_headline_names_it() -> None:
    text = "Dockers met their ministers in Accra on Tuesday."
    accra = place("Accra", text).model_copy(update={"capital": True})
    assert new(told(text, hours=3).model_copy(update={"places": (accra,)}), STRIKE) == []
    marched = told(text, "Dockers march on Accra", hours=3).model_copy(update={"places": (accra,)})
    assert new(marched, STRIKE) == [("new_place", "Accra")]


def test_what_comes_unread_brings_nothing() -> None:
    unread = told("Police arrested two men.").model_copy(update={"annotated": False})
    assert judge(Claims(unread), "s-1", chronicle(STRIKE)).developments == ()


def test_an_article_brings_five_developments_at_most_the_weightiest_first() -> None:
    text = (
        "Police arrested two, sued three, charged four, sentenced five, convicted six, and suspended the union; "
        "Twelve dockers were killed and 400 people were injured."
    )
    found = judge(Claims(told(text, hours=4)), "s-1", chronicle(STRIKE)).developments
    assert len(found) == MOST_DEVELOPMENTS
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_a_development_has_the_same_id_whoever_tells_it() -> None:
    one, other = (
        judge(Claims(told(text, hours=5, outlet=outlet)), "s-1", chronicle(STRIKE)).developments
        for outlet, text in (
            ("b.example", "Police arrested a docker."),
            ("c.example", "Soldiers arrested a docker."),
        )
    )
    assert [each.id for each in one] == [each.id for each in other]


SCORES = st.lists(st.floats(0, 1).map(lambda score: round(score, 3)), max_size=5)


@given(SCORES, st.floats(0, 1), st.floats(0, 1))
def test_novelty_is_a_share_that_grows_with_what_is_found_and_shrinks_with_what_was_told(
    scores: list[float], contained: float, late: float
) -> None:
    found = [Development(kind="new_act", reason="It is new.", score=score) for score in scores]
    value = novelty(found, contained, late)
    assert 0 <= value <= 1
    assert novelty([], contained, late) <= value
    assert novelty(found, 1.0, late) == 0
    assert value <= novelty(found, 0.0, late)
    assert value <= novelty(found, contained, 1.0)


def test_a_reason_of_any_length_is_cut() -> None:
    after = told(f"Police arrested {'x' * 50_000} on Tuesday.", hours=1)
    [arrest] = judge(Claims(after), "s-1", chronicle(STRIKE)).new
    assert len(arrest.shown.reason) == len(arrest.found.reason) == LONGEST


def test_who_takes_something_back_is_no_support_of_it() -> None:
    first, again = told("Twelve dockers were killed in Tema on Tuesday."), "Twelve dockers were killed in Tema."
    story = chronicle(first)
    story.tell([one.found for one in opening("s-1").new], (), first.article)
    assert judge(Claims(told(again, hours=1)), "s-1", story).repeats
    for title in ("Retraction: no docker was killed", "CORRECTED: dockers killed in Tema"):
        assert judge(Claims(told(again, title, hours=1)), "s-1", story).repeats == ()
