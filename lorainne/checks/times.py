"""Times that cannot be: overlaps, two places at once, nights of a clock change, days outside the workshop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from lorainne.content.model import Record
from lorainne.content.values import long_date
from lorainne.diagnostics import Diagnostic, Related, Severity, Span, rule
from lorainne.programme.facts import Facts, span_of
from lorainne.programme.schedule import Occurrence, Schedule, ScheduleDay, credit, length

_SHORTEST_GAP = timedelta(minutes=10)
"""A shorter one is for walking between rooms."""

_LONGEST_GAP = timedelta(hours=3)
"""A longer one is the time before an evening's dinner."""


def _name(entry: Occurrence) -> str:
    """What a slot is called in a message, with its hours."""
    hours = f"{entry.start:%H:%M}" + (f"–{entry.end:%H:%M}" if entry.end else "")
    if entry.talk:
        return f"the talk `{entry.talk.id}` ({hours})"
    return f"“{entry.slot.session or entry.slot.break_ or entry.slot.title or 'a slot'}” ({hours})"


def _clashes(
    entries: Iterable[Occurrence], clash: Callable[[Occurrence, Occurrence], bool]
) -> Iterator[tuple[Occurrence, Occurrence]]:
    """For each entry that begins while others run the first of these that it clashes with."""
    running: list[Occurrence] = []
    for entry in sorted(entries, key=lambda entry: entry.start):
        running = [other for other in running if other.finish > entry.start]
        first = next((other for other in running if entry.finish > other.start and clash(other, entry)), None)
        if first:
            yield first, entry
        running.append(entry)


def _side_by_side(first: Occurrence, second: Occurrence) -> bool:
    """Whether two entries are in different rooms; one without a room is for everybody."""
    return bool(first.room and second.room and first.room != second.room)


@rule
def slot_without_content(facts: Facts) -> Iterable[Diagnostic]:
    """A slot does not say what happens, or says two things.

    A slot has one of `talk`, `session`, `break` and `title`.

    Wrong: `{time: 14:00-15:00}`
    Right: `{time: 14:00-15:00, talk: ada-lovelace}`
    """
    for slot in facts.slots:
        given = [key for key in ("talk", "session", "break_", "title") if getattr(slot, key)]
        names = [key.rstrip("_") for key in given]
        if not given and not (slot.posters or slot.talks or {"talk", "title", "break_"} & slot.spans.keys()):
            yield Diagnostic(
                message="this slot does not say what happens",
                span=span_of(slot, "time"),
                help="add one of talk, session, break and title",
            )
        elif len(given) > 1:
            yield Diagnostic(
                message=f"this slot is said to be a {names[0]} and a {names[1]}",
                span=span_of(slot, given[1]),
                help=f"keep one of {' and '.join(names)}; a remark goes into `note`",
            )


@rule
def talks_without_session(facts: Facts) -> Iterable[Diagnostic]:
    """Talks are listed in a slot that has one talk or is a break.

    Wrong: `{time: 9:00-10:00, break: Coffee, talks: [ada-lovelace]}`
    Right: `{time: 9:00-10:00, session: Engines, talks: [ada-lovelace]}`
    """
    for slot in facts.slots:
        if slot.talks and (slot.talk or slot.break_):
            yield Diagnostic(
                message="`talks` lists the talks of a session, and this slot is none",
                span=span_of(slot, "talks"),
                help="write `session:` and its name",
            )


@rule
def day_outside_workshop(facts: Facts) -> Iterable[Diagnostic]:
    """A day of the schedule lies before or after the dates of the workshop.

    Wrong: `dates: 2024-11-26 to 2024-11-27`, and a day `date: 2024-11-28`
    Right: the dates in `workshop.yaml` include every day of the schedule
    """
    for day in facts.days:
        if facts.workshop.dates and not facts.workshop.dates.first <= day.date <= facts.workshop.dates.last:
            yield Diagnostic(
                message=f"{long_date(day.date)} is not a day of the workshop",
                span=span_of(day, "date"),
                help="correct it, or the dates of the workshop",
                related=(Related(message="the workshop's dates", span=span_of(facts.workshop, "dates")),),
            )


@rule
def day_written_twice(facts: Facts) -> Iterable[Diagnostic]:
    """Two days of the schedule have the same date.

    Wrong: `date: 2024-11-26` twice
    Right: all slots of a date below it
    """
    first: dict[object, Span] = {}
    for day in facts.days:
        if day.date in first:
            yield Diagnostic(
                message=f"{long_date(day.date)} is in the schedule twice",
                span=span_of(day, "date"),
                help="correct the date, or put the slots of both together",
                related=(Related(message="it is here too", span=first[day.date]),),
            )
        first.setdefault(day.date, span_of(day, "date"))


@rule
def slot_clash(facts: Facts) -> Iterable[Diagnostic]:
    """Two slots overlap in one room, or a talk runs into a break.

    Where slots name different rooms they may run side by side; a slot without a room is for everybody.

    Wrong: `time: 15:00-15:30` and then `time: 15:15-15:45`
    Right: `time: 15:00-15:15` and then `time: 15:15-15:45`
    """
    for day in facts.schedule.days:
        for first, second in _clashes(day.entries, lambda one, other: not _side_by_side(one, other)):
            where = f" in {second.room}" if second.room and first.room else ""
            yield Diagnostic(
                message=f"{_name(second)} overlaps {_name(first)}{where}",
                span=span_of(second.slot, "time"),
                help=f"begin it at {first.finish:%H:%M} or later, or end the other by {second.start:%H:%M}",
                related=(Related(message="the other one", span=span_of(first.slot, "time")),),
            )


def _with_nested(day: ScheduleDay) -> Iterator[Occurrence]:
    for entry in day.entries:
        yield replace(entry, talks=()) if entry.talks else entry
        yield from entry.talks


def _people(entry: Occurrence, schedule: Schedule) -> Iterator[str]:
    """The names of those who speak or chair."""
    for ref in entry.talk.speakers if entry.talk else ():
        yield credit(ref, schedule.speaker).name
    yield from (who.name for who in entry.chair)


@rule
def speaker_clash(facts: Facts) -> Iterable[Diagnostic]:
    """Someone speaks or chairs in two rooms at the same time.

    Wrong: two slots at 9:00, in different rooms, both with a talk of `ada-lovelace`
    Right: one of them later
    """

    people: dict[int, list[str]] = {}

    def needed(entry: Occurrence) -> list[str]:
        if id(entry) not in people:
            people[id(entry)] = list(_people(entry, facts.schedule))
        return people[id(entry)]

    def shared(one: Occurrence, other: Occurrence) -> list[str]:
        return [name for name in needed(other) if name in needed(one)]

    def clash(one: Occurrence, other: Occurrence) -> bool:
        return _side_by_side(one, other) and bool(shared(one, other))

    for day in facts.schedule.days:
        entries = list(_with_nested(day))  # which stay, so that each is known by its identity
        people.clear()
        for first, second in _clashes(entries, clash):
            yield Diagnostic(
                message=f"{shared(first, second)[0]} is needed in two rooms at once: "
                f"{_name(first)} in {first.room} and {_name(second)} in {second.room}",
                span=span_of(second.slot, "time"),
                help="move one of the two",
                related=(Related(message="the other one", span=span_of(first.slot, "time")),),
            )


@rule
def session_too_short(facts: Facts) -> Iterable[Diagnostic]:
    """The talks of a session together are longer than the session.

    Wrong: `{time: 9:00-10:00, session: A, talks: [{talk: a, minutes: 45}, {talk: b, minutes: 45}]}`
    Right: the same with `time: 9:00-10:30`
    """
    for day in facts.schedule.days:
        for entry in day.entries:
            minutes = sum(nested.minutes or 0 for nested in entry.slot.talks)
            if entry.end and timedelta(minutes=minutes) > length(entry.start, entry.end):
                whole = int(length(entry.start, entry.end).total_seconds() // 60)
                yield Diagnostic(
                    message=f"the talks of this session take {minutes} minutes, the session has {whole}",
                    span=span_of(entry.slot, "time"),
                    help=f"end it at {entry.start + timedelta(minutes=minutes):%H:%M}, or shorten its talks",
                )


@rule
def impossible_time(facts: Facts) -> Iterable[Diagnostic]:
    """A time that does not exist, or exists twice, because the clocks change that night.

    Wrong: `time: 02:30-03:30` on the last Sunday of March, in Europe
    Right: `time: 03:30-04:30`
    """
    for day in facts.schedule.days:
        for entry in day.entries:
            for moment in filter(None, (entry.start, entry.end)):
                if problem := _clock_change(moment):
                    night = long_date(moment.date())
                    yield Diagnostic(
                        message=f"on {night} the time {moment:%H:%M} {problem}: the clocks change",
                        span=span_of(entry.slot, "time"),
                        help="choose a time before or after the change",
                    )


def _clock_change(moment: datetime) -> str:
    if moment.tzinfo is None or moment.utcoffset() == moment.replace(fold=1).utcoffset():
        return ""
    there_and_back = moment.astimezone(UTC).astimezone(moment.tzinfo)
    return (
        "exists twice"
        if there_and_back.replace(tzinfo=None) == moment.replace(tzinfo=None)
        else "does not exist"
    )


@rule
def late_deadline(facts: Facts) -> Iterable[Diagnostic]:
    """A deadline lies after the workshop.

    Wrong: `deadline: 2025-11-21` for a workshop on 26 November 2024
    Right: `deadline: 2024-11-21`
    """
    named: list[tuple[Record, str, object]] = [(due, "date", due.date) for due in facts.workshop.deadlines]
    if facts.workshop.registration:
        named.append((facts.workshop.registration, "deadline", facts.workshop.registration.deadline))
    for record, field, moment in named:
        last = facts.workshop.dates.last if facts.workshop.dates else None
        day = getattr(moment, "date", None)
        if last and day and day > last:
            yield Diagnostic(
                message=f"{long_date(day)} is after the workshop, which ends on {long_date(last)}",
                span=span_of(record, field),
                help="correct the date; is it the right year?",
                related=(Related(message="the workshop's dates", span=span_of(facts.workshop, "dates")),),
            )


@rule
def unexplained_gap(facts: Facts) -> Iterable[Diagnostic]:
    """The schedule is final, and between two slots nothing happens.

    Readers wonder whether something is missing. A break says that it is not.

    Wrong: a slot until 10:00, the next one from 10:30
    Right: `{time: 10:00-10:30, break: Coffee break}` between them
    """
    if not facts.is_final:
        return
    for day in facts.schedule.days:
        entries = sorted(day.entries, key=lambda entry: entry.start)
        until = entries[0].finish if entries else None
        for before, after in pairwise(entries):
            until = max(until, before.finish) if until else before.finish
            if before.end and _SHORTEST_GAP < after.start - until <= _LONGEST_GAP:
                gap = f"{until:%H:%M}-{after.start:%H:%M}"
                yield Diagnostic(
                    message=f"nothing is said about {gap}",
                    span=span_of(after.slot, "time"),
                    help=f"add {{time: {gap}, break: Break}}, or correct the times",
                    severity=Severity.WARNING,
                )


@rule
def no_timezone(facts: Facts) -> Iterable[Diagnostic]:
    """There is a schedule, and nobody can know in which time zone it is.

    Whoever follows from elsewhere, and every calendar, needs it.

    Wrong: a `schedule.yaml`, and no `timezone` in `workshop.yaml`
    Right: `timezone: Europe/Paris`
    """
    if facts.days and not facts.workshop.timezone and "timezone" not in facts.workshop.spans:
        yield Diagnostic(
            message="the schedule has times, but `timezone` is missing",
            span=Span(file="content/workshop.yaml", end_column=2),
            help="add a line such as `timezone: Europe/Paris`",
            severity=Severity.WARNING,
        )


RULES = (
    slot_without_content,
    talks_without_session,
    day_outside_workshop,
    day_written_twice,
    slot_clash,
    speaker_clash,
    session_too_short,
    impossible_time,
    late_deadline,
    unexplained_gap,
    no_timezone,
)
