"""`lorainne release`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lorainne.commands.shared import (
    CONTENT_IS_WRONG,
    FOLDER,
    Refusal,
    require_content,
    say,
    show_list,
    show_problems,
)

if TYPE_CHECKING:
    from lorainne.programme.context import Context


@click.command(no_args_is_help=True)
@click.argument("name")
@click.argument("source", type=FOLDER, default=".")
@click.option("--note", default="", help="A sentence to readers, shown with the changes.")
@click.option("--dry-run", is_flag=True, help="Say what has changed, and write nothing.")
def release(name: str, source: Path, note: str, dry_run: bool) -> None:
    """Keep the programme as the release NAME, such as v2.

    For the day on which it is told to people, and for later changes that they should hear of. From then on
    readers are told what changes: subscribed calendars move talks and show what is cancelled, the schedule
    has marks and a page of changes, the feed an entry. The release is the file content/releases/NAME.yaml
    below SOURCE (default: this folder). The command ends with a text to mail to the people concerned.

    \b
    Exit codes:  0  the release is written, or nothing has changed since
                 1  the content has mistakes, nothing was written
                 2  the command was used wrongly
    """
    from lorainne.commands.project_files import create
    from lorainne.programme import release_file

    context = _sound_context(source, name)
    releases, changes = context.workshop.releases, release_file.unreleased(context)
    path, sentences = release_file.path_of(name), release_file.sentences(context, changes)
    if not releases and not context.slots:
        raise Refusal("there is no programme yet; it is written in content/schedule.yaml")
    if releases and not changes:
        click.echo(f"nothing has changed since {releases[-1].id}; no release was written")
        return
    if not dry_run and create(source, {path: release_file.text(context, note)}):
        raise Refusal(f"{path} is there already")
    show_list("would be written:" if dry_run else "written:", [path])
    show_list(f"changed since {releases[-1].id}:" if releases else "", sentences)
    if not dry_run:
        show_list("to mail to the people concerned:", release_file.mail(context, changes))


def _sound_context(source: Path, name: str) -> Context:
    """Return the context of content without errors, of which there is no release of this name yet."""
    from lorainne.build import compile_site
    from lorainne.content import project
    from lorainne.content.text import is_id
    from lorainne.diagnostics import has_errors
    from lorainne.programme import release_file

    current, problems = project.read(source)
    require_content(current)
    if not is_id(name):
        raise Refusal(f"“{name}” cannot be a release's name; use small letters, digits and hyphens, like v2")
    if release_file.path_of(name) in current.files:
        raise Refusal(f"{release_file.path_of(name)} is there already; choose another name")
    compiled = None if problems else compile_site(current)
    if compiled and compiled.context and not has_errors(compiled.problems):
        return compiled.context
    found = show_problems(current, compiled.problems if compiled else problems)
    say(f"{found}: nothing was written")
    sys.exit(CONTENT_IS_WRONG)
