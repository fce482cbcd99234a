"""The sample news, followed by the shipped models: each kind of development is told, and look-alikes stay apart."""

from collections import defaultdict
from datetime import UTC, datetime
from typing import get_args

import pytest

from deploy.samples.collection import SampleArticle, sample_articles
from schemas.article import Article, Outlet
from schemas.story import DevelopmentKind, StoryMoment
from services.enrich.annotate import annotate
from services.enrich.batch import asked_for
from services.enrich.follow import Measures, follow
from services.enrich.memory import Stories
from services.enrich.settings import EnrichSettings
from services.enrich.tools import Models
from services.ingest.identity import article_id

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
LOOKALIKES = [
    ("nepal-earthquake", "atacama-earthquake"),
    ("african-union-summit", "asean-summit"),
    ("caucasus-railway", "savannah-dredging"),
]


def as_ingested(sample: SampleArticle) -> Article:
    url = f"https://{sample.outlet.domain}/{sample.slug}"
    return Article(
        id=article_id(url),
        url=url,
        fetched_url=url,
        outlet=Outlet(domain=sample.outlet.domain, name=sample.outlet.name, country=sample.outlet.country),
        title=sample.title,
        text=sample.text(NOW),
        language=sample.language,
        published=sample.published(NOW),
        seen=NOW,
    )


@pytest.fixture(scope="module")
def moments(tmp_path_factory: pytest.TempPathFactory) -> dict[str, StoryMoment]:
    """The moment of each sample, by its path; without stances, which cost most and change sides in words here."""
    settings = EnrichSettings(cache=tmp_path_factory.mktemp("cache"))
    tools = asked_for(Models.load(settings).tools(), stances=False, vectors=True)
    measures = Measures.read(settings.models_folder / "stories")
    stories = Stories(settings.story_window, settings.story_articles)
    found: dict[str, StoryMoment] = {}
    for sample in sample_articles():
        [annotated] = annotate([as_ingested(sample)], tools)
        followed = follow(annotated, stories, measures)
        assert followed.remembered is not None
        assert followed.chronicle is not None
        stories.add(followed.remembered, followed.chronicle, followed.merged)
        found[sample.path] = followed.enriched.moment
    return found


@pytest.mark.parametrize("kind", get_args(DevelopmentKind))
def test_each_kind_is_told_by_an_article_that_brings_it(kind: str, moments: dict[str, StoryMoment]) -> None:
    bring = [sample.path for sample in sample_articles() if kind in sample.brings]
    assert any(one.kind == kind for path in bring for one in moments[path].developments)


def test_a_wire_copy_is_told_as_one(moments: dict[str, StoryMoment]) -> None:
    originals = {sample.path: as_ingested(sample).id for sample in sample_articles()}
    copies = [sample for sample in sample_articles() if sample.copy_of]
    assert [moments[one.path].duplicate_of for one in copies] == [originals[one.copy_of] for one in copies]


@pytest.mark.parametrize(("one", "other"), LOOKALIKES)
def test_look_alikes_are_two_stories(one: str, other: str, moments: dict[str, StoryMoment]) -> None:
    joined: dict[str, set[str]] = defaultdict(set)
    for sample in sample_articles():
        joined[sample.story].add(moments[sample.path].story)
    assert joined[one].isdisjoint(joined[other])


def test_a_development_that_other_outlets_tell_again_gains_support(moments: dict[str, StoryMoment]) -> None:
    story = moments["sample-wire/all-seven-out-of-nepal-tunnel"].so_far
    assert story is not None
    [toll] = [one for one in story.developments if one.kind == "new_figure" and one.subject == "30"]
    assert len(toll.outlets) >= 3
