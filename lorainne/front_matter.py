"""Front matter: the fields at the top of a Markdown file, between two lines of three hyphens."""

from __future__ import annotations

import re
from _blake2 import blake2b  # hashlib's, without the ten milliseconds that OpenSSL takes

from lorainne.diagnostics import Diagnostic, Span, mistake
from lorainne.scan import UnreadableError

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


def split(name: str, text: str) -> tuple[str, str, int]:
    """Front matter, body, and the line on which the body begins."""
    first = Span(file=name, end_column=4)
    if not _FENCE.match(text):
        if name == "content/about.md":  # the home page's text needs no fields
            return "", text, 1
        raise UnreadableError(front_matter_missing(first))
    lines = text.split("\n")
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == "---":
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    raise UnreadableError(front_matter_open(first))


def digest(front: str) -> str:
    """A hash over front matter: whether a file has changed only below it."""
    return blake2b(front.encode(), digest_size=16).hexdigest()
