"""References that lead nowhere: talks, speakers, posters, rooms, files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from lorainne.checks.walk import days, is_final, records, span_of, values
from lorainne.diagnostics import Diagnostic, Related, Severity, Span, rule
from lorainne.model import Record, Release, Workshop
from lorainne.programme import Programme
from lorainne.spelling import did_you_mean, respelt
from lorainne.values import ALL_POSTERS, PosterId, SpeakerId, TalkId, Target

PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".svg")


def _unknown(
    workshop: Workshop, found: Iterable[tuple[str, Span]], folder: str, known: Collection[str]
) -> Iterator[Diagnostic]:
    """Ids that no file has; one whose file could not be read is not judged again."""
    for name, span in found:
        if name not in known and f"{folder}/{name}.md" not in workshop.files:
            yield Diagnostic(
                message=f"there is no content/{folder}/{name}.md",
                span=span,
                help=did_you_mean(name, known),
                fix=respelt(name, known),
            )


@rule
def unknown_talk(workshop: Workshop, _programme: Programme) -> Iterable[Diagnostic]:
    """A talk that has no file.

    Slots refer to talks by the name of their file without its ending, so that a title is written once.

    Wrong: `talk: ada-lovelac`
    Right: `talk: ada-lovelace`, with a file `content/talks/ada-lovelace.md`
    """
    found = ((name, span) for name, span, _ in values(workshop, TalkId))
    return _unknown(workshop, found, "talks", {talk.id for talk in workshop.talks})


@rule
def unknown_speaker(workshop: Workshop, _programme: Programme) -> Iterable[Diagnostic]:
    """A speaker, author or chair that has no file.

    A text of small letters and hyphens is an id; whoever needs no page is written by name.

    Wrong: `speakers: [ada-lovelac]`
    Right: `speakers: [ada-lovelace]`, or by name, `speakers: [Ada Lovelace]`
    """
    found = ((name, span) for name, span, _ in values(workshop, SpeakerId))
    return _unknown(workshop, found, "speakers", {speaker.id for speaker in workshop.speakers})


@rule
def unknown_poster(workshop: Workshop, _programme: Programme) -> Iterable[Diagnostic]:
    """A poster that has no file.

    Wrong: `posters: [ada-lovelac]`
    Right: `posters: [ada-lovelace]`, or `posters: all`
    """
    found = ((name, span) for name, span, _ in values(workshop, PosterId) if name != ALL_POSTERS)
    return _unknown(workshop, found, "posters", {poster.id for poster in workshop.posters})


@rule
def unknown_room(workshop: Workshop, _programme: Programme) -> Iterable[Diagnostic]:
    """A room that is neither among the day's rooms nor among the venue's.

    It is only checked where rooms are listed, under `rooms:` of the day or of the venue.

    Wrong: `rooms: [Amphi A]` and then `room: Amphi`
    Right: `room: Amphi A`
    """
    venue = [room.name for room in workshop.venue.rooms] if workshop.venue else []
    for day in days(workshop):
        known = [*day.rooms, *venue]
        for slot in day.slots:
            if slot.room and known and slot.room not in known:
                yield Diagnostic(
                    message=f"there is no room “{slot.room}” on this day",
                    span=span_of(slot, "room"),
                    help=did_you_mean(slot.room, known),
                    fix=respelt(slot.room, known),
                )


@rule
def missing_file(workshop: Workshop, _programme: Programme) -> Iterable[Diagnostic]:
    """Slides, a photo, a logo or another file that is named but not there.

    The path is read from `content/files/` on; capitals count.

    Wrong: `slides: Talk.pdf`, and the file is `content/files/talk.pdf`
    Right: `slides: talk.pdf`
    """
    known = {name.removeprefix("files/") for name in workshop.files if name.startswith("files/")}
    for name, span, _ in values(workshop, Target):
        if "://" not in name and name not in known:
            hint = did_you_mean(name, known) if known else "put the file there, or write a web address"
            yield Diagnostic(
                message=f"there is no file content/files/{name}",
                span=span,
                help=hint,
                fix=respelt(name, known),
            )


@rule
def not_a_picture(workshop: Workshop, _programme: Programme) -> Iterable[Diagnostic]:
    """A photo or a logo is a file of another sort.

    Wrong: `photo: ada.pdf`
    Right: `photo: ada.jpg`
    """
    for record in records(workshop, Record):
        for field in ("photo", "logo", "hero"):
            name = getattr(record, field, None)
            if name and not name.lower().endswith(PICTURES) and "://" not in name:
                yield Diagnostic(
                    message=f"{name} is not a picture",
                    span=span_of(record, field),
                    help=f"name a file that ends in one of {', '.join(PICTURES)}",
                )


@rule
def scheduled_twice(_workshop: Workshop, programme: Programme) -> Iterable[Diagnostic]:
    """One talk stands in two slots.

    Most often one of the two was meant for another talk.

    Wrong: `talk: ada-lovelace` at 9:00 and again at 14:00
    Right: one of them; a talk in two parts has two files
    """
    first: dict[str, Span] = {}
    for day in programme.days:
        for entry in day.entries:
            named = [(entry.slot.talk, span_of(entry.slot, "talk"))] if entry.slot.talk else []
            named += [(nested.talk, span_of(nested, "talk")) for nested in entry.slot.talks]
            for talk, span in named:
                if talk in first:
                    yield Diagnostic(
                        message=f"the talk `{talk}` is in the schedule twice",
                        span=span,
                        help="take it out of one of the two slots",
                        related=(Related(message="it is here too", span=first[talk]),),
                    )
                first.setdefault(talk, span)


@rule
def talk_without_slot(workshop: Workshop, programme: Programme) -> Iterable[Diagnostic]:
    """The schedule is final, and a talk is not in it.

    Wrong: `status: final`, and no slot with `talk: ada-lovelace`
    Right: a slot for it, or no file `content/talks/ada-lovelace.md`
    """
    if is_final(workshop):
        for talk in workshop.talks:
            if talk.id not in programme.entry:
                yield Diagnostic(
                    message=f"the schedule is final, and the talk `{talk.id}` is not in it",
                    span=span_of(talk, "title"),
                    help=f"give it a slot in content/schedule.yaml: {{time: 14:00-14:30, talk: {talk.id}}}",
                    severity=Severity.WARNING,
                )


@rule
def speaker_without_talk(workshop: Workshop, programme: Programme) -> Iterable[Diagnostic]:
    """The schedule is final, and a speaker presents nothing and chairs nothing.

    Wrong: `status: final`, and no talk with `speakers: [ada-lovelace]`
    Right: her talk's file names her
    """
    busy = programme.talks_of.keys() | programme.posters_of.keys() | programme.chaired_by.keys()
    if is_final(workshop):
        for speaker in workshop.speakers:
            if speaker.id not in busy:
                yield Diagnostic(
                    message=f"the schedule is final, and {speaker.name} has no talk",
                    span=span_of(speaker, "name"),
                    help=f"name `{speaker.id}` under `speakers:` of the talk",
                    severity=Severity.WARNING,
                )


@rule
def release_number(workshop: Workshop, _programme: Programme) -> Iterable[Diagnostic]:
    """Two releases have the same number, so nobody knows which one came first.

    It happens when two people write a release at the same time. Calendars follow the releases in order.

    Wrong: `number: 2` in `content/releases/v2.yaml` and in `content/releases/final.yaml`
    Right: `number: 3` in the later one
    """
    first: dict[int, Release] = {}
    for release in workshop.releases:
        known = first.setdefault(release.number, release)
        if known is not release:
            yield Diagnostic(
                message=f"the releases `{known.id}` and `{release.id}` have the same number",
                span=span_of(release, "number"),
                help="give the later one the next number",
                related=(Related(message="the other one is here", span=span_of(known, "number")),),
            )


RULES = (
    release_number,
    unknown_talk,
    unknown_speaker,
    unknown_poster,
    unknown_room,
    missing_file,
    not_a_picture,
    scheduled_twice,
    talk_without_slot,
    speaker_without_talk,
)
