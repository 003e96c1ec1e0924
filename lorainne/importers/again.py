"""An import into content that is there already: three-way, field by field; nothing edited is lost.

Every field of a content file that an import writes stands on a line of its own, so lines are compared: as the
last import wrote them, as they stand now, and as this import has them. A line's key is the field's name
with the names of those that it is inside of; in a schedule it is the talk's id, or what a slot is called.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from lorainne.content.files import File
from lorainne.content.yaml_tree import Fields, Items, Node, Scalar, parse
from lorainne.content.yaml_writer import Value, inline
from lorainne.diagnostics import Diagnostic, Span
from lorainne.importers.mistakes import import_conflict, import_vanished

_SHOWN = 70
_NAMED = re.compile(r"\b(?:talk|session|break|title|name|label|funder|url): *(\"(?:[^\"\\]|\\.)*\"|[^,}]*)")
_FIELD = re.compile(r"([\w-]+):(?:\s|$)")

Key = tuple[str, ...]
Lines = list[tuple[Key | None, str]]
"""Lines with their keys; comments and blank lines have none."""


@dataclass(kw_only=True)
class Merged:
    """What is to be written and removed below `content/`, what to remember, and what to tell."""

    write: dict[str, str] = field(default_factory=dict)
    remove: list[str] = field(default_factory=list)
    remember: dict[str, str] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)


def merge(
    before: Mapping[str, str], now: Mapping[str, str], here: Mapping[str, str], *, prune: bool = False
) -> Merged:
    """Bring what this import has `now` into what is `here`; `before` is what the last one wrote."""
    merged = Merged(remember=dict(now))
    for name, text in now.items():
        old, own = before.get(name), here.get(name)
        if own is None and old is not None:  # deleted by hand
            if old != text:
                merged.problems.append(_conflict(name, 1, "the file was deleted", "it has changed"))
        elif own is None or own == old:
            if own != text:
                merged.write[name] = text
        elif text not in (own, old):
            result, problems = merge_texts(name, old, text, own)
            merged.problems += problems
            if result != own:
                merged.write[name] = result
    for name in sorted(before.keys() - now.keys()):
        _vanished(merged, name, before[name], here.get(name), prune)
    return merged


def _vanished(merged: Merged, name: str, old: str, own: str | None, prune: bool) -> None:
    """A file of which the source knows no more: removed only if asked for, and never if it was edited."""
    if own is None:
        return
    if prune and own == old:
        merged.remove.append(name)
        return
    merged.remember[name] = old
    merged.problems.append(import_vanished(Span(file=f"content/{name}", end_column=2), f"content/{name}"))


def merge_texts(name: str, old: str | None, new: str, own: str) -> tuple[str, list[Diagnostic]]:
    """One file, with the fields that the source changed and those that a person changed."""
    merger = _Merger(name=name)
    head, body = _parted(name, own)
    new_head, new_body = _parted(name, new)
    old_head, old_body = _parted(name, old) if old is not None else ("", "")
    lines = merger.lines(_keyed(old_head) if old is not None else None, _keyed(new_head), _keyed(head))
    text = "".join(f"{line}\n" for _, line in lines)
    result = text + merger.body(old_body, new_body, body, text.count("\n"))
    if _is_sound(name, own) and not _is_sound(name, result):
        return own, [_conflict(name, 1, "the order of its lines", "fields that do not fit into it")]
    return result, merger.problems


def _parted(name: str, text: str) -> tuple[str, str]:
    """The lines with fields, and the text below them."""
    if not name.endswith(".md"):
        return text, ""
    fence = re.match(r"---[ \t]*\n(?:.*\n)*?---[ \t]*(?:\n|\Z)", text)
    return (fence.group(), text[fence.end() :]) if fence else ("", text)


def _keyed(text: str) -> Lines:
    """The lines with their keys."""
    found: Lines = []
    above: list[tuple[int, Key]] = []
    times: dict[Key, int] = {}
    for line in text.removesuffix("\n").split("\n") if text else ():
        bare = line.lstrip(" ")
        depth = 2 * (len(line) - len(bare)) + bare.startswith("- ")
        own = _own_key(bare)
        if not own:
            found.append((None, line))
            continue
        while above and above[-1][0] >= depth:
            above.pop()
        key = (*(above[-1][1] if above else ()), own)
        times[key] = times.get(key, 0) + 1
        if times[key] > 1:
            key = (*key[:-1], f"{own} ({times[key]})")
        found.append((key, line))
        above.append((depth, key))
    return found


def _own_key(bare: str) -> str:
    """What a line is called among its neighbours; empty for comments, blank lines and anything unusual."""
    if bare.startswith("- "):
        rest = bare[2:].strip()
        if rest.startswith("{"):
            named = _NAMED.search(rest)
            return f"- {named[1].strip()}" if named else f"- {rest}"
        if day := re.search(r"^date:.*?(\d{4}-\d\d-\d\d)", rest):
            return f"- {day[1]}"
        return f"- {rest}"
    found = _FIELD.match(bare)
    return found[1] if found else ""


@dataclass(kw_only=True)
class _Merger:
    """One file being merged, and the conflicts in it."""

    name: str
    problems: list[Diagnostic] = field(default_factory=list)

    def lines(self, old: Lines | None, new: Lines, own: Lines) -> Lines:
        """The lines as they stand here, with the source's changes."""
        before = dict(old or [])
        after = {key: line for key, line in new if key}
        result = list(own)
        previous: list[Key] = []
        for key, line in after.items():
            at = next((place for place, (known, _) in enumerate(result) if known == key), None)
            if at is not None:
                result[at] = (key, self._line(before.get(key), line, result[at][1], at + 1))
            elif key not in before:
                result.insert(_place_after(result, previous), (key, line))
            elif before[key] != line:
                self.problems.append(
                    _conflict(self.name, 1, f"“{before[key].strip()}” was deleted", line.strip())
                )
            previous.append(key)
        for key in [key for key in before if key and key not in after][::-1]:
            self._remove(result, key, before[key])
        return result

    def _line(self, old: str | None, new: str, own: str, number: int) -> str:
        if own in (new, old):
            return new if own == old else own
        if new == old:
            return own
        if joined := _joined(old, new, own):
            return joined
        self.problems.append(_conflict(self.name, number, own.strip(), new.strip()))
        return own

    def _remove(self, result: Lines, key: Key, old: str) -> None:
        """Take out a line that the source no longer has, unless it was edited or holds something."""
        at = next((place for place, (known, _) in enumerate(result) if known == key), None)
        if at is None:
            return
        if any(known and known != key and known[: len(key)] == key for known, _ in result):
            return
        if result[at][1] == old:
            del result[at]
        else:
            self.problems.append(_conflict(self.name, at + 1, result[at][1].strip(), "nothing"))

    def body(self, old: str, new: str, own: str, above: int) -> str:
        """The text below the fields, which is one field."""
        if own.strip() in (old.strip(), ""):
            return own if new.strip() == old.strip() else new
        if new.strip() not in (old.strip(), own.strip(), ""):
            here, there = _difference(own.strip(), new.strip())
            self.problems.append(_conflict(self.name, above + 1, f"“{here}”", f"“{there}”"))
        return own


def _place_after(result: Lines, previous: Sequence[Key]) -> int:
    """Where a new line goes: below the nearest one before it that is here."""
    for key in reversed(previous):
        for place, (known, _) in enumerate(result):
            if known == key:
                return place + 1
    fence = bool(result) and result[0][1].startswith("---")
    return 1 if fence else 0


def _joined(old: str | None, new: str, own: str) -> str:
    """A slot, or another group of fields on one line, of which each side changed other fields; else empty."""
    three = [_fields(line) for line in (old or "", new, own)]
    before, after, kept = three
    if not (before and after and kept):
        return ""
    result: dict[str, Value] = {}
    for key in dict.fromkeys([*kept, *after]):
        values = before.get(key), after.get(key), kept.get(key)
        if values[2] == values[0]:
            chosen = values[1]
        elif values[1] in (values[0], values[2]):
            chosen = values[2]
        else:
            return ""
        if chosen is not None:
            result[key] = chosen
    return f"{own[: len(own) - len(own.lstrip())]}- {inline(result)}"


def _fields(line: str) -> dict[str, Value]:
    """The fields of `- {…}`; none where the line holds anything else."""
    if not re.fullmatch(r"\s*- \{.*\}\s*", line):
        return {}
    file = File(size=len(line), read=partial(bytes, f"items:\n{line}\n".encode()))
    document = next(parse({"line.yaml": file}))
    if document.fields is None or document.problems:
        return {}
    items = document.fields.entries[0][1]
    record = items.items[0] if isinstance(items, Items) else None
    return {key.text: _value(node) for key, node in record.entries} if isinstance(record, Fields) else {}


def _value(node: Node) -> Value:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return [_value(item) for item in node.items]
    return {key.text: _value(item) for key, item in node.entries}


def _is_sound(name: str, text: str) -> bool:
    data = text.encode()
    files = {f"content/{name}": File(size=len(data), read=partial(bytes, data))}
    return not any(document.problems for document in parse(files))


def _conflict(name: str, line: int, here: str, there: str) -> Diagnostic:
    here, there = (_shortened(text) for text in _difference(here, there))
    span = Span(file=f"content/{name}", line=line, end_line=line, end_column=2)
    return import_conflict(span, here, there)


def _difference(here: str, there: str) -> tuple[str, str]:
    """Two long texts from shortly before where they begin to differ."""
    if max(len(here), len(there)) <= _SHOWN:
        return here, there
    same = next((at for at, (a, b) in enumerate(zip(here, there, strict=False)) if a != b), 0)
    start = max(0, here.rfind(" ", 0, max(0, same - 15)) + 1) if same > _SHOWN // 2 else 0
    mark = "… " if start else ""
    return mark + here[start:], mark + there[start:]


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[:_SHOWN].rsplit(" ", 1)[0] + " …"
