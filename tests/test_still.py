"""Pages stand still whatever comes late: the font of formulas, the script, pictures."""

from __future__ import annotations

from browser import Served, moved, phone_and_screen, serving, tab
from playwright.sync_api import Browser, Page
from test_pictures import picture
from three_sites import compiled, site_of

LATE = 0.7
"""Seconds after which what is late arrives: the page has long been seen."""

DISPLAY = r"$$\min_{A, B} \left\| \mathcal{X} - \sum_{r=1}^{R} \frac{a_r}{\sqrt{x}} \circ b_r \right\|_F^2 + \int_0^1 f$$"


def stands(served: Served, path: str, *pages: Page) -> bool:
    """Whether this page has not moved in any of the tabs once everything has arrived."""
    for page in pages:
        page.goto(served.address + path, wait_until="commit")
    for page in pages:
        page.wait_for_load_state("networkidle")
    return [moved(page) for page in pages] == [0] * len(pages)


def test_a_page_full_of_formulas_stands_still_when_their_font_is_late(browser: Browser) -> None:
    line = r"It is hard to find $\mathbb{R}^{I\times J}$ and $\sum_r a_r \otimes b_r$ bounds it. " * 4
    talk = "---\ntitle: On $\\|A - B\\|_F^2$\nspeakers: [Ada]\n---\n" + f"{line}\n\n{DISPLAY}\n\n" * 3
    with serving(compiled({"content/workshop.yaml": "name: W\n", "content/talks/a.md": talk})) as served:
        served.late = (r"/maths[^/]*\.woff2$", LATE)
        with phone_and_screen(browser, served) as both:
            for path in ("index.html", "talks/a.html"):
                assert stands(served, path, *both)


def test_what_is_on_now_moves_nothing_when_the_script_is_late(browser: Browser, lorainne: Served) -> None:
    lorainne.late = ("/lorainne.js$", LATE)
    with phone_and_screen(browser, lorainne) as both:
        for page in both:
            page.clock.set_fixed_time("2024-11-26T14:10:00+01:00")
        for path in ("index.html", "schedule.html"):
            assert stands(lorainne, path, *both)
            assert all(page.locator(".running").is_visible() for page in both)


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
        with phone_and_screen(browser, served) as both:
            assert stands(served, "index.html", *both)


def test_the_rooms_are_named_on_every_sheet_of_a_printed_day(browser: Browser) -> None:
    """Browsers repeat the head of a table, and the day is one when it is printed."""
    with serving(site_of("conference")) as served, tab(browser, served) as page:
        page.emulate_media(media="print")
        page.goto(served.address + "schedule.html")
        display = "e => getComputedStyle(e).display"
        assert page.locator(".room-heads").first.evaluate(display) == "table-header-group"
        assert page.locator(".day-grid").first.evaluate(display) == "table"
