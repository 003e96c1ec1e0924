"""The JSON Schema (2020-12) of api/workshop.json, made from what the model's records say of themselves."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin
from zoneinfo import ZoneInfo

from lorainne.fields import hints_of
from lorainne.meaning import field_texts
from lorainne.model import Person, Record, Workshop
from lorainne.plan import PLACES
from lorainne.values import Email, Kind, Latitude, Longitude, Moment, Period, Url

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
        "kind": {"enum": [*map(str, Kind)]},
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

_NOT_TOLD: Mapping[type[Record], tuple[str, ...]] = {
    Workshop: ("schedule", "words", "theme", "files", "fronts", "releases")
}


def told(kind: Any) -> Mapping[str, Any]:
    """The fields of a record that are told, with their types."""
    return _told(kind)


@cache
def _told(kind: Any) -> Mapping[str, Any]:
    hints = hints_of(kind)
    left_out = ("span", "spans", *_NOT_TOLD.get(kind, ()))
    return {field.name: hints[field.name] for field in fields(kind) if field.name not in left_out}


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


def _record(kind: type[Record], shared: dict[str, Json]) -> Json:
    texts = field_texts(kind)
    properties = {}
    for name, hint in told(kind).items():
        meaning = {"description": texts[name]} if name in texts else {}
        properties[name.rstrip("_")] = {**_form(hint, shared), **meaning}
    if kind in PLACES:
        properties["id"] = {"type": "string", "description": "The name of its file."}
        properties["page"] = {"type": "string", "description": "The path of its page."}
    if kind is Person:
        properties["speaker"] = {"type": "string", "description": "The id, of someone who has a file."}
    needed = [f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING]
    return {
        "description": inspect.cleandoc(kind.__doc__ or "").partition(": `content/")[0],
        "type": "object",
        "properties": properties,
        "required": [name.rstrip("_") for name in needed],
        "additionalProperties": False,
    }


def _form(hint: Any, shared: dict[str, Json]) -> Json:
    """What a value of this type becomes."""
    if get_origin(hint) in (Union, UnionType):
        options = [option for option in get_args(hint) if option is not NoneType]
        return _form(options[-1], shared)  # of an id or a person, the person
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _form(get_args(hint)[0], shared)}
    if hint in _VALUES:
        return dict(_VALUES[hint])
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {"enum": [*map(str, hint)]}
    if isinstance(hint, type) and issubclass(hint, Record):
        return _reference(hint, shared)
    return dict(_TEXT)


def _reference(kind: type[Record], shared: dict[str, Json]) -> Json:
    name = kind.__name__.lower()
    if name not in shared:
        shared[name] = {}  # held while its fields are looked at
        shared[name] = _record(kind, shared)
    return {"$ref": f"#/$defs/{name}"}
