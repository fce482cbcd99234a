"""The shipped encoder reads names and stances, forgets nothing it need not, and cuts nothing off."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.language_model import LanguageModel, Remembered, StanceAsk, windows


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return LanguageModel()


def names(model: LanguageModel, text: str) -> list[tuple[str, str]]:
    [spans] = model.tag([text])
    return [(text[span.start : span.end], span.kind) for span in spans]


def test_people_organizations_and_places_are_told_apart(model: LanguageModel) -> None:
    text = "Angela Merkel told reporters in Berlin on Friday that NATO would stay in Afghanistan."
    assert names(model, text) == [
        ("Angela Merkel", "person"),
        ("Berlin", "location"),
        ("NATO", "organization"),
        ("Afghanistan", "location"),
    ]


def test_a_headline_in_capitals_is_read_too(model: LanguageModel) -> None:
    assert ("PUTIN", "person") in names(model, "PUTIN ARRIVES IN BEIJING FOR TALKS")
    assert ("BEIJING", "location") in names(model, "PUTIN ARRIVES IN BEIJING FOR TALKS")


def test_of_a_long_text_nothing_is_cut(model: LanguageModel) -> None:
    text = " ".join(
        ["The weather was fine and nothing happened there for a long time."] * 60 + ["Angela Merkel left Berlin."]
    )
    assert names(model, text)[-2:] == [("Angela Merkel", "person"), ("Berlin", "location")]


def test_an_empty_text_names_nothing(model: LanguageModel) -> None:
    assert model.tag(["", " \n", "—"])[:2] == [[], []]


def test_an_answer_does_not_hang_on_what_else_was_asked(model: LanguageModel) -> None:
    text = "Angela Merkel praised Emmanuel Macron in Paris."
    alone = LanguageModel().tag([text])
    assert LanguageModel().tag(["x " * 300, text, "IN OTHER NEWS"])[1:2] == alone


def test_what_was_asked_before_is_not_read_again() -> None:
    model = LanguageModel()
    text = "Angela Merkel praised Emmanuel Macron in Paris."
    ask = StanceAsk(text, (22, 37), (0, 13))
    first = (model.tag([text, text]), model.score_stances([ask]))
    assert (model.tag([text, text]), model.score_stances([ask])) == first
    assert (model.tagged.misses, model.tagged.hits) == (1, 3)
    assert (model.scored.misses, model.scored.hits) == (1, 1)


def test_a_passage_is_read_once_for_its_names_and_its_stances() -> None:
    model = LanguageModel()
    text = "Angela Merkel praised Emmanuel Macron in Paris."
    model.tag([text])
    model.score_stances([StanceAsk(text, (22, 37), (0, 13)), StanceAsk(text, (0, 13), (22, 37))])
    assert model.rows.misses == 1


def test_a_stance_hardly_hangs_on_what_else_is_asked_of_the_passage(model: LanguageModel) -> None:
    text = "Merkel sharply condemned Lukashenko on Friday. Macron praised Scholz."
    ask, others = StanceAsk(text, (25, 35), (0, 6)), [StanceAsk(text, (62, 68), (47, 53)), StanceAsk(text, (0, 6))]
    [alone] = model.score_stances([ask])
    among = model.score_stances([ask, *others])[0]
    # Int8 activations are scaled by the largest of those read together.
    assert among == pytest.approx(alone, abs=0.1)


def test_of_a_long_text_each_pair_is_weighed_where_it_stands(model: LanguageModel) -> None:
    filler = "The weather was fine and nothing happened there. " * 40
    text = f"Merkel sharply condemned Lukashenko. {filler}"
    asks = [StanceAsk(text, (25, 35), (0, 6)), StanceAsk(text, (len(text) - 7, len(text)), (0, 6))]
    assert all(abs(sum(shares) - 1) < 1e-5 for shares in model.score_stances(asks))


def test_asking_no_stance_gives_none(model: LanguageModel) -> None:
    assert model.score_stances([]) == []


def test_a_stance_has_a_direction(model: LanguageModel) -> None:
    text = "Merkel sharply condemned Lukashenko on Friday."
    [forwards] = model.score_stances([StanceAsk(text, (25, 35), (0, 6))])
    assert abs(sum(forwards) - 1) < 1e-5
    assert max(range(3), key=forwards.__getitem__) == 0


@pytest.mark.parametrize("target", [(0, 1), (3, 5), (45, 46), (10, 500)])
def test_offsets_that_cut_a_word_are_borne(model: LanguageModel, target: tuple[int, int]) -> None:
    [shares] = model.score_stances([StanceAsk("Merkel sharply condemned Lukashenko on Friday.", target)])
    assert abs(sum(shares) - 1) < 1e-5


def test_the_least_lately_asked_is_forgotten() -> None:
    asked: list[int] = []

    def double(number: int) -> int:
        asked.append(number)
        return 2 * number

    remembered: Remembered[int] = Remembered(2)
    assert remembered.answer([(1,), (2,), (1,), (3,), (1,), (2,)], double) == [2, 4, 2, 6, 2, 4]
    assert asked == [1, 2, 3, 2]


@given(st.integers(1, 2000))
def test_windows_leave_no_piece_unread(length: int) -> None:
    found = windows(length, 126)
    assert [first for first, _, _ in found] == sorted(first for first, _, _ in found)
    assert all(0 < last - first <= 126 and first <= kept < last for first, last, kept in found)
    assert found[0][2] == 0
    assert found[-1][1] == length
    assert all(after[2] <= before[1] for before, after in itertools.pairwise(found))
