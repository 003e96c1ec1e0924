"""The news as a feed (RFC 4287), whole and with addresses that work anywhere."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlsplit
from xml.etree import ElementTree

from lorainne import markup
from lorainne.diagnostics import Diagnostic
from lorainne.formats.story import Story, full_address, line, link, outputs
from lorainne.model import News
from lorainne.plan import address

_SPACE = "http://www.w3.org/2005/Atom"


def render(story: Story) -> tuple[dict[str, str], list[Diagnostic]]:
    """The feed, if the plan wants it."""
    return {output.path: _feed(story, output.path) for output in outputs(story, "atom")}, []


def _feed(story: Story, path: str) -> str:
    news = sorted(story.workshop.news, key=lambda item: item.id, reverse=True)
    feed = ElementTree.Element("feed", {"xmlns": _SPACE, "xml:lang": story.words.language})
    _add(feed, "id", _tag(story, "news"))
    _add(feed, "title", f"{story.workshop.name}: {story.words['news']}")
    _add(feed, "updated", _moment(news[0]))
    _add(feed, "link", rel="self", type="application/atom+xml", href=full_address(story, path))
    _add(feed, "link", rel="alternate", type="text/html", href=full_address(story, "news.html"))
    _add(_add(feed, "author"), "name", story.workshop.name)
    for item in news:
        here = full_address(story, address("news", item.id))
        entry = _add(feed, "entry")
        _add(entry, "id", _tag(story, f"news/{item.id}"))
        _add(entry, "title", line(item.title))
        _add(entry, "updated", _moment(item))
        _add(entry, "link", rel="alternate", type="text/html", href=here)
        body = markup.parse(item.body or "", level=2).html(partial(_absolute, story, here))
        _add(entry, "content", body or line(item.title), type="html")
    ElementTree.indent(feed)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(feed, encoding="unicode") + "\n"


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, name, attributes)
    child.text = text or None
    return child


def _tag(story: Story, name: str) -> str:
    """A name for ever, of the host in the edition's first year of news (RFC 4151)."""
    year = min(item.date for item in story.workshop.news).year
    return f"tag:{urlsplit(story.workshop.url or '').hostname},{year}:{story.edition}/{name}"


def _moment(item: News) -> str:
    return f"{item.date}T00:00:00Z"


def _absolute(story: Story, here: str, written: str) -> str:
    """The address of a link in the news, for a reader who is not on the site."""
    meant = link("content/news", "", written)
    if meant.startswith("#"):
        return here + meant
    return meant if urlsplit(meant).scheme else full_address(story, meant)
