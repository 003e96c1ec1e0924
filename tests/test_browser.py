"""The site in a real browser: what readers see, hear, fetch and print.

The sites are LoRAINNe'24, a conference with 8 rooms, and one that has nothing but its name.
"""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import icalendar
import pytest
from browser import Served, kinds, moved, pages_of, phone_and_screen, serving, tab
from pages import Element, links, read
from playwright.sync_api import Browser
from three_sites import FOLDER, HOST, NAMES, compiled, site_of


def addresses(page: Element, root: str) -> set[str]:
    """Every address on a page, in `href`, `src` and `srcset`, and what others are told to fetch from here."""
    several = [
        part.split()[0] for e in page.all() for part in e.attributes.get("srcset", "").split(",") if part
    ]
    told = [e.attributes.get("content", "") for e in page.all("meta")]
    return {*links(page), *several, *(address for address in told if address.startswith(root))}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("folder", ["/", FOLDER])
def test_every_link_and_anchor_leads_somewhere_at_the_root_and_below_a_folder(name: str, folder: str) -> None:
    root = HOST + folder
    site = site_of(name, root)
    trees = {root + path: read(site[path].decode()) for path in pages_of(site)}
    known = {root, *(root + path for path in site)}
    ids = {url: {e.attributes.get("id") for e in tree.all()} for url, tree in trees.items()}
    for url, tree in trees.items():
        for address in addresses(tree, root):
            target, anchor = urldefrag(urljoin(url, address.replace("webcal:", "https:")))
            if not target.startswith(root):  # to somebody else's site or a mail program, and said so
                assert urlsplit(address).scheme in ("http", "https", "mailto"), (url, address)
                continue
            assert unquote(target) in known, (url, address)
            assert not anchor or unquote(anchor) in ids[target], (url, address)


def test_nothing_moves(browser: Browser, served: Served) -> None:
    """Neither by animation (WCAG 2.2, 2.3.3) nor when slow fonts arrive; 0.01 is a word that wraps elsewhere.

    Formulas have no stand-in of the same measures, so a page with formulas may move by half of what is called good.
    """
    served.late = (r"\.woff2$", 0.12)
    with phone_and_screen(browser, served, reduced_motion="reduce") as both:
        for path in kinds(served.site):
            for page in both:
                page.goto(served.address + path, wait_until="commit")
            for page in both:
                page.wait_for_load_state()
                limit = 0.05 if b"<math" in served.site[path] else 0.01
                assert moved(page) < limit, page.url
                assert page.evaluate("document.getAnimations().length") == 0
                assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_the_home_page_is_light(browser: Browser, lorainne: Served) -> None:
    """At most 120 kB over the wire without the font of formulas, which has 50 kB, and 12 requests."""
    with tab(browser, lorainne) as page:
        page.goto(lorainne.address, wait_until="networkidle")
    weight = sum(size for path, size in lorainne.answers if "maths" not in path)
    assert weight <= 120_000, lorainne.answers
    assert 0 < sum(size for path, size in lorainne.answers if "maths" in path) <= 50_000, lorainne.answers
    assert len(lorainne.answers) <= 12, lorainne.answers


def sheets(pdf: bytes) -> int:
    """How many pages a PDF of Chromium has."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize("served", ["lorainne", "conference"], indirect=True)
def test_the_schedule_prints_on_one_or_two_sheets(browser: Browser, served: Served) -> None:
    with tab(browser, served) as page:
        page.goto(served.address + "schedule.html", wait_until="networkidle")
        assert 1 <= sheets(page.pdf(prefer_css_page_size=True)) <= 2


def test_the_schedule_says_what_is_on_and_what_is_next_in_the_venues_time(
    browser: Browser, lorainne: Served
) -> None:
    with tab(browser, lorainne, timezone_id="America/New_York") as page:
        page.clock.set_fixed_time("2024-11-26T14:10:00+01:00")
        page.goto(lorainne.address + "schedule.html")
        now, coming = (text.split("\n") for text in page.locator(".running > div").all_inner_texts())
        assert now[0] == "Now"
        assert now[-1].startswith("14:00 Overview of tensor decompositions")
        assert coming[0] == "Next"
        assert coming[-1].startswith("15:00 Decoupling multivariate functions")
        page.clock.set_fixed_time("2025-02-01T12:00:00+01:00")
        page.reload()
        assert not page.locator(".running").is_visible()


@pytest.mark.parametrize(
    ("zone", "own"),
    [("America/New_York", "08:00 your time"), ("Pacific/Auckland", "Wed 02:00 your time")],
)
def test_the_readers_own_time_stands_beside_the_venues(
    browser: Browser, lorainne: Served, zone: str, own: str
) -> None:
    with tab(browser, lorainne, timezone_id=zone) as page:
        page.goto(lorainne.address + "schedule.html")
        page.get_by_role("button", name="In my time zone").click()
        times = page.locator("#slot-andre-de-almeida .slot-time").inner_text().split("\n")
        assert times == ["14:00–15:00", own]


def test_readers_at_the_venue_are_not_offered_their_own_time(browser: Browser, lorainne: Served) -> None:
    with tab(browser, lorainne, timezone_id="Europe/Berlin") as page:
        page.goto(lorainne.address + "schedule.html")
        assert not page.locator(".own-zone").is_visible()


def test_a_list_shrinks_while_somebody_types_without_accents(browser: Browser, lorainne: Served) -> None:
    with tab(browser, lorainne) as page:
        page.goto(lorainne.address + "speakers.html")
        page.get_by_label("Filter").fill("jeremy")
        shown = page.locator(".speaker-list > li:visible .name").all_inner_texts()
        assert shown == ["Jérémy Cohen"]
        assert page.locator("output").inner_text() == "1 of 12"


def test_stars_are_kept_and_make_a_programme_and_a_calendar(browser: Browser, lorainne: Served) -> None:
    with tab(browser, lorainne) as page:
        page.goto(lorainne.address + "schedule.html")
        page.get_by_role("button", name=re.compile("Star: Overview")).click()
        page.goto(lorainne.address)
        page.get_by_role("button", name="My programme", exact=True).click()
        assert page.locator(".slot:visible").count() == 1
        with page.expect_download() as download:
            page.get_by_role("button", name="Calendar of my programme").click()
        mine = icalendar.Calendar.from_ical(Path(download.value.path()).read_bytes())
    (event,) = mine.events
    official = icalendar.Calendar.from_ical(lorainne.site["talks/andre-de-almeida.ics"]).events[0]
    assert (event["UID"], event["SUMMARY"]) == (official["UID"], official["SUMMARY"])
    assert event.start == official.start
    assert event.end == official.end


def test_registration_knows_that_its_deadline_has_passed(browser: Browser) -> None:
    """The site was built before; the deadline ends with the day at the venue."""
    workshop = (
        "name: W\ntimezone: Europe/Paris\nregistration: {url: https://example.org/, deadline: 2999-11-21}\n"
    )
    with serving(compiled({"content/workshop.yaml": workshop})) as one:
        for moment, is_open in (("2999-11-21T23:59:00+01:00", True), ("2999-11-22T00:00:30+01:00", False)):
            with tab(browser, one) as page:
                page.clock.set_fixed_time(moment)
                page.goto(one.address)
                assert page.get_by_role("link", name="Register").is_visible() == is_open
                assert page.get_by_text("Registration is closed.").is_visible() != is_open


def test_without_scripts_nothing_is_shown_that_needs_them(browser: Browser, lorainne: Served) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for path in ("schedule.html", "speakers.html"):
        page.goto(lorainne.address + path)
        assert page.locator("button:visible, input:visible, .running:visible").count() == 0
    context.close()


def test_the_script_is_small(lorainne: Served) -> None:
    assert len(gzip.compress(lorainne.site["static/lorainne.js"])) <= 6_000


def test_the_code_on_the_schedule_page_is_read_as_the_link_beside_it(
    browser: Browser, lorainne: Served
) -> None:
    """Somebody else's reader of codes looks at what Chromium paints."""
    import io

    import zxingcpp
    from PIL import Image

    site = lorainne.site
    schedule = read(site["schedule.html"].decode())
    assert schedule.one("img", class_="qr").attributes["src"] == "giggity.svg"
    page = browser.new_page(viewport={"width": 400, "height": 400})
    page.set_content(site["giggity.svg"].decode().replace("<svg", '<svg style="width:360px;height:360px"', 1))
    seen = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.screenshot())))
    page.close()
    assert len(seen) == 1
    assert seen[0].text in links(schedule)
    assert seen[0].text.endswith("schedule.xml")
