"""Finding what is wrong in an author's Markdown, and exactly where; `mistakes` has the words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lorainne.content.collections import BY_SCHEME
from lorainne.diagnostics import Diagnostic, Span
from lorainne.markup import mistakes

# Within these bounds the worst texts that were tried take a few seconds, beyond them minutes.
MAX_LENGTH = 200_000
MAX_MARKS = 20_000
MAX_LINES = 10_000

SCHEMES = frozenset({"http", "https", "mailto", "tel", *BY_SCHEME})

_MARK = re.compile(r"[*_\[\]`<~$&!\\]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_EMAIL = re.compile(r"[^\s@/:?#]+@[^\s@/:?#]+\.[^\s@/:?#]+")
_NO_ADDRESS = re.compile(r"(?:https?:?/{0,2})?", re.IGNORECASE)
_SHOWN_HOST = re.compile(r"(?:https?://)?(?:www\.)?([^\s/?#]+)", re.IGNORECASE)
_ADDRESS = r"\((?:https?://|mailto:|www\.)[^()\s]*\)"
_SPACE_BETWEEN = re.compile(rf"\[[^\[\]]{{1,300}}\]\s+{_ADDRESS}")
_NEVER_CLOSED = re.compile(rf"\[[^\[\]()]{{1,300}}{_ADDRESS}")
_ADDRESS_OPEN = re.compile(r"\[[^\[\]]{1,300}\]\((?:https?://|mailto:|www\.)[^()\s]*(?=\s|$)")
_SPACE_WITHIN = re.compile(
    r"\[[^\[\]]{0,300}\]\([^\s<>\n\":][^<>\n\":]{0,200}? [^<>\n\":]{0,200}?\.\w{2,8}(?:#[\w-]+)?\)"
)
_UNDEFINED = re.compile(r"\[[^\[\]]{1,300}\](\[[^\[\]^\s]{1,60}\])")
_ONLY_HTTP = re.compile(r"\(https?(?:://)?\)", re.IGNORECASE)
_FOOTNOTE_MARK = re.compile(r"\[\^([^\]\s]{1,200})\]")
_FOOTNOTE = re.compile(r"[ >]*\[\^([^\]\s]+)\]:")
_ROW_MATHS = re.compile(r"(?<![\\$])\$(?![\s$])(?:\\.|[^$\\])*?(?<!\s)\$(?!\d)")
_MONEY_CELL = re.compile(r"\$\d[\d.,\s]*\|")
_LOOKS_LIKE_MATHS = re.compile(r"[\\^_{}]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """The content of one block as the parser gives it, and how to find it again in the author's lines."""

    lines: Sequence[str]
    first_line: int
    text: str
    # In a row of a table, the column from which this cell is looked for.
    cell_from: int | None = None

    def span(self, start: int, end: int) -> Span:
        """The place of `text[start:end]`, relative to the whole text."""
        line, column = self._place(start)
        end_line, end_column = self._place(max(start, end - 1))
        return Span(file="", line=line, column=column, end_line=end_line, end_column=end_column + 1)

    def _place(self, offset: int) -> tuple[int, int]:
        begin = self.text.rfind("\n", 0, offset) + 1
        number = self.first_line + self.text.count("\n", 0, offset)
        source = self.lines[number] if number < len(self.lines) else ""
        content = self.text[begin:].partition("\n")[0]
        if self.cell_from is not None:
            start = max(0, source.find(cell_source(content), self.cell_from))
            return number + 1, start + offset + content.count("|", 0, offset) + 1
        # The parser took away what stands before the line, and sometimes what stands behind it.
        shown = content.strip()
        # Where it cut off whole lines of blanks that are no spaces, the line stands further down.
        below = (at for at in range(number, len(self.lines)) if shown in self.lines[at])
        number = next(below, number)
        source = self.lines[number] if number < len(self.lines) else ""
        indent = len(content) - len(content.lstrip())
        whole = source.rstrip()
        start = len(whole) - len(shown) if whole.endswith(shown) else max(0, source.find(shown))
        return number + 1, start + max(0, offset - begin - indent) + 1


def cell_source(content: str) -> str:
    """A table's cell as the author wrote it: the parser has taken the backslash from each bar."""
    return content.replace("|", "\\|")


def excess(text: str) -> Diagnostic | None:
    """What makes a text too large to be parsed in reasonable time, if anything does."""
    problem = ""
    if len(text) > MAX_LENGTH:
        problem = f"the text has {len(text):,} characters; more than {MAX_LENGTH:,} are not read"
    elif text.count("\n") >= MAX_LINES:
        problem = f"the text has more than {MAX_LINES:,} lines"
    elif len(text) > MAX_MARKS and sum(1 for _ in _MARK.finditer(text)) > MAX_MARKS:
        problem = f"the text has more than {MAX_MARKS:,} signs of the kind of * _ [ ] $"
    return mistakes.text_too_complex(Span(file=""), problem) if problem else None


def forbidden(target: str) -> str:
    """Why a link may not lead to this target, as the end of a sentence; empty if it may."""
    if _CONTROL.search(target):
        return "holds characters that cannot be seen"
    cleaned = target.strip()
    if re.match(r"[/\\]{2}", cleaned):
        return "begins with two slashes: https: is missing before them"
    if cleaned[:1] in {"/", "\\"}:
        return "begins with a slash, so it breaks when the site does not stand at the root of its address"
    scheme = _SCHEME.match(cleaned)
    if scheme and scheme[1].lower() not in SCHEMES:
        return f"begins with “{scheme[0]}”, which is not allowed here"
    return ""


def link_problem(target: str, span: Span) -> Diagnostic | None:
    """What keeps a link's target from being used at all, if anything does."""
    if _NO_ADDRESS.fullmatch(target):
        said = f"the link leads to “{target}”" if target else "the link leads nowhere: its address is empty"
        repair = "write the whole address, as in (https://example.org/slides.pdf)"
        return mistakes.broken_link_syntax(span, said, repair, sure=True)
    if _EMAIL.fullmatch(target):
        return mistakes.mailto_forgotten(span, target)
    reason = forbidden(target)
    return mistakes.forbidden_link(span, target, reason) if reason else None


def link_doubts(passage: Passage, start: int, words: str, target: str, span: Span) -> Iterator[Diagnostic]:
    """What looks wrong about a link that works: a bracket too many, or another address than the one shown."""
    text = passage.text
    if text[start - 1 : start] == "(" and text.count("(") > text.count(")"):
        problem, repair = "the bracket before this link is never closed", "add the missing ) behind it"
        yield mistakes.broken_link_syntax(passage.span(start - 1, start), problem, repair, sure=False)
    if words.startswith(("http://", "https://", "www.")) and target.startswith(("http://", "https://")):
        shown, real = _SHOWN_HOST.match(words), _SHOWN_HOST.match(target)
        if shown and real and shown[1].lower() != real[1].lower():
            problem = f"the link shows {shown[1]}, but leads to {real[1]}"
            yield mistakes.broken_link_syntax(span, problem, "make the two addresses agree", sure=False)


def leftover_bracket(passage: Passage, at: int) -> Diagnostic | None:
    """What a `[` that began neither a link nor a footnote's mark was meant to be."""
    if mark := _FOOTNOTE_MARK.match(passage.text, at):
        return mistakes.undefined_footnote(passage.span(*mark.span()), mark[1])
    if found := _SPACE_BETWEEN.match(passage.text, at):
        problem, repair = "a space stands between the link's text and its address", "write [text](address)"
    elif found := _SPACE_WITHIN.match(passage.text, at):
        problem, repair = "a space stands in the link's address", "write [text](<address>)"
    elif found := _ADDRESS_OPEN.match(passage.text, at):
        problem, repair = "the link's address is never closed: ) is missing", "write [text](address)"
    elif found := _UNDEFINED.match(passage.text, at):
        problem, repair = f"nothing says where {found[1]} leads", "write [text](address)"
    elif found := _NEVER_CLOSED.match(passage.text, at):
        problem, repair = "the link's text is never closed: ] is missing", "write [text](address)"
    else:
        return None
    return mistakes.broken_link_syntax(passage.span(*found.span()), problem, repair, sure=True)


def only_http(passage: Passage, words: str) -> Iterator[Diagnostic]:
    """Each `(http)` in running text, the rest of a link that was never written."""
    for found in _ONLY_HTTP.finditer(words):
        at = passage.text.find(found[0])
        span = passage.span(max(0, at), max(0, at) + len(found[0]))
        problem, repair = f"{found[0]} is not an address", "write [text](address), or take it out"
        yield mistakes.broken_link_syntax(span, problem, repair, sure=False)


def leftover_dollar(passage: Passage, at: int) -> Diagnostic | None:
    """A dollar that is neither maths nor money, such as one end of a formula."""
    text = passage.text
    if "$$" in (text[at : at + 2], text[max(0, at - 1) : at + 1]):  # of two, the first one tells it
        return mistakes.stray_dollar(passage.span(at, at + 2)) if text[at : at + 2] == "$$" else None
    following, preceding = text[at + 1 : at + 2], text[max(0, at - 80) : at].split(" ")[-1]
    until = text.find("$", at + 1)
    between = text[at + 1 : until if until >= 0 else at + 40]
    opens = following.isalpha() or following in tuple("\\({[|") or _LOOKS_LIKE_MATHS.search(between)
    closes = _LOOKS_LIKE_MATHS.search(preceding)
    return mistakes.stray_dollar(passage.span(at, at + 1)) if opens or closes else None


def leftover_emphasis(passage: Passage, at: int) -> Diagnostic | None:
    """One end of an emphasis; not the sign of a product, as in 5*3."""
    if passage.text[at - 1 : at].isalnum() and passage.text[at + 1 : at + 2].isalnum():
        return None
    return mistakes.stray_emphasis(passage.span(at, at + 1), passage.text[at])


def bars_in_maths(line: int, source: str) -> Iterator[Diagnostic]:
    """Each formula of a table's row that holds a bar."""
    for formula in _ROW_MATHS.finditer(source):
        if "|" in formula[0] and not _MONEY_CELL.match(formula[0]):
            column = source.index("|", formula.start()) + 1
            span = Span(file="", line=line, column=column, end_line=line, end_column=column + 1)
            yield mistakes.pipe_in_maths(span)


def lost_footnotes(lines: Sequence[str], referenced: dict[str, bool]) -> Iterator[Diagnostic]:
    """Each footnote that is not shown; `referenced` tells of every label whether a mark leads to it."""
    places: dict[str, list[Span]] = {}
    for number, line in enumerate(lines, start=1):
        if (note := _FOOTNOTE.match(line)) and note[1] in referenced:
            column, end = line.index("[") + 1, note.end() + 1
            span = Span(file="", line=number, column=column, end_line=number, end_column=end)
            places.setdefault(note[1], []).append(span)
    for label, spans in places.items():
        # Of several with one name the parser keeps the last.
        for span in spans[:-1] if referenced[label] else spans:
            yield mistakes.unused_footnote(span, label)
