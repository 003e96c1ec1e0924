"""Documents → the workshop: which file of `content/` becomes what, under which id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from lorainne.content import model, records
from lorainne.content.collections import BY_FOLDER
from lorainne.content.files import File
from lorainne.content.front_matter import is_unknown_yet
from lorainne.content.memo import NO_MEMO, Memo
from lorainne.content.model import Record, Workshop
from lorainne.content.records import RecordReader, UnusableError
from lorainne.content.text import did_you_mean, is_id
from lorainne.content.values import read_date
from lorainne.content.yaml_tree import Document, Fields
from lorainne.diagnostics import Diagnostic, Span, mistake

RELEASES = "releases"
"""The folder of what was announced, in YAML."""

SINGLE_FILES = ("workshop.yaml", "schedule.yaml", "about.md")


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
    if folder not in BY_FOLDER:
        hint = did_you_mean(folder or name, [*BY_FOLDER, RELEASES, "files", *SINGLE_FILES])
    if folder == RELEASES:
        hint = "releases are files in YAML, which `lorainne release` writes"
    return Diagnostic(
        message=f"nothing is made from this file: content/{name}",
        span=Span(file=f"content/{name}", end_column=2),
        help=hint,
    )


MISTAKES = (*records.MISTAKES, invalid_id, undated_news, stray_file)


def decode(
    documents: Iterable[Document], files: Mapping[str, File], memo: Memo = NO_MEMO
) -> tuple[Workshop, list[Diagnostic]]:
    """Return the workshop in the documents, and all that is wrong; `files` are those below `content/`."""
    problems: list[Diagnostic] = []
    parts: dict[str, list[Record]] = {name: [] for name in (*BY_FOLDER, RELEASES, "schedule", "about")}
    head: Fields | None = None
    for document in documents:
        problems += document.problems
        name = document.file.removeprefix("content/")
        if name == "workshop.yaml":
            head = document.fields
        elif document.fields is None:
            continue
        elif (part := _part_of(name)) and part != "files":
            make = partial(_decode_file, part, document, document.fields)
            found, more = memo.get_or_make(f"records {name}", document, make)
            parts[part] += found
            problems += more
    parts[RELEASES].sort(key=lambda release: (release.number, release.id))  # type: ignore[attr-defined]  # all are releases
    below = {name.removeprefix("content/"): file for name, file in files.items()}
    problems += [stray_file(name) for name in sorted(below) if not _part_of(name)]
    given: dict[str, Any] = {key: tuple(part) for key, part in parts.items()}
    given |= {key: next(iter(parts[key]), None) for key in ("schedule", "about")}
    workshop, more = _workshop(head, {**given, "files": below})
    return workshop, problems + more


def _part_of(name: str) -> str:
    """Return the part of the workshop that a file below `content/` belongs to; empty where it has none."""
    folder, _, base = name.rpartition("/")
    if folder == RELEASES:
        return RELEASES if base.endswith(".yaml") else ""
    if f"{folder}/".startswith("files/"):
        return "files"
    if folder in BY_FOLDER:
        return folder if base.endswith(".md") else ""
    return base.partition(".")[0] if name in SINGLE_FILES else ""


def _workshop(node: Fields | None, parts: dict[str, Any]) -> tuple[Workshop, list[Diagnostic]]:
    """Return the workshop; without a name where its file is missing or wrong, which is reported."""
    reader = RecordReader()
    if node is not None:
        try:
            workshop: Workshop = reader.record(Workshop, node, **parts)
        except UnusableError:
            return Workshop(name="", **parts), reader.problems
        return workshop, reader.problems
    return Workshop(name="", **parts), []


def _decode_file(part: str, document: Document, fields: Fields) -> tuple[list[Record], list[Diagnostic]]:
    """Return the record of a file, if there is one, and what is wrong."""
    reader = RecordReader()
    stem = document.file.rpartition("/")[2].rpartition(".")[0]
    try:
        match part:
            case "schedule":
                record = reader.record(model.Schedule, fields)
            case "about":
                record = _with_text(reader, document, fields, model.About, "body")
            case "releases":
                _require_id(reader, document, stem)
                record = reader.record(model.Release, fields, id=stem)
            case _:
                record = _member(reader, document, fields, part, stem)
    except UnusableError:
        return [], reader.problems
    return [record], reader.problems


def _member(reader: RecordReader, document: Document, fields: Fields, folder: str, stem: str) -> Record:
    """Return the record of a file in the folder of a collection; raise UnusableError."""
    collection = BY_FOLDER[folder]
    given: dict[str, Any] = {"id": stem}
    if collection.record is model.News:
        try:
            given["date"] = read_date(stem[:10])
        except ValueError:
            reader.problems.append(undated_news(Span(file=document.file, end_column=2), stem))
            raise UnusableError from None
    _require_id(reader, document, stem)
    return _with_text(reader, document, fields, collection.record, collection.body, **given)


def _with_text(
    reader: RecordReader, document: Document, fields: Fields, record: type[Record], body: str, **given: Any
) -> Record:
    """Return the record of a Markdown file, its text in the field `body`; raise UnusableError."""
    text = document.body.text if document.body else ""
    is_unknown = is_unknown_yet(text)
    given[body] = None if is_unknown else text
    spans = {}
    if document.body:
        span = document.body.span
        if is_unknown and text.strip():  # the words that say so
            line = span.line + text[: len(text) - len(text.lstrip())].count("\n")
            span = Span(file=span.file, line=line, end_line=line, end_column=len(text.strip()) + 1)
        spans = {body: span}
    made: Record = reader.record(record, fields, spans=spans, **given)
    return made


def _require_id(reader: RecordReader, document: Document, stem: str) -> None:
    """Note, and raise UnusableError, where a file's name cannot be an id."""
    if not is_id(stem):
        reader.problems.append(invalid_id(Span(file=document.file, end_column=2), stem))
        raise UnusableError
