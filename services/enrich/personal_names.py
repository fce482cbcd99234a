"""Read a person's name: its titles, given and family name; and say whether two can be names of one person."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from services.enrich.knowledge import folded

Gender = Literal["female", "male"]

_HONORIFICS: dict[str, Gender | None] = {
    **dict.fromkeys(("mr", "sir", "lord", "king", "prince", "pope", "congressman", "senor", "herr"), "male"),
    **dict.fromkeys(
        ("mrs", "ms", "miss", "lady", "dame", "queen", "princess", "congresswoman", "madame", "frau", "baroness"),
        "female",
    ),
    **dict.fromkeys(
        """dr sen rep gov gen lt col capt prof rev sgt cpl maj adm cmdr hon president prime minister chancellor judge
        justice senator secretary ambassador governor mayor general colonel captain professor reverend emir sheikh
        ayatollah premier vice attorney chief speaker imam cardinal bishop archbishop""".split()  # noqa: SIM905
    ),
}
_TITLES = re.compile(rf"^(?:(?:{'|'.join(_HONORIFICS)})\b\.?\s+)+(?=\S)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"[’']s?$")
_GENERATIONS = frozenset({"jr", "sr", "junior", "senior", "ii", "iii", "iv"})
_PARTICLES = frozenset("al el bin ibn bint de la le van von der den di da dos del du y e ul".split())  # noqa: SIM905

_GIVEN_AL = re.compile(r"(?:Al|El|Le|Do|Di|Da) [A-Z]")

FAMILY_FIRST = frozenset(
    """kim lee park choi jung jeong cho yoon yun moon roh ban han hong hwang ahn shin seo song kang ri paek chang xi li
    wang zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo liang deng jiang zeng peng mao wen
    bo hua tsai nguyen tran pham le vo phan truong bui dang do ho ngo duong""".split()  # noqa: SIM905
)
"""Family names of Korea, China and Vietnam, which stand before the given name, and are many people's."""

_MALE = """john james robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark
    donald steven paul andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan jacob gary
    nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory frank alexander raymond
    patrick jack dennis jerry tyler aaron jose adam nathan henry peter zachary kyle walter harold jeremy ethan carl
    keith roger gerald christian terry sean arthur austin noah lawrence jesse joe bryan billy jordan albert dylan
    bruce willie gabriel alan juan logan wayne ralph roy eugene randy vincent russell louis philip bobby johnny
    bradley bill bob jim tom mike dan dave steve chris tim ted ben sam mitch barack mitt rand marco jeb newt rick
    rudy tony boris emmanuel nicolas vladimir sergei dmitry mikhail ivan igor oleg viktor alexei recep mohammed
    muhammad mohamed ahmed ali hassan hussein abdullah ibrahim omar mahmoud yusuf khalid carlos luis jorge pedro
    miguel fernando francisco pablo diego hans karl wolfgang jean pierre giovanni narendra rahul imran shinzo bernie
    harry antonin clarence neil brett elon jeff jared lindsey orrin rex reince barry al abdel bashar avigdor ehud
    yitzhak shimon ariel"""
_FEMALE = """mary patricia jennifer linda elizabeth barbara susan jessica sarah karen nancy lisa margaret betty sandra
    dorothy kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca laura sharon cynthia
    kathleen amy shirley angela helen anna brenda pamela nicole ruth katherine samantha christine emma catherine
    virginia debra rachel janet carolyn maria heather diane julie joyce victoria kelly christina joan evelyn lauren
    judith olivia frances martha cheryl megan hannah jacqueline ann alice kathryn gloria teresa doris sara janice
    julia marie madison grace judy theresa beverly denise marilyn amber danielle abigail brittany rose diana natalie
    sophia kayla hillary ivanka melania michele elena sonia ursula kamala condoleezza loretta sally carly huma
    monica chelsea aung indira benazir cristina dilma ana amina fatima aisha leila malala natalia olga irina
    svetlana tatiana ekaterina yulia kate anne jane ellen susana carmen lucia rosa isabel sofia valerie wendy tulsi
    nikki megyn arianna gretchen oprah rosie meghan camilla"""
_GIVEN: dict[str, Gender] = {
    **dict.fromkeys(_MALE.split(), "male"),
    **dict.fromkeys(_FEMALE.split(), "female"),
}
_SHORT_FORMS = """william bill billy will; robert bob bobby rob; richard dick rick; joseph joe; james jim jimmy;
    thomas tom; michael mike; daniel dan danny; david dave; stephen steve; steven steve; christopher chris; timothy tim;
    edward ed ted; benjamin ben; samuel sam; anthony tony; donald don; bernard bernie; charles charlie chuck;
    andrew andy; gregory greg; jeffrey jeff; kenneth ken; lawrence larry; patrick pat; peter pete; ronald ron;
    alexander alex; nicholas nick; matthew matt; elizabeth liz; katherine kate; deborah debbie; susan sue; jennifer jen;
    john jack; philip phil; raymond ray; mitchell mitch"""
_SHORT = {short: line.split()[0] for line in _SHORT_FORMS.split(";") for short in line.split()[1:]}

_LONG_FORMS: dict[str, list[str]] = {}
for _line in _SHORT_FORMS.split(";"):
    for _short in _line.split()[1:]:
        _LONG_FORMS.setdefault(_short, []).append(_line.split()[0])


@dataclass(frozen=True, slots=True)
class PersonalName:
    """A person's name: its words as they are looked up, without titles; whatever the titles tell apart."""

    words: tuple[str, ...]
    core: tuple[str, ...]
    """The words without particles: "bashar assad" of "Bashar al-Assad"."""
    generation: str
    gender: Gender | None

    @property
    def is_full(self) -> bool:
        """Has it a given and a family name?"""
        return len(self.core) > 1

    @property
    def family(self) -> str:
        """The family name, told by its place: the last word, or the first of "Kim Jong-un"."""
        return self.core[0] if self.core[0] in FAMILY_FIRST else self.core[-1]


@lru_cache(maxsize=50_000)
def bare(name: str) -> str:
    """A name without titles and possessives."""
    return without_possessive(_TITLES.sub("", name)) or name


def without_possessive(name: str) -> str:
    """A name as it is where nothing is owned; of what is no person "General" is no title: "General Motors’"."""
    return _POSSESSIVE.sub("", name).strip() or name


def titles_of(name: str) -> str:
    """The titles that a name begins with: "Sen. " of "Sen. Rand Paul"."""
    found = _TITLES.match(name)
    return found.group() if found else ""


@lru_cache(maxsize=20_000)
def read_name(name: str) -> PersonalName:
    """Read a name as it stands in the text, titles and all."""
    title = titles_of(name)
    words = folded(bare(name)).split() or [name]
    generation = words.pop() if len(words) > 1 and words[-1] in _GENERATIONS else ""
    told = gender_of(title) if title else None
    if told is None and len(words) > 1:
        told = _GIVEN.get(words[0])
    # "Al Gore" is no particle and a family name.
    first = 1 if _GIVEN_AL.match(bare(name)) else 0
    core = tuple(word for at, word in enumerate(words) if at < first or word not in _PARTICLES) or tuple(words)
    return PersonalName(tuple(words), core, generation.replace("junior", "jr").replace("senior", "sr"), told)


def gender_of(titles: str) -> Gender | None:
    """What titles tell of who bears them: "Mrs.", "King"; most tell nothing."""
    told = {_HONORIFICS.get(word.strip(".").casefold()) for word in titles.split()} - {None}
    return told.pop() if len(told) == 1 else None


def may_be_one(one: PersonalName, other: PersonalName) -> bool:
    """Can two full names be one person's: "Hillary Clinton" and "Hillary Rodham Clinton", not "Bill Clinton"?"""
    if one.generation != other.generation or differ(one.gender, other.gender):
        return False
    if "".join(one.words) == "".join(other.words):
        return True
    first, second = one.core, other.core
    if first[-1] == second[-1] and _one_given_name(first[0], second[0]):
        return _agree(first[1:-1], second[1:-1])
    shorter, longer = sorted((first, second), key=len)
    # "Peña Nieto" of "Enrique Peña Nieto"; one word alone would be any family's.
    return 2 <= len(shorter) < len(longer) and longer[-len(shorter) :] == shorter


def may_be_called(lone: PersonalName, full: PersonalName) -> bool:
    """Can this one word stand for that full name: a family name, or the given name alone?"""
    if differ(lone.gender, full.gender) or (lone.generation and lone.generation != full.generation):
        return False
    return lone.core[-1] in (full.core[0], full.core[-1])


def other_given_names(name: str) -> list[str]:
    """A full name with the long form of a short given name: "Michael Atherton" for "Mike Atherton"."""
    given, _, rest = name.partition(" ")
    return [f"{long.capitalize()} {rest}" for long in _LONG_FORMS.get(given.casefold(), ())] if rest else []


def is_whole(name: PersonalName, forms: Iterable[PersonalName]) -> bool:
    """Has it a given and a family name, beside the other forms? "Suu Kyi" has not, beside "Aung San Suu Kyi"."""
    if not name.is_full or name.core[0] in _GIVEN:
        return name.is_full
    length = len(name.words)
    return not any(len(other.words) > length and other.words[-length:] == name.words for other in forms)


def differ(one: Gender | None, other: Gender | None) -> bool:
    """Are both known, and not the same?"""
    return one is not None and other is not None and one != other


def _one_given_name(one: str, other: str) -> bool:
    if one == other or _SHORT.get(one, one) == _SHORT.get(other, other):
        return True
    shorter, longer = sorted((one, other), key=len)
    # "J. Smith" and "JK Smith" of "John" and of "John K. Smith": one or two initials.
    is_initials = len(shorter) == 1 or (len(shorter) == 2 < len(longer) and shorter not in _GIVEN | _SHORT)
    return is_initials and longer.startswith(shorter[0])


def _agree(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Do the middle names agree: one has none, or each is the other's initial or equal?"""
    return all(a.startswith(b) or b.startswith(a) for a, b in zip(one, other, strict=False)) and (
        not one or not other or len(one) == len(other)
    )
