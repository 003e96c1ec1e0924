"""`lorainne check`."""

from __future__ import annotations

import sys
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lorainne.commands.shared import CLEAN, CONTENT_IS_WRONG, FOLDER, uses_colour

if TYPE_CHECKING:
    from lorainne.content.project import Project
    from lorainne.diagnostics import Diagnostic


@click.command()
@click.argument("source", type=FOLDER, default=".")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
    help="text for people, github for marks in a pull request, json and sarif for programs.",
)
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
@click.option("--fix", is_flag=True, help="Apply the repairs that are certain, and show what changed.")
def check(source: Path, format_: str, strict: bool, fix: bool) -> None:
    """Find every mistake, and build nothing.

    SOURCE is the folder that holds content/ (default: this one). What a build would find is found, in all
    files at once. `lorainne explain CODE` tells more about the code in square brackets.

    \b
    Exit codes:  0  nothing is wrong, or there are warnings only
                 1  something is wrong
                 2  the command was used wrongly
    """
    from lorainne import diagnostics, report

    current, problems = _problems(source)
    if fix and _apply_fixes(source, current, problems):
        current, problems = _problems(source)
    if format_ == "text":
        if problems:
            click.echo(report.as_text(problems, current.lines, colour=uses_colour(sys.stdout)))
        click.echo(report.summary(problems) or "nothing is wrong")
    elif text := report.FOR_PROGRAMS[format_](problems):
        click.echo(text)
    sys.exit(CONTENT_IS_WRONG if diagnostics.has_errors(problems) or (strict and problems) else CLEAN)


def _problems(source: Path) -> tuple[Project, list[Diagnostic]]:
    """Return the project and everything that a build would find; what cannot go wrong is not rendered."""
    from lorainne.build import compile_site
    from lorainne.content import project

    current, problems = project.read(source)
    if problems:
        return current, problems
    return current, compile_site(current).all_problems()


def _apply_fixes(source: Path, current: Project, problems: list[Diagnostic]) -> bool:
    """Write the certain repairs and print the differences; return whether there were any."""
    from lorainne.commands.project_files import rewrite
    from lorainne.content.fix import fixable, fixed

    repairs = [problem for problem in fixable(problems) if problem.span.file in current.files]
    for name in sorted({repair.span.file for repair in repairs}):
        before = current.files[name].read()
        after = fixed(before, [repair for repair in repairs if repair.span.file == name])
        rewrite(source / name, after)
        old, new = (data.decode().splitlines(keepends=True) for data in (before, after))
        click.echo("".join(unified_diff(old, new, name, name, n=0)), nl=False)
    return bool(repairs)
