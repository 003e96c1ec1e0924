"""Values → the text of content files: for importers, new files and releases."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lorainne.content.text import visible

Value = str | Sequence["Value"] | Mapping[str, "Value"]
"""What a field holds: text, lists and mappings."""

Fields = dict[str, Value]

_PLAIN = re.compile(r"[^\W_](?:[^\n\t\"\\#\u2028\u2029]|(?<! )#)*", re.DOTALL)
_LOOKS_EMPTY = ("tba", "tbd", "tbc", "null")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\u2028": "\\L", "\u2029": "\\P"}


def scalar(text: str, *, flow: bool = False) -> str:
    """A text as YAML, in quotation marks where it needs them; `flow` inside brackets."""
    plain = (
        _PLAIN.fullmatch(text)
        and text == text.strip()
        and ": " not in text
        and not text.endswith(":")
        and not (flow and re.search(r"[,\[\]{}]|:$", text))
        and text.lower() not in _LOOKS_EMPTY
    )
    if plain:
        return text
    quoted = "".join(_ESCAPES.get(c, c) for c in text)
    if _brackets_are_open(text):  # whoever counts brackets must not be misled by those of a text
        quoted = quoted.replace("[", "\\x5B").replace("{", "\\x7B")
    return f'"{quoted}"'


def _brackets_are_open(text: str) -> bool:
    return text.count("[") + text.count("{") > text.count("]") + text.count("}")


def inline(value: Value) -> str:
    """A value on one line."""
    if isinstance(value, str):
        return scalar(value, flow=True)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {inline(item)}" for key, item in value.items()) + "}"
    return "[" + ", ".join(inline(item) for item in value) + "]"


def _lines(key: str, value: Value, indent: str) -> list[str]:
    """A field over as many lines as it needs, one for each thing that a person might edit."""
    if isinstance(value, str):
        return [f"{indent}{key}: {scalar(value)}"]
    if isinstance(value, Mapping):
        return [f"{indent}{key}:", *(line for k, v in value.items() for line in _lines(k, v, indent + "  "))]
    lines = [f"{indent}{key}:"]
    for item in value:
        if isinstance(item, Mapping) and any(not isinstance(part, str) for part in item.values()):
            nested = [line for k, v in item.items() for line in _nested(k, v, f"{indent}    ")]
            lines += [f"{indent}  - {nested[0].lstrip()}", *nested[1:]]
        else:
            lines.append(f"{indent}  - {inline(item) if not isinstance(item, str) else scalar(item)}")
    return lines


def _nested(key: str, value: Value, indent: str) -> list[str]:
    """A field of a list's item; a slot stays on one line whatever it holds."""
    if key == "slots" and isinstance(value, Sequence):
        return [f"{indent}{key}:", *(f"{indent}  - {inline(item)}" for item in value)]
    if key == "rooms":
        return [f"{indent}{key}: {inline(value)}"]
    return _lines(key, value, indent)


def yaml_text(fields: Fields) -> str:
    """A `.yaml` file; a group of fields or a list stands apart."""
    parts = ["\n".join(_lines(key, value, "")) for key, value in fields.items() if value]
    text = ""
    for before, part in zip(["", *parts], parts, strict=False):
        text += ("\n" if before and ("\n" in part or "\n" in before) else "") + part + "\n"
    return visible(text)


def markdown_text(fields: Fields, body: str = "") -> str:
    """A Markdown file: each field on a line of its own, below them the text."""
    lines = "".join(
        f"{key}: {inline(value) if not isinstance(value, str) else scalar(value)}\n"
        for key, value in fields.items()
        if value
    )
    return visible(f"---\n{lines}---\n" + (f"\n{body.strip()}\n" if body.strip() else ""))


def about_text(body: str) -> str:
    """The home page's text, which needs no fields."""
    return markdown_text({}, body) if body.startswith("---") else visible(f"{body.strip()}\n")
