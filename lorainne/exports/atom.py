"""News and releases as a feed (RFC 4287), whole and with addresses that work anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from html import escape
from urllib.parse import urlsplit
from xml.etree import ElementTree

from lorainne.content.collections import page_of
from lorainne.content.model import Release
from lorainne.markup import to_html
from lorainne.programme.context import Context
from lorainne.programme.facts import Facts
from lorainne.programme.releases import Change
from lorainne.programme.routes import Route, resolve_link

_SPACE = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    """A piece of news, or a release."""

    date: date
    name: str
    title: str
    address: str
    html: str


def paths(facts: Facts) -> Iterator[Route]:
    """Yield the feed where there is something in it and the site's address is known."""
    workshop = facts.workshop
    if workshop.url and (workshop.news or workshop.releases):
        yield Route(path="feed.xml", format="atom")


def render(context: Context) -> dict[str, Callable[[], str]]:
    """Return how the feed is made, if it is planned."""
    return {route.path: partial(_feed, context, route.path) for route in context.routes.of("atom")}


def _feed(context: Context, path: str) -> str:
    entries = sorted(_entries(context), key=lambda entry: (entry.date, entry.name), reverse=True)
    feed = ElementTree.Element("feed", {"xmlns": _SPACE, "xml:lang": context.words.language})
    _add(feed, "id", _tag(context, entries[-1].date, "news"))
    _add(feed, "title", f"{context.workshop.name}: {context.words['news']}")
    _add(feed, "updated", _moment(entries[0].date))
    _add(feed, "link", rel="self", type="application/atom+xml", href=context.full_address(path))
    _add(feed, "link", rel="alternate", type="text/html", href=context.full_address(_home(context)))
    _add(_add(feed, "author"), "name", context.workshop.name)
    for each in entries:
        entry = _add(feed, "entry")
        _add(entry, "id", _tag(context, entries[-1].date, each.name))
        _add(entry, "title", each.title)
        _add(entry, "updated", _moment(each.date))
        _add(entry, "link", rel="alternate", type="text/html", href=each.address)
        _add(entry, "content", each.html, type="html")
    ElementTree.indent(feed)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(feed, encoding="unicode") + "\n"


def _entries(context: Context) -> Iterator[_Entry]:
    for item in context.workshop.news:
        here, title = context.full_address(page_of(item)), context.texts.plain_line(item.title)
        body = to_html(context.texts.parse(item.body or ""), partial(_absolute, context, here))
        yield _Entry(date=item.date, name=f"news/{item.id}", title=title, address=here, html=body or title)
    for step in context.history.steps:
        if step.release:
            yield _release(context, step.release, step.changes)


def _release(context: Context, release: Release, changes: Iterable[Change]) -> _Entry:
    """Return the entry that says in words what a release changed."""
    here = context.full_address(f"changes.html#release-{release.id}")
    note = to_html(context.texts.parse_line(release.note or ""), partial(_absolute, context, here))
    sentences = [f"{change.slot.title}: {context.words.what_changed(change)}" for change in changes]
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    html = (f"<p>{note}</p>" if note else "") + (f"<ul>{items}</ul>" if items else "")
    return _Entry(
        date=release.date,
        name=f"releases/{release.id}",
        title=f"{context.words['changes']}: {release.id}",
        address=here,
        html=html or escape(context.words["first_release"]),
    )


def _home(context: Context) -> str:
    return "news.html" if context.workshop.news else "changes.html"


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, name, attributes)
    child.text = text or None
    return child


def _tag(context: Context, first: date, name: str) -> str:
    """A name for ever, of the host in the edition's first year of news (RFC 4151)."""
    return f"tag:{urlsplit(context.workshop.url or '').hostname},{first.year}:{context.edition}/{name}"


def _moment(day: date) -> str:
    return f"{day}T00:00:00Z"


def _absolute(context: Context, here: str, written: str) -> str:
    """The address of a link in the news, for a reader who is not on the site."""
    target = resolve_link("content/news", "", written)
    if target.startswith("#"):
        return here + target
    return target if urlsplit(target).scheme else context.full_address(target)
