"""The files of content as JSON Schema (2020-12): completion, explanation and marks in editors that know YAML.

A schema is laxer than lorainne: it says what a field can hold, and leaves to `check` what needs other files.
"""

from __future__ import annotations

import datetime
import inspect
import json
from collections.abc import Mapping
from dataclasses import MISSING, fields
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from lorainne import model
from lorainne.decode import FOLDERS
from lorainne.fields import ID, IDS, written_fields
from lorainne.meaning import field_texts
from lorainne.model import Record
from lorainne.values import READERS, Inline, Latitude, Longitude, Markdown

Json = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

FILES: Mapping[str, tuple[type[Record], str, str]] = {
    "workshop": (model.Workshop, "content/workshop.yaml", ""),
    "schedule": (model.Schedule, "content/schedule.yaml", ""),
    "about": (model.About, "content/about.md", "body"),
    **{
        kind.__name__.lower(): (kind, f"content/{folder}/ID.md", body)
        for folder, (kind, body) in FOLDERS.items()
    },
}
"""Every kind of file: its record, its place, and the field that is the text below the front matter."""

# Every scalar of YAML is a text to lorainne, also one that other programs take for a number.
_TEXT: Json = {"type": ["string", "number", "boolean"]}

_UNKNOWN_YET: Json = {
    "description": "not known yet",
    "type": ["string", "null"],
    "pattern": "^(?:[Tt][Bb][AaCcDd]|~)?$",
}

_OTHERS: Mapping[object, Json] = {
    **dict.fromkeys((str, Inline, Markdown), _TEXT),
    int: {"type": "integer", "minimum": 0},
    Latitude: {"type": "number", "minimum": -90, "maximum": 90},
    Longitude: {"type": "number", "minimum": -180, "maximum": 180},
    bool: {"enum": [True, False, "yes", "no"]},
    datetime.date: {"type": "string", "pattern": r"^(?:[A-Za-z]{2,9}\.?,? +)?\d{4}-\d{2}-\d{2}$"},
}


def schema(name: str) -> str:
    """The schema of this kind of file, as JSON."""
    kind, place, body = FILES[name]
    shared: dict[str, Json] = {}
    form = _record(kind, shared, body)
    whole = {"$schema": DIALECT, "title": place, **form, "$defs": {"unknown-yet": _UNKNOWN_YET, **shared}}
    return json.dumps(whole, ensure_ascii=False, indent=2)


def _record(kind: type[Record], shared: dict[str, Json], body: str = "") -> Json:
    """A group of fields; what it refers to is added to the shared definitions."""
    hints, texts = get_type_hints(kind), field_texts(kind)
    required = _required(kind)
    properties: Json = {}
    for key, name in written_fields(kind).items():
        if name != body:
            form = _form(hints[name], shared)
            form = form if key in required else _optional(form)
            properties[key] = {"description": texts[name], **form, **_examples(hints[name])}
    return {
        "description": inspect.cleandoc(kind.__doc__ or ""),
        "type": "object",
        "properties": properties,
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _required(kind: type[Record]) -> list[str]:
    needed = {f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING}
    return [key for key, name in written_fields(kind).items() if name in needed]


def _form(hint: Any, shared: dict[str, Json]) -> Json:
    """What a value of this type can be."""
    if get_origin(hint) in (Union, UnionType):
        options = [option for option in get_args(hint) if option is not NoneType]
        return _form(options[0], shared) if len(options) == 1 else _either({"type": "string"}, hint, shared)
    if get_origin(hint) is tuple:
        item = _form(get_args(hint)[0], shared)
        return {"anyOf": [{"type": "array", "items": item}, *item.get("anyOf", [item])]}
    if hint in IDS:
        return {"type": ["string", "integer"], "pattern": f"^{ID.pattern}$"}
    if hint in READERS:
        return _value(hint)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {"enum": [str(choice) for choice in hint]}
    if isinstance(hint, type) and issubclass(hint, Record):
        return _nested(hint, shared)
    return {"type": "object", "additionalProperties": _TEXT}  # the theme's words


def _either(text: Json, union: Any, shared: dict[str, Json]) -> Json:
    """A text, or the record of a union such as an id or a person."""
    record = next(option for option in get_args(union) if option not in IDS)
    return {"anyOf": [text, _reference(record, shared)]}


def _nested(kind: type[Record], shared: dict[str, Json]) -> Json:
    """A record, or the text of its only required field."""
    reference = _reference(kind, shared)
    required = _required(kind)
    if len(required) != 1:
        return reference
    short = _form(get_type_hints(kind)[required[0]], shared)
    return {"anyOf": [short, reference]}


def _reference(kind: type[Record], shared: dict[str, Json]) -> Json:
    name = kind.__name__.lower()
    if name not in shared:
        shared[name] = {}  # held while the fields of the record are looked at
        shared[name] = _record(kind, shared)
    return {"$ref": f"#/$defs/{name}"}


def _value(kind: Any) -> Json:
    if kind in _OTHERS:
        return dict(_OTHERS[kind])
    # `\"` is needed in a Python literal only; in a regular expression of JavaScript it is an error.
    pattern = READERS[kind].pattern.replace('\\"', '"')
    return {"type": "string", **({"pattern": f"^(?:{pattern})$"} if pattern else {})}


def _optional(form: Json) -> Json:
    """The form, or what stands for something that is not known yet."""
    if form == _TEXT:
        return {"type": [*_TEXT["type"], "null"]}
    return {"anyOf": [*form.get("anyOf", [form]), {"$ref": "#/$defs/unknown-yet"}]}


def _examples(hint: Any) -> Json:
    """An example of a value whose form is not obvious; a text's would only be in the way."""
    kinds = [hint, *get_args(hint)]
    found = [READERS[kind].example.strip('"') for kind in kinds if kind in READERS and kind not in _OTHERS]
    return {"examples": found} if found else {}
