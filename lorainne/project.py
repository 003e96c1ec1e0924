"""The one doorway to the outside: files and today's date. Only `scan`, its other half, reads from disk."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from lorainne import encoding, scan
from lorainne.diagnostics import Diagnostic, Span, mistake
from lorainne.encoding import read_text
from lorainne.scan import File, UnreadableError
from lorainne.store import Keep, forget

__all__ = ["File", "Project", "UnreadableError"]

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


MISTAKES = (*scan.MISTAKES, no_content, *encoding.MISTAKES)


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
