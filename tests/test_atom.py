"""The feed and the sitemap, read back and held against their schemas."""

from __future__ import annotations

import urllib.robotparser
from time import struct_time

import feedparser
import pytest
from conftest import Build
from full import SCHEMAS, full_site
from lxml import etree
from pages import links, read

needs_schemas = pytest.mark.skipif(
    not (SCHEMAS / "atom").is_dir(), reason="the schemas stand beside the repository, not in it"
)


def test_the_news_are_whole_and_their_links_work_anywhere() -> None:
    feed = feedparser.parse(full_site()["feed.xml"])
    assert not feed.bozo
    assert feed.version == "atom10"
    assert feed.feed.title == "Days of tensors; and more, too: News"
    newest, oldest = feed.entries
    assert (newest.title, oldest.title) == ("Registration is open", "First")
    assert newest.id == "tag:example.org,2024:days-of-tensors-and-more-too-2024/news/2024-09-01-open"
    assert newest.link == "https://example.org/days-24/news/2024-09-01-open.html"
    assert isinstance(newest.updated_parsed, struct_time)
    assert newest.updated_parsed[:3] == (2024, 9, 1)
    assert links(read(newest.content[0].value)) == [
        "https://example.org/days-24/venue.html",
        "https://example.org/days-24/files/e.pdf",
        "https://example.org/days-24/news/2024-09-01-open.html#more",
    ]


@needs_schemas
def test_the_feed_and_the_sitemap_are_valid() -> None:
    feed = etree.fromstring(full_site()["feed.xml"].encode())
    etree.RelaxNG(etree.parse(SCHEMAS / "atom" / "atom.rng")).assertValid(feed)
    sitemap = etree.fromstring(full_site()["sitemap.xml"].encode())
    etree.XMLSchema(etree.parse(SCHEMAS / "sitemap" / "sitemap.xsd")).assertValid(sitemap)


def test_the_sitemap_has_the_canonical_address_of_every_page_but_the_lost_one() -> None:
    listed = etree.fromstring(full_site()["sitemap.xml"].encode()).xpath("//*[local-name()='loc']/text()")
    pages = {
        path: page for path, page in full_site().items() if path.endswith(".html") and path != "404.html"
    }
    canonical = [read(page).one("link", rel="canonical").attributes["href"] for page in pages.values()]
    assert sorted(listed) == sorted(canonical)


def test_robots_are_let_in_and_shown_the_sitemap() -> None:
    robots = urllib.robotparser.RobotFileParser()
    robots.parse(full_site()["robots.txt"].splitlines())
    assert robots.can_fetch("*", "https://example.org/days-24/index.html")
    assert robots.site_maps() == ["https://example.org/days-24/sitemap.xml"]


def test_pages_tell_of_the_feed() -> None:
    link = read(full_site()["talks/engines.html"]).one("link", type="application/atom+xml")
    assert link.attributes["href"] == "../feed.xml"


def test_there_is_no_feed_without_news_or_without_an_address(build: Build) -> None:
    assert "feed.xml" not in build(url="https://example.org/")
    assert "feed.xml" not in build({"news/2024-09-01-a.md": "---\ntitle: A\n---\n"})
