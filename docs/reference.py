"""The documentation that the code itself holds: fields of content, and codes. `make docs` writes it."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from lorainne import codes
from lorainne.content import model
from lorainne.content.collections import COLLECTIONS
from lorainne.content.describe import Field, Form, field_texts, written_fields
from lorainne.content.model import FileRecord, Record
from lorainne.content.values import READERS
from lorainne.diagnostics import code_of

_NOTE = "<!-- Made from the code by `make docs`; do not edit. -->\n"

_FILES: Mapping[str, type[Record]] = {
    "content/workshop.yaml": model.Workshop,
    "content/about.md": model.About,
    "content/schedule.yaml": model.Schedule,
    **{f"content/{collection.folder}/ID.md": collection.record for collection in COLLECTIONS},
    "content/releases/NAME.yaml": model.Release,
}


def content_page() -> str:
    """The reference of every field of every content file, in Markdown."""
    sections = [_section(f"`{file}`", kind) for file, kind in _FILES.items()]
    sections += [_section(f"{kind.__name__}", kind) for kind in _nested()]
    return f"# Content\n\n{_NOTE}\n{_INTRODUCTION}\n" + "\n".join(sections)


_INTRODUCTION = """\
Every file in `content/` and every field that it can have. Fields in **bold** cannot be left out; all others
can, and what is not known yet may also be `tba`. A list of one may be written without brackets. Texts may
hold Markdown emphasis and `$maths$`. A link in a text is by id, `[her talk](talk:ada-lovelace)`, by a file,
relative to the one that it stands in, or to the web.
"""


def _section(title: str, record: type[Record]) -> str:
    fields, texts = written_fields(record), field_texts(record)
    lines = [f"## {title}", "", inspect.cleandoc(record.__doc__ or ""), ""]
    lines += ["| field | written as | meaning |", "|---|---|---|"] if fields else []
    for field in fields.values():
        key = f"**`{field.key}`**" if field.is_required else f"`{field.key}`"
        lines.append(f"| {key} | {_written_as(field)} | {texts.get(field.name, '')} |")
    return "\n".join(lines) + "\n"


def _written_as(field: Field) -> str:
    """How a field is written, in Markdown."""
    return f"a list: {_one(field)}" if field.is_list else _one(field)


def _one(field: Field) -> str:
    match field.form:
        case Form.VALUE:
            return f"{READERS[field.kind].expected}: `{READERS[field.kind].example}`"
        case Form.ID:
            return "an id: `ada-lovelace`"
        case Form.CHOICE:
            return " · ".join(f"`{choice}`" for choice in field.choices)
        case Form.PERSON:
            return "an id, or a [person](#person)"
        case Form.RECORD:
            name = field.kind.__name__.lower()
            return f"[{name}](#{name})"
        case Form.WORDS:
            return "a text: `Tensors and *their* ranks`"


def _nested() -> Iterator[type[Record]]:
    """The records that stand inside others, in the order of the model."""
    for _, kind in inspect.getmembers(model, inspect.isclass):
        if issubclass(kind, Record) and kind not in (Record, FileRecord) and kind not in _FILES.values():
            yield kind


def codes_page() -> str:
    """The page of all codes, in Markdown."""
    texts = {code_of(function): codes.explanation(function) for function in codes.ALL}
    sections = [f"## {code}\n\n{_as_markdown(texts[code])}\n" for code in sorted(texts)]
    return f"# What lorainne finds\n\n{_NOTE}\n" + "\n".join(sections)


def _as_markdown(text: str) -> str:
    """An explanation with its two examples set apart."""
    text = re.sub(r"^(Wrong|Right): (?=\S)", r"* \1: ", text, flags=re.MULTILINE)
    return re.sub(r"^(Wrong|Right):\n", r"\1:\n\n", text, flags=re.MULTILINE)


PAGES = {"content.md": content_page, "codes.md": codes_page}

if __name__ == "__main__":
    for page_name, page in PAGES.items():
        Path(sys.argv[1], page_name).write_text(page(), encoding="utf-8")
