"""A release of the programme: its file, what it changes, and the mail to those whom that concerns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from lorainne import decode, nodes, plan, programme, wording
from lorainne.formats.story import Story, full_address, snapshot, tell
from lorainne.history import Change
from lorainne.importers.draft import inline
from lorainne.model import ReleasedSlot
from lorainne.project import Project

_HEAD = "# Written by `lorainne release`. Readers' calendars follow the releases: leave it as it is.\n"


def path_of(name: str) -> str:
    """The path of a release's file."""
    return f"content/{decode.RELEASES}/{name}.yaml"


def story_of(project: Project) -> Story:
    """The story of content in which no error was found."""
    content = project.below("content")
    documents, _ = nodes.parse(content)
    workshop, _ = decode.decode(documents, content)
    days = programme.derive(workshop)
    planned, _ = plan.plan(project, workshop, days)
    words, _ = wording.read_words(project, workshop)
    return tell(project, workshop, days, planned, words)


def unreleased(story: Story) -> tuple[Change, ...]:
    """What has changed since the latest release; nothing where there is none."""
    return story.history.steps[-1].changes if story.history.steps else ()


def text(story: Story, note: str) -> str:
    """The file of the next release: the programme as it is now."""
    releases = story.workshop.releases
    fields = {"number": f"{releases[-1].number + 1 if releases else 1}", "date": f"{story.project.today}"}
    if note:
        fields["note"] = " ".join(note.split())
    lines = [f"{key}: {inline(value)}" for key, value in fields.items()]
    items = [f"  - {_item(slot)}" for slot in snapshot(story.slots)]
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


def sentences(story: Story, changes: Iterable[Change]) -> list[str]:
    """Each change in words."""
    return [f"{change.slot.title}: {story.words.what_changed(change)}" for change in changes]


def mail(story: Story, changes: Iterable[Change]) -> list[str]:
    """The lines of a mail to those whom the changes concern; none where nobody is named."""
    concerned = {change: _people(change) for change in changes}
    names = dict.fromkeys(name for people in concerned.values() for name in people)
    if not names:
        return []
    told = [
        f"* {change.slot.title} ({', '.join(people)}): {story.words.what_changed(change)}"
        for change, people in concerned.items()
        if people
    ]
    head = [f"To: {', '.join(names)}", f"Subject: {story.workshop.name}: {story.words['changes']}"]
    address = full_address(story, "changes.html")
    return [*head, "", *told, *(["", address] if address else [])]


def _people(change: Change) -> tuple[str, ...]:
    """Who takes part, or took part."""
    both = (slot.people for slot in (change.after, change.before) if slot)
    return tuple(dict.fromkeys(name for people in both for name in people))
