"""The pages: the one room of jinja2. What a template may use is documented in docs/templates.md."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from posixpath import normpath
from traceback import extract_tb
from urllib.parse import quote, urlsplit

import jinja2
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from lorainne import markup
from lorainne.diagnostics import Diagnostic, Span, mistake
from lorainne.formats.anchors import home_anchors
from lorainne.formats.grid import grid, sort_of, strips
from lorainne.model import PersonRef, Record, Workshop
from lorainne.plan import HOME, PLACES, Plan, Route, address
from lorainne.programme import Credit, Programme, credit, credits_of, email_of
from lorainne.project import Project, UnreadableError, read_text
from lorainne.values import RegistrationStatus
from lorainne.wording import Words, clock, offset

ONE_PAGE = 60
"""Up to so many talks and posters the home page holds all abstracts."""


@mistake
def template_error(span: Span, what: str) -> Diagnostic:
    """A template of the project cannot be used.

    Wrong: `{% if talk.title %}` without `{% endif %}`, or `{{ talk.tilte }}`.
    Right: `{{ talk.title }}`; docs/templates.md lists what a template may use.
    """
    return Diagnostic(message=what, span=span, help="delete the file to use the theme's own template again")


MISTAKES = (template_error,)


def render(
    project: Project, workshop: Workshop, programme: Programme, plan: Plan, words: Words
) -> tuple[dict[str, str], list[Diagnostic]]:
    """Every page by its path; a mistake in a template of the project is reported once, where it stands."""
    environment = _environment(project, workshop, programme, plan, words)
    pages: dict[str, str] = {}
    problems: dict[str, Diagnostic] = {}
    for route in plan.routes:
        names = {PLACES[type(route.subject)][0]: route.subject} if route.subject else {}
        if "news" in names:
            names["item"] = names.pop("news")
        try:
            template = environment.get_template(route.template)
            pages[route.path] = template.render(route=route, **names)
        except (jinja2.TemplateError, UnreadableError) as error:
            found = _template_problem(error, project)
            problems.setdefault(f"{found.span}", found)
    return pages, list(problems.values())


def _template_problem(error: Exception, project: Project) -> Diagnostic:
    """The diagnostic of an error in one of the project's own templates; raises one in the theme's again."""
    if isinstance(error, UnreadableError):
        return error.diagnostic
    name, line = "", 1
    if isinstance(error, jinja2.TemplateSyntaxError):
        name, line = error.filename or f"templates/{error.name}", error.lineno
    else:
        for frame in extract_tb(error.__traceback__):
            if frame.filename.startswith("templates/"):
                name, line = frame.filename, frame.lineno or 1
    if name not in project.files:
        raise error
    what = f"this template cannot be used: {error}".rstrip(".")
    return template_error(Span(file=name, line=line, end_line=line, end_column=2), what)


def _environment(
    project: Project, workshop: Workshop, programme: Programme, plan: Plan, words: Words
) -> jinja2.Environment:
    files = project.below("templates")

    def load(name: str) -> tuple[str, str, None] | None:
        path = f"templates/{name}"
        return (read_text(path, files[path]), path, None) if path in files else None

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(load),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        inline=inline, body=body, plain=plain, href=href, target=target, iso=datetime.isoformat, clock=clock
    )
    environment.globals.update(
        workshop=workshop,
        programme=programme,
        plan=plan,
        words=words,
        anchors=home_anchors(programme),
        registration_is=_registration_status(workshop, project),
        one_page=len(workshop.talks) + len(workshop.posters) <= ONE_PAGE,
        year=workshop.dates.last.year if workshop.dates else None,
        zone_offsets=_offsets(programme),
        person=partial(_person, programme),
        people=partial(_people, programme),
        email_of=partial(email_of, workshop),
        materials=materials,
        grid=grid,
        sort_of=sort_of,
        strips=strips(programme),
    )
    return environment


def _person(programme: Programme, ref: PersonRef) -> Credit:
    return credit(ref, programme.speaker)


def _people(
    programme: Programme, presenters: Iterable[PersonRef], authors: Iterable[PersonRef] = ()
) -> tuple[Credit, ...]:
    return credits_of(presenters, authors, programme.speaker)


def _offsets(programme: Programme) -> tuple[str, ...]:
    """The offsets of the programme's zone, more than one across a change of the clocks."""
    return tuple(sorted({offset(entry.start) for day in programme.days for entry in day.entries} - {""}))


def _registration_status(workshop: Workshop, project: Project) -> RegistrationStatus | None:
    """What the content says, or what follows from the deadline: the one place where today counts."""
    registration = workshop.registration
    if registration is None or registration.status or registration.deadline is None:
        return registration.status if registration else None
    deadline = registration.deadline.instant(workshop.timezone or UTC)
    over = deadline.astimezone(UTC).date() < project.today
    return RegistrationStatus.CLOSED if over else RegistrationStatus.OPEN


@pass_context
def href(context: Context, path: str) -> str:
    """The address of one of our own paths (`talks.html#x`) or a web address, as seen from the page."""
    if urlsplit(path).scheme or path.startswith("#"):
        return path
    here: Route = context["route"]
    plain_path, mark, anchor = path.partition("#")
    if here.path == "404.html":  # shown at any depth, so only a full path is right
        base = urlsplit(context["workshop"].url or "/").path
        return quote(f"{base.rstrip('/')}/{plain_path}") + mark + anchor
    if plain_path == here.path and mark:
        return f"#{anchor}"
    return "../" * here.path.count("/") + quote(plain_path) + mark + anchor


@pass_context
def target(context: Context, written: str) -> str:
    """The address of a field's file below `content/files/`, or its web address."""
    return href(context, written if urlsplit(written).scheme else f"files/{written}")


def _resolve(context: Context, folder: str, written: str) -> str:
    """The address of a link in a text: by id, by a file relative to the text's own, or to the web."""
    kind, colon, rest = written.partition(":")
    if colon and kind in dict(PLACES.values()):
        name, mark, anchor = rest.partition("#")
        return href(context, address(kind, name) + mark + anchor)
    if colon or written.startswith("#"):
        return written
    return href(context, site_path(folder, written))


def site_path(folder: str, written: str) -> str:
    """The path on the site of a file that a text in this folder names, relative to itself."""
    path, mark, anchor = written.partition("#")
    name = normpath(f"{folder}/{path}").removeprefix("content/")
    if name.endswith(".md"):
        name = HOME if name == "about.md" else f"{name.removeprefix('pages/').removesuffix('.md')}.html"
    return name + mark + anchor


@pass_context
def inline(context: Context, text: str) -> Markup:
    """One line of Markdown as HTML."""
    return Markup(markup.parse_inline(text).html(partial(_resolve, context, "content")))


@pass_context
def body(context: Context, record: Record, field: str, level: int = 2, prefix: str = "") -> Markup:
    """A record's Markdown text as HTML, its headings from this level on, its ids with this prefix."""
    fragment = markup.parse(getattr(record, field), level=level, prefix=prefix)
    folder = record.span.file.rpartition("/")[0] or "content"
    return Markup(fragment.html(partial(_resolve, context, folder)))


def plain(text: str) -> str:
    """Markdown and maths as readable text, on one line."""
    return re.sub(r"\s+", " ", markup.parse(text).plain if "\n" in text else markup.parse_inline(text).plain)


def materials(record: Record) -> list[tuple[str, str]]:
    """The names and targets of what goes with a talk or a poster."""
    names = ("slides", "pdf", "video", "paper", "code")
    return [(name, getattr(record, name)) for name in names if getattr(record, name, None)]
