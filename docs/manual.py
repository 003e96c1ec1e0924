"""The documentation as a site that lorainne builds: `python docs/manual.py FOLDER`.

Its pages are the Markdown files as they stand: nothing is written twice, and links work in both.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath

from lorainne import report
from lorainne.build import compile_site
from lorainne.content import project
from lorainne.content.project import Project
from lorainne.content.yaml_writer import scalar
from lorainne.output.publish import publish

ROOT = Path(__file__).parent.parent
HOME = "README.md"
NAVIGATION = ("quickstart", "editors", "moving", "publishing", "content", "codes")
"""The pages that every page leads to; the home page leads to all others."""

_FILES = ("*.md", "docs/*.md", "docs/*.json", "docs/pictures/*.webp")
_LINK = re.compile(r"\[([^][]*)\]\((?![a-z]+:|#)([^)#\s]+)(#[^)\s]*)?\)")
_NOTE = re.compile(r"<!--.*?-->\n*", re.DOTALL)


def content() -> Project:
    """The documentation as content of a site."""
    places = _places()
    texts: dict[str, str | bytes] = {"content/workshop.yaml": "name: lorainne\n"}
    for name, place in places.items():
        data = (ROOT / name).read_bytes()
        texts[place] = _page(name, data.decode(), places) if name.endswith(".md") else data
    return project.from_texts(texts)


def _places() -> dict[str, str]:
    """Where each file of the documentation stands in the content, by its path in the repository."""
    found = (path for pattern in _FILES for path in ROOT.glob(pattern))
    names = sorted(path.relative_to(ROOT).as_posix() for path in found)
    return {name: _place(PurePosixPath(name)) for name in names}


def _place(path: PurePosixPath) -> str:
    if path.suffix != ".md":
        return f"content/files/{path.name}"
    return "content/about.md" if path.name == HOME else f"content/pages/{path.stem.lower()}.md"


def _page(name: str, text: str, places: dict[str, str]) -> str:
    """A page whose title is its first heading, and whose links lead to where the other files are."""
    path = PurePosixPath(name)
    title, _, body = text.removeprefix("# ").partition("\n")

    def led(link: re.Match[str]) -> str:
        target = normpath(path.parent / link[2])
        if target in places:
            there = relpath(places[target], PurePosixPath(places[name]).parent)
            return f"[{link[1]}]({there}{link[3] or ''})"
        return link[1] if (ROOT / target).exists() else link[0]  # the site has no other files

    body = _LINK.sub(led, _NOTE.sub("", body))
    if name == HOME:
        return body
    shown = f"order: {NAVIGATION.index(path.stem)}" if path.stem in NAVIGATION else "navigation: no"
    return f"---\ntitle: {scalar(title)}\n{shown}\n---\n{body}"


if __name__ == "__main__":
    documentation = content()
    compiled = compile_site(documentation)
    problems = compiled.problems or publish(compiled.site, Path(sys.argv[1])).problems
    sys.exit(report.as_text(problems, documentation.lines) or None)
