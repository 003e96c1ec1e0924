"""What a workshop is: frozen records, each field with its meaning. No method here loads, prints or renders.

The string below a field is its documentation: the content reference and the editor's completion quote it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from lorainne.content.files import File
from lorainne.content.values import (
    Clock,
    Colour,
    Doi,
    Email,
    Font,
    Inline,
    KindId,
    Language,
    Latitude,
    Longitude,
    Markdown,
    Moment,
    NewsId,
    Orcid,
    PageId,
    PaperId,
    Period,
    PosterId,
    RegistrationStatus,
    ScheduleStatus,
    SpeakerId,
    TalkId,
    Target,
    Url,
)
from lorainne.diagnostics import Span

NOT_WRITTEN: Mapping[str, bool] = {"written": False}
"""Marks fields that are not written in the record's file: they come from its name, or from other files."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """What every record has: where it and its fields were written."""

    span: Span = field(default=Span(file=""), compare=False, repr=False, metadata=NOT_WRITTEN)
    spans: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False, metadata=NOT_WRITTEN)


@dataclass(frozen=True, kw_only=True)
class FileRecord(Record):
    """A record with a file of its own; the file's stem is its id."""

    id: str = field(metadata=NOT_WRITTEN)


@dataclass(frozen=True, kw_only=True)
class Link(Record):
    """A link with its text."""

    label: Inline
    """The words of the link."""
    url: Target
    """Where it leads: a web address, or a file below `content/files/`."""


@dataclass(frozen=True, kw_only=True)
class Person(Record):
    """Someone without a file of their own, such as a co-author or an organiser."""

    name: str
    """The name as it is printed."""
    affiliation: tuple[str, ...] = ()
    """Where they work; a list when there are several."""
    homepage: Url | None = None
    """Their page on the web."""
    orcid: Orcid | None = None
    """Their ORCID iD."""
    email: Email | None = None
    """Their address, when it is to be published."""
    role: Inline | None = None
    """What they do in a committee, such as `chair` or `administrative support`."""


PersonRef = SpeakerId | Person
"""A speaker's id, or someone written in place."""


@dataclass(frozen=True, kw_only=True)
class Speaker(FileRecord):
    """A person who presents: `content/speakers/ID.md`; the text below the front matter is the biography."""

    id: SpeakerId = field(metadata=NOT_WRITTEN)
    name: str
    """The name as it is printed, everywhere."""
    sort: str | None = None
    """What the list of speakers is sorted by; left out, it is guessed from the name."""
    affiliation: tuple[str, ...] = ()
    """Where they work; a list when there are several."""
    homepage: Url | None = None
    """Their page on the web."""
    orcid: Orcid | None = None
    """Their ORCID iD."""
    email: Email | None = None
    """Their address, when it is to be published."""
    photo: Target | None = None
    """A portrait: the path of a file below `content/files/`."""
    pronouns: str | None = None
    """How to speak of them, such as `she/her`."""
    links: tuple[Link, ...] = ()
    """Other pages of theirs, each with a label and an address."""
    biography: Markdown | None = None
    """A few sentences about them (the text below the front matter)."""


@dataclass(frozen=True, kw_only=True)
class Talk(FileRecord):
    """What is presented in a slot: `content/talks/ID.md`; the text below the front matter is the abstract."""

    id: TalkId = field(metadata=NOT_WRITTEN)
    title: Inline | None = None
    """The title; left out, the page says that it will be announced."""
    speakers: tuple[PersonRef, ...] = ()
    """Who presents: ids of files in `speakers/`, or persons written in place."""
    authors: tuple[PersonRef, ...] = ()
    """Who did the work, in the order of the paper; whoever presents is marked."""
    kind: KindId | None = None
    """What sort of talk it is, such as `keynote` or `invited`."""
    language: Language | None = None
    """The language it is given in, when it differs from the site's."""
    keywords: tuple[Inline, ...] = ()
    """What it is about, in a few words each."""
    slides: Target | None = None
    """The slides: a file below `content/files/`, or an address."""
    video: Target | None = None
    """The recording."""
    paper: Target | None = None
    """The paper that the talk is about."""
    code: Target | None = None
    """The code that goes with it."""
    doi: Doi | None = None
    """The DOI of the talk's published material."""
    links: tuple[Link, ...] = ()
    """Other material, each with a label and an address."""
    abstract: Markdown | None = None
    """The abstract (the text below the front matter)."""


@dataclass(frozen=True, kw_only=True)
class Poster(FileRecord):
    """A poster: `content/posters/ID.md`; the text below the front matter is the abstract."""

    id: PosterId = field(metadata=NOT_WRITTEN)
    title: Inline | None = None
    """The title."""
    presenter: tuple[PersonRef, ...] = ()
    """Who stands beside it: a speaker's id, or a person written in place."""
    authors: tuple[PersonRef, ...] = ()
    """Who did the work, in the order of the paper; whoever presents is marked."""
    board: str | None = None
    """The number of the board it hangs on."""
    keywords: tuple[Inline, ...] = ()
    """What it is about, in a few words each."""
    pdf: Target | None = None
    """The poster itself: a file below `content/files/`, or an address."""
    video: Target | None = None
    """A recording about it."""
    paper: Target | None = None
    """The paper that it is about."""
    code: Target | None = None
    """The code that goes with it."""
    doi: Doi | None = None
    """The DOI of the poster."""
    links: tuple[Link, ...] = ()
    """Other material, each with a label and an address."""
    abstract: Markdown | None = None
    """The abstract (the text below the front matter)."""


@dataclass(frozen=True, kw_only=True)
class NestedTalk(Record):
    """A talk inside a session."""

    talk: TalkId
    """The talk's id."""
    minutes: int | None = None
    """How long it lasts; left out, the session's time is shared evenly."""


@dataclass(frozen=True, kw_only=True)
class Slot(Record):
    """A stretch of time in the programme: a talk, a session, a break, or anything with a title."""

    time: Clock
    """When: `14:00-15:00`, or `19:30` when the end is open; after midnight `22:00-25:30` or `22:00-01:30`."""
    room: str | None = None
    """Where, when there are several rooms."""
    talk: TalkId | None = None
    """The id of the talk that fills the slot."""
    session: Inline | None = None
    """The name of a session: a group of talks, listed in `talks`."""
    talks: tuple[NestedTalk, ...] = ()
    """The session's talks in order: ids, or `{talk: ID, minutes: 45}`."""
    break_: Inline | None = None
    """The name of a break, such as `Coffee break`."""
    title: Inline | None = None
    """What happens, when it is neither a talk nor a session nor a break."""
    kind: KindId | None = None
    """What sort of slot it is, such as `registration` or `social`."""
    chair: tuple[PersonRef, ...] = ()
    """Who chairs: a speaker's id, or a person written in place."""
    posters: tuple[PosterId, ...] = ()
    """The posters shown: ids, or `all`."""
    note: Inline | None = None
    """A remark to the reader."""


@dataclass(frozen=True, kw_only=True)
class Day(Record):
    """One day of the programme."""

    date: datetime.date
    """The date, `2024-11-26` or `Tue 2024-11-26`: the weekday, when written, must be right."""
    title: Inline | None = None
    """A name for the day."""
    rooms: tuple[str, ...] = ()
    """The rooms that are used in parallel, in the order of the columns."""
    slots: tuple[Slot, ...] = ()
    """What happens, in order."""


@dataclass(frozen=True, kw_only=True)
class Schedule(Record):
    """The programme's days: `content/schedule.yaml`."""

    status: ScheduleStatus | None = None
    """`tentative` or `final`; readers are told."""
    note: Inline | None = None
    """A sentence above the programme."""
    days: tuple[Day, ...] = ()
    """The days in order."""


@dataclass(frozen=True, kw_only=True)
class News(FileRecord):
    """A piece of news: `content/news/DATE-ID.md`; the text below the front matter is the news."""

    id: NewsId = field(metadata=NOT_WRITTEN)
    date: datetime.date = field(metadata=NOT_WRITTEN)
    title: Inline
    """The headline."""
    body: Markdown | None = None
    """The news (the text below the front matter)."""


@dataclass(frozen=True, kw_only=True)
class Paper(FileRecord):
    """An entry of the reading list: `content/papers/ID.md`; the text below its fields is the abstract."""

    id: PaperId = field(metadata=NOT_WRITTEN)
    title: Inline
    """The title."""
    authors: tuple[PersonRef, ...] = ()
    """Who wrote it, in the order of the paper: speakers' ids, or persons written in place."""
    published: str | None = None
    """When, or where, it appeared, as the list should say it: `NeurIPS 2023`."""
    url: Target | None = None
    """Where it can be read: an address, or a file below `content/files/`."""
    doi: Doi | None = None
    """Its DOI."""
    note: Inline | None = None
    """A remark, such as why it is on the list."""
    abstract: Markdown | None = None
    """The abstract (the text below the front matter)."""


@dataclass(frozen=True, kw_only=True)
class Page(FileRecord):
    """Any other page: `content/pages/ID.md`."""

    id: PageId = field(metadata=NOT_WRITTEN)
    title: Inline
    """The page's title, and its name in the navigation."""
    order: int = 0
    """Its place among the pages in the navigation: smaller comes first."""
    navigation: bool = True
    """Whether the navigation shows it."""
    body: Markdown | None = None
    """The text below the front matter."""


@dataclass(frozen=True, kw_only=True)
class ReleasedSlot(Record):
    """A slot as a release told it, breaks included; a session is told by its talks."""

    id: str
    """What calendars know it by: its talk's id, or what it is called and its day."""
    start: datetime.datetime
    """When it begins: a date, a time and the offset of its zone."""
    end: datetime.datetime | None = None
    """When it ends."""
    room: str = ""
    """Where."""
    title: str = ""
    """What it is called, in plain words."""
    people: tuple[str, ...] = ()
    """The names of those who take part, so that they can be told of changes."""


@dataclass(frozen=True, kw_only=True)
class Release(FileRecord):
    """The programme as readers were told it: `content/releases/NAME.yaml`, written by `lorainne release`."""

    id: str = field(metadata=NOT_WRITTEN)
    number: int
    """Its place among the releases, the first is 1."""
    date: datetime.date
    """The day on which it was written."""
    note: Inline | None = None
    """A sentence to readers."""
    items: tuple[ReleasedSlot, ...] = ()
    """The slots, in order of time."""


@dataclass(frozen=True, kw_only=True)
class About(Record):
    """The text of the home page: `content/about.md`."""

    title: Inline | None = None
    """The heading above the text."""
    body: Markdown | None = None
    """The text below the front matter."""


@dataclass(frozen=True, kw_only=True)
class Room(Record):
    """A room of the venue."""

    name: str
    """The name that slots refer to."""
    note: Inline | None = None
    """How to find it."""
    capacity: int | None = None
    """How many people it holds."""


@dataclass(frozen=True, kw_only=True)
class Venue(Record):
    """The building where the workshop takes place."""

    name: str
    """The building's name."""
    street: str | None = None
    """Street and number."""
    postcode: str | None = None
    """The postal code."""
    city: str | None = None
    """The city."""
    country: str | None = None
    """The country."""
    latitude: Latitude | None = None
    """Degrees north (WGS 84)."""
    longitude: Longitude | None = None
    """Degrees east (WGS 84)."""
    homepage: Url | None = None
    """The building's page on the web."""
    map: Url | None = None
    """A map, or the way there."""
    map_label: Inline | None = None
    """The words of the link to the map."""
    note: Inline | None = None
    """A remark, such as which entrance to take."""
    rooms: tuple[Room, ...] = ()
    """The rooms in use."""


@dataclass(frozen=True, kw_only=True)
class Registration(Record):
    """How one registers."""

    url: Target | None = None
    """The form."""
    label: Inline | None = None
    """The words of the link to the form."""
    deadline: Moment | None = None
    """The last moment: `2024-11-21`, `2024-11-21 18:00`, with a zone `2024-11-21 23:59 AoE`."""
    free: bool | None = None
    """Whether it costs nothing."""
    fee: Inline | None = None
    """What it costs."""
    mandatory: bool | None = None
    """Whether one must register to attend."""
    limited: bool | None = None
    """Whether the number of places is limited."""
    capacity: int | None = None
    """How many places there are."""
    status: RegistrationStatus | None = None
    """`soon`, `open` or `closed`; left out, it follows from the deadline."""
    note: Inline | None = None
    """Anything else that one must know."""


@dataclass(frozen=True, kw_only=True)
class Deadline(Record):
    """A date that people must not miss."""

    name: Inline
    """What is due."""
    date: Moment
    """When: `2024-10-01`, or with time and zone `2024-10-01 23:59 AoE`."""
    was: tuple[Moment, ...] = ()
    """Earlier dates, when it was extended; they are shown struck out."""
    url: Target | None = None
    """Where to hand it in."""


@dataclass(frozen=True, kw_only=True)
class Group(Record):
    """A research group, laboratory or institution."""

    name: str
    """Its name."""
    url: Url | None = None
    """Its page on the web."""


@dataclass(frozen=True, kw_only=True)
class Committee(Record):
    """People who make the workshop happen."""

    name: Inline
    """Its name, such as `Organization committee`."""
    members: tuple[PersonRef, ...] = ()
    """Who belongs to it: speakers' ids, or persons written in place, with a `role` where there is one."""
    groups: tuple[Group, ...] = ()
    """The groups that belong to it."""


@dataclass(frozen=True, kw_only=True)
class Contact(Record):
    """How to reach the organisers."""

    email: Email | None = None
    """The workshop's address."""
    pattern: Email | None = None
    """`firstname.lastname@example.org`: how the addresses of the first committee's members are formed."""
    note: Inline | None = None
    """The sentence before the address."""


@dataclass(frozen=True, kw_only=True)
class Funding(Record):
    """Who pays, and under which grant."""

    funder: str
    """The funding body, such as `ANR`."""
    project: str | None = None
    """The project's name."""
    grant: str | None = None
    """The grant's number."""
    url: Url | None = None
    """The project's page on the web."""
    logo: Target | None = None
    """The logo: a file below `content/files/`."""
    statement: Inline | None = None
    """The words before it, in place of `Supported by`."""


@dataclass(frozen=True, kw_only=True)
class Sponsor(Record):
    """An institution that supports the workshop."""

    name: str
    """Its name."""
    url: Url | None = None
    """Its page on the web."""
    logo: Target | None = None
    """Its logo: a file below `content/files/`."""
    level: Inline | None = None
    """The group it is shown in, such as `Gold` or `With the support of`."""


@dataclass(frozen=True, kw_only=True)
class Edition(Record):
    """Another edition of the workshop."""

    name: Inline
    """Its name, such as `LoRAINNe'23`."""
    url: Target
    """Its page."""


@dataclass(frozen=True, kw_only=True)
class Theme(Record):
    """How the site looks, without touching its templates."""

    accent: Colour | None = None
    """The colour of links and marks, such as `#1b4d8f`."""
    logo: Target | None = None
    """The workshop's logo: a file below `content/files/`."""
    hero: Target | None = None
    """A picture across the top of the home page, cut to 5 : 2: a file below `content/files/`."""
    hero_alt: str | None = None
    """What that picture shows, for those who do not see it; left out, it counts as an ornament."""
    font: Font | None = None
    """`serif` (left out, this one), `sans`, or `system`: fonts that readers have, so that none is fetched."""


@dataclass(frozen=True, kw_only=True)
class Workshop(Record):
    """Everything about one edition: `content/workshop.yaml`, and all the other files."""

    name: str
    """The short name, such as `LoRAINNe'24`."""
    title: Inline | None = None
    """The full title."""
    description: Inline | None = None
    """One sentence for search engines and previews."""
    dates: Period | None = None
    """`2024-11-26`, or `2024-11-26 to 2024-11-27`; weekdays, when written, must be right."""
    timezone: ZoneInfo | None = None
    """The venue's time zone, such as `Europe/Paris`: all times are local to it."""
    language: Language | None = None
    """The language of the site; left out, English."""
    url: Url | None = None
    """Where the site is published."""
    copyright: Inline | None = None
    """The line at the foot of every page."""
    venue: Venue | None = None
    """Where it takes place."""
    registration: Registration | None = None
    """How one registers."""
    deadlines: tuple[Deadline, ...] = ()
    """Dates that people must not miss."""
    contact: Contact | None = None
    """How to reach the organisers."""
    committees: tuple[Committee, ...] = ()
    """Who makes it happen."""
    funding: tuple[Funding, ...] = ()
    """Who pays."""
    sponsors: tuple[Sponsor, ...] = ()
    """Who supports it."""
    editions: tuple[Edition, ...] = ()
    """The other editions."""
    theme: Theme | None = None
    """How the site looks."""
    words: Mapping[str, Inline] = field(default_factory=dict)
    """The theme's own words, replaced one by one: `{speakers: Confirmed speakers}`."""
    about: About | None = field(default=None, metadata=NOT_WRITTEN)
    schedule: Schedule | None = field(default=None, metadata=NOT_WRITTEN)
    speakers: tuple[Speaker, ...] = field(default=(), metadata=NOT_WRITTEN)
    talks: tuple[Talk, ...] = field(default=(), metadata=NOT_WRITTEN)
    posters: tuple[Poster, ...] = field(default=(), metadata=NOT_WRITTEN)
    news: tuple[News, ...] = field(default=(), metadata=NOT_WRITTEN)
    papers: tuple[Paper, ...] = field(default=(), metadata=NOT_WRITTEN)
    pages: tuple[Page, ...] = field(default=(), metadata=NOT_WRITTEN)
    releases: tuple[Release, ...] = field(default=(), metadata=NOT_WRITTEN)
    """In their order."""
    files: Mapping[str, File] = field(default_factory=dict, metadata=NOT_WRITTEN)
    """All files below `content/`, by their path below it."""
