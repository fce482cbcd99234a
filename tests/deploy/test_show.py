"""An article is shown so that a person can check it: each name and place where it stands, and why."""

from __future__ import annotations

import json
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from deploy.cli import app
from deploy.show import NotAnArticle, marks, rows, show
from schemas.annotations import AnnotatedArticle, Entity, Focus, Place, Role, Stance, Written
from schemas.message import Span
from tests.enrich.reading import article

TEXT = "Uganda’s Amina Odera praised Kenya. “Odera is wrong,” Kenya said in New York City."


def span(words: str, after: int = 0) -> Span:
    start = TEXT.index(words, after)
    return Span(start=start, end=start + len(words))


def place(name: str, country: str | None, *spans: Span, lat: float = 0.0) -> Place:
    return Place(
        name=name,
        spans=spans,
        lat=lat,
        lon=1.0,
        country=country,
        feature="city",
        confidence=0.9,
        reason=f"{name}: the larger",
        runner_up=f"{name}: the smaller",
    )


ODERA = Entity(
    id="local:person:amina-odera", name="Amina Odera", kind="person", spans=(span("Amina Odera"), span("Odera", 36))
)
KENYA = Entity(
    id="Q114", wikidata="Q114", name="Kenya", kind="location", spans=(span("Kenya"), span("Kenya", 40)), country="KE"
)
YORK = Entity(id="local:location:new-york-city", name="New York City", kind="location", spans=(span("New York City"),))
ANNOTATED = AnnotatedArticle(
    article=article("Odera praises Kenya", TEXT),
    entities=(ODERA, KENYA, YORK),
    places=(place("New York", "US", span("New York")), place("Lake", None, span("Uganda"))),
    focus=Focus(country="US", name="New York", lat=0, lon=1, confidence=0.61),
    stances=(
        Stance(
            holder=ODERA.id,
            holder_name="Amina Odera",
            target="Q114",
            target_name="Kenya",
            polarity=0.8,
            confidence=0.95,
            evidence=(span("Uganda’s Amina Odera praised Kenya."),),
        ),
    ),
)


def said(annotated: AnnotatedArticle, terminal: bool = False) -> str:
    out = StringIO()
    show(annotated, Console(file=out, force_terminal=terminal, color_system="standard" if terminal else None, width=60))
    return out.getvalue()


def test_off_a_terminal_each_mention_stands_in_brackets_with_what_it_was_taken_for() -> None:
    assert (
        "[Uganda](place @0.0,1.0)’s [Amina Odera](person) praised [Kenya](location Q114). “[Odera](person) is wrong,” "
        "[Kenya](location Q114) said in [New York City](location @US)." in said(ANNOTATED)
    )
    assert "\x1b" not in said(ANNOTATED)


def test_on_a_terminal_names_are_coloured_and_the_text_is_left_as_it_is() -> None:
    shown = said(ANNOTATED, terminal=True)
    assert "\x1b[35mAmina Odera\x1b[0m" in shown
    assert "\x1b[4mUganda\x1b[0m" in shown
    assert "](" not in shown


def test_who_is_shown_with_id_mentions_and_confidence() -> None:
    assert "Amina Odera  local:person:amina-odera  person, 2 mentions, confidence 1.00" in said(ANNOTATED)
    assert "as Amina Odera · Odera" in said(ANNOTATED)


def test_where_is_shown_with_the_reason_and_the_runner_up() -> None:
    assert "New York (US) city at 0.00, 1.00, confidence 0.90" in said(ANNOTATED)
    assert "New York: the larger; otherwise New York: the smaller" in said(ANNOTATED)
    assert "about New York (US), confidence 0.61" in said(ANNOTATED)


def test_a_stance_is_shown_with_the_words_that_show_it() -> None:
    assert "Amina Odera for Kenya, +0.80, confidence 0.95" in said(ANNOTATED)
    assert "“Uganda’s Amina Odera praised Kenya.”" in said(ANNOTATED)


def test_what_the_article_says_of_its_writing_stands_first() -> None:
    written = Written(agency=span("Uganda"), authors=(span("Amina Odera"),), apart=(span("Uganda"),))
    assert "written\n  for Uganda, by Amina Odera\n\nwho" in said(ANNOTATED.model_copy(update={"written": written}))


def test_roles_and_words_that_are_no_name_are_shown_with_whom_they_speak_of() -> None:
    called = Role(text="leader", span=span("wrong"), country="UG")
    odera = ODERA.model_copy(update={"roles": (called,), "references": (span("wrong"),)})
    shown = said(ANNOTATED.model_copy(update={"entities": (odera,)}))
    assert "is [wrong](= Amina Odera)," in shown
    assert "called leader (UG)" in shown


def test_a_place_that_is_only_alluded_to_is_told_apart() -> None:
    alluded = place("Uganda", "UG", span("Uganda")).model_copy(update={"used_as": "demonym"})
    shown = said(ANNOTATED.model_copy(update={"places": (), "allusions": (alluded,)}))
    assert "[Uganda](place ~UG)’s" in shown
    assert "confidence 0.90, only as an adjective" in shown


def test_an_article_about_nowhere_says_so() -> None:
    assert "about no one place" in said(ANNOTATED.model_copy(update={"focus": None}))


def test_an_unread_language_is_said_and_nothing_else() -> None:
    unread = AnnotatedArticle(article=article("Le lac", "Le lac monte.", language="fr"), annotated=False)
    assert "not annotated: no model was made for 'fr'" in said(unread)
    assert "who" not in said(unread)


def test_a_place_on_part_of_a_name_is_in_that_names_mark() -> None:
    assert [mark.span.of(TEXT) for mark in marks(ANNOTATED) if mark.place] == ["Uganda", "New York City"]


def test_square_brackets_of_the_article_are_no_markup() -> None:
    assert "[bold]Kenya[/]" in said(AnnotatedArticle(article=article("A [red]title", "He said: [bold]Kenya[/]")))


@pytest.mark.parametrize(
    ("file", "found"),
    [
        ("Kampala said so.\n\nTwice.\n", [{"text": "Kampala said so.\n\nTwice."}]),
        ('\n{"text": "a"}\n\n{"text": "b"}\n', [{"text": "a"}, {"text": "b"}]),
        ('{"text": "a\u2028b"}\n{"text": "c"}', [{"text": "a\u2028b"}, {"text": "c"}]),
    ],
)
def test_a_file_is_plain_text_or_an_article_a_line(file: str, found: Sequence[object]) -> None:
    assert list(rows(StringIO(file))) == found


@pytest.mark.parametrize(
    ("file", "reason"), [('{"text": "a"}\n[1]\n', "line 2 is no object"), ("{no", "line 1 is not")]
)
def test_a_line_that_is_no_article_is_told_by_its_number(file: str, reason: str) -> None:
    with pytest.raises(NotAnArticle, match=reason):
        list(rows(StringIO(file)))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b" \n", "is empty"),
        (b"\xff\xfe\x00", "is not text in UTF-8"),
        (b'{"title": "no text"}', "article 1: 'text' is missing"),
    ],
)
def test_what_cannot_be_shown_is_one_sentence(content: bytes, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "article").write_bytes(content)
    result = CliRunner().invoke(app, ["annotate", "--show", str(tmp_path / "article")])
    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output


def test_the_command_shows_an_article_as_the_models_read_it(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "a", "text": "Angela Merkel left Berlin for Kampala."}))
    result = CliRunner().invoke(app, ["annotate", "--show", str(tmp_path / "a.jsonl")])
    assert result.exit_code == 0, result.output
    assert "[Berlin](location" in result.output
    assert "@UG" in result.output
