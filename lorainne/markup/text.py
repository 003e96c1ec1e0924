"""A parsed text: tokens for the renderers, and what was found in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lorainne.diagnostics import Diagnostic, Span
from lorainne.markup.dialect import Token

RESERVED_IDS = frozenset({"main-content"})
"""The ids that every page has."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A link or image with its target exactly as the author wrote it; the span is relative to the text."""

    target: str
    span: Span
    image: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """One text for every output. `html` and `plain` render its tokens; all spans are relative to the text."""

    tokens: Sequence[Token]
    links: tuple[Link, ...] = ()
    anchors: tuple[str, ...] = ()
    """The ids of headings and footnotes, in order."""
    problems: tuple[Diagnostic, ...] = ()


class Anchors:
    """The ids that one rendering of a text gives out, all different, each with the same prefix."""

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix
        self._repetitions: dict[str, int] = {}

    def add(self, name: str) -> str:
        """Return the prefix and the name and, when that id is taken, a number."""
        anchor = wanted = self._prefix + name
        while anchor in self._repetitions or anchor in RESERVED_IDS:
            self._repetitions[wanted] = self._repetitions.get(wanted, 0) + 1
            anchor = f"{wanted}-{self._repetitions[wanted]}"
        self._repetitions[anchor] = 0
        return anchor

    def all(self) -> tuple[str, ...]:
        """Return the ids that were given out, in order."""
        return tuple(self._repetitions)


def heading_id(words: str) -> str:
    """Return the anchor of a heading: lower case, letters of every script, hyphens for spaces."""
    words = unicodedata.normalize("NFC", words).strip().lower()
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", words)) or "section"


def footnote_mark_id(token: Token) -> str:
    """Return the anchor of a footnote's mark; a note can have several marks."""
    number, again = token.meta["id"] + 1, token.meta["subId"]
    return f"fnref-{number}" + (f"-{again + 1}" if again else "")


def plain_inline(tokens: Sequence[Token]) -> str:
    """Return the readable text of the inline tokens of one block."""
    return "".join(map(_plain_token, tokens))


def _plain_token(token: Token) -> str:
    match token.type:
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "math_inline" | "math_inline_double":
            return str(token.meta["formula"].text)
        case "image":
            return description(token.children or ())
        case "footnote_ref":
            return f"[{token.meta['id'] + 1}]"
        case _:
            return token.content


def description(tokens: Sequence[Token]) -> str:
    """Return the words of a link, or of an image's description."""
    return "".join(
        token.meta["formula"].text if token.type.startswith("math") else token.content or " "
        for token in tokens
        if token.nesting == 0
    )


Resolve = Callable[[str], str]
"""Gives the address that a link's target means, or the attributes of an image: its source and its size."""
