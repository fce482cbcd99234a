"""Stories, near-duplicates and what is new, without a server."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import pytest

from schemas.annotations import AnnotatedArticle, Entity, Place
from schemas.message import Span
from services.enrich.follow import MOST_PRINTS, Followed, Measures
from services.enrich.memory import Stories
from services.enrich.remembered import Remembered, story_key
from services.enrich.story import Weights
from services.enrich.vector import SIZE
from tests.enrich.reading import PACT, PACT_AGAIN, QUAKE, Desk, article, measures, read, span_of

WEEK = timedelta(days=7)

SIGNED = read(article("Kenya and Ethiopia sign water pact", PACT))
SIGNED_AGAIN = read(
    article("Kenya, Ethiopia sign pact on Omo water", PACT_AGAIN, hours=3, outlet="nation.example"),
    actors={"Amina Odera": 0.6},
)
SHAKEN = read(article("Earthquake shakes Chilean coast", QUAKE, hours=4, outlet="andina.example"))


def desk(most: int = 100, window: timedelta = WEEK) -> Desk:
    return Desk(Stories(window, most))


def restored(one: Desk, table: dict[str, bytes] | None = None, most: int = 100) -> Desk:
    """Another process over the same table, mended where a crash had left it half written."""
    stories, kept = Stories(WEEK, most), dict(one.table if table is None else table)
    mended = stories.restore(kept.items())
    kept |= mended.lacking
    for key in mended.left_over:
        kept.pop(key, None)
    return Desk(stories, one.measured, kept)


def kinds(answer: Followed) -> list[str]:
    return [development.kind for development in answer.enriched.moment.developments]


def test_what_no_earlier_article_tells_opens_a_story() -> None:
    [opened] = desk().take(SIGNED)
    moment = opened.enriched.moment
    assert (opened.outcome, moment.position, moment.novelty) == ("opened", 1, 1.0)
    assert kinds(opened) == ["new_story"]
    assert moment.title == "Kenya and Ethiopia sign water pact"


def test_a_second_report_joins_the_story_and_says_who_is_new() -> None:
    opened, joined = desk().take(SIGNED, SIGNED_AGAIN)
    moment = joined.enriched.moment
    assert joined.outcome == "joined"
    assert (moment.story, moment.position) == (opened.enriched.moment.story, 2)
    [new] = [one for one in moment.developments if one.kind == "new_actor"]
    assert new.reason == "Amina Odera is not named in the earlier article of this story."
    assert [span.of(PACT_AGAIN) for span in new.spans] == ["Amina Odera"]


def test_a_second_report_of_the_same_pact_is_no_development() -> None:
    told = PACT_AGAIN.partition(" Opposition leader")[0]
    first = read(article("Kenya and Ethiopia sign water pact", PACT), places=("Nairobi",))
    second = read(article("Kenya, Ethiopia sign pact on Omo water", told, hours=3), places=("Nairobi",))
    opened, joined = desk().take(first, second)
    assert joined.outcome == "joined"
    assert kinds(joined) == []
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
        _, joined = desk().take(first, second.model_copy(update={"places": (oslo,)}))
        found.append(
            [
                [span.start for span in one.spans]
                for one in joined.enriched.moment.developments
                if one.kind == "new_place"
            ]
        )
    assert found == [[], [[15]]]


def test_another_event_is_another_story() -> None:
    one, other = desk().take(SIGNED, SHAKEN)
    assert other.outcome == "opened"
    assert one.enriched.moment.story != other.enriched.moment.story


def test_a_copy_with_another_head_and_a_cut_end_is_a_duplicate_and_never_new() -> None:
    cut = read(
        article("Nine years of talks end", f"NAIROBI (Sample Wire) — {PACT[: len(PACT) * 2 // 3]}", hours=1),
        actors={"Ethiopia": 0.9},
    )
    _, copied = desk().take(SIGNED, cut)
    moment = copied.enriched.moment
    assert (copied.outcome, moment.duplicate_of, moment.novelty) == ("duplicate", SIGNED.article.id, 0.0)
    assert moment.shared > 0.75
    assert moment.developments == ()


def test_a_copy_of_a_copy_is_a_copy_of_the_original() -> None:
    articles = [read(article(title, PACT, hours=hour)) for hour, title in enumerate(("First", "Second", "Third"))]
    *_, third = desk().take(*articles)
    assert third.enriched.moment.duplicate_of == articles[0].article.id


def test_the_same_revision_again_has_the_same_moment_and_changes_nothing() -> None:
    at = desk()
    first, second, third = at.take(SIGNED, SIGNED_AGAIN, SHAKEN)
    before = dict(at.table)
    again = at.take(SIGNED, SIGNED_AGAIN, SHAKEN)
    assert {answer.outcome for answer in again} == {"repeated"}
    # How the story stands has grown since; where the article stands in it has not.
    for answer, repeat in zip((first, second, third), again, strict=True):
        moment, told_again = answer.enriched.moment, repeat.enriched.moment
        assert told_again.model_copy(update={"so_far": None}) == moment.model_copy(update={"so_far": None})
        assert repeat.rows() == {}
    assert again[0].enriched.moment.so_far == second.enriched.moment.so_far
    assert at.table == before
    assert len(at.stories) == 3


def test_a_revision_keeps_its_place_in_its_story() -> None:
    revised = read(
        article("Kenya and Ethiopia sign water pact", PACT + " Rain is expected in April.", revision=2, hours=5)
    )
    first, _, second = desk().take(SIGNED, SIGNED_AGAIN, revised)
    moment = second.enriched.moment
    assert second.outcome == "revised"
    assert (moment.story, moment.position) == (first.enriched.moment.story, 1)
    assert moment.duplicate_of is None
    assert moment.so_far is not None
    assert moment.so_far.articles == 2


def test_a_revision_brings_what_neither_its_story_nor_its_first_form_had() -> None:
    quake = read(article("Earthquake shakes Chilean coast", QUAKE))
    grown = QUAKE.replace("Twelve people were killed", "Thirty people were killed")
    revised = read(article("Earthquake shakes Chilean coast", grown, revision=2, hours=5))
    unchanged = read(article("Earthquake shakes Chilean coast", grown, revision=3, hours=6))
    _, second, third = desk().take(quake, revised, unchanged)
    assert kinds(second) == ["new_figure"]
    assert kinds(third) == []


def test_an_older_revision_that_comes_later_brings_nothing() -> None:
    at = desk()
    first = read(article("Earthquake shakes Chilean coast", QUAKE, revision=1))
    grown = f"{QUAKE} The toll rose to 30 dead on Wednesday."
    latest = read(article("Earthquake kills 30 in Chile", grown, revision=3, name="quake", hours=5))
    older = QUAKE.replace("Twelve people", "Seventeen people")
    late = read(article("Earthquake kills 17 in Chile", older, revision=2, name="quake", hours=3))
    at.take(first, latest)
    before = at.stories.chronicle(at.stories.story_at(at.stories.revisions(latest.article.id)[-1]))
    [answer] = at.take(late)
    assert answer.outcome == "revised"
    assert (answer.enriched.moment.developments, answer.enriched.moment.repeats) == ((), ())
    assert answer.enriched.moment.novelty == 0
    after = at.stories.chronicle(answer.enriched.moment.story)
    assert (after.title, after.figures, after.articles) == (before.title, before.figures, before.articles)


def test_a_revision_of_a_copy_stays_a_copy() -> None:
    copy = read(article("Wire: pact signed", PACT, outlet="copyist.example", hours=1))
    revised = read(article("Wire: pact signed", PACT + " More soon.", outlet="copyist.example", hours=2, revision=2))
    *_, answer = desk().take(SIGNED, copy, revised)
    assert answer.outcome == "revised"
    assert answer.enriched.moment.duplicate_of == SIGNED.article.id


def test_an_article_and_its_own_revisions_are_one_voice() -> None:
    text = "In Valparaiso thirty people were killed by the earthquake that shook the coast of Chile, officials said."
    quake = read(article("Earthquake shakes Chilean coast", QUAKE))
    told = read(article("Chilean earthquake kills thirty", text, outlet="b.example", hours=3))
    revised = told.model_copy(update={"article": told.article.model_copy(update={"revision": 2})})
    *_, last = desk().take(quake, told, revised)
    so_far = last.enriched.moment.so_far
    assert so_far is not None
    [toll] = [one for one in so_far.developments if one.kind == "new_figure"]
    assert (toll.articles, toll.outlets) == (1, ("b.example",))


def test_so_far_counts_the_articles_copies_outlets_and_who_told_what() -> None:
    copy = read(article("Wire: pact signed", PACT, outlet="copyist.example", hours=4))
    odera = read(
        article("Odera calls Omo water pact a gift", PACT_AGAIN + " Rain fell.", hours=6, outlet="third.example"),
        actors={"Amina Odera": 0.6},
    )
    last = desk().take(SIGNED, SIGNED_AGAIN, copy, odera)[-1]
    so_far = last.enriched.moment.so_far
    assert so_far is not None
    assert (so_far.articles, so_far.duplicates, so_far.version) == (4, 2, 4)
    assert {one.domain: one.articles for one in so_far.outlets} == {
        "savannah-post.example": 1,
        "nation.example": 1,
        "copyist.example": 1,
        "third.example": 1,
    }
    assert sum(hour.articles for hour in so_far.hours) == 4
    assert (so_far.first_published, so_far.last_published) == (SIGNED.article.published, odera.article.published)
    assert [one.kind for one in so_far.developments][:1] == ["new_story"]


def test_a_development_that_another_outlet_repeats_is_one_with_more_support() -> None:
    text = (
        "The earthquake that shook the coast of Chile on Tuesday and cut power to Valparaiso has killed thirty people. "
        "An old theatre collapsed there, and schools stayed closed while engineers looked at the bridges of the port."
    )
    more = (
        "Thirty people were killed by the earthquake of Tuesday on the coast of Chile, officials now say. Power came "
        "back to parts of Valparaiso, where a theatre had collapsed; bridges and schools there remain closed."
    )
    quake = read(article("Earthquake shakes Chilean coast", QUAKE))
    rises = read(article("Chilean earthquake kills thirty", text, outlet="andina.example", hours=4))
    again = read(article("Thirty killed by earthquake in Chile", more, outlet="globe.example", hours=6))
    _, told, repeated = desk().take(quake, rises, again)
    [toll] = told.enriched.moment.developments
    assert toll.kind == "new_figure"
    assert repeated.outcome == "joined"
    assert kinds(repeated) == []
    assert toll.id in repeated.enriched.moment.repeats
    so_far = repeated.enriched.moment.so_far
    assert so_far is not None
    [support] = [(one.outlets, one.articles) for one in so_far.developments if one.id == toll.id]
    assert support == (("andina.example", "globe.example"), 2)


def test_after_the_window_the_same_words_are_another_story() -> None:
    at = desk()
    one, other = at.take(read(article("Sign pact", PACT)), read(article("Sign pact", PACT, hours=24 * 8, name="later")))
    assert other.outcome == "opened"
    assert one.enriched.moment.story != other.enriched.moment.story
    assert len(at.stories) == 1
    assert set(at.table) == {f"{other.enriched.article.id}.1", story_key(other.enriched.moment.story)}


def test_what_is_remembered_is_bounded_and_the_oldest_goes_first() -> None:
    at = desk(most=3)
    first, *_ = at.take(*(read(article(f"Report {n}", QUAKE, hours=n)) for n in range(5)))
    assert len(at.stories) == 3
    assert first.remembered is not None
    assert at.stories.moment(first.remembered.key) is None
    assert len([key for key in at.table if not key.startswith("story ")]) == 3


def test_a_story_whose_last_article_is_forgotten_is_forgotten_whole() -> None:
    at = desk(most=1)
    opened, _ = at.take(SIGNED, SHAKEN)
    story = opened.enriched.moment.story
    assert story_key(story) not in at.table
    assert at.stories.chronicle(story).articles == 0


THIRD = read(
    article("Odera takes Omo pact to court", PACT_AGAIN + " She filed a lawsuit on Wednesday.", hours=9),
    actors={"Amina Odera": 0.7},
)


def test_stories_restored_from_their_rows_give_the_same_answers() -> None:
    before = desk()
    before.take(SIGNED, SIGNED_AGAIN, SHAKEN)
    after = restored(before)
    assert after.table == before.table
    [mine], [theirs] = before.take(THIRD), after.take(THIRD)
    assert theirs.enriched == mine.enriched
    assert after.table == before.table


@pytest.mark.parametrize("crashes", [1, 2])
def test_a_crash_between_the_two_rows_of_an_article_is_healed_for_good(crashes: int) -> None:
    whole = desk()
    whole.take(SIGNED, SIGNED_AGAIN)
    half = {key: row for key, row in whole.table.items() if key != f"{SIGNED_AGAIN.article.id}.1"}
    assert len(half) == len(whole.table) - 1
    after = restored(whole, half)
    [again] = after.take(SIGNED_AGAIN)
    assert again.outcome == "repeated"
    whole.take(THIRD)
    after.take(THIRD)
    for _ in range(crashes):
        after = restored(after)
    assert after.table == whole.table
    last = read(article("Odera loses", PACT_AGAIN + " A judge said no.", hours=12))
    assert after.take(last)[0].enriched == whole.take(last)[0].enriched


def test_a_crash_before_both_rows_of_an_article_lets_it_come_anew() -> None:
    whole = desk()
    whole.take(SIGNED)
    before = dict(whole.table)
    [first] = whole.take(SIGNED_AGAIN)
    after = restored(whole, before)
    [second] = after.take(SIGNED_AGAIN)
    assert second.outcome == "joined"
    assert second.enriched == first.enriched
    assert after.table == whole.table


def test_a_crash_before_the_forgotten_rows_are_deleted_leaves_none_behind() -> None:
    whole = desk(most=1)
    whole.take(SIGNED)
    stale = dict(whole.table)
    whole.take(SHAKEN)
    after = restored(whole, stale | whole.table, most=1)
    assert after.table == whole.table
    assert after.stories.moment(f"{SIGNED.article.id}.1") is None
    assert after.stories.chronicle(f"s-{SIGNED.article.id[:12]}").articles == 0


def test_a_row_is_the_same_after_packing() -> None:
    [answer] = desk().take(SIGNED)
    row = answer.remembered
    assert row is not None
    again = Remembered.unpacked(row.key, row.packed())
    assert again.packed() == row.packed()
    assert replace(again, vector=row.vector, print=row.print) == row


def test_an_article_in_another_language_is_followed_unread() -> None:
    text = "Le Kenya et l’Éthiopie ont signé mardi à Nairobi un pacte sur le partage des eaux de l’Omo."
    unread = AnnotatedArticle(article=article("Un pacte sur l’eau", text, language="fr"), annotated=False)
    [opened] = desk().take(unread)
    assert opened.outcome == "opened"


BY_MEANING_ALONE = Measures(
    measures().rarity,
    Weights(*[0.0] * len(Weights._fields))._replace(bias=-5, meaning=10, bias_without_meaning=-5),
)
"""One story from a cosine of 0.5, that is within 60 degrees; words only say who is compared at all."""


def meaning(degrees: float, title: str, text: str, hours: float) -> AnnotatedArticle:
    turned = math.radians(degrees)
    vector = (math.cos(turned), math.sin(turned), *[0.0] * (SIZE - 2))
    return read(article(title, text, hours=hours)).model_copy(update={"vector": vector})


STRIKE = meaning(0, "Dockers strike in Tema", "Dockers in Tema laid down their tools over unpaid overtime.", 0)
SHORTAGE = meaning(70, "Cocoa piles up", "Cocoa sacks fill sheds while exporters count losses.", 1)
TALKS = meaning(50, "Dockers meet owners in Tema", "Dockers and owners talked in Tema of tools and overtime.", 2)
BOTH = meaning(
    60,
    "Dockers strike leaves cocoa piled up",
    "Cocoa sacks pile up in Tema sheds as dockers stay out over overtime.",
    3,
)
AFTER = meaning(
    60, "Dockers return, cocoa moves", "Dockers in Tema took up tools and loaded cocoa sacks from sheds.", 4
)


def merging() -> tuple[Desk, list[Followed]]:
    at = Desk(Stories(WEEK, 100), BY_MEANING_ALONE)
    return at, at.take(STRIKE, SHORTAGE, TALKS, BOTH)


def test_two_stories_that_turn_out_to_be_one_live_on_in_the_older() -> None:
    at, (strike, shortage, talks, both) = merging()
    assert [one.outcome for one in (strike, shortage, talks, both)] == ["opened", "opened", "joined", "merged"]
    survivor, gone = strike.enriched.moment.story, shortage.enriched.moment.story
    assert survivor != gone
    assert both.enriched.moment.story == survivor
    assert both.merged == gone
    assert both.enriched.moment.position == 4
    so_far = both.enriched.moment.so_far
    assert so_far is not None
    assert so_far.merged == (gone,)
    assert so_far.articles == 4
    assert story_key(gone) not in at.table
    assert len(at.stories.members_of(survivor, 10)) == 4
    assert at.stories.chronicle(gone) == at.stories.chronicle(survivor)


def test_an_article_of_a_merged_story_that_comes_again_is_told_as_before_and_revives_nothing() -> None:
    at, (_, shortage, *_) = merging()
    [again] = at.take(SHORTAGE)
    assert again.outcome == "repeated"
    assert again.enriched.moment == shortage.enriched.moment.model_copy(update={"so_far": None})


def test_a_revision_of_an_article_of_a_merged_story_is_of_the_survivor() -> None:
    at, (strike, *_) = merging()
    text = SHORTAGE.article.text + " Rain came."
    revised = SHORTAGE.model_copy(update={"article": SHORTAGE.article.model_copy(update={"revision": 2, "text": text})})
    [answer] = at.take(revised)
    assert (answer.outcome, answer.enriched.moment.story) == ("revised", strike.enriched.moment.story)


def test_merged_stories_are_restored_as_they_were() -> None:
    at, _ = merging()
    after = restored(at)
    assert after.table == at.table
    for one in (SHORTAGE, AFTER):
        [mine], [theirs] = at.take(one), after.take(one)
        assert theirs.enriched == mine.enriched
    assert after.table == at.table


def test_a_crash_within_a_merge_leaves_nothing_of_the_story_that_is_gone() -> None:
    at = Desk(Stories(WEEK, 100), BY_MEANING_ALONE)
    at.take(STRIKE, SHORTAGE, TALKS)
    before = dict(at.table)
    [both] = at.take(BOTH)
    for written in ({}, both.rows(), dict([next(iter(both.rows().items()))])):
        after = restored(at, before | written)
        after.take(BOTH)
        assert after.table == at.table
        [mine], [theirs] = restored(at).take(AFTER), after.take(AFTER)
        assert theirs.enriched == mine.enriched


def test_two_stories_far_apart_stay_two_however_like_both_an_article_is() -> None:
    near_both = meaning(35, BOTH.article.title, BOTH.article.text, 3)
    at = Desk(Stories(WEEK, 100), BY_MEANING_ALONE)
    *_, last = at.take(STRIKE, SHORTAGE, near_both)
    assert (last.outcome, last.merged) == ("joined", None)


def test_who_is_called_by_the_last_name_alone_is_no_new_actor() -> None:
    text = PACT_AGAIN.replace("Opposition leader Amina Odera", "Odera")
    named = Entity(id="local:person:Odera", name="Odera", kind="person", spans=(span_of("Odera", text),), salience=0.7)
    short = read(
        article("Odera speaks again on Omo pact", text + " She spoke on Friday in Kisumu to thousands.", hours=8)
    )
    *_, last = desk().take(SIGNED, SIGNED_AGAIN, short.model_copy(update={"entities": (named,)}))
    assert "new_actor" not in kinds(last)


def test_an_article_that_comes_again_opens_no_second_story_under_the_id_of_its_first() -> None:
    at = desk(most=2)
    opened, *_ = at.take(SIGNED, SIGNED_AGAIN, THIRD)
    first = opened.enriched.moment.story
    told = at.stories.chronicle(first)
    elsewhere = SIGNED.article.model_copy(update={"title": "Earthquake in Chile", "text": QUAKE, "revision": 2})
    [again] = at.take(read(elsewhere))
    assert again.outcome == "opened"
    assert again.enriched.moment.story not in ("", first)
    assert at.stories.chronicle(first) == told
    assert restored(at, most=2).table == at.table


def test_no_article_is_a_copy_of_its_own_copy() -> None:
    copy = read(article("Wire: pact signed", PACT, outlet="copyist.example", hours=1))
    at = desk(most=2)
    opened, *_ = at.take(SIGNED, copy, SHAKEN)
    [again] = at.take(read(SIGNED.article.model_copy(update={"revision": 2})))
    assert (again.outcome, again.enriched.moment.duplicate_of) == ("joined", None)
    assert again.enriched.moment.story == opened.enriched.moment.story


def test_a_copy_whose_revision_brings_something_new_is_a_copy_no_more() -> None:
    quake = read(article("Earthquake shakes Chilean coast", QUAKE))
    copy = read(article("Wire: earthquake", QUAKE, outlet="copyist.example", hours=1))
    grown = QUAKE.replace("Twelve people were killed", "Thirty people were killed")
    revised = read(article("Wire: earthquake", grown, outlet="copyist.example", hours=2, revision=2))
    again = read(article("Wire: earthquake", grown, outlet="copyist.example", hours=3, revision=3))
    _, copied, new, last = desk().take(quake, copy, revised, again)
    assert copied.enriched.moment.duplicate_of == quake.article.id
    assert kinds(new) == ["new_figure"]
    for answer in (new, last):
        moment = answer.enriched.moment
        assert (moment.duplicate_of, moment.shared) == (None, 0.0)
        assert moment.so_far is not None
        assert moment.so_far.duplicates == 0


def test_an_embedding_of_another_size_is_as_good_as_none() -> None:
    short = SIGNED_AGAIN.model_copy(update={"vector": (0.6, 0.8)})
    _, joined = desk().take(SIGNED, short)
    assert joined.outcome == "joined"


def test_a_copy_is_found_among_many_that_share_a_long_stretch() -> None:
    shared = " ".join(f"shared{number}" for number in range(80))
    many = [
        read(article(f"Report {number}", f"{' '.join(f'own{number}x{word}' for word in range(60))} {shared}"))
        for number in range(2 * MOST_PRINTS)
    ]
    last = many[-1].article
    copy = read(
        last.model_copy(update={"id": "f" * 32, "outlet": last.outlet.model_copy(update={"domain": "z.example"})})
    )
    assert desk(most=1000).take(*many, copy)[-1].enriched.moment.duplicate_of == last.id
