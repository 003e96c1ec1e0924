"""YAML and front matter → a tree that knows file, line and column of every key and value.

Every scalar stays the text that was written; `decode` types it by its field. Anchors, aliases and tags are
refused, so that a tree is never larger than its file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import yaml

from lorainne.content import front_matter
from lorainne.content.files import File
from lorainne.content.memo import NO_MEMO, Memo
from lorainne.content.text import FORBIDDEN, forbidden_character, read_text, span_after
from lorainne.diagnostics import Diagnostic, DiagnosticError, Related, Severity, Span, mistake

MAX_DEPTH = 40

# The loaders that do not look for numbers and dates: every scalar stays a text.
_Loader: type = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
# What no file may hold can still be written as an escape such as "\x01", and so can half a character.
_ESCAPED = re.compile(rf"[{FORBIDDEN}\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Scalar:
    """One value, exactly as written; `plain` when it stood without quotes."""

    span: Span
    text: str
    plain: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Items:
    """A list."""

    span: Span
    items: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fields:
    """Keys with their values, in the order of the file, repetitions included."""

    span: Span
    entries: tuple[tuple[Scalar, Node], ...]


Node = Scalar | Items | Fields


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A parsed file: its data, and in a Markdown file the text below the front matter; and what is wrong."""

    file: str
    fields: Fields | None
    """None where the file cannot be read."""
    body: Scalar | None = None
    problems: tuple[Diagnostic, ...] = ()


@mistake
def yaml_syntax(span: Span, what: str) -> Diagnostic:
    """The lines at the top of a file, or a `.yaml` file, cannot be understood.

    Most often a quotation mark or a bracket is not closed, a line is indented differently from its
    neighbours, or a text holds `: ` or ` #` or begins with a special character and needs quotation marks.

    Wrong: `title: Tensors: a survey`
    Right: `title: "Tensors: a survey"`
    """
    return Diagnostic(message=f"this cannot be read: {what}", span=span, help=_repair(what))


def _repair(what: str) -> str:
    if "mapping values are not allowed" in what:
        return 'a text that holds ": " needs quotation marks: title: "Tensors: a survey"'
    if "'\\t'" in what or "tab" in what:
        return "indent with spaces, not with the tab key"
    if any(sign in what for sign in ("scanning an alias", "cannot start any token", "found '<scalar>'")):
        return "put the whole text between quotation marks, and \\ before a quotation mark inside it"
    if "quoted scalar" in what:
        return "close the quotation mark"
    return "compare it with the lines around it: brackets, quotation marks, indentation"


@mistake
def yaml_feature(span: Span, what: str) -> Diagnostic:
    """Anchors (`&`), aliases (`*`) and tags (`!`) of YAML are not used in content.

    A title that begins with one of these characters needs quotation marks.

    Wrong: `title: *Tensors* for all`
    Right: `title: "*Tensors* for all"`
    """
    return Diagnostic(
        message=f"{what} has a meaning of its own to YAML here",
        span=span,
        help="put the whole text between quotation marks",
    )


@mistake
def nesting_too_deep(span: Span) -> Diagnostic:
    """Lists within lists within lists, deeper than any content is.

    Wrong: `speakers: [[[[[[…]]]]]]`
    Right: `speakers: [ada-lovelace]`
    """
    return Diagnostic(
        message=f"more than {MAX_DEPTH} levels of brackets or indentation",
        span=span,
        help="is a bracket not closed?",
    )


@mistake
def not_a_mapping(span: Span) -> Diagnostic:
    """A file holds something else than fields with values.

    Wrong: `- Ada Lovelace`
    Right: `name: Ada Lovelace`
    """
    return Diagnostic(
        message="here stand no fields",
        span=span,
        help="write each field on a line of its own: the key, a colon, a space, the value",
    )


@mistake
def duplicate_key(span: Span, key: str, first: Span) -> Diagnostic:
    """One field is written twice.

    Other tools keep the last one in silence; which of them is right only its author knows.

    Wrong: `title: A` and further down `title: B`
    Right: one of them
    """
    return Diagnostic(
        message=f"`{key}` is written twice",
        span=span,
        help="keep the right one",
        related=(Related(message="first written here", span=first),),
    )


@mistake
def text_cut_off(span: Span, rest: str) -> Diagnostic:
    """A text holds a space and a `#`, and YAML leaves out everything from there on.

    The `#` begins a comment. A comment proper has a space behind it.

    Wrong: `title: Problem #1 of Hilbert`, which is read as “Problem”
    Right: `title: "Problem #1 of Hilbert"`
    """
    return Diagnostic(
        message=f"“{rest}” is left out: to YAML it is a comment",
        span=span,
        help="put the whole text between quotation marks; for a comment write a space behind the #",
        severity=Severity.WARNING,
    )


MISTAKES = (
    text_cut_off,
    yaml_syntax,
    yaml_feature,
    nesting_too_deep,
    *front_matter.MISTAKES,
    not_a_mapping,
    duplicate_key,
)


def parse(files: Mapping[str, File], memo: Memo = NO_MEMO) -> Iterator[Document]:
    """Yield a document for each `.yaml` and `.md` file; together they would be as large as all else."""
    for name, file in files.items():
        if name.endswith((".yaml", ".md")) and not name.startswith("content/files/"):
            try:
                yield memo.get_or_make(f"document {name}", file.stamp, partial(_document, name, file))
            except DiagnosticError as error:
                yield Document(file=name, fields=None, problems=(error.diagnostic,))


def _document(name: str, file: File) -> Document:
    """Return the document of a file; raise DiagnosticError where it cannot be read."""
    text, problems = read_text(name, file), list[Diagnostic]()
    if name.endswith(".yaml"):
        fields = _fields(name, text, 1, problems)
        return Document(file=name, fields=fields, problems=tuple(problems))
    parts = front_matter.split(name, text)
    end_line = parts.body_line + parts.body.count("\n")
    span = Span(file=name, line=parts.body_line, column=1, end_line=end_line, end_column=1)
    return Document(
        file=name,
        fields=_fields(name, parts.front, 2, problems),
        body=Scalar(span=span, text=parts.body, plain=False),
        problems=tuple(problems),
    )


def _fields(name: str, text: str, line: int, problems: list[Diagnostic]) -> Fields:
    """The fields of YAML text that begins on this line of the file; raises DiagnosticError."""
    root = _compose(name, text, line)
    if root is None:
        return Fields(span=Span(file=name, line=line, end_line=line), entries=())
    node = _Converter(name, text, line, problems).convert(root, 0)
    if not isinstance(node, Fields):
        raise DiagnosticError(not_a_mapping(node.span))
    return node


def _compose(name: str, text: str, line: int) -> yaml.Node | None:
    _refuse_depth(name, text, line)
    try:
        # compose() would resolve aliases; none are let in, the event stream is checked first.
        for event in yaml.parse(text, Loader=_Loader) if re.search(r"[&*!]", text) else ():
            _refuse_features(name, line, event)
        return yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError:
        return _compose_slowly(name, text, line)


def _compose_slowly(name: str, text: str, line: int) -> yaml.Node | None:
    """Parse again with the Python loader, whose position is better; raises DiagnosticError."""
    try:
        return yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if error.context_mark and re.search("quoted scalar|flow", error.context or ""):
            mark = (
                error.context_mark
            )  # the quotation mark or bracket that was never closed, not where it is missed
        what = " ".join(filter(None, (error.context, error.problem)))
        raise DiagnosticError(yaml_syntax(_span(name, line, mark, mark), what)) from None


def _refuse_depth(name: str, text: str, line: int) -> None:
    """Bound brackets and indentation before the C parser, which dies of 50,000 levels."""
    depth = 0
    for bracket in re.finditer(r"[\[{\]}]|^(?: {2,}|(?:[-?] +)+)", text, re.MULTILINE):
        mark = bracket.group()
        if mark in "[{":
            depth += 1
        elif mark in "]}":
            depth = max(0, depth - 1)
        elif len(mark) > 8 * MAX_DEPTH:
            depth = MAX_DEPTH + 1
        if depth > MAX_DEPTH:
            span = span_after(name, text[: bracket.start()])
            number = span.line + line - 1
            raise DiagnosticError(nesting_too_deep(replace(span, line=number, end_line=number)))


def _refuse_features(name: str, line: int, event: yaml.Event) -> None:
    what = ""
    if isinstance(event, yaml.AliasEvent):
        what = "`*`"
    elif isinstance(event, yaml.NodeEvent) and event.anchor:
        what = "`&`"
    elif getattr(event, "tag", None):
        what = "`!`"
    if what:
        raise DiagnosticError(yaml_feature(_span(name, line, event.start_mark, event.end_mark), what))


def _span(name: str, line: int, start: Any, end: Any) -> Span:
    if start is None or end is None:
        return Span(file=name, line=line, end_line=line)
    return Span(
        file=name,
        line=start.line + line,
        column=start.column + 1,
        end_line=end.line + line,
        end_column=end.column + 1,
    )


class _Converter:
    """PyYAML's nodes → ours, for one file."""

    def __init__(self, name: str, text: str, line: int, problems: list[Diagnostic]) -> None:
        self.name, self.line, self.problems = name, line, problems
        self.lines = text.split("\n") if "#" in text else []  # only to look for what YAML leaves out

    def convert(self, node: yaml.Node, depth: int) -> Node:
        span = self._text_span(node)
        if depth > MAX_DEPTH:
            raise DiagnosticError(nesting_too_deep(span))
        if isinstance(node, yaml.ScalarNode):
            if self.lines and not node.style:
                self._look_behind(span)
            if node.style == '"' and (bad := _ESCAPED.search(node.value)):
                self.problems.append(forbidden_character(span, bad.group()))
                return Scalar(span=span, text=_ESCAPED.sub("\ufffd", node.value), plain=False)
            return Scalar(span=span, text=node.value, plain=not node.style)
        if isinstance(node, yaml.SequenceNode):
            return Items(span=span, items=tuple(self.convert(item, depth + 1) for item in node.value))
        return Fields(span=span, entries=tuple(self._entries(node, depth)))

    def _look_behind(self, span: Span) -> None:
        """Report what looks like a part of the text, and is a comment to YAML."""
        line = self.lines[span.end_line - self.line] if span.end_line - self.line < len(self.lines) else ""
        if lost := re.match(r":?[ \t]+(#[^\s#].*)", line[span.end_column - 1 :]):
            column = span.end_column + lost.start(1)
            rest = Span(
                file=self.name,
                line=span.end_line,
                column=column,
                end_line=span.end_line,
                end_column=column + len(lost[1]),
            )
            self.problems.append(text_cut_off(rest, lost[1]))

    def _text_span(self, node: yaml.Node) -> Span:
        """Where the node's text stands: inside quotation marks, or on the lines below a `|`."""
        start, end, style = node.start_mark, node.end_mark, getattr(node, "style", None)
        quote, below = style in ("'", '"'), style in ("|", ">")
        return Span(
            file=self.name,
            line=start.line + self.line + below,
            column=1 if below else start.column + 1 + quote,
            end_line=end.line + self.line,
            end_column=end.column + 1 - quote,
        )

    def _entries(self, node: yaml.Node, depth: int) -> Iterator[tuple[Scalar, Node]]:
        seen: dict[str, Span] = {}
        for key, value in node.value:
            name = self.convert(key, depth + 1)
            if not isinstance(name, Scalar):
                raise DiagnosticError(yaml_syntax(name.span, "a list or a mapping cannot be a key"))
            if name.text in seen:
                self.problems.append(duplicate_key(name.span, name.text, seen[name.text]))
            else:
                seen[name.text] = name.span
                yield name, self.convert(value, depth + 1)
