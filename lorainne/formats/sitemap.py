"""What crawlers are told: sitemap.xml (sitemaps.org 0.9) and robots.txt (RFC 9309)."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from lorainne.diagnostics import Diagnostic
from lorainne.formats.story import Story, full_address, outputs

_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def render(story: Story) -> tuple[dict[str, tuple[Callable[[Story], str], Story]], list[Diagnostic]]:
    """The files that the plan wants: all pages are listed, and nothing is forbidden."""
    texts = {"sitemap.xml": _sitemap, "robots.txt": _robots}
    return {output.path: (texts[output.path], story) for output in outputs(story, "sitemap")}, []


def _sitemap(story: Story) -> str:
    pages = [route.path for route in story.plan.routes if route.path.endswith(".html")]
    places = [
        f"<url><loc>{escape(full_address(story, path))}</loc></url>" for path in pages if path != "404.html"
    ]
    body = "\n".join([f'<urlset xmlns="{_SPACE}">', *places, "</urlset>"])
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _robots(story: Story) -> str:
    return f"User-agent: *\nAllow: /\nSitemap: {full_address(story, 'sitemap.xml')}\n"
