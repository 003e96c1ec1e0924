"""Pages stand still whatever comes late: the font of formulas, the script, pictures."""

from __future__ import annotations

import pytest
from browser import Served, serving, tab
from playwright.sync_api import Browser, Page
from test_pictures import picture
from three_sites import compiled, site_of

LATE = 0.7
"""Seconds after which what is late arrives: the page has long been seen."""

OBSERVE = """window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(each => {
    window.shift += each.value; })).observe({type: 'layout-shift', buffered: true});"""

DISPLAY = r"$$\min_{A, B} \left\| \mathcal{X} - \sum_{r=1}^{R} \frac{a_r}{\sqrt{x}} \circ b_r \right\|_F^2 + \int_0^1 f$$"


def shift(page: Page, address: str) -> float:
    """How far the page has moved once everything has arrived."""
    page.add_init_script(OBSERVE)
    page.goto(address, wait_until="networkidle")
    page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
    page.wait_for_timeout(100)
    moved: float = page.evaluate("window.shift")
    return moved


@pytest.mark.parametrize("width", [390, 1280])
def test_a_page_full_of_formulas_stands_still_when_their_font_is_late(browser: Browser, width: int) -> None:
    line = r"It is hard to find $\mathbb{R}^{I\times J}$ and $\sum_r a_r \otimes b_r$ bounds it. " * 4
    talk = "---\ntitle: On $\\|A - B\\|_F^2$\nspeakers: [Ada]\n---\n" + f"{line}\n\n{DISPLAY}\n\n" * 3
    with serving(compiled({"content/workshop.yaml": "name: W\n", "content/talks/a.md": talk})) as served:
        served.late = (r"/maths[^/]*\.woff2$", LATE)
        for path in ("index.html", "talks/a.html"):
            with tab(browser, served, width) as page:
                assert shift(page, served.address + path) == 0


def test_what_is_on_now_moves_nothing_when_the_script_is_late(browser: Browser, lorainne: Served) -> None:
    lorainne.late = ("/lorainne.js$", LATE)
    for path in ("index.html", "schedule.html"):
        for width in (390, 1280):
            with tab(browser, lorainne, width) as page:
                page.clock.set_fixed_time("2024-11-26T14:10:00+01:00")
                assert shift(page, lorainne.address + path) == 0
                assert page.locator(".running").is_visible()


def test_pictures_keep_their_places_until_they_arrive(browser: Browser) -> None:
    logo = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20"><path d="M0 20 20 0h40z"/></svg>'
    photo = picture(size=(2400, 1200))
    site = compiled(
        {
            "content/workshop.yaml": "name: W\ntheme: {hero: a.jpg, logo: a.svg}\nsponsors: [{name: A, logo: a.svg}]\n",
            "content/about.md": "![All](files/a.jpg)\n\nWords.\n",
            "content/files/a.jpg": photo,
            "content/files/a.svg": logo,
        }
    )
    with serving(site) as served:
        served.late = (r"\.(webp|svg)$", LATE)
        for width in (390, 1280):
            with tab(browser, served, width) as page:
                assert shift(page, served.address) == 0


def test_the_rooms_are_named_on_every_sheet_of_a_printed_day(browser: Browser) -> None:
    """Browsers repeat the head of a table, and the day is one when it is printed."""
    with serving(site_of("conference")) as served, tab(browser, served) as page:
        page.emulate_media(media="print")
        page.goto(served.address + "schedule.html")
        display = "e => getComputedStyle(e).display"
        assert page.locator(".room-heads").first.evaluate(display) == "table-header-group"
        assert page.locator(".day-grid").first.evaluate(display) == "table"
