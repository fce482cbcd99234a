"""Every claim points at words that are there, and every stance at entities that are."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from schemas import wire
from schemas.alert import alert_id
from schemas.annotations import AnnotatedArticle, Entity, Stance
from schemas.dead_letter import DeadLetter
from schemas.message import Span
from schemas.story import EnrichedArticle
from schemas.topics import ANNOTATED, ENRICHED

EXAMPLES = Path(wire.__file__).parent / "examples"


@pytest.fixture
def annotated() -> AnnotatedArticle:
    message = wire.decode(ANNOTATED, (EXAMPLES / ANNOTATED.name / "water-pact.json").read_bytes())
    assert isinstance(message, AnnotatedArticle)
    return message


def test_a_span_says_the_words_it_points_at(annotated: AnnotatedArticle) -> None:
    for entity in annotated.entities[2:]:
        assert {span.of(annotated.article.text) for span in entity.spans} == {entity.name}


@pytest.mark.parametrize(("start", "end"), [(3, 3), (4, 3), (-1, 2)])
def test_a_span_is_never_empty_or_before_the_text(start: int, end: int) -> None:
    with pytest.raises(ValidationError):
        Span(start=start, end=end)


def test_a_span_past_the_text_is_refused(annotated: AnnotatedArticle) -> None:
    past = Entity(id="local:x", name="x", kind="other", spans=(Span(start=0, end=len(annotated.article.text) + 1),))
    with pytest.raises(ValidationError, match="lies outside"):
        AnnotatedArticle(article=annotated.article, entities=(past,))


def test_a_stance_towards_nobody_is_refused(annotated: AnnotatedArticle) -> None:
    towards_nobody = Stance(
        holder="outlet",
        holder_name="x",
        target="Q1",
        target_name="y",
        polarity=1,
        confidence=1,
        evidence=(Span(start=0, end=3),),
    )
    with pytest.raises(ValidationError, match="names an entity that is not there"):
        AnnotatedArticle(article=annotated.article, stances=(towards_nobody,))


def test_a_message_is_frozen(annotated: AnnotatedArticle) -> None:
    with pytest.raises(ValidationError):
        annotated.enrichment = 9  # type: ignore[misc]


def test_a_later_revision_outranks_any_enrichment_of_an_earlier_one() -> None:
    enriched = wire.decode(ENRICHED, (EXAMPLES / ENRICHED.name / "water-pact.json").read_bytes())
    assert isinstance(enriched, EnrichedArticle)
    revised = enriched.article.model_copy(update={"revision": 2})
    later = enriched.model_copy(update={"annotated": enriched.annotated.model_copy(update={"article": revised})})
    reread = enriched.model_copy(update={"annotated": enriched.annotated.model_copy(update={"enrichment": 999})})
    assert later.version > reread.version > enriched.version


def test_an_alerts_id_depends_on_the_search_its_version_the_story_and_the_reason() -> None:
    base = ("a", 1, "story", "new place")
    ids = {alert_id(*base), alert_id("b", *base[1:]), alert_id("a", 2, *base[2:]), alert_id("a", 1, "story", "x")}
    assert len(ids) == 4
    assert alert_id(*base) == alert_id(*base)


def test_a_dead_letter_gives_back_the_bytes_it_was_given(annotated: AnnotatedArticle) -> None:
    letter = DeadLetter.of(
        topic="articles.v1",
        partition=1,
        offset=2,
        key=b"\xff",
        value=b"\x00\xfe",
        headers=[("version", b"\xf0"), ("traceparent", None)],
        service="enrich",
        step="decode",
        error=ValueError(""),
        now=annotated.article.seen,
    )
    assert (letter.key, letter.value, letter.reason) == (b"\xff", b"\x00\xfe", "ValueError")
