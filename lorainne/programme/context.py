"""What every output is made from: exact times, names that stay, and texts without Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from lorainne.content.collections import page_of
from lorainne.content.model import PersonRef, Poster, ReleasedSlot, Talk, Workshop
from lorainne.content.project import Project
from lorainne.content.text import is_web, slug
from lorainne.markup import Texts
from lorainne.programme.facts import Facts
from lorainne.programme.language import Words, filled
from lorainne.programme.releases import History, trace
from lorainne.programme.routes import HOME, Routes
from lorainne.programme.schedule import Credit, Occurrence, Schedule, credits_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
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
    """An occurrence in plain words; a session stands before its talks."""

    entry: Occurrence
    title: str
    session: str
    """The name of the session that it is in or that it is."""
    note: str
    page: str
    """The page, with an anchor maybe, that shows it."""
    citation: Citation | None

    @property
    def id(self) -> str:
        """What it is known by for ever."""
        return self.entry.id

    @property
    def is_whole(self) -> bool:
        """Whether it stands for itself; a session with talks is given by them."""
        return not self.entry.talks


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Context:
    """All that an output may be made from."""

    facts: Facts
    project: Project
    workshop: Workshop
    schedule: Schedule
    routes: Routes
    words: Words
    texts: Texts
    language: str
    """The language of this edition's site, as a tag (BCP 47)."""
    prefix: str
    """What begins the paths of this language's site, with a slash at its end; empty for the only language."""
    base: str
    """The address of the site, with a slash at its end; empty while nobody knows it."""
    edition: str
    """What this edition is known by for ever: `lorainne-24-2024`."""
    citations: Mapping[str, Citation]
    """Talks, then posters, by the path of their page."""
    slots: tuple[TimedSlot, ...]
    """In order of time, then of room."""
    times: Mapping[str, tuple[TimedSlot, ...]]
    """For each talk of the schedule its times in order, by its id."""
    history: History
    """What changed between releases, and since."""

    @classmethod
    def build(cls, facts: Facts) -> Context:
        """Return the context of an edition in which no error was found."""
        workshop, schedule = facts.workshop, facts.schedule
        citations = {citation.page: citation for citation in _citations(facts)}
        slots = tuple(_slots(facts, citations))
        times: dict[str, tuple[TimedSlot, ...]] = {}
        for slot in slots:
            if slot.entry.talk:
                times[slot.entry.talk.id] = (*times.get(slot.entry.talk.id, ()), slot)
        return cls(
            facts=facts,
            project=facts.project,
            workshop=workshop,
            schedule=schedule,
            routes=facts.routes,
            words=facts.words,
            texts=facts.texts,
            language=facts.words.language,
            prefix="",
            base=f"{workshop.url.rstrip('/')}/" if workshop.url else "",
            edition=_edition(workshop, schedule),
            citations=citations,
            slots=slots,
            times=times,
            history=trace(workshop.releases, snapshot(slots), workshop.timezone),
        )

    def full_address(self, path: str) -> str:
        """Return the address of a path on the web; empty while nobody knows where the site will be."""
        if not self.base:
            return ""
        plain_path, mark, anchor = path.partition("#")
        return self.base + self.prefix + ("" if plain_path == HOME else quote(plain_path)) + mark + anchor

    def file_address(self, target: str) -> str:
        """Return the address of a field's file below `content/files/`, or its web address."""
        return target if is_web(target) else self.full_address(f"files/{target}")

    def unique_name(self, name: str) -> str:
        """Return a name that nothing else in the world has: `ada.lorainne-24-2024@example.org`."""
        host = urlsplit(self.base).hostname
        return f"{name}.{self.edition}" + (f"@{host}" if host else "")

    def location(self, room: str | None = None) -> str:
        """Return room, building and address on one line."""
        venue = self.workshop.venue
        if venue is None:
            return room or ""
        town = " ".join(filter(None, (venue.postcode, venue.city)))
        return ", ".join(filter(None, (room, venue.name, venue.street, town, venue.country)))


def snapshot(slots: Iterable[TimedSlot]) -> tuple[ReleasedSlot, ...]:
    """Return the slots as a release keeps them: those that stand for themselves."""
    return tuple(
        ReleasedSlot(
            id=slot.id,
            start=slot.entry.start,
            end=slot.entry.end,
            room=slot.entry.room or "",
            title=slot.title,
            people=tuple(who.name for who in (slot.citation.people if slot.citation else slot.entry.chair)),
        )
        for slot in slots
        if slot.is_whole
    )


def _citations(facts: Facts) -> Iterator[Citation]:
    schedule, texts = facts.schedule, facts.texts
    records: tuple[Talk | Poster, ...] = (*schedule.talks, *schedule.posters)
    for record in records:
        presenters = record.speakers if isinstance(record, Talk) else record.presenter
        yield Citation(
            record=record,
            title=texts.plain_line(record.title) or _untitled(record, presenters, facts),
            people=credits_of(presenters, record.authors, schedule.speaker),
            abstract=texts.plain(record.abstract),
            keywords=tuple(map(texts.plain_line, record.keywords)),
            page=page_of(record),
        )


def _untitled(record: Talk | Poster, presenters: Iterable[PersonRef], facts: Facts) -> str:
    """Return what is shown in place of a title until it is known."""
    names = ", ".join(who.name for who in credits_of(presenters, (), facts.schedule.speaker))
    by = facts.words["untitled_by" if isinstance(record, Talk) else "untitled_poster_by"]
    return "".join(filled(by, {"names": names})) if names else facts.words["untitled"]


def _slots(facts: Facts, citations: Mapping[str, Citation]) -> Iterator[TimedSlot]:
    plain_line = facts.texts.plain_line
    for day in facts.schedule.days:
        for entry in (each for top in day.entries for each in (top, *top.talks)):
            citation, slot = citations[page_of(entry.talk)] if entry.talk else None, entry.slot
            label = plain_line(slot.session or slot.break_ or slot.title) or facts.words["to_be_announced"]
            yield TimedSlot(
                entry=entry,
                title=citation.title if citation else label,
                session=plain_line(slot.session),
                note=plain_line(slot.note),
                page=citation.page if citation else f"schedule.html#day-{day.number}",
                citation=citation,
            )


def _edition(workshop: Workshop, schedule: Schedule) -> str:
    dates, days = workshop.dates, schedule.days
    year = f"-{dates.first.year if dates else days[0].date.year}" if dates or days else ""
    return f"{slug(workshop.name) or 'workshop'}{year}"
