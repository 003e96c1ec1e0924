"""What several tests need."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from browser import CHROMIUM, Served, serving
from compiling import site_and_problems
from playwright.sync_api import Browser, sync_playwright
from three_sites import NAMES, site_of

from lorainne.content import project

SCREENS = Path(__file__).parent / "screens"

LONGEST = """axe accessible transaction browser serve still workflows parallel escaping
    wheel reproducible html_validity documented_commands""".split()
"""The files that take longest: begun first, so that at the end no process waits for another one's."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-screens", action="store_true", help="Write what is printed now into tests/screens."
    )
    parser.addoption(
        "--every-page", action="store_true", help="Let axe look at pages too that differ in words only."
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def turn(item: pytest.Item) -> int:
        name = item.path.stem.removeprefix("test_")
        return LONGEST.index(name) if name in LONGEST else len(LONGEST)

    items.sort(key=turn)


@pytest.fixture
def screen(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the screen that somebody has read: tests/screens/NAME.txt."""

    def compare(name: str, text: str) -> None:
        path = SCREENS / f"{name}.txt"
        if request.config.getoption("--update-screens"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == text

    return compare


Build = Callable[..., Mapping[str, str]]


@pytest.fixture(scope="session")
def build() -> Build:
    """Compile content given as texts; the pages by path. Fails with the diagnostics when there are any."""

    def compiled(files: Mapping[str, str] | None = None, **workshop: str) -> Mapping[str, str]:
        fields = {"name": "A workshop", "timezone": "Europe/Paris", **workshop}
        texts = {
            "content/workshop.yaml": "".join(f"{key}: {value}\n" for key, value in fields.items()),
            **{f"content/{name}": text for name, text in (files or {}).items()},
        }
        site, problems = site_and_problems(project.from_texts(texts))
        assert problems == []
        return {path: page for path, page in site.items() if isinstance(page, str)}

    return compiled


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: the thousands of builds here would wait for the disk."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests. Where it is missing they are left out, but they fail where CI is set."""
    installed = shutil.which("chromium")
    if installed is None and "CI" not in os.environ:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=installed, args=CHROMIUM)
        yield started
        started.close()


@pytest.fixture(params=NAMES)
def served(request: pytest.FixtureRequest) -> Iterator[Served]:
    """Each of the sites in turn, on its way to the browser."""
    with serving(site_of(request.param)) as one:
        yield one


@pytest.fixture
def lorainne() -> Iterator[Served]:
    """LoRAINNe'24, on its way to the browser."""
    with serving(site_of("lorainne")) as one:
        yield one
