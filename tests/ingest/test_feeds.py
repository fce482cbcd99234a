"""The list of feeds is read in three shapes, and what is wrong in it is said."""

from pathlib import Path

import pytest

from services.ingest.feeds import FeedListUnreadable, FeedSpec, feeds_from, read_feeds


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "feeds.toml",
            '[[feeds]]\nurl = "https://a.example/rss"\n'
            'domain = "a.example"\ncountry = "KE"\n[[feeds]]\nurl = "https://b.example/rss"',
        ),
        (
            "feeds.json",
            '[{"url": "https://a.example/rss", "outlet": "a.example", "country": "KE"}, "https://b.example/rss"]',
        ),
    ],
)
def test_a_list_says_whose_a_feed_is(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    first, second = read_feeds(tmp_path / name)
    assert (first.url, first.domain, first.country) == ("https://a.example/rss", "a.example", "KE")
    assert (second.url, second.domain) == ("https://b.example/rss", "")


def test_a_plain_list_has_one_feed_a_line_and_remarks(tmp_path: Path) -> None:
    (tmp_path / "feeds.txt").write_text("# ours\nhttps://a.example/rss\n\nhttps://A.example/rss#x\n", "utf-8")
    assert [feed.url for feed in read_feeds(tmp_path / "feeds.txt")] == ["https://a.example/rss"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("feeds.toml", "[[feeds]"),
        ("feeds.json", "{"),
        ("feeds.txt", "not a url"),
        ("feeds.json", '[{"url": "https://a.example", "x": 1}]'),
        ("feeds.json", "[7]"),
    ],
)
def test_a_list_that_cannot_be_read_names_its_file(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(FeedListUnreadable, match=name):
        read_feeds(tmp_path / name)


def test_a_missing_list_names_its_file(tmp_path: Path) -> None:
    with pytest.raises(FeedListUnreadable, match=r"nowhere\.toml"):
        read_feeds(tmp_path / "nowhere.toml")


def test_feeds_named_one_by_one() -> None:
    assert [feed.url for feed in feeds_from("https://a.example/rss, https://b.example/rss")] == [
        "https://a.example/rss",
        "https://b.example/rss",
    ]
    assert feeds_from("") == []
    with pytest.raises(FeedListUnreadable):
        feeds_from("a.example")


def test_an_outlet_is_learnt_from_the_page_where_the_list_does_not_say() -> None:
    learnt = FeedSpec(url="https://feeds.example/rss").outlet("https://www.a.example/story", "The A")
    assert (learnt.domain, learnt.name, learnt.country) == ("a.example", "The A", None)
    told = FeedSpec(url="http://127.0.0.1/rss", domain="a.example", name="The A", country="KE")
    assert told.outlet("http://127.0.0.1/story", "Something else").name == "The A"
    assert (
        FeedSpec(url="http://127.0.0.1/rss", domain="A.Example").outlet("http://127.0.0.1/story").domain == "a.example"
    )
