"""Calendars (RFC 5545, RFC 7986): the whole programme, each day, room, talk and speaker.

Written by hand: ten thousand talks are in several calendars each, and every slot is written once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from zoneinfo import ZoneInfo

from lorainne.content.model import FileRecord, Person, ReleasedSlot, Speaker, Talk
from lorainne.content.text import slug
from lorainne.content.values import ScheduleStatus
from lorainne.diagnostics import Span
from lorainne.programme.context import Context, TimedSlot
from lorainne.programme.facts import Facts
from lorainne.programme.routes import Route, Subject
from lorainne.programme.schedule import Occurrence, Schedule, ScheduleDay

_REFRESH = "PT6H"
"""How often a subscribed calendar asks for news."""

_MAX_OCTETS = 75
"""Of one piece of a content line, its leading space included (RFC 5545, 3.1)."""

_FOLD = b"\r\n "
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

_STATUS = {ScheduleStatus.TENTATIVE: "TENTATIVE", ScheduleStatus.FINAL: "CONFIRMED"}


def paths(facts: Facts) -> Iterator[Route]:
    """Yield a calendar of everything, of each day, room, talk and speaker; none would be empty."""
    schedule = facts.schedule
    entries = [entry for day in schedule.days for entry in day.entries]
    if not entries:
        return
    yield Route(path="calendar.ics", format="ics")
    days = {day.date: day for day in reversed(schedule.days) if not all(e.slot.break_ for e in day.entries)}
    for date in sorted(days):
        yield Route(path=f"days/{date}.ics", format="ics", subject=days[date])
    yield from _room_paths(entries)
    for talk in schedule.talks:
        if talk.id in schedule.times:
            yield Route(path=f"talks/{talk.id}.ics", format="ics", subject=talk, span=talk.span)
    for speaker in schedule.speakers:
        if _takes_part(speaker, schedule):
            path = f"speakers/{speaker.id}.ics"
            yield Route(path=path, format="ics", subject=speaker, span=speaker.span)


def _room_paths(entries: Iterable[Occurrence]) -> Iterator[Route]:
    spans: dict[str, Span] = {}
    for entry in entries:
        if entry.room and not entry.slot.break_:
            spans.setdefault(entry.room, entry.slot.spans.get("room", entry.slot.span))
    if len(spans) > 1:
        for room in sorted(spans):
            yield Route(
                path=f"rooms/{slug(room) or 'room'}.ics", format="ics", subject=room, span=spans[room]
            )


def _takes_part(speaker: Speaker, schedule: Schedule) -> bool:
    """Return whether somebody presents or chairs something that has a time."""
    return (
        speaker.id in schedule.chaired_by
        or any(talk.id in schedule.times for talk in schedule.talks_of.get(speaker.id, ()))
        or any(poster.id in schedule.shown_at for poster in schedule.posters_of.get(speaker.id, ()))
    )


def render(context: Context) -> dict[str, Callable[[], str]]:
    """Return how every calendar is made, by its path."""
    parts = cache(partial(_parts, context))
    return {route.path: partial(_calendar, context, parts, route) for route in context.routes.of("ics")}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Parts:
    """What calendars are put together from: the zone's rules, each slot, and which is in which."""

    rules: bytes
    slot: Callable[[str], bytes]
    """Gives the VEVENT of a slot by its id."""
    members: Mapping[tuple[str, str], list[str]]


def _parts(context: Context) -> _Parts:
    slots = {slot.id: partial(_slot, context, slot) for slot in context.slots}
    members = _members(context)
    zone = context.workshop.timezone
    rules = time_zone(zone, *_span(context)) if zone and context.slots else b""
    for slot in context.history.withdrawn:
        if slot.id in slots:  # it is a session now
            continue
        slots[slot.id] = partial(_withdrawn, context, slot)
        for key in (("whole", ""), ("day", f"{slot.start.date()}"), ("room", slot.room)):
            members.setdefault(key, []).append(slot.id)
    return _Parts(rules=rules, slot=cache(lambda name: slots[name]()), members=members)


def _span(context: Context) -> tuple[datetime, datetime]:
    """Return the first and the last moment in any calendar."""
    slots, withdrawn = context.slots, context.history.withdrawn
    starts = [*(slot.entry.start for slot in slots), *(slot.start for slot in withdrawn)]
    ends = [*(slot.entry.finish for slot in slots), *(slot.end or slot.start for slot in withdrawn)]
    return min(starts), max(ends)


def _key(subject: Subject) -> tuple[str, str]:
    """Return what the members of a calendar are looked up by."""
    if isinstance(subject, ScheduleDay):
        return "day", f"{subject.date}"
    if isinstance(subject, FileRecord):
        return type(subject).__name__, subject.id
    return ("whole", "") if subject is None else ("room", subject)


def _members(context: Context) -> dict[tuple[str, str], list[str]]:
    """Return for each calendar the ids of its slots; breaks are in the whole programme only."""
    members: dict[tuple[str, str], list[str]] = {}
    for slot in context.slots:
        keys: set[tuple[str, str]] = {("Speaker", name) for name in _speakers(slot, context)}
        if slot.is_whole:
            keys.add(("whole", ""))
        if slot.is_whole and not slot.entry.slot.break_:
            keys |= {("day", f"{slot.entry.day}"), ("room", slot.entry.room or "")}
        if slot.entry.talk:
            keys.add(("Talk", slot.entry.talk.id))
        for key in keys:
            members.setdefault(key, []).append(slot.id)
    return members


def _speakers(slot: TimedSlot, context: Context) -> Iterator[str]:
    """Yield the ids of those who take part: they present, wrote it, or chair."""
    entry = slot.entry
    refs = entry.talk.speakers + entry.talk.authors if entry.talk else ()
    for poster in entry.posters:
        refs += poster.presenter + poster.authors
    yield from (ref for ref in refs if not isinstance(ref, Person) and ref in context.schedule.speaker)
    yield from (who.speaker for who in entry.chair if who.speaker)


def _calendar(context: Context, make_parts: Callable[[], _Parts], route: Route) -> str:
    """Return one calendar object (RFC 5545, 3.4); without METHOD, for it is published, not sent."""
    name = ": ".join(filter(None, (context.workshop.name, _name(context, route.subject))))
    uid = f"calendar-{route.path.removesuffix('.ics').replace('/', '-')}"
    head = [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//lorainne//lorainne//EN"),
        ("UID", context.unique_name(uid)),
        ("NAME", escaped(name)),
        ("X-WR-CALNAME", escaped(name)),
        ("URL", context.full_address("index.html")),
        ("SOURCE;VALUE=URI", context.full_address(route.path)),
        ("REFRESH-INTERVAL;VALUE=DURATION", _REFRESH),
        ("X-PUBLISHED-TTL", _REFRESH),
    ]
    if context.workshop.timezone:
        head.append(("X-WR-TIMEZONE", context.workshop.timezone.key))
    parts = make_parts()
    events = map(parts.slot, parts.members[_key(route.subject)])
    return b"".join([_lines(head), parts.rules, *events, _lines([("END", "VCALENDAR")])]).decode()


def _name(context: Context, subject: Subject) -> str:
    """Return what is in a calendar, after the workshop's name."""
    if isinstance(subject, ScheduleDay):
        return context.words.day(subject.date)
    if isinstance(subject, Talk):
        return context.times[subject.id][0].title
    if isinstance(subject, Speaker):
        return subject.name
    return subject if isinstance(subject, str) else ""


def _slot(context: Context, slot: TimedSlot) -> bytes:
    """One VEVENT (RFC 5545, 3.6.1)."""
    entry, workshop = slot.entry, context.workshop
    venue, schedule = workshop.venue, workshop.schedule
    words = [context.words[entry.kind]] if entry.kind else []
    words += slot.citation.keywords if slot.citation else ()
    located = venue and venue.latitude is not None and venue.longitude is not None
    return _lines(
        [
            ("BEGIN", "VEVENT"),
            ("UID", escaped(context.unique_name(slot.id))),
            *_revision(context, slot.id),
            _when("DTSTART", entry.start),
            _when("DTEND", entry.end),
            ("SUMMARY", escaped(slot.title)),
            ("DESCRIPTION", escaped(_description(context, slot))),
            ("LOCATION", escaped(context.location(entry.room))),
            ("GEO", f"{venue.latitude:f};{venue.longitude:f}" if venue and located else ""),
            ("URL", context.full_address(slot.page)),
            ("CATEGORIES", ",".join(map(escaped, words))),
            ("STATUS", _STATUS[schedule.status] if schedule and schedule.status else ""),
            ("END", "VEVENT"),
        ]
    )


def _withdrawn(context: Context, slot: ReleasedSlot) -> bytes:
    """The VEVENT of a slot that is cancelled: whoever has it in their calendar is told."""
    return _lines(
        [
            ("BEGIN", "VEVENT"),
            ("UID", escaped(context.unique_name(slot.id))),
            *_revision(context, slot.id),
            _when("DTSTART", slot.start),
            _when("DTEND", slot.end),
            ("SUMMARY", escaped(slot.title)),
            ("LOCATION", escaped(context.location(slot.room))),
            ("URL", context.full_address("changes.html")),
            ("STATUS", "CANCELLED"),
            ("END", "VEVENT"),
        ]
    )


def _revision(context: Context, name: str) -> list[tuple[str, str]]:
    """When a slot changed last, and how often: what the releases say, for no clock may.

    Without a release the stamp is the workshop's first midnight.
    """
    dates, day = context.workshop.dates, context.history.revised.get(name)
    first = dates.first if dates else context.schedule.days[0].date
    return [
        ("DTSTAMP", f"{day or first:%Y%m%d}T000000Z"),
        ("LAST-MODIFIED", f"{day:%Y%m%d}T000000Z" if day else ""),
        ("SEQUENCE", f"{context.history.sequence[name]}" if day else ""),
    ]


def _description(context: Context, slot: TimedSlot) -> str:
    people = [
        f"{who.name} ({'; '.join(who.affiliation)})" if who.affiliation else who.name
        for who in (slot.citation.people if slot.citation else ())
    ]
    chair = ", ".join(who.name for who in slot.entry.chair)
    parts = [
        "\n".join(people),
        slot.session if slot.citation else "",
        f"{context.words['chair']}: {chair}" if chair else "",
        slot.note,
        slot.citation.abstract if slot.citation else "",
        context.full_address(slot.page),
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


def time_zone(zone: ZoneInfo, first: datetime, last: datetime) -> bytes:
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


def _lines(properties: Iterable[tuple[str, str]]) -> bytes:
    """Return the content lines, in UTF-8, of those properties that have a value."""
    return b"".join(folded(f"{name}:{value}") + b"\r\n" for name, value in properties if value)


def escaped(text: str) -> str:
    """Return a TEXT value (3.3.11); control characters other than line ends have no place in one."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\\", "\\\\"))
    return text.replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> bytes:
    """Return a content line in UTF-8, in pieces of at most 75 octets, no character cut in two (3.1)."""
    data, pieces, end = line.encode(), [], _MAX_OCTETS
    while len(data) > end:
        while data[end] & 0xC0 == 0x80:  # in the middle of a character
            end -= 1
        pieces.append(data[:end])
        data, end = data[end:], _MAX_OCTETS - 1
    return _FOLD.join([*pieces, data])
