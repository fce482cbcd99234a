"""The gallery of little stories: each is followed from its first article, by the shipped models, as a reader would.

What is not told as it should be is settled in `gallery/stories_settled.toml` and expected to fail; once it holds, or
something else fails, `python -m tests.enrich.gallery.stories --settle` judges anew.
"""

from __future__ import annotations

import tomllib

import pytest

from schemas.story import Development
from services.enrich.tools import Models
from tests.enrich.gallery.stories import (
    APART,
    HALF_READ,
    SETTLED,
    Expected,
    Told,
    Verdicts,
    cases,
    followed,
    judged,
    row_of,
    scores,
    settled,
    verdicts,
    written,
)
from tests.enrich.reading import measures, span_of

GALLERY = cases()


@pytest.fixture(scope="module")
def found(models: Models) -> dict[str, Verdicts]:
    tools = models.tools()
    return {
        case: verdicts(articles, case, followed(articles, case, tools, measures()))
        for case, articles in GALLERY.items()
    }


def row(case: str, words: str, *, fails: bool) -> object:
    marks = [pytest.mark.xfail(strict=True, reason="it is settled that this fails today")] if fails else []
    return pytest.param(case, words, id=f"{case}/{words}", marks=marks)


def developments() -> list[object]:
    expected = [
        (case, row_of(told, one.kind, one.about))
        for case, articles in GALLERY.items()
        for told in articles
        for one in told.new
    ]
    return [row(case, words, fails=words in settled().get(case, Verdicts()).missed) for case, words in expected]


def known_faults(name: str) -> list[object]:
    return [row(case, words, fails=True) for case, each in settled().items() for words in getattr(each, name)]


@pytest.mark.parametrize(("case", "words"), developments())
def test_a_development_is_told_where_it_is_new(case: str, words: str, found: dict[str, Verdicts]) -> None:
    assert words in found[case].right


@pytest.mark.parametrize(("case", "words"), known_faults("wrong"))
def test_what_is_no_development_is_not_told(case: str, words: str, found: dict[str, Verdicts]) -> None:
    assert words not in found[case].wrong


@pytest.mark.parametrize(("case", "words"), known_faults("astray"))
def test_no_article_goes_astray(case: str, words: str, found: dict[str, Verdicts]) -> None:
    assert words not in found[case].astray


@pytest.mark.parametrize("case", sorted(GALLERY))
def test_nothing_else_is_told_and_no_other_article_goes_astray(case: str, found: dict[str, Verdicts]) -> None:
    known = settled().get(case, Verdicts())
    assert set(found[case].wrong) <= set(known.wrong)
    assert set(found[case].astray) <= set(known.astray)


def test_there_are_forty_little_stories_and_half_of_them_were_not_read() -> None:
    assert len(GALLERY) == 40
    assert len(HALF_READ) == 20
    assert GALLERY.keys() >= HALF_READ


@pytest.mark.parametrize("case", sorted(GALLERY))
def test_every_little_story_points_at_its_own_words(case: str) -> None:
    ids = [told.id for told in GALLERY[case]]
    assert len(set(ids)) == len(ids)
    for at, told in enumerate(GALLERY[case]):
        assert all(one.about in told.text or one.about in told.title for one in told.new)
        assert not told.copy_of or told.copy_of in ids[:at]


def test_what_is_settled_is_of_the_stories_as_they_stand() -> None:
    for case, known in settled().items():
        expected = {row_of(told, one.kind, one.about) for told in GALLERY[case] for one in told.new}
        assert set(known.missed) <= expected
    if SETTLED.exists():
        assert written(settled()) == SETTLED.read_text("utf-8")


SAID = "Police arrested Ruiz in Lagos. Forty people were hurt."
TOLD = Told(
    id="one",
    outlet="a.example",
    hours=0,
    title="Ruiz held",
    text=SAID,
    new=(Expected("new_actor", "Ruiz"), Expected("new_figure", "Forty people")),
    may=(Expected("new_place", "Lagos"),),
)


def development(kind: str, words: str) -> Development:
    return Development.model_validate(
        {"kind": kind, "reason": "It is new.", "score": 0.5, "subject": words, "spans": (span_of(words, SAID),)}
    )


def test_what_is_said_is_right_missed_wrong_or_neither() -> None:
    said = [development("new_actor", "Ruiz"), development("new_place", "Lagos"), development("new_act", "arrested")]
    found = [(verdict, kind) for verdict, kind, _ in judged(TOLD, SAID, said)]
    assert found == [("right", "new_actor"), ("may", "new_place"), ("wrong", "new_act"), ("missed", "new_figure")]


def test_a_development_of_another_kind_or_elsewhere_is_wrong() -> None:
    said = [development("new_figure", "Ruiz"), development("new_actor", "Police")]
    assert [verdict for verdict, *_ in judged(TOLD, SAID, said)] == ["wrong", "wrong", "missed", "missed"]


def test_openings_and_surges_are_judged_elsewhere() -> None:
    assert {"new_story", "surge"} == APART
    said = [development("new_story", "Police")]
    assert [verdict for verdict, *_ in judged(TOLD, SAID, said)] == ["missed", "missed"]


def test_precision_and_recall_are_told_in_all_by_half_and_by_kind() -> None:
    scored = scores(
        {
            "ferry-off-ambon": Verdicts(right=("a: new_act arrested", "b: new_figure 21"), wrong=("c: new_act x",)),
            "another": Verdicts(missed=("a: new_act signed", "b: new_act left")),
        }
    )
    assert (scored["all"].precision, scored["all"].recall) == (2 / 3, 0.5)
    assert (scored["read"].precision, scored["not read"].recall) == (2 / 3, 0)
    assert (scored["new_act"].precision, scored["new_act"].recall) == (0.5, 1 / 3)


def test_what_fails_is_written_so_that_it_can_be_read() -> None:
    found = {
        "a-story": Verdicts(missed=('one: new_act “a "b" \\ c”',), wrong=(), astray=("two: is taken",)),
        "b": Verdicts(),
    }
    read = tomllib.loads(written(found))
    assert read == {"a-story": {"missed": ['one: new_act “a "b" \\ c”'], "astray": ["two: is taken"]}}
