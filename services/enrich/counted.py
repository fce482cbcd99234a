"""Say what a bare number counts: the dead, the arrested, people, vehicles; years, dates and ages count nothing."""

from __future__ import annotations

import re

_COUNTED: dict[str, str] = {
    word: of
    for of, words in {
        "dead": """dead died die dies dying killed kill kills killing deaths death fatalities bodies body lives toll
            perished drowned fatally corpses""",
        "injured": "injured injuries injuring injures hurt hurting wounded wounding wounds hospitalised hospitalized",
        "missing": "missing unaccounted disappeared",
        "arrested": "arrested arrests arresting detained detentions detaining rounded custody behind",
        "evacuated": "evacuated evacuating displaced displacing homeless fled evacuees evacuations sheltering",
        "rescued": "rescued rescuing freed freeing released releasing saved recaptured recapturing survivors survived",
        "trapped": "trapped stranded hostages hostage captives abducted kidnapped seized",
        "infected": "cases infections infected sickened ill",
        "at large": "liberty fugitives",
    }.items()
    for word in words.split()
}
"""What is counted, by the words that say it; a later number of one kind supersedes an earlier one of it."""

_PEOPLE = frozenset(
    """people persons person men women children civilians passengers migrants miners workers soldiers troops officers
    protesters demonstrators residents students patients pupils refugees tourists villagers fans crew members policemen
    police firefighters inmates prisoners fighters militants rebels gunmen hostages survivors others more victims
    sailors fishermen pilgrims guests journalists activists officials employees staff deputies lawmakers guards nurses
    doctors teachers engineers drivers customers families households""".split()  # noqa: SIM905
)
# Between a number and what is counted: "12 people were confirmed dead", "the toll has risen to 17".
_PASSED_AFTER = _PEOPLE | frozenset(
    """were was are is have has had been be being feared confirmed reported presumed believed known still also now so
    far remain remained remains of them the bodies left declared found listed counted as said to taken treated in into
    up counter-demonstrators had lay young local foreign injured""".split()  # noqa: SIM905
)
_PASSED_BEFORE = frozenset(
    """at least more than over about around some nearly almost roughly approximately up to as many as another a an the
    of to by from with for has have had is was were are be been risen rose rises climbed climbs reached reaches stood
    stands stand now put number total count toll passed topped hit and its their confirmed further exactly only just
    below under fewer less all rising raised raises raising leaving left jumped grew""".split()  # noqa: SIM905
)
_THEIRS = frozenset("its the their his her our".split())  # noqa: SIM905
# "The 53 people on board" are known: the number names them, and tells nothing new.
_KNOWN = frozenset("the those these both".split())  # noqa: SIM905
_ADJECTIVES = frozenset("dead injured wounded missing trapped stranded infected".split())  # noqa: SIM905
_VERBS = frozenset("were was are is have has had remain remained".split())  # noqa: SIM905
_ENDS_A_COUNT = frozenset("and who which that when as after before while but said says in at on".split())  # noqa: SIM905
_REACHES = frozenset("to at is now was from least than of stood".split())  # noqa: SIM905
_NUMBER_OF = frozenset("number count toll total tally".split())  # noqa: SIM905
# "They corrected the number of dead. It is now 14."
_REFERS = (["it"], ["that"], ["this"])
_SHORT_WORD = 5
_STOPS = frozenset(". ; ! ?".split())  # noqa: SIM905
_NOT_COUNTS = frozenset(
    """year years month months week weeks day days hour hours minute minutes second seconds decade decades century
    km kilometres kilometers kilometre kilometer miles mile metres meters metre meter feet foot inches inch yards
    degrees knots mph kph p.m a.m pm am o'clock th st nd rd years-old year-old times side sides thing things other
    january february march april may june july august september october november december jan feb mar apr jun jul aug
    sept sep oct nov dec floors storey story storeys stories kg tonnes litres degree celsius fahrenheit""".split()  # noqa: SIM905
)
_NO_COUNT_AFTER = (*"-year -month -day -hour -week -minute -mile -foot -metre -point -k : th".split(), " p.m", " a.m")  # noqa: SIM905
_NO_COUNT_BEHIND = frozenset("aged age no number flight article section route group page".split())  # noqa: SIM905
_MONTHS = frozenset(
    """january february march april may june july august september october november december jan feb mar apr jun jul aug
    sept sep oct nov dec""".split()  # noqa: SIM905
)
_WORD = re.compile(r"[^\W\d_][\w'’-]*|\d[\d,.]*|[.;:!?()\"“”,]")
# "170,000 deaths a year" are what there always is.
_YEARLY = re.compile(
    r"(?:\s[\w-]+){0,4}(?<!\bwithin)(?<!\bin)(?<!\bafter)(?<!\bfor)"
    r"\s(?:(?:a|per|each|every)\s(?:year|month|week|day)|annually|yearly)\b(?!\s(?:ago|earlier|before|later|after))",
    re.IGNORECASE,
)


def counted(value: float, match: re.Match[str], before: str, after: str) -> str | None:
    """What a number counts; none for what is no count, and nothing for a count whose words do not say of what."""
    behind = [word.lower() for word in _WORD.findall(before)]
    ahead = [word.lower() for word in _WORD.findall(after)]
    if _is_no_count(value, match, behind, ahead, after):
        return None
    if (of := _kind_ahead(ahead)) or (of := _kind_behind(behind)):
        return of
    return _noun(ahead) or "" if value >= 3 or match["digits"] else None


def _is_no_count(value: float, match: re.Match[str], behind: list[str], ahead: list[str], after: str) -> bool:
    bare = bool(match["digits"]) and not match["scale"] and not match["short"]
    return (
        (bare and "," not in match["digits"] and 1500 <= value <= 2100 and (not ahead or ahead[0] not in _PEOPLE))
        or bool(behind and behind[-1] in _MONTHS)
        or bool(ahead and ahead[0] in _NOT_COUNTS)
        or after.startswith(_NO_COUNT_AFTER)
        # "Ruiz, 34, said": an age; "aged 34".
        or bool(bare and behind and behind[-1] == "," and after.startswith((",", ".")))
        or bool(behind and behind[-1] in _NO_COUNT_BEHIND)
        or bool(behind and behind[-1] in _KNOWN)
        or _YEARLY.match(after) is not None
        or value == 0
        or (value == 1 and not (ahead and (ahead[0] in _PEOPLE or ahead[0] in _COUNTED)))
    )


def _kind_ahead(words: list[str]) -> str | None:
    """ "12 dead", "40 dockworkers hurt", "14 other soldiers were detained with him"."""
    verb = False
    for place, word in enumerate(words[:9]):
        if word in _COUNTED:
            if word in _ADJECTIVES and _is_thing(words[place + 1 : place + 2]):
                return None
            return _COUNTED[word] if verb or place <= 2 or all(one in _PASSED_AFTER for one in words[:place]) else None
        if word in _VERBS:
            verb = True
        if not word[:1].isalpha() or word in _ENDS_A_COUNT:
            return None
    return None


def _is_thing(after: list[str]) -> bool:
    """ "4,000 dead frogs"."""
    return any(word.isalpha() and word.endswith("s") and word not in _PEOPLE for word in after)


def _kind_behind(words: list[str]) -> str | None:
    """ "killed at least 12", "the death toll rose to 17", "the number of people arrested at the march to 262"."""
    for word in reversed(words[-8:]):
        if word in _COUNTED:
            return _COUNTED[word]
        if word not in _PASSED_BEFORE and not word[:1].isdigit():
            break
    if words and words[-1] in _REACHES:
        sentence = words[max((at + 1 for at, word in enumerate(words) if word in _STOPS), default=0) :]
        if len(sentence) <= _SHORT_WORD and sentence[:1] in _REFERS:
            sentence = words
        for at, word in enumerate(sentence):
            if word in _NUMBER_OF:
                kind = next((_COUNTED[one] for one in sentence[at:] if one in _COUNTED), None)
                return kind or ("people" if not _PEOPLE.isdisjoint(sentence[at : at + 4]) else None)
    return None


def _noun(words: list[str]) -> str | None:
    """The plural noun that follows, perhaps after two other words: "1.2 million", "400 tonnes", "13 new fires"."""
    of_them = words[2:] if words[:1] == ["of"] and words[1:2] and words[1] in _THEIRS else words
    for word in of_them[:3]:
        if not word[:1].isalpha() or word in _NOT_COUNTS or word in _PASSED_BEFORE:
            return None
        if word in _PEOPLE:
            return "people"
        if word.endswith("s") and len(word) > 3 and not word.endswith(("ss", "'s", "’s", "us", "is")):
            return word
    return None
