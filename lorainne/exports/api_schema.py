"""The JSON Schema (2020-12) of api/workshop.json, made from what the model's records say of themselves."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from lorainne.content.collections import BY_RECORD
from lorainne.content.describe import Field, Form, field_texts, fields_of
from lorainne.content.model import Person, Workshop
from lorainne.content.values import KINDS, Email, Latitude, Longitude, Moment, Period, Url

VERSION = 1
"""Rises when a property changes its meaning or goes away; new ones may come at any time."""

Json = dict[str, Any]

_TEXT: Json = {"type": "string"}
_DAY: Json = {"type": "string", "format": "date"}
_TIME: Json = {"type": "string", "description": "ISO 8601, with the offset where `timezone` is known."}

_VALUES: Mapping[object, Json] = {
    int: {"type": "integer"},
    Latitude: {"type": "number"},
    Longitude: {"type": "number"},
    bool: {"type": "boolean"},
    date: _DAY,
    Url: {"type": "string", "format": "uri"},
    Email: {"type": "string", "format": "email"},
    ZoneInfo: {"type": "string", "description": "A name in the IANA database."},
    Period: {"type": "object", "properties": {"first": _DAY, "last": _DAY}, "required": ["first", "last"]},
    Moment: {
        "type": "object",
        "properties": {"date": _DAY, "time": _TEXT, "zone": _TEXT},
        "required": ["date"],
        "description": "Without a time the end of the day is meant, without a zone the venue's.",
    },
}

_SLOT: Json = {
    "description": "A talk, a session before its talks, a break, or anything else, at its time.",
    "type": "object",
    "properties": {
        "id": {"type": "string", "description": "The talk's id, or what the slot is called and its day."},
        "start": _TIME,
        "end": {**_TIME, "description": "Left out where the end is open."},
        "title": _TEXT,
        "room": _TEXT,
        "kind": {"enum": [*KINDS]},
        "break": {"const": True},
        "session": {"type": "string", "description": "The session that it is in, or that it is."},
        "talk": {"type": "string", "description": "The talk's id."},
        "talks": {"type": "array", "items": _TEXT, "description": "Of a session, the ids of its talks."},
        "posters": {"type": "array", "items": _TEXT, "description": "The ids of the posters that are shown."},
        "chair": {"type": "array", "items": {"$ref": "#/$defs/person"}},
        "note": _TEXT,
    },
    "required": ["id", "start", "title"],
    "additionalProperties": False,
}

_PROGRAMME_DAY: Json = {
    "description": "A day of the programme with its slots in order of time.",
    "type": "object",
    "properties": {
        "number": {"type": "integer"},
        "date": _DAY,
        "title": _TEXT,
        "rooms": {"type": "array", "items": _TEXT},
        "slots": {"type": "array", "items": {"$ref": "#/$defs/slot"}},
    },
    "required": ["number", "date", "slots"],
    "additionalProperties": False,
}

_NOT_EXPORTED = {Workshop: ("schedule", "words", "theme", "files", "releases")}


def exported_fields(record: Any) -> list[Field]:
    """Return the fields of a type of record that are exported, in the order of the model."""
    left_out = _NOT_EXPORTED.get(record, ())
    return [field for field in fields_of(record).values() if field.name not in left_out]


def schema() -> Json:
    """The whole schema; `$id` has the version in it."""
    shared: dict[str, Json] = {"slot": _SLOT, "day": _PROGRAMME_DAY}
    whole = _record(Workshop, shared)
    _reference(Person, shared)
    derived = {
        "$schema": _TEXT,
        "version": {"const": VERSION},
        "edition": {"type": "string", "description": "What this edition is known by for ever."},
        "schedule_status": {"type": "string", "description": "`tentative` or `final`."},
        "days": {"type": "array", "items": {"$ref": "#/$defs/day"}},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:lorainne:workshop:{VERSION}",
        **whole,
        "properties": {**derived, **whole["properties"]},
        "required": ["version", "edition", *whole["required"]],
        "$defs": dict(sorted(shared.items())),
    }


def _record(record: Any, shared: dict[str, Json]) -> Json:
    texts = field_texts(record)
    properties = {}
    for field in exported_fields(record):
        meaning = {"description": texts[field.name]} if field.name in texts else {}
        properties[field.key] = {**_field(field, shared), **meaning}
    if record in BY_RECORD and BY_RECORD[record].has_pages:
        properties["id"] = {"type": "string", "description": "The name of its file."}
        properties["page"] = {"type": "string", "description": "The path of its page."}
    if record is Person:
        properties["speaker"] = {"type": "string", "description": "The id, of someone who has a file."}
    return {
        "description": inspect.cleandoc(record.__doc__ or "").partition(": `content/")[0],
        "type": "object",
        "properties": properties,
        "required": [field.key for field in fields_of(record).values() if field.is_required],
        "additionalProperties": False,
    }


def _field(field: Field, shared: dict[str, Json]) -> Json:
    """Return what a field's value becomes."""
    one = _value(field, shared)
    return {"type": "array", "items": one} if field.is_list else one


def _value(field: Field, shared: dict[str, Json]) -> Json:
    if field.form in (Form.PERSON, Form.RECORD):
        return _reference(field.kind, shared)
    if field.form is Form.CHOICE:
        return {"enum": [*field.choices]}
    return dict(_VALUES.get(field.kind, _TEXT))


def _reference(record: Any, shared: dict[str, Json]) -> Json:
    name = record.__name__.lower()
    if name not in shared:
        shared[name] = {}  # held while its fields are looked at
        shared[name] = _record(record, shared)
    return {"$ref": f"#/$defs/{name}"}
