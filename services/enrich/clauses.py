"""Read a sentence as far as who does what needs it: its words, whose verb a verb is, and how far a verb reaches."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from schemas.message import Span

Who = Literal["", "holder", "target", "other"]

_WORDS = re.compile(r"[A-Za-z]\w*(?:[.-]\w+)*(?:n[’']t)?|[’']s?\b|\d\w*(?:[.,]\d+)*|[^\w\s]")

_AUXILIARIES = frozenset(
    """has have had having do does did also again then later now still even already once yesterday today tonight
    tomorrow publicly both jointly formally long soon first finally since just recently immediately often always
    sometimes in turn itself himself herself themselves all have' ’ve 've""".split()  # noqa: SIM905
)
_BE = frozenset("is are was were be been being am get got gets".split())  # noqa: SIM905
NEGATIONS = frozenset(
    """not never hardly neither nor didn’t didn't doesn’t doesn't don’t don't hasn’t hasn't haven’t haven't hadn’t
    hadn't wouldn’t wouldn't won’t won't cannot can’t can't isn’t isn't wasn’t wasn't without""".split()  # noqa: SIM905
)
_FUTURE = frozenset("will would ’ll 'll shall".split())  # noqa: SIM905
_HEDGES = frozenset(
    """may might could can should ought must if whether reportedly allegedly perhaps possibly maybe rumored rumoured
    likely unlikely supposedly consider considers considered considering weigh weighs weighed weighing mull mulls
    mulled mulling want wants wanted hope hopes hoped try tries tried trying attempt attempts attempted seek seeks
    sought need needs needed expected expects expect appeared appears seemed seems wanting hoping accused urged
    asked""".split()  # noqa: SIM905
)
_PROMISES = frozenset(
    """vow vows vowed vowing pledge pledges pledged pledging promise promises promised promising agree agrees agreed
    agreeing offer offers offered offering plan plans planned planning intend intends intended prepare prepares prepared
    preparing undertake undertook swear swore sworn set going willing ready due committed""".split()  # noqa: SIM905
)
_THREATS = frozenset("threaten threatens threatened threatening".split())  # noqa: SIM905
_REFUSALS = frozenset(
    """refuse refuses refused refusing decline declines declined declining fail fails failed failing deny denies denied
    denying stopped avoided avoids stop avoid ceased refrained short""".split()  # noqa: SIM905
)
_GOES_ON = frozenset(
    """continue continues continued continuing begin begins began begun start starts started decide decides decided
    helped help helps managed chose dared moved moves kept repeatedly join joins joined to on""".split()  # noqa: SIM905
)
_SAYS = frozenset(
    """said says say saying announced announces confirmed confirms declared declares added stressed insisted insists
    told claimed noted reiterated reported""".split()  # noqa: SIM905
)
_SMALL = frozenset("who no longer of and the day".split())  # noqa: SIM905
_ITSELF = frozenset("it he she they we i its his her their".split())  # noqa: SIM905
_PREPOSITIONS = frozenset(
    "in on at during after before amid following over late early this last next as since for".split()  # noqa: SIM905
)
STARTS_A_CLAUSE = frozenset(
    """that which who whom whose when where because while if whether unless although though until said says told which
    why how ; : “ ” \"""".split()  # noqa: SIM905
)
OF_THE_SIDE = frozenset(
    """government governments administration military army forces force troops soldiers police officials official
    leaders leader president minister ministers ministry premier prime foreign defense defence finance interior
    spokesman spokeswoman spokesperson parliament lawmakers authorities navy jets warplanes planes artillery envoy
    ambassador ambassadors embassy diplomat diplomats regime court courts delegation representatives representative
    chancellor king queen prince senate congress cabinet state council secretary chief head deputy vice senior top
    national security general former acting air fighters militants rebels group party campaign team company union
    chairman chair chairwoman director governor mayor senator sen rep gov pope bishop judge capital
    republicans democrats supreme new newly late members member officers agents warships drones missiles missile
    prosecutors prosecutor investigators side counterpart""".split()  # noqa: SIM905
)
_TELLINGS = frozenset(
    "report statement letter speech resolution bill tweet tweets petition note message motion lawsuit ad".split()  # noqa: SIM905
)
_BEFORE_A_SUBJECT = frozenset(
    """the a an this its his her their both and but however meanwhile yet , – — ( ) ’s 's ’ . | -""".split()  # noqa: SIM905
)


class Word(NamedTuple):
    """One word, small, and which of the two it names; a name of several words is one."""

    text: str
    who: Who = ""
    capital: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """How a verb belongs to its subject: plainly, or denied, refused, threatened, promised or only guessed."""

    passive: bool = False
    negated: bool = False
    refused: bool = False
    threatened: bool = False
    promised: bool = False
    hedged: bool = False


def words_of(
    text: str, sentence: Span, holder: Collection[Span], target: Collection[Span], others: Collection[Span]
) -> list[Word]:
    """The sentence's words; where names overlap, the holder's and the target's count."""
    marked: list[tuple[int, int, Who]] = []
    named: tuple[tuple[Who, Collection[Span]], ...] = (("holder", holder), ("target", target), ("other", others))
    for who, spans in named:
        for span in spans:
            inside = sentence.start <= span.start and span.end <= sentence.end
            if inside and all(span.end <= start or end <= span.start for start, end, _ in marked):
                marked.append((span.start, span.end, who))
    found, at = [], sentence.start
    for start, end, who in [*sorted(marked), (sentence.end, sentence.end, "")]:
        found += [Word(word.casefold(), "", word[0].isupper()) for word in _WORDS.findall(text, at, start)]
        if who:
            found.append(Word(text[start:end].casefold(), who, capital=True))
        at = max(at, end)
    return found


def clause_of(words: Sequence[Word], subject: int, verb: int) -> Clause | None:
    """How the verb belongs to the subject before it, or none where it is not clearly the subject's."""
    if not is_subject(words, subject):
        return None
    clause = _chain(words, subject + 1, verb)
    if clause is not None:
        return clause
    if words[verb].text.endswith("ing") and words[verb - 1].text in _TELLINGS:
        told = words[subject + 1 : verb]
        plain = any(map(_is_past, told)) and not any(word.text in STARTS_A_CLAUSE for word in told)
        return Clause() if plain else None
    # "Ruiz flew to Oslo on Friday and met Holm": what follows "and" has the subject of the verb before.
    for at in range(verb - 1, subject + 1, -1):
        if words[at].text not in ("and", "but", "then", ","):
            continue
        told = words[subject + 1 : at]
        if any(word.text in STARTS_A_CLAUSE for word in told) or not any(map(_is_past, told)):
            return None
        if words[at].text == ",":
            return Clause() if at == verb - 1 and words[verb].text.endswith("ing") else None
        return _chain(words, at + 1, verb)
    return None


def is_subject(words: Sequence[Word], at: int) -> bool:
    """Can this name be what a verb after it tells of? "A critic of Ruiz said" tells of the critic."""
    for before in range(at - 1, max(-1, at - 9), -1):
        word = words[before]
        if word.text in _BEFORE_A_SUBJECT or word.text in STARTS_A_CLAUSE:
            if word.text in ("’s", "'s", "’", "the", "a", "an", "its", "his", "her", "their", "this"):
                continue
            return True
        if word.text == "of":
            return before > 0 and words[before - 1].text in OF_THE_SIDE
        if word.text in OF_THE_SIDE or word.who or word.capital or _is_adjective(word.text):
            continue
        return word.text in ("when", "as", "after", "before", "and", "than", "because", "since", "or")
    return True


def _is_adjective(word: str) -> bool:
    return word.endswith(("ian", "ish", "ese", "al", "ive", "ent", "ant", "year-old", "ist", "ern", "elect"))


def _is_past(word: Word) -> bool:
    return not word.who and (
        word.text.endswith(("ed", "ew", "oke", "ought", "aid")) or word.text in _IRREGULAR_PASTS or word.text in _SAYS
    )


_IRREGULAR_PASTS = frozenset(
    """met held went came took gave left made sent spoke told won lost broke struck cut hit put rose fell was were is
    has had""".split()  # noqa: SIM905
)


def _chain(words: Sequence[Word], first: int, verb: int) -> Clause | None:
    """Read what stands between a subject and its verb; none if it is more than a verb's own train."""
    flags: set[str] = set()
    at, aside, last = first, False, ""
    while at < verb:
        text = words[at].text
        if text in (",", "(", "—", "–"):
            closing = next((n for n in range(at + 1, verb) if words[n].text in (",", ")", "—", "–")), None)
            if closing is None:
                if at + 1 < verb and words[at + 1].text in ("who", "which"):
                    at += 2
                    continue
                return Clause() if at == verb - 1 and words[verb].text.endswith("ing") else None
            at, aside = closing + 1, False
            continue
        if text in ("’s", "'s", "’"):
            side = next((n for n in range(at + 1, min(at + 5, verb)) if words[n].text in OF_THE_SIDE), None)
            if side is None:
                return None
            at = side
        elif text in NEGATIONS or (text == "longer" and last == "no"):
            flags.add("negated")
        elif text in _BE:
            flags.add("be")
        elif text in _FUTURE or (text in _PROMISES and _leads_on(words, at)):
            # "is prepared to" makes no passive of what follows.
            flags.discard("be")
            flags.add("promised")
        elif text in _HEDGES:
            flags.add("hedged")
        elif text in _THREATS:
            flags.add("threatened")
        elif text in _REFUSALS:
            flags.add("refused")
        elif text in _SAYS:
            at = _after_saying(words, at, verb)
            if at < 0:
                return None
            aside = False
            continue
        elif text in _PREPOSITIONS:
            aside = text not in ("to", "on") or words[at + 1].text not in _GOES_ON
        elif text == "that" and last in _REFUSALS and words[at + 1].text in _ITSELF:
            # "Denied that it opposed" is of the one who denies.
            at += 1
        elif (text in STARTS_A_CLAUSE and not (text == "who" and at == first)) or not (
            aside or _is_of_the_train(words[at], last)
        ):
            return None
        elif aside and (text in _GOES_ON or _is_past(words[at])) and text not in ("on", "to"):
            # The adjunct is over where a verb begins.
            return None
        last, at = text, at + 1
    return _read(flags, words[verb].text)


def _is_of_the_train(word: Word, last: str) -> bool:
    """Is it a word that changes nothing of whose verb follows: an adverb, a day, "spokesman", a name after that?"""
    text = word.text
    if word.who and last in (*OF_THE_SIDE, "and", "&", "of"):
        return True
    small = text in _AUXILIARIES or text in _GOES_ON or text in OF_THE_SIDE or text in _SMALL
    return small or text.endswith(("ly", "day")) or text[0].isdigit()


def _leads_on(words: Sequence[Word], at: int) -> bool:
    return any(word.text in ("to", "not") for word in words[at + 1 : at + 4])


def _after_saying(words: Sequence[Word], at: int, verb: int) -> int:
    """Where "said on Monday that it" ends; -1 where another speaks on."""
    for after in range(at + 1, min(at + 6, verb)):
        if words[after].text in _ITSELF:
            return after + 1
    return -1


def _read(flags: set[str], verb: str) -> Clause:
    return Clause(
        passive="be" in flags and not verb.endswith("ing"),
        negated="negated" in flags,
        refused="refused" in flags,
        threatened="threatened" in flags,
        promised="promised" in flags,
        hedged="hedged" in flags,
    )
