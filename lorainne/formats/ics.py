"""Calendars (RFC 5545, RFC 7986): the whole programme, each day, room, talk and speaker.

Written by hand: ten thousand talks are in several calendars each, and every slot is written once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from zoneinfo import ZoneInfo

from lorainne.content_lines import FOLD, escaped, folded
from lorainne.diagnostics import Diagnostic
from lorainne.formats.story import (
    Story,
    TimedSlot,
    full_address,
    outputs,
    page_of,
    place,
    unique_name,
)
from lorainne.model import Person, ReleasedSlot, Speaker, Talk
from lorainne.plan import Output
from lorainne.programme import ProgrammeDay
from lorainne.values import ScheduleStatus
from lorainne.weaving import MARKED

_LOOK_AGAIN = "PT6H"
"""How often a subscribed calendar asks for news."""

_APART = "\x93"
"""Stands around an abstract until lines are folded. No text holds this control character."""

_STATUS = {ScheduleStatus.TENTATIVE: "TENTATIVE", ScheduleStatus.FINAL: "CONFIRMED"}


def render(
    story: Story,
) -> tuple[dict[str, tuple[Callable[[Output], Iterator[str]], Output]], list[Diagnostic]]:
    """How every calendar of the plan is made, by its path."""
    calendar = partial(_calendar, story, cache(partial(_parts, story)))
    return {output.path: (calendar, output) for output in outputs(story, "ics")}, []


@dataclass(frozen=True, kw_only=True, slots=True)
class _Parts:
    """What calendars are put together from: the zone's rules, each slot, and which is in which."""

    rules: str
    slot: Callable[[str], bytes]
    """By its id, in UTF-8: there are many."""
    members: Mapping[tuple[str, str], list[str]]


def _parts(story: Story) -> _Parts:
    slots = {slot.id: partial(_slot, story, slot) for slot in story.slots}
    members = _members(story.slots, story)
    zone = story.workshop.timezone
    first, last = _span(story) if story.slots else (None, None)
    rules = time_zone(zone, first, last) if zone and first and last else ""
    for slot in story.history.withdrawn:
        if slot.id in slots:  # it is a session now
            continue
        slots[slot.id] = partial(_withdrawn, story, slot)
        for key in (("whole", ""), ("day", f"{slot.start.date()}"), ("room", slot.room)):
            members.setdefault(key, []).append(slot.id)
    return _Parts(rules=rules, slot=cache(lambda name: slots[name]().encode()), members=members)


def _span(story: Story) -> tuple[datetime, datetime]:
    """The first and the last moment that a calendar tells."""
    slots, withdrawn = story.slots, story.history.withdrawn
    starts = [*(slot.entry.start for slot in slots), *(slot.start for slot in withdrawn)]
    ends = [*(slot.entry.finish for slot in slots), *(slot.end or slot.start for slot in withdrawn)]
    return min(starts), max(ends)


def _key(output: Output) -> tuple[str, str]:
    """What the members of a calendar are looked up by."""
    subject = output.subject
    if isinstance(subject, ProgrammeDay):
        return "day", f"{subject.date}"
    if isinstance(subject, Talk | Speaker):
        return type(subject).__name__, subject.id
    return ("room", subject) if isinstance(subject, str) else ("whole", "")


def _members(slots: Iterable[TimedSlot], story: Story) -> dict[tuple[str, str], list[str]]:
    """For each calendar the ids of its slots; breaks are in the whole programme only."""
    found: dict[tuple[str, str], list[str]] = {}
    for slot in slots:
        keys: set[tuple[str, str]] = {("Speaker", name) for name in _speakers(slot, story)}
        if slot.is_whole:
            keys.add(("whole", ""))
        if slot.is_whole and not slot.entry.slot.break_:
            keys |= {("day", f"{slot.entry.day}"), ("room", slot.entry.room or "")}
        if slot.entry.talk:
            keys.add(("Talk", slot.entry.talk.id))
        for key in keys:
            found.setdefault(key, []).append(slot.id)
    return found


def _speakers(slot: TimedSlot, story: Story) -> Iterator[str]:
    """The ids of those who take part: they present, wrote it, or chair."""
    entry = slot.entry
    refs = entry.talk.speakers + entry.talk.authors if entry.talk else ()
    for poster in entry.posters:
        refs += poster.presenter + poster.authors
    yield from (ref for ref in refs if not isinstance(ref, Person) and ref in story.programme.speaker)
    yield from (who.speaker for who in entry.chair if who.speaker)


def _calendar(story: Story, made: Callable[[], _Parts], output: Output) -> Iterator[str]:
    """One calendar object (RFC 5545, 3.4); without METHOD, for it is published, not sent."""
    name = ": ".join(filter(None, (story.workshop.name, _name(story, output))))
    here = full_address(story, output.path)
    head = [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//lorainne//lorainne//EN"),
        ("UID", unique_name(story, f"calendar-{output.path.removesuffix('.ics').replace('/', '-')}")),
        ("NAME", escaped(name)),
        ("X-WR-CALNAME", escaped(name)),
        ("URL", full_address(story, "index.html")),
        ("SOURCE;VALUE=URI", here),
        ("REFRESH-INTERVAL;VALUE=DURATION", _LOOK_AGAIN),
        ("X-PUBLISHED-TTL", _LOOK_AGAIN),
    ]
    if story.workshop.timezone:
        head.append(("X-WR-TIMEZONE", story.workshop.timezone.key))
    parts = made()
    yield from (_lines(head), parts.rules)
    for name in parts.members[_key(output)]:
        yield parts.slot(name).decode()
    yield _lines([("END", "VCALENDAR")])


def _name(story: Story, output: Output) -> str:
    """What is in a calendar, after the workshop's name."""
    subject = output.subject
    if isinstance(subject, ProgrammeDay):
        return story.words.day(subject.date)
    if isinstance(subject, Talk):
        return story.works[page_of(subject)].title
    return subject.name if isinstance(subject, Speaker) else subject if isinstance(subject, str) else ""


def _slot(story: Story, slot: TimedSlot) -> str:
    """One VEVENT (RFC 5545, 3.6.1)."""
    entry, workshop = slot.entry, story.workshop
    venue, schedule = workshop.venue, workshop.schedule
    words = [story.words[entry.kind]] if entry.kind else []
    words += slot.work.keywords if slot.work else ()
    located = venue and venue.latitude is not None and venue.longitude is not None
    return _lines(
        [
            ("BEGIN", "VEVENT"),
            ("UID", escaped(unique_name(story, slot.id))),
            *_revision(story, slot.id),
            _when("DTSTART", entry.start),
            _when("DTEND", entry.end),
            ("SUMMARY", escaped(slot.title)),
            ("DESCRIPTION", escaped(_description(story, slot))),
            ("LOCATION", escaped(place(story, entry.room))),
            ("GEO", f"{venue.latitude:f};{venue.longitude:f}" if venue and located else ""),
            ("URL", full_address(story, slot.page)),
            ("CATEGORIES", ",".join(map(escaped, words))),
            ("STATUS", _STATUS[schedule.status] if schedule and schedule.status else ""),
            ("END", "VEVENT"),
        ]
    )


def _withdrawn(story: Story, slot: ReleasedSlot) -> str:
    """The VEVENT of a slot that is cancelled: whoever has it in their calendar is told."""
    return _lines(
        [
            ("BEGIN", "VEVENT"),
            ("UID", escaped(unique_name(story, slot.id))),
            *_revision(story, slot.id),
            _when("DTSTART", slot.start),
            _when("DTEND", slot.end),
            ("SUMMARY", escaped(slot.title)),
            ("LOCATION", escaped(place(story, slot.room))),
            ("URL", full_address(story, "changes.html")),
            ("STATUS", "CANCELLED"),
            ("END", "VEVENT"),
        ]
    )


def _revision(story: Story, name: str) -> list[tuple[str, str]]:
    """When a slot changed last, and how often: what the releases say, for no clock may.

    Without a release the stamp is the workshop's first midnight.
    """
    dates, day = story.workshop.dates, story.history.revised.get(name)
    first = dates.first if dates else story.programme.days[0].date
    return [
        ("DTSTAMP", f"{day or first:%Y%m%d}T000000Z"),
        ("LAST-MODIFIED", f"{day:%Y%m%d}T000000Z" if day else ""),
        ("SEQUENCE", f"{story.history.sequence[name]}" if day else ""),
    ]


def _description(story: Story, slot: TimedSlot) -> str:
    people = [
        f"{who.name} ({'; '.join(who.affiliation)})" if who.affiliation else who.name
        for who in (slot.work.people if slot.work else ())
    ]
    chair = ", ".join(who.name for who in slot.entry.chair)
    parts = [
        "\n".join(people),
        slot.session if slot.work else "",
        f"{story.words['chair']}: {chair}" if chair else "",
        slot.note,
        f"{_APART}{slot.work.abstract}{_APART}" if slot.work and slot.work.abstract else "",
        full_address(story, slot.page),
    ]
    return "\n\n".join(filter(None, parts))


def _when(name: str, moment: datetime | None) -> tuple[str, str]:
    """A property's name and value: local time with its zone, or UTC for an hour that comes twice (3.3.5)."""
    if moment is None:
        return name, ""
    if not isinstance(moment.tzinfo, ZoneInfo):
        return name, f"{moment:%Y%m%dT%H%M%S}"
    if moment.fold:
        return name, f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f"{name};TZID={moment.tzinfo.key}", f"{moment:%Y%m%dT%H%M%S}"


def time_zone(zone: ZoneInfo, first: datetime, last: datetime) -> str:
    """The zone's rules around these moments, one observance for each change of the clocks (3.6.5)."""
    begin = first.astimezone(UTC) - timedelta(days=366)
    moments = [begin, *_changes(zone, begin, last.astimezone(UTC) + timedelta(days=366))]
    lines = [("BEGIN", "VTIMEZONE"), ("TZID", zone.key)]
    for moment in moments:
        before, after = ((moment - timedelta(seconds=s)).astimezone(zone) for s in (moment != begin, 0))
        part = "DAYLIGHT" if after.dst() else "STANDARD"
        lines += [
            ("BEGIN", part),
            ("DTSTART", f"{moment + (before.utcoffset() or timedelta()):%Y%m%dT%H%M%S}"),
            ("TZOFFSETFROM", f"{before:%z}"),
            ("TZOFFSETTO", f"{after:%z}"),
            ("TZNAME", escaped(after.tzname() or "")),
            ("END", part),
        ]
    return _lines([*lines, ("END", "VTIMEZONE")])


def _changes(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[datetime]:
    """The moments (UTC) at which the zone's clocks change, to the second."""
    day = timedelta(days=1)
    while begin < end:
        low, high = begin, begin + day
        if _clock(low, zone) != _clock(high, zone):
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // 2
                middle -= timedelta(microseconds=middle.microsecond)
                low, high = (low, middle) if _clock(middle, zone) != _clock(low, zone) else (middle, high)
            yield high
        begin += day


def _clock(moment: datetime, zone: ZoneInfo) -> tuple[timedelta | None, str | None]:
    local = moment.astimezone(zone)
    return local.utcoffset(), local.tzname()


def _lines(properties: Iterable[tuple[str, str]]) -> str:
    """The content lines of those properties that have a value."""
    return "".join(f"{_folded(f'{name}:{value}')}\r\n" for name, value in properties if value)


def _folded(line: str) -> str:
    """A content line; an abstract begins, and ends, a piece: it may take its place later."""
    if _APART not in line:
        return folded(line)
    pieces = [piece for piece in line.split(_APART) if piece]
    return FOLD.join(
        piece if MARKED.fullmatch(piece) else folded(piece, begins=not at) for at, piece in enumerate(pieces)
    )
