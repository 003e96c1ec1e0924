"""`lorainne serve`."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import click

from lorainne.commands.shared import FOLDER, require_content, say, show_problems

if TYPE_CHECKING:
    from lorainne.serve.live import State


@click.command()
@click.argument("source", type=FOLDER, default=".")
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

    from lorainne.serve.live import Live
    from lorainne.serve.server import listen

    live = Live(source)
    require_content(live.state.project)
    try:
        server = listen(live, port)
    except OSError as error:
        raise click.ClickException(f"port {port} cannot be used: {error.strerror}") from None
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    _show(live.state)
    if port and server.server_port != port:
        say(f"port {port} is taken; this is the next one that is free:")
    say(f"{server.url}  (Ctrl-C ends it)")
    if open_:
        webbrowser.open(server.url)
    with suppress(KeyboardInterrupt):
        for state in live.rebuilds():
            _show(state)


def _show(state: State) -> None:
    """Print what is wrong, and what is shown now."""
    from lorainne.diagnostics import has_errors

    found = show_problems(state.project, state.problems)
    if has_errors(state.problems):
        say(f"{found}; {'the last good site stays' if state.site else 'there is no site yet'}")
    else:
        say(f"built in {state.seconds:.2f} s{found and f', {found}'}")
