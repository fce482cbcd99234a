"""Of all whole names the likeliest are read off a tagger's shares."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.tagging import TAGS, Floats, named, plainly_read, searched


def _logs(draws: list[list[int]]) -> Floats:
    logs: Floats = np.log(np.array(draws, dtype=np.float32) + 0.5)
    return logs


@given(st.lists(st.lists(st.integers(0, 9), min_size=len(TAGS), max_size=len(TAGS)), min_size=1, max_size=3))
def test_the_likeliest_reading_is_found_among_all(draws: list[list[int]]) -> None:
    logs = _logs(draws)
    readings = [tags for tags in itertools.product(range(len(TAGS)), repeat=len(draws)) if _is_whole(tags)]
    best = max(sum(logs[word, tag] for word, tag in enumerate(tags)) for tags in readings)
    found = named(logs)
    said = [
        tags
        for tags in readings
        if _spans(tags) == found and sum(logs[w, t] for w, t in enumerate(tags)) >= best - 1e-4
    ]
    assert said


@given(st.lists(st.sampled_from(range(len(TAGS))), min_size=1, max_size=5))
def test_words_whose_tags_make_whole_names_need_no_search(tags: list[int]) -> None:
    logs = _logs([[9 * (tag == said) for tag in range(len(TAGS))] for said in tags])
    assert (plainly_read(tags) is None) != _is_whole(tuple(tags))
    if _is_whole(tuple(tags)):
        assert plainly_read(tags) == searched(logs) == _spans(tuple(tags))


def _is_whole(tags: tuple[int, ...]) -> bool:
    """Does every name begin, go on and end in one kind?"""
    opened = None
    for tag in tags:
        place, kind = (TAGS[tag] + "-").split("-")[:2]
        if (place in ("I", "E") and kind != opened) or (place in ("O", "B", "S") and opened):
            return False
        opened = kind if place in ("B", "I") else None
    return opened is None


def _spans(tags: tuple[int, ...]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    start = 0
    for word, tag in enumerate(tags):
        place = TAGS[tag][0]
        start = word if place in ("B", "S") else start
        if place in ("E", "S"):
            found.append((start, word + 1))
    return found
