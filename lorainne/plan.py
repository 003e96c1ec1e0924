"""Every output's path, planned before anything is rendered; two outputs on one path is a diagnostic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from lorainne.diagnostics import Diagnostic, Related, Span, mistake
from lorainne.model import News, Page, Poster, Record, Speaker, Talk, Workshop
from lorainne.programme import Programme
from lorainne.project import File, Project

HOME = "index.html"
SECTIONS = ("schedule", "talks", "speakers", "posters", "news")

Subject = Talk | Speaker | Poster | News | Page


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """One page: its path below the output, its template, and the one thing it is about, if there is one."""

    path: str
    template: str
    subject: Subject | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """All pages, and all files that are copied, by path below the output."""

    routes: tuple[Route, ...]
    copies: Mapping[str, File]
    sections: tuple[str, ...]
    """The names of the pages that list things, in the order of the navigation."""


@mistake
def path_clash(span: Span, path: str, first: Span) -> Diagnostic:
    """Two things would be written to the same place.

    Wrong: `content/pages/talks.md`, beside the list of talks that is always `talks.html`.
    Right: `content/pages/call-for-talks.md`
    """
    return Diagnostic(
        message=f"two things would both become {path}",
        span=span,
        help="rename this file",
        related=(Related(message="the other one is made from this", span=first),),
    )


MISTAKES = (path_clash,)


PLACES: Mapping[type[Record], tuple[str, str]] = {
    Talk: ("talk", "talks/"),
    Speaker: ("speaker", "speakers/"),
    Poster: ("poster", "posters/"),
    News: ("news", "news/"),
    Page: ("page", ""),
}
"""For each record with a page of its own: the scheme of links to it, and the folder of its page."""


def address(kind: str, name: str) -> str:
    """The path of the page that the link `kind:name` means, such as `talk:ada-lovelace`."""
    return f"{dict(PLACES.values())[kind]}{name}.html"


def plan(project: Project, workshop: Workshop, programme: Programme) -> tuple[Plan, list[Diagnostic]]:
    """Where everything goes, and which things would go to the same place."""
    problems: list[Diagnostic] = []
    taken: dict[str, Span] = {}
    routes = []
    for route in _routes(workshop, programme):
        span = route.subject.span if route.subject else Span(file=f"templates/{route.template}")
        key = route.path.casefold()
        if key in taken:
            problems.append(path_clash(span, route.path, taken[key]))
        else:
            taken[key] = span
            routes.append(route)
    sections = tuple(name for name in SECTIONS if f"{name}.html" in taken)
    return Plan(routes=tuple(routes), copies=_copies(project), sections=sections), problems


def _routes(workshop: Workshop, programme: Programme) -> Iterator[Route]:
    yield Route(path=HOME, template="home.html")
    yield Route(path="404.html", template="404.html")
    if workshop.theme and workshop.theme.accent:
        yield Route(path="static/accent.css", template="accent.css")
    if programme.days:
        yield Route(path="schedule.html", template="schedule.html")
    lists: tuple[tuple[str, tuple[Subject, ...]], ...] = (
        ("talks", programme.talks),
        ("speakers", programme.speakers),
        ("posters", programme.posters),
        ("news", workshop.news),
    )
    for section, members in lists:
        if members:
            yield Route(path=f"{section}.html", template=f"{section}.html")
    for subject in chain(*(members for _, members in lists), workshop.pages):
        kind, _ = PLACES[type(subject)]
        template = "news-item.html" if kind == "news" else f"{kind}.html"
        yield Route(path=address(kind, subject.id), template=template, subject=subject)


def _copies(project: Project) -> dict[str, File]:
    files = project.below("content/files").items()
    return {**project.below("static"), **{name.removeprefix("content/"): file for name, file in files}}
