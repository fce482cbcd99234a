"""Who wrote an article, where and for whom, is told apart from what the article tells."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.annotations import Entity, Written
from schemas.message import Span
from services.enrich.dateline import stands_apart, told_of, written
from services.enrich.entities import Kind, Mention


def words(frame: Written | None, text: str) -> tuple[str | None, str | None, str | None]:
    assert frame is not None
    place, date, agency = (span.of(text) if span else None for span in (frame.place, frame.date, frame.agency))
    return place, date, agency


@pytest.mark.parametrize(
    ("text", "place", "date", "agency"),
    [
        ("PYONGYANG, June 19 (Reuters) – Kim met Odera.", "PYONGYANG", "June 19", "Reuters"),
        ("WASHINGTON (AP) — The dam will be built.", "WASHINGTON", None, "AP"),
        ("BEIJING, June 19 (Xinhua) -- The dam", "BEIJING", "June 19", "Xinhua"),
        ("KAMPALA, Uganda (AP) - The dam", "KAMPALA", None, "AP"),
        ("Hanoi (VNA) – The dam will be built.", "Hanoi", None, "VNA"),
        ("Seoul, South Korea (CNN) The dam will be built.", "Seoul", None, "CNN"),
        ("(CNN) — The dam will be built.", None, None, "CNN"),
        ("SÃO PAULO (Reuters) - The dam", "SÃO PAULO", None, "Reuters"),
        ("NAIROBI/ADDIS ABABA (Reuters) - The dam", "NAIROBI/ADDIS ABABA", None, "Reuters"),
        ("NEW YORK, Aug. 3, 2026 /PRNewswire/ -- Acme said", "NEW YORK", "Aug. 3, 2026", "PRNewswire"),
        ("ST. LOUIS — The dam will be built.", "ST. LOUIS", None, None),
        ("WASHINGTON, D.C. – The dam will be built.", "WASHINGTON", None, None),
        ("FILE - A dam in May.\n\nOSLO (AP) — The dam", "OSLO", None, "AP"),
        ("A headline of ours .\nLONDON 2026-08-30\nThe dam", "LONDON", "2026-08-30", None),
        ("LONDON, 30 August 2026 (AFP) - The dam", "LONDON", "30 August 2026", "AFP"),
    ],
)
def test_a_dateline_says_where_when_and_for_whom(
    text: str, place: str | None, date: str | None, agency: str | None
) -> None:
    assert words(written(text), text) == (place, date, agency)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The dam will be built.",
        "SOCCER - ODERA GETS LUCKY WIN",
        "BREAKING - the dam will be built.",
        "FACT CHECK — the dam will be built.",
        "NATO (the alliance) said so.",
        "Amina Odera (D-Ga.) - who spoke first.",
        "AMINA ODERA (HOST): Good evening.",
        "By contrast, the dam at Omo was built.",
        "By Monday, Amina Odera had left.",
        "Reporting by the ministry shows a loss.",
        "The Kenya - Ethiopia border is closed.",
    ],
)
def test_what_only_looks_like_a_dateline_is_none(text: str) -> None:
    assert written(text) is None


@pytest.mark.parametrize(
    ("text", "authors", "editors"),
    [
        ("By Jane Doe in Cairo\n\nThe dam", ["Jane Doe"], []),
        ("BY JANE DOE AND JOHN R. ROE\nThe dam", ["JANE DOE", "JOHN R. ROE"], []),
        ("By Jane Doe, Anna O’Neil and José Niño | Sample Wire\nThe dam", ["Jane Doe", "Anna O’Neil", "José Niño"], []),
        ("The dam.\n(Reporting by Ana Ruiz in Cairo; Editing by Bob Low)", ["Ana Ruiz"], ["Bob Low"]),
        ("The dam.\n\nAna Ruiz and the Associated Press contributed to this report.", ["Ana Ruiz"], []),
        ("The dam.\n\nContributing: Ana Ruiz, Bob Low", ["Ana Ruiz", "Bob Low"], []),
    ],
)
def test_bylines_and_credits_name_those_who_wrote(text: str, authors: list[str], editors: list[str]) -> None:
    frame = written(text)
    assert frame is not None
    assert ([span.of(text) for span in frame.authors], [span.of(text) for span in frame.editors]) == (authors, editors)


@pytest.mark.parametrize(
    "credit", ["(AP Photo/Jane Doe, File)", "(Reuters photo: Jane Doe)", "(Photo: Jane Doe)", "Jane Doe/via REUTERS"]
)
def test_whose_picture_it_is_stands_apart(credit: str) -> None:
    text = f"The dam at Omo. {credit}\nAmina Odera spoke."
    at = text.index("Jane Doe")
    assert stands_apart(at, at + 8, written(text))
    assert not stands_apart(text.index("Odera"), text.index("Odera") + 5, written(text))


@pytest.mark.parametrize(("kind", "is_dateline"), [("location", True), ("person", False), ("organization", False)])
def test_of_a_bare_name_before_a_dash_the_mentions_tell_whether_it_is_a_town(kind: Kind, *, is_dateline: bool) -> None:
    text = "ODERA — She will build the dam."
    assert (written(text, [Mention(0, 5, kind, "ODERA", 0.9)]) is not None) is is_dateline


@given(st.text(alphabet="AB ab.,()/-–\n19", max_size=80) | st.text(max_size=80))
def test_no_text_is_too_odd_and_every_span_lies_in_it(text: str) -> None:
    frame = written(text)
    assert frame is None or all(span.end <= len(text) for span in frame.spans)


def test_what_only_the_frame_names_takes_no_side_and_is_no_new_place() -> None:
    text = "OSLO, June 19 (Reuters) – Ana Ruiz left Lima. She told Reuters so."
    frame = written(text)

    def entity(name: str) -> Entity:
        spans = tuple(Span(start=found.start(), end=found.end()) for found in re.finditer(name, text))
        return Entity(id=f"local:{name}", name=name, kind="other", spans=spans)

    told = told_of([entity(name) for name in ("OSLO", "Reuters", "Ana Ruiz", "Lima")], frame)
    assert [(one.name, len(one.spans)) for one in told] == [("Reuters", 1), ("Ana Ruiz", 1), ("Lima", 1)]
    assert told_of(told, None) == told
