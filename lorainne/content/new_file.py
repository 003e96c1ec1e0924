"""A new file of content: the right name, and every field that it can have as a line to fill in."""

from __future__ import annotations

from collections.abc import Iterable

from lorainne.content.collections import BY_KIND
from lorainne.content.describe import Field, Form, field_texts, written_fields
from lorainne.content.ids import IdAllocator, slug_of_any_script
from lorainne.content.project import Project
from lorainne.content.text import is_id
from lorainne.content.values import READERS, Inline, Markdown, Target, Url
from lorainne.content.yaml_writer import scalar

_MAX_SHOWN = 10
_HOW_TO = "# To use one of these lines, delete the # at its beginning and change what follows the colon.\n"

# What is left unsaid where an example would be mistaken for an answer.
_OPEN = "tba"
_WITHOUT_FORM = (str, Inline, Markdown, Target)


class UnusableNameError(ValueError):
    """No file can be made from this name; says why."""


def path_of(kind: str, name: str, project: Project) -> str:
    """The path of the new file; raises UnusableNameError."""
    folder, stem = BY_KIND[kind].folder, slug_of_any_script(name)
    if not stem:
        raise UnusableNameError(f"“{name}” has no letter that a file's name could be made of")
    if IdAllocator({}).assign(folder, stem, name) != stem or not is_id(stem):
        raise UnusableNameError(f"`{stem}` means something else already; choose another name")
    if kind == "news":
        stem = f"{project.today}-{stem}"
    path = f"content/{folder}/{stem}.md"
    if taken := [other for other in project.files if other.casefold() == path.casefold()]:
        raise UnusableNameError(f"{taken[0]} is there already; open that, or choose another name")
    return path


def blank(kind: str, name: str) -> str:
    """The text of the new file: the name, and every other field as a comment."""
    collection = BY_KIND[kind]
    texts = field_texts(collection.record)
    fields = [
        (f"# {field.key}: {_example(field)}", texts[field.name])
        for field in written_fields(collection.record).values()
        if field.name not in (collection.name_field, collection.body)
    ]
    width = min(36, max((len(written) for written, _ in fields), default=0))
    lines = "".join(f"{written:{width}}   # {text}\n" for written, text in fields)
    return (
        f"---\n{collection.name_field}: {scalar(name)}\n"
        f"{_HOW_TO if fields else ''}{lines}# Below the next line comes {collection.body_noun}.\n---\n\n"
    )


def next_steps(kind: str, path: str, project: Project) -> list[str]:
    """What to do with the new file, once it is filled in."""
    stem = path.rpartition("/")[2].removesuffix(".md")
    steps = [
        BY_KIND[kind].next_step.format(id=stem),
        "`lorainne serve --open` shows it, `lorainne check` finds mistakes",
    ]
    names = [file.removeprefix("content/speakers/") for file in project.below("content/speakers")]
    if kind == "talk" and names:
        ids = ", ".join(name.removesuffix(".md") for name in names[:_MAX_SHOWN])
        steps.insert(0, f"its `speakers:` are some of these: {ids}{', …' if len(names) > _MAX_SHOWN else ''}")
    return steps


def _example(field: Field) -> str:
    """Return what a value of this field looks like."""
    example = _one(field)
    return f"[{example}]" if field.is_list and example != _OPEN else example


def _one(field: Field) -> str:
    match field.form:
        case Form.VALUE:
            return _OPEN if field.kind in _WITHOUT_FORM else READERS[field.kind].example
        case Form.CHOICE:
            return field.choices[0]
        case Form.RECORD:
            return "{" + ", ".join(_pairs(written_fields(field.kind).values())) + "}"
        case _:
            return "ada-lovelace"


def _pairs(fields: Iterable[Field]) -> Iterable[str]:
    for field in fields:
        yield f"{field.key}: {READERS[Url].example if field.kind is Target else _example(field)}"
