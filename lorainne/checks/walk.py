"""Every value of one type in a workshop, wherever it stands, with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from typing import Any, get_args, get_type_hints

from lorainne.diagnostics import Span
from lorainne.model import Day, Record, Slot, Workshop
from lorainne.values import ScheduleStatus


def records(root: Record) -> Iterator[Record]:
    """The record itself and every record inside it."""
    yield root
    record_type: Any = type(root)
    for name in _fields_with_records(record_type):
        value = getattr(root, name)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Record):
                yield from records(item)


@cache
def _fields_with_records(record: Any) -> tuple[str, ...]:
    """The fields of a kind of record in which other records stand, alone or in a tuple."""
    hints = get_type_hints(record)
    return tuple(field.name for field in fields(record) if _holds_record(hints[field.name]))


def _holds_record(hint: Any) -> bool:
    return (isinstance(hint, type) and issubclass(hint, Record)) or any(map(_holds_record, get_args(hint)))


def values(workshop: Workshop, kind: object) -> Iterator[tuple[str, Span, Record]]:
    """Every text of a type such as `SpeakerId` or `Inline`, with its place and its record."""
    for record_type, found in _by_type(workshop).items():
        names = _fields_with(record_type, kind)
        for record in found if names else ():
            for name in names:
                for key, item in _items(getattr(record, name)):
                    if isinstance(item, str):
                        yield item, span_of(record, name, key), record


def _by_type(workshop: Workshop) -> Mapping[Any, list[Record]]:
    """All records of a workshop by their kind: two dozen rules ask for them."""
    if _latest[0] is not workshop:
        found: dict[Any, list[Record]] = {}
        for record in records(workshop):
            found.setdefault(type(record), []).append(record)
        _latest[:] = workshop, found
    by_type: Mapping[Any, list[Record]] = _latest[1]
    return by_type


_latest: list[Any] = [None, {}]
"""The workshop that was walked last, and its records; it never changes, so that this is only a memory."""


def span_of(record: Record, name: str, key: str = "") -> Span:
    """Where a field's value (or one item of it) was written; the record's own place if it was not."""
    return record.spans.get(f"{name}.{key}") or record.spans.get(name) or record.span


def _items(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, tuple):
        yield from ((str(place), item) for place, item in enumerate(value))
    elif isinstance(value, Mapping):
        yield from value.items()
    else:
        yield "", value


@cache
def _fields_with(record: Any, kind: object) -> tuple[str, ...]:
    """The fields of a kind of record that hold values of a type, alone, in a tuple or a mapping."""
    hints = get_type_hints(record)
    return tuple(
        field.name for field in fields(record) if field.name != "id" and _holds(hints[field.name], kind)
    )


def _holds(hint: Any, kind: object) -> bool:
    return hint is kind or any(_holds(part, kind) for part in get_args(hint))


def days(workshop: Workshop) -> tuple[Day, ...]:
    """The days of the schedule, none without one."""
    return workshop.schedule.days if workshop.schedule else ()


def slots(workshop: Workshop) -> Iterator[Slot]:
    """The slots of all days."""
    for day in days(workshop):
        yield from day.slots


def is_final(workshop: Workshop) -> bool:
    """Whether the schedule claims to be complete."""
    return workshop.schedule is not None and workshop.schedule.status == ScheduleStatus.FINAL
