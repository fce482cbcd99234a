"""G10: the alerter's matcher says yes exactly when Elasticsearch finds the article by the same question."""

import math
import os
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, get_args

import pytest
from elasticsearch import Elasticsearch
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from schemas.annotations import Act, Entity, Place, Stance
from schemas.message import Span
from schemas.story import EnrichedArticle
from services.search.criteria import Criteria
from services.search.document import document
from services.search.english import terms
from services.search.mapping import ARTICLES
from services.search.match import match, meets
from services.search.query import to_query
from services.search.reading import Reading
from services.search.trees import MOST_CLAUSES
from services.search.values import MOST_VALUES
from tests.flow.conftest import teller
from tests.flow.servers import Servers
from tests.search.manual import examples
from tests.search.reports import NOON, questions, report, reports, so_far
from tests.search.worlds import NOW, World, odd_text

pytestmark = pytest.mark.flow

SAYINGS = (
    "Leaders' talks defended the nation's pacts",
    "Xi'an U.S. 3,000.5 o'clock can't AT&T e-mail foo_bar wi-fi Côte d’Ivoire 10km 24/7 COVID-19 $1.2bn 50%",
    "מפלגה צה\"ל ג'ירפה 東京都 カタカナ ひらがな ภาษาไทย 한국어 İstanbul ΟΔΟΣ ﬁre naïve café",
    "© 2026 Savannah Post™ ®, __ _a a_ 1_000 ＇s Côte's ☎ ☃ 👍🏽 🇩🇪🇫🇷 👨‍👩‍👧",
    "possibly archaeologists hopping hoping relational conditional rationally digitizer conformably radically",
    "differently vilely analogously vietnamization predication operator feudalism decisiveness hopefulness",
    "callousness formality sensitivity sensibility triplicate formative formalize electricity electrical goodness",
    "revival allowance inference airliner gyroscopic adjustable defensible irritant replacement adjustment dependent",
    "adoption communism activate angularity homologous effective bowdlerize probate rate cease controlling rolled",
    "caresses ponies ties cats feed agreed plastered bled motoring sing conflated troubled sized falling hissing",
    "fizzed failing filing happy sky flies dying say says by us as x y yy yes eyed toys skies logi psychology",
)


def place(lat: float, lon: float) -> Place:
    return Place(
        name="Here", spans=(Span(start=0, end=1),), lat=lat, lon=lon, feature="spot", confidence=1.0, reason="invented"
    )


NAIROBI = {
    "entities": tuple(
        Entity(id=entity_id, name=name, kind="person", spans=(Span(start=0, end=1),), country=country)
        for entity_id, name, country in (("a", "Amina Odera", "KE"), ("b", "ET", None), ("c", "Dawit Bekele", "ET"))
    ),
    "stances": tuple(
        Stance(
            holder=holder,
            holder_name=name,
            target=target,
            target_name=target,
            polarity=polarity,
            confidence=0.9,
            evidence=(Span(start=0, end=1),),
            quoted=polarity < 0,
            act="ACCUSE" if polarity < 0 else None,
        )
        for holder, name, target, polarity in (("a", "Amina Odera", "c", -0.5), ("b", "ET", "a", 0.5))
    ),
}
"""A minister who is against another country's, and somebody whose name is that country's code."""


NAMELESS = Entity(id="d", name="\u0301", kind="person", spans=(Span(start=0, end=1),))
"""Whose name is an accent, which is none."""


@pytest.fixture
def client(servers: Servers) -> Any:
    with Elasticsearch(servers.elasticsearch) as client:
        yield client


def found(client: Elasticsearch, namespace: str, criteria: Criteria, now: datetime = NOON) -> set[str]:
    answer = client.search(index=ARTICLES.alias(namespace), query=to_query(criteria, now), size=1000, source=False)
    return {hit["_id"] for hit in answer["hits"]["hits"]}


def put(client: Elasticsearch, namespace: str, articles: list[EnrichedArticle]) -> None:
    lines = [line for article in articles for line in ({"index": {"_id": article.article.id}}, document(article))]
    answer = client.bulk(index=ARTICLES.alias(namespace), operations=lines, refresh=True)
    assert not answer["errors"], [item for item in answer["items"] if item["index"]["status"] > 299]


@pytest.mark.parametrize("saying", SAYINGS)
def test_text_is_read_as_the_index_reads_it(saying: str, client: Elasticsearch) -> None:
    theirs = client.indices.analyze(analyzer="english", text=saying)["tokens"]
    assert list(terms(saying)) == [(token["token"], token["position"]) for token in theirs]


EVERY_CHARACTER = [chr(code) for code in range(1, 0xF0000) if not 0xD800 <= code <= 0xDFFF]
JOINING = [c for c in EVERY_CHARACTER if c < "\u3400" or "\u9fff" < c < "\uac00" or "\ud7a3" < c < "\U00020000"]
"""Those that may join others: no ideographs or Hangul syllables, of which each is as the next."""


def is_read_alike(client: Elasticsearch, index: str, pieces: Sequence[str]) -> bool:
    text = "\n. ".join(pieces)
    theirs = client.indices.analyze(index=index, analyzer="english", text=text)["tokens"]
    return list(terms(text)) == [(token["token"], token["position"]) for token in theirs]


def read_otherwise(client: Elasticsearch, index: str, pieces: Sequence[str]) -> Iterator[str]:
    """The pieces that the index reads otherwise, found by halving."""
    if not is_read_alike(client, index, pieces):
        half = len(pieces) // 2
        yield from pieces if half == 0 else (*read_otherwise(client, index, pieces[:half]),)
        yield from () if half == 0 else read_otherwise(client, index, pieces[half:])


@pytest.fixture
def analyzing(client: Elasticsearch, namespace: str) -> str:
    index = f"{namespace}analyzing"
    client.indices.create(index=index, settings={"index.analyze.max_token_count": 100_000})
    return index


@pytest.mark.parametrize(
    ("around", "signs"),
    [("a{}b", JOINING), ("1{}2", JOINING), ("{}", EVERY_CHARACTER)],
    ids=["in a word", "in a number", "alone"],
)
def test_every_character_is_read_as_the_index_reads_it(
    around: str, signs: list[str], client: Elasticsearch, analyzing: str
) -> None:
    pieces = [around.format(sign) for sign in signs]
    for start in range(0, len(pieces), 5_000):
        otherwise = list(islice(read_otherwise(client, analyzing, pieces[start : start + 5_000]), 5))
        assert [ascii(piece) for piece in otherwise] == []


def test_odd_text_is_read_as_the_index_reads_it(
    client: Elasticsearch, analyzing: str, say: Callable[[str], None]
) -> None:
    made_from = random.Random(seed_of_this_run(say))
    for _ in range(100):
        otherwise = list(islice(read_otherwise(client, analyzing, [odd_text(made_from) for _ in range(400)]), 5))
        assert [ascii(piece) for piece in otherwise] == []


TABLE: list[tuple[dict[str, Any], dict[str, Any], bool]] = [
    ({"q": "signing pacts"}, {"title": "A pact", "text": "They signed it."}, True),
    ({"q": "signing treaty"}, {"title": "A pact", "text": "They signed it."}, False),
    ({"q": '"pact of water"'}, {"text": "A pact on water."}, True),  # any stop word holds the place of another
    ({"q": '"pact water"'}, {"text": "A pact on water."}, False),
    ({"q": '"pact signed"'}, {"title": "The pact", "text": "Signed at last."}, False),  # whole in one of them
    ({"q": "the of"}, {}, True),
    ({"q": '"to be" pact'}, {"title": "A pact"}, True),
    ({"entity": "q114"}, {}, True),
    ({"entity": ["Kenya", "ETHIOPIA"]}, {}, True),
    ({"entity": ["Kenya", "Uganda"]}, {}, False),
    ({"country": ["UG", "KE"]}, {}, True),
    ({"country": "ET"}, {}, False),
    ({"stance": {"holder": "kenya", "target": "Q115", "polarity_min": 0.8}}, {}, True),
    ({"stance": {"holder": "Q115"}}, {}, False),
    ({"stance": {"polarity_max": 0}}, {}, False),
    ({"stance": {"holder": "outlet"}}, {"stances": ()}, False),
    ({"stance": {"holder": "country:KE", "target": "country:et"}}, NAIROBI, True),
    ({"stance": {"holder": "KE", "target": "ET", "polarity_max": 0}}, NAIROBI, True),
    ({"stance": {"holder": "ET", "target": "KE"}}, NAIROBI, True),  # by the name, as by the country
    ({"stance": {"holder": "country:ET"}}, NAIROBI, False),
    ({"stance": {"holder": "et", "target": "a"}}, NAIROBI, True),  # in small letters a name only
    ({"stance": {"holder": "ke"}}, NAIROBI, False),
    ({"stance": {"holder": "country:KE", "polarity_min": 0}}, NAIROBI, False),
    ({"stance": {"holder": "country:KE", "quoted": True}}, NAIROBI, True),
    ({"stance": {"holder": "country:KE", "quoted": False}}, NAIROBI, False),
    ({"stance": {"holder": "country:KE"}}, {}, False),  # Kenya, of which nothing says which country it is
    ({"stance": {"holder": "country:KE", "act": ["aid", "accuse"]}}, NAIROBI, True),
    ({"stance": {"holder": "ET", "act": "ACCUSE"}}, NAIROBI, False),
    ({"stance": {"act": "aid"}}, NAIROBI, False),
    ({"outlet_country": ["GB", "ke"]}, {}, True),
    ({"outlet_country": "GB"}, {}, False),
    ({"near": {"lat": -1.2, "lon": 36.8, "km": 10}}, {}, True),
    ({"near": {"lat": -1.2, "lon": 36.8, "km": 9}}, {}, False),
    ({"near": {"lat": 0, "lon": 179.95, "km": 12}}, {"places": (place(0, -179.95),)}, True),
    ({"near": {"lat": 89.9, "lon": 0, "km": 23}}, {"places": (place(89.9, 180),)}, True),
    ({"box": {"north": 1, "south": -1, "west": 179, "east": -179}}, {"places": (place(0, -179.5),)}, True),
    ({"box": {"north": 1, "south": -1, "west": 179, "east": -179}}, {"places": (place(0, 0),)}, False),
    ({"box": {"north": 1, "south": 1, "west": 36, "east": 36}}, {"places": (place(1, 36),)}, True),
    ({"box": {"north": 1, "south": -1, "west": -2.8e-118, "east": -1.5e-27}}, {"places": (place(0, 0),)}, True),
    ({"box": {"north": 90, "south": 90, "west": -180, "east": 180}}, {"places": (place(90, 180),)}, True),
    ({"novelty_min": 0.3}, {"novelty": 0.3}, True),
    ({"novelty_min": 0.3}, {"novelty": 0.299999999}, True),  # the same 32-bit number
    ({"novelty_min": 0.3}, {"novelty": 0.2999}, False),
    ({"published_to": "2026-03-03T12:01:00Z"}, {}, False),
    ({"published_from": "2026-03-03T12:01:00Z"}, {}, True),
    ({"published_from": "2026-03-03", "published_to": "2026-03-03"}, {}, True),
    ({"development": ["new_actor", "new_story"]}, {}, True),
    ({"development": "new_actor"}, {}, False),
    ({"outlet": "savannah-post.example", "language": "EN", "story": "pact"}, {}, True),
    ({"story": "Pact"}, {}, False),
    ({"story": ["quake", "pact"]}, {}, True),
    ({"story": "flood"}, {"so_far": so_far(2, merged=("fire", "flood"))}, True),  # it had become part of the pact
    ({"story": "flood"}, {"so_far": so_far(2)}, False),
    ({"q": "pact OR treaty"}, {"title": "A treaty", "text": "Signed."}, True),
    ({"q": "title:pact NOT body:treaty"}, {"title": "A pact", "text": "No treaty."}, False),
    ({"q": "NOT treaty"}, {}, True),  # nothing but what is not wanted
    ({"q": "NOT the"}, {}, True),  # what asks nothing asks nothing under NOT either
    ({"q": "the OR treaty"}, {}, False),
    ({"q": "polic*"}, {"text": "Two policies."}, True),
    ({"q": "policy*"}, {"text": "Two policies."}, True),  # the word itself, whose stem is another
    ({"q": "policy*"}, {"text": "The police."}, False),
    ({"q": "signin*"}, {"title": "", "text": "Signing it."}, False),  # it is kept as sign
    ({"q": "person:Kenya"}, {}, False),  # it is a place
    ({"q": "place:KENYA place:nairobi"}, {}, True),  # by the entity, by the point on the map
    ({"q": "place:Mombasa"}, {}, False),
    ({"q": "kind:new_story lang:en outlet:savannah-post.example source_country:KE"}, {}, True),
    ({"q": "country:(UG OR KE)"}, {}, True),
    ({"q": "country:(UG KE)"}, {}, False),
    ({"q": "novelty:>0.9"}, {}, False),
    ({"q": "novelty:>=0.9"}, {}, True),
    ({"q": "novelty:[0 TO 1]"}, {"novelty": -0.0}, True),
    ({"q": "published:2026-03-03"}, {}, True),
    ({"q": "published:{2026-03-03 TO *]"}, {}, False),  # after all of that day
    ({"q": "published:[now-3m TO now]"}, {}, True),  # from when it was seen: two minutes later
    ({"q": "published:[now-1m TO now]"}, {}, False),
    ({"q": 'near:"Nairobi"~1km'}, {}, True),
    ({"q": "near:-1.2,36.8~9km"}, {}, False),
    ({"q": "box:[-2,36 TO 0,37]"}, {}, True),
    ({"q": "stance:(holder:kenya target:Q115 polarity:>=0.8)"}, {}, True),
    ({"q": "stance:(holder:kenya target:Q115 polarity:>0.8)"}, {}, False),
    ({"q": "stance:(holder:KE act:(AID OR ACCUSE) polarity:<0)"}, NAIROBI, True),
    ({"query": {"ask": "not", "of": {"ask": "word", "text": "pact"}}}, {}, False),
    ({"q": "person:\u0301"}, {"entities": (NAMELESS,), "stances": ()}, False),
]


def test_the_alerter_and_the_index_agree_on_each_line_of_the_table(client: Elasticsearch, namespace: str) -> None:
    articles = [report(number, **changes) for number, (_, changes, _) in enumerate(TABLE)]
    put(client, namespace, articles)
    for article, (asked, changes, expected) in zip(articles, TABLE, strict=True):
        criteria = Criteria.model_validate(asked)
        said = (
            match(criteria, article),
            article.article.id in found(client, namespace, criteria, article.article.seen),
        )
        assert said == (expected, expected), (asked, changes)


def seed_of_this_run(say: Callable[[str], None]) -> int:
    """The seed that DATELINE_SEED names, or another at each run; told, so that the run can be had again."""
    chosen = int(os.environ.get("DATELINE_SEED") or random.randrange(10**9))
    say(f"DATELINE_SEED={chosen}")
    return chosen


@pytest.fixture
def say(pytestconfig: pytest.Config) -> Callable[[str], None]:
    return teller(pytestconfig)


ARTICLES_OF_A_WORLD = 400
QUESTIONS_AT_ONCE = 100
MOST_ROUNDS = 10
"""Hundreds of questions about one world; after that, another."""

PAIRS = int(os.environ.get("DATELINE_PAIRS") or 40_000)
"""Questions times articles; `make agree` holds a million against each other."""


@pytest.mark.timeout(1_800)
def test_the_alerter_and_the_index_agree_in_the_whole_language(
    client: Elasticsearch, namespace: str, say: Callable[[str], None]
) -> None:
    start = seed_of_this_run(say)
    pairs = meetings = 0
    while pairs < PAIRS:
        world = World(start + pairs)
        articles = world.articles(ARTICLES_OF_A_WORLD)
        client.indices.delete(index=ARTICLES.index(namespace))
        client.indices.create(
            index=ARTICLES.index(namespace),
            mappings=ARTICLES.mapping,
            settings={"refresh_interval": -1},
            aliases={ARTICLES.alias(namespace): {"is_write_index": True}},
        )
        put(client, namespace, articles)
        readings = [Reading(article) for article in articles]
        for _ in range(min(MOST_ROUNDS, math.ceil((PAIRS - pairs) / (ARTICLES_OF_A_WORLD * QUESTIONS_AT_ONCE)))):
            asked = [world.question() for _ in range(QUESTIONS_AT_ONCE)]
            criteria = [Criteria.model_validate(question) for question in asked]
            for question, wanted, ids in zip(asked, criteria, found_at_once(client, namespace, criteria), strict=True):
                matched = {reading.enriched.article.id for reading in readings if meets(wanted, reading, NOW)}
                assert matched == ids, (start + pairs, question)
                meetings += len(ids)
                pairs += len(articles)
    say(f"{pairs:,} pairs, {meetings:,} of them meet, none judged otherwise")
    assert pairs / 10 < meetings < pairs * 9 / 10, "a world where most is so or most is not tells little"


MUCH_BESIDE = {
    **{field: [f"name{number}" for number in range(MOST_VALUES)] for field in ("entity", "outlet", "story")},
    "stance": {"holder": "KE", "target": "KE", "act": list(get_args(Act))},
}


@pytest.mark.parametrize("beside", [{}, MUCH_BESIDE], ids=["alone", "with every field full"])
def test_the_index_takes_the_largest_question_there_may_be(
    beside: dict[str, Any], client: Elasticsearch, namespace: str
) -> None:
    words = " ".join(f"w{number}" for number in range(MOST_CLAUSES))
    article = report(text=words)
    put(client, namespace, [article])
    for question in (f'"{words}"', words, " OR ".join(words.split()), f"body:({words})"):
        criteria = Criteria.model_validate({"q": question, **beside})
        said = (match(criteria, article), article.article.id in found(client, namespace, criteria))
        assert said == (not beside, not beside), question[:40]


def test_each_example_of_the_manual_is_judged_alike(client: Elasticsearch, namespace: str) -> None:
    articles = [*World(1).articles(200), report()]
    put(client, namespace, articles)
    readings = [Reading(article) for article in articles]
    criteria = [Criteria(q=question) for question in examples("query")]
    for wanted, ids in zip(criteria, found_at_once(client, namespace, criteria), strict=True):
        assert {reading.enriched.article.id for reading in readings if meets(wanted, reading, NOW)} == ids, wanted.q


def found_at_once(client: Elasticsearch, namespace: str, criteria: Sequence[Criteria]) -> Iterator[set[str]]:
    searches: list[dict[str, Any]] = []
    for each in criteria:
        searches += [{}, {"query": to_query(each, NOW), "size": ARTICLES_OF_A_WORLD, "_source": False}]
    for answer in client.msearch(index=ARTICLES.alias(namespace), searches=searches)["responses"]:
        assert "error" not in answer, answer
        yield {hit["_id"] for hit in answer["hits"]["hits"]}


@seed(10)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    articles=st.lists(reports(), min_size=10, max_size=20, unique_by=lambda article: article.article.id),
    asked=st.lists(questions, min_size=20, max_size=20),
)
def test_the_alerter_and_the_index_agree_on_whatever_is_asked(
    articles: list[EnrichedArticle], asked: list[dict[str, Any]], client: Elasticsearch, namespace: str
) -> None:
    put(client, namespace, articles)
    ids = {article.article.id for article in articles}
    for question in asked:
        criteria = Criteria.model_validate(question)
        matched = {article.article.id for article in articles if match(criteria, article)}
        assert matched == found(client, namespace, criteria) & ids, question


def test_the_index_has_the_fields_that_this_code_writes(client: Elasticsearch, namespace: str) -> None:
    mappings = client.indices.get_mapping(index=ARTICLES.alias(namespace))
    (made,) = (entry["mappings"] for entry in mappings.values())
    assert made["dynamic"] == "strict"
    assert set(made["properties"]) == set(ARTICLES.mapping["properties"])
