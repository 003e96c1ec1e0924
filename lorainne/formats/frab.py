"""The programme for phone apps: frab's schedule.xml and schedule.json (c3voc), both made from one tree.

Read by Giggity, EventFahrplan, ConfClerk and others. "Event" is this format's word for a slot.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from xml.etree import ElementTree

from lorainne import __version__
from lorainne.diagnostics import Diagnostic
from lorainne.formats.grid import OPEN
from lorainne.formats.pieces import dumped
from lorainne.formats.story import (
    Story,
    TimedSlot,
    file_address,
    full_address,
    outputs,
    unique_name,
)
from lorainne.programme import Credit, ProgrammeDay, later, length
from lorainne.weaving import DIGEST, mark

Tree = dict[str, Any]

_MOST = 2**31 - 1
"""EventFahrplan and Giggity keep ids in 32 bits."""

_GENERATOR = {"name": "lorainne", "version": __version__}

_ZONE = re.compile(r"[A-Z][a-z]+/[A-Z][a-z]+.*|UTC")
"""The zones' names that the format knows."""


def render(story: Story) -> tuple[dict[str, Callable[[], Iterator[str]]], list[Diagnostic]]:
    """How the files of the plan are made."""
    texts = {"schedule.xml": _xml, "schedule.json": _json}
    return {output.path: partial(_pieces, story, texts[output.path]) for output in outputs(story, "frab")}, []


def _pieces(story: Story, text: Callable[[Tree], Iterator[str]]) -> Iterator[str]:
    return text(_schedule(story))


def _json(schedule: Tree) -> Iterator[str]:
    yield from dumped({"generator": _GENERATOR, "schedule": schedule}, 4)
    yield "\n"


def _schedule(story: Story) -> Tree:
    """The tree; its days are made one after another, once."""
    status = story.workshop.schedule.status if story.workshop.schedule else None
    return {
        # EventFahrplan looks for changes when the version is a new one.
        "version": f"{status or 'draft'} {mark(DIGEST)}",
        "base_url": full_address(story, "index.html"),
        "conference": _conference(story),
    }


def _conference(story: Story) -> Tree:
    days = [day for day in story.programme.days if day.entries]
    slots: dict[date, list[TimedSlot]] = {}
    for slot in _shown(story):
        slots.setdefault(slot.entry.day, []).append(slot)
    numbers = _numbers(slot.id for slot in story.slots)
    rooms = dict.fromkeys(_room(story, slot) for slot in _shown(story))
    zone = story.workshop.timezone
    return _told(
        acronym=_acronym(story),
        title=story.workshop.name,
        start=f"{days[0].date}",
        end=f"{days[-1].date}",
        daysCount=len(days),
        timeslot_duration="00:05",
        time_zone_name=zone.key if zone and _ZONE.fullmatch(zone.key) else "",
        url=full_address(story, "index.html"),
    ) | {
        "rooms": [{"name": room, "guid": _guid(story, f"room-{room}")} for room in rooms],
        "days": (
            _day(story, day, index, [(slot, numbers[slot.id]) for slot in slots.get(day.date, [])])
            for index, day in enumerate(days, start=1)
        ),
    }


def _shown(story: Story) -> Iterator[TimedSlot]:
    """The slots that one can go to."""
    return (slot for slot in story.slots if slot.is_whole and not slot.entry.slot.break_)


def _day(story: Story, day: ProgrammeDay, index: int, slots: list[tuple[TimedSlot, int]]) -> Tree:
    rooms: dict[str, list[Tree]] = {}
    for slot, number in slots:
        rooms.setdefault(_room(story, slot), []).append(_event(story, slot, number))
    return {
        "index": index,
        "date": f"{day.date}",
        "day_start": min(entry.start for entry in day.entries).isoformat(),
        "day_end": max(_end(entry.start, entry.end) for entry in day.entries).isoformat(),
        "rooms": rooms,
    }


def _event(story: Story, slot: TimedSlot, number: int) -> Tree:
    entry, work = slot.entry, slot.work
    end = _end(entry.start, entry.end)
    minutes = length(entry.start, end) // timedelta(minutes=1)
    talk = entry.talk
    files = (("slides", talk.slides), ("paper", talk.paper)) if talk else ()
    return {
        "guid": _guid(story, slot.id),
        "id": number,
        "date": entry.start.isoformat(),
        "start": f"{entry.start:%H:%M}",
        "end": end.isoformat(),
        "duration": f"{minutes // 60:02}:{minutes % 60:02}",
        "room": _room(story, slot),
        "slug": f"{_acronym(story)}-{number:04}",
        "url": full_address(story, slot.page),
        "title": slot.title,
        "subtitle": "",
        "track": slot.session,
        "type": f"{entry.kind or ('talk' if talk else 'other')}",
        "language": (talk.language if talk else None) or story.words.language,
        "abstract": work.abstract if work else slot.note,
        "description": "",
        "persons": [_person(story, who) for who in work.people] if work else [],
        "links": [{"url": file_address(story, talk.video), "type": "media", "title": story.words["video"]}]
        if talk and talk.video
        else [],
        "attachments": [
            {"url": file_address(story, file), "type": name, "title": story.words[name]}
            for name, file in files
            if file
        ],
    }


def _end(start: datetime, end: datetime | None) -> datetime:
    """The format knows no open end: such a slot is as long as the schedule draws it."""
    return end or later(start, OPEN)


def _room(story: Story, slot: TimedSlot) -> str:
    venue = story.workshop.venue
    return slot.entry.room or (venue.name if venue else story.workshop.name)


def _person(story: Story, who: Credit) -> Tree:
    name = who.speaker or who.orcid or who.name
    page = full_address(story, f"speakers/{who.speaker}.html") if who.speaker else who.homepage
    guid = _guid(story, f"person-{name}")
    return _told(id=UUID(guid).int % _MOST + 1, guid=guid, name=who.name, url=page)


def _told(**fields: Any) -> Tree:
    """The fields that are known."""
    return {name: value for name, value in fields.items() if value}


def _acronym(story: Story) -> str:
    """At least four letters and digits, as video systems want them."""
    ascii_name = re.sub("[^a-z0-9]", "", story.workshop.name.casefold())
    return ascii_name if len(ascii_name) >= 4 else f"{ascii_name}{story.edition[-4:]}"


def _guid(story: Story, name: str) -> str:
    return f"{uuid5(NAMESPACE_URL, unique_name(story, name))}"


def _numbers(names: Iterator[str]) -> dict[str, int]:
    """A whole number for each name, always the same, none twice."""
    found: dict[int, str] = {}
    for name in sorted(names):
        number = int.from_bytes(sha256(name.encode()).digest()[:8]) % _MOST + 1
        while number in found:
            number = number % _MOST + 1
        found[number] = name
    return {name: number for number, name in found.items()}


def _xml(schedule: Tree) -> Iterator[str]:
    """The tree as frab's XML: what Giggity looks for stands in the first 1024 characters."""
    conference = schedule["conference"]
    root = ElementTree.Element("schedule")
    ElementTree.SubElement(root, "generator", _GENERATOR)
    _add(root, "version", schedule["version"])
    about = _add(root, "conference")
    for name in ("acronym", "title", "start", "end", "timeslot_duration", "time_zone_name", "url"):
        if name in conference:
            _add(about, name, conference[name])
    _add(about, "days", f"{conference['daysCount']}")
    _add(about, "base_url", schedule["base_url"])
    ElementTree.indent(root)
    head, end = ElementTree.tostring(root, encoding="unicode").rsplit("\n", 1)
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n'
    for day in conference["days"]:
        attributes = {
            "index": f"{day['index']}",
            "date": day["date"],
            "start": day["day_start"],
            "end": day["day_end"],
        }
        held = ElementTree.Element("day", attributes)
        for name, events in day["rooms"].items():
            guid = next(room["guid"] for room in conference["rooms"] if room["name"] == name)
            room = ElementTree.SubElement(held, "room", {"name": name, "guid": guid})
            for event in events:
                _xml_event(room, event)
        ElementTree.indent(held, level=1)
        yield f"  {ElementTree.tostring(held, encoding='unicode')}\n"
    yield f"{end}\n"


def _xml_event(room: ElementTree.Element, event: Tree) -> None:
    element = ElementTree.SubElement(room, "event", {"guid": event["guid"], "id": f"{event['id']}"})
    for name, value in event.items():
        if isinstance(value, str) and name not in ("guid", "end"):
            _add(element, name, value)
    persons = _add(element, "persons")
    for person in event["persons"]:
        known = {"id": f"{person['id']}", "guid": person["guid"]}
        ElementTree.SubElement(persons, "person", known).text = person["name"]
    for group in ("links", "attachments"):
        parent = _add(element, group)
        for each in event[group]:
            attributes = {"href": each["url"], "type": each["type"]}
            ElementTree.SubElement(parent, group.removesuffix("s"), attributes).text = each["title"]


def _add(parent: ElementTree.Element, name: str, text: str = "") -> ElementTree.Element:
    child = ElementTree.SubElement(parent, name)
    child.text = text
    return child
