"""A small project whose texts are edited between builds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from building import clean, lorainne, small_world
from faults import put, state

CONTENT = {
    "content/workshop.yaml": "name: A workshop\ntimezone: Europe/Paris\nurl: https://example.org/days/\n",
    "content/schedule.yaml": "days:\n  - date: 2024-11-26\n    slots:\n      - {time: 09:00-10:00, talk: rank}\n"
    "      - {time: 10:00-11:00, talk: norm}\n      - {time: 11:00-12:00, title: Posters, kind: posters, posters: all}\n",
    "content/speakers/ada.md": "---\nname: Ada Lovelace\n---\nShe wrote.\n",
    "content/talks/rank.md": "---\ntitle: Rank\nspeakers: [ada]\n---\nOn rank.\n",
    "content/talks/norm.md": "---\ntitle: Norm\nspeakers: [Bob]\n---\nOn $x^2$.\n",
    "content/posters/print.md": "---\ntitle: A poster\npresenter: Bo\n---\nOn posters.\n",
    "content/papers/read.md": "---\ntitle: A paper\nauthors: [Bo]\n---\nOn papers.\n",
    "content/pages/venue.md": "---\ntitle: Venue\n---\nHere.\n",
    "content/files/a.txt": "a file",
}
RANK, NORM, ADA = "content/talks/rank.md", "content/talks/norm.md", "content/speakers/ada.md"
LOOSE = (RANK, NORM, ADA, "content/posters/print.md", "content/papers/read.md")


def begun(quick: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a small project that was built."""
    folder = small_world(quick, monkeypatch, CONTENT)
    assert lorainne("build")[0] == 0
    return folder


def reword(here: Path, name: str, body: str) -> None:
    """Give a file of content another body."""
    _, front, _ = (here / name).read_text().split("---\n", 2)
    put(here, {name: f"---\n{front}---\n{body}\n"})


def is_right(here: Path, site: str = "_site") -> bool:
    """Whether the site is what a whole build would make where nothing is known of another one."""
    return state((here / site).resolve()) == clean(here)


def both(*acts: Callable[[Path], object]) -> Callable[[Path], None]:
    def act(here: Path) -> None:
        for each in acts:
            each(here)

    return act
