"""The commands of those who begin a site and write its content: init, new, serve, release, schema."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:  # imported where needed, as in cli
    from lorainne.formats.story import Story
    from lorainne.init import Answers
    from lorainne.project import Project
    from lorainne.serve import State

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_NEW_FOLDER = click.Path(file_okay=False, path_type=Path)
SORTS = ("speaker", "talk", "poster", "paper", "news", "page")
KINDS = ("workshop", "schedule", "about", *SORTS)
"""The keys of new.SORTS and of schema.FILES, which `--help` does not wait for."""


class Refusal(click.ClickException):
    """The command cannot be used like this; how it is used in general would not help."""

    exit_code = 2


@click.command()
@click.argument("folder", type=_NEW_FOLDER, default=".", metavar="[DIR]")
@click.option("--name", help="The workshop's name, such as LoRAINNe'25.")
@click.option("--dates", help="Its first and last day: 2025-06-02 to 2025-06-03.")
@click.option("--place", help="Building, city and country; may be empty.")
@click.option("--timezone", help="The time zone of the place, such as Europe/Paris.")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
def init(
    folder: Path, name: str | None, dates: str | None, place: str | None, timezone: str | None, dry_run: bool
) -> None:
    """Begin a site in DIR (default: this folder).

    Writes a small example to content/, the workflows that check and publish it on GitHub, a README for the
    colleagues who edit it, and settings with which Visual Studio Code completes its fields. What is not given
    as an option is asked. Files that are there already stay as they are; where content/ holds any file, no
    example is added to it.
    """
    from lorainne import init as beginning
    from lorainne.write import create, existing

    files, address = beginning.around(), beginning.pages_address(folder)
    if not beginning.has_content(folder):
        answers = _ask(name, dates, place, timezone)
        files = {**beginning.content(answers, address), **files}
    files = beginning.beside_another_guide(folder, files)
    try:
        there = existing(folder, files) if dry_run else create(folder, files)
    except OSError as error:
        raise click.ClickException(f"{error.filename} cannot be written: {error.strerror}") from None
    _list("would be written:" if dry_run else "written:", sorted(files.keys() - there))
    _list("there already, and left alone:", sorted(there))
    if not dry_run:
        _list("next:", _after_init(folder, address))


def _after_init(folder: Path, address: str) -> Iterable[str]:
    if folder != Path():
        yield f"cd {folder}"
    yield "lorainne serve --open   shows the site, and every change as soon as it is saved"
    yield "edit the files in content/, and put your speakers in place of the examples"
    if not address:
        yield "to publish it, push this folder to a repository on GitHub, and there, in Settings,"
        yield "under Pages, choose GitHub Actions as the source"
        return
    yield "on GitHub, in Settings, under Pages, choose GitHub Actions as the source; then"
    yield 'git add . && git commit -m "The first site" && git push'
    yield f"publishes it at {address}"


def _ask(name: str | None, dates: str | None, place: str | None, timezone: str | None) -> Answers:
    """What an organiser knows on the first day; only what was not given is asked."""
    from lorainne.init import Answers

    asks_the_place = place is None and not (name and dates and timezone)  # who gives all else leaves it open
    name = name or click.prompt("The workshop's name, such as LoRAINNe'25")
    dates = _answer(dates, "Its dates, such as 2025-06-02 to 2025-06-03 (a guess will do)", _dates)
    if asks_the_place:
        question = "Building, city and country, such as The Hall, Nancy, France (nothing, if not known yet)"
        place = click.prompt(question, default="", show_default=False)
    timezone = _answer(timezone, "The time zone of the place, such as Europe/Paris", _zone)
    return Answers(name=name, dates=dates, place=place or "", timezone=timezone)


def _answer(given: str | None, question: str, check: Callable[[str], str]) -> str:
    """The option, or the answer to the question, which is asked again until it can be used."""
    answer: str = check(given) if given else click.prompt(question, value_proc=check)
    return answer


def _dates(text: str) -> str:
    """The dates as they are written in content, or a usage error."""
    from lorainne.values import READERS, Period, WrongWeekdayError

    reader = READERS[Period]
    try:
        reader.read(text.strip())
    except ValueError as error:
        why = f"{error}; " if isinstance(error, WrongWeekdayError) or "first" in str(error) else ""
        raise click.BadParameter(f"{why}write dates like {reader.example}") from None
    return text.strip()


def _zone(text: str) -> str:
    """The zone's name, or a usage error with the zone of that city."""
    from zoneinfo import available_timezones

    from lorainne.spelling import nearest
    from lorainne.values import read_zone

    try:
        return read_zone(text.strip()).key
    except ValueError:
        zones = available_timezones()
    city = text.strip().casefold().replace(" ", "_")
    same = sorted(zone for zone in zones if zone.casefold().endswith(f"/{city}"))
    near = [f"did you mean `{zone}`?" for zone in same or nearest(text, zones, likeness=0.6)]
    hint = [*near, "write a continent and a large city with the same time, like Europe/Paris"][0]
    raise click.BadParameter(f"“{text}” is not a time zone; {hint}")


@click.command(no_args_is_help=True)
@click.argument("kind", type=click.Choice(SORTS), metavar="KIND")
@click.argument("name", nargs=-1, required=True)
@click.option(
    "--source", type=_FOLDER, default=".", help="The folder that holds content/.  [default: this one]"
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
    from lorainne import new as beginning
    from lorainne import project
    from lorainne.write import create

    found, _ = project.read(source)
    _require_content(found)
    title = " ".join(name)
    try:
        path = beginning.path_of(kind, title, found)
    except beginning.UnusableNameError as error:
        raise Refusal(str(error)) from None
    if create(source, {path: beginning.blank(kind, title)}):
        raise Refusal(f"{path} is there already")
    _list("written:", [path])
    _list("next:", ["open it, and fill in what is known", *beginning.next_steps(kind, path, found)])


@click.command()
@click.argument("source", type=_FOLDER, default=".")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="The number in the address; if it is taken, the next free one.",
)
@click.option("--open", "open_", is_flag=True, help="Open the site in the browser.")
def serve(source: Path, port: int, open_: bool) -> None:
    """Show the site in the browser, and every change.

    SOURCE is the folder that holds content/ (default: this one). When a file is saved, open pages follow by
    themselves. While the content has mistakes they are shown over the last good page. Only this computer can
    see the site, and nothing is written. Ctrl-C ends it.
    """
    import webbrowser

    from lorainne.serve import Live, listen

    live = Live(source)
    _require_content(live.state.project)
    try:
        server = listen(live, port)
    except OSError as error:
        raise click.ClickException(f"port {port} cannot be used: {error.strerror}") from None
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    _tell(live.state)
    if port and server.server_port != port:
        click.echo(f"port {port} is taken; this is the next one that is free:", err=True)
    click.echo(f"{server.url}  (Ctrl-C ends it)", err=True)
    if open_:
        webbrowser.open(server.url)
    with suppress(KeyboardInterrupt):
        for state in live.rebuilds():
            _tell(state)


def _tell(state: State) -> None:
    """What is wrong, and what is shown now."""
    from lorainne import report
    from lorainne.diagnostics import has_errors

    if state.problems:
        colour = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
        click.echo(report.as_text(state.problems, state.project.lines, colour=colour), err=True)
    found = report.summary(state.problems)
    if has_errors(state.problems):
        click.echo(
            f"{found}; {'the last good site stays' if state.site else 'there is no site yet'}", err=True
        )
    else:
        click.echo(f"built in {state.seconds:.2f} s{found and f', {found}'}", err=True)


@click.command("release", no_args_is_help=True)
@click.argument("name")
@click.argument("source", type=_FOLDER, default=".")
@click.option("--note", default="", help="A sentence to readers, shown with the changes.")
@click.option("--dry-run", is_flag=True, help="Say what has changed, and write nothing.")
def release_(name: str, source: Path, note: str, dry_run: bool) -> None:
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
    from lorainne import release
    from lorainne.write import create

    story = _sound_story(source, name)
    releases, changes = story.workshop.releases, release.unreleased(story)
    path, told = release.path_of(name), release.sentences(story, changes)
    if not releases and not story.slots:
        raise Refusal("there is no programme yet; it is written in content/schedule.yaml")
    if releases and not changes:
        click.echo(f"nothing has changed since {releases[-1].id}; no release was written")
        return
    if not dry_run and create(source, {path: release.text(story, note)}):
        raise Refusal(f"{path} is there already")
    _list("would be written:" if dry_run else "written:", [path])
    _list(f"changed since {releases[-1].id}:" if releases else "", told)
    if not dry_run:
        _list("to mail to the people concerned:", release.mail(story, changes))


def _sound_story(source: Path, name: str) -> Story:
    """The story of content without errors, of which there is no release of this name yet."""
    from lorainne import project, release, report
    from lorainne.build import compile_site
    from lorainne.decode import is_id
    from lorainne.diagnostics import has_errors

    found, problems = project.read(source)
    _require_content(found)
    if not is_id(name):
        raise Refusal(f"“{name}” cannot be a release's name; use small letters, digits and hyphens, like v2")
    if release.path_of(name) in found.files:
        raise Refusal(f"{release.path_of(name)} is there already; choose another name")
    problems = problems or compile_site(found)[1]
    if has_errors(problems):
        colour = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
        click.echo(report.as_text(problems, found.lines, colour=colour), err=True)
        click.echo(f"{report.summary(problems)}: nothing was written", err=True)
        sys.exit(1)
    return release.story_of(found)


@click.command()
@click.argument("kind", type=click.Choice(KINDS), required=False, metavar="[KIND]")
def schema(kind: str | None) -> None:
    """Print the JSON Schema of a KIND of file.

    Text editors know from it which fields there are, and what they hold. `lorainne init` sets up Visual
    Studio Code with those of workshop.yaml and schedule.yaml; those of Markdown files are for the lines at
    their top. Without a KIND all of them are listed.
    """
    from lorainne.schema import FILES
    from lorainne.schema import schema as schema_of

    if kind:
        click.echo(schema_of(kind))
    else:
        width = max(map(len, FILES))
        click.echo("\n".join(f"{name:{width}}  {place}" for name, (_, place, _) in FILES.items()))


def _require_content(found: Project) -> None:
    if "content/workshop.yaml" not in found.files:
        raise Refusal("there is no content/workshop.yaml here; `lorainne init` begins a site")


def _list(heading: str, lines: Iterable[str]) -> None:
    """A heading and what belongs to it; nothing where nothing does."""
    if shown := [f"  {line}" for line in lines]:
        click.echo("\n".join([heading, *shown]))
