"""axe-core looks at every page of LoRAINNe'24 and of the nearly empty site, and at all that the conference has.

Of its pages those are left out that are built of the same elements as one that was looked at: only words differ.
With `--every-page`, as on every landing, it looks at these too: one minute more.
"""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from importlib.resources import files

import pytest
from browser import pages_of, serving, tab
from playwright.sync_api import Browser, Page
from three_sites import site_of

AXE = (
    (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    + """
// Left alone, axe does not look at the colours of a lone sign such as ∈.
Object.assign(axe._audit.checks['color-contrast'].options, {ignoreUnicode: false});
{   // and reads the same few colours a thousand times, which takes a quarter of its time.
    const {Color} = axe.commons.color, read = Color.prototype.parseString, known = new Map();
    Color.prototype.parseString = function (text) {
        if (!known.has(text)) known.set(text, read.call(new Color(0, 0, 0), text));
        const {r, g, b, alpha} = known.get(text);
        return Object.assign(this, {r, g, b, alpha});
    };
}"""
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

PARTS = [
    *(("conference", part, 4) for part in range(4)),
    *(("lorainne", part, 6) for part in range(6)),
    ("bare", 0, 1),
]
"""Each site, and every how-manieth of its pages: many tests, so that what takes longest is begun early."""


class Structure(HTMLParser):
    """What a page is built of: its elements with their attributes, and where there is text; but not its words."""

    WORDS = frozenset({"href", "id", "src"})
    MEANING = frozenset({"class", "rel", "role", "type"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: list[object] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = [
            (name, value if name in self.MEANING else "") for name, value in attrs if name not in self.WORDS
        ]
        self.parts.append((tag, *sorted(known)))

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(tag)

    def handle_data(self, data: str) -> None:
        self.parts += ["text"] if data.strip() else []


def unlike(site: Mapping[str, bytes]) -> list[str]:
    """The pages of a site, without those that are built as one before is: of 62 talks some seven."""
    first = {tuple(Structure(site[path].decode()).parts): path for path in reversed(pages_of(site))}
    return sorted(first.values())


def axe(page: Page) -> list[str]:
    """What axe-core finds, and what it cannot decide about contrast."""
    script = """async tags => {
        const found = await axe.run(document, {runOnly: tags, resultTypes: ['violations', 'incomplete']});
        const undecided = found.incomplete.filter(each => each.id === 'color-contrast');
        return [...found.violations, ...undecided].flatMap(each => each.nodes.map(n => `${each.id}: ${n.html}`));
    }"""
    found: list[str] = page.evaluate(script, RULES)
    return [f"{page.url} {each}" for each in found]


@pytest.mark.parametrize(("name", "part", "parts"), PARTS)
def test_axe_finds_nothing_on_any_page_in_light_and_dark_on_a_phone_and_on_a_screen(
    browser: Browser, request: pytest.FixtureRequest, name: str, part: int, parts: int
) -> None:
    """WCAG 2.0 to 2.2, A and AA, and best practice; no contrast is left undecided, no host asked, no word said."""
    found = []
    with serving(site_of(name)) as served, tab(browser, served) as page:
        page.add_init_script(AXE)
        every = name != "conference" or request.config.getoption("--every-page")
        pages = pages_of(served.site) if every else unlike(served.site)
        for path in pages[part::parts]:
            page.goto(served.address + path)
            for width in (1280, 360):
                page.set_viewport_size({"width": width, "height": 900})
                for scheme in ("light", "dark"):
                    page.emulate_media(color_scheme=scheme)
                    found += [f"{scheme} {width} {each}" for each in axe(page)]
    assert found == []


def test_axe_sees_what_is_wrong(browser: Browser) -> None:
    """A text too pale, in the dark scheme only and written in the theme's own way; a picture of nothing."""
    site = {
        "index.html": b"""<!doctype html><html lang="en"><title>T</title><link rel="stylesheet" href="a.css">
            <link rel="icon" href="a.svg"><main><h1>T</h1><p>Pale</p><img src="a.svg"></main>""",
        "a.css": b"@media (prefers-color-scheme: dark) { p { color: oklch(97% .01 265) } }",
        "a.svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    }
    with serving(site) as served, tab(browser, served) as page:
        page.add_init_script(AXE)
        page.goto(served.address)
        assert [each.split()[1] for each in axe(page)] == ["image-alt:"]
        page.emulate_media(color_scheme="dark")
        assert [each.split()[1] for each in axe(page)] == ["color-contrast:", "image-alt:"]
