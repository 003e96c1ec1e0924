"""What changed between releases of the programme, and since: for calendars, pages, feeds and mails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from lorainne.content.model import Release, ReleasedSlot

Snapshot = Mapping[str, ReleasedSlot]
"""The slots of the programme at one time, by id."""


class ChangeKind(StrEnum):
    """What happened to a slot."""

    NEW = "new"
    CANCELLED = "cancelled"
    MOVED = "moved"
    ROOM = "room"
    RETITLED = "retitled"


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A slot before and after; one of the two is missing where it is new or cancelled."""

    before: ReleasedSlot | None
    after: ReleasedSlot | None
    kinds: tuple[ChangeKind, ...]

    @property
    def slot(self) -> ReleasedSlot:
        """The slot as it is now, or as it was last."""
        slot = self.after or self.before
        assert slot is not None
        return slot


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What a release changed; without one, what has changed since the last of them."""

    release: Release | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """The releases and what follows from them; empty where there are none."""

    steps: tuple[Step, ...]
    """In order; the first release changed nothing, and the last step is what is not released yet."""
    recent: Mapping[str, Change]
    """By slot, what changed since the release before the latest one."""
    sequence: Mapping[str, int]
    """How often a slot has changed since readers first knew of it, withdrawn slots included."""
    revised: Mapping[str, date]
    """The day of the release in which it changed last; the latest release for what is not released yet."""
    withdrawn: tuple[ReleasedSlot, ...]
    """The slots of earlier releases that are no longer in the programme, as they were last."""


def trace(releases: Iterable[Release], current: Iterable[ReleasedSlot], zone: ZoneInfo | None) -> History:
    """The history of the programme up to now; all times are local to the zone."""
    released = tuple(releases)
    if not released:
        return History(steps=(), recent={}, sequence={}, revised={}, withdrawn=())
    states = [_snapshot(items, zone) for items in (*(release.items for release in released), current)]
    sequence: dict[str, int] = {}
    revised: dict[str, date] = {}
    last: dict[str, ReleasedSlot] = {}
    dates = [*(release.date for release in released), released[-1].date]
    for day, (before, after) in zip(dates, pairwise([{}, *states]), strict=True):
        last.update(after)
        for change in differences(before, after):
            name = change.slot.id
            sequence[name] = sequence.get(name, -1) + 1
            revised[name] = day
    steps = [
        Step(release=release, changes=differences(before, after))
        for release, (before, after) in zip([*released[1:], None], pairwise(states), strict=True)
    ]
    previous = states[max(len(released) - 2, 0)]
    return History(
        steps=(Step(release=released[0], changes=()), *steps),
        recent={change.slot.id: change for change in differences(previous, states[-1])},
        sequence=sequence,
        revised=revised,
        withdrawn=_in_order(slot for name, slot in last.items() if name not in states[-1]),
    )


def differences(before: Snapshot, after: Snapshot) -> tuple[Change, ...]:
    """What differs between two times, in the order of the programme."""
    changes = {
        name: Change(before=before.get(name), after=after.get(name), kinds=kinds)
        for name in {**before, **after}
        if (kinds := _kinds(before.get(name), after.get(name)))
    }
    return tuple(changes[slot.id] for slot in _in_order(change.slot for change in changes.values()))


def _kinds(before: ReleasedSlot | None, after: ReleasedSlot | None) -> tuple[ChangeKind, ...]:
    if before is None:
        return (ChangeKind.NEW,)
    if after is None:
        return (ChangeKind.CANCELLED,)
    differ = {
        ChangeKind.MOVED: _times(before) != _times(after),
        ChangeKind.ROOM: before.room != after.room,
        ChangeKind.RETITLED: before.title != after.title,
    }
    return tuple(kind for kind, does in differ.items() if does)


def _times(slot: ReleasedSlot) -> tuple[str, str]:
    """Start and end with their offsets: an hour that comes twice is two hours."""
    return slot.start.isoformat(), slot.end.isoformat() if slot.end else ""


def _snapshot(slots: Iterable[ReleasedSlot], zone: ZoneInfo | None) -> Snapshot:
    return {
        slot.id: replace(slot, start=_local(slot.start, zone), end=slot.end and _local(slot.end, zone))
        for slot in slots
    }


def _local(moment: datetime, zone: ZoneInfo | None) -> datetime:
    """The moment in the zone to the minute, as people read it; without a zone as it was written."""
    minute = moment.replace(second=0, microsecond=0)
    return minute.astimezone(zone) if zone and minute.tzinfo else minute.replace(tzinfo=zone)


def _in_order(slots: Iterable[ReleasedSlot]) -> tuple[ReleasedSlot, ...]:
    return tuple(sorted(slots, key=lambda slot: (_instant(slot.start), slot.room, slot.id)))


def _instant(moment: datetime) -> float:
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()
