"""Pelican without what the comparison does not need: no categories, tags, authors, archives or pagination."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from pelican import signals

SITENAME = "Tensor days"
SITEURL = "https://example.org/days"
TIMEZONE = "Europe/Paris"
DEFAULT_LANG = "en"
PATH = "content"
THEME = "theme"
THEME_STATIC_PATHS: list[str] = []
STATIC_PATHS: list[str] = []

# Articles would be sorted, dated and filed by category: talks and speakers are pages, the news is articles.
PAGE_PATHS = ["talks", "speakers", "about.md"]
PATH_METADATA = r"(?P<path_no_ext>.*)\..*"
PAGE_URL = PAGE_SAVE_AS = "{path_no_ext}.html"
ARTICLE_PATHS = ["news"]
ARTICLE_URL = ARTICLE_SAVE_AS = "{path_no_ext}.html"
DIRECT_TEMPLATES = ["index", "schedule", "talks", "speakers", "news", "sitemap"]
SITEMAP_SAVE_AS = "sitemap.xml"
AUTHOR_SAVE_AS = AUTHORS_SAVE_AS = CATEGORY_SAVE_AS = CATEGORIES_SAVE_AS = TAG_SAVE_AS = TAGS_SAVE_AS = ""
ARCHIVES_SAVE_AS = ""

FEED_ALL_ATOM = "feed.xml"
FEED_DOMAIN = SITEURL
CATEGORY_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = TRANSLATION_FEED_ATOM = None

MARKDOWN: dict[str, Any] = {"extensions": ["markdown.extensions.meta"], "output_format": "html5"}
TYPOGRIFY = False
# What a file says is kept for the next build, by the file's time: faster when little changed.
CACHE_CONTENT = LOAD_CONTENT_CACHE = True
CONTENT_CACHING_LAYER = "reader"
SLUGIFY_SOURCE = "basename"
SUMMARY_MAX_LENGTH = None


class _Lookup:
    """What the templates cannot look up: talks and speakers by id, in order."""

    @staticmethod
    def register() -> None:
        signals.page_generator_finalized.connect(_Lookup.fill)

    @staticmethod
    def fill(generator: Any) -> None:
        """Called when all pages are read and none is rendered."""
        members: dict[str, list[Any]] = {"talk": [], "speaker": []}
        for page in generator.pages:
            page.id = page.path_no_ext.rpartition("/")[2]
            if page.template in members:
                page.number = int(page.number)
                members[page.template].append(page)
        talks = sorted(members["talk"], key=attrgetter("number"))
        speakers = sorted(members["speaker"], key=attrgetter("number"))
        generator.context["talk_list"] = talks
        generator.context["talks_by_id"] = {talk.id: talk for talk in talks}
        generator.context["speakers_by_id"] = {speaker.id: speaker for speaker in speakers}


PLUGINS = [_Lookup]
