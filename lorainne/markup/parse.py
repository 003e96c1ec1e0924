"""Markdown with maths → a `Text`, with the place of everything that is wrong."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from lorainne.diagnostics import Diagnostic, Span
from lorainne.markup import dialect, lint, mistakes
from lorainne.markup.analysis import analyse
from lorainne.markup.text import Text

_LINE_END = re.compile(r"\r\n?")


def parse(written: str) -> Text:
    """Return the text of many blocks."""
    written = _normalised(written)
    if problem := lint.excess(written):
        return _verbatim(written, problem)
    environment: dict[str, Any] = {}
    tokens = dialect.parser().parse(written, environment)
    if dialect.nests_too_deep(tokens):
        reason = "lists or quotations stand too deep inside each other"
        return _verbatim(written, mistakes.text_too_complex(Span(file=""), reason))
    return analyse(written, tokens, environment)


def parse_line(written: str) -> Text:
    """Return the text of one line, such as a title: emphasis, code, maths and links, but no blocks."""
    written = _normalised(written)
    if problem := lint.excess(written):
        return _verbatim(written, problem)
    return analyse(written, dialect.parser().parseInline(written, {}), {})


def located(problem: Diagnostic, origin: Span) -> Diagnostic:
    """Return the diagnostic with its relative spans moved to a file; `origin` is where the text begins."""
    related = tuple(replace(other, span=moved(other.span, origin)) for other in problem.related)
    return replace(problem, span=moved(problem.span, origin), related=related)


def moved(span: Span, origin: Span) -> Span:
    """Return a span that is relative to a text as a span of its file; `origin` is where the text begins."""
    shift = origin.column - 1  # only the text's first line has something else before it
    return Span(
        file=origin.file,
        line=span.line + origin.line - 1,
        column=span.column + (shift if span.line == 1 else 0),
        end_line=span.end_line + origin.line - 1,
        end_column=span.end_column + (shift if span.end_line == 1 else 0),
    )


def _normalised(written: str) -> str:
    """Return the text as the parser sees it; lines and columns stay what they are."""
    return _LINE_END.sub("\n", written).replace("\0", "\ufffd")


def _verbatim(written: str, problem: Diagnostic) -> Text:
    return Text(tokens=[dialect.verbatim(written)], problems=(problem,))
