"""The Markdown of lorainne's texts: which rules it has, and where in the text each thing stands.

This module alone imports the Markdown parser. Every inline token that a mistake may speak of carries
`meta["at"]`, its offset in its block's content.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_inline_dollar
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_ref

__all__ = ["Token", "nests_too_deep", "parser", "verbatim"]

# Blocks inside blocks beyond this are cut off by the parser; `nests_too_deep` tells.
MAX_NESTING = 40

_FOOTNOTE_MARK = re.compile(r"\[\^[^\]\s]{1,200}\]")
# What would stand between the dollars of "5$, two at 10$" or "5$/10$".
_MONEY = re.compile(r"[,.;:!?)/–-].*\d", re.DOTALL)
_dollars = math_inline_dollar(allow_space=False, allow_digits=True, allow_double=True)


class _PlacedInline(StateInline):
    """Inline state that notes on each token where the parser stood when it was made."""

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        token = super().push(ttype, tag, nesting)
        token.meta = {"at": self.pos}
        return token


class _InlineParser(ParserInline):
    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        state = _PlacedInline(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


class _Parser(MarkdownIt):
    """Link targets stay as they were written: which are allowed is for `lint` to say."""

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802 - the parser's own name
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - as above
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802 - as above
        return link


def _maths(state: StateInline, silent: bool) -> bool:
    """`$x$`, unless it is money or its end lies outside of the link it began in."""
    if state.src[state.pos] != "$":
        return False
    start = state.pos
    if not _dollars(state, True):
        return False
    end, state.pos = state.pos, start
    if end > state.posMax or state.src[end : end + 1].isdigit():
        return False
    if state.src[start - 1 : start].isdigit() and _MONEY.fullmatch(state.src, start + 1, end - 1):
        return False
    return _dollars(state, silent)


def _footnote_mark(state: StateInline, silent: bool) -> bool:
    """A footnote's mark; looking before calling keeps a long row of `[^` from taking minutes."""
    if state.src[state.pos] != "[" or not _FOOTNOTE_MARK.match(state.src, state.pos):
        return False
    return footnote_ref(state, silent)


def _leftover(state: StateInline, silent: bool) -> bool:
    """A `$` or `[` that no other rule understood: shown as it is, with its place."""
    if silent or state.src[state.pos] not in "$[":
        return False
    token = state.push("leftover", "", 0)
    token.content = state.src[state.pos]
    state.pos += 1
    return True


def _leftover_emphasis(state: StateInline) -> None:
    """The first `*` or `_` of every run that begins or ends an emphasis without its other half."""
    lists = [state.delimiters, *(meta["delimiters"] for meta in state.tokens_meta if meta)]
    seen = set()
    for delimiter in (d for delimiters in lists for d in delimiters):
        token = state.tokens[delimiter.token]
        unpaired = (
            token.type == "text" and token.content in ("*", "_") and (delimiter.open or delimiter.close)
        )
        if unpaired and (at := token.meta["at"]) not in seen:
            seen.add(at)
            token.type = "leftover"


@cache
def parser() -> MarkdownIt:
    """Return the parser of the dialect; it keeps nothing of the texts that it parses."""
    md = _Parser()
    md.inline = _InlineParser()
    md.configure("commonmark", {"maxNesting": MAX_NESTING}).enable(["table", "strikethrough"])
    md.use(footnote_plugin, inline=False).use(deflist_plugin)
    md.use(
        dollarmath_plugin,
        allow_space=False,
        allow_digits=True,
        allow_labels=False,
        allow_blank_lines=False,
        double_inline=True,
    )
    md.inline.ruler.at("math_inline", _maths)
    md.inline.ruler.at("footnote_ref", _footnote_mark)
    md.inline.ruler.push("leftover", _leftover)
    md.inline.ruler2.before("fragments_join", "leftover_emphasis", _leftover_emphasis)
    return md


def verbatim(text: str) -> Token:
    """Return the token of a text that is shown as it is."""
    return Token("verbatim", "", 0, content=text)


def nests_too_deep(tokens: Sequence[Token]) -> bool:
    """Whether a block stands so deep that the parser may have cut off what it holds."""
    return any(token.level >= MAX_NESTING - 1 for token in tokens)
