"""A new file of content: the right name, and every field that it can have as a line to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, get_args, get_origin, get_type_hints

from lorainne.decode import FOLDERS, is_id
from lorainne.fields import written_fields
from lorainne.importers.draft import scalar
from lorainne.importers.names import Ids, slug
from lorainne.meaning import field_texts
from lorainne.model import Person, Record
from lorainne.project import Project
from lorainne.values import READERS, Inline, Markdown, Target, Url


@dataclass(frozen=True, kw_only=True, slots=True)
class Sort:
    """A sort of file: its folder, the field of its name, what its text is called, and what to do next."""

    folder: str
    name: str
    text: str
    then: str


SORTS: Mapping[str, Sort] = {
    "speaker": Sort(
        folder="speakers",
        name="name",
        text="the biography",
        then="in the file of their talk write `speakers: [{id}]`",
    ),
    "talk": Sort(
        folder="talks",
        name="title",
        text="the abstract",
        then="in content/schedule.yaml give it a time: `- {{time: 14:00-15:00, talk: {id}}}`",
    ),
    "poster": Sort(
        folder="posters",
        name="title",
        text="the abstract",
        then="in content/schedule.yaml a slot with `posters: all` says when posters are shown",
    ),
    "paper": Sort(
        folder="papers",
        name="title",
        text="the abstract",
        then="the reading list shows it",
    ),
    "news": Sort(
        folder="news",
        name="title",
        text="the news",
        then="readers see the date that the file's name begins with",
    ),
    "page": Sort(
        folder="pages",
        name="title",
        text="the text",
        then="a link to it in another text is `[see here](page:{id})`",
    ),
}

_SHOWN = 10
_HOW_TO = "# To use one of these lines, delete the # at its beginning and change what follows the colon.\n"

# What is left unsaid where an example would be mistaken for an answer.
_OPEN = "tba"
_WITHOUT_FORM = (str, Inline, Markdown, Target)


class UnusableNameError(ValueError):
    """No file can be made from this name; says why."""


def path_of(kind: str, name: str, project: Project) -> str:
    """The path of the new file; raises UnusableNameError."""
    folder, stem = SORTS[kind].folder, slug(name)
    if not stem:
        raise UnusableNameError(f"“{name}” has no letter that a file's name could be made of")
    if Ids({}).give(folder, stem, name) != stem or not is_id(stem):
        raise UnusableNameError(f"`{stem}` means something else already; choose another name")
    if kind == "news":
        stem = f"{project.today}-{stem}"
    path = f"content/{folder}/{stem}.md"
    if taken := [other for other in project.files if other.casefold() == path.casefold()]:
        raise UnusableNameError(f"{taken[0]} is there already; open that, or choose another name")
    return path


def blank(kind: str, name: str) -> str:
    """The text of the new file: the name, and every other field as a comment."""
    sort = SORTS[kind]
    record, body = FOLDERS[sort.folder]
    hints, texts = get_type_hints(record), field_texts(record)
    fields = [
        (f"# {key}: {_like(hints[field])}", texts[field])
        for key, field in written_fields(record).items()
        if field not in (sort.name, body)
    ]
    width = min(36, max((len(written) for written, _ in fields), default=0))
    lines = "".join(f"{written:{width}}   # {text}\n" for written, text in fields)
    return (
        f"---\n{sort.name}: {scalar(name)}\n"
        f"{_HOW_TO if fields else ''}{lines}# Below the next line comes {sort.text}.\n---\n\n"
    )


def next_steps(kind: str, path: str, project: Project) -> list[str]:
    """What to do with the new file, once it is filled in."""
    stem = path.rpartition("/")[2].removesuffix(".md")
    steps = [
        SORTS[kind].then.format(id=stem),
        "`lorainne serve --open` shows it, `lorainne check` finds mistakes",
    ]
    names = [file.removeprefix("content/speakers/") for file in project.below("content/speakers")]
    if kind == "talk" and names:
        ids = ", ".join(name.removesuffix(".md") for name in names[:_SHOWN])
        steps.insert(0, f"its `speakers:` are some of these: {ids}{', …' if len(names) > _SHOWN else ''}")
    return steps


def _like(hint: Any) -> str:
    """What a value of this type looks like."""
    parts = [part for part in get_args(hint) if part not in (type(None), Ellipsis)]
    if get_origin(hint) is tuple:
        inner = _like(parts[0])
        return f"[{inner}]" if inner != _OPEN else inner
    if Person in parts:
        return "ada-lovelace"
    if parts:
        return _like(parts[0])
    if hint in READERS:
        return _OPEN if hint in _WITHOUT_FORM else READERS[hint].example
    if issubclass(hint, StrEnum):
        return str(next(iter(hint)))
    return "{" + ", ".join(_pairs(hint)) + "}"


def _pairs(record: type[Record]) -> Iterable[str]:
    hints = get_type_hints(record)
    for key, field in written_fields(record).items():
        yield f"{key}: {READERS[Url].example if hints[field] is Target else _like(hints[field])}"
