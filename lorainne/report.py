"""Diagnostics → text with the line and a caret, JSON, GitHub annotations, SARIF: the layout of messages."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import quote

from lorainne import __version__
from lorainne.diagnostics import Diagnostic, Severity, Span

Lines = Callable[[str], list[str]]
"""The lines of a file by its name; none where it cannot be read."""

SARIF = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_WIDTH = 120


def as_text(diagnostics: Iterable[Diagnostic], lines: Lines, *, colour: bool = False) -> str:
    """One paragraph for each diagnostic: place, what, the line with a caret under it, help."""
    return "\n".join(_paragraph(diagnostic, lines, colour) for diagnostic in diagnostics)


def _paragraph(diagnostic: Diagnostic, lines: Lines, colour: bool) -> str:
    paint = _paint if colour else _plain
    tone = "31;1" if diagnostic.severity is Severity.ERROR else "33;1"
    head = f"{diagnostic.severity}[{diagnostic.code}]"
    text = f"{place(diagnostic.span)}: {paint(head, tone)}: {paint(diagnostic.message, '1')}\n"
    text += _excerpt(diagnostic.span, lines, lambda caret: paint(caret, tone))
    for related in diagnostic.related:
        text += f"  {place(related.span)}: {related.message}\n"
        text += _excerpt(related.span, lines, lambda caret: paint(caret, "36"))
    if diagnostic.help:
        text += f"  {paint('help', '36;1')}: {diagnostic.help}\n"
    return text


def place(span: Span) -> str:
    """`file:line:column`, as editors and terminals understand it."""
    return f"{span.file}:{span.line}:{span.column}"


def _excerpt(span: Span, lines: Lines, paint: Callable[[str], str]) -> str:
    """The line of the span with a caret under its columns; long lines are shortened around it."""
    source = lines(span.file)
    if not 1 <= span.line <= len(source):
        return ""
    line = source[span.line - 1].replace("\t", " ")
    start = min(span.column - 1, len(line))
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    cut = max(0, start - _WIDTH // 2)
    shown, start, end = line[cut : cut + _WIDTH], start - cut, min(max(end, start + 1) - cut, _WIDTH)
    margin = f"  {span.line} | "
    caret = " " * _columns(shown[:start]) + paint("^" * max(1, _columns(shown[start:end])))
    return f"{margin}{shown}\n{' ' * (len(margin) - 2)}| {caret}\n"


def _columns(text: str) -> int:
    """How many columns of a terminal a text fills: wide characters two, combining ones none."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def _paint(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m"


def _plain(text: str, _code: str) -> str:
    return text


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """`2 errors and 1 warning`, or an empty text when there is nothing to tell."""
    found = list(diagnostics)
    errors = sum(d.severity is Severity.ERROR for d in found)
    counts = ((errors, "error"), (len(found) - errors, "warning"))
    return " and ".join(f"{n} {name}{'s' * (n != 1)}" for n, name in counts if n)


def as_json(diagnostics: Iterable[Diagnostic]) -> str:
    """One JSON object: `version`, `diagnostics`, and the numbers of errors and warnings."""
    found = list(diagnostics)
    errors = sum(d.severity is Severity.ERROR for d in found)
    result = {
        "version": 1,
        "errors": errors,
        "warnings": len(found) - errors,
        "diagnostics": [
            {
                "code": d.code,
                "severity": str(d.severity),
                "message": d.message,
                "help": d.help,
                "fix": d.fix,
                **_position(d.span),
                "related": [{"message": r.message, **_position(r.span)} for r in d.related],
            }
            for d in found
        ],
    }
    return json.dumps(result, ensure_ascii=False, indent=2)


def _position(span: Span) -> dict[str, str | int]:
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def as_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Workflow commands of GitHub Actions: a mark on the line in the pull request for each diagnostic."""
    return "\n".join(_annotation(diagnostic) for diagnostic in diagnostics)


def _annotation(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    end = {"endColumn": span.end_column - 1} if span.end_line == span.line else {}
    fields = {
        "file": span.file,
        "line": span.line,
        "endLine": span.end_line,
        "col": span.column,
        **end,  # GitHub counts the last column in, and takes columns on one line only
        "title": diagnostic.code,
    }
    properties = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in fields.items())
    text = f"{diagnostic.message}\n{diagnostic.help}".strip()
    return f"::{diagnostic.severity} {properties}::{_escaped(text)}"


def _escaped(text: str, more: str = "") -> str:
    """Text with the characters escaped that would end a workflow command, or a property of it."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    for character in more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def as_sarif(diagnostics: Iterable[Diagnostic]) -> str:
    """A log in the Static Analysis Results Interchange Format (SARIF 2.1.0, OASIS)."""
    found = list(diagnostics)
    run = {
        "tool": {
            "driver": {
                "name": "lorainne",
                "version": __version__,
                "rules": [{"id": code} for code in sorted({d.code for d in found})],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(d) for d in found],
    }
    return json.dumps({"$schema": SARIF, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _result(diagnostic: Diagnostic) -> dict[str, object]:
    related = [{**_location(r.span), "message": {"text": r.message}} for r in diagnostic.related]
    text = f"{diagnostic.message}. {diagnostic.help}".strip()
    return {
        "ruleId": diagnostic.code,
        "level": str(diagnostic.severity),
        "message": {"text": text},
        "locations": [_location(diagnostic.span)],
        **({"relatedLocations": related} if related else {}),
    }


def _location(span: Span) -> dict[str, object]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(span.file)},
            "region": {
                "startLine": span.line,
                "startColumn": span.column,
                "endLine": span.end_line,
                "endColumn": span.end_column,
            },
        }
    }


FOR_PROGRAMS: Mapping[str, Callable[[Iterable[Diagnostic]], str]] = {
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
}
"""The formats that other programs read, by the name that the command line gives them."""
