"""`lorainne import`: moving in, and again next week."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:  # imported where needed, as in cli
    from lorainne.content.project import Project
    from lorainne.diagnostics import Diagnostic
    from lorainne.importers.again import Merged
    from lorainne.importers.draft import Imported, Request, Source

RECORDS = ".imports"
"""The folder below `content/` in which imports remember what they wrote."""

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _options(command: Any) -> Any:
    """What every import can be told."""
    for option in (
        click.option(
            "-o",
            "--output",
            type=click.Path(file_okay=False, path_type=Path),
            default=".",
            help="The folder that holds content/, or will hold it.  [default: this one]",
        ),
        click.option("--dry-run", is_flag=True, help="Show the differences, and write nothing."),
        click.option("--prune", is_flag=True, help="Remove files whose talk or person left the source."),
    ):
        command = option(command)
    return command


def _check_fields(fields: Iterable[str]) -> None:
    from lorainne.content.text import did_you_mean
    from lorainne.importers.spreadsheet import COLUMNS

    for field in fields:
        if field not in COLUMNS:
            raise click.BadParameter(
                f"there is no field {field}; {did_you_mean(field, COLUMNS)}", param_hint="--column"
            )


def _checked_zone(_context: click.Context, _parameter: click.Parameter, timezone: str) -> str:
    from lorainne.content.values import read_zone

    try:
        return timezone and read_zone(timezone).key
    except ValueError:
        raise click.BadParameter(f"{timezone} is not a time zone, such as Europe/Paris") from None


_zone = click.option(
    "--timezone", default="", callback=_checked_zone, help="The venue's time zone, such as Europe/Paris."
)


@click.group("import")
def import_() -> None:
    """Turn a page, a spreadsheet or an export into content.

    Review the result as you would a colleague's change, then run `lorainne build`. An import can be repeated
    with a newer source: what was edited by hand stays, and only what the source changed changes. For this it
    remembers in content/.imports/ what it wrote.

    \b
    Exit codes:  0  imported; mistakes of the source, and what was made of them,
                    are listed
                 1  the source cannot be read, nothing was written
                 2  the command was used wrongly
    """


@import_.command()
@click.argument("file", type=_FILE)
@_zone
@_options
def page(file: Path, timezone: str, output: Path, dry_run: bool, prune: bool) -> None:
    """Import a one-page site in Markdown.

    It was written by hand, in English or French.
    """
    _run("page", (file,), output, dry_run, prune, timezone=timezone)


@import_.command("csv")
@click.argument("kind", type=click.Choice(["speakers", "talks", "posters"]))
@click.argument("files", type=_FILE, nargs=-1, required=True)
@click.option(
    "--column", "columns", multiple=True, metavar="THEIRS=FIELD", help="What a column holds; repeatable."
)
@_options
def csv_(
    kind: str, files: tuple[Path, ...], columns: tuple[str, ...], output: Path, dry_run: bool, prune: bool
) -> None:
    """Import a table of speakers, talks or posters, saved as CSV.

    Columns are found by their names, in English or French; EasyChair's submission.csv and author.csv are
    given together. Authors are read from `A (X); B (Y)*`, where the star marks who presents.
    """
    pairs = [column.rpartition("=") for column in columns]
    _check_fields([field.strip() for *_, field in pairs])
    if wrong := next((column for column, pair in zip(columns, pairs, strict=True) if not pair[0]), ""):
        raise click.BadParameter(f"{wrong} does not have the form THEIRS=FIELD", param_hint="--column")
    mapping = {theirs.strip(): field.strip() for theirs, _, field in pairs}
    _run(f"csv {kind}", files, output, dry_run, prune, columns=mapping)


@import_.command()
@click.argument("file", type=_FILE)
@_zone
@_options
def frab(file: Path, timezone: str, output: Path, dry_run: bool, prune: bool) -> None:
    """Import a schedule.xml or schedule.json.

    Such files are published by pretalx, frab, wafer and FOSDEM.
    """
    _run("frab", (file,), output, dry_run, prune, timezone=timezone)


@import_.command()
@click.argument("file", type=_FILE)
@_zone
@_options
def ics(file: Path, timezone: str, output: Path, dry_run: bool, prune: bool) -> None:
    """Import a calendar in the iCalendar format."""
    _run("ics", (file,), output, dry_run, prune, timezone=timezone)


@import_.command()
@click.argument("file", type=_FILE)
@_options
def papers(file: Path, output: Path, dry_run: bool, prune: bool) -> None:
    """Import a list of papers for the reading list.

    Each title stands on a line, its abstract on another below.
    """
    _run("papers", (file,), output, dry_run, prune)


def _run(
    importer: str,
    files: tuple[Path, ...],
    output: Path,
    dry_run: bool,
    prune: bool,
    *,
    timezone: str = "",
    columns: Mapping[str, str] | None = None,
) -> None:
    """Import, merge into what is there, tell, and write."""
    from lorainne.content import project
    from lorainne.diagnostics import has_errors, in_order
    from lorainne.importers import IMPORTERS
    from lorainne.importers.again import merge
    from lorainne.importers.draft import Request

    record = importer.replace(" ", "-")
    here, unreadable = project.read(output)
    unreadable = [problem for problem in unreadable if problem.code != "no-content"]
    remembered = _remembered(output, record)
    request = Request(
        sources=tuple(map(_source, files)),
        known_ids=remembered["ids"],
        timezone=timezone,
        columns=columns or {},
        neighbour=partial(_neighbour, files[0].parent),
    )
    made = IMPORTERS[importer](request)
    own = _texts(here, {*made.files, *made.if_missing, *remembered["files"]}, unreadable)
    merged = merge(remembered["files"], made.files, own, prune=prune)
    merged.write |= {name: text for name, text in made.if_missing.items() if name not in own}
    problems = in_order([*unreadable, *made.problems, *merged.problems])
    _tell(here, made, merged, problems, request, output)
    if has_errors(problems):
        sys.exit(1)
    if dry_run:
        return _show(merged, own)
    return _write(output, record, made, merged, remembered["ids"])


def _source(file: Path) -> Source:
    """A file to import; of one that is too large only so much that it shows."""
    from lorainne.importers.draft import MAX_SOURCE, Source

    with file.open("rb") as opened:
        return Source(name=str(file), content=opened.read(MAX_SOURCE + 1))


def _texts(here: Project, names: Iterable[str], problems: list[Diagnostic]) -> dict[str, str]:
    """Those of the files that are there, as they stand now."""
    from lorainne.content.text import read_text
    from lorainne.diagnostics import DiagnosticError

    found: dict[str, str] = {}
    for name in sorted(names):
        if file := here.files.get(f"content/{name}"):
            try:
                found[name] = read_text(f"content/{name}", file)
            except DiagnosticError as error:
                problems.append(error.diagnostic)
    return found


def _neighbour(folder: Path, name: str) -> bytes | None:
    """A file beside the source or below it, such as a photo; none that a link leads elsewhere."""
    path = (folder / name).resolve()
    if path.is_file() and path.is_relative_to(folder.resolve()):
        return path.read_bytes()
    return None


def _remembered(output: Path, record: str) -> dict[str, dict[str, str]]:
    """What the last import of this kind wrote, and the ids that it gave."""
    path = output / "content" / RECORDS / f"{record}.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {"files": {}, "ids": {}}
    except (OSError, ValueError):
        found = None
    sound = isinstance(found, dict) and all(
        isinstance(found.get(part), dict) and all(isinstance(text, str) for text in found[part].values())
        for part in ("files", "ids")
    )
    if not sound:
        raise click.ClickException(f"{path} cannot be read; restore it, or delete it and import anew")
    return {"files": found["files"], "ids": found["ids"]}


def _show(merged: Merged, own: Mapping[str, str]) -> None:
    """The differences, as `diff -u` writes them."""
    from difflib import unified_diff

    for name in sorted([*merged.write, *merged.remove]):
        path = f"content/{name}"
        old = own.get(name, "").splitlines(keepends=True)
        new = merged.write.get(name, "").splitlines(keepends=True)
        click.echo(
            "".join(unified_diff(old, new, path if old else "/dev/null", path if new else "/dev/null")),
            nl=False,
        )


def _tell(
    here: Project, made: Imported, merged: Merged, problems: list[Diagnostic], request: Request, output: Path
) -> None:
    """Mistakes with their lines, what was inferred and what found no place, and how many files change."""
    from lorainne import report
    from lorainne.diagnostics import DiagnosticError, has_errors
    from lorainne.importers.draft import read_source

    def lines(name: str) -> list[str]:
        if name.startswith("content/") and name.removeprefix("content/") in merged.write:
            return merged.write[name.removeprefix("content/")].split("\n")
        for source in request.sources:
            if source.name == name:
                try:
                    return read_source(source)[0].split("\n")
                except DiagnosticError:
                    return []
        return here.lines(name)

    if problems:
        colour = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
        click.echo(report.as_text(problems, lines, colour=colour), err=True)
    for note in made.notes:
        click.echo(f"note: {note}", err=True)
    told = f", {report.summary(problems)}" if problems else ""
    changes = f" ({len(merged.write)} to write, {len(merged.remove)} to remove)"
    changes = ": nothing was written" if has_errors(problems) else changes
    click.echo(f"{len(made.files)} files imported into {output / 'content'}{told}{changes}", err=True)


def _write(output: Path, record: str, made: Imported, merged: Merged, ids: Mapping[str, str]) -> None:
    """The content first, then the memory of it: whoever is interrupted can import again."""
    content = output / "content"
    for name, text in merged.write.items():
        _write_one(content / name, text.encode())
    for name, data in made.copies.items():
        if not (content / "files" / name).exists():
            _write_one(content / "files" / name, data)
    for name in merged.remove:
        (content / name).unlink(missing_ok=True)
    memory = {
        "files": dict(sorted(merged.remember.items())),
        "ids": dict(sorted({**ids, **made.ids}.items())),
    }
    text = json.dumps(memory, ensure_ascii=False, indent=1) + "\n"
    _write_one(content / RECORDS / f"{record}.json", text.encode())


def _write_one(path: Path, data: bytes) -> None:
    from lorainne.commands.project_files import rewrite

    if path.exists():
        if path.read_bytes() != data:
            rewrite(path, data)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
