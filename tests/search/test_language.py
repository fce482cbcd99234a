"""A question in the query language: what it means, and what is refused, where, and what is suggested instead."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from services.search.asked import (
    NODE_KINDS,
    All,
    AnyOf,
    Ask,
    Box,
    Named,
    Near,
    Not,
    Novelty,
    OneOf,
    Phrase,
    Prefix,
    Stance,
    When,
    Word,
)
from services.search.language.read import FIELDS, LONGEST, read, with_points
from services.search.language.scan import NotUnderstood
from services.search.language.written import written
from tests.search.manual import PAGE, examples
from tests.search.worlds import World

PACT, TALKS = Word(text="pact"), Word(text="talks")


@pytest.mark.parametrize(
    ("question", "tree"),
    [
        ("pact", PACT),
        ("pact talks", All(of=(PACT, TALKS))),
        ("pact AND talks", All(of=(PACT, TALKS))),
        ("+pact +talks", All(of=(PACT, TALKS))),
        ("pact OR talks", AnyOf(of=(PACT, TALKS))),
        ("pact -talks", All(of=(PACT, Not(of=TALKS)))),
        ("NOT pact talks", All(of=(Not(of=PACT), TALKS))),
        ("(pact talks) OR NOT (pact OR talks)", AnyOf(of=(All(of=(PACT, TALKS)), Not(of=AnyOf(of=(PACT, TALKS)))))),
        ('"defence pact"', Phrase(text="defence pact")),
        ("“defence  pact” „talks“", All(of=(Phrase(text="defence pact"), Phrase(text="talks")))),
        ('"one""two"', All(of=(Phrase(text="one"), Phrase(text="two")))),
        ("title:pact", Word(text="pact", field="title")),
        (
            'body:(pact OR "big talks")',
            AnyOf(of=(Word(text="pact", field="body"), Phrase(text="big talks", field="body"))),
        ),
        ("nucl*", Prefix(text="nucl")),
        ("title:nucl*", Prefix(text="nucl", field="title")),
        ("rock 'n' roll", All(of=(Word(text="rock"), Word(text="'n'"), Word(text="roll")))),
        ("Not and or to", All(of=tuple(Word(text=word) for word in ("Not", "and", "or", "to")))),
        (r"what\? \AND a\:b \"x\*", All(of=tuple(Word(text=word) for word in ("what?", "AND", "a:b", '"x*')))),
        ("wi-fi 24/7 U.S. AT&T", All(of=tuple(Word(text=word) for word in ("wi-fi", "24/7", "U.S.", "AT&T")))),
        ("entity:q7747", Named(who="Q7747")),
        ('person:"Kim Jong-un"', Named(kind="person", who="Kim Jong-un")),
        ("org:local:harvest-party", Named(kind="org", who="local:harvest-party")),
        ("entity:(Q1 Q2)", All(of=(Named(who="Q1"), Named(who="Q2")))),
        ("country:kp", OneOf(field="country", values=("KP",))),
        ("country:(KP OR RU)", OneOf(field="country", values=("KP", "RU"))),
        ("country:(KP RU)", All(of=tuple(OneOf(field="country", values=(code,)) for code in ("KP", "RU")))),
        ("outlet:KCNA.kp", OneOf(field="outlet", values=("kcna.kp",))),
        ("development:stance_shift", OneOf(field="kind", values=("stance_shift",))),
        ("published:2026-11-22", When(low="2026-11-22", high="2026-11-22")),
        ("published:[now-7d TO now]", When(low="now-7d", high="now")),
        ("published:{2026-11 TO *]", When(low="2026-11", low_included=False)),
        ("seen:>=2026-11-22T10:00:00+09:00", When(field="seen", low="2026-11-22T10:00:00+09:00")),
        (
            "published:[2026-11-22T10:00:00Z TO now/d}",
            When(low="2026-11-22T10:00:00Z", high="now/d", high_included=False),
        ),
        ("novelty:>0.6", Novelty(low=0.6, low_included=False)),
        ("novelty:[0.2 TO 0.3]", Novelty(low=0.2, high=0.3)),
        ("near:39.03,125.75~200km", Near(lat=39.03, lon=125.75, km=200)),
        ("near:-1.2,36.8~1.5mi", Near(lat=-1.2, lon=36.8, km=1.5 * 1.609344)),
        ('near:"Pyongyang"~200km', Near(name="Pyongyang", lat=39.03385, lon=125.75432, km=200)),
        ('near:"Here (1,-2)"~500m', Near(name="Here", lat=1, lon=-2, km=0.5)),
        ("box:[-2,36 TO 0,37.5]", Box(south=-2, west=36, north=0, east=37.5)),
        (
            "stance:(holder:RU target:country:kp polarity:[0.3 TO 1] act:aid quoted:true)",
            Stance(holder="RU", target="country:KP", polarity_min=0.3, act=("AID",), quoted=True),
        ),
        ("stance:(polarity:<=-0.3 act:(AID OR accuse))", Stance(polarity_max=-0.3, act=("AID", "ACCUSE"))),
        ("stance:(polarity:>0)", Stance(polarity_min=1.401298464324817e-45)),  # the next number of 32 bits
    ],
)
def test_a_question_is_read_as_what_it_means(question: str, tree: Ask) -> None:
    assert read(question) == tree


@pytest.mark.parametrize(
    ("question", "character", "reason", "suggestion"),
    [
        ("pact AND", 9, "missing at the end", None),
        (f"person:{'a:' * 900}b", 8, "one value is expected in person", '"…"'),
        ("stance:(polarity:>1e39)", 18, "a polarity is from -1", "polarity:[0.3 TO 1]"),
        ("OR pact", 1, "OR cannot stand here", None),
        ("a (b", 3, "opened and never closed", None),
        ("a b)", 4, "closes nothing", None),
        ('pact "never closed', 6, "opened and never closed", None),
        ('pact ""', 6, "nothing between", None),
        ('pact"x"', 5, "inside a word", None),
        ("a b OR c", 1, "need brackets", "a (b OR c), or (a b) OR c"),
        ("a OR b c", 1, "need brackets", "(a OR b) c, or a OR (b c)"),
        ("+a OR b", 1, "OR leaves open", "AND, or leave + out of +a"),
        ("a && b", 3, "no operator", "AND"),
        ("a || b", 3, "no operator", "OR"),
        ("a !b", 3, "no operator", "NOT b"),
        ("a - b", 3, "directly before", None),
        ("contry:KP", 1, "no field contry", "country:KP"),
        ("language:en", 1, "no field language", "lang:en"),
        ("polarity:[0 TO 1]", 1, "in a stance only", "stance:(polarity:[0 TO 1])"),
        ("at 12:30", 4, "no field 12", '"12:30" if it is plain text'),
        ("*pact", 1, "nothing can begin with *", "pact"),
        ("title:*pact", 7, "nothing can begin with *", "pact"),
        ("a p*ct", 4, "at the end of a word only", "p*"),
        ("pa*", 1, "at least 3 characters", None),
        ("wi-fi*", 1, "letters and digits of one word", None),
        ("wom?n", 4, "? stands for no letter", "womn"),
        ("a pact~2", 7, "like spelling", "pact"),
        ('"a b"~3', 6, "how far the words", '(a b) or "a b"'),
        ("/pa.t/", 1, "regular expressions", None),
        ("pact^2", 5, "count for more", None),
        ("country:Kenya", 9, "as in KP", "country:KE"),
        ("kind:shift", 6, "'stance_shift'", "kind:stance_shift"),
        ("entity:Ki*", 10, "stand for nothing in entity", '"Ki*"'),
        ("title:(country:KP)", 8, "inside title:", None),
        ("title:[a TO b]", 7, "takes no range", None),
        ("[a TO b]", 1, "belongs to a field", "published:[now-7d TO now]"),
        ("published:soon", 11, "a day (2026-11-22)", None),
        ("published:2026-02-30", 11, "no such day", None),
        ("published:now-7d", 11, "a range is expected", "published:>=now-7d"),
        ("published:[now TO 2026-11-22", 11, "never closed", None),
        ("published:[2026-11-22 TO 2026-11-01]", 11, "no moment lies between", None),
        ("novelty:2", 9, "takes a range", "novelty:>=0.6"),
        ("novelty:>2", 9, "less than or equal to 1", None),
        ("novelty:>much", 9, "much is no number", None),
        ('near:"Pyongyang"', 17, "how far around", 'near:"Pyongyang"~100km'),
        ('near:"Pyongyang"~far', 18, "how far around", 'near:"Pyongyang"~100km'),
        ("near:1,2~99999km", 10, "at most", None),
        ("near:91,2~5km", 6, "a latitude", "39.03,125.75"),
        ("box:[1 TO 2]", 5, "south-west", "box:[30,122 TO 46,146]"),
        ("box:[1,2 TO 0,3]", 5, "must not be below south", None),
        ("stance:RU", 1, "stands in brackets", "stance:(holder:RU target:KP polarity:[0.3 TO 1])"),
        ("stance:(holdr:RU)", 9, "no holdr", "holder:RU"),
        ("stance:(holder:RU holder:CN)", 19, "one holder", None),
        ("stance:(holder:RU OR target:KP)", 9, "one stance meets all", "stance:(…) OR stance:(…), NOT stance:(…)"),
        ("stance:(polarity:1)", 18, "a range from -1", "polarity:[0.3 TO 1]"),
        ("\ufdd0", 1, "no character", None),
        ("a\\", 2, "a backslash", None),
        ("x " * 501, 1, "parts stand side by side", None),
        ('"' + "x " * 501 + '"', 1, "501 words, names and values", None),
        ("(" * 30 + "a" + ")" * 30, 21, "more than 20 deep", None),
        ("-" * 40 + "a", 1, "more than 20 deep", None),
        ("a" * (LONGEST + 1), LONGEST + 1, "at most 4,000 characters", None),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_place(
    question: str, character: int, reason: str, suggestion: str | None
) -> None:
    with pytest.raises(NotUnderstood) as refused:
        read(question)
    assert (refused.value.position + 1, refused.value.suggestion) == (character, suggestion)
    assert reason in refused.value.reason


def test_a_place_that_is_not_known_is_refused_with_those_that_are_spelt_alike() -> None:
    with pytest.raises(NotUnderstood) as refused:
        read('pact near:"Pyongyong"~20km')
    assert refused.value.position == len('pact near:"')
    assert str(refused.value.suggestion).startswith('near:"Pyongyang"~20km')


def test_places_are_written_as_their_points_and_nothing_else_changes() -> None:
    asked = 'pact  OR near:"Nairobi"~1.5mi OR near:1,2~3km'
    kept = 'pact  OR near:"Nairobi (-1.28333,36.81667)"~1.5mi OR near:1,2~3km'
    assert with_points(asked) == kept
    assert with_points(kept) == kept
    assert read(kept) == read(asked)


@pytest.mark.parametrize("seed", range(8))
def test_a_tree_is_read_again_from_what_is_written_of_it(seed: int) -> None:
    world = World(seed)
    world.articles(30)
    for _ in range(100):
        tree = world.tree()
        assert read(written(tree)) == tree, written(tree)


_TOKENS = st.sampled_from(
    (*FIELDS, *(f"{field}:" for field in FIELDS), "AND", "OR", "NOT", "TO", *'+-!()[]{}"“”~^*?:/\\<>=&| ', "&&", "||")
)
_PIECES = (
    _TOKENS
    | st.sampled_from(("pact", "KP", "now-7d", "1,2", "200km", "0.3", "holder:RU", "2026-11-22"))
    | st.text(max_size=4)
)


@given(
    st.lists(_PIECES, max_size=14).map("".join) | st.lists(_PIECES, max_size=14).map(" ".join) | st.text(max_size=60)
)
def test_whatever_is_written_is_read_or_refused_at_a_place_in_it(question: str) -> None:
    try:
        tree = read(question)
    except NotUnderstood as refused:
        where = refused.position
    else:
        where = 0
        assert read(written(tree)) == tree
    assert 0 <= where <= len(question)


@pytest.mark.parametrize("question", examples("query"))
def test_each_example_of_the_manual_can_be_asked(question: str) -> None:
    tree = read(question)
    assert read(written(tree)) == tree


@pytest.mark.parametrize("question", examples("refused"))
def test_each_example_of_what_there_is_not_is_refused(question: str) -> None:
    with pytest.raises(NotUnderstood):
        read(question)


def test_the_manual_s_tree_is_the_question_that_it_says_and_every_kind_of_node_is_told() -> None:
    (question,) = re.findall(r"^fields of the criteria must all be met. This is `(.*)`:$", PAGE, re.MULTILINE)
    (tree,) = re.findall(r"^```json\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert read(question) == TypeAdapter(Ask).validate_json(tree)
    assert {node for node in NODE_KINDS if f"`{node}`" not in PAGE} == set()
    assert {field for field in FIELDS if f"`{field}" not in PAGE and f"{field}:" not in PAGE} == set()


def test_questions_are_read_alike_in_several_threads() -> None:
    world = World(5)
    trees = [world.tree() for _ in range(300)]

    def read_all() -> bool:
        return all(read(written(tree)) == tree for tree in trees)

    with ThreadPoolExecutor(4) as threads:
        assert all(each.result() for each in [threads.submit(read_all) for _ in range(4)])
