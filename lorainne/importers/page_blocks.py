"""A hand-written page cut into sections, blocks, table rows and links, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape

from lorainne.diagnostics import Span

LINK = re.compile(
    r"(?P<image>!?)\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\])*)\]"
    r"\(\s*<?(?P<target>(?:[^()\s<>]|\([^()\s]*\))*)>?(?:\s+[\"'][^\"']*[\"'])?\s*\)"
)
ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s+")
_HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t#]*$")
_UNDERLINE = re.compile(r"=+\s*$")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_ANCHOR = re.compile(r"<a\s+(?:name|id)=[^>]*>(.*?)(?:</a>|$)", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_RULE = re.compile(r"\s*(?:-\s*){3,}$|\s*(?:\*\s*){3,}$|\s*(?:_\s*){3,}$")
_MARKS = re.compile(r"(\*{1,3}|(?<!\w)_{1,2}(?=\S)|(?<=\S)_{1,2}(?!\w))")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line of the source."""

    number: int
    text: str

    def span(self, file: str, part: str = "") -> Span:
        """Where a part of the line stands; all of it where the part is not found as it is."""
        start = self.text.find(part) if part else -1
        first = start if start >= 0 else len(self.text) - len(self.text.lstrip())
        last = start + len(part) if start >= 0 else max(len(self.text.rstrip()), first + 1)
        n = self.number
        return Span(file=file, line=n, column=first + 1, end_line=n, end_column=last + 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A heading and the lines below it, up to the next heading of any level."""

    level: int
    heading: Line
    title: str
    """The heading as Markdown."""
    lines: tuple[Line, ...]
    above: tuple[Section, ...] = ()
    """The sections that this one is part of, the outermost first."""

    @property
    def name(self) -> str:
        """The heading as text, without a colon at its end."""
        return plain(self.title).rstrip(" :")


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """Lines that belong together: a table, an item of a list, or a paragraph."""

    kind: str
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The block on one line, an item without its mark."""
        joined = " ".join(line.text.strip() for line in self.lines)
        return ITEM.sub("", joined, count=1) if self.kind == "item" else joined


def plain(markdown: str) -> str:
    """A line of Markdown as text: no links, no marks, no tags."""
    text = LINK.sub(lambda link: link["text"], _ANCHOR.sub(r"\1", markdown))
    return " ".join(unescape(_MARKS.sub("", _TAG.sub(" ", text))).split())


def without_anchors(markdown: str) -> str:
    """A line without `<a name=…>`: pages have their own anchors."""
    return _ANCHOR.sub(r"\1", markdown)


def is_rule(text: str) -> bool:
    """Whether a line is a horizontal rule."""
    return bool(_RULE.match(text))


def sections(text: str) -> list[Section]:
    """The page in sections; the first one has no heading where text comes before it."""
    found: list[Section] = []
    above: list[Section] = []
    head, level, title, lines = Line(number=1, text=""), 0, "", list[Line]()

    def close() -> None:
        while above and above[-1].level >= level:
            above.pop()
        section = Section(level=level, heading=head, title=title, lines=tuple(lines), above=tuple(above))
        if title or any(line.text.strip() for line in lines):
            found.append(section)
            above.append(section)

    for line, heading in _with_headings(text):
        if heading:
            close()
            head, (level, title), lines = line, heading, []
        else:
            lines.append(line)
    close()
    return found


def _with_headings(text: str) -> Iterator[tuple[Line, tuple[int, str] | None]]:
    """Every line; with the level and the text where it is a heading."""
    rows = text.split("\n")
    fenced = False
    for number, row in enumerate(rows, start=1):
        line = Line(number=number, text=row)
        fenced ^= bool(_FENCE.match(row))
        below = rows[number] if number < len(rows) else ""
        if not fenced and (match := _HEADING.match(row)) and match[2]:
            yield line, (len(match[1]), match[2])
        elif not fenced and row.strip() and _UNDERLINE.match(below):
            yield line, (1, row.strip())
        elif not (_UNDERLINE.match(row) and number > 1 and rows[number - 2].strip()):
            yield line, None


def blocks(lines: Iterable[Line]) -> Iterator[Block]:
    """The lines in blocks; blank lines and horizontal rules separate and are left out."""
    kind, held = "", list[Line]()
    for line in (*lines, Line(number=0, text="")):
        if not line.text.strip() or is_rule(line.text):
            now = ""
        elif line.text.lstrip().startswith("|"):
            now = "table"
        elif ITEM.match(line.text):
            now = "new item"
        else:
            now = kind if kind == "item" and line.text[0] in " \t" else "text"
        if held and now != kind:
            yield Block(kind=kind, lines=tuple(held))
            held = []
        kind = now.removeprefix("new ")
        if now:
            held.append(line)


def cells(line: Line) -> list[str]:
    """The cells of a table's row."""
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.text.strip().strip("|"))]


def is_delimiter(line: Line) -> bool:
    """Whether a row is the line of hyphens below a table's head."""
    return bool(re.fullmatch(r"[\s|:-]*-[\s|:-]*", line.text))
