"""Titles and offices are read beside a name, and words that stand for one are found."""

import pytest

from services.enrich.roles import described, honorific_before, is_that, office, role_after, role_before


def before(text: str, name: str) -> tuple[str, str | None] | None:
    start = text.index(name)
    role = role_before(text, start, start + len(name))
    return None if role is None else (text[role.start : role.end], role.country)


def after(text: str, name: str) -> tuple[str, str | None] | None:
    role = role_after(text, text.index(name) + len(name))
    return None if role is None else (text[role.start : role.end], role.country)


@pytest.mark.parametrize(
    ("text", "role", "country"),
    [
        ("President Ana Ruiz", "President", None),
        ("Russian President Ana Ruiz", "President", "Russian"),
        ("met North Korea’s deputy foreign minister Ana Ruiz", "deputy foreign minister", "North Korea"),
        ("North Korean leader Ana Ruiz", "leader", "North Korean"),
        ("Former U.S. Secretary of State Ana Ruiz", "Secretary of State", "U.S."),
        ("Senate Majority Leader Ana Ruiz", "Senate Majority Leader", None),
        ("and Sen. Ana Ruiz", "Sen.", None),
        ("Lt. Gen. Ana Ruiz", "Lt. Gen.", None),
        ("Homeland Security Secretary Ana Ruiz", "Homeland Security Secretary", None),
        ("Kenya’s president, Ana Ruiz, said", "president", "Kenya"),
        ("Prime Minister Ana Ruiz", "Prime Minister", None),
        ("ex-president Ana Ruiz", "ex-president", None),
        ("He said: “Congresswoman Ana Ruiz", "Congresswoman", None),
        ("U.N. Secretary General Ana Ruiz", "Secretary General", "U.N."),
    ],
)
def test_a_role_stands_before_a_name(text: str, role: str, country: str | None) -> None:
    assert before(text, "Ana Ruiz") == (role, country)


@pytest.mark.parametrize(
    "text",
    [
        "He met Ana Ruiz",
        "He met the president. Ana Ruiz",
        "“He is president,” Ana Ruiz",
        "another major Ana Ruiz",
        "the senator Bob Low and Ana Ruiz",
        "met the president, Ana Ruiz and Bo",
        "Ana Ruiz",
        "a\nAna Ruiz",
    ],
)
def test_not_all_that_stands_before_a_name_is_a_role(text: str) -> None:
    assert before(text, "Ana Ruiz") is None


@pytest.mark.parametrize(
    ("text", "role", "country"),
    [
        ("Ana Ruiz, Russia’s foreign minister, said", "foreign minister", "Russia"),
        ("Ana Ruiz, the mayor of Oslo, said", "mayor", None),
        ("Ana Ruiz, a senior aide to Bo", "senior aide", None),
        ("Ana Ruiz, CEO of Acme", "CEO", None),
        ("Ana Ruiz (the former president)", "former president", None),
        ("Ana Ruiz, spokeswoman for the ministry", "spokeswoman", None),
        ("Ana Ruiz, who was the Kenyan president, said", "president", "Kenyan"),
    ],
)
def test_a_role_stands_in_apposition(text: str, role: str, country: str | None) -> None:
    assert after(text, "Ana Ruiz") == (role, country)


@pytest.mark.parametrize(
    "text",
    [
        "Ana Ruiz, Sen. Bob Low and",
        "Ana Ruiz, who said",
        "Ana Ruiz, the first senator to",
        "Ana Ruiz said",
        "Ana Ruiz, Bob Low",
    ],
)
def test_not_all_that_follows_a_name_is_a_role(text: str) -> None:
    assert after(text, "Ana Ruiz") is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("He told the North Korean leader that.", ["the North Korean leader"]),
        ("The president’s plan failed.", ["The president"]),
        ("It was Russia’s foreign minister who left.", ["Russia’s foreign minister"]),
        ("The former president left.", ["The former president"]),
        ("Prime Minister Ana Ruiz, the general public, the president of France, the president-elect", []),
        ("the president Ana Ruiz", []),
        ("The first senator to leave", []),
    ],
)
def test_words_that_stand_for_a_name_are_found(text: str, wanted: list[str]) -> None:
    assert [text[role.start : role.end] for role in described(text)] == wanted


@pytest.mark.parametrize(
    ("words", "known_as", "of_country", "is_so"),
    [
        ("leader", "president", True, True),
        ("leader", "Supreme Leader of North Korea", True, True),
        ("leader", "president", False, False),
        ("leader", "Senate Majority Leader", True, False),
        ("president", "president", False, True),
        ("foreign minister", "minister of foreign affairs", True, True),
        ("foreign minister", "finance minister", True, False),
        ("minister", "prime minister", True, False),
        ("premier", "Prime Minister", True, True),
        ("former president", "president", False, False),
        ("senator", "Sen.", False, True),
    ],
)
def test_one_office_is_spoken_of_in_several_ways(words: str, known_as: str, *, of_country: bool, is_so: bool) -> None:
    one, other = office(words), office(known_as)
    assert one is not None
    assert other is not None
    assert is_that(one, other, of_country=of_country) is is_so


@pytest.mark.parametrize(("text", "title"), [("Mrs. Ruiz", "Mrs."), ("Mr Ruiz", "Mr"), ("met Ruiz", ""), ("Ruiz", "")])
def test_what_stands_before_a_name_as_its_title(text: str, title: str) -> None:
    assert honorific_before(text, text.index("Ruiz")) == title


def test_a_row_of_hyphened_capitals_does_not_hold_the_reader_up() -> None:
    assert not list(described("A-" * 40_000))
