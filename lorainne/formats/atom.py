"""News and releases as a feed (RFC 4287), whole and with addresses that work anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from html import escape
from urllib.parse import urlsplit
from xml.etree import ElementTree

from lorainne import markup
from lorainne.diagnostics import Diagnostic
from lorainne.formats.story import Story, full_address, line, link, outputs
from lorainne.history import Change
from lorainne.model import Release
from lorainne.plan import address

_SPACE = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    """A piece of news, or a release."""

    date: date
    name: str
    title: str
    address: str
    html: str


def render(story: Story) -> tuple[dict[str, str], list[Diagnostic]]:
    """The feed, if the plan wants it."""
    return {output.path: _feed(story, output.path) for output in outputs(story, "atom")}, []


def _feed(story: Story, path: str) -> str:
    entries = sorted(_entries(story), key=lambda entry: (entry.date, entry.name), reverse=True)
    feed = ElementTree.Element("feed", {"xmlns": _SPACE, "xml:lang": story.words.language})
    _add(feed, "id", _tag(story, entries[-1].date, "news"))
    _add(feed, "title", f"{story.workshop.name}: {story.words['news']}")
    _add(feed, "updated", _moment(entries[0].date))
    _add(feed, "link", rel="self", type="application/atom+xml", href=full_address(story, path))
    _add(feed, "link", rel="alternate", type="text/html", href=full_address(story, _home(story)))
    _add(_add(feed, "author"), "name", story.workshop.name)
    for told in entries:
        entry = _add(feed, "entry")
        _add(entry, "id", _tag(story, entries[-1].date, told.name))
        _add(entry, "title", told.title)
        _add(entry, "updated", _moment(told.date))
        _add(entry, "link", rel="alternate", type="text/html", href=told.address)
        _add(entry, "content", told.html, type="html")
    ElementTree.indent(feed)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(feed, encoding="unicode") + "\n"


def _entries(story: Story) -> Iterator[_Entry]:
    for item in story.workshop.news:
        here, title = full_address(story, address("news", item.id)), line(item.title)
        body = markup.parse(item.body or "", level=2).html(partial(_absolute, story, here))
        yield _Entry(date=item.date, name=f"news/{item.id}", title=title, address=here, html=body or title)
    for step in story.history.steps:
        if step.release:
            yield _release(story, step.release, step.changes)


def _release(story: Story, release: Release, changes: Iterable[Change]) -> _Entry:
    """What a release changed, in words."""
    here = full_address(story, f"changes.html#release-{release.id}")
    note = markup.parse_inline(release.note or "").html(partial(_absolute, story, here))
    told = [f"{change.slot.title}: {story.words.what_changed(change)}" for change in changes]
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in told)
    html = (f"<p>{note}</p>" if note else "") + (f"<ul>{items}</ul>" if items else "")
    return _Entry(
        date=release.date,
        name=f"releases/{release.id}",
        title=f"{story.words['changes']}: {release.id}",
        address=here,
        html=html or escape(story.words["first_release"]),
    )


def _home(story: Story) -> str:
    return "news.html" if story.workshop.news else "changes.html"


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, name, attributes)
    child.text = text or None
    return child


def _tag(story: Story, first: date, name: str) -> str:
    """A name for ever, of the host in the edition's first year of news (RFC 4151)."""
    return f"tag:{urlsplit(story.workshop.url or '').hostname},{first.year}:{story.edition}/{name}"


def _moment(day: date) -> str:
    return f"{day}T00:00:00Z"


def _absolute(story: Story, here: str, written: str) -> str:
    """The address of a link in the news, for a reader who is not on the site."""
    meant = link("content/news", "", written)
    if meant.startswith("#"):
        return here + meant
    return meant if urlsplit(meant).scheme else full_address(story, meant)
