"""Invented enriched articles for the tests: a plain one to vary, and any one that a strategy can think of."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from schemas.annotations import AnnotatedArticle, Entity, Focus, Place, Stance
from schemas.article import Article, Outlet
from schemas.message import Message, Span
from schemas.saved_search import SavedSearch
from schemas.story import (
    Development,
    EnrichedArticle,
    StoryActor,
    StoryHour,
    StoryMoment,
    StoryOutlet,
    StoryPlace,
    StorySoFar,
    ToldDevelopment,
)
from services.search.criteria import Criteria
from services.search.matcher import Matcher
from services.search.saved_searches import Watch

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)


def report(number: int = 1, **changes: Any) -> EnrichedArticle:
    """A short report; each change names a field of the article, of what was found in it, or of its moment."""
    url = changes.pop("url", f"https://savannah-post.example/report-{number}")
    article: dict[str, Any] = {
        "id": hashlib.sha256(url.encode()).hexdigest()[:32],
        "url": url,
        "fetched_url": url,
        "outlet": Outlet(domain="savannah-post.example", name="Savannah Post", country="KE"),
        "title": f"Kenya and Ethiopia sign pact {number}",
        "text": "Kenya praised Ethiopia for the water-sharing pact that was signed in Nairobi.",
        "language": "en",
        "published": NOON + timedelta(minutes=number),
        "seen": NOON + timedelta(minutes=number + 2),
    }
    found: dict[str, Any] = {
        "entities": (
            Entity(id="Q114", name="Kenya", kind="location", spans=(Span(start=0, end=1),), wikidata="Q114"),
            Entity(id="Q115", name="Ethiopia", kind="location", spans=(Span(start=0, end=1),), wikidata="Q115"),
        ),
        "places": (
            Place(
                name="Nairobi",
                spans=(Span(start=0, end=1),),
                lat=-1.28333,
                lon=36.81667,
                geonames=184745,
                country="KE",
                admin1="Nairobi Area",
                feature="city",
                confidence=0.97,
                reason="the only Nairobi of its size",
            ),
        ),
        "focus": Focus(country="KE", name="Nairobi", lat=-1.28333, lon=36.81667, confidence=0.9),
        "stances": (
            Stance(
                holder="Q114",
                holder_name="Kenya",
                target="Q115",
                target_name="Ethiopia",
                polarity=0.8,
                confidence=0.9,
                evidence=(Span(start=0, end=1),),
            ),
        ),
    }
    moment: dict[str, Any] = {
        "story": "pact",
        "title": "A water pact",
        "position": 1,
        "novelty": 0.9,
        "developments": (Development(kind="new_story", reason="A new story.", score=1.0),),
    }
    # The first that has a field of the name: `title` is the article's.
    parts: dict[type[Message], dict[str, Any]] = {Article: article, AnnotatedArticle: found}
    for name, value in changes.items():
        owner = next((part for model, part in parts.items() if name in model.model_fields), moment)
        owner[name] = value
    return EnrichedArticle(
        annotated=AnnotatedArticle(article=Article(**article), **found), moment=StoryMoment(**moment)
    )


def so_far(version: int = 1, **changes: Any) -> StorySoFar:
    """The water pact's story with so many articles, an hour apart; each change names a field."""
    last = NOON + timedelta(hours=version - 1)
    fields: dict[str, Any] = {
        "version": version,
        "title": "A water pact",
        "first_published": NOON,
        "last_published": last,
        "first_seen": NOON + timedelta(minutes=2),
        "last_seen": last + timedelta(minutes=2),
        "articles": version,
        "outlets": (StoryOutlet(domain="savannah-post.example", country="KE", articles=version),),
        "actors": (StoryActor(id="Q114", name="Kenya", kind="location", articles=version),),
        "places": (
            StoryPlace(name="Nairobi", lat=-1.28333, lon=36.81667, geonames=184745, country="KE", articles=version),
        ),
        "hours": tuple(StoryHour(began=NOON + timedelta(hours=hour), articles=1) for hour in range(version)),
        "developments": (
            ToldDevelopment(
                id="d-1",
                kind="new_story",
                reason="A new story.",
                score=1.0,
                article=report(1).article.id,
                published=NOON,
                outlets=("savannah-post.example",),
            ),
        ),
    }
    return StorySoFar(**{**fields, **changes})


def watch(search_id: str = "water", **criteria: Any) -> Watch:
    """A saved search with these criteria."""
    search = SavedSearch(id=search_id, name=search_id.title(), criteria=criteria, created=NOON)
    return Watch(search, Criteria.model_validate(criteria))


def held(*watches: Watch) -> Matcher:
    """These saved searches, ready to be held against articles."""
    matcher = Matcher()
    for one in watches:
        matcher.put(one.search.id, one)
    return matcher


_SAID = (
    "Kenya's Kenyans praised praising the of water-sharing waters pact pacts signed sign in Nairobi U.S. officials "
    "official “patient” partnership élan naïve can't agreed agreement agreeable 3,000 2.5 million"
)
_WORDS = tuple(_SAID.split())
_NAMES = ("Kenya", "KE", "Ethiopia", "Côte d’Ivoire", "Kim Jong-un", "Kim Jong Un", "Harvest Party")
_IDS = {"Kenya": "Q114", "Ethiopia": "Q115", "Côte d’Ivoire": "Q1008", "Kim Jong-un": "Q56226"}
_KINDS = ("new_story", "new_actor", "new_place", "correction")
_DEGREES = {"lat": st.floats(-90, 90), "lon": st.floats(-180, 180)}
_NEARBY = {"lat": st.floats(-3, 3), "lon": st.sampled_from((36.0, 36.5, 37.25, 179.9, -179.9, 180.0))}

words = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=12).map(" ".join)


@st.composite
def reports(draw: st.DrawFn) -> EnrichedArticle:
    """Any report of a small world, so that questions about that world often find some and never all."""
    names = draw(st.lists(st.sampled_from(_NAMES), unique=True, max_size=4))
    span = (Span(start=0, end=1),)
    entities = tuple(
        Entity(
            id=_IDS.get(name, f"local:{name.lower().replace(' ', '-')}"),
            name=name,
            kind="other",
            spans=span,
            wikidata=_IDS.get(name),
            country=draw(st.sampled_from(("KE", "ET", "KP", None))),
            confidence=draw(st.floats(0, 1)),
        )
        for name in names
    )
    places = tuple(
        Place(
            name="Somewhere",
            spans=span,
            **draw(st.fixed_dictionaries(draw(st.sampled_from((_DEGREES, _NEARBY))))),
            country=draw(st.sampled_from(("KE", "ET", "US", None))),
            feature="city",
            confidence=0.5,
            reason="invented",
        )
        for _ in range(draw(st.integers(0, 3)))
    )
    stances = tuple(
        Stance(
            holder=holder.id if holder else "outlet",
            holder_name=holder.name if holder else "Savannah Post",
            target=target.id,
            target_name=target.name,
            polarity=draw(st.floats(-1, 1) | st.sampled_from((-0.1, 0.1, 0.3, 1.0))),
            confidence=0.5,
            evidence=span,
            quoted=draw(st.booleans()),
            act=draw(st.sampled_from(("SANCTION", "AID", None))),
            holder_side=draw(st.sampled_from((None, None, "KE"))),
        )
        for target in entities
        for holder in (draw(st.sampled_from((None, *entities))),)
    )
    return report(
        draw(st.integers(1, 10**9)),
        title=draw(words),
        text=draw(words),
        language=draw(st.sampled_from(("en", "fr", "und"))),
        outlet=Outlet(domain="savannah-post.example", country=draw(st.sampled_from(("KE", "GB", None)))),
        published=NOON + timedelta(microseconds=draw(st.integers(-(10**7), 10**7))),
        entities=entities,
        places=places,
        stances=stances,
        focus=None,
        story=draw(st.sampled_from(("pact", "quake"))),
        so_far=draw(st.sampled_from((None, so_far(), so_far(2, merged=("flood",)), so_far(2, merged=("flood", "q"))))),
        novelty=draw(st.floats(0, 1) | st.sampled_from((0.1, 0.3, 0.7))),
        developments=tuple(
            Development(kind=kind, reason="It is new.", score=0.5)
            for kind in draw(st.lists(st.sampled_from(_KINDS), unique=True, max_size=2))
        ),
        vector=draw(st.sampled_from(((), (0.0,) * 384, (1.0,) + (0.0,) * 383))),
    )


def _parts(drawn: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in drawn.items() if value is not None}


_name = st.sampled_from((*_NAMES, "kim jong un", "cote d'ivoire", "q114", "Q56226", "local:harvest-party", "nobody"))
_polarity = st.sampled_from(((-1.0, 1.0), (0.1, 1.0), (-1.0, 0.1), (0.3, 0.3), (-0.1, 0.8)))
_side = st.none() | _name | st.sampled_from(("KE", "country:KE", "country:kp", "country:US"))
_acts = st.sampled_from((None, None, "AID", ["aid", "SANCTION"]))
_stances = st.tuples(
    _side | st.just("outlet"), _side, _polarity, st.sampled_from((None, None, True, False)), _acts
).map(
    lambda s: _parts(
        {"holder": s[0], "target": s[1], "polarity_min": s[2][0], "polarity_max": s[2][1], "quoted": s[3], "act": s[4]}
    )
)
_boxes = st.tuples(st.floats(-90, 0), st.floats(0, 90), st.floats(-180, 180), st.floats(-180, 180)).map(
    lambda b: {"south": b[0], "north": b[1], "west": b[2], "east": b[3]}
)
_q = st.one_of(
    st.sampled_from(_WORDS),
    st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3).map(" ".join),
    st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3).map(lambda phrase: f'"{" ".join(phrase)}"'),
)

_ASKED: dict[str, st.SearchStrategy[Any]] = {
    "q": _q,
    "entity": st.lists(_name, min_size=1, max_size=2),
    "country": st.lists(st.sampled_from(("KE", "ET", "US")), min_size=1, max_size=2),
    "near": st.fixed_dictionaries({**_DEGREES, "km": st.floats(1, 20_000)}),
    "box": _boxes,
    "stance": _stances,
    "language": st.sampled_from((["en"], ["fr"])),
    "outlet_country": st.sampled_from((["ke"], ["GB", "US"])),
    "published_from": st.integers(-(10**4), 10**4).map(lambda ms: (NOON + timedelta(milliseconds=ms)).isoformat()),
    "novelty_min": st.sampled_from((0.1, 0.3, 0.5, 0.7)),
    "development": st.sampled_from(_KINDS).map(lambda kind: [kind]),
    "story": st.sampled_from(("pact", "quake", "flood", ["q", "quake"])),
}
questions = st.lists(st.sampled_from(sorted(_ASKED)), min_size=1, max_size=3, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: _ASKED[name] for name in names})
)
"""Criteria about the same small world, of three parts at most."""
