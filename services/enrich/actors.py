"""Say who is meant: the mentions of one actor become one entity, with its Wikidata id where that is sure."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas.annotations import Entity, EntityKind
from schemas.article import Article
from schemas.message import Span
from services.enrich.entities import Mention
from services.enrich.knowledge import Knowledge, folded
from services.enrich.who import Meant, meant

_TITLE = re.compile(
    r"^(?:(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|Capt|Prof|Rev|Sir|Lord|Lady|Dame|President|Prime Minister|Chancellor|"
    r"King|Queen|Prince|Princess|Pope|Judge|Justice|Senator|Congressman|Congresswoman|Secretary|Minister|Ambassador)"
    r"\.?\s+)+(?=\S)"
)
_NOT_A_NAME = re.compile(
    r"^(?:(?:Mr|Mrs|Ms|Dr|Sens?|Reps?|Govs?|Gen|Lt|Col|Prof|President|Senator|Judge|The|Department|LLC|Inc)\.?"
    r"|[RDI]-[A-Z][\w.]*|\d+)$"
)
_POSSESSIVE = re.compile(r"[’']s?$")

# What follows a capital that acts for its country ("Beijing said"), and what stands before one that is only a place.
_ACTS = re.compile(
    r"^(?:[’']s?\s+\w+|\s+(?:has|have|had|is|was|will|would|and|said|says|wants|warned|agreed|denied|accused|called|"
    r"insists?|announced|condemned|pledged|vowed|signed|rejected|imposed)\b)"
)
_PLACED = re.compile(
    r"\b(?:in|at|near|from|to|into|outside|around|of|leaving|visited|central|downtown)\s+$", re.IGNORECASE
)


@dataclass
class Group:
    """The mentions of one actor, as far as the names tell."""

    kind: EntityKind
    mentions: list[Mention] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The longest form that it is mentioned by; of equals the first."""
        return max((bare(mention.name) for mention in self.mentions), key=len)

    @property
    def first(self) -> int:
        """Where it is first mentioned."""
        return self.mentions[0].start


def resolve(mentions: Sequence[Mention], text: str, article: Article, knowledge: Knowledge) -> tuple[Entity, ...]:
    """Group the mentions of an article by actor, and link each group that one actor is surely meant by.

    A group without a sure actor keeps a local id, made from kind and name, so that the same unknown person is the same
    in every article. Ordered by salience.
    """
    named = [mention for mention in mentions if is_name(mention.name)]
    groups = grouped(sorted(named, key=lambda mention: mention.start))
    countries = countries_named(groups, knowledge)
    found: dict[str, tuple[list[Group], Meant | None]] = {}
    for group in groups:
        who = meant(group.name, group.kind, countries, knowledge)
        found.setdefault(_id(group, who), ([], who))[0].append(group)
    entities = [_entity(identity, groups, who, text, article) for identity, (groups, who) in found.items()]
    return tuple(sorted(entities, key=lambda entity: (-entity.salience, entity.spans[0].start)))


def is_name(name: str) -> bool:
    """A title alone, a party and state ("R-Fla.") or a word without a capital names nobody."""
    return any(c.isupper() for c in name) and not _NOT_A_NAME.match(name)


def bare(name: str) -> str:
    """A name without titles and possessives."""
    return _POSSESSIVE.sub("", _TITLE.sub("", name)).strip() or name


def grouped(mentions: Sequence[Mention]) -> list[Group]:
    """Put mentions together whose names say that they are the same: equal, a family name of a full one, initials."""
    groups: dict[tuple[str, str], Group] = {}
    for mention in mentions:
        key = (folded(bare(mention.name)), mention.kind)
        groups.setdefault(key, Group(mention.kind)).mentions.append(mention)
    merged: list[Group] = []
    for (name, _), group in sorted(groups.items(), key=lambda item: (-len(item[0][0].split()), item[1].first)):
        longer = _longer(name, group, merged)
        if longer is None:
            merged.append(group)
        else:
            longer.mentions = sorted([*longer.mentions, *group.mentions], key=lambda mention: mention.start)
    return sorted(merged, key=lambda group: group.first)


def _longer(name: str, group: Group, merged: Sequence[Group]) -> Group | None:
    """The group whose full name this shorter one stands for."""
    if group.kind == "person" and " " not in name:
        # A newspaper gives the full name first: "Kim" before "Kim Ju Ae" is somebody else.
        full = [
            other for other in merged if other.kind == "person" and _is_part(name, other) and other.first < group.first
        ]
        return min(full, key=lambda other: other.first, default=None)
    if group.kind == "organization" and " " not in name:
        return next((o for o in merged if o.kind == "organization" and initials(o.name) == name), None)
    return None


def _is_part(name: str, other: Group) -> bool:
    words = folded(other.name).split()
    return len(words) > 1 and name in (words[0], words[-1])


def initials(name: str) -> str:
    """The initials of a name of several words, without the small ones."""
    words = [word for word in name.replace("-", " ").split() if word[:1].isupper()]
    return "".join(word[0] for word in words).casefold() if len(words) > 1 else ""


def countries_named(groups: Sequence[Group], knowledge: Knowledge) -> Counter[str]:
    """How often each country is spoken of: by its name, its people, or a town that stands for it."""
    named: Counter[str] = Counter()
    for group in groups:
        for known in knowledge.called(group.name):
            if known.country and known.role in ("country", "capital"):
                named[known.country] += len(group.mentions)
                break
    return named


def _id(group: Group, who: Meant | None) -> str:
    if who is None or who.known.how == "demonym":
        slug = "-".join(re.findall(r"\w+", folded(group.name))) or "unnamed"
        return f"local:{group.kind}:{slug}"
    return who.known.wikidata


def _entity(identity: str, groups: Sequence[Group], who: Meant | None, text: str, article: Article) -> Entity:
    mentions = sorted((mention for group in groups for mention in group.mentions), key=lambda mention: mention.start)
    kinds = Counter(mention.kind for mention in mentions)
    longest = max((group.name for group in groups), key=len)
    certain = math.prod(1 - mention.confidence for mention in mentions)
    return Entity(
        id=identity,
        name=who.known.name if who is not None and who.known.how != "demonym" else longest,
        kind=kinds.most_common(1)[0][0],
        spans=tuple(Span(start=mention.start, end=mention.end) for mention in mentions),
        wikidata=who.known.wikidata if who is not None else None,
        country=_country(who, mentions, text),
        confidence=round((1 - certain) * (who.confidence if who is not None else 1.0), 3),
        salience=_salience(mentions, longest, article),
    )


def _country(who: Meant | None, mentions: Sequence[Mention], text: str) -> str | None:
    """The country that it is, or acts for: a capital does where its name is said of a government."""
    if who is None:
        return None
    if who.known.kind != "location" or who.known.role == "country":
        return who.known.country
    acts = who.known.role == "capital" and any(
        _ACTS.match(text[mention.end : mention.end + 20])
        and not _PLACED.search(text[max(0, mention.start - 12) : mention.start])
        for mention in mentions
    )
    return who.known.country if acts else None


def _salience(mentions: Sequence[Mention], name: str, article: Article) -> float:
    """How much the article is about it: how often it is named, how early, and whether in the title."""
    often = 1 - 0.7 ** len(mentions)
    early = 1 - mentions[0].start / max(1, len(article.text))
    titled = any(word in folded(article.title).split() for word in folded(name).split()[-1:])
    return round(0.5 * often + 0.2 * early * often + 0.3 * titled, 3)
