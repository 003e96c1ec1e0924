"""The command line: the only code that prints and exits."""

from __future__ import annotations

import os
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from lorainne import __version__
from lorainne.editing_commands import init, new, release_, schema, serve
from lorainne.import_commands import import_

if TYPE_CHECKING:  # imported where needed: `--help` should not wait for templates and Markdown
    from lorainne.diagnostics import Diagnostic
    from lorainne.project import Project

CLEAN, CONTENT_IS_WRONG = 0, 1  # 2, the command was used wrongly, is click's

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_OUTPUT = click.Path(file_okay=False, path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="lorainne", message="%(prog)s %(version)s")
def main() -> None:
    """lorainne compiles a workshop's content into its website.

    \b
    lorainne init           asks for name, dates and place, and writes an example
    lorainne serve --open   shows its site in the browser, and every change
    lorainne build          writes the site to _site/

    The workshop is content/workshop.yaml, its programme content/schedule.yaml; speakers, talks and posters
    are Markdown files in content/speakers/, content/talks/ and content/posters/.
    """


for command in (init, new, serve, release_, schema, import_):
    main.add_command(command)


@main.command()
@click.argument("source", type=_FOLDER, default=".")
@click.option("-o", "--output", type=_OUTPUT, help="Where the site goes.  [default: SOURCE/_site]")
@click.option("-q", "--quiet", is_flag=True, help="Print mistakes only.")
@click.option("--strict", is_flag=True, help="Let a warning stop the build, as an error does.")
@click.option("--adopt", is_flag=True, help="Build in a folder that holds files of others; they stay.")
@click.option("--no-cache", is_flag=True, help="Make everything anew, and keep nothing in .lorainne/.")
@click.pass_obj
def build(
    arguments: list[str] | None,
    source: Path,
    output: Path | None,
    quiet: bool,
    strict: bool,
    adopt: bool,
    no_cache: bool,
) -> None:
    """Build the site into _site/.

    SOURCE is the folder that holds content/ (default: this one). Everything is checked first. Where a mistake
    is found nothing is written, and the last good site stays as it was.

    \b
    Exit codes:  0  the site is built
                 1  the content has mistakes; they are listed with their repairs
                 2  the command was used wrongly
    """
    from lorainne import bodies, diagnostics, edited, project, store, unchanged, write

    started = time.perf_counter()
    target = output or source / "_site"
    # Before anything is read: what is saved from now on counts as a change.
    watch = unchanged.Watch(str(source), str(target))
    refusals = write.refuse(target, source, adopt=adopt)
    found, unreadable = project.read(source, keep=store.forget if no_cache else store.Store(str(source)).keep)
    if refusals or unreadable:
        _report(found, refusals + unreadable)
        sys.exit(CONTENT_IS_WRONG)
    opening = "" if quiet else f"building {source / 'content'}\n"
    _write(opening)
    # A second process parses bodies while this one imports all else, and reads front matter.
    take_bodies = bodies.begin(found.below("content"))
    from lorainne.build import compile_site

    site, problems = compile_site(found, take_bodies=take_bodies)
    warnings = _report(found, problems)
    if not site or (strict and problems):
        _say(f"{warnings}: nothing was written")
        sys.exit(CONTENT_IS_WRONG)
    check = partial(project.changes, source, found)
    changes = write.write(site, target, adopt=adopt, check=check, woven=site.woven)
    _report(found, [*changes.problems])
    if diagnostics.has_errors(changes.problems):
        sys.exit(CONTENT_IS_WRONG)
    pages = "" if quiet else f"{sum(path.endswith('.html') for path in site)} pages"
    told = (f", {warnings}" if warnings else "") + f": {target / 'index.html'}"
    plain, coloured = (_text(found, problems, colour) for colour in (False, True))
    said = unchanged.Said(opening, plain, coloured, pages, told)
    _write(said.anew(time.perf_counter() - started, len(changes.written), len(changes.removed)))
    if arguments and not no_cache and not changes.problems:
        edited.keep(watch, arguments, said, site.bodies, changes.seams)


@main.command()
@click.argument("source", type=_FOLDER, default=".")
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
    from lorainne import diagnostics, project, report
    from lorainne.build import compile_site

    found, problems = project.read(source)
    if not problems:
        _, problems = compile_site(found)
    if fix and _apply(source, found, problems):
        found, problems = project.read(source)
        _, problems = compile_site(found)
    if format_ == "text":
        if problems:
            click.echo(report.as_text(problems, found.lines, colour=_colour(sys.stdout)))
        click.echo(report.summary(problems) or "nothing is wrong")
    elif text := report.FOR_PROGRAMS[format_](problems):
        click.echo(text)
    sys.exit(CONTENT_IS_WRONG if diagnostics.has_errors(problems) or (strict and problems) else CLEAN)


def _apply(source: Path, found: Project, problems: list[Diagnostic]) -> bool:
    """Write the certain repairs and print the differences; whether there were any."""
    from difflib import unified_diff

    from lorainne.fix import fixable, fixed
    from lorainne.write import rewrite

    repairs = [problem for problem in fixable(problems) if problem.span.file in found.files]
    for name in sorted({repair.span.file for repair in repairs}):
        before = found.files[name].read()
        after = fixed(before, [repair for repair in repairs if repair.span.file == name])
        rewrite(source / name, after)
        old, new = (data.decode().splitlines(keepends=True) for data in (before, after))
        click.echo("".join(unified_diff(old, new, name, name, n=0)), nl=False)
    return bool(repairs)


@main.command()
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Explain a mistake by its CODE, such as weekday-mismatch.

    It is told what it means, why it matters, and how to repair it. Without a CODE all of them are listed.
    """
    from lorainne import codes
    from lorainne.diagnostics import code_of
    from lorainne.spelling import nearest

    known = {code_of(function): codes.explanation(function) for function in codes.ALL}
    if code is None:
        width = max(map(len, known))
        for name in sorted(known):
            click.echo(f"{name:{width}}  {known[name].splitlines()[0]}")
    elif code in known:
        click.echo(f"{code}\n\n{known[code]}")
    else:
        near = [f"did you mean `{other}`?" for other in nearest(code, known, likeness=0.6)]
        raise click.UsageError(f"there is no code {code}; {[*near, '`lorainne explain` lists them all'][0]}")


def _colour(stream: TextIO) -> bool:
    """Whether to use colours: on a terminal, unless NO_COLOR (no-color.org) asks for none."""
    return stream.isatty() and not os.environ.get("NO_COLOR")


def _report(found: Project, problems: list[Diagnostic]) -> str:
    """Print the diagnostics; returns their number in words."""
    from lorainne import report

    _write(_text(found, problems, _colour(sys.stderr)))
    return report.summary(problems)


def _text(found: Project, problems: list[Diagnostic], colour: bool) -> str:
    """The diagnostics as they are printed."""
    from lorainne import report

    return report.as_text(problems, found.lines, colour=colour) + "\n" if problems else ""


def _say(line: str) -> None:
    _write(f"{line}\n")


def _write(text: str) -> None:
    """Print to stderr; where nobody listens any more, the work goes on."""
    try:
        click.echo(text, nl=False, err=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
