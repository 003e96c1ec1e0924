"""Every path of the site, planned before anything is checked or rendered; a path wanted twice is an error."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from posixpath import normpath

from lorainne.content.collections import BY_SCHEME, COLLECTIONS
from lorainne.content.model import FileRecord
from lorainne.diagnostics import Diagnostic, Related, Span, mistake
from lorainne.programme.schedule import ScheduleDay

HOME = "index.html"
NOT_FOUND = "404.html"

LIST_PAGES = ("schedule.html", *(each.list_page for each in COLLECTIONS if each.list_page))
"""The pages that list things, in the order of the navigation."""

ABOUT_PREFIX = "about-"
"""What begins the anchors of about.md, which stands on the home page among other texts."""

_PUBLISHED_AS_THEY_ARE = ("files", "pictures")

Subject = FileRecord | ScheduleDay | str | None
"""What an output is about: a record, a day, a room by its name, or nothing in particular."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """One file of the site: its path, the output that makes it, and what it is about."""

    path: str
    format: str
    """The name of the output's module, such as `pages` or `ics`."""
    subject: Subject = None
    template: str = ""
    """Of a page, its template."""
    span: Span = field(default=Span(file="content/workshop.yaml"), compare=False)
    """Where it comes from, for messages."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Routes:
    """All routes by their path."""

    paths: Mapping[str, Route]

    def of(self, format_: str) -> list[Route]:
        """Return the routes of one output, in their order."""
        return [route for route in self.paths.values() if route.format == format_]

    @property
    def outputs(self) -> list[Route]:
        """The routes that are no pages, in their order."""
        return [route for route in self.paths.values() if route.format != "pages"]

    @property
    def sections(self) -> tuple[str, ...]:
        """The names of the pages that list things, those that exist, in the order of the navigation."""
        return tuple(
            path.removesuffix(".html")
            for path in LIST_PAGES
            if path in self.paths and self.paths[path].subject is None
        )


@mistake
def path_clash(span: Span, path: str, first: Span) -> Diagnostic:
    """Two things would be written to the same place.

    Wrong: `content/pages/talks.md`, beside the list of talks that is always `talks.html`.
    Right: `content/pages/call-for-talks.md`
    """
    return Diagnostic(
        message=f"two things would both become {path}",
        span=span,
        help="give one of them another name",
        related=(Related(message="the other one is made from this", span=first),),
    )


MISTAKES = (path_clash,)


def plan(wanted: Iterable[Route]) -> tuple[Routes, list[Diagnostic]]:
    """Return the routes that outputs want, and those that want the path of an earlier one as problems."""
    problems: list[Diagnostic] = []
    paths: dict[str, Route] = {}
    taken: dict[str, Route] = {}
    for route in wanted:
        first = taken.setdefault(route.path.casefold(), route)
        if first is route or (first.path != route.path and _are_files(first, route)):
            paths[route.path] = route
        else:
            problems.append(path_clash(route.span, route.path, first.span))
    return Routes(paths=paths), problems


def _are_files(*routes: Route) -> bool:
    """Return whether all are files of the project, which may differ in capitals only."""
    return all(route.format in _PUBLISHED_AS_THEY_ARE for route in routes)


def resolve_link(folder: str, prefix: str, written: str) -> str:
    """Return what a link in a text means: an address on the web, or a path on the site.

    It is written by id, as a file relative to the text's `folder`, or in full. `prefix` begins the text's own
    anchors.
    """
    scheme, colon, rest = written.partition(":")
    if colon and scheme in BY_SCHEME:
        record_id, mark, anchor = rest.partition("#")
        return BY_SCHEME[scheme].page(record_id) + mark + anchor
    if colon:
        return written
    path, mark, anchor = written.partition("#")
    if not path:
        return f"#{prefix}{anchor}"
    name = normpath(f"{folder}/{path}").removeprefix("content/")
    if name == "about.md":
        return HOME + mark + (ABOUT_PREFIX + anchor if anchor else "")
    if name.endswith(".md"):
        name = f"{name.removeprefix('pages/').removesuffix('.md')}.html"
    return name + mark + anchor
