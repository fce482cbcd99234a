"""Go through a tree of what is asked: its leaves, its texts, what it costs, and what of it asks anything."""

from collections.abc import Iterator, Mapping, Sequence

from services.search import english
from services.search.asked import All, AnyOf, Ask, Not, OneOf, Phrase, Prefix, Text, Word

DEEPEST = 20
"""Parts within parts; people write three or four."""

MOST_CLAUSES = 500
"""Terms, names and values of one question: the index looks each up, words in two fields, and takes 1,024 at least."""


class TooCostly(ValueError):
    """More is asked at once than the index should look up for one question."""


def affordable(ask: Ask) -> Ask:
    """The same, if it is not too deep and has not too many clauses; raises `TooCostly`."""
    if _depth(ask) > DEEPEST:
        raise TooCostly(f"parts lie within parts more than {DEEPEST} deep")
    payable(ask)
    return ask


def payable(*asks: Ask) -> None:
    """Raise `TooCostly` if these have too many clauses together."""
    if (clauses := sum(_clauses(leaf) for ask in asks for leaf in leaves(ask))) > MOST_CLAUSES:
        raise TooCostly(f"{clauses:,} words, names and values are asked for at once; {MOST_CLAUSES} are the most")


def leaves(ask: Ask) -> Iterator[Ask]:
    """Everything in it that asks something by itself."""
    match ask:
        case All() | AnyOf():
            for part in ask.of:
                yield from leaves(part)
        case Not():
            yield from leaves(ask.of)
        case _:
            yield ask


def settled(ask: Ask) -> Ask | None:
    """The same without what asks nothing: words and phrases of which the analyzer leaves nothing, and what holds no
    more than those, also under NOT. None where nothing is asked at all; everything answers to that.
    """
    match ask:
        case Word() | Phrase():
            return ask if any(True for _ in english.terms(ask.text)) else None
        case Not():
            inner = settled(ask.of)
            return None if inner is None else Not(of=inner)
        case All() | AnyOf():
            parts = tuple(part for part in map(settled, ask.of) if part is not None)
            if not parts:
                return None
            return parts[0] if len(parts) == 1 else type(ask)(of=parts)
        case _:
            return ask


def with_stories(ask: Ask, ids: Mapping[str, Sequence[str]]) -> Ask:
    """The same with every id under which the stories' articles may stand."""
    match ask:
        case All() | AnyOf():
            return type(ask)(of=tuple(with_stories(part, ids) for part in ask.of))
        case Not():
            return Not(of=with_stories(ask.of, ids))
        case OneOf(field="story"):
            # As they were found, which may be more than a reader can ask for.
            every = dict.fromkeys(each for story in ask.values for each in ids.get(story, (story,)))
            return ask.model_copy(update={"values": tuple(every)})
        case _:
            return ask


def texts(ask: Ask) -> Iterator[Text]:
    """The words, phrases and prefixes that an article is found by, and not left out for."""
    match ask:
        case All() | AnyOf():
            for part in ask.of:
                yield from texts(part)
        case Word() | Phrase() | Prefix():
            yield ask


def _depth(ask: Ask) -> int:
    match ask:
        case All() | AnyOf():
            return 1 + max(map(_depth, ask.of))
        case Not():
            return 1 + _depth(ask.of)
        case _:
            return 1


def _clauses(leaf: Ask) -> int:
    match leaf:
        case Word() | Phrase():
            return max(1, sum(1 for _ in english.terms(leaf.text)))
        case OneOf():
            return len(leaf.values)
        case _:
            return 1
