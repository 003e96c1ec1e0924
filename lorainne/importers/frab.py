"""schedule.xml and schedule.json, as pretalx, frab, wafer and FOSDEM publish them → content files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from xml.parsers import expat

from lorainne.content.text import visible
from lorainne.content.values import read_zone
from lorainne.diagnostics import Diagnostic, DiagnosticError, Span
from lorainne.importers.agenda import Event, Meeting, Participant, content_of
from lorainne.importers.draft import Imported, Request, read_source
from lorainne.importers.html_text import markdown_of
from lorainne.importers.mistakes import source_unreadable, source_value, source_zone

_DEEPEST = 30

Json = Mapping[str, Any]
"""An object as the json module reads it."""


@dataclass(kw_only=True)
class _Element:
    """An element of XML, with its line."""

    tag: str
    attributes: dict[str, str]
    line: int
    text: str = ""
    children: list[_Element] = field(default_factory=list)

    def all(self, tag: str) -> list[_Element]:
        return [child for child in self.children if child.tag == tag]

    def value(self, tag: str) -> str:
        """The text of a child, empty where there is none."""
        return next((child.text.strip() for child in self.all(tag)), "")


def read_frab(request: Request) -> Imported:
    """The content files of a published schedule."""
    source = request.sources[0]
    try:
        text, problems = read_source(source)
        if text.lstrip().startswith("{"):
            schedule = _json(source.name, text)
        else:
            schedule = _from_xml(_tree(source.name, text))
        zone = request.timezone or _text(_object(schedule.get("conference")).get("time_zone_name"))
        if not _is_zone(zone):
            raise DiagnosticError(source_zone(Span(file=source.name, end_column=2)))
    except DiagnosticError as error:
        return Imported(problems=(error.diagnostic,))
    meeting = Meeting(
        name=_text(_object(schedule.get("conference")).get("title")),
        zone=read_zone(zone),
        rooms=tuple(
            _text(_object(room).get("name"))
            for room in _list(_object(schedule.get("conference")).get("rooms"))
        ),
        span=Span(file=source.name),
    )
    reader = _Events(file=source.name, lines=text.split("\n"), problems=problems)
    return content_of(meeting, list(reader.read(schedule)), request, reader.problems, ())


def _is_zone(name: str) -> bool:
    try:
        read_zone(name)
    except ValueError:
        return False
    return True


# --- Files -----------------------------------------------------------------------------------------------


def _json(name: str, text: str) -> Json:
    """The schedule in a JSON file; raises DiagnosticError."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        span = Span(file=name, line=line, end_line=line, end_column=2)
        repair = "download it again; it begins with { and ends with }"
        raise DiagnosticError(source_unreadable(span, f"this is not JSON: {error}", repair)) from None
    schedule = _object(_object(found).get("schedule"))
    if not schedule:
        raise DiagnosticError(_no_schedule(name))
    return schedule


def _no_schedule(name: str) -> Diagnostic:
    what = "there is no schedule in this file"
    repair = "it should be a schedule.xml or schedule.json, as pretalx offers it under “Export”"
    return source_unreadable(Span(file=name, end_column=2), what, repair)


def _tree(name: str, text: str) -> _Element:
    """The root of an XML file; entities of its own are refused; raises DiagnosticError."""
    root = _Element(tag="", attributes={}, line=1)
    open_elements = [root]
    parser = expat.ParserCreate()

    def refuse(what: str) -> None:
        line = parser.CurrentLineNumber
        span = Span(file=name, line=line, end_line=line, end_column=2)
        raise DiagnosticError(source_unreadable(span, what, "export it anew from the system that made it"))

    def start(tag: str, attributes: dict[str, str]) -> None:
        if len(open_elements) > _DEEPEST:
            refuse("its elements are nested too deeply")
        element = _Element(tag=tag, attributes=attributes, line=parser.CurrentLineNumber)
        open_elements[-1].children.append(element)
        open_elements.append(element)

    def characters(written: str) -> None:
        open_elements[-1].text += written

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _tag: open_elements.pop()
    parser.CharacterDataHandler = characters
    parser.EntityDeclHandler = lambda *_: refuse("it declares entities, which no schedule needs")
    parser.buffer_text = True
    try:
        # The text is decoded already, so what it says of its encoding is left out.
        declared = re.match(r"\s*<\?xml[^>]*\?>", text)
        parser.Parse("\n" * declared.group().count("\n") + text[declared.end() :] if declared else text, True)
    except expat.ExpatError as error:
        span = Span(file=name, line=error.lineno, end_line=error.lineno, end_column=2)
        what = f"this is not XML: {expat.ErrorString(error.code)}"
        raise DiagnosticError(source_unreadable(span, what, "download it again")) from None
    found = next(iter(root.all("schedule")), None)
    if found is None:
        raise DiagnosticError(_no_schedule(name))
    return found


def _from_xml(schedule: _Element) -> Json:
    """The XML in the shape of the JSON."""
    conference = next(iter(schedule.all("conference")), schedule)
    days = [
        {
            "date": day.attributes.get("date", ""),
            "rooms": {
                room.attributes.get("name", ""): [_event_of(event) for event in room.all("event")]
                for room in day.all("room")
            },
        }
        for day in schedule.all("day")
    ]
    names = ("title", "acronym", "start", "end", "time_zone_name")
    return {"conference": {**{name: conference.value(name) for name in names}, "days": days}}


def _event_of(event: _Element) -> Json:
    persons = [
        {**person.attributes, "name": person.text.strip()}
        for group in event.all("persons")
        for person in group.all("person")
    ]
    linked = {
        group: [
            {
                "title": each.text.strip(),
                "url": each.attributes.get("href", ""),
                "type": each.attributes.get("type"),
            }
            for found in event.all(group)
            for each in found.children
        ]
        for group in ("links", "attachments")
    }
    texts = {child.tag: child.text.strip() for child in event.children if not child.children}
    return {**texts, **event.attributes, **linked, "persons": persons, "line": event.line}


# --- Events ----------------------------------------------------------------------------------------------


def _text(value: object) -> str:
    """A text; of a text in several languages the English one, or the first."""
    if isinstance(value, Mapping):
        value = value.get("en") or next(iter(value.values()), "")
    return visible(str(value)).strip() if isinstance(value, str | int | float) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _object(value: object) -> Json:
    return value if isinstance(value, Mapping) else {}


@dataclass(kw_only=True)
class _Events:
    """Reads events of either version of the format."""

    file: str
    lines: list[str]
    problems: list[Diagnostic]
    days: list[Json] = field(default_factory=list)

    def read(self, schedule: Json) -> Iterator[Event]:
        """Every event that has a time."""
        self.days = [_object(day) for day in _list(_object(schedule.get("conference")).get("days"))]
        persons = {_text(_object(who).get("guid")): _object(who) for who in _list(schedule.get("persons"))}
        for day, room, written in self._written(schedule):
            event = self._event(day, room, written, persons)
            if event:
                yield event

    def _written(self, schedule: Json) -> Iterator[tuple[str, str, Json]]:
        for day in _list(_object(schedule.get("conference")).get("days")):
            rooms = _object(_object(day).get("rooms"))
            for room, events in rooms.items():
                yield from (
                    (_text(_object(day).get("date")), str(room), _object(each)) for each in _list(events)
                )
        for each in _list(schedule.get("events")):
            event = _object(each)
            place = event.get("room")
            yield "", _text(_object(place).get("name")) or _text(place), event

    def _event(self, day: str, room: str, written: Json, persons: Mapping[str, Json]) -> Event | None:
        key = next(
            (found for name in ("guid", "code", "id", "slug") if (found := _text(written.get(name)))), ""
        )
        title = " ".join(_text(written.get("title")).split())
        span = self._span(written, key or title)
        start = _moment(_text(written.get("date") or written.get("start")), day, _text(written.get("start")))
        if start is None:
            self.problems.append(source_value(span, title or key, "an event with a date and a time"))
            return None
        if subtitle := _text(written.get("subtitle")):
            title = f"{title}: {subtitle}" if title else subtitle
        parts = [markdown_of(_text(written.get(name))) for name in ("abstract", "description")]
        if parts[0] in parts[1]:
            parts = parts[1:]
        track = written.get("track")
        track_name = _text(_object(track).get("name") or _object(track).get("slug")) or _text(track)
        return Event(
            key=key or f"{start.isoformat()} {room} {title}",
            span=span,
            start=start,
            end=_end(start, _text(written.get("duration")), _text(written.get("end"))),
            day=_day(day) or self._day_of(start),
            title=title,
            room=" ".join(room.split()),
            kind=_text(written.get("type")).replace("_", " "),
            language=_text(written.get("language")),
            abstract="\n\n".join(filter(None, parts)),
            people=tuple(self._people(written, persons)),
            links=tuple(_links(written)),
            keywords=(track_name,) if track_name else (),
        )

    def _day_of(self, start: datetime) -> date | None:
        """The day of the programme that a moment belongs to, where days say when they begin and end."""
        for day in self.days:
            first, last = (_moment(_text(day.get(name)), "", "") for name in ("start", "end"))
            if first and last and first.tzinfo and last.tzinfo and start.tzinfo and first <= start < last:
                return _day(_text(day.get("date")))
        return None

    def _span(self, written: Json, key: str) -> Span:
        line = written.get("line") if isinstance(written.get("line"), int) else 0
        if not line and key:
            quoted = json.dumps(key, ensure_ascii=False)
            line = next((number for number, text in enumerate(self.lines, start=1) if quoted in text), 1)
        return Span(file=self.file, line=line or 1, end_line=line or 1, end_column=2)

    def _people(self, written: Json, persons: Mapping[str, Json]) -> Iterator[Participant]:
        for each in _list(written.get("persons")) or _list(written.get("participants")):
            who = {**persons.get(_text(_object(each).get("guid")), {}), **_object(each)}
            name = " ".join((_text(who.get("public_name")) or _text(who.get("name"))).split())
            if name:
                keys = (_text(who.get(key)) for key in ("guid", "code", "id"))
                yield Participant(
                    key=next(filter(None, keys), name),
                    name=name,
                    biography=markdown_of(_text(who.get("biography")) or _text(who.get("description"))),
                    homepage=_text(who.get("homepage")),
                )


def _links(written: Json) -> Iterator[tuple[str, str]]:
    for each in _list(written.get("attachments")):
        kind, title = _text(_object(each).get("type")), _text(_object(each).get("title"))
        label = (
            title if title and not re.search("slides", kind, re.IGNORECASE) else "Slides" if kind else title
        )
        yield label or "Attachment", _text(_object(each).get("url"))
    for each in _list(written.get("links")):
        address = _text(_object(each).get("url")) or _text(_object(each).get("href"))
        yield _text(_object(each).get("title")) or address, address
    if address := _text(written.get("video_download_url")):
        yield "Video", address


def _moment(written: str, day: str, start: str) -> datetime | None:
    for text in (written, f"{day}T{start:0>5}"):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            continue
        if len(text) > 10:
            return moment
    return None


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        return None


def _end(start: datetime, duration: str, end: str) -> datetime | None:
    """The end, from a duration as `00:45`, `1:00:00` (days first) or `PT45M`, or from the end itself."""
    numbers = (
        [int(part) for part in duration.split(":")]
        if re.fullmatch(r"\d{1,3}(?::\d{1,2}){1,2}", duration)
        else []
    )
    try:
        if len(numbers) == 2:
            return start + timedelta(hours=numbers[0], minutes=numbers[1])
        if len(numbers) == 3:
            return start + timedelta(days=numbers[0], hours=numbers[1], minutes=numbers[2])
        finish = datetime.fromisoformat(end)
    except (ValueError, OverflowError):
        return None
    return finish if (finish.tzinfo is None) == (start.tzinfo is None) else None
