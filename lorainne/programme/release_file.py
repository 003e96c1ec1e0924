"""A release of the programme: its file, what it changes, and the mail to those whom that concerns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from lorainne.content.decode import RELEASES
from lorainne.content.model import ReleasedSlot
from lorainne.content.yaml_writer import inline
from lorainne.programme.context import Context, snapshot
from lorainne.programme.releases import Change

_HEAD = "# Written by `lorainne release`. Readers' calendars follow the releases: leave it as it is.\n"


def path_of(name: str) -> str:
    """The path of a release's file."""
    return f"content/{RELEASES}/{name}.yaml"


def unreleased(context: Context) -> tuple[Change, ...]:
    """What has changed since the latest release; nothing where there is none."""
    return context.history.steps[-1].changes if context.history.steps else ()


def text(context: Context, note: str) -> str:
    """The file of the next release: the programme as it is now."""
    releases = context.workshop.releases
    fields = {"number": f"{releases[-1].number + 1 if releases else 1}", "date": f"{context.project.today}"}
    if note:
        fields["note"] = " ".join(note.split())
    lines = [f"{key}: {inline(value)}" for key, value in fields.items()]
    items = [f"  - {_item(slot)}" for slot in snapshot(context.slots)]
    return "\n".join([_HEAD + lines[0], *lines[1:], "items:", *items]) + "\n"


def _item(slot: ReleasedSlot) -> str:
    fields: dict[str, str | Sequence[str]] = {
        "id": slot.id,
        "start": _written(slot.start),
        "end": _written(slot.end) if slot.end else "",
        "room": slot.room,
        "title": slot.title,
        "people": slot.people,
    }
    return inline({key: value for key, value in fields.items() if value})


def _written(moment: datetime) -> str:
    """`2024-11-26 14:00 +01:00`, without the offset where no zone is known."""
    offset = f" {moment.isoformat()[-6:]}" if moment.tzinfo else ""
    return f"{moment:%Y-%m-%d %H:%M}{offset}"


def sentences(context: Context, changes: Iterable[Change]) -> list[str]:
    """Each change in words."""
    return [f"{change.slot.title}: {context.words.what_changed(change)}" for change in changes]


def mail(context: Context, changes: Iterable[Change]) -> list[str]:
    """The lines of a mail to those whom the changes concern; none where nobody is named."""
    concerned = {change: _people(change) for change in changes}
    names = dict.fromkeys(name for people in concerned.values() for name in people)
    if not names:
        return []
    lines = [
        f"* {change.slot.title} ({', '.join(people)}): {context.words.what_changed(change)}"
        for change, people in concerned.items()
        if people
    ]
    head = [f"To: {', '.join(names)}", f"Subject: {context.workshop.name}: {context.words['changes']}"]
    address = context.full_address("changes.html")
    return [*head, "", *lines, *(["", address] if address else [])]


def _people(change: Change) -> tuple[str, ...]:
    """Who takes part, or took part."""
    both = (slot.people for slot in (change.after, change.before) if slot)
    return tuple(dict.fromkeys(name for people in both for name in people))
