"""`lorainne schema`."""

from __future__ import annotations

import click

from lorainne.commands.new import KINDS as COLLECTION_KINDS

KINDS = ("workshop", "schedule", "about", *COLLECTION_KINDS)
"""Those of `json_schema.FILES`, which `--help` does not wait for."""


@click.command()
@click.argument("kind", type=click.Choice(KINDS), required=False, metavar="[KIND]")
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
