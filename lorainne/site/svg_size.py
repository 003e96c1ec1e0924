"""How large a drawing (SVG) wants to be, so that a page can keep its place before it has arrived."""

from __future__ import annotations

import re
from contextlib import suppress
from xml.parsers import expat

from lorainne.content.files import File
from lorainne.content.uploads import MAX_SVG

_PIXELS = {"": 1.0, "px": 1.0, "pt": 96 / 72, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
"""What the units are in CSS pixels; those that depend on the page say nothing here."""

_LENGTH = re.compile(r"([0-9]{0,9}(?:\.[0-9]{1,9})?)([a-z]*)")
_NUMBERS = re.compile(r"[\s,]+")


class _Read(Exception):  # noqa: N818 - never leaves this module
    """The first element has been read; nothing behind it is looked at."""


def size_of(file: File) -> tuple[float, float] | None:
    """Width and height in CSS pixels, or those of its `viewBox`; none where it has neither."""
    if file.size > MAX_SVG:
        return None
    found: dict[str, str] = {}

    def start(_tag: str, attributes: dict[str, str]) -> None:
        found.update(attributes)
        raise _Read

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with suppress(_Read, expat.ExpatError):
        parser.Parse(file.read(), True)
    return _size(found)


def _size(attributes: dict[str, str]) -> tuple[float, float] | None:
    """The size that the first element's attributes give: both lengths, or the box that is seen."""
    own = _length(attributes.get("width", "")), _length(attributes.get("height", ""))
    box = _NUMBERS.split(attributes.get("viewBox", "").strip())
    seen = (_length(box[2]), _length(box[3])) if len(box) == 4 else (0.0, 0.0)
    return own if all(own) else seen if all(seen) else None


def _length(text: str) -> float:
    """A length in CSS pixels; 0 where it says nothing."""
    read = _LENGTH.fullmatch(text.strip())
    return float(read[1]) * _PIXELS.get(read[2], 0) if read and read[1] else 0.0
