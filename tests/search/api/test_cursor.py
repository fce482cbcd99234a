"""A cursor cannot be made up, changed, or carried to another installation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.search.api.cursor import Cursor, NotACursor, Signer
from services.search.criteria import Criteria

CURSOR = Cursor(
    of="articles",
    criteria=Criteria.model_validate({"q": '"North Korea" pact', "published_from": "2026-11-21"}),
    sort="relevance",
    size=20,
    point="point",
    after=(1.25, 1774692000000, "00ff", 27),
    own={"group": "story"},
    known={"stories": ["pact"]},
)
SIGNER = Signer(b"a key that is long", "")


def test_a_cursor_is_read_as_it_was_written() -> None:
    assert SIGNER.read(SIGNER.write(CURSOR)) == CURSOR


def test_another_key_or_namespace_makes_it_no_cursor() -> None:
    for other in (Signer(b"another key, as long", ""), Signer(b"a key that is long", "tenant.")):
        with pytest.raises(NotACursor):
            other.read(SIGNER.write(CURSOR))


@given(st.data())
def test_a_changed_cursor_is_no_cursor(data: st.DataObject) -> None:
    written = SIGNER.write(CURSOR)
    at = data.draw(st.integers(0, len(written) - 3))
    letter = data.draw(st.sampled_from([c for c in "Aa0-_" if c != written[at]]))
    with pytest.raises(NotACursor):
        SIGNER.read(written[:at] + letter + written[at + 1 :])


@given(st.text(max_size=100))
def test_anything_else_is_no_cursor(written: str) -> None:
    with pytest.raises(NotACursor):
        SIGNER.read(written)
