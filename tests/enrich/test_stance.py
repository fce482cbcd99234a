"""Who is for or against whom, in which words."""

from collections.abc import Sequence

import pytest

from schemas.annotations import Entity
from schemas.message import Span
from services.enrich.acts import Told
from services.enrich.language_model import StanceAsk
from services.enrich.loaded_words import has_loaded_word
from services.enrich.sentences import split_sentences
from services.enrich.stance import find_stances, leaning, stance_of, with_act

AGAINST, NEUTRAL, FOR = (0.98, 0.01, 0.01), (0.02, 0.96, 0.02), (0.01, 0.01, 0.98)


class Verbs:
    """Reads a stance from the verb of the target's sentence, source before target; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[StanceAsk] = []

    def score_stances(self, asks: Sequence[StanceAsk]) -> list[tuple[float, float, float]]:
        self.asked += asks
        return [self._score(ask) for ask in asks]

    def _score(self, ask: StanceAsk) -> tuple[float, float, float]:
        [sentence] = [span.of(ask.text) for span in split_sentences(ask.text) if span.start <= ask.target[0] < span.end]
        if ask.source is None:
            bad = "disgraced" in sentence or "arrested" in sentence
            return AGAINST if bad else FOR if "beloved" in sentence else NEUTRAL
        if ask.source > ask.target:
            return NEUTRAL
        return FOR if "praised" in sentence else AGAINST if "condemned" in sentence else NEUTRAL


def entity(text: str, name: str, kind: str = "person", salience: float = 0.5, country: str | None = None) -> Entity:
    starts = [at for at in range(len(text)) if text.startswith(name, at)]
    spans = tuple(Span(start=at, end=at + len(name)) for at in starts)
    return Entity.model_validate(
        {"id": name.lower(), "name": name, "kind": kind, "spans": spans, "salience": salience, "country": country}
    )


def stances_in(text: str, *entities: Entity) -> list[tuple[str, str, int, list[str]]]:
    return [
        (s.holder, s.target, 1 if s.polarity > 0 else -1, [span.of(text) for span in s.evidence])
        for s in find_stances(text, split_sentences(text), entities, Verbs())
    ]


def test_a_stance_goes_from_holder_to_target_and_shows_its_sentence() -> None:
    text = "It rained. Ruiz condemned Holm on Friday. They left."
    assert stances_in(text, entity(text, "Ruiz"), entity(text, "Holm")) == [
        ("ruiz", "holm", -1, ["Ruiz condemned Holm on Friday."])
    ]


def test_sentences_that_agree_make_a_stance_stronger() -> None:
    once = "Ruiz praised Holm."
    twice = "Ruiz praised Holm.\nRuiz praised Holm once more."
    [weak] = find_stances(once, split_sentences(once), [entity(once, "Ruiz"), entity(once, "Holm")], Verbs())
    [strong] = find_stances(twice, split_sentences(twice), [entity(twice, "Ruiz"), entity(twice, "Holm")], Verbs())
    assert 0 < weak.polarity < strong.polarity <= 1
    assert len(strong.evidence) == 2


def test_sentences_that_contradict_each_other_make_none() -> None:
    text = "Ruiz praised Holm.\nRuiz condemned Holm."
    assert stances_in(text, entity(text, "Ruiz"), entity(text, "Holm")) == []


def test_the_outlet_takes_a_side_in_its_own_words_only() -> None:
    text = (
        "The disgraced Ruiz spoke. “The disgraced Holm is gone,” she said. “A disgraced Holm,” she said. "
        "The disgraced Ruiz left."
    )
    found = stances_in(text, entity(text, "Ruiz"), entity(text, "Holm"))
    assert found == [("outlet", "ruiz", -1, ["The disgraced Ruiz spoke.", "The disgraced Ruiz left."])]


def test_bad_news_of_somebody_is_not_the_outlets_dislike() -> None:
    for text in ("Ruiz was arrested. Police arrested Ruiz.", "Ruiz was arrested. Police arrested the disgraced Ruiz."):
        assert stances_in(text, entity(text, "Ruiz")) == []


def test_a_loaded_word_of_another_is_not_the_outlets() -> None:
    said = "Ruiz, a “liar” to some, was arrested."
    own = "Ruiz, a notorious liar, was arrested."
    assert stances_in(f"{said} {said}", entity(f"{said} {said}", "Ruiz")) == []
    assert stances_in(f"{own} {own}", entity(f"{own} {own}", "Ruiz")) == [("outlet", "ruiz", -1, [own, own])]


def test_the_outlet_needs_no_loaded_word_to_be_for_somebody() -> None:
    text = "The beloved Ruiz spoke."
    assert stances_in(text, entity(text, "Ruiz")) == [("outlet", "ruiz", 1, [text])]


@pytest.mark.parametrize("words", ["shameful", "a Disgrace", "so-called", "failing"])
def test_a_word_that_judges_is_loaded(words: str) -> None:
    assert has_loaded_word(f"It was {words} speech.")


@pytest.mark.parametrize("words", ["arrested", "the accused", "lies to the west", "in debt", "unfitting", ""])
def test_a_word_that_only_tells_bad_news_is_not_loaded(words: str) -> None:
    assert not has_loaded_word(f"It was {words}.")


def test_a_country_takes_sides_and_a_town_does_not() -> None:
    text = "Norway praised Oslo."
    country = entity(text, "Norway", "location", country="NO")
    assert stances_in(text, country, entity(text, "Oslo", "location")) == []
    assert stances_in(text, country, entity(text, "Oslo", "organization")) == [("norway", "oslo", 1, [text])]


def test_the_outlet_that_is_mostly_neutral_takes_no_side() -> None:
    text = "The disgraced Ruiz spoke.\nRuiz left.\nRuiz came back.\nRuiz sat down."
    assert stances_in(text, entity(text, "Ruiz")) == []


def test_that_a_leader_is_for_the_country_goes_without_saying() -> None:
    for verb, found in (("praised", []), ("condemned", [("ruiz", "norway", -1)])):
        text = f"Ruiz {verb} Norway."
        country = entity(text, "Norway", "location", country="NO")
        assert [said[:3] for said in stances_in(text, entity(text, "Ruiz", country="NO"), country)] == found


def test_a_title_is_no_stance() -> None:
    text = "Norwegian President Ana Ruiz condemned it."
    asked = Verbs()
    named = [entity(text, "Norwegian", "location", country="NO"), entity(text, "Ana Ruiz")]
    find_stances(text, split_sentences(text), named, asked)
    assert not [ask for ask in asked.asked if ask.source]


def test_whichever_ministry_a_minister_has_it_is_no_stance() -> None:
    text = "Nepal's home minister, Ana Ruiz, praised nobody. Peru’s education secretary Per Holm praised it too."
    names = (entity(text, "Nepal", "location", country="NP"), entity(text, "Peru", "location", country="PE"))
    assert not stances_in(text, *names, entity(text, "Ana Ruiz"), entity(text, "Per Holm"))


def test_what_stands_in_quotation_marks_is_marked_as_quoted() -> None:
    text = "Ruiz said: “Moe praised Holm.”"
    found = find_stances(text, split_sentences(text), [entity(text, "Moe"), entity(text, "Holm")], Verbs())
    assert [stance.quoted for stance in found] == [True]


def test_a_list_of_many_names_is_not_asked_of_every_pair() -> None:
    names = [f"Name{letter}" for letter in "ABCDEFGHIJ"]
    text = " met ".join(names) + " and others praised it."
    asked = Verbs()
    find_stances(text, split_sentences(text), [entity(text, name) for name in names], asked, most_pairs=4)
    assert len([ask for ask in asked.asked if ask.source]) == 4


def test_an_asked_stance_has_a_label_and_a_polarity() -> None:
    text = "Ruiz condemned Holm."
    assert stance_of(text, 15, 19, 0, 4, model=Verbs())[0] == -1
    assert stance_of(text, 0, 4, 15, 19, model=Verbs()) == (0, 0.0)
    assert stance_of("The disgraced Ruiz.", 14, 18, model=Verbs()) == (-1, -0.97)


def test_pairs_are_neutral_more_often_than_the_encoder_was_taught() -> None:
    assert leaning((0.5, 0.4, 0.1), directed=False) == (0.5, 0.4, 0.1)
    against, neutral, favour = leaning((0.5, 0.4, 0.1), directed=True)
    assert neutral > against > favour
    assert abs(against + neutral + favour - 1) < 1e-9


def test_sentences_of_a_passage_are_asked_in_its_text() -> None:
    text = "Ruiz praised Holm. Moe condemned Ruiz."
    asked = Verbs()
    find_stances(text, split_sentences(text), [entity(text, name) for name in ("Ruiz", "Holm", "Moe")], asked)
    passages = [ask.text for ask in asked.asked]
    assert len(passages) > len(set(passages))
    assert all(ask.text[slice(*ask.target)] in ("Ruiz", "Holm", "Moe") for ask in asked.asked)


def test_what_a_sentence_does_not_name_its_speaker_for_is_asked_of_him() -> None:
    text = "Ruiz came to Oslo on Friday. “We praised Holm all the way home,” she said."
    [found] = find_stances(text, split_sentences(text), [entity(text, "Ruiz"), entity(text, "Holm")], Verbs())
    assert (found.holder, found.target, found.quoted, found.act) == ("ruiz", "holm", True, "SUPPORT")


def test_a_speaker_who_is_named_far_away_is_put_before_his_words() -> None:
    filler = "It rained on the harbour and on all who had come there to hear what would be said that day. " * 6
    text = f"“We praised Moe,” Ruiz said. “{filler}And we praised Holm.”"
    asked = Verbs()
    find_stances(text, split_sentences(text), [entity(text, "Ruiz"), entity(text, "Holm")], asked)
    assert any(ask.text.startswith("Ruiz said: ") and ask.source == (0, 4) for ask in asked.asked)


def test_what_is_said_in_a_long_quotation_is_not_the_outlets_tone() -> None:
    text = "“We met early,” Moe said. “The disgraced Ruiz spoke. The disgraced Holm was silent all day.”"
    found = stances_in(text, entity(text, "Ruiz"), entity(text, "Holm"), entity(text, "Moe"))
    assert not [one for one in found if one[0] == "outlet"]


def test_an_act_is_told_where_it_agrees_with_the_side() -> None:
    text = "Norway condemned Ruiz."
    [found] = find_stances(
        text, split_sentences(text), [entity(text, "Norway", "location", country="NO"), entity(text, "Ruiz")], Verbs()
    )
    assert (found.act, found.quad) == ("ACCUSE", "verbal conflict")
    assert (found.holder_side, found.target_side) == ("NO", None)


def test_words_that_are_clear_count_more_than_the_encoder() -> None:
    assert with_act(NEUTRAL, Told("SANCTION"))[0] > 0.5
    assert with_act(NEUTRAL, Told("AID"))[2] > 0.5
    assert with_act(AGAINST, Told(None, denied=True))[1] > 0.5
    assert with_act(NEUTRAL, Told("CONSULT")) == NEUTRAL
    assert with_act(FOR, Told(None)) == FOR


def test_a_hostile_act_that_is_denied_makes_no_stance() -> None:
    text = "Ruiz has not condemned Holm."
    assert stances_in(text, entity(text, "Ruiz"), entity(text, "Holm")) == []


def test_a_sentence_that_tells_anothers_dislike_is_not_the_outlets_tone() -> None:
    text = "Ruiz condemned the disgraced Holm."
    found = stances_in(text, entity(text, "Ruiz"), entity(text, "Holm"))
    assert [one for one in found if one[1] == "holm"] == [("ruiz", "holm", -1, [text])]


def test_a_sentence_that_tells_whom_one_is_for_is_not_the_outlets_tone_toward_him() -> None:
    for verb, side in (("praised", 1), ("condemned", -1)):
        text = f"The beloved Waluke {verb} Uganda."
        found = stances_in(text, entity(text, "Waluke"), entity(text, "Uganda", "location", country="UG"))
        assert found == [("waluke", "uganda", side, [text])]


@pytest.mark.parametrize(
    "text",
    [
        "Ruiz condemned a firm in Norway.",
        "Ruiz condemned a bank based in Oslo, Norway.",
        "Ruiz condemned a Norway-based firm.",
        "Ruiz condemned Holm in Norway on Friday.",
    ],
)
def test_a_country_that_only_says_where_another_is_is_nobodys_target(text: str) -> None:
    people = [entity(text, name) for name in ("Ruiz", "Holm") if name in text]
    found = stances_in(text, *people, entity(text, "Norway", "location", country="NO"))
    assert not [one for one in found if one[1] == "norway"]


def test_a_country_that_only_says_where_another_is_holds_nothing() -> None:
    text = "A firm based in Norway condemned Holm."
    assert stances_in(text, entity(text, "Norway", "location", country="NO"), entity(text, "Holm")) == []


def test_a_country_is_the_target_where_its_rulers_are() -> None:
    for text in ("Ruiz condemned the government of Norway.", "Ruiz condemned abuses in Norway."):
        found = stances_in(text, entity(text, "Ruiz"), entity(text, "Norway", "location", country="NO"))
        assert [one[:3] for one in found] == [("ruiz", "norway", -1)]


def test_what_actors_say_of_one_another_comes_before_the_outlets_tone() -> None:
    text = "The beloved Moe spoke. The beloved Moe sang. The beloved Moe left. Ruiz praised Holm."
    found = stances_in(text, entity(text, "Moe", salience=0.9), entity(text, "Ruiz"), entity(text, "Holm"))
    assert [(holder, target) for holder, target, *_ in found] == [("ruiz", "holm"), ("outlet", "moe")]
