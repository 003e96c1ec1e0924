"""Dates and times as people write them, in English and in French."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lorainne.content.text import fold

_MONTHS = (
    ("january", "janvier"), ("february", "fevrier"), ("march", "mars"), ("april", "avril"), ("may", "mai"),
    ("june", "juin"), ("july", "juillet"), ("august", "aout"), ("september", "septembre"),
    ("october", "octobre"), ("november", "novembre"), ("december", "decembre"),
)  # fmt: skip
_WEEKDAYS = (
    ("monday", "lundi"), ("tuesday", "mardi"), ("wednesday", "mercredi"), ("thursday", "jeudi"),
    ("friday", "vendredi"), ("saturday", "samedi"), ("sunday", "dimanche"),
)  # fmt: skip

_MONTH = (
    r"(?P<month>(?:jan|feb|f[ée]v|mar|apr|avr|may|mai|jun|juin|jul|juil|aug|ao[uû]|sep|oct|nov|d[ée]c)"
    r"[a-zéû]*\.?)"
)
_WEEKDAY = (
    r"(?:\b(?P<weekday>(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|jeu|ven|sam|dim)[a-z]*\.?)"
    r",?\s+(?:the\s+)?)?"
)
_DAY = r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|er)?(?![\d:h])"
_AND = r"\s*(?:-|–|—|&|,|and|to|et|au|until)\s*"
_YEAR = r"(?:,?\s+(?P<year>(?:19|20)\d\d))?"

_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        rf"{_WEEKDAY}(?<!\d)(?P<year>(?:19|20)\d\d)-(?P<number>\d\d)-(?P<day>\d\d)(?!\d)",
        rf"{_WEEKDAY}{_DAY}\s+(?:of\s+)?{_MONTH}{_YEAR}",
        rf"{_WEEKDAY}\b{_MONTH}\s+{_DAY}{_YEAR}",
        rf"{_WEEKDAY}(?<!\d)(?P<day>\d{{1,2}})/(?P<number>\d{{1,2}})(?:/(?P<year>(?:19|20)\d\d))?(?![\d/])",
    )
)
_FIRST_OF_TWO = re.compile(rf"{_DAY}(?:{_AND}\d{{1,2}}(?:st|nd|rd|th|er)?)*{_AND}$", re.IGNORECASE)
_SECOND_OF_TWO = re.compile(rf"{_AND}{_DAY}(?:,?\s+(?P<year>(?:19|20)\d\d))?", re.IGNORECASE)

_TIME = r"(\d{1,2})(?:\s*(?:[:.]|[hH])\s*([0-5]\d)?)?\s*([ap]\.?m\.?)?"
_TIMES = re.compile(
    rf"(?:from\s+|dès\s+|à partir de\s+)?{_TIME}(?:\s*(?:-|–|—|to|à|until)\s*{_TIME})?\s*(?:-|–|—)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A day of the year in a text, the year when it is written, and the weekday that was written with it."""

    day: int
    month: int
    year: int | None
    weekday: int | None
    start: int
    end: int

    def on(self, year: int | None) -> date | None:
        """The date, in this year unless it says one; None where there is no such day."""
        try:
            return date(self.year or year or 0, self.month, self.day)
        except ValueError:
            return None


def _number(word: str, names: tuple[tuple[str, ...], ...]) -> int | None:
    """The place of a name that begins with this word, unless two do."""
    start = fold(word).rstrip(".")
    start = "sep" if start == "sept" else start
    found = [place for place, group in enumerate(names) if any(name.startswith(start) for name in group)]
    return found[0] if len(found) == 1 else None


def days_in(text: str) -> Iterator[Found]:
    """The days that a text names, in the order of the text."""
    found = [day for shape in _SHAPES for match in shape.finditer(text) if (day := _found(match))]
    end = -1
    for day in sorted(found, key=lambda each: (each.start, -each.end)):
        if day.start >= end:
            yield day
            end = day.end


def _found(match: re.Match[str]) -> Found | None:
    groups = match.groupdict()
    month = int(groups["number"]) - 1 if groups.get("number") else _number(groups["month"], _MONTHS)
    if month is None or not 0 <= month < 12:
        return None
    weekday = _number(groups["weekday"], _WEEKDAYS) if groups.get("weekday") else None
    year = groups.get("year")
    return Found(
        day=int(groups["day"]),
        month=month + 1,
        year=int(year) if year else None,
        weekday=weekday,
        start=match.start(),
        end=match.end(),
    )


def period_in(text: str, year: int | None = None) -> tuple[date, date] | None:
    """The first and last day of `26 and 27 November, 2024`, `November 26-27, 2024`, `30 Nov – 2 Dec 2024`."""
    days = list(days_in(text))
    if not days:
        return None
    first, last = days[0], days[min(1, len(days) - 1)]
    year = last.year or first.year or year
    start, end = first.on(first.year or year), last.on(year)
    if len(days) == 1 and (before := _FIRST_OF_TWO.search(text[: first.start])):
        start = Found(day=int(before["day"]), month=last.month, year=year, weekday=None, start=0, end=0).on(
            year
        )
    elif len(days) == 1 and (after := _SECOND_OF_TWO.match(text, first.end)):
        year = int(after["year"]) if after["year"] else year
        end = Found(day=int(after["day"]), month=last.month, year=year, weekday=None, start=0, end=0).on(year)
        start = first.on(year)
    return (start, end) if start and end and start <= end else None


def says_only_dates(text: str) -> bool:
    """Whether a text holds nothing but days and the words between them."""
    between = r"and|to|et|au|du|from|the|le|until|of|st|nd|rd|th|er"
    words = re.findall(r"[^\W\d_]{2,}", fold(text))
    return all(
        re.fullmatch(between, word)
        or _number(word, _MONTHS) is not None
        or _number(word, _WEEKDAYS) is not None
        for word in words
    )


def times_in(text: str) -> str:
    """`13:15-13:45` for a cell that holds nothing but times, such as `13h15 – 13h45`; else empty."""
    found = _TIMES.fullmatch(text.strip())
    if not found or not re.search(r"[:hH.]|[ap]\.?m", text):
        return ""
    afternoon = (found[6] or found[3] or "").lower()
    start = _clock(found[1], found[2], (found[3] or afternoon).lower())
    if not found[4]:
        return start
    end = _clock(found[4], found[5], afternoon)
    if start and end and start >= end and afternoon and not found[3]:
        start = _clock(found[1], found[2], "am")
    return f"{start}-{end}" if start and end else ""


def _clock(hours: str, minutes: str | None, half: str) -> str:
    hour = int(hours) % 12 + (12 if half.startswith("p") else 0) if half else int(hours)
    return f"{hour:02}:{minutes or '00'}" if hour <= 24 else ""
