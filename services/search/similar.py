"""Find articles like one: what Elasticsearch is asked, by the words that tell this one from others."""

from collections.abc import Mapping
from typing import Any

from services.search.query import Clause

READ = 20_000
"""Characters of the text that are weighed: a long report has said by then what it is about."""

WORDS = 40
"""Words by which others are found, the most telling ones; twice what is usual, since a headline's go in as well."""


def to_similar(source: Mapping[str, Any], size: int, *, other_stories: bool) -> dict[str, Any]:
    """The search for articles like this document: neither itself nor its copies, and of every set of copies one."""
    like = "\n".join((source.get("title", ""), source.get("text", "")[:READ]))
    known: list[Clause] = [{"term": {"id": source["id"]}}, {"term": {"original": source["original"]}}]
    if other_stories:
        known += [{"term": {field: source["story"]}} for field in ("story", "merged")]
    words = {
        "fields": ["title", "text"],
        "like": [like],
        "max_query_terms": WORDS,
        # Short reports say a word once, and a young index has it in few others.
        "min_term_freq": 1,
        "min_doc_freq": 2,
        "min_word_length": 3,
    }
    return {
        "query": {"bool": {"must": [{"more_like_this": words}], "must_not": known}},
        "collapse": {"field": "original"},
        "sort": [{"_score": "desc"}, {"published": "desc"}, {"id": "asc"}],
        "size": size,
        "track_total_hits": False,
    }
