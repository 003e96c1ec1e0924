"""Where a day's entries stand on the page: rows by time, columns by room, and a strip that sums a day up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from lorainne.programme.schedule import DEFAULT_LENGTH, Occurrence, Schedule, ScheduleDay, at, length

ROW = timedelta(minutes=5)
"""What one row of the grid stands for."""

MAX_EMPTY_ROWS = 6
"""At most so many rows pass while nothing happens, or while one entry has the whole width to itself."""

LANE_HEIGHT = {"keynote": 1.0, "talk": 0.7, "session": 0.7, "other": 0.4, "break": 0.12}
"""How much of its lane in the strip each type of entry fills."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """An entry in its place; rows and columns count from 0. It is `full` where nothing runs beside it."""

    entry: Occurrence
    row: int
    end: int
    column: int
    full: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """A day's rooms as columns, and its cells in groups that begin together."""

    rooms: tuple[str, ...]
    groups: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """An entry as a bar of its day's strip: its type, and its box in per cent of the strip."""

    type: str
    x: float
    y: float
    width: float
    height: float


def entry_type(entry: Occurrence) -> str:
    """What an entry is to the eye: `keynote`, `talk`, `session`, `break` or `other`."""
    if entry.slot.break_:
        return "break"
    if entry.talk:
        return "keynote" if entry.kind == "keynote" else "talk"
    return "session" if entry.slot.session else "other"


def grid(day: ScheduleDay) -> Grid:
    """The day's entries in their places."""
    rooms = tuple(dict.fromkeys([*day.rooms, *(entry.room for entry in day.entries if entry.room)]))
    first = day.entries[0].start if day.entries else datetime.min
    spans = [(length(first, e.start) // ROW, length(first, _finish(e, day)) // ROW) for e in day.entries]
    spans = [(start, max(end, start + 1)) for start, end in spans]
    rows = _rows(spans)
    beside = {span: _beside(spans, *span) for span in set(spans)}
    cells = [
        Cell(
            entry=entry,
            row=rows[start],
            end=rows[end],
            column=rooms.index(entry.room) if entry.room else 0,
            full=not entry.room or beside[start, end] == 1,
        )
        for entry, (start, end) in zip(day.entries, spans, strict=True)
    ]
    groups = groupby(cells, key=lambda cell: cell.entry.start)
    return Grid(rooms=rooms, groups=tuple(tuple(group) for _, group in groups))


def _beside(spans: list[tuple[int, int]], start: int, end: int) -> int:
    """How many entries run in a stretch of time."""
    return sum(start < other[1] and other[0] < end for other in spans)


def _rows(spans: list[tuple[int, int]]) -> dict[int, int]:
    """The row of every moment at which something begins or ends: long holes and breaks take little height."""
    moments = sorted({moment for span in spans for moment in span})
    rows = dict.fromkeys(moments[:1], 0)
    for start, end in pairwise(moments):
        most = end - start if _beside(spans, start, end) > 1 else MAX_EMPTY_ROWS
        rows[end] = rows[start] + min(end - start, most)
    return rows


def strips(schedule: Schedule) -> tuple[tuple[Bar, ...], ...]:
    """For each day its bars, all days on one axis from the earliest hour to the latest."""
    spans = [
        (_since_midnight(day, entry.start), _since_midnight(day, _finish(entry, day)))
        for day in schedule.days
        for entry in day.entries
    ]
    low = min((start for start, _ in spans), default=timedelta())
    high = max((end for _, end in spans), default=low)
    return tuple(tuple(_bars(day, low, high - low)) for day in schedule.days)


def _bars(day: ScheduleDay, low: timedelta, whole: timedelta) -> Iterator[Bar]:
    drawn = grid(day)
    for cell in (cell for group in drawn.groups for cell in group):
        kind = entry_type(cell.entry)
        lane = 100 if cell.full else 100 / len(drawn.rooms)
        height = lane * LANE_HEIGHT[kind]
        start, end = cell.entry.start, _finish(cell.entry, day)
        yield Bar(
            type=kind,
            x=round(100 * ((_since_midnight(day, start) - low) / whole), 2),
            y=round((100 if cell.full else lane * (cell.column + 1)) - height, 2),
            width=round(100 * (length(start, end) / whole), 2),
            height=round(height, 2),
        )


def _finish(entry: Occurrence, day: ScheduleDay) -> datetime:
    """The end, or for an open one when the next entry begins or half an hour has passed."""
    after = (other.start for other in day.entries if other.start > entry.start)
    return entry.end or min([entry.start + DEFAULT_LENGTH, *after])


def _since_midnight(day: ScheduleDay, moment: datetime) -> timedelta:
    return length(at(day.date, timedelta(), None).replace(tzinfo=moment.tzinfo), moment)
