"""What a name can mean, from the committed table."""

from __future__ import annotations

from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.gazetteer import Gazetteer, NoGazetteer


@pytest.mark.parametrize(
    ("name", "country", "feature"),
    [
        ("Russia", "RU", "country"),
        ("the United States", "US", "country"),
        ("U.S.", "US", "country"),
        ("UK", "GB", "country"),
        ("UAE", "AE", "country"),
        ("Calif.", "US", "division"),
        ("N.Y.", "US", "division"),
        ("Rapides Parish", "US", "division"),
        ("Oxfordshire", "GB", "division"),
        ("Pyongyang", "KP", "division"),
        ("北京", "CN", "city"),
        ("West Bank", "PS", "area"),
        ("Middle East", None, "area"),
        ("South China Sea", None, "water"),
        ("Mount Everest", None, "terrain"),
        ("Siberia", "RU", "area"),
        ("Kremlin", "RU", "spot"),
    ],
)
def test_the_weightiest_meaning_comes_first(gazetteer: Gazetteer, name: str, country: str | None, feature: str) -> None:
    first = gazetteer.candidates(name)[0]
    assert (first.country, first.feature) == (country, feature)


def test_georgia_is_a_state_and_a_country(gazetteer: Gazetteer) -> None:
    assert {(c.country, c.feature) for c in gazetteer.candidates("Georgia")} == {("US", "division"), ("GE", "country")}


def test_an_adjective_means_its_country_and_is_marked_as_one(gazetteer: Gazetteer) -> None:
    (russia,) = gazetteer.candidates("Russian")
    assert (russia.country, russia.how) == ("RU", "demonym")


def test_a_capital_is_marked_as_one(gazetteer: Gazetteer) -> None:
    assert any(candidate.code == "P.PPLC" for candidate in gazetteer.candidates("Beijing"))


def test_a_part_of_a_country_is_looked_up_as_the_country(gazetteer: Gazetteer) -> None:
    first = gazetteer.candidates("northern Iraq")[0]
    assert (first.country, first.how) == ("IQ", "part")


def test_a_name_inside_a_longer_name_is_found_only_when_asked_for(gazetteer: Gazetteer) -> None:
    assert gazetteer.candidates("University of Oxford") == ()
    assert {c.how for c in gazetteer.within("University of Oxford")} == {"within"}
    assert gazetteer.within("University of Oxford")[0].country == "GB"


@pytest.mark.parametrize("name", ["", " ", "Foobarville", "us", "'", "%", "the"])
def test_an_unknown_name_means_nothing(gazetteer: Gazetteer, name: str) -> None:
    assert all(candidate.how != "short" for candidate in gazetteer.candidates(name))
    assert name != "Foobarville" or gazetteer.candidates(name) == ()


@given(name=st.text(max_size=40))
def test_any_text_can_be_asked_for(gazetteer: Gazetteer, name: str) -> None:
    for candidate in gazetteer.candidates(name):
        assert -90 <= candidate.lat <= 90
        assert -180 <= candidate.lon <= 180


def test_every_country_has_its_middle_and_its_id(gazetteer: Gazetteer) -> None:
    for code in ("US", "RU", "KP", "GE", "XK", "PS", "TW", "VA"):
        country = gazetteer.country(code)
        assert country is not None
        assert country.geonames is not None
    assert gazetteer.country("ZZ") is None


def test_a_missing_table_is_told_with_the_way_to_build_it(tmp_path: Path) -> None:
    with pytest.raises(NoGazetteer, match=r"models\.train\.gazetteer"):
        Gazetteer.open(tmp_path / "none.sqlite.zst", tmp_path)


def test_the_table_is_unpacked_once(tmp_path: Path) -> None:
    packed = tmp_path / "small.sqlite.zst"
    packed.write_bytes(zstandard.ZstdCompressor().compress(b""))
    folder = tmp_path / "unpacked"
    Gazetteer.open(packed, folder).close()
    (table,) = folder.iterdir()
    before = table.stat().st_mtime_ns
    Gazetteer.open(packed, folder).close()
    assert [each.stat().st_mtime_ns for each in folder.iterdir()] == [before]
