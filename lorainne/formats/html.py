"""The pages, and what a template may use for them, which docs/templates.md documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import cache, partial
from urllib.parse import quote, urlsplit

from markupsafe import Markup, escape

from lorainne import markup, weaving
from lorainne.bodies import HTML, SUMMARY, summary
from lorainne.diagnostics import Diagnostic
from lorainne.formats.anchors import home_anchors
from lorainne.formats.card import drawn
from lorainne.formats.citation import bibtex, tags
from lorainne.formats.grid import grid, sort_of, strips
from lorainne.formats.identity import accents, initials, papers
from lorainne.formats.jsonld import script
from lorainne.formats.pictures import shown
from lorainne.formats.story import (
    Story,
    body_of,
    full_address,
    giggity_link,
    is_elsewhere,
    line,
    link,
    quoted,
    unique_name,
)
from lorainne.formats.templates import Templates, remembered
from lorainne.model import PersonRef, Record, Workshop
from lorainne.plan import PLACES, Route
from lorainne.programme import Credit, Entry, Programme, credit, credits_of, email_of
from lorainne.project import Project, UnreadableError
from lorainne.values import RegistrationStatus
from lorainne.wording import clock, filled, offset

ONE_PAGE = 60
"""Up to so many talks and posters the home page holds all abstracts."""

NOT_FOUND = "404.html"

_LINK_TAG = re.compile(r"</?a(?: [^>]*)?>")

ROOT = "\x90"
"""Stands before each of our own paths until it is known from which page it is seen; so what a template makes
of a record is the same on every page. No text holds this control character."""


def render(
    story: Story,
) -> tuple[dict[str, tuple[Callable[[Route], Iterator[str]], Route]], list[Diagnostic]]:
    """How every page is made, by its path; a mistake in one of the project's templates is told once."""
    templates = Templates(story.project, _names(story), _filters(story))
    problems = {str(problem.span): problem for problem in templates.problems()}
    page = partial(_page, templates, story)
    if story.project.own_templates():  # the theme's have no mistakes
        for route in story.plan.routes:
            try:
                for _ in page(route):
                    continue
            except UnreadableError as error:
                problems.setdefault(str(error.diagnostic.span), error.diagnostic)
    return {route.path: (page, route) for route in story.plan.routes}, list(problems.values())


def _page(templates: Templates, story: Story, route: Route) -> Iterator[str]:
    """The pieces of a page; raises UnreadableError for a mistake in one of the project's own templates."""
    names = {PLACES[type(route.subject)][0]: route.subject} if route.subject else {}
    if "news" in names:
        names["item"] = names.pop("news")
    own, held = f"{ROOT}{quoted(route.path)}", ""
    for piece in templates.pieces(route.template, route=route, **names):
        whole = held + piece
        held = own if whole.endswith(own) else ""  # an anchor may come with the next piece
        yield _placed(whole.removesuffix(held), route.path, story.base)
    yield _placed(held, route.path, story.base)


def _placed(piece: str, path: str, base: str) -> str:
    """A piece of a page with addresses as they are seen from its own place."""
    if path == NOT_FOUND:  # shown at any depth, so only a full path is right
        return piece.replace(ROOT, quote(f"{urlsplit(base or '/').path.rstrip('/')}/", safe="/%"))
    return piece.replace(f"{ROOT}{quoted(path)}#", "#").replace(ROOT, "../" * path.count("/"))


def _filters(story: Story) -> dict[str, Callable[..., object]]:
    """What every template may ask of a value."""
    return {
        "inline": cache(partial(inline, story)),
        "body": partial(body, story),
        "unlinked": unlinked,
        "plain": line,
        "summary": partial(summary_of, story),
        "where_maths": where_maths,
        "fill": fill,
        "href": href,
        "target": target,
        "iso": datetime.isoformat,
        "clock": clock,
        "initials": initials,
    }


def _names(story: Story) -> dict[str, object]:
    """What every template may use."""
    project, workshop, programme = story.project, story.workshop, story.programme
    return {
        "workshop": workshop,
        "programme": programme,
        "plan": story.plan,
        "words": story.words,
        "works": story.works,
        "graph": partial(script, story),
        "tags": partial(tags, story),
        "bibtex": partial(bibtex, story),
        "full_address": partial(full_address, story),
        "giggity_link": giggity_link(story),
        "anchors": cache(partial(home_anchors, programme)),
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
        "people": remembered(partial(_people, programme)),
        "email_of": partial(email_of, workshop),
        "materials": materials,
        "grid": grid,
        "sort_of": sort_of,
        "strips": partial(strips, programme),
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


def href(path: str) -> str:
    """The address of one of our own paths (`talks.html#x`), still below ROOT, or a web address as it is."""
    if is_elsewhere(path) or path.startswith("#"):
        return path
    plain_path, mark, anchor = path.partition("#")
    return ROOT + quoted(plain_path) + mark + anchor


def target(written: str) -> str:
    """The address of a field's file below `content/files/`, or its web address."""
    return href(written if is_elsewhere(written) else f"files/{written}")


def _resolve(folder: str, prefix: str, written: str) -> str:
    """The address of a link in a text."""
    return href(link(folder, prefix, written))


def _picture(story: Story, folder: str, written: str) -> str:
    """The attributes of an image in a text: where it is, in two densities, and its size."""
    path = link(folder, "", written)
    found = shown(story, path.removeprefix("files/"), "text") if path.startswith("files/") else None
    if found is None:
        return f'src="{escape(href(path))}"'
    addresses = [href(each) for each in found.paths]
    more = f' srcset="{addresses[0]}, {addresses[1]} 2x"' if len(addresses) > 1 else ""
    return f'src="{addresses[0]}"{more} width="{found.width}" height="{found.height}"'


def inline(story: Story, text: str) -> Markup:
    """One line of Markdown as HTML."""
    fragment = markup.parse_inline(text)
    return Markup(fragment.html(partial(_resolve, "content", ""), partial(_picture, story, "content")))


def unlinked(html: str) -> Markup:
    """HTML of ours without its links, their words kept: what a link holds may have none (HTML, 4.5.1)."""
    return Markup(_LINK_TAG.sub("", escape(html)))


def body(story: Story, record: Record, field: str, level: int = 2, prefix: str = "") -> Markup:
    """A record's Markdown text as HTML, its headings from this level on, its ids with this prefix."""
    if mark := story.bodies.mark(record.span.file, HTML):
        return Markup(mark)
    fragment = markup.parse(getattr(record, field), level=level, prefix=prefix)
    folder = record.span.file.rpartition("/")[0] or "content"
    return Markup(fragment.html(partial(_resolve, folder, prefix), partial(_picture, story, folder)))


def summary_of(story: Story, record: Record) -> str:
    """The first words of a record's text, for the page's description."""
    return story.bodies.mark(record.span.file, SUMMARY) or summary(body_of(record))


def where_maths(html: str) -> Markup:
    """HTML that stays on pages with formulas only."""
    return Markup(weaving.where_maths(escape(html)))


def fill(word: str, **values: str) -> Markup:
    """A word of the theme with its places filled, everything escaped that is not HTML already."""
    return Markup("").join(filled(word, values))


def materials(record: Record) -> list[tuple[str, str]]:
    """The names and targets of what goes with a talk or a poster."""
    names = ("slides", "pdf", "video", "paper", "code")
    return [(name, getattr(record, name)) for name in names if getattr(record, name, None)]
