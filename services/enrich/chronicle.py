"""What a story has told so far: who and what is in it, its figures and acts, who reported it, and what was new when."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pydantic_core import from_json, to_json

from schemas.article import Article
from schemas.story import StorySoFar
from services.enrich.called import place_id
from services.enrich.claims import EARLY, Claims
from services.enrich.corrections import retracts
from services.enrich.headlines import most_central, withdrawn_by
from services.enrich.likeness import Rarity

# How much a story keeps, of each: what is told least, or longest ago, goes first. The largest is then some 60 kB.
MOST_NAMES = 800
MOST_FIGURES = 400
MOST_STANCES = 200
MOST_DOERS = 40
MOST_DEVELOPMENTS = 60
MOST_HOURS = 240
MOST_OUTLETS = 300
MOST_PLACES = 150
MOST_ACTORS = 200
MOST_HEADLINES = 12

LONGEST = 500
"""Characters kept of a headline or a reason: a page may have a title of any length, and each message repeats it."""

RETRACTS_IN = 1000
"""Characters in which a retraction says what it takes back."""

# How much of it a message shows.
SHOWN_ACTORS = 20
SHOWN_PLACES = 20
SHOWN_DEVELOPMENTS = 40

_OF_PLACE = ("name", "lat", "lon", "geonames", "country", "articles")

HOUR = 3600

Key = list[Any]
"""What makes two developments one: its kind's own terms."""


@dataclass(frozen=True, slots=True)
class Found:
    """A development that an article tells, as its story will keep it."""

    id: str
    kind: str
    key: Key
    reason: str
    score: float
    subject: str


@dataclass
class Chronicle:
    """One story's memory; `take` and `tell` change it, once for each article, in the order they came, and `absorb`.

    `version` is the order of the last article taken, plus one: an article that comes again changes nothing.
    """

    version: int = 0
    title: str = ""
    articles: int = 0
    duplicates: int = 0
    published: tuple[float, float] = (0.0, 0.0)
    seen: tuple[float, float] = (0.0, 0.0)
    outlets: dict[str, list[Any]] = field(default_factory=dict)
    actors: dict[str, list[Any]] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    places: dict[str, list[Any]] = field(default_factory=dict)
    hours: dict[str, int] = field(default_factory=dict)
    figures: list[list[Any]] = field(default_factory=list)
    deeds: dict[str, str] = field(default_factory=dict)
    doers: dict[str, list[str]] = field(default_factory=dict)
    stances: dict[str, float] = field(default_factory=dict)
    developments: list[dict[str, Any]] = field(default_factory=list)
    headlines: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)

    def packed(self) -> bytes:
        """Its bytes: JSON, squeezed to a third."""
        return zlib.compress(to_json(self.__dict__), 1)

    @classmethod
    def unpacked(cls, row: bytes) -> Chronicle:
        """The chronicle that `packed` gave."""
        return cls(**from_json(zlib.decompress(row)))

    def take(self, claims: Claims, order: int, rarity: Rarity, *, is_copy: bool, is_revision: bool) -> None:
        """Add what an article claims; a copy adds its outlet alone, a revision no article."""
        if order < self.version:
            return
        self.version = order + 1
        article = claims.annotated.article
        if not is_revision:
            self._count(article, is_copy=is_copy)
        if is_copy:
            self._bound()
            return
        self._name(article, rarity)
        self._remember(claims, is_revision=is_revision)

    def tell(self, new: Iterable[Found], repeated: Iterable[str], article: Article) -> None:
        """Keep what is new with the article that told it, and count who tells again what was told before."""
        again, outlet = frozenset(repeated), article.outlet.domain
        for told in self.developments:
            if told["id"] in again:
                told["articles"] += 1
                if outlet not in told["outlets"] and len(told["outlets"]) < MOST_OUTLETS:
                    told["outlets"].append(outlet)
        self.developments += [
            {
                "id": one.id,
                "kind": one.kind,
                "key": one.key,
                "reason": one.reason,
                "score": one.score,
                "subject": one.subject,
                "article": article.id,
                "published": article.published.timestamp(),
                "outlets": [outlet],
                "articles": 1,
            }
            for one in new
        ]
        self.developments = self.developments[-MOST_DEVELOPMENTS:]

    def absorb(self, other: Chronicle, story: str) -> None:
        """Become one with a story that turned out to tell of the same."""
        self.articles += other.articles
        self.duplicates += other.duplicates
        self.published = (min(self.published[0], other.published[0]), max(self.published[1], other.published[1]))
        self.seen = (min(self.seen[0], other.seen[0]), max(self.seen[1], other.seen[1]))
        for mine, theirs in (
            (self.outlets, other.outlets),
            (self.actors, other.actors),
            (self.places, other.places),
        ):
            for key, value in theirs.items():
                mine[key] = [*value[:-1], value[-1] + (mine[key][-1] if key in mine else 0)]
        for name, counted in other.names.items():
            self.names[name] = self.names.get(name, 0) + counted
        for hour, counted in other.hours.items():
            self.hours[hour] = self.hours.get(hour, 0) + counted
        self.figures += [figure for figure in other.figures if figure not in self.figures]
        for name, told in other.deeds.items():
            if self.deeds.get(name) != "news":
                self.deeds[name] = told
        for name, doers in other.doers.items():
            self.doers[name] = list(dict.fromkeys((*doers, *self.doers.get(name, ()))))[-MOST_DOERS:]
        self.stances = {**other.stances, **self.stances}
        self._absorb_developments(other.developments)
        self.merged = [*self.merged, story, *other.merged]
        self.withdrawn = list(dict.fromkeys((*other.withdrawn, *self.withdrawn)))[-MOST_HEADLINES:]
        self._bound()

    def so_far(self) -> StorySoFar:
        """The story as a message shows it."""
        # All in one: a model for each part, made from here, would take three times as long.
        return StorySoFar.model_validate(
            {
                "version": self.version,
                "title": self.title,
                "first_published": _moment(self.published[0]),
                "last_published": _moment(self.published[1]),
                "first_seen": _moment(self.seen[0]),
                "last_seen": _moment(self.seen[1]),
                "articles": self.articles,
                "duplicates": self.duplicates,
                "outlets": tuple(
                    {"domain": domain, "country": country, "articles": counted}
                    for domain, (country, counted) in _most(self.outlets, MOST_OUTLETS)
                ),
                "actors": tuple(
                    {"id": known, "name": name, "kind": kind, "articles": counted}
                    for known, (name, kind, counted) in _most(self.actors, SHOWN_ACTORS)
                ),
                "places": tuple(
                    dict(zip(_OF_PLACE, of_place, strict=True)) for _, of_place in _most(self.places, SHOWN_PLACES)
                ),
                "hours": tuple(
                    {"began": _moment(int(hour) * HOUR), "articles": counted}
                    for hour, counted in sorted(self.hours.items(), key=lambda pair: int(pair[0]))
                ),
                "developments": tuple(_shown(told) for told in self.developments[-SHOWN_DEVELOPMENTS:]),
                "merged": tuple(self.merged),
            }
        )

    def _absorb_developments(self, others: Iterable[dict[str, Any]]) -> None:
        """Keep what both told as one, ours, with the support of both; an id says nothing of that, being its story's."""
        mine = list(self.developments)
        for told in others:
            same = next((one for one in mine if (one["kind"], one["key"]) == (told["kind"], told["key"])), None)
            if same is not None:
                same["articles"] += told["articles"]
                same["outlets"] = list(dict.fromkeys((*same["outlets"], *told["outlets"])))[:MOST_OUTLETS]
            elif told["kind"] != "new_story":
                self.developments.append(told)
        self.developments.sort(key=lambda told: told["published"])

    def _name(self, article: Article, rarity: Rarity) -> None:
        """Choose the title that the story goes by; what was taken back gives none."""
        headline = article.title[:LONGEST]
        before = [one for one in self.headlines if one != headline]
        if retracts(article.title, article.text):
            back = withdrawn_by(headline, article.text[:RETRACTS_IN], [*before, self.title], rarity)
            self.withdrawn = list(dict.fromkeys((*self.withdrawn, *back)))[-MOST_HEADLINES:]
        self.headlines = [*before, headline][-MOST_HEADLINES:]
        left = [one for one in self.headlines if one not in self.withdrawn]
        current = "" if self.title in self.withdrawn else self.title
        self.title = most_central(current, left, rarity) or self.title

    def _count(self, article: Article, *, is_copy: bool) -> None:
        published, seen = article.published.timestamp(), article.seen.timestamp()
        first = self.articles == 0
        self.published = (
            (published, published) if first else (min(self.published[0], published), max(self.published[1], published))
        )
        self.seen = (seen, seen) if first else (min(self.seen[0], seen), max(self.seen[1], seen))
        self.articles += 1
        self.duplicates += is_copy
        _counted(self.outlets, article.outlet.domain, [article.outlet.country])
        hour = str(int(published // HOUR))
        self.hours[hour] = self.hours.get(hour, 0) + 1
        self.hours = dict(sorted(self.hours.items(), key=lambda pair: int(pair[0]))[-MOST_HOURS:])

    def _remember(self, claims: Claims, *, is_revision: bool) -> None:
        # Sorted, since a set's order is another in each process, and the table has to be the same.
        for name in sorted(claims.names):
            self.names[name] = self.names.get(name, 0) + 1
        if not is_revision:
            for actor in claims.actors:
                _counted(self.actors, actor.id, [actor.name, actor.kind])
            for place, _ in claims.places:
                _counted(
                    self.places, place_id(place), [place.name, place.lat, place.lon, place.geonames, place.country]
                )
        known = {(unit, of, value): at for at, (unit, of, value, _) in enumerate(self.figures)}
        for figure in (*claims.title_figures, *claims.figures):
            early = (figure.headline or figure.span.start < EARLY) and not claims.is_background(figure)
            at = known.setdefault((figure.unit, figure.of, figure.value), len(self.figures))
            if at == len(self.figures):
                self.figures.append([figure.unit, figure.of, figure.value, early])
            # What was background once and is news now has been told as news.
            self.figures[at][3] |= early
        for name, told in claims.told_deeds.items():
            if self.deeds.get(name) != "news":
                self.deeds[name] = told
        for name, doers in claims.doers.items():
            self.doers[name] = list(dict.fromkeys((*self.doers.get(name, ()), *doers)))[-MOST_DOERS:]
        for stance in claims.sure_stances:
            self.stances[pair_of(stance.holder, stance.target)] = stance.polarity
        self._bound()

    def _bound(self) -> None:
        self.outlets = dict(_most(self.outlets, MOST_OUTLETS))
        self.actors = dict(_most(self.actors, MOST_ACTORS))
        self.places = dict(_most(self.places, MOST_PLACES))
        if len(self.names) > MOST_NAMES:
            self.names = dict(sorted(self.names.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_NAMES])
        self.figures = self.figures[-MOST_FIGURES:]
        self.stances = dict(list(self.stances.items())[-MOST_STANCES:])
        self.developments = self.developments[-MOST_DEVELOPMENTS:]


def pair_of(holder: str, target: str) -> str:
    """How a pair is kept."""
    return f"{holder}\x1f{target}"


def _counted(into: dict[str, list[Any]], key: str, about: list[Any]) -> None:
    into[key] = [*about, (into[key][-1] if key in into else 0) + 1]


def _most(counted: dict[str, list[Any]], most: int) -> Sequence[tuple[str, list[Any]]]:
    """Those counted most, the earliest of equals first."""
    return sorted(counted.items(), key=lambda pair: -pair[1][-1])[:most]


def _shown(told: dict[str, Any]) -> dict[str, Any]:
    shown = told | {"published": _moment(told["published"]), "outlets": tuple(told["outlets"])}
    del shown["key"]
    return shown


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
