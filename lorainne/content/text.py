"""Text as it is written in files and compared in memory: decoding, folding, ids, did you mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from lorainne.content.files import MAX_BYTES, File, file_too_large
from lorainne.diagnostics import Diagnostic, DiagnosticError, Span, mistake

FORBIDDEN = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff"
"""Control characters but tab and line ends, marks that turn the direction of writing, and non-characters."""

ID = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
"""The form of an id: the stem of a file's name, and a part of its page's address."""

_FORBIDDEN = re.compile(f"[{FORBIDDEN}]")
INVISIBLE = re.compile(rf"[{FORBIDDEN}\ufeff\ud800-\udfff]")
"""What content may not hold, also when a source writes it as `\\u001b` or `&#x202e;`."""

_DEVICE = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9]")  # never names of files on Windows
_MAX_SHOWN = 30


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
    """Return a file's text, its lines ended by `\\n`; raise DiagnosticError unless it is clean UTF-8."""
    if file.size > MAX_BYTES:
        raise DiagnosticError(file_too_large(Span(file=name), file.size))
    data = file.read().removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        span = span_after(name, data[: error.start].decode("latin-1"))
        raise DiagnosticError(not_utf8(span, data[error.start])) from None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if bad := _FORBIDDEN.search(text):
        raise DiagnosticError(forbidden_character(span_after(name, text[: bad.start()]), bad.group()))
    return text


def span_after(name: str, before: str) -> Span:
    """Return the span of the character that follows the text `before` in a file."""
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return Span(file=name, line=line, column=column, end_line=line, end_column=column + 1)


def visible(text: str) -> str:
    """Return the text without the characters that content may not have, however they were written."""
    return INVISIBLE.sub("", text)


def fold(text: str) -> str:
    """Return the text in lower case, without accents and with single spaces: for comparing and sorting."""
    if not text.isascii():
        letters = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
        text = unicodedata.normalize("NFC", "".join(letters))
    return " ".join(text.casefold().split())


def slug(text: str) -> str:
    """Return a name as part of a path: `Salle 206 (bât. A)` → `salle-206-bat-a`; other scripts stay."""
    return re.sub(r"[\W_]+", "-", fold(text)).strip("-")


def is_id(stem: str) -> bool:
    """Return whether a file may have this stem: an address on the web, and no device of Windows."""
    return bool(ID.fullmatch(stem)) and not _DEVICE.fullmatch(stem)


def is_web(target: str) -> bool:
    """Return whether a target that content names is an address on the web, not a file of the site."""
    return "://" in target


def nearest(written: str, known: Iterable[str], *, min_similarity: float) -> list[str]:
    """The known words that are like the one written, the nearest first."""
    from difflib import get_close_matches  # only when something is wrong

    return get_close_matches(written, sorted(known), n=2, cutoff=min_similarity)


def respelt(written: str, known: Iterable[str]) -> str | None:
    """The one known word that was certainly meant, if there is one."""
    near = nearest(written, known, min_similarity=0.8)
    return near[0] if len(near) == 1 else None


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """A proposal: the nearest of the known words, or some of them; empty where none is known."""
    words = sorted(known)
    if near := nearest(written, words, min_similarity=0.6):
        return f"did you mean `{near[0]}`?"
    shown = ", ".join(words[:_MAX_SHOWN]) + (", …" if len(words) > _MAX_SHOWN else "")
    return shown and f"possible here: {shown}"
