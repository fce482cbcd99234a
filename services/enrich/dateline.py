"""Tell an article's dateline, byline and credits from its story: who wrote it where is no part of what happened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.annotations import Entity, Written
from schemas.message import Span
from services.enrich.boundaries import Bounds

HEAD = 3000
"""A dateline stands below the captions, if there are any: within so many characters."""

_AGENCIES = (
    r"(?:The )?(?:Associated Press|AP|Reuters|RTRS|Thomson Reuters(?: Foundation)?|Agence France-Presse|AFP|UPI|Xinhua|"
    r"CNN(?: Business)?|Bloomberg(?: News)?|dpa|DPA|EFE|ANSA|Kyodo(?: News)?|Yonhap(?: News)?|TASS|ITAR-TASS|Interfax|"
    r"RIA Novosti|Sputnik|KCNA|VNA|PTI|ANI|IANS|APP|Anadolu(?: Agency)?|AA|WAFA|MENA|NPR|BBC(?: News)?|CNSNews\.com|"
    r"Fox News(?: Channel)?|Religion News Service|RNS|McClatchy|Tribune News Service|Washington Post|New York Times|"
    r"Canadian Press|CP|USA TODAY|PRNewswire|BUSINESS WIRE|Business Wire|GLOBE NEWSWIRE|ProPublica|Al Jazeera|CBS News|"
    r"NBC News|ABC News|POLITICO|AAP|EPA|Getty Images)"
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_DATE = rf"(?:{_MONTH}\s+\d{{1,2}}(?:,?\s+\d{{4}})?|\d{{1,2}}\s+{_MONTH}(?:\s+\d{{4}})?|\d{{4}}-\d\d-\d\d)"
_WORD = r"[^\W\d_][\w.'’-]*"
_NOT_MONTH = rf"(?!{_MONTH}\s+\d)"
_LONG_DASH = r"(?:\s*[–—―]+\s*|\s+-{1,3}\s+|\s*--+\s*|-\s+|\s*[\x96\x97]\s*)"
_DATELINE = re.compile(
    rf"(?P<place>{_WORD}(?:[ /]+{_WORD}){{0,4}}?)?"
    rf"(?P<region>,\s*{_NOT_MONTH}{_WORD}(?: {_WORD}){{0,3}}?)?"
    rf"(?:,?[ ]*(?P<date>{_DATE}))?"
    rf"(?:[ ]*[(/][ ]*(?P<agency>[^()/\n]{{2,40}}?)[ ]*[)/](?P<then>{_LONG_DASH}|[ ]*:[ ]|[ ]+|$)"
    rf"|(?P<dash>{_LONG_DASH})|(?<=\d)(?=\n|$))"
)
_KNOWN = re.compile(_AGENCIES)
# Not a party and its state: "John Lewis (D-Ga.) - ".
_AN_AGENCY = re.compile(r"(?![DRI]-)[A-Z][\w.&-]*(?: [A-Z][\w.&-]*){0,3}")
# What stands before a dash in capitals, and is no place.
_LABELS = frozenset(
    """news file watch update updated breaking exclusive opinion video photo photos correction corrected analysis note
    read more new live related editorial commentary column review transcript fact check q a rtrs factbox timeline
    explainer interview feature advisory embargoed developing report poll warning spoiler ad sponsored gallery listen
    see also summary highlights background press release for immediate caption image""".split()  # noqa: SIM905
)
# A sentence that follows on a headline in one line is a place for a dateline too.
_LINE_OR_SENTENCE = re.compile(r"(?:^|(?<=[A-Za-z]{3}[.!?] )(?=[A-Z]))[ \t]*(?=[\w(])", re.MULTILINE)

_NAME = r"(?:(?:(?!AND\b)[A-Z][\w’'-]*\.?|de|la|van|von|der|den|bin|al|el|di|da|dos)[ \t]+){1,3}(?!AND\b)[A-Z][\w’'-]+"
_AUTHOR = re.compile(rf"(?<!\w)(?!(?:The|Follow|Contact|Photo) ){_NAME}")
_BYLINE = re.compile(
    rf"^[ \t]*(?:by|BY|By)[ \t]+(?P<names>{_NAME}(?:(?:,|,? and|,? AND| &)[ \t]+{_NAME})*)"
    rf"(?:,?[ \t]+(?:in|for|at)[ \t]+[A-Z][^\n.!?]{{1,40}})?(?:[ \t]*[,|•·–—/-][^\n]{{0,60}})?[ \t]*$",
    re.MULTILINE,
)
_CREDIT = re.compile(
    r"^[ \t]*\(?(?:(?:additional |with )?(?:reporting|writing|research)(?: by (?-i:[A-Z])|:)|"
    r"(?:compiled|edited|written|reported|editing) by (?-i:[A-Z])|contribut(?:ing|ors?):)[^\n]*$"
    r"|^[^\n]{3,250}\bcontributed (?:to this|(?:additional )?reporting)\b[^\n]{0,40}$",
    re.IGNORECASE | re.MULTILINE,
)
_EDITING = re.compile(r"\b(?:edit(?:ing|ed)) by\b", re.IGNORECASE)
_PHOTO = re.compile(
    rf"\((?=[^()\n]*(?i:\b(?:photo|image|courtesy|handout|via|pool)\b))"
    rf"(?:(?i:file )?(?i:photo|image|courtesy|handout)[^()\n]*|[^()\n]*?(?:{_AGENCIES})[^()\n]*)\)"
)
_PHOTO_AGENCY = re.compile(
    r"[ ]*/[ ]*(?:(?:via|Pool|POOL)[ /]+)*(?:REUTERS|Reuters|AFP|AP|Getty Images|EPA|TASS|Sputnik|Bloomberg|Xinhua)\b"
)
_PHOTOGRAPHER = re.compile(r"\b[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){1,3}$")
# Credits stand at the end: of a long article the rest need not be read for them.
_TAIL = 1500


@dataclass(frozen=True, slots=True)
class _Dateline:
    whole: Span
    place: Span | None
    date: Span | None
    agency: Span | None

    @property
    def bare(self) -> bool:
        """Is it but a place's name?"""
        return self.date is None and self.agency is None and self.place == self.whole


def written(text: str, mentions: Sequence[Bounds] = ()) -> Written | None:
    """Say where, when, by whom and for which agency an article says that it was written; none if it says nothing.

    Where a dateline is but a name and a dash, the mentions tell a town from others who are put before a dash.
    `apart` holds the stretches that say so: a name in them is a name, and no actor and no place of the story.
    """
    dateline = _dateline(text, mentions)
    bylines = list(_BYLINE.finditer(text[:HEAD]))
    tail = max(0, len(text) - _TAIL)
    credits = [Span(start=tail + found.start(), end=tail + found.end()) for found in _CREDIT.finditer(text[tail:])]
    authors = [span for byline in bylines for span in _names(text, *byline.span("names"))]
    editors: list[Span] = []
    for credit in credits:
        for is_editing, span in _credited(text, credit):
            (editors if is_editing else authors).append(span)
    apart = [
        *([dateline.whole] if dateline else []),
        *(Span(start=byline.start(), end=byline.end()) for byline in bylines),
        *credits,
        *_photos(text),
    ]
    if not apart:
        return None
    return Written(
        place=dateline.place if dateline else None,
        date=dateline.date if dateline else None,
        agency=dateline.agency if dateline else None,
        authors=tuple(authors),
        editors=tuple(editors),
        apart=tuple(sorted(apart, key=lambda span: (span.start, span.end))),
    )


def stands_apart(start: int, end: int, frame: Written | None) -> bool:
    """Is this a word of the dateline, the byline or a credit, and so not of the story?"""
    return frame is not None and any(span.start <= start and end <= span.end for span in frame.apart)


def told_of(entities: Sequence[Entity], frame: Written | None) -> list[Entity]:
    """The entities as the story names them, without what only its dateline, byline and credits say."""
    told = [(entity, spans_of_story(entity.spans, frame)) for entity in entities]
    return [
        entity if len(spans) == len(entity.spans) else entity.model_copy(update={"spans": spans})
        for entity, spans in told
        if spans
    ]


def spans_of_story(spans: Sequence[Span], frame: Written | None) -> tuple[Span, ...]:
    """The spans that do not stand in the dateline, the byline or a credit."""
    return tuple(span for span in spans if not stands_apart(span.start, span.end, frame))


def _dateline(text: str, mentions: Sequence[Bounds]) -> _Dateline | None:
    head = text[:HEAD]
    for beginning in _LINE_OR_SENTENCE.finditer(head):
        found = _DATELINE.match(head, beginning.end())
        if not found or not _is_dateline(found, head):
            continue
        end = max(found.end(part) + (part == "agency") for part in ("place", "region", "date", "agency"))
        whole = Span(start=found.start(), end=end)
        dateline = _Dateline(whole, _span(found, "place"), _span(found, "date"), _span(found, "agency"))
        if not dateline.bare or _may_be_a_town(text, whole, mentions):
            return dateline
    return None


def _is_dateline(found: re.Match[str], text: str) -> bool:
    place, agency, date = found["place"] or "", found["agency"] or "", found["date"]
    if place and {word.casefold().strip(".'’-") for word in re.split(r"[ /]+", place)} <= _LABELS:
        return False
    known = bool(_KNOWN.fullmatch(agency))
    if not place:
        return known and not found["region"] and not date
    if len(place.strip(".")) < 3 or not _all_capitalised(place):
        return False
    if agency:
        # "Hanoi (VNA) – Vietnam said": any agency, where a dash follows; without one ("Paris (CNN) It") a known one.
        return known or (bool(found["then"].strip(" :")) and bool(_AN_AGENCY.fullmatch(agency)))
    if not place.isupper():
        return False
    # "SOCCER - JAPAN GET LUCKY WIN" is a headline, and "LONDON 1996-08-30" stands alone in its line.
    after = text[found.end() : found.end() + 40]
    return not found["dash"] or bool(after.strip() and not after.isupper())


def _may_be_a_town(text: str, span: Span, mentions: Sequence[Bounds]) -> bool:
    named = [mention.kind for mention in mentions if mention.start < span.end and span.start < mention.end]
    begins_a_line = span.start == 0 or text[span.start - 1] == "\n"
    return "location" in named or (begins_a_line and not named)


def _all_capitalised(place: str) -> bool:
    return all(
        word[:1].isupper() or word in ("de", "la", "of", "the", "al", "el", "du", "es") for word in place.split()
    )


def _span(found: re.Match[str], part: str) -> Span | None:
    return Span(start=found.start(part), end=found.end(part)) if found[part] else None


def _photos(text: str) -> Iterator[Span]:
    """Whose picture it is: "(AP Photo/Jane Doe)", "Jane Doe/Reuters"."""
    for found in _PHOTO.finditer(text):
        yield Span(start=found.start(), end=found.end())
    for found in _PHOTO_AGENCY.finditer(text):
        before = max(0, found.start() - 60)
        if name := _PHOTOGRAPHER.search(text[before : found.start()]):
            yield Span(start=before + name.start(), end=found.end())


def _names(text: str, start: int, end: int) -> Iterator[Span]:
    for found in _AUTHOR.finditer(text, start, end):
        if not _KNOWN.search(found.group()):
            yield Span(start=found.start(), end=found.end())


def _credited(text: str, credit: Span) -> Iterator[tuple[bool, Span]]:
    """The people of a credit line, each with whether they edited; who follows "in" is the town that they wrote from."""
    editing = [found.start() for found in _EDITING.finditer(text, credit.start, credit.end)]
    for span in _names(text, credit.start, credit.end):
        if not text[max(credit.start, span.start - 4) : span.start].endswith((" in ", "n ")):
            yield bool(editing) and span.start > editing[0], span
