"""`lorainne build`."""

from __future__ import annotations

import gc
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lorainne.commands.shared import CONTENT_IS_WRONG, FOLDER, NEW_FOLDER, say, show_problems

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lorainne.output.publish import Changes


@click.command()
@click.argument("source", type=FOLDER, default=".")
@click.option("-o", "--output", type=NEW_FOLDER, help="Where the site goes.  [default: SOURCE/_site]")
@click.option("-q", "--quiet", is_flag=True, help="Print mistakes only.")
@click.option("--strict", is_flag=True, help="Let a warning stop the build, as an error does.")
@click.option("--adopt", is_flag=True, help="Build in a folder that holds files of others; they stay.")
@click.option("--no-cache", is_flag=True, help="Make everything anew, and keep nothing in .lorainne/.")
def build(source: Path, output: Path | None, quiet: bool, strict: bool, adopt: bool, no_cache: bool) -> None:
    """Build the site into _site/.

    SOURCE is the folder that holds content/ (default: this one). Everything is checked first. Where a mistake
    is found nothing is written, and the last good site stays as it was.

    \b
    Exit codes:  0  the site is built
                 1  the content has mistakes; they are listed with their repairs
                 2  the command was used wrongly
    """
    from lorainne.build import compile_site
    from lorainne.content import project
    from lorainne.diagnostics import has_errors
    from lorainne.output.blob_cache import BlobCache
    from lorainne.output.publish import publish, refuse
    from lorainne.programme.facts import no_cache as without_cache

    started = time.perf_counter()
    gc.disable()  # what is read is needed to the end: looking for waste in it takes a tenth of the time
    target = output or source / "_site"
    refusals = refuse(target, source, adopt=adopt)
    current, unreadable = project.read(source)
    if refusals or unreadable:
        show_problems(current, refusals + unreadable)
        sys.exit(CONTENT_IS_WRONG)
    if not quiet:
        say(f"building {source / 'content'}")
    compiled = compile_site(current, get_or_make=without_cache if no_cache else BlobCache(source).get_or_make)
    stops = has_errors(compiled.problems) or (strict and compiled.problems)
    warnings = show_problems(current, compiled.all_problems() if stops else compiled.problems)
    if stops:
        say(f"{warnings}: nothing was written")
        sys.exit(CONTENT_IS_WRONG)
    gc.freeze()
    gc.enable()
    check = partial(project.changes, source, current)
    changes = publish(compiled.site, target, adopt=adopt, check=check)
    show_problems(current, [*changes.problems])
    if has_errors(changes.problems):
        sys.exit(CONTENT_IS_WRONG)
    if not quiet:
        found = f", {warnings}" if warnings else ""
        seconds = time.perf_counter() - started
        say(f"{_pages(compiled.site)} in {seconds:.2f} s{found}: {target / 'index.html'} ({_files(changes)})")


def _pages(site: Iterable[str]) -> str:
    return f"{sum(path.endswith('.html') for path in site)} pages"


def _files(changes: Changes) -> str:
    return f"{len(changes.written)} files written, {len(changes.removed)} removed"
