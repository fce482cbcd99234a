"""Saved searches over the sample news: what a reader might ask for, and what should raise the alert."""

from typing import TypedDict

from pydantic import JsonValue


class SampleSearch(TypedDict):
    """One saved search, as `POST /searches` takes it."""

    name: str
    criteria: dict[str, JsonValue]


SAMPLE_SEARCHES: tuple[SampleSearch, ...] = (
    {
        "name": "The earthquake in Nepal, not the one in Chile",
        "criteria": {"q": "earthquake", "country": ["NP"]},
    },
    {
        "name": "A pact between Kenya and Uganda",
        "criteria": {"q": '"mutual aid pact"', "entity": ["Kenya", "Uganda"]},
    },
    {
        "name": "Whoever is against Norvik Tide Shipping",
        "criteria": {"stance": {"target": "Norvik Tide Shipping", "polarity_max": -0.1}},
    },
)

ANSWERED_BY: dict[str, tuple[str, ...]] = {
    "The earthquake in Nepal, not the one in Chile": (
        "sample-wire/earthquake-western-nepal-kills-12",
        "sample-wire/nepal-earthquake-toll-rises-to-30",
        "sample-wire/india-sends-helicopters-to-nepal",
        "valley-review/opposition-condemns-relief-effort",
    ),
    "A pact between Kenya and Uganda": (
        "sample-wire/kenya-uganda-sign-lake-pact",
        "sample-wire/tanzania-praises-lake-pact",
    ),
    "Whoever is against Norvik Tide Shipping": ("sample-wire/eu-sanctions-norvik-tide-shipping",),
}
"""For each search by its name, articles (OUTLET/SLUG) that answer it if names, places and stances in their plain
sentences are found; others may answer too."""
