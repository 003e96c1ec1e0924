"""The kinds of single values in content: what each means, how it is written, and how its text is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum
from typing import Any, NewType
from zoneinfo import ZoneInfo

Inline = NewType("Inline", str)
Markdown = NewType("Markdown", str)
Url = NewType("Url", str)
Target = NewType("Target", str)
Email = NewType("Email", str)
Orcid = NewType("Orcid", str)
Doi = NewType("Doi", str)
Colour = NewType("Colour", str)
Language = NewType("Language", str)
Latitude = NewType("Latitude", float)
Longitude = NewType("Longitude", float)
SpeakerId = NewType("SpeakerId", str)
TalkId = NewType("TalkId", str)
PosterId = NewType("PosterId", str)
PageId = NewType("PageId", str)
NewsId = NewType("NewsId", str)
PaperId = NewType("PaperId", str)
KindId = NewType("KindId", str)

ALL_POSTERS = PosterId("all")

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class ScheduleStatus(StrEnum):
    """How far readers can rely on the times."""

    TENTATIVE = "tentative"
    FINAL = "final"


class Font(StrEnum):
    """The typefaces of a site: none of them needs a file that the theme does not have."""

    SERIF = "serif"
    SANS = "sans"
    SYSTEM = "system"


class RegistrationStatus(StrEnum):
    """Whether one can register."""

    SOON = "soon"
    OPEN = "open"
    CLOSED = "closed"


KINDS: tuple[KindId, ...] = tuple(
    map(
        KindId,
        "keynote invited contributed tutorial panel discussion lightning demo registration opening closing"
        " posters meal social".split(),
    )
)
"""The kinds of talks and slots that every workshop has; the theme's words name them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """The days of the workshop, both included."""

    first: date
    last: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """A slot's times as written, counted from midnight of its day; past 24 h it is the night after."""

    start: timedelta
    end: timedelta | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A deadline as written: without a time it is the end of that day, without a zone it is the venue's."""

    date: date
    time: time | None
    zone: tzinfo | None
    zone_name: str

    def instant(self, default: tzinfo) -> datetime:
        """The exact moment, in its own zone or else in this one."""
        last = self.time or time(23, 59, 59)
        return datetime.combine(self.date, last, self.zone or default)


class WrongWeekdayError(ValueError):
    """A date with a weekday that is not its own: as it was `written`, and the `right` one."""

    def __init__(self, day: date, written: str, meant: str) -> None:
        self.written, self.right = written, WEEKDAYS[day.weekday()]
        super().__init__(f"{long_date(day)} is a {self.right}, not a {meant}")


_DATE = re.compile(r"(?:(?P<weekday>[A-Za-z]{2,9})\.?,? +)?(?P<date>\d{4}-\d{2}-\d{2})")
_TIME = re.compile(r"(\d{1,2}):([0-5]\d)")
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?([0-5]\d))?")
_MOMENT = re.compile(r"(?P<date>.*?\d{4}-\d{2}-\d{2})(?:[ T](?P<time>\d{1,2}:\d{2}))?(?: (?P<zone>\S+))?")
_ANYWHERE_ON_EARTH = timezone(timedelta(hours=-12), "AoE")


def long_date(day: date) -> str:
    """`26 November 2024`, in English whatever the locale."""
    months = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
              "October", "November", "December")  # fmt: skip
    return f"{day.day} {months[day.month - 1]} {day.year}"


def read_date(text: str) -> date:
    """The date in `2024-11-26` or `Tue 2024-11-26`; raises ValueError, WrongWeekdayError."""
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueError
    day = date.fromisoformat(found["date"])
    if written := found["weekday"]:
        meant = [name for name in WEEKDAYS if name.lower().startswith(written.lower())]
        if len(meant) != 1:
            raise ValueError
        if meant[0] != WEEKDAYS[day.weekday()]:
            raise WrongWeekdayError(day, found.group(), meant[0])
    return day


def wrong_weekdays(text: str) -> list[WrongWeekdayError]:
    """What is wrong with the weekdays of the dates in `A to B`, each for itself."""
    found = []
    for part in text.split(" to "):
        try:
            read_date(part.strip())
        except WrongWeekdayError as error:
            found.append(error)
        except ValueError:  # no date alone, such as one with a time
            continue
    return found


def read_period(text: str) -> Period:
    """The days in `2024-11-26` or `2024-11-26 to 2024-11-27`; raises ValueError."""
    first, _, last = text.partition(" to ")
    period = Period(first=read_date(first.strip()), last=read_date((last or first).strip()))
    if period.last < period.first:
        raise ValueError("the last day comes before the first")
    return period


def read_clock(text: str) -> Clock:
    """The times in `14:00-15:00`, or `19:30` where the end is open; raises ValueError."""
    first, dash, last = re.sub(r"\s*(?:–|—|-| to )\s*", "-", text.strip()).partition("-")
    start = _since_midnight(first)
    if not dash:
        return Clock(start=start, end=None)
    end = _since_midnight(last)
    if end <= timedelta(hours=8) and start >= timedelta(hours=18):
        end += timedelta(days=1)  # over midnight
    if end <= start:
        raise ValueError("the end comes before the start")
    return Clock(start=start, end=end)


def _since_midnight(text: str) -> timedelta:
    found = _TIME.fullmatch(text)
    if not found or int(found[1]) > 30:
        raise ValueError
    return timedelta(hours=int(found[1]), minutes=int(found[2]))


def read_moment(text: str) -> Moment:
    """The deadline in `2024-11-21`, with a time or without, with a zone or without; raises ValueError."""
    found = _MOMENT.fullmatch(text)
    if not found:
        raise ValueError
    clock = _TIME.fullmatch(found["time"]) if found["time"] else None
    if found["time"] and not clock:
        raise ValueError
    name = found["zone"] or ""
    return Moment(
        date=read_date(found["date"]),
        time=time(int(clock[1]), int(clock[2])) if clock else None,
        zone=_zone(name) if name else None,
        zone_name=name,
    )


def read_datetime(text: str) -> datetime:
    """The time in `2024-11-26 14:00`, or with its zone `2024-11-26 14:00 +01:00`; raises ValueError."""
    moment = read_moment(text)
    if moment.time is None:
        raise ValueError
    if not 1970 <= moment.date.year <= 2200:
        raise ValueError("no programme is of that year")
    return datetime.combine(moment.date, moment.time, moment.zone)


def _zone(name: str) -> tzinfo:
    if name.upper() == "AOE":
        return _ANYWHERE_ON_EARTH
    if name in ("UTC", "GMT", "Z"):
        return UTC
    if found := _OFFSET.fullmatch(name):
        delta = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        return timezone(delta if found[1] == "+" else -delta)
    return read_zone(name)


def read_zone(text: str) -> ZoneInfo:
    """The time zone of a name in the IANA database; raises ValueError."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*", text):
        raise ValueError
    try:
        return ZoneInfo(text)
    except (KeyError, OSError):  # ZoneInfoNotFoundError is a KeyError; a folder's name gives an OSError
        raise ValueError from None


def read_bool(text: str) -> bool:
    """True for `yes` and `true`, False for `no` and `false`; raises ValueError."""
    return {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}[text.lower()]


def read_orcid(text: str) -> Orcid:
    """The iD without its resolver, its check digit verified (ISO 7064, MOD 11-2); raises ValueError."""
    bare = text.removeprefix("https://orcid.org/")
    if not re.fullmatch(r"(?:\d{4}-){3}\d{3}[\dX]", bare):
        raise ValueError
    total = 0
    for digit in bare.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    if "0123456789X"[(12 - total % 11) % 11] != bare[-1]:
        raise ValueError("its last digit, which checks the others, does not match")
    return Orcid(bare)


def _degrees(limit: int) -> Callable[[str], float]:
    number = _matching(r"[+-]?[0-9]{1,6}(?:\.[0-9]{1,12})?")

    def read(text: str) -> float:
        degrees = float(number(text))
        if abs(degrees) > limit:
            raise ValueError(f"it must lie between -{limit} and {limit}")
        return degrees

    return read


def _matching(pattern: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not re.fullmatch(pattern, text):  # compiled when it is wanted, and kept
            raise ValueError
        return text

    return read


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """How a value's text is read: `read` raises ValueError (KeyError) where it is not of the form."""

    read: Callable[[str], Any]
    expected: str
    example: str
    pattern: str = ""
    """The form, where a regular expression says all of it: for the schemas of editors."""


def read_doi(text: str) -> Doi:
    """The DOI without the resolver that may stand before it; raises ValueError."""
    bare = re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)", "", text)
    return Doi(_matching(r"10\.\d{4,9}/[^\s<>\"]+")(bare))


def _formed(pattern: str, expected: str, example: str) -> Reader:
    """The reader of a text that has to match a pattern, and stays as it is."""
    return Reader(read=_matching(pattern), expected=expected, example=example, pattern=pattern)


_PATH = r"(?![./\\])(?!.*(?:\.\.|\\|//))[^\s:?#<>\"|*]+"
_WEB = r"https?://[^\s<>\"\\^`{|}/?#@]+(?:[/?#][^\s<>\"\\^`{|}]*)?"

READERS: Mapping[object, Reader] = {
    str: Reader(read=str, expected="a text", example="Ada Lovelace"),
    Inline: Reader(read=str, expected="a text", example="Tensors and *their* ranks"),
    Markdown: Reader(read=str, expected="a text", example="A paragraph."),
    Url: _formed(_WEB, "a web address that begins with https://", "https://example.org/"),
    Target: _formed(
        f"{_WEB}|{_PATH}",
        "a web address, or the path of a file below content/files/",
        "slides/ada-lovelace.pdf",
    ),
    Email: _formed(
        r"[^\s@<>()\[\],;:\"]+@[^\s@<>()\[\],;:\"]+\.[A-Za-z]{2,}",
        "an e-mail address",
        "ada.lovelace@example.org",
    ),
    Orcid: Reader(read=read_orcid, expected="an ORCID iD", example="0000-0002-1825-0097"),
    Doi: Reader(read=read_doi, expected="a DOI", example="10.1000/182"),
    Colour: _formed(r"#(?:[0-9A-Fa-f]{3}){1,2}", "a colour in quotation marks", '"#1b4d8f"'),
    Language: _formed(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", "a language's tag", "fr"),
    int: Reader(
        read=lambda text: int(_matching(r"[0-9]{1,9}")(text)), expected="a whole number", example="45"
    ),
    Latitude: Reader(read=_degrees(90), expected="degrees north of the equator", example="48.6974"),
    Longitude: Reader(read=_degrees(180), expected="degrees east of Greenwich", example="6.1844"),
    bool: Reader(read=read_bool, expected="yes or no", example="yes"),
    datetime: Reader(read=read_datetime, expected="a date and a time", example="2024-11-26 14:00 +01:00"),
    date: Reader(read=read_date, expected="a date", example="2024-11-26"),
    Period: Reader(
        read=read_period, expected="a date, or a first and a last one", example="2024-11-26 to 2024-11-27"
    ),
    Clock: Reader(read=read_clock, expected="a time, or a start and an end", example="14:00-15:30"),
    Moment: Reader(
        read=read_moment, expected="a date, with time and zone if needed", example="2024-10-01 23:59 AoE"
    ),
    ZoneInfo: Reader(read=read_zone, expected="a time zone", example="Europe/Paris"),
}
"""Every type of value but ids and choices, which speak for themselves."""
