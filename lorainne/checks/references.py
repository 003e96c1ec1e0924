"""References that lead nowhere: talks, speakers, posters, rooms, files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from lorainne.content.model import Record, Release
from lorainne.content.text import did_you_mean, is_web, respelt
from lorainne.content.values import ALL_POSTERS, PosterId, SpeakerId, TalkId, Target
from lorainne.diagnostics import Diagnostic, Related, Severity, Span, rule
from lorainne.programme.facts import Facts, Value, span_of

PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".svg")


def _unknown(
    facts: Facts, values: Iterable[Value], folder: str, known: Collection[str]
) -> Iterator[Diagnostic]:
    """Yield the ids that no file has; one whose file could not be read is not judged again."""
    for value in values:
        if value.text not in known and f"{folder}/{value.text}.md" not in facts.workshop.files:
            yield Diagnostic(
                message=f"there is no content/{folder}/{value.text}.md",
                span=value.span,
                help=did_you_mean(value.text, known),
                fix=respelt(value.text, known),
            )


@rule
def unknown_talk(facts: Facts) -> Iterable[Diagnostic]:
    """A talk that has no file.

    Slots refer to talks by the name of their file without its ending, so that a title is written once.

    Wrong: `talk: ada-lovelac`
    Right: `talk: ada-lovelace`, with a file `content/talks/ada-lovelace.md`
    """
    return _unknown(facts, facts.values(TalkId), "talks", {talk.id for talk in facts.workshop.talks})


@rule
def unknown_speaker(facts: Facts) -> Iterable[Diagnostic]:
    """A speaker, author or chair that has no file.

    A text of small letters and hyphens is an id; whoever needs no page is written by name.

    Wrong: `speakers: [ada-lovelac]`
    Right: `speakers: [ada-lovelace]`, or by name, `speakers: [Ada Lovelace]`
    """
    return _unknown(
        facts, facts.values(SpeakerId), "speakers", {speaker.id for speaker in facts.workshop.speakers}
    )


@rule
def unknown_poster(facts: Facts) -> Iterable[Diagnostic]:
    """A poster that has no file.

    Wrong: `posters: [ada-lovelac]`
    Right: `posters: [ada-lovelace]`, or `posters: all`
    """
    named = [value for value in facts.values(PosterId) if value.text != ALL_POSTERS]
    return _unknown(facts, named, "posters", {poster.id for poster in facts.workshop.posters})


@rule
def unknown_room(facts: Facts) -> Iterable[Diagnostic]:
    """A room that is neither among the day's rooms nor among the venue's.

    It is only checked where rooms are listed, under `rooms:` of the day or of the venue.

    Wrong: `rooms: [Amphi A]` and then `room: Amphi`
    Right: `room: Amphi A`
    """
    venue = facts.workshop.venue
    in_venue = [room.name for room in venue.rooms] if venue else []
    for day in facts.days:
        known = [*day.rooms, *in_venue]
        for slot in day.slots:
            if slot.room and known and slot.room not in known:
                yield Diagnostic(
                    message=f"there is no room “{slot.room}” on this day",
                    span=span_of(slot, "room"),
                    help=did_you_mean(slot.room, known),
                    fix=respelt(slot.room, known),
                )


@rule
def missing_file(facts: Facts) -> Iterable[Diagnostic]:
    """Slides, a photo, a logo or another file that is named but not there.

    The path is read from `content/files/` on; capitals count.

    Wrong: `slides: Talk.pdf`, and the file is `content/files/talk.pdf`
    Right: `slides: talk.pdf`
    """
    known = {name.removeprefix("files/") for name in facts.workshop.files if name.startswith("files/")}
    for value in facts.values(Target):
        name = value.text
        if not is_web(name) and name not in known:
            hint = did_you_mean(name, known) if known else "put the file there, or write a web address"
            yield Diagnostic(
                message=f"there is no file content/files/{name}",
                span=value.span,
                help=hint,
                fix=respelt(name, known),
            )


@rule
def not_a_picture(facts: Facts) -> Iterable[Diagnostic]:
    """A photo or a logo is a file of another sort.

    Wrong: `photo: ada.pdf`
    Right: `photo: ada.jpg`
    """
    for record in facts.records(Record):
        for field in ("photo", "logo", "hero"):
            name = getattr(record, field, None)
            if name and not name.lower().endswith(PICTURES) and not is_web(name):
                yield Diagnostic(
                    message=f"{name} is not a picture",
                    span=span_of(record, field),
                    help=f"name a file that ends in one of {', '.join(PICTURES)}",
                )


@rule
def scheduled_twice(facts: Facts) -> Iterable[Diagnostic]:
    """One talk stands in two slots.

    Most often one of the two was meant for another talk.

    Wrong: `talk: ada-lovelace` at 9:00 and again at 14:00
    Right: one of them; a talk in two parts has two files
    """
    first: dict[str, Span] = {}
    for day in facts.schedule.days:
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
def talk_without_slot(facts: Facts) -> Iterable[Diagnostic]:
    """The schedule is final, and a talk is not in it.

    Wrong: `status: final`, and no slot with `talk: ada-lovelace`
    Right: a slot for it, or no file `content/talks/ada-lovelace.md`
    """
    if facts.is_final:
        for talk in facts.workshop.talks:
            if talk.id not in facts.schedule.times:
                yield Diagnostic(
                    message=f"the schedule is final, and the talk `{talk.id}` is not in it",
                    span=span_of(talk, "title"),
                    help=f"give it a slot in content/schedule.yaml: {{time: 14:00-14:30, talk: {talk.id}}}",
                    severity=Severity.WARNING,
                )


@rule
def speaker_without_talk(facts: Facts) -> Iterable[Diagnostic]:
    """The schedule is final, and a speaker presents nothing and chairs nothing.

    Wrong: `status: final`, and no talk with `speakers: [ada-lovelace]`
    Right: her talk's file names her
    """
    busy = (
        facts.schedule.talks_of.keys() | facts.schedule.posters_of.keys() | facts.schedule.chaired_by.keys()
    )
    if facts.is_final:
        for speaker in facts.workshop.speakers:
            if speaker.id not in busy:
                yield Diagnostic(
                    message=f"the schedule is final, and {speaker.name} has no talk",
                    span=span_of(speaker, "name"),
                    help=f"name `{speaker.id}` under `speakers:` of the talk",
                    severity=Severity.WARNING,
                )


@rule
def release_number(facts: Facts) -> Iterable[Diagnostic]:
    """Two releases have the same number, so nobody knows which one came first.

    It happens when two people write a release at the same time. Calendars follow the releases in order.

    Wrong: `number: 2` in `content/releases/v2.yaml` and in `content/releases/final.yaml`
    Right: `number: 3` in the later one
    """
    first: dict[int, Release] = {}
    for release in facts.workshop.releases:
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
