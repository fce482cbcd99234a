"""Find direct speech in an article, and say whose it is: named beside it, before it, or in the paragraph before."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.annotations import Entity
from schemas.message import Span
from services.enrich.clauses import OF_THE_SIDE
from services.enrich.personal_names import read_name
from services.enrich.quotation_marks import QuotedWords, quoted_words

_SAYS = (
    r"(?:said|says|told|tells|added|adds|stated|states|wrote|writes|tweeted|posted|declared|declares|announced|insisted|"
    r"insists|argued|argues|warned|warns|replied|continued|continues|noted|notes|explained|explains|commented|remarked|"
    r"claimed|claims|concluded|acknowledged|admitted|promised|vowed|quipped|joked|testified|recalled|responded|asserted|"
    r"stressed|complained|countered|observed|charged|thundered|asked|fumed|shouted|lamented|reiterated|emphasized)"
)
# Never given back (*+): "July" and "recently" are read in two ways each, and a run of them in two to the power of it.
_LATER = (
    r"(?:\s+(?:also|has|had|later|then|once|again|previously|recently|on|in|at|an?|the|statement|interview|speech|tweet|"
    r"\w+ly|\w+day|[\d:.]+|week|month|year|last|earlier|this|night|morning|afternoon|evening|January|February|March|April|"
    r"May|June|July|August|September|October|November|December)(?!\w))*+"
)
_ASIDE = r"(?:\s*[,(–—][^,()–—“”\"\n]{1,90}[,)–—])?"
_THEN_SAYS = re.compile(rf"{_ASIDE}{_LATER}\s+{_SAYS}\b")
_PRONOUN_SAYS = re.compile(rf"[\s,–—-]*(?P<who>he|she)\b{_LATER}\s+{_SAYS}\b", re.IGNORECASE)
_SAYS_WHO = re.compile(rf"[\s,–—-]*{_SAYS}\s+")
_SAYS_PRONOUN = re.compile(rf"[\s,–—-]*{_SAYS}\s+(?P<who>he|she)\b", re.IGNORECASE)
_GOES_OVER = re.compile(r"[\s,–—-]*(?:and|but|while|as|though)\b", re.IGNORECASE)
_SAYS_LAST = re.compile(rf"\b{_SAYS}\b(?![^.!?]*[.!?]\s)")
_ACCORDING = re.compile(r"\b[Aa]ccording to\s+$")
_PRONOUN_BEFORE = re.compile(rf"(?:^|[\s,])(?P<who>he|she){_LATER}\s*$", re.IGNORECASE)
_ABBREVIATION = r"(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bDr)(?<!\bSen)(?<!\bRep)(?<!\bGov)(?<!\bGen)(?<!\bLt)(?<!\b[A-Z])"
_STOP = re.compile(rf"{_ABBREVIATION}[.!?][”\"]?\s+|\n")
_SUBJECT_ENDS = re.compile(
    rf"{_ABBREVIATION}\.|[;:!?“”\"\n]|,|\b(?:in|on|at|after|before|during|who|which|when|while|as|from|about)\b"
)
_POSSESSED = re.compile(r"[’']s?\s+\w")
_SPOKESPERSON = re.compile(r"\bspokes(?:man|woman|person)\b", re.IGNORECASE)

MALE_OR_FEMALE = {"he": "male", "she": "female"}
_COURTESY = re.compile(r"(?:Mr|Mrs|Ms|Miss|Sir|Lady)\.? $")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in quotation marks, marks and all; who said them, by entity id, and the words that tell so."""

    span: Span
    speaker: str | None = None
    cue: Span | None = None


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    entity: Entity


@dataclass(frozen=True, slots=True)
class _Told:
    """Who speaks, and where it says so."""

    speaker: Entity
    cue: Span


def find_quotations(text: str, entities: Sequence[Entity]) -> tuple[Quotation, ...]:
    """Give an article's quotations in order, each with its speaker where that is clear.

    Entities are those that can speak: people, organizations, countries. Single marks are not read: they are mostly
    apostrophes, or quotations in a quotation.
    """
    quotes = list(quoted_words(text))
    if not quotes:
        return ()
    reader = _Reader(text, quotes, entities)
    found: list[tuple[QuotedWords, _Told | None]] = []
    for quote in quotes:
        found.append((quote, reader.speaker_of(quote, found)))
    return tuple(
        Quotation(Span(start=quote.start, end=quote.end), told.speaker.id if told else None, told.cue if told else None)
        for quote, told in found
    )


class _Reader:
    """One article, read for who speaks."""

    def __init__(self, text: str, quotes: Sequence[QuotedWords], entities: Sequence[Entity]) -> None:
        self.text = text
        inside = [(quote.start, quote.end) for quote in quotes]
        starts = [start for start, _ in inside]

        def is_quoted(at: int) -> bool:
            before = bisect_left(starts, at) - 1
            return before >= 0 and at < inside[before][1]

        self.mentions = sorted(
            (
                _Mention(span.start, span.end, entity)
                for entity in entities
                for span in (*entity.spans, *entity.references)
                if not is_quoted(span.start)
            ),
            key=lambda mention: (mention.start, -mention.end),
        )
        self.starts = [mention.start for mention in self.mentions]
        self.genders: dict[str, str | None] = {}

    def speaker_of(self, quote: QuotedWords, before: Sequence[tuple[QuotedWords, _Told | None]]) -> _Told | None:
        """Who says it: told after it, or before it, or as what was quoted last."""
        last, last_told = before[-1] if before else (None, None)
        told = self._told_after(quote)
        if told is None or told.speaker.kind != "person":
            # "Ruiz told Holm that …, the agency said" is said by Ruiz.
            told = self._told_before(quote, last) or told
        if told is not None:
            return told
        if last is not None and last_told is not None:
            between = self.text[last.end : quote.start]
            if last.paragraph == quote.paragraph and not between.strip(" ,.\n"):
                return last_told
            if last.paragraph == quote.paragraph and self._is_all_cue(last, quote, last_told):
                return last_told
            if quote.goes_on and not between.strip():
                return last_told
        return self._told_in_the_paragraph_before(quote, last, last_told)

    def _told_after(self, quote: QuotedWords) -> _Told | None:
        """ "…," said Ruiz; "…," Ruiz said; "…," he said."""
        text, last = self.text, quote.paragraph_end
        if text[quote.end - 2] in ".!" and not re.match(r"\s*,?\s*(?:—|–|-)?\s*[a-z]", text[quote.end : quote.end + 4]):
            # A quotation that ended its sentence is told of by no next one: "… ." Ruiz said later that …
            return None
        for pattern in (_PRONOUN_SAYS, _SAYS_PRONOUN):
            if pronoun := pattern.match(text, quote.end, last):
                return self._meant_by(pronoun, quote.start)
        if says := _SAYS_WHO.match(text, quote.end, last):
            return self._subject_from(says.end(), last)
        if _GOES_OVER.match(text, quote.end, last):
            return None
        for mention in self._within(quote.end, min(last, quote.end + 90)):
            if not _is_title(text[quote.end : mention.start]):
                return None
            if _THEN_SAYS.match(text, mention.end, last):
                return _Told(mention.entity, Span(start=mention.start, end=mention.end))
        return None

    def _subject_from(self, first: int, last: int) -> _Told | None:
        """Who is named after "said": "Norwegian President Ana Ruiz", "a spokesman for the army", "Ruiz's aide Moe"."""
        ends = _SUBJECT_ENDS.search(self.text, first, last)
        named = [*self._within(first, ends.start() if ends else last)]
        free = [mention for mention in named if not _POSSESSED.match(self.text, mention.end)]
        people = [mention for mention in free if mention.entity.kind == "person"]
        for mention in people or free[:1]:
            words = self.text[first : mention.start]
            if _is_title(words) or (
                _SPOKESPERSON.search(words) and _is_title(_SPOKESPERSON.sub("", words).replace(" for ", " "))
            ):
                return _Told(mention.entity, Span(start=mention.start, end=mention.end))
        return None

    def _told_before(self, quote: QuotedWords, last: QuotedWords | None) -> _Told | None:
        """Ruiz said: "…"; he told reporters that "…"; according to Ruiz, "…"."""
        first = max(quote.paragraph, last.end if last is not None else 0)
        begins = self._sentence_start(first, quote.start)
        says = next(reversed([*_SAYS_LAST.finditer(self.text, begins, quote.start)]), None)
        named = [*self._within(begins, quote.start)]
        if says is None:
            for mention in named:
                told = _ACCORDING.search(self.text[max(0, mention.start - 40) : mention.start])
                if told and self.text[mention.end : quote.start].strip(" ,") == "":
                    return _Told(mention.entity, Span(start=mention.start, end=mention.end))
            return None
        if any(mention.start > says.end() + 60 for mention in named) or quote.start - says.end() > 120:
            return None
        if pronoun := _PRONOUN_BEFORE.search(self.text[begins : says.start()].rstrip()):
            place = re.compile(re.escape(pronoun["who"])).search(self.text, begins + pronoun.start("who"))
            return self._meant_by(place, begins, pronoun["who"]) if place else None
        for mention in reversed([mention for mention in named if mention.end <= says.start()]):
            if _THEN_SAYS.fullmatch(self.text, mention.end, says.end()):
                if self._belongs_to_another(mention):
                    return None
                return _Told(mention.entity, Span(start=mention.start, end=mention.end))
        return None

    def _belongs_to_another(self, mention: _Mention) -> bool:
        """ "A lawyer for Ruiz said" is not Ruiz; "a spokesman for Ruiz" is as good as he."""
        before = self.text[max(0, mention.start - 60) : mention.start]
        tail = re.search(r"([\w-]+) (?:for|of|to|with|by) (?:the |its |his |her )?(?:[A-Z][\w.]* ){0,3}$", before)
        return tail is not None and not (
            _SPOKESPERSON.fullmatch(tail[1]) or (mention.entity.kind != "person" and tail[1].lower() in OF_THE_SIDE)
        )

    def _is_all_cue(self, last: QuotedWords, quote: QuotedWords, told: _Told) -> bool:
        """Does nothing but "he said", and to whom, stand between two quotations of one paragraph?"""
        if quote.start - last.end > 200 or _STOP.search(self.text, last.end, quote.start - 1):
            return False
        between = {mention.entity.id for mention in self._within(last.end, quote.start)}
        return between <= {told.speaker.id} or told.cue.start >= last.end

    def _told_in_the_paragraph_before(
        self, quote: QuotedWords, last: QuotedWords | None, last_told: _Told | None
    ) -> _Told | None:
        """A paragraph that is all quotation goes on with who spoke at the end of the one before."""
        rest = self.text[quote.paragraph : quote.start] + self.text[quote.end : quote.paragraph_end]
        if rest.strip():
            return None
        ends = len(self.text[: quote.paragraph].rstrip())
        begins = self.text.rfind("\n", 0, ends) + 1
        if last is not None and last.start >= begins:
            # Two that are all quotation may be two who talk.
            told_there = last_told is not None and last_told.cue.start >= begins
            return last_told if told_there and last.end >= ends - 160 else None
        for mention in self._within(begins, ends):
            if _is_title(self.text[begins : mention.start]) and _THEN_SAYS.match(self.text, mention.end, ends):
                return _Told(mention.entity, Span(start=mention.start, end=mention.end))
        return None

    def _meant_by(self, pronoun: re.Match[str], before: int, word: str = "") -> _Told | None:
        """Whom "he" means: the one person of the last sentence that names any, or whom that sentence begins with."""
        word = word or pronoun["who"]
        start = pronoun.start("who") if "who" in pronoun.re.groupindex else pronoun.start()
        cue = Span(start=start, end=start + len(word))
        at = bisect_left(self.starts, before) - 1
        people = [mention for mention in self.mentions[max(0, at - 12) : at + 1] if mention.entity.kind == "person"]
        if not people or self.text.count("\n", people[-1].end, before) > 4:
            return None
        sentence = self._sentence_start(max(0, people[-1].start - 600), people[-1].start)
        gender = MALE_OR_FEMALE[word.lower()]
        told = [one for one in people if one.start >= sentence and self._gender(one.entity) in (None, gender)]
        alone = len({mention.entity.id for mention in told}) == 1
        subject = told and self._gender(told[0].entity) and _is_title(self.text[sentence : told[0].start])
        return _Told(told[0].entity, cue) if alone or subject else None

    def _gender(self, entity: Entity) -> str | None:
        """Told by a title or a given name, in whichever way he is named."""
        if entity.id not in self.genders:
            names = [entity.name]
            for span in entity.spans[:6]:
                title = _COURTESY.search(self.text[max(0, span.start - 5) : span.start])
                names.append((title.group() if title else "") + span.of(self.text))
            told = (read_name(name).gender for name in names)
            self.genders[entity.id] = next((gender for gender in told if gender is not None), None)
        return self.genders[entity.id]

    def _sentence_start(self, first: int, at: int) -> int:
        return max((stop.end() for stop in _STOP.finditer(self.text, first, at)), default=first)

    def _within(self, first: int, last: int) -> Iterator[_Mention]:
        for at in range(bisect_left(self.starts, first), len(self.mentions)):
            if self.mentions[at].end > last:
                return
            yield self.mentions[at]


_SMALL = frozenset("the a an and of but as however s mr mrs ms dr meanwhile".split())  # noqa: SIM905


def _is_title(words: str) -> bool:
    """Is what stands before a name no more than titles and names: "the Norwegian foreign minister"?"""
    told = re.findall(r"[\w-]+", words)
    return len(told) <= 8 and all(
        word[0].isupper() or word.lower() in OF_THE_SIDE or word in _SMALL or word.endswith("day") for word in told
    )
