"""A calendar (.ics) → content files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from lorainne.content.text import fold
from lorainne.content.values import read_zone
from lorainne.diagnostics import Diagnostic, DiagnosticError, Span
from lorainne.importers.agenda import Event, Meeting, Participant, content_of
from lorainne.importers.draft import Imported, Request, Source, read_source
from lorainne.importers.html_text import markdown_of
from lorainne.importers.mistakes import source_unreadable, source_value, source_zone
from lorainne.importers.spreadsheet import read_authors

_SPEAKER = re.compile(r"(?im)^[ \t]*(?:speakers?|presenters?|orateurs?|intervenants?)[ \t]*:[ \t]*(.+)$\n?")


def read_ics(request: Request) -> Imported:
    """The content files of a calendar."""
    source = request.sources[0]
    try:
        text, problems = read_source(source)
        calendar = _calendar(source, text)
        lines = _lines_of(text)
        zone = _zone(request, calendar)
        if zone is None:
            raise DiagnosticError(source_zone(Span(file=source.name, end_column=2)))
    except DiagnosticError as error:
        return Imported(problems=(error.diagnostic,))
    notes: list[str] = []
    events = list(_events(source, calendar, lines, problems, notes))
    meeting = Meeting(name=_text(calendar, "X-WR-CALNAME"), zone=read_zone(zone), span=Span(file=source.name))
    return content_of(meeting, events, request, problems, notes)


def _calendar(source: Source, text: str) -> Any:
    """The calendar; raises DiagnosticError."""
    try:
        from icalendar import Calendar  # late: it takes a tenth of a second, and is an extra
    except ModuleNotFoundError:
        repair = "install it: pip install 'lorainne[ics]'"
        missing = source_unreadable(Span(file=source.name), "calendars need the icalendar library", repair)
        raise DiagnosticError(missing) from None
    if "BEGIN:VCALENDAR" not in text:
        what = "there is no calendar in this file"
        raise DiagnosticError(
            source_unreadable(Span(file=source.name), what, "it should begin with BEGIN:VCALENDAR")
        )
    try:
        return Calendar.from_ical(text)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:  # what its parser raises
        what = f"this calendar cannot be read: {error}"
        raise DiagnosticError(
            source_unreadable(Span(file=source.name), what[:200], "export it again")
        ) from None


def _lines_of(text: str) -> dict[str, int]:
    """The line of each event, by its UID."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith("UID:"):
            found.setdefault(line[4:].strip(), number)
    return found


def _zone(request: Request, calendar: Any) -> str | None:
    """The name of the zone: as told, as the calendar says, or as its times say."""
    names = [request.timezone, _text(calendar, "X-WR-TIMEZONE")]
    for event in calendar.walk("VEVENT"):
        start = event.get("DTSTART")
        names.append(str(getattr(start, "params", {}).get("TZID", "")))
    for name in filter(None, names):
        try:
            return read_zone(name).key
        except ValueError:
            continue
    return None


def _text(component: Any, name: str) -> str:
    value = component.get(name)
    value = value[0] if isinstance(value, list) and value else value
    return str(value).strip() if value is not None else ""


def _events(
    source: Source, calendar: Any, lines: dict[str, int], problems: list[Diagnostic], notes: list[str]
) -> Iterator[Event]:
    for place, component in enumerate(calendar.walk("VEVENT")):
        uid = _text(component, "UID")
        title = " ".join(_text(component, "SUMMARY").split())
        line = lines.get(uid, 1)
        span = Span(file=source.name, line=line, end_line=line, end_column=2)
        start, end = _times(component)
        if _text(component, "STATUS").upper() == "CANCELLED":
            notes.append(f"line {line}: “{title}” is cancelled and was left out")
        elif start is None and _lasts_days(component):
            notes.append(f"line {line}: “{title}” lasts whole days and is no slot")
        elif start is None:
            problems.append(source_value(span, title or uid, "an event with a date and a time"))
        else:
            if component.get("RRULE") is not None:
                notes.append(f"line {line}: “{title}” is repeated; only its first time was taken")
            yield _event(component, uid or f"event {place}", title, span, start, end)


def _lasts_days(component: Any) -> bool:
    try:
        return isinstance(getattr(component.get("DTSTART"), "dt", None), date)
    except ValueError:  # a value that is no date
        return False


def _times(component: Any) -> tuple[datetime | None, datetime | None]:
    """Start and end; none for what lasts whole days."""
    try:
        start, end = component.get("DTSTART"), component.get("DTEND")
        first = start.dt if start is not None else None
        last = end.dt if end is not None else None
        if last is None and component.get("DURATION") is not None and isinstance(first, date):
            last = first + component.get("DURATION").dt
    except (AttributeError, ValueError, TypeError, OverflowError):  # a value that is no date
        return None, None
    if not isinstance(first, datetime):
        return None, None
    if not isinstance(last, datetime) or (last.tzinfo is None) != (first.tzinfo is None):
        return first, None
    return first, last if last - first < timedelta(days=2) else None


def _event(component: Any, uid: str, title: str, span: Span, start: datetime, end: datetime | None) -> Event:
    description = _text(component, "DESCRIPTION")
    named = {
        who.name: who.affiliation for found in _SPEAKER.findall(description) for who in read_authors(found)
    }
    attendees = component.get("ATTENDEE") or []
    attendees = attendees if isinstance(attendees, list) else [attendees]
    for each in attendees:
        if name := str(getattr(each, "params", {}).get("CN", "")).strip():
            named.setdefault(name, "")
    categories = component.get("CATEGORIES")
    categories = categories if isinstance(categories, list) else [categories]
    words = [
        str(word).strip() for each in categories if each is not None for word in getattr(each, "cats", [each])
    ]
    address = _text(component, "URL")
    return Event(
        key=uid,
        span=span,
        start=start,
        end=end,
        title=title,
        room=" ".join(_text(component, "LOCATION").split()),
        kind=" ".join(words),
        abstract=markdown_of(_SPEAKER.sub("", description)),
        people=tuple(
            Participant(key=fold(name), name=name, affiliation=where) for name, where in named.items()
        ),
        links=(("Page", address),) if address else (),
        keywords=tuple(filter(None, words)),
    )
