"""Tell a country that something is done to from one that only says where the one it is done to has his home."""

from __future__ import annotations

import re
from collections.abc import Collection

from schemas.annotations import Act
from schemas.message import Span

PLACES_SUFFER = frozenset[Act]({"AID", "ASSAULT", "MOBILIZE"})
"""Who bombs a firm in Estonia does it to Estonia too; who sues it does not."""

# Firms and people can be meant themselves. Rulers and courts stand for their state, abuses are held against it, and
# who speaks of "the people of Estonia" speaks of Estonia.
_FIRMS = (
    r"(?:(?:compan|entit|subsidiar|charit)(?:y|ies)|business(?:es)?|(?<!central )(?<!national )(?<!state )banks?|"
    r"(?:firm|lender|enterprise|corporation|conglomerate|manufacturer|producer|maker|supplier|exporter|importer|"
    r"refiner|shipper|airline|retailer|insurer|broker|dealer|trader|network|cartel|gang|broadcaster|newspaper|website|"
    r"club)s?)"
)
_PEOPLE = (
    r"(?:people|(?:business)?(?:wo)?m[ae]n|(?:person|national|resident|individual|executive|tycoon|oligarch|hacker|"
    r"smuggler|journalist|blogger|activist|lawyer|engineer|baker|student)s?)"
)
# A town may come between: "based in Tallinn, Estonia".
_TOWN = r"(?:[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)?, )?"
_SETTLED = re.compile(
    rf"\b(?:based|headquartered|registered|incorporated|domiciled|located|born|living)\s(?:in|out of|near)\s(?:the )?"
    rf"{_TOWN}$"
)
_DWELLING = re.compile(rf"\b(?i:{_FIRMS}\s(?:in|of|from)|{_PEOPLE}\s(?:in|from))\s(?:the )?{_TOWN}$")
# The longest of these is shorter.
_FAR = 120
_NAMED_IN = re.compile(rf",?\s(?:in|from)\s(?:the )?{_TOWN}")
_BASED = re.compile(r"-(?:based|headquartered|registered|born)\b")


def only_says_where(text: str, sentence: Span, spans: Collection[Span], others: Collection[Span] = ()) -> bool:
    """Is this named in the sentence, but only for another's home: "a firm in Estonia", "an Estonia-based firm"?

    Others are the other names there: "Per Holm in Estonia" tells of Holm.
    """
    here = [span for span in spans if sentence.start <= span.start and span.end <= sentence.end]
    return bool(here) and all(_is_home(text, sentence.start, span, others) for span in here)


def _is_home(text: str, start: int, span: Span, others: Collection[Span]) -> bool:
    if _BASED.match(text, span.end):
        return True
    before = text[max(start, span.start - _FAR) : span.start]
    return (
        _SETTLED.search(before) is not None
        or _DWELLING.search(before) is not None
        or any(other.end < span.start and _NAMED_IN.fullmatch(text, other.end, span.start) for other in others)
    )
