"""The parser's tokens → a `Text`: its links and anchors, its formulas converted, and what is wrong where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from lorainne.diagnostics import Diagnostic, Span
from lorainne.markup import lint, mistakes
from lorainne.markup.dialect import Token
from lorainne.markup.lint import Passage
from lorainne.markup.maths import convert
from lorainne.markup.text import (
    Anchors,
    Link,
    Text,
    description,
    footnote_mark_id,
    heading_id,
    plain_inline,
)

_HTML_NAME = re.compile(r"<(/?)([A-Za-z][\w-]*)")
_COMMAND = re.compile(r"\\[A-Za-z]+")
_NOTHING: dict[str, Any] = {}  # one for all tokens
_ONLY_HERE = {"at"}


def analyse(source: str, tokens: Sequence[Token], environment: dict[str, Any]) -> Text:
    """Return the text of these tokens; `environment` is what the parser noted beside them.

    A formula's token carries it as `meta["formula"]`, a link that may not be followed says `meta["refused"]`.
    """
    return _Analysis(source.split("\n")).run(tokens, environment)


class _Analysis:
    """Walks the tokens of one text; used once."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.links: list[Link] = []
        self.anchors = Anchors()
        self.problems: list[Diagnostic] = []
        self.words = ""  # those of the last passage
        self.heading = 0  # the level of the last heading, as written
        self.html_opened: set[str] = set()
        self.cell_from: int | None = None  # in a row of a table: where its next cell begins
        self.is_torn = False  # whether bars in formulas tore the present row apart

    def run(self, tokens: Sequence[Token], environment: dict[str, Any]) -> Text:
        for token in tokens:
            self._block(token)
        if notes := environment.get("footnotes"):
            referenced = {label[1:]: number >= 0 for label, number in notes["refs"].items()}
            self.problems += lint.lost_footnotes(self.lines, referenced)
        _let_go(tokens)
        return Text(
            tokens=tokens,
            links=tuple(self.links),
            anchors=self.anchors.all(),
            problems=tuple(self.problems),
        )

    def _block(self, token: Token) -> None:
        match token.type:
            case "inline":
                self._passage(token)
            case "heading_open":
                self._outline(token)
            case "heading_close":
                self.anchors.add(heading_id(self.words))
            case "footnote_open":
                self.anchors.add(f"fn-{token.meta['id'] + 1}")
            case "tr_open":
                self._begin_row(token)
            case "tr_close":
                self.cell_from, self.is_torn = None, False
            case "math_block":
                token.meta["formula"] = convert(token.content.strip(), display=True)
                self._formula(token, self._here(token), 0)
            case "html_block":
                self._raw_html(self._here(token), 0, token.content)

    def _here(self, token: Token) -> Passage:
        first_line = token.map[0] if token.map else 0
        return Passage(lines=self.lines, first_line=first_line, text=token.content, cell_from=self.cell_from)

    def _outline(self, token: Token) -> None:
        """Report a heading that stands more than one level below the one before it."""
        level, previous, self.heading = int(token.tag[1]), self.heading, int(token.tag[1])
        if previous and level > previous + 1 and token.map:
            line = self.lines[token.map[0]].strip()
            here = Passage(lines=self.lines, first_line=token.map[0], text=line)
            self.problems.append(mistakes.heading_skip(here.span(0, len(line)), level, previous))

    def _begin_row(self, token: Token) -> None:
        line = token.map[0] if token.map else 0
        bars = list(lint.bars_in_maths(line + 1, self.lines[line]))
        self.cell_from, self.is_torn = 0, bool(bars)
        self.problems += bars

    def _passage(self, token: Token) -> None:
        """Look at the inline content of a paragraph, heading, cell or title."""
        here, children = self._here(token), token.children or []
        _convert_formulas(children)
        for number in range(len(children)):
            self._inline(children, number, here)
        self.words = plain_inline(children)
        if self.cell_from is not None:
            written = lint.cell_source(token.content)
            start = self.lines[here.first_line].find(written, self.cell_from)
            self.cell_from = max(start, self.cell_from) + len(written)

    def _inline(self, tokens: Sequence[Token], number: int, here: Passage) -> None:
        token = tokens[number]
        match token.type:
            case "text" if "(http" in token.content:
                self.problems += lint.only_http(here, token.content)
            case "leftover":
                self._leftover(token, here)
            case "math_inline" | "math_inline_double":
                self._formula(token, here, token.meta["at"] + len(token.markup))
            case "html_inline":
                self._raw_html(here, token.meta["at"], token.content)
            case "link_open":
                self._link(tokens, number, here)
            case "image":
                self._image(token, here)
            case "footnote_ref":
                self.anchors.add(footnote_mark_id(token))

    def _leftover(self, token: Token, here: Passage) -> None:
        at: int = token.meta["at"]
        problem: Diagnostic | None = None
        if token.content == "[":
            problem = lint.leftover_bracket(here, at)
        elif token.content in ("*", "_"):
            problem = lint.leftover_emphasis(here, at)
        elif not self.is_torn:
            problem = lint.leftover_dollar(here, at)
        if problem:
            self.problems.append(problem)

    def _formula(self, token: Token, here: Passage, at: int) -> None:
        """Report a formula that cannot be converted; `at` is where its content begins in the passage."""
        if error := token.meta["formula"].error:
            latex = token.content.strip()
            start = at + len(token.content) - len(token.content.lstrip()) + error.offset
            culprit = _COMMAND.match(latex, error.offset)
            span = here.span(start, start + (len(culprit[0]) if culprit else 1))
            self.problems.append(mistakes.invalid_maths(span, error.message))

    def _raw_html(self, here: Passage, at: int, source: str) -> None:
        """Report HTML; an end tag is not a second mistake."""
        name = _HTML_NAME.match(source.lstrip())
        if name and name[1] and name[2] in self.html_opened:
            return
        if name:
            self.html_opened.add(name[2])
        start = at + len(source) - len(source.lstrip())
        span = here.span(start, at + len(source.rstrip()))
        self.problems.append(mistakes.raw_html(span, source.strip()))

    def _link(self, tokens: Sequence[Token], number: int, here: Passage) -> None:
        opened = tokens[number]
        end = next(i for i in range(number, len(tokens)) if tokens[i].type == "link_close")
        words = description(tokens[number + 1 : end])
        target = str(opened.attrs["href"])
        at, closed = opened.meta["at"], tokens[end].meta["at"]
        if opened.info == "auto":
            start, span = at, here.span(at, at + len(words) + 2)
        else:
            start, span = at - 1, _target_span(here, target, at - 1, closed)
        if self._is_allowed(opened, target, span):
            self.problems += lint.link_doubts(here, start, words, target, span)
            self.links.append(Link(target=target, span=span))

    def _image(self, token: Token, here: Passage) -> None:
        at: int = token.meta["at"]
        target = str(token.attrs["src"])
        span = _target_span(here, target, at, at + 2 + len(token.content))
        if not description(token.children or ()).strip():
            self.problems.append(mistakes.missing_alt_text(here.span(at, here.text.find(")", at) + 1)))
        if self._is_allowed(token, target, span):
            self.links.append(Link(target=target, span=span, image=True))

    def _is_allowed(self, token: Token, target: str, span: Span) -> bool:
        """Return whether a link may lead to this target; otherwise report it, and mark its token."""
        if problem := lint.link_problem(target, span):
            self.problems.append(problem)
            token.meta["refused"] = True
        return problem is None


def _let_go(tokens: Sequence[Token]) -> None:
    """Drop what only the analysis needs: tokens are kept for the whole build, and there are many."""
    for token in tokens:
        token.map, token.attrs = None, token.attrs or _NOTHING
        if token.meta.keys() <= _ONLY_HERE:
            token.meta = _NOTHING
        if token.type == "inline":
            token.content = ""  # its children say it
        _let_go(token.children or ())


def _convert_formulas(tokens: Sequence[Token]) -> None:
    """Convert every formula once, those in descriptions of images included."""
    for token in tokens:
        if token.type.startswith("math_inline"):
            is_display = token.type == "math_inline_double"
            token.meta["formula"] = convert(token.content.strip(), display=is_display)
        elif token.type == "image":
            _convert_formulas(token.children or ())


def _target_span(here: Passage, target: str, start: int, closed: int) -> Span:
    """Return where a target is written; for `[text][name]`, whose target stands elsewhere, the text."""
    if target and here.text.startswith("](", closed):
        at = here.text.find(target, closed + 2)
        if at >= 0 and not here.text[closed + 2 : at].strip(" \n<"):
            return here.span(at, at + len(target))
    return here.span(start, closed + 1)
