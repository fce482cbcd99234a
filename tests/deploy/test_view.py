"""A person sees who, where, for or against whom, and what is new; a publisher's brackets are text, not markup."""

from pathlib import Path

from rich.text import Text

from deploy.local.view import alert_lines, article_lines
from schemas import wire
from schemas.alert import Alert
from schemas.story import EnrichedArticle, StoryOutlet, StorySoFar, ToldDevelopment
from schemas.topics import ALERTS, ENRICHED

EXAMPLES = Path(wire.__file__).parent / "examples"


def an_article() -> EnrichedArticle:
    message = wire.decode(ENRICHED, (EXAMPLES / ENRICHED.name / "water-pact.json").read_bytes())
    assert isinstance(message, EnrichedArticle)
    return message


def shown(lines: list[str]) -> list[str]:
    return [Text.from_markup(line).plain for line in lines]


def test_an_article_is_shown_with_its_actors_places_stances_and_what_is_new() -> None:
    assert shown(article_lines(an_article())) == [
        "2026-03-03 09:00 Kenya and Ethiopia sign water pact · Savannah Post",
        "      who    Ethiopia Q115 · Kenya Q114 · Amina Odera · Harvest Party",
        "      where  Nairobi (KE)",
        "      stance Amina Odera for Ethiopia +0.90 “praised Ethiopia for “a patient partnership””",
        "      stance Savannah Post for Kenya +0.20 “signed a water-sharing pact”",
        "      new    No earlier article tells of this.",
    ]


def test_an_article_that_joins_a_story_names_it_and_what_others_told_before_it() -> None:
    enriched = an_article()
    when = enriched.article.published
    outlets = ("a.example", "b.example", "c.example")
    told = {"published": when, "article": "first"}
    story = StorySoFar(
        version=4,
        title="A pact [at last]",
        first_published=when,
        last_published=when,
        first_seen=when,
        last_seen=when,
        articles=4,
        outlets=tuple(StoryOutlet(domain=domain, articles=1) for domain in outlets),
        developments=(
            ToldDevelopment(id="d-1", kind="new_story", reason="A story.", score=1.0, outlets=outlets, **told),
            ToldDevelopment(id="d-2", kind="new_figure", reason="30 wells.", score=0.4, outlets=outlets[:2], **told),
            ToldDevelopment(id="d-3", kind="new_act", reason="“signed”.", score=0.6, outlets=outlets, **told),
            ToldDevelopment(id="d-5", kind="new_actor", reason="Odera.", score=0.9, outlets=outlets, **told),
            ToldDevelopment(id="d-4", kind="correction", reason="Wrong.", score=0.8, outlets=outlets[:1], **told),
        ),
    )
    joined = enriched.moment.model_copy(
        update={"position": 4, "developments": (), "repeats": ("d-1", "d-2", "d-3", "d-5"), "so_far": story}
    )
    assert shown(article_lines(enriched.model_copy(update={"moment": joined})))[-2:] == [
        "      story  A pact [at last] · 4 articles of 3 outlets",
        "      again  told by 3 outlets: “signed”.",
    ]


def test_brackets_in_a_title_are_shown_as_they_are() -> None:
    enriched = an_article()
    titled = enriched.article.model_copy(update={"title": "[bold]Watch[/] [live]"})
    annotated = enriched.annotated.model_copy(update={"article": titled, "annotated": False, "entities": ()})
    lines = shown(article_lines(enriched.model_copy(update={"annotated": annotated})))
    assert lines[0] == "2026-03-03 09:00 [bold]Watch[/] [live] · Savannah Post"
    assert lines[1] == "      in en: searchable, not annotated"


def test_an_alert_names_its_search_its_article_and_its_reason() -> None:
    alert = wire.decode(ALERTS, (EXAMPLES / ALERTS.name / "water-pact.json").read_bytes())
    assert isinstance(alert, Alert)
    assert shown(alert_lines(alert)) == [
        "ALERT Water in East Africa: Kenya and Ethiopia sign water pact · Savannah Post"
        " — No earlier article tells of this."
    ]
