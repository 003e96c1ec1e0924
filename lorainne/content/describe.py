"""One walk over the fields of a record: for reading, JSON Schema, the documentation and new files."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from enum import Enum, StrEnum, auto
from functools import cache
from itertools import pairwise
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from lorainne.content import model
from lorainne.content.model import Person, Record
from lorainne.content.values import (
    KINDS,
    KindId,
    NewsId,
    PageId,
    PaperId,
    PosterId,
    SpeakerId,
    TalkId,
)

IDS = (SpeakerId, TalkId, PosterId, PageId, NewsId, PaperId)


class Form(Enum):
    """What one value of a field can be."""

    VALUE = auto()
    """A text that a reader of `values.READERS` reads."""
    ID = auto()
    CHOICE = auto()
    """One of some words."""
    PERSON = auto()
    """A speaker's id, or a person written in place."""
    RECORD = auto()
    WORDS = auto()
    """The theme's words: a mapping of words to words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One field of a record."""

    key: str
    """As it is written in content: `break`."""
    name: str
    """As it is called in the model: `break_`."""
    form: Form
    kind: Any
    """The type of one value: a key of `READERS`, an id, an enumeration or a record."""
    kinds: frozenset[Any]
    """All types that a value can have: more than one for a person."""
    is_list: bool
    is_required: bool
    is_written: bool
    """Whether it is written in the record's file; other fields come from the file's name or other files."""

    @property
    def choices(self) -> tuple[str, ...]:
        """The words to choose from, in order; empty for other forms."""
        return choices_of(self.kind)


def choices_of(kind: Any) -> tuple[str, ...]:
    """Return the words that a type allows, in order; empty where it allows others too."""
    if kind is KindId:
        return KINDS
    return tuple(map(str, kind)) if isinstance(kind, type) and issubclass(kind, StrEnum) else ()


def fields_of(record: type[Record]) -> Mapping[str, Field]:
    """Return the fields of a type of record by key, in the order of the model."""
    hashable: Any = record  # to mypy, the types of dataclasses are not
    return _fields_of(hashable)


@cache
def _fields_of(record: Any) -> Mapping[str, Field]:
    hints = get_type_hints(record)
    described = {}
    for field in fields(record):
        if field.name not in ("span", "spans"):
            kinds = _leaves(hints[field.name])
            form, kind = _form(hints[field.name], kinds)
            described[field.name.rstrip("_")] = Field(
                key=field.name.rstrip("_"),
                name=field.name,
                form=form,
                kind=kind,
                kinds=frozenset(kinds),
                is_list=get_origin(hints[field.name]) is tuple,
                is_required=field.default is MISSING and field.default_factory is MISSING,
                is_written=field.metadata.get("written", True),
            )
    return described


def written_fields(record: type[Record]) -> Mapping[str, Field]:
    """Return those of its fields that are written in the record's file, by key."""
    hashable: Any = record
    return _written_fields(hashable)


@cache
def _written_fields(record: Any) -> Mapping[str, Field]:
    return {key: field for key, field in fields_of(record).items() if field.is_written}


def _leaves(hint: Any) -> list[Any]:
    """Return the types in a hint, without containers and `None`."""
    arguments = [part for part in get_args(hint) if part not in (NoneType, ...)]
    return [leaf for part in arguments for leaf in _leaves(part)] if arguments else [hint]


def _form(hint: Any, kinds: list[Any]) -> tuple[Form, Any]:
    kind = kinds[-1]
    if get_origin(hint) is Mapping:
        return Form.WORDS, kind
    if len(kinds) > 1:
        return Form.PERSON, Person
    if kind in IDS:
        return Form.ID, kind
    if choices_of(kind):
        return Form.CHOICE, kind
    if isinstance(kind, type) and issubclass(kind, Record):
        return Form.RECORD, kind
    return Form.VALUE, kind


def field_texts(record: type[Record]) -> dict[str, str]:
    """Return what the model says of each field, by name: the string below it."""
    return _texts()[record.__name__]


@cache
def _texts() -> dict[str, dict[str, str]]:
    tree = ast.parse(inspect.getsource(model))
    return {node.name: _below_fields(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _below_fields(record: ast.ClassDef) -> dict[str, str]:
    return {
        field.target.id: text.value.value
        for field, text in pairwise(record.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }
