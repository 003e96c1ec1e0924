"""Nobody is kept out of a page: keyboards, large text, narrow windows, forced colours; tests/test_axe.py has more."""

from __future__ import annotations

import re

from browser import Served, kinds, tab
from playwright.sync_api import Browser, Page


def overflow(page: Page) -> list[str]:
    """What stands out of the window to the side, is cut off by its own box, or is a picture of no size."""
    script = """() => {
        const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
        const cut = [...document.querySelectorAll('body *')].filter(e => {
            const style = getComputedStyle(e), hides = way => ['hidden', 'clip'].includes(way);
            return style.clipPath === 'none' && (hides(style.overflowX) && e.scrollWidth > e.clientWidth + 1
                || hides(style.overflowY) && e.scrollHeight > e.clientHeight + 1);
        });
        const gone = [...document.images].filter(e => e.checkVisibility() && !e.getBoundingClientRect().width);
        return [...(wide > 0 ? [`${wide} px too wide`] : []),
            ...cut.map(e => 'cut: ' + e.outerHTML.slice(0, 90)), ...gone.map(e => 'not seen: ' + e.outerHTML)];
    }"""
    found: list[str] = page.evaluate(script)
    return [f"{page.url} {each}" for each in found]


def collisions(page: Page) -> list[str]:
    """Lines of text of two blocks that lie on each other by more than a third of their height."""
    script = """() => {
        const lines = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = new Range();
        const block = e => /^(inline|ruby|math|contents)/.test(getComputedStyle(e).display)
            || e.closest('math') ? block(e.parentElement) : e;
        for (let node; (node = walker.nextNode());) {
            const parent = node.parentElement;
            if (!node.data.trim() || !parent.checkVisibility() || parent.closest('svg, .visually-hidden')) continue;
            if (getComputedStyle(block(parent)).clipPath !== 'none' || getComputedStyle(parent).clipPath !== 'none') continue;
            range.selectNodeContents(node);
            for (const box of range.getClientRects()) if (box.width > 2) lines.push({box, owner: block(parent), text: node.data});
        }
        lines.sort((a, b) => a.box.top - b.box.top);
        const found = [];
        lines.forEach(({box, owner, text}, i) => {
            for (let j = i + 1; j < lines.length && lines[j].box.top < box.bottom; j++) {
                const other = lines[j], wide = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
                const high = Math.min(box.bottom, other.box.bottom) - other.box.top;
                if (owner !== other.owner && wide > 2 && high > Math.min(box.height, other.box.height) / 3)
                    found.push(`on each other: ${text.trim()} | ${other.text.trim()}`);
            }
        });
        return found;
    }"""
    found: list[str] = page.evaluate(script)
    return [f"{page.url} {each}" for each in found]


LARGE = "document.documentElement.style.fontSize = '200%'"
SPACED = """() => { const sheet = new CSSStyleSheet(); sheet.replaceSync(`* { line-height: 1.5 !important;
    letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-block-end: 2em !important; }`);
    document.adoptedStyleSheets = [sheet]; }"""
NORMAL = "document.adoptedStyleSheets = []"


def test_nothing_is_cut_off_or_covered_at_320_px_with_large_text_or_with_wide_spaces(
    browser: Browser, served: Served
) -> None:
    """WCAG 2.2, 1.4.4, 1.4.10 and 1.4.12."""
    found = []
    with tab(browser, served) as page:
        for path in kinds(served.site):
            page.set_viewport_size({"width": 320, "height": 900})
            page.goto(served.address + path)
            for width, change in (
                (320, NORMAL),
                (320, SPACED),
                (1280, SPACED),
                (1280, NORMAL),
                (1280, LARGE),
            ):
                page.set_viewport_size({"width": width, "height": 900})
                page.evaluate(change)
                found += [f"{width} {each}" for each in overflow(page) + collisions(page)]
    assert found == []


FOCUS = """() => {
    const all = window.reachable ??= [...document.querySelectorAll(
        'a[href], button, input, select, textarea, summary, [tabindex="0"]'
    )].filter(each => !each.disabled && each.checkVisibility({visibilityProperty: true}));
    const e = document.activeElement, style = getComputedStyle(e), line = [...e.getClientRects()][0];
    const covered = line && [.1, .5, .9].flatMap(x => [.2, .5, .8].map(y => [line.x + x * line.width, line.y + y * line.height]))
        .filter(([x, y]) => !e.contains(document.elementFromPoint(x, y))).length;
    return {name: e.outerHTML.slice(0, 120), number: all.indexOf(e), last: all.length - 1, covered,
            ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
            main: document.querySelector('main').contains(e)};
}"""
WALKED = {"index.html", "schedule.html", "speakers.html"}


def test_everything_is_reached_by_keyboard_in_its_order_with_the_focus_in_sight(
    browser: Browser, served: Served
) -> None:
    """WCAG 2.2, 2.1.1, 2.4.3, 2.4.7 and 2.4.11: a ring on each, and nothing that stays in sight in front of it."""
    with tab(browser, served) as page:
        for path in served.site.keys() & WALKED:
            page.goto(served.address + path)
            last = page.evaluate(FOCUS)["last"]
            for number in range(last + 1):
                page.keyboard.down("Tab")  # held down: it repeats
                focused = page.evaluate(FOCUS)
                assert (focused["number"], focused["ring"], focused["covered"]) == (number, True, 0), focused


def test_the_way_back_by_keyboard_is_in_sight_on_a_phone_in_forced_colours(
    browser: Browser, served: Served
) -> None:
    """WCAG 2.2, 2.4.7 and 2.4.11: backwards what stays at the top of the window comes in between most easily."""
    with tab(browser, served, 360, forced_colors="active") as page:
        page.keyboard.down("Shift")
        for path in served.site.keys() & WALKED:
            page.goto(served.address + path)
            last = page.evaluate(FOCUS)["last"]
            for number in range(last, -1, -1):
                page.keyboard.down("Tab")
                focused = page.evaluate(FOCUS)
                assert (focused["number"], focused["ring"], focused["covered"]) == (number, True, 0), focused


def test_the_skip_link_comes_first_and_leads_past_the_navigation(browser: Browser, lorainne: Served) -> None:
    """WCAG 2.2, 2.4.1."""
    with tab(browser, lorainne) as page:
        page.goto(lorainne.address)
        page.keyboard.press("Tab")
        first = page.evaluate(FOCUS)
        assert ("skip" in first["name"], first["covered"]) == (True, 0)
        for key in ("Enter", "Tab"):
            page.keyboard.press(key)
        assert page.evaluate(FOCUS)["main"]


def test_states_are_seen_in_forced_colours(browser: Browser, lorainne: Served) -> None:
    """What is on now, the page one is on and what has a star: told by more than colours and shadows (WCAG 2.2, 1.4.1)."""
    with tab(browser, lorainne, forced_colors="active") as page:
        page.clock.set_fixed_time("2024-11-26T14:10:00+01:00")
        page.goto(lorainne.address + "schedule.html")
        assert page.locator(".slot.now").first.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
        star = page.get_by_role("button", name=re.compile("Star: Overview")).element_handle()
        here = page.locator("nav [aria-current]").element_handle()
        for element, state in ((here, "aria-current"), (star, "aria-pressed")):
            element.evaluate("(e, state) => e.removeAttribute(state)", state)
            without = element.screenshot()
            element.evaluate("(e, state) => e.setAttribute(state, 'true')", state)
            assert element.screenshot() != without, state
