"""The command line: the only code that prints and exits."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lorainne import __version__

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
    A site begins with one file, content/workshop.yaml:
        name: My workshop
    Then, in the folder that holds content/:
        lorainne build
    and open _site/index.html in a browser.

    Speakers, talks and posters are Markdown files in content/speakers/, content/talks/ and
    content/posters/; the programme is content/schedule.yaml.
    """


@main.command()
@click.argument("source", type=_FOLDER, default=".")
@click.option("-o", "--output", type=_OUTPUT, help="Where the site goes.  [default: SOURCE/_site]")
@click.option("-q", "--quiet", is_flag=True, help="Print mistakes only.")
def build(source: Path, output: Path | None, quiet: bool) -> None:
    """Build the site of the workshop in SOURCE, the folder that holds content/ (default: this one).

    \b
    Everything is checked first. Where a mistake is found nothing is written, and the last good
    site stays as it was.

    \b
    Exit codes:  0  the site is built
                 1  the content has mistakes; they are listed, each with its place and its repair
                 2  the command was used wrongly
    """
    from lorainne import project, write
    from lorainne.build import compile_site

    started = time.perf_counter()
    target = output or source / "_site"
    refusals = write.refuse(target)
    found, unreadable = project.read(source)
    if refusals or unreadable:
        _report(found, refusals + unreadable)
        sys.exit(CONTENT_IS_WRONG)
    if not quiet:
        click.echo(f"building {source / 'content'}", err=True)
    site, problems = compile_site(found)
    warnings = _report(found, problems)
    if not site:
        click.echo(f"{warnings}: nothing was written", err=True)
        sys.exit(CONTENT_IS_WRONG)
    changes = write.write(site, target)
    if not quiet:
        pages = sum(path.endswith(".html") for path in site)
        seconds = time.perf_counter() - started
        told = f", {warnings}" if warnings else ""
        click.echo(
            f"{pages} pages in {seconds:.2f} s{told}: {target / 'index.html'}"
            f" ({len(changes.written)} files written, {len(changes.removed)} removed)",
            err=True,
        )


def _report(found: Project, problems: list[Diagnostic]) -> str:
    """Print the diagnostics; returns their number in words."""
    from lorainne import report

    if problems:
        click.echo(report.as_text(problems, found.lines), err=True)
    return report.summary(problems)
