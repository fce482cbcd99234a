"""Say which deeds of an article its story has not told: an arrest, a pact, an answer to what another did."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from schemas.annotations import Deed, Entity
from schemas.message import Span
from services.enrich.act_words import QUADS
from services.enrich.called import names_of, words_of
from services.enrich.chronicle import Chronicle
from services.enrich.claims import Claims
from services.enrich.known import is_named


@dataclass(frozen=True, slots=True)
class NewAct:
    """A deed that is new, in words; the key has its doer where another had done the like before."""

    key: tuple[str, ...]
    reason: str
    score: float
    subject: str
    span: Span


def new_acts(claims: Claims, so_far: Chronicle) -> Iterator[NewAct]:
    """The deeds of an article that are news and that its story has not told."""
    article = claims.annotated.article
    for deed in claims.news_deeds:
        key = _key(deed, claims, so_far)
        if key is None:
            continue
        act = next(
            (one for one in claims.acts if one.act == deed.act and one.is_told_at(deed.span)),
            None,
        )
        words = _with_object(article.text, deed.span)
        who = f"{act.stance.holder_name} towards {act.stance.target_name}: " if act else ""
        yield NewAct(
            key,
            f"{who}“{words}” ({deed.act}, {QUADS[deed.act]}) is told for the first time.",
            0.7 if act else 0.6,
            act.stance.holder if act else deed.name,
            deed.span,
        )


def told_again(claims: Claims, key: tuple[str, ...]) -> bool:
    """Does the article tell a deed that its story keeps under this key?"""
    name, *doer = key
    return name in claims.told_deeds and all(one in claims.names for one in doer)


def _key(deed: Deed, claims: Claims, so_far: Chronicle) -> tuple[str, ...] | None:
    """What makes the deed new: nobody told it yet, or only as what had been done before; or another body does it."""
    told = so_far.deeds.get(deed.name)
    if told is None or (told == "earlier" and any(one.name == deed.name for one in claims.title_deeds)):
        return (deed.name,)
    subject = claims.subject_of(deed)
    if subject is None:
        return None
    if not is_named(subject, claims, so_far):
        return (deed.name, subject.id) if _is_body(subject) else (deed.name,)
    # What one country or body did, another may do in return.
    did = so_far.doers.get(deed.name, [])
    if did and _is_body(subject) and set(did).isdisjoint((*names_of(subject), *words_of(subject))):
        return (deed.name,)
    return None


def _is_body(entity: Entity) -> bool:
    return entity.kind == "organization" or (entity.kind == "location" and entity.country is not None)


def _with_object(text: str, verb: Span) -> str:
    """The verb with a few words that follow it, as far as the clause goes."""
    match = _FEW_MORE.match(text, verb.start)
    end = match.end() if match else verb.end
    # Cut in the middle of a phrase, it says so.
    return text[verb.start : end] + ("…" if text[end : end + 1] == " " else "")


_FEW_MORE = re.compile(r"\w[\w’'-]*(?:[ \n]+[\w$€£][\w’'.,$€£-]*(?<![.,])){0,4}")
