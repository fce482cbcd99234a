"""Find where an article speaks of someone by what he is, without a name: "the North Korean leader"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from schemas.message import Span
from services.enrich.roles import Office, described, is_that


@dataclass(frozen=True, slots=True)
class Held:
    """An office that somebody holds: in these words of the text, or as is known of him; and of which country."""

    office: Office
    country: str | None
    said: bool


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person of the article: by id, where first named, with what is known and said of him."""

    id: str
    first: int
    country: str | None
    held: Sequence[Held] = field(default_factory=tuple)
    said_at: Sequence[Span] = field(default_factory=tuple)
    """Where the text gives him a title or an office beside his name; there it speaks of him already."""


def find_references(
    text: str, people: Sequence[Somebody], country_of: Callable[[str], str | None]
) -> Mapping[str, tuple[Span, ...]]:
    """Give each person, by id, the descriptions that can mean nobody else; what may mean two is given to none."""
    found: dict[str, list[Span]] = defaultdict(list)
    if not any(person.held for person in people):
        return {}
    beside_names = [span for person in people for span in person.said_at]
    for words in described(text):
        if any(words.start < span.end and span.start < words.end for span in beside_names):
            continue
        country = country_of(words.country) if words.country else None
        if words.country and country is None:
            continue
        meant = {
            person.id for person in people if person.first < words.start and _can_be(person, words.office, country)
        }
        if len(meant) == 1:
            found[meant.pop()].append(Span(start=words.start, end=words.end))
    return {identity: tuple(spans) for identity, spans in found.items()}


def _can_be(person: Somebody, office: Office, country: str | None) -> bool:
    """Without a country only what the article itself calls someone tells whom it means by "the president"."""
    return any(
        is_that(office, held.office, of_country=country is not None)
        for held in person.held
        if (held.said if country is None else country in (held.country, person.country))
    )
