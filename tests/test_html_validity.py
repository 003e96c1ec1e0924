"""Pages, stylesheets and drawings hold to their standards, says the Nu HTML checker (`make checker` brings it)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from three_sites import NAMES, site_of

CHECKER = Path(sys.prefix) / "vnu/node_modules/vnu-jar/build/dist/vnu.jar"

BROKEN = {
    "page.html": "<!doctype html><html lang=en><title>A</title><img src=a.png>",
    "style.css": "@layer a { @media (width > 9em) { p { colour: red } } }",
    "drawing.svg": '<svg xmlns="http://www.w3.org/2000/svg"><squircle/></svg>',
}


@pytest.fixture
def java() -> str:
    """Java, with the checker at hand. Where one is missing the test is left out, but it fails where CI is set."""
    found = shutil.which("java")
    if "CI" not in os.environ and not (found and CHECKER.is_file()):
        pytest.skip("the Nu HTML checker needs Java, and `make checker`")
    assert found, "Java is not installed"
    assert CHECKER.is_file(), "`make checker` has not been run"
    return found


def messages(java: str, folder: Path) -> list[tuple[str, str]]:
    """All that the checker says about the files of a folder, errors and warnings, with the file's path in it."""
    quick = "-Xss2m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"
    every = "--format", "json", "--stdout", "--exit-zero-always", "--also-check-css", "--also-check-svg"
    run = subprocess.run([java, *quick, "-jar", CHECKER, *every, folder], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")
    root = f"{folder.as_uri()}/".replace("file:///", "file:/")
    return [
        (each.get("url", "").removeprefix(root), f"{each.get('lastLine')}: {each['message']}")
        for each in json.loads(run.stdout)["messages"]
    ]


def test_every_page_stylesheet_and_drawing_of_the_sites_is_valid(java: str, quick: Path) -> None:
    """No error and no warning; a file of each kind with a mistake in it shows that the checker looks."""
    sites = {f"{name}/{path}": content for name in NAMES for path, content in site_of(name).items()}
    looked_at = {path: content for path, content in sites.items() if path.endswith((".html", ".css", ".svg"))}
    broken = {f"broken/{path}": text.encode() for path, text in BROKEN.items()}
    for path, content in {**looked_at, **broken}.items():
        (quick / path).parent.mkdir(parents=True, exist_ok=True)
        (quick / path).write_bytes(content)
    said = messages(java, quick)
    assert {path for path, _ in said if path in broken} == broken.keys(), said
    assert [each for each in said if each[0] not in broken] == []
