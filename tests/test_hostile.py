"""Hostile content ends in a located diagnostic or in a page on which nothing of it runs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from casefile import read_case, slug
from compiling import site_and_problems
from playwright.sync_api import Browser, Page

from lorainne.content import project
from lorainne.diagnostics import has_errors
from lorainne.output.publish import publish

HERE = Path(__file__).parent
CORPUS = sorted((HERE / "hostile").glob("*.txt"))
INERT = [path for path in CORPUS if slug(path).endswith("inert")]


@pytest.mark.parametrize("path", CORPUS, ids=slug)
def test_hostile_content_is_told_with_its_place_or_becomes_a_site(path: Path) -> None:
    files, _ = read_case(path)
    site, problems = site_and_problems(project.from_texts(files))
    assert has_errors(problems) == (path not in INERT), [problem.message for problem in problems]
    for problem in problems:
        assert 1 <= problem.span.line <= files[problem.span.file].count("\n") + 1
    assert bool(site) == (path in INERT)


class Watched:
    """A page of the browser, and everything on it that should not happen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.happened: list[str] = []
        page.add_init_script("window.alert = text => { document.title = 'ran'; console.log('ran ' + text) }")
        page.on(
            "console", lambda message: message.text.startswith("ran ") and self.happened.append(message.text)
        )
        page.on("dialog", lambda dialog: (self.happened.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: self._note(request.url))

    def _note(self, address: str) -> None:
        if not address.startswith(("file:", "data:image/", "data:font/")):
            self.happened.append(address)

    def look(self, path: Path) -> None:
        """Open a page, move over everything, and press everything that leads nowhere else."""
        self.page.goto(path.as_uri())
        self.page.evaluate(
            """() => { for (const e of document.querySelectorAll('*')) {
                for (const kind of ['mouseover', 'focus', 'toggle', 'load', 'error'])
                    e.dispatchEvent(new Event(kind))
                if (e.localName === 'a' && !/^(https?|mailto|file):/.test(e.href.baseVal ?? e.href)) e.click() } }"""
        )
        assert self.page.title() != "ran"


def test_the_browser_would_notice_a_script(browser: Browser, tmp_path: Path) -> None:
    watched = Watched(browser.new_page())
    (tmp_path / "a.html").write_text("<img src=x onerror=alert(1)><p onmouseover=alert(2)>")
    with pytest.raises(AssertionError):
        watched.look(tmp_path / "a.html")
    assert {"ran 1", "ran 2"} <= set(watched.happened)


def test_nothing_of_a_hostile_site_runs_in_a_browser(browser: Browser, tmp_path: Path) -> None:
    watched, seen = Watched(browser.new_page()), 0
    for path in INERT:
        files, _ = read_case(path)
        site, _ = site_and_problems(project.from_texts(files))
        publish(site, tmp_path / slug(path))
        for page in sorted((tmp_path / slug(path)).rglob("*")):
            if page.suffix in (".html", ".svg", ".txt"):
                watched.look(page)
                seen += 1
    assert watched.happened == []
    assert seen > 3 * len(INERT)


WATCHER = """
import re, sys
def watch(event, args):
    if event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.spawn", "os.posix_spawn", "urllib.")):
        print("did", event, file=sys.stderr)
    if event == "open" and isinstance(args[0], str):
        print("open", args[0], args[1], file=sys.stderr)
from lorainne import build, commands
from lorainne.output import publish
import yaml, jinja2, markdown_it, mdit_py_plugins, math_core
sys.addaudithook(watch)
commands.main()
"""


def test_a_build_opens_no_socket_starts_no_program_and_reads_nothing_else(tmp_path: Path) -> None:
    shutil.copytree(HERE.parent / "content", tmp_path / "content")
    told = subprocess.run(
        [sys.executable, "-c", WATCHER, "build", "-q", str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(HERE.parent)}, capture_output=True, text=True, check=True,
    ).stderr  # fmt: skip
    assert "did" not in told
    opened = set(re.findall(r"^open (/.*?) (?:None|'?r)", told, re.MULTILINE))
    own = (str(tmp_path), str(HERE.parent / "templates"), str(HERE.parent / "static"))
    python = (sys.prefix, sys.base_prefix, str(HERE.parent / "lorainne"), "/usr/share/zoneinfo", "/dev/null")
    assert opened
    assert [path for path in opened if not path.startswith(own + python)] == []
