"""What a text has become: data for every output, whatever it was written in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from lorainne.diagnostics import Diagnostic, Span

IMAGE = "<img "
"""What stands before the target of an image; nothing else in a text's HTML ends like this."""

APART = "\0"
"""Stands between two pieces; the parser lets no text hold it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A link or image with its target exactly as the author wrote it; the span is relative to the text."""

    target: str
    span: Span
    image: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Fragment:
    """One text for every output: HTML that still needs its addresses, readable text, and what was found."""

    packed: bytes  # the pieces in UTF-8, which is half as large where there is a formula
    plain: str
    has_maths: bool = False
    links: tuple[Link, ...] = ()
    anchors: tuple[str, ...] = ()  # ids of headings and footnotes, with their prefix
    problems: tuple[Diagnostic, ...] = ()  # spans relative to the text

    @property
    def pieces(self) -> list[str]:
        """HTML at even indexes, link targets at odd ones."""
        return self.packed.decode().split(APART)

    def html(self, href: Callable[[str], str], picture: Callable[[str], str] | None = None) -> str:
        """The HTML, in which each target has become the address that `href` gives for it.

        What `picture` gives for the target of an image are attributes, as HTML: its source, its size.
        """
        out = self.pieces
        for place in range(1, len(out), 2):
            target = out[place]
            if not out[place - 1].endswith(IMAGE):
                out[place] = escape(href(target))
            else:
                out[place] = picture(target) if picture else f'src="{escape(href(target))}"'
        return "".join(out)


def heading_id(text: str) -> str:
    """The anchor of a heading: lower case, letters of every script, hyphens for spaces."""
    text = unicodedata.normalize("NFC", text).strip().lower()
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", text)) or "section"
