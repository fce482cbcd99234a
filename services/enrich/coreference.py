"""Put together the mentions of one article that mean the same: full names, family names, initials, acronyms."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from schemas.annotations import EntityKind
from services.enrich.acronyms import Named, same_institution
from services.enrich.entities import Mention
from services.enrich.knowledge import ActorList, Knowledge, folded
from services.enrich.personal_names import (
    FAMILY_FIRST,
    Gender,
    PersonalName,
    bare,
    differ,
    is_whole,
    may_be_called,
    may_be_one,
    read_name,
    titles_of,
    without_possessive,
)
from services.enrich.roles import OFFICES, SpokenOf, honorific_before, office, role_after, role_before, role_within

NOBODY = ActorList(())

SOON = 1000
"""A report may open with a family name, as its headline does; by here it has given the full one."""

FAMOUS = 300
"""In so many reports of 8,000 someone is named whom every reader knows by the family name."""

# "his daughter Kim Ju Ae" is another Kim than the one before.
_KIN = re.compile(
    r"\b(?:son|daughter|wife|husband|brother|sister|father|mother|widow|widower|cousin|nephew|niece|uncle|aunt|sibling|"
    r"grandson|granddaughter|grandfather|grandmother|fianc[eé]e?|twin|spouse)(?:[- ]in[- ]law)?,? $"
)


@dataclass
class Group:
    """The mentions of one actor, as far as the names tell, and as what the text speaks of it beside them."""

    mentions: list[Mention] = field(default_factory=list)
    roles: list[SpokenOf] = field(default_factory=list)
    title: str = ""
    """What tells it apart from another of that family name: "Mrs"; empty where nothing must."""

    @cached_property
    def kind(self) -> EntityKind:
        """What most of the mentions are taken for; of equals the first."""
        kinds = [mention.kind for mention in self.mentions]
        return kinds[0] if len(set(kinds)) == 1 else Counter(kinds).most_common(1)[0][0]

    @property
    def name(self) -> str:
        """The form that stands for all: of a person the full name used most, else the longest; of equals the first."""
        if self.title:
            return f"{self.title} {self.forms[0]}"
        return self.forms[0]

    @cached_property
    def forms(self) -> list[str]:
        """Every form that it is mentioned by, a person's without titles, that which says most first."""
        plain = bare if self.kind == "person" else without_possessive
        told = Counter([plain(mention.name) for mention in self.mentions])
        if len(told) == 1:
            return list(told)
        if self.kind == "person":
            whole = {form: is_whole(read_name(form), map(read_name, told)) for form in told}
            return sorted(told, key=lambda form: (not whole[form], form.isupper(), -told[form], -len(form)))
        return sorted(told, key=lambda form: (-len(form), form.isupper()))

    @property
    def first(self) -> int:
        """Where it is first mentioned."""
        return self.mentions[0].start


def grouped(mentions: Sequence[Mention], text: str = "", knowledge: Knowledge = NOBODY) -> list[Group]:
    """Put the mentions into groups by actor: each into exactly one, in the order of the text.

    What the names alone leave open, the text around them tells: "Mrs" before one, "(AU)" after another; and who is
    known by a family name, where an article speaks of President Trump and names but his daughter in full.
    """
    ordered = sorted(mentions, key=lambda mention: (mention.start, mention.end))
    people = _people([mention for mention in ordered if mention.kind == "person"], text, knowledge)
    words = {word for group in people for mention in group.mentions for word in folded(mention.name).split()}
    others = _others(
        [mention for mention in ordered if mention.kind != "person"],
        text,
        lambda word: word in words or any(known.how in ("name", "demonym") for known in knowledge.called(word)),
    )
    return sorted([*people, *others], key=lambda group: (group.first, group.mentions[0].end))


@dataclass
class _Person:
    names: list[PersonalName] = field(default_factory=list)
    group: Group = field(default_factory=Group)

    @property
    def gender(self) -> Gender | None:
        """What any of its names tells."""
        return next((name.gender for name in self.names if name.gender), None)

    @property
    def nouns(self) -> frozenset[str]:
        """The offices that the text gives it."""
        return frozenset(role.office.noun for role in self.group.roles)

    @property
    def full_mentions(self) -> int:
        """How often the full name is given."""
        return sum(read_name(mention.name).is_full for mention in self.group.mentions)

    def add(self, name: PersonalName, mention: Mention, roles: Iterable[SpokenOf]) -> None:
        """Take one more mention in."""
        if name not in self.names:
            self.names.append(name)
        self.group.mentions.append(mention)
        self.group.roles.extend(roles)

    def join(self, other: _Person) -> None:
        """Take in all of another."""
        self.names += [name for name in other.names if name not in self.names]
        self.group.mentions = sorted([*self.group.mentions, *other.group.mentions], key=lambda one: one.start)
        self.group.roles = sorted([*self.group.roles, *other.group.roles], key=lambda one: one.start)


class _Lone(NamedTuple):
    """A family name on its own, with what stands before it."""

    word: str
    generation: str
    gender: Gender | None
    office: str


def _people(mentions: Sequence[Mention], text: str, knowledge: Knowledge) -> list[Group]:
    full: list[_Person] = []
    lone: dict[_Lone, _Person] = {}
    titles: dict[int, str] = {}
    for mention in mentions:
        title = honorific_before(text, mention.start)
        name = read_name(f"{title} {mention.name}" if title else mention.name)
        said = (
            role_before(text, mention.start, mention.end),
            role_within(titles_of(mention.name), mention.start),
            role_after(text, mention.end),
        )
        roles = [role for role in said if role is not None]
        if name.is_full:
            person = _who_is_so_named(name, full)
            if person is None:
                full.append(person := _Person())
        else:
            held = next((role.office.noun for role in said[:2] if role and role.office.noun in OFFICES), "")
            person = lone.setdefault(_Lone(name.core[-1], name.generation, name.gender, held), _Person())
            title = title or titles_of(mention.name).strip()
            titles[id(person)] = title.strip(".") or titles.get(id(person), "")
        person.add(name, mention, roles)
    left = _called_by_one_word(full, lone, text, knowledge)
    return [person.group for person in [*full, *_left_over(full, left, titles)]]


def _who_is_so_named(name: PersonalName, people: Sequence[_Person]) -> _Person | None:
    """The one with the same full name, or the last named that can have it."""
    for person in people:
        if any(_is_equal(name, other) for other in person.names):
            return person
    likely = [person for person in people if all(may_be_one(name, other) for other in person.names)]
    return likely[-1] if likely else None


def _is_equal(one: PersonalName, other: PersonalName) -> bool:
    return one.words == other.words and one.generation == other.generation and not differ(one.gender, other.gender)


def _called_by_one_word(
    full: Sequence[_Person], lone: Mapping[_Lone, _Person], text: str, knowledge: Knowledge
) -> list[_Person]:
    """Give each family name on its own to the full name that it stands for; those that stand for none are left."""
    left: list[_Person] = []
    elsewhere: set[str] = set()
    counted = Counter({called.word: 0 for called in lone})
    for called, person in lone.items():
        counted[called.word] += len(person.group.mentions)
    often = {word for word, times in counted.items() if times > 1}
    # With a title first: whom President Trump is not, Trump alone is not either.
    for called, person in sorted(lone.items(), key=lambda item: (not item[0].office, item[1].group.first)):
        likely = [
            other
            for other in full
            if any(may_be_called(person.names[0], name) for name in other.names)
            and not differ(called.gender, other.gender)
            and _is_introduced(other, person, text)
        ]
        meant = [other for other in likely if not _is_someone_else(other, person, often, knowledge)]
        if likely and not meant:
            elsewhere.add(called.word)
        if meant and (called.office or called.word not in elsewhere):
            most = max(other.full_mentions for other in meant)
            min(meant, key=lambda other: _unlikely(other, person, most)).join(person)
        else:
            left.append(person)
    return left


def _is_introduced(full: _Person, lone: _Person, text: str) -> bool:
    """A newspaper gives the full name first, or soon: "Kim" long before "Kim Ju Ae" is somebody else."""
    whole = (mention.start for mention in full.group.mentions if read_name(mention.name).is_full)
    first = next(whole, full.group.first)
    if first < lone.group.first:
        return True
    is_anyones = lone.names[0].core[-1] in FAMILY_FIRST
    return first - lone.group.first <= SOON and not is_anyones and not _KIN.search(text[max(0, first - 30) : first])


def _is_someone_else(full: _Person, lone: _Person, often: Set[str], knowledge: Knowledge) -> bool:
    """Does the family name speak of another, who bears it more famously?

    So it is where it has the title of that one, or where the one named in full is called by the given name.
    """
    called = lone.names[0].core[-1]
    by_given_name = any(name.core[0] in often and name.family == called != name.core[0] for name in full.names)
    if lone.nouns & full.nouns or not (lone.nouns or by_given_name):
        return False
    for known in knowledge.called(called):
        bearer = read_name(known.name)
        if known.kind != "person" or bearer.family != called or not bearer.is_full:
            continue
        held = office(known.role) if known.role else None
        is_meant = known.reports >= FAMOUS if held is None else by_given_name or held.noun in lone.nouns
        if is_meant and not any(may_be_one(bearer, name) for name in full.names):
            return True
    return False


def _unlikely(full: _Person, lone: _Person, most: int) -> tuple[bool, bool, bool, bool, int]:
    """In order: it is not the family name, the title is another's, it is the son, others are named far more, later."""
    called = lone.names[0]
    return (
        all(called.core[-1] != name.family for name in full.names),
        bool(lone.nouns) and not lone.nouns & full.nouns,
        all(name.generation for name in full.names) and not called.generation,
        2 * full.full_mentions < most,
        full.group.first,
    )


def _left_over(full: Sequence[_Person], left: Sequence[_Person], titles: dict[int, str]) -> list[_Person]:
    """Who is named by one word alone: one person, unless "Mr" and "Mrs" or another's full name tell two apart."""
    kept: dict[tuple[str, str], list[_Person]] = defaultdict(list)
    for person in sorted(left, key=lambda person: (person.gender is None, person.group.first)):
        called = person.names[0]
        same = kept[called.core[-1], called.generation]
        if same and (person.gender is None or same[0].gender is None):
            min(same, key=lambda other: other.group.first).join(person)
        else:
            same.append(person)
    for (word, _), people in kept.items():
        for person in people:
            namesakes = [*people, *(other for other in full if any(name.family == word for name in other.names))]
            if any(differ(person.gender, other.gender) for other in namesakes):
                person.group.title = titles[id(person)]
    return [person for people in kept.values() for person in people]


def _others(mentions: Sequence[Mention], text: str, is_anyones: Callable[[str], bool]) -> list[Group]:
    """Organizations, locations and other things: equal names, and the short forms that the article makes of them."""
    equal: dict[tuple[str, EntityKind], list[Mention]] = defaultdict(list)
    for mention in mentions:
        equal[folded(without_possessive(mention.name)), mention.kind].append(mention)
    named = [Named(same[0].name, kind, same) for (_, kind), same in equal.items()]
    return [
        Group(sorted((m for one in same for m in one.mentions), key=lambda mention: mention.start))
        for same in same_institution(named, text, is_anyones)
    ]
