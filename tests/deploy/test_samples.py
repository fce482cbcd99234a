"""The sample news is what it says: invented, whole, fresh, and readable by what readers of news use."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

import feedparser
import httpx
import pytest
import trafilatura

from deploy.samples.collection import SampleArticle, SampleOutlet, sample_articles, sample_outlets
from deploy.samples.feeds import feed_path, feeds_toml, sample_feeds
from deploy.samples.pages import MARK, article_page
from deploy.samples.searches import ANSWERED_BY, SAMPLE_SEARCHES, SampleSearch
from deploy.samples.site import Site, serving
from schemas.story import DevelopmentKind
from services.ingest.feeds import read_feeds
from services.search.criteria import Criteria

BASE = "http://127.0.0.1:8082"
NOW = datetime(2026, 3, 4, 12, 30, 17, tzinfo=UTC)
CONTINENTS = {
    "Africa": {"ET", "KE", "TZ", "UG"},
    "Asia": {"GE", "MY", "NP"},
    "Europe": {"BE", "EE", "FI", "FR"},
    "North America": {"US"},
    "Oceania": {"AU", "FJ", "VU"},
    "South America": {"BO", "CL", "PE"},
}
ARTICLES = {article.path: article for article in sample_articles()}


@pytest.fixture(scope="module")
def site() -> Iterator[httpx.Client]:
    with serving() as base_url, httpx.Client(base_url=base_url) as client:
        yield client


def extracted(article: SampleArticle) -> str | None:
    page = article_page(article, sample_articles()[:3], NOW, BASE)
    text: str | None = trafilatura.extract(page, include_comments=False)
    return text


def test_there_are_at_least_forty_articles_of_eight_outlets_on_six_continents() -> None:
    assert len(ARTICLES) >= 40
    assert {article.outlet.slug for article in ARTICLES.values()} == set(sample_outlets())
    countries = {article.country for article in ARTICLES.values()}
    assert all(countries & those for those in CONTINENTS.values())
    assert countries <= set().union(*CONTINENTS.values())


def test_no_two_articles_share_a_slug_or_a_title() -> None:
    for shared in (Counter(a.slug for a in ARTICLES.values()), Counter(a.title for a in ARTICLES.values())):
        assert shared.most_common(1)[0][1] == 1


@pytest.mark.parametrize("path", ARTICLES)
def test_an_article_is_as_long_as_news_is_and_has_no_placeholder_left(path: str) -> None:
    text = ARTICLES[path].text(NOW)
    assert 120 <= len(text.split()) <= 450
    assert not set("{}") & set(text)


def test_every_outlet_is_under_a_domain_that_nobody_can_own() -> None:
    assert all(outlet.domain.endswith(".example") for outlet in sample_outlets().values())


def test_a_wire_copy_keeps_the_words_of_the_wire_and_comes_after_it() -> None:
    copies = [article for article in ARTICLES.values() if article.copy_of]
    assert len(copies) >= 5
    for copy in copies:
        wire = ARTICLES[copy.copy_of]
        theirs = set(wire.blocks(NOW))
        kept = [block for block in copy.blocks(NOW) if block in theirs]
        assert len(kept) >= len(copy.blocks(NOW)) / 2
        assert copy.age < wire.age
        assert copy.title != wire.title
        assert copy.brings == ()


def test_every_story_opens_with_an_article_that_says_so() -> None:
    opened: set[str] = set()
    for article in sample_articles():
        assert ("new_story" in article.brings) == (article.story not in opened), article.path
        opened.add(article.story)


def test_each_kind_of_development_is_brought_by_a_sample() -> None:
    assert {kind for article in ARTICLES.values() for kind in article.brings} == set(get_args(DevelopmentKind))


def test_ages_are_counted_back_from_now_and_one_date_lies_ahead() -> None:
    ahead = [article for article in ARTICLES.values() if article.published(NOW) > NOW]
    assert [article.slug for article in ahead] == ["suva-ferry-maiden-voyage"]
    assert ARTICLES["sample-wire/earthquake-western-nepal-kills-12"].published(NOW) == NOW - timedelta(hours=46)


def test_weekdays_and_dates_are_those_of_the_dispatch_in_its_language() -> None:
    wire = ARTICLES["sample-wire/earthquake-western-nepal-kills-12"]
    assert wire.text(NOW).startswith("KATHMANDU, March 2 (Sample Wire) — A strong earthquake")
    assert "before dawn on Monday, killing" in wire.text(NOW)
    assert "from Tuesday, and officials" in wire.text(NOW)
    french = ARTICLES["courrier-des-quais/ouverture-debat-general-onu"]
    assert french.text(NOW).startswith("NEW YORK, 3 mars — Le débat")
    assert "s’est ouvert mardi à New York" in french.text(NOW)


def test_the_extracted_text_of_nearly_every_page_is_the_article() -> None:
    wrong = [a.path for a in ARTICLES.values() if (extracted(a) or "").split() != a.text(NOW).split()]
    assert len(wrong) <= 0.05 * len(ARTICLES), wrong


@pytest.mark.parametrize("path", ARTICLES)
def test_no_page_leaks_what_stands_around_its_article(path: str) -> None:
    text = extracted(ARTICLES[path]) or ""
    assert len(text.split()) > 100
    assert not [noise for noise in ("cookies", "More from", "More News", MARK) if noise in text]


def test_a_page_says_its_title_byline_time_outlet_and_language() -> None:
    article = ARTICLES["andes-herald/copiapo-earthquake-damages-homes"]
    page = article_page(article, (), NOW, BASE)
    said = trafilatura.extract_metadata(page)
    assert (said.title, said.author, said.sitename) == (article.title, article.byline, "Andes Herald")
    assert said.url == f"{BASE}/{article.path}"
    assert said.date == "2026-03-02"
    assert '<html lang="en">' in page
    assert "https://andes-herald.example/" in page


@pytest.mark.parametrize("outlet", sample_outlets().values(), ids=lambda outlet: outlet.slug)
def test_a_feed_parses_and_lists_all_articles_of_its_outlet(site: httpx.Client, outlet: SampleOutlet) -> None:
    read = feedparser.parse(site.get(feed_path(outlet)).content)
    assert not read.bozo
    assert read.feed.title == outlet.name
    listed = {urlsplit(entry.link).path.removeprefix("/") for entry in read.entries}
    assert listed == {a.path for a in ARTICLES.values() if a.outlet is outlet} | (
        {f"{outlet.slug}/gone"} if outlet.gone else set()
    )


def test_the_list_of_feeds_is_one_that_ingest_reads(tmp_path: Path) -> None:
    listed = tmp_path / "feeds.toml"
    listed.write_text(feeds_toml(BASE), encoding="utf-8")
    assert [(feed.url, feed.domain, feed.name, feed.country) for feed in read_feeds(listed)] == [
        (spec.url, spec.outlet_domain, spec.outlet_name, spec.country) for spec in sample_feeds(BASE)
    ]


def test_one_entry_of_the_feeds_has_no_date_and_one_link_is_dead(site: httpx.Client) -> None:
    entries = [entry for spec in sample_feeds("") for entry in feedparser.parse(site.get(spec.url).content).entries]
    undated = [entry.link for entry in entries if "published" not in entry]
    assert [urlsplit(link).path for link in undated] == ["/valley-review/pokhara-bus-park-timetable"]
    dead = [urlsplit(entry.link).path for entry in entries if site.get(entry.link).status_code != 200]
    assert dead == ["/andes-herald/gone"]


@pytest.mark.parametrize("path", ["/sample-wire/rss.xml", "/sample-wire/asean-summit-closes", "/"])
def test_a_client_that_has_the_page_is_told_that_it_is_unchanged(site: httpx.Client, path: str) -> None:
    full = site.get(path)
    assert full.status_code == 200
    for asks, says in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        again = site.get(path, headers={asks: full.headers[says]})
        assert (again.status_code, again.content) == (304, b"")
    assert site.get(path, headers={"If-None-Match": '"old"'}).status_code == 200
    assert site.get(path, headers={"If-Modified-Since": "yesterday"}).status_code == 200


def test_a_head_request_gets_the_length_and_no_body(site: httpx.Client) -> None:
    head, full = (ask("/sample-wire/rss.xml") for ask in (site.head, site.get))
    assert head.headers["Content-Length"] == str(len(full.content))
    assert head.content == b""


def test_the_front_page_says_plainly_that_the_news_is_invented(site: httpx.Client) -> None:
    page = site.get("/").text
    assert "invented samples" in page
    assert all(outlet.name in page for outlet in sample_outlets().values())


def test_a_drip_lets_one_article_after_the_other_appear() -> None:
    dripping = Site(BASE, NOW, drip=10, first=3, drips_from=NOW)
    counts = [len(dripping.visible(NOW + timedelta(seconds=s))) for s in (0, 9, 10, 25, 10_000)]
    assert counts == [3, 3, 4, 5, len(ARTICLES)]
    fourth = sample_articles()[3]
    before, after = (dripping.answer(f"/{fourth.path}", {}, NOW + timedelta(seconds=s)) for s in (9, 10))
    assert (before.status, after.status) == (404, 200)


def test_a_drip_waits_for_the_first_reader_of_a_feed() -> None:
    waiting = Site(BASE, NOW, drip=10, first=3)
    assert len(waiting.visible(NOW + timedelta(hours=1))) == 3
    last = f"/{sample_articles()[-1].path}"
    with serving(drip=0.001, first=3) as base_url, httpx.Client(base_url=base_url) as reader:
        assert reader.get(last).status_code == 404
        reader.get("/sample-wire/rss.xml")
        deadline = time.monotonic() + 5
        while reader.get(last).status_code == 404:
            assert time.monotonic() < deadline


def test_a_page_never_changes_while_others_appear_beside_it() -> None:
    dripping = Site(BASE, NOW, drip=1, first=20, drips_from=NOW)
    for article in dripping.visible(NOW):
        early, late = (dripping.answer(f"/{article.path}", {}, NOW + timedelta(seconds=s)) for s in (0, 500))
        assert early == late


def test_a_feed_changes_its_etag_when_an_article_appears_in_it() -> None:
    dripping = Site(BASE, NOW, drip=1, first=20, drips_from=NOW)
    early, late = (dripping.answer("/sample-wire/rss.xml", {}, NOW + timedelta(seconds=s)) for s in (0, 500))
    since = {"If-Modified-Since": early.headers["Last-Modified"], "If-None-Match": early.headers["ETag"]}
    assert dripping.answer("/sample-wire/rss.xml", since, NOW).status == 304
    assert dripping.answer("/sample-wire/rss.xml", since, NOW + timedelta(seconds=500)).status == 200
    assert early.headers["ETag"] != late.headers["ETag"]


@pytest.mark.parametrize("search", SAMPLE_SEARCHES, ids=lambda search: search["name"])
def test_a_sample_search_is_one_that_search_understands(search: SampleSearch) -> None:
    asked = Criteria.model_validate(search["criteria"])
    for path in ANSWERED_BY[search["name"]]:
        article = ARTICLES[path]
        whole = f"{article.title}\n{article.text(NOW)}".casefold()
        assert all(word.casefold() in whole for word in (*(text.text for text in asked.texts), *asked.entity))
