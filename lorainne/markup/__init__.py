"""Markdown with maths → HTML pieces and readable text, with the place of everything that is wrong.

Whatever an author writes is inert in the output: HTML is escaped, links are checked, maths is on an
allow-list. The parser is imported when the first text is met.
"""

from __future__ import annotations

import re
from _blake2 import blake2b  # hashlib's, without the ten milliseconds that OpenSSL takes
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from lorainne.diagnostics import Diagnostic, Span
from lorainne.markup import misprints, proofreading
from lorainne.markup.fragment import Fragment, Link, heading_id
from lorainne.markup.misprints import MISTAKES
from lorainne.markup.typesetting import Typesetter

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

__all__ = ["MISTAKES", "Fragment", "Link", "heading_id", "located", "parse", "parse_inline", "take", "told"]

Told = tuple[bytes, bytes, str, bool]
"""A hash over a text, and the fragment that it is, in types that one process can give to another."""

MEMORY = 2**15
"""So many texts are kept parsed: those of some ten thousand talks, which rules and pages both read."""

_elsewhere: dict[bytes, Fragment] = {}
"""What another process has parsed, by a hash over the text, until it is asked for."""

_LINE_END = re.compile(r"\r\n?")


def parse(text: str, *, level: int = 2, prefix: str = "") -> Fragment:
    """The fragment of a text of many blocks.

    Its highest heading becomes an `<h{level}>`; `prefix` begins the ids of headings and footnotes.
    """
    fragment = _parsed(text, 2, "")
    return _parsed(text, level, prefix) if fragment.anchors else fragment


def told(text: str) -> Told | None:
    """What another process may take over of a text; none where more than words and formulas is in it."""
    read = parse(text)
    if read.links or read.anchors or read.problems:
        return None
    return _digest(text), read.packed, read.plain, read.has_maths


def take(parsed: Iterable[Told]) -> None:
    """Take over what another process has parsed; it is kept until the next time."""
    _elsewhere.clear()
    for digest, packed, plain, has_maths in parsed:
        _elsewhere[digest] = Fragment(packed=packed, plain=plain, has_maths=has_maths)


def forget() -> None:
    """Let all go that was parsed."""
    for known in (_parsed, parse_inline):
        known.cache_clear()
    _elsewhere.clear()


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=16).digest()


@lru_cache(maxsize=MEMORY)
def _parsed(text: str, level: int, prefix: str) -> Fragment:
    if _elsewhere and (fragment := _elsewhere.pop(_digest(text), None)):
        return fragment  # without headings, so it is the same at every level
    text = _normalised(text)
    if too_much := proofreading.excess(text):
        return _verbatim(text, too_much)
    environment: dict[str, Any] = {}
    tokens = _parser().parse(text, environment)
    if _cut_off(tokens):
        problem = "lists or quotations stand too deep inside each other"
        return _verbatim(text, misprints.text_too_complex(Span(file=""), problem))
    return Typesetter(text, level=level, prefix=prefix).fragment(tokens, environment)


@lru_cache(maxsize=MEMORY)
def parse_inline(text: str) -> Fragment:
    """The fragment of one line, such as a title: emphasis, code, maths and links, but no blocks."""
    text = _normalised(text)
    if too_much := proofreading.excess(text):
        return _verbatim(text, too_much)
    return Typesetter(text).fragment(_parser().parseInline(text, {}), {})


def located(problem: Diagnostic, origin: Span) -> Diagnostic:
    """The diagnostic with its relative spans moved to a file; `origin` is where the text begins there."""
    related = tuple(replace(other, span=_moved(other.span, origin)) for other in problem.related)
    return replace(problem, span=_moved(problem.span, origin), related=related)


def _moved(span: Span, origin: Span) -> Span:
    """Only the text's first line stands behind something else on its line."""
    shift = origin.column - 1
    return Span(
        file=origin.file,
        line=span.line + origin.line - 1,
        column=span.column + (shift if span.line == 1 else 0),
        end_line=span.end_line + origin.line - 1,
        end_column=span.end_column + (shift if span.end_line == 1 else 0),
    )


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from lorainne.markup.dialect import parser

    return parser()


def _cut_off(tokens: Sequence[Token]) -> bool:
    from lorainne.markup.dialect import nests_too_deep

    return nests_too_deep(tokens)


def _normalised(text: str) -> str:
    """The text as the parser sees it; lines and columns stay what they are."""
    return _LINE_END.sub("\n", text).replace("\0", "\ufffd")


def _verbatim(text: str, problem: Diagnostic) -> Fragment:
    return Fragment(packed=f"<pre>{escape(text)}</pre>".encode(), plain=text.strip(), problems=(problem,))
