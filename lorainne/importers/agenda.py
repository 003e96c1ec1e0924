"""What exports and calendars tell, whatever their format: events with times and people → content files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from lorainne.content.ids import IdAllocator
from lorainne.content.text import fold
from lorainne.content.values import READERS, WEEKDAYS, Language, Target, Url
from lorainne.content.yaml_writer import Fields, Value, markdown_text, yaml_text
from lorainne.diagnostics import Diagnostic, Span
from lorainne.importers.draft import Imported, Request
from lorainne.importers.html_text import escaped
from lorainne.importers.labels import is_break, labelled
from lorainne.importers.mistakes import source_overlap, source_value
from lorainne.importers.page_people import kind_of

_LAST = timedelta(hours=30, minutes=59)
_NIGHT = timedelta(hours=5)


@dataclass(frozen=True, kw_only=True, slots=True)
class Participant:
    """A person of an event, as the source identifies them."""

    key: str
    name: str
    affiliation: str = ""
    biography: str = ""
    homepage: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Something that happens at a time, as the source has it; `key` stays when its title changes."""

    key: str
    span: Span
    start: datetime
    end: datetime | None
    day: date | None = None
    """The day of the programme, where the source says it: after midnight it is the day before."""
    title: str = ""
    room: str = ""
    kind: str = ""
    language: str = ""
    abstract: str = ""
    """As Markdown."""
    people: tuple[Participant, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Meeting:
    """The whole that the events belong to."""

    name: str
    zone: ZoneInfo
    rooms: tuple[str, ...] = ()
    span: Span


@dataclass(kw_only=True)
class _Made:
    meeting: Meeting
    ids: IdAllocator
    language: str = ""
    files: dict[str, str] = field(default_factory=dict)
    people: dict[str, Participant] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)
    times: dict[str, int] = field(default_factory=dict)


def content_of(
    meeting: Meeting,
    events: Sequence[Event],
    request: Request,
    problems: Iterable[Diagnostic],
    notes: Iterable[str],
) -> Imported:
    """The content files of a programme."""
    languages = [event.language for event in events if event.language]
    made = _Made(
        meeting=meeting,
        ids=IdAllocator(request.known_ids),
        language=max(languages, key=languages.count) if languages else "",
        problems=list(problems),
    )
    events = [_local(event, meeting.zone) for event in events]
    days: dict[date, list[tuple[timedelta, Fields]]] = {}
    local = sorted(
        (_placed(event, events) for event in events), key=lambda each: (each[0], each[1], each[2].key)
    )
    for day, start, event in local:
        days.setdefault(day, []).append((start, _slot(made, event, start)))
    _note_overlaps(made, local)
    for key, who in made.people.items():
        _speaker(made, key, who)
    made.files["workshop.yaml"] = yaml_text(_workshop(made, list(days)))
    if days:
        made.files["schedule.yaml"] = yaml_text(
            {"days": [_day(made, day, slots) for day, slots in sorted(days.items())]}
        )
    return Imported(
        files=dict(sorted(made.files.items())),
        ids=made.ids.given,
        problems=tuple(made.problems),
        notes=tuple(notes),
    )


def _local(event: Event, zone: ZoneInfo) -> Event:
    """The event in the venue's zone, which is also that of times without one."""
    start, end = (
        moment and (moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone))
        for moment in (event.start, event.end)
    )
    return replace(event, start=start or event.start, end=end)


def _workshop(made: _Made, days: list[date]) -> Fields:
    record: Fields = {"name": made.meeting.name or "My workshop"}
    if days:
        record["dates"] = f"{min(days)}" if len(set(days)) == 1 else f"{min(days)} to {max(days)}"
    record["timezone"] = made.meeting.zone.key
    if reads(Language, made.language):
        record["language"] = made.language
    return record


def _day(made: _Made, day: date, slots: list[tuple[timedelta, Fields]]) -> Fields:
    used = [slot["room"] for _, slot in slots if "room" in slot]
    rooms = [room for room in dict.fromkeys([*made.meeting.rooms, *map(str, used)]) if room in used]
    record: Fields = {"date": f"{WEEKDAYS[day.weekday()][:3]} {day}"}
    if len(rooms) > 1:
        record["rooms"] = rooms
    record["slots"] = [slot for _, slot in slots]
    return record


def _placed(event: Event, events: Sequence[Event]) -> tuple[date, timedelta, Event]:
    """The day of the programme and the time from its midnight on; nights belong to the day before."""
    local = event.start
    since = timedelta(hours=local.hour, minutes=local.minute)
    day = event.day or local.date()
    if event.day is None and since < _NIGHT:
        before = day - timedelta(days=1)
        if any(each.start.date() == before and each.start.hour >= 17 for each in events):
            day = before
    since += timedelta(days=(local.date() - day).days)
    if not timedelta() <= since <= _LAST:  # a day that the source got wrong
        day, since = local.date(), timedelta(hours=local.hour, minutes=local.minute)
    return day, since, event


def _slot(made: _Made, event: Event, start: timedelta) -> Fields:
    time = _clock(start)
    if event.end and event.end > event.start:
        end = start + (event.end - event.start)
        if end <= _LAST:
            time += f"-{_clock(end)}"
        else:
            made.problems.append(
                source_value(event.span, f"{event.end:%Y-%m-%d %H:%M}", "an end within a day")
            )
    slot: Fields = {"time": time}
    if event.room:
        slot["room"] = event.room
    if (event.people or event.abstract) and not (is_break(event.title) and not event.people):
        slot["talk"] = _talk(made, event)
    else:
        slot |= labelled(escaped(event.title) or "To be announced", event.title)
        slot.pop("posters", None)
    return slot


def _clock(since: timedelta) -> str:
    minutes = int(since.total_seconds()) // 60
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _talk(made: _Made, event: Event) -> str:
    """The id of the event's talk, whose file is made; at its second time a talk has a second file."""
    made.times[event.key] = made.times.get(event.key, 0) + 1
    number = made.times[event.key]
    key = event.key if number == 1 else f"{event.key} {number}"
    name = made.ids.assign("talks", key, event.title or next((who.name for who in event.people), ""))
    fields: Fields = {"title": escaped(event.title)}
    speakers: list[Value] = []
    for who in event.people:
        made.people.setdefault(who.key, who)
        speakers.append(made.ids.assign("speakers", who.key, who.name))
    if speakers:
        fields["speakers"] = list(dict.fromkeys(map(str, speakers)))
    if kind := kind_of(event.kind):
        fields["kind"] = kind
    if event.language != made.language and reads(Language, event.language):
        fields["language"] = event.language
    if event.keywords:
        fields["keywords"] = [escaped(word) for word in event.keywords]
    made.files[f"talks/{name}.md"] = markdown_text(fields | _links(made, event), event.abstract)
    return name


def _links(made: _Made, event: Event) -> Fields:
    """Slides and recordings in their fields, anything else under `links`."""
    fields: Fields = {}
    others: list[Value] = []
    for label, address in event.links:
        if not address or not reads(Target, address) or "://" not in address:
            if address:
                made.problems.append(source_value(event.span, address, "a web address"))
            continue
        words = fold(label)
        field_name = next((name for name in ("slides", "video", "paper", "code") if name in words), "")
        field_name = "video" if "recording" in words else field_name
        if field_name and field_name not in fields:
            fields[field_name] = address
        else:
            others.append({"label": escaped(label) or address, "url": address})
    return fields | ({"links": others} if others else {})


def _speaker(made: _Made, key: str, who: Participant) -> None:
    fields: Fields = {"name": who.name, "affiliation": who.affiliation}
    if reads(Url, who.homepage):
        fields["homepage"] = who.homepage
    name = made.ids.assign("speakers", key, who.name)
    made.files[f"speakers/{name}.md"] = markdown_text(fields, who.biography)


def _called(event: Event) -> str:
    return f"“{event.title}”" if event.title else "an event without a title"


def _note_overlaps(made: _Made, local: list[tuple[date, timedelta, Event]]) -> None:
    """Report what begins in a room before what was there has ended."""
    until: dict[tuple[date, str], Event] = {}
    for day, _, event in local:
        before = until.get((day, event.room))
        if before and before.end and event.start < before.end and before.span != event.span:
            made.problems.append(source_overlap(event.span, _called(before), _called(event), before.span))
        if not before or (event.end or event.start) > (before.end or before.start):
            until[day, event.room] = event


def reads(kind: object, text: str) -> bool:
    """Whether a text has the form of a kind of value."""
    try:
        READERS[kind].read(text)
    except (ValueError, KeyError):
        return False
    return True
