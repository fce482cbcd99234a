"""What following knows of the past: any order, any crash, never more than it may."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import services.enrich.memory
from schemas.annotations import AnnotatedArticle
from services.enrich.likeness import Words, cosines
from services.enrich.memory import Stories
from services.enrich.remembered import STORY_KEY, Remembered, story_key
from services.enrich.vector import SIZE
from tests.enrich.reading import PACT, Desk, article, measures, read

EVENTS = (
    ("dam pact", "Kenya Ethiopia ministers signed water pact Omo river dam farmers"),
    ("quake", "earthquake Chile coast Valparaiso theatre collapsed bridges power schools"),
    ("strike", "dockers Tema overtime cocoa exporters sheds union owners tools"),
)
FILLER = "market rain bridge road harbour vote court boat letter night office school train field engine".split()  # noqa: SIM905
WEEK = timedelta(days=7)


def reported(event: int, words: int, hours: float, number: int, revision: int) -> AnnotatedArticle:
    """One article on one of a few events, in its own words; some with a toll, an arrest or somebody new."""
    name, said = EVENTS[event]
    chosen = [FILLER[(words + step * step) % len(FILLER)] for step in range(6)]
    news = ("", f"{10 + words} people were killed.", "Police arrested two men.", "Ama Mensah spoke.")[words % 4]
    text = f"{said} {' '.join(chosen)}. {news}\n{said[::-1]} {words} {' '.join(reversed(chosen))}."
    told = read(
        article(f"{name} {chosen[0]} report", text, hours=hours, name=f"n{number}", revision=revision),
        actors={"Ama Mensah": 0.5} if "Ama" in text else {},
        places=("Omo",) if event == 0 and words % 2 else (),
    )
    turn = np.zeros(SIZE)
    turn[event], turn[10 + words % 3] = 0.9, np.sqrt(1 - 0.81)
    return told.model_copy(update={"vector": tuple(turn.tolist())})


ARTICLES = st.lists(
    st.builds(
        reported,
        event=st.integers(0, len(EVENTS) - 1),
        words=st.integers(0, 7),
        hours=st.integers(0, 300).map(float),
        number=st.integers(0, 11),
        revision=st.integers(1, 2),
    ),
    min_size=1,
    max_size=14,
    unique_by=lambda one: (one.article.id, one.article.revision),
)


def desk(most: int = 1000, window: timedelta = WEEK) -> Desk:
    return Desk(Stories(window, most))


def restored(table: dict[str, bytes], most: int, window: timedelta = WEEK) -> Desk:
    stories, kept = Stories(window, most), dict(table)
    mended = stories.restore(kept.items())
    kept |= mended.lacking
    for key in mended.left_over:
        kept.pop(key, None)
    return Desk(stories, measures(), kept)


@settings(max_examples=60, deadline=None)
@given(ARTICLES, st.randoms(use_true_random=False))
def test_doubled_articles_bring_nothing_new_in_any_order(articles: list[AnnotatedArticle], chance: object) -> None:
    # Within one window: what was forgotten is news again.
    at = desk(window=timedelta(days=90))
    moments = {
        (one.article.id, one.article.revision): at.take(one)[0].enriched.moment.model_copy(update={"so_far": None})
        for one in articles
    }
    before = dict(at.table)
    chance.shuffle(articles)  # type: ignore[attr-defined]
    for one in articles:
        [again] = at.take(one)
        assert again.outcome == "repeated"
        known = moments[one.article.id, one.article.revision]
        # As it was told, whatever its story became part of since.
        assert again.enriched.moment.model_copy(update={"so_far": None}) == known
    assert at.table == before


@settings(max_examples=60, deadline=None)
@given(ARTICLES)
def test_the_same_articles_give_the_same_rows_byte_for_byte(articles: list[AnnotatedArticle]) -> None:
    one, other = desk(most=6), desk(most=6)
    assert [answer.enriched for answer in one.take(*articles)] == [answer.enriched for answer in other.take(*articles)]
    assert one.table == other.table


@settings(max_examples=120, deadline=None)
@given(
    ARTICLES,
    st.integers(0, 13),
    st.integers(0, 9),
    st.sampled_from([2, 4, 1000]),
    st.sampled_from([timedelta(days=3), timedelta(days=90)]),
)
def test_a_crash_anywhere_changes_no_answer_after_it(
    articles: Sequence[AnnotatedArticle], fell: int, writes: int, most: int, window: timedelta
) -> None:
    fell %= len(articles)
    whole = desk(most, window)
    whole.take(*articles[:fell])
    table = dict(whole.table)
    [last] = whole.take(articles[fell])
    # Some of what the last article wrote and deleted reached the table, in that order.
    changes = [(key, row) for key, row in last.rows().items()]
    deleted = [(key, None) for key in (*table, *last.rows()) if key not in whole.table]
    for key, row in [*changes, *deleted][:writes]:
        if row is None:
            table.pop(key, None)
        else:
            table[key] = row
    after = restored(table, most, window)
    [again] = after.take(articles[fell])
    assert again.enriched == last.enriched
    assert after.table == whole.table
    for one in articles[fell + 1 :]:
        assert after.take(one)[0].enriched == whole.take(one)[0].enriched
    assert after.table == whole.table


@settings(max_examples=60, deadline=None)
@given(ARTICLES, st.integers(1, 5))
def test_never_more_is_remembered_than_may_be_and_no_row_is_left_behind(
    articles: Sequence[AnnotatedArticle], most: int
) -> None:
    at = desk(most)
    for one in articles:
        at.take(one)
        rows = {key for key in at.table if not key.startswith(STORY_KEY)}
        told = {key for key in at.table if key.startswith(STORY_KEY)}
        assert len(at.stories) == len(rows) <= most
        assert all(at.stories.moment(key) is not None for key in rows)
        living = {at.stories.story_at(slot) for key in rows for slot in at.stories.revisions(key.rpartition(".")[0])}
        assert {story_key(story) for story in living} == told
        assert all(at.stories.chronicle(story).articles for story in living)


def test_slots_of_forgotten_articles_are_used_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.enrich.memory, "RESTING", 4)
    monkeypatch.setattr(services.enrich.memory, "FIRST_ROWS", 1)
    small, large = desk(most=5), desk(most=5)
    articles = [reported(number % 3, number % 8, number, number, 1) for number in range(60)]
    answers = small.take(*articles)
    assert len(small.stories.columns) < 30
    monkeypatch.undo()
    assert [one.enriched for one in answers] == [one.enriched for one in large.take(*articles)]


def test_a_slot_that_is_used_anew_is_not_found_by_the_words_that_it_had(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.enrich.memory, "RESTING", 4)
    at = desk(most=5)
    letters = "abcdefghijklmnopqrstuvwxyz"
    answers = at.take(*(read(article(f"{one}qx", f"{one}qy {one}qz {one}qw", name=one)) for one in letters))
    found = [len(at.stories.like_in_words(one.remembered, 9)) for one in answers if one.remembered is not None]
    assert found == [0] * len(letters)


def test_an_archive_that_is_read_today_is_no_older_than_today() -> None:
    old = reported(0, 1, 0, 1, 1)
    seen = old.article.model_copy(update={"seen": old.article.seen + timedelta(days=400)})
    at = desk()
    at.take(reported(1, 1, 24 * 400, 2, 1), old.model_copy(update={"article": seen}))
    assert len(at.stories) == 2


def test_a_row_of_the_future_that_is_forgotten_drives_no_others_out() -> None:
    at = desk(most=2)
    at.take(reported(0, 1, 24 * 30, 1, 1), *(reported(1, number, number, number, 1) for number in (2, 3, 4)))
    assert len(at.stories) == 2
    after = restored(at.table, 2)
    last = reported(1, 5, 5, 5, 1)
    assert after.take(last)[0].enriched == at.take(last)[0].enriched
    assert after.table == at.table


def test_an_article_of_nothing_is_remembered_and_found_by_nothing() -> None:
    at = desk()
    empty = [read(article("", text, name=name, hours=1)) for name, text in (("a", ""), ("b", " "), ("c", "\x00"))]
    assert [answer.outcome for answer in at.take(*empty, *empty)] == ["opened"] * 3 + ["repeated"] * 3
    assert restored(at.table, 100).table == at.table


@pytest.mark.parametrize("text", ["9" * 100_000, "word " * 20_000, "\x00" * 100_000, "ก" * 100_000, "地震" * 50_000])
def test_an_article_of_a_hundred_thousand_characters_is_one_row_of_a_few_thousand_bytes(text: str) -> None:
    at = desk()
    [answer] = at.take(read(article("Long", text)))
    assert answer.remembered is not None
    assert len(answer.remembered.packed()) < 5000
    assert Remembered.unpacked("k", answer.remembered.packed()).packed() == answer.remembered.packed()


WEIGHED = st.dictionaries(st.integers(1, 40), st.integers(1, 10), max_size=8).map(
    lambda terms: Words(tuple(terms), tuple(weight / 20 for weight in terms.values()))
)


@given(WEIGHED, st.lists(WEIGHED, max_size=6))
def test_likeness_to_many_is_likeness_to_each(one: Words, others: list[Words]) -> None:
    terms = np.zeros((len(others), 8), dtype=np.uint32)
    weights = np.zeros((len(others), 8), dtype=np.float16)
    for row, other in enumerate(others):
        terms[row, : len(other.terms)], weights[row, : len(other.weights)] = other.terms, other.weights
    assert cosines(one, terms, weights) == pytest.approx([one.cosine(other) for other in others], abs=2e-3)


def test_rows_that_other_code_wrote_are_forgotten() -> None:
    at = Desk(Stories(timedelta(days=7), 100))
    at.take(read(article("Kenya and Ethiopia sign water pact", PACT)))
    older = {
        key: row.replace(b'"version":1', b'"version":0').replace(b'"furniture"', b'"actors"')
        for key, row in at.table.items()
    }
    stories = Stories(timedelta(days=7), 100)
    mended = stories.restore(older.items())
    assert len(stories) == 0
    assert set(mended.left_over) == set(at.table)
    assert mended.lacking == {}
