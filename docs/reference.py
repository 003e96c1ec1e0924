"""The documentation that the code itself holds: fields of content, and codes. `make docs` writes it."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args, get_type_hints

from lorainne import codes
from lorainne.content import model
from lorainne.content.decode import FOLDERS
from lorainne.content.describe import field_texts
from lorainne.content.model import Record
from lorainne.content.records import IDS
from lorainne.content.describe import written_fields
from lorainne.content.values import READERS
from lorainne.diagnostics import code_of

_NOTE = "<!-- Made from the code by `make docs`; do not edit. -->\n"

_FILES: Mapping[str, type[Record]] = {
    "content/workshop.yaml": model.Workshop,
    "content/about.md": model.About,
    "content/schedule.yaml": model.Schedule,
    **{f"content/{folder}/ID.md": kind for folder, (kind, _) in FOLDERS.items()},
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


def _section(title: str, kind: type[Record]) -> str:
    known, texts = written_fields(kind), field_texts(kind)
    required = {f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING}
    lines = [f"## {title}", "", inspect.cleandoc(kind.__doc__ or ""), ""]
    lines += ["| field | written as | meaning |", "|---|---|---|"] if known else []
    hints = get_type_hints(kind)
    for key, name in known.items():
        shown = f"**`{key}`**" if name in required else f"`{key}`"
        lines.append(f"| {shown} | {_form(hints[name])} | {texts.get(name, '')} |")
    return "\n".join(lines) + "\n"


def _form(hint: Any) -> str:
    """How a value of this type is written, in Markdown."""
    parts = [part for part in get_args(hint) if part not in (type(None), Ellipsis)]
    if model.Person in parts:
        return "an id, or a [person](#person)" if isinstance(hint, type(model.PersonRef)) else _form(parts[0])
    if parts:
        inner = _form(parts[-1] if getattr(hint, "__origin__", None) is not tuple else parts[0])
        return f"a list: {inner}" if getattr(hint, "__origin__", None) is tuple else inner
    if hint in READERS:
        return f"{READERS[hint].expected}: `{READERS[hint].example}`"
    if hint in IDS:
        return "an id: `ada-lovelace`"
    if issubclass(hint, StrEnum):
        return " · ".join(f"`{choice}`" for choice in hint)
    return f"[{hint.__name__.lower()}](#{hint.__name__.lower()})"


def _nested() -> Iterator[type[Record]]:
    """The records that stand inside others, in the order of the model."""
    for _, kind in inspect.getmembers(model, inspect.isclass):
        if issubclass(kind, Record) and kind is not Record and kind not in _FILES.values():
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
