"""The programme for phone apps: frab's schedule.xml and schedule.json (c3voc), both made from one tree.

Read by Giggity, EventFahrplan, ConfClerk and others. "Event" is this format's word for a slot.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from hashlib import blake2b, sha256
from uuid import NAMESPACE_URL, UUID, uuid5
from xml.etree import ElementTree

from lorainne import __version__
from lorainne.exports.tree import Tree, dump, without_empty
from lorainne.programme.context import Context, TimedSlot
from lorainne.programme.facts import Facts
from lorainne.programme.routes import Route
from lorainne.programme.schedule import DEFAULT_LENGTH, Credit, ScheduleDay, later, length

_MAX_INT32 = 2**31 - 1
"""EventFahrplan and Giggity keep ids in 32 bits."""

_GENERATOR = {"name": "lorainne", "version": __version__}

_ZONE = re.compile(r"[A-Z][a-z]+/[A-Z][a-z]+.*|UTC")
"""The zones' names that the format knows."""


def paths(facts: Facts) -> Iterator[Route]:
    """Yield the two files where there are slots, their zone is known, and the site's address."""
    workshop = facts.workshop
    if workshop.url and workshop.timezone and any(day.entries for day in facts.schedule.days):
        yield Route(path="schedule.xml", format="frab")
        yield Route(path="schedule.json", format="frab")


def render(context: Context) -> dict[str, Callable[[], str]]:
    """Return how the two files are made."""
    texts = {"schedule.xml": _xml, "schedule.json": _json}
    return {route.path: partial(_text, context, texts[route.path]) for route in context.routes.of("frab")}


def _text(context: Context, text: Callable[[Tree], str]) -> str:
    return text(_schedule(context))


def _json(schedule: Tree) -> str:
    return dump({"generator": _GENERATOR, "schedule": schedule}) + "\n"


def _schedule(context: Context) -> Tree:
    """Return the tree; its version is another one whenever anything else in it is."""
    schedule = context.workshop.schedule
    status = (schedule.status if schedule else None) or "draft"
    base_url, conference = context.full_address("index.html"), _conference(context)
    digest = blake2b(dump([base_url, conference]).encode(), digest_size=4).hexdigest()
    return {"version": f"{status} {digest}", "base_url": base_url, "conference": conference}


def _conference(context: Context) -> Tree:
    days = [day for day in context.schedule.days if day.entries]
    slots: dict[date, list[TimedSlot]] = {}
    for slot in _shown(context):
        slots.setdefault(slot.entry.day, []).append(slot)
    numbers = _numbers(slot.id for slot in context.slots)
    rooms = dict.fromkeys(_room(context, slot) for slot in _shown(context))
    zone = context.workshop.timezone
    return without_empty(
        acronym=_acronym(context),
        title=context.workshop.name,
        start=f"{days[0].date}",
        end=f"{days[-1].date}",
        daysCount=len(days),
        timeslot_duration="00:05",
        time_zone_name=zone.key if zone and _ZONE.fullmatch(zone.key) else "",
        url=context.full_address("index.html"),
    ) | {
        "rooms": [{"name": room, "guid": _guid(context, f"room-{room}")} for room in rooms],
        "days": [
            _day(context, day, index, [(slot, numbers[slot.id]) for slot in slots.get(day.date, [])])
            for index, day in enumerate(days, start=1)
        ],
    }


def _shown(context: Context) -> Iterator[TimedSlot]:
    """The slots that one can go to."""
    return (slot for slot in context.slots if slot.is_whole and not slot.entry.slot.break_)


def _day(context: Context, day: ScheduleDay, index: int, slots: list[tuple[TimedSlot, int]]) -> Tree:
    rooms: dict[str, list[Tree]] = {}
    for slot, number in slots:
        rooms.setdefault(_room(context, slot), []).append(_event(context, slot, number))
    return {
        "index": index,
        "date": f"{day.date}",
        "day_start": min(entry.start for entry in day.entries).isoformat(),
        "day_end": max(_end(entry.start, entry.end) for entry in day.entries).isoformat(),
        "rooms": rooms,
    }


def _event(context: Context, slot: TimedSlot, number: int) -> Tree:
    entry, citation = slot.entry, slot.citation
    end = _end(entry.start, entry.end)
    minutes = length(entry.start, end) // timedelta(minutes=1)
    talk = entry.talk
    files = (("slides", talk.slides), ("paper", talk.paper)) if talk else ()
    return {
        "guid": _guid(context, slot.id),
        "id": number,
        "date": entry.start.isoformat(),
        "start": f"{entry.start:%H:%M}",
        "end": end.isoformat(),
        "duration": f"{minutes // 60:02}:{minutes % 60:02}",
        "room": _room(context, slot),
        "slug": f"{_acronym(context)}-{number:04}",
        "url": context.full_address(slot.page),
        "title": slot.title,
        "subtitle": "",
        "track": slot.session,
        "type": f"{entry.kind or ('talk' if talk else 'other')}",
        "language": (talk.language if talk else None) or context.words.language,
        "abstract": citation.abstract if citation else slot.note,
        "description": "",
        "persons": [_person(context, who) for who in citation.people] if citation else [],
        "links": [{"url": context.file_address(talk.video), "type": "media", "title": context.words["video"]}]
        if talk and talk.video
        else [],
        "attachments": [
            {"url": context.file_address(file), "type": name, "title": context.words[name]}
            for name, file in files
            if file
        ],
    }


def _end(start: datetime, end: datetime | None) -> datetime:
    """The format knows no open end: such a slot is as long as the schedule draws it."""
    return end or later(start, DEFAULT_LENGTH)


def _room(context: Context, slot: TimedSlot) -> str:
    venue = context.workshop.venue
    return slot.entry.room or (venue.name if venue else context.workshop.name)


def _person(context: Context, who: Credit) -> Tree:
    name = who.speaker or who.orcid or who.name
    page = context.full_address(f"speakers/{who.speaker}.html") if who.speaker else who.homepage
    guid = _guid(context, f"person-{name}")
    return without_empty(id=UUID(guid).int % _MAX_INT32 + 1, guid=guid, name=who.name, url=page)


def _acronym(context: Context) -> str:
    """At least four letters and digits, as video systems want them."""
    ascii_name = re.sub("[^a-z0-9]", "", context.workshop.name.casefold())
    return ascii_name if len(ascii_name) >= 4 else f"{ascii_name}{context.edition[-4:]}"


def _guid(context: Context, name: str) -> str:
    return f"{uuid5(NAMESPACE_URL, context.unique_name(name))}"


def _numbers(names: Iterable[str]) -> dict[str, int]:
    """A whole number for each name, always the same, none twice."""
    names_by_number: dict[int, str] = {}
    for name in sorted(names):
        number = int.from_bytes(sha256(name.encode()).digest()[:8]) % _MAX_INT32 + 1
        while number in names_by_number:
            number = number % _MAX_INT32 + 1
        names_by_number[number] = name
    return {name: number for number, name in names_by_number.items()}


def _xml(schedule: Tree) -> str:
    """Return the tree as frab's XML: what Giggity looks for stands in the first 1024 characters."""
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
    guids = {room["name"]: room["guid"] for room in conference["rooms"]}
    for day in conference["days"]:
        names = {
            "index": f"{day['index']}",
            "date": day["date"],
            "start": day["day_start"],
            "end": day["day_end"],
        }
        element = ElementTree.SubElement(root, "day", names)
        for name, events in day["rooms"].items():
            room = ElementTree.SubElement(element, "room", {"name": name, "guid": guids[name]})
            for event in events:
                _xml_event(room, event)
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


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
