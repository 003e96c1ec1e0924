"""Documents → the workshop: which file of `content/` makes what, under which id."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from lorainne import fields, model
from lorainne.diagnostics import Diagnostic, Span, mistake
from lorainne.fields import ID, Decoder, UnusableError
from lorainne.front_matter import is_unknown_yet
from lorainne.memory import NO_MEMORY, Memory
from lorainne.model import Record, Workshop
from lorainne.nodes import Document, Fields
from lorainne.spelling import did_you_mean
from lorainne.values import read_date

FOLDERS: Mapping[str, tuple[type[Record], str]] = {
    "speakers": (model.Speaker, "biography"),
    "talks": (model.Talk, "abstract"),
    "posters": (model.Poster, "abstract"),
    "papers": (model.Paper, "abstract"),
    "news": (model.News, "body"),
    "pages": (model.Page, "body"),
}
"""Each folder of `content/`: the record that a file in it makes, and the field of its text."""

RELEASES = "releases"
"""The folder of what was told to readers, in YAML."""

SINGLE = ("workshop.yaml", "schedule.yaml", "about.md")

_DEVICE = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9]")  # never names of files on Windows


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
        hint = did_you_mean(folder or name, [*FOLDERS, RELEASES, "files", *SINGLE])
    if folder == RELEASES:
        hint = "releases are files in YAML, which `lorainne release` writes"
    return Diagnostic(
        message=f"nothing is made from this file: content/{name}",
        span=Span(file=f"content/{name}", end_column=2),
        help=hint,
    )


MISTAKES = (*fields.MISTAKES, invalid_id, undated_news, stray_file)


def decode(
    documents: Iterable[Document], names: Iterable[str], memory: Memory = NO_MEMORY
) -> tuple[Workshop, list[Diagnostic]]:
    """The workshop in the documents, and what is wrong with them; `names` are all files below `content/`."""
    decoder = Decoder()
    parts: dict[str, Any] = {name: [] for name in (*FOLDERS, RELEASES, "schedule")}
    fronts: dict[str, str] = {}
    written: Fields | None = None
    for document in documents:
        folder, _, name = document.file.removeprefix("content/").rpartition("/")
        try:
            if (folder in FOLDERS and name.endswith(".md")) or (name == "schedule.yaml" and not folder):
                make = partial(_judged, document)
                records, found = memory.recall(f"record {document.file}", document, make)
                parts[folder or "schedule"] += records
                fronts[document.file] = document.front
                decoder.problems += found
            elif folder == RELEASES and name.endswith(".yaml"):
                parts[RELEASES].append(_release(decoder, document, name.removesuffix(".yaml")))
            elif name == "about.md" and not folder:
                parts["about"] = _with_text(decoder, document, model.About, "body")
            elif name == "workshop.yaml" and not folder:
                written = document.fields
        except UnusableError:
            continue
    parts[RELEASES].sort(key=lambda release: (release.number, release.id))
    parts["schedule"] = next(iter(parts["schedule"]), None)
    parts = {key: tuple(part) if isinstance(part, list) else part for key, part in parts.items()}
    parts["fronts"] = fronts
    parts["files"] = frozenset(name.removeprefix("content/") for name in names)
    decoder.problems.extend(stray_file(name) for name in sorted(parts["files"]) if not _has_a_place(name))
    return _workshop(decoder, written, parts), decoder.problems


def _workshop(decoder: Decoder, node: Fields | None, parts: Mapping[str, Any]) -> Workshop:
    if node is None:  # not there or not readable, which has been said
        return Workshop(name="", **parts)
    try:
        workshop: Workshop = decoder.record(Workshop, node, **parts)
    except UnusableError:
        return Workshop(name="", **parts)
    return workshop


def _with_text(decoder: Decoder, document: Document, kind: type[Record], field: str, **given: Any) -> Record:
    """The record of a Markdown file, the text below its front matter in this field; raises UnusableError."""
    text = document.body.text if document.body else ""
    is_unknown = is_unknown_yet(text)
    known = {**given, field: None if is_unknown else text}
    if document.body:
        span = document.body.span
        if is_unknown and text.strip():  # the words that say so
            line = span.line + text[: len(text) - len(text.lstrip())].count("\n")
            span = Span(file=span.file, line=line, end_line=line, end_column=len(text.strip()) + 1)
        known["spans"] = {field: span}
    record: Record = decoder.record(kind, document.fields, **known)
    return record


def _judged(document: Document) -> tuple[list[Record], list[Diagnostic]]:
    """The record of a file in one of the folders, or of the schedule, if there is one, and what is wrong."""
    decoder = Decoder()
    folder, _, name = document.file.removeprefix("content/").rpartition("/")
    try:
        if folder:
            return [_member(decoder, document, folder, name.removesuffix(".md"))], decoder.problems
        return [decoder.record(model.Schedule, document.fields)], decoder.problems
    except UnusableError:
        return [], decoder.problems


def _member(decoder: Decoder, document: Document, folder: str, stem: str) -> Record:
    """The record of a file in one of the folders; raises UnusableError."""
    kind, body = FOLDERS[folder]
    given: dict[str, Any] = {"id": stem}
    if kind is model.News:
        try:
            given["date"] = read_date(stem[:10])
        except ValueError:
            decoder.problems.append(undated_news(Span(file=document.file, end_column=2), stem))
            raise UnusableError from None
    _require_id(decoder, document, stem)
    return _with_text(decoder, document, kind, body, **given)


def _release(decoder: Decoder, document: Document, stem: str) -> model.Release:
    """The record of a release's file; raises UnusableError."""
    _require_id(decoder, document, stem)
    release: model.Release = decoder.record(model.Release, document.fields, id=stem)
    return release


def _require_id(decoder: Decoder, document: Document, stem: str) -> None:
    """Note, and raise UnusableError, where a file's name cannot be an id."""
    if not is_id(stem):
        decoder.problems.append(invalid_id(Span(file=document.file, end_column=2), stem))
        raise UnusableError


def is_id(stem: str) -> bool:
    """Whether a file may have this name: an address on the web, and no device of Windows."""
    return bool(ID.fullmatch(stem)) and not _DEVICE.fullmatch(stem)


def _has_a_place(name: str) -> bool:
    """Whether something is made from a file of this name below `content/`."""
    folder, _, base = name.rpartition("/")
    if folder == RELEASES:
        return base.endswith(".yaml")
    return f"{folder}/".startswith("files/") or (base.endswith(".md") and folder in FOLDERS) or name in SINGLE
