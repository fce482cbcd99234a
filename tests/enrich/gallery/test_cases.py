"""The gallery's judge: what it finds wrong is wrong, and what it lets pass is as the case says."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.annotations import AnnotatedArticle, Entity, Focus, Place
from schemas.message import Span
from tests.enrich.gallery.__main__ import settled
from tests.enrich.gallery.cases import BadCase, Case, cases, faults
from tests.enrich.reading import article, span_of

TEXT = "Amina Odera flew to Paris. Odera slept."
WHOLE = "[Amina Odera](person #a) flew to [Paris](location Q90 @FR @48.9,2.4). [Odera](person #a) slept."
ODERA = Entity(
    id="local:person:amina-odera",
    name="Amina Odera",
    kind="person",
    spans=(span_of("Amina Odera", TEXT), Span(start=27, end=32)),
)
PARIS = Entity(id="Q90", wikidata="Q90", name="Paris", kind="location", spans=(span_of("Paris", TEXT),))
THERE = Place(
    name="Paris",
    spans=PARIS.spans,
    lat=48.85,
    lon=2.35,
    country="FR",
    feature="city",
    confidence=0.9,
    reason="it is the largest of that name",
)


def case_of(marked: str, folder: Path, rest: str = "") -> Case:
    path = folder / "cases.toml"
    path.write_text(f"[[case]]\nname = 'a case'\ntext = '''{marked}'''\n{rest}")
    [case] = cases(path)
    return case


def reading(*entities: Entity, places: tuple[Place, ...] = (THERE,), focus: str | None = None) -> AnnotatedArticle:
    about = Focus(country=focus, name="there", lat=0, lon=0, confidence=1) if focus else None
    return AnnotatedArticle(article=article("", TEXT), entities=entities, places=places, focus=about)


def test_a_case_is_its_text_without_the_marks(tmp_path: Path) -> None:
    case = case_of(WHOLE, tmp_path)
    assert case.text == TEXT
    assert [case.text[each.start : each.end] for each in case.expected] == ["Amina Odera", "Paris", "Odera"]


def test_a_reading_as_expected_has_no_fault(tmp_path: Path) -> None:
    assert faults(case_of(WHOLE, tmp_path), reading(ODERA, PARIS)) == []


@pytest.mark.parametrize(
    ("marked", "fault"),
    [
        (WHOLE.replace("[Amina Odera](person #a)", "Amina Odera"), "[Amina Odera] is taken for a name: person"),
        (WHOLE.replace("flew", "[flew](other)"), "[flew] is not found"),
        (WHOLE.replace("location Q90", "organization Q90"), "[Paris] is location, not organization"),
        (WHOLE.replace("Q90", "Q830149"), "[Paris] is Q90, not Q830149"),
        (WHOLE.replace("Q90", "!Q90"), "[Paris] is Q90, which it is not"),
        (WHOLE.replace("@FR", "@US"), "[Paris] is put at Paris (FR), not US"),
        (WHOLE.replace("48.9,2.4", "33.7,-95.6"), "[Paris] is put at Paris (FR), not 33.7,-95.6"),
        (WHOLE.replace("@FR @48.9,2.4", "@-"), "[Paris] is put on the map: Paris"),
        (WHOLE.replace("@FR", "=FR"), "[Paris] is or acts for no country, not FR"),
        (WHOLE.replace("[Odera](person #a)", "[Odera](person #b)"), "[Amina Odera] and [Odera] are one"),
    ],
)
def test_what_departs_is_said_in_words(marked: str, fault: str, tmp_path: Path) -> None:
    assert faults(case_of(marked, tmp_path), reading(ODERA, PARIS)) == [fault]


def test_two_entities_for_one_are_told(tmp_path: Path) -> None:
    first, second = (
        ODERA.model_copy(update={"id": str(number), "spans": (span,)}) for number, span in enumerate(ODERA.spans)
    )
    assert faults(case_of(WHOLE, tmp_path), reading(first, second, PARIS)) == ["[Amina Odera] and [Odera] are two"]


def test_words_for_someone_who_is_named_are_judged_apart(tmp_path: Path) -> None:
    asked = case_of(WHOLE.replace("flew", "[flew](reference #a)"), tmp_path)
    assert faults(asked, reading(ODERA, PARIS)) == ["[flew] is not taken for anybody named"]
    odera = ODERA.model_copy(update={"references": (span_of("flew", TEXT),)})
    assert faults(asked, reading(odera, PARIS)) == []
    assert faults(case_of(WHOLE, tmp_path), reading(odera, PARIS)) == ["[flew] is taken for Amina Odera"]


def test_an_optional_name_may_be_missing_but_not_be_something_else(tmp_path: Path) -> None:
    person = case_of(WHOLE.replace("location Q90", "person?"), tmp_path)
    assert faults(person, reading(ODERA)) == []
    assert faults(person, reading(ODERA, PARIS)) == ["[Paris] is location, not person"]


def test_either_of_two_kinds_will_do(tmp_path: Path) -> None:
    assert faults(case_of(WHOLE.replace("location", "person/location"), tmp_path), reading(ODERA, PARIS)) == []


def test_a_place_where_nothing_is_marked_is_a_fault(tmp_path: Path) -> None:
    [fault] = faults(case_of(TEXT, tmp_path), reading())
    assert fault == "[Paris] is put on the map: Paris"


@pytest.mark.parametrize(("focus", "found"), [("FR", []), (None, ["it is about none, not FR"])])
def test_what_it_is_about_is_judged_where_asked(focus: str | None, found: list[str], tmp_path: Path) -> None:
    assert faults(case_of(WHOLE, tmp_path, "focus = 'FR'\n"), reading(ODERA, PARIS, focus=focus)) == found


@pytest.mark.parametrize("marked", ["[Paris](town)", "[Paris](location", "[Paris](location Paris)"])
def test_a_case_that_cannot_be_judged_is_refused(marked: str, tmp_path: Path) -> None:
    with pytest.raises(BadCase):
        case_of(marked, tmp_path)


def test_settling_strikes_out_what_holds_and_says_what_does_not(tmp_path: Path) -> None:
    text = '[[case]]\nname = "one"\ntext = "x"\nfails = "old"\n\n[[case]]\nname = "two"\ntext = "y"\n'
    path = tmp_path / "cases.toml"
    path.write_text(text)
    one, two = cases(path)
    after = settled(settled(text, one, []), two, ['[y] is "not" found'])
    assert after == (
        '[[case]]\nname = "one"\ntext = "x"\n\n[[case]]\nname = "two"\ntext = "y"\nfails = "[y] is \\"not\\" found"\n'
    )
    path.write_text(after)
    assert [case.fails for case in cases(path)] == [None, '[y] is "not" found']


def test_a_reason_written_by_hand_stays_while_it_holds(tmp_path: Path) -> None:
    case = case_of(TEXT, tmp_path, "fails = 'by hand'\n")
    assert settled("whatever", case, ["something else"]) == "whatever"
