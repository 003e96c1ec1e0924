"""Nodes → records, driven by the fields of their dataclasses; every problem, with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from lorainne import model
from lorainne.diagnostics import Diagnostic, Places, Span, mistake
from lorainne.front_matter import UNKNOWN_YET
from lorainne.model import Record
from lorainne.nodes import Fields, Items, Node, Scalar
from lorainne.spelling import did_you_mean, respelt
from lorainne.values import (
    READERS,
    Inline,
    Markdown,
    NewsId,
    PageId,
    PaperId,
    PosterId,
    SpeakerId,
    TalkId,
    WrongWeekdayError,
    wrong_weekdays,
)

IDS = (SpeakerId, TalkId, PosterId, PageId, NewsId, PaperId)
ID = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")

hints_of = cache(get_type_hints)
"""The types of a record's fields, by their names."""


@mistake
def unknown_field(span: Span, key: str, known: Iterable[str]) -> Diagnostic:
    """A key that this kind of file does not have.

    It would have no effect: most often it is a slip of the pen.

    Wrong: `afiliation: CNRS`
    Right: `affiliation: CNRS`
    """
    return Diagnostic(
        message=f"`{key}` is not a field here",
        span=span,
        help=did_you_mean(key, known),
        fix=respelt(key, known),
    )


@mistake
def missing_field(span: Span, key: str, example: str) -> Diagnostic:
    """A field that cannot be left out.

    Wrong: a speaker's file without a `name`.
    Right: `name: Ada Lovelace`
    """
    return Diagnostic(
        message=f"the field `{key}` is missing", span=span, help=f"add a line such as `{key}: {example}`"
    )


@mistake
def wrong_value(span: Span, written: str, expected: str, example: str, why: str = "") -> Diagnostic:
    """A value that does not have the form of its field.

    Wrong: `free: perhaps`
    Right: `free: yes`
    """
    return Diagnostic(
        message=f"{written}: {why}" if why else f"{written} is not {expected}",
        span=span,
        help=f"write it like `{example}`",
    )


@mistake
def weekday_mismatch(span: Span, error: WrongWeekdayError) -> Diagnostic:
    """A weekday and a date that do not belong together.

    One of the two is wrong, and readers travel on the strength of it.

    Wrong: `date: Wed 2024-11-26`
    Right: `date: Tue 2024-11-26`
    """
    return Diagnostic(
        message=str(error),
        span=span,
        help=f"write {error.right}, or correct the date; the weekday may be left out",
        fix=error.right[: span.end_column - span.column]
        if span.end_column - span.column < 5
        else error.right,
    )


@mistake
def misplaced_text(span: Span, key: str) -> Diagnostic:
    """A longer text stands among the fields, and belongs below them.

    Wrong: `abstract: We show that …` between the two `---`
    Right: the abstract below the second `---`
    """
    return Diagnostic(
        message=f"the {key} is not a field: it is the text below the fields",
        span=span,
        help="move it below the second `---`, without the key",
    )


MISTAKES = (misplaced_text, unknown_field, missing_field, wrong_value, weekday_mismatch)


class UnusableError(Exception):
    """The value at a node cannot be used; its diagnostic has been noted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Field:
    """What the reader must know of one field of a record."""

    name: str
    read: Callable[[Decoder, Node], Any]
    required: bool
    example: str


class Decoder:
    """Reads nodes and notes what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Diagnostic] = []

    def record(self, kind: Any, node: Fields, **given: Any) -> Any:
        """The record in a mapping; raises UnusableError when a field that it needs is missing or wrong.

        What is `given` are fields that stand elsewhere, and maybe `spans`, the places of some.
        """
        known = _fields_of(kind)
        values: dict[str, Any] = dict(given)
        spans: dict[str, Span] = values.pop("spans", {})
        complete = True
        for key, value in node.entries:
            field = known.get(key.text)
            if field is None or field.name in given:
                if field is not None and field.name in given and field.name not in ("id", "date"):
                    self.problems.append(misplaced_text(key.span, key.text))
                    continue
                written = {other.text for other, _ in node.entries}
                self.problems.append(unknown_field(key.span, key.text, known.keys() - given.keys() - written))
                continue
            spans[field.name] = value.span
            if isinstance(value, Items):
                spans.update((f"{field.name}.{i}", item.span) for i, item in enumerate(value.items))
            elif isinstance(value, Fields):
                spans.update((f"{field.name}.{name.text}", name.span) for name, _ in value.entries)
            if _is_unknown_yet(value) and not field.required:
                continue
            try:
                values[field.name] = field.read(self, value)
            except UnusableError:
                complete = complete and not field.required
        for key_name, field in known.items():
            if field.required and field.name not in given and field.name not in spans:
                self.problems.append(missing_field(_start(node.span), key_name, field.example))
                complete = False
        if not complete:
            raise UnusableError
        return kind(span=node.span, spans=Places(spans), **values)

    def wrong(self, node: Node, expected: str, example: str, why: str = "") -> UnusableError:
        """The exception to raise after noting that a node is not what was expected."""
        written = {Items: "a list", Fields: "a group of fields"}.get(type(node), "")
        if isinstance(node, Scalar):
            written = f"“{node.text}”" if node.text else "nothing"
        self.problems.append(wrong_value(node.span, written, expected, example, why))
        return UnusableError()


def _start(span: Span) -> Span:
    return replace(span, end_line=span.line, end_column=span.column + 1)


def _is_unknown_yet(node: Node) -> bool:
    """Whether nothing is said: an empty value, or a `tba`."""
    return isinstance(node, Scalar) and node.plain and node.text.lower() in UNKNOWN_YET


@cache
def _fields_of(kind: Any) -> Mapping[str, _Field]:
    hints = hints_of(kind)
    return {
        field.name.rstrip("_"): _Field(
            name=field.name,
            read=_reader(hints[field.name]),
            required=field.default is MISSING and field.default_factory is MISSING,
            example=_example(hints[field.name]),
        )
        for field in fields(kind)
        if field.metadata.get("written", True)
    }


def written_fields(kind: Any) -> dict[str, str]:
    """The keys that can be written for a record, with the names of their fields."""
    return {key: field.name for key, field in _fields_of(kind).items()}


def _example(hint: Any) -> str:
    return READERS[hint].example if hint in READERS else "ada-lovelace"


@cache
def _reader(hint: Any) -> Callable[[Decoder, Node], Any]:
    """The function that reads a node into a value of this type."""
    if get_origin(hint) in (Union, UnionType):
        options = [option for option in get_args(hint) if option is not NoneType]
        return _reader(options[0]) if len(options) == 1 else _read_person
    if get_origin(hint) is tuple:
        return _list_reader(_reader(get_args(hint)[0]))
    if hint in IDS:
        return _read_id
    if hint in READERS:
        return lambda decoder, node: _read_value(decoder, node, hint)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return lambda decoder, node: _read_choice(decoder, node, hint)
    if isinstance(hint, type) and issubclass(hint, Record):
        return lambda decoder, node: _read_record(decoder, node, hint)
    return _read_words  # the one mapping of the model: words to words


def _list_reader(read: Callable[[Decoder, Node], Any]) -> Callable[[Decoder, Node], tuple[Any, ...]]:
    def read_list(decoder: Decoder, node: Node) -> tuple[Any, ...]:
        """A list; one item may stand without brackets. A wrong item is left out, and noted."""
        values = []
        for item in node.items if isinstance(node, Items) else (node,):
            try:
                values.append(read(decoder, item))
            except UnusableError:
                continue
        return tuple(values)

    return read_list


def _read_value(decoder: Decoder, node: Node, kind: Any) -> Any:
    reader = READERS[kind]
    if not isinstance(node, Scalar) or not node.text.strip():
        raise decoder.wrong(node, reader.expected, reader.example)
    try:
        return reader.read(node.text.strip() if kind is not Markdown else node.text)
    except WrongWeekdayError as error:
        for each in wrong_weekdays(node.text) or [error]:
            start = node.span.column + node.text.index(each.written)
            end = start + len(each.written.split()[0])
            span = replace(node.span, column=start, end_line=node.span.line, end_column=end)
            decoder.problems.append(weekday_mismatch(span, each))
        raise UnusableError from None
    except (ValueError, KeyError) as error:
        why = str(error) if isinstance(error, ValueError) and "iso" not in str(error) else ""
        raise decoder.wrong(node, reader.expected, reader.example, why) from None


def _read_id(decoder: Decoder, node: Node) -> str:
    if not isinstance(node, Scalar) or not ID.fullmatch(node.text):
        raise decoder.wrong(node, "an id, the name of a file without its ending", "ada-lovelace")
    return node.text


def _read_choice(decoder: Decoder, node: Node, kind: type[StrEnum]) -> StrEnum:
    if isinstance(node, Scalar) and node.text.lower() in set(kind):
        return kind(node.text.lower())
    choices = [str(choice) for choice in kind]
    raise decoder.wrong(node, f"one of {', '.join(choices)}", choices[0])


def _read_record(decoder: Decoder, node: Node, kind: Any) -> Any:
    """A record from a mapping, or from the text of its only required field."""
    if isinstance(node, Fields):
        return decoder.record(kind, node)
    known = _fields_of(kind)
    required = [key for key, field in known.items() if field.required]
    if isinstance(node, Scalar) and len(required) == 1 and node.text:
        key = Scalar(span=node.span, text=required[0])
        return decoder.record(kind, Fields(span=node.span, entries=((key, node),)))
    raise decoder.wrong(node, f"a group of fields: {', '.join(known)}", f"{{{next(iter(known))}: …}}")


def _read_person(decoder: Decoder, node: Node) -> Any:
    """A speaker's id where the text has the form of one; anyone else is written in place."""
    if isinstance(node, Scalar) and ID.fullmatch(node.text):
        return SpeakerId(node.text)
    return _read_record(decoder, node, model.Person)


def _read_words(decoder: Decoder, node: Node) -> dict[str, Inline]:
    if not isinstance(node, Fields):
        raise decoder.wrong(node, "a group of words", "{speakers: Confirmed speakers}")
    return {key.text: _read_value(decoder, value, Inline) for key, value in node.entries}
