"""Find the figures that a text tells: how many dead, arrested or freed, what sum, what share, what vote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isfinite

from schemas.annotations import Figure, FigureBound
from schemas.message import Span

_ONES = {
    word: number
    for number, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen""".split()  # noqa: SIM905
    )
}
_TENS = {
    word: 10 * number
    for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)  # noqa: SIM905
}
_SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
    "mn": 1e6,
    "m": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "b": 1e9,
    "trillion": 1e12,
    "tn": 1e12,
    "dozen": 12.0,
}
_SPELT = rf"(?:{'|'.join((*_TENS, *_ONES))})"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE = r"(?:hundred|thousand|million|billion|trillion|dozen)"
_NUMBER = rf"""
    (?P<currency>(?:US|AU?|C|NZ|HK|S)?[$€£¥₹₦]\s?|\b(?:USD|EUR|GBP|CHF)\s)?
    (?:
        (?P<digits>(?<![\w.,$€£¥₹₦-]){_DIGITS}|(?<=[$€£¥₹₦])\s?(?:{_DIGITS})|(?<=[DRPF]\s)(?:{_DIGITS}))
        (?P<short>(?:k|m|mn|bn|b|tn)\b)?
        (?:[\s-](?P<scale>{_SCALE}|bn|mn|tn)\b)?
      | \b(?P<spelt>(?:{_SPELT}|(?:half\s)?an?(?=[\s-]{_SCALE}\b))(?:[\s-](?:and\s)?(?:{_SPELT}|{_SCALE}))*)\b
    )
    (?P<percent>\s?%|\s(?:percent|per\scent)\b)?
"""
_FOUND = re.compile(_NUMBER, re.VERBOSE | re.IGNORECASE)

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
    sailors fishermen pilgrims guests journalists activists""".split()  # noqa: SIM905
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
_STOPS = frozenset(". ; ! ?".split())  # noqa: SIM905
_NOT_COUNTS = frozenset(
    """year years month months week weeks day days hour hours minute minutes second seconds decade decades century
    km kilometres kilometers kilometre kilometer miles mile metres meters metre meter feet foot inches inch yards
    degrees knots mph kph p.m a.m pm am o'clock th st nd rd years-old year-old times side sides thing things other
    january february march april may june july august september october november december jan feb mar apr jun jul aug
    sept sep oct nov dec floors storey story storeys stories kg tonnes litres degree celsius fahrenheit""".split()  # noqa: SIM905
)
_NO_COUNT_AFTER = tuple("-year -month -day -hour -week -minute -mile -foot -metre -point -k : th".split())  # noqa: SIM905
_NO_COUNT_BEHIND = frozenset("aged age no number flight article section route group page".split())  # noqa: SIM905
_MONTHS = frozenset(
    """january february march april may june july august september october november december jan feb mar apr jun jul aug
    sept sep oct nov dec""".split()  # noqa: SIM905
)
_COINS = re.compile(
    r"\s(?:US\s|Australian\s|Canadian\s)?(dollars?|euros?|pounds?|yen|yuan|rupees?|shillings?|pesos?|rand|roubles?|rubles?"
    r"|naira|kwacha|zloty|z[łl]otys?|lempiras?|levs?|leva|forints?|cedis?|dinars?|taka|dong|hryvnias?|francs?|crowns?|kroner|lira|reais|birr|dirhams?|riyals?|won|baht|rupiah)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_][\w'’-]*|\d[\d,.]*|[.;:!?()\"“”,]")
_AT_LEAST = re.compile(
    r"(?:at least|more than|over|upwards? of|no fewer than|exceed\w*|topp\w+|pass\w+)\W+$", re.IGNORECASE
)
_ABOUT = re.compile(
    r"(?:about|around|some|nearly|almost|roughly|approximately|an estimated|close to|up to|as many as)\W+$",
    re.IGNORECASE,
)
# "170,000 deaths a year" are what there always is.
_YEARLY = re.compile(
    r"(?:\s[\w-]+){0,4}\s(?:(?:a|per|each|every)\s(?:year|month|week|day)|annually|yearly)\b", re.IGNORECASE
)
_FRACTION = re.compile(
    r"[\s-](?:halves|thirds?|quarters?|fifths?|sixths?|sevenths?|eighths?|tenths?|in\s(?:two|three|four|five|six|seven|eight|nine|ten|\d+)\b|out\sof|of\sthe\s(?:two|three|four|five)\b)"
)
_VOTERS = r"\d{1,3}(?:,\d{3}){1,4}|\d{1,15}"
_VOTES = re.compile(
    rf"(?<![\d.,])(?P<for>{_VOTERS})(?:\s(?:votes\s)?(?:to|against)\s|[-–])(?P<against>{_VOTERS})(?:\s(?P<votes>votes?|with)\b)?"
    rf"|\b(?P<alone>{_VOTERS})\s(?:votes|lawmakers|deputies|senators|MPs)\b",
)
_VOTED = re.compile(
    r"\b(?:vot(?:e|es|ed|ing)|ballots?|pass(?:ed|es)|approv\w+|reject\w+|ratif\w+|adopt\w+)\b", re.IGNORECASE
)
_MAGNITUDE = re.compile(r"\bmagnitude(?:\sof|-)?\s?(?P<after>\d\.\d)|(?P<before>\d\.\d)[- ]magnitude", re.IGNORECASE)


READ = 4000
"""Characters of a text whose figures are read: what stands further down is background, and was told before."""


def find_figures(title: str, text: str) -> tuple[Figure, ...]:
    """The figures of a headline and a text, in order; years, dates, ages, times and lengths are none."""
    titled = (one.model_copy(update={"headline": True}) for one in figures_in(title[:READ]))
    return (*titled, *figures_in(text[:READ]))


def figures_in(stretch: str) -> list[Figure]:
    """The figures of a stretch of text."""
    apart = [*_magnitudes(stretch), *_votes(stretch)]
    taken = [figure.span for figure in apart]
    found = [
        *apart,
        *(
            figure
            for match in _FOUND.finditer(stretch)
            if not any(span.start < match.end() and match.start() < span.end for span in taken)
            and (figure := _figure(stretch, match)) is not None
        ),
    ]
    return sorted(found, key=lambda one: one.span.start)


def _magnitudes(text: str) -> Iterator[Figure]:
    for match in _MAGNITUDE.finditer(text):
        which = "after" if match["after"] else "before"
        yield Figure(
            value=float(match[which]), unit="magnitude", span=Span(start=match.start(which), end=match.end(which))
        )


def _votes(text: str) -> Iterator[Figure]:
    for match in _VOTES.finditer(text):
        if match["alone"]:
            if match["alone"].replace(",", "").isdigit() and "vote" in match[0]:
                span = Span(start=match.start("alone"), end=match.end("alone"))
                yield Figure(value=float(match["alone"].replace(",", "")), unit="votes", span=span)
            continue
        near = text[max(0, match.start() - 60) : match.end() + 20]
        if match["votes"] or _VOTED.search(near):
            span = Span(start=match.start("for"), end=match.end("against"))
            value = float(match["for"].replace(",", "")) + float(match["against"].replace(",", "")) / 1e4
            yield Figure(value=value, unit="votes", span=span)


def _figure(text: str, match: re.Match[str]) -> Figure | None:
    value = _value(match)
    # Hundreds of digits are no number that a message could carry.
    if value is None or not isfinite(value) or _FRACTION.match(text, match.end()):
        return None
    before, after = text[max(0, match.start() - 120) : match.start()], text[match.end() : match.end() + 90]
    bound: FigureBound = (
        "least" if _AT_LEAST.search(before) else "about" if _ABOUT.search(before) or "dozen" in match[0].lower() else ""
    )
    span = Span(start=match.start() + len(match[0]) - len(match[0].lstrip()), end=match.end())
    if coin := _COINS.match(after):
        span = Span(start=span.start, end=span.end + len(coin[0]))
    if match["currency"] or coin:
        return Figure(value=value, unit="money", bound=bound, span=span)
    if match["percent"]:
        return Figure(value=value, unit="percent", bound=bound, span=span)
    of = _counted(value, match, before, after)
    return None if of is None else Figure(value=value, unit="count", of=of, bound=bound, span=span)


def _value(match: re.Match[str]) -> float | None:
    if match["digits"]:
        value = float(match["digits"].strip().replace(",", ""))
        for scale in (match["short"], match["scale"]):
            value *= _SCALES[scale.lower()] if scale else 1.0
        return value
    return _spelt(re.split(r"[\s-]+", match["spelt"].lower()))


def _spelt(words: list[str]) -> float | None:
    """The value of number words: "two hundred and six", "a dozen", "twenty-one"."""
    total, group = 0.0, 0.0
    if words[0] == "half":
        whole = _spelt(words[1:])
        return None if whole is None else whole / 2
    for word in words:
        if word in _ONES:
            group += _ONES[word]
        elif word in _TENS:
            group += _TENS[word]
        elif word in ("hundred", "dozen"):
            group = (group or 1.0) * _SCALES[word]
        elif word in _SCALES:
            total, group = total + (group or 1.0) * _SCALES[word], 0.0
        elif word in ("a", "an"):
            group = 1.0
    return total + group


def _counted(value: float, match: re.Match[str], before: str, after: str) -> str | None:
    """What a bare number counts; none for what is no count."""
    behind = [word.lower() for word in _WORD.findall(before)]
    ahead = [word.lower() for word in _WORD.findall(after)]
    if _is_no_count(value, match, behind, ahead, after):
        return None
    if (of := _kind_ahead(ahead)) or (of := _kind_behind(behind)):
        return of
    return _noun(ahead) if value >= 3 or match["digits"] else None


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
        for at, word in enumerate(sentence):
            if word in _NUMBER_OF:
                return next((_COUNTED[one] for one in sentence[at:] if one in _COUNTED), None)
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
