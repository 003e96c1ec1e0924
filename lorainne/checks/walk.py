"""Every value of one type in a workshop, wherever it stands, with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from functools import cache, partial
from typing import Any, TypeVar, get_args

from lorainne.diagnostics import Span
from lorainne.fields import hints_of
from lorainne.model import Day, Record, Slot, Workshop
from lorainne.values import ScheduleStatus

Kind = TypeVar("Kind", bound=Record)
Made = TypeVar("Made")


_latest: list[Any] = [None, {}]
"""The workshop that was asked about last, and the answers: two dozen rules ask the same. It never changes."""


def once(workshop: Workshop, question: object, answer: Callable[[Workshop], Made]) -> Made:
    """What `answer` finds in a workshop; it is asked the first time only."""
    if _latest[0] is not workshop:
        _latest[:] = workshop, {}
    answers: dict[object, Any] = _latest[1]
    if question not in answers:
        answers[question] = answer(workshop)
    made: Made = answers[question]
    return made


def forget() -> None:
    """Let the answers go: nobody will ask again."""
    _latest[:] = None, {}


def _by_kind(root: Record) -> Mapping[Any, list[Record]]:
    found: dict[Any, list[Record]] = {}
    waiting = [root]
    for record in waiting:  # which grows meanwhile
        kind: Any = type(record)
        found.setdefault(kind, []).append(record)
        for name in _fields_with_records(kind):
            value = getattr(record, name)
            inside = value if isinstance(value, tuple) else (value,)
            waiting += [item for item in inside if isinstance(item, Record)]
    return found


def records(workshop: Workshop, kind: type[Kind]) -> list[Kind]:
    """Every record of this kind, wherever it stands."""
    by_kind = once(workshop, Record, _by_kind).values()
    return [record for found in by_kind for record in found if isinstance(record, kind)]


@cache
def _fields_with_records(record: Any) -> tuple[str, ...]:
    """The fields of a kind of record in which other records stand, alone or in a tuple."""
    hints = hints_of(record)
    return tuple(each.name for each in fields(record) if _holds_record(hints[each.name]))


def _holds_record(hint: Any) -> bool:
    return (isinstance(hint, type) and issubclass(hint, Record)) or any(map(_holds_record, get_args(hint)))


def values(workshop: Workshop, kind: object) -> list[tuple[str, Span, Record]]:
    """Every text of a type such as `SpeakerId` or `Inline`, with its place and its record."""
    return once(workshop, kind, partial(_values, kind))


def _values(kind: object, workshop: Workshop) -> list[tuple[str, Span, Record]]:
    return [
        (item, span_of(record, name, key), record)
        for record_type, found in once(workshop, Record, _by_kind).items()
        for name in _fields_with(record_type, kind)
        for record in found
        for key, item in _items(getattr(record, name))
        if isinstance(item, str)
    ]


def span_of(record: Record, name: str, key: str = "") -> Span:
    """Where a field's value (or one item of it) was written; the record's own place if it was not."""
    if key and (item := record.spans.get(f"{name}.{key}")):
        return item
    return record.spans.get(name) or record.span


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
    hints = hints_of(record)
    return tuple(each.name for each in fields(record) if each.name != "id" and _holds(hints[each.name], kind))


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
