"""A file's bytes → the text that they are: UTF-8, and nothing in it that nobody can see."""

from __future__ import annotations

import re

from lorainne.diagnostics import Diagnostic, Span, mistake
from lorainne.scan import MAX_BYTES, File, UnreadableError, file_too_large

FORBIDDEN = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff"
"""Control characters but tab and line ends, marks that turn the direction of writing, and non-characters."""

_FORBIDDEN = re.compile(f"[{FORBIDDEN}]")


@mistake
def not_utf8(span: Span, byte: int) -> Diagnostic:
    """A file is not encoded in UTF-8.

    Only UTF-8 writes every name of every language in the same way on every computer.

    Wrong: a file saved as “Latin-1”, “ANSI” or “Unicode (UTF-16)”.
    Right: the same file saved as “UTF-8”.
    """
    return Diagnostic(
        message=f"this file is not UTF-8: byte 0x{byte:02x} here cannot be read",
        span=span,
        help="in your editor choose “Save with encoding… UTF-8”",
    )


@mistake
def forbidden_character(span: Span, character: str) -> Diagnostic:
    """A character that nobody can see, and that changes how the text is shown or read.

    Control characters come with copying from a PDF; the marks that turn the direction of writing can make a
    line read as something else than it says.

    Wrong: a title copied from a PDF, with a form feed in it.
    Right: the same title, typed.
    """
    return Diagnostic(
        message=f"the invisible character U+{ord(character):04X} is not allowed here",
        span=span,
        help="delete it: it stands just before the next visible character",
    )


MISTAKES = (not_utf8, forbidden_character)


def read_text(name: str, file: File) -> str:
    """A file's text with `\\n` at the ends of lines; raises UnreadableError unless it is clean UTF-8."""
    if file.size > MAX_BYTES:
        raise UnreadableError(file_too_large(Span(file=name), file.size))
    data = file.read().removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableError(
            not_utf8(place(name, data[: error.start].decode("latin-1")), data[error.start])
        ) from None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if bad := _FORBIDDEN.search(text):
        raise UnreadableError(forbidden_character(place(name, text[: bad.start()]), bad.group()))
    return text


def place(name: str, before: str) -> Span:
    """The span of the character that follows the text `before`."""
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return Span(file=name, line=line, column=column, end_line=line, end_column=column + 1)
