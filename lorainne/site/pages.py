"""The pages, and what a template may use for them, which docs/templates.md documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import cache, lru_cache, partial
from urllib.parse import quote, urlsplit

from lorainne.content.collections import BY_RECORD, COLLECTIONS, Collection, page_of
from lorainne.content.model import FileRecord, PersonRef, Record, Workshop
from lorainne.content.project import Project
from lorainne.content.text import is_web
from lorainne.content.values import RegistrationStatus
from lorainne.diagnostics import Diagnostic, Span
from lorainne.exports.citations import bibtex, tags
from lorainne.exports.jsonld import script
from lorainne.exports.qr import giggity_link
from lorainne.markup import to_html
from lorainne.programme.context import Context
from lorainne.programme.facts import Facts
from lorainne.programme.language import clock, filled, offset
from lorainne.programme.routes import HOME, NOT_FOUND, Route, resolve_link
from lorainne.programme.schedule import Credit, Occurrence, Schedule, credit, credits_of, email_of
from lorainne.site.anchors import home_anchors
from lorainne.site.card import CARD, ICON
from lorainne.site.pictures import responsive_image
from lorainne.site.schedule_grid import entry_type, grid, strips
from lorainne.site.templates import Markup, Templates, escape, remembered
from lorainne.site.theme import accents, initials, papers

ONE_PAGE = 60
"""Up to so many talks and posters the home page holds all abstracts."""

_SUMMARY, _LEEWAY = 200, 5
"""Characters of a summary, and so many more rather than words cut off."""

_LINK_TAG = re.compile(r"</?a(?: [^>]*)?>")

SITE_ROOT = "\ufdd0"
"""Stands before each of the site's own paths until it is known from which page it is seen, so that what a
template makes of a record is the same on every page. No content holds it: this character is reserved for
internal use (Unicode 16.0, section 23.7), and `text.FORBIDDEN` names it."""


def paths(facts: Facts) -> Iterator[Route]:
    """Yield the home page, the lists, and a page for each record that has one."""
    workshop = facts.workshop
    yield _page_route(HOME, "home.html")
    yield _page_route(NOT_FOUND, "404.html")
    if "static/icon.svg" not in facts.project.files:
        yield _page_route("static/icon.svg", "icon.svg")
    if workshop.theme and workshop.theme.accent and "static/accent.css" not in facts.project.files:
        yield _page_route("static/accent.css", "accent.css")
    if facts.schedule.days:
        yield _page_route("schedule.html", "schedule.html")
    if workshop.releases:
        yield _page_route("changes.html", "changes.html")
    for collection in COLLECTIONS:
        if collection.list_page and _members(facts, collection):
            yield _page_route(collection.list_page, collection.list_page)
    for collection in COLLECTIONS:
        for record in _members(facts, collection) if collection.has_pages else ():
            yield Route(
                path=page_of(record),
                format="pages",
                subject=record,
                template=collection.template,
                span=record.span,
            )


def _page_route(path: str, template: str) -> Route:
    return Route(path=path, format="pages", template=template, span=Span(file=f"templates/{template}"))


def _members(facts: Facts, collection: Collection) -> tuple[FileRecord, ...]:
    """Return the records of a collection in the order in which the site lists them."""
    members: tuple[FileRecord, ...] = getattr(
        facts.schedule, collection.folder, getattr(facts.workshop, collection.folder)
    )
    return members


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Yield the project's own templates that cannot be read as such."""
    if facts.project.own_templates():
        yield from Templates(facts.project, {}, _filters(facts)).problems()


def render(context: Context) -> dict[str, Callable[[], str]]:
    """Return how every page is made; a mistake in one of the project's templates raises DiagnosticError."""
    templates = Templates(context.project, _names(context), _filters(context.facts))
    page = partial(_page, templates, context)
    return {route.path: partial(page, route) for route in context.routes.of("pages")}


def _page(templates: Templates, context: Context, route: Route) -> str:
    subject = route.subject
    names = {BY_RECORD[type(subject)].variable: subject} if isinstance(subject, FileRecord) else {}
    page = templates.render(route.template, route=route, **names)
    for below_root, seen_from_here in _relative_paths(route.path, context.base):
        page = page.replace(below_root, seen_from_here)
    return page


def _relative_paths(path: str, base: str) -> list[tuple[str, str]]:
    """Return what begins the site's paths in a template's page, and what it is in a page at this path."""
    if path == NOT_FOUND:  # shown at any depth, so only a full path is right
        return [(SITE_ROOT, quote(f"{urlsplit(base or '/').path.rstrip('/')}/", safe="/%"))]
    return [(f"{SITE_ROOT}{quote(path)}#", "#"), (SITE_ROOT, "../" * path.count("/"))]


def _filters(facts: Facts) -> dict[str, Callable[..., object]]:
    """Return what every template may ask of a value."""
    return {
        "inline": lru_cache(maxsize=2**11)(partial(inline, facts)),
        "body": partial(body, facts),
        "unlinked": unlinked,
        "plain": facts.texts.plain_line,
        "summary": partial(summary, facts),
        "fill": fill,
        "href": lru_cache(maxsize=2**11)(href),  # neighbouring pages show, and link to, the same
        "target": target,
        "iso": datetime.isoformat,
        "clock": clock,
        "initials": initials,
    }


def _names(context: Context) -> dict[str, object]:
    """Return what every template may use."""
    project, workshop, schedule = context.project, context.workshop, context.schedule
    return {
        "workshop": workshop,
        "programme": schedule,
        "plan": context.routes,
        "words": context.words,
        "works": context.citations,
        "graph": partial(_graph, context),
        "tags": partial(tags, context),
        "bibtex": partial(bibtex, context),
        "full_address": context.full_address,
        "giggity_link": giggity_link(context),
        "anchors": cache(partial(home_anchors, schedule)),
        "shown": partial(responsive_image, context.facts),
        "drawn": {path for path in (CARD, ICON) if path in context.routes.paths},
        "accents": accents(workshop),
        "papers": papers(),
        "registration_is": _registration_status(workshop, project),
        "registration_deadline": _registration_deadline(workshop),
        "edition": context.unique_name(""),
        "one_page": len(workshop.talks) + len(workshop.posters) <= ONE_PAGE,
        "year": workshop.dates.last.year if workshop.dates else None,
        "has_photos": any(speaker.photo for speaker in workshop.speakers),
        "zone_offsets": _offsets(schedule),
        "person": partial(_person, schedule),
        "people": remembered(partial(_people, schedule)),
        "email_of": partial(email_of, workshop),
        "materials": materials,
        "grid": grid,
        "entry_type": entry_type,
        "strips": cache(partial(strips, schedule)),
        "history": context.history,
        "mark_of": _marks(context),
    }


def _graph(context: Context, route: Route) -> Markup:
    """Return the text of the page's script for programs, if it tells anything."""
    return Markup(script(context, route))


def _marks(context: Context) -> Callable[[Occurrence], str]:
    """The words beside an entry of the schedule that say what has changed lately; mostly none."""
    marks = {name: context.words.mark(change) for name, change in context.history.recent.items()}
    return lambda entry: marks.get(entry.id, "")


def _person(schedule: Schedule, ref: PersonRef) -> Credit:
    return credit(ref, schedule.speaker)


def _people(
    schedule: Schedule, presenters: Iterable[PersonRef], authors: Iterable[PersonRef] = ()
) -> tuple[Credit, ...]:
    return credits_of(presenters, authors, schedule.speaker)


def _offsets(schedule: Schedule) -> tuple[str, ...]:
    """The offsets of the schedule's zone, more than one across a change of the clocks."""
    return tuple(sorted({offset(entry.start) for day in schedule.days for entry in day.entries} - {""}))


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


def href(path: str) -> str:
    """Return the address of one of the site's paths (`talks.html#x`) below SITE_ROOT; others stay."""
    if path.startswith("#") or (":" in path and urlsplit(path).scheme):
        return path
    plain_path, mark, anchor = path.partition("#")
    return SITE_ROOT + quote(plain_path) + mark + anchor


def target(written: str) -> str:
    """Return the address of a field's file below `content/files/`, or its web address."""
    return href(written if is_web(written) else f"files/{written}")


def _resolve(folder: str, prefix: str, written: str) -> str:
    """Return the address of a link in a text."""
    return href(resolve_link(folder, prefix, written))


def _picture(facts: Facts, folder: str, written: str) -> str:
    """Return the attributes of an image in a text: where it is, in two densities, and its size."""
    path = resolve_link(folder, "", written)
    image = (
        responsive_image(facts, path.removeprefix("files/"), "text") if path.startswith("files/") else None
    )
    if image is None:
        return f'src="{escape(href(path))}"'
    addresses = [href(each) for each in image.paths]
    more = f' srcset="{addresses[0]}, {addresses[1]} 2x"' if len(addresses) > 1 else ""
    return f'src="{addresses[0]}"{more} width="{image.width}" height="{image.height}"'


def inline(facts: Facts, text: str) -> Markup:
    """Return one line of Markdown as HTML."""
    link, picture = partial(_resolve, "content", ""), partial(_picture, facts, "content")
    return Markup(to_html(facts.texts.parse_line(text), link, picture))


def unlinked(html: str) -> Markup:
    """Return HTML of ours without its links, their words kept: a link may hold none (HTML, 4.5.1)."""
    return Markup(_LINK_TAG.sub("", escape(html)))


def body(facts: Facts, record: Record, name: str, level: int = 2, prefix: str = "") -> Markup:
    """Return a record's Markdown text as HTML, its headings from this level on, its ids with this prefix."""
    folder = record.span.file.rpartition("/")[0] or "content"
    link, picture = partial(_resolve, folder, prefix), partial(_picture, facts, folder)
    text = facts.texts.parse(getattr(record, name))
    return Markup(to_html(text, link, picture, level=level, prefix=prefix))


def summary(facts: Facts, record: FileRecord) -> str:
    """Return the first words of a record's text on one line, for the page's description."""
    text = facts.texts.plain(getattr(record, BY_RECORD[type(record)].body))
    line = " ".join(text[: 5 * _SUMMARY].split())
    if len(line) <= _SUMMARY + _LEEWAY:
        return line
    start = line[: _SUMMARY - 3]
    return (start.rpartition(" ")[0] or start) + "..."  # some languages write no spaces


def fill(word: str, **values: str) -> Markup:
    """A word of the theme with its places filled, everything escaped that is not HTML already."""
    return Markup("").join(filled(word, values))


def materials(record: Record) -> list[tuple[str, str]]:
    """The names and targets of what goes with a talk or a poster."""
    names = ("slides", "pdf", "video", "paper", "code")
    return [(name, getattr(record, name)) for name in names if getattr(record, name, None)]
