"""Where a day's entries stand on the page: rows by time, columns by room, and the strip that sums a day up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from lorainne.programme import Entry, Programme, ProgrammeDay, at, length
from lorainne.values import Kind

STEP = timedelta(minutes=5)
"""The height of the grid's rows."""

OPEN = timedelta(minutes=30)
"""How long an entry with an open end is drawn."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """An entry in its place: rows and columns count from 0; over the full width where nothing runs beside it."""

    entry: Entry
    row: int
    end: int
    column: int
    full: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """A day's cells, those that begin together in one group; more columns than rooms where they collide."""

    columns: int
    groups: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """An entry as a bar in its day's strip: what it is, and its box in per cent of the strip."""

    kind: str
    x: float
    y: float
    width: float
    height: float


def sort_of(entry: Entry) -> str:
    """What an entry is to the eye: `keynote`, `talk`, `session`, `break` or `other`."""
    if entry.slot.break_:
        return "break"
    if entry.talk:
        return "keynote" if entry.kind is Kind.KEYNOTE else "talk"
    return "session" if entry.slot.session else "other"


def grid(day: ProgrammeDay) -> Grid:
    """The day's entries in their places."""
    cells: list[Cell] = []
    first = min((entry.start for entry in day.entries), default=None)
    columns = {room: column for column, room in enumerate(day.rooms)}
    for entry in day.entries if first else ():
        beside = [other for other in day.entries if other is not entry and _meet(entry, other)]
        row = _steps(first, entry.start)
        end = max(_steps(first, _finish(entry)), row + 1)
        taken = {cell.column for cell in cells if cell.row < end and row < cell.end}
        column = columns.get(entry.room or "", 0)
        if column in taken or (entry.room is None and beside):
            taken |= {columns[other.room] for other in beside if other.room in columns}
            column = next(free for free in range(len(taken) + 1) if free not in taken)
        cells.append(Cell(entry=entry, row=row, end=end, column=column, full=not beside))
    width = max([len(day.rooms), 1, *(cell.column + 1 for cell in cells)])
    groups = tuple(tuple(group) for _, group in groupby(cells, key=lambda cell: cell.entry.start))
    return Grid(columns=width, groups=groups)


def strips(programme: Programme) -> tuple[tuple[Bar, ...], ...]:
    """For each day its bars; all days are drawn on one axis, from the earliest hour to the latest."""
    grids = [(day, grid(day)) for day in programme.days]
    spans = [
        (_since(day, cell.entry.start), _since(day, _finish(cell.entry)))
        for day, drawn in grids
        for group in drawn.groups
        for cell in group
    ]
    if not spans:
        return ()
    low, high = min(start for start, _ in spans), max(end for _, end in spans)
    return tuple(tuple(_bars(day, drawn, low, high - low)) for day, drawn in grids)


def _bars(day: ProgrammeDay, drawn: Grid, low: timedelta, whole: timedelta) -> Iterator[Bar]:
    lane = 100 / drawn.columns
    for cell in (cell for group in drawn.groups for cell in group):
        kind = sort_of(cell.entry)
        room = 100.0 if cell.full else lane
        height = room * {"keynote": 1.0, "talk": 0.72, "session": 0.72, "other": 0.4, "break": 0.12}[kind]
        bottom = 100.0 if cell.full else lane * (cell.column + 1)
        yield Bar(
            kind=kind,
            x=round(100 * ((_since(day, cell.entry.start) - low) / whole), 2),
            y=round(bottom - height, 2),
            width=round(100 * (length(cell.entry.start, _finish(cell.entry)) / whole), 2),
            height=round(height, 2),
        )


def _finish(entry: Entry) -> datetime:
    return entry.end or entry.start + OPEN


def _meet(one: Entry, other: Entry) -> bool:
    return one.start < _finish(other) and other.start < _finish(one)


def _steps(first: datetime | None, moment: datetime) -> int:
    return round((moment - first) / STEP) if first else 0


def _since(day: ProgrammeDay, moment: datetime) -> timedelta:
    return length(at(day.date, timedelta(), moment.tzinfo), moment)  # type: ignore[arg-type]
