"""Saved searches over the sample news: what a reader might ask for, and what should raise the alert.

Criteria are in the words of `GET /articles`. `answered_by` are articles that meet them if names, places and stances in
their plain sentences are found; others may too.
"""

from dataclasses import dataclass

from pydantic import JsonValue


@dataclass(frozen=True)
class SampleSearch:
    """One saved search, and the articles (OUTLET/SLUG) that must answer it."""

    id: str
    name: str
    criteria: dict[str, JsonValue]
    answered_by: tuple[str, ...]


SAMPLE_SEARCHES = (
    SampleSearch(
        id="nepal-earthquake",
        name="The earthquake in Nepal, and not the one in Chile",
        criteria={"q": "earthquake", "country": ["NP"]},
        answered_by=(
            "sample-wire/earthquake-western-nepal-kills-12",
            "sample-wire/nepal-earthquake-toll-rises-to-30",
            "sample-wire/india-sends-helicopters-to-nepal",
            "valley-review/opposition-condemns-relief-effort",
        ),
    ),
    SampleSearch(
        id="kenya-uganda-pact",
        name="A pact between Kenya and Uganda",
        criteria={"q": '"mutual aid pact"', "entity": ["Kenya", "Uganda"]},
        answered_by=("sample-wire/kenya-uganda-sign-lake-pact", "sample-wire/tanzania-praises-lake-pact"),
    ),
    SampleSearch(
        id="against-norvik-tide",
        name="Whoever is against Norvik Tide Shipping",
        criteria={"stance": {"target": "Norvik Tide Shipping", "polarity_max": -0.1}},
        answered_by=("sample-wire/eu-sanctions-norvik-tide-shipping",),
    ),
)
