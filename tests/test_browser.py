"""The site in a real browser: what readers see, hear, fetch and print.

The sites are LoRAINNe'24, a conference with 8 rooms, and one that has nothing but its name.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import icalendar
import pytest
from browser import CHROMIUM, FOLDER, Served, kinds, serving, tab
from made_up import everything
from pages import links, read
from playwright.sync_api import Browser, Page, sync_playwright

from lorainne import project
from lorainne.build import compile_site

ROOT = Path(__file__).parent.parent
NAMES = ("lorainne", "conference", "bare")

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
ALL_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    installed = shutil.which("chromium")
    if installed is None and "CI" not in os.environ:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=installed, args=CHROMIUM)
        yield started
        started.close()


def texts_of(name: str) -> dict[str, str | bytes]:
    """The files of one of the sites; all are published below the same folder."""
    address = f"url: https://example.org{FOLDER}\n"
    if name == "bare":
        return {"content/workshop.yaml": f"name: A workshop\n{address}"}
    if name == "conference":
        return everything(address)
    found = {str(path.relative_to(ROOT)): path.read_bytes() for path in ROOT.glob("content/**/*.*")}
    return {**found, "content/workshop.yaml": found["content/workshop.yaml"] + address.encode()}


@pytest.fixture(scope="module")
def sites() -> Mapping[str, Mapping[str, bytes]]:
    """The sites by name, as bytes by path."""
    built = {}
    for name in NAMES:
        site, problems = compile_site(project.from_texts(texts_of(name)))
        assert problems == []
        built[name] = {p: t.encode() if isinstance(t, str) else t.read() for p, t in site.items()}
    return built


@pytest.fixture(params=NAMES)
def served(request: pytest.FixtureRequest, sites: Mapping[str, Mapping[str, bytes]]) -> Iterator[Served]:
    with serving(sites[request.param]) as one:
        yield one


@pytest.fixture
def lorainne(sites: Mapping[str, Mapping[str, bytes]]) -> Iterator[Served]:
    with serving(sites["lorainne"]) as one:
        yield one


def axe(page: Page) -> list[str]:
    """What axe-core finds, and what it cannot decide about contrast."""
    script = """async rules => {
        const found = await axe.run(document, {runOnly: rules, resultTypes: ['violations', 'incomplete']});
        const undecided = found.incomplete.filter(each => each.id === 'color-contrast');
        return [...found.violations, ...undecided].flatMap(each => each.nodes
            .filter(n => !n.any.some(a => a.data?.messageKey === 'nonBmp'))  // a lone sign such as ∈, as its line is
            .map(n => `${each.id}: ${n.html}`));
    }"""
    found: list[str] = page.evaluate(script, ALL_RULES)
    return [f"{page.url} {each}" for each in found]


def test_axe_finds_nothing_in_light_and_dark_on_a_phone_and_on_a_screen(
    browser: Browser, served: Served
) -> None:
    """WCAG 2.0 to 2.2, A and AA, and best practice: a scheme changes colours only, a width everything else."""
    found = []
    with tab(browser, served) as page:
        for path in kinds(served.site):
            page.goto(served.address + path)
            page.evaluate(AXE)
            for scheme, width in (("light", 1280), ("dark", 360)):
                page.emulate_media(color_scheme=scheme)
                page.set_viewport_size({"width": width, "height": 900})
                found += axe(page)
    assert found == []


def test_every_link_leads_somewhere_below_a_folder_too(sites: Mapping[str, Mapping[str, bytes]]) -> None:
    root = f"https://example.org{FOLDER}"
    for site in sites.values():
        trees = {root + path: read(text.decode()) for path, text in site.items() if path.endswith(".html")}
        known = {root, *(root + path for path in site)}
        ids = {url: {e.attributes.get("id") for e in tree.all()} for url, tree in trees.items()}
        for url, tree in trees.items():
            for address in links(tree):
                target, anchor = urldefrag(urljoin(url, address))
                assert "://" in address or not target.startswith("http") or target.startswith(root)
                if target.startswith(root):
                    assert target in known, (url, address)
                    assert not anchor or anchor in ids[target], (url, address)


def overflow(page: Page) -> list[str]:
    """What stands out of the window to the side, or is cut off by its own box (WCAG 2.2, 1.4.10 and 1.4.12)."""
    script = """() => {
        const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
        const cut = [...document.querySelectorAll('main *')].filter(e => {
            const style = getComputedStyle(e);
            return style.overflowX === 'hidden' && style.clipPath === 'none' && e.scrollWidth > e.clientWidth + 1;
        });
        return [...(wide > 0 ? [`${wide} px too wide`] : []), ...cut.map(e => e.outerHTML.slice(0, 90))];
    }"""
    found: list[str] = page.evaluate(script)
    return [f"{page.url} {each}" for each in found]


LARGE = "document.documentElement.style.fontSize = '200%'"
SPACED = """() => { const sheet = new CSSStyleSheet(); sheet.replaceSync(`* { line-height: 1.5 !important;
    letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-block-end: 2em !important; }`);
    document.adoptedStyleSheets = [sheet]; }"""


def test_nothing_is_cut_off_at_320_px_with_large_text_or_with_wide_spaces(
    browser: Browser, served: Served
) -> None:
    """WCAG 2.2, 1.4.4, 1.4.10 and 1.4.12."""
    found = []
    with tab(browser, served) as page:
        for path in kinds(served.site):
            page.set_viewport_size({"width": 320, "height": 900})
            page.goto(served.address + path)
            found += overflow(page)
            page.evaluate(SPACED)
            found += overflow(page)
            page.set_viewport_size({"width": 1280, "height": 900})
            page.evaluate(LARGE)
            found += overflow(page)
    assert found == []


FOCUS = """() => {
    const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
    const line = [...e.getClientRects()][0];
    const top = document.elementFromPoint(line.x + line.width / 2, line.y + line.height / 2);
    return {name: e.outerHTML.slice(0, 120), ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
            seen: top === e || e.contains(top), main: document.querySelector('main').contains(e)};
}"""


def test_everything_is_reached_by_keyboard_with_the_focus_in_sight(browser: Browser, served: Served) -> None:
    """WCAG 2.2, 2.4.1, 2.4.3, 2.4.7 and 2.4.11: the skip link first, a ring on each, nothing in front of it."""
    path = "schedule.html" if "schedule.html" in served.site else "index.html"
    with tab(browser, served) as page:
        page.goto(served.address + path)
        page.keyboard.press("Tab")
        first = page.evaluate(FOCUS)
        assert "skip" in first["name"]
        assert first["seen"]
        for _ in range(150):
            page.keyboard.press("Tab")
            focused = page.evaluate(FOCUS)
            if focused["name"].startswith("<body"):  # once round
                break
            assert focused["ring"], focused
            assert focused["seen"], focused


def test_the_skip_link_leads_past_the_navigation(browser: Browser, lorainne: Served) -> None:
    """WCAG 2.2, 2.4.1."""
    with tab(browser, lorainne) as page:
        page.goto(lorainne.address)
        for key in ("Tab", "Enter", "Tab"):
            page.keyboard.press(key)
        assert page.evaluate(FOCUS)["main"]


def test_nothing_moves(browser: Browser, served: Served) -> None:
    """Neither by animation (WCAG 2.2, 2.3.3) nor when slow fonts arrive; 0.01 is a word that wraps elsewhere.

    Formulas have no stand-in of the same measures, so a page with formulas may move by what is called good, 0.1.
    """
    observe = """window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(each => {
        window.shift += each.value; })).observe({type: 'layout-shift', buffered: true});"""
    served.font_delay = 0.12
    for width in (390, 1280):
        with tab(browser, served, width, reduced_motion="reduce") as page:
            page.add_init_script(observe)
            for path in kinds(served.site):
                page.goto(served.address + path)
                page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
                page.wait_for_timeout(50)
                limit = 0.1 if b"<math" in served.site[path] else 0.01
                assert page.evaluate("window.shift") < limit, (path, width)
                assert page.evaluate("document.getAnimations().length") == 0


def test_the_home_page_is_light(browser: Browser, lorainne: Served) -> None:
    """At most 120 kB over the wire without the font of formulas, and 12 requests."""
    with tab(browser, lorainne) as page:
        page.goto(lorainne.address, wait_until="networkidle")
    weight = sum(size for path, size in lorainne.answers if "maths" not in path)
    assert weight <= 120_000, lorainne.answers
    assert len(lorainne.answers) <= 12, lorainne.answers


def pages_of(pdf: bytes) -> int:
    """How many pages a PDF of Chromium has."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize("served", ["lorainne", "conference"], indirect=True)
def test_the_schedule_prints_on_one_or_two_sheets(browser: Browser, served: Served) -> None:
    with tab(browser, served) as page:
        page.goto(served.address + "schedule.html", wait_until="networkidle")
        assert 1 <= pages_of(page.pdf(prefer_css_page_size=True)) <= 2


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
    site, _ = compile_site(project.from_texts({"content/workshop.yaml": workshop}))
    with serving(
        {path: text.encode() if isinstance(text, str) else text.read() for path, text in site.items()}
    ) as one:
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
    browser: Browser, sites: Mapping[str, Mapping[str, bytes]]
) -> None:
    """Somebody else's reader of codes looks at what Chromium paints."""
    import io

    import zxingcpp
    from PIL import Image

    site = sites["lorainne"]
    schedule = read(site["schedule.html"].decode())
    assert schedule.one("img", class_="qr").attributes["src"] == "giggity.svg"
    page = browser.new_page(viewport={"width": 400, "height": 400})
    page.set_content(site["giggity.svg"].decode().replace("<svg", '<svg style="width:360px;height:360px"', 1))
    seen = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.screenshot())))
    page.close()
    assert len(seen) == 1
    assert seen[0].text in links(schedule)
    assert seen[0].text.endswith("schedule.xml")
