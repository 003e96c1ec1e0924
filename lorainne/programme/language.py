"""The theme's own words in the site's language, and dates and times in those words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

from lorainne.content.model import ReleasedSlot, Workshop
from lorainne.content.project import Project
from lorainne.content.text import did_you_mean, respelt
from lorainne.content.values import Period
from lorainne.content.yaml_tree import Items, Scalar, parse
from lorainne.diagnostics import Diagnostic, Severity, Span, mistake
from lorainne.programme.releases import Change, ChangeKind

_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """A language's words by their key, and its months and weekdays, January and Monday first."""

    language: str
    words: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]

    def __getitem__(self, key: str) -> str:
        return self.words[key]

    def __contains__(self, key: str) -> bool:
        return key in self.words

    if not TYPE_CHECKING:  # the code writes `words["talk"]`

        def __getattr__(self, key: str) -> str:
            """A word as templates write it, `words.talk`: found here, Jinja need not look in two places."""
            try:
                return self.words[key]
            except KeyError:
                raise AttributeError(key) from None

    def _date(self, pattern: str, day: date) -> str:
        values = {
            "weekday": self.lists["weekdays"][day.weekday()],
            "wkd": self.lists["short_weekdays"][day.weekday()],
            "day": self.words["first_day"] if day.day == 1 else str(day.day),
            "month": self.lists["months"][day.month - 1],
            "mon": self.lists["short_months"][day.month - 1],
            "year": str(day.year),
        }
        return "".join(filled(self.words[pattern], values))

    def day(self, day: date) -> str:
        """`Tuesday 26 November`."""
        return self._date("date_weekday", day)

    def short_day(self, day: date) -> str:
        """`Tue 26 Nov`."""
        return self._date("date_short", day)

    def full_date(self, day: date) -> str:
        """`26 November 2024`."""
        return self._date("date_full", day)

    def date_in(self, day: date, year: int | None) -> str:
        """`26 November`, with the year unless it is this one."""
        return self._date("date_day" if day.year == year else "date_full", day)

    def period(self, period: Period) -> str:
        """`26 and 27 November 2024`, `26–29 November 2024`, `30 November – 2 December 2024`."""
        first, last = period.first, period.last
        if first == last:
            return self._date("date_full_weekday", first)
        if (first.year, first.month) != (last.year, last.month):
            return f"{self.date_in(first, last.year)} – {self.full_date(last)}"
        dash = f" {self.words['and']} " if (last - first).days == 1 else "–"
        return f"{first.day}{dash}{self.full_date(last)}"

    def what_changed(self, change: Change) -> str:
        """What happened to a slot, without its title: `moved from Tue 26 Nov, 14:00–15:00 to …`."""
        before, after = change.before or change.slot, change.after or change.slot
        unknown = self.words["to_be_announced"]
        values: Mapping[ChangeKind, Mapping[str, str]] = {
            ChangeKind.NEW: {"time": self._place_and_time(after)},
            ChangeKind.CANCELLED: {"time": self._place_and_time(before)},
            ChangeKind.MOVED: {"before": self._time(before), "after": self._time(after)},
            ChangeKind.ROOM: {"before": before.room or unknown, "after": after.room or unknown},
            ChangeKind.RETITLED: {"before": before.title},
        }
        sentences = (filled(self.words[_SENTENCES[kind]], values[kind]) for kind in change.kinds)
        return "; ".join("".join(parts) for parts in sentences)

    def mark(self, change: Change) -> str:
        """`moved`, `new title`: what happened to a slot in a word or two."""
        return ", ".join(self.words[_MARKS[kind]] for kind in change.kinds)

    def _time(self, slot: ReleasedSlot) -> str:
        end = f"–{clock(slot.end)}" if slot.end else ""
        return f"{self.short_day(slot.start.date())}, {clock(slot.start)}{end}"

    def _place_and_time(self, slot: ReleasedSlot) -> str:
        return ", ".join(filter(None, (self._time(slot), slot.room)))


_SENTENCES = {
    ChangeKind.NEW: "told_new",
    ChangeKind.CANCELLED: "told_cancelled",
    ChangeKind.MOVED: "told_moved",
    ChangeKind.ROOM: "told_room",
    ChangeKind.RETITLED: "told_retitled",
}
"""The sentence of each kind of change."""

_MARKS = {
    ChangeKind.NEW: "mark_new",
    ChangeKind.CANCELLED: "mark_cancelled",
    ChangeKind.MOVED: "mark_moved",
    ChangeKind.ROOM: "mark_room",
    ChangeKind.RETITLED: "mark_retitled",
}
"""The short mark of each kind of change."""

T = TypeVar("T")


def filled(word: str, values: Mapping[str, T]) -> list[str | T]:
    """The parts of a word in order, each `{name}` of a known name replaced by its value.

    Unlike `str.format` it leaves everything else as it is: words may come from content, which is only text.
    """
    parts = _PLACE.split(word)
    return [
        part if place % 2 == 0 else values.get(part, f"{{{part}}}")
        for place, part in enumerate(parts)
        if part
    ]


def clock(moment: datetime) -> str:
    """`09:30`."""
    return f"{moment:%H:%M}"


def offset(moment: datetime) -> str:
    """The zone's offset at that moment, `UTC+01:00`; empty for a time without a zone."""
    return moment.isoformat()[16:] and f"UTC{moment.isoformat()[-6:].replace('-', '−')}"


@mistake
def unknown_word(span: Span, key: str, known: tuple[str, ...]) -> Diagnostic:
    """A word under `words:` that the theme does not use.

    Wrong: `words: {speaker: Confirmed speakers}`
    Right: `words: {speakers: Confirmed speakers}`
    """
    return Diagnostic(
        message=f"the theme has no word `{key}`",
        span=span,
        help=did_you_mean(key, known),
        fix=respelt(key, known),
    )


@mistake
def no_words(span: Span, language: str) -> Diagnostic:
    """The theme has no words in the site's language, and says them in English.

    Headings and dates would be English on a page that says it is not, also to screen readers.

    Wrong: `language: ar`, and no file `templates/words/ar.yaml`
    Right: a copy of the theme's `words/en.yaml` as `templates/words/ar.yaml`, translated
    """
    return Diagnostic(
        message=f"the theme has no words for the language “{language}”, and says them in English",
        span=span,
        help=f"copy the theme's templates/words/en.yaml to templates/words/{language}.yaml and translate it",
        severity=Severity.WARNING,
    )


MISTAKES = (unknown_word, no_words)


def load(project: Project, workshop: Workshop) -> tuple[Words, list[Diagnostic]]:
    """Return the words of the workshop's language, English where one is missing; the workshop's own win."""
    language = workshop.language or "en"
    names = ("templates/words/en.yaml", f"templates/words/{language.split('-')[0].lower()}.yaml")
    files = project.below("templates/words")
    documents = [*parse({name: files[name] for name in dict.fromkeys(names) if name in files})]
    problems = [problem for document in documents for problem in document.problems]
    if names[1] not in files:
        span = workshop.spans.get("language", workshop.span)
        problems.append(no_words(span, names[1].removeprefix("templates/words/").removesuffix(".yaml")))
    words: dict[str, str] = {}
    lists: dict[str, tuple[str, ...]] = {}
    for document in documents:
        for key, value in document.fields.entries if document.fields else ():
            if isinstance(value, Items):
                lists[key.text] = tuple(item.text for item in value.items if isinstance(item, Scalar))
            elif isinstance(value, Scalar):
                words[key.text] = value.text
    for name, text in workshop.words.items():
        if name in words:
            words[name] = text
        else:
            span = workshop.spans[f"words.{name}"]
            problems.append(unknown_word(span, name, tuple(words)))
    return Words(language=language, words=words, lists=lists), problems
