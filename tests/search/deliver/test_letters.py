"""E-mail that can be read by people and programs, whatever a publisher wrote; and links that nobody can make up."""

from email import message_from_bytes
from email.policy import default

import pytest

from services.search.deliver.letters import letter
from services.search.deliver.links import Links, NotALink
from tests.flow.mailbox import body_of
from tests.search.deliver.owing import DESK, alert, delivery
from tests.search.reports import NOON

FROM = "Dateline <alerts@dateline.example>"
LINK = "https://dateline.example/unsubscribe/x"


def test_a_headline_of_any_kind_stays_one_and_is_text_in_html() -> None:
    title = 'Über <script>alert("1")</script>\r\nBcc: x@y.example\x00 & more'
    written = letter([delivery(to=DESK, alert=alert(title=title, url="javascript:alert(1)"))], FROM, LINK, NOON)
    read = message_from_bytes(written.as_bytes(), policy=default)
    assert read["Subject"] == 'Water: Über <script>alert("1")</script> Bcc: x@y.example & more'
    assert read["Bcc"] is None
    html = body_of(written, "html")
    assert "<script" not in html
    assert "javascript:" not in html
    assert "&lt;script&gt;" in html


def test_a_digest_is_by_story_in_the_order_in_which_alerts_came() -> None:
    told = [
        delivery(3, DESK, alert=alert(3, story="quake", story_title="The quake", raised=NOON.replace(minute=2))),
        delivery(2, DESK, alert=alert(2, story_title="The pact", raised=NOON.replace(minute=3))),
        delivery(1, DESK, alert=alert(1, story_title="Talks of a pact", raised=NOON.replace(minute=1))),
    ]
    text = body_of(letter(told, FROM, LINK, NOON), "plain")
    places = [text.index(words) for words in ("THE PACT", "Report 1", "Report 2", "THE QUAKE", "Report 3", LINK)]
    assert places == sorted(places)
    assert "TALKS" not in text


def test_the_same_deliveries_are_the_same_message_and_one_story_is_one_thread() -> None:
    first, second = delivery(1, DESK), delivery(2, DESK)
    later = NOON.replace(hour=23)
    assert letter([first], FROM, LINK, NOON)["Message-ID"] == letter([first], FROM, LINK, later)["Message-ID"]
    assert (
        letter([second, first], FROM, LINK, NOON)["Message-ID"]
        == letter([first, second], FROM, LINK, later)["Message-ID"]
    )
    assert letter([first], FROM, LINK, NOON)["References"] == letter([second], FROM, LINK, NOON)["References"]
    assert letter([first], FROM, LINK, NOON)["Message-ID"] != letter([second], FROM, LINK, NOON)["Message-ID"]


def test_a_link_is_read_as_it_was_written_and_nobody_can_make_one_up() -> None:
    links = Links(b"0123456789abcdef", "", "https://dateline.example")
    written = links.unsubscribe("water", DESK.key)
    end = written.removeprefix("https://dateline.example/unsubscribe/")
    assert links.read(end) == ("water", DESK.key)
    others = [
        end[:-1],
        end.replace("water", "mars"),
        end.replace(DESK.key, "0" * 16),
        Links(b"another key, as long", "", "").unsubscribe("water", DESK.key).removeprefix("/unsubscribe/"),
        Links(b"0123456789abcdef", "t1.", "").unsubscribe("water", DESK.key).removeprefix("/unsubscribe/"),
        "",
        "é" * 30,
    ]
    for other in others:
        with pytest.raises(NotALink):
            links.read(other)
