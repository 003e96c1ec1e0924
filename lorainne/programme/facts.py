"""Everything that is known of an edition before it is rendered, and the one walk over all its values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from lorainne.content.describe import Form, fields_of
from lorainne.content.model import Day, Record, Slot, Workshop
from lorainne.content.project import Project
from lorainne.content.values import Inline, Markdown, ScheduleStatus
from lorainne.diagnostics import Span
from lorainne.markup import Text, Texts
from lorainne.programme.language import Words
from lorainne.programme.routes import Routes
from lorainne.programme.schedule import Schedule

Kind = TypeVar("Kind", bound=Record)
Made = TypeVar("Made")


GetOrMake = Callable[[object, Callable[[], bytes]], bytes]
"""Gives the bytes that were made earlier for a key, or makes them; the key says all that they depend on."""


def no_cache(_key: object, make: Callable[[], bytes]) -> bytes:
    """Return what is made."""
    return make()


@dataclass(frozen=True, kw_only=True, slots=True)
class Value:
    """One text of the content, where it was written, and the record that it belongs to."""

    text: str
    span: Span
    record: Record


@dataclass(frozen=True, kw_only=True, slots=True)
class Parsed:
    """One parsed text of the content, and where it was written."""

    text: Text
    span: Span
    folder: str
    """The folder below `content/` that its links begin in."""


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Facts:
    """What outputs are planned from and rules judge; the routes are empty until they are planned."""

    project: Project
    workshop: Workshop
    schedule: Schedule
    words: Words
    texts: Texts
    get_or_make: GetOrMake = no_cache
    """For what is slow to make and never changes, such as a picture in another size."""
    routes: Routes = field(default=Routes(paths={}))
    _answers: dict[object, Any] = field(default_factory=dict, repr=False)

    def cached(self, question: object, answer: Callable[[], Made]) -> Made:
        """Return what `answer` gives; for one question it is called once."""
        if question not in self._answers:
            self._answers[question] = answer()
        made: Made = self._answers[question]
        return made

    def records(self, kind: type[Kind]) -> list[Kind]:
        """Return every record of this kind, wherever it stands."""
        groups = self.cached(Record, lambda: _by_type(self.workshop)).values()
        return [record for group in groups for record in group if isinstance(record, kind)]

    def values(self, kind: object) -> list[Value]:
        """Return every text of a type such as `SpeakerId` or `Inline`."""
        groups = self.cached(Record, lambda: _by_type(self.workshop))
        return self.cached(kind, lambda: list(_values(groups, kind)))

    def parsed(self) -> list[Parsed]:
        """Return every text of the content, parsed.

        A line such as a title is shown on many pages: its links begin in `content/`, whatever file it is in.
        """
        return self.cached(Parsed, lambda: list(self._parsed()))

    def _parsed(self) -> Iterator[Parsed]:
        for value in self.values(Inline):
            yield Parsed(text=self.texts.parse_line(value.text), span=value.span, folder="")
        for value in self.values(Markdown):
            folder = value.record.span.file.removeprefix("content/").rpartition("/")[0]
            yield Parsed(text=self.texts.parse(value.text), span=value.span, folder=folder)

    @property
    def days(self) -> tuple[Day, ...]:
        """The days of the schedule as written, none without one."""
        return self.workshop.schedule.days if self.workshop.schedule else ()

    @property
    def slots(self) -> Iterable[Slot]:
        """The slots of all days as written."""
        return (slot for day in self.days for slot in day.slots)

    @property
    def is_final(self) -> bool:
        """Whether the schedule claims to be complete."""
        schedule = self.workshop.schedule
        return schedule is not None and schedule.status == ScheduleStatus.FINAL


def span_of(record: Record, name: str, key: str = "") -> Span:
    """Return where a field's value (or one item of it) was written; the record's own place if it was not."""
    if key and (item := record.spans.get(f"{name}.{key}")):
        return item
    return record.spans.get(name) or record.span


def _by_type(root: Record) -> Mapping[Any, list[Record]]:
    """Return all records by their type, those of one depth before those inside them."""
    groups: dict[Any, list[Record]] = {}
    level = [root]
    while level:
        for record in level:
            groups.setdefault(type(record), []).append(record)
        level = [inside for record in level for inside in _inside(record)]
    return groups


def _inside(record: Record) -> Iterator[Record]:
    kind: Any = type(record)
    for described in fields_of(kind).values():
        if described.form in (Form.RECORD, Form.PERSON):
            value = getattr(record, described.name)
            items = value if described.is_list else (value,)
            yield from (item for item in items if isinstance(item, Record))


def _values(groups: Mapping[Any, list[Record]], kind: object) -> Iterator[Value]:
    for record_type, records in groups.items():
        for described in fields_of(record_type).values():
            if kind in described.kinds and described.name != "id":
                for record in records:
                    yield from _texts(record, described.name)


def _texts(record: Record, name: str) -> Iterator[Value]:
    """Yield the texts in one field of a record: alone, in a tuple or in a mapping."""
    value = getattr(record, name)
    if isinstance(value, str):
        yield Value(text=value, span=span_of(record, name), record=record)
        return
    items: Iterable[tuple[object, object]] = ()
    if isinstance(value, tuple):
        items = enumerate(value)
    elif isinstance(value, Mapping):
        items = value.items()
    for key, item in items:
        if isinstance(item, str):
            yield Value(text=item, span=span_of(record, name, f"{key}"), record=record)
