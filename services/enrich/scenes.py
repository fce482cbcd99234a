"""Tell a place where something happens from one where somebody spoke, sits or comes from."""

from __future__ import annotations

import re

from schemas.message import Span

_AT = re.compile(
    r"\b(?:(?:in|near|at|off|outside|to|reached|around|into|over|on|through|hit|between|and|towards?|beyond|via)\W+"
    r"(?:the\W+)?(?:(?:city|town|village|port|island|district|province|region|state|coast|outskirts|river|capital|"
    r"northern|southern|eastern|western|central|north|south|east|west|nearby|coastal|neighbouring)\W+(?:of\W+)?){0,3}"
    r"|(?:city|town|village|port|island|district|coast|outskirts|edge|suburb|villages|towns)\W+of\W+)$",
    re.IGNORECASE,
)
_SPOKE = re.compile(
    r"\b(?:officials?|authorities|ministry|embass\w+|spokes\w+|analysts?|said|told|statement|reporters|journalists|"
    r"diplomats?|lawyers?|court|offices?|headquarters|headquartered|government|based|agency|centre|center|born|bank|"
    r"university|ambassador)\W+(?:\w+\W+){0,3}(?:in|at|from|of|to)\W+(?:the\W+)?$",
    re.IGNORECASE,
)
_ONLY_IN = re.compile(r"\b(?:in|at|between|and)\W+(?:the\W+)?$", re.IGNORECASE)
# "They took off from a base near Salamanca."
_LEFT = re.compile(r"\bfrom\W+(?:\w+\W+){1,3}(?:in|near|at|outside|of)\W+(?:the\W+)?$", re.IGNORECASE)


def is_scene(text: str, span: Span) -> bool:
    """Does a place named here, in the text, say where something happens?"""
    before = text[max(0, span.start - 60) : span.start]
    return _AT.search(before) is not None and _SPOKE.search(before) is None and _LEFT.search(before) is None


def is_only_in(text: str, span: Span) -> bool:
    """Is something only said to be in a place: "in Kara", and not "near Kara", "to Kara" or "the village of Kara"?"""
    return _ONLY_IN.search(text, max(0, span.start - 60), span.start) is not None
