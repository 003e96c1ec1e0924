"""What goes into an importer and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lorainne.content.text import INVISIBLE, span_after, visible
from lorainne.diagnostics import Diagnostic, DiagnosticError, Span
from lorainne.importers.mistakes import source_character, source_encoding, source_unreadable

MAX_SOURCE = 20_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A file to import: its name as it was given, and its bytes."""

    name: str
    content: bytes


def _no_neighbour(_name: str) -> bytes | None:
    return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What is asked of an importer."""

    sources: tuple[Source, ...]
    known_ids: Mapping[str, str] = field(default_factory=dict)
    """The ids that an earlier import gave, by what they stand for in the source."""
    timezone: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    """For a spreadsheet: columns and the fields that they mean."""
    neighbour: Callable[[str], bytes | None] = _no_neighbour
    """The content of a file beside the source, such as a photo that a page shows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """What an importer made: content files by their path below `content/`, and what it has to say."""

    files: Mapping[str, str] = field(default_factory=dict)
    copies: Mapping[str, bytes] = field(default_factory=dict)
    """Pictures and slides for `content/files/`."""
    if_missing: Mapping[str, str] = field(default_factory=dict)
    """Files that are written only where there are none, such as a first `workshop.yaml`."""
    ids: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Diagnostic, ...] = ()
    notes: tuple[str, ...] = ()
    """What a person should know who reviews the result: what was inferred, what found no place of its own."""


def read_source(source: Source) -> tuple[str, list[Diagnostic]]:
    """The text of a source, and what was odd about it; raises DiagnosticError."""
    if len(source.content) > MAX_SOURCE:
        what = f"this file has {len(source.content):,} bytes; at most {MAX_SOURCE:,} can be imported"
        repair = "export what is needed only, or split it"
        raise DiagnosticError(source_unreadable(Span(file=source.name), what, repair))
    problems: list[Diagnostic] = []
    text = _decoded(source, problems).replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    if bad := INVISIBLE.search(text):
        problems.append(source_character(span_after(source.name, text[: bad.start()]), bad.group()))
        text = visible(text)
    return text, problems


def _decoded(source: Source, problems: list[Diagnostic]) -> str:
    if source.content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return source.content.decode("utf-16", errors="replace")
    try:
        return source.content.decode("utf-8")
    except UnicodeDecodeError as error:
        at = span_after(source.name, source.content[: error.start].decode("latin-1"))
        problems.append(source_encoding(at, "Windows-1252 (Western European)"))
        return source.content.decode("cp1252", errors="replace")
