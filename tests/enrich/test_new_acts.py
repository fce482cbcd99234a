"""Which deeds of an article its story has not told."""

from __future__ import annotations

import pytest

from schemas.annotations import AnnotatedArticle, Entity
from services.enrich.chronicle import Chronicle
from services.enrich.claims import Claims
from services.enrich.new_acts import new_acts, told_again
from tests.enrich.reading import article, measures, read, span_of


def told(text: str, *bodies: str, title: str = "A report") -> AnnotatedArticle:
    entities = tuple(
        Entity(id=f"local:{name}", name=name, kind="organization", spans=(span_of(name, text),), salience=0.2)
        for name in bodies
    )
    return read(article(title, text)).model_copy(update={"entities": entities})


def new(after: AnnotatedArticle, *before: AnnotatedArticle) -> list[tuple[str, ...]]:
    story = Chronicle()
    for order, one in enumerate(before):
        story.take(Claims(one), order, measures().rarity, is_copy=False, is_revision=False)
    return [one.key for one in new_acts(Claims(after), story)]


PLEDGE = told("The Relief Fund pledged $60 million for the victims.", "Relief Fund")


def test_a_deed_is_new_once_whoever_tells_it() -> None:
    assert new(PLEDGE) == [("pledge",)]
    assert new(told("The fund pledged $60 million."), PLEDGE) == []


def test_what_one_body_did_another_may_do_too() -> None:
    another = told("The Rice Bank pledged $9 million on Friday.", "Rice Bank")
    assert new(another, PLEDGE) == [("pledge", "local:Rice Bank")]
    assert told_again(Claims(another), ("pledge", "local:Rice Bank"))
    assert told_again(Claims(another), ("pledge",))
    assert not told_again(Claims(PLEDGE), ("pledge", "local:Rice Bank"))


def test_what_was_told_as_done_before_is_new_where_the_headline_tells_it() -> None:
    before = told("Ruiz, who was charged last year, slept.")
    text = "A court charged Ruiz on Monday."
    assert new(told(text), before) == []
    assert new(told(text, title="Court charges Ruiz"), before) == [("charge",)]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Police arrested two men.", "“arrested two men” ("),
        ("Police arrested two men who had stolen the keys of a crane.", "“arrested two men who had…” ("),
        ("Police arrested.", "“arrested” ("),
    ],
)
def test_a_deed_is_quoted_with_what_it_is_done_to(text: str, quoted: str) -> None:
    [act] = new_acts(Claims(told(text)), Chronicle())
    assert act.reason.startswith(quoted)
