"""Front matter: the fields at the top of a Markdown file, between two lines of three hyphens."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lorainne.diagnostics import Diagnostic, DiagnosticError, Span, mistake

_FENCE = re.compile(r"---[ \t]*(?:\n|\Z)")

UNKNOWN_YET = ("", "tba", "tbd", "tbc", "~", "null", "to be announced", "to be confirmed")
"""What is written, in small letters, where something is not known yet."""


def is_unknown_yet(body: str) -> bool:
    """Whether a body says no more than that it is still to come."""
    return body.strip().rstrip(".").lower() in UNKNOWN_YET


@mistake
def front_matter_missing(span: Span) -> Diagnostic:
    """A Markdown file of content does not begin with its front matter.

    The lines between the two `---` tell what the text below belongs to.

    Wrong: a speaker's file that begins with the biography.
    Right: `---`, then `name: Ada Lovelace`, then `---`, then the biography.
    """
    return Diagnostic(
        message="this file does not begin with `---`",
        span=span,
        help="begin it with a line `---`, then the fields (such as `name: Ada Lovelace`), then a line `---`",
    )


@mistake
def front_matter_open(span: Span) -> Diagnostic:
    """The front matter begins with `---`, but no second `---` ends it.

    Wrong: `---`, `name: Ada Lovelace`, and then at once the biography.
    Right: `---`, `name: Ada Lovelace`, `---`, and then the biography.
    """
    return Diagnostic(
        message="this `---` opens the front matter, and no second one closes it",
        span=span,
        help="write a line `---` between the fields and the text",
    )


MISTAKES = (front_matter_missing, front_matter_open)


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """A Markdown file in two parts: its front matter as YAML, and the text below it."""

    front: str
    body: str
    body_line: int
    """The line of the file on which the body begins, from 1."""


def split(name: str, text: str) -> Parts:
    """Return the two parts of a Markdown file; raise DiagnosticError where the front matter is incomplete."""
    first = Span(file=name, end_column=4)
    if not _FENCE.match(text):
        if name == "content/about.md":  # the home page's text needs no fields
            return Parts(front="", body=text, body_line=1)
        raise DiagnosticError(front_matter_missing(first))
    lines = text.split("\n")
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == "---":
            front, body = "\n".join(lines[1:number]), "\n".join(lines[number + 1 :])
            return Parts(front=front, body=body, body_line=number + 2)
    raise DiagnosticError(front_matter_open(first))
