"""A question as Elasticsearch is asked it: pure values, from `Criteria` to a query, a sort and highlights."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Literal

from services.search import asked, english
from services.search.asked import All, AnyOf, Ask, Named, Not, Novelty, OneOf, Phrase, Prefix, Text, When, Word
from services.search.criteria import Criteria
from services.search.sides import side_of
from services.search.values import Box, Near, StanceAsk, fold, unsigned

Sort = Literal["relevance", "date", "both"]
GroupBy = Literal["story"]
Clause = dict[str, Any]

FIELDS = ["title^2", "text"]
"""Where words are sought; in news the headline says what it is about, so that it counts double."""

MARKS = ("\ufdd0", "\ufdd1")
"""Put around what matched: Unicode's noncharacters, which no publisher's text can mean anything by."""

EXCERPT = 240
"""Characters of an excerpt: two or three lines."""


class NowIsMissing(ValueError):
    """The question is about a time reckoned from now, and nobody said when that is."""


def to_query(criteria: Criteria, now: datetime | None = None) -> Clause:
    """The query that finds every article which meets the criteria, and no other; words and phrases give the score.

    `now` is needed where the question reckons from it (`published:>now-7d`); raises `NowIsMissing`.
    """
    if now is None and criteria.reckons_from_now:
        raise NowIsMissing("the question reckons from now")
    asks = [_clause(ask, now or _ANY_TIME) for ask in criteria.asks]
    return {"bool": {"must": asks or [{"match_all": {}}], "filter": _filters(criteria)}}


def to_sort(sort: Sort) -> list[Clause]:
    """The order of the answer, total: the id, unlike any other, comes last, so that a page can end anywhere."""
    newest: Clause = {"published": "desc"}
    return [*([newest] if sort == "date" else [{"_score": "desc"}, newest]), {"id": "asc"}]


def to_counts(criteria: Criteria, field: str, values: list[str], now: datetime | None = None) -> dict[str, Any]:
    """The search that counts, for each of these values of a field, the articles that meet the question, exactly."""
    return {
        "query": {"bool": {"filter": [to_query(criteria, now), {"terms": {field: values}}]}},
        "size": 0,
        "track_total_hits": False,
        "aggs": {"counts": {"terms": {"field": field, "size": len(values)}}},
    }


def stance_clauses(asked: StanceAsk) -> list[Clause]:
    """What one stance must meet, each clause of it, as asked of the stances inside an article."""
    clauses = [
        _side(role, name) for role, name in (("holder", asked.holder), ("target", asked.target)) if name is not None
    ]
    clauses.append(
        {"range": {"stances.polarity": {"gte": unsigned(asked.polarity_min), "lte": unsigned(asked.polarity_max)}}}
    )
    if asked.act:
        clauses.append({"terms": {"stances.act": list(asked.act)}})
    if asked.quoted is not None:
        clauses.append({"term": {"stances.quoted": asked.quoted}})
    return clauses


def with_stance(clauses: list[Clause]) -> Clause:
    """The articles with a stance that meets all the clauses: nested, so that it is one and the same."""
    return {"nested": {"path": "stances", "query": {"bool": {"filter": clauses}}}}


def to_highlight(criteria: Criteria) -> Clause:
    """What to mark in title and text; where nothing is marked, the text's beginning serves as the excerpt."""
    sought = [_text(text) for text in criteria.texts]
    query = {"bool": {"should": sought}} if sought else {"match_none": {}}
    return {
        "type": "unified",
        "pre_tags": [MARKS[0]],
        "post_tags": [MARKS[1]],
        "highlight_query": query,
        "fields": {
            "title": {"number_of_fragments": 0},
            "text": {"number_of_fragments": 3, "fragment_size": EXCERPT, "order": "score", "no_match_size": EXCERPT},
        },
    }


def _clause(ask: Ask, now: datetime) -> Clause:
    """What a part asks; `trees.settled` has left out what asks nothing. Only words, phrases and prefixes score."""
    match ask:
        case All():
            return _together(ask.of, now)
        case AnyOf():
            return _either(*(_clause(part, now) for part in ask.of))
        case Not():
            return {"bool": {"must_not": [_clause(ask.of, now)]}}
        case Word() | Phrase() | Prefix():
            return _text(ask)
        case _:
            return {"bool": {"filter": [_filter(ask, now)]}}


def _together(parts: Iterable[Ask], now: datetime) -> Clause:
    """All parts at once; the words of one field are one clause, so that it does not matter which stands where."""
    words: dict[str, list[str]] = {}
    clauses: dict[str, list[Clause]] = {}
    for part in parts:
        match part:
            case Word():
                words.setdefault(part.field, []).append(part.text)
            case Not():
                clauses.setdefault("must_not", []).append(_clause(part.of, now))
            case All() | AnyOf() | Phrase() | Prefix():
                clauses.setdefault("must", []).append(_clause(part, now))
            case _:
                clauses.setdefault("filter", []).append(_filter(part, now))
    together = [_words(field, each) for field, each in words.items()]
    return {"bool": {**clauses, "must": [*together, *clauses.get("must", [])]}}


def _text(text: Text) -> Clause:
    match text:
        case Word():
            return _words(text.field, [text.text])
        case Phrase() if text.field == "both":
            return {"multi_match": {"query": text.text, "type": "phrase", "fields": FIELDS}}
        case Phrase():
            return {"match_phrase": {_FIELD[text.field]: text.text}}
        case Prefix():
            fields = ("title", "text") if text.field == "both" else (_FIELD[text.field],)
            begins: list[Clause] = [{"prefix": {field: {"value": english.lowered(text.text)}}} for field in fields]
            # The word itself as well, whose stem may be another: policy is kept as polici.
            itself = [_words(text.field, [text.text])] if any(english.terms(text.text)) else []
            return _either(*begins, *itself)


_FIELD = {"title": "title", "body": "text"}


def _words(field: str, words: list[str]) -> Clause:
    query = {"query": " ".join(words), "operator": "and"}
    if field == "both":
        return {"multi_match": {**query, "type": "cross_fields", "fields": FIELDS}}
    return {"match": {_FIELD[field]: query}}


def _filter(ask: Ask, now: datetime) -> Clause:
    match ask:
        case Named():
            return _named(ask)
        case OneOf(field="story"):
            return _story(ask.values)
        case OneOf():
            return {"terms": {_ONE_OF[ask.field]: list(ask.values)}}
        case When():
            return {"range": {ask.field: _bounds(*ask.at(now))}}
        case Novelty():
            low, high = "gte" if ask.low_included else "gt", "lte" if ask.high_included else "lt"
            bounds = {low: ask.low, high: ask.high}
            return {
                "range": {"novelty": {bound: unsigned(share) for bound, share in bounds.items() if share is not None}}
            }
        case asked.Near():
            return _near(ask)
        case asked.Box():
            return _box(ask)
        case asked.Stance():
            return with_stance(stance_clauses(ask))
    raise AssertionError(f"no filter: {ask!r}")


_ONE_OF = {
    "country": "countries",
    "outlet": "outlet.domain",
    "lang": "language",
    "source_country": "outlet.country",
    "kind": "development_kinds",
}
_KINDS = {"person": "person", "org": "organization", "place": "location"}
_ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)


def _named(ask: Named) -> Clause:
    if ask.kind == "entity":
        return _entity(ask.who)
    of_kind = {"term": {"entities.kind": _KINDS[ask.kind]}}
    called = _either(
        {"term": {"entities.id": ask.who}},
        {"term": {"entities.wikidata": ask.who}},
        *_called("entities.folded", ask.who),
    )
    entity = {"nested": {"path": "entities", "query": {"bool": {"filter": [of_kind, called]}}}}
    return _either(entity, *_called("place_names", ask.who)) if ask.kind == "place" else entity


def _called(field: str, name: str) -> list[Clause]:
    # What is nothing but accents folds to nothing, which is nobody's name.
    return [{"term": {field: folded}}] if (folded := fold(name)) else []


def _filters(criteria: Criteria) -> list[Clause]:
    filters = [_entity(name) for name in criteria.entity]
    for field, values in (
        ("countries", criteria.country),
        ("outlet.domain", criteria.outlet),
        ("outlet.country", criteria.outlet_country),
        ("language", criteria.language),
        ("development_kinds", criteria.development),
    ):
        if values:
            filters.append({"terms": {field: list(values)}})
    if criteria.near:
        filters.append(_near(criteria.near))
    if criteria.box:
        filters.append(_box(criteria.box))
    if criteria.stance:
        filters.append(with_stance(stance_clauses(criteria.stance)))
    if published := _bounds(criteria.published_from, criteria.published_to):
        filters.append({"range": {"published": published}})
    if criteria.novelty_min is not None:
        filters.append({"range": {"novelty": {"gte": unsigned(criteria.novelty_min)}}})
    if criteria.story:
        filters.append(_story(criteria.story))
    return filters


def _story(stories: Iterable[str]) -> Clause:
    return _either(*({"terms": {field: list(stories)}} for field in ("story", "merged")))


def _entity(name: str) -> Clause:
    return _either({"term": {"entity_ids": name}}, *_called("entity_names", name))


def _side(role: str, asked: str) -> Clause:
    side = side_of(asked)
    clauses: list[Clause] = []
    if side.name is not None:
        clauses.append({"term": {f"stances.{role}": side.name}})
        clauses += _called(f"stances.{role}_folded", side.name)
    if side.country is not None:
        clauses.append({"term": {f"stances.{role}_country": side.country}})
    return _either(*clauses)


def _near(near: Near) -> Clause:
    return {"geo_distance": {"distance": f"{near.km}km", "locations": {"lat": near.lat, "lon": near.lon}}}


def _box(box: Box) -> Clause:
    corners = {"top": box.north, "left": box.west, "bottom": box.south, "right": box.east}
    return {"geo_bounding_box": {"locations": corners}}


def _bounds(start: datetime | None, end: datetime | None) -> dict[str, str]:
    bounds = {"gte": start, "lt": end}
    return {bound: moment.isoformat(timespec="milliseconds") for bound, moment in bounds.items() if moment}


def _either(*clauses: Clause) -> Clause:
    return {"bool": {"should": list(clauses), "minimum_should_match": 1}}
