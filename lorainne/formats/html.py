"""The pages: the one room of jinja2. What a template may use is documented in docs/templates.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from traceback import extract_tb
from urllib.parse import quote, urlsplit

import jinja2
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from lorainne import markup
from lorainne.diagnostics import Diagnostic, Span, mistake
from lorainne.formats.anchors import home_anchors
from lorainne.formats.card import drawn
from lorainne.formats.citation import bibtex, tags
from lorainne.formats.grid import grid, sort_of, strips
from lorainne.formats.identity import accents, initials, papers
from lorainne.formats.jsonld import graph
from lorainne.formats.pictures import shown
from lorainne.formats.story import Story, full_address, giggity_link, line, link, unique_name
from lorainne.model import PersonRef, Record, Workshop
from lorainne.plan import PLACES, Route
from lorainne.programme import Credit, Entry, Programme, credit, credits_of, email_of
from lorainne.project import Project, UnreadableError, read_text
from lorainne.values import RegistrationStatus
from lorainne.wording import clock, filled, offset

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


def render(story: Story) -> tuple[dict[str, str], list[Diagnostic]]:
    """Every page by its path; a mistake in a template of the project is reported once, where it stands."""
    environment = _environment(story)
    pages: dict[str, str] = {}
    problems: dict[str, Diagnostic] = {}
    for name in sorted(story.project.files):
        if name.startswith("templates/") and name.endswith((".html", ".css", ".svg")):
            try:
                environment.get_template(name.removeprefix("templates/"))
            except (jinja2.TemplateError, UnreadableError) as error:
                found = _template_problem(error, story.project)
                problems.setdefault(f"{found.span}", found)
    for route in story.plan.routes:
        names = {PLACES[type(route.subject)][0]: route.subject} if route.subject else {}
        if "news" in names:
            names["item"] = names.pop("news")
        try:
            template = environment.get_template(route.template)
            pages[route.path] = template.render(route=route, **names)
        except Exception as error:  # whatever a template of the project does; ours raise again
            found = _template_problem(error, story.project)
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
    if isinstance(error, RecursionError):
        what = "this template calls or extends itself without end"
    return template_error(Span(file=name, line=line, end_line=line, end_column=2), what)


def _environment(story: Story) -> jinja2.Environment:
    files = story.project.below("templates")

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
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}  # the order of terms is ours
    environment.filters.update(
        inline=inline,
        body=body,
        plain=line,
        fill=fill,
        href=href,
        target=target,
        iso=datetime.isoformat,
        clock=clock,
        initials=initials,
    )
    environment.globals.update(_names(story))
    return environment


def _names(story: Story) -> dict[str, object]:
    """What every template may use."""
    project, workshop, programme = story.project, story.workshop, story.programme
    return {
        "workshop": workshop,
        "programme": programme,
        "plan": story.plan,
        "words": story.words,
        "works": story.works,
        "graph": partial(graph, story),
        "tags": partial(tags, story),
        "bibtex": partial(bibtex, story),
        "full_address": partial(full_address, story),
        "giggity_link": giggity_link(story),
        "anchors": home_anchors(programme),
        "shown": partial(shown, story),
        "drawn": drawn(story),
        "accents": accents(workshop),
        "papers": papers(),
        "registration_is": _registration_status(workshop, project),
        "registration_deadline": _registration_deadline(workshop),
        "edition": unique_name(story, ""),
        "one_page": len(workshop.talks) + len(workshop.posters) <= ONE_PAGE,
        "year": workshop.dates.last.year if workshop.dates else None,
        "has_photos": any(speaker.photo for speaker in workshop.speakers),
        "zone_offsets": _offsets(programme),
        "person": partial(_person, programme),
        "people": partial(_people, programme),
        "email_of": partial(email_of, workshop),
        "materials": materials,
        "grid": grid,
        "sort_of": sort_of,
        "strips": strips(programme),
        "history": story.history,
        "mark_of": _marks(story),
    }


def _marks(story: Story) -> Callable[[Entry], str]:
    """The words beside an entry of the schedule that say what has changed lately; mostly none."""
    recent = story.history.recent
    marks = {id(slot.entry): story.words.mark(recent[slot.id]) for slot in story.slots if slot.id in recent}
    return lambda entry: marks.get(id(entry), "")


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
    registration, deadline = workshop.registration, _registration_deadline(workshop)
    if registration is None or registration.status or deadline is None:
        return registration.status if registration else None
    over = deadline.astimezone(UTC).date() < project.today
    return RegistrationStatus.CLOSED if over else RegistrationStatus.OPEN


def _registration_deadline(workshop: Workshop) -> datetime | None:
    """The last moment at which one can register."""
    due = workshop.registration and workshop.registration.deadline
    return due.instant(workshop.timezone or UTC) if due else None


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


def _resolve(context: Context, folder: str, prefix: str, written: str) -> str:
    """The address of a link in a text, as seen from the page."""
    return href(context, link(folder, prefix, written))


@pass_context
def inline(context: Context, text: str) -> Markup:
    """One line of Markdown as HTML."""
    return Markup(markup.parse_inline(text).html(partial(_resolve, context, "content", "")))


@pass_context
def body(context: Context, record: Record, field: str, level: int = 2, prefix: str = "") -> Markup:
    """A record's Markdown text as HTML, its headings from this level on, its ids with this prefix."""
    fragment = markup.parse(getattr(record, field), level=level, prefix=prefix)
    folder = record.span.file.rpartition("/")[0] or "content"
    return Markup(fragment.html(partial(_resolve, context, folder, prefix)))


def fill(word: str, **values: str) -> Markup:
    """A word of the theme with its places filled, everything escaped that is not HTML already."""
    return Markup("").join(filled(word, values))


def materials(record: Record) -> list[tuple[str, str]]:
    """The names and targets of what goes with a talk or a poster."""
    names = ("slides", "pdf", "video", "paper", "code")
    return [(name, getattr(record, name)) for name in names if getattr(record, name, None)]
