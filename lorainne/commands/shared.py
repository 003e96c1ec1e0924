"""What several commands share: arguments, exit codes, and how they print."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from lorainne.content.project import Project
    from lorainne.diagnostics import Diagnostic

CLEAN, CONTENT_IS_WRONG = 0, 1  # 2, the command was used wrongly, is click's

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
NEW_FOLDER = click.Path(file_okay=False, path_type=Path)


class Choice(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.4 on only
    """One of some words, which are loaded when they are needed."""

    name = "choice"

    def __init__(self, words: Callable[[], Iterable[str]]) -> None:
        self._words = words

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        words = [*self._words()]
        if value not in words:
            self.fail(f"{value!r} is not one of {', '.join(map(repr, words))}.", param, ctx)
        return value

    def shell_complete(
        self, _ctx: click.Context, _param: click.Parameter, start: str
    ) -> list[CompletionItem]:
        return [CompletionItem(word) for word in self._words() if word.startswith(start)]


class Refusal(click.ClickException):
    """The command cannot be used like this; how it is used in general would not help."""

    exit_code = 2


def require_content(project: Project) -> None:
    """Raise Refusal where a project has no content yet."""
    if "content/workshop.yaml" not in project.files:
        raise Refusal("there is no content/workshop.yaml here; `lorainne init` begins a site")


def uses_colour(stream: TextIO) -> bool:
    """Return whether to use colours: on a terminal, unless NO_COLOR (no-color.org) asks for none."""
    return stream.isatty() and not os.environ.get("NO_COLOR")


def show_problems(project: Project, problems: list[Diagnostic]) -> str:
    """Print the diagnostics to stderr; return their number in words."""
    from lorainne import report

    if problems:
        say(report.as_text(problems, project.lines, colour=uses_colour(sys.stderr)))
    return report.summary(problems)


def say(line: str) -> None:
    """Print a line to stderr; where nobody listens any more, the work goes on."""
    try:
        click.echo(line, err=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def show_list(heading: str, lines: Iterable[str]) -> None:
    """Print a heading and what belongs to it; nothing where nothing does."""
    if indented := [f"  {line}" for line in lines]:
        click.echo("\n".join([heading, *indented]))
