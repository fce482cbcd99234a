"""Little stories of our own with what is new in each article, and what Dateline says of them."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from schemas.article import Article, Outlet
from schemas.story import Development, StoryMoment
from services.enrich.annotate import Tools, annotate
from services.enrich.follow import Measures, follow
from services.enrich.memory import Stories
from services.enrich.settings import EnrichSettings

FOLDER = Path(__file__).parent
SETTLED = FOLDER.parent / "stories_settled.toml"
START = datetime(2026, 3, 2, 6, tzinfo=UTC)

# What opens a story is told by which story an article joins; a surge is of more articles than a little story has.
APART = frozenset({"new_story", "surge"})

HALF_READ = frozenset(
    """ferry-off-ambon quakes-in-peru-and-ecuador pact-signed-then-suspended budget-passes-on-second-vote
    cement-merger-and-rival-bid mine-rescue-near-kitwe wildfire-from-town-to-town engineers-kidnapped-and-freed
    cholera-count-corrected sanctions-and-counter-sanctions rail-strike-and-nurses-strike trial-of-a-harbour-chief
    minister-loses-his-backer border-clash-and-ceasefire breach-at-a-phone-company rocket-lost-after-launch
    two-bridges-fall siege-with-fewer-hostages football-club-for-sale flood-relief-pledges""".split()  # noqa: SIM905
)
"""The stories that were read while the rules were written; how well the others are told says more."""


@dataclass(frozen=True)
class Expected:
    """One development: its kind, and the words that carry it."""

    kind: str
    about: str


@dataclass(frozen=True)
class Told:
    """One article of a little story, and what is new in it; `may` is neither right nor wrong."""

    id: str
    outlet: str
    hours: float
    title: str
    text: str
    story: str = "a"
    copy_of: str = ""
    new: tuple[Expected, ...] = ()
    may: tuple[Expected, ...] = ()

    def identity(self, case: str) -> str:
        """The article's id."""
        return self.article(case).id

    def article(self, case: str) -> Article:
        """The article as ingest would publish it."""
        published = START + timedelta(hours=self.hours)
        url = f"https://{self.outlet}/{case}/{self.id}"
        identity = f"{abs(hash_of(url)):032x}"[:32]
        return Article(
            id=identity,
            url=url,
            fetched_url=url,
            outlet=Outlet(domain=self.outlet),
            title=self.title,
            text=self.text,
            language="en",
            published=published,
            seen=published,
        )


@dataclass(frozen=True)
class Verdicts:
    """What came of one little story, each in words that begin with the article's id.

    `astray` says which articles went to a wrong story, and which were wrongly taken for copies or for none.
    """

    right: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    astray: tuple[str, ...] = ()


@dataclass
class Score:
    """How often what was said was right, and what was to be said was said; the debatable counts for neither."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    @property
    def precision(self) -> float:
        """The share of what was said that was right."""
        return self.right.total() / max(1, self.right.total() + self.wrong.total())

    @property
    def recall(self) -> float:
        """The share of what was to be said that was said."""
        return self.right.total() / max(1, self.right.total() + self.missed.total())


def hash_of(words: str) -> int:
    """A number of the words that is the same in every run."""
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:16])


@cache
def cases() -> dict[str, tuple[Told, ...]]:
    """All little stories, by name."""
    return {
        path.stem: tuple(_told(row) for row in tomllib.loads(path.read_text("utf-8"))["article"])
        for path in sorted(FOLDER.glob("*.toml"))
    }


def _told(row: dict[str, object]) -> Told:
    expected = {
        kind: tuple(Expected(**one) for one in row.pop(kind, ()))  # type: ignore[attr-defined]
        for kind in ("new", "may")
    }
    return Told(**row, **expected)  # type: ignore[arg-type]


def judged(told: Told, text: str, said: Sequence[Development]) -> Iterator[tuple[str, str, str]]:
    """What was right, wrong and missed of one article: verdict, kind, words."""
    left = list(told.new)
    for development in said:
        if development.kind in APART:
            continue
        match = next((one for one in left if _is(development, one, text)), None)
        if match is not None:
            left.remove(match)
            yield "right", development.kind, match.about
        elif any(_is(development, one, text) for one in told.new) or any(
            _is(development, one, text) for one in told.may
        ):
            yield "may", development.kind, development.subject
        else:
            yield (
                "wrong",
                development.kind,
                f"{development.reason} [{' | '.join(span.of(text) for span in development.spans)[:120]}]",
            )
    for one in left:
        yield "missed", one.kind, one.about


def _is(development: Development, expected: Expected, text: str) -> bool:
    if development.kind != expected.kind:
        return False
    places = [at for at in range(len(text)) if text.startswith(expected.about, at)]
    if not places or not development.spans:
        # Only the headline says it, which no span points into.
        return expected.about in development.reason or expected.about in development.subject or not places
    return any(
        span.start < at + len(expected.about) and at < span.end for span in development.spans for at in places
    ) or (
        development.kind == "new_figure"
        and bool(development.subject)
        and development.subject.split()[0] in expected.about.split()
    )


def followed(articles: Sequence[Told], case: str, tools: Tools, measures: Measures) -> list[StoryMoment]:
    """The moment of each article of a little story, by itself and from the beginning."""
    settings = EnrichSettings()
    stories = Stories(settings.story_window, settings.story_articles)
    moments = []
    for annotated in annotate([told.article(case) for told in articles], tools):
        answer = follow(annotated, stories, measures)
        if answer.remembered is not None and answer.chronicle is not None:
            stories.add(answer.remembered, answer.chronicle, answer.merged)
        moments.append(answer.enriched.moment)
    return moments


def followed_as_told(articles: Sequence[Told], case: str, tools: Tools, measures: Measures) -> list[StoryMoment]:
    """The same with each article in the story that is its own: what is new in it, whatever story it would join."""
    joining = measures.weights._replace(bias=1000.0, bias_without_meaning=1000.0)
    moments: dict[str, StoryMoment] = {}
    for story in dict.fromkeys(told.story for told in articles):
        own = [told for told in articles if told.story == story]
        found = followed(own, case, tools, Measures(measures.rarity, joining))
        moments |= {told.id: moment for told, moment in zip(own, found, strict=True)}
    return [moments[told.id] for told in articles]


def verdicts(articles: Sequence[Told], case: str, moments: Sequence[StoryMoment]) -> Verdicts:
    """What was right, missed, wrong and astray."""
    found: dict[str, list[str]] = {"right": [], "missed": [], "wrong": [], "may": []}
    for told, moment in zip(articles, moments, strict=True):
        for verdict, kind, words in judged(told, told.text, moment.developments):
            found[verdict].append(row_of(told, kind, _EARLIER.sub("earlier articles", words)))
    return Verdicts(
        right=tuple(found["right"]),
        missed=tuple(found["missed"]),
        wrong=tuple(found["wrong"]),
        astray=tuple(_astray(articles, case, moments)),
    )


_EARLIER = re.compile(r"the (?:\d+ )?earlier articles?")


def row_of(told: Told, kind: str, words: str) -> str:
    """How a development is told from others in what is settled."""
    return f"{told.id}: {kind} {' '.join(words.split())}"


def _astray(articles: Sequence[Told], case: str, moments: Sequence[StoryMoment]) -> Iterator[str]:
    ids = {told.identity(case): told.id for told in articles}
    story_of: dict[str, str] = {}
    for told, moment in zip(articles, moments, strict=True):
        of = "" if moment.duplicate_of is None else ids[moment.duplicate_of]
        if of != told.copy_of:
            yield f"{told.id}: is taken for {f'a copy of {of}' if of else 'no copy'}"
        if told.story not in story_of and moment.story in story_of.values():
            yield f"{told.id}: opens no story of its own"
        elif story_of.setdefault(told.story, moment.story) != moment.story:
            yield f"{told.id}: is not in the story of its first article"


def scores(found: Mapping[str, Verdicts]) -> dict[str, Score]:
    """How well the stories are told: in all, in both halves, and by kind."""
    scored = {"all": Score(), "read": Score(), "not read": Score()}
    for case, verdict in found.items():
        for name in ("right", "missed", "wrong"):
            for row in getattr(verdict, name):
                kind = row.partition(": ")[2].split()[0]
                half = "read" if case in HALF_READ else "not read"
                for group in ("all", half, kind):
                    getattr(scored.setdefault(group, Score()), name)[kind] += 1
    return scored


@cache
def settled() -> dict[str, Verdicts]:
    """What fails today and is known to, by story."""
    if not SETTLED.exists():
        return {}
    rows = tomllib.loads(SETTLED.read_text("utf-8"))
    return {case: Verdicts(**{name: tuple(each) for name, each in row.items()}) for case, row in rows.items()}


def written(found: Mapping[str, Verdicts]) -> str:
    """The settled file with what fails today."""
    parts = [
        "# What of the little stories is not told as it should be today: written by\n"
        "# `python -m tests.enrich.gallery.stories --settle`, and each expected to fail by the tests.\n"
    ]
    for case, verdict in sorted(found.items()):
        lists = {name: getattr(verdict, name) for name in ("missed", "wrong", "astray")}
        if any(lists.values()):
            parts.append(f"\n[{case}]\n" + "".join(_list(name, rows) for name, rows in lists.items() if rows))
    return "".join(parts)


def _list(name: str, rows: Iterable[str]) -> str:
    return f"{name} = [\n" + "".join(f"    {json.dumps(row, ensure_ascii=False)},\n" for row in rows) + "]\n"
