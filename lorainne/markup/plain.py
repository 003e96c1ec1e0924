"""A parsed text → readable text without markup: for calendars, data, descriptions."""

from __future__ import annotations

from collections.abc import Sequence

from lorainne.markup.dialect import Token
from lorainne.markup.text import Text, plain_inline


def to_plain(text: Text) -> str:
    """Return the text in plain words; paragraphs stay apart, lists keep their marks, bars part cells."""
    return _Renderer().render(text.tokens)


class _Renderer:
    """Walks the blocks of one text; used once.

    A block follows the one before it after a blank line, unless both belong to one tight list or table.
    """

    def __init__(self) -> None:
        self.blocks: list[str] = []
        self.markers: list[str] = []  # those of the list items around
        self.unwritten = ""  # the last of them, until the first block of its item
        self.is_tight = False  # whether the present block wants no blank line before it
        self.follows = False  # whether the block before it was in the same list or table
        self.cells: list[str] | None = None  # the present row

    def render(self, tokens: Sequence[Token]) -> str:
        for token in tokens:
            if token.nesting > 0:
                self._open(token)
            elif token.nesting < 0:
                self._close(token)
            else:
                self._leaf(token)
        return "".join(self.blocks).replace("\f", " ").strip()  # `&#12;`, which XML does not know

    def _open(self, token: Token) -> None:
        match token.type:
            case "paragraph_open":
                self.is_tight = token.hidden
            case "heading_open" | "table_open":
                self.is_tight = self.follows = False
            case "list_item_open":
                self._begin_item(f"{token.info}. " if token.info else "- ")
            case "dd_open":
                self._begin_item("  ")
                self.follows = True
            case "footnote_open":
                self._begin_item(f"[{token.meta['id'] + 1}] ")
                self.follows = False
            case "tr_open":
                self.cells = []

    def _close(self, token: Token) -> None:
        match token.type:
            case "list_item_close" | "dd_close" | "footnote_close":
                self.markers.pop()
                self.unwritten = ""
            case "bullet_list_close" | "ordered_list_close" | "dl_close":
                self.follows = bool(self.markers)
            case "tr_close":
                self.is_tight = True
                self._add(" | ".join(self.cells or ()))
                self.cells, self.follows = None, True
            case "table_close":
                self.follows = False

    def _leaf(self, token: Token) -> None:
        match token.type:
            case "inline" if self.cells is not None:
                self.cells.append(plain_inline(token.children or ()))
            case "inline":
                self._add(plain_inline(token.children or ()))
            case "math_block":
                self.is_tight = False
                self._add(token.meta["formula"].text)
            case "code_block" | "fence" | "html_block" | "verbatim":
                self.is_tight = False
                self._add(token.content)

    def _begin_item(self, marker: str) -> None:
        self.markers.append(marker)
        self.unwritten += marker

    def _add(self, words: str) -> None:
        """Add a block, after the marker of its list item."""
        if not words.strip():
            return
        margin = " " * sum(map(len, self.markers))
        head = margin[: len(margin) - len(self.unwritten)] + self.unwritten
        gap = "" if not self.blocks else "\n" if self.follows and self.is_tight else "\n\n"
        self.blocks.append(gap + head + words.rstrip().replace("\n", "\n" + margin))
        self.unwritten = ""
        self.follows = bool(self.markers)
