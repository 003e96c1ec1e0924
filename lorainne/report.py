"""Diagnostics → text with the line and a caret. Only here do messages get a layout."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable

from lorainne.diagnostics import Diagnostic, Severity, Span

Lines = Callable[[str], list[str]]
"""The lines of a file by its name; none where it cannot be read."""

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
