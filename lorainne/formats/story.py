"""What every output tells of one edition: exact times, names that stay, and texts without Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from posixpath import normpath
from urllib.parse import quote, urlsplit

from lorainne import markup
from lorainne.bodies import TEXT, Bodies, is_loose, text
from lorainne.history import History, trace
from lorainne.model import Paper, PersonRef, Poster, Record, ReleasedSlot, Speaker, Talk, Workshop
from lorainne.plan import HOME, PLACES, Output, Plan, address, slug
from lorainne.programme import Credit, Entry, Programme, credits_of
from lorainne.project import Project
from lorainne.values import TalkId
from lorainne.wording import Words, filled

ABOUT_PREFIX = "about-"
"""What begins the anchors of about.md, which stands on the home page among other texts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """A talk or a poster in plain words."""

    record: Talk | Poster
    title: str
    people: tuple[Credit, ...]
    abstract: str
    keywords: tuple[str, ...]
    page: str
    """The path of its page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TimedSlot:
    """A talk, or another slot, at its time; a session stands before its talks."""

    id: str
    """What it is known by for ever: its talk's id, or what it is called and its day."""
    entry: Entry
    title: str
    session: str
    """The name of the session that it is in or that it is."""
    note: str
    page: str
    """Where the site tells of it."""
    work: Work | None

    @property
    def is_whole(self) -> bool:
        """Whether it is told by itself; a session with talks is told by them."""
        return not self.entry.talks


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Story:
    """All that an output may be made from; a story is only itself, so what follows from it can be kept."""

    project: Project
    workshop: Workshop
    programme: Programme
    plan: Plan
    words: Words
    base: str
    """The address of the home page, with a slash at its end; empty while nobody knows it."""
    edition: str
    """What this edition is known by for ever: `lorainne-24-2024`."""
    works: Mapping[str, Work]
    """Talks, then posters, by the path of their page."""
    slots: tuple[TimedSlot, ...]
    """In order of time, then of room."""
    slot_of: Mapping[TalkId, TimedSlot]
    """For each talk of the programme its slot, the first of several."""
    history: History
    """What changed between releases, and since."""
    bodies: Bodies
    """The texts that take their places last."""


def tell(project: Project, workshop: Workshop, programme: Programme, plan: Plan, words: Words) -> Story:
    """The story of an edition: each text is turned into plain words here, once."""
    bodies = _bodies(project, workshop)
    works = {work.page: work for work in _works(programme, words, bodies)}
    slots = tuple(_slots(programme, words, works))
    return Story(
        project=project,
        workshop=workshop,
        programme=programme,
        plan=plan,
        words=words,
        base=f"{workshop.url.rstrip('/')}/" if workshop.url else "",
        edition=_edition(workshop, programme),
        works=works,
        slots=slots,
        slot_of={slot.entry.talk.id: slot for slot in reversed(slots) if slot.entry.talk},
        history=trace(workshop.releases, snapshot(slots), workshop.timezone),
        bodies=bodies,
    )


def _bodies(project: Project, workshop: Workshop) -> Bodies:
    """The bodies that nothing else depends on; none where a template of the project could look into them."""
    if project.own_templates():
        return Bodies({}, {})
    records: tuple[tuple[Record, ...], ...] = (
        workshop.talks,
        workshop.posters,
        workshop.speakers,
        workshop.papers,
    )
    written = {record.span.file: body_of(record) for each in records for record in each}
    return Bodies({name: body for name, body in written.items() if body and is_loose(body)}, workshop.fronts)


def body_of(record: Record) -> str | None:
    """The text below the front matter of a talk, a poster, an entry of the reading list, or a speaker."""
    if isinstance(record, Talk | Poster | Paper):
        return record.abstract
    return record.biography if isinstance(record, Speaker) else None


def words_of(bodies: Bodies, record: Record) -> str:
    """The words of a record's body, or what stands for them."""
    return bodies.mark(record.span.file, TEXT) or text(body_of(record))


def snapshot(slots: Iterable[TimedSlot]) -> tuple[ReleasedSlot, ...]:
    """The slots as a release tells them: those that are told by themselves."""
    return tuple(
        ReleasedSlot(
            id=slot.id,
            start=slot.entry.start,
            end=slot.entry.end,
            room=slot.entry.room or "",
            title=slot.title,
            people=tuple(who.name for who in (slot.work.people if slot.work else slot.entry.chair)),
        )
        for slot in slots
        if slot.is_whole
    )


def line(written: str | None) -> str:
    """Markdown and maths as readable text, on one line."""
    if not written:
        return ""
    parsed = markup.parse(written) if "\n" in written else markup.parse_inline(written)
    return " ".join(parsed.plain.split())


def _works(programme: Programme, words: Words, bodies: Bodies) -> Iterator[Work]:
    records: tuple[Talk | Poster, ...] = (*programme.talks, *programme.posters)
    for record in records:
        presenters = record.speakers if isinstance(record, Talk) else record.presenter
        yield Work(
            record=record,
            title=line(record.title) or _untitled(record, presenters, programme, words),
            people=credits_of(presenters, record.authors, programme.speaker),
            abstract=words_of(bodies, record),
            keywords=tuple(map(line, record.keywords)),
            page=page_of(record),
        )


def _untitled(
    record: Talk | Poster, presenters: Iterable[PersonRef], programme: Programme, words: Words
) -> str:
    """What stands in the place of a title until it is known."""
    names = ", ".join(who.name for who in credits_of(presenters, (), programme.speaker))
    by = words["untitled_by" if isinstance(record, Talk) else "untitled_poster_by"]
    return "".join(filled(by, {"names": names})) if names else words["untitled"]


def page_of(record: Talk | Poster) -> str:
    """The path of the page of a talk or a poster."""
    return address(PLACES[type(record)][0], record.id)


def _slots(programme: Programme, words: Words, works: Mapping[str, Work]) -> Iterator[TimedSlot]:
    told: Counter[str] = Counter()
    for day in programme.days:
        for top in day.entries:
            for entry in (top, *top.talks):
                work = works[page_of(entry.talk)] if entry.talk else None
                title = work.title if work else label(entry, words)
                name = entry.talk.id if entry.talk else f"{slug(label(entry, None)) or 'slot'}-{entry.day}"
                told[name] += 1
                yield TimedSlot(
                    id=name if told[name] == 1 else f"{name}-{told[name]}",
                    entry=entry,
                    title=title,
                    session=line(entry.slot.session),
                    note=line(entry.slot.note),
                    page=work.page if work else f"schedule.html#day-{day.number}",
                    work=work,
                )


def label(entry: Entry, words: Words | None) -> str:
    """What a slot without a talk is called, as the schedule calls it; without words maybe nothing."""
    slot = entry.slot
    name = line(slot.session or slot.break_ or slot.title)
    return name or (words["to_be_announced"] if words else "")


def full_address(story: Story, path: str) -> str:
    """The address of a path on the web; empty while nobody knows where the site will be."""
    if not story.base:
        return ""
    plain_path, mark, anchor = path.partition("#")
    return story.base + ("" if plain_path == HOME else quoted(plain_path)) + mark + anchor


quoted = lru_cache(maxsize=2**12)(quote)
"""A path as it stands in an address; a page asks for its own path many times."""


def is_elsewhere(written: str) -> bool:
    """Whether this is an address of its own, not a path on the site."""
    return ":" in written and bool(urlsplit(written).scheme)


def giggity_link(story: Story) -> str:
    """What opens the programme in the app Giggity; empty while nobody knows where the site will be."""
    address = full_address(story, "schedule.xml")
    return address and f"https://ggt.gaa.st/#url={quote(address, safe='/')}"


def file_address(story: Story, written: str) -> str:
    """The address of a field's file below `content/files/`, or its web address."""
    return written if is_elsewhere(written) else full_address(story, f"files/{written}")


def link(folder: str, prefix: str, written: str) -> str:
    """What a link in a text means: an address on the web, or a path on the site.

    It is written by id, as a file relative to the text's folder, or in full.
    `prefix` begins the text's own anchors.
    """
    kind, colon, rest = written.partition(":")
    if colon and kind in dict(PLACES.values()):
        name, mark, anchor = rest.partition("#")
        return address(kind, name) + mark + anchor
    if colon:
        return written
    path, mark, anchor = written.partition("#")
    if not path:
        return f"#{prefix}{anchor}"
    name = normpath(f"{folder}/{path}").removeprefix("content/")
    if name == "about.md":
        return HOME + mark + (ABOUT_PREFIX + anchor if anchor else "")
    if name.endswith(".md"):
        name = f"{name.removeprefix('pages/').removesuffix('.md')}.html"
    return name + mark + anchor


def _edition(workshop: Workshop, programme: Programme) -> str:
    dates, days = workshop.dates, programme.days
    year = f"-{dates.first.year if dates else days[0].date.year}" if dates or days else ""
    return f"{slug(workshop.name) or 'workshop'}{year}"


def unique_name(story: Story, name: str) -> str:
    """A name that nothing else in the world has, such as `ada-lovelace.lorainne-24-2024@example.org`."""
    return f"{name}.{story.edition}{_at_host(story)}"


@lru_cache(maxsize=1)
def _at_host(story: Story) -> str:
    host = urlsplit(story.base).hostname
    return f"@{host}" if host else ""


def outputs(story: Story, format_: str) -> Iterator[Output]:
    """What the plan wants of a format."""
    return (output for output in story.plan.outputs if output.format == format_)


def place(story: Story, room: str | None = None) -> str:
    """Room, building and address on one line."""
    venue = story.workshop.venue
    if venue is None:
        return room or ""
    town = " ".join(filter(None, (venue.postcode, venue.city)))
    return ", ".join(filter(None, (room, venue.name, venue.street, town, venue.country)))
