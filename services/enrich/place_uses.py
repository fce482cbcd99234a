"""Tell in which use a place's name stands: for the place, for those who act in its name, or inside another name."""

from __future__ import annotations

import re

from schemas.annotations import PlaceUse
from services.enrich.gazetteer import Candidate
from services.enrich.place_mentions import Possible

_IN = re.compile(
    r"\b(?:in|at|near|from|into|across|around|through|throughout|outside|inside|within|off|toward|towards|to|reach(?:ed)?|"
    r"left|visit(?:ed|ing)?|over|via|of)"
    r"(?:,? (?:the|northern|southern|eastern|western|central|north|south|east|west|downtown|nearby|neighbou?ring))* $",
    re.IGNORECASE,
)
_ACTS = re.compile(
    r"""\ (?:(?:has|have|had|will|would|should|could|must|may|might|did|does|do|is|was|also|then|now|never|always|first|
        again|still)\ )*(?:(?:
        accus|den(?:y|ies|ied)|urg|vow|warn|agree|reject|insist|announc|condemn|demand|threaten|impos|support|oppos|
        refus|seek|believ|consider|expel|approv|withdr|launch|deploy|offer|ask|need|defeat|advocat|appreciat|decid|
        respond|retaliat|violat|recogni[sz]|invad|attack|pledg|propos|promis|blam
    )\w*|
        said|says?|want|wants|wanted|calls?|called|signs?|signed|plans?|planned|sought|hopes|hoped|backs|backed|
        bans|banned|hold|holds|faces?|faced|beats?|sends?|sent|takes?|took|makes?|made|gives?|gave|adds|added|puts?
    )\b|\ (?:has|had|will|would|should|could|must|did)\b""",
    re.VERBOSE,
)
_OWNS = re.compile(
    r"""['’]s\ (?:\w+\ )?(?:
        government|president|leaders?|ministers?|ministry|army|military|troops|forces|position|decision|stance|
        ambitions?|allies|ally|enemies|interests?|policy|policies|response|role|mission|foreign|nuclear|proposal|
        offer|support|refusal|failure|request|quest|aggression|efforts?|demands?|claims?|plans?|parliament|security
    )\b""",
    re.VERBOSE,
)
_WITH = re.compile(
    r"\b(?:against|between|with|by|called on|urged|accused|pressed|told|persuade|allow(?:ed|ing)?|force[sd]?|ally|"
    r"allies|towards?|pressure on|support for|sanctions on)(?: the)? $"
)


def use_of(mention: Possible, meant: Candidate) -> PlaceUse:
    """Whether the name stands for itself, as an adjective or inside a longer name."""
    if meant.how == "demonym":
        return "demonym"
    return "embedded" if mention.is_part and mention.tagged != "location" else "name"


def is_metonym(text: str, start: int, end: int, meant: Candidate) -> bool:
    """Whether the name stands for those who act in its name: "Beijing said", "sanctions against Russia"."""
    if not (meant.feature == "country" or meant.code == "A.ADM1" or meant.code == "P.PPLC"):
        return False
    before, after = text[max(0, start - 32) : start], text[end : end + 48]
    if _IN.search(before) or before.endswith(("border with ", "borders with ")):
        return False
    return bool(_ACTS.match(after) or _OWNS.match(after) or _WITH.search(before))
