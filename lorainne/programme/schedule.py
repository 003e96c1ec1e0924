"""What follows from the schedule: exact times, what runs in parallel, who presents what and when."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from operator import itemgetter
from typing import TypeVar
from zoneinfo import ZoneInfo

from lorainne.content.model import Day, Person, PersonRef, Poster, Slot, Speaker, Talk, Workshop
from lorainne.content.text import fold, slug
from lorainne.content.values import (
    ALL_POSTERS,
    Email,
    Inline,
    KindId,
    Orcid,
    PosterId,
    SpeakerId,
    TalkId,
    Url,
)
from lorainne.markup import Texts

DEFAULT_LENGTH = timedelta(minutes=30)
"""How long something with an open end is shown where a length is needed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Credit:
    """One name in a list of people, wherever it was written."""

    name: str
    affiliation: tuple[str, ...] = ()
    homepage: Url | None = None
    orcid: Orcid | None = None
    email: Email | None = None
    speaker: SpeakerId | None = None
    presents: bool = False
    role: Inline | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Occurrence:
    """One time of a slot, or of a talk inside a session's slot."""

    id: str
    """What calendars and apps know it by for ever: its talk's id, or what it is called and its day."""
    start: datetime
    end: datetime | None
    day: date
    slot: Slot
    rooms: tuple[str, ...] = ()
    kind: KindId | None = None
    talk: Talk | None = None
    chair: tuple[Credit, ...] = ()
    posters: tuple[Poster, ...] = ()
    talks: tuple[Occurrence, ...] = ()
    """Of a session, its talks one after the other."""

    @property
    def item(self) -> Talk | Slot:
        """What happens."""
        return self.talk or self.slot

    @property
    def room(self) -> str | None:
        """The names of its rooms; none where it is for everybody."""
        return ", ".join(self.rooms) or None

    @property
    def finish(self) -> datetime:
        """The end, or the start where the end is open."""
        return self.end or self.start


@dataclass(frozen=True, kw_only=True, slots=True)
class ScheduleDay:
    """A day of the schedule with its entries in order of time, then of room."""

    number: int
    date: date
    title: Inline | None
    rooms: tuple[str, ...]
    entries: tuple[Occurrence, ...]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Schedule:
    """What happens, in order, and every look-up that a page needs."""

    days: tuple[ScheduleDay, ...]
    talks: tuple[Talk, ...]
    """In order of time; those without a slot follow, by speaker."""
    speakers: tuple[Speaker, ...]
    """By family name."""
    posters: tuple[Poster, ...]
    """By board, then by presenter."""
    speaker: Mapping[SpeakerId, Speaker]
    times: Mapping[str, tuple[Occurrence, ...]]
    """When a talk takes place: its occurrences in order, by its id; at least one for each that is here."""
    entry: Mapping[TalkId, Occurrence]
    """The first time of each talk."""
    talks_of: Mapping[SpeakerId, tuple[Talk, ...]]
    posters_of: Mapping[SpeakerId, tuple[Poster, ...]]
    chaired_by: Mapping[SpeakerId, tuple[Occurrence, ...]]
    shown_at: Mapping[PosterId, Occurrence]
    neighbours: Mapping[TalkId, tuple[Talk | None, Talk | None]]
    """The talks before and after, in the same room where there are several."""
    parallel: Mapping[TalkId, tuple[Occurrence, ...]]
    """Talks in other rooms at the same time."""


def credit(ref: PersonRef, speakers: Mapping[SpeakerId, Speaker], *, presents: bool = False) -> Credit:
    """Who is meant by a speaker's id or by a person written in place."""
    if isinstance(ref, Person):
        return Credit(
            name=ref.name,
            affiliation=ref.affiliation,
            homepage=ref.homepage,
            orcid=ref.orcid,
            email=ref.email,
            role=ref.role,
            presents=presents,
        )
    if ref not in speakers:
        return Credit(name=ref, presents=presents)  # the checks tell that nobody has this id
    speaker = speakers[ref]
    return Credit(
        name=speaker.name,
        affiliation=speaker.affiliation,
        homepage=speaker.homepage,
        orcid=speaker.orcid,
        email=speaker.email,
        speaker=speaker.id,
        presents=presents,
    )


def credits_of(
    presenters: Iterable[PersonRef], authors: Iterable[PersonRef], speakers: Mapping[SpeakerId, Speaker]
) -> tuple[Credit, ...]:
    """The authors in their order, with those who present marked; presenters who are no authors come first."""
    presenting = {c.name: c for c in (credit(ref, speakers, presents=True) for ref in presenters)}
    written = [credit(ref, speakers) for ref in authors]
    names = {c.name for c in written}
    others = [c for name, c in presenting.items() if name not in names]
    return tuple(others + [presenting.get(c.name, c) for c in written])


def sort_key(name: str, sort: str | None = None) -> tuple[str, str]:
    """What names are ordered by: `sort` where it is given, else the last word, without accents or case."""
    words = [word for word in name.split() if word.rstrip(".,") not in ("Jr", "Sr", "II", "III", "IV")]
    return fold(sort or (words[-1] if words else name)), fold(name)


def email_of(workshop: Workshop, who: Credit) -> str | None:
    """Someone's address: their own, or for a member of the first committee the one that the pattern gives."""
    pattern = workshop.contact.pattern if workshop.contact else None
    committee = workshop.committees[0].members if workshop.committees else ()
    people = {speaker.id: speaker for speaker in workshop.speakers}
    if who.email or not pattern or who.name not in {credit(ref, people).name for ref in committee}:
        return who.email
    first, *rest = re.sub(r"[^a-z -]", "", fold(who.name)).split() or [""]
    return pattern.replace("firstname", first).replace("lastname", "-".join(rest))


def at(day: date, since_midnight: timedelta, zone: ZoneInfo | None) -> datetime:
    """The exact time on a day in a zone; past 24 h it is the night after."""
    return (datetime.combine(day, time()) + since_midnight).replace(tzinfo=zone)


def later(moment: datetime, by: timedelta) -> datetime:
    """A moment so much later in the world, also across a change of the clocks."""
    if moment.tzinfo is None:
        return moment + by
    return (moment.astimezone(UTC) + by).astimezone(moment.tzinfo)


def length(start: datetime, end: datetime) -> timedelta:
    """How much time passes in the world from start to end."""
    if start.utcoffset() == end.utcoffset():
        return end - start
    return end.astimezone(UTC) - start.astimezone(UTC)


def derive(workshop: Workshop, texts: Texts) -> Schedule:
    """Return the schedule of a workshop; references to nothing are left out, the checks report them."""
    speakers = {speaker.id: speaker for speaker in workshop.speakers}
    posters = tuple(sorted(workshop.posters, key=lambda poster: _poster_key(poster, speakers)))
    talks = {talk.id: talk for talk in workshop.talks}
    days = _Days(workshop, texts, speakers, talks, posters).all()
    entries = [entry for day in days for entry in day.entries]
    times: dict[str, tuple[Occurrence, ...]] = {}
    for each in (each for entry in entries for each in (entry, *entry.talks)):
        if each.talk:
            times[each.talk.id] = (*times.get(each.talk.id, ()), each)
    timeless = (talk for talk in workshop.talks if talk.id not in times)
    in_order = (
        *(talks[TalkId(talk_id)] for talk_id in times),
        *sorted(timeless, key=lambda talk: _talk_key(talk, speakers)),
    )
    first = {TalkId(talk_id): occurrences[0] for talk_id, occurrences in times.items()}
    return Schedule(
        days=days,
        talks=in_order,
        speakers=tuple(sorted(workshop.speakers, key=lambda speaker: sort_key(speaker.name, speaker.sort))),
        posters=posters,
        speaker=speakers,
        times=times,
        entry=first,
        talks_of=_by_person((talk.id, talk, talk.speakers + talk.authors) for talk in in_order),
        posters_of=_by_person((poster.id, poster, poster.presenter + poster.authors) for poster in posters),
        chaired_by=_by_person((number, entry, entry.slot.chair) for number, entry in enumerate(entries)),
        shown_at={poster.id: entry for entry in reversed(entries) for poster in entry.posters},
        neighbours=_neighbours(in_order, first),
        parallel=_parallel(days),
    )


class _Days:
    """Puts every slot at its exact time, and gives each occurrence its id."""

    def __init__(
        self,
        workshop: Workshop,
        texts: Texts,
        speakers: Mapping[SpeakerId, Speaker],
        talks: Mapping[TalkId, Talk],
        posters: tuple[Poster, ...],
    ) -> None:
        self.workshop, self.texts = workshop, texts
        self.speakers, self.talks, self.posters = speakers, talks, posters
        self.ids: Counter[str] = Counter()

    def all(self) -> tuple[ScheduleDay, ...]:
        """Return the days in the order of the file."""
        schedule = self.workshop.schedule
        return tuple(self._day(n, day) for n, day in enumerate(schedule.days if schedule else (), start=1))

    def _day(self, number: int, day: Day) -> ScheduleDay:
        rooms = day.rooms or tuple(dict.fromkeys(slot.room for slot in day.slots if slot.room))
        column = {room: place for place, room in enumerate(rooms)}
        entries = [self._entry(day, slot) for slot in day.slots]
        entries.sort(key=lambda entry: (instant(entry.start), column.get(entry.room or "", -1)))
        return ScheduleDay(
            number=number,
            date=day.date,
            title=day.title,
            rooms=rooms,
            entries=tuple(map(self._identified, entries)),
        )

    def _entry(self, day: Day, slot: Slot) -> Occurrence:
        zone = self.workshop.timezone
        talk = self.talks.get(slot.talk) if slot.talk else None
        shown = tuple(poster for poster in self.posters if poster.id in slot.posters) if slot.posters else ()
        return Occurrence(
            id="",
            start=at(day.date, slot.time.start, zone),
            end=None if slot.time.end is None else at(day.date, slot.time.end, zone),
            day=day.date,
            slot=slot,
            rooms=(slot.room,) if slot.room else (),
            kind=slot.kind or (talk.kind if talk else None),
            talk=talk,
            chair=tuple(credit(ref, self.speakers) for ref in slot.chair),
            posters=self.posters if slot.posters == (ALL_POSTERS,) else shown,
        )

    def _identified(self, entry: Occurrence) -> Occurrence:
        """Return the entry with its id, and its talks with theirs; ids follow the order of time."""
        entry = replace(entry, id=self._id(entry))
        if not entry.slot.talks:
            return entry
        talks = (replace(talk, id=self._id(talk)) for talk in _nested(entry, self.talks))
        return replace(entry, talks=tuple(talks))

    def _id(self, entry: Occurrence) -> str:
        slot = entry.slot
        if entry.talk:
            name: str = entry.talk.id
        else:
            label = self.texts.plain_line(slot.session or slot.break_ or slot.title)
            name = f"{slug(label) or 'slot'}-{entry.day}"
        self.ids[name] += 1
        return name if self.ids[name] == 1 else f"{name}-{self.ids[name]}"


def _nested(session: Occurrence, talks: Mapping[TalkId, Talk]) -> Iterator[Occurrence]:
    """Yield the talks of a session one after the other; those without minutes share what is left evenly."""
    minutes = [nested.minutes for nested in session.slot.talks]
    whole = length(session.start, session.end) if session.end else timedelta()
    left = max(whole - timedelta(minutes=sum(filter(None, minutes))), timedelta())
    share = left / minutes.count(None) if None in minutes else left
    start = session.start
    for nested in session.slot.talks:
        end = later(start, share if nested.minutes is None else timedelta(minutes=nested.minutes))
        if talk := talks.get(nested.talk):
            kind, until = talk.kind, end if end > start else None
            yield replace(session, start=start, end=until, kind=kind, talk=talk, chair=(), posters=())
        start = end


def instant(moment: datetime) -> float:
    """Return the seconds that sort moments as they follow in the world."""
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()


def _talk_key(talk: Talk, speakers: Mapping[SpeakerId, Speaker]) -> tuple[str, str]:
    return _person_key(talk.speakers[0], speakers) if talk.speakers else ("", talk.id)


def _poster_key(
    poster: Poster, speakers: Mapping[SpeakerId, Speaker]
) -> tuple[list[tuple[str, int]], tuple[str, str]]:
    number = [
        (letters, int(digits or 0)) for letters, digits in re.findall(r"(\D*)(\d*)", poster.board or "")
    ]
    who = poster.presenter or poster.authors
    return number, _person_key(who[0], speakers) if who else ("", poster.id)


def _person_key(ref: PersonRef, speakers: Mapping[SpeakerId, Speaker]) -> tuple[str, str]:
    if isinstance(ref, Person) or ref not in speakers:
        return sort_key(credit(ref, speakers).name)
    return sort_key(speakers[ref].name, speakers[ref].sort)


T = TypeVar("T")


def _by_person(items: Iterable[tuple[object, T, Iterable[PersonRef]]]) -> dict[SpeakerId, tuple[T, ...]]:
    """For each speaker what they take part in, once each."""
    found: dict[SpeakerId, dict[object, T]] = {}
    for key, item, people in items:
        for ref in people:
            if not isinstance(ref, Person):
                found.setdefault(ref, {})[key] = item
    return {speaker: tuple(those.values()) for speaker, those in found.items()}


def _neighbours(
    talks: tuple[Talk, ...], first: Mapping[TalkId, Occurrence]
) -> dict[TalkId, tuple[Talk | None, Talk | None]]:
    """Return for each scheduled talk the one before and the one after it, in its room or for everybody."""
    timed = [talk for talk in talks if talk.id in first]
    neighbours: dict[TalkId, tuple[Talk | None, Talk | None]] = {}
    for room in dict.fromkeys(first[talk.id].room for talk in timed):
        row = [talk for talk in timed if room is None or first[talk.id].room in (room, None)]
        for before, talk, after in zip([None, *row[:-1]], row, [*row[1:], None], strict=True):
            if first[talk.id].room == room:
                neighbours[talk.id] = (before, after)
    return neighbours


def _parallel(days: tuple[ScheduleDay, ...]) -> dict[TalkId, tuple[Occurrence, ...]]:
    """Return for each talk the talks in other rooms that overlap it."""
    parallel: dict[TalkId, list[Occurrence]] = {}
    for day in days:
        talks = (each for entry in day.entries for each in (entry, *entry.talks) if each.talk)
        timed = sorted(((instant(e.start), instant(e.finish), e) for e in talks), key=itemgetter(0))
        running: list[tuple[float, Occurrence]] = []
        for start, finish, entry in timed:
            running = [(end, other) for end, other in running if end > start]
            for _, other in running:
                if other.talk and entry.talk and other.room != entry.room:
                    parallel.setdefault(entry.talk.id, []).append(other)
                    parallel.setdefault(other.talk.id, []).append(entry)
            running.append((finish, entry))
    return {talk: tuple(others) for talk, others in parallel.items()}
