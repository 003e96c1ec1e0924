"""Terms that no line breaks at their hyphen: it ties a figure, a letter or a formula (ParaTuck-2, n-way)."""

from __future__ import annotations

import re

_WORD = r"[^\W_]{1,16}"
_TERM = re.compile(rf"(?<![\w-])(?:{_WORD}-[0-9]{{1,4}}|[0-9]{{1,4}}-{_WORD}|[^\W\d_]-{_WORD})(?![\w-])")
_BEFORE = re.compile(rf"(?<![\w-]){_WORD}-\Z")
_AFTER = re.compile(rf"-{_WORD}(?![\w-])")
_UNBROKEN = '<span class="term">{}</span>'


def unbroken(html: str) -> str:
    """A text, as HTML without tags, in which each such term is one piece; its letters stay as they are."""
    return _TERM.sub(lambda found: _UNBROKEN.format(found[0]), html) if "-" in html else html


def join_formulas(pieces: list[str]) -> None:
    """Join the formulas of a passage, which are pieces of its HTML, with what hyphens tie to them."""
    for number, piece in enumerate(pieces):
        if not piece.startswith("<math"):
            continue
        before = _BEFORE.search(pieces[number - 1]) if number > 0 else None
        after = _AFTER.match(pieces[number + 1]) if number + 1 < len(pieces) else None
        if before:
            pieces[number - 1] = pieces[number - 1][: before.start()]
        if after:
            pieces[number + 1] = pieces[number + 1][after.end() :]
        if before or after:
            joined = f"{before[0] if before else ''}{piece}{after[0] if after else ''}"
            pieces[number] = _UNBROKEN.format(joined)
