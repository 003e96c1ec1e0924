"""The sites that are looked at in full: LoRAINNe'24, a conference with 8 rooms, and one that has only its name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from compiling import site_and_problems
from made_up import everything

from lorainne.content import project

ROOT = Path(__file__).parent.parent
NAMES = ("lorainne", "conference", "bare")

HOST = "https://days.example.org"
FOLDER = "/repo/"
"""The path that every site is served below."""


def texts_of(name: str, address: str) -> dict[str, str | bytes]:
    """The files of one of the sites, to be published at this address."""
    url = f"url: {address}\n"
    if name == "bare":
        return {"content/workshop.yaml": f"name: A workshop\n{url}"}
    if name == "conference":
        return everything(url)
    found = {str(path.relative_to(ROOT)): path.read_bytes() for path in ROOT.glob("content/**/*.*")}
    return {**found, "content/workshop.yaml": found["content/workshop.yaml"] + url.encode()}


def compiled(texts: Mapping[str, str | bytes]) -> Mapping[str, bytes]:
    """The site of these files as bytes by path; nothing may be wrong with them."""
    site, problems = site_and_problems(project.from_texts(texts))
    assert problems == []
    return {path: made.encode() if isinstance(made, str) else made for path, made in site.items()}


@cache
def site_of(name: str, address: str = HOST + FOLDER) -> Mapping[str, bytes]:
    """One of the sites."""
    return compiled(texts_of(name, address))
