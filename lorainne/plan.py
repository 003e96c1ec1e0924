"""Every output's path, planned before anything is rendered; two outputs on one path is a diagnostic."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from lorainne.diagnostics import Diagnostic, Related, Span, mistake
from lorainne.model import News, Page, Poster, Record, Speaker, Talk, Workshop
from lorainne.programme import Entry, Programme, ProgrammeDay
from lorainne.project import File, Project

HOME = "index.html"
SECTIONS = ("schedule", "talks", "speakers", "posters", "papers", "news")

Subject = Talk | Speaker | Poster | News | Page


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """One page: its path below the output, its template, and the one thing it is about, if there is one."""

    path: str
    template: str
    subject: Subject | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Output:
    """One file that is no page: its path, the format that makes it, and what it is about: a room by name."""

    path: str
    format: str
    subject: Subject | ProgrammeDay | str | None = None
    span: Span = field(default=Span(file="content/workshop.yaml"), compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """All pages, all files for programs, and all files that are copied, by path below the output."""

    routes: tuple[Route, ...]
    outputs: tuple[Output, ...]
    paths: frozenset[str]
    """Where a page may link to: every planned path."""
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
        help="give one of them another name",
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


_FOLDERS = dict(PLACES.values())


def address(kind: str, name: str) -> str:
    """The path of the page that the link `kind:name` means, such as `talk:ada-lovelace`."""
    return f"{_FOLDERS[kind]}{name}.html"


def slug(text: str) -> str:
    """A name as part of a path: `Salle 206 (bât. A)` → `salle-206-bat-a`; other scripts stay."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", bare).casefold()).strip("-")


def plan(project: Project, workshop: Workshop, programme: Programme) -> tuple[Plan, list[Diagnostic]]:
    """Where everything goes, and which things would go to the same place."""
    problems: list[Diagnostic] = []
    taken: dict[str, Span] = {}

    def is_free(path: str, span: Span) -> bool:
        first = taken.setdefault(path.casefold(), span)
        if first is not span:
            problems.append(path_clash(span, path, first))
        return first is span

    routes = tuple(route for route in _routes(workshop, programme) if is_free(route.path, _origin(route)))
    outputs = tuple(each for each in _outputs(workshop, programme) if is_free(each.path, each.span))
    copies = _copies(project)
    planned = Plan(
        routes=routes,
        outputs=outputs,
        paths=frozenset({*(r.path for r in routes), *(o.path for o in outputs), *copies}),
        copies=copies,
        sections=tuple(name for name in SECTIONS if f"{name}.html" in taken),
    )
    return planned, problems


def _origin(route: Route) -> Span:
    return route.subject.span if route.subject else Span(file=f"templates/{route.template}")


def _routes(workshop: Workshop, programme: Programme) -> Iterator[Route]:
    yield Route(path=HOME, template="home.html")
    yield Route(path="404.html", template="404.html")
    yield Route(path="static/icon.svg", template="icon.svg")
    if workshop.theme and workshop.theme.accent:
        yield Route(path="static/accent.css", template="accent.css")
    if programme.days:
        yield Route(path="schedule.html", template="schedule.html")
    if workshop.releases:
        yield Route(path="changes.html", template="changes.html")
    lists: tuple[tuple[str, tuple[Subject, ...]], ...] = (
        ("talks", programme.talks),
        ("speakers", programme.speakers),
        ("posters", programme.posters),
        ("news", workshop.news),
    )
    for section, members in lists:
        if members:
            yield Route(path=f"{section}.html", template=f"{section}.html")
    if workshop.papers:
        yield Route(path="papers.html", template="papers.html")
    for subject in chain(*(members for _, members in lists), workshop.pages):
        kind, _ = PLACES[type(subject)]
        template = "news-item.html" if kind == "news" else f"{kind}.html"
        yield Route(path=address(kind, subject.id), template=template, subject=subject)


def _outputs(workshop: Workshop, programme: Programme) -> Iterator[Output]:
    """What has something to say: no file is empty, and none that needs an address is made without one."""
    slots = [entry for day in programme.days for entry in day.entries]
    if slots:
        yield from _calendars(programme, slots)
    if slots and workshop.url and workshop.timezone:
        yield Output(path="schedule.xml", format="frab")
        yield Output(path="schedule.json", format="frab")
        yield Output(path="giggity.svg", format="qr")
    if workshop.url:
        yield Output(path="sitemap.xml", format="sitemap")
        yield Output(path="robots.txt", format="sitemap")
    if workshop.url and (workshop.news or workshop.releases):
        yield Output(path="feed.xml", format="atom")
    yield from _citations(programme)
    yield Output(path="api/workshop.json", format="api")
    yield Output(path="api/workshop.schema.json", format="api")


def _calendars(programme: Programme, slots: list[Entry]) -> Iterator[Output]:
    yield Output(path="calendar.ics", format="ics")
    days = {day.date: day for day in reversed(programme.days) if not all(e.slot.break_ for e in day.entries)}
    for date in sorted(days):
        yield Output(path=f"days/{date}.ics", format="ics", subject=days[date])
    held = [slot for slot in slots if slot.room and not slot.slot.break_]
    rooms = {slot.room or "": slot.slot.spans.get("room", slot.slot.span) for slot in reversed(held)}
    if len(rooms) > 1:
        for room in sorted(rooms):
            path = f"rooms/{slug(room) or 'room'}.ics"
            yield Output(path=path, format="ics", subject=room, span=rooms[room])
    for talk in programme.talks:
        if talk.id in programme.entry:
            yield Output(path=f"talks/{talk.id}.ics", format="ics", subject=talk, span=talk.span)
    for speaker in programme.speakers:
        shown = any(poster.id in programme.shown_at for poster in programme.posters_of.get(speaker.id, ()))
        speaks = any(talk.id in programme.entry for talk in programme.talks_of.get(speaker.id, ()))
        if speaks or shown or speaker.id in programme.chaired_by:
            yield Output(path=f"speakers/{speaker.id}.ics", format="ics", subject=speaker, span=speaker.span)


def is_citable(work: Talk | Poster) -> bool:
    """Whether there is a title and somebody to name."""
    presenters = work.speakers if isinstance(work, Talk) else work.presenter
    return bool(work.title and (presenters or work.authors))


def _citations(programme: Programme) -> Iterator[Output]:
    records: tuple[Talk | Poster, ...] = (*programme.talks, *programme.posters)
    works = [record for record in records if is_citable(record)]
    for work in works:
        for suffix in ("bib", "csl.json"):
            path = address(PLACES[type(work)][0], work.id).removesuffix("html") + suffix
            yield Output(path=path, format="citation", subject=work, span=work.span)
    if works:
        yield Output(path="citations.bib", format="citation")
        yield Output(path="citations.csl.json", format="citation")


def _copies(project: Project) -> dict[str, File]:
    files = project.below("content/files").items()
    return {**project.below("static"), **{name.removeprefix("content/"): file for name, file in files}}
