"""The actors that this house added itself."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from services.enrich.knowledge import ActorList, Known
from services.enrich.own_actors import OwnActor, Unusable, WithOwn, add_own, read_own

ODERA = OwnActor(id="own:odera", name="Amina Odera", kind="person", country="KE", aliases=("Mama Odera",))
WORLD = ActorList([("Amina Odera", Known("Q7", "Amina Odera", "person", "UG", 2, 0, None, "name"))])


def written(path: Path, text: str, at: int) -> None:
    """Write a file as if at that second, so that no test waits for a clock."""
    path.write_text(text, "utf-8")
    os.utime(path, (at, at))


def test_an_added_actor_is_known_by_every_name_at_once(tmp_path: Path) -> None:
    path = tmp_path / "own" / "actors.jsonl"
    known = WithOwn(WORLD, path)
    before = known.edition
    assert [one.id for one in known.called("Amina Odera")] == ["Q7"]
    add_own(path, [ODERA])
    assert known.edition != before
    assert [one.id for one in known.called("amina ODERA")] == ["own:odera", "Q7"]
    assert [one.how for one in known.called("Mama Odera")] == ["own"]


def test_an_unchanged_file_is_not_read_again(tmp_path: Path) -> None:
    path = tmp_path / "actors.jsonl"
    add_own(path, [ODERA])
    known = WithOwn(WORLD, path)
    assert known.edition == known.edition


def test_a_removed_file_takes_its_actors_along(tmp_path: Path) -> None:
    path = tmp_path / "actors.jsonl"
    add_own(path, [ODERA])
    known = WithOwn(WORLD, path)
    path.unlink()
    assert known.edition > 0
    assert [one.id for one in known.called("Amina Odera")] == ["Q7"]


def test_an_own_actor_with_a_known_id_takes_its_place(tmp_path: Path) -> None:
    path = tmp_path / "actors.jsonl"
    add_own(path, [OwnActor(id="Q7", name="Amina Odera", kind="person")])
    assert [one.how for one in WithOwn(WORLD, path).called("Amina Odera")] == ["own"]


def test_one_with_the_same_id_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "actors.jsonl"
    add_own(path, [ODERA])
    [kept] = add_own(path, [OwnActor(id="own:odera", name="Amina N. Odera", kind="person")])
    assert kept.name == "Amina N. Odera"
    assert read_own(path.read_text("utf-8").splitlines(), "file") == [kept]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2: not JSON"),
        ('{"id": "Q1", "name": "Ode", "kind": "town"}', "line 2: kind: Input should be 'person'"),
        ('{"id": "odera", "name": "Ode", "kind": "person"}', "line 2: id: String should match"),
        ('{"id": "Q1", "name": "Ode", "kind": "person", "born": 1}', "line 2: born: Extra inputs"),
        ('{"name": "Ode", "kind": "person"}', "line 2: id: Field required"),
        ("[]", "line 2: the line: "),
    ],
)
def test_a_wrong_line_is_named_with_what_is_expected(line: str, said: str) -> None:
    with pytest.raises(Unusable, match=said.replace("(", r"\(")):
        read_own([ODERA.model_dump_json(), line], "actors.jsonl")


def test_a_file_wrong_from_the_start_is_said_at_the_start(tmp_path: Path) -> None:
    written(tmp_path / "actors.jsonl", "{", 100)
    with pytest.raises(Unusable, match="line 1"):
        WithOwn(WORLD, tmp_path / "actors.jsonl")


def test_a_name_may_hold_a_line_separator(tmp_path: Path) -> None:
    path = tmp_path / "actors.jsonl"
    add_own(path, [OwnActor(id="own:odera", name="Amina\u2028Odera", kind="person")])
    assert [one.id for one in add_own(path, [OwnActor(id="own:ruiz", name="Ana Ruiz", kind="person")])] == [
        "own:odera",
        "own:ruiz",
    ]
    assert [one.id for one in WithOwn(WORLD, path).called("Ana Ruiz")] == ["own:ruiz"]


def test_what_is_no_text_is_said_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "actors.jsonl"
    path.write_bytes(ODERA.model_dump_json().encode() + b"\n\xff")
    with pytest.raises(Unusable, match="line 2: not text in UTF-8"):
        WithOwn(WORLD, path)


@pytest.mark.parametrize("spoil", [lambda path: path.write_bytes(b"\xff"), lambda path: (path.unlink(), path.mkdir())])
def test_a_file_that_cannot_be_read_while_running_stops_no_article(
    spoil: Callable[[Path], object], tmp_path: Path
) -> None:
    path = tmp_path / "actors.jsonl"
    written(path, ODERA.model_dump_json(), 100)
    known = WithOwn(WORLD, path)
    spoil(path)
    assert known.edition > 0
    assert [one.id for one in known.called("Mama Odera")] == ["own:odera"]


def test_a_slip_while_running_keeps_what_was_read_before(tmp_path: Path) -> None:
    path = tmp_path / "actors.jsonl"
    written(path, ODERA.model_dump_json(), 100)
    known = WithOwn(WORLD, path)
    written(path, "{", 200)
    assert known.edition > 0
    assert [one.id for one in known.called("Mama Odera")] == ["own:odera"]
