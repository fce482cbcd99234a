"""The indices as values: their fields, their settings, and what an index that is already there must agree with."""

from dataclasses import dataclass
from typing import Any

Mapping = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Shelf:
    """An index as a value: what it is called and which fields it keeps.

    `version` is part of the index's name behind the alias: a mapping that another cannot grow into gets the next one.
    """

    name: str
    version: int
    mapping: Mapping

    def alias(self, namespace: str) -> str:
        """The name under which it is read and written."""
        return f"{namespace}{self.name}"

    def index(self, namespace: str) -> str:
        """The index that is behind the alias from the start."""
        return f"{self.alias(namespace)}-{self.version}"


# Keywords above this many characters are kept but not found; Lucene refuses a term above 32,766 bytes.
_LONGEST_TERM = 8_000

_KEYWORD = {"type": "keyword"}
_LONG_KEYWORD = {"type": "keyword", "ignore_above": _LONGEST_TERM}
_ENGLISH = {"type": "text", "analyzer": "english"}
# Offsets are kept with the postings, so that a highlight need not analyse a long report again.
_ENGLISH_WITH_OFFSETS = {"type": "text", "analyzer": "english", "index_options": "offsets"}
_UNSEARCHED = {"type": "keyword", "index": False, "doc_values": False}
_UNSEARCHED_NUMBER = {"type": "integer", "index": False, "doc_values": False}
_FLOAT = {"type": "float"}
_POINT = {"type": "geo_point"}


def _fields(**properties: Mapping) -> Mapping:
    return {"properties": properties}


def _nested(**properties: Mapping) -> Mapping:
    return {"type": "nested", "properties": properties}


_OF_AN_ARTICLE: Mapping = {
    "dynamic": "strict",
    "properties": {
        "id": _KEYWORD,
        "url": _LONG_KEYWORD,
        "outlet": _fields(domain=_KEYWORD, name=_LONG_KEYWORD, country=_KEYWORD),
        "title": {**_ENGLISH_WITH_OFFSETS, "fields": {"exact": _LONG_KEYWORD}},
        "text": _ENGLISH_WITH_OFFSETS,
        "byline": _LONG_KEYWORD,
        "language": _KEYWORD,
        "published": {"type": "date"},
        "published_raw": _UNSEARCHED,
        "seen": {"type": "date"},
        "revision": {"type": "integer"},
        "annotated": {"type": "boolean"},
        "entities": _nested(
            id=_LONG_KEYWORD,
            name={**_LONG_KEYWORD},
            folded=_LONG_KEYWORD,
            kind=_KEYWORD,
            wikidata=_KEYWORD,
            country=_KEYWORD,
            confidence=_FLOAT,
            salience=_FLOAT,
        ),
        "entity_ids": _LONG_KEYWORD,
        "entity_names": _LONG_KEYWORD,
        "places": _nested(
            name=_LONG_KEYWORD,
            geonames={"type": "long"},
            country=_KEYWORD,
            admin1=_LONG_KEYWORD,
            location=_POINT,
            confidence=_FLOAT,
            feature=_KEYWORD,
        ),
        "place_names": _LONG_KEYWORD,
        "locations": _POINT,
        "countries": _KEYWORD,
        "focus": _fields(country=_KEYWORD, name=_LONG_KEYWORD, location=_POINT),
        "stances": _nested(
            holder=_LONG_KEYWORD,
            holder_name=_LONG_KEYWORD,
            holder_folded=_LONG_KEYWORD,
            holder_kind=_KEYWORD,
            holder_country=_KEYWORD,
            target=_LONG_KEYWORD,
            target_name=_LONG_KEYWORD,
            target_folded=_LONG_KEYWORD,
            target_kind=_KEYWORD,
            target_country=_KEYWORD,
            # Holder and target as one value, so that the index can count and rank pairs by itself.
            pair=_LONG_KEYWORD,
            polarity=_FLOAT,
            confidence=_FLOAT,
            # Kept, because the index cannot reckon it while it sorts: |polarity| times confidence.
            strength=_FLOAT,
            quoted={"type": "boolean"},
            act=_KEYWORD,
            quad=_KEYWORD,
            # The words that show it, for a link to be read without the article.
            sentence=_UNSEARCHED,
            sentence_start=_UNSEARCHED_NUMBER,
            sentence_end=_UNSEARCHED_NUMBER,
        ),
        "story": _LONG_KEYWORD,
        "story_title": _ENGLISH,
        "position": {"type": "integer"},
        "novelty": _FLOAT,
        # The stories that had become part of its own when it came: by their ids it is found too.
        "merged": _LONG_KEYWORD,
        "duplicate_of": _KEYWORD,
        # What it copies, or itself: one value for each set of near-duplicates, for the index to fold them by.
        "original": _KEYWORD,
        "shared": _FLOAT,
        "developments": _nested(id=_LONG_KEYWORD, kind=_KEYWORD, reason=_ENGLISH, score=_FLOAT, subject=_LONG_KEYWORD),
        "development_kinds": _KEYWORD,
        # Ids of developments that it tells and others told before.
        "repeats": _LONG_KEYWORD,
        "vector": {
            "type": "dense_vector",
            "dims": 384,
            "similarity": "cosine",
            "index_options": {"type": "int8_hnsw"},
        },
        # What a page shows and nobody searches for: spans, reasons, the address as fetched.
        "shown": {"type": "object", "enabled": False},
    },
}


_OF_A_STORY: Mapping = {
    "dynamic": "strict",
    "properties": {
        "id": _LONG_KEYWORD,
        # Of a story that is no more, all that is kept: the one that it became part of.
        "merged_into": _LONG_KEYWORD,
        "title": _ENGLISH,
        "first_published": {"type": "date"},
        "last_published": {"type": "date"},
        "first_seen": {"type": "date"},
        "last_seen": {"type": "date"},
        "articles": {"type": "integer"},
        "duplicates": {"type": "integer"},
        "growth": {"type": "integer"},
        "outlets": _fields(domain=_KEYWORD, country=_KEYWORD, articles={"type": "integer"}),
        "outlet_count": {"type": "integer"},
        "actors": _fields(id=_LONG_KEYWORD, name=_LONG_KEYWORD, kind=_KEYWORD, articles={"type": "integer"}),
        "places": _fields(
            name=_LONG_KEYWORD,
            geonames={"type": "long"},
            country=_KEYWORD,
            location=_POINT,
            articles={"type": "integer"},
        ),
        "hours": {"type": "object", "enabled": False},
        "developments": _nested(
            id=_LONG_KEYWORD,
            kind=_KEYWORD,
            reason=_ENGLISH,
            score=_FLOAT,
            subject=_LONG_KEYWORD,
            article=_KEYWORD,
            published={"type": "date"},
            outlets=_KEYWORD,
            articles={"type": "integer"},
            support={"type": "integer"},
        ),
        "development_kinds": _KEYWORD,
        "merged": _LONG_KEYWORD,
    },
}

ARTICLES = Shelf("articles", 4, _OF_AN_ARTICLE)
STORIES = Shelf("stories", 1, _OF_A_STORY)

SHELVES = (ARTICLES, STORIES)


def index_settings(shards: int, replicas: int) -> Mapping:
    """What an index is made with beside its mapping."""
    return {
        "number_of_shards": shards,
        "number_of_replicas": replicas,
        # Publish to searchable is counted in seconds here; the default only refreshes what is being searched.
        "refresh_interval": "1s",
    }


def disagreements(wanted: Mapping, found: Mapping, at: str = "") -> list[str]:
    """Say where an index that is there differs from the one wanted; what Elasticsearch fills in is no difference."""
    differing = [
        f"{at}{name} is {found.get(name)!r}, not {value!r}"
        for name, value in wanted.items()
        if not isinstance(value, dict) and str(found.get(name)).lower() != str(value).lower()
    ]
    for name, value in wanted.items():
        if isinstance(value, dict) and name not in ("properties", "fields"):
            differing += disagreements(value, found.get(name, {}), f"{at}{name}.")
    for group in ("properties", "fields"):
        here, there = wanted.get(group, {}), found.get(group, {})
        differing += [f"{at}{name} is missing" for name in here if name not in there]
        differing += [f"{at}{name} is unknown here" for name in there if name not in here]
        for name in here:
            if name in there:
                differing += disagreements(here[name], there[name], f"{at}{name}.")
    return differing
