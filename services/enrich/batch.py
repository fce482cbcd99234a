"""Run the stream's steps over files, without servers: lines of JSON in, one answer a line, in the same order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError

from schemas.annotations import OUTLET_AS_HOLDER, AnnotatedArticle, Place
from schemas.article import Article, Outlet
from schemas.message import Span
from schemas.story import StoryMoment
from services.enrich.annotate import Tools, annotate
from services.enrich.follow import Measures, follow
from services.enrich.memory import Stories
from services.enrich.places import resolve_mentions
from services.enrich.settings import EnrichSettings
from services.enrich.stance import stance_of
from services.enrich.tools import Models
from services.settings import read_settings
from services.telemetry import get_log

log = get_log("enrich")

Row = dict[str, Any]


class Unreadable(ValueError):
    """This line is not one that the command reads."""


def annotate_lines(
    lines: Iterable[str], settings: EnrichSettings | None = None, *, stances: bool = True
) -> Iterator[Row]:
    """Give each article's entities and places, one for each mention, its focus and its stances, if these are asked."""
    tools = asked_for(Models.load(settings or read_settings(EnrichSettings)).tools(), stances=stances, vectors=False)

    def answer(row: Row) -> Row:
        [annotated] = annotate([article_of(row)], tools)
        return {"entities": _entities(annotated), "places": _places(annotated), "focus": _focus(annotated)} | {
            "stances": _stances(annotated)
        }

    return answers(lines, answer)


def resolve_lines(lines: Iterable[str], settings: EnrichSettings | None = None) -> Iterator[Row]:
    """Give the place of each mention that is asked for, null where there is none."""
    gazetteer = Models.load(settings or read_settings(EnrichSettings)).gazetteer

    def answer(row: Row) -> Row:
        text = _text(row)
        spans = [(int(mention["start"]), int(mention["end"])) for mention in row["mentions"]]
        places = resolve_mentions(text, spans, gazetteer)
        return {
            "places": [
                None if place is None else {"start": start, "end": end, **_place(place)}
                for (start, end), place in zip(spans, places, strict=True)
            ]
        }

    return answers(lines, answer)


def stance_lines(lines: Iterable[str], settings: EnrichSettings | None = None) -> Iterator[Row]:
    """Say whether a text, or the source named in it, is against (-1) or for (1) the target, or neither (0)."""
    model = Models.load(settings or read_settings(EnrichSettings)).language

    def answer(row: Row) -> Row:
        source = (row.get("source_start"), row.get("source_end"))
        label, polarity = stance_of(_text(row), row["target_start"], row["target_end"], *source, model=model)
        return {"label": label, "polarity": polarity}

    return answers(lines, answer)


def follow_lines(lines: Iterable[str], settings: EnrichSettings | None = None) -> Iterator[Row]:
    """Give each article, in the order that they came, its story, what it is a copy of, and how new it is.

    `repeats` is what it tells again of what its story had told, each with how many articles and outlets tell it by now.
    """
    settings = settings or read_settings(EnrichSettings)
    tools = Models.load(settings).tools()
    measures = Measures.read(settings.models_folder / "stories")
    stories = Stories(settings.story_window, settings.story_articles)
    asked: dict[str, Any] = {}

    def answer(row: Row) -> Row:
        [annotated] = annotate([article_of(row, when_undated=len(asked))], tools)
        asked[annotated.article.id] = row["id"]
        followed = follow(annotated, stories, measures)
        if followed.remembered is not None and followed.chronicle is not None:
            stories.add(followed.remembered, followed.chronicle, followed.merged)
        moment = followed.enriched.moment
        return {
            "story": moment.story,
            "title": moment.title,
            "duplicate_of": None if moment.duplicate_of is None else asked[moment.duplicate_of],
            "novelty": moment.novelty,
            "developments": [
                {"id": one.id, "kind": one.kind, "reason": one.reason, "score": one.score}
                for one in moment.developments
            ],
            "repeats": _repeats(moment),
        }

    return answers(lines, answer)


def _repeats(moment: StoryMoment) -> list[Row]:
    told = moment.so_far.developments if moment.so_far is not None else ()
    return [
        {
            "id": one.id,
            "kind": one.kind,
            "reason": one.reason,
            "articles": one.articles,
            "outlets": len(one.outlets),
        }
        for one in told
        if one.id in moment.repeats
    ]


def asked_for(tools: Tools, *, stances: bool, vectors: bool) -> Tools:
    """The steps without those whose answers nobody will see: stances and an embedding cost a third of all."""
    if not stances:
        tools = replace(tools, stances=lambda *_: ())
    if not vectors:
        tools = replace(tools, vectors=lambda texts: [() for _ in texts])
    return tools


def article_of(row: Row, when_undated: int = 0) -> Article:
    """The article that a line gives; what it leaves out is filled in. Raises Unreadable.

    Undated articles are put a minute apart, in their order; a date alone is its midnight.
    """
    domain = row.get("domain") or row.get("outlet") or "unknown"
    published = _published(row.get("published"), when_undated)
    identity = hashlib.sha256(str(row["id"]).encode()).hexdigest()[:32]
    try:
        return Article(
            id=identity,
            url=row.get("url") or f"urn:article:{row['id']}",
            fetched_url=row.get("url") or f"urn:article:{row['id']}",
            outlet=Outlet(domain=domain if isinstance(domain, str) else str(domain.get("domain", "unknown"))),
            title=row.get("title") or "",
            text=_text(row),
            language=row.get("language") or row.get("lang") or "en",
            published=published,
            published_raw=row.get("published") or None,
            seen=published,
        )
    except ValidationError as error:
        raise Unreadable(str(error)) from error


def answers(lines: Iterable[str], answer: Callable[[Row], Row]) -> Iterator[Row]:
    """Give each line its answer, in order; one that cannot be read or trips our code says so, and the rest goes on."""
    for line in lines:
        if not line.strip():
            continue
        identity: Any = None
        try:
            row = _row(line)
            identity = row["id"]
            answered = answer(row)
        except (ValueError, KeyError, TypeError) as error:
            reason = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
            answered = {"error": reason}
        except Exception as error:  # Whatever a step raises: one article must not take a whole file with it.
            log.exception("failed", id=identity)
            answered = {"error": f"{type(error).__name__}: {error}"}
        yield {"id": identity, **answered}


def _row(line: str) -> Row:
    row = json.loads(line)
    if not isinstance(row, dict) or "id" not in row:
        raise Unreadable("a line is an object with an id")
    return row


def _text(row: Row) -> str:
    if not isinstance(row["text"], str):
        raise Unreadable("text is a string")
    return row["text"]


def _published(raw: str | None, when_undated: int) -> datetime:
    if not raw:
        return datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=when_undated)
    moment = datetime.fromisoformat(raw)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _entities(annotated: AnnotatedArticle) -> list[Row]:
    found = [
        {
            "start": span.start,
            "end": span.end,
            # "Kenyan" means Kenya, and is the name of no place.
            "kind": "other" if span in entity.demonyms else entity.kind,
            "name": entity.name,
            "wikidata": entity.wikidata,
        }
        for entity in annotated.entities
        for span in entity.spans
    ]
    return sorted(found, key=lambda row: row["start"])


def _places(annotated: AnnotatedArticle) -> list[Row]:
    found = [
        {"start": span.start, "end": span.end, **_place(place), "as": _use(place, span)}
        for place in (*annotated.places, *annotated.allusions)
        for span in place.spans
    ]
    return sorted(found, key=lambda row: row["start"])


def _place(place: Any) -> Row:
    return {
        "name": place.name,
        "lat": place.lat,
        "lon": place.lon,
        "country": place.country,
        "geonames": place.geonames,
        "confidence": place.confidence,
    }


def _use(place: Place, span: Span) -> str:
    """How the mention stands for the place: literal, metonym, demonym or embedded."""
    if place.used_as != "name":
        return place.used_as
    return "metonym" if span in place.metonyms else "literal"


def _focus(annotated: AnnotatedArticle) -> Row | None:
    focus = annotated.focus
    return None if focus is None else {"country": focus.country, "lat": focus.lat, "lon": focus.lon}


def _stances(annotated: AnnotatedArticle) -> list[Row]:
    return [
        {
            "holder": OUTLET_AS_HOLDER if stance.holder == OUTLET_AS_HOLDER else stance.holder_name,
            "target": stance.target_name,
            "polarity": stance.polarity,
            "confidence": stance.confidence,
            "start": stance.evidence[0].start,
            "end": stance.evidence[0].end,
        }
        for stance in annotated.stances
    ]
