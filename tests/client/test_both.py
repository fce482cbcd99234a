"""The two clients are one: the same methods, the same parameters, the same words."""

import inspect

import pytest

from dateline_client import awaiting, waiting


def public(of: type) -> dict[str, object]:
    return {name: one for name, one in vars(of).items() if not name.startswith("_")}


@pytest.mark.parametrize(
    ("plain", "awaited"),
    [
        (waiting.Dateline, awaiting.AsyncDateline),
        (waiting.Searches, awaiting.AsyncSearches),
        (waiting.Paged, awaiting.AsyncPaged),
        (waiting.Stream, awaiting.AsyncStream),
    ],
)
def test_what_one_can_do_the_other_can(plain: type, awaited: type) -> None:
    assert list(public(plain)) == list(public(awaited))
    for name, one in public(plain).items():
        other = public(awaited)[name]
        assert inspect.getdoc(one) == inspect.getdoc(other), name
        if callable(one) and callable(other):
            ours, theirs = inspect.signature(one), inspect.signature(other)
            assert list(ours.parameters.values()) == list(theirs.parameters.values()), name
            said = str(theirs.return_annotation).replace("Async", "").replace("awaiting", "waiting")
            assert str(ours.return_annotation) == said, name
