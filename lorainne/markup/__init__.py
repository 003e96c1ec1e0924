"""Markdown with maths → tokens; tokens → HTML and plain text."""

from lorainne.markup.html import to_html
from lorainne.markup.mistakes import MISTAKES
from lorainne.markup.parse import located, moved, parse, parse_line
from lorainne.markup.plain import to_plain
from lorainne.markup.text import Link, Text, heading_id
from lorainne.markup.texts import Texts

__all__ = [
    "MISTAKES",
    "Link",
    "Text",
    "Texts",
    "heading_id",
    "located",
    "moved",
    "parse",
    "parse_line",
    "to_html",
    "to_plain",
]
