"""What the files of the made-up conference say, as records: other generators want it in other files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Any

import yaml
from conference import conference

Files = dict[str, str]
"""Texts by path."""

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, kw_only=True)
class Talk:
    id: str
    title: str
    speakers: list[str]
    keywords: list[str]
    day: str
    label: str
    """The day in words."""
    start: str
    end: str
    room: str
    abstract: str


@dataclass(frozen=True, kw_only=True)
class Speaker:
    id: str
    name: str
    affiliation: str
    homepage: str
    talks: list[str]
    biography: str


@dataclass(frozen=True, kw_only=True)
class Meeting:
    name: str
    url: str
    about: str
    talks: list[Talk]
    """In the order of the schedule."""
    speakers: list[Speaker]


def meeting(talks: int) -> Meeting:
    """The conference with so many talks."""
    files = conference(talks)
    workshop = _mapping(files["content/workshop.yaml"])
    held = list(_talks(files))
    return Meeting(
        name=workshop["name"],
        url=workshop["url"],
        about=files["content/about.md"],
        talks=held,
        speakers=list(_speakers(files, held)),
    )


def _talks(files: Files) -> Iterator[Talk]:
    for day in _mapping(files["content/schedule.yaml"])["days"]:
        held = date.fromisoformat(day["date"])
        for slot in day["slots"]:
            start, end = slot["time"].split("-")
            head, abstract = _front_matter(files[f"content/talks/{slot['talk']}.md"])
            yield Talk(
                id=slot["talk"],
                title=head["title"],
                speakers=head["speakers"],
                keywords=head["keywords"],
                day=day["date"],
                # strftime would write the names in the language of the machine
                label=f"{WEEKDAYS[held.weekday()]} {held.day} {MONTHS[held.month - 1]}",
                start=start,
                end=end,
                room=slot["room"],
                abstract=abstract,
            )


def _speakers(files: Files, talks: list[Talk]) -> Iterator[Speaker]:
    given: dict[str, list[str]] = {}
    for talk in talks:
        for speaker in talk.speakers:
            given.setdefault(speaker, []).append(talk.id)
    for path, text in files.items():
        if path.startswith("content/speakers/"):
            head, biography = _front_matter(text)
            name = PurePosixPath(path).stem
            yield Speaker(
                id=name,
                name=head["name"],
                affiliation=head["affiliation"],
                homepage=head["homepage"],
                talks=given.get(name, []),
                biography=biography,
            )


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    _, head, body = text.split("---\n", 2)
    return _mapping(head), body.lstrip()


def _mapping(text: str) -> dict[str, Any]:
    """YAML whose scalars are all texts, as lorainne reads them."""
    read: dict[str, Any] = yaml.load(text, Loader=yaml.CBaseLoader)
    return read
