"""Everything as data: api/workshop.json, and beside it the JSON Schema that says what it means.

Both follow the records of the model: a field there is a property here. Times are exact, texts are plain,
and paths are below the site.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from lorainne.content.collections import BY_RECORD, page_of
from lorainne.content.describe import Field, Form
from lorainne.content.model import FileRecord, Record
from lorainne.content.text import is_web
from lorainne.content.values import Inline, Markdown, Moment, Period, Target
from lorainne.exports.api_schema import VERSION, exported_fields, schema
from lorainne.exports.tree import Tree, dump, without_empty
from lorainne.programme.context import Context, TimedSlot
from lorainne.programme.facts import Facts
from lorainne.programme.routes import Route
from lorainne.programme.schedule import Credit, ScheduleDay, credit


def paths(_facts: Facts) -> Iterator[Route]:
    """Yield the file and its schema."""
    yield Route(path="api/workshop.json", format="api")
    yield Route(path="api/workshop.schema.json", format="api")


def render(context: Context) -> dict[str, Callable[[], str]]:
    """Return how the file and its schema are made."""
    trees: dict[str, Callable[[], Tree]] = {
        "api/workshop.json": partial(_workshop, context),
        "api/workshop.schema.json": schema,
    }
    return {route.path: partial(_json, trees[route.path]) for route in context.routes.of("api")}


def _json(tree: Callable[[], Tree]) -> str:
    return dump(tree()) + "\n"


def _workshop(context: Context) -> Tree:
    schedule = context.workshop.schedule
    slots: dict[date, list[Tree]] = {}
    for slot in context.slots:
        slots.setdefault(slot.entry.day, []).append(_slot(context, slot))
    return {
        "$schema": "workshop.schema.json",
        "version": VERSION,
        "edition": context.edition,
        **_record(context, context.workshop),
        **without_empty(
            schedule_status=schedule.status if schedule else None,
            days=[_day(context, day, slots.get(day.date, [])) for day in context.schedule.days],
        ),
    }


def _day(context: Context, day: ScheduleDay, slots: list[Tree]) -> Tree:
    about = without_empty(title=context.texts.plain_line(day.title), rooms=list(day.rooms))
    return {"number": day.number, "date": f"{day.date}", **about, "slots": slots}


def _slot(context: Context, slot: TimedSlot) -> Tree:
    entry = slot.entry
    return without_empty(
        id=slot.id,
        start=entry.start.isoformat(),
        end=entry.end.isoformat() if entry.end else None,
        title=slot.title,
        room=entry.room,
        kind=entry.kind,
        break_=bool(entry.slot.break_) or None,
        session=slot.session,
        talk=entry.talk.id if entry.talk else None,
        talks=[each.talk.id for each in entry.talks if each.talk],
        posters=[poster.id for poster in entry.posters],
        chair=[_person(context, who) for who in entry.chair],
        note=slot.note,
    )


def _person(context: Context, who: Credit) -> Tree:
    return without_empty(
        name=who.name,
        affiliation=list(who.affiliation),
        homepage=who.homepage,
        orcid=who.orcid,
        email=who.email,
        role=context.texts.plain_line(who.role),
        speaker=who.speaker,
    )


def _record(context: Context, record: Record) -> Tree:
    """Return a record with every field that says something."""
    values = {
        field.name: _field(context, field, getattr(record, field.name))
        for field in exported_fields(type(record))
    }
    if isinstance(record, FileRecord) and BY_RECORD[type(record)].has_pages:
        values["page"] = page_of(record)
    return without_empty(**values)


def _field(context: Context, field: Field, value: Any) -> Any:
    if field.is_list:
        return [_value(context, field, item) for item in value]
    return None if value is None else _value(context, field, value)


def _value(context: Context, field: Field, value: Any) -> Any:
    """Return one value of a field as JSON has it."""
    if field.form is Form.PERSON:
        return _person(context, credit(value, context.schedule.speaker))
    if isinstance(value, Record):
        return _record(context, value)
    if isinstance(value, Moment):
        return without_empty(date=f"{value.date}", time=f"{value.time or ''}"[:5], zone=value.zone_name)
    if isinstance(value, Period):
        return {"first": f"{value.first}", "last": f"{value.last}"}
    if isinstance(value, ZoneInfo):
        return value.key
    if isinstance(value, date):
        return f"{value}"
    return _text(context, field.kind, value) if isinstance(value, str) else value


def _text(context: Context, kind: Any, value: str) -> str:
    if kind is Inline:
        return context.texts.plain_line(value)
    if kind is Markdown:
        return context.texts.plain(value)
    return f"files/{value}" if kind is Target and not is_web(value) else value
