"""The query parameters by which articles are asked for, and the question that they ask."""

import difflib
import re
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar, get_args

from fastapi import Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from schemas.annotations import Act
from schemas.story import DevelopmentKind
from services.search.api.as_of import KnownThen
from services.search.api.problems import Fault, faults, invalid
from services.search.criteria import Criteria
from services.search.facets import Facet
from services.search.query import GroupBy, Sort
from services.search.values import Asked

LARGEST_PAGE = 100
"""Articles of one page: with their entities, some half a megabyte."""

CURSOR = "`next` of the page before: what follows it, as the index was then. Says the whole question."

_SEVERAL = "Several: `a,b`, or given again."
_POINT = re.compile(r"\s*(-?[0-9.]+)\s*,\s*(-?[0-9.]+)\s*")
_FOUR = re.compile(r"\s*" + r"\s*,\s*".join([r"(-?[0-9.]+)"] * 4) + r"\s*")


def _each_apart(given: Any) -> Any:
    """`a,b` as `a` and `b`: people write either that or the parameter twice, and none of these values has a comma."""
    if not isinstance(given, list):
        return given
    return [part.strip() for one in given for part in (one.split(",") if isinstance(one, str) else [one])]


Apart = BeforeValidator(_each_apart)

Own = TypeVar("Own", bound=Asked)


WHO = "an id, a name, or a country for all who act for it (`country:RU`; `RU` also finds that name)."
ACT = f"these kinds (PLOVER's): {', '.join(get_args(Act))}. {_SEVERAL}"
OUTLET = f"Domain of the outlet; any of them. {_SEVERAL}"
OUTLET_COUNTRY = f"ISO 3166-1 alpha-2 code of the outlet's country; any of them. {_SEVERAL}"


class FilterQuery(BaseModel):
    """By what articles are asked for; everything that is given must be met."""

    model_config = ConfigDict(frozen=True)

    q: str | None = Field(
        default=None,
        description='A question in the query language: words, "phrases", `AND OR NOT ( )` and fields'
        " (docs/query-language.md); inflections are found too.",
        examples=['defence pact "North Korea"', "pact (title:Kenya OR entity:Q115) published:>now-7d"],
    )
    entity: list[str] = Field(
        default=[],
        description="Wikidata id, local id or name of someone or something named in the article; given again, all.",
        examples=[["Q7747"]],
    )
    country: Annotated[list[str], Apart] = Field(
        default=[],
        description=f"ISO 3166-1 alpha-2 code of a country that a place of the article is in; any of them. {_SEVERAL}",
    )
    near: str | None = Field(
        default=None, description="`lat,lon`: a place of the article lies within `km` of it.", examples=["39.03,125.75"]
    )
    km: float | None = Field(default=None, description="Kilometres around `near`.", examples=[100])
    box: str | None = Field(
        default=None,
        description="`north,west,south,east`: a place of the article lies inside; may cross the date line.",
        examples=["46,122,30,146"],
    )
    stance_holder: str | None = Field(default=None, description=f"Who holds a stance: {WHO} `outlet`: its own tone.")
    stance_target: str | None = Field(default=None, description=f"Whom the same stance is towards: {WHO}")
    stance_act: Annotated[list[str], Apart] = Field(
        default=[], description=f"The same stance is an act of one of {ACT}"
    )
    stance_quoted: bool | None = Field(
        default=None, description="The same stance stands in quotation marks (true) or in the outlet's words (false)."
    )
    polarity_min: float | None = Field(default=None, description="The same stance is at least so much for (+1).")
    polarity_max: float | None = Field(default=None, description="The same stance is at most so; -1 is against.")
    outlet: Annotated[list[str], Apart] = Field(default=[], description=OUTLET, examples=[["example.org"]])
    outlet_country: Annotated[list[str], Apart] = Field(default=[], description=OUTLET_COUNTRY)
    language: Annotated[list[str], Apart] = Field(
        default=[], description=f"ISO 639-1 code; any of them. {_SEVERAL}", examples=[["en"]]
    )
    from_: str | None = Field(
        default=None,
        alias="from",
        description="Published at or after this moment, or this day (UTC).",
        examples=["2026-11-21"],
    )
    to: str | None = Field(
        default=None, description="Published before this moment, or on this day (UTC) at the latest."
    )
    novelty_min: float | None = Field(default=None, description="At least so new in its story: 0 to 1.")
    development: Annotated[list[str], Apart] = Field(
        default=[],
        description=f"Brings a development of this kind: {', '.join(get_args(DevelopmentKind))}; any. {_SEVERAL}",
    )
    story: Annotated[list[str], Apart] = Field(
        default=[],
        description=f"Id of the story that it is part of, or of one that became part of that; any of them. {_SEVERAL}",
    )


class Listing(KnownThen):
    """How articles are listed: in which order, in which groups, with which counts."""

    sort: Sort | None = Field(
        default=None,
        description="`relevance` (where `q` is given), `date`, newest first (where it is not), or `both`: relevance,"
        " halved for every week of age.",
    )
    size: int | None = Field(default=None, ge=1, le=LARGEST_PAGE, description="Articles of a page; 20 if not given.")
    cursor: str | None = Field(default=None, description=CURSOR)
    group_by: GroupBy | None = Field(
        default=None,
        description="One article of each story, the first in the order asked for; `stands_for` counts the story's"
        " articles that were found. Articles from before their story became part of another are a group of their own."
        " Not with `fold_duplicates`.",
    )
    fold_duplicates: bool | None = Field(
        default=None,
        description="One of each set of near-duplicates, the first in the order asked for; `stands_for` counts those"
        " of the set that were found.",
    )
    facets: Annotated[list[Facet], Apart] = Field(
        default=[],
        description="Count the articles by these, over the whole answer; a `place` by its GeoNames id, a `stance_pair`"
        f" as holder and target (`Q1036 → Q114`), without the outlets' own tone. {_SEVERAL}",
    )
    fields: Annotated[list[str], Apart] = Field(
        default=[],
        description="Of each article only these fields, and its `id`; the others are not there. A page read by a"
        f" cursor takes them anew. {_SEVERAL}",
        examples=[["title", "url"]],
    )


class ArticlesQuery(FilterQuery, Listing):
    """What `GET /articles` takes."""


class ArticlesAsked(Listing):
    """What `POST /articles` takes: the same as `GET /articles`, as a body."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"criteria": {"q": "pact (title:Kenya OR entity:Q115) published:>now-7d"}, "facets": ["country"]},
                {
                    "criteria": {
                        "query": {
                            "ask": "all",
                            "of": [
                                {"ask": "word", "text": "pact"},
                                {"ask": "not", "of": {"ask": "named", "who": "Q115"}},
                            ],
                        }
                    },
                    "size": 5,
                },
            ]
        },
    )

    criteria: Criteria = Criteria()


async def only_known_parameters(request: Request) -> None:
    """Refuse a parameter that the path does not take, and one given twice that can be given once."""
    operation = request.app.openapi()["paths"].get(request.scope["route"].path, {}).get(request.method.lower(), {})
    takes = {found["name"]: found["schema"] for found in operation.get("parameters", []) if found["in"] == "query"}
    wrong = []
    for name in request.query_params:
        if name not in takes:
            wrong.append(_unknown(name, list(takes)))
        elif len(request.query_params.getlist(name)) > 1 and takes[name].get("type") != "array":
            wrong.append(Fault(parameter=name, detail=f"{name}: can be given once only"))
    if wrong:
        raise invalid(*wrong)


def criteria_of(query: FilterQuery) -> Criteria:
    """The question that the parameters ask; raises a problem that names the parameter."""
    return read_criteria(
        _asked(query), holder="stance_holder", target="stance_target", quoted="stance_quoted", act="stance_act"
    )


def read_criteria(asked: Mapping[str, Any], **named: str) -> Criteria:
    """The question that is asked; what is wrong with it is told by the names that its parts have as parameters."""
    try:
        return Criteria.model_validate({name: value for name, value in asked.items() if value is not None})
    except ValidationError as error:
        raise invalid(*faults([_as_asked(found, named) for found in error.errors()])) from error


def read_own(model: type[Own], asked: Mapping[str, Any], whole: str = "") -> Own:
    """What a list takes beside the filters of articles, read as a question of its own kind; `whole` names the parameter
    that is told of where two do not go together.
    """
    try:
        return model.model_validate(asked)
    except ValidationError as error:
        named = [{**found, "loc": ("query", *(found["loc"] or (whole,)))} for found in error.errors()]
        raise invalid(*faults(named)) from error


def _asked(query: FilterQuery) -> dict[str, Any]:
    return {
        "q": query.q,
        "entity": query.entity,
        "country": query.country,
        "outlet": query.outlet,
        "outlet_country": query.outlet_country,
        "language": query.language,
        "published_from": query.from_,
        "published_to": query.to,
        "novelty_min": query.novelty_min,
        "development": query.development,
        "story": query.story,
        "near": _near(query),
        "box": _box(query.box),
        "stance": _stance(query),
    }


def _near(query: FilterQuery) -> Mapping[str, Any] | None:
    if query.near is None:
        if query.km is not None:
            raise invalid(Fault(parameter="near", detail="near: km is given, but not around which point"))
        return None
    if query.km is None:
        raise invalid(Fault(parameter="km", detail="km: near is given, but not how many kilometres around it"))
    if not (point := _POINT.fullmatch(query.near)):
        raise invalid(Fault(parameter="near", detail="near: lat,lon is expected, as in 39.03,125.75"))
    return {"lat": point[1], "lon": point[2], "km": query.km}


def _box(box: str | None) -> Mapping[str, Any] | None:
    if box is None:
        return None
    if not (edges := _FOUR.fullmatch(box)):
        raise invalid(Fault(parameter="box", detail="box: north,west,south,east is expected, as in 46,122,30,146"))
    return dict(zip(("north", "west", "south", "east"), edges.groups(), strict=True))


def _stance(query: FilterQuery) -> Mapping[str, Any] | None:
    asked = {
        "holder": query.stance_holder,
        "target": query.stance_target,
        "polarity_min": query.polarity_min,
        "polarity_max": query.polarity_max,
        "act": query.stance_act or None,
        "quoted": query.stance_quoted,
    }
    return {name: value for name, value in asked.items() if value is not None} or None


def _as_asked(error: Any, named: Mapping[str, str]) -> dict[str, Any]:
    """What is wrong with the criteria, in the words of the parameters."""
    loc = error["loc"]
    message = error["msg"].replace("published_from", "from").replace("published_to", "to")
    if loc and loc[0] in ("near", "box") and len(loc) > 1 and loc[1] != "km":
        message = f"{loc[1]}: {message}"
    return {**error, "loc": ("query", _parameter(loc, named)), "msg": message}


def _parameter(loc: tuple[int | str, ...], named: Mapping[str, str]) -> str:
    """The parameter that gave a field of `Criteria`."""
    named = {"published_from": "from", "published_to": "to", **named}
    if not loc:
        return "from"  # the one thing that is wrong with no field of its own: from and to the wrong way round
    field, inner = str(loc[0]), str(loc[1]) if len(loc) > 1 else ""
    if field == "stance":
        return named.get(inner, inner or "polarity_min")
    if field == "near":
        return "km" if inner == "km" else "near"
    return named.get(field, field)


def _unknown(name: str, takes: list[str]) -> Fault:
    close = difflib.get_close_matches(name.lower(), takes, n=1, cutoff=0.6)
    known = "it takes none"
    if close:
        known = f"did you mean {close[0]}?"
    elif takes:
        known = f"it takes {', '.join(sorted(takes))}"
    return Fault(
        parameter=name,
        detail=f"{name[:80]}: there is no such parameter; {known}",
        suggestion=close[0] if close else None,
    )
