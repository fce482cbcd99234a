"""Say who is meant: the mentions of one actor become one entity, with its Wikidata id where that is sure."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from schemas.annotations import Entity, EntityKind, Place, Role, Written
from schemas.article import Article
from schemas.message import Span
from services.enrich.acronyms import without_firm
from services.enrich.actor_ranker import Ranker
from services.enrich.coreference import Group, grouped
from services.enrich.dateline import stands_apart
from services.enrich.entities import Mention
from services.enrich.knowledge import Knowledge, Known, folded
from services.enrich.references import Held, Somebody, find_references
from services.enrich.roles import office
from services.enrich.salience import Story, salience
from services.enrich.who import Meant, meant

_NOT_A_NAME = re.compile(
    r"^(?:(?:Mr|Mrs|Ms|Dr|Sens?|Reps?|Govs?|Gen|Lt|Col|Adm|Maj|Capt|Sgt|Brig|Cmdr|Rev|Hon|Prof|President|Senator|"
    r"Judge|Rabbi|The|Department|LLC|Inc|[A-Z])\.?"
    r"|[RDI]-[A-Z][\w.]*|\d+)$"
)

_SEATS = {
    "kremlin": "RU",
    "white house": "US",
    "pentagon": "US",
    "oval office": "US",
    "capitol hill": "US",
    "foggy bottom": "US",
    "downing street": "GB",
    "whitehall": "GB",
    "elysee": "FR",
    "elysee palace": "FR",
    "blue house": "KR",
}
"""Houses that governments are called by; none of them is anything else in the news."""

# In so many open lists stands a place that could be meant as well.
_WELL_KNOWN = 3

# What follows a capital that acts for its country ("Beijing said"), and what stands before one that is only a place.
_ACTS = re.compile(
    r"^(?:[’']s?\s+\w+|\s+(?:has|have|had|is|was|will|would|and|says?|said|wants?|warn(?:s|ed)|agree[sd]|den(?:y|ies|ied)|"
    r"accuse[sd]|call(?:s|ed)|insist(?:s|ed)?|announce[sd]|condemn(?:s|ed)|pledge[sd]|vow(?:s|ed)|sign(?:s|ed)|"
    r"reject(?:s|ed)|impose[sd]|urge[sd]|demand(?:s|ed)|threaten(?:s|ed)|refuse[sd]|offer(?:s|ed)|back(?:s|ed)|blame[sd]|"
    r"respond(?:s|ed)|retaliate[sd]|hope[sd]|fear(?:s|ed)|seek|seeks|sought|plan(?:s|ned)|support(?:s|ed)|oppose[sd])\b)"
)
# What is done to a government, and what is between two.
_ACTED_ON = re.compile(
    r"\b(?:accus(?:e[sd]?|ing)|prais(?:e[sd]?|ing)|thank(?:s|ed|ing)?|condemn(?:s|ed|ing)?|"
    r"criticis(?:e[sd]?|ing)|"
    r"urg(?:e[sd]?|ing)|warn(?:s|ed|ing)?|told|tells|blam(?:e[sd]?|ing)|ask(?:s|ed|ing)?|"
    r"press(?:es|ed|ing|ured)?|against|(?:relations|ties|deal|talks|tensions|war|pact|alliance) (?:with|between))\s+$"
)
_PLACED = re.compile(
    r"\b(?:in|at|near|from|to|into|outside|around|of|leaving|visited|central|downtown)\s+$", re.IGNORECASE
)


def resolve(
    mentions: Sequence[Mention],
    text: str,
    article: Article,
    knowledge: Knowledge,
    frame: Written | None = None,
    places: Sequence[Place] = (),
    ranker: Ranker | None = None,
) -> tuple[Entity, ...]:
    """Group the mentions of an article by actor, and link each group that one actor is surely meant by.

    A group without a sure actor keeps a local id, made from kind and name, so that the same unknown person is the same
    in every article. Where a name was put on the map tells which of its namesakes it is. Ordered by salience; what
    stands only in the frame, as agencies and authors do, has none.
    """
    named = [_as_known(mention, knowledge) for mention in mentions if is_name(mention.name)]
    groups = grouped(named, text, knowledge)
    found: dict[str, tuple[list[Group], Meant | None]] = {}
    for group, who in zip(groups, meant(groups, text, article, knowledge, ranker, places), strict=True):
        who = None if who is not None and is_only_credited(group, who.known, frame) else who
        found.setdefault(_id(group, who), ([], who))[0].append(group)
    entities = [
        _entity(identity, groups, who, Story(article, text, frame), knowledge)
        for identity, (groups, who) in found.items()
    ]
    people = [_somebody(entity, found[entity.id][1]) for entity in entities if entity.kind == "person"]
    references = find_references(text, people, partial(_country_called, knowledge))
    entities = [
        entity.model_copy(update={"references": references[entity.id]}) if entity.id in references else entity
        for entity in entities
    ]
    return tuple(sorted(entities, key=lambda entity: (-entity.salience, entity.spans[0].start)))


def is_only_credited(group: Group, known: Known, frame: Written | None) -> bool:
    """Is it a person whom only bylines and credits name? Authors and photographers are mostly in no list.

    Their namesakes are: the politician John Moore has taken no picture. The house's own list knows its authors.
    """
    return (
        group.kind == "person"
        and known.how != "own"
        and all(stands_apart(mention.start, mention.end, frame) for mention in group.mentions)
    )


def is_name(name: str) -> bool:
    """A title alone, a party and state ("R-Fla.") or a word without a capital names nobody."""
    return any(c.isupper() for c in name) and not _NOT_A_NAME.match(name)


def _as_known(mention: Mention, knowledge: Knowledge) -> Mention:
    """A whole name that people have and nothing else is a person's, whatever the tagger took it for."""
    if mention.kind == "person" or " " not in mention.name:
        return mention
    kinds = {known.kind for known in knowledge.called(mention.name) if known.how in ("name", "alias")}
    return replace(mention, kind="person") if kinds == {"person"} else mention


def _id(group: Group, who: Meant | None) -> str:
    return who.known.id if who is not None else f"local:{group.kind}:{canonical(group.name, group.kind)}"


def canonical(name: str, kind: EntityKind) -> str:
    """A name in the form that every article gives it: without middle initials, and without "Inc."."""
    words = re.findall(r"\w+", folded(name))
    if kind == "person":
        words = [word for at, word in enumerate(words) if len(word) > 1 or at in (0, len(words) - 1)]
    elif kind == "organization":
        words = list(without_firm(tuple(words)))
    return "-".join(words) or "unnamed"


def _entity(identity: str, groups: Sequence[Group], who: Meant | None, story: Story, knowledge: Knowledge) -> Entity:
    mentions = sorted((mention for group in groups for mention in group.mentions), key=lambda mention: mention.start)
    kinds = Counter(mention.kind for mention in mentions)
    longest = max((group.name for group in groups), key=len)
    uncertain = math.prod(1 - mention.confidence for mention in mentions)
    of_people = _of_people(mentions, who)
    return Entity(
        id=identity,
        # Some lists write all names small.
        name=who.known.name if who is not None and not who.known.name.islower() else longest,
        kind=who.known.kind if who and 0 < len(of_people) < len(mentions) else kinds.most_common(1)[0][0],
        spans=tuple(Span(start=mention.start, end=mention.end) for mention in mentions),
        demonyms=tuple(Span(start=m.start, end=m.end) for m in mentions if m in of_people),
        wikidata=who.known.wikidata if who is not None else None,
        country=_country(who, mentions, story.text),
        confidence=round((1 - uncertain) * (who.confidence if who is not None else 1.0), 3),
        salience=salience(mentions, longest, story),
        roles=_roles(groups, story.text, knowledge),
    )


def _of_people(mentions: Sequence[Mention], who: Meant | None) -> set[Mention]:
    """The mentions of a land or a party by its people: "Kenyan" is one of Kenya, and Kenya is no people.

    Of what is no country only those that are another word ("Chechen" of Chechnya, "Republicans" of their party): a Kent
    that is read as two things has no people.
    """
    if who is None or who.known.kind not in ("location", "organization"):
        return set()
    named = {mention.name for mention in mentions if mention.kind == who.known.kind}
    return {m for m in mentions if m.kind == "other" and (is_land(who.known) or m.name not in named)}


def is_land(known: Known) -> bool:
    """Is it a country, or another land whose people have a name?"""
    return known.kind == "location" and (known.role == "country" or known.how == "demonym")


def _roles(groups: Sequence[Group], text: str, knowledge: Knowledge) -> tuple[Role, ...]:
    """Each thing that the article calls someone once, where it first does."""
    said: dict[tuple[str, str | None], Role] = {}
    for role in sorted((role for group in groups for role in group.roles), key=lambda role: role.start):
        country = _country_called(knowledge, role.country) if role.country else None
        words = text[role.start : role.end]
        span = Span(start=role.start, end=role.end)
        said.setdefault((words.casefold(), country), Role(text=words, span=span, country=country))
    return tuple(said.values())


def _somebody(entity: Entity, who: Meant | None) -> Somebody:
    held = [Held(read, role.country, said=True) for role in entity.roles if (read := office(role.text))]
    if who is not None and who.known.role is not None and (read := office(who.known.role)):
        held.append(Held(read, who.known.country, said=False))
    said_at = tuple(role.span for role in entity.roles)
    return Somebody(entity.id, entity.spans[0].start, entity.country, tuple(held), said_at)


def _country_called(knowledge: Knowledge, name: str) -> str | None:
    """The country of that name, or whose people is called so; none where another place is too, as Georgia."""
    places = [known for known in knowledge.called(name) if known.kind == "location"]
    countries = [known for known in places if known.role == "country" or known.how == "demonym"]
    others = [
        known
        for known in places
        if known not in countries and known.sources >= _WELL_KNOWN and folded(known.name) == folded(name)
    ]
    return countries[0].country if countries and not others else None


def _country(who: Meant | None, mentions: Sequence[Mention], text: str) -> str | None:
    """The country that it is, or acts for: a capital does where its name is said of a government."""
    if seat := next((country for mention in mentions if (country := _SEATS.get(folded(mention.name)))), None):
        return seat
    if who is None:
        return None
    if who.known.kind != "location" or who.known.role == "country":
        return who.known.country
    acts = who.known.role == "capital" and any(_acts(mention, text) for mention in mentions)
    return who.known.country if acts else None


def _acts(mention: Mention, text: str) -> bool:
    before = text[max(0, mention.start - 24) : mention.start]
    if _PLACED.search(before[-12:]):
        return False
    return bool(_ACTS.match(text[mention.end : mention.end + 20]) or _ACTED_ON.search(before))
