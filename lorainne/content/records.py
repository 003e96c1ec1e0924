"""Nodes → records, driven by the fields of their types; every problem, with its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NoReturn

from lorainne.content.describe import Field, Form, written_fields
from lorainne.content.front_matter import UNKNOWN_YET
from lorainne.content.model import Person
from lorainne.content.text import ID, did_you_mean, respelt
from lorainne.content.values import (
    READERS,
    Inline,
    Markdown,
    SpeakerId,
    WrongWeekdayError,
    wrong_weekdays,
)
from lorainne.content.yaml_tree import Fields, Items, Node, Scalar
from lorainne.diagnostics import Diagnostic, Span, mistake


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


class RecordReader:
    """Reads nodes into records and notes what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Diagnostic] = []

    def record(self, record: Any, node: Fields, *, spans: dict[str, Span] | None = None, **given: Any) -> Any:
        """Return the record in a mapping; raise UnusableError when a field that it needs is missing or wrong.

        `given` are the fields that do not stand in the mapping, `spans` where some of them stand.
        """
        known = written_fields(record)
        values, spans = dict(given), spans or {}
        complete = True
        for key, value in node.entries:
            field = known.get(key.text)
            if field is None or field.name in given:
                self._unexpected(key, field, node, [name for name in known if name not in given])
                continue
            spans |= _spans_of(field, value)
            if _is_unknown_yet(value) and not field.is_required:
                continue
            try:
                values[field.name] = self._values(field, value)
            except UnusableError:
                complete = complete and not field.is_required
        for field in known.values():
            if field.is_required and field.name not in given and field.name not in spans:
                self.problems.append(missing_field(_start(node.span), field.key, _example(field)))
                complete = False
        if not complete:
            raise UnusableError
        return record(span=node.span, spans=spans, **values)

    def _unexpected(self, key: Scalar, field: Field | None, node: Fields, known: Iterable[str]) -> None:
        if field is not None:
            self.problems.append(misplaced_text(key.span, key.text))
        else:
            written = {other.text for other, _ in node.entries}
            self.problems.append(unknown_field(key.span, key.text, set(known) - written))

    def _values(self, field: Field, node: Node) -> Any:
        """Return a field's value; a list may have one item without brackets, and leaves wrong ones out."""
        if not field.is_list:
            return self._value(field, node)
        values = []
        for item in node.items if isinstance(node, Items) else (node,):
            try:
                values.append(self._value(field, item))
            except UnusableError:
                continue
        return tuple(values)

    def _value(self, field: Field, node: Node) -> Any:
        match field.form:
            case Form.VALUE:
                return self._text(field.kind, node)
            case Form.ID:
                return self._id(node)
            case Form.CHOICE:
                return self._choice(field, node)
            case Form.PERSON:
                return self._person(node)
            case Form.RECORD:
                return self._nested(field.kind, node)
            case Form.WORDS:
                return self._words(node)

    def _text(self, kind: Any, node: Node) -> Any:
        reader = READERS[kind]
        if not isinstance(node, Scalar) or not node.text.strip():
            return self._reject(node, reader.expected, reader.example)
        try:
            return reader.read(node.text.strip() if kind is not Markdown else node.text)
        except WrongWeekdayError as error:
            for each in wrong_weekdays(node.text) or [error]:
                start = node.span.column + node.text.index(each.written)
                end = start + len(each.written.split()[0])
                span = replace(node.span, column=start, end_line=node.span.line, end_column=end)
                self.problems.append(weekday_mismatch(span, each))
            raise UnusableError from None
        except (ValueError, KeyError) as error:
            why = str(error) if isinstance(error, ValueError) and "iso" not in str(error) else ""
            return self._reject(node, reader.expected, reader.example, why)

    def _id(self, node: Node) -> str:
        if isinstance(node, Scalar) and ID.fullmatch(node.text):
            return node.text
        return self._reject(node, "an id, the name of a file without its ending", "ada-lovelace")

    def _choice(self, field: Field, node: Node) -> Any:
        if isinstance(node, Scalar) and node.text.lower() in field.choices:
            return field.kind(node.text.lower())
        return self._reject(node, f"one of {', '.join(field.choices)}", field.choices[0])

    def _nested(self, record: Any, node: Node) -> Any:
        """Return a record from a mapping, or from the text of its only required field."""
        if isinstance(node, Fields):
            return self.record(record, node)
        known = written_fields(record)
        required = [key for key, field in known.items() if field.is_required]
        if isinstance(node, Scalar) and len(required) == 1 and node.text:
            key = Scalar(span=node.span, text=required[0])
            return self.record(record, Fields(span=node.span, entries=((key, node),)))
        return self._reject(node, f"a group of fields: {', '.join(known)}", f"{{{next(iter(known))}: …}}")

    def _person(self, node: Node) -> Any:
        """Return a speaker's id where the text has the form of one; anyone else is written in place."""
        if isinstance(node, Scalar) and ID.fullmatch(node.text):
            return SpeakerId(node.text)
        return self._nested(Person, node)

    def _words(self, node: Node) -> dict[str, Any]:
        if isinstance(node, Fields):
            return {key.text: self._text(Inline, value) for key, value in node.entries}
        return self._reject(node, "a group of words", "{speakers: Confirmed speakers}")

    def _reject(self, node: Node, expected: str, example: str, why: str = "") -> NoReturn:
        """Note that a node is not what was expected, and raise UnusableError."""
        written = {Items: "a list", Fields: "a group of fields"}.get(type(node), "")
        if isinstance(node, Scalar):
            written = f"“{node.text}”" if node.text else "nothing"
        self.problems.append(wrong_value(node.span, written, expected, example, why))
        raise UnusableError


def _start(span: Span) -> Span:
    return replace(span, end_line=span.line, end_column=span.column + 1)


def _spans_of(field: Field, value: Node) -> dict[str, Span]:
    """Return where a field's value stands, and each item of a list or key of a mapping."""
    spans = {field.name: value.span}
    if isinstance(value, Items):
        spans |= {f"{field.name}.{number}": item.span for number, item in enumerate(value.items)}
    elif isinstance(value, Fields):
        spans |= {f"{field.name}.{key.text}": key.span for key, _ in value.entries}
    return spans


def _is_unknown_yet(node: Node) -> bool:
    """Return whether nothing is said: an empty value, or a `tba`."""
    return isinstance(node, Scalar) and node.plain and node.text.lower() in UNKNOWN_YET


def _example(field: Field) -> str:
    return READERS[field.kind].example if field.kind in READERS else "ada-lovelace"
