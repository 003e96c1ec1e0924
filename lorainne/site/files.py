"""Files that are published as they are: `static/`, and what is below `content/files/` and is no picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lorainne.content.files import File
from lorainne.diagnostics import Span
from lorainne.programme.context import Context
from lorainne.programme.facts import Facts
from lorainne.programme.routes import Route
from lorainne.site.metadata import ENDINGS as PICTURES


def paths(facts: Facts) -> Iterator[Route]:
    """Yield a route for each file."""
    for path, name in _sources(facts).items():
        yield Route(path=path, format="files", span=Span(file=name))


def render(context: Context) -> dict[str, Callable[[], bytes]]:
    """Return how each file is read; raises DiagnosticError where it changed since it was found."""
    files: dict[str, File] = context.project.below("static") | context.project.below("content/files")
    return {path: files[name].read for path, name in _sources(context.facts).items()}


def _sources(facts: Facts) -> dict[str, str]:
    """Return the names of the project's files by the paths that they are published under."""
    own = facts.project.below("content/files")
    published = {name.removeprefix("content/"): name for name in own if not name.lower().endswith(PICTURES)}
    return {**{name: name for name in facts.project.below("static")}, **published}
