"""The feed is Atom as RFC 4287 has it, and holds what publishers wrote as text alone."""

from datetime import UTC, datetime
from xml.etree import ElementTree

from services.search.atom import alerts_to_atom, to_atom
from services.search.development_results import DevelopmentTold, developments_told
from tests.search.deliver.owing import alert
from tests.search.reports import NOON, report, so_far

ADDRESS = "http://127.0.0.1:8080/developments.atom?kind=new_story&q=a"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"


def told(number: int = 1, **changes: object) -> DevelopmentTold:
    (new,) = developments_told(report(number, so_far=so_far(), **changes))
    return new.told


def read(*developments: DevelopmentTold) -> ElementTree.Element:
    return ElementTree.fromstring(to_atom(developments, ADDRESS, NOW))


def texts(element: ElementTree.Element, name: str) -> list[str | None]:
    return [found.text for found in element.iter(f"{ATOM}{name}")]


def test_the_feed_and_each_entry_have_what_atom_asks_for() -> None:
    feed = read(told(2), told(1))
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated", "author"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
    (own,) = (link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self")
    assert own.get("href") == ADDRESS
    assert feed.findtext(f"{ATOM}updated") == "2026-03-03T12:02:00.000Z"
    ids = texts(feed, "id")
    assert len(set(ids)) == 3
    assert all(one and one.startswith("urn:uuid:") for one in ids)


def test_the_same_development_has_the_same_id_for_ever() -> None:
    assert texts(read(told(1)), "id") == texts(read(told(1)), "id")
    assert texts(read(told(1)), "id")[0] == texts(read(), "id")[0]


def test_a_feed_without_entries_was_updated_now() -> None:
    assert read().findtext(f"{ATOM}updated") == "2026-11-22T12:00:00.000Z"


def test_what_a_publisher_wrote_is_text_and_what_no_xml_can_hold_is_left_out() -> None:
    title = 'A <script>alert("1")</script> & \x00\x0b\ud800\ufffe pact'
    entry = next(read(told(1).model_copy(update={"story_title": title})).iter(f"{ATOM}entry"))
    assert [child.tag for child in entry.iter() if "script" in child.tag] == []
    assert entry.findtext(f"{ATOM}title") == 'A <script>alert("1")</script> &  pact: A new story.'


def test_an_entry_says_when_who_and_where() -> None:
    entry = next(read(told(1)).iter(f"{ATOM}entry"))
    assert entry.findtext(f"{ATOM}published") == NOON.replace(minute=1).isoformat(timespec="milliseconds").replace(
        "+00:00", "Z"
    )
    assert texts(entry, "name") == ["Savannah Post"]
    (link,) = entry.findall(f"{ATOM}link")
    assert link.get("href") == "https://savannah-post.example/report-1"


def test_a_saved_search_s_feed_has_its_alerts_as_entries() -> None:
    title = "A <b>pact</b> \x00 & more"
    written = alerts_to_atom([alert(2, title=title), alert(1)], "Water & <more>", ADDRESS, NOW)
    feed = ElementTree.fromstring(written)
    assert feed.findtext(f"{ATOM}title") == "Dateline: Water & <more>"
    entries = list(feed.iter(f"{ATOM}entry"))
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["A <b>pact</b>  & more", "Report 1"]
    assert entries[1].findtext(f"{ATOM}summary") == "Reason 1. Paper: Report 1."
    for element in (feed, *entries):
        for name in ("id", "title", "updated", "author"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
    again = ElementTree.fromstring(alerts_to_atom([alert(1)], "Renamed", ADDRESS, NOW))
    assert again.findtext(f"{ATOM}entry/{ATOM}id") == entries[1].findtext(f"{ATOM}id")
