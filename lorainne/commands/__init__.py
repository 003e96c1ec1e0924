"""The command line: one file a command, and the only code that prints and exits.

What a command needs is imported when it runs: `--help` should not wait for templates and Markdown.
"""

from __future__ import annotations

import click

from lorainne import __version__
from lorainne.commands.build import build
from lorainne.commands.check import check
from lorainne.commands.explain import explain
from lorainne.commands.import_ import import_
from lorainne.commands.init import init
from lorainne.commands.new import new
from lorainne.commands.release import release
from lorainne.commands.schema import schema
from lorainne.commands.serve import serve


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


for command in (init, new, serve, build, check, explain, release, schema, import_):
    main.add_command(command)
