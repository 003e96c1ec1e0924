"""`lorainne init`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lorainne.commands.shared import NEW_FOLDER, show_list

if TYPE_CHECKING:
    from lorainne.commands.scaffold import Answers


@click.command()
@click.argument("folder", type=NEW_FOLDER, default=".", metavar="[DIR]")
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
    from lorainne.commands import scaffold
    from lorainne.commands.project_files import create, existing

    files, address = scaffold.around(), scaffold.pages_address(folder)
    if not scaffold.has_content(folder):
        answers = _ask(name, dates, place, timezone)
        files = {**scaffold.content(answers, address), **files}
    files = scaffold.beside_another_guide(folder, files)
    try:
        there = existing(folder, files) if dry_run else create(folder, files)
    except OSError as error:
        raise click.ClickException(f"{error.filename} cannot be written: {error.strerror}") from None
    show_list("would be written:" if dry_run else "written:", sorted(files.keys() - there))
    show_list("there already, and left alone:", sorted(there))
    if not dry_run:
        show_list("next:", _after_init(folder, address))


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
    from lorainne.commands.scaffold import Answers

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
    from lorainne.content.values import READERS, Period, WrongWeekdayError

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

    from lorainne.content.text import nearest
    from lorainne.content.values import read_zone

    try:
        return read_zone(text.strip()).key
    except ValueError:
        zones = available_timezones()
    city = text.strip().casefold().replace(" ", "_")
    same = sorted(zone for zone in zones if zone.casefold().endswith(f"/{city}"))
    near = [f"did you mean `{zone}`?" for zone in same or nearest(text, zones, min_similarity=0.6)]
    hint = [*near, "write a continent and a large city with the same time, like Europe/Paris"][0]
    raise click.BadParameter(f"“{text}” is not a time zone; {hint}")
