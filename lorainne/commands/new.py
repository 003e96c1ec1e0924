"""`lorainne new`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from lorainne.commands.shared import FOLDER, Choice, Refusal, require_content, show_list


def kinds() -> Iterable[str]:
    """Return what the kinds of content files with ids are called."""
    from lorainne.content.collections import BY_KIND

    return BY_KIND


@click.command(no_args_is_help=True)
@click.argument("kind", type=Choice(kinds), metavar="KIND")
@click.argument("name", nargs=-1, required=True)
@click.option(
    "--source", type=FOLDER, default=".", help="The folder that holds content/.  [default: this one]"
)
def new(kind: str, name: tuple[str, ...], source: Path) -> None:
    """Begin the file of a speaker, a talk, a poster, news …

    KIND is speaker, talk, poster, paper, news or page; NAME is the person's name, or the title.

    \b
    lorainne new speaker Ada Lovelace    content/speakers/ada-lovelace.md
    lorainne new talk "On engines"       content/talks/on-engines.md
    lorainne new poster "Wheels within"  content/posters/wheels-within.md
    lorainne new news "Travel grants"    content/news/DATE-travel-grants.md
    lorainne new page Venue              content/pages/venue.md

    The file holds every field that it can have, to be filled in. A file that is there already is not touched.
    """
    from lorainne.commands.project_files import create
    from lorainne.content import new_file, project

    current, _ = project.read(source)
    require_content(current)
    title = " ".join(name)
    try:
        path = new_file.path_of(kind, title, current)
    except new_file.UnusableNameError as error:
        raise Refusal(str(error)) from None
    if create(source, {path: new_file.blank(kind, title)}):
        raise Refusal(f"{path} is there already")
    show_list("written:", [path])
    show_list("next:", ["open it, and fill in what is known", *new_file.next_steps(kind, path, current)])
