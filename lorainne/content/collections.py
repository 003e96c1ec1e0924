"""The table of collections: each folder of `content/` whose files are records, and where the site shows them.

A new collection is a row here, a record with its field in `model.Workshop`, two templates, and its words.
"""

from __future__ import annotations

from dataclasses import dataclass

from lorainne.content import model
from lorainne.content.model import FileRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class Collection:
    """One folder of Markdown files, one record a file."""

    folder: str
    """Below `content/`; also the name of the field of `Workshop`, and of the list's words."""
    record: type[FileRecord]
    body: str
    """The field that holds the text below the front matter."""
    scheme: str = ""
    """What begins a link by id, as in `talk:ID`; empty where its records have no pages."""
    url_folder: str = ""
    """The folder of its records' pages, with a slash at its end; empty for the site's root."""
    list_page: str = ""
    """The page that lists its records, and that page's template; empty where there is none."""
    template: str = ""
    """The template of a record's page; empty where its records have no pages."""
    variable: str = ""
    """The record's name in that template."""
    name_field: str = "title"
    """The field that `lorainne new` fills in."""
    body_noun: str
    """What the text is called when it is asked for."""
    next_step: str
    """What to do once the file is there; `{id}` stands for its id."""
    example_stem: str
    example_name: str
    """What a link that opens a new file on GitHub proposes."""

    @property
    def kind(self) -> str:
        """What one of its records is called in commands: `talk`."""
        return self.record.__name__.lower()

    @property
    def has_pages(self) -> bool:
        """Whether each record has a page of its own."""
        return bool(self.template)

    def page(self, record_id: str) -> str:
        """Return the path of a record's page below the site."""
        return f"{self.url_folder}{record_id}.html"


COLLECTIONS = (
    Collection(
        folder="talks",
        record=model.Talk,
        body="abstract",
        scheme="talk",
        url_folder="talks/",
        list_page="talks.html",
        template="talk.html",
        variable="talk",
        body_noun="the abstract",
        next_step="in content/schedule.yaml give it a time: `- {{time: 14:00-15:00, talk: {id}}}`",
        example_stem="short-title",
        example_name="The title",
    ),
    Collection(
        folder="speakers",
        record=model.Speaker,
        body="biography",
        scheme="speaker",
        url_folder="speakers/",
        list_page="speakers.html",
        template="speaker.html",
        variable="speaker",
        name_field="name",
        body_noun="the biography",
        next_step="in the file of their talk write `speakers: [{id}]`",
        example_stem="firstname-lastname",
        example_name="Firstname Lastname",
    ),
    Collection(
        folder="posters",
        record=model.Poster,
        body="abstract",
        scheme="poster",
        url_folder="posters/",
        list_page="posters.html",
        template="poster.html",
        variable="poster",
        body_noun="the abstract",
        next_step="in content/schedule.yaml a slot with `posters: all` says when posters are shown",
        example_stem="short-title",
        example_name="The title",
    ),
    Collection(
        folder="papers",
        record=model.Paper,
        body="abstract",
        list_page="papers.html",
        body_noun="the abstract",
        next_step="the reading list shows it",
        example_stem="short-title",
        example_name="The title",
    ),
    Collection(
        folder="news",
        record=model.News,
        body="body",
        scheme="news",
        url_folder="news/",
        list_page="news.html",
        template="news-item.html",
        variable="item",
        body_noun="the news",
        next_step="readers see the date that the file's name begins with",
        example_stem="DATE-what-happened",
        example_name="What happened",
    ),
    Collection(
        folder="pages",
        record=model.Page,
        body="body",
        scheme="page",
        template="page.html",
        variable="page",
        body_noun="the text",
        next_step="a link to it in another text is `[see here](page:{id})`",
        example_stem="venue",
        example_name="Venue",
    ),
)
"""In the order of the navigation."""

BY_FOLDER = {collection.folder: collection for collection in COLLECTIONS}
BY_RECORD = {collection.record: collection for collection in COLLECTIONS}
BY_KIND = {collection.kind: collection for collection in COLLECTIONS}
BY_SCHEME = {collection.scheme: collection for collection in COLLECTIONS if collection.scheme}


def page_of(record: FileRecord) -> str:
    """Return the path of the page of a record that has one."""
    return BY_RECORD[type(record)].page(record.id)
