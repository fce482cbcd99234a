"""Feeds of every dialect give entries with a link; what is no feed is refused with the reason."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.entries import NotAFeed, read_feed

FEED = "https://a.example/feed"

RSS = b"""<rss version="2.0"><channel><title>The A</title>
<item><title>Second</title><link>/two?utm_source=rss</link><guid isPermaLink="false">2</guid>
<pubDate>Wed, 04 Mar 2026 10:00:00 +0200</pubDate></item>
<item><title>First</title><guid>https://a.example/one</guid></item>
<item><title>No link</title><guid isPermaLink="false">3</guid></item>
</channel></rss>"""

ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>The A</title>
<entry><title>First</title><id>tag:a.example,2026:1</id><link rel="self" href="https://a.example/1.xml"/>
<link rel="alternate" type="text/html" href="https://a.example/one"/><published>2026-03-04T08:00:00Z</published>
<updated>2026-03-04T09:00:00Z</updated><author><name>Amina Odhiambo</name></author></entry></feed>"""


def test_rss_gives_its_entries_in_its_order_with_whole_links() -> None:
    feed = read_feed(RSS, FEED)
    assert feed.title == "The A"
    assert [entry.link for entry in feed.entries] == ["https://a.example/two?utm_source=rss", "https://a.example/one"]
    assert feed.without_link == 1
    claim = feed.entries[0].published
    assert claim is not None
    assert (claim.raw, claim.moment) == ("Wed, 04 Mar 2026 10:00:00 +0200", datetime(2026, 3, 4, 8, tzinfo=UTC))
    assert feed.entries[1].published is None


@pytest.mark.parametrize("link", ["http://a.example:99999/x", "http://[broken", "http://.", "mailto:a@a.example"])
def test_a_link_that_no_one_could_follow_is_none(link: str) -> None:
    for item in (f"<link>{link}</link>", f'<guid isPermaLink="false">{link}</guid>'):
        feed = read_feed(f'<rss version="2.0"><channel><item>{item}</item></channel></rss>'.encode(), FEED)
        assert (feed.entries, feed.without_link) == ((), 1)


def test_atom_gives_the_page_and_not_the_entrys_own_address() -> None:
    [entry] = read_feed(ATOM, FEED).entries
    assert (entry.link, entry.id, entry.byline) == ("https://a.example/one", "tag:a.example,2026:1", "Amina Odhiambo")


def test_an_entry_that_says_something_else_is_worth_another_look() -> None:
    [before] = read_feed(ATOM, FEED).entries
    [same] = read_feed(ATOM, FEED).entries
    [after] = read_feed(ATOM.replace(b"T09:00", b"T11:00"), FEED).entries
    assert before.fingerprint == same.fingerprint != after.fingerprint


@pytest.mark.parametrize("content", [b"", b"<html><body>Not found</body></html>", b"\x00\x01", b"plain words"])
def test_what_is_no_feed_is_refused(content: bytes) -> None:
    with pytest.raises(NotAFeed):
        read_feed(content, FEED)


def test_a_feed_cut_off_in_the_middle_gives_what_it_has() -> None:
    assert [entry.title for entry in read_feed(RSS.partition(b"<item><title>First")[0], FEED).entries] == ["Second"]


def test_a_feed_that_unfolds_its_entities_without_end_gives_nothing_of_them() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    bomb = f'<!DOCTYPE rss [<!ENTITY l0 "ha">{laughs}]><rss version="2.0"><channel><item><title>&l8;</title><link>https://a.example/</link></item></channel></rss>'
    try:
        feed = read_feed(bomb.encode(), FEED)
    except NotAFeed:
        return
    assert all(len(entry.title) < 1_000 for entry in feed.entries)


@given(st.binary(max_size=300))
def test_no_bytes_at_all_upset_the_reader(junk: bytes) -> None:
    with suppress(NotAFeed):
        read_feed(RSS[:200] + junk + RSS[200:], FEED)
