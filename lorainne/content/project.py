"""A project: its files, the theme's files, and today's date. Nothing else of the outside reaches a build."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from lorainne.content import files, text
from lorainne.content.files import File, changed_meanwhile, tree
from lorainne.content.text import read_text
from lorainne.diagnostics import Diagnostic, DiagnosticError, Span, mistake

# Inside the package in a wheel, beside it in an editable install.
_PACKAGE = Path(__file__).parent.parent
THEME = next((p for p in (_PACKAGE / "theme", _PACKAGE.parent) if (p / "templates").is_dir()), _PACKAGE)
_THEME_FOLDERS = ("templates", "static")


@dataclass(frozen=True, kw_only=True, slots=True)
class Project:
    """Everything a build may know of the outside; files are named by their path below the project."""

    files: Mapping[str, File]
    theme: Mapping[str, File]
    today: date

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
        except DiagnosticError:
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


MISTAKES = (*files.MISTAKES, no_content, *text.MISTAKES)


def read(root: Path, *, theme: Path = THEME) -> tuple[Project, list[Diagnostic]]:
    """The project in a folder, and what in it cannot be read."""
    own, problems = tree(root)
    if "content/workshop.yaml" not in own:
        problems.append(no_content(Span(file="content/workshop.yaml")))
    themed, unreadable = tree(theme, _THEME_FOLDERS)
    return _project(own, themed), problems + unreadable


def changes(root: Path, project: Project) -> list[Diagnostic]:
    """The files that are no longer what they were when this project was read."""
    own, _ = tree(root)
    now, then = ({name: file.stamp for name, file in each.items()} for each in (own, project.files))
    return [changed_meanwhile(Span(file=name)) for name in sorted(dict(now.items() ^ then.items()))]


def from_texts(texts: Mapping[str, str | bytes], *, theme: Path = THEME) -> Project:
    """The project that these files would make: for tests, and for whoever has no disk."""
    contents = {name: text.encode() if isinstance(text, str) else text for name, text in texts.items()}
    own = {name: File(size=len(data), read=partial(bytes, data)) for name, data in contents.items()}
    themed, _ = tree(theme, _THEME_FOLDERS)
    return _project(own, themed)


def _project(own: Mapping[str, File], theme: Mapping[str, File]) -> Project:
    return Project(files=own, theme=theme, today=_today(os.environ.get("SOURCE_DATE_EPOCH")))


def _today(epoch: str | None) -> date:
    """Today (UTC), or the day of SOURCE_DATE_EPOCH where builds must be reproducible."""
    return datetime.fromtimestamp(int(epoch), UTC).date() if epoch else datetime.now(UTC).date()
