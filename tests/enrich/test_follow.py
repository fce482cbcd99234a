"""Stories, near-duplicates and what is new, without a server."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from schemas.annotations import AnnotatedArticle, Place
from schemas.message import Span
from services.enrich.dateline import written
from services.enrich.follow import Followed, follow
from services.enrich.memory import Remembered, Stories
from tests.enrich.reading import PACT, PACT_AGAIN, QUAKE, article, measures, read

WEEK = timedelta(days=7)


def followed(stories: Stories, *articles: AnnotatedArticle) -> list[Followed]:
    answers = []
    for one in articles:
        answer = follow(one, stories, measures())
        if answer.remembered is not None:
            stories.add(answer.remembered, answer.chronicle)
        answers.append(answer)
    return answers


def test_what_no_earlier_article_tells_opens_a_story() -> None:
    [opened] = followed(Stories(WEEK, 100), read(article("Kenya and Ethiopia sign water pact", PACT)))
    moment = opened.enriched.moment
    assert (opened.outcome, moment.position, moment.novelty) == ("opened", 1, 1.0)
    assert [one.kind for one in moment.developments] == ["new_story"]
    assert moment.title == "Kenya and Ethiopia sign water pact"


def test_a_second_report_joins_the_story_and_says_who_is_new() -> None:
    first = read(article("Kenya and Ethiopia sign water pact", PACT), places=("Nairobi",))
    second = read(
        article("Kenya, Ethiopia sign pact on Omo water", PACT_AGAIN, hours=3),
        actors={"Amina Odera": 0.6},
        places=("Nairobi",),
    )
    opened, joined = followed(Stories(WEEK, 100), first, second)
    assert joined.outcome == "joined"
    assert joined.enriched.moment.story == opened.enriched.moment.story
    assert joined.enriched.moment.position == 2
    [new] = joined.enriched.moment.developments
    assert (new.kind, new.reason) == ("new_actor", "Amina Odera is not named in the earlier article of this story.")
    assert [span.of(second.article.text) for span in new.spans] == ["Amina Odera"]


def test_a_second_report_of_the_same_pact_is_no_development() -> None:
    first = read(article("Kenya and Ethiopia sign water pact", PACT), places=("Nairobi",))
    second = read(article("Kenya, Ethiopia sign pact on Omo water", PACT_AGAIN, hours=3), places=("Nairobi",))
    opened, joined = followed(Stories(WEEK, 100), first, second)
    assert joined.enriched.moment.developments == ()
    assert joined.enriched.moment.novelty < 0.5 < opened.enriched.moment.novelty


def test_where_a_report_was_written_is_new_only_once_its_story_names_it() -> None:
    first = read(article("Kenya and Ethiopia sign water pact", PACT), places=("Kenya",))
    found = []
    for text in (f"OSLO (AP) — {PACT_AGAIN}", f"OSLO (AP) — In OSLO: {PACT_AGAIN}"):
        second = read(article("Kenya, Ethiopia sign pact on Omo water", text, hours=3))
        oslo = Place(
            name="Oslo",
            spans=tuple(Span(start=at, end=at + 4) for at in range(len(text)) if text.startswith("OSLO", at)),
            lat=59.9,
            lon=10.7,
            feature="city",
            confidence=0.9,
            reason="it is there",
        )
        placed = second.model_copy(update={"places": (oslo,), "written": written(text)})
        _, joined = followed(Stories(WEEK, 100), first, placed)
        found.append([(one.kind, [span.start for span in one.spans]) for one in joined.enriched.moment.developments])
    assert found == [[], [("new_place", [15])]]


def test_another_event_is_another_story() -> None:
    one, other = followed(
        Stories(WEEK, 100),
        read(article("Kenya and Ethiopia sign water pact", PACT)),
        read(article("Earthquake shakes Chilean coast", QUAKE, hours=1)),
    )
    assert one.enriched.moment.story != other.enriched.moment.story


def test_a_copy_with_another_head_and_a_cut_end_is_a_duplicate_and_never_new() -> None:
    original = read(article("Kenya and Ethiopia sign water pact", PACT))
    cut = read(
        article("Nine years of talks end", f"NAIROBI (Sample Wire) — {PACT[: len(PACT) * 2 // 3]}", hours=1),
        actors={"Ethiopia": 0.9},
    )
    _, copied = followed(Stories(WEEK, 100), original, cut)
    moment = copied.enriched.moment
    assert (copied.outcome, moment.duplicate_of, moment.novelty) == ("duplicate", original.article.id, 0.0)
    assert moment.developments == ()


def test_a_copy_of_a_copy_is_a_copy_of_the_original() -> None:
    articles = [read(article(title, PACT, hours=hour)) for hour, title in enumerate(("First", "Second", "Third"))]
    *_, third = followed(Stories(WEEK, 100), *articles)
    assert third.enriched.moment.duplicate_of == articles[0].article.id


def test_the_same_revision_again_has_the_same_moment() -> None:
    pact = read(article("Kenya and Ethiopia sign water pact", PACT))
    again = read(article("Kenya, Ethiopia sign pact on Omo water", PACT_AGAIN, hours=3))
    stories = Stories(WEEK, 100)
    first, second, repeated_first, repeated_second = followed(stories, pact, again, pact, again)
    assert repeated_first.outcome == repeated_second.outcome == "repeated"
    assert repeated_first.enriched == first.enriched
    assert repeated_second.enriched == second.enriched
    assert len(stories) == 2


def test_a_revision_keeps_its_place_in_its_story() -> None:
    pact = read(article("Kenya and Ethiopia sign water pact", PACT))
    revised = read(article("Kenya and Ethiopia sign water pact", PACT + " Rain is expected in April.", revision=2))
    first, second = followed(Stories(WEEK, 100), pact, revised)
    assert second.outcome == "revised"
    assert second.enriched.moment.story == first.enriched.moment.story
    assert second.enriched.moment.position == 1
    assert second.enriched.moment.duplicate_of is None


def test_after_the_window_the_same_words_are_another_story() -> None:
    stories = Stories(WEEK, 100)
    one, other = followed(
        stories, read(article("Sign pact", PACT)), read(article("Sign pact", PACT, hours=24 * 8, name="later"))
    )
    assert other.outcome == "opened"
    assert one.enriched.moment.story != other.enriched.moment.story
    assert len(stories) == 1


def test_what_is_remembered_is_bounded_and_the_oldest_goes_first() -> None:
    stories = Stories(WEEK, 3)
    rows = [answer.remembered for answer in followed(stories, *(read(article(f"Report {n}", QUAKE)) for n in range(5)))]
    assert len(stories) == 3
    assert rows[0] is not None
    assert stories.get(rows[0].key) is None


def test_stories_restored_from_their_rows_give_the_same_answers() -> None:
    before = Stories(WEEK, 100)
    kept = [
        row.remembered
        for row in followed(
            before, read(article("Kenya and Ethiopia sign water pact", PACT)), read(article("Earthquake", QUAKE))
        )
        if row.remembered is not None
    ]
    after = Stories(WEEK, 100)
    for row in kept:
        after.add(Remembered.unpacked(row.key, row.packed()))
    third = read(article("Kenya, Ethiopia sign pact on Omo water", PACT_AGAIN, hours=3), actors={"Amina Odera": 0.6})
    assert follow(third, before, measures()).enriched == follow(third, after, measures()).enriched


def test_a_row_is_the_same_after_packing() -> None:
    [answer] = followed(Stories(WEEK, 100), read(article("Kenya and Ethiopia sign water pact", PACT)))
    row = answer.remembered
    assert row is not None
    again = Remembered.unpacked(row.key, row.packed())
    assert again.packed() == row.packed()
    assert replace(again, vector=row.vector, print=row.print) == row


def test_an_article_in_another_language_is_followed_unread() -> None:
    text = "Le Kenya et l’Éthiopie ont signé mardi à Nairobi un pacte sur le partage des eaux de l’Omo."
    unread = AnnotatedArticle(article=article("Un pacte sur l’eau", text, language="fr"), annotated=False)
    [opened] = followed(Stories(WEEK, 100), unread)
    assert opened.outcome == "opened"
