"""What crawlers are told: sitemap.xml (sitemaps.org 0.9) and robots.txt (RFC 9309)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from html import escape

from lorainne.programme.context import Context
from lorainne.programme.facts import Facts
from lorainne.programme.routes import NOT_FOUND, Route

_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def paths(facts: Facts) -> Iterator[Route]:
    """Yield the two files where the site's address is known."""
    if facts.workshop.url:
        yield Route(path="sitemap.xml", format="sitemap")
        yield Route(path="robots.txt", format="sitemap")


def render(context: Context) -> dict[str, Callable[[], str]]:
    """Return how the files are made: all pages are listed, and nothing is forbidden."""
    texts = {"sitemap.xml": _sitemap, "robots.txt": _robots}
    return {route.path: partial(texts[route.path], context) for route in context.routes.of("sitemap")}


def _sitemap(context: Context) -> str:
    pages = (route.path for route in context.routes.of("pages") if route.path.endswith(".html"))
    places = [
        f"<url><loc>{escape(context.full_address(path))}</loc></url>" for path in pages if path != NOT_FOUND
    ]
    body = "\n".join([f'<urlset xmlns="{_SPACE}">', *places, "</urlset>"])
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _robots(context: Context) -> str:
    return f"User-agent: *\nAllow: /\nSitemap: {context.full_address('sitemap.xml')}\n"
