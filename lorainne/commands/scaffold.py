"""A first site: a small content tree, and everything around it that builds, checks and publishes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from lorainne.content.collections import COLLECTIONS, Collection
from lorainne.content.files import MAX_BYTES, read_bytes, tree
from lorainne.content.json_schema import schema
from lorainne.content.new_file import blank
from lorainne.content.project import from_texts
from lorainne.content.values import read_period
from lorainne.content.yaml_writer import inline, scalar

GUIDE, OTHER_GUIDE = "README.md", "EDITING.md"
_ITS_MARK = "new/main?filename=content"

# Hidden files would be left out of packages and searches, so here their names begin without the dot.
_HIDDEN = ("github/", "gitignore", "vscode/")

_REMOTE = re.compile(r"github\.com[:/]([\w.-]+)/([\w.-]+?)(?:\.git)?/?$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """What an organiser knows on the first day; the dates and the zone in their written form."""

    name: str
    dates: str
    place: str
    timezone: str


def around() -> dict[str, str]:
    """The files around the content, by path: workflows, the guide for editors, settings of editors."""
    files = {_hidden(name): text for name, text in _starter().items() if not name.startswith("content/")}
    for collection in COLLECTIONS:
        link = new_file_link(collection)
        files[GUIDE] = files[GUIDE].replace(f"«new {collection.kind}»", link)
    for kind in ("workshop", "schedule"):
        files[f".vscode/{kind}.schema.json"] = schema(kind) + "\n"
    return files


def content(answers: Answers, url: str) -> dict[str, str]:
    """The first content by path; every text of it is an example, but for the answers."""
    first = read_period(answers.dates).first
    marks = {
        "name": scalar(answers.name),
        "dates": answers.dates,
        "first": str(first),
        "timezone": answers.timezone,
        "venue": _venue(answers.place),
        "url": f"url: {url}" if url else "# url: https://example.org/   # where the site is published",
    }
    today = str(from_texts({}).today)
    return {
        name.replace("TODAY", today): re.sub("«(.*?)»", lambda mark: marks[mark[1]], text)
        for name, text in _starter().items()
        if name.startswith("content/")
    }


def beside_another_guide(root: Path, files: Mapping[str, str]) -> dict[str, str]:
    """The files, the guide under its other name where the project has a README that is not ours."""
    try:
        there, _ = read_bytes(root / GUIDE, MAX_BYTES)
    except OSError:
        return dict(files)
    is_ours = _ITS_MARK.encode() in there
    return {OTHER_GUIDE if name == GUIDE and not is_ours else name: text for name, text in files.items()}


def has_content(root: Path) -> bool:
    """Whether there is content already, which the examples must not be mixed into."""
    return bool(tree(root, ("content",))[0])


def pages_address(root: Path) -> str:
    """Where GitHub Pages publishes the repository in this folder; empty where it is not one of GitHub's."""
    try:
        config, _ = read_bytes(root / ".git/config", MAX_BYTES)
    except OSError:
        return ""
    found = _REMOTE.search(config.decode(errors="replace"))
    if not found:
        return ""
    host = f"{found[1].lower()}.github.io"
    return f"https://{host}/" if found[2].lower() == host else f"https://{host}/{found[2]}/"


def new_file_link(collection: Collection) -> str:
    """Return the link that opens GitHub's page for a new file, filled in; it is relative to the guide."""
    path = f"content/{collection.folder}/{collection.example_stem}.md"
    fields = {"filename": path, "value": blank(collection.kind, collection.example_name)}
    return "../../new/main?" + urlencode(fields, quote_via=quote)


def _starter() -> dict[str, str]:
    files, _ = tree(Path(__file__).parent.parent, ("starter",))
    return {name.removeprefix("starter/"): file.read().decode() for name, file in files.items()}


def _hidden(name: str) -> str:
    return f".{name}" if name.startswith(_HIDDEN) else name


def _venue(place: str) -> str:
    """`Hall, Nancy, France` as the field `venue`: building, city, country."""
    parts = [part.strip() for part in place.split(",") if part.strip()]
    if not parts:
        return "# venue: {name: The Hall, city: Nancy, country: France}"
    keys = {1: ("name",), 2: ("name", "country")}.get(len(parts), ("name", "city", "country"))
    values = [", ".join(parts[: len(parts) - len(keys) + 1]), *parts[len(parts) - len(keys) + 1 :]]
    return f"venue: {inline(dict(zip(keys, values, strict=True)))}"
