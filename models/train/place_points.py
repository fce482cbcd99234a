"""Build the table of points by which search knows places: `python -m models.train.place_points`.

It is drawn from the gazetteer that enrich uses, whose card says where everything in it is from: places of a thousand
people or more under their own and official names, and those of fifty thousand under every other.
"""

import gzip
import hashlib
import struct
from collections import defaultdict

from services.enrich.gazetteer import PACKED, Gazetteer
from services.search.points import TABLE, key

LEAST = 1_000
LEAST_BY_OTHER_NAMES = 50_000
_OWN, _OFFICIAL, _OTHER = 0, 1, 2


def main() -> None:
    """Write the table anew; the same gazetteer gives the same bytes."""
    TABLE.write_bytes(gzip.compress(points(), mtime=0))
    print(f"{TABLE}: {TABLE.stat().st_size:,} bytes")


def points() -> bytes:
    """Which gazetteer, and then a line for each place, weightiest first: its keys between bars, name, 100,000ths of
    degrees, country, division, whether it is a town, and its weight.
    """
    table = Gazetteer.open(PACKED)._table
    rows = table.execute(
        "SELECT p.id, p.name, p.lat, p.lon, p.country, d.name, p.code, p.weight FROM place p"
        " LEFT JOIN place d ON d.id = p.division WHERE p.weight >= ? ORDER BY p.id",
        (LEAST,),
    ).fetchall()
    weights = {row[0]: row[7] for row in rows}
    keys: dict[int, set[str]] = defaultdict(set)
    for named, means in table.execute("SELECT key, means FROM name"):
        for (packed,) in () if named.startswith("=") else struct.iter_unpack("<I", means):
            place, how = packed >> 3, packed & 7
            weight = weights.get(place, 0)
            if weight and (how in (_OWN, _OFFICIAL) or (how == _OTHER and weight >= LEAST_BY_OTHER_NAMES)):
                keys[place].add(key(named))
    lines = [
        "\t".join(
            (
                f"|{'|'.join(sorted((keys[place] | {key(name)}) - {''}))}|",
                name,
                str(lat),
                str(lon),
                country or "",
                division or "",
                "town" if code.startswith("P") else "",
                str(weight),
            )
        )
        for place, name, lat, lon, country, division, code, weight in rows
    ]
    return "".join(f"{line}\n" for line in (gazetteer(), *lines)).encode()


def gazetteer() -> str:
    """Which gazetteer there is."""
    return f"gazetteer {hashlib.sha256(PACKED.read_bytes()).hexdigest()}"


if __name__ == "__main__":
    main()
