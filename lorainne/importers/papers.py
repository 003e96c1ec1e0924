"""A list of papers, titles with their abstracts, copied from the web → content files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lorainne.content.ids import IdAllocator
from lorainne.content.text import fold
from lorainne.content.yaml_writer import Fields, markdown_text
from lorainne.diagnostics import DiagnosticError, Span
from lorainne.importers.draft import Imported, Request, read_source
from lorainne.importers.html_text import escaped
from lorainne.importers.mistakes import source_unreadable

_ABSTRACT = 300
"""From so many characters on a line is an abstract; titles are shorter."""

_JOINED = re.compile(r"Subscribe(?=[A-Z])")
_AUTHORS = re.compile(r"\s*[•*-]\s*(\d+) authors?")
_DAY = re.compile(r"([A-Z][a-z]{2}) (\d{1,2})(?:, (\d{4}))?(?: \d+)?")


@dataclass(kw_only=True)
class _Entry:
    """A paper of the list."""

    line: int
    title: str
    abstract: str
    remarks: list[str] = field(default_factory=list)


def read_papers(request: Request) -> Imported:
    """A file for each paper of the list."""
    source = request.sources[0]
    try:
        text, problems = read_source(source)
    except DiagnosticError as error:
        return Imported(problems=(error.diagnostic,))
    entries = list(_entries(text))
    if not entries:
        what = "no title with an abstract below it was found"
        repair = "each title should be a line, and the abstract below it another one"
        return Imported(problems=(source_unreadable(Span(file=source.name), what, repair),))
    ids = IdAllocator(request.known_ids)
    files = {f"papers/{ids.assign('papers', fold(e.title), e.title)}.md": _text(e) for e in entries}
    left = [line for line in text.split("\n") if line.strip()]
    used = (
        {e.title for e in entries} | {e.abstract for e in entries} | {r for e in entries for r in e.remarks}
    )
    notes = tuple(
        f"left out: “{line.strip()[:60]}”" for line in left if _JOINED.sub("", line).strip() not in used
    )
    return Imported(files=files, ids=ids.given, problems=tuple(problems), notes=notes)


def _entries(text: str) -> Iterator[_Entry]:
    entry: _Entry | None = None
    title = ""
    title_line = 0
    for number, row in enumerate(text.split("\n"), start=1):
        line = _JOINED.sub("", row).strip()
        if len(line) >= _ABSTRACT and title:
            if entry:
                yield entry
            entry, title = _Entry(line=title_line, title=title, abstract=line), ""
        elif entry and (_AUTHORS.fullmatch(line) or _DAY.fullmatch(line) or line == "·"):
            entry.remarks.append(line)
        elif line:
            title, title_line = line, number
    if entry:
        yield entry


def _text(entry: _Entry) -> str:
    fields: Fields = {"title": escaped(entry.title)}
    for remark in entry.remarks:
        if found := _AUTHORS.fullmatch(remark):
            fields["note"] = f"{found[1]} author{'s' * (found[1] != '1')}"
        elif _DAY.fullmatch(remark):
            fields["published"] = re.sub(r"(?<=\d) \d+$", "", remark)
    return markdown_text(fields, escaped(entry.abstract))
