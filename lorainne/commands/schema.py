"""`lorainne schema`."""

from __future__ import annotations

from collections.abc import Iterable

import click

from lorainne.commands.shared import Choice


def kinds() -> Iterable[str]:
    """Return what the kinds of content files are called."""
    from lorainne.content.json_schema import FILES

    return FILES


@click.command()
@click.argument("kind", type=Choice(kinds), required=False, metavar="[KIND]")
def schema(kind: str | None) -> None:
    """Print the JSON Schema of a KIND of file.

    Text editors know from it which fields there are, and what they hold. `lorainne init` sets up Visual
    Studio Code with those of workshop.yaml and schedule.yaml; those of Markdown files are for the lines at
    their top. Without a KIND all of them are listed.
    """
    from lorainne.content.json_schema import FILES
    from lorainne.content.json_schema import schema as schema_of

    if kind:
        click.echo(schema_of(kind))
    else:
        width = max(map(len, FILES))
        click.echo("\n".join(f"{name:{width}}  {file.path}" for name, file in FILES.items()))
