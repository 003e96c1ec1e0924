"""What a text has become: data for every output, whatever it was written in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from lorainne.diagnostics import Diagnostic, Span


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A link or image with its target exactly as the author wrote it; the span is relative to the text."""

    target: str
    span: Span
    image: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Fragment:
    """One text for every output: HTML that still needs its addresses, readable text, and what was found."""

    pieces: tuple[str, ...]  # HTML at even indexes, link targets at odd ones
    plain: str
    has_maths: bool = False
    links: tuple[Link, ...] = ()
    anchors: tuple[str, ...] = ()  # ids of headings and footnotes, with their prefix
    problems: tuple[Diagnostic, ...] = ()  # spans relative to the text

    def html(self, href: Callable[[str], str]) -> str:
        """The HTML, in which each target has become the address that `href` gives for it."""
        out = list(self.pieces)
        out[1::2] = [escape(href(target)) for target in self.pieces[1::2]]
        return "".join(out)


def heading_id(text: str) -> str:
    """The anchor of a heading: lower case, letters of every script, hyphens for spaces."""
    text = unicodedata.normalize("NFC", text).strip().lower()
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", text)) or "section"
