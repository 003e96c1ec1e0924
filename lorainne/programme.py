"""Facts derived from the schedule: exact times, what runs in parallel, who presents what and when."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from operator import itemgetter
from typing import TypeVar
from zoneinfo import ZoneInfo

from lorainne.model import Day, Person, PersonRef, Poster, Slot, Speaker, Talk, Workshop
from lorainne.values import ALL_POSTERS, Email, Inline, Kind, Orcid, PosterId, SpeakerId, TalkId, Url


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
class Entry:
    """A slot, or a talk inside a session's slot, at its exact time."""

    start: datetime
    end: datetime | None
    day: date
    slot: Slot
    room: str | None = None
    kind: Kind | None = None
    talk: Talk | None = None
    chair: tuple[Credit, ...] = ()
    posters: tuple[Poster, ...] = ()
    talks: tuple[Entry, ...] = ()

    @property
    def finish(self) -> datetime:
        """The end, or the start where the end is open."""
        return self.end or self.start


@dataclass(frozen=True, kw_only=True, slots=True)
class ProgrammeDay:
    """A day of the programme with its entries in order of time, then of room."""

    number: int
    date: date
    title: Inline | None
    rooms: tuple[str, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Programme:
    """What happens, in order, and every look-up that a page needs; a programme is only itself."""

    days: tuple[ProgrammeDay, ...]
    talks: tuple[Talk, ...]
    """In order of time; those without a slot follow, by speaker."""
    speakers: tuple[Speaker, ...]
    """By family name."""
    posters: tuple[Poster, ...]
    """By board, then by presenter."""
    speaker: Mapping[SpeakerId, Speaker]
    entry: Mapping[TalkId, Entry]
    talks_of: Mapping[SpeakerId, tuple[Talk, ...]]
    posters_of: Mapping[SpeakerId, tuple[Poster, ...]]
    chaired_by: Mapping[SpeakerId, tuple[Entry, ...]]
    shown_at: Mapping[PosterId, Entry]
    neighbours: Mapping[TalkId, tuple[Talk | None, Talk | None]]
    """The talks before and after, in the same room where there are several."""
    parallel: Mapping[TalkId, tuple[Entry, ...]]
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
    return _folded(sort or (words[-1] if words else name)), _folded(name)


def _folded(text: str) -> str:
    if text.isascii():
        return text.casefold()
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return bare.casefold()


def email_of(workshop: Workshop, who: Credit) -> str | None:
    """Someone's address: their own, or for a member of the first committee the one that the pattern gives."""
    pattern = workshop.contact.pattern if workshop.contact else None
    committee = workshop.committees[0].members if workshop.committees else ()
    people = {speaker.id: speaker for speaker in workshop.speakers}
    if who.email or not pattern or who.name not in {credit(ref, people).name for ref in committee}:
        return who.email
    first, *rest = re.sub(r"[^a-z -]", "", _folded(who.name)).split() or [""]
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


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """What slots refer to."""

    zone: ZoneInfo | None
    speakers: Mapping[SpeakerId, Speaker]
    talks: Mapping[TalkId, Talk]
    posters: tuple[Poster, ...]


def derive(workshop: Workshop) -> Programme:
    """The programme of a workshop; references to nothing are left out, the checks tell of them."""
    speakers = {speaker.id: speaker for speaker in workshop.speakers}
    posters = tuple(sorted(workshop.posters, key=lambda poster: _poster_key(poster, speakers)))
    known = _Known(
        zone=workshop.timezone,
        speakers=speakers,
        talks={talk.id: talk for talk in workshop.talks},
        posters=posters,
    )
    days = tuple(
        _day(number, day, known)
        for number, day in enumerate(workshop.schedule.days if workshop.schedule else (), start=1)
    )
    timed = [(talk.id, entry) for day in days for top in day.entries for talk, entry in _talks_in(top)]
    entry = dict(reversed(timed))  # of a talk that is scheduled twice, the first time
    order = {talk_id: place for place, talk_id in enumerate(dict(timed))}
    timeless = sorted(
        (talk for talk in workshop.talks if talk.id not in order), key=lambda talk: _talk_key(talk, speakers)
    )
    talks = (*sorted((t for t in workshop.talks if t.id in order), key=lambda t: order[t.id]), *timeless)
    return Programme(
        days=days,
        talks=talks,
        speakers=tuple(sorted(workshop.speakers, key=lambda speaker: sort_key(speaker.name, speaker.sort))),
        posters=posters,
        speaker=speakers,
        entry=entry,
        talks_of=_by_person((talk.id, talk, talk.speakers + talk.authors) for talk in talks),
        posters_of=_by_person((poster.id, poster, poster.presenter + poster.authors) for poster in posters),
        chaired_by=_by_person((i, e, e.slot.chair) for i, e in enumerate(e for d in days for e in d.entries)),
        shown_at={poster.id: e for d in reversed(days) for e in reversed(d.entries) for poster in e.posters},
        neighbours=_neighbours(talks, entry),
        parallel=_parallel(days),
    )


def _day(number: int, day: Day, known: _Known) -> ProgrammeDay:
    rooms = day.rooms or tuple(dict.fromkeys(slot.room for slot in day.slots if slot.room))
    column = {room: place for place, room in enumerate(rooms)}
    entries = [_entry(day, slot, known) for slot in day.slots]
    entries.sort(key=lambda entry: (_instant(entry.start), column.get(entry.room or "", -1)))
    return ProgrammeDay(number=number, date=day.date, title=day.title, rooms=rooms, entries=tuple(entries))


def _entry(day: Day, slot: Slot, known: _Known) -> Entry:
    talk = known.talks.get(slot.talk) if slot.talk else None
    shown = tuple(poster for poster in known.posters if poster.id in slot.posters) if slot.posters else ()
    entry = Entry(
        start=at(day.date, slot.time.start, known.zone),
        end=None if slot.time.end is None else at(day.date, slot.time.end, known.zone),
        day=day.date,
        slot=slot,
        room=slot.room,
        kind=slot.kind or (talk.kind if talk else None),
        talk=talk,
        chair=tuple(credit(ref, known.speakers) for ref in slot.chair),
        posters=known.posters if slot.posters == (ALL_POSTERS,) else shown,
    )
    return replace(entry, talks=tuple(_nested(entry, known.talks))) if slot.talks else entry


def _nested(session: Entry, talks: Mapping[TalkId, Talk]) -> Iterator[Entry]:
    """The talks of a session one after the other; those without minutes share what is left evenly."""
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


def _talks_in(entry: Entry) -> Iterator[tuple[Talk, Entry]]:
    for each in (entry, *entry.talks):
        if each.talk:
            yield each.talk, each


def _instant(moment: datetime) -> float:
    """Seconds that sort moments as they follow in the world."""
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
    talks: tuple[Talk, ...], entry: Mapping[TalkId, Entry]
) -> dict[TalkId, tuple[Talk | None, Talk | None]]:
    """For each scheduled talk the one before and the one after it, in its room or for everybody."""
    timed = [talk for talk in talks if talk.id in entry]
    found: dict[TalkId, tuple[Talk | None, Talk | None]] = {}
    for room in dict.fromkeys(entry[talk.id].room for talk in timed):
        row = [talk for talk in timed if room is None or entry[talk.id].room in (room, None)]
        for before, talk, after in zip([None, *row[:-1]], row, [*row[1:], None], strict=True):
            if entry[talk.id].room == room:
                found[talk.id] = (before, after)
    return found


def _parallel(days: tuple[ProgrammeDay, ...]) -> dict[TalkId, tuple[Entry, ...]]:
    """For each talk the talks in other rooms that overlap it."""
    found: dict[TalkId, list[Entry]] = {}
    for day in days:
        entries = [(_instant(entry.start), entry) for top in day.entries for _, entry in _talks_in(top)]
        entries.sort(key=itemgetter(0))
        running: list[tuple[float, Entry]] = []
        for start, entry in entries:
            running = [(finish, other) for finish, other in running if finish > start]
            for _, other in running:
                if other.talk and entry.talk and other.room != entry.room:
                    found.setdefault(entry.talk.id, []).append(other)
                    found.setdefault(other.talk.id, []).append(entry)
            running.append((_instant(entry.finish), entry))
    return {talk: tuple(others) for talk, others in found.items()}
