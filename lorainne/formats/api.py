"""Everything as data: api/workshop.json, and beside it the JSON Schema that says what it means.

Both follow the records of the model: a field there is a property here. Times are exact, texts are plain,
and paths are below the site.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache, partial
from typing import Any, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from lorainne.bodies import text
from lorainne.diagnostics import Diagnostic
from lorainne.formats.api_schema import VERSION, schema, told
from lorainne.formats.pieces import dumped
from lorainne.formats.story import Story, TimedSlot, line, outputs, page_of, words_of
from lorainne.model import Paper, Person, PersonRef, Poster, Record, Speaker, Talk
from lorainne.plan import PLACES, address
from lorainne.programme import Credit, ProgrammeDay, credit
from lorainne.values import Inline, Markdown, Moment, Period, SpeakerId, Target

Tree = dict[str, Any]


def render(story: Story) -> tuple[dict[str, Callable[[], Iterator[str]]], list[Diagnostic]]:
    """How the file and its schema are made."""
    trees: dict[str, Callable[[], Tree]] = {
        "api/workshop.json": partial(_workshop, story),
        "api/workshop.schema.json": schema,
    }
    return {output.path: partial(_json, trees[output.path]) for output in outputs(story, "api")}, []


def _json(tree: Callable[[], Tree]) -> Iterator[str]:
    yield from dumped(tree(), 2)
    yield "\n"


def _workshop(story: Story) -> Tree:
    schedule = story.workshop.schedule
    slots: dict[date, list[Tree]] = {}
    for slot in story.slots:
        slots.setdefault(slot.entry.day, []).append(_slot(slot))
    return {
        "$schema": "workshop.schema.json",
        "version": VERSION,
        "edition": story.edition,
        **_record(story, story.workshop),
        **_known(
            schedule_status=schedule.status if schedule else None,
            days=[_day(day, slots.get(day.date, [])) for day in story.programme.days],
        ),
    }


def _known(**fields: Any) -> Tree:
    """The properties that there is something to say of."""
    return {name.rstrip("_"): value for name, value in fields.items() if value not in (None, "", [], ())}


def _day(day: ProgrammeDay, slots: list[Tree]) -> Tree:
    about = _known(title=line(day.title), rooms=list(day.rooms))
    return {"number": day.number, "date": f"{day.date}", **about, "slots": slots}


def _slot(slot: TimedSlot) -> Tree:
    entry = slot.entry
    return _known(
        id=slot.id,
        start=entry.start.isoformat(),
        end=entry.end.isoformat() if entry.end else None,
        title=slot.title,
        room=entry.room,
        kind=entry.kind,
        break_=bool(entry.slot.break_) or None,
        session=slot.session,
        talk=entry.talk.id if entry.talk else None,
        talks=[each.talk.id for each in entry.talks if each.talk],
        posters=[poster.id for poster in entry.posters],
        chair=[_person(who) for who in entry.chair],
        note=slot.note,
    )


def _person(who: Credit) -> Tree:
    return _known(
        name=who.name,
        affiliation=list(who.affiliation),
        homepage=who.homepage,
        orcid=who.orcid,
        email=who.email,
        role=line(who.role),
        speaker=who.speaker,
    )


def _record(story: Story, record: Record) -> Tree:
    """A record with every field that is known."""
    known = _plain(story, record)
    found = {
        name: known[name] if name in known else _value(story, hint, getattr(record, name))
        for name, hint in told(type(record)).items()
    }
    if type(record) in PLACES:
        found["page"] = address(PLACES[type(record)][0], getattr(record, "id", ""))
    return _known(**found)


def _plain(story: Story, record: Record) -> Tree:
    """The texts that are told already: there are too many to read them again."""
    if isinstance(record, Speaker):
        return {"biography": words_of(story.bodies, record)}
    if isinstance(record, Paper):
        return {"abstract": words_of(story.bodies, record)}
    if not isinstance(record, Talk | Poster):
        return {}
    work = story.works[page_of(record)]
    title = work.title if record.title else None
    return {"title": title, "abstract": work.abstract, "keywords": list(work.keywords)}


def _value(story: Story, hint: Any, value: Any) -> Any:
    """A value as JSON has it; `hint` is its field's type, which tells a Markdown text from a name."""
    if isinstance(value, str):
        return _text(story, _kind(hint), value)
    if isinstance(value, tuple):
        made = map(partial(_value, story, get_args(hint)[0]), value)
        # Talks and their like are made when they are written: there may be thousands.
        return made if value and type(value[0]) in PLACES else [*made]
    if isinstance(value, Person):
        return _person(credit(value, story.programme.speaker))
    if isinstance(value, Record):
        return _record(story, value)
    if isinstance(value, Moment):
        return _known(date=f"{value.date}", time=f"{value.time or ''}"[:5], zone=value.zone_name)
    if isinstance(value, Period):
        return {"first": f"{value.first}", "last": f"{value.last}"}
    if isinstance(value, ZoneInfo):
        return value.key
    return f"{value}" if isinstance(value, date) else value


def _text(story: Story, kind: Any, value: str) -> Any:
    if kind is PersonRef:
        return _person(credit(SpeakerId(value), story.programme.speaker))
    if kind is Inline:
        return line(value)
    if kind is Markdown:
        return text(value)
    return f"files/{value}" if kind is Target and not urlsplit(value).scheme else value


@cache
def _kind(hint: Any) -> Any:
    """The kind of text that a field of this type holds."""
    kinds = {hint, *get_args(hint)}
    return PersonRef if Person in kinds else next((k for k in (Inline, Markdown, Target) if k in kinds), str)
