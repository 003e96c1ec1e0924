"""The files of content as JSON Schema (2020-12): completion, explanation and marks in editors that know YAML.

A schema is laxer than lorainne: it says what a field can hold, and leaves to `check` what needs other files.
"""

from __future__ import annotations

import datetime
import inspect
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lorainne.content import model
from lorainne.content.collections import COLLECTIONS
from lorainne.content.describe import Field, Form, field_texts, written_fields
from lorainne.content.model import Record
from lorainne.content.text import ID
from lorainne.content.values import READERS, Inline, Latitude, Longitude, Markdown

Json = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, kw_only=True, slots=True)
class ContentFile:
    """One kind of content file: its record, its path, and the field of the text below its front matter."""

    record: type[Record]
    path: str
    body: str = ""


FILES: Mapping[str, ContentFile] = {
    "workshop": ContentFile(record=model.Workshop, path="content/workshop.yaml"),
    "schedule": ContentFile(record=model.Schedule, path="content/schedule.yaml"),
    "about": ContentFile(record=model.About, path="content/about.md", body="body"),
    **{
        each.kind: ContentFile(record=each.record, path=f"content/{each.folder}/ID.md", body=each.body)
        for each in COLLECTIONS
    },
}
"""Every kind of content file, by what commands call it."""

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
    """Return the schema of this kind of file, as JSON."""
    file = FILES[name]
    shared: dict[str, Json] = {}
    form = _record(file.record, shared, file.body)
    defs = {"unknown-yet": _UNKNOWN_YET, **shared}
    whole = {"$schema": DIALECT, "title": file.path, **form, "$defs": defs}
    return json.dumps(whole, ensure_ascii=False, indent=2)


def _record(record: type[Record], shared: dict[str, Json], body: str = "") -> Json:
    """Return the schema of a group of fields; what it refers to is added to the shared definitions."""
    texts = field_texts(record)
    fields = written_fields(record).values()
    required = [field.key for field in fields if field.is_required]
    properties: Json = {}
    for field in fields:
        if field.name != body:
            form = _field(field, shared)
            form = form if field.is_required else _optional(form)
            properties[field.key] = {"description": texts[field.name], **form, **_examples(field)}
    return {
        "description": inspect.cleandoc(record.__doc__ or ""),
        "type": "object",
        "properties": properties,
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _field(field: Field, shared: dict[str, Json]) -> Json:
    """Return what a field can hold; a list of one may be written without brackets."""
    one = _value(field, shared)
    return {"anyOf": [{"type": "array", "items": one}, *one.get("anyOf", [one])]} if field.is_list else one


def _value(field: Field, shared: dict[str, Json]) -> Json:
    """Return what one value of a field can be."""
    match field.form:
        case Form.VALUE:
            return _text(field.kind)
        case Form.ID:
            return {"type": ["string", "integer"], "pattern": f"^{ID.pattern}$"}
        case Form.CHOICE:
            return {"enum": list(field.choices)}
        case Form.PERSON:
            return {"anyOf": [{"type": "string"}, _reference(field.kind, shared)]}
        case Form.RECORD:
            return _nested(field.kind, shared)
        case Form.WORDS:
            return {"type": "object", "additionalProperties": _TEXT}


def _nested(record: type[Record], shared: dict[str, Json]) -> Json:
    """Return the schema of a record, or of the text of its only required field."""
    reference = _reference(record, shared)
    required = [field for field in written_fields(record).values() if field.is_required]
    if len(required) != 1:
        return reference
    return {"anyOf": [_field(required[0], shared), reference]}


def _reference(record: type[Record], shared: dict[str, Json]) -> Json:
    name = record.__name__.lower()
    if name not in shared:
        shared[name] = {}  # held while the fields of the record are looked at
        shared[name] = _record(record, shared)
    return {"$ref": f"#/$defs/{name}"}


def _text(kind: Any) -> Json:
    if kind in _OTHERS:
        return dict(_OTHERS[kind])
    # `\\"` is needed in a Python literal only; in a regular expression of JavaScript it is an error.
    pattern = READERS[kind].pattern.replace('\\"', '"')
    return {"type": "string", **({"pattern": f"^(?:{pattern})$"} if pattern else {})}


def _optional(form: Json) -> Json:
    """Return the form, or what stands for something that is not known yet."""
    if form == _TEXT:
        return {"type": [*_TEXT["type"], "null"]}
    return {"anyOf": [*form.get("anyOf", [form]), {"$ref": "#/$defs/unknown-yet"}]}


def _examples(field: Field) -> Json:
    """Return an example of a value whose form is not obvious; a text's would only be in the way."""
    if field.form is not Form.VALUE or field.kind in _OTHERS:
        return {}
    return {"examples": [READERS[field.kind].example.strip('"')]}
