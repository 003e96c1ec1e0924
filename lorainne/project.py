"""The one doorway to the outside: files and today's date. Only `scan`, its other half, reads from disk."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from lorainne import scan
from lorainne.diagnostics import Diagnostic, Span, mistake
from lorainne.scan import MAX_BYTES, File, UnreadableError
from lorainne.store import Keep, forget

__all__ = ["MAX_BYTES", "File", "Project", "UnreadableError"]

FORBIDDEN = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff"
"""Control characters but tab and line ends, marks that turn the direction of writing, and non-characters."""

_FORBIDDEN = re.compile(f"[{FORBIDDEN}]")

# Beside the package in a wheel, beside `pyproject.toml` in an editable install.
_HERE = Path(__file__).parent
THEME = next((p for p in (_HERE / "theme", _HERE.parent) if (p / "templates").is_dir()), _HERE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Project:
    """Everything a build may know of the outside; files are named by their path below the project."""

    files: Mapping[str, File]
    theme: Mapping[str, File]
    today: date
    keep: Keep = forget
    """Where what takes long to make is kept from build to build."""

    def below(self, folder: str) -> dict[str, File]:
        """The files below a folder, the project's own in place of the theme's, by name in a fixed order."""
        both = {**self.theme, **self.files}
        return {name: both[name] for name in sorted(both) if name.startswith(f"{folder}/")}

    def own_templates(self) -> list[str]:
        """The names of the templates that are not the theme's, in a fixed order."""
        return [
            name
            for name, file in self.below("templates").items()
            if name in self.files and (name not in self.theme or self.theme[name].stamp != file.stamp)
        ]

    def lines(self, name: str) -> list[str]:
        """The lines of a file, for showing them; none where it cannot be read as text."""
        file = self.files.get(name) or self.theme.get(name)
        try:
            return read_text(name, file).split("\n") if file else []
        except UnreadableError:
            return []


@mistake
def no_content(span: Span) -> Diagnostic:
    """The folder that was named holds no `content/workshop.yaml`.

    A site begins with that one file, and a `name` in it.

    Wrong: `lorainne build content`
    Right: `lorainne build`, in the folder that holds `content/`
    """
    return Diagnostic(
        message=f"there is no {span.file} here",
        span=span,
        help="run the command in the folder that holds `content/`, or begin a site with `lorainne init`",
    )


@mistake
def not_utf8(span: Span, byte: int) -> Diagnostic:
    """A file is not encoded in UTF-8.

    Only UTF-8 writes every name of every language in the same way on every computer.

    Wrong: a file saved as “Latin-1”, “ANSI” or “Unicode (UTF-16)”.
    Right: the same file saved as “UTF-8”.
    """
    return Diagnostic(
        message=f"this file is not UTF-8: byte 0x{byte:02x} here cannot be read",
        span=span,
        help="in your editor choose “Save with encoding… UTF-8”",
    )


@mistake
def forbidden_character(span: Span, character: str) -> Diagnostic:
    """A character that nobody can see, and that changes how the text is shown or read.

    Control characters come with copying from a PDF; the marks that turn the direction of writing can make a
    line read as something else than it says.

    Wrong: a title copied from a PDF, with a form feed in it.
    Right: the same title, typed.
    """
    return Diagnostic(
        message=f"the invisible character U+{ord(character):04X} is not allowed here",
        span=span,
        help="delete it: it stands just before the next visible character",
    )


MISTAKES = (*scan.MISTAKES, no_content, not_utf8, forbidden_character)


def read(root: Path, *, theme: Path = THEME, keep: Keep = forget) -> tuple[Project, list[Diagnostic]]:
    """The project in a folder, and what in it cannot be read."""
    files, problems = scan.tree(root)
    if "content/workshop.yaml" not in files:
        problems.append(no_content(Span(file="content/workshop.yaml")))
    themed, unreadable = scan.tree(theme, ("templates", "static"))
    return replace(_project(files, themed), keep=keep), problems + unreadable


def changes(root: Path, project: Project) -> list[Diagnostic]:
    """The files that are no longer what they were when this project was read."""
    files, _ = scan.tree(root)
    now, then = ({name: file.stamp for name, file in each.items()} for each in (files, project.files))
    return [scan.changed_meanwhile(Span(file=name)) for name in sorted(dict(now.items() ^ then.items()))]


def edited(before: Project, now: Project) -> dict[str, File]:
    """The files that were saved anew; raises ValueError where anything else has changed."""
    theme, same = ([file.stamp for file in each.theme.values()] for each in (before, now))
    if (before.today, before.files.keys(), theme) != (now.today, now.files.keys(), same):
        raise ValueError
    return {name: file for name, file in now.files.items() if file.stamp != before.files[name].stamp}


def from_texts(texts: Mapping[str, str | bytes], *, theme: Path = THEME) -> Project:
    """The project that these files would make: for tests, and for whoever has no disk."""
    contents = {name: text.encode() if isinstance(text, str) else text for name, text in texts.items()}
    files = {name: File(size=len(data), read=partial(bytes, data)) for name, data in contents.items()}
    themed, _ = scan.tree(theme, ("templates", "static"))
    return _project(files, themed)


def _project(files: Mapping[str, File], theme: Mapping[str, File]) -> Project:
    return Project(files=files, theme=theme, today=_today(os.environ.get("SOURCE_DATE_EPOCH")))


def _today(epoch: str | None) -> date:
    """Today (UTC), or the day of SOURCE_DATE_EPOCH where builds must be reproducible."""
    return datetime.fromtimestamp(int(epoch), UTC).date() if epoch else datetime.now(UTC).date()


def read_text(name: str, file: File) -> str:
    """A file's text with `\\n` at the ends of lines; raises UnreadableError unless it is clean UTF-8."""
    if file.size > MAX_BYTES:
        raise UnreadableError(scan.file_too_large(Span(file=name), file.size))
    data = file.read().removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableError(
            not_utf8(place(name, data[: error.start].decode("latin-1")), data[error.start])
        ) from None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if bad := _FORBIDDEN.search(text):
        raise UnreadableError(forbidden_character(place(name, text[: bad.start()]), bad.group()))
    return text


def place(name: str, before: str) -> Span:
    """The span of the character that follows the text `before`."""
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return Span(file=name, line=line, column=column, end_line=line, end_column=column + 1)
