"""The content lines of iCalendar (RFC 5545): escaping and folding."""

from __future__ import annotations

import re

FOLD = "\r\n "
"""Stands between two pieces of a content line (3.1)."""

_MOST = 75
"""Octets of a piece, its leading space included."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def escaped(text: str) -> str:
    """A TEXT value (3.3.11); control characters other than line ends have no place in one."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\\", "\\\\"))
    return text.replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str, *, begins: bool = True) -> str:
    """A content line in pieces of at most 75 octets, no character cut in two (3.1).

    Of a line that does not begin here, but with a piece before this one, the first has 74.
    """
    cut = _MOST if begins else _MOST - 1
    if line.isascii():
        return FOLD.join(
            [line[:cut], *(line[at : at + _MOST - 1] for at in range(cut, len(line), _MOST - 1))]
        )
    pieces: list[bytes] = []
    data = line.encode()
    while len(data) > cut:
        while data[cut] & 0xC0 == 0x80:  # in the middle of a character
            cut -= 1
        pieces.append(data[:cut])
        data, cut = data[cut:], _MOST - 1
    return FOLD.encode().join([*pieces, data]).decode()
