"""A tree of what is asked: the same as JSON, no dearer than can be paid for, and without what asks nothing."""

import pytest
from pydantic import TypeAdapter, ValidationError

from services.search.asked import All, AnyOf, Ask, Not, OneOf, Phrase, Word
from services.search.criteria import Criteria
from services.search.trees import DEEPEST, MOST_CLAUSES, TooCostly, affordable, settled, with_stories
from tests.search.worlds import World

ASK: TypeAdapter[Ask] = TypeAdapter(Ask)
THE, PACT = Word(text="the"), Word(text="pact")


@pytest.mark.parametrize("seed", range(5))
def test_a_tree_is_the_same_again_from_its_json(seed: int) -> None:
    world = World(seed)
    for _ in range(100):
        tree = world.tree()
        assert ASK.validate_json(ASK.dump_json(tree)) == tree
        kept = Criteria(query=tree)
        assert Criteria.model_validate(kept.model_dump(mode="json", exclude_defaults=True)) == kept


@pytest.mark.parametrize(
    ("tree", "left"),
    [
        (THE, None),
        (Phrase(text="to be"), None),
        (Not(of=THE), None),
        (All(of=(THE, PACT)), PACT),
        (AnyOf(of=(THE, PACT)), PACT),
        (AnyOf(of=(All(of=(THE, THE)), Not(of=THE))), None),
        (All(of=(PACT, Not(of=AnyOf(of=(THE, PACT))))), All(of=(PACT, Not(of=PACT)))),
    ],
)
def test_what_asks_nothing_is_left_out(tree: Ask, left: Ask | None) -> None:
    assert settled(tree) == left


def test_what_is_too_much_or_too_deep_is_refused() -> None:
    affordable(All(of=(PACT,) * MOST_CLAUSES))
    with pytest.raises(TooCostly):
        affordable(All(of=(PACT, Phrase(text="pact " * MOST_CLAUSES))))
    many = Phrase(text="pact " * (MOST_CLAUSES // 2 + 1))
    with pytest.raises(ValidationError, match="502 words, names and values"):
        Criteria(q=f'"{many.text}"', query=many)
    deep: Ask = PACT
    for _ in range(DEEPEST):
        deep = Not(of=deep)
    with pytest.raises(ValidationError, match="more than 20 deep"):
        Criteria(query=deep)


@pytest.mark.parametrize(
    "tree",
    [
        {"ask": "word", "text": "two words"},
        {"ask": "word", "text": "\ufdd0"},
        {"ask": "prefix", "text": "pa"},
        {"ask": "one_of", "field": "country", "values": ["Kenya"]},
        {"ask": "one_of", "field": "country", "values": []},
        {"ask": "when"},
        {"ask": "when", "low": "soon"},
        {"ask": "novelty", "low": 0.5, "high": 0.1},
        {"ask": "all", "of": []},
        {"ask": "everything"},
        {"text": "pact"},
        {"ask": "word", "text": "pact", "boost": 2},
    ],
)
def test_a_tree_that_cannot_be_meant_is_refused(tree: object) -> None:
    with pytest.raises(ValidationError):
        ASK.validate_python(tree)


def test_stories_are_asked_for_by_every_id_that_they_have() -> None:
    tree = Not(of=OneOf(field="story", values=("pact", "quake")))
    assert with_stories(tree, {"pact": ["pact", "flood"]}) == Not(
        of=OneOf(field="story", values=("pact", "flood", "quake"))
    )
    criteria = Criteria(q="pact -story:pact", story=("quake",))
    assert criteria.stories == ("quake", "pact")
    assert criteria.with_stories({"pact": ["pact", "flood"], "quake": ["quake"]}) == Criteria.model_construct(
        **{
            **dict(Criteria(story=("quake",))),
            "query": All(of=(PACT, Not(of=OneOf(field="story", values=("pact", "flood"))))),
        }
    )
