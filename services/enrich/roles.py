"""Find as what an article speaks of someone: titles, offices, and the words that stand for a name ("the president")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

_CALLED = """president pres; minister; prime minister: premier; chancellor; leader ruler dictator strongman; king;
    queen; emperor; prince; princess; sultan; emir; pope; ayatollah; cardinal; archbishop; bishop; imam;
    secretary; senator sen; representative rep congressman congresswoman; lawmaker; governor gov; mayor;
    judge; justice; general gen; colonel col; lieutenant lt; captain capt; sergeant sgt; major maj; admiral
    adm; commander; ambassador; envoy; diplomat; director; chair chairman chairwoman chairperson; ceo;
    executive; founder co-founder; owner; spokesperson spokesman spokeswoman; speaker; whip; chief; head
    boss; lawyer attorney; prosecutor; sheriff; professor prof; economist; analyst; strategist; adviser
    advisor; aide; candidate; nominee; coach; manager; author; activist; billionaire; businessman; reverend
    rev; doctor dr; commissioner; lady; counsel; treasurer; inspector; officer; superintendent"""
_NOUNS = {
    word: line.partition(":")[0].strip() if ":" in line else line.split()[0]
    for line in _CALLED.split(";")
    for word in (line.partition(":")[2] or line).split()
}
"""The last word of a role, and the office it is, whatever it is called."""

_WITH = frozenset(
    """secretary solicitor surgeon consul auditor comptroller lieutenant brexit homeland legislative judicial
    intergovernmental former ex then acting deputy vice assistant interim outgoing incoming current late senior
    chief first foreign defense defence finance financial interior justice health trade energy education labor
    labour transport economy economic environment home treasury commerce national security intelligence house senate
    majority minority supreme opposition party republican democratic presidential vice- campaign press state police
    army military prime attorney executive white tory conservative communist general oil culture agriculture
    information technology sports parliamentary political crown paramount rebel militia managing operating medical
    staff county city district public federal regional provincial local european external affairs congressional
    gubernatorial democrat gop long-time longtime shadow under permanent special lt maj brig top foreign-policy
    policy communications associate circuit court appeals chief-of-""".split()  # noqa: SIM905
)
_OF = re.compile(
    r"\b(?:(?:Secretary|Minister) (?:of|for) (?:State|Defen[cs]e|Homeland Security|the Treasury|the Interior|Commerce|"
    r"Energy|Education|Labor|Agriculture|Health(?: and Human Services)?|Foreign Affairs|Finance|Justice)|"
    r"Chief of Staff|Speaker of the House|Director of National Intelligence|Leader of the Opposition) $",
    re.IGNORECASE,
)
_HEADS = frozenset(
    {"president", "prime minister", "chancellor", "leader", "king", "queen", "emperor", "emir", "sultan"}
)
"""Who is called a country's leader."""

OFFICES = _HEADS | frozenset(
    """minister secretary senator representative governor mayor pope ayatollah speaker ambassador chair ceo sheriff
    prince princess archbishop cardinal judge justice lady general commissioner""".split()  # noqa: SIM905
)
"""Of these an article that says "the governor" means the one that it has named."""

_OPENS = "“\"'‘("
_ABBREVIATED = frozenset("sen rep gov pres gen col lt capt sgt maj adm prof rev dr".split())  # noqa: SIM905
_GENERALS = frozenset(
    {"attorney", "secretary", "solicitor", "surgeon", "inspector", "consul", "auditor", "comptroller"}
)
# In small letters these are other words: "Trump, a major donor".
_OTHER_WORDS = frozenset({"major", "general", "justice", "executive", "lady", "state"})
# "The first senator who" is no office.
_FIRST = frozenset({"lady", "minister", "secretary"})
_OF_TIME = frozenset("affairs former ex then late current longtime long-time outgoing incoming top senior".split())  # noqa: SIM905
_HONORIFICS = frozenset("mr mrs ms miss sir lord dame madame".split())  # noqa: SIM905
_PLAIN_ALONE = frozenset({"chair", "head", "chief", "general", "justice", "executive", "lady", "major", "state"})
# Bounded, or a row of hyphened capitals is read anew from each of them.
_CAPITALIZED = r"[A-Z][\w-]{0,40}\w"
_COUNTRY = rf"(?:(?:(?:[A-Z]\.){{2,3}}|{_CAPITALIZED})(?: {_CAPITALIZED}){{0,2}})"
_WORD = r"[A-Za-z][\w-]*\.?"
_COUNTRY_ENDS = re.compile(rf"({_COUNTRY})(?:['’]s?)? $")
_POSSESSIVE = re.compile(r"['’]s?$")
_OVER = re.compile(r"(?:Former|Ex|Then|Late)[ -]|(?:Former|Then|Late)$")
_APPOSITION = re.compile(
    rf",? \(?(?:(?:who is|who was|is|as) )?(?:(?:the|a|an|its|his|her|their) )?"
    rf"(?P<role>(?:{_WORD}(?:['’]s?)? ){{0,5}}?{_WORD})(?=,|\.|;|\)|:| (?:of|for|at|in|who|and|to|from|on)\b|$)"
)
_LONG_NOUN = "|".join(noun for noun in _NOUNS if len(noun) > 3)
_DESCRIBED = re.compile(
    rf"\b(?:(?:[Tt]he|THE) (?:(?P<adjective>{_COUNTRY}) )?|(?P<owner>{_COUNTRY})['’]s? )"
    rf"(?P<role>(?:[a-z][\w-]*\.? ){{0,3}}?(?:{_LONG_NOUN}))\b(?!['’-]\w{{2}}| [A-Z]| of | for )"
)


@dataclass(frozen=True, slots=True)
class Office:
    """A role in the one form in which two are compared: the noun, what narrows it, and whether it is over."""

    noun: str
    narrower: frozenset[str]
    former: bool


@dataclass(frozen=True, slots=True)
class SpokenOf:
    """A role as it stands in the text, with the name of the country before it, if there is one."""

    start: int
    end: int
    office: Office
    country: str | None


def office(role: str) -> Office | None:
    """Read a role's words: "former foreign minister"; none where these are no role."""
    words = [_plain(word) for word in role.split()]
    if " of " in role or " for " in role.casefold():
        words = [word for word in words if word not in ("of", "for", "the")]
        head = next((at for at, word in enumerate(words) if word in _NOUNS), None)
        if head is None:
            return None
        # "Secretary of State", but "Supreme Leader of North Korea" as one.
        words = [*words[:head], *(word for word in words[head + 1 :] if word in _WITH), words[head]]
    if not words or words[-1] not in _NOUNS:
        return None
    noun, narrower = _NOUNS[words[-1]], frozenset(words[:-1])
    if noun == "general" and len(words) > 1 and words[-2] in _GENERALS:
        noun, narrower = f"{words[-2]} general", narrower - {words[-2]}
    if "first" in narrower and noun not in _FIRST:
        return None
    former = bool(narrower & {"former", "ex", "then", "late"}) or role.casefold().startswith("ex-")
    narrower -= _OF_TIME
    if noun == "minister" and "prime" in narrower:
        noun, narrower = "prime minister", narrower - {"prime"}
    if noun == "prime minister":
        narrower -= {"prime"}
    return Office(noun, narrower, former)


def role_before(text: str, start: int, end: int) -> SpokenOf | None:
    """The role right before a name: "Russia's deputy foreign minister Ana Ruiz", "the minister, Ana Ruiz, said"."""
    first = max(0, start - 80)
    before = text[first:start]
    if before.endswith(", ") and text[end : end + 1] == ",":
        before = before[:-2] + " "
    if not before.endswith((" ", "\xa0")):
        return None
    line = before.rfind("\n") + 1
    tokens = list(re.finditer(r"\S+", before[line:]))
    if found := _OF.search(before):
        begins = found.start()
        tokens = [token for token in tokens if line + token.start() < begins]
    elif tokens and _plain(tokens[-1].group()) in _NOUNS and _goes_on(tokens[-1].group()):
        begins = line + tokens.pop().start()
    else:
        return None
    while (
        before[begins] not in _OPENS and tokens and _plain(tokens[-1].group()) in _WITH and _goes_on(tokens[-1].group())
    ):
        begins = line + tokens.pop().start()
    begins += len(before[begins:]) - len(before[begins:].lstrip(_OPENS))
    role = before[begins:].rstrip()
    read = office(role)
    if read is None or role in _OTHER_WORDS:
        return None
    country = _country_before(before[line:begins])
    if country and (over := _OVER.match(country)):
        read, country = replace(read, former=True), country[over.end() :] or None
    return SpokenOf(first + begins, first + begins + len(role), read, country)


def role_within(titles: str, start: int) -> SpokenOf | None:
    """The role that a name begins with, where the name was taken with its titles: "Sen. Rand Paul"."""
    words = titles.rstrip()
    read = office(words) if words else None
    return SpokenOf(start, start + len(words), read, None) if read else None


def role_after(text: str, end: int) -> SpokenOf | None:
    """The role in apposition to a name: "Ana Ruiz, Russia's foreign minister, said"."""
    if text[end : end + 2] not in (", ", " ("):
        return None
    found = _APPOSITION.match(text, end, end + 90)
    if not found:
        return None
    words = list(re.finditer(r"\S+", found["role"]))
    # "Roy Moore, Sen. Al Franken" is a list of two.
    if _plain(words[-1].group()) not in _NOUNS or _plain(words[-1].group()) in _ABBREVIATED:
        return None
    first = len(words) - 1
    while first > 0 and _plain(words[first - 1].group()) in _WITH:
        first -= 1
    country = " ".join(word.group() for word in words[:first])
    if country and not _COUNTRY_ENDS.fullmatch(f"{country} "):
        return None
    start = found.start("role") + words[first].start()
    role = text[start : found.end("role")]
    read = office(role) if role not in _OTHER_WORDS else None
    return SpokenOf(start, start + len(role), read, _unpossessed(country)) if read else None


def honorific_before(text: str, start: int) -> str:
    """ "Mr." or "Mrs." where that is what stands before a name; else nothing."""
    before = text[max(0, start - 9) : start]
    if not before.endswith((" ", "\xa0")):
        return ""
    # A quotation may begin with it, and its mark is no part of the title.
    word = (before.split()[-1:] or [""])[0].lstrip("\"'“‘«([—–-")
    return word if _plain(word) in _HONORIFICS else ""


def described(text: str) -> Iterator[SpokenOf]:
    """Where the text speaks of someone by a role alone: "the North Korean leader", "Russia’s president"."""
    for found in _DESCRIBED.finditer(text):
        words = found["role"].split()
        if not all(word.strip(".") in _WITH for word in words[:-1]):
            continue
        read = office(found["role"])
        country = _unpossessed(found["adjective"] or found["owner"])
        if read is None or read.noun not in OFFICES or (len(words) == 1 and words[0] in _PLAIN_ALONE):
            continue
        yield SpokenOf(found.start(), found.end(), read, country)


def is_that(described_as: Office, known_as: Office, *, of_country: bool) -> bool:
    """Can one who is known by this role be spoken of by that one?"""
    if described_as.former != known_as.former and described_as.former:
        return False
    if of_country and described_as.noun == "leader" and not described_as.narrower - {"supreme"}:
        return known_as.noun in _HEADS and not known_as.narrower - {"supreme", "paramount"}
    return described_as.noun == known_as.noun and described_as.narrower == known_as.narrower


def _goes_on(word: str) -> bool:
    """Does no pause follow this word: no comma, quotation mark or full stop but an abbreviation's?"""
    return word[-1].isalnum() or (word[-1] == "." and _plain(word) in _ABBREVIATED)


def _plain(word: str) -> str:
    return word.strip(".,“\"'’‘(").casefold().removeprefix("ex-")


def _country_before(words: str) -> str | None:
    found = _COUNTRY_ENDS.search(words)
    return _unpossessed(found[1]) if found else None


def _unpossessed(name: str | None) -> str | None:
    return _POSSESSIVE.sub("", name) if name else None
