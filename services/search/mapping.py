"""The index as a value: its fields, its settings, and what an index that is already there must agree with."""

from typing import Any

Mapping = dict[str, Any]

INDEX_VERSION = 2
"""Part of the index's name behind the alias: a mapping that cannot grow into the next one gets the next number."""

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


MAPPING: Mapping = {
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
        "duplicate_of": _KEYWORD,
        "developments": _nested(kind=_KEYWORD, reason=_ENGLISH, score=_FLOAT, subject=_LONG_KEYWORD),
        "development_kinds": _KEYWORD,
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


def alias(namespace: str) -> str:
    """The name under which the articles are read and written."""
    return f"{namespace}articles"


def index_name(namespace: str) -> str:
    """The index that is behind the alias from the start."""
    return f"{alias(namespace)}-{INDEX_VERSION}"


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
