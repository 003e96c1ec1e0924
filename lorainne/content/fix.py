"""Certain repairs → the text of a file, touching nothing else in it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lorainne.diagnostics import Diagnostic

_LINE_END = re.compile(r"(\r\n|\r|\n)")


def fixable(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Those whose repair is certain, and stands on one line."""
    return [d for d in diagnostics if d.fix is not None and d.span.line == d.span.end_line]


def fixed(data: bytes, diagnostics: Iterable[Diagnostic]) -> bytes:
    """A file with the repairs of these diagnostics, its marks of byte order and line ends as they were.

    Of two repairs that overlap the first one is applied; the next check finds the other again.
    """
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    parts = _LINE_END.split(data.removeprefix(mark).decode("utf-8"))  # lines at the even places
    applied: set[tuple[int, int]] = set()
    for found in sorted(fixable(diagnostics), key=lambda d: d.span, reverse=True):
        line, start, end = 2 * (found.span.line - 1), found.span.column - 1, found.span.end_column - 1
        if not any((line, column) in applied for column in range(start, end)):
            applied |= {(line, column) for column in range(start, end)}
            parts[line] = parts[line][:start] + (found.fix or "") + parts[line][end:]
    return mark + "".join(parts).encode("utf-8")
