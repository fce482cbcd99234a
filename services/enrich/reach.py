"""Say how far a verb reaches: whether a name is what it is done to, or only stands behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schemas.annotations import Act
from services.enrich.act_words import ActWords, Frame
from services.enrich.clauses import NEGATIONS, STARTS_A_CLAUSE, Word

# A verb reaches its object over so many words: "condemned the latest in a long line of broken promises by Holm".
REACH = 12

STOPS = (
    STARTS_A_CLAUSE
    | NEGATIONS
    | frozenset(
        """for against to over with from but as since until despite amid after before than about into through without
    between among toward towards on""".split()  # noqa: SIM905
    )
)
_STRETCHES = STARTS_A_CLAUSE | frozenset("after before but until despite because".split())  # noqa: SIM905
# What was done to somebody is not done against him by who condemns it.
_SUFFERED = frozenset(
    """killing killings murder arrest arrests detention detentions assassination shooting poisoning imprisonment jailing
    death deaths bombing shelling abduction attack attacks treatment persecution siege impeachment firing ouster
    removal conviction expulsion indictment prosecution critics critic opponents opponent enemies enemy rivals rival
    foes foe victims defeat absence resignation torture execution demand demands conditions deadline needs
    requirements invasion occupation annexation widow wife husband son daughter""".split()  # noqa: SIM905
)
_MATERIAL_PLACES = frozenset({"AID", "ASSAULT", "MOBILIZE", "COERCE"})


def target_of(words: Sequence[Word], first: int, frame: Frame, table: ActWords) -> int | None:
    """Where the target stands that a verb of this frame reaches, none if it reaches none."""
    for target in named(words, "target", first, len(words)):
        between = words[first:target]
        if len(between) > 2 * REACH or is_sufferer(words, target, frame.act):
            return None
        if frame.objects:
            objects = [at for at, word in enumerate(between) if word.text in frame.objects]
            if objects and not _stretched(between[: objects[0]]):
                ways = _ways(between[objects[0] + 1 :], frame, table)
                if ways or (frame.direct and is_near(between[objects[0] + 1 :], frame, table)):
                    return target
            # "sent Holm weapons", "provided Holm with weapons", "rejected Holm's offer"
            after = [at for at, word in enumerate(words[target + 1 : target + 6]) if word.text in frame.objects]
            if frame.direct and after and is_near(between, frame, table):
                return target
        elif (frame.direct and is_near(between, frame, table)) or _ways(between, frame, table):
            return target
    return None


def _ways(between: Sequence[Word], frame: Frame, table: ActWords) -> bool:
    """Does one of the frame's prepositions lead to the target, after no more than a little?"""
    for at in range(len(between) - 1, -1, -1):
        if between[at].text in frame.ways or "_".join(w.text for w in between[max(0, at - 1) : at + 1]) in frame.ways:
            return not _stretched(between[:at]) and at <= REACH and is_near(between[at + 1 :], frame, table)
    return False


def _stretched(between: Sequence[Word]) -> bool:
    return len(between) > REACH or any(word.text in _STRETCHES for word in between)


def is_near(between: Sequence[Word], frame: Frame, table: ActWords) -> bool:
    """Is what stands between a verb and a name no more than the name's own noun phrase?"""
    if len(between) > REACH:
        return False
    for at, word in enumerate(between):
        if word.who:
            continue
        if word.text in STOPS or (word.text == "in" and frame.act not in _MATERIAL_PLACES):
            return False
        if word.text in ("of", "by") and at and between[at - 1].text in _SUFFERED:
            return word.text == "by"
        if any(form in ("past", "third") and not told.objects for form, told in table.forms(word.text)):
            return False
    return True


def is_sufferer(words: Sequence[Word], target: int, act: Act) -> bool:
    """ "condemned Holm's arrest" is not against Holm; "condemned Norway's invasion" is against Norway."""
    possessed = target + 1 < len(words) and words[target + 1].text in ("’s", "'s", "’")
    after = {word.text for word in words[target + 2 : target + 4]} if possessed else set()
    if after & {"invasion", "occupation", "annexation", "attack", "attacks", "bombing", "shelling", "treatment"}:
        return act not in ("ACCUSE", "REJECT", "REQUEST")
    return bool(after & _SUFFERED)


def named(words: Sequence[Word], who: str, first: int, last: int) -> Iterator[int]:
    """Where the holder or the target stands, the nearest to the verb first."""
    found = [at for at in range(first, last) if words[at].who == who]
    return reversed(found) if last < len(words) else iter(found)
