"""What goes into an importer and what comes out of it; the text of content files."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lorainne.diagnostics import Diagnostic, Span
from lorainne.encoding import FORBIDDEN, place
from lorainne.importers.mistakes import source_character, source_encoding, source_unreadable
from lorainne.scan import UnreadableError

MAX_SOURCE = 20_000_000

Value = str | Sequence["Value"] | Mapping[str, "Value"]
"""What a field holds: content is text, lists and mappings."""

Record = dict[str, Value]

_FORBIDDEN = re.compile(rf"[{FORBIDDEN}\ufeff\ud800-\udfff]")
_PLAIN = re.compile(r"[^\W_](?:[^\n\t\"\\#\u2028\u2029]|(?<! )#)*", re.DOTALL)
_LOOKS_EMPTY = ("tba", "tbd", "tbc", "null")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\u2028": "\\L", "\u2029": "\\P"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A file to import: its name as it was given, and its bytes."""

    name: str
    content: bytes


def _no_neighbour(_name: str) -> bytes | None:
    return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What is asked of an importer."""

    sources: tuple[Source, ...]
    known_ids: Mapping[str, str] = field(default_factory=dict)
    """The ids that an earlier import gave, by what they stand for in the source."""
    timezone: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    """For a spreadsheet: columns and the fields that they mean."""
    neighbour: Callable[[str], bytes | None] = _no_neighbour
    """The content of a file beside the source, such as a photo that a page shows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """What an importer made: content files by their path below `content/`, and what it has to say."""

    files: Mapping[str, str] = field(default_factory=dict)
    copies: Mapping[str, bytes] = field(default_factory=dict)
    """Pictures and slides for `content/files/`."""
    if_missing: Mapping[str, str] = field(default_factory=dict)
    """Files that are written only where there are none, such as a first `workshop.yaml`."""
    ids: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Diagnostic, ...] = ()
    notes: tuple[str, ...] = ()
    """What a person should know who reviews the result: what was inferred, what found no place of its own."""


def read_source(source: Source) -> tuple[str, list[Diagnostic]]:
    """The text of a source, and what was odd about it; raises UnreadableError."""
    if len(source.content) > MAX_SOURCE:
        what = f"this file has {len(source.content):,} bytes; at most {MAX_SOURCE:,} can be imported"
        repair = "export what is needed only, or split it"
        raise UnreadableError(source_unreadable(Span(file=source.name), what, repair))
    problems: list[Diagnostic] = []
    text = _decoded(source, problems).replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    if bad := _FORBIDDEN.search(text):
        problems.append(source_character(place(source.name, text[: bad.start()]), bad.group()))
        text = visible(text)
    return text, problems


def visible(text: str) -> str:
    """The text without what content may not have: a source can also write it as `\\u001b` or `&#x202e;`."""
    return _FORBIDDEN.sub("", text)


def _decoded(source: Source, problems: list[Diagnostic]) -> str:
    if source.content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return source.content.decode("utf-16", errors="replace")
    try:
        return source.content.decode("utf-8")
    except UnicodeDecodeError as error:
        at = place(source.name, source.content[: error.start].decode("latin-1"))
        problems.append(source_encoding(at, "Windows-1252 (Western European)"))
        return source.content.decode("cp1252", errors="replace")


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


def yaml_text(record: Record) -> str:
    """A `.yaml` file; a group of fields or a list stands apart."""
    parts = ["\n".join(_lines(key, value, "")) for key, value in record.items() if value]
    text = ""
    for before, part in zip(["", *parts], parts, strict=False):
        text += ("\n" if before and ("\n" in part or "\n" in before) else "") + part + "\n"
    return visible(text)


def markdown_text(record: Record, body: str = "") -> str:
    """A Markdown file: each field on a line of its own, below them the text."""
    fields = "".join(
        f"{key}: {inline(value) if not isinstance(value, str) else scalar(value)}\n"
        for key, value in record.items()
        if value
    )
    return visible(f"---\n{fields}---\n" + (f"\n{body.strip()}\n" if body.strip() else ""))


def about_text(body: str) -> str:
    """The home page's text, which needs no fields."""
    return markdown_text({}, body) if body.startswith("---") else visible(f"{body.strip()}\n")
