"""The documentation as a site, and the pictures in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import manual
import pictures
import pytest
from browser import serving, tab
from compiling import site_and_problems
from pages import broken_links
from playwright.sync_api import Browser

from lorainne import report
from lorainne.content import project

DOCS = Path(manual.__file__).parent


@pytest.fixture(scope="module")
def site() -> Mapping[str, bytes]:
    """The documentation, built; nothing in it may be complained about."""
    found = manual.content()
    built, problems = site_and_problems(found)
    assert report.as_text(problems, found.lines) == ""
    return {path: file.encode() if isinstance(file, str) else file for path, file in built.items()}


def test_every_document_is_a_page_and_every_link_leads_somewhere(site: Mapping[str, bytes]) -> None:
    pages = {path: data.decode() for path, data in site.items() if path.endswith(".html")}
    names = {path.stem.lower() for path in [*DOCS.glob("*.md"), *DOCS.parent.glob("*.md")]} - {"readme"}
    assert names | {"index", "404"} == {path.removesuffix(".html") for path in pages}
    assert broken_links(pages, site.keys() - pages.keys()) == []


def test_the_home_page_leads_to_every_page(site: Mapping[str, bytes]) -> None:
    home = site["index.html"].decode()
    assert [path for path in site if path.endswith(".html") and f'href="{path}"' not in home] == ["404.html"]


def test_on_a_narrow_phone_tables_and_examples_scroll_and_pages_do_not(
    site: Mapping[str, bytes], browser: Browser
) -> None:
    with serving(site) as served, tab(browser, served, width=320) as page:
        for path in ("content.html", "editors.html", "outputs.html", "security.html"):
            page.goto(served.address + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_the_guide_shows_content_without_mistakes_and_what_is_said_of_one() -> None:
    files = pictures.example()
    assert site_and_problems(project.from_texts(files))[1] == []
    wrong = files[pictures.SPEAKER].replace("affiliation", "afiliation")
    _, [problem] = site_and_problems(project.from_texts({**files, pictures.SPEAKER: wrong}))
    assert f"{problem.message}\nhelp: {problem.help}\n" in (DOCS / "editors.md").read_text(encoding="utf-8")


def test_the_pictures_can_be_taken_again_and_are_small(tmp_path: Path, browser: Browser) -> None:
    pictures.take(tmp_path, browser)
    shown = re.findall(r"\(pictures/(.*?)\)", (DOCS / "editors.md").read_text(encoding="utf-8"))
    assert {path.name for path in tmp_path.iterdir()} == set(shown)
    assert {path.name for path in (DOCS / "pictures").iterdir()} == set(shown)
    assert max(path.stat().st_size for path in (DOCS / "pictures").iterdir()) < 60_000
