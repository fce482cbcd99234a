"""Show one article to a person as it was read: names and places marked in the text, and why each was taken so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TextIO

from rich.console import Console
from rich.text import Text

from schemas.annotations import AnnotatedArticle, Entity, Place, Stance
from schemas.message import Span
from services.enrich.annotate import Tools, annotate
from services.enrich.batch import article_of

COLOURS = {"person": "magenta", "organization": "cyan", "location": "green", "other": "yellow"}
ON_THE_MAP = "underline"
MOST_FORMS = 6
"""Ways in which a name was written that are shown; a main actor has more."""


class NotAnArticle(ValueError):
    """What was given to be shown holds no article, or one that cannot be read."""


@dataclass(frozen=True)
class Mark:
    """One mention, and what it was taken for; a reference speaks of an entity without its name."""

    span: Span
    entity: Entity | None = None
    place: Place | None = None
    is_reference: bool = False


def show_articles(lines: TextIO, tools: Tools, console: Console) -> None:
    """Annotate each article that the file holds and show it. Raises NotAnArticle."""
    for number, row in enumerate(rows(lines)):
        try:
            article = article_of({"id": number + 1} | row)
        except (ValueError, KeyError, TypeError) as error:
            reason = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
            raise NotAnArticle(f"article {number + 1}: {reason}") from error
        if number:
            console.print()
        show(annotate([article], tools)[0], console)


def rows(lines: TextIO) -> Iterator[dict[str, Any]]:
    """The articles of a file: JSON, one a line, or plain text, which is one article whole. Raises NotAnArticle."""
    try:
        text = lines.read()
    except UnicodeDecodeError as error:
        raise NotAnArticle(f"{lines.name} is not text in UTF-8 ({error.reason}); unpack it first") from error
    if not text.strip():
        raise NotAnArticle(f"{lines.name} is empty")
    if not text.lstrip().startswith("{"):
        yield {"text": text.strip()}
        return
    # Not splitlines(): U+2028 in an article's words ends no line of JSON Lines.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise NotAnArticle(f"line {number} is not JSON: {error}") from error
        if not isinstance(row, dict):
            raise NotAnArticle(f"line {number} is no object with a text")
        yield row


def show(annotated: AnnotatedArticle, console: Console) -> None:
    """Print the article with its marks, then who, where, and for or against whom, each with its reasons.

    Marks are colours where the console has them, and otherwise brackets: `[Uganda](location Q1036 @UG)`, with ~
    for @ where a place is only alluded to, and = before whom words speak of that are no name.
    """
    article = annotated.article
    coloured = console.color_system is not None

    def line(words: Text | str, style: str = "") -> None:
        # What is not on a terminal is read by programs too: its lines are not broken.
        console.print(words, style=style, highlight=False, markup=False, soft_wrap=not console.is_terminal)

    if article.title:
        line(article.title, "bold")
    if article.published_raw:
        line(f"{article.outlet.name or article.outlet.domain}, {article.published:%Y-%m-%d %H:%M}", "dim")
    line(marked(annotated, coloured))
    if coloured:
        line(_legend())
    if not annotated.annotated:
        line(f"\nnot annotated: no model was made for {article.language!r}")
    for heading, told in (
        ("written", _written(annotated)),
        ("who", [line for entity in annotated.entities for line in _who(entity, article.text)]),
        ("where", _wheres(annotated) + _about(annotated)),
        ("for and against", [line for stance in annotated.stances for line in _sides(stance, article.text)]),
    ):
        if told:
            line(f"\n{heading}", "bold")
        for words in told:
            line(words)


def marked(annotated: AnnotatedArticle, coloured: bool) -> Text:
    """The text with its marks."""
    text, shown, at = annotated.article.text, Text(), 0
    for mark in marks(annotated):
        shown.append(text[at : mark.span.start])
        words, at = mark.span.of(text), mark.span.end
        if not coloured:
            shown.append(f"[{words}]({_taken_for(mark)})")
            continue
        colour = COLOURS[mark.entity.kind] if mark.entity else ""
        shown.append(words, f"{colour} {ON_THE_MAP}".strip() if mark.place else colour)
    shown.append(text[at:])
    return shown


def marks(annotated: AnnotatedArticle) -> list[Mark]:
    """Each mention once, in order; a place on or in a name belongs to that name's mark."""
    named = [
        Mark(span, entity=entity, is_reference=span in entity.references)
        for entity in annotated.entities
        for span in (*entity.spans, *entity.references)
    ]
    placed = [Mark(span, place=place) for place in (*annotated.places, *annotated.allusions) for span in place.spans]
    free = {(mark.span.start, mark.span.end): mark for mark in placed}
    joined: list[Mark] = []
    for mark in sorted(named, key=lambda mark: (mark.span.start, -mark.span.end)):
        if joined and mark.span.start < joined[-1].span.end:
            continue
        inside = [at for at in free if at[0] < mark.span.end and mark.span.start < at[1]]
        taken = [free.pop(at) for at in inside]
        joined.append(Mark(mark.span, mark.entity, taken[0].place if taken else None, mark.is_reference))
    return sorted([*joined, *free.values()], key=lambda mark: mark.span.start)


def _taken_for(mark: Mark) -> str:
    who = f"{mark.entity.kind} {mark.entity.wikidata or ''}".strip() if mark.entity else "place"
    if mark.entity and mark.is_reference:
        who = f"= {mark.entity.name}"
    if mark.place is None:
        return who
    around = mark.place.country or f"{mark.place.lat:.1f},{mark.place.lon:.1f}"
    return f"{who} ~{around}" if mark.place.used_as != "name" else f"{who} @{around}"


def _legend() -> Text:
    legend = Text("\n")
    for kind, colour in COLOURS.items():
        legend.append(kind, colour).append("  ")
    return legend.append("on the map", ON_THE_MAP)


def _who(entity: Entity, text: str) -> Iterator[Text]:
    count = f"{len(entity.spans)} mention{'s' if len(entity.spans) > 1 else ''}"
    acts = f", country {entity.country}" if entity.country else ""
    yield (
        Text("  ")
        .append(entity.name, COLOURS[entity.kind])
        .append(f"  {entity.id}  {entity.kind}, {count}{acts}, ")
        .append(f"confidence {entity.confidence:.2f}, salience {entity.salience:.2f}", "dim")
    )
    forms = list(dict.fromkeys(" ".join(span.of(text).split()) for span in entity.spans))
    if forms != [entity.name]:
        yield Text(f"    as {' · '.join(forms[:MOST_FORMS])}{' · …' if len(forms) > MOST_FORMS else ''}", "dim")
    roles = dict.fromkeys(f"{role.text} ({role.country})" if role.country else role.text for role in entity.roles)
    if roles:
        yield Text(f"    called {' · '.join(roles)}", "dim")


def _written(annotated: AnnotatedArticle) -> list[Text]:
    """What the article says of its own writing."""
    written, text = annotated.written, annotated.article.text
    if written is None:
        return []
    told = [("in", written.place), ("on", written.date), ("for", written.agency)]
    told += [("by", author) for author in written.authors]
    parts = [f"{word} {' '.join(span.of(text).split())}" for word, span in told if span is not None]
    return [Text(f"  {', '.join(parts)}")] if parts else []


def _wheres(annotated: AnnotatedArticle) -> list[Text]:
    shown = [line for place in annotated.places for line in _where(place)]
    return shown + [line for place in annotated.allusions for line in _where(place)]


def _where(place: Place) -> Iterator[Text]:
    around = ", ".join(filter(None, (place.admin1 if place.admin1 != place.name else None, place.country)))
    known = f", geonames {place.geonames}" if place.geonames else ""
    yield (
        Text("  ")
        .append(place.name, COLOURS["location"])
        .append(f" ({around}) " if around else " ")
        .append(f"{place.feature} at {place.lat:.2f}, {place.lon:.2f}{known}, confidence {place.confidence:.2f}")
        .append("".join(f", {word}" for word in _apart(place)), "dim")
    )
    runner_up = f"; otherwise {place.runner_up}" if place.runner_up else ""
    yield Text(f"    {place.reason}{runner_up}", "dim")


def _apart(place: Place) -> Iterator[str]:
    """In what a place is not simply one that the article names."""
    if place.used_as != "name":
        yield {"demonym": "only as an adjective", "embedded": "only inside another name"}[place.used_as]
    if place.approximate:
        yield "the point of the town around it"
    if place.metonyms:
        yield f"{len(place.metonyms)} of {len(place.spans)} mentions stand for who acts there"


def _about(annotated: AnnotatedArticle) -> list[Text]:
    focus = annotated.focus
    if focus is None:
        return [Text("  about no one place", "dim")] if annotated.annotated else []
    around = f" ({focus.country})" if focus.country else ""
    return [Text("  about ").append(focus.name, "bold").append(f"{around}, confidence {focus.confidence:.2f}")]


def _has_sides(stance: Stance) -> bool:
    return bool(stance.holder_side or stance.target_side)


def _sides(stance: Stance, text: str) -> Iterator[Text]:
    sign, colour = ("for", "green") if stance.polarity > 0 else ("against", "red")
    yield (
        Text(f"  {stance.holder_name} ")
        .append(sign, colour)
        .append(f" {stance.target_name}, {stance.polarity:+.2f}, confidence {stance.confidence:.2f}")
        .append(", quoted" if stance.quoted else "")
        .append(f", {stance.act} ({stance.quad})" if stance.act else "")
        .append(f", {stance.holder_side or '?'} to {stance.target_side or '?'}" if _has_sides(stance) else "", "dim")
    )
    for evidence in stance.evidence:
        yield Text(f"    “{' '.join(evidence.of(text).split())}”", "dim")
