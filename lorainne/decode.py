"""Nodes → the model, driven by the fields of its dataclasses; every problem of every file, with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from lorainne import model
from lorainne.diagnostics import Diagnostic, Span, mistake
from lorainne.model import Record, Workshop
from lorainne.nodes import Document, Fields, Items, Node, Scalar
from lorainne.values import (
    READERS,
    Inline,
    Markdown,
    NewsId,
    PageId,
    PosterId,
    SpeakerId,
    TalkId,
    WrongWeekdayError,
    read_date,
)

IDS = (SpeakerId, TalkId, PosterId, PageId, NewsId)
_DEVICE = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9]")  # never names of files on Windows
ID = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")

FOLDERS: Mapping[str, tuple[type[Record], str]] = {
    "speakers": (model.Speaker, "biography"),
    "talks": (model.Talk, "abstract"),
    "posters": (model.Poster, "abstract"),
    "news": (model.News, "body"),
    "pages": (model.Page, "body"),
}
"""Each folder of `content/`: the record that a file in it makes, and the field of its text."""

SINGLE = ("workshop.yaml", "schedule.yaml", "about.md")

_UNKNOWN_YET = ("", "tba", "tbd", "tbc", "~", "null")
_SHOWN = 30


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
def invalid_id(span: Span, stem: str) -> Diagnostic:
    """A file's name that cannot be an address on the web.

    The name without its ending is the id: it becomes the page's address, and other files say it.

    Wrong: `content/speakers/André de Almeida.md`
    Right: `content/speakers/andre-de-almeida.md`
    """
    return Diagnostic(
        message=f"“{stem}” cannot be an id and a file's name on every computer",
        span=span,
        help="rename the file with small letters a–z, digits and hyphens, like andre-de-almeida.md",
    )


@mistake
def undated_news(span: Span, stem: str) -> Diagnostic:
    """The name of a piece of news does not begin with its date.

    Wrong: `content/news/registration-is-open.md`
    Right: `content/news/2024-09-02-registration-is-open.md`
    """
    return Diagnostic(
        message=f"“{stem}” does not begin with a date",
        span=span,
        help="rename the file like 2024-09-02-registration-is-open.md",
    )


@mistake
def stray_file(name: str) -> Diagnostic:
    """A file in `content/` that belongs to nothing: no page would show it.

    Wrong: `content/speaker/ada-lovelace.md`
    Right: `content/speakers/ada-lovelace.md`
    """
    folder, _, _ = name.rpartition("/")
    hint = "slides, pictures and other files to publish belong in content/files/"
    if folder not in FOLDERS:
        hint = did_you_mean(folder or name, [*FOLDERS, "files", *SINGLE])
    return Diagnostic(
        message=f"nothing is made from this file: content/{name}",
        span=Span(file=f"content/{name}", end_column=2),
        help=hint,
    )


MISTAKES = (
    unknown_field,
    missing_field,
    wrong_value,
    weekday_mismatch,
    invalid_id,
    undated_news,
    stray_file,
)


def nearest(written: str, known: Iterable[str], *, likeness: float) -> list[str]:
    """The known words that are like the one written, the nearest first."""
    from difflib import get_close_matches  # only when something is wrong

    return get_close_matches(written, sorted(known), n=2, cutoff=likeness)


def respelt(written: str, known: Iterable[str]) -> str | None:
    """The one known word that was certainly meant, if there is one."""
    near = nearest(written, known, likeness=0.8)
    return near[0] if len(near) == 1 else None


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """A proposal: the nearest of the known words, or some of them; empty where none is known."""
    words = sorted(known)
    if near := nearest(written, words, likeness=0.6):
        return f"did you mean `{near[0]}`?"
    shown = ", ".join(words[:_SHOWN]) + (", …" if len(words) > _SHOWN else "")
    return shown and f"possible here: {shown}"


class _Wrong(Exception):  # noqa: N818 - never leaves this module
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
        """The record in a mapping; raises _Wrong when a field that it needs is missing or wrong."""
        known = _fields_of(kind)
        values: dict[str, Any] = dict(given)
        spans: dict[str, Span] = {}
        complete = True
        for key, value in node.entries:
            field = known.get(key.text)
            if field is None or field.name in given:
                self.problems.append(unknown_field(key.span, key.text, known.keys() - given.keys()))
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
            except _Wrong:
                complete = complete and not field.required
        for key_name, field in known.items():
            if field.required and field.name not in given and field.name not in spans:
                self.problems.append(missing_field(_start(node.span), key_name, field.example))
                complete = False
        if not complete:
            raise _Wrong
        return kind(span=node.span, spans=spans, **values)

    def wrong(self, node: Node, expected: str, example: str, why: str = "") -> _Wrong:
        """The exception to raise after noting that a node is not what was expected."""
        written = {Items: "a list", Fields: "a group of fields"}.get(type(node), "")
        if isinstance(node, Scalar):
            written = f"“{node.text}”" if node.text else "nothing"
        self.problems.append(wrong_value(node.span, written, expected, example, why))
        return _Wrong()


def _start(span: Span) -> Span:
    return replace(span, end_line=span.line, end_column=span.column + 1)


def _is_unknown_yet(node: Node) -> bool:
    """Whether nothing is said: an empty value, or a `tba`."""
    return isinstance(node, Scalar) and node.plain and node.text.lower() in _UNKNOWN_YET


@cache
def _fields_of(kind: Any) -> Mapping[str, _Field]:
    hints = get_type_hints(kind)
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
            except _Wrong:
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
        start = node.span.column + node.text.index(error.written)
        end = start + len(error.written.split()[0])
        span = replace(node.span, column=start, end_line=node.span.line, end_column=end)
        decoder.problems.append(weekday_mismatch(span, error))
        raise _Wrong from None
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


def decode(documents: Iterable[Document], names: Iterable[str]) -> tuple[Workshop, list[Diagnostic]]:
    """The workshop in the documents, and what is wrong with them; `names` are all files below `content/`."""
    decoder = Decoder()
    parts: dict[str, Any] = {folder: [] for folder in FOLDERS}
    fields: Fields | None = None
    for document in documents:
        folder, _, name = document.file.removeprefix("content/").rpartition("/")
        try:
            if folder in FOLDERS and name.endswith(".md"):
                parts[folder].append(_member(decoder, document, folder, name.removesuffix(".md")))
            elif name == "about.md" and not folder:
                parts["about"] = _with_text(decoder, document, model.About, "body")
            elif name == "schedule.yaml" and not folder:
                parts["schedule"] = decoder.record(model.Schedule, document.fields)
            elif name == "workshop.yaml" and not folder:
                fields = document.fields
        except _Wrong:
            continue
    parts = {key: tuple(part) if isinstance(part, list) else part for key, part in parts.items()}
    parts["files"] = frozenset(name.removeprefix("content/") for name in names)
    decoder.problems.extend(stray_file(name) for name in sorted(parts["files"]) if not _has_a_place(name))
    return _workshop(decoder, fields, parts), decoder.problems


def _workshop(decoder: Decoder, node: Fields | None, parts: Mapping[str, Any]) -> Workshop:
    if node is None:  # not there or not readable, which has been said
        return Workshop(name="", **parts)
    try:
        workshop: Workshop = decoder.record(Workshop, node, **parts)
    except _Wrong:
        return Workshop(name="", **parts)
    return workshop


def _with_text(decoder: Decoder, document: Document, kind: type[Record], field: str, **given: Any) -> Record:
    """The record of a Markdown file, with the text below its front matter in this field; raises _Wrong."""
    text = document.body.text if document.body else ""
    known = {**given, field: None if text.strip().lower() in _UNKNOWN_YET else text}
    record: Record = decoder.record(kind, document.fields, **known)
    return replace(record, spans={**record.spans, field: document.body.span}) if document.body else record


def _member(decoder: Decoder, document: Document, folder: str, stem: str) -> Record:
    """The record of a file in one of the folders; raises _Wrong."""
    kind, body = FOLDERS[folder]
    given: dict[str, Any] = {"id": stem}
    start = Span(file=document.file, end_column=2)
    if kind is model.News:
        try:
            given["date"] = read_date(stem[:10])
        except ValueError:
            decoder.problems.append(undated_news(start, stem))
            raise _Wrong from None
    if not is_id(stem):
        decoder.problems.append(invalid_id(start, stem))
        raise _Wrong
    return _with_text(decoder, document, kind, body, **given)


def is_id(stem: str) -> bool:
    """Whether a file may have this name: an address on the web, and no device of Windows."""
    return bool(ID.fullmatch(stem)) and not _DEVICE.fullmatch(stem)


def _has_a_place(name: str) -> bool:
    """Whether something is made from a file of this name below `content/`."""
    folder, _, base = name.rpartition("/")
    return f"{folder}/".startswith("files/") or (base.endswith(".md") and folder in FOLDERS) or name in SINGLE
